"""What the shell around the core needs from an engine: a journal, and nothing of its kind.

The journal is the truth (DESIGN section 4); it is append-only, hash-chained and
ordered, and one transaction writes events, keys and texts together, or none of them.
Engines live in ``tocsin.journal`` and run one contract suite
(``tests/component/journal``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from tocsin.clock import Reading
from tocsin.core.alert import Audience

__all__ = [
    "Draft",
    "Entry",
    "Head",
    "IdempotencyKey",
    "Identity",
    "Journal",
    "Reading",
    "Row",
]


@dataclass(frozen=True, slots=True)
class Draft:
    """An event as bytes, ready to be recorded.

    ``sequenced`` is False for imported history: such a row has an audience but no number in
    its sequence, and enters no stream (DESIGN section 4, time).
    """

    kind: str
    version: int
    data: bytes
    alert_id: str | None
    audience: Audience
    sequenced: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """An event as recorded. ``hash`` covers every other field and the hash of the row before."""

    seq: int
    kind: str
    version: int
    data: bytes
    alert_id: str | None
    audience: Audience
    audience_seq: int | None
    recorded_at: datetime
    hash: bytes


@dataclass(frozen=True, slots=True)
class Identity:
    """A message's name, unique for ever: (sender, identifier), and the hash of its content."""

    sender: str
    identifier: str
    content: str
    alert_id: str


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """A client's key for one request: same key and body returns the first answer (P3).

    The answer is the alert at that revision, read from the journal again; keys are kept 7 days and
    as long as the alert is in force.
    """

    credential: str
    key: str
    body: str
    alert_id: str
    revision: int


@dataclass(frozen=True, slots=True)
class Entry:
    """What one command leaves behind, written whole or not at all."""

    events: tuple[Draft, ...]
    identities: tuple[Identity, ...] = ()
    keys: tuple[IdempotencyKey, ...] = ()
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """Content hash (SHA-256, hex) -> the words, stored once however often they are used."""
    erases: tuple[str, ...] = ()
    """Content hashes whose words are deleted with it; the rows that name them stay."""


@dataclass(frozen=True, slots=True)
class Head:
    """Where the journal ends: its last number and hash, and the last number of each audience."""

    seq: int
    hash: bytes
    audiences: Mapping[Audience, int]


class Journal(Protocol):
    """One journal. Methods block; the service calls ``append`` in its writer thread.

    Reading methods may be called from any thread.
    """

    def head(self) -> Head:
        """Return where the journal ends, as committed."""
        ...

    def append(
        self, batch: Sequence[Entry], *, expected: int, recorded_at: datetime, reading: Reading
    ) -> list[tuple[Row, ...]]:
        """Write a batch in one transaction, synced to disk, and return the rows of each entry.

        Raises:
            LostRace: the journal does not end at ``expected`` any more.
            KeyTaken: an identity or idempotency key in the batch is used already.
            JournalUnavailable: the disk did not take it; nothing of the batch is accepted.
        """
        ...

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield rows by number, from the one after ``after``."""
        ...

    def read_audience(self, audience: Audience, after: int, limit: int) -> list[Row]:
        """Return rows of one audience's sequence, from the one after ``after``."""
        ...

    def follow(self, after: int, timeout_s: float) -> list[Row]:
        """Return rows after ``after``, waiting up to ``timeout_s`` for the first."""
        ...

    def of(self, alert_id: str) -> list[Row]:
        """Return every row of one alert, oldest first."""
        ...

    def find(self, sender: str, identifier: str) -> Identity | None:
        """Return what is recorded under this identity."""
        ...

    def find_key(self, credential: str, key: str) -> IdempotencyKey | None:
        """Return what is recorded under this idempotency key."""
        ...

    def text(self, content: str) -> bytes | None:
        """Return the words of that content hash."""
        ...

    def last_reading(self) -> Reading | None:
        """Return the clock reading stored with the last commit or by ``note_reading``."""
        ...

    def note_reading(self, reading: Reading) -> None:
        """Store a clock reading without an event (every 15 s)."""
        ...

    def forget_keys(self, before: datetime, keep: frozenset[str]) -> int:
        """Drop idempotency keys recorded before, but not those of alerts in ``keep``."""
        ...

    def close(self) -> None:
        """Release the files; the journal cannot be used afterwards."""
        ...
