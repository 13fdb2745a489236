"""Statements: what somebody is quoted on that is no happening of another kind.

An attribution whose own main clause tells of a strike, a toll, an outage makes those claims and
no statement; one that only mentions them ("condemned the attacks") is a statement that is
linked to the event it names. One quotation is one statement, however many sentences it has.
"""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader import hedges, troops
from tocsin.reader.claim import Hedge, Kind, Span
from tocsin.reader.clauses import Clause, clause_at
from tocsin.reader.document import Document, Sentence
from tocsin.reader.figures import figure_of
from tocsin.reader.found import Found
from tocsin.reader.quotes import EDGES
from tocsin.reader.scope import SAID, Scope, places_of
from tocsin.reader.sketch import Sketch
from tocsin.reader.speakers import Attribution

_NAMES = {
    "attack.nouns": Kind.STRIKE,
    "explosion.nouns": Kind.EXPLOSION,
    "hazard.nouns": Kind.HAZARD,
}
_NEAR = 40
"""Characters between the words of saying and the day of saying."""
_BEGINS = "(-\u2013\u2014\u2026\u00bf\u00a1"
_FEWEST = 3
"""Words of a statement beside other claims."""
_MOST = 2_000
"""Characters of a quotation that are joined."""


def statements(found: Found, told: Sequence[Sketch]) -> list[Sketch]:
    """Return the statements of a sentence."""
    out: list[Sketch] = []
    if not told and troops.are_lost(found, found.counts):
        return out
    for said in _own_voices(found.attributions):
        if _tells(found, said, told) or (said.is_weak and found.any("grammar.thereof", 0, 2)):
            continue
        quote = _quote(found, said)
        if told and len(quote.text.split()) <= _FEWEST:
            continue
        sketch = Sketch(
            kind=Kind.STATEMENT,
            sentence=found.sentence.number,
            paragraph=found.sentence.paragraph,
            group=-1,
            quote=quote,
            at=quote.start,
            speaker=said.speaker,
            hedge=hedges.strongest([said.hedge, *_forecast(found, said), *_doubt(found, said)]),
            has_own_cue=said.cue.within(found.sentence.start, found.sentence.end),
        )
        _when_and_where(found, said, sketch)
        sketch.mentions, sketch.nouns = _named(found, said)
        sketch.is_earlier = bool(found.grammar.get("grammar.past_perfect"))
        sketch.is_continuing = said.is_quotation and not sketch.mentions
        out.append(sketch)
    _counted(found, told, out)
    return out


def _counted(found: Found, told: Sequence[Sketch], said: Sequence[Sketch]) -> None:
    """Give the statement a count that no other claim of the sentence took: "rescued 17"."""
    taken = [each.affected.span for each in told if each.affected and each.affected.span]
    for count in found.counts:
        if count.role != "affected" or count.forecast:
            continue
        if any(span.overlaps(count.span) for span in taken):
            continue
        free = next((each for each in said if each.affected is None), None)
        if free is not None:
            free.affected = figure_of(count)


def joined(document: Document, sketches: Sequence[Sketch]) -> list[Sketch]:
    """Make one statement of the sentences of one quotation."""
    out: list[Sketch] = []
    numbers = {each.number: each for each in document.sentences}
    for sketch in sketches:
        last = out[-1] if out else None
        if (
            last is not None
            and last.kind is Kind.STATEMENT
            and sketch.kind is Kind.STATEMENT
            and sketch.sentence == last.sentence_to + 1
            and sketch.quote.end - last.quote.start < _MOST
            and _goes_on(document, numbers[sketch.sentence])
        ):
            last.quote = document.span(last.quote.start, sketch.quote.end)
            last.sentence_to = sketch.sentence
            if sketch.has_own_cue and not last.has_own_cue:
                last.speaker, last.has_own_cue = sketch.speaker, True
            last.hedge = hedges.strongest([last.hedge, sketch.hedge])
            if sketch.has_own_time and not last.has_own_time:
                last.time, last.has_own_time = sketch.time, True
            continue
        if sketch.kind is Kind.STATEMENT:
            sketch.sentence_to = sketch.sentence
        out.append(sketch)
    return out


def _goes_on(document: Document, sentence: Sentence) -> bool:
    """Say whether the sentence begins inside a quotation that was opened before it."""
    first = document.text[sentence.start]
    return sentence.in_quotes(sentence.start) and (first.isalnum() or first in _BEGINS)


def _own_voices(attributions: Sequence[Attribution]) -> list[Attribution]:
    """Return the attributions that the sentence itself reports, one for each speaker."""
    out: list[Attribution] = []
    for said in sorted(attributions, key=lambda each: each.start - each.end):
        others = [each for each in attributions if each is not said]
        if said.is_embedded and (said.is_weak or said.hedge is Hedge.CLAIMED):
            continue
        if said.is_embedded and any(
            each.speaker.name == said.speaker.name and not each.is_embedded for each in others
        ):
            continue
        if said.is_weak and not said.is_quotation and any(not each.is_weak for each in others):
            continue
        if any(each.speaker == said.speaker or _same(each, said) for each in out):
            continue
        if said.is_weak and said.speaker.kind == "outlet":
            continue
        out.append(said)
    return sorted(out, key=lambda each: each.start)


def _same(one: Attribution, other: Attribution) -> bool:
    """Say whether two sayings that overlap are of one speaker."""
    overlap = one.start < other.end and other.start < one.end
    return overlap and one.speaker.name == other.speaker.name


def _tells(found: Found, said: Attribution, told: Sequence[Sketch]) -> bool:
    """Say whether what is said tells, in its main clause, of something that has a claim."""
    inside = [each for each in told if said.start <= each.at < said.end]
    if not inside:
        return False
    parts = found.parts
    if said.is_weak and not said.is_quotation and said.hedge is Hedge.SAID:
        # "Condemned the attacks" tells of none; "put the toll at 9" tells the toll.
        return any(each.kind is Kind.CASUALTIES for each in inside)
    own = clause_at(parts, said.cue.start)
    return any(
        not _is_side(parts, clause)
        and not (clause.number > own.number and _is_cut(found.document, clause))
        for clause in (clause_at(parts, each.at) for each in inside)
    )


def _is_cut(document: Document, clause: Clause) -> bool:
    """Say whether a semicolon parts the clause from what was said before it."""
    return ";" in document.text[max(0, clause.start - 3) : clause.start]


def _is_side(parts: Sequence[Clause], clause: Clause) -> bool:
    """Say whether a clause only adds to a noun or an act of what is said."""
    while clause.link == "and" and clause.head < clause.number:
        clause = parts[clause.head]
    return clause.link in {"relative", "participle"} and clause.number > 0


def _forecast(found: Found, said: Attribution) -> list[Hedge]:
    """Say "likely" where the dead or hurt are said to become more."""
    counted = any(
        each.forecast and said.start <= each.span.start < said.end for each in found.counts
    )
    return [Hedge.LIKELY] if counted or found.grammar.get("grammar.forecast") else []


def _doubt(found: Found, said: Attribution) -> list[Hedge]:
    """Return what the words said call untrue, or leave open."""
    return [each.hedge for each in found.doubted if each.start < said.end and said.start < each.end]


def _quote(found: Found, said: Attribution) -> Span:
    """Return the statement with its attribution; the sentence where that is most of it."""
    sentence, document = found.sentence, found.document
    low = max(sentence.start, min(said.start, said.cue.start))
    high = min(sentence.end, max(said.end, said.cue.end))
    span = said.speaker.span
    if span is not None and span.within(sentence.start, sentence.end):
        low, high = min(low, span.start), max(high, span.end)
    if high <= low or high - low >= (sentence.end - sentence.start) // 2:
        low, high = (low, high) if high > low else (sentence.start, sentence.end)
    text = document.text
    while low < high and text[low] in EDGES:
        low += 1
    while high > low and text[high - 1] in EDGES:
        high -= 1
    return document.span(low, high)


def _when_and_where(found: Found, said: Attribution, sketch: Sketch) -> None:
    """Add the day it was said, and the places it is about."""
    cue = clause_at(found.parts, said.cue.start).number
    days = [
        each
        for each in found.times
        if each.start is not None
        and each.kind == "point"
        and not each.is_future
        and not each.is_possessive
        and (
            0 <= each.span.start - said.cue.start <= _NEAR
            or 0 <= said.cue.start - each.span.end <= _NEAR
            or clause_at(found.parts, each.span.start).number == cue
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
    where, far = places_of(scope, found.places, Kind.STATEMENT)
    fine = tuple(place for place in where if place.level != "country")
    if not fine:
        fine = tuple(each.place for each in found.places if each.use == "said-at")[:1]
    sketch.place, sketch.has_own_place = fine, bool(fine) and far < SAID


def _named(found: Found, said: Attribution) -> tuple[tuple[Kind, ...], tuple[str, ...]]:
    """Return the kinds of events the statement names by a definite noun, and the nouns."""
    kinds: list[Kind] = []
    nouns: list[str] = []
    definite = found.grammar.get("grammar.definite", frozenset())
    tokens = found.sentence.tokens
    for group, kind in _NAMES.items():
        for at in sorted(found.grammar.get(group, ())):
            if not said.start <= tokens[at].start < said.end and said.cue.start > tokens[at].start:
                continue
            if any(back in definite for back in range(at - 3, at)):
                kinds.append(kind)
                nouns.append(tokens[at].text)
    return tuple(dict.fromkeys(kinds)), tuple(dict.fromkeys(nouns))
