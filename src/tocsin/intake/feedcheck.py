"""Does every news feed of the settings answer? Asked once by ``tocsin doctor``; nothing is kept."""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from tocsin.errors import BadInput, TocsinError
from tocsin.formats.api import prose
from tocsin.formats.feed import read_feed
from tocsin.intake.fetch import fetch
from tocsin.intake.reports import Fetching, feeds_of


@dataclass(frozen=True, slots=True)
class Tried:
    """How a feed answered; ``fix`` is empty where it answered well."""

    outlet: str
    told: str
    fix: str = ""


async def tried(
    lines: Sequence[str], inside: Collection[str], get: Fetching | None = None
) -> list[Tried]:
    """Ask each feed of the settings, all at once, and return how it answered, in their order."""
    get = get or functools.partial(fetch, allow=inside)
    return list(await asyncio.gather(*(_tried(line, get) for line in lines)))


async def _tried(line: str, get: Fetching) -> Tried:
    try:
        (feed,) = feeds_of([line])
    except TocsinError as problem:
        return Tried("", str(problem), "write OUTLET = ADDRESS; the house does not start with this")
    try:
        found = await get(feed.address)
        items = (await asyncio.to_thread(read_feed, found.body, found.final_address)).items
    except BadInput as problem:
        return Tried(
            feed.outlet, prose(str(problem)),
            "give a feed's own address; a host of your own network is named in reports.inside",
        )  # fmt: skip
    except TocsinError as problem:
        return Tried(feed.outlet, prose(str(problem)), "is the address right, and the outlet up?")
    if not items:
        return Tried(feed.outlet, "it answers, without a single item", "is it the right feed?")
    days = [each.published for each in items if each.published is not None]
    latest = f", the latest of {max(days):%Y-%m-%d %H:%M} UTC" if days else ", none with its day"
    return Tried(feed.outlet, f"{len(items)} items{latest}")
