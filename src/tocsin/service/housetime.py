"""The time the house goes by: the wall clock where it can be believed, else the boot clock.

RELIABILITY P22: order is by sequence, durations by the boot clock, the wall clock only for
display. A clock that jumps must never let an alert run out early, and a clock that is wrong
must never stop an alert from being issued:

* Within one boot, time goes on from the last stored reading by the boot clock, across
  restarts of the process too. The wall clock is followed while it is within 2 s of that.
* A jump of more than 2 s is *doubted*: reported once, and not followed until a person accepts.
* After another boot the wall clock is taken, unless it lies before the last stored reading or
  more than 24 h after it: then expiry is *held*, and reported.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.clock import Clock
from tocsin.service.ports import Reading

JUMP = timedelta(seconds=2)
LONGEST_OUT = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Doubt:
    """The wall clock said ``wall`` where ``expected`` was due; ``restarted``: at start-up."""

    wall: datetime
    expected: datetime
    restarted: bool


class HouseTime:
    """A clock that never runs backwards and never jumps by itself; implements ``Clock``."""

    def __init__(self, clock: Clock, last: Reading | None) -> None:
        self._clock = clock
        self.doubt: Doubt | None = None
        self.held = False
        reading = clock.reading()
        start = reading.wall
        if last is not None and last.boot_id == reading.boot_id:
            expected = last.wall + timedelta(seconds=max(0.0, reading.boot_s - last.boot_s))
            if abs(reading.wall - expected) > JUMP:
                self.doubt = Doubt(reading.wall, expected, restarted=True)
            start = expected if self.doubt else max(reading.wall, last.wall)
        elif last is not None and not last.wall <= reading.wall <= last.wall + LONGEST_OUT:
            self.doubt = Doubt(reading.wall, last.wall, restarted=True)
            self.held = True
            start = max(reading.wall, last.wall)
        self._base, self._base_s = start, reading.boot_s
        self._last = start

    def now(self) -> datetime:
        """Return the house's time; never earlier than what it returned before."""
        return self._read()[1]

    def reading(self) -> Reading:
        """Return a reading to be stored: the house's time stands where the wall clock's would."""
        reading, now = self._read()
        return Reading(reading.boot_id, reading.boot_s, now)

    def accept(self) -> datetime:
        """Take the wall clock as it is, on a person's word; return the time from now on."""
        reading = self._clock.reading()
        self._base, self._base_s = reading.wall, reading.boot_s
        self._last = reading.wall
        self.doubt, self.held = None, False
        return reading.wall

    def _read(self) -> tuple[Reading, datetime]:
        reading = self._clock.reading()
        steady = self._base + timedelta(seconds=reading.boot_s - self._base_s)
        if self.doubt is None:
            if abs(reading.wall - steady) <= JUMP:
                steady = reading.wall  # follow small corrections of the wall clock
                self._base, self._base_s = reading.wall, reading.boot_s
            else:
                self.doubt = Doubt(reading.wall, steady, restarted=False)
        self._last = max(self._last, steady)
        return reading, self._last


class TrustedTime:
    """Another clock, believed as it is: a replay's, a test's."""

    doubt: Doubt | None = None
    held = False

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> datetime:
        """Return that clock's time."""
        return self._clock.now()

    def reading(self) -> Reading:
        """Return that clock's reading."""
        return self._clock.reading()

    def accept(self) -> datetime:
        """Return that clock's time; there is nothing to accept."""
        return self._clock.now()
