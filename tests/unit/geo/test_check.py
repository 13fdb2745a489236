"""Drawn shapes are refused with a rule and a field, or passed as they are; never repaired."""

from __future__ import annotations

import math

import pytest

from tocsin.core.area import Circle, Polygon
from tocsin.core.refusals import Refusal
from tocsin.geo import check

SQUARE = [[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]


def round_ring(count: int, size: float = 1.0) -> list[list[float]]:
    turns = [2 * math.pi * number / count for number in range(count)]
    ring = [[30 + size * math.cos(turn), 50 + size * math.sin(turn)] for turn in turns]
    return [*ring, ring[0]]


def refused(ring: list[list[float]]) -> Refusal:
    answer = check.polygon(ring, "/area/polygons/3")
    assert isinstance(answer, Refusal)
    return answer


def test_a_closed_ring_passes_as_it_is():
    assert check.polygon(SQUARE) == Polygon(tuple((float(x), float(y)) for x, y in SQUARE))


def test_an_altitude_is_dropped():
    answer = check.polygon([[*point, 100] for point in SQUARE])

    assert answer == check.polygon(SQUARE)


@pytest.mark.parametrize(
    ("ring", "rule", "at"),
    [
        ([], "polygon-empty", ""),
        (SQUARE[:-1], "polygon-unclosed", ""),
        ([*SQUARE[:-1], [30.0000001, 50]], "polygon-unclosed", ""),
        ([[30, 50], [31, 50], [30, 50]], "polygon-too-few-points", ""),
        ([[30, 50]], "polygon-too-few-points", ""),
        ([[30, 50]] * 5, "polygon-empty", ""),
        ([[30, 50], [31, 51], [32, 52], [30, 50]], "polygon-empty", ""),
        ([[30, 50], [31, 50], [31, 50], [30, 50]], "polygon-empty", ""),
        ([[30, 50], [31, 51], [31, 50], [30, 51], [30, 50]], "polygon-self-crossing", ""),
        ([[30, 50], [32, 50], [32, 52], [31, 50], [30, 52], [30, 50]], "polygon-self-crossing", ""),
        ([[179, 50], [-179, 50], [-179, 51], [179, 51], [179, 50]], "polygon-antimeridian", ""),
        ([[-180, -90], [180, -90], [180, 90], [-180, 90], [-180, -90]], "polygon-antimeridian", ""),
        ([[30, 50], [181, 50], [31, 51], [30, 50]], "position-out-of-range", "/1"),
        ([[30, 50], [31, 90.5], [31, 51], [30, 50]], "position-out-of-range", "/1"),
        ([[30, 50], [31, 50], [math.nan, 51], [30, 50]], "position-out-of-range", "/2"),
        ([[30, 50], [31, 50], [31, math.inf], [30, 50]], "position-out-of-range", "/2"),
        ([[30, 50], [1e308, 50], [31, 51], [30, 50]], "position-out-of-range", "/1"),
        ([[30, 50], [10**400, 50], [31, 51], [30, 50]], "position-out-of-range", "/1"),
        ([[30, 50], ["31", 50], [31, 51], [30, 50]], "wrong-type", "/1"),
        ([[30, 50], [True, 50], [31, 51], [30, 50]], "wrong-type", "/1"),
        ([[30, 50], [31], [31, 51], [30, 50]], "wrong-type", "/1"),
        ([[30, 50], [None, 50], [31, 51], [30, 50]], "wrong-type", "/1"),
        ([[30, 50], "3150", [31, 51], [30, 50]], "wrong-type", "/1"),
        (round_ring(10_000), "too-many-vertices", ""),
    ],
)
def test_a_bad_ring_is_refused_with_rule_and_field(ring: list[list[float]], rule: str, at: str):
    answer = refused(ring)

    assert (answer.rule.value, answer.field) == (rule, f"/area/polygons/3{at}")
    assert answer.help.endswith(".")


@pytest.mark.parametrize("count", [1_000, 9_999])
def test_scribbles_and_spirals_are_refused(count: int):
    star = [[30 + math.cos(turn * 2.4), 50 + math.sin(turn * 2.4)] for turn in range(count)]
    spiral = [
        [30 + turn / count * math.cos(turn / 20), 50 + turn / count * math.sin(turn / 20)]
        for turn in range(count)
    ]

    for ring in (star, spiral):
        assert refused([*ring, ring[0]]).rule.value == "polygon-self-crossing"


def test_the_limits_themselves_pass():
    assert isinstance(check.polygon(round_ring(9_999)), Polygon)
    assert isinstance(check.polygons([round_ring(9_999)] * 5), tuple)


def test_vertices_are_counted_before_anything_is_looked_at():
    class Untouchable(list[list[float]]):
        def __len__(self) -> int:
            return 1_000_000

        def __iter__(self):
            raise AssertionError("nobody may read a ring that is too long")

        def __getitem__(self, _item: object):
            raise AssertionError("nobody may read a ring that is too long")

    one = check.polygons([Untouchable()], "/p")
    alone = check.polygon(Untouchable(), "/p/0")
    many = check.polygons([*[round_ring(9_999)] * 5, SQUARE], "/p")

    assert isinstance(one, Refusal)
    assert isinstance(many, Refusal)
    assert (one.rule.value, one.field) == ("too-many-vertices", "/p/0")
    assert alone == one
    assert (many.rule.value, many.field) == ("too-many-vertices", "/p")


def test_the_first_bad_polygon_of_several_is_named():
    answer = check.polygons([SQUARE, SQUARE[:-1]], "/area/polygons")

    assert isinstance(answer, Refusal)
    assert answer.field == "/area/polygons/1"


@pytest.mark.parametrize(
    ("center", "radius_m", "rule", "at"),
    [
        ([30, 50], 0, "bad-radius", "/radius_m"),
        ([30, 50], -1, "bad-radius", "/radius_m"),
        ([30, 50], math.nan, "bad-radius", "/radius_m"),
        ([30, 50], math.inf, "bad-radius", "/radius_m"),
        ([30, 50], 1_000_001, "bad-radius", "/radius_m"),
        ([30, 50], True, "wrong-type", "/radius_m"),
        ([30, 50], "5", "wrong-type", "/radius_m"),
        ([30], 5, "wrong-type", "/center"),
        ([300, 50], 5, "position-out-of-range", "/center"),
        ([30, math.nan], 5, "position-out-of-range", "/center"),
        ([30, 88.99], 5_000, "position-out-of-range", ""),
        ([179.99, 50], 5_000, "polygon-antimeridian", ""),
    ],
)
def test_a_bad_circle_is_refused(center: list[float], radius_m: float, rule: str, at: str):
    answer = check.circle(center, radius_m, "/c")

    assert isinstance(answer, Refusal)
    assert (answer.rule.value, answer.field) == (rule, f"/c{at}")


def test_a_circle_passes_as_it_is():
    assert check.circle([30, 50], 3000) == Circle((30.0, 50.0), 3000.0)
