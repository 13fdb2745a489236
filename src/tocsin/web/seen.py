"""What API and pages of the situation share: the board of this slot, its words, its guidance."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.core.incidents import Guidance
from tocsin.formats import api as shapes
from tocsin.formats import ledger as bodies
from tocsin.projections.told import Board
from tocsin.web.endpoint import Ask, House

BOARD, WORDS = "situation-board", "situation-words"
KEPT = 4_000


def board_of(house: House) -> Board:
    """Return what people may know now; made anew at a slot that brought something."""
    service = house.service
    visible = service.visible()
    known: Board | None = house.shared.get(BOARD)
    if known is None or known.visible is not visible:
        known = Board(visible, ZoneInfo(service.world.time_zone))
        house.shared[BOARD] = known
    return known


def kept(house: House, name: str, board: Board) -> dict[Any, Any]:
    """Return room for what follows from a board alone; empty when there is a new one."""
    found: dict[Any, Any]
    of, found = house.shared.get(name, (None, {}))
    if of is not board or len(found) > KEPT:
        found = {}
        house.shared[name] = (board, found)
    return found


def slots(house: House) -> tuple[datetime, datetime]:
    """Return the last release slot and the next one."""
    policy, now = house.service.world.publication, house.service.clock.now()
    return policy.slot_of(now), policy.seen_from(now)


def words_of(house: House) -> bodies.WordsOf:
    """Return where an officer's sentences are read; they never change, so they are kept."""
    kept: bodies.WordsOf | None = house.shared.get(WORDS)
    if kept is None:
        service = house.service

        @lru_cache(maxsize=4096)
        def found(content: str) -> Mapping[str, str]:
            return shapes.plain_words(service.text(content)) if content else {}

        kept = house.shared[WORDS] = found
    return kept


def holding(house: House, region: str | None = None) -> list[Guidance]:
    """Return the guidance that holds in a region, the latest first; it waits for no slot."""
    service = house.service
    tree = service.world.tree
    leaves = tree.mask((region,)) if region is not None else None
    held = [
        each for each in service.ledger.guidance.values()
        if each.ended_at is None
        and (leaves is None or tree.extent(each.area).touched & leaves)
    ]  # fmt: skip
    return sorted(held, key=lambda each: (each.at, each.id), reverse=True)


def region_of(ask: Ask, name: str | None) -> str | None:
    """Return the geocode of a region named in any way; None where there is none."""
    return ask.house.service.world.tree.find(name) if name is not None else None


def read_day(text: str | None) -> date | None:
    """Return a day; None where there is none of that name."""
    try:
        return date.fromisoformat(text) if text is not None else None
    except ValueError:
        return None
