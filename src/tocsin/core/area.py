"""Where: regions, their tree, and the area an alert covers.

An area is the set of its *leaf regions* (DESIGN section 3, rule 4): a part cleared
is then a set difference, and an alert with no leaf left is cleared. Sets of leaves
are plain integers used as bit masks: 1,500 leaves fit 190 bytes, and union,
difference and "is it covered" cost well under a microsecond.

The tree is numbered depth first, so a region and everything under it are
neighbours: ``tree.codes[i : tree.stop[i]]`` is region ``i`` with all below it, and its
leaves are one run of bits.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

Leaves = int
"""A set of leaf regions: bit ``n`` stands for the tree's ``n``-th leaf."""

TOUCHED_SHARE = 0.02
"""A region counts as touched by a polygon from this share of its area (DESIGN section 7)."""
COVERED_SHARE = 0.98
"""A region counts as covered by a polygon from this share of its area (DESIGN section 7)."""

MOST_OF_SHAPE = 0.5
"""A leaf that holds this share of a drawn shape is touched, however small the shape."""

MOST_REMEMBERED = 20_000
"""Answers kept by a tree: more than a real year's areas, and bounded against hostile ones."""


class TreeProblem(ValueError):
    """The regions do not form a tree: ``geocode`` says where, the message says why."""

    def __init__(self, geocode: str, why: str) -> None:
        super().__init__(f"{geocode}: {why}")
        self.geocode = geocode
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Region:
    """One node of the tree.

    ``names`` by language; ``latin`` is the transliteration shown where a language has no
    name; ``spellings`` are all other ways people write it, for search only. ``ids`` are the
    names that other systems have for it (``iso3166_2``, ``osm`` ...). ``population``
    is None where nobody published one; ``about`` marks an estimate. Validity dates are those of
    the region itself: half-open, None for "as far as we know".
    """

    geocode: str
    parent: str | None
    level: str
    names: Mapping[str, str]
    latin: str = ""
    spellings: tuple[str, ...] = ()
    ids: Mapping[str, str] = field(default_factory=dict)
    population: int | None = None
    about: bool = False
    valid_from: date | None = None
    valid_until: date | None = None

    def name(self, *languages: str) -> str:
        """Return the name in the first of ``languages`` that has one, else the Latin spelling."""
        for language in languages:
            if found := self.names.get(language):
                return found
        return self.latin or next(iter(self.names.values()), self.geocode)


@dataclass(frozen=True, slots=True)
class Polygon:
    """A closed ring of ``(lon, lat)`` in degrees, WGS 84; checked before it comes here."""

    ring: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Circle:
    """A point ``(lon, lat)`` in degrees, WGS 84, and a radius in metres."""

    center: tuple[float, float]
    radius_m: float


@dataclass(frozen=True, slots=True)
class Touched:
    """How a drawn shape meets one leaf region: shares of the leaf and of the drawn area, 0..1."""

    geocode: str
    of_leaf: float
    of_drawn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """What an alert covers: regions and drawn shapes, less what was cleared out of it."""

    regions: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    polygons: tuple[Polygon, ...] = ()
    circles: tuple[Circle, ...] = ()
    touched: tuple[Touched, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Say whether nothing at all is named: that is never "everywhere"."""
        return not (self.regions or self.polygons or self.circles)


@dataclass(frozen=True, slots=True)
class Extent:
    """An area as leaves: those covered whole, and those touched at all (the whole ones too)."""

    whole: Leaves
    touched: Leaves


class RegionTree:
    """The frozen tree of a profile, numbered depth first.

    ``root`` is the profile's own node (the country). Aliases (ISO 3166-2, foreign ids as
    ``system:id``) lead to geocodes by ``find``. Building costs a few milliseconds for
    2,000 regions; every question afterwards is a dictionary look-up or arithmetic on integers.

    Raises:
        TreeProblem: a code twice, an unknown parent, a cycle, or not exactly one root.
    """

    __slots__ = (
        "_aliases",
        "_extents",
        "_fewest",
        "_met",
        "_names",
        "codes",
        "depth",
        "index",
        "leaf_bit",
        "leaf_codes",
        "leaves",
        "parent",
        "regions",
        "stop",
    )

    def __init__(self, regions: Iterable[Region]) -> None:
        by_code: dict[str, Region] = {}
        for region in regions:
            if region.geocode in by_code:
                raise TreeProblem(region.geocode, "stands twice")
            by_code[region.geocode] = region
        below: dict[str | None, list[str]] = {}
        for region in by_code.values():
            if region.parent is not None and region.parent not in by_code:
                raise TreeProblem(region.geocode, f"its parent {region.parent} is unknown")
            below.setdefault(region.parent, []).append(region.geocode)
        roots = below.get(None, [])
        if len(roots) != 1:
            first = roots[1] if roots else next(iter(by_code), "")
            raise TreeProblem(first, f"a profile has one root, here are {len(roots)}")
        self.codes: list[str] = []
        self.depth: list[int] = []
        self.parent: list[int] = []
        self.stop: list[int] = []
        self._number(roots[0], below)
        if len(self.codes) != len(by_code):
            lost = next(code for code in by_code if code not in set(self.codes))
            raise TreeProblem(lost, "stands in a cycle of parents")
        self.regions: list[Region] = [by_code[code] for code in self.codes]
        self.index: dict[str, int] = {code: i for i, code in enumerate(self.codes)}
        self.leaf_codes: list[str] = []
        self.leaf_bit: dict[str, int] = {}
        self.leaves: list[Leaves] = [0] * len(self.codes)
        self._give_leaves()
        self._aliases = _aliases(self.regions)
        self._extents: dict[Area, Extent] = {}
        self._met: dict[int, tuple[Area, Extent]] = {}
        self._fewest: dict[Leaves, tuple[str, ...]] = {}
        self._names: dict[Leaves, tuple[str, ...]] = {}

    def _number(self, root: str, below: Mapping[str | None, list[str]]) -> None:
        stack = [(root, -1)]
        while stack:
            code, parent = stack.pop()
            number = len(self.codes)
            self.codes.append(code)
            self.parent.append(parent)
            self.depth.append(0 if parent < 0 else self.depth[parent] + 1)
            self.stop.append(number + 1)
            stack.extend((child, number) for child in sorted(below.get(code, ()), reverse=True))
        for number in range(len(self.codes) - 1, 0, -1):
            above = self.parent[number]
            self.stop[above] = max(self.stop[above], self.stop[number])

    def _give_leaves(self) -> None:
        for number, code in enumerate(self.codes):
            if self.stop[number] == number + 1:
                bit = len(self.leaf_codes)
                self.leaf_bit[code] = bit
                self.leaf_codes.append(code)
                self.leaves[number] = 1 << bit
        for number in range(len(self.codes) - 1, 0, -1):
            self.leaves[self.parent[number]] |= self.leaves[number]

    @property
    def root(self) -> str:
        """Return the geocode of the profile's root."""
        return self.codes[0]

    def __len__(self) -> int:
        return len(self.codes)

    def __contains__(self, geocode: object) -> bool:
        return geocode in self.index

    def __getitem__(self, geocode: str) -> Region:
        return self.regions[self.index[geocode]]

    def find(self, name: str) -> str | None:
        """Return the geocode for a geocode, an ISO 3166-2 code or ``system:id``; else None."""
        if name in self.index:
            return name
        return self._aliases.get(name.upper()) or self._aliases.get(name)

    def upward(self, geocode: str) -> Iterator[str]:
        """Yield the region and every region above it, the root last."""
        number = self.index[geocode]
        while number >= 0:
            yield self.codes[number]
            number = self.parent[number]

    def below(self, geocode: str) -> Sequence[str]:
        """Return the region and everything under it, depth first."""
        number = self.index[geocode]
        return self.codes[number : self.stop[number]]

    def children(self, geocode: str) -> list[str]:
        """Return the regions directly under it."""
        number = self.index[geocode]
        return [c for i, c in enumerate(self.below(geocode), number) if self.parent[i] == number]

    def mask(self, geocodes: Iterable[str]) -> Leaves:
        """Return the leaves of the given regions together.

        Raises:
            KeyError: a geocode is not in the tree.
        """
        found = 0
        for code in geocodes:
            found |= self.leaves[self.index[code]]
        return found

    def extent(self, area: Area) -> Extent:
        """Return the leaves of an area, those cleared out of it left out. Remembered per area.

        A drawn shape covers a leaf whole from 98 % of it and touches it from 2 %. A shape smaller
        than that still lies somewhere: a leaf that holds half of it is touched, and where that
        leaves none, every leaf that holds 2 % of it (when in doubt, the alarm stays on). Codes that
        this tree does not know cover nothing: a border redrawn since must not stop an old journal.
        """
        met = self._met.get(id(area))
        if met is not None and met[0] is area:  # the same object: no need to hash its shapes
            return met[1]
        known = self._extents.get(area)
        if known is None:
            index = self.index
            whole = self.mask(code for code in area.regions if code in index)
            out = self.mask(code for code in area.excluded if code in index)
            drawn, small = 0, 0
            for meet in area.touched:
                bit = self.leaf_bit.get(meet.geocode)
                if bit is None:
                    continue
                if meet.of_leaf >= COVERED_SHARE:
                    whole |= 1 << bit
                if meet.of_leaf >= TOUCHED_SHARE or meet.of_drawn >= MOST_OF_SHAPE:
                    drawn |= 1 << bit
                elif meet.of_drawn >= TOUCHED_SHARE:
                    small |= 1 << bit
            touched = whole | (drawn or small)
            known = Extent(whole & ~out, touched & ~out)
            if len(self._extents) > MOST_REMEMBERED:  # drawn shapes are all different
                self._extents.clear()
            self._extents[area] = known
        if len(self._met) > MOST_REMEMBERED:
            self._met.clear()
        self._met[id(area)] = (area, known)  # holds the area, so that its id stays its own
        return known

    def leaf_names(self, leaves: Leaves) -> tuple[str, ...]:
        """Return the geocodes of the leaves in a mask, in the tree's order. Remembered per set."""
        known = self._names.get(leaves)
        if known is None:
            known = tuple([self.leaf_codes[bit] for bit in bits(leaves)])
            if len(self._names) > MOST_REMEMBERED:
                self._names.clear()
            self._names[leaves] = known
        return known

    def fewest(self, leaves: Leaves) -> tuple[str, ...]:
        """Return the fewest regions that together are exactly these leaves, in the tree's order.

        Remembered per set. O(regions touched).
        """
        known = self._fewest.get(leaves)
        if known is None:
            known = tuple(self._cover(leaves))
            if len(self._fewest) > MOST_REMEMBERED:
                self._fewest.clear()
            self._fewest[leaves] = known
        return known

    def _cover(self, leaves: Leaves) -> Iterator[str]:
        number = 0
        while number < len(self.codes):
            mine = self.leaves[number]
            if mine & leaves == mine:
                yield self.codes[number]
                number = self.stop[number]
            elif mine & leaves:
                number += 1
            else:
                number = self.stop[number]


def bits(mask: int) -> Iterator[int]:
    """Yield the numbers of the bits that are set, lowest first."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _aliases(regions: Iterable[Region]) -> dict[str, str]:
    found: dict[str, str] = {}
    for region in regions:
        for system, foreign in region.ids.items():
            found.setdefault(f"{system}:{foreign}", region.geocode)
            if system == "iso3166_2":
                found.setdefault(foreign.upper(), region.geocode)
    return found
