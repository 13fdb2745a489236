"""A superior lets a subordinate end parts of its alerts, and only parts (RELIABILITY P14)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.world import HOUR, NOW, POLICED, Story, issuing, leaves_of, officer
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Audience, Realm
from tocsin.core.authority import Role
from tocsin.core.refusals import Rule

GIVE = co.GiveDelegation(
    sender="nation", to="north-office", regions=("n1",), hazards=("air-raid",),
    valid_until=NOW + HOUR, by="olena",
)  # fmt: skip
BACK = co.WithdrawDelegation(sender="nation", to="north-office", by="olena")
CHIEF = officer("olena", role=Role.SUPERVISOR)


@pytest.fixture
def story() -> Story:
    return Story.with_mandates(POLICED)


def part(alert, *regions, sender="north-office"):
    return co.ClearAlert(sender=sender, alert_id=alert.id, regions=regions)


def test_a_superiors_alert_is_not_ended_by_those_below_in_whole_or_in_part(story):
    alert = story.issue("north")
    for regions in ((), ("n1",)):
        refused = story.refused(part(alert, *regions))
        assert (refused.rule, refused.field) == (Rule.SUPERIOR_ALERT, "/alert_id")
        assert "delegate" in refused.help
    assert story.refused(part(alert, sender="army")).rule is Rule.NOT_YOURS


def test_a_delegation_lets_the_part_be_cleared_and_the_alert_is_reduced(story):
    alert = story.issue("north")
    (given,) = story.tell(GIVE, CHIEF)
    assert (given.by, given.delegation.to) == ("olena", "north-office")
    assert ev.audience_of_event(given) is Audience.DESK
    local = officer("ivan", sender="north-office", regions=("north",))
    (event,) = story.tell(part(alert, "n1"), local)
    assert isinstance(event, ev.AlertReduced)
    after = story.alert(alert.id)
    assert (after.is_in_force, story.extent(after)) == (True, leaves_of("n2"))


@pytest.mark.parametrize(
    "regions",
    [
        pytest.param((), id="the whole alert"),
        pytest.param(("north",), id="all of it, named"),
        pytest.param(("n2a",), id="beyond what was delegated"),
        pytest.param(("n1", "n2a"), id="a part beyond"),
        pytest.param(("s1",), id="nothing of it"),
    ],
)
def test_a_delegation_ends_no_more_than_a_part_within_it(story, regions):
    alert = story.issue("north")
    story.tell(replace(GIVE, regions=("n1",)))
    assert story.refused(part(alert, *regions)).rule is Rule.SUPERIOR_ALERT


def test_the_last_leaf_of_a_superiors_alert_is_never_the_delegates_to_clear(story):
    alert = story.issue("n1")
    story.tell(GIVE)
    for leaf in ("n1a", "n1b"):
        story.tell(part(alert, leaf))
    assert story.refused(part(alert, "n1c")).rule is Rule.SUPERIOR_ALERT
    assert story.refused(part(alert)).rule is Rule.SUPERIOR_ALERT


def test_a_delegation_is_for_its_hazards_for_its_time_and_for_the_one_it_names(story):
    alert, flood = story.issue("north"), story.issue("north", hazard="flood")
    story.tell(GIVE)
    assert story.refused(part(flood, "n1")).rule is Rule.SUPERIOR_ALERT
    assert story.refused(part(alert, "n1", sender="n1-office")).rule is Rule.SUPERIOR_ALERT
    story.wait(HOUR)
    assert story.refused(part(alert, "n1")).rule is Rule.SUPERIOR_ALERT
    story.tell(replace(GIVE, hazards=("*",), valid_until=story.now + HOUR))
    assert story.ask(part(flood, "n1"))


def test_a_delegation_lets_nobody_extend_cancel_or_tick(story):
    alert = story.issue("north")
    own = story.issue("north", sender="north-office")
    story.tell(replace(GIVE, regions=("north",)))
    name = {"alert_id": alert.id, "sender": "north-office"}
    for command in (
        co.CancelAlert(**name, reason="slip"),
        co.ExtendAlert(**name, expires=NOW + 20 * HOUR),
        co.KeepAlert(**name),
        co.UpdateAlert(**name, level="red"),
    ):
        assert story.refused(command).rule is Rule.SUPERIOR_ALERT
    ticked = co.ClearAlert(sender="north-office", alert_id=own.id, ticked=(alert.id,))
    refused = story.refused(ticked)
    assert (refused.rule, refused.field) == (Rule.SUPERIOR_ALERT, "/ticked/0")


def test_a_hold_is_stronger_than_a_delegation(story):
    alert = story.issue("north", hold=True)
    story.tell(GIVE)
    assert story.refused(part(alert, "n1")).rule is Rule.HELD


def test_what_was_delegated_is_taken_back_and_is_gone(story):
    alert = story.issue("north")
    story.tell(GIVE)
    story.tell(replace(GIVE, to="n1-office"))
    (event,) = story.tell(BACK, CHIEF)
    assert (event.by, ev.audience_of_event(event)) == ("olena", Audience.DESK)
    assert [d.to for d in story.state.delegations] == ["n1-office"]
    assert story.refused(part(alert, "n1")).rule is Rule.SUPERIOR_ALERT
    assert story.tell(BACK) == (), "twice is once"


def test_delegations_whose_time_is_over_leave_when_the_next_is_given(story):
    story.tell(GIVE)
    story.wait(HOUR)
    story.tell(replace(GIVE, to="n1-office", valid_until=story.now + HOUR))
    assert [d.to for d in story.state.delegations] == ["n1-office"]


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"to": "army"}, Rule.NOT_ALLOWED, "/to"),
        ({"to": "nation"}, Rule.NOT_ALLOWED, "/to"),
        ({"regions": ()}, Rule.EMPTY_AREA, "/regions"),
        ({"regions": ("n1", "nowhere")}, Rule.UNKNOWN_REGION, "/regions/1"),
        ({"hazards": ("*", "comet")}, Rule.UNKNOWN_HAZARD, "/hazards/1"),
        ({"valid_until": NOW}, Rule.EXPIRES_PAST, "/valid_until"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused(story, change, rule, field):
    refused = story.refused(replace(GIVE, **change))
    assert (refused.rule, refused.field) == (rule, field)


@pytest.mark.parametrize(
    ("more", "rule", "field"),
    [
        ({"role": Role.OPERATOR}, Rule.NOT_ALLOWED, "/Authorization"),
        ({"sender": "army"}, Rule.NOT_ALLOWED, "/sender"),
        ({"realms": (Realm.DRILL,)}, Rule.WRONG_ROOM, "/realm"),
        ({"regions": ("n1a",)}, Rule.OUTSIDE_JURISDICTION, "/regions"),
        ({"hazards": ("flood",)}, Rule.HAZARD_NOT_ALLOWED, "/hazards/0"),
    ],
)
def test_nobody_delegates_but_a_supervisor_what_he_may_do_himself(story, more, rule, field):
    warrant = officer("olena", **{"role": Role.SUPERVISOR, **more})
    refused = story.refused(GIVE, warrant)
    assert (refused.rule, refused.field) == (rule, field)
    if field in ("/Authorization", "/sender", "/realm"):
        assert story.refused(BACK, warrant).rule is rule


def test_every_hazard_is_delegated_by_whoever_may_warn_of_every_one(story):
    every = replace(GIVE, hazards=("*",))
    some = officer("olena", role=Role.SUPERVISOR, hazards=("air-raid",))
    assert story.refused(every, some).rule is Rule.HAZARD_NOT_ALLOWED
    assert story.ask(every, CHIEF)


def test_a_delegate_has_a_say_only_where_his_own_scope_has(story):
    alert = story.issue("north")
    story.tell(GIVE)
    narrow = officer("ivan", sender="north-office", regions=("n1a",))
    assert story.refused(part(alert, "n1"), narrow).rule is Rule.OUTSIDE_JURISDICTION
    assert story.ask(part(alert, "n1a"), narrow)


def test_a_superior_by_mandate_delegates_too(story):
    story.tell(co.GiveMandate(sender="village", regions=("s2",), under="south-office"))
    alert = story.issue("south", sender="south-office")
    given = replace(GIVE, sender="south-office", to="village", regions=("s2",))
    story.tell(given)
    assert story.ask(part(alert, "s2", sender="village"))


def test_an_alert_by_one_below_is_still_the_superiors_to_end(story):
    issued = story.tell(issuing("n1", sender="north-office"))[0]
    assert story.ask(co.ClearAlert(sender="nation", alert_id=issued.alert_id), officer())
