"""Signing in, staying in, and leaving: sessions of officers.

Two factors always: a passkey that verifies its user, or a password with a code (of a generator,
or one of the recovery codes). No account is ever locked. Strangers' tries are limited by
source and by login; an officer's own device, which has signed in to that account before, has
a bucket and a place of its own, so that nothing a stranger does keeps him out (P23, T20). A
passkey is limited by its source alone: it can not be guessed.

An unknown login gets the same answer as a wrong password, after the same work. Over a limit
nothing is hashed at all.
"""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from tocsin.checks import totp
from tocsin.checks.identity import Identity, of_warrant
from tocsin.checks.limits import Limit, source_of
from tocsin.checks.passkeys import Answer, Options
from tocsin.checks.passwords import Lanes, is_bounded
from tocsin.core.audit import CredentialChanged, SignedIn, SignedOut
from tocsin.core.authority import Permission, Role, Warrant
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.codes import code_hash
from tocsin.service.cookies import DEVICE, DEVICE_LASTS, SESSION, set_cookie
from tocsin.service.desk import FIRST_TOKEN_OVER, Desk, digest
from tocsin.service.registry import Account, Passkey, Session
from tocsin.service.strangers import Strangers

log = structlog.get_logger()

TOKEN_BYTES = 32
LOGIN_MOST = 200
PER_LOGIN = 20
"""Tries a minute for one login: of all strangers together, or of one known device."""
WRONG_CODES_PER_HOUR = 10
"""After a right password: a guess is one in 200,000, so a day of them finds nothing."""
CONFIRMS_PER_MINUTE = 10


@dataclass(frozen=True, slots=True)
class Opened:
    """A session that has just begun; ``cookies`` are ready ``Set-Cookie`` values."""

    identity: Identity
    session: Session
    token: str
    device: str
    cookies: tuple[str, ...]


class SignIn:
    """The flows of one's own sessions; lives in one event loop."""

    def __init__(self, desk: Desk, strangers: Strangers) -> None:
        self._desk = desk
        self._strangers = strangers
        self._lanes = Lanes()
        self._by_source = Limit(desk.now, desk.rules.tries_per_min)
        self._by_login = Limit(desk.now, PER_LOGIN)
        self._by_device = Limit(desk.now, PER_LOGIN)
        self._wrong_codes = Limit(desk.now, WRONG_CODES_PER_HOUR, per_hour=True)
        self._confirms = Limit(desk.now, CONFIRMS_PER_MINUTE)

    # -- in --------------------------------------------------------------------------------------

    async def with_password(
        self, login: str, password: str, code: str, *, device: str | None = None, source: str = ""
    ) -> Opened | Refusal:
        """Sign in with a password and a code; ``device`` is the cookie, ``source`` the address.

        Raises:
            JournalUnavailable, RegistryUnavailable: nobody was signed in.
        """
        desk, folded = self._desk, login.casefold()[:LOGIN_MOST]
        mark = desk.device(device)
        owner = desk.registry.account_by_login(folded) if mark else None
        known = owner is not None and desk.registry.knows_device(mark, owner.id)
        if not self._may_try(folded, mark if known else "", source):  # costs a stranger nothing
            return too_many()
        if not is_bounded(password):
            return self._stranger(source)
        account = owner or desk.registry.account_by_login(folded)
        held = desk.registry.password(account.id) if account is not None else None
        async with self._lanes.lane(known=known) as free:
            if not free:
                return too_many()
            hashed = held.hash if held is not None else None
            right = await asyncio.to_thread(desk.passwords.verify, hashed, password)
        now = desk.now()
        if account is None or held is None or not right or not account.holds(now):
            if account is not None and known:  # his own device: it is he who is refused
                return await desk.refused(account, "", _no(), "sign-in")
            return self._stranger(source)
        second = await self._second(account, code, mark if known else "", now)
        if isinstance(second, Refusal):
            return await desk.refused(account, held.id, second, "sign-in")
        return await self._open(account, (held.id, second), device, now)

    def passkey_options(self) -> Options:
        """Return what a browser needs to sign in with whichever passkey it has."""
        return self._desk.passkeys.request(self._desk.now())

    async def with_passkey(
        self, answer: Answer, *, device: str | None = None, source: str = ""
    ) -> Opened | Refusal:
        """Sign in with a passkey alone: it has verified its user.

        Raises:
            JournalUnavailable, RegistryUnavailable: nobody was signed in.
        """
        desk, mark = self._desk, self._desk.device(device)
        known = bool(mark) and desk.registry.knows_device(mark)
        if not self._may_try("", mark if known else "", source):
            return too_many()
        now = desk.now()
        found = await self._passkey(answer, now, "sign-in")
        if isinstance(found, Refusal):
            self._strangers.count(self._hidden(source), found.rule, now)
            return found
        account = desk.registry.account(found.account_id)
        if account is None or not account.holds(now):
            return self._stranger(source)
        return await self._open(account, (found.id,), device, now)

    # -- staying in ------------------------------------------------------------------------------

    def confirm_options(self, identity: Identity) -> Options:
        """Return what a browser needs to prove an officer again by one of his passkeys."""
        known = [each.credential_id for each in self._desk.registry.passkeys(identity.name)]
        return self._desk.passkeys.request(
            self._desk.now(), purpose=f"confirm {identity.session}", known=known
        )

    async def confirm(
        self, identity: Identity, *, code: str = "", passkey: Answer | None = None
    ) -> datetime | Refusal:
        """Prove an officer again by a second factor; return since when he counts as proved."""
        desk = self._desk
        account = desk.registry.account(identity.name)
        if account is None or not identity.session:
            return Refusal(
                Rule.NEEDS_CONFIRMATION, "/Authorization", "Only who has signed in can confirm."
            )
        if not self._confirms.hit(identity.session):
            return too_many()
        now = desk.now()
        proof: object
        if passkey is not None:
            proof = await self._passkey(passkey, now, f"confirm {identity.session}", account.id)
        else:
            proof = await self._second(account, code, identity.session, now)
        if isinstance(proof, Refusal):
            return await desk.refused(account, identity.session, proof, "confirm")
        if not await desk.write(desk.registry.confirm, identity.session, now):
            return over()
        return now

    def sessions(self, identity: Identity) -> list[Session]:
        """Return one's own open sessions, oldest first."""
        return self._desk.registry.sessions(identity.name)

    # -- out -------------------------------------------------------------------------------------

    async def sign_out(self, identity: Identity) -> tuple[str, ...]:
        """End one's session; return the ``Set-Cookie`` values that take its cookie back."""
        if identity.session:
            await self.end_for(identity.name, identity.session, "left")
        return (set_cookie(SESSION, "", timedelta(), origin=self._desk.passkeys.origin),)

    async def end(
        self, identity: Identity, session_id: str, account_id: str | None = None
    ) -> Refusal | None:
        """End another session of one's own; an administrator's word ends anybody's."""
        owner = account_id or identity.name
        if owner != identity.name and not identity.may(Permission.ADMINISTER):
            return Refusal(Rule.NOT_ALLOWED, "/session", "This session is somebody else's.")
        if session_id not in {each.id for each in self._desk.registry.sessions(owner)}:
            return over()
        await self.end_for(owner, session_id, "ended")
        return None

    async def end_for(self, account_id: str, session_id: str, reason: str) -> None:
        """End a session, for one of the reasons of ``SignedOut``."""
        desk = self._desk
        await desk.audit(
            SignedOut(at=desk.now(), account_id=account_id, session_id=session_id, reason=reason)
        )
        await desk.write(desk.registry.end_session, session_id)

    # -- parts -----------------------------------------------------------------------------------

    def _may_try(self, login: str, known_device: str, source: str) -> bool:
        if known_device:
            return self._by_device.hit(login, known_device)
        if not self._by_source.hit(source_of(source)):
            return False
        return not login or self._by_login.hit(self._desk.device(login))

    async def _second(
        self, account: Account, code: str, known: str, now: datetime
    ) -> str | Refusal:
        """Return the id of the second factor that ``code`` proves, using it up."""
        desk = self._desk
        set_id = await desk.write(
            desk.registry.use_code, account.id, code_hash(account.id, code), now
        )
        if set_id is not None:
            await desk.audit(
                CredentialChanged(
                    at=now, account_id=account.id, credential_id=set_id,
                    kind="recovery-codes", change="used", by=account.id,
                )
            )  # fmt: skip
            return set_id
        generator = desk.registry.totp(account.id)
        if generator is None or not self._wrong_codes.test(account.id, known):
            return _no()
        step = totp.matching_step(generator.secret, code, now)
        if step is None:
            self._wrong_codes.hit(account.id, known)
            return _no()
        if not await desk.write(desk.registry.use_step, generator.id, step):
            return Refusal(
                Rule.CODE_USED, "/code", "This code was used already; wait for the next one."
            )
        return generator.id

    async def _passkey(
        self, answer: Answer, now: datetime, purpose: str, owner: str | None = None
    ) -> Passkey | Refusal:
        """Return the passkey that has signed; its count must have grown."""
        desk = self._desk

        def find(credential_id: bytes) -> tuple[str, bytes] | None:
            found = desk.registry.passkey(credential_id)
            if found is None or owner not in (None, found.account_id):
                return None
            return found.account_id, found.public_key

        proved = desk.passkeys.proved(answer, now, find, purpose=purpose)
        if isinstance(proved, Refusal):
            return proved
        passkey = desk.registry.passkey(proved.credential_id)
        if passkey is None:
            return _no()
        if not await desk.write(desk.registry.use_passkey, passkey.id, proved.sign_count, now):
            log.warning("passkey_count_went_back", passkey_id=passkey.id)
            refusal = Refusal(
                Rule.SIGN_IN_REFUSED, "/passkey",
                "This passkey counts backwards, as a copy would; ask an administrator.",
            )  # fmt: skip
            account = desk.registry.account(passkey.account_id)
            if account is not None and owner is None:  # else the caller records it
                await desk.refused(account, passkey.id, refusal, purpose.partition(" ")[0])
            return refusal
        return passkey

    async def _open(
        self, account: Account, proof: tuple[str, ...], device: str | None, now: datetime
    ) -> Opened:
        """Open a session: always a new token, and a new mark for a device that nobody knows.

        A mark that no account here has signed in from is not taken over: somebody else may have put
        it there. The event comes first (see ``desk``): a session that is not in the chain is none.
        """
        desk = self._desk
        if device is None or not desk.registry.knows_device(desk.device(device)):
            device = secrets.token_urlsafe(TOKEN_BYTES)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        shift = timedelta(hours=desk.rules.shift_h)
        session = Session(
            id=desk.new_id(),
            account_id=account.id,
            credential_ids=proof,
            device=desk.device(device),
            opened_at=now,
            ends_at=now + shift,
            rotated_at=now,
            confirmed_at=now,
        )
        await desk.audit(
            SignedIn(
                at=now, account_id=account.id, session_id=session.id, credential_ids=proof,
                device=session.device,
            )
        )  # fmt: skip
        if account.scope.role is Role.ADMINISTRATOR:
            await desk.write(desk.registry.note, FIRST_TOKEN_OVER, now.isoformat())
        await desk.write(desk.registry.note_device, session.device, account.id, now)
        await desk.write(desk.registry.open_session, session, digest(token))
        log.info("signed_in", account_id=account.id, session_id=session.id)
        return Opened(
            of_warrant(warrant_of(session, account)), session, token, device,
            (set_cookie(SESSION, token, shift, origin=desk.passkeys.origin),
             set_cookie(DEVICE, device, DEVICE_LASTS, origin=desk.passkeys.origin)),
        )  # fmt: skip

    def _stranger(self, source: str) -> Refusal:
        self._strangers.count(self._hidden(source), Rule.SIGN_IN_REFUSED, self._desk.now())
        return _no()

    def _hidden(self, source: str) -> str:
        return self._desk.device(source_of(source))


def warrant_of(session: Session, account: Account) -> Warrant:
    """Return the warrant of who signed in so; the scope is the account's of this moment."""
    return Warrant(
        account=account.id,
        credential=session.credential_ids[0],
        name=account.name,
        scope=account.scope,
        session=session.id,
        device=session.device,
    )


def _no() -> Refusal:
    return Refusal(
        Rule.SIGN_IN_REFUSED, "/login", "Login, password and code do not belong together."
    )


def too_many() -> Refusal:
    """Return the refusal of one try too many."""
    return Refusal(Rule.TOO_MANY_REQUESTS, "", "Too many tries; wait a minute and try again.")


def over() -> Refusal:
    """Return the refusal of a session that has ended."""
    return Refusal(Rule.SESSION_OVER, "/Cookie", "This session is over; sign in again.")
