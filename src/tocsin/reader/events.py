"""An event while a report is read: what is known of it, and the name it gets.

An event is named by where, what and when, so that two reports of one happening name it alike.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from tocsin.reader.claim import Hedge, Kind, Moment, Place
from tocsin.reader.document import Document
from tocsin.reader.sketch import Sketch

FAMILY = {
    Kind.STRIKE: "strike",
    Kind.EXPLOSION: "strike",
    Kind.HAZARD: "hazard",
    Kind.ALERT: "sirens",
    Kind.SHELTER: "shelter",
    Kind.EVACUATION: "warning",
}
SUPPLY = frozenset({Kind.OUTAGE, Kind.RESTORATION})
LOOK_BACK = 60
"""Events that a claim may go on with; a report has few."""
LATE_DAYS = 45
"""So long after it, tolls and repairs still belong to a happening."""
RANK = {"settlement": 0, "region": 1, "country": 2, "water": 2, "landmark": 3}
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class Event:
    """What is known of a happening while the report is read."""

    number: int
    family: str
    start: date | None = None
    end: date | None = None
    has_own_time: bool = False
    has_cause: bool = False
    has_strike: bool = False
    places: list[Place] = field(default_factory=list)
    things: set[str] = field(default_factory=set)
    sorts: set[str] = field(default_factory=set)
    killed: set[int] = field(default_factory=set)
    is_supply: bool = True
    """Only of services lost and restored."""
    members: list[Sketch] = field(default_factory=list)
    touched: int = 0
    """When it was last spoken of."""
    last: Sketch | None = None

    def is_of(self, sentence: int) -> bool:
        """Say whether a claim of that sentence belongs to it."""
        return any(each.sentence == sentence for each in self.members[-LOOK_BACK:])

    def lacks(self, lead: Sketch) -> bool:
        """Say whether a service of the claim's kind is known to be lost by it."""
        types = {thing.type for thing in lead.infrastructure}
        return any(
            each.kind in SUPPLY
            and (not types or types & {thing.type for thing in each.infrastructure})
            for each in self.members[-LOOK_BACK:]
        )

    def add(self, sketch: Sketch) -> None:
        """Take a claim in, and what it knows."""
        self.members.append(sketch)
        self.last = sketch
        self.sorts |= sketch.sorts
        self.is_supply &= sketch.kind in SUPPLY
        if sketch.killed and (sketch.killed.value or 0) > 1:
            self.killed.add(sketch.killed.value or 0)
        self.things |= {thing.type for thing in sketch.infrastructure}
        start, end = days_of(sketch.time)
        own = sketch.has_own_time and sketch.is_cause
        first = self.start is None or own or (sketch.is_cause and not self.has_cause)
        if start and first and not self.has_own_time:
            self.start, self.end = start, end
        self.has_own_time |= own
        self.has_cause |= sketch.is_cause
        self.has_strike |= sketch.kind is Kind.STRIKE
        for place in sketch.place:
            if len(self.places) < LOOK_BACK and not any(
                same_place(place, other) for other in self.places
            ):
                self.places.append(place)


def family_of(sketch: Sketch) -> str:
    """Return the family of events a claim belongs to."""
    if sketch.kind is Kind.STRIKE and sketch.hedge is Hedge.PLANNED:
        return "warning"
    return FAMILY.get(sketch.kind, "effect")


def days_of(moment: Moment | None) -> tuple[date | None, date | None]:
    """Return the first and last day of a time."""
    if moment is None:
        return None, None
    try:
        return date.fromisoformat(moment.start[:10]), date.fromisoformat(moment.end[:10])
    except ValueError:
        return None, None


def is_past(event: Event, document: Document) -> bool:
    """Say whether it is another, older happening that the report only recalls."""
    if event.end is None or document.published is None:
        return False
    return (document.published - event.end).days > LATE_DAYS


def same_place(one: Place, other: Place) -> bool:
    """Say whether they are one place: by id, else by name and country."""
    if one.geonames is not None and other.geonames is not None:
        return one.geonames == other.geonames
    if slug(one.name) != slug(other.name):
        return False
    return one.country is None or other.country is None or one.country == other.country


def contains(outer: Place, inner: Place) -> bool:
    """Say whether the inner place lies in the outer one, as far as both tell."""
    if outer.country is None or outer.country != inner.country:
        return False
    if outer.level == "country":
        return inner.level != "country"
    if outer.level == "region":
        return inner.level in {"settlement", "landmark"} and (
            outer.region is not None and outer.region == inner.region
        )
    return (
        outer.level == "settlement"
        and inner.level == "landmark"
        and (outer.region is None or inner.region is None or outer.region == inner.region)
    )


def slug(name: str) -> str:
    """Return a name as plain letters and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _SLUG.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


def name_of(event: Event) -> str:
    """Return the name of an event: where, what, when; the same from every report of it."""
    places = event.places
    first = event.members[0].place if event.members else ()
    lead = min(first or places, key=lambda place: RANK.get(place.level, 4), default=None)
    where = "somewhere"
    if lead is not None:
        where = slug(lead.name) or slug(lead.geocode or lead.region or "") or "somewhere"
    what = event.family if event.family != "effect" else str(event.members[0].kind)
    if what == "hazard" and event.sorts:
        what = min(event.members[0].sorts or event.sorts)
    if what == "strike" and not event.has_strike:
        what = "explosion"
    if any(place.level == "landmark" for place in first):
        things = sorted(event.members[0].infrastructure, key=lambda thing: thing.span is None)
        what = things[0].type if things else what
    told = [event.start, *(days_of(each.time)[0] for each in event.members[:LOOK_BACK])]
    start = next((each for each in told if each), None)
    when = start.isoformat() if start else "undated"
    return f"{where}-{what}-{when}"
