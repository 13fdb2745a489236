"""Lines of a page that are not its article: nothing may be drafted from them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache

from tocsin.reader.claim import Span
from tocsin.reader.lexicon import FALLBACK, lexicon
from tocsin.reader.sentences import lines

LONGEST = 240
"""No boilerplate line is longer; a real paragraph is not even tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What is the article, what is not, and what that says of the report."""

    kept: tuple[tuple[int, int], ...]
    dropped: tuple[Span, ...]
    outlet: str | None = None
    published: date | None = None


def sift(text: str, language: str = FALLBACK) -> Findings:
    """Tell the article's lines from the others."""
    kept, dropped = [], []
    outlet = None
    for start, end in lines(text):
        match = _match(text[start:end], language) if end - start <= LONGEST else None
        if match is None:
            kept.append((start, end))
            continue
        dropped.append(Span(start, end, text[start:end]))
        outlet = outlet or match.groupdict().get("outlet")
    return Findings(kept=tuple(kept), dropped=tuple(dropped), outlet=outlet)


def _match(line: str, language: str) -> re.Match[str] | None:
    for pattern in _patterns(language):
        match = pattern.fullmatch(line)
        if match:
            return match
    return None


@cache
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    table = lexicon(language, "boilerplate") or lexicon(FALLBACK, "boilerplate")
    return tuple(re.compile(each, re.IGNORECASE) for each in table["lines"])
