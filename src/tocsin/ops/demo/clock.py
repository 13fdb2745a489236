"""The time of the replay: it stands, runs as fast as it is told to, and never goes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tocsin.clock import Reading, monotonic_s

BOOT_ID = "replay"
DAWN = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Run:
    """From ``at`` on, at ``rate`` seconds a second since ``since_s``, up to ``until``."""

    at: datetime
    since_s: float
    rate: float
    until: datetime


class ReplayClock:
    """A clock that its driver moves; implements ``clock.Clock``, may be read from any thread.

    Its boot clock runs with it, so a restart of the process in a replay is no jump.
    """

    def __init__(self, at: datetime, steady: Callable[[], float] = monotonic_s) -> None:
        self._steady = steady
        self._run = _Run(at, steady(), 0.0, at)

    def now(self) -> datetime:
        """Return the time of the replay, aware, in UTC."""
        run = self._run  # read once: another thread may put a new one
        passed = timedelta(seconds=(self._steady() - run.since_s) * run.rate)
        return min(run.at + passed, run.until)

    def reading(self) -> Reading:
        """Return the replay's own boot clock and its time."""
        now = self.now()
        return Reading(BOOT_ID, (now - DAWN).total_seconds(), now)

    def jump(self, to: datetime) -> None:
        """Stand at ``to``; at the present time if that is later."""
        at = max(self.now(), to.astimezone(UTC))
        self._run = _Run(at, self._steady(), 0.0, at)

    def glide(self, to: datetime, seconds: float) -> None:
        """Run from now to ``to`` within ``seconds``, and stand there."""
        at, until = self.now(), to.astimezone(UTC)
        if seconds <= 0 or until <= at:
            self.jump(to)
        else:
            self._run = _Run(at, self._steady(), (until - at).total_seconds() / seconds, until)

    def stand(self) -> None:
        """Stand still from now on."""
        self.jump(self.now())
