"""Phrases that name a day or a night, each to its place in the calendar.

A weekday alone is the latest one up to publication; the text's order may move it (``tense``).
"""

from __future__ import annotations

from datetime import timedelta

from tocsin.reader import dates
from tocsin.reader.timevalue import (
    Frame,
    Value,
    counted,
    days,
    month_number,
    number,
    one_day,
    part_of,
    pick,
    year_named,
)
from tocsin.reader.timewords import Hit

_HOURS = 24
_WEEK = timedelta(days=7)


def weekday(hit: Hit, frame: Frame) -> Value:
    """Read "on Tuesday", "last Tuesday", "Tuesday last week", "the following Tuesday"."""
    words, base = frame.words, frame.published
    weekday = words.value("weekday", hit.get("weekday"))
    part = part_of(hit, words)
    step = words.value("whichtext", hit.get("whichtext"))
    if step is not None:
        here = frame.here
        if here is None:
            return one_day(None, part=part, from_text=True)
        if step > 0:
            day = dates.next_weekday(here + timedelta(days=1), weekday)
        else:
            day = dates.latest_weekday(here + timedelta(days=step), weekday)
        return one_day(day, part=part, from_text=True)
    if base is None:
        return one_day(None, part=part)
    step = words.value("ofweek", hit.get("ofweek"))
    if step is not None:
        return one_day(dates.week_of(base, step)[0] + timedelta(days=weekday), part=part)
    step = words.value("which", hit.get("which"))
    if step == -1:
        return one_day(dates.latest_weekday(base - timedelta(days=1), weekday), part=part)
    if step == 1:
        return one_day(dates.next_weekday(base + timedelta(days=1), weekday), part=part)
    if frame.is_future:
        # "said on Monday it would reopen on Wednesday": from the saying on.
        start = frame.own if frame.own and base - _WEEK < frame.own <= base else base
        return one_day(dates.next_weekday(start, weekday), part=part)
    return one_day(dates.latest_weekday(base, weekday), part=part, is_weekday=step is None)


def weekday_range(hit: Hit, frame: Frame) -> Value:
    """Read "between Monday and Wednesday"."""
    first = frame.words.value("weekday", hit.get("weekday"))
    last = frame.words.value("weekday", hit.get("weekday_b"))
    part = frame.words.value("part", hit.get("part"))
    base = frame.published
    if base is None:
        return days(None)
    if frame.is_future:
        start = dates.next_weekday(base, first)
        return days((start, dates.next_weekday(start, last)))
    end = dates.latest_weekday(base, last)
    start = dates.latest_weekday(end - timedelta(days=1), first)
    night = part == "night" and (end - start).days == 1
    return days((start, end), part="night" if night else None)


def night_to(hit: Hit, frame: Frame) -> Value:
    """Read "overnight into Tuesday", "the night from Monday to Tuesday"."""
    words, month = frame.words, month_number(hit, frame.words)
    if month is not None:
        end = pick(frame, month, int(hit.words["day"]), number(hit, "year"), None)
    elif frame.published:
        last = words.value("weekday", hit.get("weekday_b"))
        end = dates.latest_weekday(frame.published, last)
    else:
        end = None
    if end is None:
        return days(None, part="night")
    return days((end - timedelta(days=1), end), part="night")


def night_of(hit: Hit, frame: Frame) -> Value:
    """Read "overnight Tuesday": the night to it on its own day, the night from it later."""
    base = frame.published
    if base is None:
        return days(None, part="night")
    day = dates.latest_weekday(base, frame.words.value("weekday", hit.get("weekday")))
    first = day - timedelta(days=1) if day == base else day
    return days((first, first + timedelta(days=1)), part="night")


def date(hit: Hit, frame: Frame) -> Value | None:
    """Read a day of a month, its year told or the nearest."""
    words = frame.words
    month, day = month_number(hit, words), number(hit, "day")
    year = year_named(hit, frame)
    if month is None or day is None or dates.on(year or 2000, month, day) is None:
        return None
    weekday = words.value("wday", hit.get("weekday", "wday"))
    return one_day(pick(frame, month, day, year, weekday), part=part_of(hit, words))


def date_range(hit: Hit, frame: Frame) -> Value | None:
    """Read "from 3 to 5 May"."""
    words, year = frame.words, number(hit, "year")
    last_month = month_number(hit, words, "_b")
    first_month = month_number(hit, words) or last_month
    first_day, last_day = number(hit, "day"), number(hit, "day_b")
    if not (first_month and last_month and first_day and last_day):
        return None
    last = pick(frame, last_month, last_day, year, None)
    if last is None:
        return days(None)
    first = dates.on(last.year - (first_month > last_month), first_month, first_day)
    return days((first, last)) if first and first < last else None


def numeric(hit: Hit, frame: Frame) -> Value | None:
    """Read a date in numbers; both candidates are kept where nothing decides."""
    written = hit.words["numeric"]
    day_first = frame.is_day_first
    found = dates.readings(written, is_day_first=frame.words.is_day_first or bool(day_first))
    if day_first is False and len(found) > 1:
        found = found[:1]  # month-first stands first
    weekday = frame.words.value("wday", hit.get("weekday", "wday"))
    if weekday is not None:
        found = tuple(day for day in found if day.weekday() == weekday) or found
    if frame.published and not frame.is_future:
        found = tuple(day for day in found if day <= frame.published) or found
    if not found:
        return None
    day = found[0] if len(found) == 1 else None
    clock = None
    if "T" in written.upper() or ":" in written:
        hour, minute = written[11:16].split(":")
        clock = (int(hour), int(minute)) if int(hour) < _HOURS else None
    zone = "utc" if written.upper().endswith("Z") else None
    return one_day(day, candidates=found if day is None else (), clock=clock, zone=zone)


def deictic(hit: Hit, frame: Frame) -> Value:
    """Read "yesterday", "today", "tomorrow"."""
    step = frame.words.value("deictic", hit.get("deictic"))
    return counted(frame.published, step, part=part_of(hit, frame.words))


def today_part(hit: Hit, frame: Frame) -> Value:
    """Read "this morning", "tonight"."""
    return one_day(frame.published, part=part_of(hit, frame.words) or "night")


def last_night(hit: Hit, frame: Frame) -> Value:
    """Read "last night": the evening of the day before."""
    return counted(frame.published, -1, part=part_of(hit, frame.words) or "evening")


def overnight(hit: Hit, frame: Frame) -> Value:
    """Read "overnight": from the day before publication to it, or on from it if still to come."""
    del hit
    base = frame.published
    if base is None:
        return days(None, part="night")
    first = base if frame.is_future else base - timedelta(days=1)
    return days((first, first + timedelta(days=1)), part="night")


def nth_day(hit: Hit, frame: Frame) -> Value:
    """Read "for a second day": the day of publication itself."""
    unit = hit.words.get("unit", "")
    if frame.words.value("part", unit) == "night":
        return overnight(hit, frame)
    return one_day(frame.published)


def day_text(hit: Hit, frame: Frame) -> Value:
    """Read "the previous day", "the next morning", "that day"."""
    step = frame.words.value("whichtext", hit.get("whichtext"))
    part = part_of(hit, frame.words)
    if part == "night" and not step and frame.night and frame.here in frame.night:
        return days(frame.night, part=part, from_text=True)  # "that same night"
    return counted(frame.here, step or 0, part=part, from_text=True)


def day_before(hit: Hit, frame: Frame) -> Value:
    """Read "the day before", "the night before"."""
    return counted(frame.here, -1, part=part_of(hit, frame.words), from_text=True)


def day_same(hit: Hit, frame: Frame) -> Value:
    """Read "the same day", "hours later"."""
    del hit
    return one_day(frame.here, from_text=True)


def feast(hit: Hit, frame: Frame) -> Value | None:
    """Read a fixed feast, or one that hangs on Easter's date."""
    held = frame.words.value("feast", hit.get("feast"))
    year, base = number(hit, "year") or frame.year, frame.published
    part = part_of(hit, frame.words)
    if isinstance(held, int):
        return one_day(pick(frame, held // 100, held % 100, year, None), part=part)
    if year is None and base is None:
        return one_day(None, part=part)
    tries = [year] if year else [base.year + 1, base.year, base.year - 1] if base else []
    days = [dates.easter(each) + timedelta(days=int(held)) for each in tries]
    if year is None and base and frame.is_future:
        return one_day(min(day for day in days if day >= base), part=part)
    return one_day(next((d for d in days if year or (base and d <= base)), None), part=part)
