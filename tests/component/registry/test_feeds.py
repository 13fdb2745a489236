"""What every engine promises of signed feeds: ``service.feedrecords.FeedRegistry``."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from kit.clocks import NOON
from tocsin.registry import feeds
from tocsin.registry.sqlite import SqliteRegistry
from tocsin.service.feedrecords import (
    READINGS_KEPT,
    FeedKey,
    FeedKind,
    Quality,
    Reading,
    Station,
)
from tocsin.service.registry import Registry, Taken

MINUTE = timedelta(minutes=1)
KEY = FeedKey(
    id="north-observers", public=b"k" * 32, name="Observers", sender="one", regions=("UA80",),
    feeds=(FeedKind.THREATS, FeedKind.OUTAGES), hazards=("drone",), issues=True, is_weak=False,
    tells=True, made_at=NOON, made_by="admin",
)  # fmt: skip
STATION = Station(
    id="s1", name="Roof", region="UA80", position=(30.5, 50.25), background=120.5,
    calibrated_until=NOON + timedelta(days=90), key_id=KEY.id, changed_at=NOON,
)  # fmt: skip


def reading(number: int, **more: object) -> Reading:
    usual = Reading(
        station_id="s1", key_id=KEY.id, identifier=f"r{number}", content=f"c{number}",
        value=130.25, quality=Quality.OK, measured_at=NOON + number * MINUTE,
        taken_at=NOON + number * MINUTE,
    )  # fmt: skip
    return replace(usual, **more)  # type: ignore[arg-type]  # names and types are the record's


@pytest.fixture
def registry_with(registry: Registry) -> Registry:
    registry.add_feed_key(KEY)
    registry.save_station(STATION)
    return registry


def test_a_key_is_read_back_as_it_was_written_and_withdrawn_once(registry: Registry) -> None:
    registry.add_feed_key(KEY)
    assert registry.feed_key(KEY.id) == KEY
    assert registry.feed_key("other") is None
    assert registry.withdraw_feed_key(KEY.id, NOON + MINUTE)
    assert not registry.withdraw_feed_key(KEY.id, NOON + 2 * MINUTE)
    assert registry.feed_keys() == [replace(KEY, withdrawn_at=NOON + MINUTE)]


@pytest.mark.parametrize("change", [{"public": b"o" * 32}, {"id": "other"}])
def test_an_id_and_a_public_key_are_given_once_for_ever(
    registry: Registry, change: dict[str, object]
) -> None:
    registry.add_feed_key(KEY)
    registry.withdraw_feed_key(KEY.id, NOON)
    with pytest.raises(Taken):
        registry.add_feed_key(replace(KEY, **change))  # type: ignore[arg-type]
    assert len(registry.feed_keys()) == 1


def test_there_are_so_many_keys_and_stations_at_most(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "FEED_KEYS_MOST", 1)
    monkeypatch.setattr(feeds, "STATIONS_MOST", 1)
    registry = SqliteRegistry.open(tmp_path)
    registry.add_feed_key(KEY)
    registry.save_station(STATION)
    with pytest.raises(Taken):
        registry.add_feed_key(replace(KEY, id="b", public=b"b" * 32))
    with pytest.raises(Taken):
        registry.save_station(replace(STATION, id="s2"))
    registry.save_station(replace(STATION, name="Still written anew"))
    assert [each.name for each in registry.stations()] == ["Still written anew"]
    registry.close()


def test_a_station_is_written_anew_and_belongs_to_a_known_key(registry_with: Registry) -> None:
    moved = replace(STATION, background=80.0, changed_at=NOON + MINUTE)
    registry_with.save_station(moved)
    assert registry_with.station("s1") == moved
    assert registry_with.stations() == [moved]
    with pytest.raises(Taken):
        registry_with.save_station(replace(STATION, id="s2", key_id="nobody"))
    assert registry_with.station("s2") is None


def test_a_reading_is_kept_once_and_its_id_is_nobody_elses(registry_with: Registry) -> None:
    assert registry_with.add_reading(reading(1))
    assert not registry_with.add_reading(reading(1))
    with pytest.raises(Taken):
        registry_with.add_reading(reading(1, content="other"))
    assert registry_with.add_reading(reading(2, quality=Quality.TEST))
    since = NOON + MINUTE
    assert registry_with.readings("s1", since) == [reading(1), reading(2, quality=Quality.TEST)]
    assert registry_with.readings("s1", since + MINUTE) == [reading(2, quality=Quality.TEST)]
    assert registry_with.last_reading("s1") == reading(2, quality=Quality.TEST)
    assert registry_with.last_reading("s2") is None


def test_of_many_that_bring_the_same_reading_one_is_told_yes(registry_with: Registry) -> None:
    told: list[bool] = []
    gate = threading.Barrier(8)

    def bring() -> None:
        gate.wait()
        told.append(registry_with.add_reading(reading(1)))

    threads = [threading.Thread(target=bring) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(told) == [False] * 7 + [True]


def test_readings_are_kept_for_three_days_and_in_number(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feeds, "READINGS_MOST", 3)
    registry = SqliteRegistry.open(tmp_path)
    registry.add_feed_key(KEY)
    registry.save_station(STATION)
    for number in range(5):
        registry.add_reading(reading(number))
    assert [each.identifier for each in registry.readings("s1", NOON)] == ["r2", "r3", "r4"]
    late = NOON + READINGS_KEPT + 3 * MINUTE
    registry.add_reading(reading(9, measured_at=late, taken_at=late))
    assert [each.identifier for each in registry.readings("s1", NOON)] == ["r3", "r4", "r9"]
    registry.close()


def test_of_a_storm_the_last_readings_are_read(registry_with: Registry) -> None:
    for number in range(503):
        registry_with.add_reading(reading(number, taken_at=NOON))
    found = registry_with.readings("s1", NOON)
    assert [found[0].identifier, found[-1].identifier, len(found)] == ["r3", "r502", 500]


def test_a_feeds_outage_is_remembered_for_a_year(registry: Registry) -> None:
    registry.note_feed_outage("k", "m", "o1", NOON)
    registry.note_feed_outage("k", "m", "o2", NOON)
    assert registry.feed_outage("k", "m") == "o2"
    assert registry.feed_outage("other", "m") is None
    registry.note_feed_outage("k", "n", "o3", NOON + timedelta(days=367))
    assert registry.feed_outage("k", "m") is None
    assert registry.feed_outage("k", "n") == "o3"
