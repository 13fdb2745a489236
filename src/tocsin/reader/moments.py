"""What each form of the lexicon means: its name there, and the function that reads it.

A phrase that nothing can be counted from (no publication date) has no first day; it is kept, so
that its words are known.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tocsin.reader import clocks, daywords, periods
from tocsin.reader.timevalue import Frame, Value
from tocsin.reader.timewords import Hit

MEANINGS: Final[dict[str, Callable[[Hit, Frame], Value | None]]] = {
    "weekday": daywords.weekday,
    "weekday-range": daywords.weekday_range,
    "night-to": daywords.night_to,
    "night-of": daywords.night_of,
    "date": daywords.date,
    "date-range": daywords.date_range,
    "numeric": daywords.numeric,
    "month": periods.month,
    "year": periods.year,
    "year-name": periods.year,
    "year-range": periods.year_range,
    "deictic": daywords.deictic,
    "today-part": daywords.today_part,
    "last-night": daywords.last_night,
    "overnight": daywords.overnight,
    "nth-day": daywords.nth_day,
    "day-text": daywords.day_text,
    "day-before": daywords.day_before,
    "day-same": daywords.day_same,
    "count-text": periods.count_text,
    "hours-text": daywords.day_same,
    "count-event": periods.count_event,
    "ago": periods.ago,
    "window": periods.window,
    "week": periods.week,
    "week-text": periods.week_text,
    "yearword": periods.yearword,
    "weekend": periods.weekend,
    "feast": daywords.feast,
    "clock": clocks.clock,
    "clock-word": clocks.clock,
    "hours": clocks.hours,
}
CLOCKS: Final = frozenset({"clock", "clock-word"})
PARTS: Final = frozenset({"hours"})
