"""What our own finders read at the words that a language model pointed at.

Nothing of the model's is taken over but where to look. A happening (strike, damage, outage ...)
that our rules see is in the plain drafts already: there is nothing to add. A toll is added where
``numbers`` counts dead or hurt in the words, a statement where ``speakers`` finds who says them;
figures, places, times and speakers are the finders'. Where two figures of ours compete, the
model's words may choose between them, and where they choose neither there is none.

Any other proposal is kept as a ``statement`` for a person to look at, with no figure, thing or
event, if our finders see anything at all there: somebody who says it, a number, a thing, a word
of that kind. The model may be right (grammar has gaps), but a tally must not learn it from the
model; and a sentence of which our reader can say nothing is not shown, because a model that
rambles would bury the true drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tocsin.reader import hedges, numbers, places, speakers, things, times
from tocsin.reader.claim import OUTLET, Claim, Figure, Hedge, Kind, Moment, Place, Span
from tocsin.reader.clauses import Clause, clause_at, clauses
from tocsin.reader.document import Document, Sentence
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.numbers import Count
from tocsin.reader.proposed import NOTE, NOTE_UNSUPPORTED, Proposed
from tocsin.reader.words import words

_TABLES = {
    Kind.STRIKE: ("attack.",),
    Kind.EXPLOSION: ("explosion.",),
    Kind.HAZARD: ("hazard.",),
    Kind.DAMAGE: ("damage.",),
    Kind.OUTAGE: ("outage.verbs", "outage.nouns"),
    Kind.RESTORATION: ("outage.restored",),
    Kind.EVACUATION: ("evacuation.",),
    Kind.SHELTER: ("shelter.",),
    Kind.ALERT: ("alert.",),
}
"""Where the lexicon ``kinds`` names a kind."""
_DEAD_OR_HURT = ("killed", "injured")


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


_Mention = TypeVar("_Mention", bound=_Spanned)


def recompute(
    document: Document,
    proposed: Sequence[Proposed],
    gazetteer: Gazetteer,
    drafts: Sequence[Claim],
) -> tuple[Claim, ...]:
    """Return a claim for each proposal that our finders can say something of.

    What the plain ``drafts`` tell already (the kind, in these words) is left out.
    """
    fresh = [
        each
        for each in proposed
        if not any(
            draft.kind is each.kind and draft.quote.overlaps(each.pointed) for draft in drafts
        )
    ]
    if not fresh:
        return ()
    findings = _Findings(
        counts=numbers.find(document),
        places=[each for each in places.find(document, gazetteer) if each.use == "where"],
        times=times.find(document),
        said=speakers.find(document),
    )
    read = (_read(document, each, findings) for each in fresh)
    return tuple(claim for claim in read if claim is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Findings:
    """All that our finders see in the report, asked once."""

    counts: Sequence[Count]
    places: Sequence[places.PlaceMention]
    times: tuple[times.TimeMention, ...]
    said: Sequence[speakers.Attribution]


def _read(document: Document, proposed: Proposed, findings: _Findings) -> Claim | None:
    """Return what our finders read at the words; None where they say nothing of it."""
    at = proposed.pointed.start
    sentence = document.sentence_at(at)
    if sentence is None:
        return None
    counts = [each for each in findings.counts if sentence.start <= each.span.start < sentence.end]
    said = speakers.covering(findings.said, at)
    if proposed.kind is Kind.CASUALTIES:
        supported = any(_competing(role, proposed, counts) for role in _DEAD_OR_HURT)
    else:
        supported = proposed.kind is Kind.STATEMENT and said is not None
    if not supported and said is None and not counts and not _hinted(document, sentence, proposed):
        return None
    is_toll = supported and proposed.kind is Kind.CASUALTIES
    parts = clauses(document, sentence)
    return Claim(
        id=f"{document.name}#m",
        doc=document.name,
        kind=proposed.kind if supported else Kind.STATEMENT,
        quote=proposed.quote,
        time=_time(document, proposed, sentence, parts, findings),
        place=_places(proposed, sentence, parts, findings),
        killed=_figure("killed", proposed, counts) if is_toll else None,
        injured=_figure("injured", proposed, counts) if is_toll else None,
        speaker=said.speaker if said else OUTLET,
        hedge=hedges.strongest(
            [
                said.hedge if said else Hedge.ASSERTED,
                *(hedge for _, hedge in hedges.marks(document, sentence)),
            ]
        ),
        note=NOTE if supported else NOTE_UNSUPPORTED % {"kind": proposed.kind.value},
    )


def _hinted(document: Document, sentence: Sentence, proposed: Proposed) -> bool:
    """Say whether a thing or a word of that kind stands in the sentence."""
    if things.find(document, sentence):
        return True
    named = {hit.group for hit in words(document.language, "kinds").find(sentence.tokens)}
    tables = _TABLES.get(proposed.kind, ())
    return any(group.startswith(table) for table in tables for group in named)


def _nearest(
    mentions: Sequence[_Mention],
    proposed: Proposed,
    sentence: Sentence,
    parts: Sequence[Clause],
) -> list[_Mention]:
    """Return those in the clauses pointed at, else of their happening, else of the sentence."""
    inside = [each for each in mentions if each.span.within(sentence.start, sentence.end)]
    if not parts:
        return inside
    whole = tuple(parts)
    pointed = proposed.pointed
    own = {part.number for part in parts if part.start < pointed.end and pointed.start < part.end}
    lines = {part.group for part in parts if part.number in own}
    clause = {id(each): clause_at(whole, each.span.start) for each in inside}
    return (
        [each for each in inside if clause[id(each)].number in own]
        or [each for each in inside if clause[id(each)].group in lines]
        or inside
    )


def _time(
    document: Document,
    proposed: Proposed,
    sentence: Sentence,
    parts: Sequence[Clause],
    findings: _Findings,
) -> Moment | None:
    points = [each for each in findings.times if each.start is not None and each.kind == "point"]
    found = _nearest(points, proposed, sentence, parts)
    if found:
        return found[0].moment()
    return times.context(findings.times, document, proposed.pointed.start)


def _places(
    proposed: Proposed, sentence: Sentence, parts: Sequence[Clause], findings: _Findings
) -> tuple[Place, ...]:
    """Return where it happened, each place once; a country only with nothing finer."""
    found: dict[tuple[str, int | None], Place] = {}
    for each in _nearest(findings.places, proposed, sentence, parts):
        found.setdefault((each.place.name, each.place.geonames), each.place)
    fine = tuple(place for place in found.values() if place.level != "country")
    return fine or tuple(found.values())


def _competing(role: str, proposed: Proposed, counts: Sequence[Count]) -> list[Count]:
    return [
        each
        for each in counts
        if each.role == role
        and not each.forecast
        and not each.negated
        and each.span.overlaps(proposed.pointed)
    ]


def _figure(role: str, proposed: Proposed, counts: Sequence[Count]) -> Figure | None:
    """Return the one figure of that role; the model's words choose where there are two."""
    found = _competing(role, proposed, counts)
    if len(found) > 1:
        named: tuple[Span, ...] = proposed.named(role)
        found = [each for each in found if any(each.span.overlaps(span) for span in named)]
    if len(found) != 1:
        return None
    [one] = found
    return Figure(
        value=one.value,
        qualifier=one.qualifier,
        low=one.low,
        high=one.high,
        span=one.span,
        is_part=one.is_part,
    )
