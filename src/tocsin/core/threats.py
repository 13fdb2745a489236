"""The vocabulary of threat reports and dose rates: what a feed may say, and how far it is believed.

Source: formats/api-v1.md, "Signed feeds"; LESSONS L13.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime

ACCOUNT = "feed:"
"""What stands before a key's id where an account's stands: no account begins with it."""


class ThreatKind(enum.StrEnum):
    """What was seen."""

    AIRCRAFT = "aircraft"
    MISSILE = "missile"
    DRONE = "drone"
    ARTILLERY = "artillery"
    UNKNOWN = "unknown"


class Confidence(enum.StrEnum):
    """How sure the observer is."""

    CONFIRMED = "confirmed"
    LIKELY = "likely"
    POSSIBLE = "possible"


class Cause(enum.StrEnum):
    """What a draft of an alert was made of."""

    THREATS = "threats"
    DOSE_RATES = "dose-rates"


class Closing(enum.StrEnum):
    """How a draft ended."""

    ISSUED = "issued"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"
    RAN_OUT = "ran-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A key by which others send: whose, for where, and what may come of it.

    ``sender``: the authority in whose mandate it speaks. ``issues``: it may issue at once, within
    ``regions`` and ``hazards`` and what policy allows; else it drafts. ``is_weak``: alone it is
    believed for a small place only (LESSONS L13).
    """

    key: str
    sender: str
    regions: tuple[str, ...]
    hazards: tuple[str, ...] = ()
    issues: bool = False
    is_weak: bool = True

    @property
    def account(self) -> str:
        """Return the name under which what it sends, and issues, is recorded."""
        return f"{ACCOUNT}{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One reading of a station, in nSv/h, that was found good when it came."""

    station: str
    region: str
    value: float
    background: float
    measured_at: datetime
    key: str = ""
    """Whose key signed for it: stations of one key are one source."""
