"""Days and places of claims that have none of their own: from their event, or the text around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from tocsin.reader import times
from tocsin.reader.claim import Hedge, Kind, Moment, Place
from tocsin.reader.document import Document
from tocsin.reader.events import LATE_DAYS, LOOK_BACK, RANK, SUPPLY, Event, contains, same_place
from tocsin.reader.sketch import Sketch
from tocsin.reader.times import TimeMention

_DAY = 10
_HAPPENED = frozenset({Kind.CASUALTIES, Kind.DAMAGE, Kind.HAZARD, Kind.EXPLOSION, Kind.STRIKE})
_AT_A_POINT = frozenset({"fire", "crash", "crush", "sinking", "blast", "spill"})


@dataclass(frozen=True, slots=True)
class Days:
    """The days that the text around gives."""

    document: Document
    mentions: Sequence[TimeMention]
    story: Moment | None
    """The first day that the report tells."""
    happened: Moment | None
    """The day of what it is about: the blast, not the search after it."""

    def around(self, sketch: Sketch) -> Moment | None:
        """Return the day of the text around a claim; for what happened, one of a happening."""
        happened = sketch.kind in _HAPPENED
        story = self.happened if happened else self.story
        moment = times.context(
            self.mentions, self.document, sketch.at, story, is_happening=happened
        )
        if moment is None or moment.grain != "minute":
            return moment
        return replace(moment, start=moment.start[:_DAY], end=moment.end[:_DAY], grain="day")

    def is_long_ago(self, moment: Moment | None) -> bool:
        """Say whether it is the day of another, older story that the report recalls."""
        if moment is None or self.document.published is None:
            return False
        first = date.fromisoformat(moment.start[:_DAY])
        return (self.document.published - first).days > LATE_DAYS

    def today(self) -> Moment | None:
        """Return the day of publication."""
        day = self.document.published
        if day is None:
            return self.story
        return Moment(start=day.isoformat(), end=day.isoformat(), grain="day", basis="context")


def fill(event: Event, days: Days, main: Event | None, wide: Sequence[Sketch]) -> None:
    """Give the claims of an event its day and place where they have none of their own.

    ``main``: the report's first dated hazard. ``wide``: the report's first happening with a
    place, where the event itself has none.
    """
    known = _day(event, main)
    placed = _placed(event)
    in_passing = any(each.is_earlier for each in event.members)
    supplies = [each for each in event.members if each.kind in SUPPLY and each.infrastructure]
    for sketch in event.members:
        if event.family == "hazard" and _is_vague(sketch):
            finer = [each for each in placed if each is not sketch and not _is_vague(each)]
            sketch.place = _scene(sketch, finer, ()) if finer else sketch.place
        if not sketch.has_own_place and not sketch.place:
            sketch.place = _scene(sketch, placed, wide)
        if sketch.is_generic and not sketch.infrastructure and supplies:
            status = "disrupted" if sketch.kind is Kind.OUTAGE else "restoring"
            sketch.infrastructure = tuple(
                replace(each, status=status, span=None) for each in supplies[0].infrastructure
            )
        if sketch.kind is not Kind.STATEMENT and not sketch.has_own_time:
            sketch.time = _time(sketch, known, days, in_passing=in_passing)


def widen(events: Sequence[Event]) -> None:
    """Let "the attacks" of a report of two days' strikes on one country cover both days."""
    strikes = [each for each in events if each.has_strike and each.start and each.end][:LOOK_BACK]
    for event in strikes:
        mates = [
            other
            for other in strikes
            if event.places
            and other.places
            and event.places[0].level == "country"
            and same_place(event.places[0], other.places[0])
            and event.start
            and other.start
            and abs((event.start - other.start).days) == 1
        ]
        days = [one.start for one in (event, *mates) if one.start]
        for sketch in event.members:
            if mates and sketch.is_plural and not sketch.has_own_time and sketch.time:
                sketch.time = Moment(
                    start=min(days).isoformat(),
                    end=max(days).isoformat(),
                    grain="range",
                    basis="context",
                )


def _day(event: Event, main: Event | None) -> Moment | None:
    """Return the day of an event: its cause's own, else its cause's, else any told."""
    dated = [each for each in event.members if each.time and each.kind is not Kind.STATEMENT]
    causes = [each for each in dated if each.is_cause]
    sure = [each for each in causes if each.has_own_time]
    best = sure or causes or [each for each in dated if each.has_own_time]
    if event.family == "hazard" and not event.has_own_time and main is not None:
        # A fire in the quake's own story is of its day.
        told = next((one.time for one in main.members if one.is_cause and one.has_own_time), None)
        if told and not any(each.is_other or each.is_earlier for each in event.members):
            return told
    if not best or best[0].time is None:
        return None
    first = best[0].time
    # "Last week's quake ... on Friday": the day within the week.
    within = (
        each.time
        for each in best
        if each.time and first.start <= each.time.start and each.time.end[:_DAY] <= first.end[:_DAY]
    )
    return next((one for one in within if one.grain in {"day", "minute"}), first)


def _placed(event: Event) -> list[Sketch]:
    """Return the first claims of an event that name a place, its causes first."""
    named = [each for each in event.members if each.place and each.has_own_place]
    causes = [each for each in named if each.is_cause]
    if event.family == "hazard" and event.sorts & _AT_A_POINT:
        # A crash, a fire: the town that any sentence gives is the place of all.
        causes.sort(key=lambda each: min(RANK.get(place.level, 4) for place in each.place))
    return causes[:3] + named[:3]


def _time(sketch: Sketch, known: Moment | None, days: Days, *, in_passing: bool) -> Moment | None:
    """Return the day of a claim without one of its own."""
    if sketch.kind is Kind.RESTORATION and sketch.hedge is Hedge.PLANNED:
        return None
    told_back = sketch.is_earlier or days.is_long_ago(known)
    if sketch.kind in SUPPLY and not (told_back and known):
        # What is cut or back is so on the day of the report.
        return days.today()
    if (sketch.is_present or sketch.is_still) and _is_state(sketch):
        return days.today()
    if sketch.is_still or sketch.kind in {Kind.SHELTER, Kind.ALERT}:
        return sketch.time or days.around(sketch)
    if sketch.is_earlier and sketch.is_cause and known is None:
        return None
    if sketch.kind is Kind.STRIKE and sketch.time is not None and not sketch.is_definite:
        return sketch.time
    if sketch.kind is Kind.EVACUATION and not days.is_long_ago(known):
        return days.around(sketch)
    if known is None and sketch.kind in _HAPPENED and not in_passing and days.happened:
        return days.happened
    if known is None:
        return sketch.time if in_passing else sketch.time or days.around(sketch)
    grain: Literal["month", "year", "range", "day"] = (
        known.grain if known.grain != "minute" else "day"
    )
    keeps_part = known.grain == "minute" or known.part == "night"
    return Moment(
        start=known.start[:_DAY],
        end=known.end[:_DAY],
        grain=grain,
        basis="context",
        part=known.part if keeps_part else None,
    )


def _is_state(sketch: Sketch) -> bool:
    """Say whether it tells how things are on the day of the report: who is missing, sheltered."""
    if sketch.kind in {Kind.SHELTER, Kind.ALERT, Kind.EVACUATION}:
        return True
    alone = sketch.killed is None and sketch.injured is None
    return sketch.kind is Kind.CASUALTIES and alone and sketch.affected is not None


def _is_vague(sketch: Sketch) -> bool:
    """Say whether it names only a country or a sea, of a happening told of before."""
    levels = {place.level for place in sketch.place}
    return bool(levels) and (
        levels == {"water"} or (levels <= {"water", "country"} and sketch.is_definite)
    )


def _scene(sketch: Sketch, placed: Sequence[Sketch], wide: Sequence[Sketch]) -> tuple[Place, ...]:
    """Return the places of an event for a claim that names none: no landmark for a service.

    ``placed``: the first claims of the event that name a place, its causes first.
    """
    before = [each for each in placed if each.at <= sketch.at]
    known = before or wide or placed
    scene = known[0].place if known else ()
    if sketch.near is not None and (
        not before
        or not (sketch.is_toll or (sketch.is_definite and sketch.is_cause))
        or (scene and scene[0].level == "country" and contains(scene[0], sketch.near))
    ):
        return (sketch.near,)
    towns = tuple(place for place in scene if place.level != "landmark")
    if not sketch.is_cause and towns:
        scene = towns
    return scene
