"""Dose rates: several steady stations propose, one never does, whatever it sends."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.observers import FEEDS, LAND, STRONG, Watch
from kit.world import HOUR, MINUTE, issuing, officer
from tocsin.core import intake_commands as tc
from tocsin.core.audit import PageReason
from tocsin.core.intake_doses import agreeing
from tocsin.core.threats import Cause, Closing


@pytest.fixture
def watch():
    return Watch()


def stations(watch, count=3, value=9_000.0, **more):
    return [watch.dose(f"s{number}", value, **more) for number in range(1, count + 1)]


def close(draft, **more):
    return tc.CloseAlertDraft(draft_id=draft.id, reason="a flight", **more)


def test_stations_that_agree_make_a_draft_with_their_figures_and_call_officers(watch):
    watch.weigh(*stations(watch, 2), watch.dose("s3", 12_345.6, region="n2b"))
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
        (float("nan"), 100, False),
    ],
)  # fmt: skip
def test_a_station_counts_above_its_own_threshold(watch, value, background, counts):
    found = agreeing(
        watch.world, [replace(watch.dose("s1", value), background=background)], watch.now
    )
    assert bool(found) is counts


def test_the_median_of_the_last_three_counts(watch):
    quiet = [watch.dose("s1", 90, ago=ago) for ago in (3, 2)]
    assert agreeing(watch.world, [*quiet, watch.dose("s1", 9e9)], watch.now) == []
    high = [watch.dose("s1", 9e3, ago=ago) for ago in (2, 1)]
    assert len(agreeing(watch.world, [quiet[0], *high, watch.dose("s1", 90)], watch.now)) == 1
    two = [watch.dose("s1", 90, ago=1), watch.dose("s1", 9e9)]
    assert agreeing(watch.world, two, watch.now) == []  # of two, the lower one


def test_a_station_that_flaps_counts_for_nothing(watch):
    def series(*values):
        return [watch.dose("s1", value, ago=20 - n) for n, value in enumerate(values)]

    steady = series(90, 9e3, 90, 9e3, 9e3, 9e3)
    assert len(agreeing(watch.world, steady, watch.now)) == 1
    flapping = series(90, 9e3, 90, 9e3, 90, 9e3, 9e3, 9e3)
    assert agreeing(watch.world, flapping, watch.now) == []


def test_only_readings_of_the_window_count_and_each_moment_once(watch):
    old = watch.dose("s1", 9e3, ago=30)
    assert agreeing(watch.world, [old], watch.now) == []
    assert len(agreeing(watch.world, [watch.dose("s1", 9e3, ago=29.9)], watch.now)) == 1
    assert agreeing(watch.world, [watch.dose("s1", 9e3, ago=-2)], watch.now) == []
    corrected = [watch.dose("s1", 9e3), watch.dose("s1", 90)]
    assert agreeing(watch.world, corrected, watch.now) == []


def test_while_it_waits_the_same_stations_change_nothing_and_further_ones_merge(watch):
    watch.weigh(*stations(watch))
    draft = watch.draft
    watch.wait(MINUTE)
    assert watch.weigh(*stations(watch)) == ()
    watch.weigh(*stations(watch), watch.dose("s4", 9e3, region="n2a"))
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
