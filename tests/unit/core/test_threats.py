"""Threat reports: believed as far as proven, merged, taken back, issued by policy alone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.observers import FEEDS, ISSUER, LAND, OTHER, STRONG, WEAK, Watch
from kit.world import HOUR, MINUTE, WORLD, issuing, officer
from tocsin.core import intake_commands as tc
from tocsin.core import intake_events as te
from tocsin.core.alert import Realm, Status
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Role
from tocsin.core.commands import AnswerProposal, Verdict
from tocsin.core.intake_proof import held
from tocsin.core.intake_threats import issuing as issued_by
from tocsin.core.threats import Closing, Confidence, ThreatKind

DRAFT = PageReason.DRAFT


@pytest.fixture
def watch():
    return Watch()


def close(draft, reason="ours", **more):
    return tc.CloseAlertDraft(draft_id=draft.id, reason=reason, **more)


# -- taking in -----------------------------------------------------------------------------------


def test_a_report_makes_a_draft_and_calls_officers(watch):
    watch.take(WEAK, "n1a", toward=("city",), eta_s=90)
    draft = watch.draft
    assert (draft.hazard, draft.regions, draft.keys) == ("air-raid", ("n1a",), ("weak",))
    assert (draft.is_weak, draft.until) == (True, watch.now + FEEDS.draft_lasts)
    assert draft.why == "drone, confirmed > city, 90 s (weak)"
    assert watch.pages == [DRAFT]
    assert watch.state.active == {}


def test_the_same_message_changes_nothing_and_another_of_its_id_is_refused(watch):
    said = watch.report(STRONG, "n1a")
    watch.tell(said)
    assert watch.tell(said) == ()
    assert watch.refused(replace(said, content="other")) == ("identifier-reused", "/id")
    assert watch.tell(replace(said, feed=WEAK)) != ()  # another key's id is its own
    taken = next(iter(watch.state.inbox.threats.values()))
    back = watch.report(STRONG, withdraws=taken.identifier)
    watch.tell(back)
    assert watch.tell(back) == ()
    assert watch.refused(replace(back, content="other")) == ("identifier-reused", "/id")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"sent": 61}, ("time-in-future", "/sent")),
        ({"sent": -301}, ("too-old", "/sent")),
        ({"not_after": 0}, ("too-old", "/not_after")),
        ({"not_after": 86_401}, ("expires-too-late", "/not_after")),
        ({"regions": ()}, ("empty-area", "/regions")),
        ({"regions": ("n1a", "XX")}, ("unknown-region", "/regions/1")),
        ({"toward": ("XX",)}, ("unknown-region", "/toward/0")),
        ({"feed": ISSUER, "regions": ("n1", "south")}, ("outside-jurisdiction", "/regions/1")),
        ({"withdraws": "nothing"}, ("unknown-report", "/withdraws")),
    ],
)
def test_a_wrong_report_is_refused_by_rule_and_field(watch, change, refusal):
    for name in ("sent", "not_after"):
        if name in change:
            change = {**change, name: watch.now + change[name] * MINUTE / 60}
    assert watch.refused(replace(watch.report(STRONG, "n1a"), **change)) == refusal


def test_what_comes_in_and_runs_out_no_credential_asks_for(watch):
    anna = officer()
    assert watch.refused(watch.report(STRONG, "n1a"), anna)[0] == "not-allowed"
    assert watch.refused(tc.WeighDoses(region="north", readings=()), anna)[0] == "not-allowed"
    watch.take(STRONG, "n1a")
    assert watch.refused(close(watch.draft, run_out=True), anna)[0] == "not-allowed"


@pytest.mark.parametrize("kind", [ThreatKind.MISSILE, ThreatKind.UNKNOWN])
def test_a_kind_without_a_hazard_is_kept_and_drafts_nothing(watch, kind):
    watch.take(STRONG, "n1a", kind=kind)
    assert (watch.drafts, watch.pages) == ([], [])
    assert len(held(watch.world, watch.state, watch.now)) == 1


def test_where_it_is_in_force_already_no_draft_is_made(watch):
    watch.tell(issuing("n1"))
    watch.take(STRONG, "n1a")
    assert (watch.drafts, held(watch.world, watch.state, watch.now)) == ([], [])
    watch.take(STRONG, "n1a", "n2a")
    assert watch.draft.regions == ("n1a", "n2a")


@pytest.mark.parametrize(
    "other",
    [{"hazard": "flood"}, {"realm": Realm.DRILL, "status": Status.EXERCISE}],
)
def test_another_danger_or_a_drill_over_it_does_not_count(watch, other):
    watch.tell(issuing("n1", **other))
    watch.take(STRONG, "n1a")
    assert watch.draft.regions == ("n1a",)


# -- merging -------------------------------------------------------------------------------------


def test_repeats_that_add_nothing_change_nothing(watch):
    watch.take(STRONG, "n1")
    before = watch.draft
    for _ in range(50):
        watch.wait(MINUTE / 10)
        watch.take(STRONG, "n1a")
    assert watch.draft == before
    assert watch.pages == [DRAFT]


def test_reports_of_the_same_danger_that_come_soon_are_one_draft(watch):
    first = watch.take(STRONG, "n1a")
    watch.wait(FEEDS.merge_within)
    second = watch.take(OTHER, "n1a", "n1b", kind=ThreatKind.AIRCRAFT)
    draft = watch.draft
    assert (draft.regions, draft.keys) == (("n1a", "n1b"), ("strong", "other"))
    assert draft.sources == (first.threat_id, second.threat_id)
    assert (draft.made_at, draft.until) == (
        watch.now - FEEDS.merge_within, watch.now + FEEDS.draft_lasts,
    )  # fmt: skip
    assert watch.pages == [DRAFT]


def test_a_wider_report_that_comes_late_or_lies_elsewhere_is_a_draft_of_its_own(watch):
    watch.take(STRONG, "n1a")
    watch.take(STRONG, "s2")
    watch.take(STRONG, "n1a", kind=ThreatKind.ARTILLERY)
    watch.wait(FEEDS.merge_within + MINUTE / 60)
    watch.take(STRONG, "n1")
    assert [(each.hazard, each.regions) for each in watch.drafts] == [
        ("air-raid", ("n1a",)), ("air-raid", ("s2",)), ("flood", ("n1a",)), ("air-raid", ("n1",)),
    ]  # fmt: skip


def test_a_second_key_confirms_a_draft_that_waits_however_late(watch):
    watch.take(WEAK, "n1a")
    watch.wait(10 * MINUTE)
    watch.take(OTHER, "n1a")
    assert not watch.draft.is_weak
    assert watch.draft.keys == ("weak", "other")


def test_a_draft_of_dose_rates_is_no_draft_of_a_report(watch):
    watch.world = replace(LAND, feeds=replace(FEEDS, dose_hazard="air-raid"))
    watch.weigh(*(watch.dose(f"s{n}", 9_000, ago=ago) for n in range(3) for ago in (2, 1, 0)))
    watch.take(STRONG, "n1a")
    assert [each.cause.value for each in watch.drafts] == ["dose-rates", "threats"]


# -- how far it is believed (LESSONS L13) --------------------------------------------------------


@pytest.mark.parametrize("where", [("land",), ("n1a", "s2"), ("north", "city")])
def test_a_single_weak_source_never_alerts_more_than_a_small_place(watch, where):
    watch.take(WEAK, *where)
    assert watch.drafts == []
    watch.take(WEAK, *where)
    assert watch.pages == [DRAFT]  # officers are called once, not at each
    assert len(held(watch.world, watch.state, watch.now)) == 2
    watch.wait(FEEDS.merge_within + MINUTE)
    watch.take(WEAK, *where)
    assert watch.pages == [DRAFT, DRAFT]


def test_nor_place_by_place(watch):
    watch.take(WEAK, "north")
    watch.take(WEAK, "south")
    watch.take(WEAK, "city")
    assert [each.regions for each in watch.drafts] == [("north",)]


def test_another_weak_source_elsewhere_is_on_its_own_account(watch):
    watch.take(WEAK, "north")
    watch.take(OTHER, "south")
    assert [each.regions for each in watch.drafts] == [("north",), ("south",)]


def test_where_two_keys_agree_it_is_proven_and_only_there(watch):
    watch.take(WEAK, "land")
    watch.take(OTHER, "n1a")
    assert (watch.draft.regions, watch.draft.is_weak) == (("n1a",), False)
    assert watch.draft.keys == ("weak", "other")
    watch.take(OTHER, "n1")
    assert watch.draft.regions == ("n1",)


def test_what_was_too_wide_takes_nothing_from_what_is_narrow(watch):
    watch.take(WEAK, "land")
    watch.take(WEAK, "n1")
    watch.take(OTHER, "n1a")
    assert (watch.draft.regions, watch.draft.is_weak) == (("n1",), False)
    pages = len(watch.pages)
    for _ in range(5):
        watch.take(WEAK, "land")
        watch.take(WEAK, "north", "city")
    assert watch.draft.regions == ("n1",)
    assert len(watch.pages) == pages


def test_the_same_key_twice_proves_nothing(watch):
    watch.take(WEAK, "n1a")
    watch.take(WEAK, "n1a", confidence=Confidence.POSSIBLE)
    assert watch.draft.is_weak


def test_a_source_that_is_not_weak_is_believed_for_all_it_says(watch):
    watch.take(STRONG, "land")
    assert (watch.draft.regions, watch.draft.is_weak) == (("land",), False)


def test_where_the_country_is_one_region_a_weak_source_alone_is_not_believed_for_it(watch):
    watch.world = replace(LAND, feeds=replace(FEEDS, weak_regions=9))
    watch.take(WEAK, "land")
    assert watch.drafts == []
    watch.take(WEAK, "north", "south")
    assert watch.draft.regions == ("north", "south")


def test_a_report_that_is_over_or_was_taken_back_proves_nothing(watch):
    over = watch.take(WEAK, "land", not_after=watch.now + MINUTE)
    watch.take(OTHER, "south", "city")
    gone = watch.events[-1]
    assert isinstance(gone, te.AlertDrafted | OfficersPaged)
    watch = Watch()
    over = watch.take(WEAK, "land", not_after=watch.now + MINUTE)
    watch.wait(MINUTE)
    watch.take(OTHER, "n1a")
    assert watch.draft.keys == ("other",)
    watch = Watch()
    over = watch.take(WEAK, "land")
    watch.take_back(WEAK, over)
    watch.take(OTHER, "n1a")
    assert (watch.draft.keys, watch.draft.is_weak) == (("other",), True)


def test_a_report_of_a_dismissed_draft_proves_nothing_later(watch):
    watch.take(WEAK, "n1a")
    watch.tell(close(watch.draft), officer())
    watch.take(OTHER, "n1a")
    assert (watch.draft.keys, watch.draft.is_weak) == (("other",), True)


def test_a_dismissed_draft_answers_no_report_but_its_own(watch):
    watch.take(WEAK, "n1a")
    watch.tell(close(watch.draft), officer())
    taken = watch.take(WEAK, "land")
    waiting = held(watch.world, watch.state, watch.now)
    assert [each.id for each in waiting] == [taken.threat_id]


# -- taking back ---------------------------------------------------------------------------------


def test_a_report_taken_back_withdraws_its_draft(watch):
    taken = watch.take(WEAK, "n1a")
    watch.take_back(WEAK, taken)
    assert watch.drafts == []
    (draft,) = watch.state.inbox.drafts.values()
    assert (draft.how, draft.by) == (Closing.WITHDRAWN, "weak")
    assert watch.take_back(WEAK, taken) == ()


def test_nobody_takes_anothers_report_back(watch):
    taken = watch.take(WEAK, "n1a")
    asked = watch.report(OTHER, withdraws=taken.identifier)
    assert watch.refused(asked) == ("unknown-report", "/withdraws")


def test_a_draft_lives_on_by_its_other_sources(watch):
    taken = watch.take(STRONG, "n1a", "n1b")
    watch.take(OTHER, "n1a")
    until = watch.draft.until
    watch.wait(MINUTE)
    watch.take_back(STRONG, taken)
    assert (watch.draft.regions, watch.draft.keys) == (("n1a",), ("other",))
    assert (watch.draft.is_weak, watch.draft.until) == (True, until)


def test_a_repeat_that_changed_nothing_takes_the_place_of_what_was_taken_back(watch):
    first = watch.take(STRONG, "n1a")
    watch.take(STRONG, "n1a")
    watch.take(STRONG, "s2")
    watch.take_back(STRONG, first)
    assert sorted(each.regions for each in watch.drafts) == [("n1a",), ("s2",)]


def test_an_alert_whose_source_was_taken_back_stays_and_officers_are_called(watch):
    taken = watch.take(WEAK, "n1a")
    watch.tell(issuing("n1a", draft_id=watch.draft.id), officer())
    (alert,) = watch.state.active.values()
    events = watch.take_back(WEAK, taken)
    assert list(watch.state.active) == [alert.id]
    assert events[1:] == (OfficersPaged(at=watch.now, why=PageReason.WITHDRAWN, alert_id=alert.id),)


def test_of_an_alert_that_is_over_nobody_is_called(watch):
    taken = watch.take(WEAK, "n1a")
    watch.tell(close(watch.draft), officer())
    assert len(watch.take_back(WEAK, taken)) == 1


# -- answering a draft ---------------------------------------------------------------------------


def test_an_issue_answers_its_draft_once(watch):
    watch.take(STRONG, "n1a")
    draft = watch.draft
    asked = issuing("n1a", draft_id=draft.id, identifier="one")
    watch.tell(asked, officer())
    (alert,) = watch.state.active.values()
    closed = watch.state.inbox.drafts[draft.id]
    assert (closed.how, closed.alert_id, closed.by) == (Closing.ISSUED, alert.id, "anna")
    assert watch.tell(asked, officer()) == ()  # the very same again is no lost race
    again = replace(asked, identifier="two")
    assert watch.refused(again, officer()) == ("alert-draft-closed", "/draft")
    assert watch.refused(replace(again, draft_id="x"), officer()) == (
        "unknown-alert-draft", "/draft",
    )  # fmt: skip
    assert watch.refused(replace(again, hazard="none"), officer())[0] == "unknown-hazard"


def test_while_the_issue_waits_for_its_second_person_the_draft_waits(watch):
    watch.take(STRONG, "n1a", kind=ThreatKind.ARTILLERY)
    draft = watch.draft
    asked = issuing("n1a", hazard="chemical", draft_id=draft.id)
    watch.tell(asked, officer(device="a", credential="c1"))
    (proposal,) = watch.state.proposals.values()
    watch.wait(FEEDS.draft_lasts)
    assert watch.refused(close(draft, run_out=True)) == ("not-yet-expired", "/id")
    assert watch.draft == draft
    ada = officer("ada", role=Role.SUPERVISOR, device="b", credential="c2")
    watch.now = proposal.made_at + MINUTE
    watch.tell(
        AnswerProposal(
            proposal_id=proposal.id, verdict=Verdict.APPROVE, content=proposal.content,
            words=asked.words, confirmed=True,
        ),
        ada,
    )  # fmt: skip
    assert watch.state.inbox.drafts[draft.id].how is Closing.ISSUED


def test_a_draft_is_dismissed_by_an_operator_of_its_place_with_a_reason(watch):
    watch.take(STRONG, "n1", "n2a")
    draft = watch.draft
    assert watch.refused(close(draft, " "), officer()) == ("reason-missing", "/reason")
    assert watch.refused(close(draft), officer(regions=("n1", "XX"))) == (
        "outside-jurisdiction", "/id",
    )  # fmt: skip
    viewer, drill = officer(role=Role.VIEWER), officer(realms=(Realm.DRILL,))
    assert watch.refused(close(draft), viewer)[0] == "not-allowed"
    assert watch.refused(close(draft), drill) == ("wrong-room", "/realm")
    watch.tell(close(draft), officer(regions=("north",)))
    closed = watch.state.inbox.drafts[draft.id]
    assert (closed.how, closed.reason, closed.by) == (Closing.DISMISSED, "ours", "anna")
    assert watch.refused(close(draft)) == ("alert-draft-closed", "/id")
    assert watch.refused(tc.CloseAlertDraft(draft_id="x")) == ("unknown-alert-draft", "/id")
    watch.take(STRONG, "s2")
    watch.tell(close(watch.draft))  # the house itself, by its first token
    assert watch.drafts == []


def test_a_draft_runs_out_by_the_clock_and_officers_are_called_again(watch):
    watch.take(STRONG, "n1a")
    draft = watch.draft
    watch.wait(FEEDS.draft_lasts - MINUTE / 60)
    assert watch.refused(close(draft, run_out=True)) == ("not-yet-expired", "/id")
    watch.wait(MINUTE / 60)
    watch.tell(close(draft, run_out=True))
    assert watch.state.inbox.drafts[draft.id].how is Closing.RAN_OUT
    assert watch.pages == [DRAFT, DRAFT]


# -- issuing at once -----------------------------------------------------------------------------


def test_a_feed_issues_at_once_what_policy_lets_it(watch):
    taken = watch.take(ISSUER, "n1a")
    found = issued_by(watch.world, watch.state, ISSUER, taken.threat_id)
    assert found is not None
    assert (found.sender, found.hazard, found.area.regions) == ("nation", "air-raid", ("n1a",))
    assert found.draft_id == watch.draft.id


@pytest.mark.parametrize(
    ("feed", "more"),
    [
        ({"issues": False}, {}),
        ({"is_weak": True}, {}),
        ({"hazards": ("flood",)}, {}),
        ({}, {"confidence": Confidence.LIKELY}),
        ({"hazards": ("flood",)}, {"kind": ThreatKind.ARTILLERY}),
        ({}, {"kind": ThreatKind.MISSILE}),
        ({}, {"regions": ("city",)}),  # 900,000 people
        ({}, {"regions": ("n1",)}),  # 600,000
    ],
)
def test_everything_else_it_drafts(watch, feed, more):
    key = replace(ISSUER, **feed)
    taken = watch.take(key, *more.pop("regions", ("n1a",)), **more)
    assert issued_by(watch.world, watch.state, key, taken.threat_id) is None


def test_where_nobody_counted_the_people_it_drafts(watch):
    watch.world = replace(LAND, tree=WORLD.tree)
    taken = watch.take(ISSUER, "n1a")
    assert issued_by(watch.world, watch.state, ISSUER, taken.threat_id) is None


def test_a_key_whose_regions_were_cut_since_issues_nothing_there(watch):
    taken = watch.take(ISSUER, "n1a")
    cut = replace(ISSUER, regions=("n2",))
    assert issued_by(watch.world, watch.state, cut, taken.threat_id) is None


def test_what_was_taken_back_answered_or_never_heard_is_not_issued(watch):
    assert issued_by(watch.world, watch.state, ISSUER, "x") is None
    taken = watch.take(ISSUER, "n1a")
    watch.tell(close(watch.draft))
    assert issued_by(watch.world, watch.state, ISSUER, taken.threat_id) is None
    gone = watch.take(ISSUER, "n1b")
    watch.take_back(ISSUER, gone)
    assert issued_by(watch.world, watch.state, ISSUER, gone.threat_id) is None


def test_what_may_be_issued_takes_no_wider_draft_along(watch):
    watch.take(WEAK, "n1")
    watch.take(OTHER, "s1a", "n2a")  # too wide for it alone
    taken = watch.take(ISSUER, "n1a")
    drafts = watch.drafts
    assert [each.regions for each in drafts] == [("n1",), ("n1a",)]
    assert drafts[1].sources == (taken.threat_id,)


def test_what_may_be_issued_answers_the_draft_that_its_unsure_report_made(watch):
    unsure = watch.take(ISSUER, "n1a", confidence=Confidence.POSSIBLE)
    watch.take(WEAK, "n1a")
    taken = watch.take(ISSUER, "n1a")
    assert unsure.threat_id not in watch.draft.sources
    assert watch.draft.sources[-1] == taken.threat_id
    found = issued_by(watch.world, watch.state, ISSUER, taken.threat_id)
    assert found is not None
    assert found.draft_id == watch.draft.id


def test_repeats_of_what_could_not_be_issued_do_not_grow_the_draft(watch):
    for _ in range(20):
        watch.take(ISSUER, "n1a")
    assert len(watch.draft.sources) == 1


def test_what_was_taken_in_is_forgotten_a_day_after_it_held(watch):
    watch.take(STRONG, "n1a")
    watch.wait(25 * HOUR)
    watch.take(STRONG, "n1a")
    assert len(watch.state.inbox.threats) == 1
