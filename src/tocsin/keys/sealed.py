"""What can hurt is kept sealed: reports and the quotes taken from them (DESIGN section 3, rule 14).

AES-256-GCM under a key that is derived from the house's seal secret. The nonce is random, so that
the hash by which the chain names a sealed text tells nothing of its words. What was sealed under an
older key is opened with it as long as the key is there.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tocsin.keys.kinds import SecretKey

MARK = b"sealed1\0"
NONCE_BYTES = 12


def seal(key: SecretKey, words: bytes) -> bytes:
    """Return the words sealed; a different result each time."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return MARK + nonce + AESGCM(_derived(key)).encrypt(nonce, words, MARK)


def unseal(keys: Sequence[SecretKey], sealed: bytes) -> bytes | None:
    """Return the words; None where none of the keys opens them, or they are not sealed."""
    if not sealed.startswith(MARK):
        return None
    nonce = sealed[len(MARK) : len(MARK) + NONCE_BYTES]
    body = sealed[len(MARK) + NONCE_BYTES :]
    for key in keys:
        try:
            return AESGCM(_derived(key)).decrypt(nonce, body, MARK)
        except (InvalidTag, ValueError):
            continue
    return None


def content_of(sealed: bytes) -> str:
    """Return the hash by which the chain names a sealed text."""
    return hashlib.sha256(sealed).hexdigest()


def _derived(key: SecretKey) -> bytes:
    """Return a key for this use alone: the secret also hashes addresses."""
    return hmac.new(key.secret, b"tocsin sealed texts 1", hashlib.sha256).digest()
