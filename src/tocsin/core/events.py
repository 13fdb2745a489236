"""All that can have happened.

An event says what was decided and carries all that ``evolve`` needs, so that a journal
can be read years later without the profile it was written under. ``at`` is when it
holds; when we learned it stands in the journal's row (DESIGN section 4, time).
Fields are only ever added, with a default; anything else is a new version with an upcast
in ``journal/codec.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core import infra_events as ie
from tocsin.core import intake_events as te
from tocsin.core import notice_events as ne
from tocsin.core.alert import (
    Audience,
    Certainty,
    Realm,
    Severity,
    Status,
    Urgency,
    audience_of,
)
from tocsin.core.area import Area
from tocsin.core.audit import (
    AccountChanged,
    AuditEvent,
    CredentialChanged,
    NoteWritten,
    OfficerRefused,
    OfficersPaged,
    SignedIn,
    SignedOut,
    StrangersRefused,
)
from tocsin.core.authority import Delegation, Mandate
from tocsin.core.control import ControlSet
from tocsin.core.evacuation import Plan
from tocsin.core.infra_events import INFRA_EVENTS, ChannelsChanged, InfraEvent, OutageReported
from tocsin.core.intake_events import INTAKE_EVENTS, IntakeEvent
from tocsin.core.ledger_events import LEDGER_EVENTS, GuidanceEvent, LedgerEvent
from tocsin.core.notice_events import NOTICE_EVENTS, NoticeEvent
from tocsin.core.proposal import Proposal, ProposalState


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertIssued:
    """An alert is in force from now on."""

    at: datetime
    alert_id: str
    handle: str
    realm: Realm
    status: Status
    sender: str
    identifier: str
    hazard: str
    level: str | None
    area: Area
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    onset: datetime
    expires: datetime
    standing_by: str | None
    sounds_in: tuple[str, ...]
    texts: str | None
    slots: Mapping[str, str] = field(default_factory=dict)
    imported: bool = False
    content: str = ""
    by: str = ""
    hold: bool = False
    channels: tuple[str, ...] = ()
    approved_by: str = ""
    override: str | None = None
    """Why one person issued what policy wants two for."""
    plan: Plan | None = None
    """Of an evacuation: the hashes of its words, and its deadline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUpdated:
    """Its level, area, words or end were changed; whole values, not differences."""

    at: datetime
    alert_id: str
    revision: int
    status: Status
    level: str | None
    area: Area
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    expires: datetime
    sounds_in: tuple[str, ...]
    texts: str | None
    by: str = ""
    imported: bool = False
    reason: str | None = None
    """Why it lasts; None leaves what was said before."""
    approved_by: str = ""
    override: str | None = None
    plan: Plan | None = None
    """None leaves the plan that it has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertExtended:
    """It lasts longer; nothing sounds. ``standing_by`` names who renews a standing alert."""

    at: datetime
    alert_id: str
    revision: int
    status: Status
    expires: datetime
    standing_by: str | None
    automatic: bool
    by: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReduced:
    """An all-clear for a part: ``area`` stays under the alert, ``cleared`` does not."""

    at: datetime
    alert_id: str
    revision: int
    status: Status
    area: Area
    cleared: tuple[str, ...]
    by: str = ""
    imported: bool = False
    texts: str | None = None
    """Its words for what is left; None leaves them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCleared:
    """The all-clear: the danger has passed. ``with_alert`` is the alert it was ended along with."""

    at: datetime
    alert_id: str
    revision: int
    status: Status
    sender: str
    with_alert: str | None = None
    reason: str | None = None
    by: str = ""
    imported: bool = False
    texts: str | None = None
    """Its words, where people stay under other alerts; None leaves them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCancelled:
    """The alert was issued in error."""

    at: datetime
    alert_id: str
    revision: int
    status: Status
    sender: str
    reason: str
    by: str = ""
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRanOut:
    """It expired and nobody gave the all-clear: silence, not safety."""

    at: datetime
    alert_id: str
    revision: int
    status: Status
    imported: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TombstoneLaid:
    """An end came before its alert (P15): the late alert will be recorded and will not sound."""

    at: datetime
    sender: str
    identifier: str
    cancelled: bool
    reason: str | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateGiven:
    """``sender`` may warn in ``regions`` from ``valid_from`` until ``valid_until`` (open: None)."""

    at: datetime
    sender: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None = None
    by: str = ""
    imported: bool = False
    under: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertKept:
    """The question "Still valid?" was answered: it is. For the desk; people see no revision."""

    at: datetime
    alert_id: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalMade:
    """An alert, or a change to one, waits for its second person; see ``core.proposal``."""

    at: datetime
    proposal: Proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalAnswered:
    """A proposal was approved, sent back, withdrawn or has expired; or one officer declined.

    ``state`` is what it is from now on; a decline leaves it waiting for somebody else.
    """

    at: datetime
    proposal_id: str
    state: ProposalState
    content: str
    by: str = ""
    credential: str = ""
    reason: str = ""
    declined: bool = False
    alert_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationGiven:
    """``sender`` lets another authority end parts of its alerts (P14)."""

    at: datetime
    delegation: Delegation
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationWithdrawn:
    """All that ``sender`` delegated to ``to`` is taken back."""

    at: datetime
    sender: str
    to: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MandateWithdrawn:
    """``sender`` may no longer warn in ``regions``; ``left`` are all the mandates it still has."""

    at: datetime
    sender: str
    regions: tuple[str, ...]
    left: tuple[Mandate, ...]
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockDoubted:
    """The wall clock cannot be believed (P22): nothing expires by it until it is accepted.

    ``wall`` is what it said, ``expected`` what the boot clock or the last stored time led to.
    """

    at: datetime
    wall: datetime
    expected: datetime
    restarted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockAccepted:
    """A person accepted the wall clock as it is."""

    at: datetime
    wall: datetime
    by: str = ""


AlertEvent = (
    AlertIssued
    | AlertUpdated
    | AlertExtended
    | AlertReduced
    | AlertCleared
    | AlertCancelled
    | AlertRanOut
)
MandateEvent = MandateGiven | MandateWithdrawn
ProposalEvent = ProposalMade | ProposalAnswered
Event = (
    AlertEvent
    | TombstoneLaid
    | MandateEvent
    | ClockDoubted
    | ClockAccepted
    | AlertKept
    | ProposalEvent
    | DelegationGiven
    | DelegationWithdrawn
    | OfficersPaged
    | AuditEvent
    | NoteWritten
    | LedgerEvent
    | InfraEvent
    | NoticeEvent
    | IntakeEvent
    | ControlSet
)

InOpenState = InfraEvent | NoticeEvent | IntakeEvent | ControlSet
"""What neither an alert's nor the ledger's events say: the open state holds all of it."""

EVENTS: tuple[type[Event], ...] = (
    AlertIssued,
    AlertUpdated,
    AlertExtended,
    AlertReduced,
    AlertCleared,
    AlertCancelled,
    AlertRanOut,
    TombstoneLaid,
    MandateGiven,
    MandateWithdrawn,
    ClockDoubted,
    ClockAccepted,
    AlertKept,
    ProposalMade,
    ProposalAnswered,
    DelegationGiven,
    DelegationWithdrawn,
    OfficersPaged,
    AccountChanged,
    CredentialChanged,
    SignedIn,
    SignedOut,
    OfficerRefused,
    StrangersRefused,
    NoteWritten,
    *LEDGER_EVENTS,
    *INFRA_EVENTS,
    *NOTICE_EVENTS,
    *INTAKE_EVENTS,
    ControlSet,
)

VERSIONS: Mapping[type[Event], int] = {}
"""The version an event is written in, where it is not 1."""


def audience_of_event(event: Event) -> Audience:
    """Return who may see an event: an alert's by its status, what people are told the public."""
    if isinstance(event, AlertEvent):
        return audience_of(event.status)
    if isinstance(event, MandateEvent | GuidanceEvent | NoticeEvent | ChannelsChanged):
        return Audience.PUBLIC
    if isinstance(event, OutageReported) and event.told:
        return Audience.PUBLIC
    return Audience.DESK


_OF_AN_ALERT = AlertKept | ProposalAnswered | OfficersPaged | NoteWritten


def alert_id_of(event: Event) -> str | None:
    """Return the alert an event belongs to; also what only the desk knows of it."""
    if isinstance(event, AlertEvent):  # nearly all are
        return event.alert_id
    if isinstance(event, ProposalMade):
        return event.proposal.update.alert_id if event.proposal.update is not None else None
    return event.alert_id if isinstance(event, _OF_AN_ALERT) else None


def is_sequenced(event: Event) -> bool:
    """Say whether it takes a number of its audience: imported history does not."""
    return not (isinstance(event, AlertEvent | MandateGiven) and event.imported)


def subject_of(event: Event) -> str | None:  # a match
    """Return the id of what an event that is no alert's made or changed; None: nothing has one."""
    match event:
        case ie.InstallationRegistered() | ie.InstallationErased() | ie.ConditionReported():
            return event.installation_id
        case ie.OutageReported() | ie.OutageTraced():
            return event.outage_id
        case ie.PostureSet():
            return event.posture_id
        case ne.WatchKept() | ne.WatchEnded():
            return event.watch_id
        case ne.CounterfeitTold() | ne.CounterfeitEnded():
            return event.notice_id
        case te.ThreatTaken() | te.ThreatWithdrawn():
            return event.threat_id
        case te.AlertDrafted() | te.AlertDraftClosed():
            return event.draft_id
        case ControlSet():
            return event.holding.id
        case _:
            return None
