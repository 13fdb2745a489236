"""Threat reports and drafts of alerts as they stand, and how an event changes them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import assert_never

from tocsin.core import intake_events as te
from tocsin.core.threats import Cause, Closing, Confidence, ThreatKind

KEPT = timedelta(hours=24)
MOST = 5_000
"""Reports that are remembered; a storm pushes out the oldest that no draft rests on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threat:
    """A threat report that was taken in."""

    id: str
    key: str
    identifier: str
    kind: ThreatKind
    regions: tuple[str, ...]
    confidence: Confidence
    observer: str
    sent: datetime
    not_after: datetime
    at: datetime
    content: str = ""
    toward: tuple[str, ...] = ()
    eta_s: int | None = None
    is_weak: bool = True
    withdrawn_at: datetime | None = None
    withdrawal: str = ""
    """The identifier of the message that took it back, and ..."""
    withdrawal_content: str = ""
    """... the hash of that message's body."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertDraft:
    """A draft of an alert: what machines saw, for an operator to issue or dismiss."""

    id: str
    handle: str
    cause: Cause
    hazard: str
    level: str | None
    regions: tuple[str, ...]
    sources: tuple[str, ...]
    keys: tuple[str, ...]
    is_weak: bool
    why: str
    made_at: datetime
    changed_at: datetime
    until: datetime
    closed_at: datetime | None = None
    how: Closing | None = None
    reason: str = ""
    alert_id: str | None = None
    by: str = ""

    @property
    def waits(self) -> bool:
        """Say whether it still waits for an operator."""
        return self.closed_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbox:
    """What came in under 24 h ago, and what waits. Mappings are treated as frozen."""

    threats: Mapping[str, Threat] = field(default_factory=dict)
    drafts: Mapping[str, AlertDraft] = field(default_factory=dict)

    def named(self, key: str, identifier: str) -> Threat | None:
        """Return the report of that key and identifier."""
        return next(
            (t for t in self.threats.values() if (t.key, t.identifier) == (key, identifier)), None
        )

    def said(self, key: str, identifier: str) -> str | None:
        """Return the content of that key's message, a report or a withdrawal; None: never heard."""
        for each in self.threats.values():
            if each.key == key and each.identifier == identifier:
                return each.content
            if each.key == key and each.withdrawal == identifier:
                return each.withdrawal_content
        return None

    def resting_on(self, threat_id: str) -> list[AlertDraft]:
        """Return the drafts that rest on a report, also those that were answered."""
        return [d for d in self.drafts.values() if threat_id in d.sources]


def fold_inbox(kept: Inbox, event: te.IntakeEvent) -> Inbox:
    """Return what stands after ``event``; ``kept`` itself is not changed."""
    match event:
        case te.ThreatTaken():
            limit = event.at - KEPT
            left = _bounded(kept, {n: t for n, t in kept.threats.items() if t.not_after >= limit})
            taken = Threat(
                id=event.threat_id, key=event.key, identifier=event.identifier, kind=event.kind,
                regions=event.regions, confidence=event.confidence, observer=event.observer,
                sent=event.sent, not_after=event.not_after, at=event.at, content=event.content,
                toward=event.toward, eta_s=event.eta_s, is_weak=event.is_weak,
            )  # fmt: skip
            return replace(kept, threats={**left, taken.id: taken})
        case te.ThreatWithdrawn():
            if (threat := kept.threats.get(event.threat_id)) is None:
                return kept
            gone = replace(
                threat, withdrawn_at=event.at, withdrawal=event.identifier,
                withdrawal_content=event.content,
            )  # fmt: skip
            return replace(kept, threats={**kept.threats, gone.id: gone})
        case te.AlertDrafted():
            return replace(kept, drafts=_drafts(kept, event))
        case te.AlertDraftClosed():
            if (draft := kept.drafts.get(event.draft_id)) is None:
                return kept
            closed = replace(
                draft, closed_at=event.at, how=event.how, reason=event.reason,
                alert_id=event.alert_id, by=event.by,
            )  # fmt: skip
            return replace(kept, drafts={**kept.drafts, closed.id: closed})
        case _:
            assert_never(event)


def _bounded(kept: Inbox, threats: Mapping[str, Threat]) -> Mapping[str, Threat]:
    """Return the reports with room for one more."""
    over = len(threats) - MOST + 1
    if over <= 0:
        return threats
    used = frozenset(name for draft in kept.drafts.values() for name in draft.sources)
    gone = frozenset([name for name in threats if name not in used][:over])
    return {name: each for name, each in threats.items() if name not in gone}


def _drafts(kept: Inbox, event: te.AlertDrafted) -> Mapping[str, AlertDraft]:
    limit = event.at - KEPT
    left = {
        name: each for name, each in kept.drafts.items()
        if each.closed_at is None or each.closed_at >= limit
    }  # fmt: skip
    old = left.get(event.draft_id)
    made = event.at if old is None else old.made_at
    draft = AlertDraft(
        id=event.draft_id, handle=event.handle, cause=event.cause, hazard=event.hazard,
        level=event.level, regions=event.regions, sources=event.sources, keys=event.keys,
        is_weak=event.is_weak, why=event.why, made_at=made, changed_at=event.at,
        until=event.until,
    )  # fmt: skip
    return {**left, draft.id: draft}
