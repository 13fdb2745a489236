"""How many people live in an area: what was published, and shares of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.world import POLICED, WORLD, drawn
from tocsin.core.area import Area, Region, RegionTree
from tocsin.core.people import people_in


@pytest.mark.parametrize(
    ("area", "people"),
    [
        pytest.param(Area(regions=("n1a",)), 100_000, id="its own figure"),
        pytest.param(Area(regions=("n1",)), 600_000, id="the sum of those below"),
        pytest.param(Area(regions=("n2a",)), 100_000, id="half of what is above"),
        pytest.param(Area(regions=("s1b",)), 166_667, id="what s1 has left: a share of a share"),
        pytest.param(Area(regions=("s2",)), 133_333, id="a third of the south"),
        pytest.param(Area(regions=("s1",)), 266_667, id="two thirds of the south"),
        pytest.param(Area(regions=("north",)), 800_000, id="figures and sums"),
        pytest.param(Area(regions=("land",)), 2_100_000, id="all"),
        pytest.param(Area(regions=("land",), excluded=("city",)), 1_200_000, id="less a part"),
        pytest.param(Area(regions=("n1a", "n1")), 600_000, id="nobody is counted twice"),
        pytest.param(drawn(("n1a", 0.5, 0.5), ("n1b", 0.25, 0.5)), 100_000, id="by shares"),
        pytest.param(drawn(("n1a", 0.99, 1.0)), 100_000, id="covered whole"),
        pytest.param(Area(), 0, id="nowhere"),
    ],
)
def test_people_are_counted_by_what_was_published(area, people):
    assert people_in(POLICED.tree, area) == people


def test_where_nobody_published_a_figure_nobody_knows():
    assert people_in(WORLD.tree, Area(regions=("n1",))) is None
    assert people_in(WORLD.tree, drawn(("n1a", 0.5, 1.0))) is None


def test_a_figure_below_that_is_larger_than_the_one_above_leaves_nobody_over():
    regions = [replace(each, population=None) for each in POLICED.tree.regions]
    figures = {"south": 100, "s1": 400}
    regions = [replace(each, population=figures.get(each.geocode)) for each in regions]
    assert people_in(RegionTree(regions), Area(regions=("s2",))) == 0


def test_sums_go_down_as_far_as_figures_stand():
    def region(code, parent, people=None):
        return Region(
            geocode=code, parent=parent, level="any", names={"en": code}, population=people
        )

    tree = RegionTree([
        region("top", None), region("a", "top"), region("a1", "a"), region("a1x", "a1", 5),
        region("a1y", "a1", 6), region("b", "top", 7),
    ])  # fmt: skip
    assert people_in(tree, Area(regions=("a",))) == 11
    assert people_in(tree, Area(regions=("top",))) == 18
