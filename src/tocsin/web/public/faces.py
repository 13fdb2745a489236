"""What a place is, for whoever lives there: one face, and what else holds.

Values in, values out: no words, no language. Four ends have four faces (UX rule 4): an
all-clear, a withdrawal, an alert that ran out, and a connection that is lost. The last is
not a face of a place but of a page, so it is not in this list.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.alert import Alert, AlertState, Audience, Realm, Severity
from tocsin.core.overlap import CLEARED_SHOWN, RegionState
from tocsin.core.state import State
from tocsin.core.world import World
from tocsin.projections.regions import RegionLine, RegionStates


class Face(enum.StrEnum):
    """How a place looks, the most pressing first; the value is what style sheets select by."""

    ALERT = "alert"
    PART = "part"
    UNSURE = "unsure"
    CANCEL = "cancel"
    CLEAR = "clear"
    NODATA = "nodata"
    QUIET = "quiet"


PRESSING = {face: number for number, face in enumerate(Face)}

DANGER = (Face.ALERT, Face.PART, Face.UNSURE)
"""Nobody has said that it is over."""

SEVERITIES = tuple(Severity)
"""Extreme first, as CAP lists them."""

FACE_OF = {
    RegionState.ACTIVE: Face.ALERT,
    RegionState.PARTIAL: Face.PART,
    RegionState.UNCONFIRMED: Face.UNSURE,
    RegionState.CLEARED: Face.CLEAR,
    RegionState.NO_INFORMATION: Face.NODATA,
    RegionState.NONE: Face.QUIET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One hazard in one region: its face, since when, and when that changes by itself."""

    face: Face
    hazard: str | None = None
    level: str | None = None
    since: datetime | None = None
    turns_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A glance, and the alert whose words are shown with it.

    ``alert`` is None where none is open (a part cleared, history longer than a day ago). ``parts``
    are the fewest regions that are covered, where it is a part.
    """

    glance: Glance
    alert: Alert | None = None
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One region among others, as on the map: the most pressing glance and all that are like it."""

    geocode: str
    glances: tuple[Glance, ...]

    @property
    def face(self) -> Face:
        """Return how it looks."""
        return self.glances[0].face


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """All that the page of one region tells.

    ``also`` is what holds beside ``main``; ``drills`` what is exercised there; ``inside`` the
    regions directly under it; ``last_clear`` the last all-clear of the past day, where known.
    ``turns_at`` is when something on the page changes without an event.
    """

    geocode: str
    main: Sight
    also: tuple[Sight, ...]
    drills: tuple[Sight, ...]
    inside: tuple[Spot, ...]
    last_clear: Alert | None
    turns_at: datetime | None


def place(
    world: World,
    state: State,
    regions: RegionStates,
    drills: RegionStates,
    geocode: str,
    now: datetime,
) -> Place:
    """Return what a region's page tells at a moment. O(hazards x parts + open alerts)."""
    told = tuple(
        _sight(world, state, geocode, glance, Realm.LIVE)
        for glance in _glances(world, regions, geocode, now)
    )
    main = told[0] if told else Sight(glance=_rest(regions, geocode, now))
    inside = tuple(spots(world, regions, world.tree.children(geocode), now))
    turns = [s.glance.turns_at for s in told]
    turns += [g.turns_at for spot in inside for g in spot.glances]
    return Place(
        geocode=geocode,
        main=main,
        also=told[1:],
        drills=tuple(drilled(world, state, drills, geocode, now)),
        inside=inside,
        last_clear=_last_clear(world, state, geocode),
        turns_at=min((turn for turn in turns if turn is not None), default=None),
    )


def spots(
    world: World, regions: RegionStates, geocodes: Iterable[str], now: datetime
) -> Iterator[Spot]:
    """Yield each region with what is most pressing there."""
    for geocode in geocodes:
        found = tuple(_glances(world, regions, geocode, now))
        if found:
            like = tuple(glance for glance in found if glance.face is found[0].face)
            yield Spot(geocode=geocode, glances=like)
        else:
            yield Spot(geocode=geocode, glances=(_rest(regions, geocode, now),))


def drilled(
    world: World, state: State, drills: RegionStates, geocode: str, now: datetime
) -> Iterator[Sight]:
    """Yield what is being exercised in a region, or in a part of it."""
    for glance in _glances(world, drills, geocode, now):
        if glance.face in (Face.ALERT, Face.PART):
            yield _sight(world, state, geocode, glance, Realm.DRILL)


def in_force(world: World, state: State, geocode: str | None) -> Iterator[Alert]:
    """Yield the public alerts in force that touch a region: what its page's stream selects."""
    leaves = world.tree.leaves[world.tree.index[geocode]] if geocode is not None else None
    for alert in state.in_force():
        if alert.audience is Audience.PUBLIC and (
            leaves is None or world.tree.extent(alert.area).touched & leaves
        ):
            yield alert


def _glances(world: World, regions: RegionStates, geocode: str, now: datetime) -> list[Glance]:
    """Return everything that has something to say in a region, the most pressing first."""
    found = [
        glance for line in regions.line(geocode, now) if (glance := _glance(line, now)) is not None
    ]
    found.sort(key=lambda glance: _order(world, glance))
    return found


def _glance(line: RegionLine, now: datetime) -> Glance | None:
    face = FACE_OF[line.state]
    if face not in DANGER and line.withdrawn_at is not None:
        turns_at = line.withdrawn_at + CLEARED_SHOWN
        if now < turns_at:
            return Glance(
                face=Face.CANCEL, hazard=line.hazard, since=line.withdrawn_at, turns_at=turns_at
            )
    if face in (Face.QUIET, Face.NODATA):
        return None
    return Glance(
        face=face,
        hazard=line.hazard,
        level=line.level,
        since=line.since,
        turns_at=line.cleared_until,
    )


def _rest(regions: RegionStates, geocode: str, now: datetime) -> Glance:
    return Glance(face=FACE_OF[regions.rest(geocode, now)])


def _order(world: World, glance: Glance) -> tuple[int, int, int, float]:
    hazard = world.hazards.get(glance.hazard or "")
    severity, rank = len(SEVERITIES), 0
    if hazard is not None:
        level = hazard.level(glance.level)
        severity = SEVERITIES.index((level and level.severity) or hazard.severity)
        rank = -hazard.rank(glance.level)
    since = glance.since.timestamp() if glance.since else 0.0
    return (PRESSING[glance.face], severity, rank, since)


def _sight(world: World, state: State, geocode: str, glance: Glance, realm: Realm) -> Sight:
    """Return a glance with the alert that speaks for it and, for a part, where it holds."""
    tree = world.tree
    leaves = tree.leaves[tree.index[geocode]]
    alerts: Iterable[Alert]
    if glance.face in (Face.ALERT, Face.PART):
        alerts = state.active.values()
    elif glance.face is Face.UNSURE:
        alerts = state.unconfirmed.values()
    else:
        wanted = AlertState.CANCELLED if glance.face is Face.CANCEL else AlertState.CLEARED
        alerts = (alert for alert in state.ended.values() if alert.state is wanted)
    speaking: Alert | None = None
    covered = 0
    for alert in alerts:
        touched = tree.extent(alert.area).touched & leaves
        if alert.hazard != glance.hazard or alert.realm is not realm or not touched:
            continue
        if alert.audience is Audience.DESK:
            continue
        covered |= touched
        if speaking is None or _speaks_before(world, alert, speaking):
            speaking = alert
    parts = tree.fewest(covered) if glance.face is Face.PART else ()
    return Sight(glance=glance, alert=speaking, parts=parts)


def _speaks_before(world: World, alert: Alert, other: Alert) -> bool:
    """Say whether an alert's words are shown rather than another's: higher level, then later."""
    hazard = world.hazards.get(alert.hazard)
    rank = (hazard.rank(alert.level), hazard.rank(other.level)) if hazard else (0, 0)
    return (rank[0], alert.ended or alert.sent) > (rank[1], other.ended or other.sent)


def _last_clear(world: World, state: State, geocode: str) -> Alert | None:
    leaves = world.tree.leaves[world.tree.index[geocode]]
    found: Alert | None = None
    for alert in state.ended.values():
        if (
            alert.state is AlertState.CLEARED
            and alert.audience is Audience.PUBLIC
            and world.tree.extent(alert.area).touched & leaves
            and (found is None or (alert.ended or alert.sent) > (found.ended or found.sent))
        ):
            found = alert
    return found
