"""Phrases that name weeks, months or years, or count back and on from a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from tocsin.reader import dates
from tocsin.reader.timevalue import (
    Frame,
    Value,
    count_of,
    counted,
    days,
    month_number,
    one_day,
    year_named,
)
from tocsin.reader.timewords import Hit

_HOURS: Final = 24
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS: Final = {"month": 1, "year": 12, "decade": 120}
_FAR: Final = 5000
"""No year in a report is later."""


def month(hit: Hit, frame: Frame) -> Value | None:
    """Read a month: the latest one begun, unless its year or the clause says otherwise."""
    words = frame.words
    month = month_number(hit, words)
    if month is None:
        return None
    year = year_named(hit, frame) or frame.year
    if "that" in hit.words:
        if frame.month is None:
            return None
        year = frame.month.year
    base = frame.published
    if year is None:
        if base is None:
            return days(None, "month")
        step = words.value("which", hit.get("which"))
        year = base.year
        if step == -1 and month >= base.month:
            year -= 1
        elif step == 1 or frame.is_future:
            year += month <= base.month if step == 1 else month < base.month
        elif step is None and month > base.month:
            year -= 1
    return days(dates.month_of(year, month), "month")


def year(hit: Hit, frame: Frame) -> Value:
    """Read a year."""
    del frame
    return days(dates.year_of(int(hit.words["year"])), "year")


def year_range(hit: Hit, frame: Frame) -> Value | None:
    """Read "between 2014 and 2019"."""
    del frame
    first, last = int(hit.words["year"]), int(hit.words["year_b"])
    return days((date(first, 1, 1), date(last, 12, 31))) if first < last else None


def _moved(day: date | None, count: float, unit: str, sign: int) -> Value:
    """Return the day, month or year so many units away; hours stay on the day."""
    if unit in _DAYS:
        return counted(day, sign * int(count * _DAYS[unit]))
    if unit in _MONTHS and day is not None:
        months = sign * int(count * _MONTHS[unit])
        year = day.year + months // 12
        if not 1 < year < _FAR:
            return Value()
        if unit == "month" or count < 1:
            return days(dates.month_of(day.year, day.month, months), "month")
        return days(dates.year_of(year), "year")
    return one_day(day) if unit not in _MONTHS else Value()


def count_text(hit: Hit, frame: Frame) -> Value | None:
    """Read "two days later", "three weeks earlier"."""
    words = frame.words
    count, unit = count_of(hit, words), words.value("unit", hit.get("unit"))
    if count is None:
        return None
    sign = 1 if words.value("way", hit.get("way")) == 1 else -1
    here = frame.here
    if unit == "hour" and frame.clock and here:
        hours = frame.clock[0] + sign * int(count)
        here = dates.shift(here, hours // _HOURS)
    elif unit == "hour" and count >= _HOURS:
        here = here and dates.shift(here, sign * int(count // _HOURS))
    value = replace(_moved(here, count, unit, sign), from_text=True)
    return _night(value, hit, frame) if sign < 0 else value


def _night(value: Value, hit: Hit, frame: Frame) -> Value:
    """Read "two nights earlier" as a night: it began the day before."""
    if (hit.get("unit") or "").lower() not in frame.words.listed("nights") or not value.first:
        return value
    before = dates.shift(value.first, -1)
    return replace(value, first=before, grain="range", part="night") if before else value


def count_event(hit: Hit, frame: Frame) -> Value | None:
    """Read "three days after the quake": the day of what follows these words."""
    words = frame.words
    count, unit = count_of(hit, words), words.value("unit", hit.get("unit"))
    way = words.value("way", hit.get("way"))
    if count is None or way is None or frame.year is not None:
        return None  # of a year long ago: nothing here to count from
    return replace(_moved(frame.here, count, unit, -1 if way == 1 else 1), from_text=True)


def ago(hit: Hit, frame: Frame) -> Value | None:
    """Read "two days ago", "hours ago"."""
    if "soon" in hit.words:
        return one_day(frame.published)
    count, unit = count_of(hit, frame.words), frame.words.value("unit", hit.get("unit"))
    if count is None:
        return None
    if unit == "hour" and count >= _HOURS:
        return counted(frame.published, -int(count // _HOURS))
    return _night(_moved(frame.published, count, unit, -1), hit, frame)


def window(hit: Hit, frame: Frame) -> Value | None:
    """Read "in the past week": so far back, up to publication."""
    count, unit = count_of(hit, frame.words), frame.words.value("unit", hit.get("unit"))
    base = frame.published
    if count is None or base is None:
        return None if count is None else days(None)
    if unit in _MONTHS:
        first = dates.months_before(base, int(count * _MONTHS[unit]))
    elif unit in _DAYS:
        first = dates.shift(base, -int(count * _DAYS[unit]))
    else:
        first = dates.shift(base, 0 if unit == "minute" else int(-count // _HOURS))
    return days((first, base) if first else None)


def week(hit: Hit, frame: Frame) -> Value:
    """Read "last week", "this month", "next year"."""
    words, base = frame.words, frame.published
    step = words.value("which", hit.get("which"))
    return _weeks(words.value("span", hit.get("span")), base, int(step or 0), frame)


def yearword(hit: Hit, frame: Frame) -> Value:
    """Read a single word for a whole year."""
    step = int(frame.words.value("yearword", hit.get("yearword")))
    return _weeks("year", frame.published, step, frame)


def _weeks(span: str, base: date | None, step: int, frame: Frame) -> Value:
    if base is None:
        return days(None, span if span in {"month", "year"} else "range")  # type: ignore[arg-type]
    if span == "month":
        return days(dates.month_of(base.year, base.month, step), "month")
    if span == "year":
        return days(dates.year_of(base.year + step), "year")
    if span == "weekend":
        if frame.is_future or step > 0:
            start = dates.next_weekday(base, 5)
            return days((start, start + timedelta(days=1)))
        begun = base.weekday() >= 5  # noqa: PLR2004 (Saturday)
        return days(dates.weekend_of(base, -1 if step < 0 and begun else 0))
    first, last = dates.week_of(base, step)
    if step == 0 and not frame.is_future:
        last = base
    return days((first, last))


def week_text(hit: Hit, frame: Frame) -> Value:
    """Read "the previous week", "that month"."""
    words = frame.words
    step = words.value("whichtext", hit.get("whichtext"))
    span = words.value("span", hit.get("span", "span_b"))
    here = date(frame.year, 1, 1) if span == "year" and frame.year else frame.here
    if span == "month" and frame.month and (step == 0 or frame.before is None):
        here = frame.month
    value = _weeks(span, here, -1 if step is None else step, frame)
    return replace(value, from_text=True)


def weekend(hit: Hit, frame: Frame) -> Value:
    """Read "over the weekend"."""
    del hit
    return _weeks("weekend", frame.published, 0, frame)
