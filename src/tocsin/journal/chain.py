"""The hash chain: each row's hash covers the whole row and the hash of the row before.

``hash(n) = SHA-256(hash(n-1) || canonical(n))``, and ``hash(0)`` is ``GENESIS``.

``canonical`` is one string of bytes for each row and one row for each string: numbers in
big-endian order, then the lengths of all that varies, then those bytes themselves::

    seq            8 bytes, signed
    version        8 bytes, signed
    recorded_at    8 bytes, signed: microseconds since 1970-01-01T00:00Z
    present        1 byte: 1 if there is an alert_id, plus 2 if there is an audience_seq
    audience_seq   8 bytes, signed; 0 if there is none
    lengths        4 bytes each: kind, audience, alert_id (0 if none), data
    kind, audience, alert_id, data; texts as UTF-8

What a chain can show: any change of a row, and any row put in, taken out or moved, since the
first such place does not fit. What it cannot show by itself: rows cut off its end, and a
chain written anew from some row to its end. Both fit perfectly, and only somebody who kept
an earlier (number, hash) elsewhere can tell (``verify`` takes those as ``known``).

Source: RELIABILITY P23.
"""

from __future__ import annotations

import hashlib
import struct

GENESIS = hashlib.sha256(b"tocsin journal 1").digest()
"""The hash before the first row."""

Content = tuple[int, str, int, bytes, str | None, str, int | None, int]
"""seq, kind, version, data, alert_id, audience, audience_seq, microseconds since 1970."""

_FIXED = struct.Struct(">qqqBqIIII")
_HAS_ALERT = 1
_HAS_AUDIENCE_SEQ = 2


def canonical(row: Content) -> bytes:
    """Return the row as the bytes that are hashed."""
    seq, kind, version, data, alert_id, audience, audience_seq, recorded_us = row
    kind_bytes = kind.encode()
    audience_bytes = audience.encode()
    alert_bytes = b"" if alert_id is None else alert_id.encode()
    present = (0 if alert_id is None else _HAS_ALERT) | (
        0 if audience_seq is None else _HAS_AUDIENCE_SEQ
    )
    fixed = _FIXED.pack(
        seq,
        version,
        recorded_us,
        present,
        audience_seq or 0,
        len(kind_bytes),
        len(audience_bytes),
        len(alert_bytes),
        len(data),
    )
    return b"".join((fixed, kind_bytes, audience_bytes, alert_bytes, data))


def link(before: bytes, row: Content) -> bytes:
    """Return the hash of a row that follows the row with the hash ``before`` (32 bytes)."""
    return hashlib.sha256(before + canonical(row)).digest()
