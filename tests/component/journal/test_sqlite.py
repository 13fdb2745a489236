"""What only the SQLite engine has: a file, a lock, readers beside it, a disk that can fail."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from kit.journals import AT, READING, append, draft, entry, fill, worded
from tocsin.clock import Reading
from tocsin.core.alert import Audience
from tocsin.errors import JournalBroken, JournalUnavailable, KeyTaken, LostRace
from tocsin.journal.connections import APPLICATION_ID, check_library
from tocsin.journal.queries import migrations
from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import verify

Open = Callable[..., SqliteJournal]


def raw(folder: Path) -> apsw.Connection:
    """Open the file as a stranger would; only while no journal has it open in this process."""
    return apsw.Connection(str(folder / "journal.sqlite"))


def test_everything_is_there_after_the_journal_is_opened_again(open_sqlite: Open) -> None:
    journal = open_sqlite()
    rows = fill(journal, 45)
    append(journal, worded(b"take cover"), entry(identifier="m1", key="k1"))
    head, rows = journal.head(), list(journal.read())
    journal.close()
    again = open_sqlite()
    assert again.head() == head
    assert list(again.read()) == rows
    assert again.last_reading() == READING
    assert again.find("sender", "m1") is not None
    assert again.find_key("officer", "k1") is not None
    (row,) = append(again, entry(draft(audience=Audience.DESK)))[0]
    assert row.seq == 48
    assert row.audience_seq == head.audiences[Audience.DESK] + 1
    assert verify(again).is_ok


def test_the_file_says_what_it_is_and_is_kept_as_durability_asks(
    open_sqlite: Open, tmp_path: Path
) -> None:
    journal = open_sqlite()
    writer = journal._writer  # noqa: SLF001
    assert writer is not None
    assert [
        writer.pragma(name)
        for name in ("journal_mode", "synchronous", "mmap_size", "foreign_keys", "application_id")
    ] == ["wal", 2, 0, 1, APPLICATION_ID]
    assert writer.pragma("user_version") == len(migrations("sqlite"))
    journal.close()
    left = sorted(file.name for file in (tmp_path / "data").iterdir())
    assert left == ["journal.lock", "journal.sqlite"]


def test_a_reader_can_neither_write_nor_move_the_log(open_sqlite: Open) -> None:
    journal = open_sqlite()
    with journal._reader() as reader:  # noqa: SLF001
        assert reader.pragma("query_only") == 1
        assert reader.pragma("wal_autocheckpoint") == 0
        with pytest.raises(apsw.ReadOnlyError):
            reader.execute("DELETE FROM text")


@pytest.mark.parametrize("version", ["3.40.1", "3.51.2", "3.9.9"])
def test_a_sqlite_that_can_corrupt_is_refused(version: str) -> None:
    with pytest.raises(JournalUnavailable, match=rf"SQLite {version}.*3\.51\.3"):
        check_library(version)


@pytest.mark.parametrize("version", ["3.51.3", "3.54.1", "4.0.0"])
def test_a_sqlite_that_is_sound_is_taken(version: str) -> None:
    check_library(version)


def test_the_library_is_checked_at_every_opening(
    open_sqlite: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apsw, "sqlite_lib_version", lambda: "3.51.2")
    with pytest.raises(JournalUnavailable, match=r"3\.51\.2"):
        open_sqlite()


def test_two_journals_cannot_write_one_folder(open_sqlite: Open) -> None:
    first = open_sqlite()
    with pytest.raises(JournalUnavailable, match=rf"number {os.getpid()}\).*journal\.lock"):
        open_sqlite()
    append(first, entry())
    first.close()
    assert open_sqlite().head().seq == 1


HOLDER = """
import sys, pathlib
from tocsin.journal.sqlite import SqliteJournal
journal = SqliteJournal.open(pathlib.Path(sys.argv[1]))
print("open", flush=True)
sys.stdin.read()
"""


def test_a_killed_process_leaves_the_folder_free(open_sqlite: Open, tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "data")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"open\n"
        with pytest.raises(JournalUnavailable, match=rf"number {holder.pid}\)"):
            open_sqlite()
        holder.kill()
    assert open_sqlite().head().seq == 0


def test_a_journal_opened_to_read_sees_what_a_server_beside_it_commits(open_sqlite: Open) -> None:
    server = open_sqlite()
    beside = open_sqlite(readonly=True)
    assert beside.head().seq == 0
    rows = fill(server, 12)
    assert list(beside.read()) == rows
    assert beside.head() == server.head()
    assert verify(beside).is_ok
    with pytest.raises(JournalUnavailable, match="read only"):
        append(beside, entry())
    with pytest.raises(JournalUnavailable, match="read only"):
        beside.note_reading(READING)


def test_following_beside_a_server_wakes_at_its_next_commit(open_sqlite: Open) -> None:
    server = open_sqlite()
    beside = open_sqlite(readonly=True)
    seen: list[bytes] = []
    thread = threading.Thread(
        target=lambda: seen.extend(row.data for row in beside.follow(0, 20.0))
    )
    thread.start()
    append(server, entry(draft(b"siren")))
    thread.join(20)
    assert seen == [b"siren"]
    assert beside.follow(1, 0.0) == []


def test_a_journal_can_be_read_after_its_server_is_gone(open_sqlite: Open) -> None:
    server = open_sqlite()
    rows = fill(server, 12)
    server.close()
    beside = open_sqlite(readonly=True)
    assert list(beside.read()) == rows


def test_reading_where_there_is_no_journal_makes_none(tmp_path: Path) -> None:
    with pytest.raises(JournalUnavailable, match="no journal in"):
        SqliteJournal.open(tmp_path / "nowhere", readonly=True)
    assert not (tmp_path / "nowhere").exists()


def test_another_programs_file_is_left_alone(open_sqlite: Open, tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    with raw(tmp_path / "data") as other:
        other.execute("CREATE TABLE theirs (x)")
    other.close()
    for readonly in (False, True):
        with pytest.raises(JournalUnavailable, match="not a journal of Tocsin"):
            open_sqlite(readonly=readonly)


def test_a_file_that_is_no_database_is_broken_and_left_alone(
    open_sqlite: Open, tmp_path: Path
) -> None:
    (tmp_path / "data").mkdir()
    path = tmp_path / "data" / "journal.sqlite"
    path.write_bytes(b"not a database" * 1000)
    for readonly in (False, True):
        with pytest.raises(JournalBroken, match="damaged"):
            open_sqlite(readonly=readonly)
    assert path.read_bytes() == b"not a database" * 1000


def test_a_newer_tocsins_journal_is_refused(open_sqlite: Open, tmp_path: Path) -> None:
    open_sqlite().close()
    with raw(tmp_path / "data") as newer:
        newer.execute("PRAGMA user_version=99")
    newer.close()
    with pytest.raises(JournalUnavailable, match="newer Tocsin"):
        open_sqlite()
    with pytest.raises(JournalUnavailable, match="schema 99"):
        open_sqlite(readonly=True)


def test_rows_cannot_be_changed_or_removed_by_a_slip(open_sqlite: Open) -> None:
    journal = open_sqlite()
    fill(journal, 3)
    for slip in ("UPDATE event SET version = 2", "DELETE FROM event WHERE seq = 3"):
        with pytest.raises(apsw.ConstraintError, match="append-only"):
            journal._writer.execute(slip)  # type: ignore[union-attr]  # noqa: SLF001


def test_a_row_that_came_in_past_the_engine_never_forks_the_chain(open_sqlite: Open) -> None:
    journal = open_sqlite()
    first = append(journal, entry())[0][0]
    journal._writer.execute(  # type: ignore[union-attr]  # noqa: SLF001
        "INSERT INTO event SELECT 2, kind, version, data, alert_id, audience, 2, recorded_at, ?"
        " FROM event",
        (b"another hash",),
    )
    with pytest.raises(LostRace) as lost:
        journal.append([entry()], expected=first.seq, recorded_at=AT, reading=READING)
    assert lost.value.head == 2
    with pytest.raises(LostRace):  # read anew meanwhile
        journal.append([entry()], expected=first.seq, recorded_at=AT, reading=READING)
    assert journal.head().hash == b"another hash"


def test_a_journal_is_not_used_across_a_fork(open_sqlite: Open) -> None:
    journal = open_sqlite()
    journal._pid += 1  # noqa: SLF001  # what the child of a fork sees: another number than its own
    for use in (journal.head, lambda: list(journal.read())):
        with pytest.raises(JournalUnavailable, match="fork"):
            use()
    journal._pid -= 1  # noqa: SLF001


def test_the_log_does_not_grow_beside_a_slow_reader(open_sqlite: Open, tmp_path: Path) -> None:
    journal = open_sqlite()
    fill(journal, 20)
    slow = iter(journal.read())
    next(slow)
    big = draft(b"x" * 100_000)
    for _ in range(300):
        append(journal, entry(big))
    assert (tmp_path / "data" / "journal.sqlite-wal").stat().st_size < 8_000_000
    assert len(list(slow)) == 19


class _File(apsw.VFSFile):
    """A file whose disk fails as ``Disk`` says."""

    def __init__(self, disk: Disk, name: str | apsw.URIFilename | None, flags: list[int]) -> None:
        filename = name.filename() if isinstance(name, apsw.URIFilename) else name or ""
        self.disk, self.kind = disk, "wal" if filename.endswith("-wal") else "main"
        super().__init__("", name, flags)

    def xSync(self, flags: int) -> None:  # noqa: N802
        self.disk.call("sync", self.kind)
        super().xSync(flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self.disk.call("write", self.kind)
        super().xWrite(data, offset)


class Disk(apsw.VFS):
    """A disk that fails one kind of call on one kind of file until it is told not to."""

    NAME = "failing-disk"

    def __init__(self) -> None:
        self.fails: dict[tuple[str, str], int] = {}
        self.calls: list[tuple[str, str]] = []
        super().__init__(self.NAME, "")

    def xOpen(  # noqa: N802
        self, name: str | apsw.URIFilename | None, flags: list[int]
    ) -> apsw.VFSFile:
        return _File(self, name, flags)

    def call(self, what: str, kind: str) -> None:
        self.calls.append((what, kind))
        if code := self.fails.get((what, kind)):
            raise apsw.exception_for(code)


@pytest.fixture
def disk() -> Iterator[Disk]:
    made = Disk()
    yield made
    made.unregister()


FAULTS = [
    ("sync", apsw.SQLITE_IOERR_FSYNC),
    ("write", apsw.SQLITE_FULL),
    ("write", apsw.SQLITE_IOERR_WRITE),
]


@pytest.mark.parametrize(("what", "code"), FAULTS)
def test_a_commit_that_the_disk_refuses_is_not_accepted_and_stops_the_writer(
    open_sqlite: Open, disk: Disk, what: str, code: int
) -> None:
    journal = open_sqlite(vfs=Disk.NAME)
    append(journal, entry(identifier="m1"))
    disk.fails[what, "wal"] = code
    with pytest.raises(JournalUnavailable):
        append(journal, entry(identifier="m2"))
    assert journal._writer is None  # noqa: SLF001
    # While the disk fails, nothing is taken; what was accepted can be read.
    with pytest.raises(JournalUnavailable):
        journal.append([entry()], expected=1, recorded_at=AT, reading=READING)
    assert [row.seq for row in journal.read()][:1] == [1]


@pytest.mark.parametrize(("what", "code"), FAULTS)
def test_when_the_disk_is_well_again_the_refused_command_is_recorded_once(
    open_sqlite: Open, disk: Disk, what: str, code: int
) -> None:
    journal = open_sqlite(vfs=Disk.NAME)
    append(journal, entry(identifier="m1"))
    disk.fails[what, "wal"] = code
    with pytest.raises(JournalUnavailable):
        journal.append([entry(identifier="m2")], expected=1, recorded_at=AT, reading=READING)
    disk.fails.clear()
    expected = 1
    for _ in range(2):
        try:
            journal.append(
                [entry(identifier="m2")], expected=expected, recorded_at=AT, reading=READING
            )
            break
        except LostRace as lost:  # the refused batch was there after all
            expected = lost.head
        except KeyTaken:
            break
    assert journal.find("sender", "m2") is not None
    assert journal.head().seq == 2
    assert verify(journal).is_ok


def test_after_a_failed_sync_the_log_is_copied_and_emptied_before_more_is_taken(
    open_sqlite: Open, disk: Disk
) -> None:
    journal = open_sqlite(vfs=Disk.NAME)
    append(journal, entry())
    disk.fails["sync", "wal"] = apsw.SQLITE_IOERR_FSYNC
    with pytest.raises(JournalUnavailable):
        append(journal, entry())
    disk.fails.clear()
    disk.calls.clear()
    journal.note_reading(Reading("boot-2", 1.0, AT))
    # Pages that a failed sync left "clean" are never written by the kernel again.
    moved = disk.calls.index(("sync", "main"))
    assert ("write", "main") in disk.calls[:moved]
    assert ("sync", "wal") in disk.calls[moved:]


def test_a_log_that_cannot_be_moved_does_not_undo_what_was_accepted(
    open_sqlite: Open, disk: Disk
) -> None:
    journal = open_sqlite(vfs=Disk.NAME)
    disk.fails["sync", "main"] = apsw.SQLITE_IOERR_FSYNC
    big = draft(b"x" * 5_000_000)
    append(journal, entry(big))
    assert journal.head().seq == 1
    with pytest.raises(JournalUnavailable):
        append(journal, entry())
    disk.fails.clear()
    append(journal, entry())
    assert journal.head().seq == 2
    assert verify(journal).is_ok
