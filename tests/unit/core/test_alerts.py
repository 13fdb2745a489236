"""The life of an alert: every rule as an example, every refusal once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.world import (
    DRILL,
    ELSEWHERE,
    HOUR,
    MINUTE,
    NOW,
    ROUND,
    WORDS,
    WORLD,
    Story,
    drawn,
    issuing,
    leaves_of,
)
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import (
    AlertState,
    Audience,
    Certainty,
    MsgType,
    Realm,
    Severity,
    Status,
    Urgency,
)
from tocsin.core.area import Area
from tocsin.core.audit import OfficersPaged
from tocsin.core.hazard import Phrase, Words
from tocsin.core.refusals import Rule
from tocsin.core.state import Tombstone, evolve


@pytest.fixture
def story() -> Story:
    return Story.with_mandates()


def the(found, rule, field):
    """Whether a refusal is of that rule, at that field, with a sentence that helps."""
    return (found.rule, found.field) == (rule, field) and len(found.help) > 10


# -- issue ---------------------------------------------------------------------------------------


def test_an_alert_starts_from_its_hazards_defaults(story):
    alert = story.issue("n1")
    assert alert.state is AlertState.ACTIVE
    assert (alert.revision, alert.msg_type, alert.audience) == (1, MsgType.ALERT, Audience.PUBLIC)
    assert (alert.sent, alert.onset, alert.expires) == (NOW, NOW, NOW + timedelta(hours=12))
    assert (alert.severity, alert.urgency) == (Severity.EXTREME, Urgency.IMMEDIATE)
    assert (alert.texts, alert.issued_by, alert.identifier) == ("hash", "officer", alert.id)
    assert alert.is_in_force


def test_a_level_brings_its_own_severity_unless_the_sender_says_another(story):
    assert story.issue("n1", level="yellow").severity is Severity.MODERATE
    assert story.issue("n1", level="red").severity is Severity.EXTREME
    said = story.issue(
        "n1", level="yellow", severity=Severity.MINOR, urgency=Urgency.EXPECTED,
        certainty=Certainty.LIKELY,
    )  # fmt: skip
    assert (said.severity, said.urgency, said.certainty) == ("Minor", "Expected", "Likely")


def test_a_default_longer_than_the_longest_is_cut_to_it(story):
    assert story.issue("n1", hazard="flood").expires == NOW + timedelta(hours=24)


def test_no_area_no_alert(story):
    assert the(story.refused(issuing()), Rule.EMPTY_AREA, "/area")


def test_an_area_of_which_everything_is_excluded_is_empty(story):
    area = Area(regions=("n2",), excluded=("n2a", "n2b"))
    assert the(story.refused(issuing(area=area)), Rule.EMPTY_AREA, "/area")


@pytest.mark.parametrize("place", ["regions", "excluded"])
def test_an_unknown_region_is_named_by_its_place(story, place):
    area = replace(Area(regions=("n1", "n2")), **{place: ("n1", "nowhere")})
    assert the(story.refused(issuing(area=area)), Rule.UNKNOWN_REGION, f"/area/{place}/1")


def test_a_drawn_area_that_touches_no_region_is_outside(story):
    refused = story.refused(issuing(area=Area(circles=(ROUND,))))
    assert the(refused, Rule.AREA_OUTSIDE, "/area")


def test_no_hazard_no_broadcast(story):
    assert the(story.refused(issuing("n1", hazard="comet")), Rule.UNKNOWN_HAZARD, "/hazard")


@pytest.mark.parametrize(("hazard", "knows"), [("air-raid", "yellow, red, black"), ("flood", "no")])
def test_an_unknown_level_is_refused_with_those_there_are(story, hazard, knows):
    refused = story.refused(issuing("n1", hazard=hazard, level="mauve"))
    assert the(refused, Rule.UNKNOWN_LEVEL, "/level")
    assert knows in refused.help


def without(phrase, language, **changes):
    """The usual words, but one text is changed, or gone."""
    texts = {each: dict(words) for each, words in WORDS.items()}
    if changes:
        texts[phrase][language] = replace(texts[phrase][language], **changes)
    else:
        del texts[phrase][language]
    return texts


@pytest.mark.parametrize("phrase", list(Phrase))
@pytest.mark.parametrize("language", ["uk", "en"])
def test_an_alert_that_cannot_speak_at_some_moment_in_some_language_is_refused(
    story, phrase, language
):
    for words in (without(phrase, language), without(phrase, language, headline="  ")):
        refused = story.refused(issuing("n1", words=words))
        assert the(refused, Rule.TEXT_MISSING, f"/text/{language}/headline")
        assert phrase in refused.help
    assert the(story.refused(issuing("n1", words={})), Rule.TEXT_MISSING, "/text/uk/headline")


def test_no_instruction_no_evacuation(story):
    words = without(Phrase.ALERT, "en", instruction=" \n")
    refused = story.refused(issuing("n1", hazard="evacuation", words=words))
    assert the(refused, Rule.INSTRUCTION_MISSING, "/text/en/instruction")
    assert story.issue("n1", hazard="flood", words=words).is_in_force
    assert story.issue("n1", hazard="evacuation").is_in_force


# -- who may warn where --------------------------------------------------------------------------


def test_nobody_warns_outside_his_mandate(story):
    refused = story.refused(issuing("n1", "south", sender="north-office"))
    assert the(refused, Rule.OUTSIDE_JURISDICTION, "/area/regions/1")
    assert "south" in refused.help


def test_the_refusal_names_the_foreign_parts_only(story):
    refused = story.refused(issuing("land", sender="north-office"))
    assert "city, south" in refused.help
    assert "north." not in refused.help


def test_a_long_list_of_foreign_parts_is_cut(story):
    story.tell(co.WithdrawMandate(sender="army", regions=("n1a", "n2a", "s1a", "city", "s2")))
    assert "and 1 more" in story.refused(issuing("land", sender="army")).help


def test_a_mandate_begins_and_ends_and_is_withdrawn(story):
    later = co.GiveMandate(
        sender="guest", regions=("n1",), valid_from=NOW + HOUR, valid_until=NOW + 2 * HOUR
    )
    story.tell(later)
    assert story.refused(issuing("n1", sender="guest")).rule is Rule.OUTSIDE_JURISDICTION
    story.wait(HOUR)
    assert story.issue("n1", sender="guest").is_in_force
    story.wait(HOUR)
    assert story.refused(issuing("n1", sender="guest")).rule is Rule.OUTSIDE_JURISDICTION


def test_a_part_of_a_mandate_is_withdrawn_and_the_rest_holds(story):
    (event,) = story.tell(co.WithdrawMandate(sender="north-office", regions=("n1a", "n2")))
    assert [mandate.regions for mandate in event.left] == [("n1b", "n1c")]
    assert story.issue("n1b", sender="north-office").is_in_force
    assert story.refused(issuing("n1a", sender="north-office")).rule is Rule.OUTSIDE_JURISDICTION
    assert story.issue("n1a", sender="nation").is_in_force, "others keep theirs"


def test_withdrawing_all_of_a_mandate_leaves_none(story):
    (event,) = story.tell(co.WithdrawMandate(sender="n1-office", regions=("land",)))
    assert event.left == ()
    assert not [m for m in story.state.mandates if m.sender == "n1-office"]


def test_withdrawing_what_nobody_holds_changes_nothing(story):
    assert story.tell(co.WithdrawMandate(sender="north-office", regions=("south",))) == ()
    assert story.tell(co.WithdrawMandate(sender="stranger", regions=("land",))) == ()


def test_a_mandate_over_a_region_redrawn_since_can_still_be_withdrawn(story):
    given = ev.MandateGiven(at=NOW, sender="old", regions=("gone", "n1"), valid_from=NOW)
    story.state = evolve(story.state, given)
    story.state = evolve(story.state, replace(given, regions=("gone",)))
    (event,) = story.tell(co.WithdrawMandate(sender="old", regions=("n1a",)))
    assert [mandate.regions for mandate in event.left] == [("n1b", "n1c"), ("gone",)]


def test_a_mandate_needs_regions_that_exist_and_an_end_after_its_beginning(story):
    give = co.GiveMandate(sender="guest", regions=("n1",))
    assert the(story.refused(replace(give, regions=())), Rule.EMPTY_AREA, "/regions")
    unknown = replace(give, regions=("n1", "nowhere"))
    assert the(story.refused(unknown), Rule.UNKNOWN_REGION, "/regions/1")
    ended = replace(give, valid_until=NOW)
    assert the(story.refused(ended), Rule.ENDS_BEFORE_START, "/valid_until")
    gone = co.WithdrawMandate(sender="nation", regions=("n1", "nowhere"))
    assert the(story.refused(gone), Rule.UNKNOWN_REGION, "/regions/1")


def test_a_region_above_all_leaves_is_given_as_the_fewest(story):
    (event,) = story.tell(co.GiveMandate(sender="guest", regions=("n2b", "n1", "n2a")))
    assert event.regions == ("north",)


def test_what_is_excluded_needs_no_mandate(story):
    area = Area(regions=("land",), excluded=("south", "city"))
    assert story.extent(story.issue(sender="north-office", area=area)) == leaves_of("north")


def test_a_drawn_area_may_spill_over_the_border_by_two_percent_and_no_more(story):
    little = drawn(("n1a", 0.5, 0.98), ("city", 0.1, 0.02))
    assert story.issue(sender="north-office", area=little).is_in_force
    much = drawn(("n1a", 0.5, 0.97), ("city", 0.1, 0.03))
    refused = story.refused(issuing(sender="north-office", area=much))
    assert the(refused, Rule.OUTSIDE_JURISDICTION, "/area")
    assert "city" in refused.help
    abroad = drawn(("n1a", 0.5, 0.9))
    refused = story.refused(issuing(sender="north-office", area=abroad))
    assert the(refused, Rule.OUTSIDE_JURISDICTION, "/area")
    assert "no region" in refused.help


def test_a_drawn_area_over_another_country_is_refused_beside_a_region_of_ones_own(story):
    area = Area(regions=("n1",), polygons=(ELSEWHERE,))
    refused = story.refused(issuing(sender="north-office", area=area))
    assert the(refused, Rule.OUTSIDE_JURISDICTION, "/area")


# -- when ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "rule"),
    [
        pytest.param({"expires": NOW}, Rule.EXPIRES_PAST, id="now is past"),
        pytest.param({"expires": NOW - MINUTE}, Rule.EXPIRES_PAST, id="before now"),
        pytest.param(
            {"onset": NOW + HOUR, "expires": NOW + HOUR}, Rule.ENDS_BEFORE_START, id="no length"
        ),
        pytest.param({"expires": NOW + 24 * HOUR + MINUTE}, Rule.EXPIRES_TOO_LATE, id="too long"),
        pytest.param(
            {"expires": NOW + 25 * HOUR, "standing_by": "Olena"},
            Rule.EXPIRES_TOO_LATE,
            id="standing: renewed each day",
        ),
    ],
)
def test_an_end_that_cannot_be_is_refused(story, times, rule):
    assert the(story.refused(issuing("n1", **times)), rule, "/expires")


def test_the_longest_is_exactly_allowed_and_differs_by_hazard(story):
    day, three_days = NOW + timedelta(hours=24), NOW + timedelta(hours=72)
    assert story.issue("n1", expires=day).expires == day
    assert story.issue("n1", hazard="evacuation", expires=three_days).expires == three_days


def test_a_standing_alert_lasts_a_day_and_is_renewed_each_day_by_a_named_person(story):
    alert = story.issue("n1", standing_by="Olena")
    assert (alert.standing, alert.standing_by) == (True, "Olena")
    assert alert.expires == NOW + timedelta(hours=24)
    for _ in range(3):
        story.wait(23 * HOUR)
        alert = story.extend(alert, 24 * HOUR, standing_by="Ivan")
        assert alert.standing_by == "Ivan"
        assert alert.expires == story.now + timedelta(hours=24)
        assert alert.sounds_in == ()


@pytest.mark.parametrize("name", ["", "  "])
def test_nobody_is_not_a_named_person(story, name):
    place = "/standing_by"
    refused = story.refused(issuing("n1", standing_by=name))
    assert the(refused, Rule.STANDING_NEEDS_PERSON, place)
    alert = story.issue("n1", standing_by="Olena")
    story.wait(HOUR)
    until = story.now + 24 * HOUR
    for standing_by in (name, None):
        command = co.ExtendAlert(
            alert_id=alert.id, sender="nation", expires=until, standing_by=standing_by
        )
        assert the(story.refused(command), Rule.STANDING_NEEDS_PERSON, place)


def test_an_update_does_not_renew_a_standing_alert(story):
    alert = story.issue("n1", standing_by="Olena")
    story.wait(HOUR)
    command = co.UpdateAlert(alert_id=alert.id, sender="nation", expires=story.now + 24 * HOUR)
    assert the(story.refused(command), Rule.STANDING_NEEDS_PERSON, "/expires")
    assert story.update(alert, level="red").standing_by == "Olena"


# -- twice ---------------------------------------------------------------------------------------


def test_the_same_message_twice_is_one_alert(story):
    story.issue("n1", identifier="m1")
    assert story.tell(issuing("n1", identifier="m1")) == ()
    assert len(story.state.active) == 1


def test_a_name_used_for_other_content_is_refused(story):
    story.issue("n1", identifier="m1")
    other = issuing("n2", identifier="m1", content="other")
    assert the(story.refused(other), Rule.IDENTIFIER_REUSED, "/identifier")
    assert story.issue("n2", identifier="m1", content="other", sender="army").is_in_force


def test_a_message_repeated_after_its_alert_ended_changes_nothing(story):
    alert = story.issue("n1", identifier="m1")
    story.clear(alert)
    assert story.tell(issuing("n1", identifier="m1")) == ()
    story.state = replace(Story().state, beside={alert.id: alert})
    assert story.tell(issuing("n1", identifier="m1")) == (), "closed long ago, put beside"


# -- update --------------------------------------------------------------------------------------


def test_an_update_is_the_next_revision_and_changes_what_it_names(story):
    alert = story.issue("n1")
    story.wait(MINUTE)
    after = story.update(
        alert, level="red", area=Area(regions=("north",)), severity=Severity.SEVERE,
        urgency=Urgency.EXPECTED, certainty=Certainty.LIKELY, expires=NOW + 20 * HOUR,
        texts="new", words=WORDS,
    )  # fmt: skip
    assert (after.revision, after.msg_type, after.level) == (2, MsgType.UPDATE, "red")
    assert (after.severity, after.urgency, after.certainty) == ("Severe", "Expected", "Likely")
    assert (after.expires, after.texts, after.sent) == (NOW + 20 * HOUR, "new", NOW)
    assert (after.id, after.handle, after.identifier) == (alert.id, alert.handle, alert.identifier)


def test_an_update_that_changes_nothing_is_refused(story):
    alert = story.issue("n1")
    same = co.UpdateAlert(alert_id=alert.id, sender="nation")
    assert story.refused(same).rule is Rule.NOTHING_CHANGED
    assert story.refused(replace(same, expires=alert.expires)).rule is Rule.NOTHING_CHANGED


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"area": Area(regions=("n1",))}, Rule.REGION_NOT_COVERED, "/area"),
        ({"area": Area(regions=("land",))}, Rule.OUTSIDE_JURISDICTION, "/area/regions/0"),
        ({"area": Area(regions=("nowhere",))}, Rule.UNKNOWN_REGION, "/area/regions/0"),
        ({"area": Area()}, Rule.EMPTY_AREA, "/area"),
        ({"level": "mauve"}, Rule.UNKNOWN_LEVEL, "/level"),
        ({"expires": NOW + HOUR}, Rule.EXPIRES_SHORTER, "/expires"),
        ({"expires": NOW + 25 * HOUR}, Rule.EXPIRES_TOO_LATE, "/expires"),
        ({"texts": "new"}, Rule.TEXT_MISSING, "/text/uk/headline"),
        ({"sender": "army", "level": "red"}, Rule.NOT_YOURS, "/alert_id"),
        ({"alert_id": "unknown", "level": "red"}, Rule.UNKNOWN_ALERT, "/alert_id"),
    ],
)
def test_an_update_that_cannot_be_is_refused(story, change, rule, field):
    alert = story.issue("north", sender="north-office")
    command = replace(co.UpdateAlert(alert_id=alert.id, sender="north-office"), **change)
    assert the(story.refused(command), rule, field)


def test_a_superior_may_update_a_subordinates_alert(story):
    alert = story.issue("n1", sender="n1-office")
    story.tell(co.UpdateAlert(alert_id=alert.id, sender="north-office", level="red"))
    assert story.alert(alert.id).level == "red"
    assert story.alert(alert.id).sender == "n1-office"


def test_what_ran_out_is_in_force_again_only_with_a_new_end(story):
    alert = story.run_out(story.issue("n1"))
    raised = co.UpdateAlert(alert_id=alert.id, sender="nation", level="red")
    assert the(story.refused(raised), Rule.EXPIRES_PAST, "/expires")
    after = story.update(alert, level="red", expires=story.now + HOUR)
    assert (after.state, after.ended) == (AlertState.ACTIVE, None)
    assert after.sounds_in == ("n1a", "n1b", "n1c")


def test_an_alert_over_a_region_redrawn_since_can_still_be_raised(story):
    alert = story.issue("n1", sender="n1-office")
    old = replace(alert, area=Area(regions=("n1", "gone")))
    story.state = replace(story.state, active={alert.id: old})
    assert story.update(old, level="red").level == "red"


def test_a_test_alert_updated_still_sounds_nowhere(story):
    alert = story.issue("n1", status=Status.TEST, level="yellow")
    assert story.update(alert, level="red").sounds_in == ()
    assert story.alert(alert.id).status is Status.TEST


# -- extend --------------------------------------------------------------------------------------


def test_an_extension_sounds_nothing_and_is_the_next_revision(story):
    alert = story.issue("n1", expires=NOW + HOUR)
    after = story.extend(alert, 2 * HOUR, automatic=True)
    assert (after.expires, after.sounds_in, after.revision) == (NOW + 2 * HOUR, (), 2)
    assert after.msg_type is MsgType.UPDATE


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"expires": NOW + HOUR}, Rule.EXPIRES_SHORTER, "/expires"),
        ({"expires": NOW + 25 * HOUR}, Rule.EXPIRES_TOO_LATE, "/expires"),
        ({"alert_id": "unknown"}, Rule.UNKNOWN_ALERT, "/alert_id"),
        ({"sender": "n1-office"}, Rule.SUPERIOR_ALERT, "/alert_id"),
        ({"sender": "army"}, Rule.NOT_YOURS, "/alert_id"),
    ],
)
def test_an_extension_that_cannot_be_is_refused(story, change, rule, field):
    alert = story.issue("n1", expires=NOW + HOUR)
    story.wait(2 * MINUTE)
    usual = co.ExtendAlert(alert_id=alert.id, sender="nation", expires=NOW + 2 * HOUR)
    assert the(story.refused(replace(usual, **change)), rule, field)


def test_extensions_end_at_the_longest_counted_from_the_first_message(story):
    alert = story.issue("n1")
    story.wait(11 * HOUR)
    late = co.ExtendAlert(alert_id=alert.id, sender="nation", expires=NOW + 24 * HOUR)
    assert story.refused(replace(late, expires=NOW + 24 * HOUR + MINUTE)).rule is (
        Rule.EXPIRES_TOO_LATE
    )
    story.tell(late)
    assert story.extend(alert, 24 * HOUR, standing_by="Olena").standing


def test_an_extension_puts_what_ran_out_in_force_again_without_a_siren(story):
    alert = story.run_out(story.issue("n1"))
    after = story.extend(alert, HOUR)
    assert (after.state, after.ended, after.sounds_in) == (AlertState.ACTIVE, None, ())


@pytest.mark.parametrize("end", ["clear", "cancel"])
def test_what_has_ended_can_be_neither_extended_nor_updated(story, end):
    alert = story.issue("n1")
    getattr(story, end)(alert)
    extend = co.ExtendAlert(alert_id=alert.id, sender="nation", expires=NOW + 20 * HOUR)
    update = co.UpdateAlert(alert_id=alert.id, sender="nation", level="red")
    assert the(story.refused(extend), Rule.NOT_IN_FORCE, "/alert_id")
    assert the(story.refused(update), Rule.NOT_IN_FORCE, "/alert_id")


# -- all-clear -----------------------------------------------------------------------------------


def test_an_all_clear_ends_the_alert_it_names(story):
    alert = story.issue("n1")
    story.wait(HOUR)
    (event,) = story.clear(alert, reason="it is over", by="officer")
    assert isinstance(event, ev.AlertCleared)
    after = story.alert(alert.id)
    assert (after.state, after.ended) == (AlertState.CLEARED, NOW + HOUR)
    assert (after.reason, after.msg_type, after.revision) == ("it is over", MsgType.UPDATE, 2)
    assert not after.is_in_force


def test_an_all_clear_may_name_its_alert_by_sender_and_identifier(story):
    alert = story.issue("n1", identifier="m1")
    story.tell(co.ClearAlert(sender="nation", identifier="m1"))
    assert story.alert(alert.id).state is AlertState.CLEARED


def test_a_part_cleared_is_a_set_difference(story):
    alert = story.issue("north")
    (event,) = story.clear(alert, "n1a", "n2")
    assert isinstance(event, ev.AlertReduced)
    assert event.cleared == ("n1a", "n2")
    after = story.alert(alert.id)
    assert (after.area.regions, after.area.excluded) == (("north",), ("n1a", "n2"))
    assert story.extent(after) == {"n1b", "n1c"}
    assert (after.state, after.sounds_in) == (AlertState.ACTIVE, ())


def test_an_alert_whose_last_leaf_is_cleared_is_cleared(story):
    alert = story.issue("n2")
    story.clear(alert, "n2a")
    (event,) = story.clear(alert, "n2b")
    assert isinstance(event, ev.AlertCleared)
    assert story.alert(alert.id).state is AlertState.CLEARED


def test_parts_cleared_of_a_drawn_area_keep_its_shape(story):
    alert = story.issue(area=drawn(("n2a", 0.5, 0.5), ("n1a", 1.0, 0.5)))
    story.clear(alert, "n2")
    after = story.alert(alert.id)
    assert after.area.polygons == alert.area.polygons
    assert after.area.excluded == ("n2a",)
    assert story.extent(after) == {"n1a"}


def test_a_region_wider_than_the_alert_clears_all_of_it(story):
    alert = story.issue("n1a")
    (event,) = story.clear(alert, "north")
    assert isinstance(event, ev.AlertCleared)


def test_a_part_of_what_ran_out_is_cleared_and_the_rest_stays_unconfirmed(story):
    alert = story.run_out(story.issue("n2"))
    story.clear(alert, "n2a")
    after = story.alert(alert.id)
    assert after.state is AlertState.UNCONFIRMED
    assert story.extent(after) == {"n2b"}


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"regions": ("n2",)}, Rule.REGION_NOT_COVERED, "/regions"),
        ({"regions": ("n1", "nowhere")}, Rule.UNKNOWN_REGION, "/regions/1"),
        ({"sender": "n1-office"}, Rule.SUPERIOR_ALERT, "/alert_id"),
        ({"sender": "army"}, Rule.NOT_YOURS, "/alert_id"),
        ({"alert_id": "unknown"}, Rule.UNKNOWN_ALERT, "/alert_id"),
        ({"alert_id": None}, Rule.UNKNOWN_ALERT, "/alert_id"),
        ({"alert_id": None, "identifier": "unknown"}, Rule.UNKNOWN_ALERT, "/alert_id"),
        ({"ticked": ("unknown",)}, Rule.UNKNOWN_ALERT, "/ticked/0"),
    ],
)
def test_an_all_clear_that_cannot_be_is_refused(story, change, rule, field):
    alert = story.issue("n1")
    usual = co.ClearAlert(sender="nation", alert_id=alert.id)
    assert the(story.refused(replace(usual, **change)), rule, field)


def test_an_all_clear_given_twice_changes_nothing_and_after_a_cancel_is_refused(story):
    alert = story.issue("n1")
    story.clear(alert)
    assert story.clear(alert) == ()
    other = story.issue("n1")
    story.cancel(other)
    command = co.ClearAlert(sender="nation", alert_id=other.id)
    assert the(story.refused(command), Rule.ALREADY_CANCELLED, "/alert_id")


def test_ticked_alerts_end_along_with_it_and_say_with_which(story):
    wide = story.issue("north", sender="north-office")
    own = story.issue("n2", sender="north-office")
    theirs = story.issue("n1", sender="n1-office")
    left = story.issue("n1a", sender="n1-office")
    events = story.clear(wide, ticked=(own, theirs, own, wide))
    assert [event.alert_id for event in events] == [wide.id, own.id, theirs.id]
    assert [event.with_alert for event in events] == [None, wide.id, wide.id]
    assert story.alert(left.id).is_in_force
    assert story.alert(theirs.id).state is AlertState.CLEARED


def test_what_ended_meanwhile_may_still_be_ticked(story):
    wide, other = story.issue("north"), story.issue("n1")
    story.clear(other)
    assert len(story.clear(wide, ticked=(other,))) == 1


@pytest.mark.parametrize(
    ("other", "rule"),
    [
        pytest.param({"hazard": "flood"}, Rule.OTHER_HAZARD, id="another hazard"),
        pytest.param(DRILL, Rule.OTHER_REALM, id="a drill"),
        pytest.param({"status": Status.TEST}, Rule.OTHER_REALM, id="a test"),
        pytest.param({"sender": "army"}, Rule.NOT_YOURS, id="somebody else's"),
        pytest.param({"area": Area(regions=("north",))}, Rule.REGION_NOT_COVERED, id="beyond"),
    ],
)
def test_what_an_all_clear_cannot_end_cannot_be_ticked(story, other, rule):
    alert = story.issue("n1", standing_by="Olena")  # a standing one lets drills go on beside it
    named = story.issue("n1", **other)
    command = co.ClearAlert(sender="nation", alert_id=alert.id, ticked=(alert.id, named.id))
    assert the(story.refused(command), rule, "/ticked/1")


def test_ticks_of_an_all_clear_for_a_part_must_lie_in_the_part(story):
    wide = story.issue("north")
    inside, beyond = story.issue("n1a"), story.issue("n1")
    events = story.clear(wide, "n1a", ticked=(inside,))
    assert [type(event) for event in events] == [ev.AlertReduced, ev.AlertCleared]
    command = co.ClearAlert(
        sender="nation", alert_id=wide.id, regions=("n1b",), ticked=(beyond.id,)
    )
    assert the(story.refused(command), Rule.REGION_NOT_COVERED, "/ticked/0")


# -- running out ---------------------------------------------------------------------------------


def test_an_expiry_is_never_an_all_clear(story):
    alert = story.issue("n1")
    after = story.run_out(alert)
    assert (after.state, after.ended) == (AlertState.UNCONFIRMED, alert.expires)
    assert after.is_in_force
    assert list(story.state.in_force()) == [after]


def test_nothing_expires_early_or_twice(story):
    alert = story.issue("n1")
    story.now = alert.expires - timedelta(seconds=1)
    early = co.ExpireAlert(alert_id=alert.id)
    assert the(story.refused(early), Rule.NOT_YET_EXPIRED, "/alert_id")
    assert the(story.refused(replace(early, alert_id="unknown")), Rule.UNKNOWN_ALERT, "/alert_id")
    story.run_out(alert)
    assert story.tell(early) == ()


def test_a_replayed_source_that_announced_no_end_lets_its_alert_run_out_before_expires(story):
    alert = story.issue("n1")
    story.tell(co.ExpireAlert(alert_id=alert.id, replayed=True))
    assert story.alert(alert.id).state is AlertState.UNCONFIRMED


def test_unconfirmed_is_ended_only_by_what_names_it(story):
    alert = story.run_out(story.issue("n1"))
    story.wait(timedelta(days=30))
    again = story.issue("n1")
    story.clear(again)
    assert story.alert(alert.id).state is AlertState.UNCONFIRMED
    story.clear(alert)
    assert story.alert(alert.id).state is AlertState.CLEARED
    other = story.run_out(story.issue("n2"))
    story.cancel(other)
    assert story.alert(other.id).state is AlertState.CANCELLED


# -- cancel --------------------------------------------------------------------------------------


def test_a_cancel_says_that_there_was_no_danger_which_is_not_an_all_clear(story):
    alert = story.issue("n1")
    (event,) = story.cancel(alert, "wrong template")
    assert isinstance(event, ev.AlertCancelled)
    after = story.alert(alert.id)
    assert (after.state, after.msg_type) == (AlertState.CANCELLED, MsgType.CANCEL)
    assert after.reason == "wrong template"
    assert story.cancel(alert) == ()


def test_an_alert_is_cancelled_after_its_all_clear_too(story):
    alert = story.issue("n1")
    story.clear(alert)
    story.wait(HOUR)
    story.cancel(alert)
    after = story.alert(alert.id)
    assert (after.state, after.ended, after.revision) == (AlertState.CANCELLED, story.now, 3)
    assert list(story.state.ended) == [alert.id]


@pytest.mark.parametrize(
    ("change", "rule", "field"),
    [
        ({"reason": " "}, Rule.REASON_MISSING, "/reason"),
        ({"sender": "army"}, Rule.NOT_YOURS, "/alert_id"),
        ({"alert_id": "unknown"}, Rule.UNKNOWN_ALERT, "/alert_id"),
    ],
)
def test_a_cancel_that_cannot_be_is_refused(story, change, rule, field):
    alert = story.issue("n1")
    usual = co.CancelAlert(sender="nation", alert_id=alert.id, reason="slip")
    assert the(story.refused(replace(usual, **change)), rule, field)


# -- an end before its alert ---------------------------------------------------------------------


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_relayed_end_before_its_alert_leaves_a_tombstone_and_the_late_alert_is_silent(
    story, cancelled
):
    end = (
        co.CancelAlert(sender="army", identifier="m1", reason="slip", relayed=True)
        if cancelled
        else co.ClearAlert(sender="army", identifier="m1", reason="over", relayed=True)
    )
    (stone,) = story.tell(end)
    assert isinstance(stone, ev.TombstoneLaid)
    assert story.state.tombstones == {
        ("army", "m1"): Tombstone(NOW, cancelled, "slip" if cancelled else "over")
    }
    assert story.tell(end) == (), "twice is once"
    issued, ended = story.tell(issuing("n1", sender="army", identifier="m1"))
    assert issued.sounds_in == ()
    assert isinstance(ended, ev.AlertCancelled if cancelled else ev.AlertCleared)
    after = story.alert(issued.alert_id)
    assert after.state is (AlertState.CANCELLED if cancelled else AlertState.CLEARED)
    assert story.state.tombstones == {}
    assert story.tell(issuing("n1", sender="army", identifier="m1")) == ()


def test_a_tombstone_is_for_the_senders_own_alert_only(story):
    story.tell(co.ClearAlert(sender="army", identifier="m1", relayed=True))
    alert = story.issue("n1", sender="nation", identifier="m1")
    assert alert.sounds_in == ("n1a", "n1b", "n1c")
    assert alert.is_in_force


def test_a_relayed_cancel_after_a_relayed_all_clear_says_that_it_was_an_error(story):
    story.tell(co.ClearAlert(sender="army", identifier="m1", relayed=True))
    story.tell(co.CancelAlert(sender="army", identifier="m1", reason="slip", relayed=True))
    assert story.state.tombstones["army", "m1"].cancelled
    again = co.ClearAlert(sender="army", identifier="m1", relayed=True)
    assert story.tell(again) == (), "an error stays one"


def test_a_relayed_all_clear_for_a_part_never_ends_an_alert_that_has_not_come(story):
    part = co.ClearAlert(sender="army", identifier="m1", regions=("n1a",), relayed=True)
    assert the(story.refused(part), Rule.UNKNOWN_ALERT, "/alert_id")
    assert story.issue("n1", sender="army", identifier="m1").is_in_force


def test_our_own_api_refuses_an_end_before_its_alert(story):
    for end in (
        co.ClearAlert(sender="nation", identifier="m1"),
        co.CancelAlert(sender="nation", identifier="m1", reason="slip"),
        co.ClearAlert(sender="nation", alert_id="unknown", relayed=True),
    ):
        assert the(story.refused(end), Rule.UNKNOWN_ALERT, "/alert_id")


# -- drills, tests -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("realm", "status"),
    [
        (Realm.DRILL, Status.ACTUAL),
        (Realm.DRILL, Status.TEST),
        (Realm.DRILL, Status.SYSTEM),
        (Realm.DRILL, Status.DRAFT),
        (Realm.LIVE, Status.EXERCISE),
    ],
)
def test_a_status_of_the_other_realm_is_refused(story, realm, status):
    refused = story.refused(issuing("n1", realm=realm, status=status))
    assert the(refused, Rule.REALM_MISMATCH, "/status")


@pytest.mark.parametrize(
    ("more", "audience"),
    [
        ({}, Audience.PUBLIC),
        (DRILL, Audience.DRILL),
        ({"status": Status.TEST}, Audience.DESK),
        ({"status": Status.SYSTEM}, Audience.DESK),
        ({"status": Status.DRAFT}, Audience.DESK),
    ],
)
def test_an_alert_keeps_its_audience_and_status_to_its_end(story, more, audience):
    alert = story.issue("n1", **more)
    story.update(alert, level="red")
    story.extend(alert, 20 * HOUR)
    story.clear(alert, "n1a")
    story.run_out(story.alert(alert.id))
    story.clear(alert)
    story.cancel(alert)
    lived = [
        event for event in story.events
        if ev.alert_id_of(event) == alert.id and not isinstance(event, OfficersPaged)
    ]  # fmt: skip
    assert len(lived) == 7
    assert {event.status for event in lived} == {alert.status}
    assert {ev.audience_of_event(event) for event in lived} == {audience}
    assert story.alert(alert.id).realm is alert.realm


# -- imported history ----------------------------------------------------------------------------


def test_imported_history_sounds_nothing_needs_no_mandate_no_words_and_no_number(story):
    alert = story.issue("n1", sender="archive", imported=True, words={}, texts=None)
    assert (alert.sounds_in, alert.imported) == ((), True)
    assert not ev.is_sequenced(story.events[-1])


def test_every_event_of_an_imported_alert_takes_no_number_and_sounds_nothing(story):
    alert = story.issue("n1", level="yellow", imported=True)
    begun = len(story.events) - 1
    story.update(alert, level="red")
    story.extend(alert, 20 * HOUR)
    story.clear(alert, "n1a")
    story.run_out(story.alert(alert.id))
    story.cancel(alert)
    assert len(story.events) - begun == 6
    for event in story.events[begun:]:
        assert not ev.is_sequenced(event)
        assert getattr(event, "sounds_in", ()) == ()


def test_an_imported_all_clear_names_what_ran_out_over_the_same_leaves_by_itself(story):
    old = story.run_out(story.issue("n1a", imported=True))
    beyond = story.run_out(story.issue("north", imported=True))
    foreign = story.run_out(story.issue("n1a", sender="army", imported=True))
    flood = story.run_out(story.issue("n1a", hazard="flood", imported=True))
    tested = story.run_out(story.issue("n1a", status=Status.TEST))
    alert = story.issue("n1", imported=True)
    events = story.clear(alert, imported=True)
    assert [event.alert_id for event in events] == [alert.id, old.id]
    for other in (beyond, foreign, flood, tested):
        assert story.alert(other.id).state is AlertState.UNCONFIRMED


def test_a_living_all_clear_and_an_imported_one_for_a_part_name_nothing_by_themselves(story):
    story.run_out(story.issue("n1a"))
    alert = story.issue("n1")
    assert len(story.clear(alert, "n1a", imported=True)) == 1
    assert len(story.clear(alert)) == 1
    assert len(story.clear(story.issue("n2"), imported=True)) == 1


def test_an_imported_all_clear_names_nothing_where_nothing_ran_out(story):
    assert len(story.clear(story.issue("n1", imported=True), imported=True)) == 1


def test_an_imported_alert_may_be_made_standing_in_the_past_and_run_out_early(story):
    alert = story.issue("n1", imported=True)
    after = story.extend(alert, timedelta(hours=88), standing_by="importer", imported=True)
    assert after.standing
    story.tell(co.ExpireAlert(alert_id=alert.id, imported=True))
    assert story.alert(alert.id).state is AlertState.UNCONFIRMED


# -- the clock -----------------------------------------------------------------------------------


def test_a_doubted_clock_and_its_acceptance_are_recorded_for_the_desk(story):
    (doubt,) = story.tell(co.DoubtClock(wall=NOW + HOUR, expected=NOW, restarted=True))
    (accepted,) = story.tell(co.AcceptClock(wall=NOW + HOUR, by="Olena"))
    assert (doubt.wall, doubt.expected, doubt.restarted) == (NOW + HOUR, NOW, True)
    assert (accepted.wall, accepted.by) == (NOW + HOUR, "Olena")
    assert ev.audience_of_event(doubt) is Audience.DESK
    assert ev.alert_id_of(doubt) is None
    assert ev.is_sequenced(doubt)


def test_mandates_are_public(story):
    assert ev.audience_of_event(story.events[0]) is Audience.PUBLIC
    (gone,) = story.tell(co.WithdrawMandate(sender="army", regions=("n1",)))
    assert ev.audience_of_event(gone) is Audience.PUBLIC


def test_words_are_values_and_the_worlds_defaults_are_plain():
    assert WORLD.may_end("nation", "n1-office")
    assert not WORLD.may_end("n1-office", "nation")
    assert Words("a", "b", "c").headline == "a"


def test_every_event_says_in_whose_name_it_came(story):
    """For the audit: who asked stands in each event, but in a running out, which nobody asked."""
    begun = len(story.events)
    alert, other = story.issue("north", by="Olena"), story.issue("n2a", by="Olena")
    story.update(alert, level="red", by="Olena")
    story.extend(alert, 20 * HOUR, by="Olena")
    story.clear(alert, "n1a", by="Olena")
    story.clear(alert, ticked=(other,), by="Olena")
    reason, name = "slip", {"sender": "army", "by": "Olena"}
    story.tell(co.CancelAlert(alert_id=alert.id, sender="nation", by="Olena", reason=reason))
    story.tell(co.GiveMandate(regions=("n1",), **name))
    story.tell(co.WithdrawMandate(regions=("n1",), **name))
    for identifier in ("m1", "m2"):
        end = co.ClearAlert(identifier=identifier, relayed=True, **name)
        if identifier == "m2":
            end = co.CancelAlert(identifier=identifier, relayed=True, reason=reason, **name)
        story.tell(end)
        story.tell(issuing("n2b", sender="army", identifier=identifier, by="Olena"))
    assert len(story.events) - begun == 16
    assert {event.by for event in story.events[begun:]} == {"Olena"}


# -- an all-clear repeated, history beside the living ----------------------------------------------


def test_an_all_clear_repeated_with_further_ticks_still_ends_what_is_ticked(story):
    one, other = story.issue("n1"), story.issue("n1a")
    story.tell(co.ClearAlert(sender="nation", alert_id=one.id))
    again = co.ClearAlert(sender="nation", alert_id=one.id, ticked=(other.id,))
    assert [event.alert_id for event in story.tell(again)] == [other.id]
    assert story.alert(other.id).state is AlertState.CLEARED


def test_imported_history_keeps_no_living_alert_silent(story):
    story.issue("n1", imported=True)
    assert set(story.issue("n1").sounds_in) == leaves_of("n1")


def test_an_imported_all_clear_never_ends_what_ran_out_after_it(story):
    late = story.issue("n1", imported=True)
    story.now += 9 * HOUR
    story.tell(co.ExpireAlert(alert_id=late.id, imported=True))
    story.now -= 8 * HOUR
    early = story.issue("n1", imported=True)
    story.tell(co.ClearAlert(sender="nation", alert_id=early.id, imported=True))
    assert story.alert(late.id).state is AlertState.UNCONFIRMED
