"""What every flow of the officers' side holds: registry, audit, clock, and the few shared rules.

The order of the two stores, everywhere: the event is recorded in the journal first, and takes
effect in the registry only then. If the house stops between the two, the chain tells of something
that did not come to be, which an auditor can live with; never of nothing where something
did. What is used once (a step, a code, a link, a passkey's count) is used up *before* its
event: used up in vain it opens nothing, and two who come at once do not both get as far.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar

from tocsin.checks.identity import FIRST_TOKEN, Identity
from tocsin.checks.limits import hidden
from tocsin.checks.passkeys import Passkeys
from tocsin.checks.passwords import Passwords
from tocsin.clock import Clock
from tocsin.core import commands as co
from tocsin.core.area import RegionTree
from tocsin.core.audit import AuditEvent, OfficerRefused
from tocsin.core.authority import Permission
from tocsin.core.hazard import Hazard
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import JournalUnavailable
from tocsin.service.registry import Account, Registry
from tocsin.settings import Officers as Rules

CONFIRMED_FOR = timedelta(minutes=15)
"""Accounts, keys and credentials are changed by who has just proved himself."""
FIRST_TOKEN_OVER = "first-token-over"  # noqa: S105  # the name of a note, no password

P = ParamSpec("P")
T = TypeVar("T")


class Auditor(Protocol):
    """Whoever records commands: the service."""

    async def submit(self, command: co.Command) -> object:
        """Record a command; return a refusal, or something else once it is on the disk."""
        ...


@dataclass(slots=True, kw_only=True)
class Desk:
    """The parts that the flows share. ``changing`` lets one change of accounts go on at a time."""

    registry: Registry
    auditor: Auditor
    clock: Clock
    new_id: Callable[[], str]
    salt: bytes
    rules: Rules
    tree: RegionTree
    hazards: Mapping[str, Hazard]
    passwords: Passwords
    passkeys: Passkeys
    changing: asyncio.Lock = field(default_factory=asyncio.Lock)

    def now(self) -> datetime:
        """Return the house's time."""
        return self.clock.now()

    async def audit(self, event: AuditEvent) -> None:
        """Record an event in the chain; returns once it is on the disk.

        Raises:
            JournalUnavailable: it is not; whatever it is about must not take effect.
        """
        outcome = await self.auditor.submit(co.Audit(event=event))
        if isinstance(outcome, Refusal):
            raise JournalUnavailable(outcome.help)

    async def write(self, method: Callable[P, T], *args: P.args, **named: P.kwargs) -> T:
        """Call a method that waits for the disk, in a thread."""
        return await asyncio.to_thread(method, *args, **named)

    async def refused(
        self, account: Account, credential_id: str, refusal: Refusal, line: str
    ) -> Refusal:
        """Record that somebody known was refused, and return the refusal."""
        await self.audit(
            OfficerRefused(
                at=self.now(), account_id=account.id, credential_id=credential_id,
                rule=refusal.rule, line=line,
            )
        )  # fmt: skip
        return refusal

    def device(self, cookie: str | None) -> str:
        """Return the hash by which a browser is known; empty where it shows no mark."""
        return hidden(self.salt, cookie) if cookie else ""

    def known_administrator(self, identity: Identity, *, lately: bool = True) -> Refusal | None:
        """Return why somebody may not change accounts; ``lately``: who must have proved himself."""
        if not identity.may(Permission.ADMINISTER):
            return Refusal(
                Rule.NOT_ALLOWED, "/Authorization", "Accounts are kept by administrators."
            )
        return self.unconfirmed(identity) if lately else None

    def unconfirmed(self, identity: Identity) -> Refusal | None:
        """Return the refusal of who has not proved himself lately by a second factor."""
        if identity is FIRST_TOKEN:
            return None
        for session in self.registry.sessions(identity.name):
            if session.id == identity.session and self.now() < session.confirmed_at + CONFIRMED_FOR:
                return None
        return Refusal(
            Rule.NEEDS_CONFIRMATION, "/Authorization",
            "Confirm with your passkey or a code first; this needs a fresh proof.",
        )  # fmt: skip


def digest(secret: str) -> bytes:
    """Return what is stored of a secret that has enough randomness of its own."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def unknown_account() -> Refusal:
    """Return the refusal of an account's id that nobody has."""
    return Refusal(Rule.UNKNOWN_ACCOUNT, "/account", "There is no such account.")


def past() -> Refusal:
    """Return the refusal of an end that lies behind."""
    return Refusal(Rule.EXPIRES_PAST, "/valid_until", "Give a time that is still to come.")
