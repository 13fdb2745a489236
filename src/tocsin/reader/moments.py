"""What a phrase of time means: days counted from publication, or from the day before in the text.

One function for each meaning that the lexicon's forms name. A phrase that nothing can be counted
from (no publication date) has no first day; it is kept, so that its words are known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from tocsin.reader import dates
from tocsin.reader.timewords import Hit, TimeWords

Grain = Literal["minute", "day", "month", "year", "range"]

_HOURS: Final = 24
_NOON: Final = 12
_DAYS: Final = {"day": 1, "week": 7, "fortnight": 14}
_MONTHS: Final = {"month": 1, "year": 12, "decade": 120}
_FAR: Final = 5000
"""No count of days, weeks or years in a report is larger."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """A phrase resolved: its days, and how they were come by."""

    first: date | None = None
    last: date | None = None
    grain: Grain = "day"
    part: str | None = None
    clock: tuple[int, int] | None = None
    until: tuple[int, int] | None = None
    zone: str | None = None
    from_text: bool = False
    is_weekday: bool = False
    """A bare weekday: the text's order may still put it a week back."""
    candidates: tuple[date, ...] = ()


@dataclass(slots=True, kw_only=True)
class Frame:
    """What a phrase is counted from."""

    words: TimeWords
    published: date | None
    before: date | None = None
    """The day in the text just before."""
    clock: tuple[int, int] | None = None
    """The clock time that went with it."""
    year: int | None = None
    """A year that the sentence has named before."""
    is_future: bool = False
    """The phrase's own clause puts it ahead."""
    weekdays: tuple[int, ...] = ()
    is_day_first: bool | None = None
    """How the document's other dates in numbers are written, where that is known."""

    @property
    def here(self) -> date | None:
        """Return the day that "the day before" counts from."""
        return self.before or self.published


def _day(day: date | None, **more: object) -> Value:
    return replace(Value(first=day, last=day), **more)  # type: ignore[arg-type]


def _span(days: tuple[date, date] | None, grain: Grain = "range", **more: object) -> Value:
    first, last = days or (None, None)
    return replace(Value(first=first, last=last, grain=grain), **more)  # type: ignore[arg-type]


def _part(hit: Hit, words: TimeWords) -> str | None:
    for name in ("part", "part_b", "part_c", "side"):
        found = words.value(name.split("_")[0], hit.get(name))
        if found:
            return str(found)
    return None


def _weekday(hit: Hit, frame: Frame) -> Value:
    words, base = frame.words, frame.published
    weekday = words.value("weekday", hit.get("weekday"))
    part = _part(hit, words)
    step = words.value("whichtext", hit.get("whichtext"))
    if step is not None:
        here = frame.here
        if here is None:
            return _day(None, part=part, from_text=True)
        if step > 0:
            day = dates.next_weekday(here + timedelta(days=1), weekday)
        else:
            day = dates.latest_weekday(here + timedelta(days=step), weekday)
        return _day(day, part=part, from_text=True)
    if base is None:
        return _day(None, part=part)
    step = words.value("ofweek", hit.get("ofweek"))
    if step is not None:
        return _day(dates.week_of(base, step)[0] + timedelta(days=weekday), part=part)
    step = words.value("which", hit.get("which"))
    if step == -1:
        return _day(dates.latest_weekday(base - timedelta(days=1), weekday), part=part)
    if step == 1:
        return _day(dates.next_weekday(base + timedelta(days=1), weekday), part=part)
    if frame.is_future:
        # "said on Monday it would reopen on Wednesday": from the saying on.
        start = frame.before if frame.before and frame.before <= base else base
        return _day(dates.next_weekday(start, weekday), part=part)
    return _day(dates.latest_weekday(base, weekday), part=part, is_weekday=step is None)


def _weekday_range(hit: Hit, frame: Frame) -> Value:
    first = frame.words.value("weekday", hit.get("weekday"))
    last = frame.words.value("weekday", hit.get("weekday_b"))
    part = frame.words.value("part", hit.get("part"))
    base = frame.published
    if base is None:
        return _span(None)
    if frame.is_future:
        start = dates.next_weekday(base, first)
        return _span((start, dates.next_weekday(start, last)))
    end = dates.latest_weekday(base, last)
    start = dates.latest_weekday(end - timedelta(days=1), first)
    night = part == "night" and (end - start).days == 1
    return _span((start, end), part="night" if night else None)


def _night_to(hit: Hit, frame: Frame) -> Value:
    words, month = frame.words, _month_number(hit, frame.words)
    if month is not None:
        end = _pick(frame, month, int(hit.words["day"]), _number(hit, "year"), None)
    elif frame.published:
        last = words.value("weekday", hit.get("weekday_b"))
        end = dates.latest_weekday(frame.published, last)
    else:
        end = None
    if end is None:
        return _span(None, part="night")
    return _span((end - timedelta(days=1), end), part="night")


def _night_of(hit: Hit, frame: Frame) -> Value:
    base = frame.published
    if base is None:
        return _span(None, part="night")
    day = dates.latest_weekday(base, frame.words.value("weekday", hit.get("weekday")))
    first = day - timedelta(days=1) if day == base else day
    return _span((first, first + timedelta(days=1)), part="night")


def _number(hit: Hit, name: str) -> int | None:
    word = hit.get(name)
    return int(word) if word else None


def _month_number(hit: Hit, words: TimeWords, mark: str = "") -> int | None:
    found = words.value("mon", hit.get(f"month{mark}", f"mon{mark}"))
    return int(found) if found else None


def _year_named(hit: Hit, frame: Frame) -> int | None:
    """Return the year that the phrase names: "2021", "last year"."""
    step = frame.words.value("yearof", hit.get("yearof"))
    if step is not None and frame.published:
        return frame.published.year + int(step)
    return _number(hit, "year")


def _pick(frame: Frame, month: int, day: int, year: int | None, weekday: int | None) -> date | None:
    """Return the date of that day and month in the year that the text means."""
    year = year or frame.year
    if year:
        return dates.on(year, month, day)
    base = frame.published
    if base is None:
        return None
    found = dates.around(base, month, day, is_future=frame.is_future)
    if weekday is not None and found and found.weekday() != weekday:
        other = dates.around(base, month, day, is_future=not frame.is_future)
        if other and other.weekday() == weekday:
            return other
    return found


def _date(hit: Hit, frame: Frame) -> Value | None:
    words = frame.words
    month, day = _month_number(hit, words), _number(hit, "day")
    year = _year_named(hit, frame)
    if month is None or day is None or dates.on(year or 2000, month, day) is None:
        return None
    weekday = words.value("wday", hit.get("weekday", "wday"))
    return _day(_pick(frame, month, day, year, weekday), part=_part(hit, words))


def _date_range(hit: Hit, frame: Frame) -> Value | None:
    words, year = frame.words, _number(hit, "year")
    last_month = _month_number(hit, words, "_b")
    first_month = _month_number(hit, words) or last_month
    first_day, last_day = _number(hit, "day"), _number(hit, "day_b")
    if not (first_month and last_month and first_day and last_day):
        return None
    last = _pick(frame, last_month, last_day, year, None)
    if last is None:
        return _span(None)
    first = dates.on(last.year - (first_month > last_month), first_month, first_day)
    return _span((first, last)) if first and first < last else None


def _numeric(hit: Hit, frame: Frame) -> Value | None:
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
    return _day(day, candidates=found if day is None else (), clock=clock, zone=zone)


def _month(hit: Hit, frame: Frame) -> Value | None:
    words = frame.words
    month = _month_number(hit, words)
    if month is None:
        return None
    year = _year_named(hit, frame) or frame.year
    base = frame.published
    if year is None:
        if base is None:
            return _span(None, "month")
        step = words.value("which", hit.get("which"))
        year = base.year
        if step == -1 and month >= base.month:
            year -= 1
        elif step == 1 or frame.is_future:
            year += month <= base.month if step == 1 else month < base.month
        elif step is None and month > base.month:
            year -= 1
    return _span(dates.month_of(year, month), "month")


def _year(hit: Hit, frame: Frame) -> Value:
    del frame
    return _span(dates.year_of(int(hit.words["year"])), "year")


def _year_range(hit: Hit, frame: Frame) -> Value | None:
    del frame
    first, last = int(hit.words["year"]), int(hit.words["year_b"])
    return _span((date(first, 1, 1), date(last, 12, 31))) if first < last else None


def _from(day: date | None, days: int, **more: object) -> Value:
    return _day(day and dates.shift(day, days), **more)


def _deictic(hit: Hit, frame: Frame) -> Value:
    step = frame.words.value("deictic", hit.get("deictic"))
    return _from(frame.published, step, part=_part(hit, frame.words))


def _today_part(hit: Hit, frame: Frame) -> Value:
    return _day(frame.published, part=_part(hit, frame.words) or "night")


def _last_night(hit: Hit, frame: Frame) -> Value:
    return _from(frame.published, -1, part=_part(hit, frame.words) or "evening")


def _overnight(hit: Hit, frame: Frame) -> Value:
    del hit
    base = frame.published
    return _span((base - timedelta(days=1), base) if base else None, part="night")


def _nth_day(hit: Hit, frame: Frame) -> Value:
    unit = hit.words.get("unit", "")
    if frame.words.value("part", unit) == "night":
        return _overnight(hit, frame)
    return _day(frame.published)


def _day_text(hit: Hit, frame: Frame) -> Value:
    step = frame.words.value("whichtext", hit.get("whichtext"))
    return _from(frame.here, step or 0, part=_part(hit, frame.words), from_text=True)


def _day_before(hit: Hit, frame: Frame) -> Value:
    return _from(frame.here, -1, part=_part(hit, frame.words), from_text=True)


def _day_same(hit: Hit, frame: Frame) -> Value:
    del hit
    return _day(frame.here, from_text=True)


def _count(hit: Hit, words: TimeWords) -> float | None:
    word = hit.get("count")
    if word is None:
        return 1
    found = words.value("count", word)
    if found is None and word.isdigit():
        found = int(word)
    return None if found is None or found > _FAR else float(found)


def _moved(day: date | None, count: float, unit: str, sign: int) -> Value:
    """Return the day, month or year so many units away; hours stay on the day."""
    if unit in _DAYS:
        return _from(day, sign * int(count * _DAYS[unit]))
    if unit in _MONTHS and day is not None:
        months = sign * int(count * _MONTHS[unit])
        year = day.year + months // 12
        if not 1 < year < _FAR:
            return Value()
        if unit == "month" or count < 1:
            return _span(dates.month_of(day.year, day.month, months), "month")
        return _span(dates.year_of(year), "year")
    return _day(day) if unit not in _MONTHS else Value()


def _count_text(hit: Hit, frame: Frame) -> Value | None:
    words = frame.words
    count, unit = _count(hit, words), words.value("unit", hit.get("unit"))
    if count is None:
        return None
    sign = 1 if words.value("way", hit.get("way")) == 1 else -1
    here = frame.here
    if unit == "hour" and frame.clock and here:
        hours = frame.clock[0] + sign * int(count)
        here = dates.shift(here, hours // _HOURS)
    elif unit == "hour" and count >= _HOURS:
        here = here and dates.shift(here, sign * int(count // _HOURS))
    return replace(_moved(here, count, unit, sign), from_text=True)


def _count_event(hit: Hit, frame: Frame) -> Value | None:
    """Read "three days after the quake": the day of what follows these words."""
    words = frame.words
    count, unit = _count(hit, words), words.value("unit", hit.get("unit"))
    way = words.value("way", hit.get("way"))
    if count is None or way is None:
        return None
    return replace(_moved(frame.here, count, unit, -1 if way == 1 else 1), from_text=True)


def _ago(hit: Hit, frame: Frame) -> Value | None:
    if "soon" in hit.words:
        return _day(frame.published)
    count, unit = _count(hit, frame.words), frame.words.value("unit", hit.get("unit"))
    if count is None:
        return None
    if unit == "hour" and count >= _HOURS:
        return _from(frame.published, -int(count // _HOURS))
    return _moved(frame.published, count, unit, -1)


def _window(hit: Hit, frame: Frame) -> Value | None:
    count, unit = _count(hit, frame.words), frame.words.value("unit", hit.get("unit"))
    if count is None:
        return None
    base = frame.published
    if unit in {"hour", "minute"}:
        days = 0 if unit == "minute" else -int(-count // _HOURS)
        first = base and dates.shift(base, -days)
    elif unit in _DAYS:
        first = base and dates.shift(base, -int(count * _DAYS[unit]))
    else:
        back = _moved(base, count, "month" if unit == "month" else unit, -1).first
        first = (
            back
            and base
            and dates.on(
                back.year, base.month if unit != "month" else back.month, min(base.day, 28)
            )
        )
    return _span((first, base) if first and base else None)


def _week(hit: Hit, frame: Frame) -> Value:
    words, base = frame.words, frame.published
    step = words.value("which", hit.get("which"))
    return _weeks(words.value("span", hit.get("span")), base, int(step or 0), frame)


def _yearword(hit: Hit, frame: Frame) -> Value:
    step = int(frame.words.value("yearword", hit.get("yearword")))
    return _weeks("year", frame.published, step, frame)


def _weeks(span: str, base: date | None, step: int, frame: Frame) -> Value:
    if base is None:
        return _span(None, span if span in {"month", "year"} else "range")  # type: ignore[arg-type]
    if span == "month":
        return _span(dates.month_of(base.year, base.month, step), "month")
    if span == "year":
        return _span(dates.year_of(base.year + step), "year")
    if span == "weekend":
        if frame.is_future or step > 0:
            start = dates.next_weekday(base, 5)
            return _span((start, start + timedelta(days=1)))
        begun = base.weekday() >= 5  # noqa: PLR2004 (Saturday)
        return _span(dates.weekend_of(base, -1 if step < 0 and begun else 0))
    first, last = dates.week_of(base, step)
    if step == 0 and not frame.is_future:
        last = base
    return _span((first, last))


def _week_text(hit: Hit, frame: Frame) -> Value:
    words = frame.words
    step = words.value("whichtext", hit.get("whichtext"))
    span = words.value("span", hit.get("span", "span_b"))
    value = _weeks(span, frame.here, -1 if step is None else step, frame)
    return replace(value, from_text=True)


def _weekend(hit: Hit, frame: Frame) -> Value:
    del hit
    return _weeks("weekend", frame.published, 0, frame)


def _feast(hit: Hit, frame: Frame) -> Value | None:
    held = frame.words.value("feast", hit.get("feast"))
    year, base = _number(hit, "year") or frame.year, frame.published
    part = _part(hit, frame.words)
    if isinstance(held, int):
        return _day(_pick(frame, held // 100, held % 100, year, None), part=part)
    if year is None and base is None:
        return _day(None, part=part)
    tries = [year] if year else [base.year + 1, base.year, base.year - 1] if base else []
    days = [dates.easter(each) + timedelta(days=int(held)) for each in tries]
    if year is None and base and frame.is_future:
        return _day(min(day for day in days if day >= base), part=part)
    return _day(next((d for d in days if year or (base and d <= base)), None), part=part)


def _clock(hit: Hit, frame: Frame) -> Value | None:
    words = frame.words
    held = words.value("hourword", hit.get("hourword"))
    if held is not None:
        return Value(clock=divmod(held, 100), grain="minute")
    half, last_half = (words.value("half", hit.get(name)) for name in ("half", "half_b"))
    until = _time(_number(hit, "hour_b"), _number(hit, "minute_b"), last_half)
    hour = _number(hit, "hour")
    if hour is None:
        hour = words.value("count", hit.get("count"))
    if hour is None:
        hour = words.value("hourname", hit.get("hourname"))
    clock = _time(hour, _number(hit, "minute"), half or last_half)
    if clock is None or ("hour_b" in hit.words and (until is None or until <= clock)):
        return None
    zone = hit.get("zone")
    world = zone.lower() if zone and words.value("zone", zone) else None
    return Value(clock=clock, until=until, zone=world, grain="minute")


def _time(hour: float | None, minute: int | None, half: str | None) -> tuple[int, int] | None:
    if hour is None or hour != int(hour) or hour >= _HOURS:
        return None
    if half and not 0 < hour <= _NOON:
        return None
    if half == "pm" and hour < _NOON:
        hour += _NOON
    elif half == "am" and hour == _NOON:
        hour = 0
    return int(hour), minute or 0


def _hours(hit: Hit, frame: Frame) -> Value:
    return Value(part=frame.words.value("hours", hit.get("hours")))


MEANINGS: Final[dict[str, Callable[[Hit, Frame], Value | None]]] = {
    "weekday": _weekday,
    "weekday-range": _weekday_range,
    "night-to": _night_to,
    "night-of": _night_of,
    "date": _date,
    "date-range": _date_range,
    "numeric": _numeric,
    "month": _month,
    "year": _year,
    "year-name": _year,
    "year-range": _year_range,
    "deictic": _deictic,
    "today-part": _today_part,
    "last-night": _last_night,
    "overnight": _overnight,
    "nth-day": _nth_day,
    "day-text": _day_text,
    "day-before": _day_before,
    "day-same": _day_same,
    "count-text": _count_text,
    "hours-text": _day_same,
    "count-event": _count_event,
    "ago": _ago,
    "window": _window,
    "week": _week,
    "week-text": _week_text,
    "yearword": _yearword,
    "weekend": _weekend,
    "feast": _feast,
    "clock": _clock,
    "clock-word": _clock,
    "hours": _hours,
}
CLOCKS: Final = frozenset({"clock", "clock-word"})
PARTS: Final = frozenset({"hours"})
