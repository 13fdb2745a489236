"""What people are told besides alerts and guidance: a watch kept, a false warning about.

All of it is public, at once. Sentences are named by content hash and kept beside the chain.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.area import Area
from tocsin.core.claims import Voice


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchKept:
    """Somebody looked, and this is what he saw: "observed, unchanged, as of T, says whom".

    With the id of a watch that is kept already, it is the next look; whole values. It goes stale at
    ``fresh_until`` and is never an all-clear.
    """

    at: datetime
    watch_id: str
    handle: str
    hazard: str
    regions: tuple[str, ...]
    voice: Voice
    as_of: datetime
    fresh_until: datetime
    words: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchEnded:
    """Nobody keeps this watch any more. That says nothing of the danger."""

    at: datetime
    watch_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterfeitTold:
    """A false warning is about: what it says, and that it is false.

    ``refutes``: the statement in the ledger that it refutes; people see the link once they may see
    that statement.
    """

    at: datetime
    notice_id: str
    handle: str
    area: Area
    words: str
    refutes: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CounterfeitEnded:
    """The false warning is no longer about; the notice stays on record."""

    at: datetime
    notice_id: str
    by: str = ""


NoticeEvent = WatchKept | WatchEnded | CounterfeitTold | CounterfeitEnded
NOTICE_EVENTS: tuple[type[NoticeEvent], ...] = (
    WatchKept,
    WatchEnded,
    CounterfeitTold,
    CounterfeitEnded,
)
