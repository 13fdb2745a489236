"""What the terminal shows: act, clock, map, the last lines, the keys."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Group, RenderableType
from rich.text import Text

from tocsin.ops.demo.grid import Cell

LINES = 9
KEYS = (
    "Space pause   f faster   j jump to next   A all-clear for {place}   K pull the plug   q quit"
)

Sign = tuple[str, str, str]
"""Symbol, word, colour."""


@dataclass(slots=True)
class Screen:
    """The present picture; changed by who watches, drawn again and again."""

    zone: str
    cells: Sequence[Cell]
    signs: Mapping[str, Sign]
    place: str
    links: Sequence[tuple[str, str]]
    act: str = ""
    at: datetime | None = None
    speed: float = 1.0
    is_paused: bool = False
    is_lost: bool = False
    holding: str = ""
    kept: list[Text] = field(default_factory=list)
    """What the keys K and A came to: stays in sight however fast the lines run by."""
    done: int = 0
    steps: int = 0
    states: Mapping[str, str] = field(default_factory=dict)
    lines: deque[Text] = field(default_factory=lambda: deque(maxlen=LINES))

    def draw(self) -> RenderableType:
        """Return the whole picture."""
        parts: list[RenderableType] = [self._head(), *self._links(), Text()]
        parts += self._map()
        parts += [Text(), *self.lines, *[Text()] * (LINES - len(self.lines))]
        parts += self.kept
        parts.append(Text("  " + KEYS.format(place=self.place), style="dim"))
        return Group(*parts)

    def _head(self) -> Text:
        head = Text("Tocsin demo  ", style="bold")
        head.append(self.act, style="")
        if self.at is not None:
            there = self.at.astimezone(ZoneInfo(self.zone))
            head.append(f"   {there:%Y-%m-%d %H:%M:%S}", style="bold")
            head.append(f" {self.zone.rpartition('/')[2]} time", style="")
        if self.steps:
            head.append(f"   {self.done}/{self.steps}", style="dim")
        if self.speed != 1:
            head.append(f"   x{self.speed:g}", style="bold")
        if self.is_paused:
            head.append("   PAUSED", style="bold reverse")
        return head

    def _links(self) -> list[Text]:
        return [
            Text(f"  {name:13} ", style="dim").append(link, style="underline")
            for name, link in self.links
        ]

    def _map(self) -> list[Text]:
        rows = max((cell.row for cell in self.cells), default=-1) + 1
        drawn = [Text("  ") for _ in range(rows)]
        for cell in self.cells:
            line = drawn[cell.row]
            line.append(" " * (cell.column + 2 - len(line.plain)))
            if self.is_lost:
                line.append(f"? {cell.name}", style="bright_black")
                continue
            state = self.states.get(cell.region, "none")
            symbol, _, style = self.signs[state]
            line.append(f"{symbol} {cell.name}", style=style)
        if self.is_lost:
            drawn.append(Text("  CONNECTION LOST: this is not an all-clear", style="bold reverse"))
        elif self.holding:
            drawn.append(Text(f"  {self.holding}", style="bold reverse"))
        else:
            drawn.append(self._legend())
        return drawn

    def _legend(self) -> Text:
        legend = Text("  ")
        for state in ("active", "partial", "unconfirmed", "cleared", "none", "no-information"):
            symbol, word, style = self.signs[state]
            legend.append(f"{symbol} {word}   ", style=style)
        return legend
