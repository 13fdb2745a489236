"""The clauses of a sentence, and how each hangs on another.

A place, a time or a "may" belongs first to its own clause, then to those that share its
happening: "strikes killed one in A *and left B without power*", "hit a tower, *disrupting its
signal*", "a blast *that damaged the bridge*". After "after", "when", "as" another happening may
begin. No parser: connecting words and the forms of verbs, which hold for news prose.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.reader.document import Document, Sentence, Token
from tocsin.reader.words import Hit, words

Link = Literal["main", "and", "coordinate", "relative", "participle", "adverbial", "content"]
"""``and``: a second predicate of the same subject. ``coordinate``: a clause with its own subject.
``content``: what a verb of saying says."""

SHARES = frozenset({"and", "relative", "participle"})
"""Links over which a happening goes on."""


_DASHES = frozenset(";\u2013\u2014")
_COMMAS = frozenset(",-:(") | _DASHES
_STOPS = frozenset(",.:") | _DASHES


@dataclass(frozen=True, slots=True)
class Clause:
    """A run of tokens ``[first, last)`` and of text ``[start, end)``."""

    number: int
    first: int
    last: int
    start: int
    end: int
    link: Link
    head: int
    """The clause it hangs on; its own number for the main one."""
    group: int
    """Clauses of one happening have one group: the number of its first clause."""


class _Marks:
    """What the clause words say of each token of a sentence."""

    def __init__(self, hits: Sequence[Hit]) -> None:
        self.groups: dict[int, set[str]] = {}
        for hit in hits:
            whole = hit.group == "grammar.not_opening"
            for at in range(hit.first, hit.last if whole else hit.first + 1):
                self.groups.setdefault(at, set()).add(hit.group)

    def has(self, at: int, group: str) -> bool:
        return group in self.groups.get(at, ())


def _verb(tokens: tuple[Token, ...], marks: _Marks, at: int) -> bool:
    """Say whether a finite verb seems to stand there."""
    token = tokens[at]
    if marks.has(at, "grammar.auxiliary"):
        return True
    if not marks.has(at, "grammar.finite") and not (
        token.lower.endswith("ed") and len(token.lower) > 4 and "-" not in token.lower  # noqa: PLR2004
    ):
        return False
    before = at - 1
    while before >= 0 and marks.has(before, "grammar.adverb"):
        before -= 1
    # After "the", "a", "of", "in" it is an adjective or a noun: "the occupied regions".
    return before < 0 or not (
        marks.has(before, "grammar.determiner") or marks.has(before, "grammar.preposition")
    )


def _verb_ahead(tokens: tuple[Token, ...], marks: _Marks, at: int, reach: int) -> int | None:
    """Return where the next finite verb before another break stands."""
    for place in range(at, min(len(tokens), at + reach)):
        if tokens[place].lower in _STOPS:
            return None
        if place > at and marks.has(place, "grammar.relative"):
            return None
        if _verb(tokens, marks, place):
            return place
    return None


def _opening(  # noqa: C901, PLR0911, PLR0912
    tokens: tuple[Token, ...], marks: _Marks, at: int, begun: int
) -> Link | None:
    """Return how a clause that begins at that token is linked, None where none begins."""
    token = tokens[at]
    before = tokens[at - 1].lower if at else ""
    comma = before in _COMMAS
    if before in _DASHES or (before == "-" and not token.lower.isdigit()):
        if marks.has(at, "grammar.relative"):
            return "relative"
        if marks.has(at, "grammar.adverbial"):
            return "adverbial"
        return "coordinate"
    if marks.has(at, "grammar.not_opening"):
        return None
    if marks.has(at, "grammar.relative"):
        if marks.has(at, "grammar.that"):
            said = any(marks.has(back, "grammar.saying") for back in range(max(begun, at - 6), at))
            # "Said in a post shortly after 9 p.m. that": no noun before, so no relative.
            said |= not tokens[at - 1].text.isalpha() and any(
                marks.has(back, "grammar.tells") for back in range(begun, at)
            )
            near = any(marks.has(back, "grammar.saying") for back in range(max(begun, at - 3), at))
            if said and (near or not comma):
                return "content"
            after = at + 1
            return "relative" if after < len(tokens) and _near_verb(tokens, marks, after) else None
        return "relative"
    if marks.has(at, "grammar.adverbial"):
        if at + 1 < len(tokens) and tokens[at + 1].text[:1].isdigit() and not comma:
            return None  # "shortly after 9 p.m."
        if marks.has(at, "grammar.loose") and marks.has(at - 1, "grammar.auxiliary"):
            return None  # "has since reopened"
        if marks.has(at, "grammar.loose") and not comma:
            # "as", "before", "since", "until" are prepositions as often as not.
            return "adverbial" if _verb_ahead(tokens, marks, at + 1, 9) is not None else None
        return "adverbial"
    if marks.has(at, "grammar.coordinator"):
        verbs = [each for each in range(begun, at) if _verb(tokens, marks, each)]
        if not verbs:
            return None
        after = at + 1
        if after < len(tokens) and marks.has(after, "grammar.that"):
            return "content"
        while after < len(tokens) and marks.has(after, "grammar.adverb"):
            after += 1
        if after < len(tokens) and (
            _verb(tokens, marks, after) or marks.has(after, "grammar.gerund")
        ):
            return "and"
        if marks.has(verbs[-1], "grammar.tells") and not comma:
            # "X said A and B were hit": the verb of saying stands outside what is said.
            return None
        verb = _verb_ahead(tokens, marks, at + 1, 12)
        if verb is None or (marks.has(verb - 1, "grammar.coordinator") and verb - 1 > at):
            return None  # "swept through towns and villages and killed": two nouns
        return "coordinate"
    if comma and before == ",":
        at_verb = at
        while at_verb < len(tokens) - 1 and marks.has(at_verb, "grammar.adverb"):
            at_verb += 1
        word = tokens[at_verb].lower
        if word.endswith("ing") and len(word) > 4 and not marks.has(at_verb, "grammar.noun_ing"):  # noqa: PLR2004
            return "participle"
        verb = marks.has(at_verb, "grammar.finite") or marks.has(at_verb, "grammar.auxiliary")
        if verb and any(_verb(tokens, marks, each) for each in range(begun, at)):
            # "killed 3, wounded 4 and knocked out power": a list of predicates.
            return "and"
        if marks.has(at, "grammar.pronoun") and _near_verb(tokens, marks, at + 1):
            return "coordinate"
        if marks.has(at, "grammar.elsewhere") and _is_elsewhere(tokens, marks, at, begun):
            return "coordinate"
    return None


def _is_elsewhere(tokens: tuple[Token, ...], marks: _Marks, at: int, begun: int) -> bool:
    """Say whether another place and its verb begin: "in A three were killed, in B ...".

    The clause before has its verb, and a place of its own in the same manner.
    """
    if at + 1 >= len(tokens) or not tokens[at + 1].is_capital:
        return False
    named = any(
        marks.has(each, "grammar.elsewhere") and tokens[each + 1].is_capital
        for each in range(begun, at - 1)
    )
    return (
        named
        and any(_verb(tokens, marks, each) for each in range(begun, at))
        and _verb_ahead(tokens, marks, at + 2, 8) is not None
    )


def _near_verb(tokens: tuple[Token, ...], marks: _Marks, at: int) -> bool:
    return any(
        _verb(tokens, marks, each)
        for each in range(at, min(len(tokens), at + 4))
        if tokens[each].is_word
    )


def clauses(
    document: Document, sentence: Sentence, hits: Sequence[Hit] | None = None
) -> tuple[Clause, ...]:
    """Return the clauses of a sentence in its order, the first one ``main``.

    ``hits``: the words of the lexicon ``kinds`` in it, where they are known already.
    """
    tokens = sentence.tokens
    if not tokens:
        return ()
    marks = _Marks(words(document.language, "kinds").find(tokens) if hits is None else hits)
    first_link: Link = "adverbial" if marks.has(0, "grammar.adverbial") else "main"
    starts: list[tuple[int, Link, int | None]] = [(0, first_link, None)]
    for at in range(1, len(tokens)):
        link = _opening(tokens, marks, at, starts[-1][0])
        if link == "relative" and starts[-1] == (at - 1, "content", None):
            continue  # "and that": one opening
        if link == "and":
            starts.append((at, link, _resumed(tokens, marks, starts, at)))
        elif link is not None:
            starts.append((at, link, None))
        elif (
            starts[-1][1] == "adverbial"
            and tokens[at - 1].lower == ","
            and not any(_verb(tokens, marks, each) for each in range(starts[-1][0]))
        ):
            # "After the blast, rescuers ...": the main clause begins at the comma.
            starts.append((at, "main", None))
        elif tokens[at - 1].lower == "," and _returns(tokens, marks, starts, at):
            # "In the port, where pumps had stopped, homes had no water".
            starts.append((at, "main", None))
    out: list[Clause] = []
    for number, (first, link_, resumed) in enumerate(starts):
        last = starts[number + 1][0] if number + 1 < len(starts) else len(tokens)
        head = _head(out, number, link_) if resumed is None else resumed
        group = out[head].group if link_ in SHARES and head != number else number
        start, end = tokens[first].start, tokens[last - 1].end
        out.append(Clause(number, first, last, start, end, link_, head, group))
    return tuple(out)


def _returns(
    tokens: tuple[Token, ...], marks: _Marks, starts: list[tuple[int, Link, int | None]], at: int
) -> bool:
    """Say whether the main clause begins behind a place or time and its relative clause."""
    if len(starts) != 2 or starts[1][1] != "relative" or starts[0][1] != "main":  # noqa: PLR2004
        return False
    if not marks.has(0, "grammar.preposition"):
        return False
    before = any(_verb(tokens, marks, each) for each in range(starts[1][0]))
    inside = any(_verb(tokens, marks, each) for each in range(starts[1][0], at))
    return not before and inside and _verb_ahead(tokens, marks, at, 9) is not None


def _resumed(
    tokens: tuple[Token, ...],
    marks: _Marks,
    starts: list[tuple[int, Link, int | None]],
    at: int,
) -> int | None:
    """Return the clause that goes on after an inserted one: "the bus, which ..., *left* ..."."""
    if tokens[at - 1].lower != ",":
        return None
    for number in range(len(starts) - 1, -1, -1):
        first, link, _ = starts[number]
        if link in {"main", "coordinate", "content"}:
            last = starts[number + 1][0] if number + 1 < len(starts) else at
            has_verb = any(_verb(tokens, marks, each) for each in range(first, last))
            return None if has_verb or number == len(starts) - 1 else number
    return None


def _head(out: list[Clause], number: int, link: Link) -> int:
    if not out:
        return number
    if link in {"main", "coordinate"}:
        return next((each.number for each in reversed(out) if each.link == "main"), number)
    return number - 1


def clause_at(parts: tuple[Clause, ...], offset: int) -> Clause:
    """Return the clause that holds an offset of the text; the nearest one outside of all."""
    found = parts[0]
    for each in parts:
        if each.start <= offset:
            found = each
    return found
