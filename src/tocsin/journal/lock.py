"""One writer for one folder, across processes.

The lock is the kernel's (``flock``), so it is gone with its process, even after kill -9; the
file stays and means nothing by itself. It is not the database's own file, because closing
any descriptor of that file would drop SQLite's locks on it.
"""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from tocsin.errors import JournalUnavailable

LOCK_NAME = "journal.lock"


class FolderLock:
    """The right to write the journal in ``folder``, held until ``release`` or the process ends."""

    def __init__(self, folder: Path) -> None:
        """Take the lock at once or not at all.

        Raises:
            JournalUnavailable: Another process writes there, or the file cannot be made.
        """
        path = folder / LOCK_NAME
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as failed:
            raise JournalUnavailable(f"{path} cannot be opened: {failed.strerror}") from failed
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as failed:
            holder = os.read(self._file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise JournalUnavailable(
                f"another process (number {holder}) writes this journal: it holds {path}"
            ) from failed
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, f"{os.getpid()}\n".encode(), 0)

    def release(self) -> None:
        """Give the right back; may be called twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
