"""Numerals become values: digits with any grouping, words, dozens and hundreds.

Cut here and not in ``document``, because "1 000", "1.2 million" and "3m" are one number each to
a reader of counts, and "03.01.22", "17:24", "12-storey" and "T-72" are none at all.
A number of more than twelve digits counts nobody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from tocsin.reader.claim import Qualifier

MOST_DIGITS = 12
SHORT_NAME = 2
SPACES = " \u00a0\u2009\u202f"
_GROUPED = (
    rf"\d{{1,3}}(?:(?P<sep>[,.'\u2019{SPACES}])\d{{3}})(?:(?P=sep)\d{{3}})*+(?![\d]|[.,:/+]\d)"
)
_LAKHS = r"\d{1,2}(?:,\d{2})+,\d{3}(?![\d]|[.,:/+]\d)"
_TOKEN = re.compile(
    rf"""(?P<grouped>{_GROUPED}(?![^\W_]|-[^\W\d_])|{_LAKHS})
    |(?P<number>\d++(?:[.,]\d++)?+(?![.,:/+]?\d|-[^\W\d_]))(?P<letters>[^\W\d_]*+)
    |(?P<other>\d(?:[\w%]|[.:/,+\u2011-](?=\w))*+)
    |(?P<word>[^\W\d_](?:\w|['\u2019\u02bc.\u2011-](?=\w))*+)
    |(?P<mark>\S)""",
    re.VERBOSE,
)
_PLAIN = str.maketrans("\u2019\u02bc\u2011\u00a0\u202f", "''-  ")

Kind = Literal["word", "number", "other", "mark"]


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, number or mark as counts need it; ``value`` is None where it counts nothing."""

    start: int
    end: int
    lower: str
    kind: Kind
    value: float | None = None
    is_capital: bool = False
    letters: str = ""
    """What is written to a number without a space: k, m, th, km."""


def pieces(text: str, start: int, end: int) -> tuple[Piece, ...]:
    """Cut that run of a document; offsets are the document's."""
    return tuple(_pieces(text, start, end))


def _pieces(text: str, start: int, end: int) -> Iterator[Piece]:
    for match in _TOKEN.finditer(text, start, end):
        shown = match.group()
        begin = match.start()
        match match.lastgroup:
            case "word":
                # "US" is no "us": two capitals are a short name.
                is_short = len(shown) == SHORT_NAME and shown.isupper()
                lower = shown if is_short else shown.lower().translate(_PLAIN)
                yield Piece(begin, match.end(), lower, "word", None, shown[0].isupper())
            case "grouped" | "sep":
                digits = re.sub(r"\D", "", shown)
                yield Piece(begin, match.end(), shown, "number", _value(digits))
            case "number" | "letters":
                number = match.group("number")
                value = _value(number.replace(",", "."))
                letters = match.group("letters").lower()
                yield Piece(begin, match.end(), shown.lower(), "number", value, letters=letters)
            case "other":
                yield Piece(begin, match.end(), shown.lower().translate(_PLAIN), "other")
            case _:
                yield Piece(begin, match.end(), shown, "mark")


def _value(digits: str) -> float | None:
    """Return the number, or None for what is too long to count anybody."""
    return float(digits) if len(digits) <= MOST_DIGITS else None


T = TypeVar("T")


class Phrases(Generic[T]):
    """Phrases of a language with what they mean; the longest one that stands there wins."""

    def __init__(self, rows: Iterable[tuple[str, T]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], T]]] = {}
        for phrase, meaning in rows:
            words = tuple(phrase.split())
            self._by_first.setdefault(words[0], []).append((words, meaning))
        for found in self._by_first.values():
            found.sort(key=lambda row: -len(row[0]))

        self.firsts = frozenset(self._by_first)
        self.phrases = tuple(words for found in self._by_first.values() for words, _ in found)

    def match(self, run: Sequence[Piece], at: int) -> tuple[int, T] | None:
        """Return where the phrase that begins there ends, and its meaning."""
        for words, meaning in self._by_first.get(run[at].lower, ()):
            end = at + len(words)
            if end <= len(run) and all(
                run[at + offset].lower == word for offset, word in enumerate(words)
            ):
                return end, meaning
        return None


@dataclass(frozen=True, slots=True)
class Numeral:
    """A number as it stands: pieces [start, end), and what it may be."""

    start: int
    end: int
    value: int | None
    qualifier: Qualifier
    low: int | None
    high: int | None
    is_word_one: bool = False
    """The word "one", which is also a pronoun."""


class Numerals:
    """Reads numerals of one language; the table is ``numbers.toml`` of its lexicon."""

    def __init__(self, table: Mapping[str, Any]) -> None:
        words = table.get("numerals") or {}
        self.units: dict[str, int] = words.get("units", {})
        self.tens: dict[str, int] = words.get("tens", {})
        self.hundreds: dict[str, int] = words.get("hundreds", {})
        self.hundred = frozenset(words.get("hundred", ()))
        self.scales: dict[str, int] = words.get("scales", {})
        self.letters: dict[str, int] = words.get("letters", {})
        self.one = frozenset(words.get("one", ()))
        self.joins = frozenset(words.get("and", ()))
        self.shares = Phrases(words.get("shares", {}).items())
        vague = table.get("vague") or ()
        self.vague = Phrases(
            (phrase, (Qualifier(row["qualifier"]), row["low"], row.get("high")))
            for row in vague
            for phrase in row["words"]
        )

    def read(self, run: Sequence[Piece], at: int) -> Numeral | None:
        """Return the numeral that begins there."""
        piece = run[at]
        if piece.kind == "number":
            return self._digits(run, at)
        if piece.kind != "word":
            return None
        if found := self.vague.match(run, at):
            end, (qualifier, low, high) = found
            return Numeral(at, end, None, qualifier, low, high)
        return self._words(run, at)

    def _digits(self, run: Sequence[Piece], at: int) -> Numeral | None:
        piece = run[at]
        if piece.value is None:
            return None
        value, end = piece.value, at + 1
        if piece.letters:
            if piece.letters not in self.letters:
                return None
            value *= self.letters[piece.letters]
        if end < len(run) and run[end].kind == "word":
            lower = run[end].lower
            scale = self.scales.get(lower) or (100 if lower in self.hundred else None)
            if scale and not piece.letters:
                # "1.200 million" is a decimal after all: no one writes a group and a scale.
                shown = piece.lower
                if "." in shown and re.fullmatch(r"\d+\.\d{3}", shown):
                    value = float(shown)
                value *= scale
                end = self._past_dot(run, end + 1)
        if value != int(value):
            value = round(value, 6)
            if value != int(value):
                return None
        return exact(at, end, int(value))

    def _past_dot(self, run: Sequence[Piece], end: int) -> int:
        """Go past the dot of a shortened scale, where the sentence goes on."""
        if end + 1 < len(run) and run[end].lower == "." and run[end].start == run[end - 1].end:
            following = run[end + 1]
            return end + 1 if following.kind == "word" and not following.is_capital else end
        return end

    def _words(self, run: Sequence[Piece], at: int) -> Numeral | None:
        if found := self.shares.match(run, at):
            end, share = found
            scale = self.scales.get(run[end].lower) if end < len(run) else None
            return exact(at, end + 1, scale // share) if scale else None
        total, current, last, index = 0, 0, _Last.NOTHING, at
        size = len(run)
        if run[at].lower in self.one:
            following = run[at + 1].lower if at + 1 < size else ""
            if following not in self.hundred and following not in self.scales:
                return None
            current, last, index = 1, _Last.UNIT, at + 1
        ends = index
        while index < size and run[index].kind == "word":
            word = run[index].lower
            if word in self.joins:
                if last not in {_Last.HUNDRED, _Last.SCALE} or index + 1 >= size:
                    break
                following = _parts(run[index + 1].lower)[0]
                if following not in self.units and following not in self.tens:
                    break
                index += 1
                continue
            step = self._step(word, current, last)
            if step is None:
                break
            total, current, last = total + step[0], step[1], step[2]
            index += 1
            ends = index
        if last == _Last.NOTHING or (ends == at + 1 and run[at].lower in self.one):
            return None
        lone = ends == at + 1 and total + current == 1
        return exact(at, ends, total + current, is_word_one=lone)

    def _step(self, word: str, current: int, last: int) -> tuple[int, int, int] | None:
        """Add one word: what goes to the total, what is being built, and what came last."""
        for part_at, part in enumerate(parts := _parts(word)):
            if part in self.units and last != _Last.UNIT:
                current, last = current + self.units[part], _Last.UNIT
            elif part in self.tens and last not in {_Last.UNIT, _Last.TEN}:
                current, last = current + self.tens[part], _Last.TEN
            elif part in self.hundreds and last in {_Last.NOTHING, _Last.SCALE}:
                current, last = current + self.hundreds[part], _Last.HUNDRED
            elif part in self.hundred and last in {_Last.UNIT, _Last.TEN, _Last.NOTHING}:
                current, last = max(current, 1) * 100, _Last.HUNDRED
            elif part in self.scales and (last != _Last.SCALE or current):
                return max(current, 1) * self.scales[part], 0, _Last.SCALE
            elif part_at and part in self.joins and parts:
                continue
            else:
                return None
        return 0, current, last


class _Last:
    """What kind of number word came last: it says what may follow."""

    NOTHING, UNIT, TEN, HUNDRED, SCALE = range(5)


def _parts(word: str) -> list[str]:
    return word.split("-") if "-" in word else [word]


def exact(start: int, end: int, value: int, *, is_word_one: bool = False) -> Numeral:
    """Return a plain number."""
    return Numeral(start, end, value, Qualifier.EXACT, value, value, is_word_one)
