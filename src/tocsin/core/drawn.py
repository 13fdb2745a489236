"""What a drawn area gives away: guidance must be larger than a site, and not drawn around it.

Plain arithmetic on a small piece of the globe: good to a metre in a thousand, which is enough to
tell "around it" from "beside it". Source: RELIABILITY P26.
"""

from __future__ import annotations

import math

from tocsin.core.area import Area
from tocsin.core.claims import Where

METRES = 111_320.0
"""In a degree of latitude."""
CENTRED = 0.2
"""Nearer to a shape's middle than this share of its reach, a site is what it is drawn around."""


def too_exact(area: Area, where: Where, share: float) -> bool:
    """Say whether a guidance area would give a site away (RELIABILITY P26).

    A region never does. What is drawn must be one shape, hold ``share`` of a leaf region or more,
    and not be drawn around the site.
    """
    shapes = (*area.circles, *area.polygons)
    if not shapes:
        return False
    if len(shapes) > 1 or not any(each.of_leaf >= share for each in area.touched):
        return True
    if where.position is None:
        return False
    middle, reach = _middle(area)
    return metres(middle, where.position) < CENTRED * reach


def lies_in(area: Area, position: tuple[float, float]) -> bool:
    """Say whether a drawn area is around a position: in the circle, or in the polygon's box."""
    if any(metres(each.center, position) <= each.radius_m for each in area.circles):
        return True
    for polygon in area.polygons:
        lons, lats = zip(*polygon.ring, strict=True)
        if min(lons) <= position[0] <= max(lons) and min(lats) <= position[1] <= max(lats):
            return True
    return False


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Return about how far two positions near each other are apart."""
    narrow = math.cos(math.radians((one[1] + other[1]) / 2))
    return math.hypot((one[0] - other[0]) * narrow, one[1] - other[1]) * METRES


def _middle(area: Area) -> tuple[tuple[float, float], float]:
    """Return the middle of a single drawn shape, and how far it reaches from there, in metres."""
    for circle in area.circles:
        return circle.center, circle.radius_m
    lons, lats = zip(*area.polygons[0].ring, strict=True)
    middle = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    return middle, metres(middle, (min(lons), min(lats)))
