"""A drill is a place, not a setting: it never stands beside a real alert (RELIABILITY P20)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.world import DRILL, HOUR, NOW, WORLD, Story, issuing
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import AlertState, Audience, Status
from tocsin.core.area import Area
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.refusals import Rule


@pytest.fixture
def story() -> Story:
    return Story.with_mandates()


# -- a drill is refused ----------------------------------------------------------------------------


def test_a_drill_over_people_under_a_real_alert_is_refused(story):
    story.issue("n1", hazard="flood")
    for place in ("n1a", "land"):
        refused = story.refused(issuing(place, sender="army", **DRILL))
        assert (refused.rule, refused.field) == (Rule.REAL_ALERT_IN_FORCE, "/area")
        assert "n1" in refused.help
    assert story.issue("n2", **DRILL).is_in_force, "beside it may be drilled"


@pytest.mark.parametrize(
    "more", [{"standing_by": "Olena"}, {"imported": True}, {"status": Status.TEST}]
)
def test_a_standing_or_imported_or_test_alert_forbids_no_drill(story, more):
    story.issue("n1", **more)
    assert story.issue("n1", **DRILL).is_in_force


def test_a_drill_may_begin_when_the_real_alert_has_ended_or_run_out(story):
    story.clear(story.issue("n1"))
    assert story.ask(issuing("n1", **DRILL))
    story.run_out(story.issue("n2"))
    assert story.ask(issuing("n2", **DRILL))


def test_a_drill_is_not_widened_over_a_real_alert(story):
    drill = story.issue("n2", **DRILL)
    story.issue("n1")
    wider = co.UpdateAlert(alert_id=drill.id, sender="nation", area=Area(regions=("north",)))
    assert story.refused(wider).rule is Rule.REAL_ALERT_IN_FORCE
    assert story.update(drill, area=Area(regions=("n2", "city"))).is_in_force


@pytest.mark.parametrize("way", ["extend", "update"])
def test_a_drill_that_ran_out_is_not_revived_over_a_real_alert(story, way):
    drill = story.run_out(story.issue("n2", **DRILL))
    story.issue("n2a")
    name = {"alert_id": drill.id, "sender": "nation", "expires": story.now + HOUR}
    command = co.ExtendAlert(**name) if way == "extend" else co.UpdateAlert(**name)
    assert story.refused(command).rule is Rule.REAL_ALERT_IN_FORCE


# -- a drill is broken off -------------------------------------------------------------------------


def ends(events):
    """The alerts that were cancelled, with the reason."""
    return [(e.alert_id, e.reason) for e in events if isinstance(e, ev.AlertCancelled)]


def test_a_real_alert_breaks_off_the_drills_in_its_area_at_once_and_whole(story):
    met, wide = story.issue("n1", **DRILL), story.issue("land", **DRILL)
    other, far = story.issue("n2b", **DRILL), story.issue("s2", **DRILL)
    events = story.tell(issuing("n1a", hazard="chemical"))
    assert isinstance(events[0], ev.AlertIssued)
    assert ends(events) == [(met.id, "real-alert"), (wide.id, "real-alert")]
    assert {ev.audience_of_event(event) for event in events[1:]} == {Audience.DRILL}
    assert story.alert(met.id).state is AlertState.CANCELLED
    assert story.alert(other.id).state is AlertState.ACTIVE
    assert story.alert(far.id).state is AlertState.ACTIVE


@pytest.mark.parametrize(
    "more", [{"status": Status.TEST}, {"status": Status.DRAFT}, {"imported": True}]
)
def test_what_is_not_real_now_breaks_off_no_drill(story, more):
    story.issue("n1", **DRILL)
    assert not ends(story.tell(issuing("n1", **more)))


def test_a_drill_that_has_ended_or_run_out_is_not_broken_off(story):
    story.clear(story.issue("n1", **DRILL))
    story.run_out(story.issue("n1", expires=NOW + HOUR, **DRILL))
    assert not ends(story.tell(issuing("n1")))


def test_a_real_alert_that_is_widened_breaks_off_the_drill_there(story):
    drill, alert = story.issue("n2", **DRILL), story.issue("n1")
    wider = co.UpdateAlert(alert_id=alert.id, sender="nation", area=Area(regions=("north",)))
    assert ends(story.tell(wider)) == [(drill.id, "real-alert")]


@pytest.mark.parametrize("way", ["extend", "update"])
def test_a_real_alert_in_force_again_breaks_off_the_drill_there(story, way):
    alert = story.run_out(story.issue("n1"))
    drill = story.issue("n1", **DRILL)
    name = {"alert_id": alert.id, "sender": "nation", "expires": story.now + HOUR}
    command = co.ExtendAlert(**name) if way == "extend" else co.UpdateAlert(**name)
    assert ends(story.tell(command)) == [(drill.id, "real-alert")]


def test_a_standing_alert_kept_up_each_day_leaves_the_drills_beside_it_alone(story):
    alert = story.issue("n1", standing_by="Olena")
    story.wait(HOUR)
    drill = story.issue("n1", **DRILL)
    story.extend(alert, 24 * HOUR, standing_by="Ivan")
    story.update(alert, reason="decision of the staff")
    assert story.alert(drill.id).state is AlertState.ACTIVE
    assert ends(story.tell(co.UpdateAlert(alert_id=alert.id, sender="nation", level="red")))


def test_a_late_alert_that_had_ended_before_it_came_breaks_off_nothing(story):
    story.issue("n1", **DRILL)
    story.tell(co.ClearAlert(sender="army", identifier="m1", relayed=True))
    assert not ends(story.tell(issuing("n1", sender="army", identifier="m1")))


# -- silence calls officers ------------------------------------------------------------------------


def calls(events):
    return [event.why for event in events if isinstance(event, OfficersPaged)]


def test_an_extension_by_itself_calls_officers_and_one_by_a_person_does_not(story):
    alert = story.issue("n1", expires=NOW + HOUR)
    command = co.ExtendAlert(alert_id=alert.id, sender="nation", expires=NOW + 2 * HOUR)
    assert calls(story.ask(command)) == []
    assert calls(story.tell(replace(command, automatic=True))) == [PageReason.EXTENDED]


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({}, [PageReason.RAN_OUT]),
        (DRILL, []),
        ({"status": Status.TEST}, []),
        ({"imported": True}, []),
    ],
)
def test_a_real_alert_that_runs_out_calls_officers(story, more, why):
    alert = story.issue("n1", **more)
    story.now = alert.expires
    events = story.tell(co.ExpireAlert(alert_id=alert.id))
    assert isinstance(events[0], ev.AlertRanOut)
    assert calls(events) == why


def test_a_replayed_source_that_lets_its_alert_run_out_calls_nobody(story):
    alert = story.issue("n1")
    assert not calls(story.tell(co.ExpireAlert(alert_id=alert.id, replayed=True)))


def test_a_kept_alert_says_when_it_was_asked_for_as_long_as_it_is_in_force(story):
    one, other = story.issue("n1"), story.issue("n2")
    (event,) = story.tell(co.KeepAlert(alert_id=one.id, sender="nation", by="olena"))
    assert (event.by, ev.audience_of_event(event)) == ("olena", Audience.DESK)
    assert story.state.kept == {one.id: NOW}
    story.clear(one)
    story.tell(co.KeepAlert(alert_id=other.id, sender="nation"))
    assert story.state.kept == {other.id: NOW}
    gone = co.KeepAlert(alert_id=one.id, sender="nation")
    assert story.refused(gone).rule is Rule.NOT_IN_FORCE
    assert story.refused(replace(gone, alert_id="unknown")).rule is Rule.UNKNOWN_ALERT


def test_the_chain_of_authorities_may_have_a_loop_and_is_walked_once(story):
    story.tell(co.GiveMandate(sender="a", regions=("n1",), under="b"))
    story.tell(co.GiveMandate(sender="b", regions=("n1",), under="a"))
    under = story.state.under
    assert WORLD.is_superior("b", "a", under)
    assert WORLD.is_superior("a", "b", under)
    assert not WORLD.is_superior("nation", "a", under)
    assert not WORLD.is_superior("a", "a", under)
