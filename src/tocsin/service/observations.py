"""Readings of dose rates: kept beside the chain, and weighed with those of the stations around.

A reading that is a test or a fault, or that came after its station's calibration lapsed, is kept
and shown and never counts. What the stations of one top region come to is the core's to decide.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.area import RegionTree
from tocsin.core.intake_commands import WeighDoses
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.threats import Dose
from tocsin.core.world import World
from tocsin.service.desk import Desk
from tocsin.service.feedrecords import READINGS_KEPT, FeedKey, Quality, Reading, Station
from tocsin.service.registry import Registry, Taken

UNIT = "nSv/h"
QUANTITY = "ambient-dose-equivalent-rate"
PLACE_TOLERANCE = 0.02
"""Degrees, about 2 km: a station that says it stands farther away is not the one that is known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a station says; its own word on its background is not believed, the register's is."""

    station: str
    quantity: str
    value: float
    unit: str
    measured_at: datetime
    quality: Quality = Quality.OK
    position: tuple[float, float] | None = None


class Observations:
    """Keeps readings and gathers what is to be weighed; lives in one event loop."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def refused(
        self, key: FeedKey, said: Observation, world: World, now: datetime
    ) -> Station | Refusal:
        """Return the station that an observation is of, or why it cannot be kept."""
        station = self._desk.registry.station(said.station)
        if station is None or station.key_id != key.id:
            return Refusal(
                Rule.UNKNOWN_STATION, "/station", "This key has no station of that id."
            )  # fmt: skip
        if said.quantity != QUANTITY:
            return Refusal(Rule.BAD_VALUE, "/quantity", f"What is taken is {QUANTITY}.")
        if said.unit != UNIT:
            return Refusal(Rule.WRONG_UNIT, "/unit", f"Send it in {UNIT}.")
        if said.measured_at > now + world.feeds.ahead:
            return Refusal(Rule.TIME_IN_FUTURE, "/measured_at", "It was not measured yet.")
        if said.measured_at < now - READINGS_KEPT:
            return Refusal(Rule.TOO_OLD, "/measured_at", "Readings are kept for 72 hours.")
        if said.position is not None and _is_far(said.position, station.position):
            return Refusal(
                Rule.BAD_VALUE, "/position", "The station is registered elsewhere; tell its keeper."
            )
        return station

    async def keep(
        self, key: FeedKey, identifier: str, content: str, said: Observation, now: datetime
    ) -> bool | Refusal:
        """Keep a reading; return once it is on the disk, False where it was there before."""
        reading = Reading(
            station_id=said.station, key_id=key.id, identifier=identifier, content=content,
            value=said.value, quality=said.quality, measured_at=said.measured_at, taken_at=now,
        )  # fmt: skip
        try:
            return await self._desk.write(self._desk.registry.add_reading, reading)
        except Taken:
            return Refusal(
                Rule.IDENTIFIER_REUSED, "/id",
                "This id was used for another message; take a new one.",
            )  # fmt: skip

    async def weighing(self, station: Station, world: World, now: datetime) -> WeighDoses:
        """Return what is to be weighed now: all good readings of the station's top region."""
        top = top_of(world.tree, station.region)
        found = await self._desk.write(
            _gather, self._desk.registry, world.tree, top, now - world.feeds.window
        )
        return WeighDoses(region=top, readings=found)


def counts(station: Station, reading: Reading) -> bool:
    """Say whether a reading counts: it says it is good, and its calibration holds."""
    return reading.quality is Quality.OK and reading.measured_at < station.calibrated_until


def top_of(tree: RegionTree, region: str) -> str:
    """Return the top region that a region lies in; the root's own is the root."""
    way = list(tree.upward(region))
    return way[-2] if len(way) > 1 else way[-1]


def mark_of(*parts: str) -> str:
    """Return a short name for what the parts name together."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _gather(registry: Registry, tree: RegionTree, top: str, since: datetime) -> tuple[Dose, ...]:
    good = {each.id for each in registry.feed_keys() if each.withdrawn_at is None}
    return tuple(
        Dose(
            station=station.id, region=station.region, value=reading.value,
            background=station.background, measured_at=reading.measured_at, key=station.key_id,
        )
        for station in registry.stations()
        if station.key_id in good
        and station.region in tree and top_of(tree, station.region) == top
        for reading in registry.readings(station.id, since - timedelta(microseconds=1))
        if counts(station, reading)
    )  # fmt: skip


def _is_far(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return any(abs(a - b) > PLACE_TOLERANCE for a, b in zip(one, other, strict=True))
