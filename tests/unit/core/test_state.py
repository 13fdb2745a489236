"""What is open, and how an event changes it."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.world import HOUR, MINUTE, NOW, Story, issuing
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import HANDLE_SIGNS, AlertState, handle_of
from tocsin.core.state import State, after, born, evolve


@pytest.fixture
def story() -> Story:
    return Story.with_mandates()


def fold(events, state=None):
    state = state or State()
    for event in events:
        state = evolve(state, event)
    return state


def test_an_event_leaves_the_old_state_as_it_was(story):
    alert = story.issue("north")
    before, kept = story.state, copy.deepcopy(story.state)
    story.clear(alert, "n1a")
    story.clear(alert)
    assert before == kept
    assert story.state != kept


def test_a_batch_is_dropped_by_keeping_the_old_state(story):
    story.issue("north")
    before = story.state
    first = story.ask(issuing("south"))
    dropped = fold(first, before)
    assert len(dropped.active) == 2
    assert story.ask(issuing("south")) == first, "decided again on the old state: the same"


def test_alerts_over_24_hours_ended_are_forgotten_with_their_names_at_the_next_issue(story):
    old = story.issue("n1", identifier="m1")
    story.clear(old)
    story.wait(HOUR)
    young = story.issue("n2")
    story.clear(young)
    story.wait(23 * HOUR)
    story.issue("s1")
    assert old.id in story.state.ended, "24 hours exactly: still there"
    story.wait(MINUTE)
    story.issue("s2")
    assert list(story.state.ended) == [young.id]
    assert ("nation", "m1") not in story.state.identities
    assert old.handle not in story.state.handles
    assert story.state.alert(old.id) is None
    assert story.state.named("nation", "m1") is None


def test_what_is_in_force_is_never_forgotten(story):
    alert = story.run_out(story.issue("n1"))
    for _ in range(3):
        story.wait(timedelta(days=100))
        story.clear(story.issue("n2"))
    assert story.alert(alert.id).state is AlertState.UNCONFIRMED
    assert story.state.handles[alert.handle] == alert.id


def test_an_alert_cancelled_after_its_all_clear_is_kept_another_24_hours(story):
    alert, other = story.issue("n1"), story.issue("n2")
    story.clear(alert)
    story.wait(HOUR)
    story.clear(other)
    story.wait(HOUR)
    story.cancel(alert)
    assert list(story.state.ended) == [other.id, alert.id], "oldest first"
    story.wait(23 * HOUR + MINUTE)
    story.issue("s1")
    assert list(story.state.ended) == [alert.id]


def test_an_alert_put_beside_stays_beside_so_that_a_refold_comes_to_the_same(story):
    alert = story.issue("n1", identifier="m1")
    story.clear(alert)
    closed = story.alert(alert.id)
    story.wait(25 * HOUR)
    story.issue("s1")
    story.state = replace(story.state, beside={alert.id: closed})
    assert story.state.named("nation", "m1") == closed
    story.tell(co.CancelAlert(sender="nation", identifier="m1", reason="it was a slip"))
    assert story.alert(alert.id).state is AlertState.CANCELLED
    assert story.alert(alert.id).revision == 3
    assert replace(story.state, beside={}) == fold(story.events)


def test_only_the_named_alert_beside_answers_to_the_name(story):
    alert = story.issue("n1", identifier="m1")
    state = State(beside={alert.id: alert})
    assert state.named("nation", "m1") == alert
    assert state.named("nation", "m2") is None
    assert state.named("army", "m1") is None


def test_an_event_of_an_alert_that_is_not_open_changes_nothing_but_the_time(story):
    gone = ev.AlertRanOut(at=NOW + HOUR, alert_id="gone", revision=2, status="Actual")
    assert evolve(story.state, gone) == replace(story.state, last_at=NOW + HOUR)


def test_the_time_of_the_last_event_is_kept(story):
    story.wait(MINUTE)
    for command in (
        issuing("n1"),
        co.GiveMandate(sender="guest", regions=("n1",)),
        co.WithdrawMandate(sender="guest", regions=("n1",)),
        co.ClearAlert(sender="army", identifier="m9", relayed=True),
        co.DoubtClock(wall=NOW, expected=NOW),
        co.AcceptClock(wall=NOW),
    ):
        story.wait(MINUTE)
        story.tell(command)
        assert story.state.last_at == story.now


def test_an_alert_is_born_from_its_issue_and_from_nothing_else(story):
    story.issue("n1")
    issued = story.events[-1]
    assert after(born(issued), issued) == born(issued)


# -- handles -------------------------------------------------------------------------------------


def test_a_handle_is_the_end_of_the_id_in_signs_that_can_be_read_out():
    number = 0b00001_11111_00000_00010
    alert_id = f"01900000-0000-7000-8000-{number:012x}"
    assert handle_of(alert_id, frozenset()) == "20Z1"
    assert not set("ILOU") & set(HANDLE_SIGNS)
    assert len(set(HANDLE_SIGNS)) == 32


def test_a_handle_grows_by_a_sign_while_it_is_taken():
    alert_id = "01900000-0000-7000-8000-000000000001"
    assert handle_of(alert_id, {"1000": "other"}) == "10000"
    taken = frozenset("1" + "0" * zeros for zeros in range(3, 11))
    assert handle_of(alert_id, taken) == "1" + "0" * 11, "the whole of it at last"


def test_two_alerts_whose_ids_end_alike_have_different_handles(story):
    first = story.issue("n1")
    story.count = 0  # the same id in its last 20 bits
    second = fold(story.ask(issuing("n2", identifier="other")), story.state)
    assert len(second.handles) == 2
    assert first.handle in second.handles


def test_the_epoch_is_the_time_before_the_first_event():
    assert State().last_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_forgetting_an_alert_leaves_a_handle_that_another_bears_now(story):
    old = story.issue("n1")
    twin = replace(story.events[-1], alert_id="twin", identifier="twin")
    story.state = evolve(story.state, twin)
    story.clear(old)
    story.wait(25 * HOUR)
    story.issue("n2", identifier="m3")
    assert story.state.handles[twin.handle] == "twin"
    assert old.id not in story.state.ended


def test_what_is_no_command_and_no_event_is_an_error_of_the_program(story):
    with pytest.raises(AssertionError):
        story.ask("warn")
    with pytest.raises(AssertionError):
        evolve(story.state, "warned")
    with pytest.raises(AssertionError):
        after(story.issue("n1"), "warned")
