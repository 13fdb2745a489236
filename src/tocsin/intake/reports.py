"""News feeds, read by themselves into the desk's inbox; a person confirms what comes of them.

Each feed is asked with what it answered last (``ETag``, ``Last-Modified``), give or take a tenth of
the time; one that fails is asked less and less often, and said to be silent. An item is taken once:
its linked page, or its own text where the page does not come. Nothing here can issue an alert, and
nothing that a feed says costs more than its own turn: items are bounded in number and length, read
one at a time, and one that breaks the reader is left behind.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from tocsin.checks.text import MOST_NAME
from tocsin.core.refusals import Refusal
from tocsin.errors import BadInput, TocsinError
from tocsin.formats.api import prose
from tocsin.formats.feed import Feed, Item, read_feed, text_of
from tocsin.intake.fetch import Fetched
from tocsin.intake.guard import DEFAULT_PORTS
from tocsin.reader.text import article, decode, is_page
from tocsin.service.reports import Incoming, Reports

log = structlog.get_logger()

KNOWN_KEPT = 5_000
"""Items of one feed that are remembered; older ones are known again by address and text."""
DOUBLINGS = 4
"""A feed that fails is asked at most so many times half as often."""
SILENT_AFTER = 3
"""Failures in a row after which a feed is said to be silent."""
TRIES = 3
"""Rounds in which an item's page may be away, before its own text is taken."""
TENTH = 0.1
FIRST_WAIT_S = 30.0
"""Within so long after the start every feed is asked once."""
LONGEST = 100_000
"""Characters of a report from a feed; nothing longer is kept, so that no feed fills the disk."""
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
A_DAY = timedelta(days=1)


class Fetching(Protocol):
    """How an address is fetched; see ``intake.fetch``."""

    def __call__(
        self,
        address: str,
        *,
        allow: Collection[str] = ...,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Awaitable[Fetched]:
        """Return what stands there; ``allow`` left out: as the settings say."""
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
    """Marks of the items that need not be taken again."""
    tries: dict[str, int] = field(default_factory=dict)
    """By an item's mark: how often its page was away."""

    @property
    def is_silent(self) -> bool:
        """Say whether it has failed too often to be counted on."""
        return self.failures >= SILENT_AFTER

    def remember(self, mark: str) -> None:
        """Remember an item; the oldest make room."""
        self.known[mark] = None
        self.tries.pop(mark, None)
        while len(self.known) > KNOWN_KEPT:
            self.known.popitem(last=False)


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
    """Asks the feeds of one house, each in a task of its own; items are read one at a time."""

    def __init__(
        self,
        reports: Reports,
        feeds: Sequence[FeedStatus],
        fetch: Fetching,
        *,
        every_s: float,
        most_at_once: int,
        chance: Callable[[], float],
        inside: Collection[str] = (),
    ) -> None:
        """Prepare; nothing is asked before ``start``.

        Args:
            reports: the inbox.
            feeds: what to ask.
            fetch: how.
            every_s: so often, while they answer.
            most_at_once: items of one feed in one round.
            chance: gives a number in [0, 1): feeds are not all asked at one moment.
            inside: hosts of the own network; the pages of a feed may lie there where the feed
                itself does, so that no outer feed can point in.
        """
        self.feeds = list(feeds)
        self._reports = reports
        self._fetch = fetch
        self._every_s = every_s
        self._most = most_at_once
        self._chance = chance
        self._inside = frozenset(inside)
        self._one_at_a_time = asyncio.Lock()
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
        slower = 2.0 ** min(feed.failures, DOUBLINGS)
        return self._every_s * slower * (1 - TENTH + 2 * TENTH * self._chance())

    async def ask(self, feed: FeedStatus) -> int:
        """Ask a feed once; return how many reports were new. Never raises for what it answers.

        Raises:
            JournalUnavailable: the disk did not take a report; the rest comes next time.
        """
        now = self._reports.service.clock.now()
        try:
            found = await self._fetch(
                feed.address, etag=feed.etag, last_modified=feed.last_modified
            )
            items = () if found.is_unchanged else (await _items(found)).items
        except TocsinError as problem:
            self._failed(feed, str(problem))
            log.warning("feed_failed", outlet=feed.outlet, failures=feed.failures)
            return 0
        new = self._new(feed, items)
        before, is_done = feed.taken, len(new) <= self._most
        for mark, item in new[: self._most]:
            is_done &= await self._take(feed, mark, item)
        feed.failures, feed.problem, feed.last_success = 0, "", now
        if is_done and not found.is_unchanged:  # else the rest is asked for again
            feed.etag, feed.last_modified = found.etag, found.last_modified
        return feed.taken - before

    def _new(self, feed: FeedStatus, items: Sequence[Item]) -> list[tuple[str, Item]]:
        """Return the items that were not taken, each with its mark: after a restart, by address."""
        taken = {each.address for each in self._reports.service.ledger.reports.values()}
        marked = [(_mark(item), item) for item in items if not item.link or item.link not in taken]
        if items:  # what the feed tells no more is not waited for
            there = {mark for mark, _ in marked}
            feed.tries = {mark: tries for mark, tries in feed.tries.items() if mark in there}
        return [(mark, item) for mark, item in marked if mark not in feed.known]

    async def _take(self, feed: FeedStatus, mark: str, item: Item) -> bool:
        """Take one item into the inbox; False: its page is away, and it is tried again later."""
        try:
            text = await self._text(feed, mark, item)
            if text is None:
                return False
            if text.strip():
                await self._keep(feed, item, text)
        except TocsinError:  # not the item's fault
            raise
        except Exception:  # the edge of what a stranger wrote: log, and go on to the next
            log.exception("feed_item_broke", outlet=feed.outlet)
        feed.remember(mark)
        return True

    async def _keep(self, feed: FeedStatus, item: Item, text: str) -> None:
        incoming = Incoming(
            body=text.encode("utf-8", "replace"), outlet=feed.outlet,
            published=self._day(item.published), title=_title(item.title), address=item.link,
        )  # fmt: skip
        async with self._one_at_a_time:
            outcome = await self._reports.take(incoming, warrant=None, by=f"feed:{feed.outlet}")
        if isinstance(outcome, Refusal):
            log.info("feed_item_not_taken", outlet=feed.outlet, rule=outcome.rule)
        elif not outcome.again:
            feed.taken += 1

    async def _text(self, feed: FeedStatus, mark: str, item: Item) -> str | None:
        """Return an item's words: its page's, else its own; None: ask for the page once more."""
        if item.link:
            allow = self._inside if _hosts(feed.address) & self._inside else ()
            try:
                page = await self._fetch(item.link, allow=allow)
                text = await asyncio.to_thread(_words, page)
            except BadInput as problem:
                log.info("feed_page_not_read", outlet=feed.outlet, rule=problem.rule)
            except TocsinError:
                feed.tries[mark] = feed.tries.get(mark, 0) + 1
                log.info("feed_page_away", outlet=feed.outlet, tries=feed.tries[mark])
                if feed.tries[mark] < TRIES:
                    return None
            else:
                if text.strip():
                    return text
        try:
            return await asyncio.to_thread(_own_words, item.html)
        except BadInput as problem:
            log.info("feed_item_not_read", outlet=feed.outlet, rule=problem.rule)
            return ""

    def _day(self, published: datetime | None) -> date | None:
        """Return the local day that a feed says; none that has not come, or is of no news."""
        now = self._reports.service.clock.now()
        if published is None or not EARLIEST <= published <= now + A_DAY:
            return None
        return min(published, now).astimezone(self._reports.zone).date()

    def _failed(self, feed: FeedStatus, problem: str) -> None:
        feed.failures += 1
        feed.last_failure, feed.problem = self._reports.service.clock.now(), prose(problem)

    async def _run(self, feed: FeedStatus) -> None:
        await asyncio.sleep(min(self._every_s, FIRST_WAIT_S) * self._chance())
        while True:
            try:
                await self.ask(feed)
            except TocsinError as problem:  # the journal cannot be written: asked again later
                self._failed(feed, str(problem))
                log.warning("feed_not_taken", outlet=feed.outlet, failures=feed.failures)
            except Exception:  # the edge of a task: log, and go on
                self._failed(feed, "The feed could not be read.")
                log.exception("feed_broke", outlet=feed.outlet)
            await asyncio.sleep(self.wait_s(feed))


async def _items(found: Fetched) -> Feed:
    return await asyncio.to_thread(read_feed, found.body, found.final_address)


def _words(page: Fetched) -> str:
    """Return a page's article, or a text as it is.

    Raises:
        BadInput: it is no text, or longer than a report.
    """
    text = decode(page.body, charset=page.charset)
    return _bounded(article(text) if "html" in (page.media_type or "") or is_page(text) else text)


def _own_words(html: str) -> str:
    return _bounded(article(html) or text_of(html)) if html.strip() else ""


def _bounded(text: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(f"A report from a feed has at most {LONGEST} characters.", field="/feed")
    return text


def _mark(item: Item) -> str:
    """Return what an item is remembered by: of one size, however long a feed makes its names."""
    return hashlib.sha256(item.id.encode("utf-8", "replace")).hexdigest()


def _title(told: str) -> str:
    return prose(" ".join(told.split()))[:MOST_NAME]


def _hosts(address: str) -> frozenset[str]:
    """Return the ways in which the settings may name an address's host."""
    try:
        parts = urlsplit(address)
        port = parts.port or DEFAULT_PORTS.get(parts.scheme, 0)
        return frozenset((parts.hostname or "", f"{parts.hostname}:{port}"))
    except ValueError:
        return frozenset()
