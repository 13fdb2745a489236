"""Alerts, their revisions and history, what an all-clear would end; regions and hazards."""

from __future__ import annotations

import asyncio
import base64
import binascii
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.overlap import clearing as would_clear
from tocsin.core.refusals import Refusal, Rule
from tocsin.fanout.select import Selection, reach, selection
from tocsin.formats import api as shapes
from tocsin.projections.alerts import AlertIndex, Entry
from tocsin.service.record import AlertView
from tocsin.service.submit import Service
from tocsin.web.api import asks
from tocsin.web.api.answers import knows_gathering
from tocsin.web.api.area import geocodes
from tocsin.web.api.speaker import in_this_room, is_desk_only, meant, named
from tocsin.web.endpoint import Answer, Ask

NO_STORE = {"Cache-Control": "no-store"}


class AlertsBody(Struct, frozen=True, kw_only=True):
    """A page of alerts."""

    alerts: list[shapes.AlertBody]
    next: Annotated[str | None, Meta(description="Cursor of the next page; null: the last.")]
    sequence: Annotated[int, Meta(description="The audience's last number.")]


class RevisionsBody(Struct, frozen=True, kw_only=True):
    """An alert's life, oldest revision first."""

    revisions: list[shapes.AlertBody]


class ClearingBody(Struct, frozen=True, kw_only=True):
    """What an all-clear for an alert, or for a part of it, would do."""

    ends: Annotated[list[str], Meta(description="Regions in which the alert would end.")]
    rest: Annotated[list[str], Meta(description="Regions that stay under this alert.")]
    ticked: Annotated[
        list[shapes.AlertBody],
        Meta(description="Proposed to end along with it: name those that shall in `ticked`."),
    ]
    offered: Annotated[
        list[shapes.AlertBody],
        Meta(description="Subordinates' alerts: stay in force unless ticked one by one."),
    ]
    stays: Annotated[
        list[shapes.AlertBody], Meta(description="Same hazard, and not this sender's to end.")
    ]
    still_under: Annotated[
        list[str], Meta(description="Of the cleared part: regions still under some alert.")
    ]


class RegionsBody(Struct, frozen=True, kw_only=True):
    """The profile's regions, parents before children."""

    profile: str
    regions: list[shapes.RegionBody]


class HazardsBody(Struct, frozen=True, kw_only=True):
    """The dangers that the profile knows."""

    profile: str
    hazards: list[shapes.HazardBody]


# -- alerts --------------------------------------------------------------------------------------


async def alerts(ask: Ask) -> Answer | Refusal:
    """Return the alerts in force, or a page of history, the latest first."""
    query: asks.AlertsQuery = ask.query
    service = ask.house.service
    chosen = selection(
        service.world, regions=query.region, hazards=query.hazard, drill=bool(query.drill)
    )
    if isinstance(chosen, Refusal):
        return chosen
    asks_history = bool(query.since or query.until or query.state or query.cursor)
    if asks_history:
        return await _history(ask, query, chosen)
    found = [
        alert
        for alert in service.state.in_force()
        if alert.audience is chosen.audience
        and chosen.takes(alert.hazard, reach(service.world.tree, alert))
    ]
    found.sort(key=lambda alert: (alert.sent, alert.id), reverse=True)
    views = [view for alert in found if (view := service.view(alert.id)) is not None]
    body = AlertsBody(
        alerts=[body_of(service, view) for view in views],
        next=None,
        sequence=service.head(chosen.audience),
    )
    return Answer(body, headers=NO_STORE)


async def alert(ask: Ask) -> Answer | Refusal:
    """Return one alert at its last revision."""
    view = _readable(ask)
    if isinstance(view, Refusal):
        return view
    return Answer(body_of(ask.house.service, view), headers=NO_STORE)


async def revisions(ask: Ask) -> Answer | Refusal:
    """Return every revision of one alert."""
    view = _readable(ask)
    if isinstance(view, Refusal):
        return view
    service = ask.house.service
    body = RevisionsBody(
        revisions=[body_of(service, each) for each in service.revisions(view.alert.id)]
    )
    return Answer(body, headers=NO_STORE)


async def clearing(ask: Ask) -> Answer | Refusal:
    """Return what an all-clear would end, and what it would not."""
    query: asks.ClearingQuery = ask.query
    found = meant(ask, query.sender)
    if isinstance(found, Refusal):
        return found
    alert, sender = found
    service = ask.house.service
    world, state = service.world, service.state
    regions = geocodes(world, query.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    if not alert.is_in_force:
        return Refusal(Rule.NOT_IN_FORCE, "/id", f"{alert.handle} is {alert.state} already.")
    would = would_clear(world, state, alert, sender, regions)
    if not would.ends:
        return Refusal(
            Rule.REGION_NOT_COVERED,
            "/regions",
            f"{alert.handle} covers none of these regions.",
        )

    def named_alerts(ids: tuple[str, ...]) -> list[shapes.AlertBody]:
        found = (service.view(each) for each in ids)
        return [body_of(service, each) for each in found if each is not None]

    body = ClearingBody(
        ends=list(world.tree.fewest(would.ends)),
        rest=list(world.tree.fewest(would.rest)),
        ticked=named_alerts(would.ticked),
        offered=named_alerts(would.offered),
        stays=named_alerts(would.stays),
        still_under=list(world.tree.fewest(would.still_under)),
    )
    return Answer(body, headers=NO_STORE)


async def plan(ask: Ask) -> Answer | Refusal:
    """Return the plan of an evacuation, for officers; where people gather, for who may give it."""
    view = named(ask)
    if isinstance(view, Refusal):
        return view
    alert, service = view.alert, ask.house.service
    if (refused := in_this_room(ask, alert.realm, alert.handle)) is not None:
        return refused
    body = shapes.evacuation_body(
        service.plan(alert.plan), whole=True,
        gathering=knows_gathering(
            service.world, ask.identity, alert.realm, alert.hazard, alert.area
        ),
    )  # fmt: skip
    if body is None:
        return Refusal(Rule.UNKNOWN_ALERT, "/id", f"{alert.handle} is no evacuation with a plan.")
    return Answer(body, headers=NO_STORE)


def body_of(service: Service, view: AlertView) -> shapes.AlertBody:
    """Return an alert as recorded, in the API's shape."""
    alert = view.alert
    return shapes.alert_body(
        service.world, alert, service.words(alert), view.sequence, plan=service.plan(alert.plan)
    )


def _readable(ask: Ask) -> AlertView | Refusal:
    """Return the alert that the path names, if whoever asks may see it."""
    view = named(ask)
    if isinstance(view, Refusal):
        return view
    if is_desk_only(view.alert) and not ask.identity.permissions:
        return Refusal(Rule.UNKNOWN_ALERT, "/id", "No alert of that name is known here.")
    return view


# -- history -------------------------------------------------------------------------------------


async def _history(ask: Ask, query: asks.AlertsQuery, chosen: Selection) -> Answer | Refusal:
    before: tuple[datetime, str] | None = None
    if query.cursor is not None:
        before = _read_cursor(query.cursor)
        if before is None:
            return Refusal(Rule.BAD_VALUE, "/cursor", "Send `next` of the page before, as it came.")
    if query.since is not None and query.until is not None and query.until <= query.since:
        return Refusal(Rule.ENDS_BEFORE_START, "/until", "The end lies before the beginning.")
    service = ask.house.service
    states = frozenset(query.state)

    def wanted(entry: Entry) -> bool:
        return (
            entry.audience is chosen.audience
            and (not states or entry.state in states)
            and chosen.takes(entry.hazard, entry.reach)
        )

    lock: asyncio.Lock = ask.house.shared.setdefault("alert-index-lock", asyncio.Lock())
    async with lock:  # nobody reads the index while a thread folds into it
        index = await _index(ask)
        found = index.backward(wanted, since=query.since, until=query.until, before=before)
        page = list(islice(found, query.limit + 1))
    more = len(page) > query.limit
    page = page[: query.limit]
    views = await asyncio.to_thread(_views, service, page)
    body = AlertsBody(
        alerts=[body_of(service, view) for view in views],
        next=_cursor(page[-1]) if more else None,
        sequence=service.head(chosen.audience),
    )
    return Answer(body, headers=NO_STORE)


def _views(service: Service, page: list[Entry]) -> list[AlertView]:
    found = (service.view(entry.alert_id) for entry in page)
    return [view for view in found if view is not None]


async def _index(ask: Ask) -> AlertIndex:
    """Return the index over the journal as it stands; the first question reads all of it."""
    shared, service = ask.house.shared, ask.house.service
    index: AlertIndex | None = shared.get("alert-index")
    if index is None:
        index = shared["alert-index"] = AlertIndex(service.world.tree)
    await asyncio.to_thread(_fold, service, index)
    return index


def _fold(service: Service, index: AlertIndex) -> None:
    for row, event in service.history(index.seq):
        index.apply(row.seq, event)


def _cursor(entry: Entry) -> str:
    plain = f"{entry.sent.astimezone(UTC).isoformat()} {entry.alert_id}"
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[datetime, str] | None:
    try:
        plain = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("ascii")
        sent, _, alert_id = plain.partition(" ")
        moment = datetime.fromisoformat(sent)
    except (binascii.Error, ValueError):
        return None
    return (moment, alert_id) if moment.tzinfo is not None else None


# -- the profile ---------------------------------------------------------------------------------


async def regions(ask: Ask) -> Answer:
    """Return the profile's region tree."""
    world = ask.house.service.world
    body = RegionsBody(
        profile=world.id, regions=[shapes.region_body(each) for each in world.tree.regions]
    )
    return Answer(body, headers={"Cache-Control": "public, max-age=300"})


async def region(ask: Ask) -> Answer | Refusal:
    """Return one region, named by geocode or alias."""
    world = ask.house.service.world
    code = world.tree.find(ask.path["id"])
    if code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/id", "The profile has no such region.")
    return Answer(
        shapes.region_body(world.tree[code]), headers={"Cache-Control": "public, max-age=300"}
    )


async def hazards(ask: Ask) -> Answer:
    """Return the dangers that the profile knows."""
    world = ask.house.service.world
    body = HazardsBody(
        profile=world.id, hazards=[shapes.hazard_body(each) for each in world.hazards.values()]
    )
    return Answer(body, headers={"Cache-Control": "public, max-age=300"})
