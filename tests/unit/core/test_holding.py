"""Who controls a region: mandates are cut off with it, remembered, and given again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.world import HOUR, NOW, WORLD, Story, leaves_of, officer
from tocsin.core import commands as co
from tocsin.core.alert import Audience, Realm
from tocsin.core.authority import Role, mandated
from tocsin.core.control import Control, ControlSet, SetControl
from tocsin.core.events import audience_of_event
from tocsin.core.holding import control_at
from tocsin.core.overlap import RegionState
from tocsin.core.refusals import Rule
from tocsin.projections.regions import RegionStates

TREE = WORLD.tree
LOST, HELD, UNCLEAR = Control.LOST, Control.HELD, Control.UNCLEAR
DAY = timedelta(days=1)


@pytest.fixture
def story() -> Story:
    return Story.with_mandates()


def setting(*regions, control=LOST, **more):
    usual = {"source": "The general staff.", "regions": regions, "control": control}
    return SetControl(**{**usual, **more})


def may(story, sender=None, after=timedelta(0)):
    """The leaves in which somebody (or ``sender``) may warn, so long from the story's now."""
    held = mandated(TREE, story.state.mandates, story.now + after, sender)
    return frozenset(TREE.leaf_names(held))


def test_where_a_region_is_lost_nobody_may_warn_from_then_on(story):
    recorded, *withdrawn = story.tell(setting("north"))
    assert may(story) == leaves_of("south", "city")
    assert {each.sender for each in withdrawn} == {"nation", "army", "north-office", "n1-office"}
    assert isinstance(recorded, ControlSet)
    assert (recorded.holding.control, recorded.holding.regions) == (LOST, ("north",))
    assert len(recorded.holding.suspended) == 4


@pytest.mark.parametrize("control", [LOST, UNCLEAR])
def test_held_again_gives_back_exactly_what_was_cut_off(story, control):
    before = {sender: may(story, sender) for sender in ("nation", "army", "n1-office")}
    story.tell(setting("n1", control=control))
    story.wait(DAY)
    assert may(story) == leaves_of("land") - leaves_of("n1")
    _, *given = story.tell(setting("n1", control=HELD))
    assert {sender: may(story, sender) for sender in before} == before
    assert all(each.regions == ("n1",) for each in given)
    story.wait(DAY)
    assert len(story.tell(setting("n1", control=HELD))) == 1  # nothing is given twice
    assert {sender: may(story, sender) for sender in before} == before


def test_lost_and_held_again_and_again_comes_to_the_same(story):
    before = may(story, "north-office")
    for _ in range(3):
        story.wait(HOUR)
        story.tell(setting("n2"))
        story.wait(HOUR)
        _, *given = story.tell(setting("n2", control=HELD))
        assert len(given) == 3
    assert may(story, "north-office") == before


def test_a_city_is_held_while_its_province_is_lost(story):
    story.tell(setting("north"))
    story.wait(HOUR)
    story.tell(setting("n1a", control=HELD))
    assert may(story) & leaves_of("north") == {"n1a"}
    assert may(story, "n1-office") == {"n1a"}
    story.wait(HOUR)
    story.tell(setting("n1", control=HELD))
    assert may(story) & leaves_of("north") == leaves_of("n1")


def test_a_loss_that_is_still_to_come_cuts_from_then_on(story):
    story.tell(setting("south", valid_from=NOW + DAY))
    assert "s2" in may(story)
    assert "s2" in may(story, after=DAY - timedelta(seconds=1))
    assert may(story, after=DAY) == leaves_of("north", "city")


def test_a_loss_with_an_end_gives_back_by_itself(story):
    story.tell(setting("south", valid_until=NOW + DAY))
    assert may(story) == leaves_of("north", "city")
    assert may(story, after=DAY) == leaves_of("land")
    story.wait(HOUR)
    story.tell(setting("s2", control=HELD, valid_until=story.now + HOUR))
    assert "s2" in may(story)
    assert "s2" not in may(story, after=2 * HOUR)
    assert may(story, after=DAY) == leaves_of("land")


def test_a_mandate_with_dates_of_its_own_keeps_them(story):
    until = NOW + 2 * DAY
    story.tell(co.GiveMandate(sender="guests", regions=("city", "s2"), valid_from=NOW + HOUR,
                              valid_until=until))  # fmt: skip
    story.tell(setting("city", valid_from=NOW + DAY))
    assert may(story, "guests", HOUR) == {"city", "s2"}
    assert may(story, "guests", DAY) == {"s2"}
    story.wait(timedelta(days=3))
    story.tell(setting("city", control=HELD))
    assert "city" in may(story, "nation")
    assert may(story, "guests") == frozenset()  # it would have ended by now


def test_what_ended_before_the_loss_is_not_touched(story):
    story.tell(co.GiveMandate(sender="guests", regions=("city",), valid_until=NOW + HOUR))
    story.wait(2 * HOUR)
    events = story.tell(setting("city"))
    assert {each.sender for each in events[1:]} == {"nation", "army"}


def test_what_was_given_meanwhile_is_not_given_twice(story):
    story.tell(setting("city"))
    story.wait(HOUR)
    tomorrow = story.now + DAY
    story.tell(setting("city", control=HELD, valid_from=tomorrow))
    _, *given = story.tell(setting("city", control=HELD))
    assert [(each.sender, each.valid_until) for each in given] == [
        ("army", tomorrow), ("nation", tomorrow),
    ]  # fmt: skip
    assert may(story, "army", 2 * DAY) & {"city"}


# -- given meanwhile -------------------------------------------------------------------------------


def giving(*regions, **more):
    return co.GiveMandate(sender="navy", regions=regions, **more)


def test_a_mandate_for_the_whole_country_is_none_where_a_region_is_lost(story):
    story.tell(setting("n1"))
    story.tell(setting("n2a", control=UNCLEAR))
    story.wait(HOUR)
    (given,) = story.tell(giving("land"))
    assert may(story, "navy") == leaves_of("land") - leaves_of("n1") - {"n2a"}
    assert (given.valid_from, given.valid_until) == (story.now, None)
    assert may(story) & (leaves_of("n1") | {"n2a"}) == set()
    assert story.tell(giving("land", valid_from=given.valid_from)) == ()  # it is there already


@pytest.mark.parametrize("control", [LOST, UNCLEAR])
def test_a_mandate_for_nothing_but_what_is_lost_is_refused(story, control):
    story.tell(setting("north", control=control))
    found = story.refused(giving("n1", "n2a"))
    assert (found.rule, found.field) == (Rule.OUTSIDE_JURISDICTION, "/regions")
    story.tell(setting("north", control=HELD))
    story.tell(giving("n1", "n2a"))
    assert may(story, "navy") == leaves_of("n1") | {"n2a"}


def test_a_mandate_is_given_for_the_time_before_and_after_a_loss(story):
    first, last = story.now + DAY, story.now + 2 * DAY
    story.tell(setting("n1", valid_from=first, valid_until=last))
    story.tell(giving("n1"))
    times = [(story.now, first), (last, None)]
    held = [each for each in story.state.mandates if each.sender == "navy"]
    assert sorted((each.valid_from, each.valid_until) for each in held) == times
    story.tell(setting("n1a", control=HELD, valid_from=first))  # the later record for a part
    story.tell(giving("n1a", valid_from=first, valid_until=last))
    assert may(story, "navy", DAY) == {"n1a"}


def test_a_record_that_is_over_takes_nothing_from_a_mandate(story):
    story.tell(setting("n1", valid_until=story.now + HOUR))
    story.wait(2 * HOUR)
    (given,) = story.tell(giving("n1"))
    assert (given.regions, given.valid_from) == (("n1",), story.now)


def test_people_read_no_information_there_and_an_alert_in_force_is_still_one(story):
    story.issue("n2a")
    story.wait(HOUR)
    story.tell(setting("north"))
    seen = RegionStates(WORLD, Audience.PUBLIC)
    seen.apply_all(story.events)
    for region, state in (("n1", RegionState.NO_INFORMATION), ("n2a", RegionState.ACTIVE)):
        shown = {line.hazard: line.state for line in seen.line(region, story.now)}
        assert shown["air-raid"] is state
    assert seen.rest("n1", story.now) is RegionState.NO_INFORMATION
    assert seen.no_information(story.now) == ("north",)


def test_the_record_is_the_desk_s_alone(story):
    recorded, *follows = story.tell(setting("north"))
    assert audience_of_event(recorded) is Audience.DESK
    assert {audience_of_event(each) for each in follows} == {Audience.PUBLIC}


def test_the_later_record_for_a_part_counts_there(story):
    story.tell(setting("north"))
    story.wait(HOUR)
    story.tell(setting("n1a", control=HELD, valid_until=story.now + HOUR))
    now = control_at(TREE, story.state.control, story.now)
    assert {code: each.control for code, each in now.items()} == {
        **dict.fromkeys(leaves_of("north"), LOST), "n1a": HELD,
    }  # fmt: skip
    later = control_at(TREE, story.state.control, story.now + HOUR)
    assert later["n1a"].control is LOST
    assert control_at(TREE, story.state.control, NOW - HOUR) == {}


@pytest.mark.parametrize(
    ("command", "rule", "field"),
    [
        pytest.param(setting(), Rule.EMPTY_AREA, "/regions", id="nowhere"),
        pytest.param(setting("city", "atlantis"), Rule.UNKNOWN_REGION, "/regions/1", id="unknown"),
        pytest.param(setting("city", source=" "), Rule.SOURCE_MISSING, "/source", id="no source"),
        pytest.param(
            setting("city", valid_until=NOW), Rule.ENDS_BEFORE_START, "/valid_until", id="past"
        ),
        pytest.param(
            setting("city", valid_from=NOW + DAY, valid_until=NOW + HOUR),
            Rule.ENDS_BEFORE_START, "/valid_until", id="turned",
        ),
    ],
)  # fmt: skip
def test_each_slip_is_refused_by_its_field(story, command, rule, field):
    found = story.refused(command)
    assert (found.rule, found.field) == (rule, field)


@pytest.mark.parametrize("role", [each for each in Role if each is not Role.ADMINISTRATOR])
def test_only_an_administrator_records_it(story, role):
    assert story.refused(setting("city"), officer(role=role)).rule is Rule.NOT_ALLOWED


def test_a_credential_of_drills_alone_records_nothing(story):
    drilled = officer(role=Role.ADMINISTRATOR, realms=(Realm.DRILL,))
    assert story.refused(setting("city"), drilled).rule is Rule.WRONG_ROOM
    (recorded, *_) = story.tell(setting("city"), officer("anna", role=Role.ADMINISTRATOR))
    assert recorded.holding.by == "anna"
