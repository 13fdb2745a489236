"""Which reading of a publication date fits the text: by the weekdays and the dates it tells.

"03.01.22" may be two days, "March 1" one of any year. A report names its own weekday most, then
the day before, and tells of nothing later than itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tocsin.reader import dates
from tocsin.reader.timewords import TimeWords

_COPYRIGHT = re.compile(
    r"(?:\u00a9|\(c\)|copyright)\s{0,3}((?:19|20)[0-9]{2})(?![0-9])", re.IGNORECASE
)
_TEXT = 200_000
_PIECE = 10_000
_END = 240
"""Characters at the end that may hold a sign of copyright."""
_RECENT = timedelta(days=45)
_CLOSE = timedelta(days=3)
_YEARS = 7
"""Within so many years a date falls on each weekday about once."""


@dataclass(frozen=True, slots=True)
class TextDays:
    """What the text says of its days: weekdays, full dates, days of a month without a year."""

    weekdays: tuple[int, ...]
    full: tuple[date, ...]
    month_days: tuple[tuple[int, int], ...]
    marked: tuple[int, ...]
    """Years beside a sign of copyright; those in the text are mostly of older events."""


def text_days(words: TimeWords, text: str, own: tuple[int, int] | None) -> TextDays:
    """Return what the text says of its days; ``own`` is the dateline's, which tells nothing."""
    weekdays, full, month_days = [], [], []
    marked = tuple(int(each) for each in _COPYRIGHT.findall(text[:_TEXT] + text[-_END:]))
    for line in text[:_TEXT].split("\n"):
        at = 0
        while at < len(line):
            for hit in words.find(line[at : at + _PIECE]):
                if hit.means == "weekday":
                    weekdays.append(words.value("weekday", hit.words["weekday"]))
                elif hit.means == "date":
                    month = words.value("mon", hit.get("month", "mon"))
                    day = int(hit.words["day"])
                    year = hit.get("year")
                    whole = dates.on(int(year), month, day) if year else None
                    if whole:
                        full.append(whole)
                    elif not year and (month, day) != own:
                        month_days.append((month, day))
            at += _PIECE
    return TextDays(tuple(weekdays), tuple(full), tuple(month_days), marked)


def dates_of(
    month_day: tuple[int, int],
    weekday: int | None,
    body: TextDays,
    others: Sequence[date],
    before: date | None,
) -> tuple[date, ...]:
    """Return the dates a day without a year may be: of the years that the text speaks of."""
    month, day = month_day
    told = {one.year for one in others} | set(body.marked)
    if before:
        tries = range(before.year, before.year - 30, -1)
    elif told:
        tries = range(max(told), max(told) - 1, -1)
    else:
        return ()
    days = [found for year in tries if (found := dates.on(year, month, day))]
    if before:
        days = [each for each in days if each <= before]
    if weekday is not None:
        days = [each for each in days if each.weekday() == weekday]
    elif body.weekdays and (fit := [each for each in days if _weekday_score(each, body)]):
        days = fit
    if before:  # the best fit of the last years, the latest of its like
        recent = days[:_YEARS]
        return tuple(sorted(recent, key=lambda each: -_weekday_score(each, body))[:1])
    return tuple(days)


def _weekday_score(day: date, body: TextDays) -> int:
    """Reports name their own day most, then the day before."""
    own = body.weekdays.count(day.weekday())
    return 2 * own + body.weekdays.count((day.weekday() - 1) % 7)


def fitting(
    days: Sequence[date], body: TextDays, others: Sequence[date], before: date | None
) -> date | None:
    """Return the one reading that fits the text best; None where none does, or two alike."""
    scores = []
    for each in days:
        score = 2 * _weekday_score(each, body)
        score -= 3 * sum(1 for one in body.full if one > each)
        score += 6 * sum(1 for one in others if abs(one - each) <= _CLOSE)
        if before and each > before:
            score -= 50
        for month, day in body.month_days:
            past = dates.around(each, month, day, is_future=False)
            score += 1 if past and each - past <= _RECENT else 0
        scores.append(score)
    if not scores or scores.count(max(scores)) > 1:
        return None
    return days[scores.index(max(scores))]
