"""The second person: what needs one, who may be one, and to what exactly he says yes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.world import (
    DRILL,
    HOUR,
    MINUTE,
    NOW,
    POLICED,
    WORDS,
    Story,
    approving,
    drawn,
    issuing,
    officer,
)
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Audience, Realm, Severity, Status
from tocsin.core.area import Area
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Role
from tocsin.core.proposal import ProposalState, as_it_stands, bare, fingerprint
from tocsin.core.refusals import Rule
from tocsin.core.state import evolve

ANNA, MYKOLA = officer("anna"), officer("mykola")
FLOOD = {"hazard": "flood"}
WIDE = issuing("land", by="anna", **FLOOD)


@pytest.fixture
def story() -> Story:
    return Story.with_mandates(POLICED)


@pytest.fixture
def waiting(story):
    """A proposal of Anna's that everybody in the land be warned of a flood."""
    return story.propose(ANNA, WIDE)


def answer(proposal, verdict, **more):
    return replace(co.AnswerProposal(proposal_id=proposal.id, verdict=verdict), **more)


def pages(events):
    """The calls among events: why, and whom."""
    return [(e.why, set(e.roles)) for e in events if isinstance(e, OfficersPaged)]


# -- what needs two --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "more", "why"),
    [
        pytest.param(issuing("n1a", **FLOOD), {}, (), id="a small flood: nothing"),
        pytest.param(issuing("n1a", hazard="chemical"), {}, ("hazard",), id="hazard"),
        pytest.param(issuing("n1", **FLOOD), {}, ("people",), id="600,000 people"),
        pytest.param(issuing("n1b", "n1c", **FLOOD), {}, (), id="500,000 people: not above"),
        pytest.param(issuing("s1a", "n1a", **FLOOD), {}, ("regions",), id="two top regions"),
        pytest.param(issuing("land", **FLOOD), {}, ("people", "regions", "nationwide"),
                     id="nationwide"),
        pytest.param(issuing("n1a", **FLOOD), {"usual": ("air-raid",)}, ("unusual",),
                     id="unusual and extreme"),
        pytest.param(issuing("n1a", severity=Severity.SEVERE, **FLOOD), {"usual": ()}, (),
                     id="unusual and less than extreme"),
        pytest.param(issuing("n1a", ask_second=True, **FLOOD), {}, ("asked",), id="asked for"),
        pytest.param(issuing("land", ask_second=True), {}, ("asked",),
                     id="asked for, where one may"),
        pytest.param(issuing("land"), {}, (), id="an air raid: one may, for delay kills"),
        pytest.param(issuing("land", **FLOOD, **DRILL), {}, ("people", "regions", "nationwide"),
                     id="a drill asks for the same"),
        pytest.param(issuing("land", status=Status.TEST, **FLOOD), {}, (), id="a test"),
        pytest.param(issuing("land", status=Status.SYSTEM, **FLOOD), {}, (), id="a system message"),
        pytest.param(issuing("land", status=Status.DRAFT, **FLOOD), {}, (), id="a draft"),
    ],
)  # fmt: skip
def test_policy_says_what_needs_a_second_person(story, command, more, why):
    events = story.ask(command, officer("anna", **more))
    made = [event.proposal.why for event in events if isinstance(event, ev.ProposalMade)]
    assert made == ([why] if why else [])
    assert isinstance(events[0], ev.AlertIssued) is (not why)


def test_the_house_itself_needs_no_second_person(story):
    assert isinstance(story.ask(WIDE)[0], ev.AlertIssued)


def test_a_hazard_of_policy_and_a_drawn_area_are_counted_by_their_shares(story):
    area = drawn(("n1c", 0.9, 0.5), ("n1b", 0.9, 0.5))  # 450,000
    assert isinstance(story.ask(issuing(area=area, **FLOOD), ANNA)[0], ev.AlertIssued)


# -- a proposal ------------------------------------------------------------------------------------


def test_what_needs_two_becomes_a_proposal_and_nothing_of_it_is_public(story):
    proposal = story.propose(
        ANNA, replace(WIDE, proposed_because="the dam", channels=("siren",), words=WORDS)
    )
    made, paged = story.events[-2:]
    assert (proposal.made_at, proposal.ends_at) == (NOW, NOW + timedelta(minutes=15))
    assert (proposal.account, proposal.because, proposal.people) == ("anna", "the dam", 2_100_000)
    assert (proposal.sender, proposal.realm, proposal.hazard) == ("nation", Realm.LIVE, "flood")
    assert proposal.is_waiting
    assert (paged.why, paged.proposal_id) == (PageReason.SECOND_PERSON, proposal.id)
    assert not story.state.active
    assert {ev.audience_of_event(each) for each in (made, paged)} == {Audience.DESK}
    assert proposal.issue.words == {}, "the words are stored once, by their hash"


def test_what_cannot_be_issued_cannot_be_proposed(story):
    assert story.refused(replace(WIDE, words={}), ANNA).rule is Rule.TEXT_MISSING
    assert story.refused(WIDE, officer(regions=("n1",))).rule is Rule.OUTSIDE_JURISDICTION
    late = replace(WIDE, expires=NOW + 48 * HOUR)
    assert story.refused(late, ANNA).rule is Rule.EXPIRES_TOO_LATE


def test_two_proposals_never_share_a_handle_with_each_other_or_an_alert(story, waiting):
    alert = story.issue("n1a")
    other = story.propose(ANNA, issuing("n1", **FLOOD))
    assert len({waiting.handle, other.handle, alert.handle}) == 3


def test_an_update_that_widens_needs_two_and_a_later_end_or_a_reason_does_not(story):
    alert = story.issue("n1b", **FLOOD)
    update = co.UpdateAlert(alert_id=alert.id, sender="nation")
    big = story.issue("n1", expires=NOW + HOUR, **FLOOD)
    for small in ({"expires": NOW + 2 * HOUR}, {"reason": "decision of the staff"}):
        events = story.ask(replace(update, alert_id=big.id, **small), ANNA)
        assert [type(event) for event in events] == [ev.AlertUpdated]
    proposal = story.propose(ANNA, replace(update, area=Area(regions=("n1",))))
    assert (proposal.why, proposal.area) == (("people",), Area(regions=("n1",)))
    assert (proposal.sender, proposal.realm, proposal.hazard) == ("nation", "live", "flood")
    assert ev.alert_id_of(story.events[-2]) == update.alert_id
    updated, answered = story.tell(approving(proposal), MYKOLA)
    assert (updated.area, updated.approved_by) == (Area(regions=("n1",)), "mykola")
    assert (updated.by, answered.alert_id) == ("anna", update.alert_id)


# -- override --------------------------------------------------------------------------------------


def test_an_override_with_a_reason_issues_at_once_is_told_to_supervisors_and_stays(story):
    issued, *calls = story.tell(replace(WIDE, override="the dam is breaking"), ANNA)
    assert (issued.override, issued.approved_by) == ("the dam is breaking", "")
    assert pages(calls) == [(PageReason.OVERRIDE, {Role.SUPERVISOR})]
    assert calls[0].account == "anna"


def test_an_override_where_nothing_needs_two_is_none(story):
    (issued,) = story.tell(issuing("n1a", override="hurry", **FLOOD), ANNA)
    assert issued.override is None
    change = co.UpdateAlert(
        alert_id=issued.alert_id, sender="nation", severity=Severity.SEVERE, override="hurry"
    )
    (updated,) = story.tell(change, ANNA)
    assert updated.override is None


def test_an_override_of_an_update_is_as_loud(story):
    alert = story.issue("n1b", **FLOOD)
    wider = co.UpdateAlert(
        alert_id=alert.id, sender="nation", area=Area(regions=("n1",)), override="it rises"
    )
    updated, *calls = story.tell(wider, ANNA)
    assert updated.override == "it rises"
    assert pages(calls) == [(PageReason.OVERRIDE, {Role.SUPERVISOR})]


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_an_override_without_a_reason_is_refused(story, reason):
    refused = story.refused(replace(WIDE, override=reason), ANNA)
    assert (refused.rule, refused.field) == (Rule.REASON_MISSING, "/override")


def test_a_machine_has_no_override_and_proposes(story):
    robot = officer("anna", is_machine=True)
    refused = story.refused(replace(WIDE, override="hurry"), robot)
    assert (refused.rule, refused.field) == (Rule.OVERRIDE_NOT_ALLOWED, "/override")
    assert "machine" in refused.help
    assert story.propose(robot, WIDE).is_waiting


def test_a_house_may_know_no_override(story):
    policy = replace(POLICED.second_person, override=False)
    story.world = replace(POLICED, second_person=policy)
    refused = story.refused(replace(WIDE, override="hurry"), ANNA)
    assert (refused.rule, refused.field) == (Rule.OVERRIDE_NOT_ALLOWED, "/override")
    assert "policy" in refused.help


def test_an_overridden_drill_is_told_to_nobody(story):
    events = story.tell(replace(WIDE, override="rehearsed", **DRILL), ANNA)
    assert [type(event) for event in events] == [ev.AlertIssued]


# -- approval --------------------------------------------------------------------------------------


def test_an_approval_issues_what_was_proposed_in_its_authors_name(story, waiting):
    issued, answered = story.tell(approving(waiting), MYKOLA)
    assert (issued.by, issued.approved_by, issued.override) == ("anna", "mykola", None)
    assert (issued.hazard, issued.area) == ("flood", Area(regions=("land",)))
    assert issued.alert_id != waiting.id
    assert (answered.state, answered.by) == (ProposalState.APPROVED, "mykola")
    assert (answered.credential, answered.content) == (MYKOLA.credential, waiting.content)
    kept = story.proposal(waiting.id)
    assert (kept.state, kept.answered_at, kept.answered_by) == ("approved", NOW, "mykola")
    assert kept.alert_id == issued.alert_id
    assert story.alert(issued.alert_id).is_in_force


def test_an_approval_keeps_the_ways_out_that_its_author_may_use(story):
    proposal = story.propose(officer("anna", channels=("siren",)), WIDE)
    assert story.tell(approving(proposal), MYKOLA)[0].channels == ("siren",)


@pytest.mark.parametrize(
    ("warrant", "rule", "field"),
    [
        pytest.param(ANNA, Rule.OWN_PROPOSAL, "/id", id="its author"),
        pytest.param(
            officer("anna", credential="her key", session="other", device="other"),
            Rule.OWN_PROPOSAL, "/id", id="a second credential of hers"),
        pytest.param(
            officer("mykola", session=ANNA.session), Rule.SAME_DEVICE, "/id", id="same session"),
        pytest.param(
            officer("mykola", device=ANNA.device), Rule.SAME_DEVICE, "/id", id="same device"),
        pytest.param(
            officer("mykola", credential=ANNA.credential), Rule.SAME_DEVICE, "/id",
            id="same credential"),
        pytest.param(
            officer("mykola", is_machine=True), Rule.NOT_AN_APPROVER, "/Authorization",
            id="a machine"),
        pytest.param(
            officer("mykola", role=Role.VIEWER), Rule.NOT_ALLOWED, "/Authorization",
            id="a viewer"),
        pytest.param(
            officer("mykola", role=Role.ADMINISTRATOR), Rule.NOT_ALLOWED, "/Authorization",
            id="an administrator"),
        pytest.param(
            officer("mykola", realms=(Realm.DRILL,)), Rule.WRONG_ROOM, "/realm",
            id="from the drill room"),
        pytest.param(
            officer("mykola", sender="army"), Rule.NOT_AN_APPROVER, "/Authorization",
            id="another authority"),
        pytest.param(
            officer("mykola", hazards=("air-raid",)), Rule.HAZARD_NOT_ALLOWED, "/hazard",
            id="another hazard"),
        pytest.param(
            officer("mykola", regions=("north",)), Rule.OUTSIDE_JURISDICTION,
            "/area/regions/0", id="foreign territory"),
        pytest.param(
            officer("mykola", severity=Severity.SEVERE), Rule.SEVERITY_NOT_ALLOWED,
            "/severity", id="too severe for him"),
        pytest.param(
            officer("mykola", channels=("feed",)), Rule.CHANNEL_NOT_ALLOWED, "/channels",
            id="other ways out"),
        pytest.param(
            officer("mykola", channels=()), Rule.CHANNEL_NOT_ALLOWED, "/channels",
            id="no way out"),
    ],
)  # fmt: skip
def test_who_may_not_be_the_second_person(story, waiting, warrant, rule, field):
    refused = story.refused(approving(waiting), warrant)
    assert (refused.rule, refused.field) == (rule, field)
    assert len(refused.help) > 10
    assert story.ask(approving(waiting), MYKOLA), "somebody else may"


def test_two_officers_without_sessions_or_devices_are_two(story):
    proposal = story.propose(officer("anna", session="", device=""), WIDE)
    assert story.ask(approving(proposal), officer("mykola", session="", device=""))


def test_a_machine_of_the_authors_own_does_not_approve_for_him(story, waiting):
    robot = officer("anna", credential="key", is_machine=True, session="", device="")
    assert story.refused(approving(waiting), robot).rule is Rule.OWN_PROPOSAL


def test_an_authority_above_may_be_the_second_person(story):
    author = officer("anna", sender="north-office", regions=("north",))
    wide = issuing("n1", sender="north-office", **FLOOD)
    proposal = story.propose(author, wide)
    below = officer("ivan", sender="n1-office", regions=("north",))
    assert story.refused(approving(proposal), below).rule is Rule.NOT_AN_APPROVER
    assert story.tell(approving(proposal), MYKOLA)[0].sender == "north-office"


def test_a_house_may_want_a_supervisor_as_the_second_person(story):
    story.world = replace(
        POLICED,
        second_person=replace(POLICED.second_person, approvers=frozenset({Role.SUPERVISOR})),
    )
    proposal = story.propose(ANNA, WIDE)
    refused = story.refused(approving(proposal), MYKOLA)
    assert (refused.rule, "supervisor" in refused.help) == (Rule.NOT_AN_APPROVER, True)
    assert story.ask(approving(proposal), officer("mykola", role=Role.SUPERVISOR))


def test_an_approval_of_other_content_is_refused(story, waiting):
    for content in ("", "another hash"):
        refused = story.refused(approving(waiting, content=content), MYKOLA)
        assert (refused.rule, refused.field) == (Rule.CONTENT_CHANGED, "/content")


def test_a_proposal_tampered_with_is_refused_though_its_hash_is_named(story, waiting):
    kept = replace(waiting, issue=replace(waiting.issue, hazard="air-raid"))
    story.state = replace(story.state, proposals={waiting.id: kept})
    assert story.refused(approving(waiting), MYKOLA).rule is Rule.CONTENT_CHANGED
    story.state = replace(story.state, proposals={waiting.id: replace(waiting, issue=None)})
    assert story.refused(approving(waiting), MYKOLA), "nothing is left of it to approve"


def test_an_update_whose_alert_says_something_else_meanwhile_is_refused(story):
    alert = story.issue("n1b", **FLOOD)
    level = co.UpdateAlert(alert_id=alert.id, sender="nation", severity=Severity.SEVERE,
                           ask_second=True)  # fmt: skip
    proposal = story.propose(ANNA, level)
    story.extend(alert, 24 * HOUR - MINUTE, standing_by="Olena")
    assert story.ask(approving(proposal), MYKOLA), "a later end says nothing else"
    story.update(alert, area=Area(regions=("n1",)))
    assert story.refused(approving(proposal), MYKOLA).rule is Rule.CONTENT_CHANGED
    assert as_it_stands(story.alert(alert.id)) != proposal.stands


def test_an_update_whose_alert_has_ended_meanwhile_is_refused(story):
    alert = story.issue("n1b", **FLOOD)
    wider = co.UpdateAlert(alert_id=alert.id, sender="nation", area=Area(regions=("n1",)))
    proposal = story.propose(ANNA, wider)
    story.clear(alert)
    assert story.refused(approving(proposal), MYKOLA).rule is Rule.NOT_IN_FORCE
    story.state = replace(story.state, ended=Story().state.ended)
    assert story.refused(approving(proposal), MYKOLA).rule is Rule.UNKNOWN_ALERT


def test_an_approval_unconfirmed_by_a_second_factor_is_refused(story, waiting):
    refused = story.refused(approving(waiting, confirmed=False), MYKOLA)
    assert (refused.rule, refused.field) == (Rule.NEEDS_CONFIRMATION, "/Authorization")


def test_a_proposal_is_approved_until_its_end_and_not_at_it(story, waiting):
    story.now = waiting.ends_at - timedelta(seconds=1)
    assert story.ask(approving(waiting), MYKOLA)
    story.now = waiting.ends_at
    refused = story.refused(approving(waiting), MYKOLA)
    assert (refused.rule, refused.field) == (Rule.PROPOSAL_CLOSED, "/id")


def test_an_approval_is_given_once(story, waiting):
    story.tell(approving(waiting), MYKOLA)
    assert story.refused(approving(waiting), officer("ivan")).rule is Rule.PROPOSAL_CLOSED
    assert len(story.state.active) == 1


def test_what_is_approved_is_decided_again(story, waiting):
    story.tell(co.WithdrawMandate(sender="nation", regions=("city",)))
    refused = story.refused(approving(waiting), MYKOLA)
    assert refused.rule is Rule.OUTSIDE_JURISDICTION
    assert story.proposal(waiting.id).is_waiting, "it waits on: the mandate may come back"
    assert story.refused(approving(waiting, words={}), MYKOLA)


def test_an_end_that_has_passed_meanwhile_is_refused(story):
    proposal = story.propose(ANNA, replace(WIDE, expires=NOW + 5 * MINUTE))
    story.wait(6 * MINUTE)
    assert story.refused(approving(proposal), MYKOLA).rule is Rule.EXPIRES_PAST


def test_a_drill_that_a_real_alert_has_overtaken_is_not_approved(story):
    proposal = story.propose(ANNA, replace(WIDE, **DRILL))
    story.issue("n1a")
    assert story.refused(approving(proposal), MYKOLA).rule is Rule.REAL_ALERT_IN_FORCE


def test_a_message_proposed_twice_and_approved_twice_is_one_alert(story):
    wide = replace(WIDE, identifier="m1")
    first, second = story.propose(ANNA, wide), story.propose(ANNA, wide)
    story.tell(approving(first), MYKOLA)
    (answered,) = story.tell(approving(second), MYKOLA)
    assert (answered.state, answered.alert_id) == (ProposalState.APPROVED, None)
    assert len(story.state.active) == 1


def test_an_approval_tells_nobody_further(story):
    air_raid = story.propose(ANNA, issuing("land", ask_second=True))
    assert not pages(story.tell(approving(air_raid), MYKOLA))


# -- other answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize("reason", ["", " "])
def test_what_is_sent_back_is_sent_back_with_a_reason(story, waiting, reason):
    refused = story.refused(answer(waiting, co.Verdict.SEND_BACK, reason=reason), MYKOLA)
    assert (refused.rule, refused.field) == (Rule.REASON_MISSING, "/reason")
    (event,) = story.tell(answer(waiting, co.Verdict.SEND_BACK, reason="too wide"), MYKOLA)
    assert (event.state, event.reason, event.by) == ("sent-back", "too wide", "mykola")
    kept = story.proposal(waiting.id)
    assert (kept.is_waiting, kept.reason) == (False, "too wide")
    assert story.refused(approving(waiting), officer("ivan")).rule is Rule.PROPOSAL_CLOSED


def test_a_decline_leaves_it_open_and_calls_somebody_else(story, waiting):
    event, call = story.tell(answer(waiting, co.Verdict.DECLINE, reason="on the road"), MYKOLA)
    assert (event.declined, event.state) == (True, "waiting")
    assert (call.why, call.proposal_id, call.account) == ("declined", waiting.id, "mykola")
    assert story.proposal(waiting.id).declined == ("mykola",)
    assert story.tell(answer(waiting, co.Verdict.DECLINE), MYKOLA) == (), "once is enough"
    story.tell(answer(waiting, co.Verdict.DECLINE), officer("ivan"))
    assert story.proposal(waiting.id).declined == ("mykola", "ivan")
    assert story.tell(approving(waiting), MYKOLA), "he may still change his mind"


@pytest.mark.parametrize("verdict", [co.Verdict.SEND_BACK, co.Verdict.DECLINE])
def test_nobody_answers_his_own_or_another_authoritys_or_from_the_other_room(
    story, waiting, verdict
):
    said = answer(waiting, verdict, reason="no")
    assert story.refused(said, ANNA).rule is Rule.OWN_PROPOSAL
    assert story.refused(said, officer("ivan", sender="army")).rule is Rule.NOT_AN_APPROVER
    drilled = officer("ivan", realms=(Realm.DRILL,))
    assert story.refused(said, drilled).rule is Rule.WRONG_ROOM


def test_its_author_alone_withdraws_it(story, waiting):
    withdraw = answer(waiting, co.Verdict.WITHDRAW)
    refused = story.refused(withdraw, MYKOLA)
    assert (refused.rule, refused.field) == (Rule.NOT_ALLOWED, "/verdict")
    drilled = officer("anna", realms=(Realm.DRILL,))
    assert story.refused(withdraw, drilled).rule is Rule.WRONG_ROOM
    (event,) = story.tell(withdraw, officer("anna", role=Role.VIEWER))
    assert (event.state, event.by) == ("withdrawn", "anna")
    assert story.refused(withdraw, ANNA).rule is Rule.PROPOSAL_CLOSED


def test_it_expires_by_the_clock_alone_and_not_before_its_end(story, waiting):
    expire = answer(waiting, co.Verdict.EXPIRE)
    story.now = waiting.ends_at - timedelta(seconds=1)
    assert story.refused(expire).rule is Rule.NOT_YET_EXPIRED
    story.now = waiting.ends_at
    for warrant in (ANNA, MYKOLA):
        refused = story.refused(expire, warrant)
        assert (refused.rule, refused.field) == (Rule.NOT_ALLOWED, "/verdict")
    (event,) = story.tell(expire)
    assert (event.state, event.by, event.credential) == ("expired", "", "")
    assert story.tell(expire) == (), "once"


@pytest.mark.parametrize("verdict", [v for v in co.Verdict if v is not co.Verdict.EXPIRE])
def test_the_clock_gives_no_other_answer(story, waiting, verdict):
    story.now = waiting.ends_at
    assert story.refused(answer(waiting, verdict)).rule is Rule.NOT_YET_EXPIRED


def test_what_nobody_proposed_cannot_be_answered(story):
    unknown = co.AnswerProposal(proposal_id="unknown", verdict=co.Verdict.APPROVE)
    for warrant in (None, MYKOLA):
        refused = story.refused(unknown, warrant)
        assert (refused.rule, refused.field) == (Rule.UNKNOWN_PROPOSAL, "/id")


def test_a_proposal_answered_a_day_ago_is_forgotten_and_one_that_waits_is_not(story, waiting):
    story.tell(answer(waiting, co.Verdict.WITHDRAW), ANNA)
    other = story.propose(ANNA, WIDE)
    story.wait(timedelta(hours=24, seconds=1))
    third = story.propose(ANNA, WIDE)
    assert set(story.state.proposals) == {other.id, third.id}
    late = ev.ProposalAnswered(
        at=story.now, proposal_id=waiting.id, state=ProposalState.APPROVED, content=""
    )
    story.state = evolve(story.state, late)
    assert set(story.state.proposals) == {other.id, third.id}


# -- calls -----------------------------------------------------------------------------------------


def test_officers_are_called_to_a_proposal_that_waits_or_to_an_alert(story, waiting):
    story.wait(2 * MINUTE)
    call = co.PageOfficers(why=PageReason.UNANSWERED, proposal_id=waiting.id)
    (event,) = story.tell(call)
    assert (event.account, event.proposal_id) == ("", waiting.id)
    assert story.proposal(waiting.id).paged_at == story.now
    alert = story.issue("n1")
    (event,) = story.tell(co.PageOfficers(why=PageReason.REMINDER, alert_id=alert.id), ANNA)
    assert (event.alert_id, event.account) == (alert.id, "anna")
    assert ev.alert_id_of(event) == alert.id


def test_nobody_is_called_to_what_is_not_there_by_a_viewer_or_from_the_other_room(story, waiting):
    call = co.PageOfficers(why=PageReason.UNANSWERED, proposal_id=waiting.id)
    assert story.refused(call, officer(role=Role.VIEWER)).rule is Rule.NOT_ALLOWED
    assert story.refused(call, officer(realms=(Realm.DRILL,))).rule is Rule.WRONG_ROOM
    assert story.refused(replace(call, proposal_id="unknown")).rule is Rule.UNKNOWN_PROPOSAL
    for alert_id in (None, "unknown"):
        empty = co.PageOfficers(why=PageReason.REMINDER, alert_id=alert_id)
        assert story.refused(empty).rule is Rule.UNKNOWN_ALERT
    story.tell(answer(waiting, co.Verdict.WITHDRAW), ANNA)
    assert story.refused(call).rule is Rule.UNKNOWN_PROPOSAL


def test_a_call_to_a_proposal_that_was_forgotten_is_folded_all_the_same(story):
    gone = OfficersPaged(at=NOW, why=PageReason.UNANSWERED, proposal_id="gone")
    assert evolve(story.state, gone).proposals == {}


def test_an_air_raid_by_one_person_is_told_to_all_officers_on_duty(story):
    issued, *calls = story.tell(issuing("north"), ANNA)
    assert pages(calls) == [(PageReason.SINGLE_PERSON, {Role.OPERATOR, Role.SUPERVISOR})]
    assert (calls[0].alert_id, calls[0].account) == (issued.alert_id, "anna")


def test_an_air_raid_that_one_person_takes_further_is_told_again_but_not_a_later_end(story):
    alert = story.issue("n1")
    update = co.UpdateAlert(alert_id=alert.id, sender="nation")
    _, *calls = story.tell(replace(update, area=Area(regions=("north",))), ANNA)
    assert pages(calls) == [(PageReason.SINGLE_PERSON, {Role.OPERATOR, Role.SUPERVISOR})]
    (updated,) = story.tell(replace(update, expires=NOW + 20 * HOUR), ANNA)
    assert updated.expires == NOW + 20 * HOUR


@pytest.mark.parametrize("more", [DRILL, {"status": Status.TEST}])
def test_a_drill_or_a_test_of_an_air_raid_calls_nobody(story, more):
    assert len(story.tell(issuing("north", **more), ANNA)) == 1


def test_a_seventh_alert_in_a_minute_is_given_and_told_to_supervisors(story):
    for _ in range(6):
        assert not pages(story.tell(issuing("n1a", **FLOOD), ANNA))
    seventh = issuing("n1a", **FLOOD)
    assert not pages(story.ask(seventh, MYKOLA)), "another's are his own"
    machine = officer("anna", is_machine=True)
    assert not pages(story.ask(seventh, machine)), "a machine has its limit"
    _, *calls = story.tell(seventh, ANNA)
    assert pages(calls) == [(PageReason.RATE, {Role.SUPERVISOR})]
    story.wait(timedelta(seconds=60))
    assert not pages(story.tell(seventh, ANNA))


# -- the hash --------------------------------------------------------------------------------------


def test_a_hash_is_of_all_that_is_asked_but_the_words_themselves_and_the_wish_for_two():
    same = replace(WIDE, words={}, ask_second=True, override="hurry")
    assert fingerprint(same) == fingerprint(WIDE) == fingerprint(bare(WIDE))
    changes = {
        "sender": "army", "hazard": "chemical", "level": "red", "area": Area(regions=("n1",)),
        "texts": "other", "expires": NOW, "onset": NOW, "hold": True, "channels": ("siren",),
        "severity": Severity.MINOR, "identifier": "m", "slots": {"a": "b"}, "by": "mykola",
        "proposed_because": "so", "realm": Realm.DRILL, "status": Status.TEST,
        "content": "other", "standing_by": "Olena", "imported": True,
    }  # fmt: skip
    hashes = {fingerprint(replace(WIDE, **{name: each})) for name, each in changes.items()}
    assert len(hashes | {fingerprint(WIDE)}) == len(changes) + 1
    update = co.UpdateAlert(alert_id="a", sender="nation")
    assert fingerprint(update) != fingerprint(replace(update, alert_id="b"))
