"""The file of the SQLite engine: many readers, one writer, each write one transaction.

Reading queries run on connections of their own, as many as read at once, and never wait for the
writer. A write that the disk fails drops the writer; the next one opens the file anew.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Self, TypeVar

import apsw

from tocsin.registry.connections import FILE_NAME, open_reader, open_writer
from tocsin.registry.queries import queries
from tocsin.registry.rows import Values
from tocsin.service.registry import RegistryUnavailable, Taken

SQL = queries("sqlite")
T = TypeVar("T")


class Store:
    """Opens, lends and closes connections; may be used from any thread."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE_NAME
        self._idle: deque[apsw.Connection] = deque()
        self._writing = threading.Lock()
        self._writer: apsw.Connection | None = None
        self._closed = False

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open the registry in ``folder``, making folder and file where they are missing.

        Raises:
            RegistryUnavailable: The disk refuses, or the file is not a registry.
        """
        store = cls(folder)
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as failed:
            raise RegistryUnavailable(f"{folder} cannot be made: {failed.strerror}") from failed
        with store.write():
            return store

    def close(self) -> None:
        """Release the files; may be called twice."""
        self._closed = True
        while self._idle:
            self._idle.pop().close(force=True)
        with self._writing:
            if self._writer is not None:
                self._writer.close(force=True)
                self._writer = None

    def _check_usable(self) -> None:
        if self._closed:
            raise RegistryUnavailable("the registry is closed")

    def all(self, name: str, values: Values, made: Callable[[Any], T]) -> list[T]:
        """Return what a reading query finds, each row made into a record."""
        return [made(row) for row in self._query(name, values)]

    def one(self, name: str, values: Values, made: Callable[[Any], T]) -> T | None:
        """Return the first that a reading query finds, None where it finds nothing."""
        found = self._query(name, values)
        return made(found[0]) if found else None

    def _query(self, name: str, values: Values) -> list[Any]:
        """Run a reading query on a connection of its own: there are as many as read at once."""
        self._check_usable()
        try:
            try:
                reader = self._idle.pop()
            except IndexError:
                reader = open_reader(self._path)
            try:
                found: list[Any] = reader.execute(SQL[name], values).fetchall()
            except apsw.Error:
                reader.close(force=True)
                raise
        except apsw.Error as failed:
            raise RegistryUnavailable(f"{self._path} cannot be read: {failed}") from failed
        self._idle.append(reader)
        if self._closed:
            reader.close(force=True)
        return found

    def changed(self, name: str, values: Values) -> bool:
        """Run one changing query as a transaction; say whether it changed a row."""
        with self.write() as writer:
            return changed(writer, name, values)

    @contextlib.contextmanager
    def write(self) -> Iterator[apsw.Connection]:
        """Lend the writer for one transaction; what fails undoes all of it."""
        with self._writing:
            self._check_usable()
            try:
                if self._writer is None:
                    self._writer = open_writer(self._path)
                writer = self._writer
                writer.execute("BEGIN IMMEDIATE")
                try:
                    yield writer
                    writer.execute("COMMIT")
                except BaseException:
                    if writer.in_transaction:
                        writer.execute("ROLLBACK")
                    raise
            except apsw.ConstraintError as failed:
                raise Taken(str(failed)) from failed
            except (apsw.Error, OSError) as failed:
                if self._writer is not None:
                    self._writer.close(force=True)
                    self._writer = None
                raise RegistryUnavailable(f"{self._path} cannot be written: {failed}") from failed


def changed(writer: apsw.Connection, name: str, values: Values) -> bool:
    """Run a query within a transaction; say whether it changed a row."""
    writer.execute(SQL[name], values).fetchall()
    return writer.changes() > 0
