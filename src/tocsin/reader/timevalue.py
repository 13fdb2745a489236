"""What a phrase of time comes to, what it is counted from, and how the lexicon's words are read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from tocsin.reader import dates
from tocsin.reader.timewords import Hit, TimeWords

Grain = Literal["minute", "day", "month", "year", "range"]

_SOON: Final = timedelta(days=10)
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
    own: date | None = None
    """A day that the same sentence has told before."""
    clock: tuple[int, int] | None = None
    """The clock time that went with the day before."""
    year: int | None = None
    """A year that the sentence has named before."""
    month: date | None = None
    """The last month that the paragraph has named."""
    night: tuple[date, date] | None = None
    """The last night that the text has told."""
    is_future: bool = False
    """The phrase's own clause puts it ahead."""
    weekdays: tuple[int, ...] = ()
    is_day_first: bool | None = None
    """How the document's other dates in numbers are written, where that is known."""

    @property
    def here(self) -> date | None:
        """Return the day that "the day before" counts from."""
        return self.before or self.published


def one_day(day: date | None, **more: object) -> Value:
    """Return that day, with what else is known."""
    return replace(Value(first=day, last=day), **more)  # type: ignore[arg-type]


def days(days: tuple[date, date] | None, grain: Grain = "range", **more: object) -> Value:
    """Return those days, with what else is known."""
    first, last = days or (None, None)
    return replace(Value(first=first, last=last, grain=grain), **more)  # type: ignore[arg-type]


def part_of(hit: Hit, words: TimeWords) -> str | None:
    """Return the part of the day that the phrase names."""
    for name in ("part", "part_b", "part_c", "side"):
        found = words.value(name.split("_")[0], hit.get(name))
        if found:
            return str(found)
    return None


def number(hit: Hit, name: str) -> int | None:
    """Return the number that fills a class."""
    word = hit.get(name)
    return int(word) if word else None


def month_number(hit: Hit, words: TimeWords, mark: str = "") -> int | None:
    """Return the month that fills a class, 1 to 12."""
    found = words.value("mon", hit.get(f"month{mark}", f"mon{mark}"))
    return int(found) if found else None


def year_named(hit: Hit, frame: Frame) -> int | None:
    """Return the year that the phrase names: "2021", "last year"."""
    step = frame.words.value("yearof", hit.get("yearof"))
    if step is not None and frame.published:
        return frame.published.year + int(step)
    return number(hit, "year")


def pick(frame: Frame, month: int, day: int, year: int | None, weekday: int | None) -> date | None:
    """Return the date of that day and month in the year that the text means."""
    year = year or frame.year
    if year:
        return dates.on(year, month, day)
    base = frame.published
    if base is None:
        return None
    found = dates.around(base, month, day, is_future=frame.is_future)
    soon = dates.around(base, month, day, is_future=True)
    if soon and soon - base <= _SOON:
        found = soon  # a date of last year would have its year
    if weekday is not None and found and found.weekday() != weekday:
        other = dates.around(base, month, day, is_future=not frame.is_future)
        if other and other.weekday() == weekday:
            return other
    return found


def counted(day: date | None, days: int, **more: object) -> Value:
    """Return the day so many days on."""
    return one_day(day and dates.shift(day, days), **more)


def count_of(hit: Hit, words: TimeWords) -> float | None:
    """Return how many are counted; 1 where no number stands, None of no number."""
    word = hit.get("count")
    if word is None:
        return 1
    found = words.value("count", word)
    if found is None and word.isdigit():
        found = int(word)
    return None if found is None or found > _FAR else float(found)
