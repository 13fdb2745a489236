"""The SQLite engine: ``DATA/registry.db``, one writer, each method one transaction.

What is used once (a step, a code, a link, the right to rotate) is used by one statement that
changes a row only while it still can be used: of many callers at once, one is told yes.
How the file is opened, read and written is in ``store``.

Source: ``service.registry``; RELIABILITY T20.
"""

from __future__ import annotations

from datetime import datetime

import apsw

from tocsin.core.authority import Role
from tocsin.registry import rows
from tocsin.registry.feeds import FeedTables
from tocsin.registry.rows import to_json, to_us
from tocsin.registry.store import SQL, changed
from tocsin.service.registry import (
    ACCOUNTS_MOST,
    GROUPS_MOST,
    PER_ACCOUNT_MOST,
    Account,
    Enrolment,
    Group,
    Held,
    Invite,
    MachineKey,
    Passkey,
    Password,
    RecoveryCodes,
    Session,
    Taken,
    Totp,
)

_DROPS = (
    ("drop_password", "password"),
    ("drop_totp", "totp"),
    ("drop_code_set", "recovery-codes"),
    ("drop_passkey", "passkey"),
)


class SqliteRegistry(FeedTables):
    """A registry in ``folder/registry.db``; see ``service.registry.Registry`` for its methods."""

    # -- accounts --------------------------------------------------------------------------------

    def account(self, account_id: str) -> Account | None:
        """Return an account, closed or not."""
        return self.one("account", (account_id,), rows.account)

    def account_by_login(self, login: str) -> Account | None:
        """Return the account of that login."""
        return self.one("account_by_login", (login,), rows.account)

    def accounts(self) -> list[Account]:
        """Return all accounts, by login."""
        return self.all("accounts", (), rows.account)

    def add_account(self, account: Account) -> None:
        """Add an account. Raises Taken: its login is in use, or there are too many."""
        with self.write() as writer:
            _add_account(writer, account)

    def change_account(self, account: Account) -> bool:
        """Write name, scope and end of validity anew."""
        values = (account.id, account.name, to_json(account.scope), to_us(account.valid_until))
        return self.changed("change_account", values)

    def close_account(self, account_id: str, at: datetime) -> bool:
        """Close it for good with its sessions, keys and links."""
        with self.write() as writer:
            if not changed(writer, "close_account", (account_id, to_us(at))):
                return False
            writer.execute(SQL["end_sessions"], (account_id,))
            writer.execute(SQL["revoke_keys"], (account_id, to_us(at)))
            writer.execute(SQL["drop_invites"], (account_id,))
            return True

    def erase_account(self, account_id: str) -> bool:
        """Remove what names or proves the person of a closed account."""
        with self.write() as writer:
            if not changed(writer, "erase_account", (account_id,)):
                return False
            _drop_credentials(writer, account_id)
            writer.execute(SQL["drop_devices"], (account_id,))
            writer.execute(SQL["erase_keys"], (account_id,))
            return True

    def has_administrator(self, at: datetime) -> bool:
        """Say whether an administrator can sign in."""
        found = self.all("administrators", (to_us(at),), rows.account)
        return any(each.scope.role is Role.ADMINISTRATOR for each in found)

    # -- credentials -----------------------------------------------------------------------------

    def password(self, account_id: str) -> Password | None:
        """Return the account's password."""
        return self.one("password", (account_id,), rows.password)

    def set_password(self, password: Password) -> None:
        """Put it in place of the one before."""
        with self.write() as writer:
            _set_password(writer, password)

    def totp(self, account_id: str) -> Totp | None:
        """Return the account's code generator."""
        return self.one("totp", (account_id,), rows.totp)

    def set_totp(self, totp: Totp) -> None:
        """Put it in place of the one before."""
        with self.write() as writer:
            _set_totp(writer, totp)

    def use_step(self, totp_id: str, step: int) -> bool:
        """Use up a step."""
        return self.changed("use_step", (totp_id, step))

    def codes_left(self, account_id: str) -> tuple[str, int] | None:
        """Return the set's id and how many codes are left."""
        return self.one("codes_left", (account_id,), lambda row: (row[0], row[1]))

    def set_codes(self, codes: RecoveryCodes) -> None:
        """Put a set in place of the one before."""
        with self.write() as writer:
            _set_codes(writer, codes)

    def use_code(self, account_id: str, code_hash: bytes, at: datetime) -> str | None:
        """Use up a recovery code and return its set's id."""
        with self.write() as writer:
            values = (account_id, code_hash, to_us(at))
            found = writer.execute(SQL["use_code"], values).fetchall()
            return str(found[0][0]) if found else None

    def passkeys(self, account_id: str) -> list[Passkey]:
        """Return the account's passkeys, oldest first."""
        return self.all("passkeys", (account_id,), rows.passkey)

    def passkey(self, credential_id: bytes) -> Passkey | None:
        """Return the passkey of that WebAuthn id."""
        return self.one("passkey", (credential_id,), rows.passkey)

    def add_passkey(self, passkey: Passkey) -> None:
        """Add one. Raises Taken: it is known, or the account has too many."""
        with self.write() as writer:
            held = writer.execute(SQL["passkeys"], (passkey.account_id,)).fetchall()
            if len(held) >= PER_ACCOUNT_MOST:
                raise Taken("passkeys")
            writer.execute(SQL["add_passkey"], rows.passkey_values(passkey))

    def use_passkey(self, passkey_id: str, sign_count: int, at: datetime) -> bool:
        """Note a use; False where the count does not grow."""
        return self.changed("use_passkey", (passkey_id, sign_count, to_us(at)))

    def drop_credential(self, credential_id: str) -> str | None:
        """Remove the credential of that id; return its kind."""
        with self.write() as writer:
            for name, kind in _DROPS:
                if changed(writer, name, (credential_id,)):
                    return kind
            return None

    # -- sessions --------------------------------------------------------------------------------

    def open_session(self, session: Session, token_hash: bytes) -> None:
        """Open one with its first token."""
        with self.write() as writer:
            writer.execute(SQL["open_session"], rows.session_values(session))
            writer.execute(SQL["add_token"], (token_hash, session.id))
            writer.execute(SQL["end_oldest"], (session.account_id, PER_ACCOUNT_MOST))

    def held(self, token_hash: bytes) -> Held | None:
        """Return what a token leads to."""
        return self.one("held", (token_hash,), rows.held)

    def rotate(self, session: Session, token_hash: bytes, at: datetime) -> bool:
        """Give a session one more token."""
        with self.write() as writer:
            values = (session.id, to_us(session.rotated_at), to_us(at))
            if not changed(writer, "rotate", values):
                return False
            writer.execute(SQL["add_token"], (token_hash, session.id))
            return True

    def claim_token(self, token_hash: bytes, at: datetime) -> None:
        """Note the first use of a token, and retire the older ones."""
        with self.write() as writer:
            if changed(writer, "claim_token", (token_hash, to_us(at))):
                writer.execute(SQL["retire_tokens"], (token_hash, to_us(at)))

    def confirm(self, session_id: str, at: datetime) -> bool:
        """Note that the officer proved himself again."""
        return self.changed("confirm", (session_id, to_us(at)))

    def end_session(self, session_id: str) -> bool:
        """End one."""
        return self.changed("end_session", (session_id,))

    def sessions(self, account_id: str) -> list[Session]:
        """Return the account's open sessions, oldest first."""
        return self.all("sessions", (account_id,), rows.session)

    def over(self, at: datetime) -> list[Session]:
        """Return sessions whose shift is over by then (1,000 at most)."""
        return self.all("over", (to_us(at),), rows.session)

    def knows_device(self, device: str, account_id: str | None = None) -> bool:
        """Say whether that device has signed in to the account, or to any."""
        return self.one("knows_device", (device, account_id), bool) is not None

    def note_device(self, device: str, account_id: str, at: datetime) -> None:
        """Remember that it has."""
        with self.write() as writer:
            writer.execute(SQL["note_device"], (account_id, device, to_us(at)))
            writer.execute(SQL["forget_devices"], (account_id, PER_ACCOUNT_MOST))

    # -- machine keys ----------------------------------------------------------------------------

    def key(self, key_id: str) -> tuple[MachineKey, Account] | None:
        """Return a key with its owner."""
        return self.one("key", (key_id,), rows.owned_key)

    def keys(self, account_id: str | None = None) -> list[MachineKey]:
        """Return keys, oldest first."""
        return self.all("keys", (account_id,), rows.key)

    def add_key(self, key: MachineKey) -> None:
        """Add one."""
        with self.write() as writer:
            writer.execute(SQL["add_key"], rows.key_values(key))

    def revoke_key(self, key_id: str, at: datetime) -> bool:
        """Revoke it for good."""
        return self.changed("revoke_key", (key_id, to_us(at)))

    def note_key_used(self, key_id: str, at: datetime) -> None:
        """Note when it was last used."""
        self.changed("note_key_used", (key_id, to_us(at)))

    # -- one-time links --------------------------------------------------------------------------

    def invite(self, token_hash: bytes) -> Invite | None:
        """Return a link, used or not."""
        return self.one("invite", (token_hash,), rows.invite)

    def add_invite(self, invite: Invite) -> None:
        """Add one; other unused links of the same account (or first ones) end."""
        with self.write() as writer:
            writer.execute(SQL["drop_invites"], (invite.account_id,))
            writer.execute(SQL["add_invite"], rows.invite_values(invite))

    def redeem(self, invite: Invite, enrolment: Enrolment, at: datetime) -> bool:
        """Use a link up and write what it brings."""
        account = enrolment.account
        with self.write() as writer:
            if not changed(writer, "use_invite", (invite.id, to_us(at))):
                return False
            if not writer.execute(SQL["account"], (account.id,)).fetchall():
                _add_account(writer, account)
            _drop_credentials(writer, account.id)
            writer.execute(SQL["end_sessions"], (account.id,))
            if enrolment.password is not None:
                _set_password(writer, enrolment.password)
            if enrolment.totp is not None:
                _set_totp(writer, enrolment.totp)
            if enrolment.codes is not None:
                _set_codes(writer, enrolment.codes)
            if enrolment.passkey is not None:
                writer.execute(SQL["add_passkey"], rows.passkey_values(enrolment.passkey))
            return True

    # -- groups of regions, and notes of the house -----------------------------------------------

    def groups(self, sender: str) -> list[Group]:
        """Return the sender's saved groups, by name."""
        return self.all("groups", (sender,), rows.group)

    def save_group(self, group: Group) -> None:
        """Add one, or replace the one of that id. Raises Taken: the name is, or too many are."""
        with self.write() as writer:
            others = writer.execute(SQL["groups"], (group.sender,)).fetchall()
            if len([each for each in others if each[0] != group.id]) >= GROUPS_MOST:
                raise Taken("groups")
            values = (group.id, group.sender, group.name, to_json(group.regions))
            if not changed(writer, "save_group", values):
                raise Taken("group")  # that id is another sender's

    def drop_group(self, sender: str, group_id: str) -> bool:
        """Remove one of that sender's."""
        return self.changed("drop_group", (sender, group_id))

    def noted(self, name: str) -> str | None:
        """Return a small fact that the house keeps for good."""
        return self.one("noted", (name,), lambda row: str(row[0]))

    def note(self, name: str, value: str) -> None:
        """Keep a small fact."""
        self.changed("note", (name, value))


def _add_account(writer: apsw.Connection, account: Account) -> None:
    if writer.execute(SQL["count_accounts"]).get >= ACCOUNTS_MOST:
        raise Taken("accounts")
    writer.execute(SQL["add_account"], rows.account_values(account))


def _set_password(writer: apsw.Connection, password: Password) -> None:
    values = (password.id, password.account_id, password.hash, to_us(password.made_at))
    writer.execute(SQL["set_password"], values)


def _set_totp(writer: apsw.Connection, totp: Totp) -> None:
    values = (totp.id, totp.account_id, totp.secret, to_us(totp.made_at), totp.last_step)
    writer.execute(SQL["set_totp"], values)


def _set_codes(writer: apsw.Connection, codes: RecoveryCodes) -> None:
    writer.execute(SQL["drop_codes"], (codes.account_id,))
    writer.executemany(
        SQL["add_code"],
        [(codes.account_id, each, codes.id, to_us(codes.made_at)) for each in codes.hashes],
    )


def _drop_credentials(writer: apsw.Connection, account_id: str) -> None:
    for name in ("drop_passwords", "drop_totps", "drop_codes", "drop_passkeys"):
        writer.execute(SQL[name], (account_id,))
