"""A sentence in the parts that counting needs: counted phrases, their verbs, tolls and the rest.

No grammar of who governs whom is here; that is ``casualties``. Each piece of the sentence is in
exactly one item, in text order.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tocsin.reader.amounts import Amount, year_like
from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import words_of
from tocsin.reader.items import REACH, Item, ItemKind
from tocsin.reader.numerals import Piece
from tocsin.reader.persons import Persons


@cache
def phraser(language: str) -> Phraser:
    """Return the phraser of that language."""
    return Phraser(words_of(language))


class Phraser(Persons):
    """Cuts sentences of one language into items."""

    def items(self, run: Sequence[Piece]) -> list[Item]:
        """Return the whole sentence as items."""
        found: list[Item] = []
        at = 0
        while at < len(run):
            item = self._item(run, at, found)
            found.append(item)
            at = item.end
        return found

    def _item(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item:
        piece = run[at]
        if piece.kind == "mark":
            return self._about(run, at) if piece.lower == "~" else self._plain(run, at)
        if piece.kind == "word":
            for first in (self._toll, self._zero, self._nobody, self._part):
                if item := first(run, at):
                    return item
        if amount := self.amounts.read(run, at):
            return self._counted(run, at, amount)
        if (
            self.words.is_free
            and self.words.is_age(piece.lower)
            and (aged := self._determined(run, at, at))
        ):
            return aged
        if piece.kind == "word":
            for then in (self._verb, self._some):
                if item := then(run, at):
                    return item
            if item := self._persons(run, at, found) or self._name(run, at):
                return item
        return self._plain(run, at)

    def _about(self, run: Sequence[Piece], at: int) -> Item:
        """Read "~40"."""
        amount = self.amounts.read(run, at + 1) if at + 1 < len(run) else None
        return self._counted(run, at + 1, amount) if amount else self._plain(run, at)

    def _plain(self, run: Sequence[Piece], at: int) -> Item:
        piece = run[at]
        end = at + 1
        if piece.lower in self.words.labels and end < len(run) and run[end].kind == "number":
            # "aged 12 to 45", "Route 66": the numbers after a label count nothing.
            end += 1
            while (
                end + 1 < len(run)
                and run[end].lower in self.words.range_marks | self.words.conjunctions
                and run[end + 1].kind == "number"
            ):
                end += 2
            return Item("word", at, end, piece.lower)
        kind: ItemKind = "mark" if piece.kind == "mark" else "word"
        return Item(kind, at, end, piece.lower, is_capital=piece.is_capital)

    def _counted(self, run: Sequence[Piece], at: int, amount: Amount) -> Item:
        if year_like(run, amount) or self._is_share(run, amount):
            amount.what = "unit"
        elif (
            amount.what == "bare"
            and amount.value == 1
            and amount.qualifier is Qualifier.EXACT
            and amount.end < len(run)
            and self._is_ratio(run, amount.end)
        ):
            amount.what = "unit"  # "one in five", "one another"
        return Item("amount", at, self._age_end(run, amount), run[at].lower, amount)

    def _is_share(self, run: Sequence[Piece], amount: Amount) -> bool:
        """Say whether only a share of them is meant: "a third of the country's 20 million"."""
        for at in range(amount.start - 1, max(0, amount.start - REACH), -1):
            if run[at].kind != "word" or run[at].lower in self.words.conjunctions:
                return False
            if run[at].lower in self.words.partitive:
                return run[at - 1].lower in self.words.fractions
        return False

    def _is_ratio(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether "one" goes on as "in five" or "another"."""
        if run[at].lower in self.words.one_of_many:
            return True
        return (
            run[at].lower in self.words.placing
            and at + 1 < len(run)
            and self.amounts.numerals.read(run, at + 1) is not None
        )

    def _part(self, run: Sequence[Piece], at: int) -> Item | None:
        hit = self.words.parts.match(run, at)
        return Item("part", at, hit[0], hit[1]) if hit else None

    def _verb(self, run: Sequence[Piece], at: int) -> Item | None:
        if item := self._suffering(run, at):
            return item
        if hit := self.words.verbs.match(run, at):
            return Item("verb", at, hit[0], run[at].lower, verbs=hit[1])
        return None

    def _suffering(self, run: Sequence[Piece], at: int) -> Item | None:
        """Read "suffered serious injuries", "with burns", "taken to a local hospital"."""
        words, lower = self.words, run[at].lower
        for each in words.spanned:
            if lower not in each.heads:
                continue
            is_through = not each.through
            for index in range(at + 1, min(len(run), at + REACH)):
                piece = run[index]
                is_through |= piece.lower in each.through
                if piece.lower in each.ends and is_through:
                    return Item("verb", at, index + 1, lower, verbs=(each.verb,))
                if piece.kind != "word" or piece.lower in words.be | words.conjunctions:
                    break
                if not (is_through and each.through) and self.amounts.numerals.read(run, index):
                    break
        return None
