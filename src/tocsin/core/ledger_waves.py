"""Waves: opened, joined and left; one alert and one incident are of one wave at most.

A wave is an incident, so opening one opens that, and all that holds an incident back holds it. A
machine may suggest (``waves.suggest``); it is an officer who says that these belong together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core import ledger_incidents
from tocsin.core.alert import Status
from tocsin.core.incidents import Ledger, LinkKind, fold
from tocsin.core.ledger_checks import Answer, needs_reason, no_incident
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.waves import WAVE, alerts_of, incidents_of, is_wave, wave_of
from tocsin.core.world import World

MOST = 2000
"""Alerts of one wave; a day of the real history has a few hundred in the whole country."""
TOGETHER = "opened with the wave"


def open_wave(
    world: World, state: State, asked: lc.OpenWave, now: datetime, ids: Sequence[str]
) -> Answer:
    """Open a wave with its alerts and incidents: all of it, or nothing."""
    opening = lc.OpenIncident(kind=WAVE, site=asked.site, where=asked.where, when=asked.when,
                              title=asked.title, by=asked.by)  # fmt: skip
    opened = ledger_incidents.open_(world, state, opening, now, ids)
    if isinstance(opened, Refusal):
        return opened
    ledger = state.ledger
    for event in opened:
        ledger = fold(ledger, event)
    joined = _joined(state, ledger, ids[0], asked.alerts, asked.incidents, TOGETHER, now, asked.by)
    if isinstance(joined, Refusal):
        return joined
    last = le.WaveJoined(at=now, wave_id=ids[0], alerts=tuple(dict.fromkeys(asked.alerts)),
                         reason=TOGETHER, by=asked.by)  # fmt: skip
    return (*opened, *joined, last)


def join_wave(state: State, asked: lc.JoinWave, now: datetime) -> Answer:
    """Put alerts and incidents to a wave, or take them out of it."""
    ledger = state.ledger
    wave = ledger.incidents.get(ledger.root(asked.wave_id))
    if wave is None or not is_wave(wave):
        return Refusal(Rule.UNKNOWN_WAVE, "/id", "No wave of that name is known here.")
    if (refused := needs_reason(asked.reason)) is not None:
        return refused
    for field, names, others in (
        ("/leave_alerts", asked.leave_alerts, asked.alerts),
        ("/leave_incidents", asked.leave_incidents, asked.incidents),
    ):
        for number, name in enumerate(names):
            if name in others:
                return Refusal(
                    Rule.BAD_VALUE,
                    f"{field}/{number}",
                    "It cannot both join the wave and leave it.",
                )
    left = _left(ledger, wave.id, asked, now)
    after = ledger
    for event in left:
        after = fold(after, event)
    linked = _joined(state, after, wave.id, asked.alerts, asked.incidents, asked.reason, now,
                     asked.by)  # fmt: skip
    if isinstance(linked, Refusal):
        return linked
    events: list[le.LedgerEvent] = [*left, *linked]
    own = after.waves.get(wave.id, ())
    new = [each for each in dict.fromkeys(asked.alerts) if each not in alerts_of(after, wave.id)]
    if len(alerts_of(after, wave.id)) + len(new) > MOST:
        return _too_many()
    if new:
        events.append(le.WaveJoined(at=now, wave_id=wave.id, alerts=(*own, *new),
                                    reason=asked.reason, by=asked.by))  # fmt: skip
    return tuple(events)


def _joined(
    state: State,
    ledger: Ledger,
    wave_id: str,
    alerts: Sequence[str],
    incidents: Sequence[str],
    reason: str,
    now: datetime,
    by: str,
) -> list[le.IncidentsLinked] | Refusal:
    """Return the links that put incidents to a wave, once its alerts were looked at as well."""
    if len(alerts) > MOST:
        return _too_many()
    for number, name in enumerate(alerts):
        alert = state.alert(name)
        if alert is None or alert.status is not Status.ACTUAL:
            return Refusal(
                Rule.UNKNOWN_ALERT, f"/alerts/{number}", "No real alert of that name is known here."
            )
        if wave_of(ledger, name) not in (None, wave_id):
            return Refusal(
                Rule.WAVE_OVERLAP, f"/alerts/{number}",
                f"{alert.handle} is of another wave. Take it out of that one first.",
            )  # fmt: skip
    links: list[le.IncidentsLinked] = []
    for number, name in enumerate(incidents):
        field = f"/incidents/{number}"
        if name not in ledger.incidents:
            return no_incident(name, field)
        if ledger.root(name) in incidents_of(ledger, wave_id):
            continue
        asked = lc.LinkIncidents(kind=LinkKind.PART_OF, one=name, other=wave_id, reason=reason,
                                 by=by)  # fmt: skip
        found = ledger_incidents.link(replace(state, ledger=ledger), asked, now)
        if isinstance(found, Refusal):
            return replace(found, field=field)
        for event in found:
            ledger = fold(ledger, event)
            if isinstance(event, le.IncidentsLinked):  # pragma: no branch  # it is one
                links.append(event)
    return links


def _left(ledger: Ledger, wave_id: str, asked: lc.JoinWave, now: datetime) -> list[le.LedgerEvent]:
    """Return what takes alerts and incidents out of a wave; what is not in it stays out."""
    events: list[le.LedgerEvent] = []
    gone = set(asked.leave_alerts)
    for name, alerts in ledger.waves.items():
        if ledger.root(name) == wave_id and gone & set(alerts):
            kept = tuple(each for each in alerts if each not in gone)
            events.append(le.WaveJoined(at=now, wave_id=name, alerts=kept, reason=asked.reason,
                                        by=asked.by))  # fmt: skip
    out = {ledger.root(each) for each in asked.leave_incidents}
    events += [
        le.IncidentsUnlinked(at=now, kind=link.kind, one=link.one, other=link.other,
                             reason=asked.reason, by=asked.by)
        for link in ledger.links
        if link.kind == LinkKind.PART_OF
        and ledger.root(link.one) in out
        and ledger.root(link.other) == wave_id
    ]  # fmt: skip
    return events


def _too_many() -> Refusal:
    return Refusal(Rule.BAD_VALUE, "/alerts", f"A wave has at most {MOST} alerts.")
