"""Waves: many alerts and incidents of one attack; made by officers, read by all.

A wave is an incident of kind ``wave``: its claims, embargo and announcement are asked for at
``/incidents/{id}``. Here is what only a wave has: which alerts and incidents belong to it.
"""

from __future__ import annotations

from itertools import chain
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.checks.text import prose_refusal
from tocsin.core import ledger_commands as lc
from tocsin.core import waves as core
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.incidents import Incident
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.formats import ledger as bodies
from tocsin.formats import waves as waves_
from tocsin.service.submit import Service
from tocsin.web.api import alerts, incidents, ledgerasks
from tocsin.web.api.asks import Reason
from tocsin.web.api.dated import dated
from tocsin.web.api.ledgerasks import Kebab, Sentences, Short, Texts, WhenAsk, WhereAsk
from tocsin.web.api.ledgerbodies import embargo_body, incident_of, words_of
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, House, NoQuery
from tocsin.web.seen import slots
from tocsin.web.seen_waves import alert_bodies_of, public_wave, wave_rows

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
Names = Annotated[
    list[Short], Meta(max_length=2000, description="By id or handle; of a closed alert its id.")
]


class OpenWaveAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open a wave with what belongs to it: all of it, or nothing."""

    when: WhenAsk
    where: Annotated[WhereAsk | None, Meta(description="Left out: the whole country.")] = None
    title: Sentences = {}
    alerts: Names = []
    incidents: Names = []
    site: Annotated[Kebab, Meta(description="How long it waits before people are told.")] = (
        "civilian"
    )


class JoinWaveAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Put alerts and incidents to a wave, or take them out of it: all of it, or nothing."""

    reason: Reason
    alerts: Names = []
    incidents: Names = []
    leave_alerts: Names = []
    leave_incidents: Names = []


# -- people --------------------------------------------------------------------------------------


async def told_waves(ask: Ask) -> Response:
    """Return the waves that people may know of."""
    as_of, next_at = slots(ask.house)
    body = waves_.WavesBody(as_of=as_of, next_at=next_at, waves=wave_rows(ask.house))
    return dated(ask, shapes.encode(body))


async def told_wave(ask: Ask) -> Response | Refusal:
    """Return one wave as people may know it."""
    body = public_wave(ask.house, ask.path["id"])
    if body is None:
        return Refusal(Rule.UNKNOWN_WAVE, "/id", "No wave of that id is known here.")
    return dated(ask, shapes.encode(body))


# -- the desk ------------------------------------------------------------------------------------


async def waves(ask: Ask) -> Answer:
    """Return the waves, and what looks like one."""
    service = ask.house.service
    ledger = service.ledger
    rows = [
        waves_.DeskWaveRow(
            id=each.id, handle=each.handle, title=dict(words_of(service)(each.title)),
            where=bodies.desk_where_body(each.where), when=bodies.when_body(each.when),
            is_open=each.is_open, stage=each.stage, due=embargo_body(service, each).due,
            alerts=len(core.alerts_of(ledger, each.id)),
            incidents=len(core.incidents_of(ledger, each.id)),
            tallies=bodies.tally_bodies(ledger.claims_of(each.id), str),
        )
        for each in core.waves(ledger)
    ]  # fmt: skip
    body = waves_.DeskWavesBody(waves=rows, suggested=suggested(service))
    return Answer(body, headers=NO_STORE)


def suggested(service: Service) -> list[waves_.SuggestedBody]:
    """Return what looks like a wave among the alerts of the last day, and is in none yet."""
    world, state, ledger = service.world, service.state, service.ledger
    known = {each.id: each for each in chain(state.in_force(), state.ended.values())}
    found = []
    for group in core.suggest(world.tree, known.values(), world.publication.hazards):
        waves_of = {each: core.wave_of(ledger, each) for each in group.alerts}
        free = [known[each] for each, wave in waves_of.items() if wave is None]
        if not free:
            continue
        found.append(
            waves_.SuggestedBody(
                start=group.start, end=group.end, regions=list(group.regions),
                alerts=waves_.alert_bodies(world.tree, free),
                wave=next((each for each in waves_of.values() if each is not None), None),
            )
        )  # fmt: skip
    return found


async def wave(ask: Ask) -> Answer | Refusal:
    """Return one wave, by id or handle."""
    found = _named(ask)
    return found if isinstance(found, Refusal) else _answer(ask, found)


async def open_(ask: Ask) -> Answer | Refusal:
    """Open a wave."""
    body: OpenWaveAsk = ask.body
    world, texts = ask.house.service.world, Texts()
    place = ledgerasks.where(
        world, body.where or WhereAsk(geocode=world.tree.root), "/where"
    )  # fmt: skip
    time = ledgerasks.when(body.when, "/when")
    title = ledgerasks.words(world, body.title, "/title", texts)
    if isinstance(place, Refusal):
        return place
    if isinstance(time, Refusal):
        return time
    if isinstance(title, Refusal):
        return title
    command = lc.OpenWave(
        where=place, when=time, title=title, alerts=_alert_ids(ask, body.alerts),
        incidents=_incident_ids(ask, body.incidents), site=body.site,
    )  # fmt: skip
    return await _done(ask, command, texts, status=201)


async def join(ask: Ask) -> Answer | Refusal:
    """Put alerts and incidents to a wave, or take them out of it."""
    body: JoinWaveAsk = ask.body
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    command = lc.JoinWave(
        wave_id=found.id, reason=body.reason, alerts=_alert_ids(ask, body.alerts),
        incidents=_incident_ids(ask, body.incidents),
        leave_alerts=_alert_ids(ask, body.leave_alerts),
        leave_incidents=_incident_ids(ask, body.leave_incidents),
    )  # fmt: skip
    return await _done(ask, command, {}, of=found.id)


async def _done(
    ask: Ask, command: lc.LedgerCommand, texts: Texts, *, of: str = "", status: int = 200
) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant, texts=texts)
    if isinstance(outcome, Refusal):
        return outcome
    return _answer(ask, service.ledger.incidents[of or outcome.alert_id or ""], status)


def _named(ask: Ask) -> Incident | Refusal:
    service = ask.house.service
    found = incident_of(service, ask.path["id"])
    root = service.ledger.incidents[service.ledger.root(found.id)] if found is not None else None
    if root is None or not core.is_wave(root):
        return Refusal(Rule.UNKNOWN_WAVE, "/id", "No wave of that name is known here.")
    return root


def _answer(ask: Ask, found: Incident, status: int = 200) -> Answer:
    return Answer(wave_body(ask.house, found), status, headers=NO_STORE)


def wave_body(house: House, found: Incident) -> waves_.DeskWaveBody:
    """Return a wave as the desk knows it."""
    service = house.service
    ledger, words = service.ledger, words_of(service)
    claims, direct = ledger.claims_of(found.id), ledger.parts().get(found.id, ())
    local = core.local(service.world.tree, ledger, found.id, ledger.claims.values(), bodies.TALLIED)
    parts = [ledger.incidents[each] for each in core.incidents_of(ledger, found.id)]
    return waves_.DeskWaveBody(
        id=found.id, handle=found.handle, title=dict(words(found.title)),
        where=bodies.desk_where_body(found.where), when=bodies.when_body(found.when),
        is_open=found.is_open, stage=found.stage, due=embargo_body(service, found).due,
        public_id=found.public_id, opened_at=found.opened_at, opened_by=found.opened_by,
        alerts=alert_bodies_of(house, core.alerts_of(ledger, found.id)),
        incidents=[
            waves_.WavePartRow(
                id=each.id, handle=each.handle, kind=each.kind, title=dict(words(each.title)),
                where=bodies.desk_where_body(each.where), when=bodies.when_body(each.when),
                stage=each.stage, is_direct=each.id in direct,
                tallies=bodies.tally_bodies(ledger.claims_of(each.id), str),
            )
            for each in parts
        ],
        tallies=bodies.tally_bodies(claims, str), casualties=bodies.casualties_body(claims),
        local=waves_.local_bodies(local),
    )  # fmt: skip


# -- both ----------------------------------------------------------------------------------------


def _alert_ids(ask: Ask, names: list[str]) -> tuple[str, ...]:
    """Return alerts' ids; a name that is none is left for the rules to refuse."""
    return tuple(ask.house.service.resolve(each) or each for each in names)


def _incident_ids(ask: Ask, names: list[str]) -> tuple[str, ...]:
    return tuple(incidents.id_of(ask, each) or each for each in names)


PUBLIC, SITUATION = Permission.PUBLIC, Permission.SITUATION
OF_WAVE = tuple(dict.fromkeys((
    Rule.UNKNOWN_WAVE, Rule.WAVE_OVERLAP, Rule.UNKNOWN_ALERT, Rule.UNKNOWN_INCIDENT,
    Rule.LINK_LOOP, Rule.REASON_MISSING, *incidents.PLACED, Rule.OUTSIDE_JURISDICTION,
    Rule.WRONG_ROOM, *alerts.KEYED,
)))  # fmt: skip

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/situation/waves", name="situation-waves",
        summary="Return the waves that people may know of, the latest first",
        permission=PUBLIC, query=NoQuery, response=waves_.WavesBody, handler=told_waves, past=True,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/situation/waves/{{id}}", name="situation-wave",
        summary="Return one wave: its alerts, its incidents, its own toll, and that of its places",
        description="The wave's own toll and the sum of its places are never to be added.",
        permission=PUBLIC, query=NoQuery, response=waves_.WaveBody, handler=told_wave, past=True,
        refusals=(Rule.UNKNOWN_WAVE,),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/waves", name="list-waves",
        summary="Return waves as the desk knows them, and alerts that look like one",
        permission=SITUATION, query=NoQuery, response=waves_.DeskWavesBody, handler=waves,
        past=True,
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/waves/{{id}}", name="get-wave",
        summary="Return one wave, by id or handle",
        permission=SITUATION, query=NoQuery, response=waves_.DeskWaveBody, handler=wave, past=True,
        refusals=(Rule.UNKNOWN_WAVE,), audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/waves", name="open-wave",
        summary="Open a wave with its alerts and incidents",
        description="It is an incident of kind `wave`, and waits like one before people know.",
        permission=SITUATION, roomed=True, request=OpenWaveAsk, query=NoQuery,
        response=waves_.DeskWaveBody, status=201, handler=open_, refusals=OF_WAVE,
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/waves/{{id}}/join", name="join-wave",
        summary="Put alerts and incidents to a wave, or take them out of it",
        permission=SITUATION, roomed=True, request=JoinWaveAsk, query=NoQuery,
        response=waves_.DeskWaveBody, handler=join, refusals=OF_WAVE,
        audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
