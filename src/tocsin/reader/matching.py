"""Which event of a report a claim goes on with.

The newest that nothing speaks against: another day, another town, another kind of happening.
What stays open is decided by grammar: "the attacks", "more strikes", "the tower" go on with an
event; a town of its own with no such word begins one.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader.claim import Kind
from tocsin.reader.document import Document
from tocsin.reader.events import (
    FAMILY,
    LATE_DAYS,
    SUPPLY,
    Event,
    contains,
    days_of,
    family_of,
    is_past,
    same_place,
)
from tocsin.reader.sketch import Sketch

_PEOPLE = frozenset({"shelter", "warning"})
_SAME_DAY, _LATER, _NO_DAY = 3, 1, 0
_SAME_PLACE, _INSIDE, _NO_PLACE = 3, 1, 0
_NEAR = 7
"""Days within which a happening of a report without a day may be dated late in the text."""


def known(
    cell: Sequence[Sketch], lead: Sketch, events: Sequence[Event], document: Document
) -> tuple[Event | None, list[str]]:
    """Return the newest event that the claims of a cell go on with, and why."""
    best: tuple[tuple[int, bool, int], Event, list[str]] | None = None
    for event in events:
        if not _may_be(lead, event, events, document):
            continue
        found = _fit(cell, lead, event, document)
        if found is None:
            continue
        score, reasons = found
        # A toll in a paragraph of its own is of what the report is about, not of the last aside.
        near = lead.is_cause or event.last is None or event.last.paragraph == lead.paragraph
        key = (score, near, event.touched if near else len(event.members))
        if best is None or key > best[0]:
            best = (key, event, reasons)
    if best is None:
        return None, []
    return best[1], best[2] or ["nothing speaks against it"]


def _may_be(lead: Sketch, event: Event, events: Sequence[Event], document: Document) -> bool:
    """Say whether the kinds of the two let them be one happening."""
    if lead.is_other and lead.is_cause and not event.is_of(lead.sentence):
        return False
    if not _same_family(lead, event, events):
        return False
    if event.is_supply != (lead.kind in SUPPLY) and (event.is_supply or not event.lacks(lead)):
        return False
    if lead.sorts and event.sorts and lead.sorts.isdisjoint(event.sorts):
        return False
    recalled = is_past(event, document) and not lead.has_own_time
    return not recalled or lead.goes_on(event.last)


def _fit(
    cell: Sequence[Sketch], lead: Sketch, event: Event, document: Document
) -> tuple[int, list[str]] | None:
    """Return how well day, place and words fit, with reasons; None where they do not."""
    when = _same_time(lead, event)
    where = _same_place(lead, event)
    toll = _same_toll(cell, event)
    if when is None:
        return None
    if where is None:
        if not toll and not _is_wide(lead, event, document):
            return None
        where = _NO_PLACE
    refers = lead.is_definite or lead.is_continuing or lead.is_still
    if where == _INSIDE and not (toll or refers or lead.has_own_time or not lead.is_cause):
        return None
    score = when + where + (_SAME_PLACE if toll else 0)
    if score <= 0 and lead.is_cause and not refers and lead.has_own_place:
        return None
    if lead.is_still and lead.kind is Kind.OUTAGE and _is_earlier(event, lead):
        score += 2
    told = lead.nouns[0] if lead.nouns else lead.kind
    reasons = [
        text
        for text, holds in (
            ("same toll", toll),
            ("same day", when == _SAME_DAY),
            ("same place", where >= _SAME_PLACE),
            ("within the same place", where == _INSIDE),
            (f"told of before: {told}", lead.is_definite),
            ("goes on with it", lead.is_continuing),
            ("still so", lead.is_still and lead.kind is Kind.OUTAGE),
        )
        if holds
    ]
    return score, reasons


def _is_wide(lead: Sketch, event: Event, document: Document) -> bool:
    """Say whether the event lies in many towns: a quake, a storm, a blast that was heard far."""
    nature = event.family == "hazard" or (event.family == "strike" and not event.has_strike)
    return nature and not is_past(event, document) and (not lead.is_cause or lead.is_definite)


def _same_toll(cell: Sequence[Sketch], event: Event) -> bool:
    """Say whether the cell tells a toll of the event again: the headline's and the lead's."""
    return any(
        each.killed is not None and not each.is_part and each.killed.value in event.killed
        for each in cell
    )


def _is_earlier(event: Event, lead: Sketch) -> bool:
    start, _ = days_of(lead.time)
    return bool(start and event.start and event.start < start)


def _same_family(lead: Sketch, event: Event, events: Sequence[Event]) -> bool:
    family = family_of(lead)
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


def _same_time(lead: Sketch, event: Event) -> int | None:
    """Return how well the days fit; None where they speak against it."""
    dated = lead.has_own_time or lead.kind is Kind.STRIKE
    start, end = days_of(lead.time) if dated else (None, None)
    if start is None or end is None or event.start is None or event.end is None:
        passing = lead.is_earlier and lead.is_cause and not lead.is_definite
        return None if passing or (start and event.has_cause) else _NO_DAY
    if lead.is_cause and lead.has_own_time and not event.has_own_time and _is_far(lead, event):
        return None  # "last month, floods ...": of another time than the undated story
    if lead.is_cause and not event.has_cause and not event.has_own_time:
        # A toll came first, its day is the report's: the cause brings the day.
        return _NO_DAY if -1 <= (event.end - start).days <= LATE_DAYS else None
    if lead.is_still and event.start <= start:
        return _SAME_DAY
    if start == event.start and end == event.end:
        return _SAME_DAY
    if lead.is_cause and lead.has_own_time and not event.has_own_time:
        # "The fire" of a toll told on Friday "broke out Tuesday": its own day comes late.
        known = lead.is_definite or event.family == "hazard"
        if known and 0 <= (event.end - start).days <= LATE_DAYS:
            return _NO_DAY
    overlaps = start <= event.end and event.start <= end
    if not lead.is_cause:
        late = (start - event.end).days
        if overlaps:
            return _SAME_DAY if lead.has_own_time else _LATER
        return _LATER if 0 <= late <= LATE_DAYS else None
    if overlaps and (not lead.has_own_time or not event.has_own_time or lead.is_definite):
        return _LATER
    if not lead.has_own_time and lead.is_definite:
        return _NO_DAY
    return None


def _is_far(lead: Sketch, event: Event) -> bool:
    """Say whether a month or a far day is told of, and not of the happening told before."""
    start, end = days_of(lead.time)
    if lead.time is None or start is None or end is None or event.end is None:
        return False
    return not lead.is_definite and (
        lead.time.grain in {"month", "year"} or (event.end - end).days > _NEAR
    )


def _same_place(lead: Sketch, event: Event) -> int | None:
    """Return how well the places fit; None where they speak against it."""
    if not lead.place or not event.places or not lead.has_own_place:
        return _NO_PLACE
    if any(same_place(a, b) for a in lead.place for b in event.places):
        return _SAME_PLACE
    if any(contains(b, a) or contains(a, b) for a in lead.place for b in event.places):
        return _INSIDE
    return None


def refer(sketch: Sketch, events: Sequence[Event], clock: int) -> None:
    """Link a statement that names an event ("the strikes"); its place comes from there."""
    if not sketch.mentions and not sketch.is_continuing:
        return
    families = {FAMILY.get(kind, "effect") for kind in sketch.mentions}
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
            and event.start > (days_of(sketch.time)[1] or event.start)
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
