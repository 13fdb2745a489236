"""The SQLite engine: one file, one writer, and every commit on the disk before it is told.

What must hold:

1. ``append`` is one transaction. It is committed with ``synchronous=FULL`` and then told, or it
   failed and nothing of it is told (RELIABILITY P1).
2. What the engine knows of the journal's end (``_head``) changes after the commit only.
3. A failure of the disk stops the writer (P4): the connection is dropped, and before the next
   append it is opened anew, the log is moved into the file and the end is read again. The refused
   batch may be found there, whole: its bytes were written and only the sync failed. Then the
   journal ends further on than the caller expects, ``append`` says ``LostRace``, the caller
   reads what is new and decides again, and its key or identity tells it that it was done.
4. One process writes a folder (``lock``), one connection in it writes the file; the same one
   moves the log into the file. Readers are many, cannot write, and never hold a
   transaction across a ``yield``, so the log never grows because somebody reads slowly.

Nothing else in the process may open ``journal.sqlite`` by itself: closing any descriptor of
that file drops SQLite's locks on it.

Source: DESIGN section 4, journal; RELIABILITY P1, P4, P5, P22.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Self

import apsw

from tocsin.clock import Reading
from tocsin.core.alert import Audience
from tocsin.errors import JournalBroken, JournalUnavailable, KeyTaken, LostRace
from tocsin.journal import chain, times
from tocsin.journal.connections import FILE_NAME, check_library, open_reader, open_writer
from tocsin.journal.lock import FolderLock
from tocsin.journal.plan import plan
from tocsin.journal.queries import queries
from tocsin.journal.rows import Stored, to_rows, to_stored
from tocsin.service.ports import Entry, Head, IdempotencyKey, Identity, Row

SQL = queries("sqlite")

CHUNK_ROWS = 5_000
"""Rows read in one query; more are read in several, so that no reader holds the log."""
FOLLOW_ROWS = 10_000
"""The most that ``follow`` returns at once; it is called again for the rest."""
_LOG_PAGES = 1_000
"""The log is moved into the file when it is this long (4 MB), as SQLite does by default."""
_POLL_S = 0.05
"""How often a reader beside another process's writer looks for news."""


class SqliteJournal:
    """A journal in ``folder/journal.sqlite``; see ``service.ports.Journal`` for its methods."""

    def __init__(self, folder: Path, *, readonly: bool, vfs: str | None) -> None:
        check_library(apsw.sqlite_lib_version())
        self._path = folder / FILE_NAME
        self._vfs = vfs
        self._readonly = readonly
        self._pid = os.getpid()
        self._closed = False
        self._idle: deque[apsw.Connection] = deque()
        self._writing = threading.Lock()
        self._moved = threading.Condition()
        self._lock: FolderLock | None = None
        self._writer: apsw.Connection | None = None
        self._log_pages = 0
        self._head = Head(0, chain.GENESIS, dict.fromkeys(Audience, 0))

    @classmethod
    def open(cls, folder: Path, *, readonly: bool = False, vfs: str | None = None) -> Self:
        """Open the journal in ``folder``, made if missing unless ``readonly``.

        ``readonly`` takes no lock and works beside a running server; it sees what that commits.
        ``vfs`` names a SQLite file layer, for tests of failing disks.

        Raises:
            JournalUnavailable: Another process writes there, the disk refuses, the SQLite
                library is too old, or the file is not a journal that this Tocsin can read.
            JournalBroken: The file is damaged.
        """
        journal = cls(folder, readonly=readonly, vfs=vfs)
        if readonly:
            with journal._reader():
                return journal
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failed:
            raise JournalUnavailable(f"{folder} cannot be made: {failed.strerror}") from failed
        journal._lock = FolderLock(folder)
        try:
            journal._reopen()
        except BaseException:
            journal.close()
            raise
        return journal

    def head(self) -> Head:
        """Return where the journal ends, as committed."""
        if not self._readonly:
            self._check_usable()
            return self._head
        with self._reader() as reader:
            reader.execute("BEGIN")
            try:
                return _read_head(reader)
            finally:
                reader.execute("COMMIT")

    def append(
        self, batch: Sequence[Entry], *, expected: int, recorded_at: datetime, reading: Reading
    ) -> list[tuple[Row, ...]]:
        """Write a batch in one transaction, synced to disk, and return the rows of each entry.

        Raises:
            LostRace: The journal does not end at ``expected`` any more.
            KeyTaken: An identity or idempotency key is used already, in the journal or
                twice in the batch; ``entry`` is the first such place.
            JournalUnavailable: The disk did not take it; nothing of the batch is accepted. It
                may still be found after the next append opens the file anew (see above).
            ValueError: A time has no zone, or words do not stand under their own hash.
        """
        with self._writing:
            writer = self._ready_writer()
            if self._head.seq != expected:
                raise LostRace(self._head.seq)
            planned = plan(self._head, batch, recorded_at)
            clocks = (reading.boot_id, reading.boot_s, times.to_us(reading.wall))
            us = planned.recorded_us
            stored = [to_stored(row, us) for rows in planned.rows for row in rows]
            with self._failing_stops_writer():
                try:
                    writer.execute("BEGIN IMMEDIATE")
                    self._check_end(writer)
                    writer.executemany(SQL["add_event"], stored)
                    _write_keys(writer, batch, us)
                    writer.execute(SQL["note_reading"], clocks)
                    writer.execute("COMMIT")
                except apsw.ConstraintError as failed:
                    writer.execute("ROLLBACK")
                    raise _taken(writer, batch, failed) from failed
            with self._moved:
                self._head = planned.head
                self._moved.notify_all()
            self._move_log(writer)
            return planned.rows

    def read(self, after: int = 0, limit: int | None = None) -> Iterator[Row]:
        """Yield rows by number, from the one after ``after``."""
        while limit is None or limit > 0:
            wanted = CHUNK_ROWS if limit is None else min(limit, CHUNK_ROWS)
            rows = self._rows("read", (after, wanted))
            yield from rows
            if len(rows) < wanted:
                return
            after = rows[-1].seq
            limit = None if limit is None else limit - wanted

    def read_audience(self, audience: Audience, after: int, limit: int) -> list[Row]:
        """Return rows of one audience's sequence, from the one after ``after``."""
        return self._rows("read_audience", (audience.value, after, max(limit, 0)))

    def follow(self, after: int, timeout_s: float) -> list[Row]:
        """Return rows after ``after`` (10,000 at most), waiting up to ``timeout_s``."""
        if not self._readonly:
            with self._moved:
                self._moved.wait_for(lambda: self._closed or self._head.seq > after, timeout_s)
            return list(self.read(after, FOLLOW_ROWS))
        until = time.monotonic() + timeout_s
        while not (rows := list(self.read(after, FOLLOW_ROWS))):
            left = until - time.monotonic()
            if left <= 0:
                break
            time.sleep(min(_POLL_S, left))
        return rows

    def of(self, alert_id: str) -> list[Row]:
        """Return every row of one alert, oldest first."""
        return self._rows("of", (alert_id,))

    def find(self, sender: str, identifier: str) -> Identity | None:
        """Return what is recorded under this identity."""
        found = self._query("find", (sender, identifier))
        return Identity(*found[0]) if found else None

    def find_key(self, credential: str, key: str) -> IdempotencyKey | None:
        """Return what is recorded under this idempotency key."""
        found = self._query("find_key", (credential, key))
        return IdempotencyKey(*found[0]) if found else None

    def text(self, content: str) -> bytes | None:
        """Return the words of that content hash."""
        found = self._query("text", (content,))
        return found[0][0] if found else None

    def last_reading(self) -> Reading | None:
        """Return the clock reading stored with the last commit or by ``note_reading``."""
        found = self._query("last_reading", ())
        if not found:
            return None
        boot_id, boot_s, wall = found[0]
        return Reading(boot_id, boot_s, times.from_us(wall))

    def note_reading(self, reading: Reading) -> None:
        """Store a clock reading without an event, synced to disk.

        Raises:
            JournalUnavailable: The disk did not take it.
        """
        clocks = (reading.boot_id, reading.boot_s, times.to_us(reading.wall))
        self._write("note_reading", clocks)

    def forget_keys(self, before: datetime, keep: frozenset[str]) -> int:
        """Drop idempotency keys recorded before, but not those of alerts in ``keep``.

        Raises:
            JournalUnavailable: The disk did not take it.
        """
        return self._write("forget_keys", (times.to_us(before), json.dumps(sorted(keep))))

    def close(self) -> None:
        """Release the files; the journal cannot be used afterwards. May be called twice."""
        with self._moved:
            self._closed = True
            self._moved.notify_all()
        while self._idle:
            self._idle.pop().close(force=True)
        with self._writing:
            # The writer last: the last one to close moves the log into the file.
            self._drop_writer()
            if self._lock is not None:
                self._lock.release()

    def stored(self) -> Iterator[Stored]:
        """Yield rows by number as they stand in the file, sensible or not, for ``verify``.

        Raises:
            JournalBroken: The file is damaged after some row.
        """
        after = -(1 << 63)
        last = 0
        while True:
            try:
                rows: list[Stored] = self._query("read", (after, CHUNK_ROWS))
            except UnicodeDecodeError as wrong:
                raise JournalBroken(f"a text after row {last}: {wrong}", seq=last + 1) from wrong
            except JournalBroken as broken:
                raise JournalBroken(f"after row {last}: {broken}", seq=last + 1) from broken
            yield from rows
            if len(rows) < CHUNK_ROWS:
                return
            after = last = rows[-1][0]

    def stored_texts(self) -> Iterator[tuple[str, bytes]]:
        """Yield all words with the hash they stand under, for ``verify``."""
        yield from self._query("texts", ())

    def damage(self) -> str | None:
        """Return what SQLite's own check of the file finds wrong, or None. O(size of the file)."""
        with self._reader() as reader:
            found = [str(line) for (line,) in reader.execute("PRAGMA integrity_check")]
        return None if found == ["ok"] else "; ".join(found)

    def _check_usable(self) -> None:
        if self._closed:
            raise JournalUnavailable("the journal is closed")
        if os.getpid() != self._pid:
            raise JournalUnavailable("a journal cannot be used across a fork: open it anew")

    @contextlib.contextmanager
    def _reader(self) -> Iterator[apsw.Connection]:
        """Lend a reading connection to one query; there are as many as threads read at once."""
        self._check_usable()
        try:
            try:
                reader = self._idle.pop()
            except IndexError:
                reader = open_reader(self._path, vfs=self._vfs)
            try:
                yield reader
            except apsw.Error:
                reader.close(force=True)
                raise
            self._idle.append(reader)
            if self._closed:
                reader.close(force=True)
        except (apsw.CorruptError, apsw.NotADBError) as broken:
            raise JournalBroken(f"{self._path} is damaged: {broken}", seq=0) from broken
        except apsw.Error as failed:
            raise JournalUnavailable(f"{self._path} cannot be read: {failed}") from failed

    def _query(self, name: str, values: tuple[Any, ...]) -> list[Any]:
        with self._reader() as reader:
            return reader.execute(SQL[name], values).fetchall()

    def _rows(self, name: str, values: tuple[Any, ...]) -> list[Row]:
        with self._reader() as reader:
            return to_rows(reader.execute(SQL[name], values))

    def _write(self, name: str, values: tuple[Any, ...]) -> int:
        """Run one writing query as a transaction of its own; return how many rows it changed."""
        with self._writing:
            writer = self._ready_writer()
            with self._failing_stops_writer():
                writer.execute(SQL[name], values)
                return writer.changes()

    def _ready_writer(self) -> apsw.Connection:
        """Return the writer, opened anew if the disk failed it."""
        self._check_usable()
        if self._readonly:
            raise JournalUnavailable("this journal was opened to read only")
        return self._writer or self._reopen()

    def _reopen(self) -> apsw.Connection:
        """Open the writer, make what the log holds durable for certain, and read the end."""
        try:
            writer = open_writer(self._path, vfs=self._vfs)
            try:
                # After a failed sync the kernel may call pages of the log clean that never
                # reached the disk, and will not write them again. Copied into the file, they
                # are written and synced as new pages, and the log starts from nothing.
                writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
                head = _read_head(writer)
                writer.set_wal_hook(self._note_log)
            except BaseException:
                writer.close(force=True)
                raise
        except (apsw.CorruptError, apsw.NotADBError) as broken:
            raise JournalBroken(f"{self._path} is damaged: {broken}", seq=0) from broken
        except (apsw.Error, OSError) as failed:
            raise JournalUnavailable(f"{self._path} cannot be written: {failed}") from failed
        self._log_pages = 0
        self._writer = writer
        with self._moved:
            self._head = head
            self._moved.notify_all()
        return writer

    def _check_end(self, writer: apsw.Connection) -> None:
        """Make sure the file ends where we think: the chain must never fork, whatever happened.

        If it does not, the writer is dropped, and the end is read anew before the next append.
        """
        seq, hash_ = _read_end(writer)
        if (seq, hash_) != (self._head.seq, self._head.hash):
            raise LostRace(seq)

    @contextlib.contextmanager
    def _failing_stops_writer(self) -> Iterator[None]:
        """Drop the writer on any failure but a refusal, so that the file is opened anew first."""
        try:
            yield
        except KeyTaken:
            raise  # undone already, and nothing is wrong with the disk
        except apsw.Error as failed:
            self._drop_writer()
            raise JournalUnavailable(f"{self._path} cannot be written: {failed}") from failed
        except BaseException:
            self._drop_writer()
            raise

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            # A failed disk fails at closing too; the descriptors go nevertheless.
            with contextlib.suppress(apsw.Error):
                writer.close(force=True)

    def _note_log(self, _writer: apsw.Connection, _name: str, pages: int) -> int:
        self._log_pages = pages
        return apsw.SQLITE_OK

    def _move_log(self, writer: apsw.Connection) -> None:
        """Move the log into the file when it has grown. What was committed stands either way."""
        if self._log_pages < _LOG_PAGES:
            return
        try:
            writer.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
            self._log_pages = 0
        except apsw.BusyError:
            pass  # tried again after the next commit
        except apsw.Error:
            self._drop_writer()


def _read_end(connection: apsw.Connection) -> tuple[int, bytes]:
    last: list[Any] = connection.execute(SQL["head"]).fetchall()
    return last[0] if last else (0, chain.GENESIS)


def _read_head(connection: apsw.Connection) -> Head:
    seq, hash_ = _read_end(connection)
    numbers = {
        audience: connection.execute(SQL["audience_head"], (audience.value,)).get or 0
        for audience in Audience
    }
    return Head(seq, hash_, numbers)


def _write_keys(writer: apsw.Connection, batch: Sequence[Entry], us: int) -> None:
    """Write what stands beside the rows: names, keys and words; delete what is erased."""
    names = [
        (one.sender, one.identifier, one.content, one.alert_id)
        for entry in batch
        for one in entry.identities
    ]
    if names:
        writer.executemany(SQL["add_identity"], names)
    keys = [
        (one.credential, one.key, one.body, one.alert_id, one.revision, us)
        for entry in batch
        for one in entry.keys
    ]
    if keys:
        writer.executemany(SQL["add_key"], keys)
    words = [pair for entry in batch for pair in entry.texts.items()]
    if words:
        writer.executemany(SQL["add_text"], words)
    erased = [(content,) for entry in batch for content in entry.erases]
    if erased:
        writer.executemany(SQL["erase_text"], erased)


def _taken(
    writer: apsw.Connection, batch: Sequence[Entry], failed: apsw.ConstraintError
) -> KeyTaken | JournalBroken:
    """Return which key of the batch was taken, after the batch is undone."""
    seen: set[tuple[str, str, str]] = set()
    for place, entry in enumerate(batch):
        for one in entry.identities:
            name = ("identity", one.sender, one.identifier)
            if name in seen or writer.execute(SQL["find"], name[1:]).fetchall():
                return KeyTaken(place, one)
            seen.add(name)
        for key in entry.keys:
            name = ("key", key.credential, key.key)
            if name in seen or writer.execute(SQL["find_key"], name[1:]).fetchall():
                return KeyTaken(place, key)
            seen.add(name)
    return JournalBroken(f"a row that should be free is taken: {failed}", seq=0)
