"""Days of the calendar counted from another day: what a report's words for dates come to.

Nothing here knows a language. The rule for weekdays is the report's own (the latest such day up
to and including publication), which general date libraries do not keep.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

_NUMERIC = re.compile(r"([0-9]{1,4})[./-]([0-9]{1,2})[./-]([0-9]{1,4})")
_CENTURY = 70
"""Two digits below this are of this century."""
_EARLIEST = 1900
MONTHS = 12
"""Of a year."""


def shift(day: date, days: int) -> date | None:
    """Return the day so many days on; None where the calendar ends."""
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return None


def latest_weekday(day: date, weekday: int) -> date:
    """Return the latest such weekday up to and including the day."""
    return day - timedelta(days=(day.weekday() - weekday) % 7)


def next_weekday(day: date, weekday: int) -> date:
    """Return the first such weekday from the day on."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def week_of(day: date, weeks: int = 0) -> tuple[date, date]:
    """Return Monday and Sunday of the day's week, or of one so many weeks on."""
    monday = day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)
    return monday, monday + timedelta(days=6)


def weekend_of(day: date, weeks: int = 0) -> tuple[date, date]:
    """Return the latest weekend begun up to the day, or one so many weeks on."""
    saturday = latest_weekday(day, calendar.SATURDAY) + timedelta(weeks=weeks)
    return saturday, saturday + timedelta(days=1)


def month_of(year: int, month: int, months: int = 0) -> tuple[date, date]:
    """Return the first and last day of a month, or of one so many months on."""
    count = year * 12 + month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, 1), date(year, month + 1, calendar.monthrange(year, month + 1)[1])


def months_before(day: date, months: int) -> date | None:
    """Return the same day so many months earlier, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        return None
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def year_of(year: int) -> tuple[date, date]:
    """Return the first and last day of a year."""
    return date(year, 1, 1), date(year, 12, 31)


def on(year: int, month: int, day: int) -> date | None:
    """Return that date; None where there is none (31 February)."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def around(base: date, month: int, day: int, *, is_future: bool) -> date | None:
    """Return the latest such date up to the base, or the first from it on."""
    steps = range(9)
    years = (base.year + step for step in steps) if is_future else (base.year - s for s in steps)
    for year in years:  # 29 February may be eight years away
        found = on(year, month, day)
        if found and (found >= base if is_future else found <= base):
            return found
    return None


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar.

    Source: the anonymous algorithm of Nature, 20 April 1876, as Butcher gives it.
    """
    gold, century, rest = year % 19, *divmod(year, 100)
    leap, part = divmod(century, 4)
    moon = (19 * gold + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    turn = (32 + 2 * part + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (gold + 11 * moon + 22 * turn) // 451
    month, day = divmod(moon + turn - 7 * late + 114, 31)
    return date(year, month, day + 1)


def readings(words: str, *, is_day_first: bool = False) -> tuple[date, ...]:
    """Return the dates that numbers may stand for: one, or two where month and day may swap.

    A year of four digits in front is ISO's order and has one reading.
    """
    match = _NUMERIC.match(words)
    if match is None:
        return ()
    first, second, third = match.groups()
    if len(first) == len("2022"):
        found = [on(int(first), int(second), int(third))]
    else:
        year = int(third) if len(third) == len("2022") else _full(int(third))
        found = [on(year, int(second), int(first))]
        if not is_day_first or found[0] is None:
            found.insert(0, on(year, int(first), int(second)))
    return tuple(dict.fromkeys(each for each in found if each and each.year >= _EARLIEST))


def _full(year: int) -> int:
    return 2000 + year if year < _CENTURY else 1900 + year
