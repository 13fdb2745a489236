"""What happened at the door: accounts, credentials, sessions, refusals, calls, notes.

All of it is for the desk and stands in the same chain as the alerts (RELIABILITY P23). These
events hold ids and hashes, never names, logins or addresses, so that a person can be erased
from the registry without breaking the chain (DESIGN section 3, rule 14).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from tocsin.core.alert import Realm, Severity
from tocsin.core.authority import Role


class PageReason(enum.StrEnum):
    """Why officers are called."""

    SECOND_PERSON = "second-person"  # a proposal waits for its second person
    UNANSWERED = "unanswered"  # ... and nobody has answered it in time
    DECLINED = "declined"  # ... or the one who was asked cannot now
    SINGLE_PERSON = "single-person"  # one person issued what delay would make deadly
    OVERRIDE = "override"  # one person issued what policy wants two for
    RATE = "rate"  # somebody issues more alerts a minute than usual
    EXTENDED = "extended"  # an alert that nobody answered extended itself
    REMINDER = "reminder"  # "Still valid?" was not answered
    RAN_OUT = "ran-out"
    CHANNELS_LOST = "channels-lost"  # a region has no channel left that wakes people by itself
    POSTURE = "posture"  # a posture was ordered; its staff are called
    DRAFT = "draft"  # machines saw what may be a danger; an operator decides
    WITHDRAWN = "withdrawn"  # what an alert in force rests on was taken back by its source
    COUNTERFEIT = "counterfeit"  # one person called a warning false, widely or beside an alert


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficersPaged:
    """Officers were called: to an alert, or to a proposal. ``account`` is who gave the cause."""

    at: datetime
    why: PageReason
    alert_id: str | None = None
    proposal_id: str | None = None
    account: str = ""
    roles: tuple[Role, ...] = (Role.OPERATOR, Role.SUPERVISOR)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """An account was opened, changed, closed or erased; the scope it has from now on."""

    at: datetime
    account_id: str
    change: str
    """``opened``, ``changed``, ``closed`` or ``erased``."""
    role: Role
    sender: str = ""
    regions: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    realms: tuple[Realm, ...] = ()
    severity: Severity = Severity.EXTREME
    channels: tuple[str, ...] = ()
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialChanged:
    """A password, passkey, code generator, recovery code, link or key was made, used or revoked."""

    at: datetime
    account_id: str
    credential_id: str
    kind: str
    """``password``, ``passkey``, ``totp``, ``recovery-codes``, ``link`` or ``key``."""
    change: str
    """``made``, ``used`` or ``revoked``."""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """An officer signed in. ``device`` is a hash by which two browsers are told apart."""

    at: datetime
    account_id: str
    session_id: str
    credential_ids: tuple[str, ...]
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut:
    """A session is over: ``left``, ``shift-over``, ``ended`` (by another), ``replayed``."""

    at: datetime
    account_id: str
    session_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficerRefused:
    """Somebody who is known here was refused; each refusal is one event (P23)."""

    at: datetime
    account_id: str
    credential_id: str
    rule: str
    line: str = ""
    """The endpoint's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StrangersRefused:
    """Refusals of one unknown source within one minute, summed up: never one event each (P23)."""

    at: datetime
    source: str
    """A salted hash of the address; ``others`` for what no longer fitted."""
    minute: datetime
    count: int
    rules: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWritten:
    """A note for the next shift (``hand-over``) or about an alert (``remark``)."""

    at: datetime
    note_id: str
    kind: str
    text: str
    """Content hash of the words, which are stored beside the chain."""
    alert_id: str | None = None
    by: str = ""


AuditEvent = (
    AccountChanged | CredentialChanged | SignedIn | SignedOut | OfficerRefused | StrangersRefused
)
"""What the door records: it is told to the journal whole, only ``at`` is set there."""
