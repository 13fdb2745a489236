"""Is it their password: Argon2id, what a password must be, and the same work for a wrong login.

64 MiB and three passes make a guess cost 0.1 to 0.3 s of one core; ``Lanes`` lets two run at a
time, so that guessing cannot take the machine from the alerts. Strangers share one lane and
wait in a short queue; an officer from a device that is known here always has the other one.

Source: OWASP Password Storage; NIST SP 800-63B section 5.1.1.2; RELIABILITY T20.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import itertools
import secrets
import unicodedata
from collections.abc import AsyncIterator

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tocsin.core.refusals import Refusal, Rule

SHORTEST = 12
"""Characters. Long beats mixed: nobody is asked for digits or signs."""
MOST_BYTES = 1_024
FEWEST_DISTINCT = 5
"""``aaaaaaaaaaaa`` has twelve characters as well."""
SHORTEST_LOGIN = 4
"""A shorter login stands in many a good password by chance."""
AT_A_TIME = 2
WAITING_MOST = 16
"""Strangers in the queue; the next one is told to come again, at no cost."""


def normal(password: str) -> str:
    """Return a password as it is hashed: two keyboards may write one letter in two ways."""
    return unicodedata.normalize("NFC", password)


def is_bounded(password: str) -> bool:
    """Say whether it may be hashed at all: 1,024 bytes at most."""
    return len(normal(password).encode("utf-8", "surrogatepass")) <= MOST_BYTES


def weakness(password: str, login: str, *, field: str = "/password") -> Refusal | None:
    """Return why that cannot be the password of ``login``, None where it can."""
    plain = normal(password)
    if not is_bounded(password):
        return Refusal(Rule.TEXT_TOO_LONG, field, f"At most {MOST_BYTES} bytes are read.")
    try:
        plain.encode()
    except UnicodeEncodeError:
        return Refusal(Rule.BAD_VALUE, field, "This is not text: a half of a character stands in.")
    if len(plain) < SHORTEST:
        return Refusal(
            Rule.WEAK_PASSWORD, field,
            f"Take at least {SHORTEST} characters: four words that do not belong together do well.",
        )  # fmt: skip
    if len(set(plain.casefold())) < FEWEST_DISTINCT or _is_run(plain):
        return Refusal(Rule.WEAK_PASSWORD, field, "Too few different characters, or one run.")
    if len(login) >= SHORTEST_LOGIN and login.casefold() in plain.casefold():
        return Refusal(Rule.WEAK_PASSWORD, field, "The login may not stand in the password.")
    return None


def _is_run(plain: str) -> bool:
    """Say whether each character follows the one before: 123456789012, abcdefghijkl."""
    steps = {(ord(b) - ord(a)) % 10 for a, b in itertools.pairwise(plain)}
    return len(steps) == 1


class Passwords:
    """Hashes and verifies. Blocking: call it in a thread, through ``Lanes``.

    Args:
        memory_kib: memory of one hash.
        passes: how often it is gone through.
    """

    def __init__(self, *, memory_kib: int = 64 * 1024, passes: int = 3) -> None:
        self._hasher = PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)
        salt, dummy = (
            base64.b64encode(secrets.token_bytes(count)).rstrip(b"=").decode()
            for count in (self._hasher.salt_len, self._hasher.hash_len)
        )
        # Nobody's password: 256 random bits in the place of a hash. It costs what others cost.
        self._nobody = f"$argon2id$v=19$m={memory_kib},t={passes},p=1${salt}${dummy}"

    def hash(self, password: str) -> str:
        """Return the hash of a password, in PHC form."""
        return self._hasher.hash(normal(password))

    def verify(self, hashed: str | None, password: str) -> bool:
        """Say whether it is the password; None (no such account) is worked on as long."""
        try:
            same = self._hasher.verify(hashed or self._nobody, normal(password))
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
        return same and hashed is not None


class Lanes:
    """Lets few hash at a time; belongs to one event loop."""

    def __init__(self, *, waiting_most: int = WAITING_MOST) -> None:
        self._all = asyncio.Semaphore(AT_A_TIME)
        self._strangers = asyncio.Semaphore(AT_A_TIME - 1)
        self._waiting = 0
        self._waiting_most = waiting_most

    @contextlib.asynccontextmanager
    async def lane(self, *, known: bool) -> AsyncIterator[bool]:
        """Wait for a place and yield True; False at once where too many strangers wait."""
        if known:
            async with self._all:
                yield True
            return
        if self._waiting >= self._waiting_most:
            yield False
            return
        self._waiting += 1
        try:
            async with self._strangers, self._all:
                yield True
        finally:
            self._waiting -= 1
