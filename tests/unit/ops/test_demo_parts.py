"""Parts of the demo: its clock, its pace, its map, and what it compares after a kill."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from kit.houses import profile
from tocsin.core.alert import Audience
from tocsin.core.events import AlertCleared
from tocsin.formats.profile.maps import RegionMap, ViewRow
from tocsin.ops.demo.acts import Pace
from tocsin.ops.demo.clock import ReplayClock
from tocsin.ops.demo.figures import kept
from tocsin.ops.demo.grid import laid_out
from tocsin.ops.demo.script import squeezed
from tocsin.service.ports import Row

NOON = datetime(2022, 10, 11, 12, tzinfo=UTC)
PACE = Pace(act_s=10, longest_gap_s=2, shortest_gap_s=0.25, down_s=1, hold_s=1)


@pytest.fixture
def steady():
    seconds = [0.0]
    return seconds, ReplayClock(NOON, lambda: seconds[0])


def test_the_clock_stands_runs_and_stops_where_it_is_told_to(steady):
    seconds, clock = steady
    seconds[0] = 5
    assert clock.now() == NOON
    clock.glide(NOON + timedelta(hours=1), 2)
    seconds[0] = 6
    assert clock.now() == NOON + timedelta(minutes=30)
    seconds[0] = 60
    assert clock.now() == NOON + timedelta(hours=1)


def test_the_clock_never_goes_back(steady):
    seconds, clock = steady
    clock.glide(NOON + timedelta(hours=1), 2)
    seconds[0] = 1
    clock.jump(NOON)
    assert clock.now() == NOON + timedelta(minutes=30)
    clock.glide(NOON, 2)
    assert clock.now() == NOON + timedelta(minutes=30)


def test_its_boot_clock_runs_with_it(steady):
    _, clock = steady
    first = clock.reading()
    clock.jump(NOON + timedelta(days=200))
    second = clock.reading()
    assert second.boot_s - first.boot_s == timedelta(days=200).total_seconds()
    assert second.boot_id == first.boot_id


def test_gaps_are_squeezed_into_an_acts_time():
    gaps = squeezed([1.0] * 10 + [3600.0] * 4, PACE)
    assert sum(gaps) == pytest.approx(10, abs=0.01)
    assert max(gaps) <= 2
    assert min(gaps) == 0.25
    assert squeezed([0.0, 7200.0], PACE) == [0.25, 2.0], "never longer than the longest"
    assert squeezed([], PACE) == []


def test_no_two_names_of_the_map_overlap():
    labels = {f"R{n}": (n % 5 * 100, n // 5 * 40, n) for n in range(40)}
    drawn = RegionMap(
        width=500, height=300, view=ViewRow(west=0, top=0, scale=1), paths={}, labels=labels
    )
    cells = laid_out(drawn, {code: f"Region {code}" for code in labels}, 80, 12)
    assert {cell.region for cell in cells} == set(labels)
    for one in cells:
        assert 0 <= one.column <= 80 - one.width
        for other in cells:
            if one is not other and one.row == other.row:
                apart = one.column + one.width < other.column or (
                    other.column + other.width < one.column
                )
                assert apart, (one, other)


def row(number, event):
    return Row(number, "x", 1, b"", "a", Audience.PUBLIC, number, NOON, b""), event


def test_what_is_lost_or_stands_twice_is_counted():
    cleared = AlertCleared(
        at=NOON,
        alert_id="a",
        revision=2,
        status="Actual",
        sender="s",  # type: ignore[arg-type]
    )
    rows = [row(1, cleared)]
    assert dataclasses.astuple(kept(rows, {"a": 2})) == (1, 0, 0)
    assert dataclasses.astuple(kept(rows, {"a": 3, "b": 1})) == (2, 2, 0)
    assert dataclasses.astuple(kept([*rows, row(2, cleared)], {"a": 2})) == (1, 0, 1)


def test_the_bundled_acts_fit_their_profile():
    from tocsin.bootstrap import profile_folder
    from tocsin.ops.demo.acts import read_acts
    from tocsin.ops.demo.script import write_script
    from tocsin.settings import Profile

    folder = profile_folder(Profile(id="ua"))
    acts = read_acts((folder / "demo.toml").read_bytes(), profile())
    history = (folder / "alerts" / "ua_alerts.csv.gz").read_bytes()
    script = write_script(acts, profile(), history, "air-raid")
    assert len(script.cues) == 2 * 193
    assert [cue.at for cue in script.cues] == sorted(cue.at for cue in script.cues)
    assert max(cue.gap_s for cue in script.cues) <= 2.0
    for act in range(3):
        shown = sum(cue.gap_s for cue in script.cues if cue.act == act)
        assert 30 <= shown <= 91
    (held,) = [cue for cue in script.cues if cue.hold is not None]
    assert held.at == datetime(2022, 10, 11, 9, 50, 12, tzinfo=UTC)
    assert held.row.region == held.hold.region
    assert not held.begins
