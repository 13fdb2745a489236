"""What the officers' side needs from an engine: accounts, credentials, sessions, keys, links.

Nothing here is an event: it is what can be changed, taken back and erased, so it stands beside
the journal, which holds ids only (DESIGN section 3, rule 14). Engines live in
``tocsin.registry`` and run one contract suite (``tests/component/registry``).

No secret is kept as it is: passwords are Argon2id hashes, tokens and codes SHA-256 of what has
enough randomness of its own. The one exception is a code generator's secret, which both
sides must know; it is why the file is its owner's alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from tocsin.core.authority import Scope
from tocsin.errors import TocsinError
from tocsin.service.feedrecords import FeedRegistry

ACCOUNTS_MOST = 10_000
PER_ACCOUNT_MOST = 20
"""Passkeys, sessions and known devices of one account; keys may be more."""
KEYS_MOST = 200
GROUPS_MOST = 200
"""Saved groups of one sender."""


class RegistryUnavailable(TocsinError):
    """The registry cannot be read or written now; nothing was changed."""


class Taken(TocsinError):
    """What has to be unique is there already: a login, a passkey, a group's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person (or the owner of machines) and what they may do. ``login`` is case-folded."""

    id: str
    login: str
    name: str
    scope: Scope
    made_at: datetime
    valid_until: datetime | None = None
    closed_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether it can be used at that moment."""
        return self.closed_at is None and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Password:
    """A password: its Argon2id hash in PHC form, which names salt and cost."""

    id: str
    account_id: str
    hash: str
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Totp:
    """A code generator: its secret in base 32 and the last 30-second step it was used for."""

    id: str
    account_id: str
    secret: str
    made_at: datetime
    last_step: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodes:
    """A set of codes, each good once beside the password; SHA-256 each."""

    id: str
    account_id: str
    hashes: tuple[bytes, ...]
    made_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A WebAuthn credential; ``public_key`` is its COSE key. It proves two factors by itself."""

    id: str
    account_id: str
    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    made_at: datetime
    last_used_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A sign-in for one shift. Its tokens change; ``device`` is the hash of the browser's mark."""

    id: str
    account_id: str
    credential_ids: tuple[str, ...]
    device: str
    opened_at: datetime
    ends_at: datetime
    rotated_at: datetime
    confirmed_at: datetime
    """When the officer last proved himself by a second factor."""


@dataclass(frozen=True, slots=True)
class Held:
    """What a session's token leads to. ``retired_at``: since when a newer token is in use."""

    session: Session
    account: Account
    retired_at: datetime | None
    is_claimed: bool
    """Somebody has used this token before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineKey:
    """A machine's credential; ``hash`` is SHA-256 of the whole key as it was shown once."""

    id: str
    account_id: str
    hash: bytes
    name: str
    scope: Scope
    direct: bool
    per_minute: int | None
    made_at: datetime
    valid_until: datetime | None = None
    revoked_at: datetime | None = None
    last_used_at: datetime | None = None


class InviteKind(enum.StrEnum):
    """What a one-time link does: make the first administrator, begin, or begin anew."""

    FIRST = "first"
    ACCOUNT = "account"
    RESET = "reset"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """A one-time link; ``hash`` is SHA-256 of its token. ``ends_at`` None: until it is used."""

    id: str
    hash: bytes
    kind: InviteKind
    account_id: str | None
    made_at: datetime
    ends_at: datetime | None = None
    used_at: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether it can still be used."""
        return self.used_at is None and (self.ends_at is None or at < self.ends_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enrolment:
    """What a one-time link leaves behind, written whole or not at all.

    ``account`` is made where it is new. All other credentials of the account go: a link
    begins anew. What is None is not set.
    """

    account: Account
    password: Password | None = None
    totp: Totp | None = None
    codes: RecoveryCodes | None = None
    passkey: Passkey | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A saved group of regions of one sender, for the issue form."""

    id: str
    sender: str
    name: str
    regions: tuple[str, ...]


class Registry(FeedRegistry, Protocol):
    """One registry; every method blocks, and may be called from any thread.

    Reading by an index is quick enough for the event loop (20 to 50 microseconds); writing waits
    for the disk.

    Raises (all): RegistryUnavailable where the disk refuses; nothing was changed then.
    """

    # -- accounts --------------------------------------------------------------------------------

    def account(self, account_id: str) -> Account | None:
        """Return an account, closed or not."""
        ...

    def account_by_login(self, login: str) -> Account | None:
        """Return the account of that (case-folded) login."""
        ...

    def accounts(self) -> list[Account]:
        """Return all accounts, by login; erased ones too (their login is empty)."""
        ...

    def add_account(self, account: Account) -> None:
        """Add an account. Raises Taken: its login is in use."""
        ...

    def change_account(self, account: Account) -> bool:
        """Write name, scope and end of validity anew; False where it is unknown or closed."""
        ...

    def close_account(self, account_id: str, at: datetime) -> bool:
        """Close it for good with its sessions, keys and links; False where it is not open."""
        ...

    def erase_account(self, account_id: str) -> bool:
        """Remove name, login, credentials, devices and names of keys of a closed account."""
        ...

    def has_administrator(self, at: datetime) -> bool:
        """Say whether an administrator can sign in: an account that holds, with a credential."""
        ...

    # -- credentials -----------------------------------------------------------------------------

    def password(self, account_id: str) -> Password | None:
        """Return the account's password."""
        ...

    def set_password(self, password: Password) -> None:
        """Put it in place of the one before."""
        ...

    def totp(self, account_id: str) -> Totp | None:
        """Return the account's code generator."""
        ...

    def set_totp(self, totp: Totp) -> None:
        """Put it in place of the one before."""
        ...

    def use_step(self, totp_id: str, step: int) -> bool:
        """Use up a step; False where it, or a later one, was used. One of many callers wins."""
        ...

    def codes_left(self, account_id: str) -> tuple[str, int] | None:
        """Return the id of the account's set of recovery codes and how many are left."""
        ...

    def set_codes(self, codes: RecoveryCodes) -> None:
        """Put a set in place of the one before."""
        ...

    def use_code(self, account_id: str, code_hash: bytes, at: datetime) -> str | None:
        """Use up a recovery code and return its set's id; None where it is unknown or used."""
        ...

    def passkeys(self, account_id: str) -> list[Passkey]:
        """Return the account's passkeys, oldest first."""
        ...

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey of that WebAuthn id."""
        ...

    def add_passkey(self, passkey: Passkey) -> None:
        """Add one. Raises Taken: that WebAuthn id is known."""
        ...

    def use_passkey(self, passkey_id: str, sign_count: int, at: datetime) -> bool:
        """Note a use; False where the count does not grow (both zero is allowed)."""
        ...

    def drop_credential(self, credential_id: str) -> str | None:
        """Remove the password, generator, set of codes or passkey of that id; return its kind."""
        ...

    # -- sessions --------------------------------------------------------------------------------

    def open_session(self, session: Session, token_hash: bytes) -> None:
        """Open one with its first token; an account's oldest ends where it has too many."""
        ...

    def held(self, token_hash: bytes) -> Held | None:
        """Return what a token leads to; None where it is unknown or its session has ended."""
        ...

    def rotate(self, session: Session, token_hash: bytes, at: datetime) -> bool:
        """Give a session one more token; False where somebody rotated it since it was read."""
        ...

    def claim_token(self, token_hash: bytes, at: datetime) -> None:
        """Note the first use of a token: from now on the older ones of its session retire."""
        ...

    def confirm(self, session_id: str, at: datetime) -> bool:
        """Note that the officer proved himself again; False where the session has ended."""
        ...

    def end_session(self, session_id: str) -> bool:
        """End one; False where it has ended."""
        ...

    def sessions(self, account_id: str) -> list[Session]:
        """Return the account's open sessions, oldest first."""
        ...

    def over(self, at: datetime) -> list[Session]:
        """Return sessions whose shift is over by then and that nobody has ended."""
        ...

    def knows_device(self, device: str, account_id: str | None = None) -> bool:
        """Say whether that device has signed in to the account (None: to any)."""
        ...

    def note_device(self, device: str, account_id: str, at: datetime) -> None:
        """Remember that it has; the account's oldest is forgotten where there are too many."""
        ...

    # -- machine keys ----------------------------------------------------------------------------

    def key(self, key_id: str) -> tuple[MachineKey, Account] | None:
        """Return a key, revoked or not, with its owner."""
        ...

    def keys(self, account_id: str | None = None) -> list[MachineKey]:
        """Return keys, of one account or all, oldest first."""
        ...

    def add_key(self, key: MachineKey) -> None:
        """Add one."""
        ...

    def revoke_key(self, key_id: str, at: datetime) -> bool:
        """Revoke it for good; False where it is unknown or revoked."""
        ...

    def note_key_used(self, key_id: str, at: datetime) -> None:
        """Note when it was last used."""
        ...

    # -- one-time links --------------------------------------------------------------------------

    def invite(self, token_hash: bytes) -> Invite | None:
        """Return a link, used or not."""
        ...

    def add_invite(self, invite: Invite) -> None:
        """Add one; other unused links of the same account (or first ones) end."""
        ...

    def redeem(self, invite: Invite, enrolment: Enrolment, at: datetime) -> bool:
        """Use a link up and write what it brings; False where it cannot be used any more.

        Sessions of the account end. Raises Taken: the login, or the passkey, is in use.
        """
        ...

    # -- groups of regions, and notes of the house -----------------------------------------------

    def groups(self, sender: str) -> list[Group]:
        """Return the sender's saved groups, by name."""
        ...

    def save_group(self, group: Group) -> None:
        """Add one, or replace the one of that id. Raises Taken: another has that name."""
        ...

    def drop_group(self, sender: str, group_id: str) -> bool:
        """Remove one; False where that sender has none of that id."""
        ...

    def noted(self, name: str) -> str | None:
        """Return a small fact that the house keeps for good."""
        ...

    def note(self, name: str, value: str) -> None:
        """Keep a small fact."""
        ...

    def close(self) -> None:
        """Release the files; may be called twice."""
        ...
