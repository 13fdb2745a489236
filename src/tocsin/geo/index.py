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
TANGLE_MOST = 60_000
"""Pairs of edges up to which one meeting is worked out exactly (30 ms), else by points."""
TANGLE_IN_ALL = 500_000
"""And all meetings of one question together (a quarter of a second)."""
_TURN = 1.324717957244746
_SPREAD = np.column_stack(
    [np.modf(np.arange(1, 513) / _TURN)[0], np.modf(np.arange(1, 513) / _TURN**2)[0]]
)
"""Points spread evenly over a square, the same at every start (the R2 sequence)."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """How a drawn area meets the tree: its leaves, and the share of it over no region at all."""

    touched: tuple[Touched, ...]
    outside: float


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a leaf that lies in one drawn shape, and its size on the ground."""

    shape: BaseGeometry
    size: float


class _Budget:
    """How much exact work one question may still cost."""

    def __init__(self) -> None:
        self.left: float = TANGLE_IN_ALL
        self.is_kept = True

    def allows(self, tangle: float) -> bool:
        """Say whether this much may be worked out exactly, and take it off."""
        if tangle > TANGLE_MOST or tangle > self.left:
            self.is_kept = False
            return False
        self.left -= tangle
        return True


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
        self._ground: list[float] = ground(self._leaves).tolist()
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

        What is drawn twice counts once. The shares of what was drawn add up to 1 less what lies
        outside. Milliseconds for what people draw; at most a second or two for the worst that
        the limits of ``check`` let through.
        """
        shapes = drawn(polygons, circles)
        if not shapes:
            return Meeting((), 0.0)
        met: dict[int, list[_Part]] = {}
        inside = outside = 0.0
        budget = _Budget()
        for shape in shapes:
            size = float(ground(shape)[0])
            parts = self._parts(shape, budget)
            for number, part in parts.items():
                met.setdefault(number, []).append(part)
            in_leaves = sum(part.size for part in parts.values())
            within = self._inside(shape, size, in_leaves, budget)
            inside += within
            outside += size - within
        if not met:
            return self._in_a_gap(shapes, inside, outside)
        raw = sum(part.size for parts in met.values() for part in parts)
        once = {
            number: _together(self._leaves[number], parts, budget) for number, parts in met.items()
        }
        scale = inside / raw  # slivers between leaves belong to the leaves around them
        total = scale * sum(once.values()) + outside
        found = []
        for number in sorted(once):
            of_leaf = min(1.0, once[number] / self._ground[number])
            of_drawn = min(1.0, once[number] * scale / total)
            if of_leaf >= WORTH_NAMING or of_drawn >= WORTH_NAMING:
                found.append(Touched(self.codes[number], round(of_leaf, 4), round(of_drawn, 4)))
        return Meeting(tuple(found), round(outside / total, 4))

    def _parts(self, shape: BaseGeometry, budget: _Budget) -> dict[int, _Part]:
        """Return the part of each leaf that lies in one drawn shape."""
        near = self._finder.query(shape, predicate="intersects")
        shapely.prepare(shape)
        within = shapely.contains_properly(shape, self._leaves[near])
        parts = {}
        for number, is_within in zip(near.tolist(), within, strict=True):
            leaf = self._leaves[number]
            part = _Part(leaf, self._ground[number]) if is_within else _cut(leaf, shape, budget)
            if part.size > 0:
                parts[number] = part
        return parts

    def _inside(self, shape: BaseGeometry, size: float, in_leaves: float, budget: _Budget) -> float:
        """Return how much of one drawn shape lies in the country."""
        if not len(self._top):
            return min(size, in_leaves)
        near = self._top_finder.query(shape, predicate="intersects")
        if bool(shapely.contains_properly(self._top[near], shape).any()):
            return size
        met = sum(_cut(self._top[number], shape, budget).size for number in near)
        return min(size, met if budget.is_kept else max(met, in_leaves))

    def _in_a_gap(self, shapes: Sequence[BaseGeometry], inside: float, outside: float) -> Meeting:
        """Give what lies between two leaves to the nearest of them."""
        total = inside + outside
        near = self._finder.query_nearest(shapes[0], max_distance=GAP_DEGREES, all_matches=False)
        if not inside or not len(near):
            return Meeting((), round(outside / total, 4))
        number = int(near[0])
        of_leaf = min(1.0, inside / self._ground[number])
        meet = Touched(self.codes[number], round(of_leaf, 4), round(inside / total, 4))
        return Meeting((meet,), round(outside / total, 4))


def _cut(region: BaseGeometry, shape: BaseGeometry, budget: _Budget) -> _Part:
    """Return the part of a region that lies in a prepared shape.

    The shape is first cut down to the region's box, in one pass: GEOS looks at every corner of
    both, 40 ms for 10,000 corners and one leaf, 0.6 ms when cut. Where even that is a tangle,
    points are counted instead.
    """
    piece = shapely.clip_by_rect(shape, *region.bounds)
    if budget.allows(_tangle(piece)):
        met = shapely.intersection(region, piece if shapely.is_valid(piece) else shape)
        return _Part(met, float(ground(met)[0]))
    return _Part(piece, _sampled(region, piece) * float(ground(region)[0]))


def _tangle(shape: BaseGeometry) -> float:
    """Return about how many pairs of edges lie across each other: what GEOS will look at.

    A coast of 10,000 corners has some 50,000; a scribble of as many has millions.
    """
    west, south, east, north = shape.bounds if not shape.is_empty else (0.0, 0.0, 1.0, 1.0)
    around = 2 * (east - west + north - south)
    return float(shapely.get_num_coordinates(shape) * shape.length / around) if around else 0.0


def _sampled(region: BaseGeometry, shape: BaseGeometry) -> float:
    """Return the share of a region that lies in a prepared shape, from points spread evenly."""
    west, south, east, north = region.bounds
    x = west + (east - west) * _SPREAD[:, 0]
    y = south + (north - south) * _SPREAD[:, 1]
    mine = shapely.contains_xy(region, x, y)
    if not mine.any():
        return 0.0
    shapely.prepare(shape)
    return float(shapely.contains_xy(shape, x[mine], y[mine]).mean())


def _together(region: BaseGeometry, parts: Sequence[_Part], budget: _Budget) -> float:
    """Return how much of one leaf several shapes cover together.

    Where that would take too long, the largest part stands for all: too little rather than too
    much, so that no later alert is taken for a repeat there.
    """
    if len(parts) == 1:
        return parts[0].size
    shapes = [part.shape for part in parts]
    if any(shape is region for shape in shapes):
        return max(part.size for part in parts)
    if not budget.allows(sum(_tangle(shape) for shape in shapes) * len(shapes)):
        return max(part.size for part in parts)
    return float(ground(shapely.union_all(shapes))[0])
