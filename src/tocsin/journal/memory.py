"""A journal in memory, for tests of everything above it: same rows, same refusals, no disk."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import datetime

from tocsin.clock import Reading
from tocsin.core.alert import Audience
from tocsin.errors import JournalUnavailable, KeyTaken, LostRace
from tocsin.journal import chain, times
from tocsin.journal.plan import plan
from tocsin.journal.rows import Stored, to_stored
from tocsin.service.ports import Entry, Head, IdempotencyKey, Identity, Row

Pair = tuple[str, str]


class MemoryJournal:
    """A journal that ends with its process; see ``service.ports.Journal`` for its methods."""

    def __init__(self) -> None:
        self._moved = threading.Condition()
        self._closed = False
        self._rows: list[Row] = []
        self._sequences: dict[Audience, list[Row]] = {audience: [] for audience in Audience}
        self._alerts: dict[str, list[Row]] = {}
        self._identities: dict[Pair, Identity] = {}
        self._keys: dict[Pair, tuple[IdempotencyKey, datetime]] = {}
        self._texts: dict[str, bytes] = {}
        self._reading: Reading | None = None
        self._head = Head(0, chain.GENESIS, dict.fromkeys(Audience, 0))

    def head(self) -> Head:
        """Return where the journal ends."""
        self._check_usable()
        return self._head

    def append(
        self, batch: Sequence[Entry], *, expected: int, recorded_at: datetime, reading: Reading
    ) -> list[tuple[Row, ...]]:
        """Write a batch whole and return the rows of each entry.

        Raises:
            LostRace: The journal does not end at ``expected`` any more.
            KeyTaken: An identity or idempotency key is used already.
            ValueError: A time has no zone, or words do not stand under their own hash.
        """
        with self._moved:
            self._check_usable()
            if self._head.seq != expected:
                raise LostRace(self._head.seq)
            planned = plan(self._head, batch, recorded_at)
            times.to_us(reading.wall)
            identities, keys = self._take(batch)
            for rows in planned.rows:
                for row in rows:
                    self._rows.append(row)
                    if row.audience_seq is not None:
                        self._sequences[row.audience].append(row)
                    if row.alert_id is not None:
                        self._alerts.setdefault(row.alert_id, []).append(row)
            self._identities |= identities
            at = times.from_us(planned.recorded_us)
            self._keys |= {pair: (key, at) for pair, key in keys.items()}
            for entry in batch:
                self._texts = {**entry.texts, **self._texts} if entry.texts else self._texts
                for content in entry.erases:
                    self._texts.pop(content, None)
            self._reading = reading
            self._head = planned.head
            self._moved.notify_all()
            return planned.rows

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield rows by number, from the one after ``after``."""
        self._check_usable()
        after = max(after, 0)
        yield from self._rows[after : None if limit is None else after + max(limit, 0)]

    def read_audience(self, audience: Audience, after: int, limit: int) -> list[Row]:
        """Return rows of one audience's sequence, from the one after ``after``."""
        self._check_usable()
        after = max(after, 0)
        return self._sequences[audience][after : after + max(limit, 0)]

    def follow(self, after: int, timeout_s: float) -> list[Row]:
        """Return rows after ``after``, waiting up to ``timeout_s`` for the first."""
        with self._moved:
            self._moved.wait_for(lambda: self._closed or self._head.seq > after, timeout_s)
            return list(self.read(after))

    def of(self, alert_id: str) -> list[Row]:
        """Return every row of one alert, oldest first."""
        self._check_usable()
        return list(self._alerts.get(alert_id, ()))

    def find(self, sender: str, identifier: str) -> Identity | None:
        """Return what is recorded under this identity."""
        self._check_usable()
        return self._identities.get((sender, identifier))

    def find_key(self, credential: str, key: str) -> IdempotencyKey | None:
        """Return what is recorded under this idempotency key."""
        self._check_usable()
        found = self._keys.get((credential, key))
        return found[0] if found else None

    def text(self, content: str) -> bytes | None:
        """Return the words of that content hash."""
        self._check_usable()
        return self._texts.get(content)

    def last_reading(self) -> Reading | None:
        """Return the clock reading stored with the last commit or by ``note_reading``."""
        self._check_usable()
        return self._reading

    def note_reading(self, reading: Reading) -> None:
        """Store a clock reading without an event."""
        self._check_usable()
        times.to_us(reading.wall)
        self._reading = reading

    def forget_keys(self, before: datetime, keep: frozenset[str]) -> int:
        """Drop idempotency keys recorded before, but not those of alerts in ``keep``."""
        with self._moved:
            self._check_usable()
            dropped = [
                pair
                for pair, (key, at) in self._keys.items()
                if at < before and key.alert_id not in keep
            ]
            for pair in dropped:
                del self._keys[pair]
            return len(dropped)

    def close(self) -> None:
        """End it; the journal cannot be used afterwards. May be called twice."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()

    def stored(self) -> Iterator[Stored]:
        """Yield rows by number as an engine stores them, for ``verify``."""
        for row in self.read():
            yield to_stored(row, times.to_us(row.recorded_at))

    def stored_texts(self) -> Iterator[tuple[str, bytes]]:
        """Yield all words with the hash they stand under, for ``verify``."""
        yield from self._texts.items()

    def damage(self) -> str | None:
        """Return None: memory has no file to be damaged."""
        return None

    def _check_usable(self) -> None:
        if self._closed:
            raise JournalUnavailable("the journal is closed")

    def _take(
        self, batch: Sequence[Entry]
    ) -> tuple[dict[Pair, Identity], dict[Pair, IdempotencyKey]]:
        """Return the batch's names and keys, or raise for the first one that is taken."""
        identities: dict[Pair, Identity] = {}
        keys: dict[Pair, IdempotencyKey] = {}
        for place, entry in enumerate(batch):
            for one in entry.identities:
                pair = (one.sender, one.identifier)
                if pair in identities or pair in self._identities:
                    raise KeyTaken(place, one)
                identities[pair] = one
            for key in entry.keys:
                pair = (key.credential, key.key)
                if pair in keys or pair in self._keys:
                    raise KeyTaken(place, key)
                keys[pair] = key
        return identities, keys
