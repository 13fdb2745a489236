"""The code by which a message is known to be ours: eight signs that fit into an SMS (DESIGN R13).

A code is made of the Ed25519 signature by the house's head key over the message's handle and
revision, so that nobody without the key makes one. It is short, so it proves less than a signature:
who guesses hits one of a thousand messages once in a billion tries, and asking is limited. A code
says that we sent *a* message, never that there is no danger.

Codes are looked up, not computed, when somebody asks: the work is the same for a true and a false
one. Known are the codes of alerts in force and of those that ended within ``RECENT``, under every
head key that is still there. docs/integrate/verify.md says how to make one elsewhere.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core import events as ev
from tocsin.core.alert import Audience, audience_of
from tocsin.keys.kinds import Purpose, SigningKey
from tocsin.keys.store import KeyStore
from tocsin.service.ports import Row

DOMAIN = "tocsin verify 1"
"""Stands before what is signed, so that no other signature of this key can be taken for a code."""
SIGNS = 8
RECENT = timedelta(hours=72)
ALPHABET = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
"""Base 32. Source: RFC 4648 section 6."""
MISREAD = str.maketrans("018", "OIB")
"""What is no sign of base 32 and is read for one."""

History = Callable[[int], Sequence[tuple[Row, ev.Event]]]


def message(handle: str, revision: int) -> bytes:
    """Return the bytes that are signed: three lines, each with its line feed."""
    return f"{DOMAIN}\n{handle}\n{revision}\n".encode("ascii")


def code_by(key: SigningKey, handle: str, revision: int) -> str:
    """Return the code of a message under that key."""
    return base64.b32encode(key.sign(message(handle, revision))).decode("ascii")[:SIGNS]


def code_of(keys: KeyStore, handle: str, revision: int) -> str:
    """Return the code of a message that is sent now."""
    return code_by(keys.key(Purpose.HEAD), handle, revision)


def read_code(typed: str) -> str | None:
    """Return a code as it was meant, typed with spaces or in small letters; None: it is none."""
    plain = "".join(typed.split()).replace("-", "").upper().translate(MISREAD)
    return plain if len(plain) == SIGNS and set(plain) <= ALPHABET else None


@dataclass(frozen=True, slots=True)
class Match:
    """A message that has the code: which alert, at which revision."""

    alert_id: str
    handle: str
    revision: int


@dataclass(slots=True)
class _Sent:
    handle: str
    revision: int = 1
    coded: int = 0
    """Up to which revision its codes are known."""
    ended_at: datetime | None = None


class CodeBook:
    """Every code that is good at the moment. Blocking; asked by one thread at a time."""

    def __init__(self, keys: KeyStore, history: History) -> None:
        self._keys = keys
        self._history = history
        self._seq = 0
        self._sent: dict[str, _Sent] = {}
        self._codes: dict[str, set[Match]] = {}
        self._signed_by: tuple[str, ...] = ()

    def find(self, code: str, now: datetime) -> tuple[Match, ...]:
        """Return the messages that have this code; nearly always one, or none."""
        self._read()
        for name in [n for n, sent in self._sent.items() if _is_over(sent, now)]:
            del self._sent[name]
        self._sign()
        found = [each for each in self._codes.get(code, ()) if each.alert_id in self._sent]
        return tuple(sorted(found, key=lambda each: (each.alert_id, each.revision)))

    def _read(self) -> None:
        """Fold what was recorded since the last question."""
        for row, event in self._history(self._seq):
            self._seq = row.seq
            if not isinstance(event, ev.AlertEvent):
                continue
            if isinstance(event, ev.AlertIssued):
                if not event.imported and audience_of(event.status) is not Audience.DESK:
                    self._sent[event.alert_id] = _Sent(event.handle)
                continue
            sent = self._sent.get(event.alert_id)
            if sent is None:
                continue
            sent.revision = event.revision
            ends = isinstance(event, ev.AlertCleared | ev.AlertCancelled)
            sent.ended_at = event.at if ends else None

    def _sign(self) -> None:
        """Make the codes that are missing; all of them where a key came or went."""
        keys = self._keys.all(Purpose.HEAD)
        if self._signed_by != tuple(key.id for key in keys):
            self._signed_by = tuple(key.id for key in keys)
            self._codes = {}
            for sent in self._sent.values():
                sent.coded = 0
        elif len(self._codes) > 2 * len(keys) * sum(s.revision for s in self._sent.values()) + 100:
            self._codes = {
                code: kept
                for code, found in self._codes.items()
                if (kept := {each for each in found if each.alert_id in self._sent})
            }
        for name, sent in self._sent.items():
            for revision in range(sent.coded + 1, sent.revision + 1):
                for key in keys:
                    code = code_by(key, sent.handle, revision)
                    match = Match(name, sent.handle, revision)
                    self._codes.setdefault(code, set()).add(match)
            sent.coded = sent.revision


def _is_over(sent: _Sent, now: datetime) -> bool:
    return sent.ended_at is not None and now - sent.ended_at > RECENT
