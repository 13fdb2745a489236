"""What: the vocabulary of CAP 1.2, an alert and its life.

Enumerations that the standard fixes are enums here and keep CAP's spelling as their
values; what grows (hazards, regions) is data of the profile.

Source: CAP 1.2 section 3.2.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.area import Area
from tocsin.core.evacuation import Plan


class MsgType(enum.StrEnum):
    """The nature of a message. Source: CAP 1.2 section 3.2.1, <msgType>."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Status(enum.StrEnum):
    """How a message is to be handled. Source: CAP 1.2 section 3.2.1, <status>."""

    ACTUAL = "Actual"
    EXERCISE = "Exercise"
    SYSTEM = "System"
    TEST = "Test"
    DRAFT = "Draft"


class Category(enum.StrEnum):
    """The kind of danger. Source: CAP 1.2 section 3.2.2, <category>."""

    GEO = "Geo"
    MET = "Met"
    SAFETY = "Safety"
    SECURITY = "Security"
    RESCUE = "Rescue"
    FIRE = "Fire"
    HEALTH = "Health"
    ENV = "Env"
    TRANSPORT = "Transport"
    INFRA = "Infra"
    CBRNE = "CBRNE"
    OTHER = "Other"


class Urgency(enum.StrEnum):
    """How soon to act. Source: CAP 1.2 section 3.2.2, <urgency>."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    PAST = "Past"
    UNKNOWN = "Unknown"


class Severity(enum.StrEnum):
    """How bad it is. Source: CAP 1.2 section 3.2.2, <severity>."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Certainty(enum.StrEnum):
    """How sure it is. Source: CAP 1.2 section 3.2.2, <certainty>."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


class Realm(enum.StrEnum):
    """The two rooms that never meet (DESIGN section 3, rule 7)."""

    LIVE = "live"
    DRILL = "drill"


class Audience(enum.StrEnum):
    """Who may see an event; each audience has a gapless sequence of its own (rule 2)."""

    PUBLIC = "public"
    DRILL = "drill"
    DESK = "desk"


class AlertState(enum.StrEnum):
    """Where an alert is in its life."""

    ACTIVE = "active"
    CLEARED = "cleared"  # an all-clear was given: the danger has passed
    CANCELLED = "cancelled"  # issued in error
    UNCONFIRMED = "unconfirmed"  # ran out without an all-clear


IN_FORCE = (AlertState.ACTIVE, AlertState.UNCONFIRMED)
"""What a stream's hash and snapshot count: nobody has said that these are over."""

REALM_OF_STATUS: Mapping[Status, Realm] = {
    Status.ACTUAL: Realm.LIVE,
    Status.EXERCISE: Realm.DRILL,
    Status.SYSTEM: Realm.LIVE,
    Status.TEST: Realm.LIVE,
    Status.DRAFT: Realm.LIVE,
}


def audience_of(status: Status) -> Audience:
    """Return who may see an alert of this status; Test, System and Draft are nowhere public."""
    if status is Status.ACTUAL:
        return Audience.PUBLIC
    return Audience.DRILL if status is Status.EXERCISE else Audience.DESK


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One alert at one revision.

    ``texts`` is the content hash of its words (alert, all-clear and retraction in every language),
    stored once; None for imported alerts, which carry ``slots`` for the profile's template.
    ``sounds_in`` are the leaf regions in which it sounds. ``ended`` is when it was cleared,
    cancelled or ran out. ``content`` is the hash of what was asked, by which a repeat is known.
    ``reason``: why it ended, or why it lasts. ``hold``: only its own sender may end it.
    ``channels``: the ways out it is meant for; none named: all.
    """

    id: str
    handle: str
    revision: int
    realm: Realm
    status: Status
    msg_type: MsgType
    sender: str
    identifier: str
    hazard: str
    level: str | None
    area: Area
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    sent: datetime
    onset: datetime
    expires: datetime
    state: AlertState
    ended: datetime | None
    standing: bool
    standing_by: str | None
    sounds_in: tuple[str, ...]
    texts: str | None
    slots: Mapping[str, str] = field(default_factory=dict)
    reason: str | None = None
    imported: bool = False
    content: str = ""
    issued_by: str = ""
    hold: bool = False
    channels: tuple[str, ...] = ()
    plan: Plan | None = None
    """Where people go, of an evacuation: its hashes and its deadline."""

    @property
    def audience(self) -> Audience:
        """Return who may see it."""
        return audience_of(self.status)

    @property
    def is_in_force(self) -> bool:
        """Say whether nobody has yet said that it is over."""
        return self.state in IN_FORCE


HANDLE_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so a handle can be read out over a radio."""
HANDLE_SHORTEST, HANDLE_LONGEST = 4, 12


def handle_of(alert_id: str, taken: Mapping[str, str] | frozenset[str]) -> str:
    """Return the shortest handle of a UUID that is not taken: its last bits, 5 to a sign.

    The end of a UUIDv7 is random and its beginning is the time, so the end is used.
    """
    number = int(alert_id.replace("-", ""), 16)
    handle = ""
    while len(handle) < HANDLE_LONGEST and (len(handle) < HANDLE_SHORTEST or handle in taken):
        handle += HANDLE_SIGNS[number & 31]
        number >>= 5
    return handle
