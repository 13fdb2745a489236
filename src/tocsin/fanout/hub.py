"""The one place that writes to live streams: ready bytes to every connection that selects them.

The law of this file:

* A message is encoded once for each language, whatever the number of connections.
* A connection is served from its queue; nobody ever waits for it. More than 256 events or
  1 MiB waiting are made into each alert's present state; one that stays behind for 10 s is told
  when to come back and closed (RELIABILITY P12).
* A connection is registered and given its snapshot or what it missed in one step of the
  loop, so nothing can fall between replay and live (P9).
* The hash in a heartbeat is worked out once for each distinct set of filters and change (P10).
* While the house is stale, ``stale`` stands where the heartbeat stood: a client that hears no
  heartbeat for 45 s says so by itself.

Everything runs in one event loop; ``Connection.chunks`` is what a writer of bytes takes from.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from tocsin.core import events as ev
from tocsin.core.alert import Alert, Audience
from tocsin.core.area import Leaves
from tocsin.core.overlap import CLEARED_SHOWN
from tocsin.fanout import frames
from tocsin.fanout.measure import Measure
from tocsin.fanout.notices import is_notice, notice_of
from tocsin.fanout.replay import missed
from tocsin.fanout.select import Selection, reach
from tocsin.formats import api as shapes
from tocsin.projections.reach import Reach
from tocsin.service.record import Recorded
from tocsin.service.submit import Service

log = structlog.get_logger()

HEARTBEAT_S = 15.0
BACKLOG_EVENTS = 256
BACKLOG_BYTES = 1_048_576
STALLED_S = 10.0
CHUNK_BYTES = 65_536
LOOK_EVERY_S = 1.0
STREAMED = (Audience.PUBLIC, Audience.DRILL)

Item = tuple[str, bytes]
"""What a later item replaces when a queue is coalesced (an alert's id, a kind), and the bytes."""


def jittered_ms() -> int:
    """Return how long a connection that was shed should wait: 1 to 15 s, all alike likely."""
    return 1000 + secrets.randbelow(14_001)


@dataclass(slots=True)
class Known:
    """An alert as streams show it, with every leaf it has covered."""

    alert: Alert
    sequence: int | None
    reach: Leaves


class Connection:
    """One listener: what it selects, and the bytes that wait for it."""

    def __init__(self, hub: Hub, selection: Selection) -> None:
        self.selection = selection
        self.closed = asyncio.Event()
        self.behind_since: float | None = None
        self._hub = hub
        self._queue: deque[Item] = deque()
        self._bytes = 0
        self._owed_snapshot = False
        self._ready = asyncio.Event()

    @property
    def waiting(self) -> tuple[int, int]:
        """How many events and bytes wait to be written."""
        return len(self._queue), self._bytes

    def fill(self, items: Iterable[Item]) -> None:
        """Put the beginning of a stream into the queue; it may be longer than a backlog."""
        for item in items:
            self._put(item)

    def push(self, item: Item, now: float) -> None:
        """Queue one event; fold the queue where it has grown too long."""
        if self.closed.is_set() or self._owed_snapshot:
            return
        self._put(item)
        if len(self._queue) > self._hub.backlog_events or self._bytes > self._hub.backlog_bytes:
            self._coalesce(now)

    def close(self, last: bytes = b"") -> None:
        """Write nothing more than ``last``. May be called twice."""
        if self.closed.is_set():
            return
        self._hub.measure.lost(frame for _, frame in self._queue)
        self._drop()
        if last:
            self._put(("", last))
        self.closed.set()
        self._ready.set()
        self._hub.forget(self)

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield bytes to write, several events at a time, until the connection is closed."""
        while True:
            while self._queue or self._owed_snapshot:
                if self._owed_snapshot:
                    self._owed_snapshot = False
                    self._put(self._hub.snapshot(self.selection))
                taken = self._take()
                yield b"".join(taken)
                self._hub.measure.written(taken)
            self.behind_since = None
            if self.closed.is_set():
                return
            self._ready.clear()
            await self._ready.wait()

    def _drop(self) -> None:
        self._queue.clear()
        self._bytes = 0
        self._owed_snapshot = False

    def _take(self) -> list[bytes]:
        parts = []
        size = 0
        while self._queue and size < CHUNK_BYTES:
            _, frame = self._queue.popleft()
            parts.append(frame)
            size += len(frame)
        self._bytes -= size
        return parts

    def _put(self, item: Item) -> None:
        kind, frame = item
        if kind == "heartbeat" and self._queue and self._queue[-1][0] == kind:
            self._bytes -= len(self._queue.pop()[1])  # the newer says it all
        self._queue.append(item)
        self._bytes += len(frame)
        self._ready.set()

    def _coalesce(self, now: float) -> None:
        """Keep the last item of each alert and kind.

        Where even that is too much nothing is kept, and a snapshot is owed: it is made when the
        connection takes bytes again, so that one that never does costs neither memory nor time.
        """
        if self.behind_since is None:
            self.behind_since = now
        last = {kind: place for place, (kind, _) in enumerate(self._queue)}
        kept = [self._queue[place] for place in sorted(last.values())]
        size = sum(len(frame) for _, frame in kept)
        if len(kept) > self._hub.backlog_events or size > self._hub.backlog_bytes:
            self._drop()
            self._owed_snapshot = True
            return
        self._queue = deque(kept)
        self._bytes = size


class Hub:
    """Follows the service and feeds every connection. Lives in the service's event loop."""

    def __init__(
        self,
        service: Service,
        *,
        heartbeat_s: float = HEARTBEAT_S,
        backlog_events: int = BACKLOG_EVENTS,
        backlog_bytes: int = BACKLOG_BYTES,
        stalled_s: float = STALLED_S,
        retry_ms: Callable[[], int] = jittered_ms,
        reach: Reach | None = None,
    ) -> None:
        self.heartbeat_s = heartbeat_s
        self.backlog_events = backlog_events
        self.backlog_bytes = backlog_bytes
        self.stalled_s = stalled_s
        self._retry_ms = retry_ms
        self.reach = reach if reach is not None else Reach()
        self.measure = Measure(self.reach, lambda: asyncio.get_running_loop().time())
        self._service = service
        self._known: dict[Audience, dict[str, Known]] = {each: {} for each in STREAMED}
        self._groups: dict[Selection, set[Connection]] = {}
        self._hashes: dict[Selection, str] = {}
        self._snapshots: dict[Selection, tuple[datetime, Item]] = {}
        self._no_information: tuple[str, ...] = ()
        self._stale_since: datetime | None = None
        self._fresh_at: datetime | None = None
        self._unfollow: Callable[[], None] | None = None
        self._ticker: asyncio.Task[None] | None = None
        self._is_leaving = False

    # -- life ------------------------------------------------------------------------------------

    def start(self) -> None:
        """Take up what is open and begin to follow, in the running event loop."""
        state = self._service.state
        for alert in (*state.in_force(), *state.ended.values()):
            self._learn(alert, whole=True)
        self._no_information = self._now_without_mandate()
        self._fresh_at = self._service.clock.now()
        self._unfollow = self._service.follow(self.publish)
        self._ticker = asyncio.get_running_loop().create_task(self._tick(), name="hub")

    async def stop(self) -> None:
        """Tell every connection when to come back, and let go. May be called twice."""
        self._is_leaving = True
        if self._unfollow is not None:
            self._unfollow()
            self._unfollow = None
        if self._ticker is not None:
            self._ticker.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._ticker
            self._ticker = None
        for connection in self.streams():
            connection.close(frames.retry(self._retry_ms()))

    @property
    def connections(self) -> int:
        """How many streams are open."""
        return sum(len(group) for group in self._groups.values())

    def streams(self) -> list[Connection]:
        """Return the streams that are open."""
        return [each for group in self._groups.values() for each in group]

    # -- connections -----------------------------------------------------------------------------

    def connect(self, selection: Selection, last_event_id: str | None = None) -> Connection:
        """Open a stream: a snapshot, or what was missed since ``last_event_id``, then live.

        Registering and filling is one step of the loop: no gap and no repeat in between.
        """
        connection = Connection(self, selection)
        if self._is_leaving:
            connection.close(frames.retry(self._retry_ms()))
            return connection
        if last_event_id is None:
            connection.fill((self.snapshot(selection),))
        else:
            recorded = missed(self._service, selection.audience, last_event_id)
            if recorded is None:
                head = self._service.head(selection.audience)
                reset = frames.sse("reset", frames.ResetBody(sequence=head))
                connection.fill((("reset", reset), self.snapshot(selection)))
            else:
                connection.fill(self._again(selection, recorded))
                # mandates also begin and end with time, without an event of their own
                now = self._service.clock.now()
                connection.fill((self._mandate_item(selection, None, now),))
                connection.fill((self._heartbeat(selection),))
        if self._stale_since is not None:
            connection.fill((self._stale(),))
        self._groups.setdefault(selection, set()).add(connection)
        return connection

    def forget(self, connection: Connection) -> None:
        """Stop feeding a connection. May be called twice."""
        group = self._groups.get(connection.selection)
        if group is not None:
            group.discard(connection)
            if not group:
                del self._groups[connection.selection]
                self._snapshots.pop(connection.selection, None)

    def selected(self, selection: Selection) -> list[Known]:
        """Return the alerts in force and ended in the last 30 minutes that it takes, by id."""
        shown_after = self._service.clock.now() - CLEARED_SHOWN
        return [
            known
            for _, known in sorted(self._known[selection.audience].items())
            if selection.takes(known.alert.hazard, known.reach)
            and (
                known.alert.is_in_force
                or (known.alert.ended is not None and known.alert.ended > shown_after)
            )
        ]

    def hash_of(self, selection: Selection) -> str:
        """Return the hash of the alerts in force that it takes; kept until one of them changes."""
        filters = selection.filters
        found = self._hashes.get(filters)
        if found is None:
            known = self._known[filters.audience].values()
            found = shapes.active_hash(
                each.alert for each in known if filters.takes(each.alert.hazard, each.reach)
            )
            if len(self._hashes) > 10_000:  # noqa: PLR2004  # filters are the clients' choice
                self._hashes.clear()
            self._hashes[filters] = found
        return found

    def snapshot(self, selection: Selection) -> Item:
        """Return a snapshot as bytes, shared by all who come in the same second."""
        now = self._service.clock.now()
        made = self._snapshots.get(selection)
        if made is not None and abs((now - made[0]).total_seconds()) < 1:
            return made[1]
        languages = None if selection.language is None else (selection.language,)
        sequence = self._service.head(selection.audience)
        body = frames.SnapshotBody(
            sequence=sequence,
            as_of=now,
            alerts=[
                shapes.alert_body(
                    self._service.world, known.alert, self._service.words(known.alert),
                    known.sequence, plan=self._service.plan(known.alert.plan),
                    languages=languages,
                )
                for known in self.selected(selection)
            ],
            hash=self.hash_of(selection),
            no_information=self._without_mandate(selection),
        )  # fmt: skip
        item = ("snapshot", frames.sse("snapshot", body, sequence))
        if len(self._snapshots) > 1_000:  # noqa: PLR2004
            self._snapshots.clear()
        self._snapshots[selection] = (now, item)
        return item

    # -- what happened ---------------------------------------------------------------------------

    def publish(self, recorded: Sequence[Recorded]) -> None:
        """Take what was recorded, in order, and queue it for everybody whom it concerns."""
        now = asyncio.get_running_loop().time()
        for each in recorded:
            if isinstance(each.event, ev.MandateEvent):
                self._mandate_changed(each, now)
            elif is_notice(each.event):
                self._notice(each, now)
            elif each.alert is not None and each.row.audience in STREAMED:
                self._alert_changed(each, now)

    def _alert_changed(self, recorded: Recorded, now: float) -> None:
        alert = recorded.alert
        if alert is None:
            return
        audience = recorded.row.audience
        known = self._learn(alert, sequence=recorded.row.audience_seq)
        self._forget_made(audience)
        if recorded.row.audience_seq is None:  # imported history enters no stream
            return
        made: dict[str | None, bytes] = {}
        row = self.measure.begin(
            alert.id, alert.revision, recorded.event.at, recorded.row.recorded_at
        )
        for selection, group in self._groups.items():
            if selection.audience is not audience:
                continue
            if not selection.takes(alert.hazard, known.reach):
                continue
            item = (alert.id, self._alert_frame(recorded, alert, selection.language, made))
            self.measure.hand_over(row, item[1], len(group))
            for connection in tuple(group):
                connection.push(item, now)

    def _mandate_changed(self, recorded: Recorded, now: float) -> None:
        self._no_information = self._now_without_mandate()
        self._forget_made(Audience.PUBLIC)
        self._forget_made(Audience.DRILL)
        self._tell_mandates(recorded.row.audience_seq, recorded.event.at, now)

    def _tell_mandates(self, sequence: int | None, at: datetime, now: float) -> None:
        for selection, group in list(self._groups.items()):
            # mandates are numbered in the public's sequence; the drill audience has another
            number = sequence if selection.audience is Audience.PUBLIC else None
            item = self._mandate_item(selection, number, at)
            for connection in tuple(group):
                connection.push(item, now)

    def _mandate_item(self, selection: Selection, sequence: int | None, at: datetime) -> Item:
        notice = frames.MandateNotice(at=at, no_information=self._without_mandate(selection))
        return ("mandate", frames.sse("notice", notice, sequence))

    def _notice(self, recorded: Recorded, now: float) -> None:
        """Tell what people must know to whoever listens there; for all hazards alike."""
        self._forget_made(Audience.PUBLIC)
        for selection, group in list(self._groups.items()):
            if selection.audience is not Audience.PUBLIC:
                continue
            item = self._notice_item(selection, recorded)
            if item is not None:
                for connection in tuple(group):
                    connection.push(item, now)

    def _notice_item(self, selection: Selection, recorded: Recorded) -> Item | None:
        told = notice_of(self._service, recorded.event, selection.language)
        if told is None:
            return None
        if selection.leaves is not None and not selection.leaves & told.leaves:
            return None
        return (told.name, frames.sse("notice", told.body, recorded.row.audience_seq))

    def _alert_frame(
        self,
        recorded: Recorded,
        alert: Alert,
        language: str | None,
        made: dict[str | None, bytes],
    ) -> bytes:
        frame = made.get(language)
        if frame is None:
            languages = None if language is None else (language,)
            sequence = recorded.row.audience_seq
            body = shapes.alert_body(
                self._service.world, alert, self._service.words(alert), sequence,
                plan=self._service.plan(alert.plan), languages=languages,
            )  # fmt: skip
            frame = made[language] = frames.sse("alert", body, sequence)
        return frame

    def _again(self, selection: Selection, recorded: Iterable[Recorded]) -> Iterable[Item]:
        """Yield what was missed, as it would have been sent."""
        known = self._known[selection.audience]
        for each in recorded:
            if isinstance(each.event, ev.MandateEvent):
                yield self._mandate_item(selection, each.row.audience_seq, each.event.at)
            elif is_notice(each.event):
                item = self._notice_item(selection, each)
                if item is not None:
                    yield item
            elif each.alert is not None:
                wide = reach(self._service.world.tree, each.alert)
                if (now := known.get(each.alert.id)) is not None:
                    wide |= now.reach
                if selection.takes(each.alert.hazard, wide):
                    frame = self._alert_frame(each, each.alert, selection.language, {})
                    yield (each.alert.id, frame)

    # -- what is held ----------------------------------------------------------------------------

    def _learn(self, alert: Alert, *, sequence: int | None = None, whole: bool = False) -> Known:
        """Hold an alert as it is now; ``whole``: ask for its life so far, for its reach."""
        tree = self._service.world.tree
        known = self._known.get(alert.audience, {})
        wide = reach(tree, alert)
        before = known.get(alert.id)
        if before is not None:
            wide |= before.reach
        elif whole:
            for view in self._service.revisions(alert.id) if alert.revision > 1 else ():
                wide |= reach(tree, view.alert)
            found = self._service.view(alert.id)
            sequence = found.sequence if found is not None else None
        known[alert.id] = fresh = Known(alert, sequence, wide)
        return fresh

    def _forget_made(self, audience: Audience) -> None:
        for made in (self._hashes, self._snapshots):
            for selection in [each for each in made if each.audience is audience]:
                del made[selection]

    def _now_without_mandate(self) -> tuple[str, ...]:
        return tuple(self._service.regions.no_information(self._service.clock.now()))

    def _without_mandate(self, selection: Selection) -> list[str]:
        if selection.leaves is None:
            return list(self._no_information)
        tree = self._service.world.tree
        return list(tree.fewest(tree.mask(self._no_information) & selection.leaves))

    # -- as time passes --------------------------------------------------------------------------

    def _heartbeat(self, selection: Selection) -> Item:
        sequence = self._service.head(selection.audience)
        body = frames.HeartbeatBody(
            sequence=sequence,
            server_time=self._service.clock.now(),
            hash=self.hash_of(selection),
        )
        return ("heartbeat", frames.sse("heartbeat", body, sequence))

    def _stale(self) -> Item:
        since = self._stale_since or self._service.clock.now()
        return ("heartbeat", frames.sse("stale", frames.StaleBody(since=since)))

    async def _tick(self) -> None:
        loop = asyncio.get_running_loop()
        due = loop.time() + self.heartbeat_s
        while True:
            await asyncio.sleep(min(LOOK_EVERY_S, max(0.0, due - loop.time())))
            now = loop.time()
            try:
                self._shed(now)
                self.measure.look(now, self._service.clock.now())
                turned = self._look_at_freshness()
                if turned or now >= due:
                    self._beat(now)
            except Exception:  # the edge of a task: the next tick must come
                log.exception("hub_tick_failed")
            if now >= due:
                due = max(due + self.heartbeat_s, now)

    def _beat(self, now: float) -> None:
        """Send a heartbeat to every connection, or ``stale`` while the house is."""
        at = self._service.clock.now()
        self._prune(at)
        without = self._now_without_mandate()
        if without != self._no_information:  # a mandate began or ended with its time
            self._no_information = without
            self._tell_mandates(None, at, now)
        made: dict[Selection, Item] = {}
        for selection, group in list(self._groups.items()):
            filters = selection.filters
            item = made.get(filters)
            if item is None:
                stale = self._stale_since is not None
                item = made[filters] = self._stale() if stale else self._heartbeat(filters)
            for connection in tuple(group):
                connection.push(item, now)

    def _shed(self, now: float) -> None:
        """Close those that have been behind for too long; they come back and resume."""
        for group in list(self._groups.values()):
            for connection in tuple(group):
                since = connection.behind_since
                if since is not None and now - since >= self.stalled_s:
                    log.warning("stream_shed", waited_s=round(now - since, 1))
                    connection.close(frames.retry(self._retry_ms()))

    def _look_at_freshness(self) -> bool:
        """Notice whether the house has become stale or fresh since the last look."""
        stale = self._service.freshness != "fresh"
        if not stale:
            self._fresh_at = self._service.clock.now()
        if stale == (self._stale_since is not None):
            return False
        self._stale_since = (self._fresh_at or self._service.clock.now()) if stale else None
        return True

    def _prune(self, at: datetime) -> None:
        """Let go of alerts that ended more than 30 minutes ago."""
        for known in self._known.values():
            old = [
                name
                for name, each in known.items()
                if not each.alert.is_in_force
                and (each.alert.ended is None or each.alert.ended <= at - CLEARED_SHOWN)
            ]
            for name in old:
                del known[name]
