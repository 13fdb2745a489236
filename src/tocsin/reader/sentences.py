"""Words, quotations and sentences of a report, by position: the text itself is never touched.

A line is a paragraph where it ends in a stop or the next is blank; a line that was only wrapped
goes on in the next; a headline without a stop is a sentence of its own. A quotation may go over
several sentences and paragraphs. All of it is one walk from left to right, whatever the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from tocsin.reader.document import Sentence, Token
from tocsin.reader.lexicon import FALLBACK, lexicon
from tocsin.reader.quotations import quotations

Run = tuple[int, int]

LONGEST = 2_400
"""A sentence is cut at a space after so many characters: no report has one, an attack has."""
NARROWEST, WRAPPED = 50, 100
"""Columns of a wrapped text: its widest line has so many."""

_TOKEN = re.compile(
    r"(?:[^\W\d_]\.){2,}(?:[-\u2010\u2011][^\W_]+)*"  # U.S. p.m. U.S.-led
    r"|\d+(?:[.,]\d+)*(?![^\W_])(?![-\u2010\u2011][^\W\d_])"  # 1,000 3.5 03.01.22
    r"|[^\W_]+(?:['\u2019\u02bc\u2010\u2011-][^\W_]+)*"  # words, 24-year-old, G7, 5kg
    r"|\.{2,}|-{2,}"
    r"|[^\s\ufeff\u200b]"
)
_PLAIN = str.maketrans(
    {
        "\u2018": "'", "\u2019": "'", "\u02bc": "'", "\u201b": "'", "\u00b4": "'",
        "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u201f": '"', "\u00ab": '"', "\u00bb": '"',
        "\u2010": "-", "\u2011": "-",
    }
)  # fmt: skip
_LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+|\r\n|[\r\n\x0b\x0c\x85\u2028\u2029]")
_SPACE = " \t\xa0\u2002\u2003\u2007\u2009\u200a\u200b\u202f\u3000\ufeff\x00"
_CLOSERS = "\"'\u201d\u2019\u00bb\u201c)]"
_OPENERS = "\"'\u201c\u2018\u00ab\u201e(["
_STOP = re.compile(
    rf"[.!?\u2026]+[{re.escape(_CLOSERS)}]*(?=[\s\ufeff]|$)"
    r"|(?<=[^\W\d_])[.!?](?=[^\W\d_]{2})"  # the space was lost: "died.The police"
)
_ENDS_IN_STOP = re.compile(rf"[.!?\u2026:;][{re.escape(_CLOSERS)}]*$")
_LONGEST_WORD = 24
_LONGEST_BRACKET = 40
_LONG_WORD = 15
_NEARLY_FULL = 8
_NEXT_WORD = re.compile(r"[^\W_](?:[^\W_]|['\u2019\u02bc.-](?=[^\W_]))*")
_NUMBER = re.compile(r"\d|[IVXLC]+\b")
_DIGITS_ONLY = re.compile(r"\d{1,3}")


def tokens(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """Return the words, numbers and marks of a run; a number never has a space inside."""
    found = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        word = match.group()
        lower = word.casefold().translate(_PLAIN)
        found.append(Token(match.start(), match.end(), word, lower, word[0].isalnum()))
    return tuple(found)


def lines(text: str) -> Iterator[Run]:
    """Give every line that is not blank, without the spaces around it."""
    for match in _LINE.finditer(text):
        start, end = match.span()
        while start < end and text[start] in _SPACE:
            start += 1
        while start < end and (text[end - 1] in _SPACE or text[end - 1].isspace()):
            end -= 1
        if start < end:
            yield start, end


def paragraphs(text: str, kept: Iterable[Run], language: str = FALLBACK) -> list[list[Run]]:
    """Join lines that were only wrapped; each paragraph is a list of its lines.

    ``kept`` are the lines of the article in order, boilerplate left out.
    """
    grown: list[list[Run]] = []
    words = _words(language)
    rows = list(kept)
    width = _width(text, rows, words.common)
    for start, end in rows:
        if grown and _goes_on(text, grown[-1][-1], (start, end), width, words):
            grown[-1].append((start, end))
        else:
            grown.append([(start, end)])
    return grown


def _width(text: str, rows: Sequence[Run], common: frozenset[str]) -> int:
    """Return the columns that the text was wrapped at; 0 where lines are as they were written.

    A wrapped text has no longer line, and either blank lines between its paragraphs, or many
    lines of one width that break inside a sentence.
    """
    inner = [
        (high - low, text[after[0]].islower() or text[low:high].rpartition(" ")[2] in common)
        for (low, high), after in itertools.pairwise(rows)
        if not _blank_between(text, high, after[0])
    ]
    if not inner:
        return 0
    longest = max(high - low for low, high in rows)
    if NARROWEST <= longest <= WRAPPED and len(inner) < len(rows) - 1:
        return longest
    widths = sorted(width for width, _ in inner)
    widest = widths[len(widths) * 19 // 20]
    wide = sum(width >= widest - _LONG_WORD for width in widths)
    broken = sum(is_broken for _, is_broken in inner)
    is_wrapped = wide * 2 >= len(inner) and broken * 4 >= len(inner)
    return widest if is_wrapped and NARROWEST <= widest <= WRAPPED else 0


def _blank_between(text: str, end: int, start: int) -> bool:
    gap = text[end:start].replace("\r\n", "\n")
    return sum(char not in _SPACE for char in gap) != 1


def _goes_on(text: str, before: Run, row: Run, width: int, words: _Words) -> bool:
    """Say whether a line goes on in the next: it was wrapped, or broken inside a sentence."""
    if _blank_between(text, before[1], row[0]):
        return False
    last = text[before[0] : before[1]]
    head = text[row[0] : min(row[1], row[0] + 60)]
    next_word = re.match(r"\S+", head)
    if width and len(last) + 1 + len(next_word.group() if next_word else "") > width:
        return True
    if _ENDS_IN_STOP.search(last[-8:]):
        return _is_abbreviated(last, words)
    if width and len(last) * 10 >= width * _NEARLY_FULL:
        return True  # wrapped, and then changed
    return head[0].islower() or (last[-1] in ",\u2013\u2014" and len(last) > WRAPPED // 4)


def _is_abbreviated(line: str, words: _Words) -> bool:
    return line.endswith(".") and line[_word_before(line, 0, len(line) - 1) : -1].casefold() in (
        words.before_names
    )


def split(
    text: str, parts: Iterable[Sequence[Run]], language: str = FALLBACK
) -> tuple[Sentence, ...]:
    """Return the sentences of the paragraphs, with their words and quotations."""
    words = _words(language)
    whole = [(part[0][0], part[-1][1]) for part in parts]
    marked = quotations(text, whole)
    found: list[Sentence] = []
    at = 0
    for number, (start, end) in enumerate(whole):
        for low, high in _sentences(text, start, end, words):
            while at < len(marked) and marked[at][1] <= low:
                at += 1
            quoted = []
            step = at
            while step < len(marked) and marked[step][0] < high:
                quoted.append((max(low, marked[step][0]), min(high, marked[step][1])))
                step += 1
            found.append(
                Sentence(len(found), number, low, high, tokens(text, low, high), tuple(quoted))
            )
    return tuple(found)


def _sentences(text: str, start: int, end: int, words: _Words) -> Iterator[Run]:
    low = start
    for match in _STOP.finditer(text, start, end):
        if match.end() < end and not _ends(text, match, low, end, words):
            continue
        yield from _chopped(text, low, match.end())
        low = match.end()
        while low < end and (text[low].isspace() or text[low] in _SPACE):
            low += 1
    if low < end:
        yield from _chopped(text, low, end)


def _chopped(text: str, low: int, high: int) -> Iterator[Run]:
    """Cut a run that is longer than any sentence, at a space where there is one."""
    while high - low > LONGEST:
        cut = max(text.rfind(" ", low, low + LONGEST), text.rfind("\n", low, low + LONGEST))
        cut = cut if cut > low else low + LONGEST
        yield low, cut
        low = cut
        while low < high and text[low].isspace():
            low += 1
    if low < high:
        yield low, high


def _ends(text: str, stop: re.Match[str], low: int, end: int, words: _Words) -> bool:
    """Say whether a stop with words after it ends the sentence."""
    marks = stop.group()
    at = stop.end()
    if not text[at].isspace() and text[at] not in _SPACE:
        glued = _NEXT_WORD.match(text, at, end)
        begins = glued is not None and glued.group().casefold() in words.starters
        return begins and text[at].isupper() and text[stop.start() - 1].islower()
    bracket = False
    while at < end and (text[at].isspace() or text[at] in _SPACE or text[at] in _OPENERS):
        bracket |= text[at] == "("
        at += 1
    if at >= end:
        return True
    following = text[at]
    if following.islower():
        return False
    after = _NEXT_WORD.match(text, at, end)
    word = after.group() if after else ""
    if marks[0] in "!?" and len(marks) > 1 and marks[-1] in _CLOSERS:
        return not _is_attribution(text, at, end, words)
    if marks != ".":
        return True
    begin = _word_before(text, low, stop.start())
    if begin == stop.start():
        return True
    if bracket and (following.isdigit() or word.casefold() in words.after_clock):
        close = text.find(")", at, min(end, at + _LONGEST_BRACKET))
        if 0 <= close < end - 1 and text[close + 1] in " ,;":
            return False  # "at 1:24 p.m. (1024 GMT) on Monday"
    rest = text[at + len(word) : at + len(word) + 12]
    return _word_ends(text[begin : stop.start()], word, rest, words, is_first=begin == low)


def _word_before(text: str, low: int, end: int) -> int:
    """Return where the word that ends here begins; ``end`` where there is none."""
    begin, floor = end, max(low, end - _LONGEST_WORD)
    while begin > floor and (
        text[begin - 1].isalnum() or text[begin - 1] in ".-'\u2019\u02bc\u2116"
    ):
        begin -= 1
    return begin


def _word_ends(word: str, after: str, rest: str, words: _Words, *, is_first: bool) -> bool:
    """Say whether the stop behind a word is a full stop, by the word after it."""
    known = word.casefold().translate(_PLAIN)
    follows = after.casefold().translate(_PLAIN)
    starts = follows in words.starters
    number = _NUMBER.match(after) is not None
    if known in words.before_numbers and number:
        return False
    if known in words.before_names:
        return known in words.may_end and starts
    if known in {"a.m", "p.m"}:
        return not (follows in words.after_clock or rest.split(maxsplit=1)[:1] in words.clock_time)
    if known in words.may_end or ("." in word and len(word) <= 7 and word[-2:-1] == "."):  # noqa: PLR2004
        return starts or (not after and known not in words.before_names)
    if len(word) == 1 and word.isupper() and word.isalpha():
        return starts and follows != "i"
    return not (is_first and _DIGITS_ONLY.fullmatch(word))


def _is_attribution(text: str, at: int, end: int, words: _Words) -> bool:
    """Say whether a name and a verb of speech follow: ``"Why?" Smith asked``."""
    for step, match in enumerate(re.finditer(r"[^\W_]+|[.!?:;]", text[at : min(end, at + 90)])):
        word = match.group().casefold()
        if word in words.speech:
            return step > 0
        if not match.group()[0].isalnum() or step > 5:  # noqa: PLR2004
            return False
    return False


@dataclass(frozen=True, slots=True)
class _Words:
    before_names: frozenset[str]
    before_numbers: frozenset[str]
    may_end: frozenset[str]
    starters: frozenset[str]
    after_clock: frozenset[str]
    clock_time: list[list[str]]
    speech: frozenset[str]
    common: frozenset[str]


@cache
def _words(language: str) -> _Words:
    table = lexicon(language, "sentences") or lexicon(FALLBACK, "sentences")
    return _Words(
        before_names=frozenset(table["before_names"]),
        before_numbers=frozenset(table["before_numbers"]),
        may_end=frozenset(table["may_end"]),
        starters=frozenset(table["starters"]),
        after_clock=frozenset(table["after_clock"]),
        clock_time=[[word] for word in table["clock_time"]],
        speech=frozenset(table["speech"]),
        common=frozenset(table["common"]),
    )
