"""How the SQLite engine opens its file: the settings that durability hangs on, and the schema.

Write-ahead log, ``synchronous=FULL`` (each commit is on the disk before it returns), no memory
map, one writer that alone moves the log into the file; readers can only read. ``NORMAL`` passes
every kill -9 and loses acknowledged rows in a power cut (measured: 1,783 of 37,060).

Source: RELIABILITY P1, P5.
"""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from tocsin.errors import JournalUnavailable
from tocsin.journal.queries import migrations

FILE_NAME = "journal.sqlite"
APPLICATION_ID = 0x544F4353
"""``TOCS``: what the file says it is, in its header."""

OLDEST_SQLITE = (3, 51, 3)
"""Before it, a reset of the write-ahead log could corrupt the file (3.7.0 to 3.51.2)."""

_LOG_LIMIT_BYTES = 64 * 1024 * 1024


def check_library(version: str) -> None:
    """Refuse a SQLite library that is known to corrupt files.

    Raises:
        JournalUnavailable: ``version`` is older than 3.51.3.
    """
    parts = tuple(int(part) for part in version.split(".")[:3])
    if parts < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise JournalUnavailable(
            f"SQLite {version} can corrupt a journal; {oldest} or newer is needed"
            " (install a current apsw, which brings its own)"
        )


def open_writer(path: Path, *, vfs: str | None = None) -> apsw.Connection:
    """Open the file to write, making it or bringing its schema up to date.

    Raises:
        JournalUnavailable: The file is not a journal, or was written by a newer Tocsin.
        apsw.Error: The disk did not do it.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE
    if vfs is None:  # its owner's alone; SQLite gives the log beside it the same mode
        try:
            os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        except OSError as failed:
            raise JournalUnavailable(f"{path} cannot be opened: {failed.strerror}") from failed
    writer = apsw.Connection(str(path), flags=flags, vfs=vfs)
    try:
        _configure(writer)
        _check_owner(writer, path, may_be_empty=True)
        _make_durable(writer, path)
        _migrate(writer, path)
        _sync_folder(path.parent)
    except BaseException:
        writer.close(force=True)
        raise
    return writer


def open_reader(path: Path, *, vfs: str | None = None) -> apsw.Connection:
    """Open the file to read only, beside whoever writes it.

    Raises:
        JournalUnavailable: There is no such file, or it is not a journal of this Tocsin's schema.
        apsw.Error: The disk did not do it.
    """
    if not path.is_file():
        raise JournalUnavailable(f"there is no journal in {path.parent}")
    reader = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY, vfs=vfs)
    try:
        _configure(reader)
        reader.execute("PRAGMA query_only=ON")
        # Whoever closes last moves the log into the file: a reader must not even then.
        reader.config(apsw.SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1)
        _check_owner(reader, path, may_be_empty=False)
        _check_schema(reader, path)
    except BaseException:
        reader.close(force=True)
        raise
    return reader


def _configure(connection: apsw.Connection) -> None:
    """Settings of every connection. The log is moved by the writer, when the engine says so."""
    connection.set_busy_timeout(5_000)
    for setting in ("mmap_size=0", "foreign_keys=ON", "trusted_schema=OFF",
                    "cell_size_check=ON", "wal_autocheckpoint=0"):  # fmt: skip
        connection.execute(f"PRAGMA {setting}")


def _make_durable(writer: apsw.Connection, path: Path) -> None:
    """Settings of the writer: a write-ahead log, and every commit synced."""
    if writer.pragma("journal_mode", "wal") != "wal":
        raise JournalUnavailable(f"{path}: this file system cannot hold a write-ahead log")
    # secure_delete: words that were erased leave no copy in free pages
    for setting in ("synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON",
                    "secure_delete=ON", f"journal_size_limit={_LOG_LIMIT_BYTES}"):  # fmt: skip
        writer.execute(f"PRAGMA {setting}")


def _check_owner(connection: apsw.Connection, path: Path, *, may_be_empty: bool) -> None:
    owner = connection.pragma("application_id")
    if owner == APPLICATION_ID:
        return
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").get == 0
    if owner or not empty or not may_be_empty:
        raise JournalUnavailable(f"{path} is not a journal of Tocsin")


def _check_schema(reader: apsw.Connection, path: Path) -> None:
    known = len(migrations("sqlite"))
    if (version := reader.pragma("user_version")) != known:
        raise JournalUnavailable(
            f"{path} has schema {version}, this Tocsin reads {known}: start its server once"
        )


def _migrate(writer: apsw.Connection, path: Path) -> None:
    """Run the migrations that the file lacks, each with its number in one transaction."""
    steps = migrations("sqlite")
    version = writer.pragma("user_version")
    if version > len(steps):
        raise JournalUnavailable(
            f"{path} has schema {version}: a newer Tocsin wrote it (this one knows {len(steps)})"
        )
    for number in range(version + 1, len(steps) + 1):
        writer.execute(
            f"BEGIN IMMEDIATE; {steps[number - 1]};"
            f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={number}; COMMIT"
        )


def _sync_folder(folder: Path) -> None:
    """Sync the folder, so that the file's own name survives a power cut."""
    entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
