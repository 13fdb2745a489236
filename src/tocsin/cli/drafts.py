"""How drafts of a report are shown: a line a measure, then who contradicts whom, then events.

Source: UX.md section 8, ``tocsin read``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size

from tocsin.cli.output import console, text
from tocsin.reader.claim import Claim, Figure, Hedge, Kind, Moment, Qualifier, Span, Speaker
from tocsin.reader.document import Document

Row = tuple[str, str, str, str, str]

WIDEST = (40, 22, 14, 34)
"""Columns of place and time, measure, value, speaker."""
QUOTE = 96

_WORDS = {
    Qualifier.AT_LEAST: "at least {}",
    Qualifier.MORE_THAN: "more than {}",
    Qualifier.ABOUT: "about {}",
    Qualifier.NEARLY: "nearly {}",
    Qualifier.UP_TO: "up to {}",
    Qualifier.NONE: "none",
}
_PLAIN_HEDGES = frozenset({Hedge.ASSERTED, Hedge.SAID})
_KINDS = {
    Kind.EVACUATION: "evacuation",
    Kind.ALERT: "siren or all-clear",
    Kind.STATEMENT: "statement",
}


def show(document: Document, claims: Sequence[Claim]) -> None:
    """Print the drafts for a person."""
    shown = console()
    if not claims:
        why = "" if document.sentences else " There is no article in it."
        shown.print(f"No claims found.{why}")
        return
    told = [each for each in claims if each.kind is not Kind.STATEMENT]
    said = [each for each in claims if each.kind is Kind.STATEMENT]
    rows = [(claim, row) for claim in told for row in _rows(claim)]
    _table(rows)
    if said:
        shown.print("\nStatements")
        _table([(claim, _row(claim, "statement", "")) for claim in said])
    _contradictions(claims)
    _events(claims)
    told_word = "draft" if len(told) == 1 else "drafts"
    said_word = "statement" if len(said) == 1 else "statements"
    shown.print(
        f"\n{len(told)} {told_word}, {len(said)} {said_word}; nothing saved, nothing published."
    )


def _rows(claim: Claim) -> Iterable[Row]:
    """Give a line for each thing that the claim measures; one at least."""
    found = False
    for word, figure in (("killed", claim.killed), ("injured", claim.injured)):
        if figure is not None:
            found = True
            yield _row(claim, word, _value(figure), figure.span)
    if claim.affected is not None:
        found = True
        yield _row(
            claim, claim.affected.what or "affected", _value(claim.affected), claim.affected.span
        )
    for thing in claim.infrastructure:
        found = True
        yield _row(claim, f"{thing.type} {thing.status}", "", thing.span)
    if not found:
        yield _row(claim, _KINDS.get(claim.kind, claim.kind.value), "")


def _row(claim: Claim, measure: str, value: str, about: Span | None = None) -> Row:
    hedge = "" if claim.hedge in _PLAIN_HEDGES else f" ({claim.hedge.value})"
    return (
        _where(claim),
        measure + hedge,
        value,
        _speaker(claim.speaker),
        _quote(claim.quote, about),
    )


def _where(claim: Claim) -> str:
    names = list(dict.fromkeys(place.name for place in claim.place))
    more = f" + {len(names) - 2}" if len(names) > 2 else ""  # noqa: PLR2004
    unsure = "?" if any(place.ambiguous for place in claim.place) else ""
    place = ", ".join(names[:2]) + more + unsure
    when = _when(claim.time)
    return ", ".join(each for each in (place, when) if each) or "-"


def _when(moment: Moment | None) -> str:
    if moment is None:
        return ""
    start, end = moment.start.replace("T", " "), moment.end.replace("T", " ")
    part = f" {moment.part}" if moment.part else ""
    return (start if start == end else f"{start} to {end}") + part


def _value(figure: Figure) -> str:
    if figure.value is None and figure.qualifier not in _WORDS:
        return figure.qualifier.value
    value = "?" if figure.value is None else f"{figure.value:,}"
    part = ", a part" if figure.is_part else ""
    return _WORDS.get(figure.qualifier, "{}").format(value) + part


def _speaker(speaker: Speaker) -> str:
    """Return who says so; a private person is named by nothing but the quote."""
    if speaker.kind == "outlet":
        return "the report"
    if speaker.is_private:
        return speaker.role or "a private person"
    spoken = speaker.span.text if speaker.span else speaker.kind
    name = speaker.name or speaker.role or speaker.org or spoken
    return f"{name} via {speaker.via}" if speaker.via else name


def _quote(quote: Span, about: Span | None) -> str:
    """Return the quote, or the part of it around what the line is about."""
    words = quote.text
    if len(words) <= QUOTE:
        return " ".join(words.split())
    middle = 0
    if about is not None and about.within(quote.start, quote.end):
        middle = (about.start + about.end) // 2 - quote.start
    low = max(0, min(middle - QUOTE // 2, len(words) - QUOTE))
    high = min(len(words), low + QUOTE)
    low = low if low == 0 else words.find(" ", low) + 1
    high = high if high == len(words) else max(words.rfind(" ", low, high), low + 1)
    before, after = "" if low == 0 else "... ", "" if high == len(words) else " ..."
    return before + " ".join(words[low:high].split()) + after


def _table(rows: Sequence[tuple[Claim, Row]]) -> None:
    shown = console()
    widths = [
        min(most, max((cell_len(row[column]) for _, row in rows), default=0))
        for column, most in enumerate(WIDEST)
    ]
    for claim, row in rows:
        cells = [_fit(cell, width) for cell, width in zip(row, widths, strict=False)]
        number = claim.id.rpartition("#")[2]
        shown.print(
            f"  [dim]{text(number):>3}[/]  {text('   '.join(cells))}   {text(_marked(row[-1]))}"
        )


def _marked(quote: str) -> str:
    """Return a quote in marks, unless it begins with its own."""
    return quote if quote[:1] in {'"', "\u201c", "\u00ab"} else f'"{quote}"'


def _fit(cell: str, width: int) -> str:
    return (
        set_cell_size(cell, width)
        if cell_len(cell) <= width
        else set_cell_size(cell, width - 1) + "…"
    )


def _contradictions(claims: Sequence[Claim]) -> None:
    """Say which figures of one event cannot both be true; both stand until a person decides."""
    by_id = {claim.id: claim for claim in claims}
    pairs = {
        (claim.id, other) if claim.id < other else (other, claim.id)
        for claim in claims
        for other in claim.contradicts
        if other in by_id
    }
    if not pairs:
        return
    shown = console()
    shown.print("\nContradictions (both stand until a person decides)")
    for one, other in sorted(pairs):
        sides = "   against   ".join(_side(by_id[each]) for each in (one, other))
        shown.print(f"  [bold yellow]![/] {text(sides)}")


def _side(claim: Claim) -> str:
    told = [
        f"{word} {_value(figure)}"
        for word, figure in (("killed", claim.killed), ("injured", claim.injured))
        if figure is not None
    ]
    if claim.affected is not None:
        told.append(f"{claim.affected.what or 'affected'} {_value(claim.affected)}")
    hedge = "" if claim.hedge in _PLAIN_HEDGES else f" ({claim.hedge.value})"
    what = ", ".join(told) or _KINDS.get(claim.kind, claim.kind.value)
    return f"{claim.id.rpartition('#')[2]} {what}{hedge}, {_speaker(claim.speaker)}"


def _events(claims: Sequence[Claim]) -> None:
    """Say which drafts were put to one event, and why."""
    events: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.event is not None:
            events.setdefault(claim.event, []).append(claim)
    if not events:
        return
    shown = console()
    shown.print("\nEvents (proposed)")
    for event, members in events.items():
        shown.print(f"  {text(event)}")
        for claim in members:
            number = claim.id.rpartition("#")[2]
            why = "; ".join(claim.event_reasons) or "no reason told"
            shown.print(f"    [dim]{text(number):>3}[/]  {text(why)}")
