"""The sessions of this machine's person: one for each house, in a file that nobody else reads.

``$XDG_STATE_HOME/tocsin/session.json`` (else ``~/.local/state``), mode 0600. A house changes a
session's token from time to time and ends the session of whoever shows an old one, so the file
is read before each request and written after each answer: two verbs at once keep up.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import secrets
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec

DEVICE = "tocsin-device"
OURS = ("tocsin-session", DEVICE)
HOST = "__Host-"


class _Kept(msgspec.Struct, kw_only=True):
    """What is kept for one address."""

    login: str = ""
    cookies: dict[str, str] = {}


def path() -> Path:
    """Return where sessions are kept."""
    state = os.environ.get("XDG_STATE_HOME")
    return (Path(state) if state else Path.home() / ".local" / "state") / "tocsin" / "session.json"


class Sessions:
    """The session with one house, by its address (scheme, host and port)."""

    def __init__(self, address: str, file: Path | None = None) -> None:
        self._address = address
        self._file = file or path()

    @property
    def cookies(self) -> dict[str, str]:
        """The cookies as they are kept now; none where nobody has signed in."""
        return dict(self._read().get(self._address, _Kept()).cookies)

    @property
    def login(self) -> str:
        """Who signed in last."""
        return self._read().get(self._address, _Kept()).login

    @property
    def is_open(self) -> bool:
        """Say whether a session is kept: the mark of the device alone is none."""
        return any(not name.endswith(DEVICE) for name in self.cookies)

    def take(self, set_cookies: Iterable[str], login: str | None = None) -> None:
        """Keep what a house has set, and let go of what it took back."""
        news = dict(filter(None, map(_cookie, set_cookies)))
        if not news and login is None:
            return
        with self._locked():
            every = self._read()
            kept = every.setdefault(self._address, _Kept())
            kept.cookies = {k: v for k, v in (kept.cookies | news).items() if v}
            if login is not None:
                kept.login = login
            self._write(every)

    def forget(self) -> None:
        """Drop the session; the mark of the device stays, so that the house knows it again."""
        with self._locked():
            every = self._read()
            kept = every.get(self._address)
            if kept is not None:
                kept.cookies = {k: v for k, v in kept.cookies.items() if k.endswith(DEVICE)}
                self._write(every)

    def _read(self) -> dict[str, _Kept]:
        try:
            return msgspec.json.decode(self._file.read_bytes(), type=dict[str, _Kept])
        except (OSError, msgspec.DecodeError):
            return {}  # nothing is kept, or nothing that can be used: sign in again

    def _write(self, every: dict[str, _Kept]) -> None:
        part = self._file.with_name(f".{self._file.name}-{secrets.token_hex(4)}")
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.format(msgspec.json.encode(every), indent=1))
        part.replace(self._file)

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = os.open(self._file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)


def _cookie(line: str) -> tuple[str, str] | None:
    """Return a cookie of ours as name and value; an empty value takes it back."""
    pair, *attributes = line.split(";")
    name, _, value = pair.strip().partition("=")
    if name.removeprefix(HOST) not in OURS:
        return None
    gone = any(each.strip().lower() == "max-age=0" for each in attributes)
    return name, "" if gone else value
