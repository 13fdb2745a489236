"""The house's time never runs early and never jumps by itself (RELIABILITY P22)."""

from datetime import timedelta

import pytest

from kit.clocks import NOON, FakeClock
from tocsin.service.housetime import HouseTime


def test_small_corrections_of_the_wall_clock_are_followed():
    clock = FakeClock()
    time = HouseTime(clock, None)
    clock.step(seconds=60)
    clock.jump(seconds=1.5)
    assert time.now() == clock.wall
    assert time.doubt is None


@pytest.mark.parametrize("hours", [-24 * 3650, -1, 1, 24 * 3650])
def test_a_jump_of_the_wall_clock_does_not_move_the_house(hours):
    clock = FakeClock()
    time = HouseTime(clock, None)
    clock.step(minutes=5)
    before = time.now()
    clock.jump(hours=hours)
    assert time.now() == before
    assert time.doubt is not None
    assert time.doubt.wall - time.doubt.expected == timedelta(hours=hours)
    clock.step(minutes=1)
    assert time.now() == before + timedelta(minutes=1)


def test_time_never_runs_backwards():
    clock = FakeClock()
    time = HouseTime(clock, None)
    before = time.now()
    clock.jump(seconds=-1.5)
    assert time.now() == before


def test_a_restart_in_the_same_boot_goes_on_by_the_boot_clock():
    clock = FakeClock()
    stored = HouseTime(clock, None).reading()
    clock.step(minutes=10)
    clock.jump(hours=3)
    time = HouseTime(clock, stored)
    assert time.now() == NOON + timedelta(minutes=10)
    assert time.doubt is not None
    assert time.doubt.restarted
    assert not time.held


def test_after_another_boot_a_believable_wall_clock_is_taken():
    clock = FakeClock()
    stored = HouseTime(clock, None).reading()
    clock.reboot(hours=5)
    time = HouseTime(clock, stored)
    assert time.now() == NOON + timedelta(hours=5)
    assert time.doubt is None


@pytest.mark.parametrize("away", [{"hours": -1}, {"hours": 25}, {"days": 3650}])
def test_after_another_boot_an_unbelievable_wall_clock_holds_expiry(away):
    clock = FakeClock()
    stored = HouseTime(clock, None).reading()
    clock.reboot(**away)
    time = HouseTime(clock, stored)
    assert time.held
    assert time.doubt is not None
    time.accept()
    assert not time.held
    assert time.now() == clock.wall
