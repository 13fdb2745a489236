"""Limits: a moving window on a clock that is handed in, bounded whatever comes."""

from __future__ import annotations

import pytest

from kit.clocks import FakeClock
from tocsin.checks.limits import Limit, MovingWindows, hidden, source_of


def test_so_many_a_minute_in_a_window_that_moves():
    clock = FakeClock()
    limit = Limit(clock.now, 3)
    assert [limit.hit("a") for _ in range(4)] == [True, True, True, False]
    clock.step(seconds=30)
    assert not limit.hit("a")
    assert limit.hit("b")
    clock.step(seconds=30)
    assert [limit.hit("a") for _ in range(4)] == [True, True, True, False]


def test_testing_counts_nothing_and_an_hour_is_an_hour():
    clock = FakeClock()
    limit = Limit(clock.now, 1, per_hour=True)
    assert [limit.test("a") for _ in range(3)] == [True] * 3
    assert limit.hit("a")
    clock.step(minutes=59, seconds=59)
    assert not limit.test("a")
    clock.step(seconds=1)
    assert limit.test("a")


def test_a_clock_that_goes_back_locks_nobody_out():
    clock = FakeClock()
    limit = Limit(clock.now, 1)
    assert limit.hit("a")
    clock.jump(hours=-5)
    assert limit.hit("a")


def test_memory_is_bounded_and_who_came_last_stays():
    clock = FakeClock()
    limit = Limit(clock.now, 1, keys_most=100)
    for number in range(1_000):
        assert limit.hit(str(number))
    assert not limit.test("999")
    assert limit.test("0")
    windows = MovingWindows(clock.now, 2)
    for key in "abc":
        assert windows.acquire_entry(key, 1, 60)
    assert windows.reset() == 2


@pytest.mark.parametrize(("address", "source"), [
    ("203.0.113.7", "203.0.113.7"), ("::ffff:203.0.113.7", "203.0.113.7"),
    ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8:1:2::", "2001:db8:1:2::/64"),
    ("fe80::1%eth0", "fe80::/64"), ("", "unknown"), ("nonsense", "unknown"),
    ("203.0.113.7.evil", "unknown"),
])  # fmt: skip
def test_a_subscriber_is_one_source(address, source):
    assert source_of(address) == source


def test_a_hidden_value_is_known_again_with_the_same_salt_alone():
    assert hidden(b"salt", "203.0.113.7") == hidden(b"salt", "203.0.113.7")
    assert hidden(b"other", "203.0.113.7") != hidden(b"salt", "203.0.113.7")
    assert "203" not in hidden(b"salt", "203.0.113.7")[:3] or len(hidden(b"salt", "x")) == 32
