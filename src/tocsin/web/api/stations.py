"""Stations that measure dose rates: register, last readings."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.intake_doses import agreeing, at_fault, flaps
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.threats import Dose
from tocsin.core.world import World
from tocsin.formats.api import Position
from tocsin.service.feedrecords import FeedRegistry, Quality, Station
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
    key_holds: Annotated[bool, Meta(description="Else it was withdrawn, and nothing counts.")]
    flaps: Annotated[
        bool, Meta(description="It crosses its threshold again and again: it counts for nothing.")
    ]
    faulty: Annotated[
        bool, Meta(description="It sent what cannot be: it counts for nothing for a while.")
    ]
    above: Annotated[
        bool, Meta(description="Its last readings that count are steadily above its threshold.")
    ]


class StationsBody(Struct, frozen=True, kw_only=True):
    """All stations, by id."""

    stations: list[StationBody]


async def stations(ask: Ask) -> Answer | Refusal:
    """Return all stations with their last readings."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    service = ask.house.service
    now = service.clock.now()
    found = await asyncio.to_thread(_read_all, officers.registry, service.world, now)
    return Answer(StationsBody(stations=found), headers=NO_STORE)


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
    world = ask.house.service.world
    read = await asyncio.to_thread(_read, officers.registry, world, saved, now)
    return Answer(read, 201, headers=NO_STORE)


def _read_all(registry: FeedRegistry, world: World, now: datetime) -> list[StationBody]:
    return [_read(registry, world, each, now) for each in registry.stations()]


def _read(registry: FeedRegistry, world: World, station: Station, now: datetime) -> StationBody:
    last = registry.last_reading(station.id)
    since = now - world.feeds.window
    doses = [
        Dose(
            station=station.id, region=station.region, value=each.value, key=station.key_id,
            background=station.background, measured_at=each.measured_at,
        )
        for each in registry.readings(station.id, since)
        if counts(station, each)
    ]  # fmt: skip
    by_time = {each.measured_at: each for each in doses}
    key = registry.feed_key(station.key_id)
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
        key_holds=key is not None and key.withdrawn_at is None,
        flaps=flaps(world, by_time.values()),
        faulty=bool(at_fault(world, doses, now)),
        above=bool(agreeing(world, doses, now)),
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
