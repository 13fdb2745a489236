"""A map's paths are small, whole numbers, and neighbours stay neighbours."""

from __future__ import annotations

import math
import re

import pytest
import shapely

from tocsin.geo.drawing import MARGIN, draw

NUMBER = re.compile(r"-?\d+")


def ring(*points: tuple[float, float]) -> list[list[tuple[float, float]]]:
    return [[*points, points[0]]]


def rings_of(path: str) -> list[list[tuple[int, int]]]:
    """Read a path as a browser does: M absolute, l relative, z closes."""
    found = []
    for part in path.split("z")[:-1]:
        start, _, steps = part.removeprefix("M").partition("l")
        x, y = map(int, NUMBER.findall(start))
        points = [(x, y)]
        numbers = list(map(int, NUMBER.findall(steps)))
        for dx, dy in zip(numbers[::2], numbers[1::2], strict=True):
            x, y = x + dx, y + dy
            points.append((x, y))
        found.append(points)
    return found


def wavy(x: float, count: int = 200) -> list[tuple[float, float]]:
    return [(x + 0.05 * math.sin(n / 3), 50 + n / count) for n in range(count + 1)]


def test_a_square_is_drawn_with_north_up_and_a_margin():
    drawing = draw({"A": [ring((10, 0), (11, 0), (11, 1), (10, 1))]}, most_bytes=1_000, width=116)

    (points,) = rings_of(drawing.paths["A"])
    assert sorted(points) == [(8, 8), (8, 108), (108, 8), (108, 108)]
    assert (drawing.width, drawing.height) == (116, 117)
    label = drawing.labels["A"]
    assert (label.x, label.y) == (pytest.approx(58, abs=2), pytest.approx(58, abs=2))
    assert label.room == pytest.approx(50, abs=2)


def test_a_page_can_place_a_point_with_the_view():
    drawing = draw({"A": [ring((10, 0), (11, 0), (11, 1), (10, 1))]}, most_bytes=1_000, width=116)
    view = drawing.view

    height = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(1) / 2)))

    assert (10 - view.west) * view.scale == pytest.approx(MARGIN)
    assert (view.top - height) * view.scale == pytest.approx(MARGIN)


def test_neighbours_share_their_border_after_simplifying():
    border = wavy(11)
    west = [(10, 50), *border, (10, 51)]
    east = [(12, 50), (12, 51), *reversed(border)]

    drawing = draw({"W": [ring(*west)], "E": [ring(*east)]}, most_bytes=400)

    shapes = [shapely.Polygon(rings_of(drawing.paths[code])[0]) for code in ("W", "E")]
    both = shapely.union_all(shapes)
    assert drawing.path_bytes <= 400
    assert both.geom_type == "Polygon"
    assert not both.interiors
    assert shapes[0].intersection(shapes[1]).area < 1


def test_a_hole_and_what_lies_in_it_are_both_drawn():
    outer = [(10, 0), (14, 0), (14, 4), (10, 4), (10, 0)]
    inner = [(11, 1), (12, 1), (12, 2), (11, 2), (11, 1)]

    drawing = draw({"O": [[outer, inner]], "I": [[inner]]}, most_bytes=1_000)

    assert len(rings_of(drawing.paths["O"])) == 2
    assert len(rings_of(drawing.paths["I"])) == 1


def test_small_islands_go_but_a_small_region_stays():
    large = ring((10, 0), (14, 0), (14, 4), (10, 4))
    islet = ring((14.1, 0), (14.101, 0), (14.101, 0.001), (14.1, 0.001))

    drawing = draw({"A": [large, islet], "B": [islet]}, most_bytes=1_000)

    assert len(rings_of(drawing.paths["A"])) == 1
    assert drawing.paths["B"]


def test_a_tall_country_is_not_taller_than_the_page():
    drawing = draw({"A": [ring((10, 40), (11, 40), (11, 70), (10, 70))]}, most_bytes=1_000)

    assert drawing.height <= 1_001
    assert drawing.width < 100
