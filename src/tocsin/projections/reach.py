"""Whom an alert reached, by each way out, and how long that took.

One table for all ways: how many were *selected*, to how many it was *handed over*, who
*acknowledged* it (for a stream: the socket took its bytes), who was lost (*unreached*). The
ways fill it in themselves; a way that people come to by themselves (a page, the API) hands
nothing over and has no row.

Four times of each revision (DESIGN section 4): accepted, recorded, first byte, last byte.
From ``recorded`` on they are monotonic. Delays are kept as a histogram, so that a million
listeners cost no more than ten. In memory: what was measured since this process started.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

STEP = math.log(1.05)
"""Delays are told apart by 5 %."""
FINEST_S = 1e-5
ALERTS_KEPT = 2_000
"""Alerts whose reach is remembered; a house gives some hundreds on a bad day."""


@dataclass(slots=True)
class Delays:
    """How long it took, for how many: a histogram in steps of 5 %."""

    counts: dict[int, int] = field(default_factory=dict)
    total: int = 0

    def add(self, seconds: float) -> None:
        """Count one."""
        step = math.ceil(math.log(max(seconds, FINEST_S) / FINEST_S) / STEP)
        self.counts[step] = self.counts.get(step, 0) + 1
        self.total += 1

    def quantile(self, share: float) -> float | None:
        """Return within how many seconds that share had it; None where nobody has."""
        if not self.total:
            return None
        wanted, seen = math.ceil(self.total * share), 0
        for step in sorted(self.counts):
            seen += self.counts[step]
            if seen >= wanted:
                return FINEST_S * math.exp(step * STEP)
        return None


@dataclass(slots=True)
class Row:
    """One revision of one alert by one way out. Times in seconds of the monotonic clock."""

    channel: str
    alert_id: str
    revision: int
    accepted_at: datetime
    recorded_at: datetime
    begun_s: float
    selected: int = 0
    handed_over: int = 0
    acknowledged: int = 0
    unreached: int = 0
    first_s: float | None = None
    last_s: float | None = None
    delays: Delays = field(default_factory=Delays)

    @property
    def waiting(self) -> int:
        """How many have neither acknowledged nor been lost."""
        return self.handed_over - self.acknowledged - self.unreached

    def acknowledge(self, now_s: float) -> None:
        """Count one who has it."""
        self.acknowledged += 1
        if self.first_s is None:
            self.first_s = now_s
        self.last_s = now_s
        self.delays.add(now_s - self.begun_s)

    def lose(self) -> None:
        """Count one who will not have it by this way."""
        self.unreached += 1


class Reach:
    """The table of all ways out. Fed in the event loop."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, list[Row]] = OrderedDict()
        self.proved: dict[str, datetime] = {}
        """Way out -> when it last got something through to anybody."""

    def open(self, row: Row) -> Row:
        """Take a row into the table; the oldest alert leaves where there are too many."""
        self._rows.setdefault(row.alert_id, []).append(row)
        self._rows.move_to_end(row.alert_id)
        while len(self._rows) > ALERTS_KEPT:
            self._rows.popitem(last=False)
        return row

    def prove(self, channel: str, at: datetime) -> None:
        """Note that a way out works: something got through."""
        self.proved[channel] = at

    def of(self, alert_id: str) -> list[Row]:
        """Return the rows of an alert, in the order in which they were opened."""
        return list(self._rows.get(alert_id, ()))

    def last_of(self, alert_id: str) -> Iterator[Row]:
        """Yield, for each way out, the row of the latest revision."""
        seen: set[str] = set()
        for row in reversed(self._rows.get(alert_id, ())):
            if row.channel not in seen:
                seen.add(row.channel)
                yield row
