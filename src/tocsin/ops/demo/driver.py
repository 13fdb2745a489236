"""Takes the steps of the script through ``service.submit``, at the pace of events.

The bundled source issues its rows as live alerts: with words, sounding, in the public stream.
Steps that the journal holds already are passed over, so the driver goes on at the right row after
its process was killed, and a region that was cleared by hand is not cleared again.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

from tocsin.clock import monotonic_s
from tocsin.core import commands as co
from tocsin.core.alert import Alert, AlertState, Realm, Status
from tocsin.core.area import Area
from tocsin.core.overlap import clearing
from tocsin.core.refusals import Refusal
from tocsin.ops.demo import wire
from tocsin.ops.demo.acts import Hold
from tocsin.ops.demo.clerk import Clerk
from tocsin.ops.demo.clock import ReplayClock
from tocsin.ops.demo.deeds import Seal
from tocsin.ops.demo.script import Cue, Script
from tocsin.ops.demo.wire import Wish
from tocsin.ops.history import HistoryRow
from tocsin.service.schedule import due
from tocsin.service.submit import Accepted, Service

FASTEST = 16.0
MOMENT_EVERY_S = 0.25


class Driver:
    """Plays one script into one service; lives in the service's loop.

    Args:
        service: takes the commands; started.
        script: what is played.
        clock: the service's clock, moved from here only.
        tell: is told what happens; called in the loop.
        seal: seals what the desk registers.
        paced: at the pace of events; False: as fast as the disk takes it.
        hold_s: how long a hold lasts if no key comes; None: until one comes.
    """

    def __init__(  # each is handed in by name
        self,
        *,
        service: Service,
        script: Script,
        clock: ReplayClock,
        tell: Callable[[wire.Told], None],
        seal: Seal,
        paced: bool,
        hold_s: float | None,
    ) -> None:
        self._service = service
        self._script = script
        self._clock = clock
        self._tell = tell
        self._paced = paced
        self._hold_s = hold_s
        self._clerk = Clerk(service, tell, seal)
        self._turned = asyncio.Event()
        self._cleared = asyncio.Event()
        self._paused = False
        self._speed = 1.0
        self._jumping = False
        self._act = -1
        self._at = 0

    def wish(self, wish: Wish) -> None:
        """Do what the one at the keyboard asks; the all-clear is given by a task of its own."""
        match wish:
            case Wish.PAUSE:
                self._paused = not self._paused
            case Wish.FASTER:
                self._speed = 1.0 if self._speed >= FASTEST else self._speed * 2
            case Wish.JUMP:
                self._jumping, self._paused = True, False
            case Wish.CLEAR:
                task = asyncio.create_task(self.clear_held(), name="all-clear by hand")
                task.add_done_callback(lambda done: done.result())
        self._turned.set()

    async def run(self) -> None:
        """Play what is not yet in the journal; return when everything is."""
        cues = self._script.cues
        await self._return()
        done = sum(self._is_done(cue) for cue in cues)
        self._tell(wire.Ready(len(cues), done))
        for number, cue in enumerate(cues, 1):
            if self._is_done(cue):
                continue
            if cue.act != self._act:
                await self._begin(cue.act)
            self._at = number
            await self._wait_for(cue)
            if not self._is_done(cue):  # a key may have done it while it was waited for
                await self._take(cue)
        self._clock.stand()
        self._tell(self._moment())
        self._tell(wire.Done(len(cues)))

    async def clear_held(self) -> None:
        """Give the all-clear for the region whose end an act holds back, by its own sender."""
        hold = next((act.hold for act in reversed(self._script.acts) if act.hold is not None), None)
        alert = None if hold is None else self._alert_of(hold.region)
        if alert is None:
            self._tell(wire.Refused("not-in-force", "No alert of its own is in force there now."))
            return
        await self._clear(alert)
        self._cleared.set()
        self._turned.set()

    async def _return(self) -> None:
        """Know what an earlier life did, and be no earlier than it was."""
        rows = await asyncio.to_thread(self._service.history)
        self._clerk.remember(event for _, event in rows)
        self._service.follow(self._clerk.heard)
        self._clock.jump(self._service.state.last_at)
        for cue in self._script.cues:
            if not self._is_done(cue):
                break
            self._clock.jump(cue.at)

    # -- steps -----------------------------------------------------------------------------------

    def _is_done(self, cue: Cue) -> bool:
        if cue.filing is not None:
            return self._clerk.is_done(cue.filing)
        if cue.row is None:  # nothing but a time at which one looks
            return self._clock.now() >= cue.at
        alert = self._named(cue.row)
        if cue.begins or alert is None:
            return alert is not None
        return alert.state is not AlertState.ACTIVE

    def _named(self, row: HistoryRow) -> Alert | None:
        alert = self._service.state.named(row.source, row.identifier)
        if alert is not None:
            return alert
        alert_id = self._service.resolve(row.identifier, row.source)
        view = self._service.view(alert_id) if alert_id is not None else None
        return view.alert if view is not None else None

    def _alert_of(self, region: str) -> Alert | None:
        return next(
            (a for a in self._service.state.active.values() if a.area.regions == (region,)), None
        )

    async def _begin(self, act: int) -> None:
        """Begin an act: its sources get their mandates, and no time passes in the jump."""
        self._act = act
        await self._pass_time(self._script.begins[act])
        held = self._service.state.mandates
        for mandate in self._script.mandates[act]:
            if mandate not in held:
                await self._service.submit(
                    co.GiveMandate(
                        sender=mandate.sender,
                        regions=mandate.regions,
                        valid_from=mandate.valid_from,
                        valid_until=mandate.valid_until,
                        by="demo",
                    )
                )
        self._tell(wire.Begun(act))

    async def _take(self, cue: Cue) -> None:
        row = cue.row
        if cue.filing is not None:
            await self._clerk.file(cue.filing)
            return
        if row is None:  # what is to be seen now is to be seen again after a kill
            await asyncio.to_thread(self._service.note_clock, self._clock.reading())
            return
        if cue.begins:
            longest = self._service.world.hazards[row.hazard].longest
            await self._ask(
                co.IssueAlert(
                    realm=Realm.LIVE,
                    status=Status.ACTUAL,
                    sender=row.source,
                    hazard=row.hazard,
                    area=Area(regions=(row.region,)),
                    identifier=row.identifier,
                    expires=cue.at + longest,  # it will say itself when its alert is over
                    content=row.content,
                    by="demo",
                )
            )
            return
        alert = self._named(row)
        if alert is None:
            return
        if cue.announced:
            await self._clear(alert)
        else:
            await self._ask(co.ExpireAlert(alert_id=alert.id, replayed=True))

    async def _clear(self, alert: Alert) -> None:
        """Give the all-clear, along with what ran out over the same leaves (rule 5)."""
        state = self._service.state
        proposal = clearing(self._service.world, state, alert, alert.sender)
        ticked = tuple(name for name in proposal.ticked if name in state.unconfirmed)
        await self._ask(
            co.ClearAlert(sender=alert.sender, alert_id=alert.id, ticked=ticked, by="demo")
        )

    async def _ask(self, command: co.Command) -> None:
        began = monotonic_s()
        outcome = await self._service.submit(command)
        if isinstance(outcome, Refusal):
            self._tell(wire.Refused(outcome.rule.value, outcome.help))
        elif isinstance(outcome, Accepted) and outcome.alert_id is not None:
            took = (monotonic_s() - began) * 1000
            self._tell(wire.Acknowledged(outcome.alert_id, outcome.revision, took))

    # -- time ------------------------------------------------------------------------------------

    async def _wait_for(self, cue: Cue) -> None:
        """Let the replay's time run to the cue, and the watcher's time with it."""
        if cue.gap_s > 0 and self._paced and not self._jumping:
            if cue.since is not None:
                await self._pass_time(cue.since)
            self._tell(self._moment())
            await self._glide_on(cue.at, cue.gap_s)
        elif cue.gap_s == 0:
            self._jumping = False
        if cue.hold is not None and self._paced:
            await self._hold(cue.hold)
        await self._pass_time(cue.at)

    async def _pass_time(self, until: datetime) -> None:
        """Stand at ``until``, having done on the way what time alone asks for."""
        looked = self._clock.now()
        if any(alert.expires <= looked for alert in self._service.state.active.values()):
            await self._do_due(looked)
        while (first := self._next(looked, until)) is not None:
            looked = first
            await self._do_due(first)
        self._clock.jump(until)

    async def _glide_on(self, to: datetime, seconds: float) -> None:
        """Glide, and do on the way what time alone asks for, at its own moment."""
        looked = began = self._clock.now()
        while (first := self._next(looked, to)) is not None:
            await self._glide(first, seconds * ((first - looked) / (to - began)))
            looked = first
            await self._do_due(first)
        if to > looked:
            await self._glide(to, seconds * ((to - looked) / (to - began)))

    async def _do_due(self, at: datetime) -> None:
        """Stand at a moment and ask for what the scheduler would ask for then."""
        self._clock.jump(at)
        for command in due(self._service.world, self._service.state, at):
            await self._service.submit(command)

    def _next(self, after: datetime, until: datetime) -> datetime | None:
        """Return when time alone next brings something: a run-out, or an embargo's end."""
        alerts = self._service.state.active.values()
        ends = [alert.expires for alert in alerts if after < alert.expires < until]
        release = self._clerk.next_release(after, until)
        moments = [each for each in (*ends, release) if each is not None]
        return min(moments, default=None)

    async def _glide(self, to: datetime, seconds: float) -> None:
        """Wait ``seconds`` at normal speed; keys make it faster, stop it, or end it."""
        left = seconds
        while left > 0 and not self._jumping:
            began, speed = monotonic_s(), self._speed
            if self._paused:
                self._clock.stand()
                self._tell(self._moment())
                await self._until_turned(None)
                continue
            self._clock.glide(to, left / speed)
            self._tell(self._moment())
            await self._until_turned(min(left / speed, MOMENT_EVERY_S))
            left -= (monotonic_s() - began) * speed

    async def _hold(self, hold: Hold) -> None:
        """Stand still until somebody gave the region's all-clear, jumped on, or the time is out."""
        if self._alert_of(hold.region) is None:
            return
        self._clock.stand()
        self._jumping = False
        self._tell(self._moment())
        self._tell(wire.Holding(hold.region, on=True))
        began = monotonic_s()
        while not self._cleared.is_set() and not self._jumping:
            left = None if self._hold_s is None else self._hold_s - (monotonic_s() - began)
            if left is not None and left <= 0:
                break
            await self._until_turned(left)
        self._jumping = False
        self._tell(wire.Holding(hold.region, on=False))

    async def _until_turned(self, seconds: float | None) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._turned.wait(), seconds)
        self._turned.clear()

    def _moment(self) -> wire.Moment:
        return wire.Moment(self._clock.now(), self._at, self._paused, self._speed)
