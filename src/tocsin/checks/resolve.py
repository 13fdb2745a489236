"""Where is it: drawn shapes and the names of regions, as an area the core can decide about.

Names may be geocodes, ISO 3166-2 or ``system:id``; the area that comes out holds geocodes
only. What is drawn is checked, then met with the tree's leaves, and the shares stay with
the area, so that years later the same regions follow from the same alert.

Source: DESIGN section 7, "a polygon and regions"; RELIABILITY section 2, "Geometry".
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from tocsin.core.area import Area, Circle, Polygon, RegionTree, Touched
from tocsin.core.refusals import Refusal, Rule

if TYPE_CHECKING:  # shapely takes 0.4 s to load: only a drawn shape pays for it
    from tocsin.geo.borders import Rings
    from tocsin.geo.index import RegionIndex

NAMES_MOST = 5_000
"""Regions that one area may name; a whole country is one name."""
CIRCLES_MOST = 100
POLYGONS_MOST = 1_000

Ring = Sequence[Sequence[float]]
Index = Callable[[], "RegionIndex"]
"""Return the borders, read when first needed: most alerts name regions and need none."""


class DrawnCircle(Protocol):
    """A circle as asked: centre ``(lon, lat)`` in degrees and radius in metres, unchecked."""

    @property
    def center(self) -> Sequence[float]:
        """Return ``(lon, lat)``."""
        ...

    @property
    def radius_m(self) -> float:
        """Return metres."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """An area as it came in: nothing in it is trusted."""

    regions: Sequence[str] = ()
    excluded: Sequence[str] = ()
    polygons: Sequence[Ring] = ()
    circles: Sequence[DrawnCircle] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolved:
    """The area for the core, and what its sender should be told.

    ``unknown``: names that no region has, dropped because something was drawn as well.
    ``outside``: the share of what was drawn that lies over no region at all, 0..1.
    """

    area: Area
    unknown: tuple[str, ...] = ()
    outside: float = 0.0


class Places:
    """The regions of a profile and, from the first drawn shape on, their borders.

    Args:
        tree: the profile's regions.
        borders: reads geocode -> polygons; called once, when first needed (0.3 s for a country).
    """

    def __init__(
        self, tree: RegionTree, borders: Callable[[], Mapping[str, Sequence[Rings]]]
    ) -> None:
        self.tree = tree
        self._borders = borders
        self._index: RegionIndex | None = None
        self._lock = threading.Lock()

    def index(self) -> RegionIndex:
        """Return the borders; the first call reads them. Safe from many threads.

        Raises:
            ProfileProblem: the profile's borders cannot be read.
        """
        with self._lock:
            if self._index is None:
                from tocsin.geo.index import RegionIndex

                self._index = RegionIndex(self.tree, self._borders())
            return self._index

    def resolve(
        self, asked: Asked, *, field: str = "/area", lenient: bool = False
    ) -> Resolved | Refusal:
        """Return the area that is meant, or a refusal: ``resolve`` with these regions."""
        return resolve(asked, self.tree, self.index, field=field, lenient=lenient)


def resolve(
    asked: Asked, tree: RegionTree, index: Index, *, field: str = "/area", lenient: bool = False
) -> Resolved | Refusal:
    """Return the area that is meant, or the first reason why it cannot be one.

    An area that names nothing is refused; it is never "everywhere".

    Args:
        asked: what came in.
        tree: the profile's regions.
        index: gives the borders; called only when something is drawn.
        field: JSON pointer to the area in the request.
        lenient: for messages of others: unknown names are reported, not refused, as long as
            something is drawn.
    """
    if not (asked.regions or asked.polygons or asked.circles):
        return Refusal(Rule.EMPTY_AREA, field, "Name at least one region, polygon or circle.")
    for key, most in (
        ("regions", NAMES_MOST),
        ("excluded", NAMES_MOST),
        ("polygons", POLYGONS_MOST),
        ("circles", CIRCLES_MOST),
    ):
        if len(getattr(asked, key)) > most:
            return Refusal(Rule.TOO_LARGE, f"{field}/{key}", f"An area has at most {most} {key}.")
    lenient = lenient and bool(asked.polygons or asked.circles)
    regions = _codes(asked.regions, tree, f"{field}/regions", lenient=lenient)
    if isinstance(regions, Refusal):
        return regions
    excluded = _codes(asked.excluded, tree, f"{field}/excluded", lenient=False)
    if isinstance(excluded, Refusal):
        return excluded
    polygons = _polygons(asked.polygons, f"{field}/polygons")
    if isinstance(polygons, Refusal):
        return polygons
    circles = _circles(asked.circles, f"{field}/circles")
    if isinstance(circles, Refusal):
        return circles
    touched: tuple[Touched, ...] = ()
    outside = 0.0
    if polygons or circles:
        meeting = index().touched(polygons, circles)
        touched, outside = meeting.touched, meeting.outside
    if (polygons or circles) and not touched and not regions[0]:
        at = f"{field}/polygons" if polygons else f"{field}/circles"
        return Refusal(
            Rule.AREA_OUTSIDE,
            at,
            "What is drawn touches no region here; are longitude and latitude swapped?",
        )
    area = Area(
        regions=regions[0],
        excluded=excluded[0],
        polygons=polygons,
        circles=circles,
        touched=touched,
    )
    return Resolved(area=area, unknown=regions[1], outside=outside)


def _codes(
    names: Sequence[str], tree: RegionTree, field: str, *, lenient: bool
) -> tuple[tuple[str, ...], tuple[str, ...]] | Refusal:
    """Return the geocodes, each once and in the order given, and the names that nobody bears."""
    found: dict[str, None] = {}
    unknown: list[str] = []
    for number, name in enumerate(names):
        code = tree.find(name)
        if code is not None:
            found[code] = None
        elif lenient:
            unknown.append(name)
        else:
            return Refusal(
                Rule.UNKNOWN_REGION,
                f"{field}/{number}",
                f"No region is called {name[:80]!r}; "
                "give a geocode, an ISO 3166-2 code or system:id.",
            )
    return tuple(found), tuple(unknown)


def _polygons(
    asked: Sequence[Sequence[Sequence[float]]], field: str
) -> tuple[Polygon, ...] | Refusal:
    if not asked:
        return ()
    from tocsin.geo import check

    return check.polygons(asked, field)


def _circles(asked: Sequence[DrawnCircle], field: str) -> tuple[Circle, ...] | Refusal:
    if not asked:
        return ()
    from tocsin.geo import check

    found = []
    for number, one in enumerate(asked):
        answer = check.circle(one.center, one.radius_m, f"{field}/{number}")
        if isinstance(answer, Refusal):
            return answer
        found.append(answer)
    return tuple(found)
