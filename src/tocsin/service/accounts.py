"""What administrators do: open, change, close and erase accounts, take credentials away.

An administrator gives others their role and scope, and nobody his own: whoever could would be an
operator by evening. Credentials are made by their owner alone, through a link. Giving needs a
fresh proof by a second factor; taking away never waits for one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.checks.identity import Identity
from tocsin.checks.text import name_refusal
from tocsin.core.audit import CredentialChanged
from tocsin.core.authority import Scope
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.desk import Desk, past, unknown_account
from tocsin.service.enrol import Links, changed, new_account, taken
from tocsin.service.machines import MachineKeys
from tocsin.service.registry import (
    ACCOUNTS_MOST,
    Account,
    InviteKind,
    MachineKey,
    Passkey,
    Taken,
)
from tocsin.service.scopes import too_wide, unfit
from tocsin.service.signin import SignIn


@dataclass(frozen=True, slots=True)
class Card:
    """What is known of an account: how it can sign in, never with what."""

    account: Account
    passkeys: tuple[Passkey, ...]
    password_id: str | None
    totp_id: str | None
    recovery_codes_id: str | None
    recovery_codes_left: int
    keys: tuple[MachineKey, ...]
    open_sessions: int


@dataclass(frozen=True, slots=True)
class Linked:
    """An account with the token of its one-time link (``/start/<token>``), shown once."""

    account: Account
    token: str


class Accounts:
    """The flows of administrators; lives in one event loop. ``by`` is who asks."""

    def __init__(self, desk: Desk, links: Links, signing: SignIn, keys: MachineKeys) -> None:
        self._desk = desk
        self._keys = keys
        self._links = links
        self._signing = signing

    # -- seeing ----------------------------------------------------------------------------------

    def all(self) -> list[Account]:
        """Return all accounts, by login."""
        return self._desk.registry.accounts()

    def card(self, account_id: str) -> Card | Refusal:
        """Return what is known of one account."""
        registry = self._desk.registry
        account = registry.account(account_id)
        if account is None:
            return unknown_account()
        password, generator = registry.password(account_id), registry.totp(account_id)
        codes = registry.codes_left(account_id)
        return Card(
            account=account,
            passkeys=tuple(registry.passkeys(account_id)),
            password_id=password.id if password is not None else None,
            totp_id=generator.id if generator is not None else None,
            recovery_codes_id=codes[0] if codes is not None else None,
            recovery_codes_left=codes[1] if codes is not None else 0,
            keys=tuple(registry.keys(account_id)),
            open_sessions=len(registry.sessions(account_id)),
        )

    # -- accounts --------------------------------------------------------------------------------

    async def open(
        self,
        by: Identity,
        *,
        login: str,
        name: str,
        scope: Scope,
        valid_until: datetime | None = None,
    ) -> Linked | Refusal:
        """Open an account and make its one-time link."""
        desk = self._desk
        if (refusal := desk.known_administrator(by)) is not None:
            return refusal
        if (refusal := unfit(desk, scope)) is not None:
            return refusal
        async with desk.changing:
            now = desk.now()
            made = new_account(desk, desk.new_id(), login, name, scope, now)
            if isinstance(made, Refusal):
                return made
            if valid_until is not None and valid_until <= now:
                return past()
            if len(desk.registry.accounts()) >= ACCOUNTS_MOST:
                return Refusal(
                    Rule.NOT_AS_IT_STANDS, "", f"A house keeps {ACCOUNTS_MOST} accounts at most."
                )
            account = replace(made, valid_until=valid_until)
            await desk.audit(changed(account, "opened", by.name, now))
            try:
                await desk.write(desk.registry.add_account, account)
            except Taken:
                return taken()
            return Linked(account, await self._links.make(account, InviteKind.ACCOUNT, by.name))

    async def change(
        self,
        by: Identity,
        account_id: str,
        *,
        name: str,
        scope: Scope,
        valid_until: datetime | None,
    ) -> Account | Refusal:
        """Give an account another name, scope or end; nobody changes his own role or scope."""
        desk = self._desk
        if (refusal := desk.known_administrator(by)) is not None:
            return refusal
        if (refusal := unfit(desk, scope) or name_refusal(name, "/name")) is not None:
            return refusal
        async with desk.changing:
            now = desk.now()
            account = desk.registry.account(account_id)
            if account is None or account.closed_at is not None:
                return unknown_account()
            if account_id == by.name and (scope, valid_until) != (
                account.scope,
                account.valid_until,
            ):
                return _not_your_own("role, scope or end")
            if (
                valid_until is not None
                and valid_until <= now
                and valid_until != account.valid_until
            ):
                return past()
            after = replace(
                account, name=name.strip() or account.name, scope=scope, valid_until=valid_until
            )
            await desk.audit(changed(after, "changed", by.name, now))
            for key in desk.registry.keys(account_id):
                if key.revoked_at is None and too_wide(desk.tree, key.scope, scope) is not None:
                    await self._keys.end(key, by.name, now)
            if not await desk.write(desk.registry.change_account, after):
                return unknown_account()
            return after

    async def close(self, by: Identity, account_id: str) -> Refusal | None:
        """Close an account for good; its sessions, keys and links end. Nobody closes his own."""
        desk = self._desk
        if (refusal := desk.known_administrator(by, lately=False)) is not None:
            return refusal
        if account_id == by.name:  # so that an administrator is left
            return _not_your_own("account; another administrator can close it")
        async with desk.changing:
            account = desk.registry.account(account_id)
            if account is None or account.closed_at is not None:
                return unknown_account()
            now = desk.now()
            await desk.audit(changed(account, "closed", by.name, now))
            for session in desk.registry.sessions(account_id):
                await self._signing.end_for(account_id, session.id, "ended")
            for key in desk.registry.keys(account_id):
                if key.revoked_at is None:
                    await self._keys.end(key, by.name, now)
            await desk.write(desk.registry.close_account, account_id, now)
            return None

    async def erase(self, by: Identity, account_id: str) -> Refusal | None:
        """Remove name, login and secrets of a closed account; the chain keeps its id."""
        desk = self._desk
        if (refusal := desk.known_administrator(by)) is not None:
            return refusal
        async with desk.changing:
            account = desk.registry.account(account_id)
            if account is None:
                return unknown_account()
            if account.closed_at is None:
                return Refusal(Rule.NOT_AS_IT_STANDS, "/account", "Close the account first.")
            await desk.audit(changed(account, "erased", by.name, desk.now()))
            await desk.write(desk.registry.erase_account, account_id)
            return None

    async def reset_link(self, by: Identity, account_id: str) -> Linked | Refusal:
        """Return a link by which the account begins anew; what it has holds until it is used."""
        desk = self._desk
        if (refusal := desk.known_administrator(by)) is not None:
            return refusal
        async with desk.changing:
            account = desk.registry.account(account_id)
            if account is None or not account.holds(desk.now()):
                return unknown_account()
            return Linked(account, await self._links.make(account, InviteKind.RESET, by.name))

    async def revoke_credential(
        self, by: Identity, account_id: str, credential_id: str
    ) -> Refusal | None:
        """Take a password, generator, set of codes or passkey away, with the sessions it opened.

        Administrators anybody's, everybody his own (then with a fresh proof).
        """
        desk = self._desk
        own = account_id == by.name
        refusal = desk.unconfirmed(by) if own else desk.known_administrator(by, lately=False)
        if refusal is not None:
            return refusal
        card = self.card(account_id)
        if isinstance(card, Refusal):
            return card
        kinds: dict[str | None, str] = {each.id: "passkey" for each in card.passkeys}
        kinds[card.password_id] = "password"
        kinds[card.totp_id] = "totp"
        kinds[card.recovery_codes_id] = "recovery-codes"
        if credential_id not in kinds:
            return Refusal(Rule.BAD_VALUE, "/credential", "The account has no such credential.")
        await desk.audit(
            CredentialChanged(
                at=desk.now(), account_id=account_id, credential_id=credential_id,
                kind=kinds[credential_id], change="revoked", by=by.name,
            )
        )  # fmt: skip
        await desk.write(desk.registry.drop_credential, credential_id)
        for session in desk.registry.sessions(account_id):
            if credential_id in session.credential_ids and session.id != by.session:
                await self._signing.end_for(account_id, session.id, "ended")
        return None


def _not_your_own(what: str) -> Refusal:
    return Refusal(Rule.NOT_YOUR_OWN, "/account", f"Nobody changes his own {what}.")
