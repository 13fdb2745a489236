"""A country's own borders as shapes of GEOS: built in one step, checked, never mended."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate, chain

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

SELF_CROSSING = "polygon-self-crossing"
Rings = Sequence[Sequence[tuple[float, float]]]
"""One polygon: its outer ring, then its holes."""


def shape_of(polygons: Sequence[Rings]) -> BaseGeometry:
    """Return the polygons of one region as a single shape."""
    return shapes_of([polygons])[0]


def shapes_of(regions: Sequence[Sequence[Rings]]) -> list[BaseGeometry]:
    """Return one shape for each region, built with one call to GEOS."""
    rings = [ring for polygons in regions for polygon in polygons for ring in polygon]
    flat = np.fromiter(
        chain.from_iterable(chain.from_iterable(rings)),
        dtype=np.float64,
        count=2 * sum(map(len, rings)),
    ).reshape(-1, 2)
    offsets = (
        _offsets(len(ring) for ring in rings),
        _offsets(len(polygon) for polygons in regions for polygon in polygons),
        _offsets(len(polygons) for polygons in regions),
    )
    made = shapely.from_ragged_array(shapely.GeometryType.MULTIPOLYGON, flat, offsets)
    return list(made)


def broken(polygons: Sequence[Rings]) -> str | None:
    """Return the rule that a border breaks (a hole outside, a crossing, no ground), else None."""
    shape = shape_of(polygons)
    if shapely.convex_hull(shape).area == 0:
        return "polygon-empty"
    if shapely.is_valid(shape):
        return None
    # GEOS says "Hole lies outside shell", "Holes are nested", "Self-intersection[x y]" ...
    return "polygon-bad-hole" if "Hole" in shapely.is_valid_reason(shape) else SELF_CROSSING


def _offsets(lengths: Iterable[int]) -> NDArray[np.int64]:
    return np.array(list(accumulate(lengths, initial=0)), dtype=np.int64)
