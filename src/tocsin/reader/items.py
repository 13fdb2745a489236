"""The parts of a sentence that counting needs, and the reader that all its readers build on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from tocsin.reader.amounts import OLDEST, Amount, Amounts
from tocsin.reader.countwords import Role, Verb, Words
from tocsin.reader.numerals import Piece

ItemKind = Literal["amount", "verb", "toll", "zero", "some", "part", "word", "mark"]
REACH = 6


@dataclass(slots=True)
class Item:
    """Pieces [start, end) of the sentence, and what they are together."""

    kind: ItemKind
    start: int
    end: int
    lower: str = ""
    amount: Amount | None = None
    verbs: tuple[Verb, ...] = ()
    """What its verb may mean; of "buried": laid to rest, or trapped."""
    is_capital: bool = False
    roles: tuple[Role, ...] = ()
    """Of a toll, of "no casualties" and of "caused casualties": whom it counts."""


class Reader:
    """Holds the words of one language and how it counts."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.amounts = Amounts(words)

    def _age_end(self, run: Sequence[Piece], amount: Amount) -> int:
        """Go past an age in apposition: ", 34," or "(34)" or ", aged 34,"."""
        end = amount.end
        if amount.what not in {"person", "name"} or end + 1 >= len(run):
            return end
        is_years = self.words.is_free and run[end + 1].lower in self.words.years
        if is_years and run[end].kind == "number":
            return end + 2
        if run[end].lower in self.words.aged and run[end + 1].kind == "number":
            return self._past_ages(run, end + 2)
        if run[end].lower not in {",", "("}:
            return end
        index = end + 1
        if run[index].lower in self.words.aged:
            index += 1
        if index >= len(run) or run[index].kind != "number" or (run[index].value or 999) > OLDEST:
            return end
        after = run[index + 1].lower if index + 1 < len(run) else "."
        if after not in {",", ")", ".", ";"}:
            return end
        return index + (2 if after in {",", ")"} else 1)

    def _past_ages(self, run: Sequence[Piece], at: int) -> int:
        """Go past "61 and 78" of "three people aged 34, 61 and 78"."""
        joins = {",", *self.words.conjunctions}
        end = at
        while end + 1 < len(run) and run[end].lower in joins:
            step = end + 2 if run[end + 1].lower in self.words.conjunctions else end + 1
            if step >= len(run) or run[step].kind != "number" or (run[step].value or 999) > OLDEST:
                break
            after = run[step + 1] if step + 1 < len(run) else None
            if after is not None and self.words.class_of(after) not in {None, "verb"}:
                break
            end = step + 1
        return end

    def _is_compound(self, run: Sequence[Piece], end: int) -> bool:
        """Say whether the noun only describes the next one: "people smugglers"."""
        if end >= len(run):
            return False
        piece = run[end]
        kind = self.words.class_of(piece)
        if kind is not None or piece.kind != "word" or piece.is_capital:
            return kind not in {None, "verb"}
        plain = piece.lower not in self.words.stops and not self.words.is_adverb(piece.lower)
        return plain and not self.words.is_free and not piece.lower.endswith(("ing", "ed"))

    def _named(self, run: Sequence[Piece], end: int) -> int:
        """Go past a name in apposition: "a driver John Smith"."""
        while (
            end < len(run)
            and run[end].is_capital
            and run[end].kind == "word"
            and run[end].lower not in self.words.stops
        ):
            end += 1
        return end
