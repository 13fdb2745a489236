"""Is this house well? Measures and looks; changes nothing but a scratch file of its own."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import socket
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import apsw

from tocsin.clock import SystemClock, monotonic_s
from tocsin.keys.store import open_keys
from tocsin.service.headfile import HeadFile
from tocsin.settings import Heads, Keys

Mark = Literal["ok", "warn", "bad"]

FSYNCS = 60
FSYNC_SLOW_MS = 100.0
HEADS_MISSED = 3
"""Heads that may be missing before somebody should look."""
SQLITE_FLOOR = (3, 51, 3)
"""Older ones corrupt a log that is reset (RELIABILITY P5)."""
TOKEN_FILE = "first-token"  # noqa: S105  # the name of a file, not a secret
_UNSYNCHRONISED = 0x40
_CLOCK_FLAG = "/run/systemd/timesync/synchronized"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: how it is, and where it is not well, what would help."""

    name: str
    mark: Mark
    told: str
    fix: str = ""


def disk(folder: Path) -> Finding:
    """Measure how long the disk takes to keep 4 KiB for certain: p99 of 60 syncs, in ms."""
    scratch = folder / ".doctor"
    try:
        descriptor = os.open(scratch, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600)
    except OSError as failed:
        return Finding("disk fsync", "bad", f"{folder}: {failed.strerror}", "make it writable")
    try:
        took = []
        for _ in range(FSYNCS):
            os.write(descriptor, b"\0" * 4096)
            began = monotonic_s()
            os.fsync(descriptor)
            took.append((monotonic_s() - began) * 1000)
    except OSError as failed:
        return Finding("disk fsync", "bad", f"it fails: {failed.strerror}", "replace the disk")
    finally:
        os.close(descriptor)
        scratch.unlink()
    took.sort()
    p99 = took[int(len(took) * 0.99) - 1]
    told = f"p99 {p99:.1f} ms, median {took[len(took) // 2]:.1f} ms"
    if p99 > FSYNC_SLOW_MS:
        return Finding("disk fsync", "warn", told, "every alert waits for it: use a quicker disk")
    return Finding("disk fsync", "ok", told)


def clock(read: Callable[[], tuple[bool, float] | None] | None = None) -> Finding:
    """Say whether the system's clock is kept by a time service; alerts carry its time."""
    found = (read or _kernel_clock)()
    if found is None:
        return Finding("clock", "warn", "this system does not say whether it is kept")
    synchronised, error_s = found
    if not synchronised:
        return Finding(
            "clock", "warn", "nothing keeps it: alerts could carry a wrong time",
            "start a time service, such as systemctl start chrony",
        )  # fmt: skip
    return Finding("clock", "ok", f"kept, within {error_s:.3f} s")


def _kernel_clock() -> tuple[bool, float] | None:
    """Ask the kernel (adjtimex) whether the clock is disciplined, and its largest error."""

    class Timex(ctypes.Structure):
        _fields_ = (
            ("modes", ctypes.c_uint),
            ("offset", ctypes.c_long),
            ("freq", ctypes.c_long),
            ("maxerror", ctypes.c_long),
            ("esterror", ctypes.c_long),
            ("status", ctypes.c_int),
            ("rest", ctypes.c_byte * 256),
        )

    name = ctypes.util.find_library("c")
    if name is None:
        return None
    library = ctypes.CDLL(name, use_errno=True)
    if not hasattr(library, "adjtimex"):
        return None
    answer = Timex()
    if library.adjtimex(ctypes.byref(answer)) < 0:
        return None
    kept = not answer.status & _UNSYNCHRONISED or Path(_CLOCK_FLAG).exists()
    return kept, answer.maxerror / 1_000_000


def libraries() -> Finding:
    """Compare SQLite's version with the oldest that keeps a journal safely."""
    version = apsw.sqlite_lib_version()
    told = f"SQLite {version} (apsw {apsw.apsw_version()})"
    if tuple(int(part) for part in version.split(".")[:3]) < SQLITE_FLOOR:
        floor = ".".join(str(part) for part in SQLITE_FLOOR)
        return Finding("libraries", "bad", told, f"install apsw with SQLite {floor} or newer")
    return Finding("libraries", "ok", told)


def first_token(folder: Path) -> Finding:
    """Look whether the first token is there and readable by its owner alone."""
    path = folder / TOKEN_FILE
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except OSError:
        return Finding("first token", "warn", "none yet", "it is made at the first start")
    if mode & 0o077:
        return Finding(
            "first token", "bad", f"others can read it (mode {mode:o})", f"chmod 600 {path}"
        )
    return Finding("first token", "ok", f"{path}, mode {mode:o}")


def keys(folder: Path, setting: Keys) -> Iterator[Finding]:
    """List the keys that the house holds, by purpose, the current one first; nothing secret."""
    found = False
    for each in open_keys(folder, setting).listed():
        found = True
        made = "your own file" if each.made_at is None else f"made {each.made_at:%Y-%m-%d}"
        use = "current" if each.is_current else "checks only"
        told = f"{each.id}, {made}, {use}, fingerprint {each.fingerprint}"
        if each.wrong:
            yield Finding(f"key {each.purpose}", "bad", f"{each.path}: {each.wrong}", each.fix)
        else:
            yield Finding(f"key {each.purpose}", "ok", told)
    if not found:
        yield Finding("keys", "warn", "none yet", "they are made at the first start")


def signed_head(folder: Path, every_s: float, now: datetime, name: str = "signed head") -> Finding:
    """Look how old the last signed head in a folder is: a running house signs one a minute."""
    try:
        if not folder.is_dir():
            return Finding(
                name, "bad", f"{folder} is not there", "mount it, or change heads.places"
            )
        line = HeadFile(folder).last()
    except OSError as failed:
        return Finding(name, "bad", f"{folder}: {failed.strerror}", "make it readable")
    if line is None or line.head is None:
        return Finding(name, "warn", f"none in {folder}", "a running house signs one a minute")
    age_s = (now - line.head.signed_at).total_seconds()
    told = f"row {line.head.seq}, {age_s:,.0f} s old, by key {line.head.key}"
    if age_s > HEADS_MISSED * every_s:
        return Finding(name, "warn", told, "is the house running, and the disk writable?")
    return Finding(name, "ok", told)


def listener(host: str, port: int) -> Finding:
    """Look whether somebody listens at the house's address, and whether others can reach it."""
    name = "listener"
    try:
        with socket.create_connection((host, port), timeout=2):
            pass
    except OSError as failed:
        return Finding(name, "warn", f"nobody answers at {host}:{port} ({failed.strerror})",
                       "tocsin serve")  # fmt: skip
    loopback = host == "localhost" or host.startswith("127.") or host == "::1"
    whom = "this machine only" if loopback else "everybody who reaches this machine"
    return Finding(name, "ok", f"{host}:{port} answers, for {whom}")


def look(
    folder: Path,
    host: str,
    port: int,
    *,
    own_keys: Keys = Keys(),  # noqa: B008  # frozen
    heads: Heads = Heads(),  # noqa: B008  # frozen
) -> Iterator[Finding]:
    """Yield what was looked at, one after the other; the journal's chain is the caller's."""
    yield clock()
    yield disk(folder)
    yield libraries()
    yield first_token(folder)
    yield from keys(folder, own_keys)
    now = SystemClock().now()
    yield signed_head(folder, heads.every_s, now)
    for place in heads.places:
        yield signed_head(place, heads.every_s, now, "head elsewhere")
    yield listener(host, port)
