"""What everybody does with his own credentials, after a fresh proof by a second factor."""

from __future__ import annotations

from tocsin.checks.identity import Identity
from tocsin.checks.passkeys import Answer, Options
from tocsin.checks.passwords import weakness
from tocsin.core.audit import CredentialChanged
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.codes import new_codes
from tocsin.service.desk import Desk, unknown_account
from tocsin.service.enrol import new_passkey, recovery_codes
from tocsin.service.registry import PER_ACCOUNT_MOST, Account, Passkey, Password, Taken
from tocsin.service.signin import SignIn


class Own:
    """The flows of one's own credentials; lives in one event loop."""

    def __init__(self, desk: Desk, signing: SignIn) -> None:
        self._desk = desk
        self._signing = signing

    def passkey_options(self, identity: Identity) -> Options | Refusal:
        """Return what a browser needs to make one more passkey."""
        account = self._proved(identity)
        if isinstance(account, Refusal):
            return account
        known = [each.credential_id for each in self._desk.registry.passkeys(account.id)]
        return self._desk.passkeys.registration(
            account.id, account.login, account.name, known, self._desk.now()
        )

    async def add_passkey(
        self, identity: Identity, answer: Answer, name: str = ""
    ) -> Passkey | Refusal:
        """Add the passkey that was made; it can sign in alone from now on."""
        desk = self._desk
        account = self._proved(identity)
        if isinstance(account, Refusal):
            return account
        full = Refusal(
            Rule.NOT_AS_IT_STANDS, "/passkey", f"An account has {PER_ACCOUNT_MOST} passkeys at most."
        )
        if len(desk.registry.passkeys(account.id)) >= PER_ACCOUNT_MOST:
            return full
        made = new_passkey(desk, account.id, answer, name, desk.now())
        if isinstance(made, Refusal):
            return made
        await self._record(account.id, made.id, "passkey", "made")
        try:
            await desk.write(desk.registry.add_passkey, made)
        except Taken:
            return full
        return made

    async def change_password(self, identity: Identity, password: str) -> Refusal | None:
        """Change one's password; one's other sessions end."""
        desk = self._desk
        account = self._proved(identity)
        if isinstance(account, Refusal):
            return account
        if desk.registry.totp(account.id) is None:
            return Refusal(
                Rule.NOT_AS_IT_STANDS, "/password",
                "A password needs a code generator beside it; ask for a link to begin anew.",
            )  # fmt: skip
        if (refusal := weakness(password, account.login)) is not None:
            return refusal
        hashed = await desk.write(desk.passwords.hash, password)
        made = Password(id=desk.new_id(), account_id=account.id, hash=hashed, made_at=desk.now())
        await self._record(account.id, made.id, "password", "made")
        await desk.write(desk.registry.set_password, made)
        for session in desk.registry.sessions(account.id):
            if session.id != identity.session:
                await self._signing.end_for(account.id, session.id, "ended")
        return None

    async def new_recovery_codes(self, identity: Identity) -> tuple[str, ...] | Refusal:
        """Return ten fresh recovery codes, shown once; the old ones are void."""
        desk = self._desk
        account = self._proved(identity)
        if isinstance(account, Refusal):
            return account
        if desk.registry.password(account.id) is None:
            return Refusal(
                Rule.NOT_AS_IT_STANDS, "/password", "Recovery codes stand beside a password."
            )
        codes = new_codes()
        made = recovery_codes(desk, account.id, codes, desk.now())
        await self._record(account.id, made.id, "recovery-codes", "made")
        await desk.write(desk.registry.set_codes, made)
        return codes

    def _proved(self, identity: Identity) -> Account | Refusal:
        """Return one's own account, if one has proved oneself lately."""
        account = self._desk.registry.account(identity.name)
        if account is None or not identity.session:
            return unknown_account()
        return self._desk.unconfirmed(identity) or account

    async def _record(self, account_id: str, credential_id: str, kind: str, change: str) -> None:
        await self._desk.audit(
            CredentialChanged(
                at=self._desk.now(), account_id=account_id, credential_id=credential_id,
                kind=kind, change=change, by=account_id,
            )
        )  # fmt: skip
