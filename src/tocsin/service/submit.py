"""The one place where a command becomes events: decide, record, tell everybody who follows.

Commands are decided one after the other in the event loop; what they left behind is
committed in groups by one writer thread, so that thirty callers share one fsync. An
answer is given after its events are synced to disk and folded, never before (P1). A
batch that the disk refuses is dropped whole, with everything decided on top of it.
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from tocsin.clock import Clock
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Alert, Audience
from tocsin.core.area import Leaves
from tocsin.core.authority import Warrant
from tocsin.core.evacuation import Evacuation, Plan
from tocsin.core.hazard import Words
from tocsin.core.incidents import Ledger
from tocsin.core.proposal import Proposal
from tocsin.core.publication import Visible
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World
from tocsin.errors import JournalProblem, JournalUnavailable, KeyTaken, LostRace
from tocsin.projections.regions import RegionStates
from tocsin.service.ports import Journal, Reading, Row
from tocsin.service.project import Projections
from tocsin.service.record import AlertView, Codec, Recorded
from tocsin.service.road import Asked, Given, Prepared, RequestKey, Road, Settled
from tocsin.service.snapshot import Snapshots

log = structlog.get_logger()

Follower = Callable[[Sequence[Recorded]], None]
BATCH_MOST = 512
SNAPSHOT_EVERY = 5_000
"""Rows folded at a start from which on a new snapshot is saved."""
TRIES = 5


@dataclass(frozen=True, slots=True)
class Accepted:
    """It is recorded and synced. ``repeated``: it was so before, this is the first answer again."""

    alert_id: str | None
    revision: int
    repeated: bool
    events: tuple[Recorded, ...] = ()


Outcome = Accepted | Refusal


@dataclass(slots=True)
class _Job:
    prepared: Prepared
    now: datetime
    answer: asyncio.Future[Outcome]
    tries: int = 0


class Service:
    """The shell around the core; lives in one event loop, owns one writer thread.

    ``freshness`` is ``fresh`` while the journal can be written and read, else ``stale``.
    """

    def __init__(
        self,
        *,
        world: World,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        new_id: Callable[[], str],
        snapshots: Snapshots | None = None,
        batch_most: int = BATCH_MOST,
    ) -> None:
        self._batch_most = batch_most
        self._snapshots = snapshots
        self.world = world
        self.clock = clock
        self.freshness = "fresh"
        self._journal = journal
        self._codec = codec
        self._road = Road(world, journal, codec, new_id)
        self._seen = Projections(world, codec, journal)
        self._followers: list[Follower] = []
        self._waiting: deque[_Job] = deque()
        self._in_flight: deque[_Job] = deque()
        self._keys: dict[tuple[str, str], _Job] = {}
        self._wake = threading.Condition()
        self._closing = False
        self._expected = 0
        self._completing = asyncio.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._writer: threading.Thread | None = None

    # -- life ------------------------------------------------------------------------------------

    def load(self) -> int:
        """Fold the journal, from a snapshot where one fits; return the rows folded. Blocking."""
        saved = self._snapshots.load() if self._snapshots is not None else None
        count = self._seen.load(saved)
        self._road.fall_back(self._seen.state)
        self._expected = self._seen.seq
        if count > SNAPSHOT_EVERY:
            self.save_snapshot()
        return count

    def save_snapshot(self) -> None:
        """Save the fold for the next start. Blocking; a failure costs only time then."""
        if self._snapshots is None or not self._seen.hash:
            return
        try:
            self._snapshots.save(self._seen.seq, self._seen.hash, self._seen.snapshot())
        except JournalUnavailable as problem:
            log.warning("snapshot_not_saved", reason=str(problem))

    async def complete(self) -> None:
        """Fold what lies before the snapshot, in a thread, so that any past moment can be asked."""
        if self._seen.is_whole:
            return
        async with self._completing:
            while not self._seen.is_whole:
                whole = Projections(self.world, self._codec, self._journal)
                await asyncio.to_thread(whole.load)
                if whole.seq == self._seen.seq:  # nothing was recorded meanwhile
                    self._seen.regions = whole.regions
                    self._seen.drill_regions = whole.drill_regions
                    return
                for row, event in self.history(after=whole.seq):
                    if row.seq <= self._seen.seq:
                        whole.record((row,), (event,))
                if whole.seq == self._seen.seq:
                    self._seen.regions = whole.regions
                    self._seen.drill_regions = whole.drill_regions
                    return

    async def past(self, at: datetime, audience: Audience = Audience.PUBLIC) -> RegionStates:
        """Return region states that can be asked for the moment ``at``."""
        if at < self._seen.regions.begins_at:
            await self.complete()
        return self.drill_regions if audience is Audience.DRILL else self.regions

    def start(self) -> None:
        """Begin to take commands, in the running event loop."""
        self._loop = asyncio.get_running_loop()
        self._writer = threading.Thread(target=self._write, name="journal", daemon=True)
        self._writer.start()

    async def stop(self) -> None:
        """Finish what is under way, then release the writer; the journal stays open."""
        while self._in_flight:
            await asyncio.wait([job.answer for job in self._in_flight])
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._writer is not None:
            await asyncio.to_thread(self._writer.join)

    # -- asking ----------------------------------------------------------------------------------

    async def submit(
        self,
        command: co.Command,
        *,
        given: Given | None = None,
        key: RequestKey | None = None,
        now: datetime | None = None,
        warrant: Warrant | None = None,
        texts: Mapping[str, bytes] | None = None,
    ) -> Outcome:
        """Decide a command, record it, and answer once it is synced and folded.

        ``warrant`` is the right of who asks; None: the house itself. ``texts`` are words that the
        command names by their content hash (a note's).

        Raises:
            JournalUnavailable: the disk did not take it; nothing was accepted.
        """
        if key is not None and (other := self._keys.get((key.credential, key.key))) is not None:
            return await self._same_as(other, key)
        if self.freshness != "fresh":
            self._recover()
        moment = max(now or self.clock.now(), self._road.state.last_at)
        asked = Asked(command, given or {}, key, warrant, texts or {})
        prepared = self._road.prepare(asked, moment)
        if isinstance(prepared, Refusal):
            return prepared
        if isinstance(prepared, Settled):
            if self._in_flight:  # it may rest on what is not yet on disk
                await asyncio.shield(self._in_flight[-1].answer)
            return Accepted(prepared.alert_id, prepared.revision, repeated=True)
        loop = asyncio.get_running_loop()
        job = _Job(prepared, moment, loop.create_future())
        self._hand_over(job)
        return await asyncio.shield(job.answer)  # who hangs up cancels nothing

    def try_out(
        self,
        command: co.Command,
        *,
        given: Given | None = None,
        warrant: Warrant | None = None,
    ) -> tuple[co.Command, tuple[ev.Event, ...]] | Refusal:
        """Return what a command would do, with its words written; nothing is recorded."""
        moment = max(self.clock.now(), self._road.state.last_at)
        return self._road.try_out(Asked(command, given or {}, warrant=warrant), moment)

    # -- reading ---------------------------------------------------------------------------------

    @property
    def state(self) -> State:
        """The open state as recorded."""
        return self._seen.state

    @property
    def regions(self) -> RegionStates:
        """Region states of the public audience."""
        return self._seen.regions

    @property
    def drill_regions(self) -> RegionStates:
        """Region states of the drill audience."""
        return self._seen.drill_regions

    @property
    def ledger(self) -> Ledger:
        """The ledger as the desk knows it."""
        return self._seen.state.ledger

    def visible(self) -> Visible:
        """Return what people may see of the ledger now: as it was at the last release slot."""
        return self._seen.shown.at(self.clock.now())

    def head(self, audience: Audience) -> int:
        """Return the last number of an audience's sequence."""
        return self._seen.heads[audience]

    def recent(self, audience: Audience, after: int) -> list[Recorded] | None:
        """Return what a follower missed since ``after``; None: only a snapshot will do."""
        return self._seen.since(audience, after, self.clock.now())

    def view(self, alert_id: str, revision: int | None = None) -> AlertView | None:
        """Return an alert as recorded, open or closed, at its last or a given revision."""
        alert = self.state.alert(alert_id)
        if alert is not None and revision in (None, alert.revision):
            return AlertView(alert, self._seen.sequences.get(alert_id))
        views = self._road.views(alert_id)
        if revision is None:
            return views[-1] if views else None
        return next((view for view in views if view.alert.revision == revision), None)

    def revisions(self, alert_id: str) -> list[AlertView]:
        """Return every revision of an alert, oldest first."""
        return self._road.views(alert_id)

    def views_by(self, alert_id: str, moment: datetime) -> list[AlertView]:
        """Return the revisions that an alert had by a moment, oldest first."""
        return self._road.views(alert_id, until=moment)

    def resolve(self, name: str, sender: str | None = None) -> str | None:
        """Return the id of the alert that a handle, an id or (sender, identifier) names."""
        if (found := self.state.handles.get(name.upper())) is not None:
            return found
        if self.state.alert(name) is not None or self._journal.of(name):
            return name
        if sender is not None and (known := self._journal.find(sender, name)) is not None:
            return known.alert_id
        return None

    def proposal(self, name: str) -> Proposal | None:
        """Return a proposal that waits, or was answered under 24 h ago, by id or handle."""
        found = self.state.proposals.get(name)
        if found is not None:
            return found
        handle = name.upper()
        return next((p for p in self.state.proposals.values() if p.handle == handle), None)

    def text(self, content: str) -> bytes | None:
        """Return the words stored under that content hash."""
        return self._journal.text(content)

    def words(self, alert: Alert) -> co.Texts:
        """Return what an alert says at each moment, in each language."""
        return self._road.words(alert)

    def plan(self, held: Plan | Evacuation | None) -> Evacuation | None:
        """Return the plan of an evacuation with its words, the assembly places among them.

        Those are for officers, unless the authority made them public (``formats.evacuation_body``).
        """
        return self._road.plan(held)

    def all_clear_words(
        self, alert: Alert, ends: Leaves, over: frozenset[str]
    ) -> Mapping[str, Words]:
        """Return what an all-clear for these leaves would say, by language; see ``Road``."""
        return self._road.all_clear(alert, ends, over)

    def history(self, after: int = 0) -> list[tuple[Row, ev.Event]]:
        """Return rows and events of the journal; blocking, for a thread."""
        decode = self._codec.decode
        return [(r, decode(r.kind, r.version, r.data)) for r in self._journal.read(after=after)]

    def regions_at(self, known_at: datetime, audience: Audience = Audience.PUBLIC) -> RegionStates:
        """Return region states folded from what was recorded by ``known_at``. Blocking."""
        states = RegionStates(self.world, audience)
        states.apply_all(event for row, event in self.history() if row.recorded_at <= known_at)
        return states

    def follow(self, follower: Follower) -> Callable[[], None]:
        """Call ``follower`` after each commit, in order, in the loop; return how to stop it."""
        self._followers.append(follower)
        return lambda: self._followers.remove(follower)

    def note_clock(self, reading: Reading) -> None:
        """Store a clock reading beside the journal (every 15 s). Blocking, but a row of its own."""
        self._journal.note_reading(reading)

    # -- writing ---------------------------------------------------------------------------------

    def _hand_over(self, job: _Job) -> None:
        key = job.prepared.asked.key
        if key is not None:
            self._keys[key.credential, key.key] = job
        self._in_flight.append(job)
        with self._wake:
            self._waiting.append(job)
            self._wake.notify()

    async def _same_as(self, other: _Job, key: RequestKey) -> Outcome:
        """Answer a request whose key is on its way to the disk at this moment."""
        first = other.prepared.asked.key
        if first is not None and first.body != key.body:
            return Refusal(
                Rule.KEY_REUSED, "/Idempotency-Key",
                "This key was used for another request; take a new one.",
            )  # fmt: skip
        outcome = await asyncio.shield(other.answer)
        if isinstance(outcome, Refusal):
            return outcome
        return Accepted(outcome.alert_id, outcome.revision, repeated=True)

    def _write(self) -> None:
        """Commit what waits, a group at a time. Runs in the writer thread."""
        loop = self._loop
        assert loop is not None  # noqa: S101  # start() sets it before the thread begins
        while True:
            with self._wake:
                while not self._waiting and not self._closing:
                    self._wake.wait()
                if not self._waiting:
                    return
                batch = [
                    self._waiting.popleft()
                    for _ in range(min(len(self._waiting), self._batch_most))
                ]
            try:
                rows = self._journal.append(
                    [job.prepared.entry for job in batch],
                    expected=self._expected,
                    recorded_at=self.clock.now(),
                    reading=self.clock.reading(),
                )
            except Exception as problem:  # noqa: BLE001  # whatever it is, callers hear of it
                dropped = threading.Event()
                loop.call_soon_threadsafe(self._failed, problem, dropped)
                dropped.wait()  # nothing may be written on top of what failed
            else:
                self._expected += sum(len(mine) for mine in rows)
                loop.call_soon_threadsafe(self._done, batch, rows)

    def _done(self, batch: list[_Job], rows: list[tuple[Row, ...]]) -> None:
        """Fold what was committed, tell the followers, answer. Runs in the loop."""
        everything: list[Recorded] = []
        answers = []
        for job, mine in zip(batch, rows, strict=True):
            prepared = job.prepared
            is_next = prepared.before is self._seen.state
            recorded = self._seen.record(mine, prepared.events, prepared.after if is_next else None)
            everything += recorded
            answers.append((job, tuple(recorded)))
            self._forget(job)
        self._tell(everything)
        for job, events in answers:
            if not job.answer.done():
                prepared = job.prepared
                job.answer.set_result(
                    Accepted(prepared.alert_id, prepared.revision, repeated=False, events=events)
                )

    def _failed(self, problem: Exception, dropped: threading.Event) -> None:
        """Drop what was decided on top of what is recorded; decide it again where it may be."""
        jobs = list(self._in_flight)
        with self._wake:
            self._waiting.clear()
        for job in jobs:
            self._forget(job)
        try:
            self._catch_up()  # what others appended, or what a failed sync left behind (P4)
        except JournalProblem:
            self._road.fall_back(self._seen.state)
        again = isinstance(problem, LostRace | KeyTaken)
        if not again:
            self.freshness = "stale"
            log.error("journal_unavailable", reason=str(problem), dropped=len(jobs))
        for job in jobs:
            job.tries += 1
            if again and job.tries <= TRIES:
                self._decide_again(job)
            elif not job.answer.done():
                job.answer.set_exception(JournalUnavailable(str(problem)))
        dropped.set()

    def _decide_again(self, job: _Job) -> None:
        prepared = self._road.prepare(job.prepared.asked, job.now)
        if isinstance(prepared, Prepared):
            job.prepared = prepared
            self._hand_over(job)
        elif not job.answer.done():
            job.answer.set_result(
                prepared
                if isinstance(prepared, Refusal)
                else Accepted(prepared.alert_id, prepared.revision, repeated=True)
            )

    def _catch_up(self) -> None:
        """Fold what stands in the journal beyond what was folded, and tell the followers."""
        recorded = self._seen.catch_up(self._journal.read(after=self._seen.seq))
        self._road.fall_back(self._seen.state)
        self._expected = self._seen.seq
        self._tell(recorded)

    def _recover(self) -> None:
        """Read the journal again after it failed; raise while it still does."""
        self._catch_up()
        self.freshness = "fresh"
        log.info("journal_recovered", seq=self._seen.seq)

    def _tell(self, recorded: Sequence[Recorded]) -> None:
        if not recorded:
            return
        for follower in list(self._followers):
            try:
                follower(recorded)
            except Exception:  # one follower never stops the others
                log.exception("follower_failed")

    def _forget(self, job: _Job) -> None:
        with contextlib.suppress(ValueError):
            self._in_flight.remove(job)
        key = job.prepared.asked.key
        if key is not None:
            self._keys.pop((key.credential, key.key), None)
