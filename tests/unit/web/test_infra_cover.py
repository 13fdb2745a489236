"""Coverage as a table, and what hangs on an installation as a tree that ends."""

import pytest

from kit.houses import KYIV, LVIV, profile
from tocsin.web.console.told import as_told
from tocsin.web.desk.infra_cover import ORDER, table
from tocsin.web.desk.infra_register import DEEPEST, tree

WORLD = profile().world
ROOT = WORLD.tree.root


def reach(*, carries=(ROOT,), lost=(), at_risk=(), unknown=()):
    """A channel as the API tells it."""
    places = {"lost": lost, "at_risk": at_risk, "unknown": unknown}
    return as_told({
        "carries": list(carries),
        **{name: [{"region": code, "people": None} for code in codes]
           for name, codes in places.items()},
    })  # fmt: skip


def row(rows, region):
    """The row of that region."""
    return next(each for each in rows if each.region == region)


@pytest.mark.parametrize(
    ("channel", "stands", "part"),
    [
        (reach(), "carries", False),
        (reach(carries=(LVIV,), lost=(KYIV,)), "lost", False),
        (reach(at_risk=(KYIV,)), "at-risk", False),
        (reach(unknown=(KYIV,)), "unknown", False),
        (reach(carries=(LVIV,)), "none", False),
        (reach(carries=("gone",)), "none", False),
    ],
)
def test_a_cell_says_where_a_channel_stands_in_a_region(channel, stands, part):
    cell = row(table(WORLD.tree, [channel]), KYIV).cells[0]
    assert (cell.stands, cell.part) == (stands, part)


def test_a_region_shows_the_worst_that_is_so_in_any_part_of_it_and_whom_it_means():
    district, other = WORLD.tree.children(LVIV)[:2]
    channel = reach(carries=(ROOT,), lost=(district,), at_risk=(other,))
    cell = row(table(WORLD.tree, [channel]), LVIV).cells[0]
    assert (cell.stands, cell.part) == ("lost", True)
    whole = row(table(WORLD.tree, [reach(lost=(LVIV,))]), LVIV).cells[0]
    assert 0 < cell.people < whole.people


def test_a_channel_that_is_only_in_a_part_of_a_region_says_so():
    district = WORLD.tree.children(LVIV)[0]
    cell = row(table(WORLD.tree, [reach(carries=(district,))]), LVIV).cells[0]
    assert (cell.stands, cell.part) == ("carries", True)


def test_regions_in_trouble_come_first():
    rows = table(WORLD.tree, [reach(), reach(at_risk=(KYIV,)), reach(lost=(LVIV,))])
    assert [each.region for each in rows[:2]] == [LVIV, KYIV]
    assert [each.is_calm for each in rows[:3]] == [False, False, True]
    assert sorted(each.worst for each in rows) == [each.worst for each in rows]
    assert ORDER[rows[0].worst] == "lost"


def test_what_hangs_on_an_installation_is_walked_along_each_road_and_ends():
    needs = {"tower": ["grid", "room"], "room": ["grid"], "grid": []}
    known = as_told({name: {"id": name} for name in needs})
    found = tree("tower", lambda name: [("powered-by", on) for on in needs[name]], known)
    assert [(tie, one["id"]) for tie, one, _ in found] == [
        ("powered-by", "grid"), ("powered-by", "room"),
    ]  # fmt: skip
    assert [one["id"] for _, one, _ in found[1][2]] == ["grid"]
    assert tree("a", lambda _: [("fed-by", "gone")], {})[0][:2] == ("fed-by", None)


def test_a_circle_in_what_was_told_does_not_hang_the_page():
    long = {str(n): str(n + 1) for n in range(100)}
    for after in ({"a": "b", "b": "a"}, long):
        first = next(iter(after))
        found = tree(
            first, lambda name, after=after, first=first: [("fed-by", after.get(name, first))], {}
        )
        depth = 0
        while found:
            found, depth = found[0][2], depth + 1
        assert depth == min(len(after) - 1, DEEPEST)
