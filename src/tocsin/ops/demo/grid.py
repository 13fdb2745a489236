"""The map of the terminal: a word for each region, about where it lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tocsin.formats.profile.maps import RegionMap

NAME_LONGEST = 13


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a region's sign and name stand: column and row of its first character."""

    region: str
    name: str
    column: int
    row: int

    @property
    def width(self) -> int:
        """Return how many columns it takes: sign, space, name."""
        return len(self.name) + 2


def laid_out(
    drawn: RegionMap, names: Mapping[str, str], columns: int, rows: int
) -> tuple[Cell, ...]:
    """Return a cell for each region of a map, in a field of so many columns and rows.

    A place that is taken gives way to the nearest free row, then column; nothing overlaps. A
    field that is too small grows downwards.
    """
    placed: list[Cell] = []
    taken: dict[int, list[tuple[int, int]]] = {}
    biggest_first = sorted(drawn.labels.items(), key=lambda item: -item[1][2])
    for region, (x, y, _radius) in biggest_first:
        name = names.get(region, region)[:NAME_LONGEST]
        width = len(name) + 2
        wanted_column = min(max(0, round(x / drawn.width * columns) - width // 2), columns - width)
        wanted_row = min(rows - 1, int(y / drawn.height * rows))
        column, row = _free(taken, wanted_column, wanted_row, width, columns)
        taken.setdefault(row, []).append((column, column + width))
        placed.append(Cell(region, name, column, row))
    placed.sort(key=lambda cell: (cell.row, cell.column))
    return tuple(placed)


def _free(
    taken: Mapping[int, list[tuple[int, int]]], column: int, row: int, width: int, columns: int
) -> tuple[int, int]:
    """Return the free place that is nearest, a row counting as eight columns."""
    places = [
        (abs(other - column) + 8 * abs(down), other, row + down)
        for down in range(-3, 30)
        if row + down >= 0
        for other in range(columns - width + 1)
    ]
    for _, at_column, at_row in sorted(places):
        spans = taken.get(at_row, ())
        if all(at_column + width < left or right < at_column for left, right in spans):
            return at_column, at_row
    return column, row
