"""The lines of the API, version 1: routes, OpenAPI and the reference page are made of these."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.alert import Audience
from tocsin.core.refusals import Refusal, Rule
from tocsin.fanout.select import selection
from tocsin.formats import api as shapes
from tocsin.keys.kinds import Purpose
from tocsin.keys.store import KeyStore
from tocsin.service.heads import PublicHead, public_head
from tocsin.web.api import (
    accounts,
    alertdrafts,
    alerts,
    asks,
    control,
    counterfeits,
    coverage,
    credentials,
    desk,
    evidence,
    feeds,
    groups,
    guidance,
    incidents,
    installations,
    intake,
    journal,
    keys,
    mandates,
    notes,
    outages,
    postures,
    proposals,
    reading,
    report,
    reports,
    search,
    session,
    situation,
    states,
    stations,
    watches,
    waves,
)
from tocsin.web.api.outlines import GEOJSON, outlines
from tocsin.web.endpoint import JSON, Answer, Ask, Endpoint, NoQuery, in_drill
from tocsin.web.openapi import document
from tocsin.web.stream import EVENT_STREAM, StreamQuery, stream

BASE = "/api/v1"
PUBLIC = Permission.PUBLIC


class HealthBody(Struct, frozen=True, kw_only=True):
    """The house takes commands and shows what is recorded."""

    status: str
    sequence: Annotated[int, Meta(description="The public audience's last number.")]


async def health(ask: Ask) -> Answer | Refusal:
    """Say that the house works; 503 while it cannot write or read its journal."""
    service = ask.house.service
    if service.freshness != "fresh":
        return Refusal(Rule.NOT_ACCEPTED, "", "The journal cannot be used at the moment.")
    body = HealthBody(status="ok", sequence=service.head(Audience.PUBLIC))
    return Answer(body, headers=reading.NO_STORE)


async def head(ask: Ask) -> Answer | Refusal:
    """Say where the public's sequence is, signed, for whoever relays or keeps it (P23)."""
    keys: KeyStore | None = ask.house.shared.get("keys")
    everything = selection(ask.house.service.world)
    if keys is None or isinstance(everything, Refusal):
        return Refusal(Rule.NOT_ACCEPTED, "", "This house signs nothing.")
    active = ask.house.hub.hash_of(everything)
    signed = public_head(ask.house.service, active, keys.key(Purpose.HEAD))
    return Answer(signed, headers=reading.NO_STORE)


async def openapi(ask: Ask) -> Response:
    """Return the OpenAPI document of this table."""
    shared = ask.house.shared
    body: bytes | None = shared.get("openapi")
    if body is None:
        body = shared["openapi"] = shapes.encode(document(API))
    return Response(body, headers={"Cache-Control": "public, max-age=300"}, media_type=JSON)


READS: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/alerts", name="list-alerts",
        summary="Return the alerts in force, or a page of history",
        description=(
            "In force by default. With `since`, `until`, `state` or `cursor`: history, the latest "
            "first. A region takes the alerts that have covered any part of it."
        ),
        permission=PUBLIC, query=asks.AlertsQuery, response=reading.AlertsBody,
        handler=reading.alerts,
        refusals=(Rule.UNKNOWN_REGION, Rule.UNKNOWN_HAZARD, Rule.ENDS_BEFORE_START),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/alerts/{{id}}", name="get-alert",
        summary="Return one alert, by id or handle",
        permission=PUBLIC, query=NoQuery, response=shapes.AlertBody, handler=reading.alert,
        refusals=(Rule.UNKNOWN_ALERT,),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/alerts/{{id}}/revisions", name="get-revisions",
        summary="Return every revision of an alert, oldest first",
        permission=PUBLIC, query=NoQuery, response=reading.RevisionsBody,
        handler=reading.revisions, refusals=(Rule.UNKNOWN_ALERT,),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/state", name="get-states",
        summary="Return the state of every region, by hazard",
        description=(
            "A region that is not listed is `no-information` where `no_information` holds it or a "
            "region above it, else `none`. `ETag` and `Last-Modified` are honoured."
        ),
        permission=PUBLIC, query=asks.StateQuery, response=states.StatesBody,
        handler=states.states, refusals=(Rule.TIME_IN_FUTURE,),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/state/{{region}}", name="get-state",
        summary="Return the states of one region, by geocode or alias",
        permission=PUBLIC, query=asks.StateQuery, response=states.RegionStatesBody,
        handler=states.state, refusals=(Rule.UNKNOWN_REGION, Rule.TIME_IN_FUTURE),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/regions", name="list-regions",
        summary="Return the profile's regions",
        permission=PUBLIC, query=NoQuery, response=reading.RegionsBody, handler=reading.regions,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/regions/{{id}}", name="get-region",
        summary="Return one region, by geocode or alias",
        permission=PUBLIC, query=NoQuery, response=shapes.RegionBody, handler=reading.region,
        refusals=(Rule.UNKNOWN_REGION,),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/outlines", name="outlines",
        summary="Return the outlines of regions as GeoJSON, two levels deep",
        permission=PUBLIC, query=NoQuery, media=GEOJSON, handler=outlines,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/hazards", name="list-hazards",
        summary="Return the dangers that the profile knows",
        permission=PUBLIC, query=NoQuery, response=reading.HazardsBody, handler=reading.hazards,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/stream", name="stream",
        summary="Open a live stream of server-sent events",
        description=(
            "Begins with `snapshot`; then `alert`, `notice`, and a `heartbeat` every 15 s. Come "
            "back with `Last-Event-ID` and nothing is missed; an id that is of no use is answered "
            "by `reset` and a snapshot. Once an alert was yours to hear, you hear all that follows "
            "of it."
        ),
        permission=PUBLIC, query=StreamQuery, media=EVENT_STREAM, handler=stream,
        refusals=(Rule.UNKNOWN_REGION, Rule.UNKNOWN_HAZARD),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/head", name="head",
        summary="Return where the public sequence is, signed",
        description="Ed25519 over the canonical JSON of all other members.",
        permission=PUBLIC, query=NoQuery, response=PublicHead, handler=head,
        refusals=(Rule.NOT_ACCEPTED,),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/openapi.json", name="openapi",
        summary="Return this API as an OpenAPI document",
        permission=PUBLIC, query=NoQuery, handler=openapi,
    ),
    Endpoint(
        method="GET", path="/healthz", name="health",
        summary="Say whether the house works",
        permission=PUBLIC, query=NoQuery, response=HealthBody, handler=health,
        refusals=(Rule.NOT_ACCEPTED,),
    ),
)  # fmt: skip

TWICE = (*alerts.WRITES, *proposals.LINES)
"""What officers do in a room: each has a twin in the drill room, under another address (P20)."""

API: tuple[Endpoint, ...] = (
    *READS,
    *TWICE,
    *map(in_drill, TWICE),
    *session.LINES,
    *credentials.LINES,
    *accounts.LINES,
    *keys.LINES,
    *mandates.LINES,
    *desk.LINES,
    *search.LINES,
    *report.LINES,
    *groups.LINES,
    *notes.LINES,
    *journal.LINES,
    *reports.LINES,
    *incidents.LINES,
    *guidance.LINES,
    *situation.LINES,
    *installations.LINES,
    *coverage.LINES,
    *outages.LINES,
    *postures.LINES,
    *watches.LINES,
    *counterfeits.LINES,
    *intake.LINES,
    *feeds.LINES,
    *alertdrafts.LINES,
    *waves.LINES,
    *control.LINES,
    *evidence.LINES,
    *stations.LINES,
)
"""The whole table."""
