"""The clock: aware times, readings that go on, and ids that only grow."""

from __future__ import annotations

import re
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tocsin.clock import Ids, SystemClock, monotonic_s

MOMENT = datetime(2022, 10, 11, 5, 30, tzinfo=UTC)


def test_the_time_is_aware_and_in_utc():
    now = SystemClock().now()

    assert now.utcoffset() == timedelta(0)


def test_readings_of_one_boot_share_its_id_and_count_on():
    clock = SystemClock()

    first, second = clock.reading(), SystemClock().reading()

    assert first.boot_id == second.boot_id
    assert 0 < first.boot_s <= second.boot_s
    assert first.wall.tzinfo is UTC


def test_a_system_without_boot_id_counts_each_start_as_a_boot(tmp_path: Path):
    nowhere = tmp_path / "boot_id"

    one, two = SystemClock(nowhere), SystemClock(nowhere)

    assert one.reading().boot_id == one.reading().boot_id
    assert one.reading().boot_id != two.reading().boot_id


def test_monotonic_seconds_never_go_back():
    assert monotonic_s() <= monotonic_s()


def test_an_id_is_a_uuid_of_version_7_with_its_millisecond():
    made = uuid.UUID(Ids(lambda: MOMENT)())

    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert made.int >> 80 == int(MOMENT.timestamp() * 1000)


def test_an_id_is_written_as_others_write_it():
    made = Ids(lambda: MOMENT)()

    assert made == str(uuid.UUID(made))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", made)


def test_every_random_bit_is_in_the_id():
    ones = Ids(lambda: MOMENT, randbits=lambda bits: (1 << bits) - 1)()
    zeros = Ids(lambda: MOMENT, randbits=lambda _bits: 0)()

    assert ones.endswith("-7fff-bfff-ffffffffffff")
    assert zeros.endswith("-7000-8000-000000000000")


def test_ids_of_one_millisecond_only_grow():
    ids = Ids(lambda: MOMENT)

    made = [ids() for _ in range(5000)]

    assert made == sorted(set(made))


def test_ids_grow_while_the_clock_runs_backwards():
    times = iter([MOMENT, MOMENT - timedelta(hours=1), MOMENT - timedelta(days=1)])
    ids = Ids(lambda: next(times))

    made = [ids() for _ in range(3)]

    assert made == sorted(set(made))


def test_a_used_up_random_part_counts_the_millisecond_on():
    ids = Ids(lambda: MOMENT, randbits=lambda bits: (1 << bits) - 1)

    first, second = uuid.UUID(ids()), uuid.UUID(ids())

    assert second.int >> 80 == (first.int >> 80) + 1
    assert second.version == 7
    assert second.variant == uuid.RFC_4122


def test_threads_never_share_an_id():
    ids = Ids(lambda: MOMENT)
    made: list[str] = []

    def take() -> None:
        made.extend([ids() for _ in range(500)])

    threads = [threading.Thread(target=take) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(made)) == 4000
