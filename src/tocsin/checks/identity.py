"""Who is asking: the credential of a request, and what whoever holds it may do.

The first token is written once, at the first start, to ``DATA/first-token`` (mode 0600, 256
bits); whoever can read that file may issue and open accounts. It needs no preview
(RELIABILITY P19) and holds until an administrator has signed in with a second factor. Who
holds a machine's key or a session is told by ``service.officers``.

Source: DESIGN section 7, "first token"; RFC 6750 section 2.1.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from tocsin.core.authority import DOING, MAY, Permission, Warrant
from tocsin.core.refusals import Refusal, Rule

__all__ = [
    "ANYBODY",
    "FIRST_TOKEN",
    "Credentials",
    "Identity",
    "Permission",
    "bearer",
    "demanded",
    "first_token",
    "of_warrant",
]

FILE = "first-token"
TOKEN_BYTES = 32


@dataclass(frozen=True, slots=True)
class Identity:
    """Who asks, and what they may do. ``direct``: they may issue without a preview.

    ``name`` is the account's id. ``warrant`` is None for anybody and for the first token, which
    speaks for the house itself. ``session`` is a session's id, never its token.
    """

    name: str
    permissions: frozenset[Permission]
    direct: bool = False
    warrant: Warrant | None = None
    session: str = ""

    def may(self, permission: Permission) -> bool:
        """Say whether they have that permission; everybody has ``public``."""
        return permission is Permission.PUBLIC or permission in self.permissions


ANYBODY = Identity("", frozenset())
FIRST_TOKEN = Identity(
    "first-token",
    frozenset((Permission.VIEW, Permission.ISSUE, Permission.ADMINISTER)),
    direct=True,
)


def of_warrant(warrant: Warrant) -> Identity:
    """Return the identity of whoever holds that warrant."""
    return Identity(
        warrant.account, MAY[warrant.scope.role], warrant.direct, warrant, warrant.session
    )


def bearer(authorization: str) -> str | None:
    """Return the token of an ``Authorization`` header, None where it is of another scheme."""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


class Credentials:
    """The first token of one house; holds a hash of it, never the token."""

    def __init__(self, first_token: str) -> None:
        self._first = hashlib.sha256(first_token.encode()).digest()

    def is_first(self, token: str) -> bool:
        """Say whether it is the first token."""
        given = hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()
        return hmac.compare_digest(given, self._first)

    def identify(self, authorization: str | None) -> Identity | Refusal:
        """Return who sent this ``Authorization`` header; no header is anybody."""
        if authorization is None:
            return ANYBODY
        token = bearer(authorization)
        if token is not None and self.is_first(token):
            return FIRST_TOKEN
        return unknown()


def unknown() -> Refusal:
    """Return the refusal of a credential that nobody has here."""
    return Refusal(Rule.BAD_CREDENTIAL, "/Authorization", "This credential is not known here.")


def demanded(identity: Identity, permission: Permission) -> Refusal | None:
    """Return why ``identity`` may not do what needs ``permission``, None where they may."""
    if identity.may(permission):
        return None
    if identity is ANYBODY:
        return Refusal(
            Rule.NO_CREDENTIAL, "/Authorization",
            "Sign in, or send a token as 'Authorization: Bearer ...'; the first one stands in the "
            "data folder's file first-token.",
        )  # fmt: skip
    return Refusal(
        Rule.NOT_ALLOWED, "/Authorization", f"This credential may not {DOING[permission]}."
    )


def first_token(data: Path) -> str:
    """Return the first token of a data folder, making it where there is none.

    Written whole or not at all, readable by its owner only. Raises OSError where the folder
    cannot be written.
    """
    path = data / FILE
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    token = secrets.token_urlsafe(TOKEN_BYTES)
    fresh = data / f".{FILE}-{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(token + "\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails where another process was first: then its token counts
        except FileExistsError:
            return _read(path)
    finally:
        fresh.unlink()
    return token


def _read(path: Path) -> str:
    token = path.read_text(encoding="ascii").strip()
    if len(token) < TOKEN_BYTES:
        raise ValueError(f"{path.name} is too short to be a token; remove it to get a new one")
    return token
