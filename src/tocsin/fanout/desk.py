"""The officers' stream: a small wake-up for each thing that happened, and who is on line.

A wake-up says what kind of thing changed and which; whoever hears it reads the desk again. So
nothing on this stream has to be complete, and a slow officer is owed one line for each thing,
however often it changed. Nobody waits for an officer: queues are bounded, and one whose socket
takes nothing for 10 s is let go and comes back.

Presence is in memory and short: who is on line, in which room, and what they are composing, so
that two operators see that they are about to warn of the same (LESSONS L7). It is dropped 45 s
after the last beat. An officer whose session ends is cut off.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog
from msgspec import Struct

from tocsin.core import audit
from tocsin.core import events as ev
from tocsin.core import ledger_events as le
from tocsin.core.alert import Audience, Realm
from tocsin.core.authority import Role
from tocsin.core.control import ControlSet
from tocsin.core.infra_events import InfraEvent
from tocsin.core.intake_events import IntakeEvent
from tocsin.core.notice_events import NoticeEvent
from tocsin.fanout import frames
from tocsin.projections.desk import Desk
from tocsin.service.record import Recorded
from tocsin.service.records import Records
from tocsin.service.submit import Service

log = structlog.get_logger()

HEARTBEAT_S = 15.0
LINES_MOST = 256
STALLED_S = 10.0
GONE_S = 45.0
"""Since the last beat: then an officer is off line."""
LOOK_EVERY_S = 1.0
PRESENT_MOST = 1_000
BEGIN_ROWS = 5_000
"""Rows of each audience that are read at a start."""
CUT = frames.retry(3_600_000)
"""Said to whoever is cut off: there is nothing to come back to without signing in again."""


class HelloBody(Struct, frozen=True, kw_only=True):
    """First on every stream: from here on nothing is missed."""

    seq: int
    server_time: datetime
    heartbeat_s: float


class WakeBody(Struct, frozen=True, kw_only=True):
    """What changed.

    ``kind``: alert, proposal, call, note, presence, account, ledger, infra, notice or draft.

    ``id`` None: several did; read everything again.
    """

    kind: str
    id: str | None
    seq: int


class BeatBody(Struct, frozen=True, kw_only=True):
    """The stream lives; ``seq`` is the journal's last number."""

    server_time: datetime
    seq: int


@dataclass(frozen=True, slots=True)
class Doing:
    """What an officer is composing."""

    hazard: str
    regions: tuple[str, ...]


@dataclass(slots=True)
class Present:
    """Somebody on line. ``beat_s`` is of the loop's clock."""

    account: str
    name: str
    role: Role | None
    room: Realm
    since: datetime
    beat_s: float
    doing: Doing | None = None


@dataclass(slots=True, eq=False)
class Line:
    """One officer's stream: at most one wake-up waits for each thing."""

    hub: DeskHub
    account: str
    session: str
    credential: str
    closed: asyncio.Event = field(default_factory=asyncio.Event)
    waiting: dict[tuple[str, str | None], bytes] = field(default_factory=dict)
    owed_since: float | None = None
    ready: asyncio.Event = field(default_factory=asyncio.Event)

    def push(self, name: tuple[str, str | None], frame: bytes, now: float) -> None:
        """Owe a line, in place of an older one of the same name."""
        if self.closed.is_set():
            return
        self.waiting.pop(name, None)
        self.waiting[name] = frame
        if self.owed_since is None:
            self.owed_since = now
        if len(self.waiting) > self.hub.lines_most:
            self.waiting = {("all", None): self.hub.everything()}
        self.ready.set()

    def close(self, last: bytes = b"") -> None:
        """Write nothing more than ``last``. May be called twice."""
        if self.closed.is_set():
            return
        self.waiting = {("last", None): last} if last else {}
        self.closed.set()
        self.ready.set()
        self.hub.forget(self)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield bytes to write until the line is closed."""
        while True:
            while self.waiting:
                taken, self.waiting = self.waiting, {}
                yield b"".join(taken.values())
                self.owed_since = _now_s() if self.waiting else None
                self.hub.desk_proved()
            if self.closed.is_set():
                return
            self.ready.clear()
            await self.ready.wait()


class DeskHub:
    """Follows the service for the desk: folds its projection and wakes officers.

    Lives in the service's event loop.
    """

    def __init__(
        self,
        service: Service,
        desk: Desk,
        records: Records,
        *,
        heartbeat_s: float = HEARTBEAT_S,
        lines_most: int = LINES_MOST,
        stalled_s: float = STALLED_S,
    ) -> None:
        self.desk = desk
        self.records = records
        self.heartbeat_s = heartbeat_s
        self.lines_most = lines_most
        self.stalled_s = stalled_s
        self._service = service
        self.proved: dict[str, datetime] = {}
        """Way out -> when an officer's socket last took something by it."""
        self._lines: set[Line] = set()
        self._present: dict[tuple[str, str], Present] = {}
        self._seq = 0
        self._unfollow: Callable[[], None] | None = None
        self._ticker: asyncio.Task[None] | None = None
        self._is_leaving = False

    # -- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Read the last rows and begin to follow, in the running event loop. Blocking, short."""
        rows = [
            *self.records.last(Audience.PUBLIC, BEGIN_ROWS),
            *self.records.last(Audience.DESK, BEGIN_ROWS),
        ]
        for row, event in sorted(rows, key=lambda each: each[0].seq):
            self.desk.apply(row.seq, event)
        self._seq = self.records.head().seq
        self._unfollow = self._service.follow(self.publish)
        self._ticker = asyncio.get_running_loop().create_task(self._tick(), name="desk")

    async def stop(self) -> None:
        """Let every officer go; they come back to the next house. May be called twice."""
        self._is_leaving = True
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None
        if self._ticker is not None:
            self._ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None
        for line in tuple(self._lines):
            line.close(frames.retry(1_000))

    # -- officers --------------------------------------------------------------------------------

    @property
    def lines(self) -> int:
        """How many streams are open."""
        return len(self._lines)

    def connect(self, account: str, *, session: str = "", credential: str = "") -> Line:
        """Open an officer's stream."""
        line = Line(self, account, session, credential)
        if self._is_leaving:
            line.close(frames.retry(1_000))
            return line
        hello = HelloBody(
            seq=self._seq, server_time=self._service.clock.now(), heartbeat_s=self.heartbeat_s
        )
        self._lines.add(line)
        line.push(("hello", None), frames.sse("hello", hello), _now_s())
        return line

    def forget(self, line: Line) -> None:
        """Stop waking a line. May be called twice."""
        self._lines.discard(line)

    def cut(self, *, session: str = "", account: str = "", credential: str = "") -> int:
        """Cut off the lines of a session, an account or a credential; return how many."""
        gone = [
            line
            for line in self._lines
            if (session and line.session == session)
            or (account and line.account == account)
            or (credential and line.credential == credential)
        ]
        for line in gone:
            line.close(CUT)
        left = [
            place
            for place in self._present
            if (session and place[1] == session) or (account and place[0] == account)
        ]
        for place in left:
            del self._present[place]
            self._wake("presence", place[0])
        return len(gone)

    def beat(
        self,
        account: str,
        place: str,
        *,
        name: str,
        role: Role | None,
        room: Realm,
        doing: Doing | None,
    ) -> None:
        """Note that somebody is on line; ``place`` tells two browsers of one account apart."""
        known = self._present.get((account, place))
        now = _now_s()
        if known is None:
            if len(self._present) >= PRESENT_MOST:
                return
            since = self._service.clock.now()
            self._present[account, place] = Present(account, name, role, room, since, now, doing)
            self._wake("presence", account)
            return
        changed = (known.room, known.doing, known.name) != (room, doing, name)
        known.name, known.role, known.room, known.doing, known.beat_s = name, role, room, doing, now
        if changed:
            self._wake("presence", account)

    def present(self) -> list[Present]:
        """Return who is on line, whoever came first foremost."""
        return sorted(self._present.values(), key=lambda each: (each.since, each.account))

    # -- what happened ---------------------------------------------------------------------------

    def publish(self, recorded: Sequence[Recorded]) -> None:
        """Take what was recorded, in order."""
        for each in recorded:
            self._seq = each.row.seq
            self.desk.apply(each.row.seq, each.event)
            self._cut_off(each.event)
            kind, name = _kind_of(each.event)
            if kind:
                self._wake(kind, name)

    def _cut_off(self, event: ev.Event) -> None:
        match event:
            case audit.SignedOut():
                self.cut(session=event.session_id)
            case audit.AccountChanged(change="closed" | "erased"):
                self.cut(account=event.account_id)
            case audit.CredentialChanged(change="revoked"):
                self.cut(credential=event.credential_id)
            case _:
                pass

    def _wake(self, kind: str, name: str | None) -> None:
        if not self._lines:
            return
        frame = frames.sse("desk", WakeBody(kind=kind, id=name, seq=self._seq))
        now = _now_s()
        for line in tuple(self._lines):
            line.push((kind, name), frame, now)

    def everything(self) -> bytes:
        """Return the line that stands for all that a slow officer was owed."""
        return frames.sse("desk", WakeBody(kind="alert", id=None, seq=self._seq))

    def desk_proved(self) -> None:
        """Note that an officer's socket took what it was given."""
        self.proved["desk"] = self._service.clock.now()

    # -- as time passes --------------------------------------------------------------------------

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + self.heartbeat_s
        while True:
            await asyncio.sleep(min(LOOK_EVERY_S, max(0.0, due - loop.time())))
            now = loop.time()
            try:
                self.look(now)
                if now >= due:
                    self.tell_the_time(now)
            except Exception:  # the edge of a task: the next tick must come
                log.exception("desk_tick_failed")
            if now >= due:
                due = max(due + self.heartbeat_s, now)

    def tell_the_time(self, now: float) -> None:
        """Send everybody a heartbeat, or ``stale`` while the house cannot read its journal."""
        at = self._service.clock.now()
        if self._service.freshness == "fresh":
            frame = frames.sse("heartbeat", BeatBody(server_time=at, seq=self._seq))
        else:
            frame = frames.sse("stale", frames.StaleBody(since=at))
        for line in tuple(self._lines):
            line.push(("heartbeat", None), frame, now)

    def look(self, now: float) -> None:
        """Let go of those that take nothing, and of those whose last beat is too old."""
        for line in tuple(self._lines):
            if line.owed_since is not None and now - line.owed_since >= self.stalled_s:
                log.warning("desk_line_shed", waited_s=round(now - line.owed_since, 1))
                line.close(frames.retry(1_000))
        gone = [place for place, each in self._present.items() if now - each.beat_s > GONE_S]
        for place in gone:
            del self._present[place]
            self._wake("presence", place[0])


def _kind_of(  # noqa: C901, PLR0911, PLR0912  # a match over what the desk shows
    event: ev.Event,
) -> tuple[str, str | None]:
    """Return what kind of thing changed, and which; nothing for what no screen shows."""
    match event:
        case ev.ProposalMade():
            return "proposal", event.proposal.id
        case ev.ProposalAnswered():
            return "proposal", event.proposal_id
        case audit.OfficersPaged():
            return "call", event.proposal_id or event.alert_id
        case audit.NoteWritten():
            return "note", event.note_id
        case audit.AccountChanged() | audit.CredentialChanged():
            return "account", event.account_id
        case audit.SignedIn() | audit.SignedOut():
            return "account", event.account_id
        case ev.MandateGiven() | ev.MandateWithdrawn():
            return "account", event.sender
        case ev.DelegationGiven():
            return "account", event.delegation.to
        case ev.DelegationWithdrawn():
            return "account", event.to
        case ev.ClockDoubted() | ev.ClockAccepted():
            return "call", None
        case audit.OfficerRefused() | audit.StrangersRefused():
            return "", None
        case _ if isinstance(event, le.LedgerEvent):
            return "ledger", None
        case _ if isinstance(event, InfraEvent | ControlSet):
            return "infra", None
        case _ if isinstance(event, NoticeEvent):
            return "notice", None
        case _ if isinstance(event, IntakeEvent):
            return "draft", None
        case _:
            return "alert", ev.alert_id_of(event)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
