"""Time passing: what runs out, what extends itself, and the clock's own readings.

It keeps no list of its own: what is due is read from the open state each time, so it
survives restarts and clock jumps by having nothing to lose. Imported history is never touched.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Protocol

import structlog

from tocsin.core import commands as co
from tocsin.core.alert import Alert, Status
from tocsin.core.refusals import Refusal
from tocsin.core.state import State
from tocsin.core.world import World
from tocsin.errors import JournalUnavailable
from tocsin.service.housetime import Doubt
from tocsin.service.ports import Reading
from tocsin.service.submit import Service

log = structlog.get_logger()

READING_EVERY_S = 15.0
LOOK_EVERY_S = 1.0


class Doubtful(Protocol):
    """What the scheduler asks of the house's time besides ``now``."""

    held: bool
    doubt: Doubt | None

    def now(self) -> datetime:
        """Return the house's time."""
        ...

    def reading(self) -> Reading:
        """Return a reading to be stored."""
        ...


def due(world: World, state: State, now: datetime) -> list[co.ExtendAlert | co.ExpireAlert]:
    """Return what time alone asks for: steps of alerts that extend themselves, and run-outs.

    An alert of a hazard that extends itself does so up to its longest duration, also when the
    house was away at the time; after that, and for all other hazards, it runs out. A drill
    never extends itself.
    """
    found: list[co.ExtendAlert | co.ExpireAlert] = []
    for alert in state.active.values():
        if alert.imported or alert.expires > now:
            continue
        until = _extended(world, alert, now)
        if until is None:
            found.append(co.ExpireAlert(alert_id=alert.id))
        else:
            found.append(
                co.ExtendAlert(
                    alert_id=alert.id, sender=alert.sender, expires=until, automatic=True
                )
            )
    return found


def _extended(world: World, alert: Alert, now: datetime) -> datetime | None:
    hazard = world.hazards.get(alert.hazard)
    if hazard is None or hazard.extends_by is None or alert.standing:
        return None
    if alert.status is not Status.ACTUAL:
        return None
    limit = alert.sent + hazard.longest
    until = alert.expires
    while until <= now:
        until += hazard.extends_by
    until = min(until, limit)
    return until if until > now else None


class Scheduler:
    """Asks the service for what time alone brings. One task in the service's loop."""

    def __init__(self, service: Service, time: Doubtful) -> None:
        self._service = service
        self._time = time
        self._task: asyncio.Task[None] | None = None
        self._told: Doubt | None = None

    def start(self) -> None:
        """Begin, in the running loop."""
        self._task = asyncio.create_task(self._run(), name="schedule")

    async def stop(self) -> None:
        """End, and wait for the end."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def look(self) -> int:
        """Do what is due now; return how many commands that were. Safe to call at any time."""
        now = self._time.now()
        await self._tell_doubt()
        if self._time.held:
            return 0
        asked = due(self._service.world, self._service.state, now)
        for command in asked:
            try:
                outcome = await self._service.submit(command)
            except JournalUnavailable:
                return 0  # nothing is lost: it is still due
            if isinstance(outcome, Refusal):  # it changed meanwhile: looked at again next time
                log.warning("not_due", alert_id=command.alert_id, rule=outcome.rule)
            elif isinstance(command, co.ExtendAlert):
                log.warning("alert_extended_by_itself", alert_id=command.alert_id)
            else:
                log.error("alert_ran_out", alert_id=command.alert_id)
        return len(asked)

    async def _tell_doubt(self) -> None:
        """Record once that the wall clock cannot be believed, and page (P22)."""
        doubt = self._time.doubt
        if doubt is None or doubt is self._told:
            return
        self._told = doubt
        log.error(
            "clock_doubted",
            wall=doubt.wall.isoformat(),
            expected=doubt.expected.isoformat(),
            held=self._time.held,
        )
        await self._service.submit(
            co.DoubtClock(wall=doubt.wall, expected=doubt.expected, restarted=doubt.restarted)
        )

    async def _run(self) -> None:
        since_reading = READING_EVERY_S
        while True:
            try:
                await self.look()
                if since_reading >= READING_EVERY_S:
                    since_reading = 0.0
                    reading = self._time.reading()
                    await asyncio.to_thread(self._service.note_clock, reading)
            except JournalUnavailable as problem:
                log.warning("clock_reading_not_stored", reason=str(problem))
            except Exception:  # the edge of a task: log, and go on
                log.exception("schedule_failed")
            await asyncio.sleep(LOOK_EVERY_S)
            since_reading += LOOK_EVERY_S
