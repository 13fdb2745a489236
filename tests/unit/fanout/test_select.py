"""Whom an alert concerns: children and parents of a region, by every leaf it ever covered."""

from dataclasses import replace

import pytest

from kit.world import LEAVES, PARENTS, WORLD, Story, leaves_of
from tocsin.core.alert import Audience
from tocsin.core.refusals import Refusal, Rule
from tocsin.fanout.select import Selection, reach, selection


def takes(filtered, *regions):
    story = Story.with_mandates()
    alert = story.issue(*regions, sender="nation")
    chosen = selection(WORLD, regions=[filtered])
    return chosen.takes(alert.hazard, reach(WORLD.tree, alert))


@pytest.mark.parametrize("filtered", PARENTS)
@pytest.mark.parametrize("covered", PARENTS)
def test_a_filter_takes_what_shares_a_leaf_with_it(filtered, covered):
    assert takes(filtered, covered) is bool(leaves_of(filtered) & leaves_of(covered))


def test_a_part_cleared_out_still_concerns_those_who_were_shown_it():
    story = Story.with_mandates()
    alert = story.issue("north", sender="nation")
    story.clear(alert, "n1", sender="nation")
    reduced = story.alert(alert.id)
    assert story.extent(reduced) == leaves_of("n2")
    assert selection(WORLD, regions=["n1a"]).takes("air-raid", reach(WORLD.tree, reduced))
    assert not selection(WORLD, regions=["s1"]).takes("air-raid", reach(WORLD.tree, reduced))


def test_filters_are_joined_within_a_kind_and_narrow_between_kinds():
    chosen = selection(WORLD, regions=["n1a", "city"], hazards=["flood"])
    assert chosen.takes("flood", WORLD.tree.mask(["city"]))
    assert not chosen.takes("air-raid", WORLD.tree.mask(["city"]))
    assert not chosen.takes("flood", WORLD.tree.mask(["n1b"]))
    assert Selection().takes("flood", WORLD.tree.mask(LEAVES[:1]))


def test_the_language_is_no_filter_and_the_drill_audience_is():
    chosen = selection(WORLD, language="en", drill=True)
    assert chosen.audience is Audience.DRILL
    assert chosen.filters == replace(chosen, language=None) == selection(WORLD, drill=True)


def test_what_the_profile_does_not_know_is_refused():
    for asked, rule, field in (
        ({"regions": ["city", "moon"]}, Rule.UNKNOWN_REGION, "/region/1"),
        ({"hazards": ["dragon"]}, Rule.UNKNOWN_HAZARD, "/hazard/0"),
        ({"language": "xx"}, Rule.BAD_VALUE, "/language"),
    ):
        refusal = selection(WORLD, **asked)
        assert isinstance(refusal, Refusal)
        assert (refusal.rule, refusal.field) == (rule, field)
