"""News feeds, read by themselves into the desk's inbox; a person confirms what comes of them.

Each feed is asked with what it answered last (``ETag``, ``Last-Modified``), give or take a tenth of
the time; one that fails is asked less and less often, and said to be silent. An item is taken once:
its linked page, or its own text where the page does not come. Nothing here can issue an alert.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog

from tocsin.core.refusals import Refusal
from tocsin.errors import TocsinError
from tocsin.formats.feed import Item, read_feed
from tocsin.intake.fetch import Fetched
from tocsin.service.reports import Incoming, Reports

log = structlog.get_logger()

KNOWN_KEPT = 5_000
"""Items of one feed that are remembered; older ones are known again by their text."""
SLOWEST = 16.0
"""A feed that fails is asked at most so many times more seldom."""
SILENT_AFTER = 3
"""Failures in a row after which a feed is said to be silent."""
TENTH = 0.1


class Fetching(Protocol):
    """How an address is fetched; see ``intake.fetch``."""

    def __call__(
        self, address: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Awaitable[Fetched]:
        """Return what stands there."""
        ...


@dataclass(slots=True)
class FeedStatus:
    """One feed as the desk sees it."""

    outlet: str
    address: str
    last_success: datetime | None = None
    last_failure: datetime | None = None
    problem: str = ""
    failures: int = 0
    taken: int = 0
    etag: str | None = None
    last_modified: str | None = None
    known: OrderedDict[str, None] = field(default_factory=OrderedDict)

    @property
    def is_silent(self) -> bool:
        """Say whether it has failed too often to be counted on."""
        return self.failures >= SILENT_AFTER


def feeds_of(lines: Sequence[str]) -> list[FeedStatus]:
    """Return the feeds of the settings, each ``OUTLET = ADDRESS``.

    Raises:
        TocsinError: a line is not of that form.
    """
    found = []
    for line in lines:
        outlet, is_there, address = line.partition("=")
        if not is_there or not outlet.strip() or not address.strip():
            raise TocsinError(f"reports.feeds: {line!r} is not of the form OUTLET = ADDRESS")
        found.append(FeedStatus(outlet=outlet.strip(), address=address.strip()))
    return found


class Feeds:
    """Asks the feeds of one house, one after the other, in one task."""

    def __init__(
        self,
        reports: Reports,
        feeds: Sequence[FeedStatus],
        fetch: Fetching,
        *,
        every_s: float,
        most_at_once: int,
        chance: Callable[[], float],
    ) -> None:
        """``chance`` gives a number in [0, 1): feeds are not all asked at one moment."""
        self.feeds = list(feeds)
        self._reports = reports
        self._fetch = fetch
        self._every_s = every_s
        self._most = most_at_once
        self._chance = chance
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Begin, in the running loop."""
        self._tasks = [asyncio.create_task(self._run(each)) for each in self.feeds]

    async def stop(self) -> None:
        """End, and wait for the end."""
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def wait_s(self, feed: FeedStatus) -> float:
        """Return how long to wait before a feed is asked again."""
        slower = min(2.0**feed.failures, SLOWEST)
        return self._every_s * slower * (1 - TENTH + 2 * TENTH * self._chance())

    async def ask(self, feed: FeedStatus) -> int:
        """Ask a feed once; return how many reports were new. Never raises for what it answers."""
        now = self._reports.service.clock.now()
        try:
            found = await self._fetch(
                feed.address, etag=feed.etag, last_modified=feed.last_modified
            )
            items = () if found.is_unchanged else read_feed(found.body, found.final_address).items
        except TocsinError as problem:
            feed.failures += 1
            feed.last_failure, feed.problem = now, str(problem)
            log.warning("feed_failed", outlet=feed.outlet, failures=feed.failures)
            return 0
        taken = 0
        new = [item for item in items if item.id not in feed.known][: self._most]
        for item in new:
            taken += await self._take(feed, item)
            feed.known[item.id] = None
            while len(feed.known) > KNOWN_KEPT:
                feed.known.popitem(last=False)
        feed.failures, feed.problem, feed.last_success = 0, "", now
        if len(new) < self._most:  # else the rest is asked for again
            feed.etag, feed.last_modified = found.etag, found.last_modified
        feed.taken += taken
        return taken

    async def _take(self, feed: FeedStatus, item: Item) -> int:
        """Take one item into the inbox; 1 where it was new."""
        incoming = await self._incoming(feed, item)
        if incoming is None:
            return 0
        outcome = await self._reports.take(incoming, warrant=None, by=f"feed:{feed.outlet}")
        if isinstance(outcome, Refusal):
            log.info("feed_item_not_taken", outlet=feed.outlet, rule=outcome.rule)
            return 0
        return 0 if outcome.again else 1

    async def _incoming(self, feed: FeedStatus, item: Item) -> Incoming | None:
        """Return an item's page; its own text where the page does not come; None for neither."""
        zone = self._reports.zone
        day = item.published.astimezone(zone).date() if item.published is not None else None
        body, is_html = item.html.encode(), True
        if item.link:
            try:
                page = await self._fetch(item.link)
            except TocsinError as problem:
                log.info("feed_page_not_fetched", outlet=feed.outlet, reason=str(problem))
            else:
                body, is_html = page.body, "html" in (page.media_type or "")
        if not body.strip():
            return None
        return Incoming(
            body=body, outlet=feed.outlet, published=day, title=item.title, address=item.link,
            is_html=is_html,
        )  # fmt: skip

    async def _run(self, feed: FeedStatus) -> None:
        while True:
            try:
                await self.ask(feed)
            except TocsinError as problem:  # the journal cannot be written: asked again later
                feed.failures += 1
                feed.problem = str(problem)
                log.warning("feed_not_taken", outlet=feed.outlet, reason=str(problem))
            except Exception:  # the edge of a task: log, and go on
                feed.failures += 1
                feed.problem = "The feed could not be read."
                log.exception("feed_broke", outlet=feed.outlet)
            await asyncio.sleep(self.wait_s(feed))
