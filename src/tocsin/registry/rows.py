"""Rows of the registry's tables <-> the records of ``service.registry``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tocsin.core.authority import Scope
from tocsin.service.registry import (
    Account,
    Group,
    Held,
    Invite,
    InviteKind,
    MachineKey,
    Passkey,
    Password,
    Session,
    Totp,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_ACCOUNT, _SESSION, _KEY = 7, 8, 11
"""Columns of the three that are read beside others."""

Values = tuple[Any, ...]


def to_us(at: datetime | None) -> int | None:
    """Return a time in microseconds since 1970, exactly; None stays None."""
    if at is None:
        return None
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return (at - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """Return the UTC time that is ``us`` microseconds after 1970."""
    return _EPOCH + timedelta(microseconds=us)


def _maybe(us: int | None) -> datetime | None:
    return None if us is None else from_us(us)


def to_json(value: object) -> str:
    """Return a scope or a list as text."""
    return msgspec.json.encode(value).decode()


def names(text: str) -> tuple[str, ...]:
    """Return a list of names that was stored as text."""
    return msgspec.json.decode(text, type=tuple[str, ...])


def account_values(account: Account) -> Values:
    """Return an account as it is stored."""
    times = (account.made_at, account.valid_until, account.closed_at)
    return (account.id, account.login, account.name, to_json(account.scope), *map(to_us, times))


def account(row: Sequence[Any]) -> Account:
    """Return the account of a row; an erased one has an empty login."""
    id_, login, name, scope, made, until, closed = row
    return Account(
        id=id_,
        login=login or "",
        name=name,
        scope=msgspec.json.decode(scope, type=Scope),
        made_at=from_us(made),
        valid_until=_maybe(until),
        closed_at=_maybe(closed),
    )


def password(row: Sequence[Any]) -> Password:
    """Return the password of a row."""
    id_, account_id, hashed, made = row
    return Password(id=id_, account_id=account_id, hash=hashed, made_at=from_us(made))


def totp(row: Sequence[Any]) -> Totp:
    """Return the code generator of a row."""
    id_, account_id, secret, made, last = row
    return Totp(id=id_, account_id=account_id, secret=secret, made_at=from_us(made), last_step=last)


def passkey_values(passkey: Passkey) -> Values:
    """Return a passkey as it is stored."""
    return (passkey.id, passkey.account_id, passkey.credential_id, passkey.public_key,
            passkey.sign_count, passkey.name, to_us(passkey.made_at),
            to_us(passkey.last_used_at))  # fmt: skip


def passkey(row: Sequence[Any]) -> Passkey:
    """Return the passkey of a row."""
    id_, account_id, credential_id, public_key, count, name, made, used = row
    return Passkey(
        id=id_,
        account_id=account_id,
        credential_id=credential_id,
        public_key=public_key,
        sign_count=count,
        name=name,
        made_at=from_us(made),
        last_used_at=_maybe(used),
    )


def session_values(session: Session) -> Values:
    """Return a session as it is stored."""
    times = (session.opened_at, session.ends_at, session.rotated_at, session.confirmed_at)
    return (session.id, session.account_id, to_json(session.credential_ids), session.device,
            *map(to_us, times))  # fmt: skip


def session(row: Sequence[Any]) -> Session:
    """Return the session of a row."""
    id_, account_id, credentials, device, opened, ends, rotated, confirmed = row
    return Session(
        id=id_,
        account_id=account_id,
        credential_ids=names(credentials),
        device=device,
        opened_at=from_us(opened),
        ends_at=from_us(ends),
        rotated_at=from_us(rotated),
        confirmed_at=from_us(confirmed),
    )


def held(row: Sequence[Any]) -> Held:
    """Return what a token leads to, from a row of session, account and token."""
    retired, claimed = row[_SESSION + _ACCOUNT :]
    return Held(
        session(row[:_SESSION]),
        account(row[_SESSION : _SESSION + _ACCOUNT]),
        _maybe(retired),
        claimed is not None,
    )


def key_values(key: MachineKey) -> Values:
    """Return a machine key as it is stored."""
    return (key.id, key.account_id, key.hash, key.name, to_json(key.scope), int(key.direct),
            key.per_minute, to_us(key.made_at), to_us(key.valid_until), to_us(key.revoked_at),
            to_us(key.last_used_at))  # fmt: skip


def key(row: Sequence[Any]) -> MachineKey:
    """Return the machine key of a row."""
    id_, account_id, hashed, name, scope, direct, pace, made, until, revoked, used = row
    return MachineKey(
        id=id_,
        account_id=account_id,
        hash=hashed,
        name=name,
        scope=msgspec.json.decode(scope, type=Scope),
        direct=bool(direct),
        per_minute=pace,
        made_at=from_us(made),
        valid_until=_maybe(until),
        revoked_at=_maybe(revoked),
        last_used_at=_maybe(used),
    )


def owned_key(row: Sequence[Any]) -> tuple[MachineKey, Account]:
    """Return the key and the owner of a row of both."""
    return key(row[:_KEY]), account(row[_KEY:])


def invite_values(invite: Invite) -> Values:
    """Return a one-time link as it is stored."""
    return (invite.id, invite.hash, invite.kind.value, invite.account_id, to_us(invite.made_at),
            to_us(invite.ends_at), to_us(invite.used_at))  # fmt: skip


def invite(row: Sequence[Any]) -> Invite:
    """Return the one-time link of a row."""
    id_, hashed, kind, account_id, made, ends, used = row
    return Invite(
        id=id_,
        hash=hashed,
        kind=InviteKind(kind),
        account_id=account_id,
        made_at=from_us(made),
        ends_at=_maybe(ends),
        used_at=_maybe(used),
    )


def group(row: Sequence[Any]) -> Group:
    """Return the saved group of a row."""
    id_, sender, name, regions = row
    return Group(id=id_, sender=sender, name=name, regions=names(regions))
