"""How the SQLite engine opens its file: its owner's alone, synced at each commit, migrated.

As the journal's file, by the same rules (RELIABILITY P1): write-ahead log, ``synchronous=FULL``,
one writer, readers that can only read. Deleted secrets are overwritten (``secure_delete``).
"""

from __future__ import annotations

import os
from pathlib import Path

import apsw

from tocsin.registry.queries import migrations
from tocsin.service.registry import RegistryUnavailable

FILE_NAME = "registry.db"
APPLICATION_ID = 0x544F4352
"""``TOCR``: what the file says it is, in its header."""


def open_writer(path: Path) -> apsw.Connection:
    """Open the file to write, making it (mode 0600) or bringing its schema up to date.

    Raises:
        RegistryUnavailable: The file is not a registry, or was written by a newer Tocsin.
        apsw.Error, OSError: The disk did not do it.
    """
    made = not path.exists()
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # the log beside it gets the same mode
    writer = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        _configure(writer)
        _check_owner(writer, path)
        _make_durable(writer, path)
        _migrate(writer, path)
        if made:
            _sync_folder(path.parent)
    except BaseException:
        writer.close(force=True)
        raise
    return writer


def open_reader(path: Path) -> apsw.Connection:
    """Open the file to read only; a writer has made it.

    Raises:
        apsw.Error: The disk did not do it.
    """
    reader = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
    try:
        _configure(reader)
        reader.execute("PRAGMA query_only=ON")
    except BaseException:
        reader.close(force=True)
        raise
    return reader


def _configure(connection: apsw.Connection) -> None:
    connection.set_busy_timeout(5_000)
    for setting in ("mmap_size=0", "foreign_keys=ON", "trusted_schema=OFF", "cell_size_check=ON"):
        connection.execute(f"PRAGMA {setting}")


def _make_durable(writer: apsw.Connection, path: Path) -> None:
    if writer.pragma("journal_mode", "wal") != "wal":
        raise RegistryUnavailable(f"{path}: this file system cannot hold a write-ahead log")
    for setting in ("synchronous=FULL", "fullfsync=ON", "checkpoint_fullfsync=ON",
                    "secure_delete=ON"):  # fmt: skip
        writer.execute(f"PRAGMA {setting}")


def _check_owner(connection: apsw.Connection, path: Path) -> None:
    owner = connection.pragma("application_id")
    empty = connection.execute("SELECT count(*) FROM sqlite_schema").get == 0
    if owner != APPLICATION_ID and (owner or not empty):
        raise RegistryUnavailable(f"{path} is not a registry of Tocsin")


def _migrate(writer: apsw.Connection, path: Path) -> None:
    """Run the migrations that the file lacks, each with its number in one transaction."""
    steps = migrations("sqlite")
    version = writer.pragma("user_version")
    if version > len(steps):
        raise RegistryUnavailable(
            f"{path} has schema {version}: a newer Tocsin wrote it (this one knows {len(steps)})"
        )
    for number in range(version + 1, len(steps) + 1):
        writer.execute(
            f"BEGIN IMMEDIATE; {steps[number - 1]};"
            f"PRAGMA application_id={APPLICATION_ID}; PRAGMA user_version={number}; COMMIT"
        ).fetchall()


def _sync_folder(folder: Path) -> None:
    """Sync the folder, so that the file's own name survives a power cut."""
    entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(entry)
    finally:
        os.close(entry)
