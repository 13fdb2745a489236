"""Lines of a page that are not its article: nothing may be drafted from them.

They stand inside the article's body, so that taking the article out of a page does not take them
away. What they look like is data (``data/lexicons/<language>/boilerplate.toml``); here is only
how they are tried: a whole paragraph or nothing, the head of one (a dateline), or its tail (a
credit). Readers' words go from the head of their list to the end, once an article was told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from tocsin.reader.claim import Span
from tocsin.reader.lexicon import FALLBACK, lexicon
from tocsin.reader.sentences import Run, lines, paragraphs

LONGEST = 260
"""No boilerplate paragraph is longer; a longer one is not even tried."""
TOLD = 300
"""An article has begun after so many characters of whole sentences."""
OPENING = 6
"""A dateline stands in one of the first paragraphs."""
HEADLINE = 160

_SPACE = re.compile(r"\s+")
_STOPPED = re.compile(r"[.!\u2026][\"'\u201d\u2019\u00bb)]*$")
_DASH = r"(?:\s*(?:[\u2014\u2013]|--?)\s*)"
_NAMED = r"[^\W\d_][\w.'\u2019/ -]{0,40}?"
_DASHES = r"\u2013\u2014-"
_LOWER = r"a-z\u0430-\u044f\u0456\u0457\u0454\u0491"
_CAPITALS = rf"(?-i:[^\W\d_{_LOWER}][^{_LOWER}()\n.,:;!?\u2014\u2013]{{2,30}})"
_BEGINS = rf"(?=(?-i:[^\W_{_LOWER}]|[\"'\u201c\u2018\u00ab]))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is the article (paragraphs of lines), what is not, and whose it says it is."""

    kept: tuple[tuple[Run, ...], ...]
    dropped: tuple[Span, ...]
    outlet: str | None = None


def sift(text: str, language: str = FALLBACK) -> Findings:
    """Tell the article from the lines around it; linear in the text."""
    sieve = _Sieve(text, _patterns(language))
    for part in paragraphs(text, lines(text), language):
        sieve.take(part)
    dropped = tuple(Span(start, end, text[start:end]) for start, end in sieve.dropped)
    return Findings(kept=tuple(sieve.kept), dropped=dropped, outlet=sieve.outlet or sieve.agency)


class _Sieve:
    """Goes over the paragraphs once and remembers what section it stands in."""

    def __init__(self, text: str, patterns: _Patterns) -> None:
        self.text = text
        self.patterns = patterns
        self.kept: list[tuple[Run, ...]] = []
        self.dropped: list[Run] = []
        self.outlet: str | None = None
        self.agency: str | None = None
        self._told = 0
        self._in_list = False
        self._is_over = False

    def take(self, part: list[Run]) -> None:
        """Keep a paragraph or drop it, or drop its head or its tail."""
        start, end = part[0][0], part[-1][1]
        if self._is_over:
            self.dropped.append((start, end))
            return
        if not self.kept:  # "Live: " leads elsewhere, but not where the report begins
            start = self._without_head(start, end)
        if end - start <= LONGEST and self._is_boilerplate(self._folded(start, end)):
            self.dropped.append((start, end))
            return
        start = self._without_head(start, end)
        end = self._without_tail(start, end)
        if start >= end:
            return
        if _STOPPED.search(self.text, max(start, end - 4), end):
            self._told += end - start
        rows = [(max(low, start), min(high, end)) for low, high in part]
        self.kept.append(tuple((low, high) for low, high in rows if low < high))

    def _folded(self, start: int, end: int) -> str:
        return _SPACE.sub(" ", self.text[start:end].strip())

    def _is_boilerplate(self, line: str) -> bool:
        known = self.patterns
        if known.ends.fullmatch(line):
            self._is_over = self._told >= TOLD
            return True
        if known.lists.fullmatch(line):
            self._in_list = True
            return True
        for each in known.outlets:
            match = each.fullmatch(line)
            if match:
                self.outlet = self.outlet or _name(match.group("outlet"))
                return True
        if known.lines.fullmatch(line):
            return True
        if self._in_list and len(line) <= HEADLINE and not _STOPPED.search(line):
            return True
        self._in_list = False
        return False

    def _without_head(self, start: int, end: int) -> int:
        """Return where a paragraph begins behind its dateline."""
        match = self.patterns.head.match(self.text, start, end)
        if match and match.end() < end:
            self.dropped.append((start, match.end()))
            start = match.end()
        if len(self.kept) >= OPENING:
            return start
        known = self.patterns
        inline = known.inline.match(self.text, start, min(end, start + 140))
        is_story = self.kept and end - start > HEADLINE // 2
        if inline and is_story and inline.group("town").casefold() not in known.speakers:
            self.dropped.append((start, inline.end()))
            return inline.end()
        for each in self.patterns.datelines:
            match = each.match(self.text, start, min(end, start + 140))
            if match and match.end() < end:
                agency = match.groupdict().get("agency")
                if agency and not self.agency and agency.casefold() not in self.patterns.nobody:
                    self.agency = agency.strip()
                self.dropped.append((start, match.end()))
                return match.end()
        return start

    def _without_tail(self, start: int, end: int) -> int:
        match = self.patterns.tail.search(self.text, max(start, end - LONGEST), end)
        if match is None or (
            match.start() > start
            and self.text[match.start()].isalnum()
            and self.text[match.start() - 1].isalnum()
        ):
            return end
        self.dropped.append((match.start(), end))
        end = match.start()
        while end > start and self.text[end - 1].isspace():
            end -= 1
        return end


def _name(found: str) -> str | None:
    """Return an outlet's name without what stands around it; None where it names nobody."""
    name = found.strip(" \t\xa0\"'\u201c\u201d\u2018\u2019.,:")
    return name if 1 < len(name) <= 40 and any(char.isupper() for char in name) else None  # noqa: PLR2004


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patterns:
    outlets: tuple[re.Pattern[str], ...]
    lines: re.Pattern[str]
    ends: re.Pattern[str]
    lists: re.Pattern[str]
    head: re.Pattern[str]
    datelines: tuple[re.Pattern[str], ...]
    inline: re.Pattern[str]
    """"TOWN, Country: " at the beginning of the story."""
    speakers: frozenset[str]
    """Who is written in capitals before a colon and is no town."""
    tail: re.Pattern[str]
    nobody: frozenset[str]
    """What stands for an agency's name in a dateline and names none."""


@cache
def _patterns(language: str) -> _Patterns:
    """Compile a language's patterns; English ones stand beside those of any other."""
    own = lexicon(language, "boilerplate")
    shared = lexicon(FALLBACK, "boilerplate")
    table = {
        key: [*own.get(key, ()), *(shared[key] if own is not shared else ())] for key in shared
    }
    words = {
        "{date}": _dates(table["date_words"]),
        "{site}": f"(?:{'|'.join(table['sites'])})\\b",
        "{outlet}": rf"(?P<outlet>(?!(?:{'|'.join(table['no_name'])})\b){{name}}?)",
        "{name}": r"[^.!?|\n]{2,60}",
    }
    named = f"(?P<agency>{_any(table['agencies'])})"
    date = words["{date}"]
    return _Patterns(
        outlets=tuple(_compiled([each], words) for each in table["outlet_lines"]),
        lines=_compiled([*table["lines"], *_leading(table), _sharing(table)], words),
        ends=_compiled(table["ends"], words),
        lists=_compiled(table["lists"], words),
        head=re.compile(rf"(?:{_any(table['heads'])})(?:\s*:\s+|\s*-\s*(?=\S))", re.IGNORECASE),
        datelines=tuple(re.compile(each, re.IGNORECASE) for each in _datelines(named, date)),
        tail=re.compile(f"(?:{'|'.join(_filled(table['tails'], words))})$", re.IGNORECASE),
        inline=re.compile(
            rf"(?P<town>{_CAPITALS})(?:,\s+(?:{date}|[^\n,.:;!?()]{{2,30}})){{0,3}}:\s+{_BEGINS}",
            re.IGNORECASE,
        ),
        speakers=frozenset(table["speakers"]),
        nobody=frozenset(table["nobody"]),
    )


def _datelines(named: str, date: str) -> tuple[str, ...]:
    """Return what a paragraph begins with where it tells the place and the agency first."""
    where = rf"{_CAPITALS}(?:,[^\n,]{{2,30}}?){{0,3}}(?:\s*\((?P<agency>{_NAMED})\))?"
    whose = rf"(?-i:[^\W\d_]{{3}}[^()\n!?]{{0,50}}?)\((?P<agency>(?-i:[^\W\d_{_LOWER}]){_NAMED})\)"
    day = date.replace(_DASHES, "")
    word = rf"(?-i:[^\W\d_{_LOWER}])[\w.'\u2019-]{{1,20}}"
    town = rf"{word}(?: {word}){{0,2}}"
    return (
        rf"[^()\n.!?]{{0,70}}?\(\s*{named}(?:[/,][^()]{{0,30}})?\s*\){_DASH}",
        rf"\(\s*{named}\s*\)\s*{_BEGINS}",
        rf"{where}(?:\s*[\u2014\u2013]\s*|\s+--?\s+){_BEGINS}",
        rf"{whose}\s*[\u2014\u2013-]+\s*{_BEGINS}",
        rf"{whose}{day}[\u2014\u2013-]+\s+{_BEGINS}",
        rf"{town}(?:, {town}){{0,2}},\s*(?=\D{{0,12}}\d){day}[\u2014\u2013-]+\s+{_BEGINS}",
        rf"[^\n()/]{{3,60}}?\s/(?P<agency>{_NAMED})/\s*[.:\u2014\u2013-]*\s*",
        rf"{_CAPITALS}[.,]\s*{date}\s*{named}[.:]?\s*{_DASH}?{_BEGINS}",
    )


def _compiled(patterns: Iterable[str], words: dict[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{each})" for each in _filled(patterns, words)), re.IGNORECASE)


def _filled(patterns: Iterable[str], words: dict[str, str]) -> list[str]:
    filled = []
    for pattern in patterns:
        for word, meaning in words.items():
            pattern = pattern.replace(word, meaning)  # noqa: PLW2901
        filled.append(pattern)
    return filled


def _dates(words: Iterable[str]) -> str:
    """Return a run of nothing but dates and times; it gives nothing back, so it stays linear."""
    marks = rf"[\s,.:;/|()+\u00b7\u2022'\u2019{_DASHES}]"
    return rf"(?:\d|(?:(?<=\d)|\b)(?:{'|'.join(words)})\b|{marks})++"


def _leading(table: dict[str, list[str]]) -> list[str]:
    leads, labels = "|".join(table["leads"]), "|".join(table["labels"])
    return [
        rf"[>\u2192\u25ba\u2022*\s]*(?:{leads})\s*(?:[:|>\u00bb]|\s[\u2014\u2013-]\s).*",
        rf"[>\u2192\u25ba\u2022*\s]*(?:{labels})\s*:(?!.*[.!]$).{{0,160}}",
    ]


def _sharing(table: dict[str, list[str]]) -> str:
    """Return what matches a bar of ways to share: "Facebook Twitter Email 12"."""
    words = _any((*table["share_words"], *table["sites"]))
    return rf"(?=.*[^\W\d])(?:\b(?:{words})\b|[\d\s|/\u00b7\u2022,:+&>-])++"


def _any(words: Iterable[Any]) -> str:
    return "|".join(sorted((str(word) for word in words), key=len, reverse=True))
