"""All that can be asked.

``sender`` is the authority in whose name it is asked, ``by`` the person or machine.
Words come rendered (``texts`` is their content hash): the core checks that they are
there, it does not write them. Only the importer sets ``imported`` and ``at``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.alert import Certainty, Realm, Severity, Status, Urgency
from tocsin.core.area import Area
from tocsin.core.hazard import Phrase, Words

Texts = Mapping[Phrase, Mapping[str, Words]]
"""What an alert says at each moment of its life, in each language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueAlert:
    """Warn. ``expires`` None means the hazard's default; ``identifier`` None means the new id."""

    realm: Realm
    status: Status
    sender: str
    hazard: str
    area: Area
    level: str | None = None
    identifier: str | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    onset: datetime | None = None
    expires: datetime | None = None
    standing_by: str | None = None
    words: Texts = field(default_factory=dict)
    texts: str | None = None
    slots: Mapping[str, str] = field(default_factory=dict)
    content: str = ""
    by: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateAlert:
    """Change the level, area, words or end of an alert in force; None leaves as it is.

    An update never takes a place out: that is an all-clear for a part.
    """

    alert_id: str
    sender: str
    level: str | None = None
    area: Area | None = None
    urgency: Urgency | None = None
    severity: Severity | None = None
    certainty: Certainty | None = None
    expires: datetime | None = None
    words: Texts = field(default_factory=dict)
    texts: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtendAlert:
    """Let an alert last until ``expires``; ``standing_by`` makes it standing or renews it.

    ``automatic`` is the house's own step for hazards that extend themselves (P16).
    """

    alert_id: str
    sender: str
    expires: datetime
    standing_by: str | None = None
    automatic: bool = False
    by: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearAlert:
    """Give the all-clear: whole, or for ``regions`` only; ``ticked`` end along with it.

    The alert is named by ``alert_id`` or by (sender, identifier). ``relayed``: it comes from a
    pinned sender elsewhere, so its alert may not have come yet (P15).
    """

    sender: str
    alert_id: str | None = None
    identifier: str | None = None
    regions: tuple[str, ...] = ()
    ticked: tuple[str, ...] = ()
    reason: str | None = None
    by: str = ""
    relayed: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelAlert:
    """Say that the alert was issued in error."""

    sender: str
    reason: str
    alert_id: str | None = None
    identifier: str | None = None
    by: str = ""
    relayed: bool = False
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireAlert:
    """Let an alert run out: its time is over and nobody gave the all-clear."""

    alert_id: str
    imported: bool = False
    replayed: bool = False
    """A replayed source knows that no end was announced; the alert's own ``expires`` is later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveMandate:
    """Let ``sender`` warn in ``regions``."""

    sender: str
    regions: tuple[str, ...]
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    by: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawMandate:
    """Stop ``sender`` from warning in ``regions``."""

    sender: str
    regions: tuple[str, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtClock:
    """Record that the wall clock jumped, or that it cannot be believed after a restart."""

    wall: datetime
    expected: datetime
    restarted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptClock:
    """Record that a person accepted the wall clock."""

    wall: datetime
    by: str = ""


Command = (
    IssueAlert
    | UpdateAlert
    | ExtendAlert
    | ClearAlert
    | CancelAlert
    | ExpireAlert
    | GiveMandate
    | WithdrawMandate
    | DoubtClock
    | AcceptClock
)
