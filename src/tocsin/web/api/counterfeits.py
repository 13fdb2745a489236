"""Counterfeit notices, and the code by which a message is known to be ours (DESIGN R13).

A notice goes out by one request and without a preview: a false warning runs while one is looked at.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core import notice_commands as nc
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.notices import Counterfeit
from tocsin.core.plainwords import says_something
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.told import CounterfeitBody, RefutedBody, counterfeit_body
from tocsin.projections.told import speaker_key
from tocsin.web.api import alerts, asks, infraasks, ledgerasks
from tocsin.web.api.area import area_of
from tocsin.web.api.ledgerasks import Short, Texts
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, House, NoQuery
from tocsin.web.ours import VerifyBody, verified
from tocsin.web.seen import board_of

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}


class CounterfeitsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which notices; nothing: the false warnings that are about."""

    region: Annotated[
        Short | None, Meta(description="Geocode or alias: in it, or over it.")
    ] = None  # fmt: skip
    history: Annotated[
        int, Meta(ge=0, le=1, description="Those that are no longer about as well.")
    ] = 0  # fmt: skip


class CounterfeitsBody(Struct, frozen=True, kw_only=True):
    """False warnings, the latest first."""

    counterfeits: list[CounterfeitBody]


class VerifyQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The code of a message, as it was typed."""

    code: Annotated[str, Meta(max_length=40, description="Eight letters and digits.")]
    handle: Annotated[
        Short | None, Meta(description="The message's short name, if it says one.")
    ] = None  # fmt: skip


# -- false warnings ------------------------------------------------------------------------------


async def counterfeits(ask: Ask) -> Answer | Refusal:
    """Return the false warnings that are about."""
    query: CounterfeitsQuery = ask.query
    service = ask.house.service
    tree = service.world.tree
    code = tree.find(query.region) if query.region is not None else tree.root
    if code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    here = tree.mask((code,))
    found = [
        each for each in service.state.notices.counterfeits.values()
        if (query.history or each.ended_at is None) and tree.extent(each.area).touched & here
    ]  # fmt: skip
    found.sort(key=lambda each: (each.ended_at is None, each.at, each.id), reverse=True)
    body = CounterfeitsBody(counterfeits=[told_body(ask.house, each) for each in found])
    return Answer(body, headers=NO_STORE)


async def tell(ask: Ask) -> Answer | Refusal:
    """Tell people at once that a warning which is about is false."""
    body: infraasks.CounterfeitAsk = ask.body
    world = ask.house.service.world
    texts: Texts = {}
    area = await area_of(ask.house.places, body.area)
    if isinstance(area, Refusal):
        return area
    words = ledgerasks.words(world, body.text, "/text", texts)
    if isinstance(words, Refusal):
        return words
    command = nc.TellCounterfeit(
        area=area, words=words,
        languages=tuple(language for language, told in body.text.items() if says_something(told)),
        sentences=tuple(body.text.values()), refutes=body.refutes,
    )  # fmt: skip
    return await _done(ask, command, texts, status=201)


async def end(ask: Ask) -> Answer | Refusal:
    """Say that a false warning is no longer about."""
    name = ask.path["id"]
    known = ask.house.service.state.notices.counterfeits.values()
    name = next((each.id for each in known if name in (each.id, each.handle)), name)
    return await _done(ask, nc.EndCounterfeit(notice_id=name), {}, of=name)


def told_body(house: House, notice: Counterfeit) -> CounterfeitBody:
    """Return a notice as people read it, with what it refutes if they may see that."""
    return counterfeit_body(
        notice, house.service.text(notice.words), refutes=_refuted(house, notice)
    )


def _refuted(house: House, notice: Counterfeit) -> RefutedBody | None:
    board = board_of(house)
    claim = board.claim(notice.refutes)
    if claim is None:
        return None
    own = next((told for told in board.incidents if claim in told.claims), None)
    key = speaker_key(claim.saying.voice, claim.saying.outlet)
    return RefutedBody(speaker=key, incident=own.id if own is not None else None)


async def _done(
    ask: Ask, command: nc.NoticeCommand, texts: Texts, *, of: str = "", status: int = 200
) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant, texts=texts)
    if isinstance(outcome, Refusal):
        if of and outcome.field.startswith("/area"):
            return replace(outcome, field="/id")
        return outcome
    held = service.state.notices.counterfeits[of or outcome.alert_id or ""]
    return Answer(told_body(ask.house, held), status, headers=NO_STORE)


# -- is this message ours? -----------------------------------------------------------------------


async def verify(ask: Ask) -> Answer | Refusal:
    """Say whether we sent a message with this code."""
    query: VerifyQuery = ask.query
    found = await verified(ask, query.code, query.handle)
    return found if isinstance(found, Refusal) else Answer(found, headers=NO_STORE)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/counterfeits", name="list-counterfeits",
        summary="Return the false warnings that are about",
        permission=Permission.PUBLIC, query=CounterfeitsQuery, response=CounterfeitsBody,
        handler=counterfeits, past=True, refusals=(Rule.UNKNOWN_REGION,), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/counterfeits", name="tell-counterfeit",
        summary="Tell people at once that a warning which is about is false",
        description="One request, no preview, in every language. It goes out as a stream notice.",
        permission=Permission.SITUATION, roomed=True, request=infraasks.CounterfeitAsk,
        query=NoQuery, response=CounterfeitBody, status=201, handler=tell,
        refusals=tuple(dict.fromkeys((
            Rule.TEXT_MISSING, Rule.UNKNOWN_CLAIM, Rule.WRONG_ROOM, Rule.CONTROL_CHARACTER,
            Rule.READS_AS_ALL_CLEAR, Rule.NOT_ALLOWED, Rule.TOO_MANY_REQUESTS,
            *alerts.WHERE, *alerts.KEYED,
        ))),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/counterfeits/{{id}}/end", name="end-counterfeit",
        summary="Say that a false warning is no longer about: by id or handle",
        permission=Permission.SITUATION, roomed=True, request=asks.NothingAsk, query=NoQuery,
        response=CounterfeitBody, handler=end,
        refusals=(Rule.UNKNOWN_NOTICE, Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/verify", name="verify-code",
        summary="Say whether we sent a message with this code",
        description=(
            "A code proves that we sent the message; no code never proves that there is no danger. "
            "Known are alerts in force and those that ended within 72 hours."
        ),
        permission=Permission.PUBLIC, query=VerifyQuery, response=VerifyBody, handler=verify,
        refusals=(Rule.TOO_MANY_REQUESTS, Rule.NOT_ACCEPTED), headers=NO_STORE,
    ),
)  # fmt: skip
