"""Time passing: what runs out, what extends itself, who is called, and the clock's own readings.

It keeps no list of its own: what is due is read from the open state each time, so it
survives restarts and clock jumps by having nothing to lose. Imported history is never touched.
The one exception are the reminders to which officers were called: after a restart they may be
called once more.
"""

from __future__ import annotations

import asyncio
import contextlib
from datetime import datetime
from typing import Protocol

import structlog

from tocsin.core import commands as co
from tocsin.core.alert import Alert, Status
from tocsin.core.audit import PageReason
from tocsin.core.intake_commands import CloseAlertDraft
from tocsin.core.intake_drafts import is_proposed
from tocsin.core.ledger import due_for_release
from tocsin.core.ledger_commands import ReleaseIncident
from tocsin.core.refusals import Refusal
from tocsin.core.reminders import Reminder, reminders, unanswered
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


Due = (
    co.ExtendAlert
    | co.ExpireAlert
    | co.ClearAlert
    | co.AnswerProposal
    | co.PageOfficers
    | ReleaseIncident
    | CloseAlertDraft
)


def due(world: World, state: State, now: datetime) -> list[Due]:
    """Return what time alone asks for: steps of alerts that extend themselves, run-outs, calls.

    An alert of a hazard that extends itself does so up to its longest duration, also when the
    house was away at the time; after that, and for all other hazards, it runs out. A drill
    never extends itself. A self-test that is over is over: nobody has to confirm that there
    was no danger. A proposal that nobody answers calls further officers, and then expires. A draft
    of a machine runs out, which says nothing of the danger; not while a proposal answers it.
    """
    found: list[Due] = []
    for alert in state.active.values():
        if alert.imported or alert.expires > now:
            continue
        until = _extended(world, alert, now)
        if alert.status is Status.SYSTEM:
            found.append(co.ClearAlert(sender=alert.sender, alert_id=alert.id))
        elif until is None:
            found.append(co.ExpireAlert(alert_id=alert.id))
        else:
            found.append(
                co.ExtendAlert(
                    alert_id=alert.id, sender=alert.sender, expires=until, automatic=True
                )
            )
    for proposal in state.proposals.values():
        if not proposal.is_waiting:
            continue
        called_at = proposal.paged_at or proposal.made_at
        if now >= proposal.ends_at:
            expire = co.Verdict.EXPIRE
            found.append(co.AnswerProposal(proposal_id=proposal.id, verdict=expire))
        elif now >= called_at + world.second_person.page_after:
            found.append(co.PageOfficers(why=PageReason.UNANSWERED, proposal_id=proposal.id))
    found += [
        CloseAlertDraft(draft_id=each.id, run_out=True) for each in state.inbox.drafts.values()
        if each.waits and now >= each.until and not is_proposed(state, each)
    ]  # fmt: skip
    found += due_for_release(world, state, now)
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
        self._called: frozenset[Reminder] = frozenset()

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
            if not await self._do(command):
                return 0  # nothing is lost: it is still due
        return len(asked) + await self._call_to_reminders(now)

    async def _do(self, command: Due) -> bool:
        """Ask for one thing that is due; False where it could not be recorded."""
        try:
            outcome = await self._service.submit(command)
        except JournalUnavailable:
            return False
        if isinstance(outcome, Refusal):  # it changed meanwhile: looked at again next time
            log.warning("not_due", command=type(command).__name__, rule=outcome.rule)
            return True
        match command:
            case co.ExtendAlert():
                log.warning("alert_extended_by_itself", alert_id=command.alert_id)
            case co.ExpireAlert():
                log.error("alert_ran_out", alert_id=command.alert_id)
            case co.ClearAlert():
                log.info("self_test_over", alert_id=command.alert_id)
            case co.AnswerProposal():
                log.warning("proposal_expired", proposal_id=command.proposal_id)
            case CloseAlertDraft():
                log.error("alert_draft_ran_out", draft_id=command.draft_id)
            case ReleaseIncident():
                log.info("incident_released", incident_id=command.incident_id)
            case co.PageOfficers():
                log.warning(
                    "officers_called",
                    why=command.why,
                    proposal_id=command.proposal_id,
                    alert_id=command.alert_id,
                )
        return True

    async def _call_to_reminders(self, now: datetime) -> int:
        """Call officers to alerts that are about to end while nobody says whether they hold."""
        world, state = self._service.world, self._service.state
        late = unanswered(world, state, now, self._called)
        for reminder in late:
            page = co.PageOfficers(why=PageReason.REMINDER, alert_id=reminder.alert_id)
            if not await self._do(page):
                return 0
            self._called |= {reminder}
        if late:  # what no longer stands need not be remembered
            self._called &= frozenset(reminders(world, self._service.state, now))
        return len(late)

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
