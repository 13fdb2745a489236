"""What our own finders read at the words that a language model pointed at.

Nothing of the model's is taken over but where to look. Whether the words tell of the kind that
it named is asked of ``kinds`` and ``numbers``, with all that they refuse (a wish, a condition, a
denial, a forecast). Figures, places, times and speakers are the finders', of the clauses that
the words stand in; where two figures of ours compete, the model's words may choose between
them, and where they choose neither there is none.

A kind that our finders do not support is kept as a ``statement`` for a person to look at, with
no figure, thing or event, if they find anything at all there: somebody who says it, a number, a
thing, a word of that kind. The model may be right (grammar has gaps), but a tally must not
learn it from the model; and a sentence of which our reader can say nothing is not shown,
because a model that rambles would bury the true drafts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tocsin.reader import hedges, kinds, numbers, places, speakers, things, times
from tocsin.reader.claim import OUTLET, Claim, Figure, Hedge, Kind, Span
from tocsin.reader.clauses import clause_at, clauses
from tocsin.reader.document import Document
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.numbers import Count
from tocsin.reader.proposed import NOTE, NOTE_UNSUPPORTED, Proposed
from tocsin.reader.scope import Scope, places_of, speaker_of, time_of
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


def recompute(
    document: Document,
    proposed: Sequence[Proposed],
    gazetteer: Gazetteer,
    drafts: Sequence[Claim] = (),
) -> tuple[Claim, ...]:
    """Return a claim for each proposal that our finders can say something of.

    What ``drafts`` tell already (the kind, in these words) is left out: there is nothing to add.
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
        places=places.find(document, gazetteer),
        times=times.find(document),
        said=speakers.find(document),
        theme=kinds.theme(document),
    )
    read = (_read(document, each, findings) for each in fresh)
    return tuple(claim for claim in read if claim is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Findings:
    """All that our finders see in the report, asked once."""

    counts: Sequence[Count]
    places: Sequence[places.PlaceMention]
    times: Sequence[times.TimeMention]
    said: Sequence[speakers.Attribution]
    theme: frozenset[Kind]


def _read(document: Document, proposed: Proposed, findings: _Findings) -> Claim | None:
    """Return what our finders read at the words; None where they say nothing of it."""
    at = proposed.pointed.start
    sentence = document.sentence_at(at)
    parts = clauses(document, sentence) if sentence is not None else ()
    if sentence is None or not parts:
        return None
    number = sentence.number
    counts = [each for each in findings.counts if each.sentence == number]
    said = speaker_of([each for each in findings.said if each.sentence == number], at)
    found = things.find(document, sentence)
    about = hedges.strongest([said.hedge if said else Hedge.ASSERTED, *_marks(document, proposed)])

    kind, supported = proposed.kind, _told(proposed, counts)
    if kind is not Kind.CASUALTIES:
        tokens = [each.start for each in sentence.tokens]
        people = tuple(
            tokens.index(each.span.start)
            for each in counts
            if each.role in _DEAD_OR_HURT and each.span.start in tokens
        )
        triggers = [
            each
            for each in kinds.find(document, sentence, parts, found, people, findings.theme)
            if each.kind is kind and each.span.overlaps(proposed.pointed)
        ]
        supported = bool(triggers) or (kind is Kind.STATEMENT and said is not None)
        if triggers:
            at = triggers[0].span.start
            if all(each.is_planned for each in triggers):
                about = hedges.strongest([about, Hedge.PLANNED])
    if not supported:
        named = {hit.group for hit in words(document.language, "kinds").find(sentence.tokens)}
        tables = _TABLES.get(kind, ())
        hinted = any(group.startswith(table) for table in tables for group in named)
        if said is None and not counts and not found and not hinted:
            return None

    own = {part.number for part in parts if part.start < proposed.pointed.end and at < part.end}
    own = own or {clause_at(parts, at).number}
    lines = {parts[each].group for each in own}
    scope = Scope(
        parts=parts,
        own=frozenset(own),
        shared=frozenset(part.number for part in parts if part.group in lines),
        barred=frozenset(),
        at=at,
    )
    when, _ = time_of(scope, [each for each in findings.times if each.sentence == number], said)
    moment = when.moment() if when is not None else None
    where, _ = places_of(
        scope,
        [each for each in findings.places if each.sentence == number],
        is_cause=kind in kinds.causes(),
    )
    is_toll = supported and kind is Kind.CASUALTIES
    return Claim(
        id=f"{document.name}#m",
        doc=document.name,
        kind=kind if supported else Kind.STATEMENT,
        quote=proposed.quote,
        time=moment or times.context(findings.times, document, at),
        place=where,
        killed=_figure("killed", proposed, counts) if is_toll else None,
        injured=_figure("injured", proposed, counts) if is_toll else None,
        speaker=said.speaker if said else OUTLET,
        hedge=about,
        note=NOTE if supported else NOTE_UNSUPPORTED % {"kind": proposed.kind.value},
    )


def _told(proposed: Proposed, counts: Sequence[Count]) -> bool:
    """Say whether our numbers reader counts dead or hurt in the words."""
    return any(_competing(role, proposed, counts) for role in _DEAD_OR_HURT)


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


def _marks(document: Document, proposed: Proposed) -> list[Hedge]:
    """Return what the hedging words of the sentence say: the whole of it, to be safe."""
    sentence = document.sentence_at(proposed.pointed.start)
    if sentence is None:
        return []
    return [hedge for _, hedge in hedges.marks(document, sentence)]
