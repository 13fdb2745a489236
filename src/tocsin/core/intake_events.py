"""What came in by signed feeds, and the drafts of alerts that were made of it. For the desk alone.

A threat report has no position of what was seen, and nothing here can be aimed by (DESIGN R11).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.threats import Cause, Closing, Confidence, ThreatKind


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatTaken:
    """An observer reported a threat. ``key`` is the feed's key, ``identifier`` unique under it."""

    at: datetime
    threat_id: str
    key: str
    identifier: str
    content: str
    kind: ThreatKind
    regions: tuple[str, ...]
    confidence: Confidence
    observer: str
    sent: datetime
    not_after: datetime
    toward: tuple[str, ...] = ()
    eta_s: int | None = None
    is_weak: bool = True
    """Its key was a weak one then: alone it is believed for a small place only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ThreatWithdrawn:
    """Its observer took a report back, by another one of the same key."""

    at: datetime
    threat_id: str
    key: str
    identifier: str
    content: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDrafted:
    """A draft of an alert waits for an operator, or an earlier one has grown; whole values.

    ``sources``: threats, or stations, that it rests on. ``is_weak``: a single weak source.
    ``why``: figures and names for the operator, as plain text.
    """

    at: datetime
    draft_id: str
    handle: str
    cause: Cause
    hazard: str
    regions: tuple[str, ...]
    sources: tuple[str, ...]
    keys: tuple[str, ...]
    until: datetime
    level: str | None = None
    is_weak: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDraftClosed:
    """A draft waits no more: issued, dismissed, withdrawn by its source, or run out."""

    at: datetime
    draft_id: str
    how: Closing
    reason: str = ""
    alert_id: str | None = None
    by: str = ""


IntakeEvent = ThreatTaken | ThreatWithdrawn | AlertDrafted | AlertDraftClosed
INTAKE_EVENTS: tuple[type[IntakeEvent], ...] = (
    ThreatTaken,
    ThreatWithdrawn,
    AlertDrafted,
    AlertDraftClosed,
)
