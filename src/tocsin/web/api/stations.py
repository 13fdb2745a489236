"""Stations that measure dose rates: register, last readings."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import Position
from tocsin.service.feedrecords import FeedRegistry, Quality, Reading, Station
from tocsin.service.observations import counts
from tocsin.web.api.accounts import CHANGING
from tocsin.web.api.intake import intake_of
from tocsin.web.api.intakeasks import StationAsk
from tocsin.web.api.ledgerasks import kept_time
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import BASE, officers_of
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

MOST_LON, MOST_LAT = 180.0, 90.0


class ReadingBody(Struct, frozen=True, kw_only=True):
    """One reading, in nSv/h."""

    value: float
    quality: Quality
    measured_at: datetime
    counts: Annotated[bool, Meta(description="It says it is good, and its calibration holds.")]


class StationBody(Struct, frozen=True, kw_only=True):
    """A station; dose rates in nSv/h."""

    id: str
    name: str
    region: str
    position: Position
    background: float
    calibrated_until: datetime
    calibrated: Annotated[bool, Meta(description="Its calibration holds now.")]
    key: str
    changed_at: datetime
    last: Annotated[ReadingBody | None, Meta(description="Of the last 72 hours.")]


class StationsBody(Struct, frozen=True, kw_only=True):
    """All stations, by id."""

    stations: list[StationBody]


async def stations(ask: Ask) -> Answer | Refusal:
    """Return all stations with their last readings."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    now = ask.house.service.clock.now()
    found = await asyncio.to_thread(_read, officers.registry)
    body = StationsBody(stations=[_body(each, last, now) for each, last in found])
    return Answer(body, headers=NO_STORE)


async def save(ask: Ask) -> Answer | Refusal:
    """Enter a station, or write it anew."""
    body: StationAsk = ask.body
    intake = intake_of(ask)
    officers = officers_of(ask)
    if isinstance(intake, Refusal):
        return intake
    if isinstance(officers, Refusal):
        return officers
    lon, lat = body.position
    if abs(lon) > MOST_LON or abs(lat) > MOST_LAT:
        return Refusal(Rule.POSITION_OUT_OF_RANGE, "/position", "Longitude first, then latitude.")
    if (refused := kept_time(body.calibrated_until, "/calibrated_until")) is not None:
        return refused
    region = ask.house.service.world.tree.find(body.region)
    if region is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    now = ask.house.service.clock.now()
    station = Station(
        id=body.id, name=body.name.strip(), region=region, position=(lon, lat),
        background=body.background, calibrated_until=body.calibrated_until.astimezone(UTC),
        key_id=body.key, changed_at=now,
    )  # fmt: skip
    saved = await intake.keys.save_station(ask.identity, station)
    if isinstance(saved, Refusal):
        return saved
    last = await asyncio.to_thread(officers.registry.last_reading, saved.id)
    return Answer(_body(saved, last, now), 201, headers=NO_STORE)


def _read(registry: FeedRegistry) -> list[tuple[Station, Reading | None]]:
    return [(each, registry.last_reading(each.id)) for each in registry.stations()]


def _body(station: Station, last: Reading | None, now: datetime) -> StationBody:
    return StationBody(
        id=station.id,
        name=station.name,
        region=station.region,
        position=station.position,
        background=station.background,
        calibrated_until=station.calibrated_until,
        calibrated=now < station.calibrated_until,
        key=station.key_id,
        changed_at=station.changed_at,
        last=None if last is None else ReadingBody(
            value=last.value, quality=last.quality, measured_at=last.measured_at,
            counts=counts(station, last),
        ),
    )  # fmt: skip


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/stations", name="list-stations",
        summary="Return the stations that measure dose rates, with their last readings",
        permission=Permission.VIEW, query=NoQuery, response=StationsBody, handler=stations,
        refusals=(Rule.UNKNOWN_PATH,), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/stations", name="save-station",
        summary="Enter a station, or write it anew: whole values",
        permission=Permission.ADMINISTER, query=NoQuery, request=StationAsk,
        response=StationBody, status=201, handler=save, headers=NO_STORE,
        refusals=(
            *CHANGING, Rule.UNKNOWN_PATH, Rule.UNKNOWN_REGION,
            Rule.OUTSIDE_JURISDICTION, Rule.POSITION_OUT_OF_RANGE, Rule.CONTROL_CHARACTER,
        ),
    ),
)  # fmt: skip
