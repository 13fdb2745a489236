"""Where is it: from a drawn shape or a point to the regions of the tree.

Built once, when first needed (half a second for 1,500 leaves); a question afterwards
costs milliseconds. Leaves come from borders that were simplified one by one, so between
two of them there may be a sliver that belongs to neither or to both: a point in a gap
belongs to the nearest leaf, and shares of a drawn area are scaled to what the widest
regions, which fit each other, say is inside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from tocsin.core.area import Circle, Polygon, RegionTree, Touched
from tocsin.geo.borders import Rings, shapes_of
from tocsin.geo.shapes import drawn, ground

WORTH_NAMING = 0.0005
"""A leaf is listed from this share of itself or of what was drawn: less is a border's noise."""
GAP_DEGREES = 0.03
"""How far (some 3 km) a point may lie from the nearest leaf and still be in a gap between two."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a drawn area meets the tree: its leaves, and the share of it over no region at all."""

    touched: tuple[Touched, ...]
    outside: float


class RegionIndex:
    """Borders of one tree, ready to be asked. Read-only once built; safe from many threads.

    Args:
        tree: the profile's tree.
        borders: geocode -> polygons (rings of ``(lon, lat)``). Leaves without a border are
            never found; regions directly under the root, where all have borders, say what is
            inside the country.
    """

    def __init__(self, tree: RegionTree, borders: Mapping[str, Sequence[Rings]]) -> None:
        self.codes = [code for code in tree.leaf_codes if code in borders]
        self._leaves = np.array(shapes_of([borders[code] for code in self.codes]), dtype=object)
        self._ground = ground(self._leaves)
        self._finder = shapely.STRtree(self._leaves)
        top = tree.children(tree.root)
        whole = all(code in borders for code in top)
        self._top = np.array(
            shapes_of([borders[code] for code in top]) if whole else [], dtype=object
        )
        self._top_finder = shapely.STRtree(self._top)
        for shapes in (self._leaves, self._top):
            shapely.prepare(shapes)

    def leaf_at(self, lon: float, lat: float) -> str | None:
        """Return the leaf in which a point lies; on a border, the first in the tree's order.

        A point in a gap between two leaves belongs to the nearest; None where it is abroad.
        """
        point = shapely.Point(lon, lat)
        found = self._finder.query(point, predicate="intersects")
        if len(found):
            return self.codes[int(found.min())]
        if not len(self._top_finder.query(point, predicate="intersects")):
            return None  # abroad, or nobody can say
        near = self._finder.query_nearest(point, max_distance=GAP_DEGREES, all_matches=False)
        return self.codes[int(near[0])] if len(near) else None

    def touched(self, polygons: Sequence[Polygon], circles: Sequence[Circle]) -> Meeting:
        """Return how a drawn area meets the leaves, in the tree's order.

        The shares of what was drawn add up to 1 less what lies outside.
        """
        if not polygons and not circles:
            return Meeting((), 0.0)
        shape = drawn(polygons, circles)
        size = float(ground(shape))
        inside = self._inside(shape, size)
        numbers, sizes = self._met(shape)
        total = float(sizes.sum())
        if not total:
            return self._in_a_gap(shape, size, inside)
        scale = 1.0
        if len(self._top):
            scale = inside * size / total
        else:
            inside = min(1.0, total / size)
        found = []
        for number, part in zip(numbers, sizes, strict=True):
            of_leaf = min(1.0, float(part / self._ground[number]))
            of_drawn = min(1.0, float(part) * scale / size)
            if of_leaf >= WORTH_NAMING or of_drawn >= WORTH_NAMING:
                found.append(Touched(self.codes[number], round(of_leaf, 4), round(of_drawn, 4)))
        return Meeting(tuple(found), round(1.0 - inside, 4))

    def _met(self, shape: BaseGeometry) -> tuple[list[int], np.ndarray]:
        near = np.sort(self._finder.query(shape, predicate="intersects"))
        shapely.prepare(shape)
        within = shapely.contains_properly(shape, self._leaves[near])
        sizes = np.where(within, self._ground[near], 0.0)
        edge = near[~within]
        if len(edge):
            sizes[~within] = ground(shapely.intersection(self._leaves[edge], shape))
        keep = sizes > 0
        return [int(number) for number in near[keep]], sizes[keep]

    def _inside(self, shape: BaseGeometry, size: float) -> float:
        if not len(self._top):
            return 0.0
        near = self._top_finder.query(shape, predicate="intersects")
        if not len(near):
            return 0.0
        if bool(shapely.contains_properly(self._top[near], shape).any()):
            return 1.0
        met = float(ground(shapely.intersection(self._top[near], shape)).sum())
        return min(1.0, met / size)

    def _in_a_gap(self, shape: BaseGeometry, size: float, inside: float) -> Meeting:
        """Give a shape that lies between two leaves to the nearest of them."""
        near = self._finder.query_nearest(shape, max_distance=GAP_DEGREES, all_matches=False)
        if not inside or not len(near):
            return Meeting((), round(1.0 - inside, 4))
        number = int(near[0])
        of_leaf = min(1.0, inside * size / float(self._ground[number]))
        meet = Touched(self.codes[number], round(of_leaf, 4), round(inside, 4))
        return Meeting((meet,), round(1.0 - inside, 4))
