"""Which channel still reaches whom: leaves counted by hand in the small country."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.works import (
    DEGRADED,
    DOWN,
    UNKNOWN,
    WIRED,
    WORKING,
    Works,
    changed,
    facility,
    the_tower,
)
from kit.world import HOUR, MINUTE, NOW, leaves_of
from tocsin.core import infra_events as ie
from tocsin.core.coverage import (
    at_risk,
    coverage,
    dependants,
    hidden,
    needed_by,
    people,
    were_down,
    without_any,
)
from tocsin.core.facilities import Need, Tie
from tocsin.core.infrastructure import fold_infra

NORTH = leaves_of("north")


@pytest.fixture
def works() -> Works:
    return Works.with_mandates(WIRED)


# -- where a channel is at all ---------------------------------------------------------------------


def test_a_channel_is_where_the_profile_says_and_everywhere_where_it_does_not(works):
    stand = {each.channel.id: works.names(each.exists) for each in coverage(WIRED, works.infra)}
    assert stand == {
        "sirens": leaves_of("n1"), "tv": leaves_of("north", "city"), "radio": NORTH,
        "web": leaves_of("land"), "cars": leaves_of("n1", "n2a"),
    }  # fmt: skip
    assert all(each.carries == each.exists for each in coverage(WIRED, works.infra))


def test_what_carries_a_channel_elsewhere_brings_it_there(works):
    works.add("mast", serves={"tv": ("s2",)})
    assert works.names(works.reach("tv").exists) == leaves_of("north", "city", "s2")
    works.set("radio", DOWN, "s1a")
    assert works.names(works.reach("radio").exists) == leaves_of("north", "s1a")


# -- lost, at risk, unknown ------------------------------------------------------------------------


def test_a_leaf_is_lost_when_all_that_carries_it_there_is_down(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    mast = works.add("mast", serves={"tv": ("n2",)})
    works.say(tower, DOWN)
    assert works.lost("tv") == leaves_of("n1")
    assert works.names(works.reach("tv").carries) == leaves_of("n2", "city")
    works.say(mast, DOWN)
    assert works.lost("tv") == NORTH


def test_one_that_carries_a_channel_in_two_lines_carries_both(works):
    described = facility("tower", serves={"tv": ("n1",)})
    twice = replace(described, serves=(*described.serves, *facility("x", serves={"tv": ("n2",)}).serves))  # fmt: skip  # noqa: E501
    tower = works.add("plain")
    works.describe(tower, twice)
    works.say(tower, DOWN)
    assert works.lost("tv") == NORTH


def test_at_risk_is_not_lost(works):
    plant, substation, tower = the_tower(works)
    works.say(plant, DOWN)
    reach = works.reach("tv")
    assert (works.names(reach.lost), works.names(reach.at_risk)) == (frozenset(), NORTH)
    mast = works.add("mast", serves={"tv": ("n2",)})
    assert works.names(works.reach("tv").at_risk) == leaves_of("n1")
    works.say(mast, DEGRADED)
    assert works.names(works.reach("tv").at_risk) == NORTH
    works.say(tower, DOWN)
    reach = works.reach("tv")
    assert (works.names(reach.lost), works.names(reach.at_risk)) == (
        leaves_of("n1"), leaves_of("n2"),
    )  # fmt: skip
    assert works.one(substation).condition is UNKNOWN


def test_that_nobody_knows_is_said_and_is_neither_lost_nor_safe(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    assert works.reach("tv").unknown == 0  # of what was just entered nothing bad was said
    works.say(tower, UNKNOWN)
    reach = works.reach("tv")
    assert (works.names(reach.unknown), reach.lost, reach.at_risk) == (NORTH, 0, 0)
    works.add("mast", serves={"tv": ("n2",)})
    assert works.names(works.reach("tv").unknown) == leaves_of("n1")


def test_no_leaf_stands_in_two_of_them(works):
    plant, _, tower = the_tower(works)
    works.say(works.add("mast", serves={"tv": ("n1",)}), UNKNOWN)
    works.say(plant, DOWN)
    works.set("tv", DOWN, "n1a")
    works.set("tv", UNKNOWN, "n1b")
    works.say(tower, DEGRADED)
    for each in coverage(WIRED, works.infra):
        assert not each.lost & each.at_risk
        assert not each.lost & each.unknown
        assert not each.at_risk & each.unknown


def test_restored_it_carries_and_people_are_told(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    assert changed(works.say(tower, DOWN)) == {"tv": ("north",)}
    works.wait(MINUTE)
    assert changed(works.say(tower, DEGRADED)) == {"tv": ()}
    assert works.names(works.reach("tv").at_risk) == NORTH
    works.wait(MINUTE)
    assert changed(works.say(tower, WORKING)) == {}


def test_what_was_down_and_is_not_known_any_more_does_not_carry(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.wait(MINUTE)
    assert changed(works.say(tower, UNKNOWN)) == {}
    assert works.lost("tv") == NORTH


# -- what a person said ----------------------------------------------------------------------------


def test_a_person_s_word_counts_before_what_installations_say(works):
    works.say(works.add("tower", serves={"tv": ("north",)}), DOWN)
    assert changed(works.set("tv", WORKING, "n1")) == {"tv": ("n2",)}
    assert changed(works.set("tv", DEGRADED, "n2")) == {"tv": ()}
    assert works.names(works.reach("tv").at_risk) == leaves_of("n2")
    assert changed(works.set("tv", DOWN, "n2a")) == {"tv": ("n2a",)}
    assert changed(works.set("tv", None, "north")) == {"tv": ("north",)}


def test_the_later_word_counts_before_the_earlier_where_they_meet(works):
    works.set("tv", DOWN, "north")
    works.wait(MINUTE)
    works.set("tv", WORKING, "n1")
    assert works.lost("tv") == leaves_of("n2")
    assert changed(works.set("tv", DOWN, "north", as_of=NOW)) == {}  # older than "working"
    works.wait(MINUTE)
    works.set("tv", DOWN, "north")
    assert works.lost("tv") == NORTH


def test_a_word_is_taken_back_in_a_part_of_where_it_was_said(works):
    works.say(works.add("mast", serves={"tv": ("north",)}), WORKING)
    works.set("tv", DOWN, "north")
    assert changed(works.set("tv", None, "n1")) == {"tv": ("n2",)}
    assert works.names(works.reach("tv").carries) == leaves_of("n1", "city")
    assert [each.condition for each in works.infra.settings] == [DOWN, None]
    assert changed(works.set("tv", None, "north")) == {"tv": ()}
    assert works.infra.settings == ()


def test_a_word_taken_back_leaves_what_installations_say(works):
    plant, _, tower = the_tower(works)
    works.say(plant, DOWN)
    works.say(tower, WORKING)
    works.say(works.add("mast", serves={"radio": ("n2",)}), UNKNOWN)
    works.set("tv", DOWN, "north", "city")
    works.set("tv", None, "north")
    works.set("radio", WORKING, "north")
    works.set("radio", None, "north")
    assert works.names(works.reach("tv").at_risk) == NORTH
    assert works.names(works.reach("radio").unknown) == leaves_of("n2")
    assert works.lost("tv") == leaves_of("city")


def test_a_word_taken_back_gives_no_channel_back_where_nothing_is_said_to_work(works):
    mast = works.add("mast", serves={"tv": ("n2",)})
    works.set("tv", DOWN, "north")
    assert changed(works.set("tv", None, "north")) == {}
    assert works.infra.settings == ()
    assert works.lost("tv") == works.told("tv") == NORTH
    assert changed(works.say(mast, UNKNOWN)) == {}
    works.wait(MINUTE)
    assert changed(works.say(mast, DEGRADED)) == {"tv": ("n1",)}
    assert changed(works.set("tv", WORKING, "n1")) == {"tv": ()}


def test_that_nobody_knows_takes_nothing_back(works):
    works.set("tv", DOWN, "n1")
    assert changed(works.set("tv", UNKNOWN, "north")) == {}
    reach = works.reach("tv")
    assert (works.names(reach.lost), works.names(reach.unknown)) == (
        leaves_of("n1"), leaves_of("n2"),
    )  # fmt: skip


def test_only_words_that_something_goes_by_are_kept(works):
    for minute in range(5):
        works.wait(MINUTE)
        works.set("tv", DOWN, "n1a", "n1b", source=str(minute))
        works.set("tv", WORKING, "n1a", source=str(minute))
        works.set("radio", DOWN, "n1a", source=str(minute))
    kept = [(each.channel, each.condition, each.source) for each in works.infra.settings]
    assert kept == [("tv", DOWN, "4"), ("tv", WORKING, "4"), ("radio", DOWN, "4")]


# -- a region without any channel ------------------------------------------------------------------


def test_a_leaf_without_any_is_one_where_all_that_wakes_by_itself_is_lost(works):
    assert without_any(WIRED, works.infra) == 0  # the south never had one: it lost none
    works.set("radio", DOWN, "north")
    works.set("tv", DOWN, "north")
    assert works.names(without_any(WIRED, works.infra)) == leaves_of("n2")  # sirens wail in n1
    works.set("sirens", DOWN, "n1a")
    assert works.names(without_any(WIRED, works.infra)) == leaves_of("n2", "n1a")
    works.set("cars", DOWN, "n1a")  # carried by hand: it does not count
    assert works.names(without_any(WIRED, works.infra)) == leaves_of("n2", "n1a")


def test_people_are_counted_about():
    tree = WIRED.tree
    assert people(tree, 0) == 0
    assert people(tree, tree.mask(("n1",))) == 600_000
    assert people(tree, tree.mask(("n1a", "city"))) == 1_000_000
    assert people(tree, tree.mask(("land",))) == 2_100_000
    uncounted = type(tree)(replace(each, population=None) for each in tree.regions)
    assert people(uncounted, 1) is None


def test_if_it_were_down_is_asked_without_changing_anything(works):
    plant, substation, tower = the_tower(works)
    before = works.infra
    fallen = coverage(WIRED, were_down(works.infra, tower))
    assert works.names(next(r for r in fallen if r.channel.id == "tv").lost) == NORTH
    fallen = coverage(WIRED, were_down(works.infra, plant))
    tv = next(r for r in fallen if r.channel.id == "tv")
    assert (tv.lost, works.names(tv.at_risk)) == (0, NORTH)
    assert works.infra == before
    assert dependants(works.infra.installations, plant) == [substation, tower]
    assert dependants(works.infra.installations, tower) == []
    assert needed_by(works.infra.installations, tower) == [substation, plant]


# -- what cannot be, and is survived ---------------------------------------------------------------


def test_a_loop_that_came_in_without_the_key_ends(works):
    plant, substation, tower = the_tower(works)
    looped = facility("plant", kind="power-plant", needs=(tower,))
    entered = ie.InstallationRegistered(
        at=NOW, installation_id=plant, handle="X", content="c", facility=looped
    )
    works.state = replace(works.state, infra=fold_infra(works.infra, entered))
    works.say(plant, DOWN)
    assert at_risk(works.infra.installations) == {substation: (plant,), tower: (plant,)}
    assert set(needed_by(works.infra.installations, plant)) == {tower, substation}


def test_a_need_of_what_is_not_there_is_passed_over(works):
    tower = works.add("tower")
    strange = facility("tower", needs=(Need(tie=Tie.CONTROLLED_BY, on="gone"),))
    entered = ie.InstallationRegistered(
        at=NOW, installation_id=tower, handle="X", content="c", facility=strange
    )
    works.state = replace(works.state, infra=fold_infra(works.infra, entered))
    assert needed_by(works.infra.installations, tower) == []
    assert needed_by(works.infra.installations, "gone") == []


def test_a_region_that_the_profile_no_longer_has_is_passed_over(works):
    works.say(works.add("tower", serves={"tv": ("north",)}), DOWN)
    told = ie.ChannelsChanged(at=NOW, channel="tv", may_not=("gone", "n1"))
    works.state = replace(works.state, infra=fold_infra(works.infra, told))
    assert works.lost("tv") == NORTH


def test_what_does_not_open_is_counted_and_what_was_erased_is_not(works):
    tower, mast = works.add("tower"), works.add("mast")
    assert hidden(works.infra) == 0
    works.erase(tower)
    assert hidden(works.infra) == 0
    works.lose_the_key()
    assert hidden(works.infra) == 1
    assert works.one(mast).facility is None


# -- the tower of the reports ----------------------------------------------------------------------


def test_the_day_of_the_tower_from_the_strike_to_its_signal(works):
    _, substation, tower = the_tower(works)
    works.say(substation, WORKING)
    works.say(tower, WORKING)
    works.wait(HOUR)
    assert changed(works.say(substation, DOWN, struck=True)) == {}
    assert at_risk(works.infra.installations) == {tower: (substation,)}
    works.wait(MINUTE)
    assert changed(works.say(tower, DOWN)) == {"tv": ("north",)}
    works.wait(HOUR)
    assert changed(works.set("tv", DEGRADED, "n2", source="the broadcaster")) == {"tv": ("n1",)}
    works.wait(HOUR)
    works.say(substation, WORKING)
    assert works.told("tv") == leaves_of("n1")
    assert changed(works.say(tower, WORKING)) == {"tv": ()}
    works.set("tv", None, "n2")
    assert works.reach("tv").carries == works.reach("tv").exists
