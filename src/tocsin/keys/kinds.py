"""What a key can do: sign and check, or be the secret half of a hash. Pure; no files.

A key prints as its id: its secret part is in no ``repr``, no error and no log.

Source: RFC 8032 (Ed25519); RFC 8410 (its PEM form); RFC 2104 (HMAC).
"""

from __future__ import annotations

import enum
import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

FINGERPRINT_DIGITS = 16
SECRET_BYTES = 32
_PEM = serialization.Encoding.PEM
_RAW = serialization.Encoding.Raw


class Purpose(enum.StrEnum):
    """What a key is for; no key has two. One for CAP, sirens or a webhook gets its line here."""

    HEAD = "head"
    """Signs the journal's heads and the public statement of where the house is (P23)."""
    SEAL = "seal"
    """The secret under which a stranger's address is hashed, and later what is sealed."""


SIGNING = frozenset((Purpose.HEAD,))
"""Purposes whose key is an Ed25519 pair; all others are 256 random bits."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The half that checks signatures and that anybody may hold."""

    id: str
    public: bytes
    """32 bytes, as RFC 8032 writes them."""

    @property
    def fingerprint(self) -> str:
        """The first 16 hex digits of the SHA-256 of the public half; a key's id ends with it."""
        return hashlib.sha256(self.public).hexdigest()[:FINGERPRINT_DIGITS]

    def fits(self, data: bytes, signature: bytes) -> bool:
        """Say whether this key signed exactly these bytes."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, data)
        except InvalidSignature:
            return False
        return True

    def pem(self) -> bytes:
        """Return it in the form that ``openssl pkeyutl -verify`` reads."""
        return Ed25519PublicKey.from_public_bytes(self.public).public_bytes(
            _PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A pair that signs; ``made_at`` is None where it is the operator's own file."""

    id: str
    purpose: Purpose
    made_at: datetime | None
    private: Ed25519PrivateKey = field(repr=False, compare=False)

    @property
    def public(self) -> PublicKey:
        """The half that may be shown."""
        return PublicKey(
            self.id, self.private.public_key().public_bytes(_RAW, serialization.PublicFormat.Raw)
        )

    @property
    def fingerprint(self) -> str:
        """The public half's fingerprint."""
        return self.public.fingerprint

    def sign(self, data: bytes) -> bytes:
        """Return the signature of these bytes, 64 bytes; about 50 us."""
        return self.private.sign(data)


@dataclass(frozen=True, slots=True)
class SecretKey:
    """256 random bits; ``made_at`` is None where they are the operator's own file."""

    id: str
    purpose: Purpose
    made_at: datetime | None
    secret: bytes = field(repr=False, compare=False)

    @property
    def fingerprint(self) -> str:
        """What tells two secrets apart and gives neither away."""
        return _secret_fingerprint(self.secret)

    def hashed(self, what: str, text: str) -> str:
        """Return a text as 32 hex digits that only who holds this key can work out again.

        ``what`` keeps uses apart: the same address counted as a source and named elsewhere
        gives two hashes. It must not hold a NUL.
        """
        message = what.encode() + b"\0" + text.encode("utf-8", "surrogatepass")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()[:32]


Key = SigningKey | SecretKey


def fresh(purpose: Purpose) -> tuple[bytes, str]:
    """Return a new key's file and its fingerprint."""
    if purpose in SIGNING:
        private = Ed25519PrivateKey.generate()
        data = private.private_bytes(
            _PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return data, SigningKey("", purpose, None, private).fingerprint
    secret = secrets.token_bytes(SECRET_BYTES)
    return secret.hex().encode() + b"\n", _secret_fingerprint(secret)


def key_of(purpose: Purpose, data: bytes, made_at: datetime | None, key_id: str) -> Key:
    """Return the key that a file holds; an empty ``key_id`` stands for its fingerprint.

    Raises:
        ValueError: it holds no such key.
    """
    if purpose in SIGNING:
        try:
            private = serialization.load_pem_private_key(data, None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise ValueError("it is not a private key in PEM without a password") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise ValueError("it is not an Ed25519 key")
        signing = SigningKey(key_id, purpose, made_at, private)
        return signing if key_id else SigningKey(signing.fingerprint, purpose, made_at, private)
    try:
        secret = bytes.fromhex(data.decode("ascii"))
    except ValueError:
        raise ValueError("it is not hex digits") from None
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"it holds {len(secret)} bytes, not {SECRET_BYTES}")
    return SecretKey(key_id or _secret_fingerprint(secret), purpose, made_at, secret)


def public_of(key_id: str, pem: bytes) -> PublicKey:
    """Return the public key that a PEM holds, by the id it was found under.

    Raises:
        ValueError: it holds no Ed25519 key.
    """
    try:
        public = serialization.load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise ValueError("it is not a public key in PEM") from None
    if not isinstance(public, Ed25519PublicKey):
        raise ValueError("it is not an Ed25519 key")  # noqa: TRY004  # the file's fault
    return PublicKey(key_id, public.public_bytes(_RAW, serialization.PublicFormat.Raw))


def _secret_fingerprint(secret: bytes) -> str:
    return hashlib.sha256(b"tocsin fingerprint\0" + secret).hexdigest()[:FINGERPRINT_DIGITS]
