"""Words that somebody calls untrue, and words that nobody confirms.

"Reports that 30 people were killed are untrue", "it was not true that the bridge was destroyed",
"could not confirm that": what stands in them is told, but not as a fact. Their hedge decides
whether a figure enters a tally, so they are found by their reach in the sentence and not by a
word close by.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.reader.claim import Hedge
from tocsin.reader.clauses import Clause, clause_at
from tocsin.reader.document import Document, Sentence
from tocsin.reader.words import Hit, words

_TABLE = "untrue."
_ENDS = frozenset(";\u2013\u2014")
_AFTER = frozenset({"coordinate", "adverbial"})
"""Clauses in which the text goes on in its own voice: ", but three were killed"."""
_NEAR = 3
"""Words between "reports" and "that"."""
_FAR = 40
"""Words between "reports" and what is said of them."""


@dataclass(frozen=True, slots=True)
class Doubted:
    """A run of text ``[start, end)`` and what is said of it."""

    start: int
    end: int
    hedge: Hedge


def find(document: Document, sentence: Sentence, parts: tuple[Clause, ...]) -> tuple[Doubted, ...]:
    """Return the runs of a sentence that it calls untrue or leaves open."""
    if not parts:
        return ()
    hits = [
        hit
        for hit in words(document.language, "hedges").find(sentence.tokens)
        if hit.group.startswith(_TABLE)
    ]
    found = [each for hit in hits if (each := _read(sentence, parts, hits, hit)) is not None]
    return tuple(found)


def hedges_at(doubted: Iterable[Doubted], offset: int) -> list[Hedge]:
    """Return what the sentence says of the words at an offset."""
    return [each.hedge for each in doubted if each.start <= offset < each.end]


def _read(
    sentence: Sentence, parts: tuple[Clause, ...], hits: Sequence[Hit], hit: Hit
) -> Doubted | None:
    group = hit.group.removeprefix(_TABLE)
    tokens = sentence.tokens
    negated = any(each.group == f"{_TABLE}not" and each.last == hit.first for each in hits)
    if group == "opening" and negated:  # "did not deny that": left open
        return Doubted(
            tokens[hit.first].start, _end(sentence, parts, hits, hit.last), Hedge.POSSIBLE
        )
    if group == "opening":
        return Doubted(tokens[hit.first].start, _end(sentence, parts, hits, hit.last), Hedge.DENIED)
    if group == "open":
        return Doubted(
            tokens[hit.first].start, _end(sentence, parts, hits, hit.last), Hedge.POSSIBLE
        )
    if group not in {"false", "unsure"}:
        return None
    hedge = Hedge.DENIED if group == "false" else Hedge.POSSIBLE
    # "Reports that ... are untrue": from the noun that is spoken of to the verdict.
    told = [
        each
        for each in hits
        if each.group == f"{_TABLE}told" and each.last <= hit.first and hit.first - each.last < _FAR
    ]
    if not told and group == "unsure":  # "it could not be confirmed that"
        return Doubted(tokens[hit.first].start, _end(sentence, parts, hits, hit.last), hedge)
    if not told:
        return None
    # "The ministry reports five dead and called claims that ...": the last that says of what.
    opened = [
        each
        for each in told
        if any(one.group == f"{_TABLE}of" and 0 <= one.first - each.last <= _NEAR for one in hits)
    ]
    first = (opened or told)[-1].first
    return Doubted(tokens[first].start, tokens[hit.last - 1].end, hedge)


def _end(sentence: Sentence, parts: tuple[Clause, ...], hits: Sequence[Hit], at: int) -> int:
    """Return where what the words open ends: the clause in which the text goes on by itself."""
    tokens = sentence.tokens
    if at >= len(tokens):
        return sentence.end
    # "... and urged residents to leave": who denies goes on to say something else.
    resumes = [each.first for each in hits if each.group == f"{_TABLE}resumes" and each.first > at]
    stop = min((tokens[each].start for each in resumes), default=sentence.end)
    here = clause_at(parts, tokens[at].start)
    for part in parts[here.number + 1 :]:
        # The first clause behind the words is what they speak of, however it begins.
        if part.first > at + 1 and part.link in _AFTER:
            return min(stop, part.start)
    for token in tokens[at:]:
        if token.text in _ENDS:
            return min(stop, token.start)
    return stop
