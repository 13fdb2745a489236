"""Walks the journal's chain while the house runs, so that a change of the past is seen soon.

The walk begins with the first row at each start and then goes on every minute from where it came
to. It takes small pieces in a thread, with a rest after each, and a journal that cannot be
read for now is asked again: no alert waits for it. What does not fit is an error in the log and
stands on the journal's page until somebody has looked; the house goes on warning.

It sees rows that were changed, put in, taken out or cut off before it came there, and the last
row it knows each time. A change of what it has passed is seen at the next start, or by
``tocsin verify``, which reads everything.

Source: RELIABILITY P23.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable

import structlog

from tocsin.errors import TocsinError

log = structlog.get_logger()

EVERY_S = 60.0
PIECE = 500
"""Rows of one piece: a few milliseconds."""
REST_S = 0.05
"""Between two pieces: a year of alerts takes less than a minute."""

GoOn = Callable[[int], tuple[int, str | None]]
"""Walk at most so many rows on; return the last number that fits, and what does not. Blocking."""


class ChainWatch:
    """The walker of one house; lives in one event loop.

    Args:
        go_on: walks on from where it came to; called in a thread, once at a time.
        every_s: how long to wait at the journal's end, in seconds.
        rest_s: how long to rest between two pieces, in seconds.
    """

    def __init__(self, go_on: GoOn, *, every_s: float = EVERY_S, rest_s: float = REST_S) -> None:
        self.verified = 0
        self.misfit: str | None = None
        self._go_on = go_on
        self._every_s = every_s
        self._rest_s = rest_s
        self._ending = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to walk, in the running loop."""
        self._ending.clear()
        self._task = asyncio.create_task(self._run(), name="chainwatch")

    async def stop(self) -> None:
        """End after the piece that is under way. May be called twice."""
        self._ending.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def step(self) -> bool:
        """Walk one piece; say whether there was anything new."""
        before = self.verified
        self.verified, self.misfit = await asyncio.to_thread(self._go_on, PIECE)
        if self.misfit is not None:
            log.error("journal_does_not_fit", verified=self.verified, reason=self.misfit)
        return self.verified > before

    async def _run(self) -> None:
        while self.misfit is None and not self._ending.is_set():
            is_on_its_way = False
            try:
                is_on_its_way = await self.step()
            except TocsinError as problem:
                log.warning("chain_not_walked", reason=type(problem).__name__)
            except Exception:  # the edge of a task: log, and try again
                log.exception("chain_walk_failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._rest_s if is_on_its_way else self._every_s):
                    await self._ending.wait()
