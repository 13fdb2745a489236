"""Whatever one station or one weak source sends, it moves nobody; whatever agrees, does so once."""

from __future__ import annotations

import itertools
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kit.observers import FEEDS, OTHER, WEAK, Watch
from kit.world import LEAVES, MINUTE, PARENTS, leaves_of
from tocsin.core.intake_commands import CloseAlertDraft
from tocsin.core.threats import Dose

VALUES = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 90.0, 1_000.0, 1_000.1, 5e3, 9e9]),
)
AGES = st.floats(min_value=-5, max_value=60, allow_nan=False)
STORM = st.lists(st.tuples(VALUES, AGES, st.sampled_from(LEAVES)), max_size=60)
QUIET = st.lists(st.tuples(st.integers(1, 8), st.floats(0, 999), AGES), max_size=20)
HIGH = st.lists(
    st.tuples(st.floats(1_001, 1e8), st.floats(0, 29)), min_size=3, max_size=6,
    unique_by=lambda each: int(each[1]),
)  # fmt: skip


def storm_of(watch: Watch, storm) -> list[Dose]:
    return [watch.dose("faulty", value, ago=ago, region=region) for value, ago, region in storm]


@given(storm=STORM, quiet=QUIET)
def test_one_station_drafts_nothing_whatever_it_sends(storm, quiet):
    watch = Watch()
    watch.world = replace(watch.world, feeds=replace(FEEDS, agreeing=1))  # whatever policy says
    readings = storm_of(watch, storm)
    readings += [watch.dose(f"s{name}", value, ago=ago) for name, value, ago in quiet]
    for count in range(0, len(readings) + 1, 7):
        watch.weigh(*readings[:count])
    watch.weigh(*readings)
    assert watch.state.inbox.drafts == {}
    assert watch.pages == []


@given(
    series=st.lists(HIGH, min_size=3, max_size=6), storm=STORM, chance=st.randoms(),
    times=st.integers(1, 4),
)  # fmt: skip
def test_three_that_agree_draft_once_in_whatever_order_and_beside_whatever_storm(
    series, storm, chance, times
):
    watch = Watch()
    good = [
        watch.dose(f"s{number}", value, ago=ago)
        for number, readings in enumerate(series) for value, ago in readings
    ]  # fmt: skip
    readings = good + storm_of(watch, storm)
    chance.shuffle(readings)
    for _ in range(times):
        watch.weigh(*readings)
    draft = watch.draft
    assert {f"s{number}" for number in range(len(series))} <= set(draft.sources)
    assert len(watch.pages) == 1
    assert watch.state.active == {}


REPORT = st.tuples(
    st.sampled_from(["report", "report", "report", "wait", "dismiss"]),
    st.lists(st.sampled_from(sorted(PARENTS)), min_size=1, max_size=4),
)


@given(steps=st.lists(REPORT, max_size=25))
def test_a_single_weak_source_never_has_drafts_wait_for_more_than_one_top_region(steps):
    watch = Watch()
    for what, regions in steps:
        match what:
            case "wait":
                watch.wait(MINUTE)
            case "dismiss" if watch.drafts:
                watch.tell(CloseAlertDraft(draft_id=watch.drafts[0].id, reason="ours"))
            case _:
                watch.take(WEAK, *dict.fromkeys(regions))
        waiting = list(itertools.chain(*(each.regions for each in watch.drafts)))
        assert all(each.is_weak for each in watch.drafts)
        leaves = leaves_of(*waiting) if waiting else frozenset()
        assert sum(bool(leaves & leaves_of(top)) for top in ("north", "south", "city")) <= 1


@given(steps=st.lists(st.tuples(st.booleans(), REPORT), max_size=25))
def test_a_draft_covers_nothing_beyond_a_small_place_that_two_keys_do_not_say(steps):
    watch = Watch()
    said: dict[str, set[str]] = {"weak": set(), "other": set()}
    for is_other, (_, regions) in steps:
        feed = OTHER if is_other else WEAK
        watch.take(feed, *dict.fromkeys(regions))
        said[feed.key] |= leaves_of(*regions)
        both = said["weak"] & said["other"]
        for key, mine in said.items():
            alone = {
                leaf for each in watch.drafts if key in each.keys
                for leaf in leaves_of(*each.regions) if leaf in mine and leaf not in both
            }  # fmt: skip
            tops = sum(bool(alone & leaves_of(top)) for top in ("north", "south", "city"))
            assert tops <= 1
        drafted = {leaf for each in watch.drafts for leaf in leaves_of(*each.regions)}
        assert drafted <= said["weak"] | said["other"]
