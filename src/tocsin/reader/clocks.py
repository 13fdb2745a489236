"""Phrases that name a clock time or a part of the day; their day comes from beside them."""

from __future__ import annotations

from tocsin.reader.timevalue import Frame, Value, number
from tocsin.reader.timewords import Hit

_HOURS = 24
_NOON = 12


def clock(hit: Hit, frame: Frame) -> Value | None:
    """Read a clock time, or two with "between"; None where there is no such time."""
    words = frame.words
    held = words.value("hourword", hit.get("hourword"))
    if held is not None:
        return Value(clock=divmod(held, 100), grain="minute")
    half, last_half = (words.value("half", hit.get(name)) for name in ("half", "half_b"))
    until = _time(number(hit, "hour_b"), number(hit, "minute_b"), last_half)
    hour = number(hit, "hour")
    if hour is None:
        hour = words.value("count", hit.get("count"))
    if hour is None:
        hour = words.value("hourname", hit.get("hourname"))
    clock = _time(hour, number(hit, "minute"), half or last_half)
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


def hours(hit: Hit, frame: Frame) -> Value:
    """Read a part of a day said without its day."""
    return Value(part=frame.words.value("hours", hit.get("hours")))
