"""Where the short names of regions stand on a map, so that each can be read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from tocsin.formats.profile.maps import RegionMap

LETTER = 9.2
"""About the width of a letter, in the units of a map that is a thousand wide."""
LINE = 19
LEAST_ROOM = 12
"""A region with less room than this around its middle is a dot, and has no name on the map."""


@dataclass(frozen=True, slots=True)
class Label:
    """A name on a map, by its middle. ``fits``: it stays within its region, about."""

    geocode: str
    text: str
    x: int
    y: int
    fits: bool

    @property
    def half(self) -> float:
        """Return half the name's width."""
        return len(self.text) * LETTER / 2


def place_labels(drawn: RegionMap, name: Callable[[str], str]) -> list[Label]:
    """Return the names of a map's regions; none leaves the map, none stands on another.

    From top to bottom: a name that would touch one above it moves down until it does not, at most
    a line. O(names squared), and there are some dozens.
    """
    placed: list[Label] = []
    for code, (x, y, room) in sorted(drawn.labels.items(), key=lambda item: item[1][1]):
        if room < LEAST_ROOM:
            continue
        label = Label(code, name(code), x, y, fits=False)
        half = label.half
        inside = min(max(x, round(half) + 2), drawn.width - round(half) - 2)
        for other in placed:
            overlaps = abs(other.x - inside) < other.half + half
            if overlaps and 0 <= y - other.y < LINE:
                y = other.y + LINE  # noqa: PLW2901  # the next one above must see it there
        placed.append(replace(label, x=inside, y=y, fits=half < room * 1.15))
    return placed
