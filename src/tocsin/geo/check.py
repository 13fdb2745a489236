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

VERTICES_MOST = 10_000
"""Of one polygon."""
ALERT_VERTICES_MOST = 50_000
"""Of all polygons of an alert together."""
RING_SHORTEST = 4
WIDEST_DEGREES = 180.0
"""A wider ring runs over the antimeridian: GEOS calls such a one valid, and it holds longitude 0."""
RADIUS_MOST_M = 1_000_000.0


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
            return Refusal(Rule.TOO_MANY_VERTICES, f"{field}/{number}",
                           f"A polygon has at most {VERTICES_MOST:,} vertices.")  # fmt: skip
        total += len(ring)
    if total > ALERT_VERTICES_MOST:
        return Refusal(Rule.TOO_MANY_VERTICES, field,
                       f"The polygons of an alert have at most {ALERT_VERTICES_MOST:,} vertices.")  # fmt: skip
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
        return Refusal(Rule.TOO_MANY_VERTICES, field,
                       f"A polygon has at most {VERTICES_MOST:,} vertices.")  # fmt: skip
    if not ring:
        return Refusal(Rule.POLYGON_EMPTY, field, "The polygon has no vertices.")
    points: list[tuple[float, float]] = []
    for number, item in enumerate(ring):
        at = f"{field}/{number}"
        read = _position(item)
        if read is None:
            return Refusal(Rule.WRONG_TYPE, at, "A position is [longitude, latitude], in degrees.")
        if not in_range(*read):
            return Refusal(Rule.POSITION_OUT_OF_RANGE, at,
                           "Longitude is within 180 and latitude within 90 degrees.")  # fmt: skip
        points.append(read)
    if len(points) < RING_SHORTEST:
        return Refusal(Rule.POLYGON_TOO_FEW_POINTS, field,
                       "A polygon has at least 4 positions, the last equal to the first.")  # fmt: skip
    if points[0] != points[-1]:
        return Refusal(Rule.POLYGON_UNCLOSED, field, "A polygon ends where it began.")
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    if east - west > WIDEST_DEGREES:
        return Refusal(Rule.POLYGON_ANTIMERIDIAN, field,
                       "Split the polygon where it runs over the 180th meridian.")  # fmt: skip
    shape = shapely.polygons(np.array(points, dtype=np.float64))
    if shape.area == 0 and len(set(points)) < RING_SHORTEST - 1:
        return Refusal(Rule.POLYGON_EMPTY, field, "The polygon covers no ground.")
    if not shapely.is_valid(shape):
        if shape.area == 0:
            return Refusal(Rule.POLYGON_EMPTY, field, "The polygon covers no ground.")
        return Refusal(Rule.POLYGON_SELF_CROSSING, field, "The polygon's border crosses itself.")
    if shape.area == 0:
        return Refusal(Rule.POLYGON_EMPTY, field, "The polygon covers no ground.")
    return Polygon(tuple(points))


def circle(center: Sequence[float], radius_m: float, field: str = "/area/circles/0") -> Circle | Refusal:
    """Return a circle, or why it is refused."""
    read = _position(center)
    if read is None:
        return Refusal(Rule.WRONG_TYPE, f"{field}/center",
                       "A position is [longitude, latitude], in degrees.")  # fmt: skip
    if not in_range(*read):
        return Refusal(Rule.POSITION_OUT_OF_RANGE, f"{field}/center",
                       "Longitude is within 180 and latitude within 90 degrees.")  # fmt: skip
    if isinstance(radius_m, bool) or not isinstance(radius_m, (int, float)):
        return Refusal(Rule.WRONG_TYPE, f"{field}/radius_m", "The radius is a number of metres.")
    if not 0 < radius_m <= RADIUS_MOST_M:  # NaN fails this too
        return Refusal(Rule.BAD_RADIUS, f"{field}/radius_m",
                       f"The radius is above 0 and at most {RADIUS_MOST_M / 1000:,.0f} km.")  # fmt: skip
    return Circle(read, float(radius_m))


def in_range(lon: float, lat: float) -> bool:
    """Say whether this is a place on earth; NaN and infinity are not."""
    return -180 <= lon <= 180 and -90 <= lat <= 90


def _position(item: object) -> tuple[float, float] | None:
    if not isinstance(item, (list, tuple)) or len(item) not in (2, 3):
        return None
    if any(isinstance(number, bool) or not isinstance(number, (int, float)) for number in item):
        return None
    try:
        return float(item[0]), float(item[1])
    except OverflowError:  # an integer of 400 digits
        return math.inf, math.inf
