"""The journal as officers read it: rows the latest first, filtered; and its export, verifiable.

A page looks at a bounded number of rows and says where to go on, so that no question costs
more than another. An exported row carries its own hash and that of the row before, and all that
is hashed (``docs/explain/journal.md``), so each can be checked by itself.

A row that is not for whoever asks (``sealed``) shows its kind, its number and its time, and no
filter but these finds it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from starlette.responses import Response, StreamingResponse

from tocsin.checks.identity import Identity
from tocsin.core import audit
from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.core.area import Area, Leaves, RegionTree
from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.officers import NameOf, PersonBody, person
from tocsin.projections.report import facts, who
from tocsin.service.chainwatch import ChainWatch
from tocsin.service.ports import Row
from tocsin.service.records import Records, Written
from tocsin.service.submit import Service
from tocsin.web.api.asks import Name, Time
from tocsin.web.api.sealed import is_sealed
from tocsin.web.api.staff import NO_DESK, desk_hub_of, names
from tocsin.web.endpoint import Answer, Ask, Endpoint

NO_STORE = {"Cache-Control": "no-store"}
LOOKED_AT = 20_000
"""Rows that one page looks at."""
NDJSON = "application/x-ndjson"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Cursor = Annotated[int, Meta(ge=1)]
Wanted = Callable[[Written], bool]


class ExportQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rows; nothing: all."""

    kind: Annotated[Name | None, Meta(description="E.g. `alert-issued`.")] = None
    alert: Annotated[Name | None, Meta(description="Id or handle.")] = None
    account: Annotated[Name | None, Meta(description="Did it, or is meant.")] = None
    region: Annotated[Name | None, Meta(description="Over it, in it.")] = None
    since: Annotated[Time | None, Meta(description="Recorded at or after.")] = None
    until: Annotated[Time | None, Meta(description="Recorded before.")] = None


class JournalQuery(ExportQuery, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which rows, and which page of them."""

    cursor: Annotated[Cursor | None, Meta(description="`next` of the page before.")] = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100


class EventBody(Struct, frozen=True, kw_only=True):
    """One row of the journal."""

    seq: int
    kind: str
    audience: Audience
    recorded_at: datetime
    at: datetime
    alert: Annotated[str | None, Meta(description="The alert's id.")]
    handle: str
    by: PersonBody | None
    account: Annotated[PersonBody | None, Meta(description="To whose account something was done.")]
    facts: dict[str, Any]
    sealed: Annotated[
        bool, Meta(description="What it says is not for whoever asks: kind, number, time alone.")
    ] = False


class JournalBody(Struct, frozen=True, kw_only=True):
    """A page of rows, the latest first."""

    rows: list[EventBody]
    next: Annotated[int | None, Meta(description="Cursor of the next page; null: the last.")]
    head: Annotated[int, Meta(description="The journal's last number.")]
    verified: Annotated[
        int | None, Meta(description="The chain was walked to this number since the start.")
    ] = None
    misfit: Annotated[
        str | None, Meta(description="The first thing in it that does not fit; null: none so far.")
    ] = None


class ExportedBody(Struct, frozen=True, kw_only=True):
    """One line of an export: the row, the hash before it, and its own."""

    seq: int
    kind: str
    version: int
    audience: str
    audience_seq: int | None
    alert_id: str | None
    recorded_at_us: int
    data: Annotated[str, Meta(description="Empty where it is sealed from whoever asks.")]
    before: str
    hash: str
    sealed: bool = False


async def journal(ask: Ask) -> Answer | Refusal:
    """Return a page of the journal."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    query: JournalQuery = ask.query
    wanted = _wanted(ask, query)
    if isinstance(wanted, Refusal):
        return wanted
    records, since = hub.records, query.since
    found, stopped = await asyncio.to_thread(
        _page, records, wanted, query.cursor, query.limit, since
    )
    tree, name_of = ask.house.service.world.tree, names(ask.house)
    handles = await asyncio.to_thread(_handles, ask.house.service, found)
    chain: ChainWatch | None = ask.house.shared.get("chain")
    body = JournalBody(
        rows=[
            _sealed(each[0]) if is_sealed(ask.identity, each[1])
            else _event(tree, each, handles, name_of)
            for each in found
        ],
        next=stopped,
        head=records.head().seq,
        verified=chain.verified if chain is not None else None,
        misfit=chain.misfit if chain is not None else None,
    )  # fmt: skip
    return Answer(body, headers=NO_STORE)


async def export(ask: Ask) -> Response | Refusal:
    """Return rows as lines of JSON, oldest first, each with its hash."""
    hub = desk_hub_of(ask.house)
    if hub is None:
        return NO_DESK
    wanted = _wanted(ask, ask.query)
    if isinstance(wanted, Refusal):
        return wanted
    return StreamingResponse(
        _lines(hub.records, wanted, ask.identity),
        media_type=NDJSON,
        headers={**NO_STORE, "Content-Disposition": 'attachment; filename="journal.ndjson"'},
    )


def _page(
    records: Records, wanted: Wanted, before: int | None, limit: int, since: datetime | None
) -> tuple[list[Written], int | None]:
    """Return rows of one page and the number before which the next begins. Blocking."""
    found: list[Written] = []
    looked_at, last = 0, 0
    for written in records.backward(before, LOOKED_AT):
        looked_at, last = looked_at + 1, written[0].seq
        if since is not None and written[0].recorded_at < since:
            return found, None
        if wanted(written):
            found.append(written)
            if len(found) == limit:
                break
    return found, last if last > 1 else None


def _lines(records: Records, wanted: Wanted, identity: Identity) -> Iterator[bytes]:
    before = records.genesis
    for written in records.forward():
        row = written[0]
        if wanted(written):
            sealed = is_sealed(identity, written[1])
            line = ExportedBody(
                seq=row.seq, kind=row.kind, version=row.version, audience=row.audience.value,
                audience_seq=row.audience_seq, alert_id=None if sealed else row.alert_id,
                recorded_at_us=_microseconds(row.recorded_at),
                data="" if sealed else row.data.decode(),
                before=before.hex(), hash=row.hash.hex(), sealed=sealed,
            )  # fmt: skip
            yield msgspec.json.encode(line) + b"\n"
        before = row.hash


def _microseconds(at: datetime) -> int:
    passed = at - EPOCH
    return (passed.days * 86_400 + passed.seconds) * 1_000_000 + passed.microseconds


def _wanted(ask: Ask, query: ExportQuery) -> Wanted | Refusal:
    """Return what a row must be like; a name that nothing here has is refused."""
    service = ask.house.service
    tree = service.world.tree
    alert_id, leaves = None, 0
    if query.alert is not None:
        alert_id = service.resolve(query.alert)
        if alert_id is None:
            return Refusal(Rule.UNKNOWN_ALERT, "/alert", "No alert of that name is known here.")
    if query.region is not None:
        code = tree.find(query.region)
        if code is None:
            return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
        leaves = tree.mask((code,))
    if query.since is not None and query.until is not None and query.until <= query.since:
        return Refusal(Rule.ENDS_BEFORE_START, "/until", "The end lies before the beginning.")

    def wanted(written: Written) -> bool:
        row, event = written
        if is_sealed(ask.identity, event) and (alert_id or leaves or query.account is not None):
            return False  # whether it is found would say what it says
        return (
            (query.kind is None or row.kind == query.kind)
            and (query.since is None or row.recorded_at >= query.since)
            and (query.until is None or row.recorded_at < query.until)
            and (alert_id is None or ev.alert_id_of(event) == alert_id)
            and (query.account is None or query.account in (who(event), _meant(event)))
            and (not leaves or bool(_leaves(tree, event) & leaves))
        )

    return wanted


def _meant(event: ev.Event) -> str:
    """Return the account that something was done to."""
    known = isinstance(
        event,
        audit.AccountChanged | audit.CredentialChanged | audit.SignedIn | audit.SignedOut
        | audit.OfficerRefused,
    )  # fmt: skip
    return event.account_id if known else ""  # type: ignore[union-attr]  # said by ``known``


def _leaves(tree: RegionTree, event: ev.Event) -> Leaves:
    """Return the leaves that an event speaks of."""
    area = event.proposal.area if isinstance(event, ev.ProposalMade) else None
    area = getattr(event, "area", area)
    if isinstance(area, Area):
        return tree.extent(area).touched
    codes = getattr(event, "regions", ())
    return tree.mask(code for code in codes if code in tree)


def _handles(service: Service, found: list[Written]) -> dict[str, str]:
    """Return the handles of the alerts that rows are about. Blocking: closed ones are read."""
    ids = {alert_id for _, event in found if (alert_id := ev.alert_id_of(event)) is not None}
    views = ((alert_id, service.view(alert_id)) for alert_id in ids)
    return {alert_id: view.alert.handle for alert_id, view in views if view is not None}


def _event(
    tree: RegionTree, written: Written, handles: Mapping[str, str], name_of: NameOf
) -> EventBody:
    row, event = written
    alert_id, by, account = ev.alert_id_of(event), who(event), _meant(event)
    return EventBody(
        seq=row.seq, kind=row.kind, audience=row.audience, recorded_at=row.recorded_at,
        at=event.at, alert=alert_id, handle=handles.get(alert_id or "", ""),
        by=person(by, name_of) if by else None,
        account=person(account, name_of) if account else None, facts=dict(facts(tree, event)),
    )  # fmt: skip


def _sealed(row: Row) -> EventBody:
    """Return a row without what it says: when it holds and who did it may say it."""
    return EventBody(
        seq=row.seq, kind=row.kind, audience=row.audience, recorded_at=row.recorded_at,
        at=row.recorded_at, alert=None, handle="", by=None, account=None, facts={}, sealed=True,
    )  # fmt: skip


BASE = "/api/v1"
WHICH = (Rule.UNKNOWN_ALERT, Rule.UNKNOWN_REGION, Rule.ENDS_BEFORE_START, Rule.NOT_ACCEPTED)
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/journal", name="journal",
        summary="Return rows of the journal, the latest first",
        permission=Permission.VIEW, query=JournalQuery, response=JournalBody, handler=journal,
        refusals=WHICH, audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/journal/export", name="journal-export",
        summary="Return rows of the journal as lines of JSON, each with its hash",
        permission=Permission.SUPERVISE, query=ExportQuery, media=NDJSON, handler=export,
        refusals=WHICH, audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
