"""Machines' keys: made by their owner or an administrator, shown once, stored hashed.

A key is within its owner's scope and regions, when it is made and later: a change of the
account's scope revokes the keys that have become too wide, and one that is too wide all the
same is refused at the door.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from tocsin.checks.identity import Identity
from tocsin.checks.text import name_refusal
from tocsin.core.audit import CredentialChanged
from tocsin.core.authority import Scope
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.desk import Desk, digest, past, unknown_account
from tocsin.service.registry import KEYS_MOST, MachineKey
from tocsin.service.scopes import too_wide, unfit

KEY_PREFIX = "tk_"
KEY_BYTES = 32
PER_MINUTE = 60
"""Of a key that is given no other limit."""


@dataclass(frozen=True, slots=True)
class MadeKey:
    """A machine's key as it is shown once: ``tk_<id>_<43 characters>``."""

    key: MachineKey
    token: str


class MachineKeys:
    """The flows of machines' keys; lives in one event loop. ``by`` is who asks."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def make(
        self,
        by: Identity,
        account_id: str,
        *,
        name: str,
        scope: Scope,
        direct: bool = False,
        per_minute: int | None = PER_MINUTE,
        valid_until: datetime | None = None,
    ) -> MadeKey | Refusal:
        """Make a key of an account: administrators for anybody, everybody for himself."""
        desk = self._desk
        own = account_id == by.name
        refusal = desk.unconfirmed(by) if own else desk.known_administrator(by)
        refusal = refusal or unfit(desk, scope) or name_refusal(name, "/name")
        if refusal is not None:
            return refusal
        if per_minute is not None and per_minute < 1:
            return Refusal(Rule.BAD_VALUE, "/per_minute", "At least one a minute, or no limit.")
        async with desk.changing:
            now = desk.now()
            account = desk.registry.account(account_id)
            if account is None or not account.holds(now):
                return unknown_account()
            if (refusal := too_wide(desk.tree, scope, account.scope)) is not None:
                return refusal
            if valid_until is not None and valid_until <= now:
                return past()
            if len(desk.registry.keys(account_id)) >= KEYS_MOST:
                return Refusal(
                    Rule.NOT_AS_IT_STANDS, "", f"An account has {KEYS_MOST} keys at most."
                )
            id_ = desk.new_id()
            token = f"{KEY_PREFIX}{id_}_{secrets.token_urlsafe(KEY_BYTES)}"
            key = MachineKey(
                id=id_, account_id=account_id, hash=digest(token), name=name.strip() or "Key",
                scope=scope, direct=direct, per_minute=per_minute, made_at=now,
                valid_until=valid_until,
            )  # fmt: skip
            await desk.audit(
                CredentialChanged(
                    at=now, account_id=account_id, credential_id=id_, kind="key", change="made",
                    by=by.name,
                )
            )  # fmt: skip
            await desk.write(desk.registry.add_key, key)
            return MadeKey(key, token)

    async def revoke(self, by: Identity, key_id: str) -> Refusal | None:
        """Revoke a key for good: administrators anybody's, everybody his own."""
        found = self._desk.registry.key(key_id)
        own = found is not None and found[0].account_id == by.name
        if not own:
            refusal = self._desk.known_administrator(by, lately=False)
            if refusal is not None:
                return refusal
        if found is None or found[0].revoked_at is not None:
            return Refusal(Rule.BAD_VALUE, "/key", "There is no such key that still holds.")
        await self.end(found[0], by.name, self._desk.now())
        return None

    async def end(self, key: MachineKey, by: str, now: datetime) -> None:
        """Revoke a key, recorded first."""
        await self._desk.audit(
            CredentialChanged(
                at=now, account_id=key.account_id, credential_id=key.id, kind="key",
                change="revoked", by=by,
            )
        )  # fmt: skip
        await self._desk.write(self._desk.registry.revoke_key, key.id, now)
