"""Keys on disk: ``DATA/keys/<purpose>-<id>``, mode 0600, in a folder of mode 0700.

An id is the time it was made and its fingerprint, so the newest of a purpose is the current
one, and a signature's key is known by its name. A purpose can have a file of the operator's
own instead (settings ``keys.*``): that one is current then, and is neither made nor rotated
here. Older keys stay and go on checking what they signed.

A key that others can read is warned of and used: a warning server does not stop over it.
``tocsin doctor`` shows it.

Source: RELIABILITY P23a.
"""

from __future__ import annotations

import os
import secrets
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal, overload

import structlog

from tocsin.errors import TocsinError
from tocsin.keys.kinds import Key, Purpose, SecretKey, SigningKey, fresh, key_of
from tocsin.settings import Keys

log = structlog.get_logger()

FOLDER = "keys"
_MADE = "%Y%m%dT%H%M%SZ"
_LARGEST_BYTES = 16_384
_FOR_OTHERS = 0o077


class KeyProblem(TocsinError):
    """A key cannot be read or made; the message names its file and what would help."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One key as ``doctor`` shows it: nothing secret. ``wrong``: what is, ``fix``: what helps."""

    purpose: Purpose
    id: str
    path: Path
    fingerprint: str
    made_at: datetime | None
    is_current: bool = False
    wrong: str = ""
    fix: str = ""


class KeyStore:
    """The keys of one house. Reads at once and makes nothing before ``prepare``."""

    def __init__(self, folder: Path, paths: Mapping[Purpose, Path] | None = None) -> None:
        self._folder = folder
        self._paths = dict(paths or {})
        self._held: dict[Purpose, tuple[Key, ...]] = {}

    def prepare(self, now: datetime) -> None:
        """Make every key that is missing, and warn of those that others can read.

        Raises:
            KeyProblem: the folder cannot be written, or a file that the settings name is not there.
        """
        for purpose in Purpose:
            if not self.all(purpose):
                if purpose in self._paths:
                    raise self._own_unusable(purpose)
                self.rotate(purpose, now)
        for each in self.listed():
            if each.wrong:
                log.warning("key_not_well", key=f"{each.purpose}-{each.id}", reason=each.wrong)

    @overload
    def key(self, purpose: Literal[Purpose.HEAD]) -> SigningKey: ...
    @overload
    def key(self, purpose: Literal[Purpose.SEAL]) -> SecretKey: ...
    def key(self, purpose: Purpose) -> Key:
        """Return the current key: the operator's own, else the newest.

        Raises:
            KeyProblem: there is none that can be read.
        """
        held = self.all(purpose)
        if purpose in self._paths and (not held or held[0].made_at is not None):
            raise self._own_unusable(purpose)
        if not held:
            raise KeyProblem(f"{self._folder} holds no {purpose} key; the first start makes it")
        return held[0]

    @overload
    def all(self, purpose: Literal[Purpose.HEAD]) -> tuple[SigningKey, ...]: ...
    @overload
    def all(self, purpose: Literal[Purpose.SEAL]) -> tuple[SecretKey, ...]: ...
    @overload
    def all(self, purpose: Purpose) -> tuple[Key, ...]: ...
    def all(self, purpose: Purpose) -> tuple[Key, ...]:
        """Return the current key, then the older ones, newest first: any of them may check."""
        if purpose not in self._held:
            self._held[purpose] = tuple(self._readable(purpose))
        return self._held[purpose]

    def rotate(self, purpose: Purpose, now: datetime) -> Key:
        """Make a new current key; those before stay and go on checking.

        Raises:
            KeyProblem: the folder cannot be written, or the settings name a file for it.
        """
        if purpose in self._paths:
            raise KeyProblem(
                f"the settings name a file for the {purpose} key ({self._paths[purpose]}): "
                "put the new key there"
            )
        last = [each.made_at for each in self.listed() if each.purpose is purpose]
        after = [made + timedelta(seconds=1) for made in last if made is not None]
        data, fingerprint = fresh(purpose)
        made_at = max([now, *after]).astimezone(UTC).replace(microsecond=0)
        path = self._folder / f"{purpose}-{made_at.strftime(_MADE)}-{fingerprint}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(path, data)
        except OSError as failed:
            raise KeyProblem(f"{path} cannot be made: {failed.strerror}") from failed
        log.info("key_made", key=path.name)
        self._held.pop(purpose, None)
        return self.all(purpose)[0]

    def listed(self) -> Iterator[Listed]:
        """Yield every key that is there, the current one of each purpose first; reads anew."""
        for purpose in Purpose:
            is_current = True
            for path, made_at, key_id in self._files(purpose):
                found = _looked_at(purpose, path, made_at, key_id, is_current=is_current)
                is_current = is_current and not found.fingerprint
                yield found

    def _readable(self, purpose: Purpose) -> Iterator[Key]:
        for path, made_at, key_id in self._files(purpose):
            try:
                yield key_of(purpose, _read(path), made_at, key_id)
            except (OSError, ValueError) as slip:
                log.warning("key_unreadable", key=path.name, reason=_why(slip))

    def _files(self, purpose: Purpose) -> Iterator[tuple[Path, datetime | None, str]]:
        """Yield the files of a purpose, the current one first, with time and id by their names."""
        if purpose in self._paths:
            yield self._paths[purpose], None, ""
        try:
            names = sorted((each.name for each in self._folder.iterdir()), reverse=True)
        except OSError:
            return
        for name in names:
            if not name.startswith(f"{purpose}-"):
                continue
            key_id = name.removeprefix(f"{purpose}-")
            try:
                made_at = datetime.strptime(key_id.split("-")[0], _MADE).replace(tzinfo=UTC)
            except ValueError:
                log.warning("not_a_key", file=name)
                continue
            yield self._folder / name, made_at, key_id

    def _own_unusable(self, purpose: Purpose) -> KeyProblem:
        path = self._paths[purpose]
        try:
            key_of(purpose, _read(path), None, "")
        except (OSError, ValueError) as slip:
            return KeyProblem(f"keys.{purpose}: {path}: {_why(slip)}")
        return KeyProblem(f"keys.{purpose}: {path} was not there at the start; start anew")


def open_keys(data: Path, setting: Keys) -> KeyStore:
    """Return the keys of a data folder, by the settings; makes nothing."""
    own = {Purpose.HEAD: setting.head, Purpose.SEAL: setting.seal}
    return KeyStore(data / FOLDER, {purpose: path for purpose, path in own.items() if path})


def _looked_at(
    purpose: Purpose, path: Path, made_at: datetime | None, key_id: str, *, is_current: bool
) -> Listed:
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        key = key_of(purpose, _read(path), made_at, key_id)
    except (OSError, ValueError) as slip:
        return Listed(
            purpose, key_id or "own", path, "", made_at,
            wrong=f"it cannot be used: {_why(slip)}", fix=f"look at {path}",
        )  # fmt: skip
    wrong = f"others can read it (mode {mode:o})" if mode & _FOR_OTHERS else ""
    return Listed(
        purpose, key.id, path, key.fingerprint, made_at, is_current,
        wrong=wrong, fix=f"chmod 600 {path}, then rotate it" if wrong else "",
    )  # fmt: skip


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_LARGEST_BYTES)


def _why(slip: OSError | ValueError) -> str:
    return slip.strerror or "not readable" if isinstance(slip, OSError) else str(slip)


def _write(path: Path, data: bytes) -> None:
    """Write a key whole or not at all, readable by its owner only, and synced with its name."""
    part = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    finally:
        part.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
