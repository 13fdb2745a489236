"""All that the finders found in one sentence, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.reader.claim import Hedge
from tocsin.reader.clauses import Clause, clause_at
from tocsin.reader.document import Document, Sentence
from tocsin.reader.numbers import Count
from tocsin.reader.places import PlaceMention
from tocsin.reader.speakers import Attribution
from tocsin.reader.things import Named
from tocsin.reader.times import TimeMention
from tocsin.reader.triggers import Trigger
from tocsin.reader.untrue import Doubted


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sentence with its clauses, and every mention in it."""

    document: Document
    sentence: Sentence
    parts: tuple[Clause, ...]
    aside: frozenset[int]
    """Groups of relative clauses that tell of another happening than their sentence."""
    triggers: tuple[Trigger, ...]
    counts: tuple[Count, ...]
    times: tuple[TimeMention, ...]
    places: tuple[PlaceMention, ...]
    attributions: tuple[Attribution, ...]
    things: tuple[Named, ...]
    marks: tuple[tuple[int, Hedge], ...]
    doubted: tuple[Doubted, ...] = ()
    """Runs of its text that it calls untrue or leaves open."""
    grammar: dict[str, frozenset[int]]
    """Tokens at which words of a group of the lexicon ``kinds`` begin."""

    def group(self, offset: int) -> int:
        """Return the happening of the clause at an offset."""
        return clause_at(self.parts, offset).group

    def any(self, group: str, first: int, last: int) -> bool:
        """Say whether a word of the group begins in that run of tokens."""
        return any(first <= at < last for at in self.grammar.get(group, ()))

    def token_at(self, offset: int) -> int:
        """Return the token that holds an offset."""
        low, high = 0, len(self.sentence.tokens) - 1
        while low < high:
            middle = (low + high + 1) // 2
            if self.sentence.tokens[middle].start <= offset:
                low = middle
            else:
                high = middle - 1
        return low
