"""The mandate of a feed that issues at once holds for all that it has in force, not by report."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.observers import ISSUER, Watch
from kit.world import DRILL, MINUTE, issuing, officer
from tocsin.core.alert import Realm
from tocsin.core.audit import PageReason
from tocsin.core.intake_threats import issuing as issued_by


@pytest.fixture
def watch():
    return Watch()


def machine(feed=ISSUER):
    return officer(
        feed.account, regions=("land",), hazards=feed.hazards, is_machine=True, direct=True
    )


def machine_in_drills():
    return replace(machine(), scope=replace(machine().scope, realms=(Realm.DRILL,)))


def at_once(watch, *regions, feed=ISSUER):
    """Take a report and issue of it what policy lets the feed; say whether it did."""
    taken = watch.take(feed, *regions)
    found = issued_by(watch.world, watch.state, feed, taken.threat_id)
    if found is not None:
        watch.tell(replace(issuing(), area=found.area, draft_id=found.draft_id), machine(feed))
    return found is not None


def test_a_city_told_of_district_by_district_is_a_city(watch):
    assert at_once(watch, "n1a")  # 100,000 people
    assert at_once(watch, "n1b")  # 300,000 of them now
    watch.wait(4 * MINUTE)
    assert not at_once(watch, "n1c")  # it would be 600,000
    assert watch.draft.regions == ("n1c",)
    assert watch.pages[-1] is PageReason.DRAFT
    assert len(watch.state.active) == 2


def test_nobody_is_counted_twice(watch):
    assert at_once(watch, "n1a", "n1b")
    assert at_once(watch, "n1b", "n2a")  # those of n1b are warned already


def test_only_what_it_issued_itself_of_that_hazard_for_real_counts(watch):
    watch.tell(issuing("s1a", **DRILL), machine_in_drills())
    watch.tell(issuing("n1c"), officer())
    watch.tell(issuing("n1c", hazard="flood"), machine(replace(ISSUER, hazards=("flood",))))
    assert at_once(watch, "n1a", "n1b")  # 300,000 people
    other = replace(ISSUER, key="other-issuer", regions=("land",))
    assert at_once(watch, "n1a", "n1b", feed=other) is False  # in force already
    assert at_once(watch, "s1a", feed=other)


def test_what_is_over_counts_no_longer(watch):
    assert at_once(watch, "n1a", "n1b")
    assert not at_once(watch, "n1c")
    watch.state = replace(watch.state, active={})
    assert at_once(watch, "n1c")
