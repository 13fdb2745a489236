"""The day a report was published, from the line that says so.

Outlets write it above the text, below it, or as an agency's dateline at its head. Where numbers
leave month and day open, the reading whose weekday and events fit the text is taken; where both
fit, none is: a person is asked, and is shown both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date as Day  # noqa: N812 (a field of ours is called date)

from tocsin.reader.claim import Span
from tocsin.reader.datefit import TextDays, dates_of, fitting, text_days
from tocsin.reader.lexicon import languages
from tocsin.reader.moments import CLOCKS, MEANINGS
from tocsin.reader.timevalue import Frame
from tocsin.reader.timewords import Hit, TimeWords, time_words

_HEAD, _TAIL = 14, 10
"""Lines at each end that may hold it."""
_LINE = 240
"""Characters of a line that are read; an agency's dateline stands at the head of a paragraph."""
_LETTERS = re.compile(r"[^\W\d_]")
_BRACKETS = re.compile(r"\([^()]{1,40}\)")
_AGENCY = re.compile(r"\s*,?\s*(?:\([^()\n]{2,40}\)|/[^/\n]{2,30}/)?\s*(?:[-\u2013—:.]{1,2})\s")
_BARE_CLOCK = re.compile(r"[\s,|-]{1,4}((?:[01][0-9]|2[0-3])[.:h][0-5][0-9])(?![0-9])")
_NAMES = 60
"""Characters of place names before an agency's date."""
_BARE = 45
"""Letters that a line with only a date may hold besides: "By Jane Doe, Springfield"."""
_DATES = frozenset({"date", "numeric"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Dateline:
    """When the report was published. ``date`` is None where ``candidates`` fit alike."""

    date: Day | None
    clock: str | None
    """``17:24``, as the line has it."""
    span: Span
    """The words of the date, its clock and the words that call it the publication."""
    candidates: tuple[Day, ...] = ()
    zone: str | None = None
    """``gmt`` or ``utc`` where the clock is given in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    score: int
    start: int
    end: int
    readings: tuple[Day, ...]
    month_day: tuple[int, int] | None
    weekday: int | None
    clock: str | None
    zone: str | None


def dateline(
    text: str, language: str | None = None, *, before: Day | None = None
) -> Dateline | None:
    """Return the publication date that the text tells, from any usual form; None if it has none.

    Args:
        text: the whole report, datelines and all.
        language: of its words; without it, each that has a lexicon is tried.
        before: a day it cannot be later than (today): settles the year of "March 1 (Agency) -".
    """
    best: Dateline | None = None
    top = 0
    for each in (language,) if language else languages():
        words = time_words(each)
        found = list(_all(words, text))
        if not found:
            continue
        chosen = max(found, key=lambda one: (one.score, -one.start))
        if chosen.score > top:
            top, best = chosen.score, _decide(words, text, chosen, found, before)
    return best


def _all(words: TimeWords, text: str) -> Iterator[_Found]:
    for start, line, is_head in _lines(text):
        hits = words.find(line)
        for hit in hits:
            if hit.means not in _DATES:
                continue
            score, begin = _score(words, line, hit, hits, is_head=is_head)
            found = _read(words, hit) if score else None
            if found is None:
                continue
            clock = _clock_beside(words, line, hit, hits)
            low, high, told = begin, hit.end, found.clock
            bare = _BARE_CLOCK.match(line, hit.end)
            if clock is None and told is None and bare:
                high, told = bare.end(), f"{bare.group(1)[:2]}:{bare.group(1)[3:]}"
            if clock:
                low, high = min(low, clock[0].start), max(high, clock[0].end)
                told, found = clock[1], replace(found, zone=clock[2])
            yield replace(found, score=score, start=start + low, end=start + high, clock=told)


def _lines(text: str) -> Iterator[tuple[int, str, bool]]:
    """Give the first and last lines that hold words: offset, text, whether at the head."""
    at, given, last = 0, 0, 0
    while at < len(text) and given < _HEAD:
        stop = text.find("\n", at)
        stop = len(text) if stop < 0 else stop
        if text[at : min(stop, at + _LINE)].strip():
            yield at, text[at : min(stop, at + _LINE)], True
            given += 1
        at = last = stop + 1
    stop, given = len(text), 0
    while stop > last and given < _TAIL:
        start = text.rfind("\n", last - 1 if last else 0, stop) + 1
        if start < last:
            return
        if text[start:stop].strip() and stop - start <= _LINE:
            yield start, text[start:stop], False
            given += 1
        stop = start - 1


def _score(
    words: TimeWords, line: str, hit: Hit, hits: Sequence[Hit], *, is_head: bool
) -> tuple[int, int]:
    """Return how surely a date is the publication's (0: not at all), and where its words begin."""
    rest = line
    for each in sorted(hits, key=lambda one: -one.start):
        rest = rest[: each.start] + " " + rest[each.end :]
    is_bare = (
        len(_LETTERS.findall(rest)) <= _BARE
        and len(line) < _LINE
        and not rest.rstrip().endswith((".", "!", "?", "”"))
    )
    for name, sure in (("published", 6), ("updated", 2)):
        last = words.last(name, line[: hit.start])
        if last and _only_times(line[last.end() : hit.start], last.end(), hits, is_bare=is_bare):
            opens = not _LETTERS.search(line[: last.start()])
            if opens or is_bare:
                return sure, last.start()
    if is_head and is_agency(line, hit):
        return 5, hit.start
    if is_bare and _is_full(hit):
        return (4 if is_head else 3), hit.start
    return 0, hit.start


def _only_times(between: str, start: int, hits: Sequence[Hit], *, is_bare: bool) -> bool:
    """Say whether nothing but other times stands between a cue and the date."""
    if is_bare and len(between) < _BARE:
        return True
    for hit in hits:
        low, high = hit.start - start, hit.end - start
        if low >= 0 and high <= len(between):
            between = between[:low] + " " * (high - low) + between[high:]
    return not _LETTERS.search(between)


def is_agency(line: str, hit: Hit) -> bool:
    """Say whether a date stands in an agency's dateline: "CITY, March 1 (Agency) -"."""
    if hit.means not in _DATES:
        return False
    before = line[: hit.start].strip()
    if len(before) > _NAMES or not _AGENCY.match(line[hit.end :]):
        return False
    if not before:
        return "(" in line[hit.end : hit.end + 3]
    if not before.endswith((",", ";", "/", ")")) and not before.isupper():
        return False
    names = _LETTERS.sub("x", _BRACKETS.sub("", before)).replace(",", " ").split()
    plain = [
        each for each in _BRACKETS.sub("", before).replace(",", " ").split() if each[0].islower()
    ]
    return len(plain) <= len(names) // 3


def _is_full(hit: Hit) -> bool:
    return hit.means == "numeric" or "year" in hit.words


def _read(words: TimeWords, hit: Hit) -> _Found | None:
    weekday = words.value("wday", hit.get("weekday", "wday"))
    frame = Frame(words=words, published=None)
    value = MEANINGS[hit.means](hit, frame)
    if value is None:
        return None
    days = (value.first,) if value.first else value.candidates
    month_day = None
    if not days:
        month = words.value("mon", hit.get("month", "mon"))
        month_day = (int(month), int(hit.words["day"]))
    clock = f"{value.clock[0]:02}:{value.clock[1]:02}" if value.clock else None
    return _Found(
        score=0,
        start=hit.start,
        end=hit.end,
        readings=days,
        month_day=month_day,
        weekday=weekday,
        clock=clock,
        zone=value.zone,
    )


def _clock_beside(
    words: TimeWords, line: str, hit: Hit, hits: Sequence[Hit]
) -> tuple[Hit, str, str | None] | None:
    """Return the clock nearest to the date in its line, with its time and zone."""
    frame = Frame(words=words, published=None)
    near = sorted(
        (each for each in hits if each.means in CLOCKS),
        key=lambda one: min(abs(one.start - hit.end), abs(hit.start - one.end)),
    )
    for each in near:
        low, high = min(each.end, hit.end), max(each.start, hit.start)
        value = MEANINGS[each.means](each, frame)
        if value and value.clock and len(_LETTERS.findall(line[low:high])) <= 3:  # noqa: PLR2004
            return each, f"{value.clock[0]:02}:{value.clock[1]:02}", value.zone
    return None


def _decide(
    words: TimeWords, text: str, chosen: _Found, found: Sequence[_Found], before: Day | None
) -> Dateline:
    others = [one.readings[0] for one in found if len(one.readings) == 1 and one is not chosen]
    days = chosen.readings
    is_open = len(days) != 1 or chosen.month_day is not None
    body = text_days(words, text, chosen.month_day) if is_open else TextDays((), (), (), ())
    if chosen.month_day:
        days = dates_of(chosen.month_day, chosen.weekday, body, others, before)
    day = days[0] if len(days) == 1 else fitting(days, body, others, before)
    return Dateline(
        date=day,
        clock=chosen.clock,
        span=Span(chosen.start, chosen.end, text[chosen.start : chosen.end]),
        candidates=() if day else days,
        zone=chosen.zone,
    )
