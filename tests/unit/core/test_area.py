"""Regions, their tree, and sets of leaves."""

from datetime import date

import pytest

from kit.world import (
    ELSEWHERE,
    HOUR,
    LEAVES,
    NOW,
    PARENTS,
    ROUND,
    WORLD,
    drawn,
    hazard,
    leaves_of,
    up,
)
from tocsin.core import area as area_module
from tocsin.core.alert import Category, Certainty, Severity, Urgency
from tocsin.core.area import Area, Region, RegionTree, TreeProblem, bits
from tocsin.core.authority import Mandate, mandated
from tocsin.core.hazard import Hazard

TREE = WORLD.tree


def region(code, parent="land", **more):
    return Region(geocode=code, parent=parent, level="any", names={"en": code}, **more)


ROOT = region("land", None)


@pytest.mark.parametrize(
    ("regions", "names", "says"),
    [
        pytest.param([ROOT, region("a"), region("a")], "a", "twice", id="twice"),
        pytest.param([ROOT, region("a", "b")], "a", "parent b is unknown", id="lost"),
        pytest.param([ROOT, region("b", None)], "b", "here are 2", id="two roots"),
        pytest.param([region("a", "b"), region("b", "a")], "a", "here are 0", id="no root"),
        pytest.param([], "", "here are 0", id="nothing"),
        pytest.param([ROOT, region("a", "b"), region("b", "a")], "a", "cycle", id="cycle"),
    ],
)
def test_what_is_no_tree_is_refused_by_its_region(regions, names, says):
    with pytest.raises(TreeProblem, match=says) as caught:
        RegionTree(regions)
    assert caught.value.geocode == names
    assert says in caught.value.why


def test_the_tree_is_numbered_depth_first_and_children_stand_in_order():
    assert TREE.codes[0] == TREE.root == "land"
    assert len(TREE) == len(PARENTS)
    for code in PARENTS:
        assert set(TREE.below(code)) == {other for other in PARENTS if code in up(other)}
        assert list(TREE.upward(code)) == up(code)
        assert TREE.children(code) == sorted(c for c, above in PARENTS.items() if above == code)
        assert TREE.depth[TREE.index[code]] == len(up(code)) - 1
    assert "n1" in TREE
    assert "nowhere" not in TREE
    assert TREE["n1"].parent == "north"


def test_a_tree_of_one_region_has_one_leaf():
    alone = RegionTree([ROOT])
    assert alone.leaf_codes == ["land"]
    assert alone.fewest(1) == ("land",)
    assert alone.fewest(0) == ()


def test_leaves_of_regions_are_those_under_them():
    for code in PARENTS:
        assert frozenset(TREE.leaf_names(TREE.mask([code]))) == leaves_of(code)
    assert frozenset(TREE.leaf_names(TREE.mask(["n1", "s2"]))) == leaves_of("n1", "s2")
    assert TREE.mask([]) == 0
    with pytest.raises(KeyError):
        TREE.mask(["nowhere"])


def test_the_fewest_regions_say_exactly_those_leaves():
    assert TREE.fewest(TREE.mask(LEAVES)) == ("land",)
    assert TREE.fewest(TREE.mask(["n1a", "n1b", "n1c", "n2a"])) == ("n1", "n2a")
    assert TREE.fewest(TREE.mask(["s2", "city"])) == ("city", "s2")


def test_excluded_leaves_and_unknown_codes_cover_nothing():
    extent = TREE.extent(Area(regions=("north", "gone"), excluded=("n1", "gone")))
    assert TREE.leaf_names(extent.whole) == ("n2a", "n2b")
    assert extent.whole == extent.touched


def test_a_drawn_shape_touches_from_2_and_covers_from_98_percent_of_a_leaf():
    extent = TREE.extent(
        drawn(("n1a", 0.0199, 0.1), ("n1b", 0.02, 0.1), ("n2a", 0.9799, 0.4), ("n2b", 0.98, 0.4))
    )
    assert TREE.leaf_names(extent.touched) == ("n1b", "n2a", "n2b")
    assert TREE.leaf_names(extent.whole) == ("n2b",)
    assert TREE.extent(drawn(("gone", 1.0, 1.0), ("n1", 1.0, 1.0))).touched == 0, "leaves only"


def test_what_is_excluded_is_cut_out_of_a_drawn_shape_too():
    plain = drawn(("n2a", 1.0, 0.5), ("n2b", 0.5, 0.5))
    cut = Area(polygons=plain.polygons, touched=plain.touched, excluded=("n2",))
    assert TREE.extent(cut).touched == TREE.extent(cut).whole == 0


def test_nothing_named_is_empty_and_never_everywhere():
    assert Area().is_empty
    assert Area(excluded=("n1",)).is_empty
    assert not Area(regions=("n1",)).is_empty
    assert not Area(polygons=(ELSEWHERE,)).is_empty
    assert not Area(circles=(ROUND,)).is_empty
    assert TREE.extent(Area()).touched == 0


def test_what_a_tree_remembers_is_bounded_and_forgetting_changes_no_answer(monkeypatch):
    monkeypatch.setattr(area_module, "MOST_REMEMBERED", 2)
    tree = RegionTree(TREE.regions)
    for _ in range(2):
        for code in PARENTS:
            wanted = leaves_of(code)
            assert frozenset(tree.leaf_names(tree.extent(Area(regions=(code,))).whole)) == wanted
            assert tree.fewest(tree.mask([code]))
            assert len(tree._extents) <= 4  # noqa: SLF001  # the promise is about memory
            assert len(tree._fewest) <= 4  # noqa: SLF001


def test_a_region_is_found_by_its_codes_in_any_case_and_by_foreign_ids():
    tree = RegionTree(
        [
            ROOT,
            region("a", ids={"iso3166_2": "Xa-1", "app": "Mx7"}),
            region("b", ids={"app": "Mx7"}),
        ]
    )
    assert tree.find("a") == "a"
    assert tree.find("xa-1") == tree.find("XA-1") == "a"
    assert tree.find("app:Mx7") == "a", "the first that bears it"
    assert tree.find("app:none") is None


def test_a_region_is_named_in_the_first_language_that_has_a_name():
    named = Region(geocode="g", parent=None, level="any", names={"uk": "Київ", "en": "Kyiv"})
    assert named.name("nb", "en") == "Kyiv"
    assert named.name("nb") == "Київ"
    latin = Region(geocode="g", parent=None, level="any", names={"uk": "Київ"}, latin="Kyiv")
    assert latin.name("nb") == "Kyiv"
    assert Region(geocode="g", parent=None, level="any", names={}).name() == "g"
    assert named.valid_from is None or isinstance(named.valid_from, date)


def test_bits_are_counted_from_the_lowest():
    assert list(bits(0b101001)) == [0, 3, 5]
    assert list(bits(0)) == []


# -- who may warn there, and what ----------------------------------------------------------------


def test_a_mandate_holds_from_its_beginning_until_before_its_end():
    mandate = Mandate("office", ("n1",), NOW, NOW + HOUR)
    assert [mandate.holds(NOW + HOUR * hours) for hours in (-1, 0, 1)] == [False, True, False]
    assert Mandate("office", ("n1",), NOW, None).holds(NOW + HOUR * 1_000_000)


def test_mandated_is_where_the_sender_or_anybody_may_warn():
    held = (
        Mandate("one", ("n1", "gone"), NOW, None),
        Mandate("two", ("s1",), NOW, None),
        Mandate("late", ("city",), NOW + HOUR, None),
    )
    assert frozenset(TREE.leaf_names(mandated(TREE, held, NOW))) == leaves_of("n1", "s1")
    assert frozenset(TREE.leaf_names(mandated(TREE, held, NOW, "two"))) == leaves_of("s1")
    assert mandated(TREE, held, NOW, "late") == 0


def test_a_plain_alert_ranks_above_every_level():
    danger: Hazard = WORLD.hazards["air-raid"]
    ranks = [danger.rank(level) for level in ("yellow", "red", "black", None)]
    assert ranks == sorted(ranks)
    assert danger.rank("unknown") == danger.rank(None)
    assert danger.level("red").siren
    assert danger.level("mauve") is danger.level(None) is None


def test_a_hazard_without_levels_has_one_rank():
    plain = hazard("comet", category=Category.OTHER)
    assert plain.rank(None) == 0
    assert (plain.urgency, plain.severity, plain.certainty) == (
        Urgency.IMMEDIATE, Severity.EXTREME, Certainty.OBSERVED,
    )  # fmt: skip


def test_a_shape_smaller_than_2_percent_of_a_leaf_still_touches_the_leaf_that_holds_it():
    extent = TREE.extent(drawn(("n1a", 0.001, 0.9), ("n1b", 0.03, 0.05), ("n1c", 0.001, 0.05)))
    assert TREE.leaf_names(extent.touched) == ("n1a", "n1b")
    assert extent.whole == 0


def test_a_small_shape_over_a_corner_touches_each_leaf_that_holds_2_percent_of_it():
    extent = TREE.extent(drawn(("n1a", 0.001, 0.49), ("n1b", 0.001, 0.5 - 0.01), ("n2a", 0, 0.01)))
    assert TREE.leaf_names(extent.touched) == ("n1a", "n1b")
