"""Waves: the alerts and incidents of one attack, and how their numbers stand side by side.

A wave is an incident of kind ``wave``: what is claimed of it (a national toll) is claimed of the
whole, and waits as an incident waits. Its alerts are named by it (``Ledger.waves``), its incidents
by ``part-of`` links. Each alert and each incident is of one wave at most.

The wave's own toll and the sum of its places are two answers to two questions. They are shown side
by side and never added, since the one holds the other and nobody knows which part (DESIGN R1).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.alert import Alert, Status
from tocsin.core.area import RegionTree
from tocsin.core.claims import Claim, Measure
from tocsin.core.incidents import Incident, Ledger
from tocsin.core.publication import top_region
from tocsin.core.tally import over, tally

WAVE = "wave"
ATTACKS = frozenset((WAVE, "strike", "explosion", "shelling"))
"""Kinds of incidents of which one toll is told for a whole country, and others for places in it."""
GAP = timedelta(hours=1)
"""With nothing in force for longer than this, the next alert begins another wave."""
LEAST = 3
"""An attack on fewer top regions than this is no wave."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Alerts that look like one wave: an officer decides. ``end`` None: one of them goes on."""

    start: datetime
    end: datetime | None
    alerts: tuple[str, ...]
    """By time of sending."""
    regions: tuple[str, ...]
    """The top regions that they lie in, by code."""


def suggest(
    tree: RegionTree,
    alerts: Iterable[Alert],
    hazards: Collection[str] = (),
    *,
    gap: timedelta = GAP,
    least: int = LEAST,
) -> list[Suggestion]:
    """Return what looks like waves among some alerts, the earliest first.

    Real alerts of ``hazards`` (empty: of all) belong together while no longer than ``gap`` passes
    with none of them in force. Standing alerts belong to none: they would join everything.
    """
    found: list[Suggestion] = []
    for group in _groups(_of_attacks(alerts, hazards), gap):
        tops = {
            top_region(tree, code)
            for each in group
            for code in tree.fewest(tree.extent(each.area).touched)
        }
        ends = [each.ended for each in group]
        known = [each for each in ends if each is not None]
        if len(tops) >= least:
            found.append(
                Suggestion(
                    start=group[0].sent, end=max(known) if len(known) == len(ends) else None,
                    alerts=tuple(each.id for each in group), regions=tuple(sorted(tops)),
                )
            )  # fmt: skip
    return found


def _of_attacks(alerts: Iterable[Alert], hazards: Collection[str]) -> list[Alert]:
    found = {
        each.id: each
        for each in alerts
        if each.status is Status.ACTUAL
        and not each.standing
        and (not hazards or each.hazard in hazards)
    }
    return sorted(found.values(), key=lambda each: (each.sent, each.id))


def _groups(alerts: list[Alert], gap: timedelta) -> Iterable[list[Alert]]:
    """Yield alerts in runs, none of which has a pause of more than ``gap``."""
    group: list[Alert] = []
    until: datetime | None = None
    for each in alerts:
        if group and until is not None and each.sent > until + gap:
            yield group
            group = []
        ended = each.ended
        if not group:
            until = ended
        elif until is not None:
            until = None if ended is None else max(until, ended)
        group.append(each)
    if group:
        yield group


def is_wave(incident: Incident | None) -> bool:
    """Say whether an incident is a wave of its own, none that turned out to be another one."""
    return incident is not None and incident.kind == WAVE and incident.same_as is None


def waves(ledger: Ledger) -> list[Incident]:
    """Return the waves, the latest first."""
    found = [each for each in ledger.incidents.values() if is_wave(each)]
    return sorted(found, key=lambda each: (each.when.start, each.id), reverse=True)


def alerts_of(ledger: Ledger, wave_id: str) -> tuple[str, ...]:
    """Return the alerts of a wave, and of what turned out to be it, in the order they joined."""
    found = dict.fromkeys(ledger.waves.get(wave_id, ()))
    for other, alerts in ledger.waves.items():
        if other != wave_id and ledger.root(other) == wave_id:
            found.update(dict.fromkeys(alerts))
    return tuple(found)


def wave_of(ledger: Ledger, alert_id: str) -> str | None:
    """Return the wave that an alert belongs to."""
    named = (ledger.root(wave) for wave, alerts in ledger.waves.items() if alert_id in alerts)
    return next(named, None)


def incidents_of(ledger: Ledger, wave_id: str) -> tuple[str, ...]:
    """Return all incidents of a wave: its parts and theirs, each once, by time."""
    found = (ledger.incidents[each] for each in _below(ledger, ledger.parts(), wave_id))
    return tuple(i.id for i in sorted(found, key=lambda i: (i.when.start, i.id)))


def shared(ledger: Ledger) -> str | None:
    """Return an incident that is of two waves, or a wave that is part of anything; None: none is.

    A wave inside a town's incident would bring a country's toll into that town's.
    """
    parts = ledger.parts()
    for each in sorted(name for names in parts.values() for name in names):
        if is_wave(ledger.incidents.get(each)):
            return each
    above: set[str] = set()
    for wave in waves(ledger):
        below = _below(ledger, parts, wave.id)
        if twice := above & below:
            return min(twice)
        above |= below
    return None


def _below(ledger: Ledger, parts: Mapping[str, tuple[str, ...]], wave_id: str) -> set[str]:
    found: set[str] = set()
    waiting = list(parts.get(wave_id, ()))
    while waiting:
        each = waiting.pop()
        if each not in found and each in ledger.incidents:
            found.add(each)
            waiting += parts.get(each, ())
    return found - {wave_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class Local:
    """How many, counted place by place over a wave's incidents. ``high`` None: nobody says."""

    measure: Measure
    low: int
    high: int | None


def local(
    tree: RegionTree,
    ledger: Ledger,
    wave_id: str,
    claims: Iterable[Claim],
    measures: Iterable[Measure],
) -> list[Local]:
    """Return the sums over a wave's incidents; its own toll is in none of them.

    What turned out to be one is counted once, a part with its whole; and of attacks of which one
    lies in the region of another that has a toll, only the wider one counts.
    """
    known = list(claims)
    by_root: dict[str, list[Claim]] = {}
    for claim in known:
        if claim.incident_id is not None:
            by_root.setdefault(ledger.root(claim.incident_id), []).append(claim)
    these = [ledger.incidents[each] for each in incidents_of(ledger, wave_id)]
    found = []
    for measure in measures:
        ids = _apart(tree, these, by_root, measure)
        low, high, told = over(ledger, ids, measure, known)
        if told:
            found.append(Local(measure=measure, low=low, high=high))
    return found


def _apart(
    tree: RegionTree,
    incidents: Iterable[Incident],
    claims: Mapping[str, list[Claim]],
    measure: Measure,
) -> list[str]:
    """Return the incidents whose tolls do not hold one another."""
    these = list(incidents)
    tolls = {
        each.where.geocode
        for each in these
        if each.kind in ATTACKS and tally(claims.get(each.id, ()), measure).told
    }
    return [
        each.id
        for each in these
        if each.kind not in ATTACKS
        or each.where.geocode not in tree
        or not tolls & set(list(tree.upward(each.where.geocode))[1:])
    ]
