"""A signed statement: a JSON object that carries the id of its key and its signature.

Signed are the bytes of the object without ``signature``: members sorted by name, no spaces,
UTF-8. Who holds the public key needs no Tocsin to check one.

Source: RELIABILITY P23; RFC 8032.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping

import msgspec

from tocsin.keys.kinds import PublicKey, SigningKey


def canonical(body: Mapping[str, object]) -> bytes:
    """Return the bytes that are signed: everything but ``signature``."""
    return msgspec.json.encode(
        {name: value for name, value in body.items() if name != "signature"}, order="sorted"
    )


def signed(body: Mapping[str, object], key: SigningKey) -> dict[str, object]:
    """Return a statement with ``key`` and ``signature`` (base64) put in."""
    named = {**body, "key": key.id}
    return {**named, "signature": base64.b64encode(key.sign(canonical(named))).decode("ascii")}


def misfit(body: Mapping[str, object], keys: Iterable[PublicKey]) -> str | None:
    """Return why a statement is not one that a holder of these keys signed; None where it is."""
    known = [key for key in keys if key.id == body.get("key")]
    if not known:
        return "it is signed by a key that is not known here"
    try:
        signature = base64.b64decode(str(body.get("signature", "")), validate=True)
    except (binascii.Error, ValueError):
        return "its signature is not base64"
    data = canonical(body)
    if any(key.fits(data, signature) for key in known):
        return None
    return "its signature does not fit: it was changed"
