"""People counted for coverage: what nobody counted is not nobody."""

from __future__ import annotations

from dataclasses import replace

from kit.world import POLICED
from tocsin.core.area import RegionTree
from tocsin.core.coverage import people


def counted(**figures):
    """The kit's country with these figures and no other."""
    regions = POLICED.tree.regions
    return RegionTree(replace(each, population=figures.get(each.geocode)) for each in regions)


def test_a_leaf_is_not_empty_because_the_figure_above_counted_others_only():
    tree = counted(n1=500, n1a=500)
    assert people(tree, tree.mask(("n1a",))) == 500
    rest = tree.mask(("n1",)) & ~tree.mask(("n1a",))
    assert people(tree, rest) is None


def test_together_with_others_it_does_not_hide_what_was_counted():
    tree = counted(n1=500, n1a=500)
    assert people(tree, tree.mask(("n1",))) == 500


def test_where_somebody_counted_nobody_there_is_nobody():
    tree = counted(n1a=0)
    assert people(tree, tree.mask(("n1a",))) == 0


def test_nowhere_there_is_nobody():
    assert people(counted(), 0) == 0


def test_what_is_left_over_is_shared_among_those_without_a_figure():
    tree = counted(n1=900, n1a=500)
    rest = tree.mask(("n1",)) & ~tree.mask(("n1a",))
    assert people(tree, rest) == 400
