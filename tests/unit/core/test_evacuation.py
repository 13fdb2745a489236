"""Nobody is told to leave without being told where to, which way, by what and by when."""

from dataclasses import replace

import pytest

from kit.world import DRILL, HOUR, LANGUAGES, MINUTE, NOW, WORLD, Story, hazard, issuing
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.authority import Role, Scope, Warrant
from tocsin.core.evacuation import FIELDS, Evacuation, bare_plan, missing, plan_of
from tocsin.core.proposal import as_it_stands, fingerprint
from tocsin.core.refusals import Rule
from tocsin.core.scope import knows_gathering

WORLD_WITH = replace(
    WORLD,
    hazards={**WORLD.hazards, "evacuation": hazard("evacuation", needs_plan=True)},
)
SAID = dict.fromkeys(LANGUAGES, "Go south.")
PLAN = Evacuation(
    deadline=NOW + 6 * HOUR, destination=SAID, routes=SAID, transport=SAID, assembly=SAID,
    help=SAID, words="words-1", sealed="sealed-1",
)  # fmt: skip


@pytest.fixture
def story() -> Story:
    return Story.with_mandates(WORLD_WITH)


def leaving(**more):
    return issuing("n1", hazard="evacuation", evacuation=more.pop("evacuation", PLAN), **more)


def changing(alert, **more):
    return co.UpdateAlert(alert_id=alert.id, sender=alert.sender, **more)


@pytest.mark.parametrize("field", FIELDS)
def test_each_part_of_a_plan_is_needed_in_every_language(story, field):
    for said in ({}, {LANGUAGES[0]: "Go."}, {**SAID, LANGUAGES[-1]: " "}):
        found = story.refused(leaving(evacuation=replace(PLAN, **{field: said})))
        assert found.rule is Rule.EVACUATION_INCOMPLETE
        code = LANGUAGES[0] if not said else LANGUAGES[-1]
        assert found.field == f"/evacuation/{field}/{code}"


def test_no_plan_no_evacuation_and_a_plan_without_a_deadline_is_none(story):
    found = story.refused(leaving(evacuation=None))
    assert (found.rule, found.field) == (
        Rule.EVACUATION_INCOMPLETE, f"/evacuation/destination/{LANGUAGES[0]}",
    )  # fmt: skip
    endless = story.refused(leaving(evacuation=replace(PLAN, deadline=None)))
    assert (endless.rule, endless.field) == (
        Rule.EVACUATION_INCOMPLETE, "/evacuation/deadline",
    )  # fmt: skip
    assert len(missing(LANGUAGES, None)) == len(FIELDS) * len(LANGUAGES) + 1
    assert missing(LANGUAGES, PLAN) == ()


def test_a_deadline_lies_in_the_future(story):
    for late in (NOW, NOW - HOUR):
        found = story.refused(leaving(evacuation=replace(PLAN, deadline=late)))
        assert (found.rule, found.field) == (Rule.DEADLINE_PAST, "/evacuation/deadline")


def test_drills_and_tests_need_it_too_and_imported_history_does_not(story):
    for more in (DRILL, {"status": Status.TEST}):
        found = story.refused(leaving(evacuation=None, **more))
        assert found.rule is Rule.EVACUATION_INCOMPLETE
    old = story.tell(leaving(evacuation=None, imported=True, identifier="old"))
    assert isinstance(old[0], ev.AlertIssued)


def test_no_other_danger_carries_a_plan_past_the_policy_of_an_evacuation(story):
    alert = story.issue("n1")
    assert alert.plan is None
    for asked in (
        issuing("south", sender="south-office", hazard="flood", evacuation=PLAN),
        issuing("n2", hazard="flood", evacuation=replace(PLAN, help={})),
        changing(alert, evacuation=PLAN),
    ):
        found = story.refused(asked)
        assert (found.rule, found.field) == (Rule.BAD_VALUE, "/evacuation")
        assert "Only an evacuation carries a plan" in found.help


@pytest.mark.parametrize("blank", [".", "\u2800", "\u00ad", "\u3164", "\uffa0", "- ...", "\u200b"])
def test_what_cannot_be_read_is_no_part_of_a_plan(story, blank):
    found = story.refused(leaving(evacuation=replace(PLAN, routes={**SAID, "en": blank})))
    assert (found.rule, found.field) == (Rule.EVACUATION_INCOMPLETE, "/evacuation/routes/en")


def test_a_slot_that_nobody_filled_in_is_named(story):
    asked = leaving(evacuation=replace(PLAN, help={**SAID, "en": "Call {number} now."}))
    found = story.refused(asked)
    assert (found.rule, found.field) == (Rule.EVACUATION_INCOMPLETE, "/evacuation/help/en")
    assert "{number}" in found.help


def test_people_get_time_to_leave_and_must_have_left_before_the_end(story):
    soon = replace(PLAN, deadline=NOW + 9 * MINUTE)
    found = story.refused(leaving(evacuation=soon))
    assert (found.rule, found.field) == (Rule.DEADLINE_PAST, "/evacuation/deadline")
    assert "10 minutes" in found.help
    late = replace(PLAN, deadline=NOW + 3 * HOUR)
    end = {"expires": NOW + 2 * HOUR}
    found = story.refused(leaving(evacuation=late, **end))
    assert (found.rule, found.field) == (Rule.BAD_VALUE, "/evacuation/deadline")
    exact = replace(PLAN, deadline=NOW + 10 * MINUTE)
    (issued, *_) = story.tell(leaving(evacuation=exact, **end))
    alert = story.state.alert(issued.alert_id)
    found = story.refused(changing(alert, evacuation=late))
    assert (found.rule, found.field) == (Rule.BAD_VALUE, "/evacuation/deadline")
    (changed, *_) = story.tell(changing(alert, evacuation=late, expires=late.deadline))
    assert changed.plan == plan_of(late)


def test_a_standing_evacuation_goes_on_past_its_day(story):
    far = replace(PLAN, deadline=NOW + 40 * HOUR)
    (issued, *_) = story.tell(leaving(evacuation=far, standing_by="Anna Koval"))
    assert issued.plan == plan_of(far)
    alert = story.state.alert(issued.alert_id)
    further = replace(far, deadline=NOW + 41 * HOUR)
    (changed, *_) = story.tell(changing(alert, evacuation=further))
    assert changed.plan == plan_of(further)


def test_the_record_holds_hashes_and_the_deadline_and_no_word_of_the_plan(story):
    (issued, *_) = story.tell(leaving())
    assert "Go south" not in repr(issued)
    assert (issued.plan.words, issued.plan.sealed) == ("words-1", "sealed-1")
    assert story.state.alert(issued.alert_id).plan == issued.plan
    assert "Go south" not in repr(bare_plan(PLAN))
    assert bare_plan(None) is None
    assert plan_of(replace(PLAN, deadline=None)) is None


def test_an_update_keeps_the_plan_or_brings_a_whole_one(story):
    (issued, *_) = story.tell(leaving())
    alert = story.state.alert(issued.alert_id)
    half = story.refused(changing(alert, evacuation=replace(PLAN, routes={})))
    assert half.field == f"/evacuation/routes/{LANGUAGES[0]}"
    (changed, *_) = story.tell(changing(alert, expires=alert.expires + HOUR))
    assert changed.plan == alert.plan
    other = replace(PLAN, words="words-2")
    (changed, *_) = story.tell(changing(alert, evacuation=other))
    assert story.state.alert(alert.id).plan.words == "words-2"
    again = story.refused(changing(alert, evacuation=other))
    assert again.rule is Rule.NOTHING_CHANGED


def test_nobody_is_told_anew_of_a_plan_that_is_over_or_was_never_there(story):
    (issued, *_) = story.tell(leaving())
    (old, *_) = story.tell(
        issuing("n2", hazard="evacuation", evacuation=None, imported=True, texts="old")
    )
    alert = story.state.alert(issued.alert_id)
    story.now = PLAN.deadline
    wider = changing(alert, area=Area(regions=("n1", "n2")))
    found = story.refused(wider)
    assert (found.rule, found.field) == (Rule.DEADLINE_PAST, "/evacuation/deadline")
    why = story.tell(changing(alert, reason="The dam is open."))
    assert isinstance(why[0], ev.AlertUpdated)
    later = replace(PLAN, deadline=PLAN.deadline + HOUR)
    assert isinstance(story.tell(replace(wider, evacuation=later))[0], ev.AlertUpdated)
    kept = changing(story.state.alert(old.alert_id), area=Area(regions=("n2",)),
                    reason="still")  # fmt: skip
    assert isinstance(story.tell(kept)[0], ev.AlertUpdated), "imported history goes on as it was"


def test_an_alert_that_was_given_before_there_were_plans_is_not_told_anew_without_one():
    before = Story.with_mandates(WORLD)
    (issued, *_) = before.tell(leaving(evacuation=None))
    story = before
    story.world = WORLD_WITH
    alert = story.state.alert(issued.alert_id)
    found = story.refused(changing(alert, area=Area(regions=("n1", "n2"))))
    assert (found.rule, found.field) == (Rule.EVACUATION_INCOMPLETE, "/evacuation")


def test_an_approval_is_bound_to_the_plan_and_older_hashes_stand(story):
    asked = leaving()
    assert fingerprint(asked) != fingerprint(replace(asked, evacuation=None))
    assert fingerprint(asked) != fingerprint(
        replace(asked, evacuation=replace(PLAN, sealed="sealed-2"))
    )
    assert fingerprint(asked) == fingerprint(replace(asked, evacuation=bare_plan(PLAN)))
    (issued, *_) = story.tell(asked)
    alert = story.state.alert(issued.alert_id)
    assert as_it_stands(alert) != as_it_stands(replace(alert, plan=None))


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({}, True), ({"role": Role.SUPERVISOR}, True), ({"role": Role.VIEWER}, False),
        ({"role": Role.SITUATION_OFFICER}, False), ({"role": Role.ADMINISTRATOR}, False),
        ({"realms": (Realm.DRILL,)}, False), ({"hazards": ("flood",)}, False),
        ({"regions": ("south", "gone")}, False), ({"regions": ()}, False),
    ],
)  # fmt: skip
def test_only_who_may_give_it_there_is_told_where_people_gather(more, told):
    scope = Scope(**{
        "role": Role.OPERATOR, "hazards": ("evacuation",), "realms": (Realm.LIVE,),
        "regions": ("n1a",), **more,
    })  # fmt: skip
    warrant = Warrant(account="anna", credential="key", name="anna", scope=scope)
    area = Area(regions=("n1",))
    assert knows_gathering(WORLD_WITH, warrant, Realm.LIVE, "evacuation", area) is told
