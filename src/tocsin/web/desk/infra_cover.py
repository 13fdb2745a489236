"""Coverage as a table: where each channel stands in each top region, by word and shape."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.core.area import Leaves, RegionTree
from tocsin.core.coverage import people

Body = Mapping[str, Any]
ORDER = ("lost", "at-risk", "unknown", "carries", "none")
"""What a region shows of several: the worst that is so in any part of it."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a channel stands in a region. ``part``: not in all of it; ``people``: whom it means."""

    stands: str
    part: bool = False
    people: int | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """A region, and a cell for each channel, in the channels' order."""

    region: str
    cells: tuple[Cell, ...]

    @property
    def worst(self) -> int:
        """Return how badly it stands; less is worse."""
        return min(ORDER.index(each.stands) for each in self.cells)

    @property
    def is_calm(self) -> bool:
        """Say whether nothing of it is lost, at risk or unknown."""
        return self.worst >= ORDER.index("carries")


def table(tree: RegionTree, channels: Sequence[Body]) -> list[Row]:
    """Return a row for each top region, those in trouble first. O(regions x channels)."""
    stands = [_leaves(tree, each) for each in channels]
    rows = [
        Row(top, tuple(_cell(tree, tree.mask((top,)), each) for each in stands))
        for top in tree.children(tree.root) or [tree.root]
    ]
    return sorted(rows, key=lambda each: each.worst)


def _leaves(tree: RegionTree, body: Body) -> dict[str, Leaves]:
    return {
        "carries": _mask(tree, body["carries"] or []),
        **{
            stands: _mask(tree, (each["region"] for each in body[name] or []))
            for stands, name in (("lost", "lost"), ("at-risk", "at_risk"), ("unknown", "unknown"))
        },
    }


def _mask(tree: RegionTree, codes: Iterable[str]) -> Leaves:
    return tree.mask(code for code in codes if code in tree)


def _cell(tree: RegionTree, here: Leaves, stands: Mapping[str, Leaves]) -> Cell:
    exists = here & (stands["carries"] | stands["lost"] | stands["at-risk"] | stands["unknown"])
    for name in ORDER[:3]:
        if met := here & stands[name]:
            return Cell(name, part=met != exists, people=people(tree, met))
    return Cell("carries", part=exists != here) if exists else Cell("none")
