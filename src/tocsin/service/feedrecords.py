"""What the registry keeps of signed feeds: keys, stations, readings, which outage is whose.

Like accounts, this can be changed and taken back, so it stands beside the journal. Readings are
kept for three days and never enter the chain: what is decided of them does.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

FEED_KEYS_MOST = 2_000
STATIONS_MOST = 5_000
READINGS_MOST = 5_000
"""Of one station; the oldest make room, so that a storm fills no disk."""
READINGS_KEPT = timedelta(hours=72)


class FeedKind(enum.StrEnum):
    """What a key may send."""

    THREATS = "threats"
    OBSERVATIONS = "observations"
    OUTAGES = "outages"


class Quality(enum.StrEnum):
    """What a station says of its own reading; only ``ok`` ever counts."""

    OK = "ok"
    TEST = "test"
    FAULT = "fault"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedKey:
    """A public key by which others send; who, what, where, and what may come of it.

    ``id`` is what ``Tocsin-Key`` names; it is never given again. ``public`` is an Ed25519 key.
    ``tells``: outages that it reports are told to people at once.
    """

    id: str
    public: bytes
    name: str
    feeds: tuple[FeedKind, ...]
    sender: str
    regions: tuple[str, ...]
    hazards: tuple[str, ...] = ()
    issues: bool = False
    is_weak: bool = True
    tells: bool = False
    made_at: datetime
    made_by: str = ""
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """A station that measures dose rates. ``background`` in nSv/h, known for its place.

    A reading after ``calibrated_until`` is kept and does not count.
    """

    id: str
    name: str
    region: str
    position: tuple[float, float]
    """Longitude and latitude in degrees."""
    background: float
    calibrated_until: datetime
    key_id: str
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading as it came; ``content`` is the hash of its message."""

    station_id: str
    key_id: str
    identifier: str
    content: str
    value: float
    quality: Quality
    measured_at: datetime
    taken_at: datetime


class FeedRegistry(Protocol):
    """The part of a registry that signed feeds need; rules and errors as all of it has."""

    def feed_key(self, key_id: str) -> FeedKey | None:
        """Return a key, withdrawn or not."""
        ...

    def feed_keys(self) -> list[FeedKey]:
        """Return all keys, withdrawn ones too, oldest first."""
        ...

    def add_feed_key(self, key: FeedKey) -> None:
        """Add one. Raises Taken: its id or its public key is known, or there are too many."""
        ...

    def withdraw_feed_key(self, key_id: str, at: datetime) -> bool:
        """Withdraw it for good; False where it is unknown or withdrawn."""
        ...

    def station(self, station_id: str) -> Station | None:
        """Return a station."""
        ...

    def stations(self) -> list[Station]:
        """Return all stations, by id."""
        ...

    def save_station(self, station: Station) -> None:
        """Add one, or write it anew. Raises Taken: there are too many."""
        ...

    def add_reading(self, reading: Reading) -> bool:
        """Keep a reading and drop the station's old ones; False where that id was used before.

        Raises Taken: by another message of that key.
        """
        ...

    def readings(self, station_id: str, since: datetime) -> list[Reading]:
        """Return a station's readings measured since then, the last 500, oldest first."""
        ...

    def last_reading(self, station_id: str) -> Reading | None:
        """Return a station's last reading by the time it was measured."""
        ...

    def feed_outage(self, key_id: str, mark: str) -> str | None:
        """Return the outage that a key means by ``mark``."""
        ...

    def note_feed_outage(self, key_id: str, mark: str, outage_id: str, at: datetime) -> None:
        """Remember it; the key's oldest are forgotten after a year."""
        ...
