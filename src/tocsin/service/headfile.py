"""A file of signed heads: written line by line, read again, and held against a journal.

A head says "the journal ended at this number with this hash", and is signed. Kept where the
house cannot reach back to, it shows what a chain alone cannot: rows cut off the end, or a
chain written anew (RELIABILITY P23).

A line torn by a full disk or a lost plug is ended by the next one and cannot be read; it
never was a head, so it is counted and no fault. Beside the heads lies the public half of each
key that signed them, so that they can be checked where the house's keys are not.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from tocsin.keys.kinds import PublicKey, public_of
from tocsin.keys.signed import misfit

FILE = "heads.jsonl"
TAIL_BYTES = 65_536


class JournalHead(msgspec.Struct, frozen=True, kw_only=True):
    """Where the journal ended, as signed; ``audiences`` are the last number of each."""

    seq: int
    hash: str
    recorded_at: datetime
    signed_at: datetime
    audiences: dict[str, int]
    key: str
    signature: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file of heads: the head with its plain members, or None if it is torn."""

    path: Path
    number: int
    head: JournalHead | None
    body: dict[str, object]


@dataclass(frozen=True, slots=True)
class HeadMisfit:
    """A head that does not fit: which, what it says, and why not."""

    path: Path
    line: int
    seq: int
    signed_at: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """How many heads were held against the journal, how many lines are torn, what misfits."""

    heads: int
    torn: int
    misfit: HeadMisfit | None


class HeadFile:
    """The heads of one folder. The folder must exist: one that is not mounted is not made."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def append(self, lines: Sequence[bytes], key: PublicKey) -> None:
        """Write lines, each a head with its line end, synced to disk.

        Raises:
            OSError: the disk did not take them; a part may stand there.
        """
        self._keep(key)
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT
        descriptor = os.open(self.path, flags, 0o644)
        try:
            size = os.fstat(descriptor).st_size
            torn = size > 0 and os.pread(descriptor, 1, size - 1) != b"\n"
            left = b"\n" * torn + b"".join(lines)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if size == 0:
            self._sync_folder()

    def last(self) -> Line | None:
        """Return the last head that can be read, from the end of the file; None if there is none.

        Raises:
            OSError: the file is there and cannot be read.
        """
        try:
            with self.path.open("rb") as file:
                file.seek(max(0, file.seek(0, os.SEEK_END) - TAIL_BYTES))
                tail = file.read().splitlines()
        except FileNotFoundError:
            return None
        found = (_line(self.path, 0, plain) for plain in reversed(tail))
        return next((line for line in found if line.head is not None), None)

    def _keep(self, key: PublicKey) -> None:
        path = self.path.with_name(f"head-{key.id}.pub")
        if path.exists():
            return
        part = path.with_name(f".{path.name}")
        with part.open("wb") as file:
            file.write(key.pem())
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)

    def _sync_folder(self) -> None:
        folder = os.open(self.path.parent, os.O_RDONLY)
        try:
            with contextlib.suppress(OSError):  # some network disks know no such thing
                os.fsync(folder)
        finally:
            os.close(folder)


def read_lines(path: Path) -> Iterator[Line]:
    """Yield every line of a file of heads, from 1.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        for number, plain in enumerate(file, 1):
            if plain.strip():
                yield _line(path, number, plain)


def keys_beside(path: Path) -> list[PublicKey]:
    """Return the public keys that lie beside a file of heads; what is none is left out."""
    found = []
    for each in sorted(path.parent.glob("head-*.pub")):
        with contextlib.suppress(OSError, ValueError):
            key = public_of(each.stem.removeprefix("head-"), each.read_bytes())
            if key.id.endswith(key.fingerprint):  # else the name claims to be another key
                found.append(key)
    return found


def judged(
    files: Iterable[Path], keys: Sequence[PublicKey], rows: Iterable[tuple[int, bytes]]
) -> Judgement:
    """Hold heads against a journal's numbers and hashes; name the first head that does not fit.

    The files are read before the rows, so that a house may go on meanwhile. A head that says
    again what one before it in the same file said is counted and not checked again: a house
    that rests signs the same end every minute.

    Raises:
        OSError: a file cannot be read.
    """
    known: dict[int, list[tuple[bytes, Line]]] = {}
    count = torn = 0
    wrong: HeadMisfit | None = None
    for path in files:
        beside = [*keys, *keys_beside(path)]
        said: set[tuple[int, str]] = set()
        for line in read_lines(path):
            if (head := line.head) is None:
                torn += 1
                continue
            count += 1
            if (head.seq, head.hash) in said:
                continue
            if (why := misfit(line.body, beside)) is not None:
                wrong = wrong or _misfit(line, head, why)
                continue
            said.add((head.seq, head.hash))
            known.setdefault(head.seq, []).append((bytes.fromhex(head.hash), line))
    return Judgement(count, torn, wrong or _first_of(known, rows))


def _first_of(
    known: dict[int, list[tuple[bytes, Line]]], rows: Iterable[tuple[int, bytes]]
) -> HeadMisfit | None:
    end = 0
    for end, row_hash in rows:  # the last number is asked for after the loop
        for hash_, line in known.get(end, ()):
            if hash_ != row_hash and line.head is not None:
                why = f"row {end} is another one now: the journal was written anew"
                return _misfit(line, line.head, why)
    for seq in sorted(known):
        line = known[seq][0][1]
        if seq > end and line.head is not None:
            why = f"row {seq} was there once, the journal ends at {end}: it was cut off"
            return _misfit(line, line.head, why)
    return None


def _misfit(line: Line, head: JournalHead, why: str) -> HeadMisfit:
    return HeadMisfit(line.path, line.number, head.seq, head.signed_at, why)


def _line(path: Path, number: int, plain: bytes) -> Line:
    try:
        body = msgspec.json.decode(plain, type=dict[str, object])
        head = msgspec.convert(body, JournalHead)
        bytes.fromhex(head.hash)
    except (msgspec.MsgspecError, ValueError):
        return Line(path, number, None, {})
    return Line(path, number, head, body)
