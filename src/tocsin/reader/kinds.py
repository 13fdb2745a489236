"""What the clauses of a sentence tell of: attacks, blasts, hazards, damage, outages, shelter ...

A word alone is not an event. "Condemned the attack", "must stop the shelling" mention one;
"the strikes killed", "was hit by a rocket", "in a fire at" tell of one. So each rule (``causes``,
``effects``) asks for a verb with the right noun, or for a noun with a verb or preposition that
makes it happen. Numbers of people are the finder's (``numbers``), casualties in ``happenings``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tocsin.reader.causes import attacks, explosions, hazards
from tocsin.reader.claim import Kind
from tocsin.reader.clauses import Clause
from tocsin.reader.document import Document, Sentence
from tocsin.reader.effects import effects
from tocsin.reader.things import Named
from tocsin.reader.triggers import CAUSES, Reading, Trigger
from tocsin.reader.words import Hit, words

_FEWEST = 2
"""Words of a sentence; a heading of one word tells of nothing."""


def find(
    document: Document,
    sentence: Sentence,
    parts: tuple[Clause, ...],
    things: tuple[Named, ...],
    *,
    casualties: tuple[int, ...] = (),
    about: frozenset[Kind] = frozenset(),
    hits: Sequence[Hit] | None = None,
) -> tuple[Trigger, ...]:
    """Return what a sentence tells of, in its order. ``casualties``: offsets of counted people."""
    if not parts or sum(token.is_word for token in sentence.tokens) < _FEWEST:
        return ()
    if hits is None:
        hits = words(document.language, "kinds").find(sentence.tokens)
    reading = Reading(document, sentence, parts, things, about, hits)
    effects(reading)
    told = [each.first for each in reading.triggers]
    told += [reading.token_at(offset) for offset in casualties]
    attacks(reading, told)
    explosions(reading, told)
    hazards(reading, told)
    seen: set[tuple[Kind, int]] = set()
    out = []
    for each in sorted(reading.triggers, key=lambda trigger: (trigger.first, trigger.kind)):
        if (each.kind, each.first) not in seen:
            seen.add((each.kind, each.first))
            out.append(each)
    return tuple(out)


def theme(rows: Iterable[Sequence[Hit]]) -> frozenset[Kind]:
    """Return what a report is about: the causes named at least half as often as the first.

    ``rows``: the words of the lexicon ``kinds`` in each of its sentences.
    """
    counts = dict.fromkeys(CAUSES, 0)
    for hits in rows:
        blocked = {
            (hit.group.partition(".")[0], token)
            for hit in hits
            if hit.group.endswith("not_nouns")
            for token in range(hit.first, hit.last)
        }
        for hit in hits:
            cause, _, part = hit.group.partition(".")
            if cause in counts and part in _TELLING[cause] and (cause, hit.first) not in blocked:
                counts[cause] += 1
    most = max(counts.values())
    return frozenset(CAUSES[name] for name, count in counts.items() if count and 2 * count >= most)


_TELLING = {
    "attack": {"nouns", "verbs", "weapons"},
    "explosion": {"nouns", "verbs"},
    "hazard": {"nouns", "verbs"},
}


def causes() -> frozenset[Kind]:
    """Return the kinds that make others happen."""
    return frozenset(CAUSES.values())


__all__ = ["Trigger", "causes", "find", "theme"]
