"""Hours without a service: counted once, by local day, as a naive grid of minutes counts them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.world import HOUR, MINUTE, WORLD, leaves_of
from tocsin.core.claims import Figure, Measure, Qualifier
from tocsin.core.facilities import Outage, Share
from tocsin.core.publication import Publication
from tocsin.projections.outages import hours_without

ZONE = ZoneInfo("Europe/Kyiv")
BEGAN = datetime(2022, 10, 29, 18, 0, tzinfo=UTC)  # the night of the 30th has 25 hours
EXACT = Publication(round_to=MINUTE, silent_after=90 * HOUR)
STEP = 20 * MINUTE


def out(number=0, *, start=0, end=None, regions=("n1",), shares=(), **more):
    """An outage from so many minutes after the beginning on."""
    return Outage(
        id=f"o{number}", handle="O", service=more.pop("service", "power"), regions=regions,
        began=BEGAN + start * MINUTE, source="s", at=BEGAN, told=more.pop("told", True),
        ended_at=BEGAN + end * MINUTE if end is not None else None,
        shares=tuple(Share(at=BEGAN + at * MINUTE, restored=share) for at, share in shares),
        public_id=f"p{number}", **more,
    )  # fmt: skip


def rows(*outages, policy=EXACT, regions=("n1",), services=("power",), now=72, **more):
    now_at = BEGAN + now * HOUR
    return [
        (str(row.day), row.region, row.service, row.hours, row.weighted_hours)
        for row in hours_without(
            policy, WORLD.tree, outages, regions=regions, services=services,
            since=more.get("since", BEGAN), until=more.get("until", now_at), now=now_at, zone=ZONE,
        )
    ]  # fmt: skip


def parts(*outages, **more):
    """Hours in all of n1, and in a part of it."""
    now = BEGAN + more.pop("now", 72) * HOUR
    return [
        (row.hours, row.hours_in_part)
        for row in hours_without(
            more.pop("policy", EXACT), WORLD.tree, outages, regions=("n1",), services=("power",),
            since=BEGAN, until=now, now=now, zone=ZONE,
        )
    ]  # fmt: skip


SOME = Figure(measures=(Measure.OUT,), qualifier=Qualifier.HUNDREDS, value=None, what="homes")


@pytest.mark.parametrize(
    "scope", [{"settlements": ("A",)}, {"figure": SOME}, {"regions": ("n1a", "n2", "gone")}]
)
def test_what_is_out_in_a_part_of_a_region_is_never_out_in_all_of_it(scope):
    part = out(1, start=0, end=180, **scope)
    assert parts(part) == [(0.0, 3.0)]
    assert parts(part, out(2, start=60, end=120)) == [(1.0, 2.0)]
    assert parts(part, out(2, start=0, end=180, regions=("land",))) == [(3.0, 0.0)]
    assert rows(part)[0][3:] == (0.0, 0.0)


def test_what_nobody_has_said_a_word_of_for_long_counts_no_further():
    policy = Publication(round_to=MINUTE, silent_after=2 * HOUR)
    silent = out(1)
    assert sum(map(sum, parts(silent, policy=policy))) == 2.0
    said = replace(silent, changed_at=BEGAN + 5 * HOUR)
    assert sum(map(sum, parts(said, policy=policy))) == 7.0
    assert sum(map(sum, parts(said, policy=policy, now=3))) == 3.0
    ended = out(1, end=600)  # somebody said when it was back: it lasted as long
    assert sum(map(sum, parts(ended, policy=policy))) == 10.0


def test_two_outages_at_once_are_counted_once_and_the_worse_weighs():
    one = out(1, start=0, end=120, shares=((0, 0.5),))
    other = out(2, start=60, end=180, regions=("north",), shares=((60, 0.75),))
    assert rows(one, other) == [("2022-10-29", "n1", "power", 3.0, 1.25)]


def test_a_day_of_25_hours_has_25():
    found = rows(out(), now=40)
    assert [(day, hours) for day, _, _, hours, _ in found] == [
        ("2022-10-31", 12.0), ("2022-10-30", 25.0), ("2022-10-29", 3.0),
    ]  # fmt: skip


def test_an_outage_that_people_were_not_told_of_counts_nowhere():
    assert rows(out(told=False)) == []


def test_an_outage_over_and_in_a_region_counts_and_one_beside_it_does_not():
    assert rows(out(regions=("land",), end=60))[0][3] == 1.0
    assert parts(out(regions=("n1b",), end=60)) == [(0.0, 1.0)]
    assert rows(out(regions=("s1", "redrawn"), end=60)) == []
    assert rows(out(service="water", end=60)) == []


def test_shares_weigh_from_when_they_were_said_and_the_first_from_the_beginning():
    one = out(start=0, end=240, shares=((60, 0.0), (120, 0.5), (180, 0.75)))
    assert rows(one) == [
        ("2022-10-30", "n1", "power", 1.0, 0.25), ("2022-10-29", "n1", "power", 3.0, 2.5),
    ]  # fmt: skip


def test_without_shares_the_one_that_is_known_weighs():
    assert rows(out(end=60, restored_share=0.25))[0][3:] == (1.0, 0.75)


def test_sums_tell_no_moment_that_is_not_told_itself():
    hourly = Publication()
    one, other = out(start=5, end=59), out(start=50, end=55)
    assert rows(one, policy=hourly) == rows(other, policy=hourly)
    assert rows(one, policy=hourly)[0][3] == 1.0
    assert rows(out(start=50, end=55), policy=hourly, now=0) == []  # nothing after now
    assert rows(out(start=0), policy=hourly, until=BEGAN + HOUR)[0][3] == 1.0


spans = st.builds(
    lambda start, length, region, service, shares, told, named: out(
        start=start * 20, end=None if length is None else (start + length) * 20,
        regions=(region,), service=service, told=told, settlements=("A",) if named else (),
        shares=tuple((at * 20, share) for at, share in sorted(shares)),
    ),
    st.integers(0, 90), st.none() | st.integers(0, 60),
    st.sampled_from(("land", "north", "n1", "n1a", "n2b", "s1")),
    st.sampled_from(("power", "water")),
    st.lists(st.tuples(st.integers(0, 150), st.sampled_from((0.0, 0.25, 0.5, 1.0))), max_size=3,
             unique_by=lambda each: each[0]),
    st.booleans(), st.booleans(),
)  # fmt: skip
NOW_STEPS = 130


def naive(outages, regions, services, since, until):
    """Hours, weighted hours and hours in part of each row, one step of the grid after another."""
    found = defaultdict(lambda: [0, 0.0, 0])
    for region in regions:
        for service in services:
            for step in range(since, min(until, NOW_STEPS)):
                at = BEGAN + step * STEP
                worst, in_part = -1.0, False
                for each in outages:
                    is_over = each.ended_at is not None and each.ended_at <= at
                    here = leaves_of(*each.regions) & leaves_of(region)
                    if each.service != service or not each.told or not here:
                        continue
                    if at < each.began or is_over:
                        continue
                    if here != leaves_of(region) or each.settlements:
                        in_part = True
                        continue
                    back = each.shares[0].restored if each.shares else 0.0
                    for share in each.shares[1:]:
                        back = share.restored if share.at <= at else back
                    worst = max(worst, 1 - back)
                if worst >= 0 or in_part:
                    cell = found[(str(at.astimezone(ZONE).date()), region, service)]
                    cell[0] += worst >= 0
                    cell[1] += max(worst, 0)
                    cell[2] += worst < 0
    return {
        key: (round(n * STEP / HOUR, 2), round(w * (STEP / HOUR), 2), round(p * STEP / HOUR, 2))
        for key, (n, w, p) in found.items()
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(spans, max_size=5), st.integers(0, 60), st.integers(0, 150))
def test_hours_are_those_of_a_naive_grid(outages, since, length):
    regions, services = ("n1", "north", "s1", "city"), ("power", "water")
    found = hours_without(
        EXACT, WORLD.tree, outages, regions=regions, services=services, since=BEGAN + since * STEP,
        until=BEGAN + (since + length) * STEP, now=BEGAN + NOW_STEPS * STEP, zone=ZONE,
    )  # fmt: skip
    expected = naive(outages, regions, services, since, since + length)
    got = {(str(r.day), r.region, r.service): r for r in found}
    assert got.keys() == expected.keys()
    for key, (hours, weighted, part) in expected.items():
        assert abs(got[key].hours - hours) <= 0.011, key
        assert abs(got[key].weighted_hours - weighted) <= 0.011, key
        assert abs(got[key].hours_in_part - part) <= 0.011, key
    assert [row.day for row in found] == sorted((row.day for row in found), reverse=True)
