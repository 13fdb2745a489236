"""Dose rates: several steady stations propose, one never does, whatever it sends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.observers import FEEDS, LAND, STRONG, Watch
from kit.world import HOUR, MINUTE, issuing, officer
from tocsin.core import intake_commands as tc
from tocsin.core.audit import PageReason
from tocsin.core.intake_doses import agreeing, at_fault
from tocsin.core.threats import Cause, Closing


@pytest.fixture
def watch():
    return Watch()


def thrice(watch, station="s1", value=9_000.0, **more):
    """Three readings, a minute apart."""
    return [watch.dose(station, value, ago=ago, **more) for ago in (2, 1, 0)]


def stations(watch, count=3, value=9_000.0, **more):
    return [
        each for number in range(1, count + 1)
        for each in thrice(watch, f"s{number}", value, key=f"k{number}", **more)
    ]  # fmt: skip


def close(draft, **more):
    return tc.CloseAlertDraft(draft_id=draft.id, reason="a flight", **more)


def test_stations_that_agree_make_a_draft_with_their_figures_and_call_officers(watch):
    watch.weigh(*stations(watch, 2), *thrice(watch, "s3", 12_345.6, region="n2b"))
    draft = watch.draft
    assert (draft.cause, draft.hazard, draft.regions) == (
        Cause.DOSE_RATES, "chemical", ("n1a", "n2b"),
    )  # fmt: skip
    assert (draft.sources, draft.keys, draft.is_weak) == (("s1", "s2", "s3"), (), False)
    assert draft.why == "s1: 9000 nSv/h (100)\ns2: 9000 nSv/h (100)\ns3: 12346 nSv/h (100)"
    assert (draft.until, watch.pages) == (watch.now + FEEDS.draft_lasts, [PageReason.DRAFT])
    assert watch.state.active == {}


@pytest.mark.parametrize("count", [0, 1, 2])
def test_too_few_draft_nothing(watch, count):
    assert watch.weigh(*stations(watch, count)) == ()


def test_one_alone_drafts_nothing_even_where_a_policy_asks_for_one(watch):
    watch.world = replace(LAND, feeds=replace(FEEDS, agreeing=1))
    assert watch.weigh(*stations(watch, 1)) == ()
    assert watch.weigh(*stations(watch, 2)) != ()


@pytest.mark.parametrize(
    ("value", "background", "counts"),
    [
        (1_000.0, 100, False), (1_000.1, 100, True),  # at least so much
        (2_500.0, 500, False), (2_500.1, 500, True),  # so many times its own background
    ],
)  # fmt: skip
def test_a_station_counts_above_its_own_threshold(watch, value, background, counts):
    series = [replace(each, background=background) for each in thrice(watch, value=value)]
    found = agreeing(watch.world, series, watch.now)
    assert bool(found) is counts


def test_the_median_of_the_last_three_counts(watch):
    quiet = [watch.dose("s1", 90, ago=ago) for ago in (3, 2)]
    assert agreeing(watch.world, [*quiet, watch.dose("s1", 9e7)], watch.now) == []
    high = [watch.dose("s1", 9e3, ago=ago) for ago in (2, 1)]
    assert len(agreeing(watch.world, [quiet[0], *high, watch.dose("s1", 90)], watch.now)) == 1


def test_a_station_counts_only_once_it_sent_three_readings_in_two_minutes(watch):
    high = thrice(watch)
    assert len(agreeing(watch.world, high, watch.now)) == 1
    assert agreeing(watch.world, high[1:], watch.now) == []
    burst = [watch.dose("s1", 9e3, ago=each / 100) for each in range(1, 20)]
    assert agreeing(watch.world, burst, watch.now) == []
    spread = [*burst, watch.dose("s1", 90, ago=9)]  # what is quiet makes no burst steady
    assert agreeing(watch.world, spread, watch.now) == []
    watch.world = replace(LAND, feeds=replace(FEEDS, readings=4))
    assert agreeing(watch.world, high, watch.now) == []
    assert len(agreeing(watch.world, [*high, watch.dose("s1", 9e3, ago=3)], watch.now)) == 1


@pytest.mark.parametrize("value", [1e8 + 1, float("inf"), float("nan"), -1.0])
def test_a_station_that_sent_what_cannot_be_is_at_fault_as_long_as_the_window(watch, value):
    high = thrice(watch)
    bad = watch.dose("s1", value, ago=29)
    assert at_fault(watch.world, [*high, bad], watch.now) == {"s1"}
    assert agreeing(watch.world, [*high, bad], watch.now) == []
    corrected = watch.dose("s1", 90, ago=29)  # the same moment once more takes nothing back
    assert agreeing(watch.world, [*high, bad, corrected], watch.now) == []
    for ago in (30, -2):
        elsewhen = watch.dose("s1", value, ago=ago)
        assert len(agreeing(watch.world, [*high, elsewhen], watch.now)) == 1
    other = replace(bad, station="s2")
    assert len(agreeing(watch.world, [*high, other], watch.now)) == 1
    most = watch.dose("s1", 1e8, ago=5)
    assert len(agreeing(watch.world, [*high, most], watch.now)) == 1


def test_stations_under_one_key_are_one_source(watch):
    watch.weigh(*(replace(each, key="one") for each in stations(watch)))
    assert watch.draft.is_weak
    watch.weigh(*stations(watch), *thrice(watch, "s4"))  # one of another key joins
    assert not watch.draft.is_weak
    alone = (replace(each, key="one") for each in stations(watch, 5))
    watch.weigh(*alone)
    assert not watch.draft.is_weak  # what others said of it stays said


def test_a_station_that_flaps_counts_for_nothing(watch):
    def series(*values):
        return [watch.dose("s1", value, ago=20 - n) for n, value in enumerate(values)]

    steady = series(90, 9e3, 90, 9e3, 9e3, 9e3)
    assert len(agreeing(watch.world, steady, watch.now)) == 1
    flapping = series(90, 9e3, 90, 9e3, 90, 9e3, 9e3, 9e3)
    assert agreeing(watch.world, flapping, watch.now) == []


def test_only_readings_of_the_window_count_and_each_moment_once(watch):
    two = thrice(watch)[:2]
    assert agreeing(watch.world, [*two, watch.dose("s1", 9e3, ago=30)], watch.now) == []
    assert len(agreeing(watch.world, [*two, watch.dose("s1", 9e3, ago=29.9)], watch.now)) == 1
    assert agreeing(watch.world, [*two, watch.dose("s1", 9e3, ago=-2)], watch.now) == []
    corrected = [*thrice(watch), *(replace(each, value=90.0) for each in thrice(watch))]
    assert agreeing(watch.world, corrected, watch.now) == []


def test_while_it_waits_the_same_stations_change_nothing_and_further_ones_merge(watch):
    watch.weigh(*stations(watch))
    draft = watch.draft
    watch.wait(MINUTE)
    assert watch.weigh(*stations(watch)) == ()
    watch.weigh(*stations(watch), *thrice(watch, "s4", region="n2a"))
    grown = watch.draft
    assert (grown.id, grown.handle, grown.made_at) == (draft.id, draft.handle, draft.made_at)
    assert (grown.sources, grown.regions) == (("s1", "s2", "s3", "s4"), ("n1a", "n2a"))
    assert watch.pages == [PageReason.DRAFT]
    watch.weigh(*stations(watch, region="n1b"))  # the same stations, registered elsewhere since
    assert watch.draft.regions == ("n1a", "n1b", "n2a")


def test_another_region_is_another_draft(watch):
    watch.weigh(*stations(watch))
    watch.weigh(*stations(watch, region="s2"), region="south")
    assert [each.regions for each in watch.drafts] == [("n1a",), ("s2",)]


def test_a_draft_of_reports_is_no_draft_of_dose_rates(watch):
    watch.world = replace(LAND, feeds=replace(FEEDS, dose_hazard="air-raid"))
    watch.take(STRONG, "n1a")
    watch.weigh(*stations(watch))
    assert len(watch.drafts) == 2


@pytest.mark.parametrize("feeds", [{"dose_hazard": "none"}])
def test_without_a_hazard_or_a_known_region_nothing_is_drafted(watch, feeds):
    assert watch.weigh(*stations(watch, region="XX")) == ()
    watch.world = replace(LAND, feeds=replace(FEEDS, **feeds))
    assert watch.weigh(*stations(watch)) == ()


def test_where_it_is_in_force_already_nothing_is_drafted(watch):
    watch.tell(issuing("north", hazard="chemical"))
    assert watch.weigh(*stations(watch)) == ()


def test_an_operators_no_holds_for_those_stations_as_long_as_the_window(watch):
    watch.weigh(*stations(watch))
    watch.tell(close(watch.draft), officer())
    assert watch.weigh(*stations(watch)) == ()
    watch.wait(FEEDS.window - MINUTE)
    assert watch.weigh(*stations(watch)) == ()
    watch.weigh(*stations(watch, 4))  # one more station is news
    assert len(watch.drafts) == 1
    other = Watch()
    other.weigh(*stations(other))
    other.tell(close(other.draft), officer())
    other.wait(FEEDS.window)
    assert other.weigh(*stations(other)) != ()


def test_after_an_alert_was_given_and_cleared_they_ask_again_after_the_window(watch):
    watch.weigh(*stations(watch))
    draft = watch.draft
    watch.tell(issuing("n1a", hazard="chemical", draft_id=draft.id))
    assert watch.state.inbox.drafts[draft.id].how is Closing.ISSUED
    (alert,) = watch.state.active.values()
    watch.state = replace(watch.state, active={})
    assert watch.weigh(*stations(watch)) == ()
    assert alert.hazard == "chemical"


def test_what_ran_out_is_drafted_again(watch):
    watch.weigh(*stations(watch))
    watch.wait(FEEDS.draft_lasts)
    watch.tell(close(watch.draft, run_out=True))
    watch.weigh(*stations(watch))
    assert len(watch.drafts) == 1
    assert watch.now < watch.draft.until < watch.now + HOUR
