"""Which claims are about the same happening: within a report, and across reports.

Inside a report a claim joins the newest event that nothing speaks against: another day, another
town, another kind of happening. What stays open is decided by grammar: "the attacks", "more
strikes", "the tower" go on with an event; a town of its own with no such word begins one.
An event is named by where, what and when, so that two reports of one happening name it alike.
Across reports nothing is decided: incidents are proposed, with reasons, and a person confirms.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from tocsin.reader import times
from tocsin.reader.claim import Claim, Figure, Hedge, Kind, Moment, Place
from tocsin.reader.document import Document
from tocsin.reader.sketch import Sketch
from tocsin.reader.times import TimeMention

_FAMILY = {
    Kind.STRIKE: "strike",
    Kind.EXPLOSION: "strike",
    Kind.HAZARD: "hazard",
    Kind.ALERT: "sirens",
    Kind.SHELTER: "shelter",
    Kind.EVACUATION: "warning",
}
_EFFECTS = frozenset({Kind.CASUALTIES, Kind.DAMAGE, Kind.OUTAGE, Kind.RESTORATION})
_SUPPLY = frozenset({Kind.OUTAGE, Kind.RESTORATION})
_PEOPLE = frozenset({"shelter", "warning"})
_DAY = 10
_LOOK_BACK = 60
"""Events that a claim may go on with; a report has few."""
_AT_A_POINT = frozenset({"fire", "crash", "crush", "sinking", "collapse", "blast", "spill"})
_LATE_DAYS = 45
"""So long after it, tolls and repairs still belong to a happening."""
_SLUG = re.compile(r"[^a-z0-9]+")


@dataclass(slots=True)
class _Event:
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
        return any(each.sentence == sentence for each in self.members[-_LOOK_BACK:])

    def lacks(self, lead: Sketch) -> bool:
        """Say whether a service of the claim's kind is known to be lost by it."""
        types = {thing.type for thing in lead.infrastructure}
        return any(
            each.kind in _SUPPLY
            and (not types or types & {thing.type for thing in each.infrastructure})
            for each in self.members[-_LOOK_BACK:]
        )

    def add(self, sketch: Sketch) -> None:
        """Take a claim in, and what it knows."""
        self.members.append(sketch)
        self.last = sketch
        self.sorts |= sketch.sorts
        self.is_supply &= sketch.kind in _SUPPLY
        if sketch.killed and (sketch.killed.value or 0) > 1:
            self.killed.add(sketch.killed.value or 0)
        self.things |= {thing.type for thing in sketch.infrastructure}
        start, end = _days(sketch.time)
        own = sketch.has_own_time and sketch.is_cause
        if start and (own or sketch.is_cause or self.start is None) and not self.has_own_time:
            if self.start is None or own or not self.has_cause:
                self.start, self.end = start, end
        self.has_own_time |= own
        self.has_cause |= sketch.is_cause
        self.has_strike |= sketch.kind is Kind.STRIKE
        for place in sketch.place:
            if len(self.places) < _LOOK_BACK and not any(
                same_place(place, other) for other in self.places
            ):
                self.places.append(place)


def join(sketches: Sequence[Sketch], document: Document, mentions: Sequence[TimeMention]) -> None:
    """Give every sketch its event, with reasons; sketches come in the order of the text."""
    story = times.story_day(mentions, document)
    days = _Days(document, mentions, story)
    events: list[_Event] = []
    for clock, cell in enumerate(_cells(sketches)):
        lead = next((each for each in cell if each.is_cause), cell[0])
        if lead.kind is Kind.STATEMENT:
            _refer(lead, events[-_LOOK_BACK:], clock)
            continue
        loose = lead.kind in {Kind.HAZARD, Kind.EXPLOSION} and not lead.is_earlier
        if lead.is_cause and not lead.has_own_time and not lead.is_definite and not loose:
            lead.time = None if lead.is_earlier else lead.time or days.around(lead)
        recent = sorted(events[-_LOOK_BACK:], key=lambda each: each.touched)
        event, reasons = _known(cell, lead, recent, document)
        if event is None:
            event = _Event(len(events), _family(lead))
            if lead.time is None and not lead.is_earlier and not lead.is_other:
                lead.time = days.around(lead)
            events.append(event)
        event.touched = clock
        for sketch in cell:
            event.add(sketch)
            sketch.event_reasons += reasons or ["new: the first claim of it in this report"]
    main = next((each for each in events if each.family == "hazard" and each.has_own_time), None)
    told = (each for each in sketches if each.kind is not Kind.STATEMENT)
    wide = next((each for each in told if each.has_own_place), None)
    for event in events:
        _fill(event, days, main, [wide] if wide and not _is_past(event, document) else [])
    names: dict[str, int] = {}
    for event in events:
        name = _name(event)
        names[name] = names.get(name, 0) + 1
        if names[name] > 1:
            name = f"{name}-{names[name]}"
        for sketch in event.members:
            sketch.event = name


def _cells(sketches: Sequence[Sketch]) -> list[list[Sketch]]:
    """Return the claims of one event in one sentence together; a statement stands alone."""
    cells: dict[tuple[int, int], list[Sketch]] = {}
    alone: list[list[Sketch]] = []
    for sketch in sketches:
        if sketch.kind is Kind.STATEMENT:
            alone.append([sketch])
        else:
            cells.setdefault((sketch.sentence, sketch.group), []).append(sketch)
    order = [*cells.values(), *alone]
    order.sort(key=lambda cell: (cell[0].sentence, cell[0].kind is Kind.STATEMENT, cell[0].at))
    return order


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that the text around gives."""

    document: Document
    mentions: Sequence[TimeMention]
    story: Moment | None

    def around(self, sketch: Sketch) -> Moment | None:
        """Return the day of the text around a claim."""
        moment = times.context(self.mentions, self.document, sketch.at, self.story)
        if moment is None or moment.grain != "minute":
            return moment
        return replace(moment, start=moment.start[:_DAY], end=moment.end[:_DAY], grain="day")

    def today(self) -> Moment | None:
        """Return the day of publication."""
        day = self.document.published
        if day is None:
            return self.story
        return Moment(start=day.isoformat(), end=day.isoformat(), grain="day", basis="context")


def _fill(event: _Event, days: _Days, main: _Event | None, wide: Sequence[Sketch]) -> None:
    """Give the claims of an event its day and place where they have none of their own.

    ``wide``: the report's first happening, where the event itself has no place.
    """
    dated = [each for each in event.members if each.time and each.kind is not Kind.STATEMENT]
    sure = [each for each in dated if each.has_own_time and each.is_cause]
    sure = sure or [each for each in dated if each.is_cause]
    sure = sure or [each for each in dated if each.has_own_time]
    known = sure[0].time if sure else None
    told_in_passing = any(each.is_earlier for each in event.members)
    supplies = [each for each in event.members if each.kind in _SUPPLY and each.infrastructure]
    if event.family == "hazard" and not event.has_own_time and main is not None:
        # A fire in the quake's own story is of its day.
        told = next(
            (each.time for each in main.members if each.is_cause and each.has_own_time), None
        )
        loose = not any(each.is_other or each.is_earlier for each in event.members)
        known = told if loose and told is not None else known
    named = [each for each in event.members if each.place and each.has_own_place]
    causes = [each for each in named if each.is_cause]
    if event.sorts & _AT_A_POINT:
        # A crash, a fire: the town that any sentence gives is the place of all.
        causes.sort(key=lambda each: min(_RANK.get(place.level, 4) for place in each.place))
    placed = causes[:3] + named[:3]
    for sketch in event.members:
        if event.family == "hazard" and _is_vague(sketch):
            finer = [each for each in placed if each is not sketch and not _is_vague(each)]
            if finer:
                sketch.place = _scene(sketch, finer, ())
        if not sketch.has_own_place and not sketch.place:
            sketch.place = _scene(sketch, placed, wide)
        if sketch.is_generic and not sketch.infrastructure and supplies:
            status = "disrupted" if sketch.kind is Kind.OUTAGE else "restoring"
            sketch.infrastructure = tuple(
                replace(each, status=status, span=None) for each in supplies[0].infrastructure
            )
        if sketch.kind is Kind.STATEMENT or sketch.has_own_time:
            continue
        if sketch.kind is Kind.RESTORATION and sketch.hedge is Hedge.PLANNED:
            sketch.time = None
        elif sketch.kind in _SUPPLY and (sketch.is_still or sketch.is_present):
            sketch.time = days.today()
        elif sketch.is_still or sketch.kind in {Kind.SHELTER, Kind.ALERT}:
            sketch.time = sketch.time or days.around(sketch)
        elif sketch.is_earlier and sketch.is_cause and known is None:
            sketch.time = None
        elif sketch.kind is Kind.STRIKE and sketch.time is not None and not sketch.is_definite:
            pass
        elif known is not None:
            grain: Literal["month", "year", "range", "day"] = (
                known.grain if known.grain != "minute" else "day"
            )
            sketch.time = Moment(
                start=known.start[:_DAY], end=known.end[:_DAY], grain=grain, basis="context",
                part=known.part if known.grain == "minute" or known.part == "night" else None,
            )  # fmt: skip
        elif not told_in_passing:
            sketch.time = sketch.time or days.around(sketch)


def _family(sketch: Sketch) -> str:
    if sketch.kind is Kind.STRIKE and sketch.hedge is Hedge.PLANNED:
        return "warning"
    return _FAMILY.get(sketch.kind, "effect")


def _days(moment: Moment | None) -> tuple[date | None, date | None]:
    if moment is None:
        return None, None
    try:
        return date.fromisoformat(moment.start[:10]), date.fromisoformat(moment.end[:10])
    except ValueError:
        return None, None


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
        not before or (scene and scene[0].level == "country" and contains(scene[0], sketch.near))
    ):
        return (sketch.near,)
    towns = tuple(place for place in scene if place.level != "landmark")
    if not sketch.is_cause and towns:
        scene = towns
    return tuple(replace(place, span=None) for place in scene)


def _known(  # noqa: C901
    cell: Sequence[Sketch], lead: Sketch, events: Sequence[_Event], document: Document
) -> tuple[_Event | None, list[str]]:
    """Return the newest event that the cell goes on with."""
    best: tuple[int, int, _Event, list[str]] | None = None
    for event in events:
        reasons: list[str] = []
        if lead.is_other and lead.is_cause and not event.is_of(lead.sentence):
            continue
        if not _same_family(lead, event, events):
            continue
        if event.is_supply != (lead.kind in _SUPPLY) and (event.is_supply or not event.lacks(lead)):
            continue
        if lead.sorts and event.sorts and lead.sorts.isdisjoint(event.sorts):
            continue
        past = _is_past(event, document)
        if past and not lead.has_own_time and not lead.goes_on(event.last):
            continue
        when = _same_time(lead, event)
        if when is None:
            continue
        where = _same_place(lead, event)
        toll = _same_toll(cell, event)
        if where is None:
            nature = event.family == "hazard" or (event.family == "strike" and not event.has_strike)
            wide = nature and not _is_past(event, document)
            if not toll and (not wide or (lead.is_cause and not lead.is_definite)):
                continue
            # A quake, a storm: its tolls and damage lie in many towns.
            where = _NO_PLACE
        score = when + where + (_SAME_PLACE if toll else 0)
        if toll:
            reasons.append("same toll")
        refers = lead.is_definite or lead.is_continuing or lead.is_still
        if where == _INSIDE and not (toll or refers or lead.has_own_time or not lead.is_cause):
            continue
        if score <= 0 and lead.is_cause and not refers and lead.has_own_place:
            continue
        if when == _SAME_DAY:
            reasons.append("same day")
        if where >= _SAME_PLACE:
            reasons.append("same place")
        elif where == _INSIDE:
            reasons.append("within the same place")
        if lead.is_definite:
            reasons.append(f"told of before: {lead.nouns[0] if lead.nouns else lead.kind}")
        if lead.is_continuing:
            reasons.append("goes on with it")
        if lead.is_still and lead.kind is Kind.OUTAGE:
            score += 2 if event.start and lead.time and _earlier(event, lead) else 0
            reasons.append("still so")
        if not reasons:
            reasons.append("nothing speaks against it")
        key = (score, event.touched)
        if best is None or key > (best[0], best[1]):
            best = (score, event.touched, event, reasons)
    if best is None:
        return None, []
    return best[2], best[3]


def _same_toll(cell: Sequence[Sketch], event: _Event) -> bool:
    """Say whether the cell tells a toll of the event again: the headline's and the lead's."""
    return any(
        each.killed is not None and not each.is_part and each.killed.value in event.killed
        for each in cell
    )


def _is_past(event: _Event, document: Document) -> bool:
    """Say whether it is another, older happening that the report only recalls."""
    if event.end is None or document.published is None:
        return False
    return (document.published - event.end).days > _LATE_DAYS


def _earlier(event: _Event, lead: Sketch) -> bool:
    start, _ = _days(lead.time)
    return bool(start and event.start and event.start < start)


def _same_family(lead: Sketch, event: _Event, events: Sequence[_Event]) -> bool:
    family = _family(lead)
    if family == event.family:
        return True
    if family == "effect":
        if lead.kind in {Kind.OUTAGE, Kind.RESTORATION} and event.family in {"sirens", "shelter"}:
            return False
        return event.family in {"strike", "hazard", "effect"}
    if event.family == "effect":
        return family in {"strike", "hazard"}
    if family in _PEOPLE or family == "sirens":
        # Where nature does it, leaving and sheltering are a part of the disaster.
        nature = event.family == "hazard" or not event.has_strike
        return (
            nature
            and lead.kind is not Kind.STRIKE
            and event.has_cause
            and not any(each.has_strike for each in events)
        )
    if {family, event.family} == {"strike", "hazard"}:
        # "The blast ... the fire": one happening, unless it was a weapon.
        return not event.has_strike and (lead.kind is not Kind.STRIKE)
    return False


_SAME_DAY, _LATER, _NO_DAY = 3, 1, 0


def _same_time(lead: Sketch, event: _Event) -> int | None:
    """Return how well the days fit; None where they speak against it."""
    dated = lead.has_own_time or lead.kind is Kind.STRIKE
    start, end = _days(lead.time) if dated else (None, None)
    if start is None or end is None or event.start is None or event.end is None:
        passing = lead.is_earlier and lead.is_cause and not lead.is_definite
        return None if passing or (start and event.has_cause) else _NO_DAY
    if lead.is_cause and not event.has_cause and not event.has_own_time:
        # A toll came first, its day is the report's: the cause brings the day.
        return _NO_DAY if -1 <= (event.end - start).days <= _LATE_DAYS else None
    if lead.is_still and event.start <= start:
        return _SAME_DAY
    if start == event.start and end == event.end:
        return _SAME_DAY
    if lead.is_cause and lead.has_own_time and not event.has_own_time:
        # "The fire" of a toll told on Friday "broke out Tuesday": its own day comes late.
        known = lead.is_definite or event.family == "hazard"
        if known and 0 <= (event.end - start).days <= _LATE_DAYS:
            return _NO_DAY
    overlaps = start <= event.end and event.start <= end
    if not lead.is_cause:
        late = (start - event.end).days
        if overlaps:
            return _SAME_DAY if lead.has_own_time else _LATER
        return _LATER if 0 <= late <= _LATE_DAYS else None
    if overlaps and (not lead.has_own_time or not event.has_own_time or lead.is_definite):
        return _LATER
    if not lead.has_own_time and lead.is_definite:
        return _NO_DAY
    return None


_SAME_PLACE, _INSIDE, _NO_PLACE = 3, 1, 0


def _same_place(lead: Sketch, event: _Event) -> int | None:
    """Return how well the places fit; None where they speak against it."""
    if not lead.place or not event.places or not lead.has_own_place:
        return _NO_PLACE
    if any(same_place(a, b) for a in lead.place for b in event.places):
        return _SAME_PLACE
    if any(contains(b, a) or contains(a, b) for a in lead.place for b in event.places):
        return _INSIDE
    return None


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


def _refer(sketch: Sketch, events: Sequence[_Event], clock: int) -> None:
    """Link a statement that names an event ("the strikes"); its place comes from there."""
    if not sketch.mentions and not sketch.is_continuing:
        return
    families = {_FAMILY.get(kind, "effect") for kind in sketch.mentions}
    fitting = [
        event
        for event in events
        if (event.family in families or (sketch.is_continuing and not sketch.mentions))
        and _same_place(sketch, event) is not None
        and not (
            sketch.has_own_time
            and sketch.time
            and event.start
            and sketch.mentions
            and event.start > (_days(sketch.time)[1] or event.start)
        )
    ]
    if not fitting:
        return
    newest = max(fitting, key=lambda event: event.touched)
    if sketch.is_earlier:
        days = [event.start for event in fitting if event.start]
        past = [event for event in fitting if event.start and event.start < max(days)]
        newest = max(past, key=lambda event: event.touched, default=newest)
    newest.touched = clock
    newest.members.append(sketch)
    sketch.event_reasons.append("names it: " + ", ".join(sketch.nouns or ("same quotation",)))


def slug(name: str) -> str:
    """Return a name as plain letters and hyphens."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return _SLUG.sub("-", "".join(c for c in plain if not unicodedata.combining(c))).strip("-")


_RANK = {"settlement": 0, "region": 1, "country": 2, "water": 2, "landmark": 3}


def _name(event: _Event) -> str:
    """Return the name of an event: where, what, when; the same from every report of it."""
    places = [place for place in event.places if slug(place.name)]
    first = event.members[0].place if event.members else ()
    lead = min(first or places, key=lambda place: _RANK.get(place.level, 4), default=None)
    where = slug(lead.name) if lead else "somewhere"
    what = event.family if event.family != "effect" else str(event.members[0].kind)
    if what == "hazard" and event.sorts:
        what = sorted(event.members[0].sorts or event.sorts)[0]
    if what == "strike" and not event.has_strike:
        what = "explosion"
    if any(place.level == "landmark" for place in first):
        things = sorted(event.members[0].infrastructure, key=lambda thing: thing.span is None)
        what = things[0].type if things else what
    start = event.start or None
    when = start.isoformat() if start else "undated"
    return f"{where}-{what}-{when}"


# --- contradictions ----------------------------------------------------------------------------


def contradictions(claims: Sequence[Claim]) -> dict[str, tuple[str, ...]]:
    """Return, by claim, the claims of its event that cannot be true with it."""
    out: dict[str, list[str]] = {}
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.event is not None:
            groups.setdefault(claim.event, []).append(claim)
    for members in groups.values():
        told = [each for each in members if _is_telling(each)][:_LOOK_BACK]
        for at, one in enumerate(told):
            for other in told[at + 1 :]:
                if _contradict(one, other):
                    out.setdefault(one.id, []).append(other.id)
                    out.setdefault(other.id, []).append(one.id)
    return {key: tuple(value) for key, value in out.items()}


def _is_telling(claim: Claim) -> bool:
    figures = (claim.killed, claim.injured, claim.affected)
    return any(figures) or claim.hedge is Hedge.DENIED


def _contradict(one: Claim, other: Claim) -> bool:
    denied = (one.hedge is Hedge.DENIED) != (other.hedge is Hedge.DENIED)
    if denied and one.kind is other.kind:
        return True
    if one.kind is not other.kind or not _places_meet(one, other):
        return False
    return any(
        _apart(getattr(one, field_), getattr(other, field_))
        for field_ in ("killed", "injured", "affected")
    )


def _places_meet(one: Claim, other: Claim) -> bool:
    if not one.place or not other.place:
        return True
    return any(same_place(a, b) for a in one.place for b in other.place)


def _apart(one: Figure | None, other: Figure | None) -> bool:
    """Say whether no number can be both."""
    if one is None or other is None or one.is_part or other.is_part or one.what != other.what:
        return False
    if 1 in {one.value, other.value}:
        return False  # a single victim is told of beside any toll
    low = max(one.low or 0, other.low or 0)
    highs = [each.high for each in (one, other) if each.high is not None]
    return bool(highs) and low > min(highs)


# --- across reports ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An incident of the ledger, as much of it as a proposal needs."""

    id: str
    kind: Kind
    names: tuple[str, ...] = ()
    """Names of its places, any spelling."""
    geocode: str | None = None
    start: date | None = None
    end: date | None = None
    things: tuple[str, ...] = ()
    """Types of infrastructure it touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An incident that a claim may belong to. ``score`` 0..1; never decided by itself."""

    incident_id: str
    score: float
    reasons: tuple[str, ...]


_WORTH = 0.4
_DAYS_OF_A_TOLL = 14


def propose(claim: Claim, incidents: Iterable[Known]) -> tuple[Proposal, ...]:
    """Return the incidents a claim may belong to, the likeliest first, with reasons.

    A place or a day that speaks against it rules an incident out.
    """
    out = []
    for known in incidents:
        found = _weigh(claim, known)
        if found is not None and found.score >= _WORTH:
            out.append(found)
    return tuple(sorted(out, key=lambda each: (-each.score, each.incident_id)))


def _weigh(claim: Claim, known: Known) -> Proposal | None:
    score, reasons = 0.0, []
    mine, theirs = _FAMILY.get(claim.kind, "effect"), _FAMILY.get(known.kind, "effect")
    if mine == theirs and mine != "effect":
        score += 0.2
        reasons.append(f"same kind: {claim.kind}")
    elif "effect" not in {mine, theirs} and not {mine, theirs} <= {"strike", "hazard"}:
        return None
    start, end = _days(claim.time)
    if start and end and known.start:
        until = known.end or known.start
        if start <= until and known.start <= end:
            score += 0.35
            reasons.append(f"same day: {start.isoformat()}")
        elif claim.kind in _EFFECTS and 0 < (start - until).days <= _DAYS_OF_A_TOLL:
            score += 0.15
            reasons.append(f"{(start - until).days} days later")
        else:
            return None
    names = {slug(name) for name in known.names}
    mine_names = {slug(place.name) for place in claim.place}
    shared = sorted(names & mine_names)
    codes = {place.geocode for place in claim.place if place.geocode}
    if shared:
        score += 0.35
        reasons.append("same place: " + ", ".join(shared))
    elif known.geocode and known.geocode in codes:
        score += 0.2
        reasons.append(f"same region: {known.geocode}")
    elif names and mine_names and any(place.level != "country" for place in claim.place):
        return None
    things = sorted(set(known.things) & {thing.type for thing in claim.infrastructure})
    if things:
        score += 0.1
        reasons.append("same thing: " + ", ".join(things))
    return Proposal(incident_id=known.id, score=round(score, 2), reasons=tuple(reasons))
