"""A request's area -> a core area: aliases become geocodes, shapes are checked and placed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from tocsin.checks.resolve import Asked, Places
from tocsin.core.area import Area
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.web.api.asks import AreaAsk


def geocodes(world: World, names: Sequence[str], field: str) -> tuple[str, ...] | Refusal:
    """Return the geocodes of regions named by geocode, ISO 3166-2 code or ``system:id``."""
    found: dict[str, None] = {}
    for number, name in enumerate(names):
        code = world.tree.find(name)
        if code is None:
            return Refusal(
                Rule.UNKNOWN_REGION, f"{field}/{number}", "The profile has no such region."
            )
        found[code] = None
    return tuple(found)


async def area_of(places: Places, asked: AreaAsk) -> Area | Refusal:
    """Return the area asked for, with each touched leaf's share; empty is refused.

    What is drawn is met with the borders in a thread: the first time reads them (0.3 s).
    """
    given = Asked(
        regions=asked.regions,
        excluded=asked.excluded,
        polygons=asked.polygons,
        circles=asked.circles,
    )
    if asked.polygons or asked.circles:
        found = await asyncio.to_thread(places.resolve, given)
    else:
        found = places.resolve(given)
    return found if isinstance(found, Refusal) else found.area
