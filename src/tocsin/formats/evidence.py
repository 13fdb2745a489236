"""An evidence file: everything known of an incident, as a zip that anybody can check.

    manifest.json     what it is, the hash of every other file, the signed head; signed itself
    evidence.json     the account: incidents, claims, quotes, sources, links, embargoes
    rows.ndjson       the rows of the journal that say so, whole, each with the hash before it
    chain.bin         the hash of every row from the one before the first of them to the head
    words/HASH        officers' sentences, named by their own hash
    sealed/HASH       the sealed bytes of quotes, which the chain names by this hash

``docs/integrate/evidence.md`` says how it is checked; ``tools/verify_evidence.py`` does so without
this package.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

FORMAT = "tocsin-evidence/1"
MEDIA = "application/zip"
MANIFEST, ACCOUNT, ROWS, CHAIN = "manifest.json", "evidence.json", "rows.ndjson", "chain.bin"
WORDS, SEALED = "words", "sealed"
HASH_BYTES = 32
_MOMENT = (1980, 1, 1, 0, 0, 0)
"""Files in a zip carry a time of their own; the manifest has the one that counts."""


class RowBody(Struct, frozen=True, kw_only=True):
    """One row of the journal: all that is hashed, the hash before it, and its own."""

    seq: int
    kind: str
    version: int
    audience: str
    audience_seq: int | None
    alert_id: str | None
    recorded_at_us: int
    data: str
    before: str
    hash: str


class QuoteBody(Struct, frozen=True, kw_only=True):
    """A quote, opened by the house; ``content`` is the hash of its sealed bytes."""

    content: str
    start: int
    end: int
    text: str | None
    erased: bool


class ClaimRecord(Struct, frozen=True, kw_only=True):
    """A claim with all that became of it. ``saying`` is what the chain holds, word for word."""

    id: str
    incident: str | None
    saying: dict[str, Any]
    entered_at: datetime
    entered_by: str
    standing: str
    replaces: str | None
    replaced_by: str | None
    ended_at: datetime | None
    reason: str
    quote: QuoteBody | None
    words: dict[str, str]


class ReportRecord(Struct, frozen=True, kw_only=True):
    """A report that claims were taken from; ``text`` only where it was asked for."""

    id: str
    outlet: str
    published: str
    language: str
    title: str
    address: str
    content: str
    taken_at: datetime
    erased: bool
    text: str | None


class IncidentRecord(Struct, frozen=True, kw_only=True):
    """An incident as it is known now; ``wave`` are the alerts of a wave."""

    id: str
    handle: str
    kind: str
    site: str
    where: dict[str, Any]
    when: dict[str, Any]
    title: dict[str, str]
    is_open: bool
    stage: str
    public_id: str
    opened_at: datetime
    opened_by: str
    same_as: str | None
    alerts: list[str]


class LinkRecord(Struct, frozen=True, kw_only=True):
    """How two incidents belong together."""

    kind: str
    one: str
    other: str
    reason: str
    at: datetime
    by: str


class StepRecord(Struct, frozen=True, kw_only=True):
    """One event, by the number of its row."""

    seq: int
    at: datetime
    kind: str
    by: str


class Account(Struct, frozen=True, kw_only=True):
    """Everything known: ``asked`` is the incident that was asked for, its parts follow it."""

    format: str
    asked: str
    incidents: list[IncidentRecord]
    claims: list[ClaimRecord]
    reports: list[ReportRecord]
    links: list[LinkRecord]
    embargoes: list[StepRecord]
    history: list[StepRecord]


def packed(files: Mapping[str, bytes]) -> bytes:
    """Return files as a zip; the same files give the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name in sorted(files, key=lambda each: (each != MANIFEST, each)):
            info = zipfile.ZipInfo(name, _MOMENT)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
    return target.getvalue()


def hashes(files: Mapping[str, bytes]) -> dict[str, str]:
    """Return the SHA-256 of each file, by name."""
    return {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}


def lines(rows: Iterable[RowBody]) -> bytes:
    """Return rows as lines of JSON."""
    return b"".join(msgspec.json.encode(each) + b"\n" for each in rows)
