"""Is it signed: what a feed sends carries its key's id and an Ed25519 signature of the raw body.

The signature is checked over the bytes as they came, before anything of them is read. One way of
writing a signature is accepted, so that a message cannot be told twice by spelling it otherwise.

Source: formats/api-v1.md, "Signed feeds"; RFC 8032; RFC 4648 section 3.5.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tocsin.core.refusals import Refusal, Rule
from tocsin.keys.kinds import PublicKey

KEY_HEADER, SIGNATURE_HEADER = "Tocsin-Key", "Tocsin-Signature"
SCHEME = "ed25519="
PUBLIC_BYTES = 32
SIGNATURE_BYTES = 64
_ID_MOST = 200
_SIGN_BIT = 0x7F
_SMALL_ORDER = frozenset(
    bytes.fromhex(each)
    for each in (
        "0000000000000000000000000000000000000000000000000000000000000000",
        "0100000000000000000000000000000000000000000000000000000000000000",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    )
)
"""Points of order 1, 2, 4 and 8, without the sign bit: under them anybody can sign something."""


@dataclass(frozen=True, slots=True)
class Claim:
    """Whose message it says it is, and the signature that is to show it."""

    key: str
    signature: bytes


def claimed(keys: Sequence[str], signatures: Sequence[str]) -> Claim | Refusal:
    """Return what the two headers say; ``keys`` and ``signatures`` are all values of each."""
    if len(keys) != 1 or not 0 < len(keys[0]) <= _ID_MOST:
        return Refusal(Rule.UNSIGNED, f"/{KEY_HEADER}", "Name the key that signs it, once.")
    field = f"/{SIGNATURE_HEADER}"
    if len(signatures) != 1:
        return Refusal(Rule.UNSIGNED, field, f"Send {SCHEME}<base64 over the raw body>, once.")
    if not signatures[0].startswith(SCHEME):
        return Refusal(Rule.UNSIGNED, field, f"It begins with {SCHEME!r}.")
    given = signatures[0].removeprefix(SCHEME)
    found = exactly(given, SIGNATURE_BYTES)
    if found is None:
        return Refusal(Rule.BAD_SIGNATURE, field, "It is not 64 bytes in base64 with padding.")
    return Claim(keys[0], found)


def exactly(text: str, length: int) -> bytes | None:
    """Return so many bytes from base64; None where it is not the one way of writing them."""
    try:
        found = base64.b64decode(text.encode("ascii"), validate=True)
    except (binascii.Error, ValueError):
        return None
    is_plain = len(found) == length and base64.b64encode(found).decode("ascii") == text
    return found if is_plain else None


def fits(public: bytes, signature: bytes, body: bytes) -> bool:
    """Say whether the holder of that key signed exactly these bytes."""
    return PublicKey("", public).fits(body, signature)


def public_refusal(text: str, field: str) -> bytes | Refusal:
    """Return the public key that is written in base64, or why it is no key to believe."""
    found = exactly(text, PUBLIC_BYTES)
    if found is None:
        return Refusal(
            Rule.BAD_VALUE, field, "A public key is 32 bytes in base64; `tocsin feeds keygen`."
        )
    if bytes((*found[:-1], found[-1] & _SIGN_BIT)) in _SMALL_ORDER:
        return Refusal(Rule.BAD_VALUE, field, "Anybody could sign for this key; make another.")
    return found


def fresh() -> tuple[bytes, str]:
    """Return a new pair: the private half in PEM, without a password, and the public in base64."""
    private = Ed25519PrivateKey.generate()
    pem = private.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    raw = serialization.Encoding.Raw
    public = private.public_key().public_bytes(raw, serialization.PublicFormat.Raw)
    return pem, base64.b64encode(public).decode("ascii")
