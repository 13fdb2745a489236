"""Drafts of alerts that machines made: listed, dismissed. Issuing one is an ordinary issue."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, structs

from tocsin.checks.text import prose_refusal
from tocsin.core.alert import Realm
from tocsin.core.authority import Permission
from tocsin.core.inbox import AlertDraft, Inbox, Threat
from tocsin.core.intake_commands import CloseAlertDraft
from tocsin.core.intake_proof import held
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.threats import Cause, Closing, Confidence, ThreatKind
from tocsin.web.api import alerts
from tocsin.web.api.intakeasks import DismissAsk
from tocsin.web.api.sealed import knows
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
HOW_SURE = (Confidence.CONFIRMED, Confidence.LIKELY, Confidence.POSSIBLE)


class ThreatBody(Struct, frozen=True, kw_only=True):
    """A report as its observer sent it."""

    id: str
    key: str
    kind: ThreatKind
    regions: list[str]
    toward: list[str]
    eta: Annotated[int | None, Meta(description="In s, when it was sent.")]
    confidence: Confidence
    observer: str
    sent: datetime
    not_after: datetime
    is_weak: bool
    withdrawn_at: datetime | None


class AlertDraftBody(Struct, frozen=True, kw_only=True):
    """What machines saw, for an operator to issue or dismiss. Nobody is warned by it."""

    id: str
    handle: str
    cause: Cause
    hazard: str
    level: str | None
    regions: list[str]
    confidence: Annotated[
        Confidence | None, Meta(description="Of its surest report; null: stations made it.")
    ]
    sources: Annotated[list[str], Meta(description="Ids of reports, or of stations.")]
    reports: list[ThreatBody]
    is_weak: Annotated[bool, Meta(description="It rests on a single weak source.")]
    why: str
    made_at: datetime
    changed_at: datetime
    until: Annotated[datetime, Meta(description="Then it runs out, which says nothing.")]
    closed_at: datetime | None
    how: Closing | None
    reason: str
    alert: str | None
    by: str
    sealed: Annotated[
        bool, Meta(description="Who saw what is for who may issue: none of it is here.")
    ] = False


class AlertDraftsBody(Struct, frozen=True, kw_only=True):
    """Drafts that wait, then those that ended under 24 h ago, the latest first."""

    drafts: list[AlertDraftBody]
    held: Annotated[
        list[ThreatBody],
        Meta(description="Reports that hold and drafted nothing: too wide for one weak source."),
    ]


async def drafts(ask: Ask) -> Answer:
    """Return the drafts and the reports that drafted nothing.

    Who may not issue in the live room reads that something is seen, and where: never who saw it.
    """
    service = ask.house.service
    inbox = service.state.inbox
    found = sorted(
        inbox.drafts.values(), key=lambda each: (each.waits, each.changed_at, each.id),
        reverse=True,
    )  # fmt: skip
    known = knows(ask.identity, Permission.ISSUE)
    loose = held(service.world, service.state, service.clock.now()) if known else ()
    return Answer(
        AlertDraftsBody(
            drafts=[
                draft_body(inbox, each) if known else _sealed(draft_body(inbox, each))
                for each in found
            ],
            held=[_report(each) for each in loose],
        ),
        headers=NO_STORE,
    )


async def dismiss(ask: Ask) -> Answer | Refusal:
    """Dismiss a draft with a reason."""
    body: DismissAsk = ask.body
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service, name = ask.house.service, ask.path["id"]
    known = service.state.inbox.drafts
    if name not in known:
        named = (each.id for each in known.values() if each.handle == name.upper())
        name = next(named, name)
    command = CloseAlertDraft(draft_id=name, reason=body.reason, by=ask.identity.name)
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        return outcome
    inbox = service.state.inbox
    return Answer(draft_body(inbox, inbox.drafts[outcome.alert_id or name]), headers=NO_STORE)


def draft_body(inbox: Inbox, draft: AlertDraft) -> AlertDraftBody:
    """Return a draft as operators see it."""
    reports = [inbox.threats[name] for name in draft.sources if name in inbox.threats]
    sure = {each.confidence for each in reports}
    return AlertDraftBody(
        id=draft.id,
        handle=draft.handle,
        cause=draft.cause,
        hazard=draft.hazard,
        level=draft.level,
        regions=list(draft.regions),
        confidence=next((each for each in HOW_SURE if each in sure), None),
        sources=list(draft.sources),
        reports=[_report(each) for each in reports],
        is_weak=draft.is_weak,
        why=draft.why,
        made_at=draft.made_at,
        changed_at=draft.changed_at,
        until=draft.until,
        closed_at=draft.closed_at,
        how=draft.how,
        reason=draft.reason,
        alert=draft.alert_id,
        by=draft.by,
    )


def _sealed(body: AlertDraftBody) -> AlertDraftBody:
    """Return a draft without observers, keys and readings: what, where, how old, how weak."""
    return structs.replace(
        body, confidence=None, sources=[], reports=[], why="", reason="", by="", sealed=True
    )


def _report(threat: Threat) -> ThreatBody:
    return ThreatBody(
        id=threat.id,
        key=threat.key,
        kind=threat.kind,
        regions=list(threat.regions),
        toward=list(threat.toward),
        eta=threat.eta_s,
        confidence=threat.confidence,
        observer=threat.observer,
        sent=threat.sent,
        not_after=threat.not_after,
        is_weak=threat.is_weak,
        withdrawn_at=threat.withdrawn_at,
    )


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/alert-drafts", name="list-alert-drafts",
        summary="Return the drafts of alerts that machines made, and what they rest on",
        description="Who may not issue reads hazard, regions, age and `is_weak` alone (`sealed`).",
        permission=Permission.VIEW, query=NoQuery, response=AlertDraftsBody, handler=drafts,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/alert-drafts/{{id}}/dismiss", name="dismiss-alert-draft",
        summary="Dismiss a draft with a reason; by id or handle",
        description="To issue it, issue an alert with `draft`: policy decides as for any alert.",
        permission=Permission.ISSUE, roomed=True, query=NoQuery, request=DismissAsk,
        response=AlertDraftBody, handler=dismiss, headers=NO_STORE, realm=Realm.LIVE,
        refusals=(
            Rule.UNKNOWN_ALERT_DRAFT, Rule.ALERT_DRAFT_CLOSED, Rule.REASON_MISSING,
            Rule.OUTSIDE_JURISDICTION, Rule.CONTROL_CHARACTER, Rule.WRONG_ROOM, *alerts.KEYED,
        ),
    ),
)  # fmt: skip
