"""What the desk folds: calls and who took them up, who is signed in, what is usual."""

from datetime import UTC, datetime, timedelta

from kit.houses import KYIV, LVIV, profile
from tocsin.core import audit
from tocsin.core import events as ev
from tocsin.core.alert import Certainty, Realm, Severity, Status, Urgency
from tocsin.core.area import Area
from tocsin.core.proposal import ProposalState
from tocsin.projections.desk import Desk

NOON = datetime(2022, 10, 11, 9, 0, tzinfo=UTC)
TREE = profile().world.tree


def given(alert_id, *regions, status=Status.ACTUAL, hazard="air-raid"):
    return ev.AlertIssued(
        at=NOON, alert_id=alert_id, handle="7F3K", realm=Realm.LIVE, status=status, sender="s",
        identifier=alert_id, hazard=hazard, level=None, area=Area(regions=regions),
        urgency=Urgency.IMMEDIATE, severity=Severity.EXTREME, certainty=Certainty.OBSERVED,
        onset=NOON, expires=NOON, standing_by=None, sounds_in=(), texts=None, by="boris",
    )  # fmt: skip


def test_a_call_is_taken_up_by_the_first_who_acts_on_it():
    desk = Desk(TREE)
    call = audit.OfficersPaged(at=NOON, why=audit.PageReason.REMINDER, alert_id="a")
    other = audit.OfficersPaged(at=NOON, why=audit.PageReason.REMINDER, alert_id="b")
    desk.apply(1, call)
    desk.apply(2, other)
    for seq, who in [(3, "olena"), (4, "boris")]:
        desk.apply(seq, ev.AlertKept(at=NOON + timedelta(minutes=seq), alert_id="a", by=who))
    calls = {each.alert_id: each.answered_by for each in desk.calls(NOON)}
    assert calls == {"a": "olena", "b": ""}


def test_a_decline_takes_nothing_up_and_an_answer_does():
    desk = Desk(TREE)
    desk.apply(1, audit.OfficersPaged(at=NOON, why=audit.PageReason.SECOND_PERSON, proposal_id="p"))
    waiting, approved = ProposalState.WAITING, ProposalState.APPROVED
    said = {"at": NOON, "proposal_id": "p", "content": "c"}
    desk.apply(2, ev.ProposalAnswered(**said, state=waiting, by="olena", declined=True))
    assert desk.calls(NOON)[0].answered_by == ""
    desk.apply(3, ev.ProposalAnswered(**said, state=approved, by="sofia", alert_id="a"))
    assert desk.calls(NOON)[0].answered_by == "sofia"


def test_calls_are_shown_for_a_day():
    desk = Desk(TREE)
    desk.apply(1, audit.OfficersPaged(at=NOON, why=audit.PageReason.RAN_OUT, alert_id="a"))
    assert len(desk.calls(NOON + timedelta(hours=23, minutes=59))) == 1
    assert desk.calls(NOON + timedelta(hours=24)) == []


def test_who_signed_in_is_on_duty_until_he_leaves_or_his_account_closes():
    desk = Desk(TREE)
    for seq, (account, session) in enumerate([("a", "s1"), ("a", "s2"), ("b", "s3")], 1):
        signed = audit.SignedIn(at=NOON, account_id=account, session_id=session, credential_ids=())
        desk.apply(seq, signed)
    desk.apply(4, audit.SignedOut(at=NOON, account_id="a", session_id="s1", reason="left"))
    assert [each.session_id for each in desk.shifts()] == ["s2", "s3"]
    closed = audit.AccountChanged(at=NOON, account_id="a", change="closed", role="operator")
    desk.apply(5, closed)
    assert [each.account for each in desk.shifts()] == ["b"]


def test_larger_than_usual_is_learnt_from_the_alerts_of_that_danger():
    desk = Desk(TREE)
    districts = len(TREE.below(KYIV)) - 1
    assert not desk.is_large("air-raid", len(TREE.leaf_codes) // 2)
    assert desk.is_large("air-raid", len(TREE.leaf_codes) // 2 + 1)
    for number in range(10):
        desk.apply(number, given(f"k{number}", KYIV))
    desk.apply(11, given("t", TREE.root, status=Status.TEST))  # nobody's warning
    assert not desk.is_large("air-raid", 2 * districts)
    assert desk.is_large("air-raid", 2 * districts + 1)
    assert not desk.is_large("chemical", 2 * districts + 1)


def test_the_last_self_test_of_each_sender_is_remembered():
    desk = Desk(TREE)
    desk.apply(1, given("one", KYIV, status=Status.SYSTEM))
    desk.apply(2, given("two", LVIV, status=Status.SYSTEM))
    assert [(each.alert_id, each.by) for each in desk.trials()] == [("two", "boris")]
