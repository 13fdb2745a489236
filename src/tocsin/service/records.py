"""The journal as it is read by officers: rows with their events, in bounded pieces.

Every method blocks, and may be called from any thread; none reads the whole journal unless it
is asked to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.service.ports import Head, Journal, Row
from tocsin.service.record import Codec

Written = tuple[Row, ev.Event]
CHUNK = 1_000
GENESIS = hashlib.sha256(b"tocsin journal 1").digest()
"""The hash before the first row, as ``journal.chain`` has it; a test holds the two together."""


class Records:
    """Reads the rows of one journal."""

    def __init__(self, journal: Journal, codec: Codec) -> None:
        self._journal = journal
        self._codec = codec

    @property
    def genesis(self) -> bytes:
        """Return the hash before the first row."""
        return GENESIS

    def head(self) -> Head:
        """Return where the journal ends."""
        return self._journal.head()

    def of(self, alert_id: str) -> list[Written]:
        """Return every row of one alert, also what only the desk sees, oldest first."""
        return [self._read(row) for row in self._journal.of(alert_id)]

    def last(self, audience: Audience, most: int) -> list[Written]:
        """Return the last rows of an audience's sequence, oldest first."""
        after = max(0, self._journal.head().audiences[audience] - most)
        return [self._read(row) for row in self._journal.read_audience(audience, after, most)]

    def forward(self, after: int = 0) -> Iterator[Written]:
        """Yield rows by number, from the one after ``after``."""
        return (self._read(row) for row in self._journal.read(after))

    def backward(self, before: int | None = None, most: int | None = None) -> Iterator[Written]:
        """Yield rows from the one before ``before`` (the end, if None) back to the beginning.

        ``most`` bounds how many are looked at.
        """
        top = self._journal.head().seq if before is None else before - 1
        left = top if most is None else min(most, top)
        while left > 0:
            take = min(CHUNK, left)
            rows = list(self._journal.read(after=top - take, limit=take))
            yield from (self._read(row) for row in reversed(rows))
            top -= take
            left -= take

    def between(self, after: int, until: int) -> list[Written]:
        """Return rows after ``after`` up to and with ``until``."""
        return [self._read(row) for row in self._journal.read(after, max(0, until - after))]

    def _read(self, row: Row) -> Written:
        return row, self._codec.decode(row.kind, row.version, row.data)
