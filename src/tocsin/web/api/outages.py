"""Outages: what is out, where, how far it is back; what people may read of it.

People read what they were told, by a name of its own, without cause and installation (RELIABILITY
P25, P25a); nothing that they read depends on an outage that they were not told of.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.checks.text import name_refusal
from tocsin.core import infra_commands as ic
from tocsin.core.alert import Audience
from tocsin.core.area import Leaves, RegionTree
from tocsin.core.authority import Permission
from tocsin.core.claims import Figure, Measure
from tocsin.core.facilities import SERVICES, Outage
from tocsin.core.infra_outages import began_told
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.infra import DeskOutageBody, desk_outage_body
from tocsin.formats.told import OutageBody, WithoutBody, outage_body
from tocsin.projections.outages import Without, hours_without
from tocsin.service.submit import Service
from tocsin.web.api import alerts, asks, incidents, infraasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.ledgerasks import Kebab, kept_time
from tocsin.web.api.outages_csv import written
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
CSV = "text/csv"
USUAL = timedelta(days=30)
MOST_DAYS = 92
MINUTE = timedelta(minutes=1)

Region = Annotated[
    asks.Name | None, Meta(description="Geocode or alias: in it, or over it.")
]  # fmt: skip


class OutagesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which outages; nothing: those that last."""

    region: Region = None
    history: Annotated[int, Meta(ge=0, le=1, description="Those that are over as well.")] = 0
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    cursor: Annotated[asks.Name | None, Meta(description="`cursor` of the page before.")] = None


class HoursQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of which region and service, from when to when."""

    region: Annotated[
        asks.Name | None, Meta(description="Geocode or alias; left out: each top region.")
    ] = None
    service: Annotated[
        Kebab | None, Meta(description="Left out: every service.")
    ] = None  # fmt: skip
    since: Annotated[asks.Time | None, Meta(description="Left out: 30 days before.")] = None
    until: Annotated[asks.Time | None, Meta(description="Left out: now.")] = None


class OutagesBody(Struct, frozen=True, kw_only=True):
    """Outages, those that last first; ``cursor`` leads on, null at the end."""

    outages: list[OutageBody]
    cursor: str | None


class DeskOutagesBody(Struct, frozen=True, kw_only=True):
    """Outages as the desk knows them, told or not; ``cursor`` leads on, null at the end."""

    outages: list[DeskOutageBody]
    cursor: str | None


class HoursBody(Struct, frozen=True, kw_only=True):
    """Hours without a service, the latest day first; a day without any has no row."""

    since: datetime
    until: datetime
    rows: list[WithoutBody]


async def outages(ask: Ask) -> Answer | Refusal:
    """Return what people were told of: what is out now, or the history as well."""
    told = (each for each in _all(ask) if each.told)
    found = _chosen(ask, list(told), lambda each: each.public_id)
    if isinstance(found, Refusal):
        return found
    page, cursor = found
    policy = ask.house.service.world.publication
    body = OutagesBody(outages=[outage_body(policy, each) for each in page], cursor=cursor)
    return Answer(body, headers=NO_STORE)


async def outage(ask: Ask) -> Answer | Refusal:
    """Return one outage by its public id."""
    name = ask.path["id"]
    for each in _all(ask):
        if each.told and each.public_id == name:
            policy = ask.house.service.world.publication
            return Answer(outage_body(policy, each), headers=NO_STORE)
    return Refusal(Rule.UNKNOWN_OUTAGE, "/id", "No outage of that id is known here.")


async def hours(ask: Ask) -> Answer | Refusal:
    """Return the hours without a service by day and region."""
    found = _hours(ask)
    if isinstance(found, Refusal):
        return found
    since, until, rows = found
    bodies = [WithoutBody(day=row.day, region=row.region, service=row.service, hours=row.hours,
                          weighted_hours=row.weighted_hours,
                          hours_in_part=row.hours_in_part) for row in rows]  # fmt: skip
    return Answer(HoursBody(since=since, until=until, rows=bodies), headers=NO_STORE)


async def hours_csv(ask: Ask) -> Response | Refusal:
    """Return the same as rows for a spreadsheet."""
    found = _hours(ask)
    if isinstance(found, Refusal):
        return found
    world = ask.house.service.world
    return Response(written(found[2], world.tree, world.languages), headers=NO_STORE,
                    media_type=CSV)  # fmt: skip


async def desk_outages(ask: Ask) -> Answer | Refusal:
    """Return outages as the desk knows them."""
    found = _chosen(ask, _all(ask), lambda each: each.id)
    if isinstance(found, Refusal):
        return found
    page, cursor = found
    body = DeskOutagesBody(outages=[desk_outage_body(each) for each in page], cursor=cursor)
    return Answer(body, headers=NO_STORE)


async def report(ask: Ask) -> Answer | Refusal:
    """Say what is out."""
    return await _done(ask, None, status=201)


async def change(ask: Ask) -> Answer | Refusal:
    """Say how an outage stands now."""
    name = ask.path["id"]
    known = next((each.id for each in _all(ask) if name in (each.id, each.handle)), name)
    return await _done(ask, known)


def command_of(
    ask: Ask, body: infraasks.OutageAsk, outage_id: str | None
) -> ic.ReportOutage | Refusal:
    """Return what a request about an outage asks of the core; nothing in it is trusted."""
    world, scope = ask.house.service.world, body.scope
    regions = geocodes(world, scope.regions, "/scope/regions")
    if isinstance(regions, Refusal):
        return regions
    names = [("/source", body.source)]
    names += [(f"/scope/settlements/{n}", name) for n, name in enumerate(scope.settlements)]
    names += [("/scope/count/of", scope.count.of)] if scope.count is not None else []
    for field, name in names:
        if (refused := name_refusal(name, field)) is not None:
            return refused
    times = (("/began", body.began), ("/expected_end", body.expected_end), ("/ended", body.ended))
    for field, at in times:
        if (refused := kept_time(at, field)) is not None:
            return refused
    return ic.ReportOutage(
        service=body.service, source=body.source.strip(), regions=regions,
        settlements=tuple(name.strip() for name in scope.settlements),
        figure=_figure(scope.count), began=_utc(body.began), expected_end=_utc(body.expected_end),
        restored_share=body.restored_share, ended_at=_utc(body.ended), tell=body.tell,
        installations=tuple(_installation(ask, name) for name in scope.installations),
        incident_id=incidents.id_of(ask, body.incident), outage_id=outage_id,
    )  # fmt: skip


def in_request(refused: Refusal) -> Refusal:
    """Return a refusal of an outage with the field by which its request names it."""
    if refused.field.startswith("/regions"):
        return replace(refused, field=f"/scope{refused.field}")
    return refused


# -- inside --------------------------------------------------------------------------------------


async def _done(ask: Ask, outage_id: str | None, *, status: int = 200) -> Answer | Refusal:
    command = command_of(ask, ask.body, outage_id)
    if isinstance(command, Refusal):
        return command
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        return in_request(outcome)
    held = service.state.infra.outages[outage_id or outcome.alert_id or ""]
    return Answer(desk_outage_body(held), status, headers=NO_STORE)


def _all(ask: Ask) -> list[Outage]:
    return list(ask.house.service.state.infra.outages.values())


def _chosen(
    ask: Ask, found: list[Outage], name_of: Any
) -> tuple[list[Outage], str | None] | Refusal:
    """Return a page of them, those that last first, then the latest; what people know sorts."""
    query: OutagesQuery = ask.query
    service = ask.house.service
    tree, policy = service.world.tree, service.world.publication
    code = tree.find(query.region) if query.region is not None else tree.root
    if code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    here = tree.mask((code,))
    found = [each for each in found if _leaves(tree, each.regions) & here
             and (query.history or each.ended_at is None)]  # fmt: skip
    found.sort(key=lambda each: (each.ended_at is None, began_told(policy, each.began),
                                 name_of(each)), reverse=True)  # fmt: skip
    if query.cursor is not None:
        names = [name_of(each) for each in found]
        if query.cursor not in names:
            return Refusal(Rule.BAD_VALUE, "/cursor", "Send `cursor` of the page before.")
        found = found[names.index(query.cursor) + 1 :]
    page = found[: query.limit]
    return page, name_of(page[-1]) if len(found) > len(page) else None


def _hours(ask: Ask) -> tuple[datetime, datetime, list[Without]] | Refusal:
    query: HoursQuery = ask.query
    service = ask.house.service
    world = service.world
    tree = world.tree
    code = tree.find(query.region) if query.region is not None else None
    if query.region is not None and code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    if query.service is not None and query.service not in SERVICES:
        return Refusal(Rule.BAD_VALUE, "/service", f"A service is one of {', '.join(SERVICES)}.")
    refused = kept_time(query.since, "/since") or kept_time(query.until, "/until")
    if refused is not None:
        return refused
    now = _minute(service)
    until = min(_utc(query.until) or now, now)
    since = _utc(query.since) or until - USUAL
    if since > until:
        return Refusal(Rule.ENDS_BEFORE_START, "/since", "Ask for a time that has begun.")
    if until - since > timedelta(days=MOST_DAYS):
        return Refusal(Rule.BAD_VALUE, "/since", f"At most {MOST_DAYS} days at once.")
    rows = hours_without(
        world.publication, tree, _all(ask),
        regions=[code] if code is not None else tree.children(tree.root) or [tree.root],
        services=[query.service] if query.service is not None else SERVICES,
        since=since, until=until, now=now, zone=ZoneInfo(world.time_zone),
    )  # fmt: skip
    return since, until, rows


def _minute(service: Service) -> datetime:
    """Return now by the minute, so that a sum is the same for everybody who asks in it."""
    return service.clock.now().replace(second=0, microsecond=0)


def _leaves(tree: RegionTree, codes: tuple[str, ...]) -> Leaves:
    """Return the leaves of regions; one that was redrawn since an old journal has none."""
    return tree.mask(code for code in codes if code in tree)


def _figure(count: infraasks.CountAsk | None) -> Figure | None:
    if count is None:
        return None
    return Figure(
        measures=(Measure.OUT,), qualifier=count.qualifier, value=count.value, what=count.of.strip()
    )


def _installation(ask: Ask, name: str) -> str:
    """Return the id of an installation named by id or handle; the name where it is unknown."""
    known = ask.house.service.state.infra.installations
    if name in known:
        return name
    return next((each.id for each in known.values() if each.handle == name), name)


def _utc(at: datetime | None) -> datetime | None:
    return at.astimezone(UTC) if at is not None else None


SAYS = tuple(dict.fromkeys((
    Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.CONTROL_CHARACTER, Rule.SOURCE_MISSING,
    Rule.SHARE_OUT_OF_RANGE, Rule.TIME_IN_FUTURE, Rule.RESTORED_BEFORE_OUTAGE,
    Rule.UNKNOWN_INSTALLATION, Rule.UNKNOWN_INCIDENT, Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM,
    Rule.NOT_AS_IT_STANDS, *alerts.KEYED,
)))  # fmt: skip
HOURS = (Rule.UNKNOWN_REGION, Rule.ENDS_BEFORE_START)

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/outages", name="list-outages",
        summary="Return what is out, as people were told",
        description="A region takes what is out in it and over it. `history=1`: what is over too.",
        permission=Permission.PUBLIC, query=OutagesQuery, response=OutagesBody, handler=outages,
        past=True,
        refusals=(Rule.UNKNOWN_REGION,), headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/outages/hours", name="outage-hours",
        summary="Return the hours without a service, by local day and region",
        description=(
            "In which the whole region was without, and, apart, those in which a part of it was; "
            "two outages at once are counted once. What nobody has said a word of for long counts "
            "no further. "
            f"At most {MOST_DAYS} days; times are rounded as in `/outages`."
        ),
        permission=Permission.PUBLIC, query=HoursQuery, response=HoursBody, handler=hours,
        past=True,
        refusals=HOURS, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/outages/hours.csv", name="outage-hours-csv",
        summary="Return the hours without a service as rows for a spreadsheet",
        permission=Permission.PUBLIC, query=HoursQuery, media=CSV, handler=hours_csv, past=True,
        refusals=HOURS, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/outages/{{id}}", name="get-outage",
        summary="Return one outage by its public id",
        permission=Permission.PUBLIC, query=NoQuery, response=OutageBody, handler=outage, past=True,
        refusals=(Rule.UNKNOWN_OUTAGE,), headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/desk/outages", name="desk-outages",
        summary="Return outages as the desk knows them, told or not",
        permission=Permission.SITUATION, query=OutagesQuery, response=DeskOutagesBody,
        handler=desk_outages, past=True, refusals=(Rule.UNKNOWN_REGION,), audience=Audience.DESK,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/outages", name="report-outage",
        summary="Say what is out",
        description=(
            "People are told at once unless `tell` is false: without installations, incident and "
            "exact times."
        ),
        permission=Permission.SITUATION, roomed=True, request=infraasks.OutageAsk, query=NoQuery,
        response=DeskOutageBody, status=201, handler=report, refusals=SAYS, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/outages/{{id}}", name="change-outage",
        summary="Say how an outage stands now: whole values, by the desk's id or handle",
        description=(
            "A share of 1, or `ended`, is its end; out again is a new outage. What people were "
            "told stays told."
        ),
        permission=Permission.SITUATION, roomed=True, request=infraasks.OutageAsk, query=NoQuery,
        response=DeskOutageBody, handler=change, refusals=(Rule.UNKNOWN_OUTAGE, *SAYS),
        headers=NO_STORE,
    ),
)  # fmt: skip
