"""Words that somebody else says are in a report: found there, or not taken.

Never fuzzily. The words are searched as they are, and only then with spaces, quotation marks,
dashes and case made equal, because those are what a program changes when it copies. One letter
or digit more or less, words of two places put together, a run over two sentences or out of
what is not the article: not found. A cut through a word or a number is refused as well: the
text that says "15 people" does not say "5 people", and "1,000" is not "000".
"""

from __future__ import annotations

import re
from bisect import bisect_right

from tocsin.reader.claim import Span
from tocsin.reader.document import Document, Sentence

MOST_CHARACTERS = 2_000
"""Longer words are not searched: no sentence that a person checks is so long."""
MOST_PLACES = 4_096
"""Words that begin in more places than this say nothing."""

_QUOTES = dict.fromkeys("“”„‟«»″＂", '"')  # noqa: RUF001
_APOSTROPHES = dict.fromkeys("‘’‚‛‹›′ʼʹ`´＇", "'")  # noqa: RUF001
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_MARKS = str.maketrans(_QUOTES | _APOSTROPHES | _DASHES)

# The figure before goes on in the words (or the words' in what follows): "1,000", "1.5", "17:24",
# and groups of three after a space of any kind.
_NUMBER_BEFORE = re.compile(r"\d[.,:'’]\Z|(?<!\d)\d{1,3}\s\Z")  # noqa: RUF001
_NUMBER_AFTER = re.compile(r"[.,:'’]\d|\s\d{3}(?!\d)")  # noqa: RUF001
# "15 people" of "10-15 people", "lethal" of "non-lethal", "old" of "12-year-old".
_JOINED_BEFORE = re.compile(r"\d[-\u2010-\u2015\u2212]\Z|\w[-\u2010\u2011'’ʼ]\Z")  # noqa: RUF001
_JOINED_AFTER = re.compile(r"[-\u2010\u2011]\w|[\u2012-\u2015\u2212]\d")
_GROUP = re.compile(r"\d{3}(?!\d)")
_ENDS_IN_GROUPS = re.compile(r"(?<!\d)\d{1,3}(?:\s\d{3})*\Z")
_LOOK_BACK = 8


def folded(text: str) -> str:
    """Return the text with marks and case made equal, character for character."""
    plain = text.translate(_MARKS)
    low = plain.casefold()
    if len(low) == len(plain):  # folding a letter never takes one away: none was added either
        return low
    return "".join(one if len(one := each.casefold()) == 1 else each for each in plain)


class Verbatim:
    """One report, searched many times; what is folded is folded once."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._starts = [each.start for each in document.sentences]
        self._dropped = sorted((each.start, each.end) for each in document.dropped)
        self._folded: str | None = None

    def find(self, words: str, near: int | None = None) -> Span | None:
        """Return where the words stand, with the text's own characters.

        Words that stand in several places are those nearest to ``near``; None where no such
        offset is given or two are equally near: nobody is asked to guess.
        """
        words = words.strip()
        if len(words) > MOST_CHARACTERS or not any(each.isalnum() for each in words):
            return None
        found = self._exactly(words) or self._after_folding(words)
        if len(found) > 1 and near is not None:
            found.sort(key=lambda run: abs(run[0] - near))
            if abs(found[0][0] - near) < abs(found[1][0] - near):
                found = found[:1]
        return self.document.span(*found[0]) if len(found) == 1 else None

    def sentence(self, start: int, end: int) -> Sentence | None:
        """Return the one sentence that holds the run wholly; None for boilerplate."""
        at = bisect_right(self._starts, start) - 1
        if at < 0 or end > self.document.sentences[at].end:
            return None
        before = bisect_right(self._dropped, (end - 1, end)) - 1
        if before >= 0 and self._dropped[before][1] > start:
            return None
        return self.document.sentences[at]

    def _exactly(self, words: str) -> list[tuple[int, int]]:
        text = self.document.text
        found: list[tuple[int, int]] = []
        at = text.find(words)
        for _ in range(MOST_PLACES):
            if at < 0:
                return found
            if self._is_whole(at, at + len(words)):
                found.append((at, at + len(words)))
            at = text.find(words, at + 1)
        return []

    def _after_folding(self, words: str) -> list[tuple[int, int]]:
        if self._folded is None:
            self._folded = folded(self.document.text)
        parts = folded(words).split()
        pattern = re.compile(r"\s+".join(map(re.escape, parts)))
        found: list[tuple[int, int]] = []
        at = 0
        for _ in range(MOST_PLACES):
            match = pattern.search(self._folded, at)
            if match is None:
                return found
            if self._is_whole(*match.span()):
                found.append(match.span())
            at = match.start() + 1
        return []

    def _is_whole(self, start: int, end: int) -> bool:
        """Say whether the run lies in one sentence and cuts neither a word nor a number."""
        if self.sentence(start, end) is None:
            return False
        text = self.document.text
        if start and text[start].isalnum() and text[start - 1].isalnum():
            return False
        if end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
            return False
        before = text[max(0, start - _LOOK_BACK) : start]
        if text[start].isalnum() and _JOINED_BEFORE.search(before):
            return False
        if text[end - 1].isalnum() and _JOINED_AFTER.match(text, end):
            return False
        if text[start].isdigit() and (cut := _NUMBER_BEFORE.search(before)):
            spaced = cut.group()[-1].isspace()
            if not spaced or _GROUP.match(text, start):
                return False
        if text[end - 1].isdigit() and (after := _NUMBER_AFTER.match(text, end)):
            spaced = after.group()[0].isspace()
            tail = text[max(start, end - 4 * _LOOK_BACK) : end]
            return spaced and not _ENDS_IN_GROUPS.search(tail)
        return True


def find(document: Document, words: str, near: int | None = None) -> Span | None:
    """Return where the words stand in the report; see ``Verbatim.find``."""
    return Verbatim(document).find(words, near)
