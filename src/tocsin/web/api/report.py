"""Whom an alert reached, and the report after it: for the desk only.

What of it may be public is decided elsewhere (RELIABILITY P25a). Delays by channel are those of
this process: after a restart the time line is whole, the measurements begin anew.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.core.audit import OfficersPaged
from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import prose
from tocsin.formats.officers import PersonBody, person
from tocsin.projections.reach import Row
from tocsin.projections.report import Moment, moment
from tocsin.service.records import Records, Written
from tocsin.service.submit import Service
from tocsin.web.api.speaker import named
from tocsin.web.api.staff import NO_DESK, desk_hub_of, names
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

NO_STORE = {"Cache-Control": "no-store"}
BEFORE_ROWS = 2_000
"""How many rows before an approval are looked at for its proposal: it lived 15 minutes."""


class DelaysBody(Struct, frozen=True, kw_only=True):
    """Seconds from recorded to the socket, within which that share of listeners had it."""

    p50: float | None
    p95: float | None
    p99: float | None


class ReachBody(Struct, frozen=True, kw_only=True):
    """One revision by one way out."""

    channel: str
    revision: int
    selected: int
    handed_over: int
    acknowledged: int
    unreached: Annotated[int, Meta(description="Too slow, or told a later revision instead.")]
    waiting: int
    accepted_at: datetime
    recorded_at: datetime
    first_byte_s: Annotated[float | None, Meta(description="After recorded; monotonic.")]
    last_byte_s: float | None
    delays: DelaysBody


class ReachesBody(Struct, frozen=True, kw_only=True):
    """Whom an alert reached, by way out and revision; measured since the house started."""

    alert: str
    handle: str
    open_now: Annotated[int, Meta(description="Live streams that are open at this moment.")]
    reach: list[ReachBody]


class MomentBody(Struct, frozen=True, kw_only=True):
    """One step of an alert's life."""

    seq: int
    kind: str
    at: datetime
    recorded_at: datetime
    revision: int | None
    by: PersonBody | None
    approved_by: PersonBody | None
    override: str | None
    facts: dict[str, Any]
    text: Annotated[str | None, Meta(description="A note's words.")]


class ReportBody(Struct, frozen=True, kw_only=True):
    """The report after an alert."""

    alert: str
    handle: str
    decided_by: Annotated[
        list[PersonBody], Meta(description="Everybody who decided a revision, authors first.")
    ]
    overrides: list[str]
    time_line: list[MomentBody]
    reach: list[ReachBody]
    unreached: int
    calls: int
    notes: int


async def reach(ask: Ask) -> Answer | Refusal:
    """Return whom an alert reached."""
    view = named(ask)
    if isinstance(view, Refusal):
        return view
    hub = ask.house.hub
    body = ReachesBody(
        alert=view.alert.id, handle=view.alert.handle, open_now=hub.connections,
        reach=[_reach(row) for row in hub.reach.of(view.alert.id)],
    )  # fmt: skip
    return Answer(body, headers=NO_STORE)


async def report(ask: Ask) -> Answer | Refusal:
    """Return the report after an alert, or so far."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    view = named(ask)
    if isinstance(view, Refusal):
        return view
    service, name_of = ask.house.service, names(ask.house)
    tree = service.world.tree
    rows = await asyncio.to_thread(_rows, hub.records, view.alert.id)
    moments = [moment(tree, row.seq, row.kind, row.recorded_at, event) for row, event in rows]
    deciders = dict.fromkeys(
        [each.by for each in moments if each.revision is not None and each.by]
        + [each.approved_by for each in moments if each.approved_by]
    )
    reached = [_reach(row) for row in ask.house.hub.reach.of(view.alert.id)]
    body = ReportBody(
        alert=view.alert.id,
        handle=view.alert.handle,
        decided_by=[person(each, name_of) for each in deciders],
        overrides=[prose(each.override) for each in moments if each.override],
        time_line=[_moment(service, each, name_of) for each in moments],
        reach=reached,
        unreached=sum(each.unreached for each in reached),
        calls=sum(1 for _, event in rows if isinstance(event, OfficersPaged)),
        notes=sum(1 for each in moments if each.text is not None),
    )
    return Answer(body, headers=NO_STORE)


def _rows(records: Records, alert_id: str) -> list[Written]:
    """Return the alert's rows, and those of the proposals that led to them. Blocking."""
    rows = {row.seq: (row, event) for row, event in records.of(alert_id)}
    answers = {
        event.proposal_id: row.seq
        for row, event in rows.values()
        if isinstance(event, ev.ProposalAnswered)
    }
    if answers:
        first, last = min(answers.values()), max(answers.values())
        for row, event in records.between(max(0, first - BEFORE_ROWS), last):
            if row.audience is Audience.DESK and _of_proposal(event) in answers:
                rows[row.seq] = (row, event)
    return [rows[seq] for seq in sorted(rows)]


def _of_proposal(event: ev.Event) -> str | None:
    if isinstance(event, ev.ProposalMade):
        return event.proposal.id
    if isinstance(event, ev.ProposalAnswered | OfficersPaged):
        return event.proposal_id
    return None


def _moment(service: Service, each: Moment, name_of: Any) -> MomentBody:
    words = service.text(each.text) if each.text is not None else None
    return MomentBody(
        seq=each.seq, kind=each.kind, at=each.at, recorded_at=each.recorded_at,
        revision=each.revision,
        by=person(each.by, name_of) if each.by else None,
        approved_by=person(each.approved_by, name_of) if each.approved_by else None,
        override=None if each.override is None else prose(each.override),
        facts=dict(each.facts),
        text=None if words is None else prose(words.decode()),
    )  # fmt: skip


def _reach(row: Row) -> ReachBody:
    delays = row.delays
    return ReachBody(
        channel=row.channel, revision=row.revision, selected=row.selected,
        handed_over=row.handed_over, acknowledged=row.acknowledged, unreached=row.unreached,
        waiting=max(0, row.waiting), accepted_at=row.accepted_at, recorded_at=row.recorded_at,
        first_byte_s=None if row.first_s is None else row.first_s - row.begun_s,
        last_byte_s=None if row.last_s is None else row.last_s - row.begun_s,
        delays=DelaysBody(
            p50=delays.quantile(0.5), p95=delays.quantile(0.95), p99=delays.quantile(0.99)
        ),
    )  # fmt: skip


BASE = "/api/v1"
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/alerts/{{id}}/reach", name="alert-reach",
        summary="Return whom an alert reached, by way out and revision",
        permission=Permission.VIEW, query=NoQuery, response=ReachesBody, handler=reach,
        refusals=(Rule.UNKNOWN_ALERT,), audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/alerts/{{id}}/report", name="alert-report",
        summary="Return the report after an alert: time line, delays, who decided",
        permission=Permission.VIEW, query=NoQuery, response=ReportBody, handler=report,
        refusals=(Rule.UNKNOWN_ALERT, Rule.NOT_ACCEPTED), audience=Audience.DESK,
        headers=NO_STORE,
    ),
)  # fmt: skip
