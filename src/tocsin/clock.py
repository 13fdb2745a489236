"""The only place that asks the time or makes an id.

Everybody else is handed a ``Clock`` and a maker of ids, so that a test, a replay or an import
decides what time it is (DESIGN section 3, rule 3). Three clocks, for three questions: the wall
clock for people and CAP, the boot clock for durations across restarts of the process
(RELIABILITY P22), the monotonic clock for how long something took.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_BOOT_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)

_RANDOM_BITS = 74
_STEP_BITS = 32
POOL_BYTES = 512


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clocks said (RELIABILITY P22): which boot, seconds since it, and the wall clock."""

    boot_id: str
    boot_s: float
    wall: datetime


class Clock(Protocol):
    """Whoever is handed one never asks the time elsewhere."""

    def now(self) -> datetime:
        """Return the time, aware, in UTC."""
        ...

    def reading(self) -> Reading:
        """Return the boot clock and the wall clock, read together."""
        ...


class SystemClock:
    """The machine's own clocks.

    A system without a boot id (no Linux) gets one for the process: each start of Tocsin then
    counts as another boot, which only makes P22 more careful.
    """

    def __init__(self, boot_id_file: Path = BOOT_ID) -> None:
        try:
            self._boot_id = boot_id_file.read_text(encoding="ascii").strip()
        except OSError:
            self._boot_id = secrets.token_hex(16)

    def now(self) -> datetime:
        """Return the wall clock's time, aware, in UTC."""
        return datetime.now(UTC)

    def reading(self) -> Reading:
        """Return the boot clock (it goes on while the machine sleeps) and the wall clock."""
        return Reading(self._boot_id, time.clock_gettime(_BOOT_CLOCK), datetime.now(UTC))


def monotonic_s() -> float:
    """Return seconds since some moment: only differences mean something, within one process."""
    return time.monotonic()


class Pool:
    """Random bits from the system, fetched many at a time: one call to it serves fifty ids.

    Not for threads: whoever shares one keeps a lock.
    """

    def __init__(self, fetch: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self._fetch = fetch
        self._value = 0
        self._left = 0

    def __call__(self, bits: int) -> int:
        """Return that many random bits, each given out once; at most 4096."""
        if self._left < bits:
            self._value = int.from_bytes(self._fetch(POOL_BYTES), "big")
            self._left = POOL_BYTES * 8
        found = self._value & ((1 << bits) - 1)
        self._value >>= bits
        self._left -= bits
        return found


class Ids:
    """A maker of UUIDv7, each greater than the one before, also as text.

    Within a millisecond, and while the clock stands still or runs backwards, the random part
    goes on from the last one by a random step of up to 2^32; when it is used up the
    millisecond is counted on. May be called from any thread.

    Source: RFC 9562 sections 5.7 and 6.2 (method 2, monotonic random).
    """

    def __init__(
        self,
        now: Callable[[], datetime] | None = None,
        randbits: Callable[[int], int] | None = None,
    ) -> None:
        self._now = now
        self._randbits = randbits or Pool()
        self._lock = threading.Lock()
        self._last = 0  # the millisecond, then the 74 random bits

    def __call__(self) -> str:
        """Return the next id."""
        with self._lock:
            ms = self._ms()
            if ms > self._last >> _RANDOM_BITS:
                self._last = ms << _RANDOM_BITS | self._randbits(_RANDOM_BITS)
            else:
                self._last += 1 + self._randbits(_STEP_BITS)  # carries into the millisecond
            value = self._last
        low = value & (1 << 62) - 1
        high = value >> 62 & (1 << 12) - 1
        digits = f"{value >> _RANDOM_BITS:012x}7{high:03x}{0b10 << 62 | low:016x}"
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def _ms(self) -> int:
        if self._now is None:
            return time.time_ns() // 1_000_000
        return int(self._now().timestamp() * 1000)
