"""What everybody does with his own credentials, after a fresh proof by a second factor."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.checks import totp
from tocsin.checks.identity import Identity
from tocsin.checks.passkeys import Answer, Options
from tocsin.checks.passwords import weakness
from tocsin.core.audit import CredentialChanged
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.codes import new_codes
from tocsin.service.desk import CONFIRMED_FOR, Desk, unknown_account
from tocsin.service.enrol import new_passkey, recovery_codes
from tocsin.service.registry import PER_ACCOUNT_MOST, Account, Passkey, Password, Taken, Totp
from tocsin.service.signin import SignIn

BEGUN_MOST = 1_000
"""New generators that nobody has proved yet; each is a session's, so strangers add none."""


@dataclass(frozen=True, slots=True)
class Generator:
    """A code generator that is not in use yet; ``address`` is the secret for a QR code."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class _Begun:
    secret: str
    at: datetime


class Own:
    """The flows of one's own credentials; lives in one event loop.

    Args:
        desk: what the flows share.
        signing: ends sessions.
        house: the house's name, as generators show it.
    """

    def __init__(self, desk: Desk, signing: SignIn, *, house: str = "Tocsin") -> None:
        self._desk = desk
        self._signing = signing
        self._house = house
        self._begun: dict[str, _Begun] = {}

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
            Rule.NOT_AS_IT_STANDS, "/passkey",
            f"An account has {PER_ACCOUNT_MOST} passkeys at most.",
        )  # fmt: skip
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
        await self._end_others(identity)
        return None

    def new_generator(self, identity: Identity) -> Generator | Refusal:
        """Return a fresh generator for one's app; it takes the old one's place once it is proved.

        The secret lives in memory for a quarter of an hour. Asked again, there is another one.
        """
        account = self._with_password(identity)
        if isinstance(account, Refusal):
            return account
        self._begun.pop(identity.session, None)
        while len(self._begun) >= BEGUN_MOST:
            del self._begun[next(iter(self._begun))]
        secret = totp.new_secret()
        self._begun[identity.session] = _Begun(secret, self._desk.now())
        return Generator(secret, totp.address(secret, account.login, self._house))

    async def take_generator(self, identity: Identity, code: str) -> Refusal | None:
        """Put the new generator in the old one's place; ``code`` is the new one's, and used up.

        One's other sessions end, as after a new password: a lost phone may be why.
        """
        desk = self._desk
        account = self._with_password(identity)
        if isinstance(account, Refusal):
            return account
        now, begun = desk.now(), self._begun.get(identity.session)
        if begun is None or now - begun.at >= CONFIRMED_FOR:
            self._begun.pop(identity.session, None)
            return Refusal(
                Rule.NOT_AS_IT_STANDS, "/code", "Ask for a new secret first; this one is over."
            )
        step = totp.matching_step(begun.secret, code, now)
        if step is None:
            return Refusal(
                Rule.SIGN_IN_REFUSED, "/code",
                "The generator shows another code; check its clock and scan the picture again.",
            )  # fmt: skip
        del self._begun[identity.session]  # of two who come at once, one gets on
        made = Totp(
            id=desk.new_id(), account_id=account.id, secret=begun.secret, made_at=now,
            last_step=step,
        )  # fmt: skip
        old = desk.registry.totp(account.id)
        await self._record(account.id, made.id, "totp", "made")
        if old is not None:
            await self._record(account.id, old.id, "totp", "revoked")
        await desk.write(desk.registry.set_totp, made)
        await self._end_others(identity)
        return None

    async def new_recovery_codes(self, identity: Identity) -> tuple[str, ...] | Refusal:
        """Return ten fresh recovery codes, shown once; the old ones are void."""
        desk = self._desk
        account = self._with_password(identity)
        if isinstance(account, Refusal):
            return account
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

    def _with_password(self, identity: Identity) -> Account | Refusal:
        """Return one's own account, if one has proved oneself lately and has a password."""
        account = self._proved(identity)
        if isinstance(account, Refusal) or self._desk.registry.password(account.id) is not None:
            return account
        return Refusal(
            Rule.NOT_AS_IT_STANDS, "/password", "Codes stand beside a password; there is none."
        )

    async def _end_others(self, identity: Identity) -> None:
        for session in self._desk.registry.sessions(identity.name):
            if session.id != identity.session:
                await self._signing.end_for(identity.name, session.id, "ended")

    async def _record(self, account_id: str, credential_id: str, kind: str, change: str) -> None:
        await self._desk.audit(
            CredentialChanged(
                at=self._desk.now(), account_id=account_id, credential_id=credential_id,
                kind=kind, change=change, by=account_id,
            )
        )  # fmt: skip
