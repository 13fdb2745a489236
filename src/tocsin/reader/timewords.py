"""Phrases of time in a sentence, found by the forms of the language's lexicon (``times.toml``).

A form is data: classes of words and the regular expression around them. This file only finds the
phrases and says which word of which table stands where; what they mean for the calendar is
``moments``. A sentence is tried only with the forms whose words it holds, so that a long text
costs little.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from tocsin.reader.lexicon import FALLBACK, lexicon

_PIECES = {
    "day": r"(?:0?[1-9]|[12][0-9]|3[01])",
    "year": r"(?:19|20)[0-9]{2}",
    "hour": r"(?:[01]?[0-9]|2[0-4])",
    "minute": r"[0-5][0-9]",
    "numeric": (
        r"(?:[0-9]{4}-[01][0-9]-[0-3][0-9](?:[T ][0-2][0-9]:[0-5][0-9](?::[0-5][0-9])?(?:\.[0-9]+)?"
        r"(?:Z|[+-][0-9]{2}:?[0-9]{2})?)?|[0-9]{4}/[01]?[0-9]/[0-3]?[0-9]"
        r"|[0-9]{1,2}(?P<sep>[./-])[0-9]{1,2}(?P=sep)(?:[0-9]{4}|[0-9]{2}))"
    ),
}
_DIGITS = {
    "0": re.compile(r"[0-9]"),
    "0000": re.compile(r"[0-9]{4}"),
    "0:": re.compile(r"[0-9][:.h][0-9]"),
    "00.": re.compile(r"[0-9][./-][0-9]{1,2}[./-][0-9]"),
}
"""Marks of numbers, by the names that ``near`` gives them."""
_CLASS = re.compile(r"\{([a-z]+)(?::([a-z]))?\}")
_WORD = re.compile(r"[^\W\d_]+")
_BLANK = re.compile(r"\s+")
_LEFT = r"(?<!\w)(?<!\w[-'\u2019])(?<!\d[.,:/])(?:"
_RIGHT = r")(?!\w)(?!-[^\W\d_])(?![.,:]\d)"
_LONGEST = 8_000
"""A "sentence" longer than this is no prose; its head is read."""


@dataclass(frozen=True, slots=True)
class Form:
    """One phrase of the lexicon, compiled."""

    means: str
    near: tuple[frozenset[str], ...]
    """A sentence is tried that holds a word of each."""
    pattern: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A phrase found: where, what it means, and the words that fill its classes."""

    start: int
    end: int
    means: str
    words: Mapping[str, str]

    def get(self, *names: str) -> str | None:
        """Return the word of the first of these classes that is filled."""
        return next((self.words[name] for name in names if name in self.words), None)


class TimeWords:
    """The tables and forms of one language."""

    def __init__(self, language: str) -> None:
        own = lexicon(language, "times")
        self._tables: dict[str, Any] = dict(own or lexicon(FALLBACK, "times"))
        for short, full in (("wday", "weekday"), ("mon", "month")):
            if short in self._tables:  # the full word is always as good as the short one
                self._tables[short] = {**self._tables[full], **self._tables[short]}
        self._capital = frozenset(self._tables.get("capital", ()))
        self.is_day_first = self._tables.get("numeric") == "day-first"
        self.forms = tuple(self._form(each) for each in self._tables.get("form", ()))

    def value(self, table: str, words: str | None) -> Any:
        """Return what that table says of the words; None of words it does not hold."""
        if words is None:
            return None
        plain = _plain(words)
        held = self._tables.get(table, {})
        return held.get(plain, held.get(plain.rstrip(".")))

    def listed(self, name: str) -> tuple[str, ...]:
        """Return a list of words that steer the reading (``future``, ``clause`` ...)."""
        return tuple(self._tables.get("words", {}).get(name, ()))

    @cache  # noqa: B019 (one object a language, kept for the life of the process)
    def matcher(self, name: str) -> re.Pattern[str]:
        """Return an expression that finds any word of that list."""
        words = sorted(self.listed(name), key=len, reverse=True)
        if not words:
            return re.compile(r"(?!)")
        parts = (_escape(each) for each in words)
        return re.compile(
            r"(?:(?<![\w-])|(?=['\u2019;:\u2013—]))(?:" + "|".join(parts) + r")(?![\w-])",
            re.IGNORECASE,
        )

    def last(self, name: str, text: str) -> re.Match[str] | None:
        """Return the last place where a word of that list stands."""
        return next(reversed(list(self.matcher(name).finditer(text))), None)

    def find(self, text: str) -> tuple[Hit, ...]:
        """Return the phrases of a sentence in its order; of two that overlap, the longer."""
        text = text[:_LONGEST]
        held = {word.lower() for word in _WORD.findall(text)}
        held.update(name for name, mark in _DIGITS.items() if mark.search(text))
        found = [
            hit
            for form in self.forms
            if not any(near.isdisjoint(held) for near in form.near)
            for hit in self._hits(form, text)
        ]
        found.sort(key=lambda hit: hit.start - hit.end)
        taken = bytearray(len(text))
        kept = []
        for hit in found:
            if not any(taken[hit.start : hit.end]):
                taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
                kept.append(hit)
        return tuple(sorted(kept, key=lambda hit: hit.start))

    def _hits(self, form: Form, text: str) -> Iterator[Hit]:
        for match in form.pattern.finditer(text):
            words = {name: word for name, word in match.groupdict().items() if word is not None}
            if all(
                words[name][:1].isupper() for name in words if name.split("_")[0] in self._capital
            ):
                yield Hit(match.start(), match.end(), form.means, words)

    def _form(self, each: Mapping[str, Any]) -> Form:
        near = each["near"]
        asked = near.split() if isinstance(near, str) else [near]
        words = tuple(frozenset(self._near(one)) for one in asked)
        # Blanks first: a class's own words bring theirs with them.
        form = each["form"].replace(" ", r"(?:\s{1,3})").replace("'", "['\u2019\u02bc]")
        form = _CLASS.sub(self._class, form)
        return Form(each["means"], words, re.compile(_LEFT + form + _RIGHT, re.IGNORECASE))

    def _near(self, asked: str | list[str]) -> Iterator[str]:
        if isinstance(asked, str) and asked in _DIGITS:
            yield asked
            return
        for word in self._tables[asked] if isinstance(asked, str) else asked:
            yield next(iter(_WORD.findall(word)), word).lower()

    def _class(self, match: re.Match[str]) -> str:
        name, mark = match.groups()
        group = f"{name}_{mark}" if mark else name
        inner = _PIECES.get(name) or "|".join(
            _escape(word) for word in sorted(self._tables[name], key=len, reverse=True)
        )
        if name == "count":
            inner += "|[0-9]{1,4}"
        return f"(?P<{group}>{inner})"


def _escape(words: str) -> str:
    return re.escape(words).replace(r"\ ", r"\s{1,3}").replace("'", "['\u2019\u02bc]")


def _plain(words: str) -> str:
    return _BLANK.sub(" ", words.casefold()).replace("\u2019", "'").replace("\u02bc", "'").strip()


@cache
def time_words(language: str) -> TimeWords:
    """Return the phrases of that language, compiled once; English where it has none."""
    return TimeWords(language)
