"""Alerts are counted by identity, never by colour: ending one never ends another."""

import pytest

from kit.world import (
    DRILL,
    ELSEWHERE,
    LEAVES,
    WORDS,
    WORLD,
    Story,
    drawn,
    leaves_of,
)
from tocsin.core.alert import Status
from tocsin.core.area import Area
from tocsin.core.overlap import Picture, RegionState, clearing, picture

TREE = WORLD.tree


@pytest.fixture
def story() -> Story:
    return Story.with_mandates()


def shown(story: Story, region: str, hazard: str = "air-raid") -> RegionState:
    """What a region is shown as, by the alerts of the story."""
    seen = picture(
        WORLD, story.state.active.values(), hazard=hazard,
        unconfirmed=story.state.unconfirmed.values(), mandated=TREE.mask(["land"]),
    )  # fmt: skip
    return seen.state(TREE.mask([region]))


def test_two_alerts_over_one_town_are_two_reasons_to_stay_in_the_shelter(story):
    first = story.issue("n1a")
    story.issue("n1a", sender="army")
    story.clear(first)
    assert shown(story, "n1a") is RegionState.ACTIVE


def test_an_all_clear_for_the_oblast_leaves_the_raion_under_its_own_alert(story):
    wide = story.issue("north")
    story.issue("n1", sender="n1-office")
    story.clear(wide)
    assert shown(story, "n1") is RegionState.ACTIVE
    assert shown(story, "n2") is RegionState.NONE


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        pytest.param("land", RegionState.PARTIAL, id="above: only a part"),
        pytest.param("north", RegionState.PARTIAL, id="directly above"),
        pytest.param("n1", RegionState.ACTIVE, id="the region itself"),
        pytest.param("n1a", RegionState.ACTIVE, id="inside: covered from above"),
        pytest.param("n2", RegionState.NONE, id="beside"),
    ],
)
def test_an_alert_for_a_raion_is_seen_from_above_and_from_inside(story, region, expected):
    story.issue("n1")
    assert shown(story, region) is expected


def test_alerts_that_together_cover_all_leaves_make_the_region_active(story):
    story.issue("n2a")
    assert shown(story, "n2") is RegionState.PARTIAL
    story.issue("n2b", sender="army")
    assert shown(story, "n2") is RegionState.ACTIVE


def test_a_drawn_shape_makes_a_region_active_from_98_percent_and_partial_from_2(story):
    story.issue(area=drawn(("n2a", 0.98, 0.6), ("n2b", 0.02, 0.39), ("n1a", 0.019, 0.01)))
    assert shown(story, "n2a") is RegionState.ACTIVE
    assert shown(story, "n2b") is RegionState.PARTIAL
    assert shown(story, "n2") is RegionState.PARTIAL
    assert shown(story, "n1a") is RegionState.NONE


def test_an_alert_of_another_hazard_changes_nothing(story):
    story.issue("n1", hazard="flood")
    assert shown(story, "n1", "air-raid") is RegionState.NONE
    assert shown(story, "n1", "flood") is RegionState.ACTIVE


def test_what_ran_out_of_another_hazard_changes_nothing(story):
    story.run_out(story.issue("n1", hazard="flood"))
    assert shown(story, "n1", "air-raid") is RegionState.NONE
    assert shown(story, "n1", "flood") is RegionState.UNCONFIRMED


def test_what_ran_out_is_unconfirmed_until_an_active_alert_covers_it(story):
    story.run_out(story.issue("n1"))
    assert shown(story, "n1") is RegionState.UNCONFIRMED
    assert shown(story, "land") is RegionState.UNCONFIRMED
    story.issue("n1a", sender="army")
    assert shown(story, "n1a") is RegionState.ACTIVE
    assert shown(story, "n1b") is RegionState.UNCONFIRMED
    assert shown(story, "n1") is RegionState.PARTIAL


def test_the_first_state_that_holds_is_shown():
    whole, touched, ran_out, cleared, mandated = 0b1, 0b11, 0b100, 0b1000, 0b10000
    seen = Picture(whole, touched, ran_out, cleared, mandated)
    assert seen.state(0b1) is RegionState.ACTIVE
    assert seen.state(0b11) is RegionState.PARTIAL
    assert seen.state(0b10) is RegionState.PARTIAL
    assert seen.state(0b1100) is RegionState.UNCONFIRMED
    assert seen.state(0b11000) is RegionState.CLEARED
    assert seen.state(0b110000) is RegionState.NONE
    assert seen.state(0b100000) is RegionState.NO_INFORMATION


# -- where it sounds -----------------------------------------------------------------------------


def test_a_first_alert_sounds_in_all_its_leaves(story):
    assert story.issue("north").sounds_in == ("n1a", "n1b", "n1c", "n2a", "n2b")


def test_a_second_air_raid_alert_sounds_nowhere(story):
    story.issue("north")
    assert story.issue("n1", sender="army").sounds_in == ()


def test_a_wider_alert_sounds_only_where_none_is_on(story):
    story.issue("n1")
    assert story.issue("north", sender="army").sounds_in == ("n2a", "n2b")


def test_another_hazard_sounds_over_the_air_raid(story):
    story.issue("n1")
    assert story.issue("n1", hazard="chemical").sounds_in == ("n1a", "n1b", "n1c")


def test_a_place_carved_out_and_raised_again_sounds(story):
    wide = story.issue("north")
    story.clear(wide, "n2b")
    assert story.issue("n2", sender="army").sounds_in == ("n2b",)


def test_a_place_carved_out_sounds_when_an_update_puts_it_back(story):
    wide = story.issue("north")
    story.clear(wide, "n2b")
    assert story.update(wide, area=Area(regions=("north",))).sounds_in == ("n2b",)


def test_a_leaf_that_a_polygon_covers_only_in_part_is_not_already_under_it(story):
    story.issue(area=drawn(("n2a", 0.5, 0.4), ("n2b", 0.99, 0.6)))
    assert story.issue("n2", sender="army").sounds_in == ("n2a",)


def test_a_higher_level_sounds_again_and_a_lower_one_does_not(story):
    story.issue("n1", level="red")
    assert story.issue("n1", level="black", sender="army").sounds_in == ("n1a", "n1b", "n1c")
    assert story.issue("n1", level="red", sender="army").sounds_in == ()


def test_a_pre_alert_without_siren_sounds_nowhere_and_its_alert_sounds(story):
    assert story.issue("n1", level="yellow").sounds_in == ()
    assert story.issue("n1", level="red", sender="army").sounds_in == ("n1a", "n1b", "n1c")


def test_raising_the_level_of_an_alert_sounds_in_all_its_leaves(story):
    alert = story.issue("n2", level="yellow")
    assert story.update(alert, level="red").sounds_in == ("n2a", "n2b")


def test_lowering_the_level_or_changing_words_sounds_nothing(story):
    alert = story.issue("n2", level="black")
    assert story.update(alert, texts="other words", words=WORDS).sounds_in == ()
    assert story.update(alert, level="red").sounds_in == ()
    assert story.update(alert, level="yellow").sounds_in == ()


def test_an_update_that_adds_a_place_sounds_there_only(story):
    alert = story.issue("n1")
    assert story.update(alert, area=Area(regions=("n1", "n2a"))).sounds_in == ("n2a",)


def test_new_words_for_a_polygon_sound_nothing_but_covering_its_leaf_whole_does(story):
    alert = story.issue(area=drawn(("n2a", 0.5, 1.0)))
    assert alert.sounds_in == ("n2a",)
    assert story.update(alert, texts="other words", words=WORDS).sounds_in == ()
    both = Area(regions=("n1a",), polygons=alert.area.polygons, touched=alert.area.touched)
    assert story.update(alert, area=both).sounds_in == ("n1a",)
    whole = Area(regions=("n1a", "n2a"), polygons=both.polygons, touched=both.touched)
    assert story.update(alert, area=whole).sounds_in == ("n2a",)


def test_a_polygon_that_moves_within_a_leaf_sounds_there(story):
    alert = story.issue(area=drawn(("n2a", 0.3, 1.0)))
    moved = drawn(("n2a", 0.3, 1.0), polygon=ELSEWHERE)
    assert story.update(alert, area=moved).sounds_in == ("n2a",)


def test_what_ran_out_is_not_on_so_a_new_alert_sounds_there(story):
    story.run_out(story.issue("n1"))
    assert story.issue("n1", sender="army").sounds_in == ("n1a", "n1b", "n1c")


@pytest.mark.parametrize("status", [Status.TEST, Status.SYSTEM, Status.DRAFT])
def test_a_test_sounds_nowhere_and_never_keeps_an_actual_alert_silent(story, status):
    assert story.issue("n1", status=status).sounds_in == ()
    assert story.issue("n1", sender="army").sounds_in == ("n1a", "n1b", "n1c")


def test_a_drill_never_keeps_an_actual_alert_silent_nor_the_other_way_round(story):
    assert story.issue("n1", **DRILL).sounds_in == ("n1a", "n1b", "n1c")
    real = story.issue("n1", sender="army", standing_by="Olena")
    assert real.sounds_in == ("n1a", "n1b", "n1c")
    assert story.issue("n1", **DRILL).sounds_in == ("n1a", "n1b", "n1c"), "the first was broken off"
    assert story.issue("n1", sender="army", **DRILL).sounds_in == ()


# -- what an all-clear would do ------------------------------------------------------------------


def test_an_all_clear_offers_the_subordinates_alerts_and_ticks_ones_own(story):
    wide = story.issue("north", sender="north-office")
    own = story.issue("n2", sender="north-office")
    theirs = story.issue("n1", sender="n1-office")
    foreign = story.issue("n1a", sender="army")
    asked = clearing(WORLD, story.state, wide, "north-office")
    assert (asked.ticked, asked.offered, asked.stays) == ((own.id,), (theirs.id,), (foreign.id,))
    assert frozenset(TREE.leaf_names(asked.ends)) == leaves_of("north")
    assert asked.rest == 0
    assert frozenset(TREE.leaf_names(asked.still_under)) == leaves_of("n1")


def test_what_ran_out_over_the_same_leaves_is_ticked_beforehand(story):
    old = story.run_out(story.issue("n1", sender="n1-office"))
    wide = story.issue("north", sender="north-office")
    assert clearing(WORLD, story.state, wide, "north-office").ticked == (old.id,)


def test_an_alert_that_reaches_beyond_the_part_cleared_stays(story):
    wide = story.issue("north")
    own = story.issue("n1")
    asked = clearing(WORLD, story.state, wide, "nation", ["n1a"])
    assert asked.stays == (own.id,)
    assert frozenset(TREE.leaf_names(asked.ends)) == {"n1a"}
    assert frozenset(TREE.leaf_names(asked.rest)) == leaves_of("north") - {"n1a"}
    assert frozenset(TREE.leaf_names(asked.still_under)) == {"n1a"}


def test_alerts_elsewhere_or_of_another_realm_are_not_named_and_other_hazards_stay(story):
    alert = story.issue("n1", standing_by="Olena")
    for other in (
        story.issue("n2"),
        story.issue("n1", **DRILL),
        story.issue("n1", status=Status.TEST),
    ):
        assert other.id not in str(clearing(WORLD, story.state, alert, "nation"))
    flood = story.issue("n1", hazard="flood")
    asked = clearing(WORLD, story.state, alert, "nation")
    assert asked.stays == (flood.id,), "people stay under it, and are told"
    assert frozenset(TREE.leaf_names(asked.still_under)) == leaves_of("n1"), "the flood goes on"


def test_a_test_alert_does_not_say_that_people_stay_under_alert(story):
    alert = story.issue("n1")
    story.issue("n1", status=Status.TEST)
    assert clearing(WORLD, story.state, alert, "nation").still_under == 0


def test_the_sample_tree_and_the_plain_table_agree():
    assert tuple(TREE.leaf_codes) == LEAVES
