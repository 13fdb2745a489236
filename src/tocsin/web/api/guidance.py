"""Guidance: what people in an area must avoid or do, public at once (RELIABILITY P26)."""

from __future__ import annotations

from dataclasses import replace

from msgspec import Struct

from tocsin.core import ledger_commands as lc
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.incidents import Guidance
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.formats.api import GuidanceBody, guidance_body
from tocsin.web.api import alerts, asks, incidents, ledgerasks
from tocsin.web.api.area import area_of
from tocsin.web.api.ledgerasks import Texts
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}


class GuidanceList(Struct, frozen=True, kw_only=True):
    """Guidance that holds, the latest first."""

    guidance: list[GuidanceBody]


async def guidance(ask: Ask) -> Answer:
    """Return the guidance that holds."""
    held, now = ask.house.service.ledger.guidance.values(), ask.house.service.clock.now()
    open_ = sorted((g for g in held if g.holds(now)), key=lambda g: g.id, reverse=True)
    return Answer(GuidanceList(guidance=[_body(ask, each) for each in open_]), headers=NO_STORE)


async def give(ask: Ask) -> Answer | Refusal:
    """Tell people in an area at once what to avoid or do."""
    body: ledgerasks.GuidanceAsk = ask.body
    texts: Texts = {}
    area = await area_of(ask.house.places, body.area)
    words = ledgerasks.words(ask.house.service.world, body.text, "/text", texts)
    if isinstance(area, Refusal):
        return area
    if isinstance(words, Refusal):
        return words
    if not ask.house.service.world.tree.extent(area).touched:
        return Refusal(Rule.EMPTY_AREA, "/area", "Nothing is left of it once all is excluded.")
    command = lc.GiveGuidance(
        area=area,
        words=words,
        languages=tuple(language for language, told in body.text.items() if told.strip()),
        incident_id=incidents.id_of(ask, body.incident),
        about=body.about,
        until=body.until,
    )
    return await _done(ask, command, texts, status=201)


async def end(ask: Ask) -> Answer | Refusal:
    """Say that a guidance no longer holds."""
    return await _done(ask, lc.EndGuidance(guidance_id=ask.path["id"]), {}, of=ask.path["id"])


async def _done(
    ask: Ask, command: lc.LedgerCommand, texts: Texts, *, of: str = "", status: int = 200
) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant, texts=texts)
    if isinstance(outcome, Refusal):  # the core calls the sentences words
        return replace(outcome, field=outcome.field.replace("/words", "/text"))
    held = service.ledger.guidance[of or outcome.alert_id or ""]
    return Answer(_body(ask, held), status, headers=NO_STORE)


def _body(ask: Ask, held: Guidance) -> GuidanceBody:
    return guidance_body(held, ask.house.service.text(held.words))


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/guidance", name="list-guidance",
        summary="Return what people must avoid or do, where it still holds",
        permission=Permission.PUBLIC, query=NoQuery, response=GuidanceList, handler=guidance,
        past=True,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/guidance", name="give-guidance",
        summary="Tell people in an area at once what to avoid or do",
        description="Much larger than a site and not centred on it; in every language.",
        permission=Permission.SITUATION, roomed=True, request=ledgerasks.GuidanceAsk, query=NoQuery,
        response=shapes.GuidanceBody, status=201, handler=give,
        refusals=tuple(dict.fromkeys((
            Rule.AREA_TOO_EXACT, Rule.UNKNOWN_INCIDENT, Rule.TEXT_MISSING, Rule.WRONG_ROOM,
            Rule.CONTROL_CHARACTER, Rule.DEADLINE_PAST, *alerts.WHERE, *alerts.KEYED,
        ))),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/guidance/{{id}}/end", name="end-guidance",
        summary="Say that a guidance no longer holds",
        permission=Permission.SITUATION, roomed=True, request=asks.NothingAsk, query=NoQuery,
        response=shapes.GuidanceBody, handler=end,
        refusals=(Rule.UNKNOWN_GUIDANCE, Rule.WRONG_ROOM, *alerts.KEYED),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
)  # fmt: skip
