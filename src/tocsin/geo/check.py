"""Is a drawn shape one that we can trust? Refused or passed, never repaired.

The limits stand before the arithmetic: vertices are counted first, then read, then
GEOS is asked, so that a verdict never takes longer than a few dozen milliseconds.
Repairing (``make_valid``, ``buffer(0)``) took 4 s on 200 bad vertices and would warn
where nobody drew.

Source: RELIABILITY section 2, "Geometry"; DESIGN section 7.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely

from tocsin.core.area import Circle, Polygon
from tocsin.core.refusals import Refusal, Rule
from tocsin.geo.shapes import CORNERS, METRES_PER_DEGREE

VERTICES_MOST = 10_000
"""Of one polygon."""
ALERT_VERTICES_MOST = 50_000
"""Of all polygons of an alert together."""
RING_SHORTEST = 4
LON_MOST = 180.0
LAT_MOST = 90.0
WIDEST_DEGREES = 180.0
"""A wider ring runs over the antimeridian: GEOS calls it valid, and it holds longitude 0."""
SMALLEST_SQUARE_DEGREES = 1e-12
"""About a hundredth of a square metre: below it there is no ground."""
RADIUS_MOST_M = 1_000_000.0
NORTHERNMOST = 89.0
"""Beyond it meridians run together, and a circle is no circle in degrees."""

TOO_MANY = f"A polygon has at most {VERTICES_MOST:,} vertices."
TOO_MANY_IN_ALL = f"The polygons of an alert have at most {ALERT_VERTICES_MOST:,} vertices."
TOO_FEW = f"A polygon has at least {RING_SHORTEST} positions, the last equal to the first."
NO_POSITION = "A position is [longitude, latitude], in degrees."
OUT_OF_RANGE = "Longitude is within 180 and latitude within 90 degrees."
SPLIT = "A shape may not run over the 180th meridian; split it there."
BAD_RADIUS = f"The radius is above 0 and at most {RADIUS_MOST_M / 1000:,.0f} km."


def polygons(
    rings: Sequence[Sequence[Sequence[float]]], field: str = "/area/polygons"
) -> tuple[Polygon, ...] | Refusal:
    """Return the rings as polygons, or the first reason to refuse one of them.

    Args:
        rings: each a list of ``[lon, lat]``; what they hold is not trusted.
        field: JSON pointer to the list, for the refusal.
    """
    total = 0
    for number, ring in enumerate(rings):
        if len(ring) > VERTICES_MOST:
            return Refusal(Rule.TOO_MANY_VERTICES, f"{field}/{number}", TOO_MANY)
        total += len(ring)
    if total > ALERT_VERTICES_MOST:
        return Refusal(Rule.TOO_MANY_VERTICES, field, TOO_MANY_IN_ALL)
    found: list[Polygon] = []
    for number, ring in enumerate(rings):
        answer = polygon(ring, f"{field}/{number}")
        if isinstance(answer, Refusal):
            return answer
        found.append(answer)
    return tuple(found)


def polygon(ring: Sequence[Sequence[float]], field: str = "/area/polygons/0") -> Polygon | Refusal:
    """Return one ring as a polygon, or why it is refused. At most a few dozen milliseconds."""
    if len(ring) > VERTICES_MOST:
        return Refusal(Rule.TOO_MANY_VERTICES, field, TOO_MANY)
    if not ring:
        return Refusal(Rule.POLYGON_EMPTY, field, "The polygon has no vertices.")
    points = _points(ring, field)
    if isinstance(points, Refusal):
        return points
    if len(points) < RING_SHORTEST:
        return Refusal(Rule.POLYGON_TOO_FEW_POINTS, field, TOO_FEW)
    if points[0] != points[-1]:
        return Refusal(Rule.POLYGON_UNCLOSED, field, "A polygon ends where it began.")
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    if east - west > WIDEST_DEGREES:
        return Refusal(Rule.POLYGON_ANTIMERIDIAN, field, SPLIT)
    shape = shapely.polygons(np.array(points, dtype=np.float64))
    # a figure of eight has no area either, but its hull has
    if shapely.convex_hull(shape).area < SMALLEST_SQUARE_DEGREES:
        return Refusal(Rule.POLYGON_EMPTY, field, "The polygon covers no ground.")
    if not shapely.is_valid(shape):
        return Refusal(Rule.POLYGON_SELF_CROSSING, field, "The polygon's border crosses itself.")
    return Polygon(tuple(points))


def _points(ring: Sequence[Sequence[float]], field: str) -> list[tuple[float, float]] | Refusal:
    points: list[tuple[float, float]] = []
    for number, item in enumerate(ring):
        read = _position(item)
        if read is None:
            return Refusal(Rule.WRONG_TYPE, f"{field}/{number}", NO_POSITION)
        if not in_range(*read):
            return Refusal(Rule.POSITION_OUT_OF_RANGE, f"{field}/{number}", OUT_OF_RANGE)
        points.append(read)
    return points


def circle(
    center: Sequence[float], radius_m: float, field: str = "/area/circles/0"
) -> Circle | Refusal:
    """Return a circle, or why it is refused."""
    read = _position(center)
    if read is None:
        return Refusal(Rule.WRONG_TYPE, f"{field}/center", NO_POSITION)
    if not in_range(*read):
        return Refusal(Rule.POSITION_OUT_OF_RANGE, f"{field}/center", OUT_OF_RANGE)
    if isinstance(radius_m, bool) or not isinstance(radius_m, (int, float)):
        return Refusal(Rule.WRONG_TYPE, f"{field}/radius_m", "The radius is a number of metres.")
    if not 0 < radius_m <= RADIUS_MOST_M:  # NaN fails this too
        return Refusal(Rule.BAD_RADIUS, f"{field}/radius_m", BAD_RADIUS)
    lon, lat = read
    reach = radius_m / METRES_PER_DEGREE / math.cos(math.pi / CORNERS)
    if abs(lat) + reach >= NORTHERNMOST:
        return Refusal(Rule.POSITION_OUT_OF_RANGE, field, "A circle may not hold a pole.")
    if abs(lon) + reach / math.cos(math.radians(lat)) > WIDEST_DEGREES:
        return Refusal(Rule.POLYGON_ANTIMERIDIAN, field, SPLIT)
    return Circle(read, float(radius_m))


def in_range(lon: float, lat: float) -> bool:
    """Say whether this is a place on earth; NaN and infinity are not."""
    return abs(lon) <= LON_MOST and abs(lat) <= LAT_MOST


def _position(item: object) -> tuple[float, float] | None:
    if not isinstance(item, (list, tuple)) or len(item) not in (2, 3):
        return None
    for number in item:  # bool is an int in Python
        if type(number) is not float and (isinstance(number, bool) or not isinstance(number, int)):
            return None
    try:
        return float(item[0]), float(item[1])
    except OverflowError:  # an integer of 400 digits
        return math.inf, math.inf
