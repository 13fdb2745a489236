"""Saved state: what was folded from the journal up to a row, to start from there.

A snapshot is a convenience and never the truth: it says which row it was folded to and that
row's hash, and one that does not fit this journal, this Tocsin or its own checksum is refused;
then the journal is folded from the start. The bytes are the caller's own.

The file is one line of words, then a fixed head, then the bytes::

    tocsin snapshot 1 and a line end
    seq 8 bytes, hash 32, SHA-256 of all that follows 32, length of the layout's name 2
    the layout's name in UTF-8, the state
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import struct
from dataclasses import dataclass
from pathlib import Path

from tocsin.errors import JournalProblem, JournalUnavailable
from tocsin.service.ports import Journal

FILE_NAME = "snapshot.bin"

_MAGIC = b"tocsin snapshot 1\n"
_HEAD = struct.Struct(">q32s32sH")


class SnapshotRefused(JournalProblem):
    """The saved state cannot be used: fold the journal from its start."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """State folded up to and including row ``seq``, whose hash is ``hash``.

    ``layout`` names the shape of the bytes and all else that they depend on (the state's version,
    the profile's hash): a snapshot of another layout is refused.
    """

    seq: int
    hash: bytes
    layout: str
    state: bytes


def save(folder: Path, snapshot: Snapshot) -> None:
    """Put the snapshot in place of the one before, whole or not at all, synced to disk.

    Raises:
        JournalUnavailable: The disk did not take it; the one before is still there.
    """
    layout = snapshot.layout.encode()
    checked = layout + snapshot.state
    head = _HEAD.pack(snapshot.seq, snapshot.hash, hashlib.sha256(checked).digest(), len(layout))
    target = folder / FILE_NAME
    draft = folder / (FILE_NAME + ".new")
    try:
        with draft.open("wb") as file:
            file.write(_MAGIC + head + checked)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
        entry = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(entry)
        finally:
            os.close(entry)
    except OSError as failed:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise JournalUnavailable(f"{target} cannot be written: {failed.strerror}") from failed


def load(folder: Path, journal: Journal, layout: str) -> Snapshot | None:
    """Return the snapshot in ``folder``, or None if there is none.

    Raises:
        SnapshotRefused: It is damaged, of another layout, or its row is not in this journal.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as failed:
        raise SnapshotRefused(f"{path} cannot be read: {failed.strerror}") from failed
    start = len(_MAGIC) + _HEAD.size
    if not content.startswith(_MAGIC) or len(content) < start:
        raise SnapshotRefused(f"{path} is not a snapshot")
    seq, hash_, checksum, layout_bytes = _HEAD.unpack_from(content, len(_MAGIC))
    if hashlib.sha256(content[start:]).digest() != checksum:
        raise SnapshotRefused(f"{path} is damaged")
    found = content[start : start + layout_bytes].decode("utf-8", "replace")
    if found != layout:
        raise SnapshotRefused(f"{path} is of the layout {found!r}, not {layout!r}")
    row = next(iter(journal.read(seq - 1, 1)), None) if seq > 0 else None
    if row is None or row.hash != hash_:
        raise SnapshotRefused(f"{path} was folded to a row {seq} that is not in this journal")
    return Snapshot(seq, hash_, found, content[start + layout_bytes :])
