"""Which claims are about the same happening: within a report, and across reports.

Inside a report every claim gets an event (``matching``), and from it the day and the place that
its own words lack (``filling``). Across reports nothing is decided: incidents are proposed, with
reasons, and a person confirms (``proposals``).
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader import times
from tocsin.reader.claim import Kind
from tocsin.reader.contradictions import contradictions
from tocsin.reader.document import Document
from tocsin.reader.events import LOOK_BACK, Event, contains, family_of, is_past, name_of, same_place
from tocsin.reader.filling import Days, fill, widen
from tocsin.reader.matching import known, refer
from tocsin.reader.proposals import Known, Proposal, propose
from tocsin.reader.sketch import Sketch
from tocsin.reader.times import TimeMention


def join(sketches: Sequence[Sketch], document: Document, mentions: Sequence[TimeMention]) -> None:
    """Give every sketch its event, with reasons; sketches come in the order of the text."""
    story, happened = (ask(mentions, document) for ask in (times.story_day, times.happening_day))
    days = Days(document, mentions, story, happened)
    events: list[Event] = []
    for clock, cell in enumerate(_cells(sketches)):
        lead = next((each for each in cell if each.is_cause), cell[0])
        if lead.kind is Kind.STATEMENT:
            refer(lead, events[-LOOK_BACK:], clock)
            continue
        loose = lead.kind in {Kind.HAZARD, Kind.EXPLOSION} and not lead.is_earlier
        if lead.is_cause and not lead.has_own_time and not lead.is_definite and not loose:
            lead.time = None if lead.is_earlier else lead.time or days.around(lead)
        recent = sorted(events[-LOOK_BACK:], key=lambda each: each.touched)
        event, reasons = known(cell, lead, recent, document)
        if event is None:
            event = Event(len(events), family_of(lead))
            if lead.time is None and not lead.is_earlier and not lead.is_other:
                lead.time = days.around(lead)
            events.append(event)
        event.touched = clock
        for sketch in cell:
            event.add(sketch)
            sketch.event_reasons += reasons or ["new: the first claim of it in this report"]
    main = next(
        (
            each
            for each in events
            if each.family == "hazard"
            and each.has_own_time
            and not is_past(each, document)
            and not _is_by_month(each)
        ),
        None,
    )
    told = (each for each in sketches if each.kind is not Kind.STATEMENT)
    wide = next((each for each in told if each.has_own_place), None)
    for event in events:
        fill(event, days, main, [wide] if wide and not is_past(event, document) else [])
    widen(events)
    names: dict[str, int] = {}
    for event in events:
        name = name_of(event)
        names[name] = names.get(name, 0) + 1
        if names[name] > 1:
            name = f"{name}-{names[name]}"
        for sketch in event.members:
            sketch.event = name


def _is_by_month(event: Event) -> bool:
    """Say whether it is told only by its month or year: another one that the report recalls."""
    dated = [each.time.grain for each in event.members if each.time and each.has_own_time]
    return bool(dated) and all(grain in {"month", "year"} for grain in dated)


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


__all__ = [
    "Known",
    "Proposal",
    "contains",
    "contradictions",
    "join",
    "propose",
    "same_place",
]
