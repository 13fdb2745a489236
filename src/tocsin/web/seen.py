"""What API and pages share of what people may know: the board of a slot, what is told at once.

Told at once are guidance, channels that may not carry warnings, outages, watches, false warnings.
They are read from what the public events alone made (``Infrastructure.may_not``, outages that are
``told``, ``State.notices``, the ledger's guidance): no installation, no setting. One thing more
silences a watch: a waiting draft of its danger. It cannot be told from a look that is old.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tocsin.core import notice_watch
from tocsin.core.area import Leaves
from tocsin.core.facilities import Channel, Outage
from tocsin.core.incidents import Guidance
from tocsin.core.notice_watch import Freshness
from tocsin.core.notices import Counterfeit, Watch
from tocsin.formats import api as shapes
from tocsin.formats import ledger as bodies
from tocsin.projections.told import Board
from tocsin.web.endpoint import Ask, House

BOARD, WORDS = "situation-board", "situation-words"
KEPT = 4_000
LATELY = timedelta(days=7)
"""An outage that is over is still told beside the open ones for so long."""


@dataclass(frozen=True, slots=True)
class Way:
    """One channel in one region: the leaves of it where it may not carry warnings, and the rest."""

    channel: Channel
    may_not: Leaves
    carries: Leaves


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
        if each.holds(service.clock.now())
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


# -- told at once ---------------------------------------------------------------------------------


def channels_in(house: House, region: str | None = None) -> list[Way]:
    """Return every way by which warnings come in a region, in the profile's order."""
    service = house.service
    here = _leaves(house, region)
    found = []
    for channel in service.world.channels.values():
        exists = (_mask(house, channel.regions) if channel.regions else here) & here
        may_not = _mask(house, service.state.infra.may_not.get(channel.id, ())) & here
        if exists or may_not:
            found.append(Way(channel, may_not, exists & ~may_not))
    return found


def outages_in(house: House, region: str | None = None) -> list[Outage]:
    """Return the outages told of in a region: those that last first, then those over lately.

    What is over leaves the list at a slot, as all that time alone changes.
    """
    here = _leaves(house, region)
    since = slots(house)[0] - LATELY
    told = [
        each for each in house.service.state.infra.outages.values()
        if each.told and (each.ended_at is None or each.ended_at > since)
        and _mask(house, each.regions) & here
    ]  # fmt: skip
    open_ = [each for each in told if each.ended_at is None]
    over = [each for each in told if each.ended_at is not None]
    open_.sort(key=lambda each: (each.began, each.public_id), reverse=True)
    over.sort(key=lambda each: (each.ended_at or each.began, each.public_id), reverse=True)
    return [*open_, *over]


def outage_of(house: House, public_id: str) -> Outage | None:
    """Return an outage by the id that people know; None where nobody was told of one."""
    for each in house.service.state.infra.outages.values():
        if each.told and each.public_id == public_id:
            return each
    return None


def freshness(house: House, watch: Watch, region: str | None = None) -> Freshness:
    """Return whether a watch says something of now in a region: beside an alert none does."""
    service, now = house.service, house.service.clock.now()
    return notice_watch.freshness(service.world, service.state, watch, now, region)


def watches_in(house: House, region: str | None = None) -> list[Watch]:
    """Return the watches kept in a region, the latest look first; stale ones among them."""
    here = _leaves(house, region)
    kept_ = [
        each for each in house.service.state.notices.watches.values()
        if each.ended_at is None and _mask(house, each.regions) & here
    ]  # fmt: skip
    return sorted(kept_, key=lambda each: (each.as_of, each.id), reverse=True)


def counterfeits_in(house: House, region: str | None = None) -> list[Counterfeit]:
    """Return the false warnings that are about in a region, the latest first."""
    tree, here = house.service.world.tree, _leaves(house, region)
    about = [
        each for each in house.service.state.notices.counterfeits.values()
        if each.ended_at is None and tree.extent(each.area).touched & here
    ]  # fmt: skip
    return sorted(about, key=lambda each: (each.at, each.id), reverse=True)


def _leaves(house: House, region: str | None) -> Leaves:
    tree = house.service.world.tree
    return tree.mask((region or tree.root,))


def _mask(house: House, codes: Iterable[str]) -> Leaves:
    """Return the leaves of regions; one that was redrawn since an old journal has none."""
    tree = house.service.world.tree
    return tree.mask(code for code in codes if code in tree)
