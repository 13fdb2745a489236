"""The tables of signed feeds in the SQLite engine: keys, stations, readings, outages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from tocsin.registry.rows import Values, from_us, to_json, to_us
from tocsin.registry.rows import names as names_of
from tocsin.registry.store import SQL, Store, changed
from tocsin.service.feedrecords import (
    FEED_KEYS_MOST,
    READINGS_KEPT,
    READINGS_MOST,
    STATIONS_MOST,
    FeedKey,
    FeedKind,
    Quality,
    Reading,
    Station,
)
from tocsin.service.registry import Taken

OUTAGES_KEPT = timedelta(days=366)


class FeedTables(Store):
    """See ``service.feedrecords.FeedRegistry``."""

    def feed_key(self, key_id: str) -> FeedKey | None:
        """Return a key, withdrawn or not."""
        return self.one("feed_key", (key_id,), _feed_key)

    def feed_keys(self) -> list[FeedKey]:
        """Return all keys, oldest first."""
        return self.all("feed_keys", (), _feed_key)

    def add_feed_key(self, key: FeedKey) -> None:
        """Add one. Raises Taken: its id or its public key is known, or there are too many."""
        if not self.changed("add_feed_key", (*_feed_key_values(key), FEED_KEYS_MOST)):
            raise Taken("feed keys")

    def withdraw_feed_key(self, key_id: str, at: datetime) -> bool:
        """Withdraw it for good."""
        return self.changed("withdraw_feed_key", (key_id, to_us(at)))

    def station(self, station_id: str) -> Station | None:
        """Return a station."""
        return self.one("station", (station_id,), _station)

    def stations(self) -> list[Station]:
        """Return all stations, by id."""
        return self.all("stations", (), _station)

    def save_station(self, station: Station) -> None:
        """Add one, or write it anew. Raises Taken: there are too many."""
        values = (
            station.id, station.name, station.region, *station.position, station.background,
            to_us(station.calibrated_until), station.key_id, to_us(station.changed_at),
            STATIONS_MOST,
        )  # fmt: skip
        if not self.changed("save_station", values):
            raise Taken("stations")

    def add_reading(self, reading: Reading) -> bool:
        """Keep a reading and drop the station's old ones. Raises Taken: the id is another's."""
        with self.write() as writer:
            values = (
                reading.station_id, reading.key_id, reading.identifier, reading.content,
                reading.value, reading.quality.value, to_us(reading.measured_at),
                to_us(reading.taken_at),
            )  # fmt: skip
            if not changed(writer, "add_reading", values):
                name = (reading.key_id, reading.identifier)
                if writer.execute(SQL["reading_content"], name).get != reading.content:
                    raise Taken("reading")
                return False
            oldest = to_us(reading.taken_at - READINGS_KEPT)
            writer.execute(SQL["drop_old_readings"], (reading.station_id, oldest))
            writer.execute(SQL["drop_most_readings"], (reading.station_id, READINGS_MOST))
            return True

    def readings(self, station_id: str, since: datetime) -> list[Reading]:
        """Return a station's readings measured since then, the last 500, oldest first."""
        return self.all("readings", (station_id, to_us(since)), _reading)

    def last_reading(self, station_id: str) -> Reading | None:
        """Return a station's last reading."""
        return self.one("last_reading", (station_id,), _reading)

    def feed_outage(self, key_id: str, mark: str) -> str | None:
        """Return the outage that a key means by ``mark``."""
        return self.one("feed_outage", (key_id, mark), lambda row: str(row[0]))

    def note_feed_outage(self, key_id: str, mark: str, outage_id: str, at: datetime) -> None:
        """Remember it, and forget those of over a year ago."""
        with self.write() as writer:
            writer.execute(SQL["note_feed_outage"], (key_id, mark, outage_id, to_us(at)))
            writer.execute(SQL["forget_feed_outages"], (key_id, to_us(at - OUTAGES_KEPT)))


def _feed_key_values(key: FeedKey) -> Values:
    return (key.id, key.public, key.name, to_json(key.feeds), key.sender, to_json(key.regions),
            to_json(key.hazards), int(key.issues), int(key.is_weak), int(key.tells),
            to_us(key.made_at), key.made_by, to_us(key.withdrawn_at))  # fmt: skip


def _feed_key(row: Sequence[Any]) -> FeedKey:
    id_, public, name, feeds, sender, regions, hazards, issues, weak, tells, made, by, gone = row
    return FeedKey(
        id=id_,
        public=public,
        name=name,
        feeds=tuple(FeedKind(each) for each in names_of(feeds)),
        sender=sender,
        regions=names_of(regions),
        hazards=names_of(hazards),
        issues=bool(issues),
        is_weak=bool(weak),
        tells=bool(tells),
        made_at=from_us(made),
        made_by=by,
        withdrawn_at=None if gone is None else from_us(gone),
    )


def _station(row: Sequence[Any]) -> Station:
    id_, name, region, lon, lat, background, until, key_id, changed_at = row
    return Station(
        id=id_,
        name=name,
        region=region,
        position=(lon, lat),
        background=background,
        calibrated_until=from_us(until),
        key_id=key_id,
        changed_at=from_us(changed_at),
    )


def _reading(row: Sequence[Any]) -> Reading:
    station, key_id, identifier, content, value, quality, measured, taken = row
    return Reading(
        station_id=station,
        key_id=key_id,
        identifier=identifier,
        content=content,
        value=value,
        quality=Quality(quality),
        measured_at=from_us(measured),
        taken_at=from_us(taken),
    )
