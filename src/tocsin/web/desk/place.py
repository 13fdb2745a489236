"""Where an incident is on a map: the drawing of its region, the part it lies in, its position."""

from __future__ import annotations

import math
from dataclasses import dataclass

from tocsin.core.claims import Where
from tocsin.core.publication import top_region
from tocsin.formats.profile.maps import RegionMap, ViewRow
from tocsin.web.public.site import Site


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A map with one part marked. ``spot``: x and y of the exact position, for the desk alone."""

    drawn: RegionMap
    of: str
    part: str
    spot: tuple[int, int] | None


def shown(site: Site, where: Where) -> Shown | None:
    """Return the closest map in which the place's region is a part; None where none is drawn."""
    tree = site.service.world.tree
    if where.geocode not in tree:
        return None
    upward = list(tree.upward(where.geocode))
    for of in (top_region(tree, where.geocode), tree.root):
        drawn = site.map_of(of)
        part = next((code for code in upward if drawn is not None and code in drawn.paths), None)
        if drawn is not None and part is not None:
            spot = None if where.position is None else _spot(drawn, where.position)
            return Shown(drawn=drawn, of=of, part=part, spot=spot)
    return None


def _spot(drawn: RegionMap, position: tuple[float, float]) -> tuple[int, int] | None:
    """Return a position on a map; None where it is outside of it."""
    lon, lat = position
    view: ViewRow = drawn.view
    height = math.degrees(math.log(math.tan(math.pi / 4 + math.radians(lat) / 2)))
    x, y = (lon - view.west) * view.scale, (view.top - height) * view.scale
    if not (0 <= x <= drawn.width and 0 <= y <= drawn.height):
        return None
    return round(x), round(y)
