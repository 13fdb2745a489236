"""Statements: what somebody is quoted on that is no happening of another kind.

An attribution whose own main clause tells of a strike, a toll, an outage makes those claims and
no statement; one that only mentions them ("condemned the attacks") is a statement that is
linked to the event it names.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tocsin.reader import hedges
from tocsin.reader.claim import Hedge, Kind, Span
from tocsin.reader.clauses import clause_at
from tocsin.reader.scope import SAID, Scope, places_of
from tocsin.reader.sketch import Sketch
from tocsin.reader.speakers import Attribution

if TYPE_CHECKING:
    from tocsin.reader.found import Found

_NAMES = {
    "attack.nouns": Kind.STRIKE,
    "explosion.nouns": Kind.EXPLOSION,
    "hazard.nouns": Kind.HAZARD,
}


def statements(found: Found, told: Sequence[Sketch]) -> list[Sketch]:
    """Return the statements of a sentence."""
    out: list[Sketch] = []
    for said in found.attributions:
        if any(_inside(other, said) for other in found.attributions if other is not said):
            continue
        if _tells(found, said, told):
            continue
        quote = _quote(found, said, told)
        sketch = Sketch(
            kind=Kind.STATEMENT,
            sentence=found.sentence.number,
            group=-1,
            quote=quote,
            at=quote.start,
            speaker=said.speaker,
            hedge=hedges.strongest([said.hedge, *_forecast(found, said)]),
        )
        _when_and_where(found, said, sketch)
        sketch.mentions, sketch.nouns = _named(found, said)
        grammar = found.grammar
        sketch.is_earlier = bool(grammar.get("grammar.past_perfect"))
        out.append(sketch)
    return out


def _inside(inner: Attribution, outer: Attribution) -> bool:
    """Say whether one attribution only carries another: agencies quoting a ministry."""
    return (
        outer.start <= inner.start
        and inner.end <= outer.end
        and (inner.start, inner.end) != (outer.start, outer.end)
        and outer.start <= inner.cue.start < outer.end
        and inner.end - inner.start > (outer.end - outer.start) // 2
    )


def _tells(found: Found, said: Attribution, told: Sequence[Sketch]) -> bool:
    """Say whether what is said tells, in its main clause, of something that has a claim."""
    inside = [each for each in told if said.start <= each.at < said.end]
    if not inside:
        return False
    start = max(said.start, found.sentence.start)
    main = clause_at(found.parts, start)
    if said.start <= said.cue.start < said.end and said.cue.start - start < 80:  # noqa: PLR2004
        behind = clause_at(found.parts, min(said.cue.end + 1, found.sentence.end - 1))
        lines = {main.group, behind.group}
    else:
        lines = {main.group}
    return any(clause_at(found.parts, each.at).group in lines for each in inside)


def _forecast(found: Found, said: Attribution) -> list[Hedge]:
    return [
        Hedge.LIKELY
        for count in found.counts
        if count.forecast and said.start <= count.span.start < said.end
    ]


def _quote(found: Found, said: Attribution, told: Sequence[Sketch]) -> Span:
    """Return the clauses of the statement with its attribution; the sentence where it is all."""
    sentence, document = found.sentence, found.document
    del told
    low = max(sentence.start, min(said.start, said.cue.start))
    high = min(sentence.end, max(said.end, said.cue.end))
    span = said.speaker.span
    if span is not None and span.within(sentence.start, sentence.end):
        low, high = min(low, span.start), max(high, span.end)
    if high - low < (sentence.end - sentence.start) // 2:
        return document.span(low, high)
    return document.span(sentence.start, sentence.end)


def _when_and_where(found: Found, said: Attribution, sketch: Sketch) -> None:
    """The day it was said; the places it is about."""
    cue = clause_at(found.parts, said.cue.start)
    days = [
        each
        for each in found.times
        if each.start is not None
        and each.kind == "point"
        and not each.is_future
        and (
            0 <= each.span.start - said.cue.end <= 40  # noqa: PLR2004
            or 0 <= said.cue.start - each.span.end <= 40  # noqa: PLR2004
            or clause_at(found.parts, each.span.start).number == cue.number
        )
    ]
    if days:
        nearest = min(days, key=lambda each: abs(each.span.start - said.cue.end))
        sketch.time = nearest.moment()
        sketch.has_own_time = True
    scope = Scope(
        parts=found.parts,
        own=frozenset(part.number for part in found.parts),
        shared=frozenset(),
        barred=frozenset(),
        at=said.cue.start,
    )
    where, far = places_of(scope, found.places, Kind.STRIKE)
    fine = tuple(place for place in where if place.level != "country")
    sketch.place, sketch.has_own_place = fine, bool(fine) and far < SAID


def _named(found: Found, said: Attribution) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    """Return the kinds of events the statement names by a definite noun, and the nouns."""
    kinds: list[Kind] = []
    nouns: list[str] = []
    definite = found.grammar.get("grammar.definite", frozenset())
    for group, kind in _NAMES.items():
        for at in sorted(found.grammar.get(group, ())):
            offset = found.sentence.tokens[at].start
            if not said.start <= offset < said.end and said.cue.start > offset:
                continue
            if any(back in definite for back in range(at - 3, at)):
                kinds.append(kind)
                nouns.append(found.sentence.tokens[at].text)
    return tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(nouns))
