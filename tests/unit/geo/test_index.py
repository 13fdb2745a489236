"""From a drawn shape or a point to leaves: on a chessboard whose answers can be counted by hand."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest

from tocsin.core.area import Circle, Polygon, Region, RegionTree
from tocsin.geo.index import RegionIndex
from tocsin.geo.shapes import METRES_PER_DEGREE, around, ground

SIDE = 0.1
"""Degrees; small enough that a square is flat."""


def box(west: float, south: float, east: float, north: float) -> tuple[tuple[float, float], ...]:
    return (west, south), (east, south), (east, north), (west, north), (west, south)


def square(column: float, row: float, size: float = 1.0) -> tuple[tuple[float, float], ...]:
    """One square of the board, its lower left corner at (10, 0)."""
    west, south = 10 + column * SIDE, row * SIDE
    return box(west, south, west + size * SIDE, south + size * SIDE)


def board(*, gap: float = 0.0) -> RegionIndex:
    """Two regions of 2 x 1 squares each; ``gap`` is left between the squares of a region."""
    regions = [Region(geocode="L", parent=None, level="country", names={"en": "L"})]
    borders = {}
    for row in (0, 1):
        code = f"R{row}"
        regions.append(Region(geocode=code, parent="L", level="part", names={"en": code}))
        borders[code] = [[box(10, row * SIDE, 10 + 2 * SIDE, (row + 1) * SIDE)]]
        for column in (0, 1):
            leaf = f"{code}{column}"
            regions.append(Region(geocode=leaf, parent=code, level="leaf", names={"en": leaf}))
            west = 10 + column * SIDE + (gap * SIDE if column else 0)
            borders[leaf] = [[box(west, row * SIDE, 10 + (column + 1) * SIDE, (row + 1) * SIDE)]]
    return RegionIndex(RegionTree(regions), borders)


def shares(index: RegionIndex, *rings: tuple[tuple[float, float], ...]):
    meeting = index.touched([Polygon(ring) for ring in rings], [])
    return {
        meet.geocode: (meet.of_leaf, meet.of_drawn) for meet in meeting.touched
    }, meeting.outside


def test_a_square_over_a_leaf_is_that_leaf():
    assert shares(board(), square(0, 0)) == ({"R00": (1.0, 1.0)}, 0.0)


def test_a_square_over_four_corners_takes_a_quarter_of_each():
    found, outside = shares(board(), square(0.5, 0.5))

    assert set(found) == {"R00", "R01", "R10", "R11"}
    for of_leaf, of_drawn in found.values():
        assert of_leaf == pytest.approx(0.25, abs=0.001)
        assert of_drawn == pytest.approx(0.25, abs=0.001)
    assert outside == 0.0


def test_what_lies_outside_is_told_and_the_rest_adds_up():
    found, outside = shares(board(), square(1.75, 0))

    assert found == {"R01": (pytest.approx(0.25, abs=0.001), pytest.approx(0.25, abs=0.001))}
    assert outside == pytest.approx(0.75, abs=0.001)


def test_what_is_drawn_twice_counts_once():
    once = shares(board(), square(0, 0, 1.5))
    twice = shares(board(), square(0, 0, 1.5), square(0, 0, 1.5))
    beside = shares(board(), square(0, 0, 0.5), square(0.5, 0, 0.5))
    across = shares(board(), square(0, 0, 0.6), square(0.2, 0, 0.6))

    assert twice == once
    assert beside[0]["R00"] == (pytest.approx(0.5, abs=0.001), pytest.approx(1.0, abs=0.001))
    assert across[0]["R00"][0] == pytest.approx(0.6 * 0.8, abs=0.001)


def test_abroad_touches_nothing():
    assert shares(board(), square(5, 5)) == ({}, 1.0)


def test_nothing_drawn_touches_nothing():
    assert shares(board()) == ({}, 0.0)


def test_a_neighbour_that_only_shares_a_border_is_not_named():
    found, _ = shares(board(), square(0, 0))

    assert set(found) == {"R00"}


def test_a_hole_is_no_ground():
    regions = [
        Region(geocode="L", parent=None, level="country", names={}),
        Region(geocode="R", parent="L", level="leaf", names={}),
    ]
    index = RegionIndex(RegionTree(regions), {"R": [[square(0, 0, 3), square(1, 1)]]})

    found, outside = shares(index, square(0, 0, 3))

    assert found["R"] == (1.0, pytest.approx(8 / 9, abs=0.001))
    assert outside == pytest.approx(1 / 9, abs=0.001)
    assert index.leaf_at(10 + 1.5 * SIDE, 1.5 * SIDE) is None


def test_a_sliver_between_two_leaves_belongs_to_those_around_it():
    found, outside = shares(board(gap=0.04), square(0.5, 0))

    assert outside == 0.0
    assert sum(of_drawn for _, of_drawn in found.values()) == pytest.approx(1.0, abs=0.001)


def test_what_lies_in_a_sliver_belongs_to_the_nearest_leaf():
    index = board(gap=0.04)

    found, outside = shares(index, square(1.01, 0.5, 0.02))

    assert len(found) == 1
    assert outside == 0.0
    assert index.leaf_at(10 + 1.01 * SIDE, 0.05) == "R00"
    assert index.leaf_at(10 + 1.03 * SIDE, 0.05) == "R01"


def test_a_point_lies_in_its_leaf_and_on_a_border_in_the_first():
    index = board()

    assert index.leaf_at(10.05, 0.05) == "R00"
    assert index.leaf_at(10.15, 0.15) == "R11"
    assert index.leaf_at(10.1, 0.05) == "R00"
    assert index.leaf_at(10.0, 0.0) == "R00"
    assert index.leaf_at(9.99, 0.05) is None


def test_a_circle_is_drawn_around_so_that_nobody_inside_is_left_out():
    circle = Circle((30.0, 60.0), 10_000)

    ring = around(circle)

    wide = math.cos(math.radians(60))
    middles = (ring[1:] + ring[:-1]) / 2
    for lon, lat in middles:
        away = math.hypot((lon - 30) * wide, lat - 60) * METRES_PER_DEGREE
        assert 10_000 <= away + 0.01 <= 10_030
    assert tuple(ring[0]) == tuple(ring[-1])


def test_a_circle_touches_what_it_reaches():
    meeting = board().touched([], [Circle((10.0 + SIDE, 0.05), 1_000)])

    assert {meet.geocode for meet in meeting.touched} == {"R00", "R01"}
    area = math.pi / (SIDE * METRES_PER_DEGREE / 1_000) ** 2 / 2
    assert meeting.touched[0].of_leaf == pytest.approx(area, rel=0.01)


def test_size_on_the_ground_is_that_of_the_sphere():
    import shapely  # the builder of shapes is under test, not the library

    north = shapely.box(10, 60, 11, 61)
    equator = shapely.box(10, 0, 11, 1)
    holed = shapely.Polygon(box(0, 0, 3, 3), [box(1, 1, 2, 2)])

    def belt(south: float, up: float) -> float:
        return math.radians(1) * (math.sin(math.radians(up)) - math.sin(math.radians(south)))

    assert ground(north)[0] == pytest.approx(belt(60, 61), rel=1e-9)
    assert ground(equator)[0] == pytest.approx(belt(0, 1), rel=1e-9)
    assert ground(holed)[0] == pytest.approx(3 * belt(0, 3) - belt(1, 2), rel=1e-9)
    assert ground(shapely.Point(1, 1))[0] == 0
    assert ground(shapely.GeometryCollection([north, shapely.Point(0, 0)]))[0] == ground(north)[0]


def test_a_scribble_costs_no_more_than_a_little_and_is_about_right():
    count = 4_000
    turns = [2 * math.pi * number / count for number in range(count)]
    far = [SIDE * (0.5 + 0.4 * math.sin(number * 3)) for number in range(count)]
    ring = [
        (10 + SIDE + reach * math.cos(turn), SIDE + reach * math.sin(turn))
        for turn, reach in zip(turns, far, strict=True)
    ]
    ring = (*ring, ring[0])
    exact = abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairwise(ring)) / 2) / SIDE**2

    found, outside = shares(board(), ring)

    assert sum(of_leaf for of_leaf, _ in found.values()) == pytest.approx(exact, abs=0.1)
    assert outside <= 0.02


def test_a_sliver_makes_nothing_lie_outside():
    west = 10 + 0.5 * SIDE
    half_abroad = box(west, 0, west + 2 * SIDE, SIDE)

    found, outside = shares(board(gap=0.04), half_abroad)

    assert outside == pytest.approx(0.25, abs=0.001)
    assert sum(of_drawn for _, of_drawn in found.values()) == pytest.approx(0.75, abs=0.001)
