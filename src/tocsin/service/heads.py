"""Signs where the journal ends, every minute and at each alert, and keeps that in several places.

Nothing waits for it: a follower only sets a flag; signing and writing happen in threads, and
many alerts at once make one head. Each further place has a thread of its own, so that a disk
that hangs stops neither the others nor an alert, nor the house when it closes.

At its start the last head of every place is held against the journal: a house that was set
back, or whose journal was written anew, says so and goes on warning.

Source: RELIABILITY P23; DESIGN section 3, rule 2 (the public is told its own sequence only).
"""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec
import structlog

from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.errors import TocsinError
from tocsin.keys.kinds import PublicKey, SigningKey
from tocsin.keys.signed import misfit, signed
from tocsin.service.headfile import HeadFile, Line, keys_beside
from tocsin.service.ports import Journal
from tocsin.service.record import Recorded
from tocsin.service.submit import Service

log = structlog.get_logger()

EVERY_S = 60.0
KEPT = 256
"""Heads that a place that fails is owed; older ones it never gets."""
PARTING_S = 5.0


class PublicHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where the public's sequence is, signed: for whoever relays or keeps it.

    ``hash`` is that of the alerts in force, as in a stream's heartbeat; ``public_key`` is in PEM.
    """

    audience: str
    sequence: int
    hash: str
    server_time: datetime
    public_key: str
    key: str
    signature: str


def public_head(service: Service, active_hash: str, key: SigningKey) -> PublicHead:
    """Return the signed public statement at this moment; about 0.1 ms."""
    body: dict[str, object] = {
        "audience": Audience.PUBLIC.value,
        "sequence": service.head(Audience.PUBLIC),
        "hash": active_hash,
        "server_time": service.clock.now(),
        "public_key": key.public.pem().decode("ascii"),
    }
    return msgspec.convert(signed(body, key), PublicHead)


class Place:
    """A folder elsewhere that gets every head, written by a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = HeadFile(folder)
        self._folder = folder
        self._owed: deque[tuple[bytes, PublicKey]] = deque(maxlen=KEPT)
        self._wake = threading.Condition()
        self._is_new = False
        self._ending = False
        self._has_failed = False
        self._thread = threading.Thread(target=self._run, name=f"heads {folder}", daemon=True)

    def start(self) -> None:
        """Begin to write what is put."""
        self._thread.start()

    def put(self, line: bytes, key: PublicKey) -> None:
        """Hand over a head; returns at once, whatever the disk does."""
        with self._wake:
            self._owed.append((line, key))
            self._is_new = True
            self._wake.notify()

    def stop(self) -> None:
        """Write what is owed if the place takes it within 5 s. Blocking."""
        with self._wake:
            self._ending = True
            self._wake.notify()
        self._thread.join(PARTING_S)
        if self._thread.is_alive() or self._owed:
            log.error("head_place_left", place=str(self._folder), owed=len(self._owed))

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._is_new or self._ending)
                self._is_new = False
                taken, ending = list(self._owed), self._ending
            if taken:
                self._write(taken)
            if ending:
                return

    def _write(self, taken: Sequence[tuple[bytes, PublicKey]]) -> None:
        """Write heads, those of one key together; what fails is owed until the next head."""
        try:
            for key in dict.fromkeys(key for _, key in taken):
                self.file.append([line for line, its in taken if its == key], key)
        except OSError as failed:
            if not self._has_failed:
                reason = failed.strerror  # no traceback: a full or missing disk is no fault of ours
                log.error("head_place_failed", place=str(self._folder), reason=reason)  # noqa: TRY400
            self._has_failed = True
            return
        if self._has_failed:
            log.info("head_place_recovered", place=str(self._folder))
        self._has_failed = False
        done = {id(each) for each in taken}
        with self._wake:
            left = [each for each in self._owed if id(each) not in done]
            self._owed.clear()
            self._owed.extend(left)


class Heads:
    """The signer of one house; lives in the service's event loop.

    Args:
        service: whose alerts make a head.
        journal: where the end stands.
        key: returns the current key each time, so that a rotation is followed.
        known: returns every public key that may have signed heads, for the look at the start.
        folder: the house's own place: ``DATA``.
        places: further folders; they must exist.
        every_s: how often, where nothing happens.
    """

    def __init__(
        self,
        service: Service,
        journal: Journal,
        *,
        key: Callable[[], SigningKey],
        known: Callable[[], Sequence[PublicKey]],
        folder: Path,
        places: Sequence[Path] = (),
        every_s: float = EVERY_S,
    ) -> None:
        self.misfits: tuple[str, ...] = ()
        self._service = service
        self._journal = journal
        self._key = key
        self._known = known
        self._home = HeadFile(folder)
        self._places = [Place(each) for each in places]
        self._every_s = every_s
        self._due = asyncio.Event()
        self._signing = threading.Lock()
        self._has_failed = False
        self._task: asyncio.Task[None] | None = None
        self._unfollow: Callable[[], None] | None = None

    def start(self) -> None:
        """Look at the last heads, sign one, and go on doing so, in the running loop."""
        for place in self._places:
            place.start()
        self._unfollow = self._service.follow(self._follow)
        self._task = asyncio.create_task(self._run(), name="heads")

    async def stop(self) -> None:
        """Sign a last head and let go; the journal must still be open. May be called twice."""
        if self._task is None:
            return
        if self._unfollow is not None:
            self._unfollow()
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        self._task = None
        await self.sign()
        await asyncio.gather(*(asyncio.to_thread(place.stop) for place in self._places))

    async def sign(self) -> None:
        """Sign where the journal ends now and write it down; a failure is logged, never raised."""
        await asyncio.to_thread(self._sign)

    def compare(self) -> tuple[str, ...]:
        """Return what in the last head of each place does not fit the journal. Blocking."""
        found = []
        for file in (self._home, *(place.file for place in self._places)):
            try:
                line = file.last()
                why = None if line is None else self._misfit(line)
            except (OSError, TocsinError) as failed:
                log.warning("head_not_compared", file=str(file.path), reason=str(failed))
                continue
            if why is not None:
                log.error("journal_does_not_fit_head", file=str(file.path), reason=why)
                found.append(f"{file.path}: {why}")
        return tuple(found)

    def _misfit(self, line: Line) -> str | None:
        head = line.head
        if head is None:
            return None
        if (why := misfit(line.body, [*self._known(), *keys_beside(line.path)])) is not None:
            return why
        row = next(iter(self._journal.read(after=head.seq - 1, limit=1)), None)
        if row is None or row.seq != head.seq:
            return f"row {head.seq} was there once: the journal was cut off or set back"
        if row.hash.hex() != head.hash:
            return f"row {head.seq} is another one now: the journal was written anew"
        return None

    def _follow(self, recorded: Sequence[Recorded]) -> None:
        if any(isinstance(each.event, ev.AlertEvent) for each in recorded):
            self._due.set()

    async def _run(self) -> None:
        self.misfits = await asyncio.to_thread(self.compare)
        while True:
            self._due.clear()
            try:
                await self.sign()
            except Exception:  # the edge of a task: log, and go on
                log.exception("head_failed")
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(self._every_s):
                    await self._due.wait()

    def _sign(self) -> None:
        with self._signing:  # the last one waits for one that is under way
            self._sign_alone()

    def _sign_alone(self) -> None:
        try:
            end = self._journal.head()
            if end.seq == 0:
                return
            row = next(iter(self._journal.read(after=end.seq - 1, limit=1)))
            key = self._key()
            body: dict[str, object] = {
                "seq": end.seq,
                "hash": end.hash.hex(),
                "recorded_at": row.recorded_at,
                "signed_at": self._service.clock.now(),
                "audiences": {each.value: end.audiences.get(each, 0) for each in Audience},
            }
        except TocsinError as problem:
            self._failed(str(problem))
            return
        line = msgspec.json.encode(signed(body, key), order="sorted") + b"\n"
        for place in self._places:
            place.put(line, key.public)
        try:
            self._home.append([line], key.public)
        except OSError as failed:
            self._failed(str(failed.strerror))
            return
        self._has_failed = False

    def _failed(self, why: str) -> None:
        if not self._has_failed:
            log.error("head_not_written", reason=why)
        self._has_failed = True
