"""One-time links: how a person comes to credentials of their own that nobody else has seen.

The first link makes the first administrator, while there is none; an administrator's link begins
a new account, or begins one anew (then everything it had goes, its sessions too). Who opens it
takes a password with a code generator, a passkey, or both. A link works once.

The first link is written to ``DATA/first-link`` (mode 0600): whoever reads that file owns the
house anyway, as with the first token. It has no end but its use.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from tocsin.checks import totp
from tocsin.checks.passkeys import Answer, NewPasskey, Options
from tocsin.checks.passwords import weakness
from tocsin.checks.text import id_refusal, name_refusal
from tocsin.core.audit import AccountChanged, AuditEvent, CredentialChanged
from tocsin.core.authority import Role, Scope
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.codes import code_hash, new_codes
from tocsin.service.desk import Desk, digest
from tocsin.service.registry import (
    Account,
    Enrolment,
    Invite,
    InviteKind,
    Passkey,
    Password,
    RecoveryCodes,
    Taken,
    Totp,
)

FILE = "first-link"
TOKEN_BYTES = 32
BEGUN_MOST = 1_000
"""Links that are open in a browser; each is a link that holds, so strangers add none."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What the page of a link shows. ``account`` is None for the first administrator.

    ``secret`` is the generator's, ``address`` the same for a QR code; both stay the same while the
    link is open. ``passkey`` is for ``navigator.credentials.create``.
    """

    kind: InviteKind
    account: Account | None
    secret: str
    address: str
    passkey: Options


@dataclass(frozen=True, slots=True)
class Enrolled:
    """An account that can sign in now. ``recovery_codes`` are shown here and never again."""

    account: Account
    recovery_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Begun:
    account_id: str
    secret: str


class Links:
    """Makes links and carries them out; lives in one event loop."""

    def __init__(self, desk: Desk, *, house: str) -> None:
        self._desk = desk
        self._house = house
        self._begun: dict[bytes, _Begun] = {}

    # -- making ----------------------------------------------------------------------------------

    def invite_first(self) -> str | None:
        """Return the token of a new first link, which ends the one before. Blocking: for the start.

        None once there is an administrator.
        """
        now = self._desk.now()
        if self._desk.registry.has_administrator(now):
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self._desk.registry.add_invite(
            Invite(
                id=self._desk.new_id(), hash=digest(token), kind=InviteKind.FIRST,
                account_id=None, made_at=now,
            )
        )  # fmt: skip
        return token

    def keep_first(self, folder: Path) -> str | None:
        """Return the token of ``folder/first-link``, made where it is missing or used up.

        None once there is an administrator; then the file goes. Blocking: for the start. Raises
        OSError where the folder cannot be written.
        """
        path = folder / FILE
        if self._desk.registry.has_administrator(self._desk.now()):
            path.unlink(missing_ok=True)
            return None
        with contextlib.suppress(OSError, UnicodeDecodeError):
            token = path.read_text("ascii").strip()
            found = self._desk.registry.invite(digest(token))
            if found is not None and found.holds(self._desk.now()):
                return token
        made = self.invite_first()
        if made is not None:
            _write(path, made)
        return made

    async def make(self, account: Account, kind: InviteKind, by: str) -> str:
        """Return the token of a link for an account; unused ones of it end."""
        desk, now = self._desk, self._desk.now()
        token = secrets.token_urlsafe(TOKEN_BYTES)
        invite = Invite(
            id=desk.new_id(), hash=digest(token), kind=kind, account_id=account.id, made_at=now,
            ends_at=now + timedelta(hours=desk.rules.invite_h),
        )  # fmt: skip
        await desk.audit(
            CredentialChanged(
                at=now, account_id=account.id, credential_id=invite.id, kind="link",
                change="made", by=by,
            )
        )  # fmt: skip
        await desk.write(desk.registry.add_invite, invite)
        return token

    # -- using -----------------------------------------------------------------------------------

    def open(self, token: str) -> Opening | Refusal:
        """Return what the link's page shows, or that it holds no more. May be called again."""
        found = self._holding(token)
        if isinstance(found, Refusal):
            return found
        invite, account = found
        begun = self._begun.get(invite.hash)
        if begun is None:
            while len(self._begun) >= BEGUN_MOST:
                del self._begun[next(iter(self._begun))]
            begun = _Begun(account.id if account else self._desk.new_id(), totp.new_secret())
            self._begun[invite.hash] = begun
        login = account.login if account else "administrator"
        name = account.name if account else "Administrator"
        return Opening(
            invite.kind, account, begun.secret,
            totp.address(begun.secret, login, self._house),
            self._desk.passkeys.registration(begun.account_id, login, name, (), self._desk.now()),
        )  # fmt: skip

    async def finish(
        self,
        token: str,
        *,
        login: str = "",
        name: str = "",
        password: str | None = None,
        code: str = "",
        passkey: Answer | None = None,
        passkey_name: str = "",
    ) -> Enrolled | Refusal:
        """Carry a link out: of many who send it at once, one is told yes.

        ``login`` and ``name`` count for the first administrator alone. A password needs ``code``,
        the generator's; without a password there must be a passkey.

        Raises:
            JournalUnavailable, RegistryUnavailable: nothing was made; the link still holds.
        """
        hashed = None
        found = self._holding(token)
        if isinstance(found, Refusal):
            return found
        if password is not None:
            known = found[1].login if found[1] is not None else login
            if (refusal := weakness(password, known)) is not None:
                return refusal
            hashed = await self._desk.write(self._desk.passwords.hash, password)
        async with self._desk.changing:
            found = self._holding(token)
            if isinstance(found, Refusal):
                return found
            invite, account = found
            begun = self._begun.get(invite.hash)
            if begun is None:
                return Refusal(Rule.LINK_USED, "/token", "Open the link's page first.")
            now = self._desk.now()
            if account is None:
                made = self._first(begun, login, name, now)
                if isinstance(made, Refusal):
                    return made
                account = made
            proofs = self._proofs(begun, hashed, code, passkey, passkey_name, now)
            if isinstance(proofs, Refusal):
                return proofs
            enrolment, codes = proofs
            return await self._carry_out(invite, replace(enrolment, account=account), codes, now)

    # -- parts -----------------------------------------------------------------------------------

    def _holding(self, token: str) -> tuple[Invite, Account | None] | Refusal:
        desk, now = self._desk, self._desk.now()
        invite = desk.registry.invite(digest(token))
        used = Refusal(
            Rule.LINK_USED, "/token", "This link was used or is over; ask for a new one."
        )
        if invite is None or not invite.holds(now):
            return used
        if invite.account_id is None:
            return used if desk.registry.has_administrator(now) else (invite, None)
        account = desk.registry.account(invite.account_id)
        return (invite, account) if account is not None and account.holds(now) else used

    def _first(self, begun: _Begun, login: str, name: str, now: datetime) -> Account | Refusal:
        """Return the first administrator as it will be."""
        return new_account(
            self._desk, begun.account_id, login, name, Scope(role=Role.ADMINISTRATOR), now
        )

    def _proofs(
        self,
        begun: _Begun,
        hashed: str | None,
        code: str,
        passkey: Answer | None,
        passkey_name: str,
        now: datetime,
    ) -> tuple[Enrolment, tuple[str, ...]] | Refusal:
        """Return the credentials that were proved, and the recovery codes to be shown."""
        desk, owner = self._desk, begun.account_id
        enrolment = Enrolment(account=_nobody(owner, now))
        codes: tuple[str, ...] = ()
        if hashed is None and passkey is None:
            return Refusal(
                Rule.MISSING_MEMBER, "/password", "Take a password with a code, or a passkey."
            )
        if hashed is not None:
            step = totp.matching_step(begun.secret, code, now)
            if step is None:
                return Refusal(
                    Rule.SIGN_IN_REFUSED, "/code",
                    "The generator shows another code; check its clock and scan the picture again.",
                )  # fmt: skip
            codes = new_codes()
            enrolment = replace(
                enrolment,
                password=Password(id=desk.new_id(), account_id=owner, hash=hashed, made_at=now),
                totp=Totp(
                    id=desk.new_id(), account_id=owner, secret=begun.secret, made_at=now,
                    last_step=step,
                ),
                codes=recovery_codes(desk, owner, codes, now),
            )  # fmt: skip
        if passkey is not None:
            made = new_passkey(desk, owner, passkey, passkey_name, now)
            if isinstance(made, Refusal):
                return made
            enrolment = replace(enrolment, passkey=made)
        return enrolment, codes

    async def _carry_out(
        self, invite: Invite, enrolment: Enrolment, codes: tuple[str, ...], now: datetime
    ) -> Enrolled | Refusal:
        """Record what becomes of the link, then let it become so."""
        desk, account = self._desk, enrolment.account
        events: list[AuditEvent] = []
        if invite.kind is InviteKind.FIRST:
            events.append(changed(account, "opened", account.id, now))
        made = [("link", invite.id)]
        for kind, proof in (
            ("password", enrolment.password),
            ("totp", enrolment.totp),
            ("recovery-codes", enrolment.codes),
            ("passkey", enrolment.passkey),
        ):
            if proof is not None:
                made.append((kind, proof.id))
        events += [
            CredentialChanged(
                at=now, account_id=account.id, credential_id=id_, kind=kind,
                change="used" if kind == "link" else "made", by=account.id,
            )
            for kind, id_ in made
        ]  # fmt: skip
        for event in events:
            await desk.audit(event)
        try:
            done = await desk.write(desk.registry.redeem, invite, enrolment, now)
        except Taken:
            return taken()
        if not done:
            return Refusal(Rule.LINK_USED, "/token", "This link was used already.")
        self._begun.pop(invite.hash, None)
        return Enrolled(account, codes)


def new_account(
    desk: Desk, account_id: str, login: str, name: str, scope: Scope, now: datetime
) -> Account | Refusal:
    """Return an account with a login that nobody has and a name that people can trust."""
    folded = login.strip().casefold()
    refusal = id_refusal(folded, "/login") or name_refusal(name, "/name")
    if refusal is not None:
        return refusal
    if not name.strip():
        return Refusal(Rule.MISSING_MEMBER, "/name", "Give the person's name.")
    if desk.registry.account_by_login(folded) is not None:
        return taken()
    return Account(id=account_id, login=folded, name=name.strip(), scope=scope, made_at=now)


def new_passkey(
    desk: Desk, account_id: str, answer: Answer, name: str, now: datetime
) -> Passkey | Refusal:
    """Return the passkey that an authenticator has just made for this account."""
    if (refusal := name_refusal(name, "/passkey_name")) is not None:
        return refusal
    made = desk.passkeys.registered(account_id, answer, now)
    if not isinstance(made, NewPasskey):
        return made
    if desk.registry.passkey(made.credential_id) is not None:
        return Refusal(Rule.SIGN_IN_REFUSED, "/passkey", "This passkey is registered already.")
    return Passkey(
        id=desk.new_id(), account_id=account_id, credential_id=made.credential_id,
        public_key=made.public_key, sign_count=made.sign_count,
        name=name.strip() or "Passkey", made_at=now,
    )  # fmt: skip


def recovery_codes(
    desk: Desk, account_id: str, codes: tuple[str, ...], now: datetime
) -> RecoveryCodes:
    """Return a set of codes as it is stored."""
    hashes = tuple(code_hash(account_id, code) for code in codes)
    return RecoveryCodes(id=desk.new_id(), account_id=account_id, hashes=hashes, made_at=now)


def changed(account: Account, change: str, by: str, now: datetime) -> AccountChanged:
    """Return the event of an account's change, with the scope that it has from now on."""
    scope = account.scope
    return AccountChanged(
        at=now, account_id=account.id, change=change, role=scope.role, sender=scope.sender,
        regions=scope.regions, hazards=scope.hazards, realms=scope.realms,
        severity=scope.severity, channels=scope.channels, by=by,
    )  # fmt: skip


def taken() -> Refusal:
    """Return the refusal of a login that somebody has."""
    return Refusal(Rule.LOGIN_TAKEN, "/login", "Somebody has this login already; take another.")


def _nobody(account_id: str, now: datetime) -> Account:
    """Return what stands in an enrolment until the account itself does."""
    return Account(id=account_id, login="-", name="-", scope=Scope(role=Role.VIEWER), made_at=now)


def _write(path: Path, token: str) -> None:
    """Write a token for its owner's eyes, whole or not at all."""
    fresh = path.with_name(f".{FILE}-{os.getpid()}-{secrets.token_hex(4)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(token + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
