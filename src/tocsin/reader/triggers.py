"""One sentence as the rules of kinds see it: its words by group, its clauses, what was found."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tocsin.reader.claim import Kind, Span
from tocsin.reader.clauses import Clause
from tocsin.reader.document import Document, Sentence
from tocsin.reader.things import Named
from tocsin.reader.words import Hit

NEAR = 6
"""Words within which a verb and its noun are taken together."""
CAUSES = {"attack": Kind.STRIKE, "explosion": Kind.EXPLOSION, "hazard": Kind.HAZARD}
"""The kinds that make others happen, by their table in the lexicon."""
_REACH = 5
_NONE_REACH = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """The words of a sentence that tell of something."""

    kind: Kind
    first: int
    last: int
    clause: int
    span: Span
    is_planned: bool = False
    is_noun: bool = False


class Reading:
    """One sentence with its word hits, by group, and the triggers found so far."""

    def __init__(
        self,
        document: Document,
        sentence: Sentence,
        parts: tuple[Clause, ...],
        things: tuple[Named, ...],
        theme: frozenset[Kind],
        hits: Sequence[Hit],
    ) -> None:
        """File the words; ``hits`` are those of the lexicon ``kinds``."""
        self.document = document
        self.tokens = sentence.tokens
        self.parts = parts
        self.things = things
        self.theme = theme
        """Causes the whole report is about."""
        self.at: dict[str, list[tuple[int, int]]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        for hit in hits:
            self.at.setdefault(hit.group, []).append((hit.first, hit.last))
            self._starts.setdefault(hit.group, {})[hit.first] = hit.last
        self._free: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._clause_of = [0] * len(self.tokens)
        for part in parts:
            for token in range(part.first, part.last):
                self._clause_of[token] = part.number
        self._offsets = [token.start for token in self.tokens]
        self.triggers: list[Trigger] = []

    def hits(self, group: str, *, but: str = "") -> list[tuple[int, int]]:
        """Return the hits of a group that touch no hit of ``but``."""
        if not but or but not in self.at:
            return self.at.get(group, [])
        key = (group, but)
        if key not in self._free:
            blocked = {token for low, high in self.at[but] for token in range(low, high)}
            self._free[key] = [
                (first, last)
                for first, last in self.at.get(group, [])
                if blocked.isdisjoint(range(first, last))
            ]
        return self._free[key]

    def nouns(self, cause: str) -> list[tuple[int, int]]:
        """Return the nouns of a cause."""
        return self.hits(f"{cause}.nouns", but=f"{cause}.not_nouns")

    def is_a(self, at: int, *groups: str) -> bool:
        """Say whether a hit of one of the groups begins at that token."""
        return any(at in self._starts.get(group, ()) for group in groups)

    def any(self, groups: Iterable[str], first: int, last: int) -> bool:
        """Say whether a hit of the groups begins in that run of tokens."""
        return any(first <= at < last for group in groups for at in self._starts.get(group, ()))

    def clause(self, token: int) -> Clause:
        """Return the clause of a token."""
        return self.parts[self._clause_of[token]]

    def in_group(self, token: int) -> list[Clause]:
        """Return the clauses of one happening with the token's."""
        own = self.clause(token).group
        return [part for part in self.parts if part.group == own]

    def lower(self, at: int) -> str:
        """Return a token's folded text, empty outside."""
        return self.tokens[at].lower if 0 <= at < len(self.tokens) else ""

    def token_at(self, offset: int) -> int:
        """Return the last token that begins at or before an offset."""
        return max(0, bisect_right(self._offsets, offset) - 1)

    def add(
        self, kind: Kind, first: int, last: int, *, planned: bool = False, noun: bool = False
    ) -> None:
        """Keep a trigger."""
        span = self.document.span(self.tokens[first].start, self.tokens[last - 1].end)
        self.triggers.append(
            Trigger(
                kind=kind,
                first=first,
                last=last,
                clause=self.clause(first).number,
                span=span,
                is_planned=planned,
                is_noun=noun,
            )
        )

    def preposition(self, at: int) -> int:
        """Return the preposition before the noun phrase that ends at a token, -1 without one."""
        first = self.clause(at).first if 0 <= at < len(self.tokens) else 0
        for back in range(at - 1, max(first - 1, at - 6), -1):
            if self.is_a(back, "grammar.preposition"):
                return back
            if self.is_a(back, "grammar.determiner") and back > first:
                # "On Monday a quake ...": the article begins what the preposition governs.
                return back - 1 if self.is_a(back - 1, "grammar.preposition") else -1
            if not self.tokens[back].is_word or self.is_a(back, "grammar.auxiliary"):
                return -1
        return -1

    def is_modified(self, at: int, group: str) -> bool:
        """Say whether the preposition before the noun phrase at a token is one of the group."""
        before = self.preposition(at)
        return before >= 0 and self.is_a(before, group)

    def article_before(self, at: int) -> bool:
        """Say whether the word is a noun or an adjective by what stands before it."""
        return self.is_a(at - 1, "grammar.determiner", "grammar.preposition")

    def is_unreal(self, at: int) -> bool:
        """Say whether a wish, an order or a condition stands before, in the same clause."""
        part = self.clause(at)
        if self.any(("grammar.unreal",), max(part.first, at - _REACH), at):
            return True
        head = self.parts[part.head]
        # "The storm could turn and hit the coast": one modal for both.
        return part.link == "and" and self.any(("grammar.modal",), head.first, head.last)

    def is_planned(self, at: int) -> bool:
        """Say whether it is announced: "will", "intends to", close before."""
        return self.any(("attack.planned",), at - _REACH, at)

    def is_negated(self, at: int) -> bool:
        """Say whether a negation stands close before in the clause."""
        return self.any(("grammar.negation",), max(self.clause(at).first, at - 4), at)

    def is_wished(self, at: int) -> bool:
        """Say whether a verb tells of nothing that has happened or is announced."""
        return self.is_unreal(at) or (self.is_negated(at) and not self.is_planned(at))

    def is_none(self, at: int) -> bool:
        """Say whether the text says that there was no such thing."""
        start = self.clause(at).first
        return (
            self.any(("grammar.none",), max(start, at - _NONE_REACH), at)
            or self.is_a(at - 1, "relation.zero")
            or (self.is_a(at - 2, "relation.zero") and not self.article_before(at))
        )
