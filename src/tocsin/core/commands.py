"""All that can be asked.

``sender`` is the authority in whose name it is asked, ``by`` the person or machine. With what
right they ask stands beside the command, in the ``Warrant`` that ``decide`` is given.
Words come rendered (``texts`` is their content hash): the core checks that they are
there, it does not write them. Only the importer sets ``imported`` and ``at``.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.alert import Certainty, Realm, Severity, Status, Urgency
from tocsin.core.area import Area
from tocsin.core.audit import AuditEvent, PageReason
from tocsin.core.control import SetControl
from tocsin.core.evacuation import Evacuation
from tocsin.core.hazard import Texts
from tocsin.core.infra_commands import InfraCommand
from tocsin.core.intake_commands import IntakeCommand
from tocsin.core.ledger_commands import LedgerCommand
from tocsin.core.notice_commands import NoticeCommand

__all__ = ["Texts"]


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
    hold: bool = False
    """Nobody but its own sender may end it, not even a superior (RELIABILITY P14)."""
    channels: tuple[str, ...] = ()
    """The ways out it is meant for; none named: all that its warrant allows."""
    ask_second: bool = False
    """The author wants a second person though policy asks for none."""
    override: str | None = None
    """Why it cannot wait for the second person that policy asks for; loud, and audited."""
    proposed_because: str = ""
    """What the author tells the second person."""
    draft_id: str | None = None
    """The draft of an alert that it answers (``core.inbox``)."""
    evacuation: Evacuation | None = None
    """Where people go, which way, by what and by when."""


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
    reason: str | None = None
    """Why it lasts: "decision of ..."; shown to people, so silence breeds no rumours (L28)."""
    ask_second: bool = False
    override: str | None = None
    proposed_because: str = ""
    evacuation: Evacuation | None = None
    """Another plan; None leaves the one that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepAlert:
    """Answer "Still valid?": it is, as it stands."""

    alert_id: str
    sender: str
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
    texts: Mapping[str, str] = field(default_factory=dict)
    """Alert -> content hash of the words it has from now on, where they change."""


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


class Verdict(enum.StrEnum):
    """What can be said to a proposal; ``withdraw`` is its author's, ``expire`` the clock's."""

    APPROVE = "approve"
    SEND_BACK = "send-back"
    DECLINE = "decline"
    WITHDRAW = "withdraw"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerProposal:
    """Say yes, not so, or not now to a proposal of exactly this ``content``.

    ``words`` and ``evacuation`` are those stored with it; ``confirmed`` says that the officer has
    just proved himself again by a second factor.
    """

    proposal_id: str
    verdict: Verdict
    content: str = ""
    reason: str = ""
    words: Texts = field(default_factory=dict)
    evacuation: Evacuation | None = None
    confirmed: bool = False
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOfficers:
    """Call further officers to a proposal that nobody has answered in time, or to an alert."""

    why: PageReason
    proposal_id: str | None = None
    alert_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveDelegation:
    """Let ``to`` give the all-clear for parts of ``sender``'s alerts in ``regions`` (P14)."""

    sender: str
    to: str
    regions: tuple[str, ...]
    hazards: tuple[str, ...]
    valid_until: datetime
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawDelegation:
    """Take back all that ``sender`` delegated to ``to``."""

    sender: str
    to: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNote:
    """Leave a note for the next shift, or about an alert; its words are stored beside the chain."""

    note_id: str
    kind: str
    text: str
    """Content hash of the words."""
    alert_id: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """Record what happened to an account, a credential or a session; ``at`` is set anew."""

    event: AuditEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveMandate:
    """Let ``sender`` warn in ``regions``; ``under`` names the authority above it, if any."""

    sender: str
    regions: tuple[str, ...]
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    by: str = ""
    imported: bool = False
    under: str | None = None


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
    | KeepAlert
    | AnswerProposal
    | PageOfficers
    | GiveDelegation
    | WithdrawDelegation
    | WriteNote
    | Audit
    | GiveMandate
    | WithdrawMandate
    | DoubtClock
    | AcceptClock
    | LedgerCommand
    | InfraCommand
    | NoticeCommand
    | IntakeCommand
    | SetControl
)
