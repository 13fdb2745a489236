"""Borders to drawings: SVG paths that share their borders, small enough for a slow phone.

The shapes are projected (Mercator, so that north is up everywhere and a page can place
a point with two lines of arithmetic), simplified together so that neighbours stay
neighbours, rounded to whole units and written as differences.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tocsin.geo.borders import Rings, shapes_of

WIDTH = 1000
HEIGHT_MOST = 1000
MARGIN = 8
"""Units around the regions, so that no line is cut off."""
SMALLEST_PART = 6.0
"""Square units: a smaller island is left out, unless it is the region's largest part."""
FINEST = 0.6
"""Units of the simplification tried first: what is finer than a line is not seen."""


@dataclass(frozen=True, slots=True)
class View:
    """How degrees become units: ``(lon - west) * scale`` and ``(top - mercator(lat)) * scale``.

    ``top`` is the height of the upper edge as ``mercator`` gives it, in degrees of the equator.
    """

    west: float
    top: float
    scale: float

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return points of ``(lon, lat)`` in the drawing's units, y downwards."""
        x = (points[:, 0] - self.west) * self.scale
        y = (self.top - mercator(points[:, 1])) * self.scale
        return np.column_stack((x, y))


@dataclass(frozen=True, slots=True)
class Label:
    """Where a label has most room: the centre of the largest circle inside, and its radius."""

    x: int
    y: int
    room: int


@dataclass(frozen=True, slots=True)
class Drawing:
    """A map: its size in units, how degrees become units, paths and labels by geocode."""

    width: int
    height: int
    view: View
    paths: Mapping[str, str]
    labels: Mapping[str, Label]

    @property
    def path_bytes(self) -> int:
        """Return how many bytes the paths take."""
        return sum(map(len, self.paths.values()))


def mercator(lat: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Return the height of a latitude in degrees of the equator; cut off at 85 degrees."""
    turned = np.radians(np.clip(lat, -85.0, 85.0))
    return np.asarray(np.degrees(np.log(np.tan(math.pi / 4 + turned / 2))))


def draw(borders: Mapping[str, Sequence[Rings]], *, most_bytes: int, width: int = WIDTH) -> Drawing:
    """Draw regions that together cover a country or a part of it.

    Args:
        borders: geocode -> polygons of ``(lon, lat)``.
        most_bytes: what the paths together may take; borders are simplified until they do.
        width: of the drawing, in units; less where the country is taller than wide.
    """
    codes = list(borders)
    shapes = np.array(shapes_of([borders[code] for code in codes]), dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    tall = float(mercator(north) - mercator(south))
    scale = min((width - 2 * MARGIN) / (east - west), (HEIGHT_MOST - 2 * MARGIN) / tall)
    edge = MARGIN / scale
    view = View(float(west - edge), float(mercator(north) + edge), float(scale))
    flat = shapely.transform(shapes, view.place)
    simple, paths = flat, dict.fromkeys(codes, "")
    finest = FINEST
    while True:
        simple = shapely.coverage_simplify(flat, finest)
        paths = {code: _path(shape) for code, shape in zip(codes, simple, strict=True)}
        if sum(map(len, paths.values())) <= most_bytes:
            break
        finest *= 1.25
    labels = {code: _label(shape) for code, shape in zip(codes, simple, strict=True)}
    return Drawing(
        math.ceil((east - west) * scale) + 2 * MARGIN,
        math.ceil(tall * scale) + 2 * MARGIN,
        view,
        paths,
        labels,
    )


def _path(shape: BaseGeometry) -> str:
    parts = [part for part in shapely.get_parts(shape) if not part.is_empty]
    largest = max(parts, key=lambda part: part.area)
    rings: list[str] = []
    for part in parts:
        if part is not largest and part.area < SMALLEST_PART:
            continue
        for ring in (part.exterior, *part.interiors):
            corners = list(_steps(np.rint(shapely.get_coordinates(ring)).astype(int)))
            if len(corners) > 2:  # noqa: PLR2004 - a start and two steps are a triangle
                rings.append(_ring(corners))
    if not rings:  # a region smaller than a unit is still there to be pressed
        x, y = np.rint(shapely.get_coordinates(largest.centroid)[0]).astype(int)
        return f"M{x} {y}h1v1h-1z"
    return "".join(rings)


def _steps(points: NDArray[np.int_]) -> Iterator[tuple[int, int]]:
    """Yield the first point and then each difference that is one; the closing step is left out."""
    yield int(points[0][0]), int(points[0][1])
    last = points[0]
    for point in points[1:-1]:
        dx, dy = int(point[0] - last[0]), int(point[1] - last[1])
        if dx or dy:
            yield dx, dy
            last = point


def _ring(corners: Sequence[tuple[int, int]]) -> str:
    (x, y), *steps = corners
    text = f"M{x} {y}l"
    for number, (dx, dy) in enumerate(steps):
        gap = "" if number == 0 or dx < 0 else " "
        text += f"{gap}{dx}{'' if dy < 0 else ' '}{dy}"
    return text + "z"


def _label(shape: BaseGeometry) -> Label:
    largest = max(shapely.get_parts(shape), key=lambda part: part.area)
    line = shapely.maximum_inscribed_circle(largest, tolerance=1.0)
    (x, y), _ = shapely.get_coordinates(line)
    return Label(round(x), round(y), int(line.length))
