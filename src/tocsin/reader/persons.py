"""Persons without a numeral: "a man", "the driver", "civilians", "Mayor John Smith"."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader.amounts import Amount
from tocsin.reader.claim import Qualifier
from tocsin.reader.denials import Denials
from tocsin.reader.items import REACH, Item
from tocsin.reader.numerals import Piece


class Persons(Denials):
    """Reads phrases that name persons."""

    def _persons(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read "a man", "his wife", "the driver", "civilians"."""
        words, lower = self.words, run[at].lower
        if lower in words.determiners:
            return self._determined(run, at, at + 1)
        if lower in words.plural:
            end = at + 1
            while end < len(run) and run[end].lower in words.plural:
                end += 1
            noun = run[end - 1].lower
            if noun in words.not_counted or self._is_compound(run, end):
                return None
            amount = Amount(
                at, end, None, Qualifier.SOME, 1, None, noun, "person", is_numbered=False
            )
            return Item("amount", at, end, lower, amount)
        if lower in words.singular:
            return self._bare_singular(run, at, found)
        return None

    def _determined(self, run: Sequence[Piece], at: int, start: int) -> Item | None:
        words = self.words
        index, end, noun = start, 0, ""
        while index < min(len(run), at + 2 * REACH):
            piece = run[index]
            lower = piece.lower
            if words.is_age(lower) and not lower.endswith("s"):
                end, noun = index + 1, lower
            elif piece.kind != "word" or lower in words.stops:
                break
            elif (
                lower in words.family
                and index + 2 < len(run)
                and run[index + 1].lower in words.partitive
            ):
                inner = self.amounts.numerals.read(run, index + 2)
                if inner and inner.value:
                    amount = Amount(
                        at,
                        inner.end,
                        inner.value,
                        Qualifier.EXACT,
                        inner.value,
                        inner.value,
                        lower,
                        "person",
                    )
                    return Item("amount", at, inner.end, lower, amount)
                break
            elif lower in words.singular or lower in words.pairs or lower in words.plural:
                end, noun = index + 1, lower
            elif end or not self._may_modify(run, index, start):
                break
            index += 1
        opens = run[at].lower not in words.plain_determiners | words.relatives
        if not end and opens and index > at + 1 and self._is_national(run, index):
            end, noun = index, run[index - 1].lower
        if not end or self._is_compound(run, end):
            return None
        definite = run[at].lower in words.plain_determiners
        if noun in words.pairs:
            amount = Amount(at, end, 2, Qualifier.EXACT, 2, 2, noun, "person", is_definite=definite)
        elif noun in words.plural:
            amount = Amount(
                at,
                end,
                None,
                Qualifier.SOME,
                1,
                None,
                noun,
                "person",
                is_definite=definite,
                is_numbered=False,
            )
        else:
            amount = Amount(
                at,
                end,
                1,
                Qualifier.EXACT,
                1,
                1,
                noun,
                "person",
                is_definite=definite,
                is_numbered=False,
            )
        end = self._named(run, end)
        item = Item("amount", at, end, run[at].lower, amount)
        amount.end, plain = end, amount.end
        item.end = max(self._age_end(run, amount), end)
        amount.end = plain
        return item

    def _is_national(self, run: Sequence[Piece], end: int) -> bool:
        """Say whether "a Palestinian" is a person: a verb follows at once."""
        last = run[end - 1]
        if last.lower in self.words.ordinals and end < len(run):
            return run[end].lower in self.words.be | self.words.have
        if not last.is_capital or not last.lower.endswith(self.words.nationals) or end >= len(run):
            return False
        following = run[end].lower
        return following in self.words.be | self.words.have or (
            following in self.words.relatives or self.words.class_of(run[end]) == "verb"
        )

    def _may_modify(self, run: Sequence[Piece], at: int, start: int) -> bool:
        """Say whether an adjective can stand there: "a wounded soldier", not "a strike killed"."""
        kind = self.words.class_of(run[at])
        if kind == "verb":
            if at > start and not self.words.is_adverb(run[at - 1].lower):
                return False
            following = run[at + 1].lower if at + 1 < len(run) else ""
            return following in self.words.singular or following in self.words.plural
        return self.amounts.numerals.read(run, at) is None

    def _bare_singular(self, run: Sequence[Piece], at: int, found: list[Item]) -> Item | None:
        """Read "woman" of "a man and woman", "Mayor John Smith", and "Man" of a headline."""
        words = self.words
        named = self._named(run, at + 1)
        joined = (
            len(found) > 1
            and found[-1].lower in words.conjunctions
            and (found[-2].amount is not None and found[-2].amount.what == "person")
        )
        titled = run[at].is_capital and named > at + 1
        headline = at == 0 and named == at + 1
        if not (joined or titled or headline or words.is_free) or self._is_compound(run, at + 1):
            return None
        amount = Amount(
            at, named, 1, Qualifier.EXACT, 1, 1, run[at].lower, "person", is_numbered=False
        )
        return Item("amount", at, self._age_end(run, amount), run[at].lower, amount)

    def _name(self, run: Sequence[Piece], at: int) -> Item | None:
        """Read a person's name: two capital words, or one with an age after it."""
        words, end = self.words, at
        while (
            end < len(run)
            and end < at + REACH
            and run[end].kind == "word"
            and run[end].is_capital
            and run[end].lower not in words.stops
            and not run[end].lower.endswith("'s")
            and words.class_of(run[end]) is None
        ):
            end += 1
        if (
            end == at
            or any(piece.lower in words.not_names for piece in run[at:end])
            or (at and run[at - 1].is_capital and run[at - 1].lower not in words.stops)
        ):
            return None
        if end < len(run) and run[end].lower in words.singular:
            return self._titled(run, at, end)
        amount = Amount(at, end, 1, Qualifier.EXACT, 1, 1, None, "name", is_numbered=False)
        aged = self._age_end(run, amount)
        if aged == end and (end == at + 1 or (at and run[at - 1].lower in words.prepositions)):
            return None
        if aged == end and end < len(run) and words.class_of(run[end]) == "person":
            return self._titled(run, at, end)
        return Item("amount", at, aged, run[at].lower, amount)

    def _titled(self, run: Sequence[Piece], at: int, end: int) -> Item | None:
        """Read "Hamas leader Ismail Haniyeh": whose man, what he is, and his name."""
        named = self._named(run, end + 1)
        if run[end].lower not in self.words.singular or named == end + 1:
            return None
        amount = Amount(
            at, named, 1, Qualifier.EXACT, 1, 1, run[end].lower, "person", is_numbered=False
        )
        return Item("amount", at, self._age_end(run, amount), run[at].lower, amount)
