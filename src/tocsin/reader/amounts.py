"""Counted phrases: a numeral with its own qualifier and noun, or persons without a number.

"at least 10 people", "30 others", "a woman", "five more": what is counted is said by the noun,
and a noun that is no person (years, missiles, kilometres) keeps its number out of every tally.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import Words
from tocsin.reader.numerals import Numeral, Numerals, Piece

MOST_MODIFIERS = 5
OLDEST = 119
LAST_DAY = 31
_AGES = 24
YEAR_DIGITS = 4


@dataclass(slots=True)
class Amount:
    """A counted phrase: pieces [start, end)."""

    start: int
    end: int
    value: int | None
    qualifier: Qualifier
    low: int | None
    high: int | None
    noun: str | None = None
    what: str = "bare"
    """``person``, ``bare``, ``unit``, ``unknown``, or the name of a thing (``houses``)."""
    is_part: bool = False
    is_definite: bool = False
    """"the victims": told of before, counted there."""
    is_numbered: bool = True
    """False for persons without a number ("civilians", "a man")."""
    is_taken: bool = False
    is_whose: bool = False
    """"9 of whom": a part of those just named, counted there or not."""
    numeral: int = 0
    """The piece its numeral begins at, after the qualifier."""

    @property
    def may_suffer(self) -> bool:
        """Say whether it can be people."""
        return self.what in {"person", "bare", "customers"}


_BOUNDS: dict[Qualifier, Callable[[int], tuple[int | None, int | None]]] = {
    Qualifier.EXACT: lambda n: (n, n),
    Qualifier.AT_LEAST: lambda n: (n, None),
    Qualifier.MORE_THAN: lambda n: (n + 1, None),
    Qualifier.ABOUT: lambda n: (n, n),
    Qualifier.NEARLY: lambda n: (None, n),
    Qualifier.UP_TO: lambda n: (None, n),
}


def qualified(numeral: Numeral, qualifier: Qualifier | None) -> Numeral:
    """Bind a qualifier to its number; "at least dozens" stays dozens."""
    if qualifier is None or numeral.value is None or numeral.qualifier is not Qualifier.EXACT:
        return numeral
    low, high = _BOUNDS[qualifier](numeral.value)
    return replace(numeral, qualifier=qualifier, low=low, high=high)


class Amounts:
    """Reads the counted phrases of one language."""

    def __init__(self, words: Words) -> None:
        self.words = words
        self.numerals = Numerals(words.table)

    def read(self, run: Sequence[Piece], at: int) -> Amount | None:
        """Return the counted phrase that begins there, its qualifier first.

        What only points ("another", "all", "the") is passed over and left out of its words.
        """
        words = self.words
        first, index, qualifier, under = at, at, None, False
        meant: int | None = None
        while index < len(run) and (found := words.before.match(run, index)):
            meant = index if meant is None and found[1] != "neutral" else meant
            index, meaning = found
            if meaning == "under":
                under = True
            elif meaning != "neutral":
                qualifier = qualifier or Qualifier(meaning)
            if index - first > 2 * MOST_MODIFIERS:
                return None
        if index >= len(run):
            return None
        is_age = index > 0 and run[index - 1].lower in words.aged
        if (
            run[index].lower in words.between
            and not is_age
            and (ranged := self._between(run, index))
        ):
            return self._finish(run, index if meant is None else meant, ranged)
        numeral = self.numerals.read(run, index)
        if numeral is None and index > first:
            numeral, index, meant = self.numerals.read(run, first), first, None
        if numeral is None or self._is_label(run, index, numeral):
            return None
        numeral = self._range(run, qualified(numeral, qualifier))
        if under and numeral.value:
            numeral = replace(numeral, qualifier=Qualifier.UP_TO, low=None, high=numeral.value - 1)
        return self._finish(run, index if meant is None else meant, numeral)

    def _is_label(self, run: Sequence[Piece], index: int, numeral: Numeral) -> bool:
        """Say whether the number names something: a route, a day of a month, money, a year."""
        words = self.words
        before = run[index - 1] if index else None
        if run[index].kind != "number":
            return False
        value = numeral.value or 0
        after = run[numeral.end] if numeral.end < len(run) else None
        if before is not None:
            touching = before.end == run[index].start
            if before.lower in words.money or (
                touching
                and before.kind == "mark"
                and before.lower not in "(\"'\u201c\u2018[\u2014\u2013~"
            ):
                return True
            if value <= LAST_DAY and before.lower in words.months and numeral.end == index + 1:
                after_word = after.lower if after else ""
                return not self._is_noun(after_word)
            if before.lower in words.labels and not before.lower.isdigit():
                return True
            if before.lower in words.between and index > 1 and run[index - 2].lower in words.aged:
                return True
            if self._is_listed_age(run, index, after):
                return True
        if after is None:
            return False
        if after.lower in words.percent:
            return True
        return after.lower in words.months and value <= LAST_DAY and after.is_capital

    def _is_listed_age(self, run: Sequence[Piece], index: int, after: Piece | None) -> bool:
        """Say whether it goes on with a list of ages: "children aged 12, 14 and 15"."""
        words = self.words
        joins = {",", *words.conjunctions, *words.between}
        if run[index - 1].lower not in joins or (
            after is not None and (self._is_noun(after.lower) or words.class_of(after) == "person")
        ):
            return False
        back = index - 1
        while back >= max(0, index - _AGES) and (
            run[back].lower in joins
            or (run[back].kind == "number" and (run[back].value or OLDEST + 1) <= OLDEST)
        ):
            back -= 1
        return back >= 0 and run[back].lower in words.aged

    def _is_noun(self, word: str) -> bool:
        return word in self.words.plural or word in self.words.singular

    def _between(self, run: Sequence[Piece], at: int) -> Numeral | None:
        """Read "between 10 and 15"."""
        low = self._at(run, at + 1)
        if low is None or low.end >= len(run) or run[low.end].lower not in self.words.conjunctions:
            return None
        high = self._at(run, low.end + 1)
        return _ranged(at, low, high) if high else None

    def _range(self, run: Sequence[Piece], numeral: Numeral) -> Numeral:
        """Read "10 to 15", "10-15" and "two or three"."""
        index = numeral.end
        if numeral.value is None or index + 1 >= len(run):
            return numeral
        mark = run[index]
        before = run[numeral.start - 1].lower if numeral.start else ""
        if mark.lower not in self.words.range_marks or before in self.words.not_ranged:
            return numeral
        if mark.lower in self.words.conjunctions and self._at(run, index + 1) is None:
            return numeral
        high = self._at(run, index + 1)
        if high is None or (mark.kind == "mark" and run[index + 1].start != mark.end):
            return numeral
        wide = _ranged(numeral.start, numeral, high)
        if wide is None or (
            mark.lower in self.words.conjunctions and (wide.high or 0) > 2 * (wide.low or 0) + 2
        ):
            return numeral
        return wide

    def _at(self, run: Sequence[Piece], at: int) -> Numeral | None:
        return self.numerals.read(run, at) if at < len(run) else None

    def _finish(self, run: Sequence[Piece], first: int, numeral: Numeral) -> Amount:
        """Take what follows the numeral: "or more", "of them", "more", and its noun."""
        words, end = self.words, numeral.end
        if end < len(run) and run[end].lower == "+" and run[end].start == run[end - 1].end:
            numeral, end = qualified(numeral, Qualifier.AT_LEAST), end + 1
        elif end < len(run) and (found := words.after.match(run, end)):
            end, meaning = found
            numeral = qualified(numeral, Qualifier(meaning))
        amount = Amount(first, end, numeral.value, numeral.qualifier, numeral.low, numeral.high)
        amount.numeral = numeral.start
        if end < len(run) and run[end].lower in words.partitive:
            following = run[end + 1].lower if end + 1 < len(run) else ""
            if following in words.them:
                amount.is_part, amount.end, amount.what = True, end + 2, "person"
                amount.is_whose = following in words.subordinators | words.relatives
                self._absorb(run, amount)
                return amount
            if numeral.value is None:
                end += 1
            elif numeral.value is not None and self._of_the(run, end, amount):
                return amount
        self._noun(run, end, amount)
        if found := words.after.match(run, amount.end) if amount.end < len(run) else None:
            bound = qualified(numeral, Qualifier(found[1]))
            amount.qualifier, amount.low, amount.high = bound.qualifier, bound.low, bound.high
            amount.end = found[0]
        if (
            amount.end + 1 < len(run)
            and run[amount.end].lower in words.partitive
            and run[amount.end + 1].lower in words.them
        ):
            amount.is_part, amount.end = True, amount.end + 2
            self._absorb(run, amount)
        return amount

    def _absorb(self, run: Sequence[Piece], amount: Amount) -> None:
        """Take "children" of "two of them children", and "of them" alone, into the part."""
        index = amount.end
        for piece in run[index : index + 3]:
            if piece.lower in self.words.determiners and index == amount.end:
                index += 1
                continue
            if (
                piece.kind != "word"
                or piece.lower in self.words.stops
                or self.words.class_of(piece) == "verb"
            ):
                return
            index += 1
            if piece.lower in self.words.plural or piece.lower in self.words.singular:
                amount.end = index
                return

    def _of_the(self, run: Sequence[Piece], at: int, amount: Amount) -> bool:
        """Read "three of the 12 passengers", and "one of the victims", which is a part."""
        words = self.words
        if at + 1 >= len(run) or run[at + 1].lower not in words.plain_determiners:
            return False
        whose = at + 2
        if whose + 1 < len(run) and run[whose].lower.endswith(("'s", "s'")):
            whose += 1  # "14 of the country's 16 regions"
        inner = self._at(run, whose)
        end = inner.end if inner else at + 2
        whole = Amount(end, end, 2, Qualifier.EXACT, 2, 2)
        self._noun(run, end, whole)
        amount.end, amount.noun, amount.what = max(whole.end, end), whole.noun, whole.what
        if end < len(run) and whole.noun is None and self._has_died(run, end):
            amount.end = end + 1
        is_of_all = whole.noun is None or whole.noun in words.victims.get("nouns", ())
        amount.is_part = is_of_all and run[at + 1].lower not in words.owners
        return True

    def _has_died(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether "of the wounded" goes on as "died": they are the dead now."""
        if self.words.verbs.match(run, at) is None or at + 1 >= len(run):
            return False
        after = at + 1
        if run[after].lower == ",":
            # "two of the injured, a woman and a child, died"
            closing = (n for n in range(after + 1, min(len(run) - 1, after + 14)))
            after = next((n + 1 for n in closing if run[n].lower == ","), after)
        start = after
        while after < min(len(run) - 1, start + 3) and (
            run[after].lower in self.words.auxiliary or self.words.is_adverb(run[after].lower)
        ):
            after += 1
        then = self.words.verbs.match(run, after)
        return then is not None and any(
            verb.role == "killed" and verb.is_intransitive for verb in then[1]
        )

    def _noun(self, run: Sequence[Piece], at: int, amount: Amount) -> None:
        """Find the noun that is counted, past its adjectives."""
        words, index, last = self.words, at, min(len(run), at + 2 * MOST_MODIFIERS)
        modifiers = 0
        while index < last:
            piece = run[index]
            if piece.kind == "other" and words.is_age(piece.lower):
                index += 1
                continue
            if piece.kind != "word" or piece.lower in words.stops or modifiers > MOST_MODIFIERS:
                break
            lower = piece.lower
            if index == at and amount.end == at and self._is_other_number(run, at):
                break
            if words.is_age(lower) and lower.endswith("s"):
                amount.noun, amount.what, amount.end = lower, "person", index + 1
                return
            kind = words.class_of(piece)
            if self._ends(run, index, last, kind):
                break
            if kind not in {None, "verb"}:
                index = self._longer(run, index, last)
                amount.noun = run[index].lower
                amount.what = words.class_of(run[index]) or "person"
                amount.end = index + 1
                return
            if lower in words.more:
                amount.what, amount.end, amount.noun = "person", index + 1, lower
                if lower in words.others:
                    return
                amount.what = "bare"
            modifiers += 1
            index += 1
        if index > at and run[index - 1].lower not in words.more:
            amount.what = "unknown"
            amount.noun = run[index - 1].lower
            if words.is_person_like(run[index - 1]):
                amount.what, amount.end = "person", index

    def _is_other_number(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether a number of its own follows: "In 2023 five miners died"."""
        return run[at - 1].kind == "number" and self.numerals.read(run, at) is not None

    def _ends(self, run: Sequence[Piece], at: int, last: int, kind: str | None) -> bool:
        """Say whether the phrase ends before that word: a verb, or how it was done."""
        if kind == "verb":
            return not self._is_adjective(run, at)
        if kind is None and self.words.is_adverb(run[at].lower):
            if at + 1 >= last or self.words.class_of(run[at + 1]) != "verb":
                return True
            return not self._is_adjective(run, at + 1)  # "ten seriously wounded"
        return False

    def _longer(self, run: Sequence[Piece], index: int, last: int) -> int:
        """Go on to the head of "crew members", "bus passengers", "school children"."""
        while index + 1 < last:
            following = run[index + 1]
            if following.kind != "word" or following.lower in self.words.stops:
                break
            kind = self.words.class_of(following)
            if kind is None and self.words.class_of(run[index]) != "person":
                beyond = run[index + 2] if index + 2 < last else None
                if beyond is None or self.words.class_of(beyond) != "person":
                    break
                index += 2
                continue
            if kind in {None, "verb"}:
                break
            index += 1
        return index

    def _is_adjective(self, run: Sequence[Piece], at: int) -> bool:
        """Say whether a verb's form stands before a noun: "30 injured people"."""
        for piece in run[at + 1 : at + 3]:
            if piece.kind != "word" or piece.lower in self.words.stops:
                return False
            if piece.lower in self.words.plural:
                return True
        return False


def _ranged(start: int, low: Numeral, high: Numeral) -> Numeral | None:
    if low.value is None or high.value is None or not low.value < high.value:
        return None
    return Numeral(start, high.end, low.value, Qualifier.ABOUT, low.value, high.value)


def year_like(run: Sequence[Piece], amount: Amount) -> bool:
    """Say whether a bare "2014" is a year and not a count."""
    shown = run[amount.end - 1].lower
    return (
        amount.what == "bare"
        and len(shown) == YEAR_DIGITS
        and shown.isdigit()
        and shown[:2] in {"19", "20"}
    )
