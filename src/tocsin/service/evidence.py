"""Evidence: all that is known of an incident or a wave, with the rows of the chain that say so.

Signed by the key that signs the journal's heads. What is in no row of the ledger is not in it: no
installation, no account but its id. What was erased stays erased, and the file says so.

What it proves, and what it does not, is in ``docs/integrate/evidence.md``: each row that is shown
follows from the hash before it; that the rows between, which are not shown, hash to what the file
says, the house vouches for by its signature, and any head kept elsewhere shows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tocsin.core import ledger_events as le
from tocsin.core.alert import Audience
from tocsin.core.claims import Claim, Quote
from tocsin.core.incidents import Incident, Ledger, Link, Report, fold
from tocsin.core.waves import alerts_of, incidents_of
from tocsin.formats import evidence as shapes
from tocsin.keys.kinds import SigningKey
from tocsin.keys.signed import signed
from tocsin.service.ports import Row
from tocsin.service.records import Records

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
EMBARGOES = le.EmbargoAsked | le.EmbargoSet | le.IncidentAnnounced | le.IncidentReleased
Opened = Callable[[str], bytes | None]
"""A content hash -> what is stored there, or what is sealed there opened; None where it is gone."""


@dataclass(slots=True)
class _Found:
    """What a walk over the journal brings: its hashes, and the events of the ledger."""

    hashes: list[bytes] = field(default_factory=list)
    events: list[tuple[Row, bytes, le.LedgerEvent]] = field(default_factory=list)
    """Each with the hash before its row."""
    last: Row | None = None


def evidence(
    records: Records,
    incident_id: str,
    key: SigningKey,
    now: datetime,
    *,
    text: Opened,
    unsealed: Opened,
    texts: bool = False,
) -> bytes:
    """Return the file of an incident, with what it is one with, and of a wave with its parts.

    O(the journal); blocking. The account is folded from the very rows that the file proves.
    """
    found = _walked(records)
    ledger = Ledger()
    for _, _, event in found.events:
        ledger = fold(ledger, event)
    ids = _incidents(ledger, incident_id)
    chosen = _chosen(found.events, ids)
    first = chosen[0][0].seq if chosen else 1
    account = _account(ledger, incident_id, ids, chosen, text, unsealed, texts=texts)
    files = {
        shapes.ACCOUNT: msgspec.json.format(msgspec.json.encode(account), indent=1),
        shapes.ROWS: shapes.lines(_row(row, before) for row, before, _ in chosen),
        shapes.CHAIN: b"".join(found.hashes[first - 1 :]),
        **_kept(account, [ledger.incidents[each].title for each in ids], text),
    }
    body: dict[str, object] = {
        "format": shapes.FORMAT,
        "made_at": now,
        "asked": incident_id,
        "first": first - 1,
        "rows": len(chosen),
        "files": shapes.hashes(files),
        "head": _head(records, found, key, now),
        "public_key": key.public.pem().decode("ascii"),
        "states": (
            "The house says that the sealed bytes under sealed/ open to the quotes in evidence.json"
        ),
    }
    manifest = msgspec.json.encode(signed(body, key), order="sorted")
    return shapes.packed({shapes.MANIFEST: manifest, **files})


def _walked(records: Records) -> _Found:
    end = records.head().seq
    found = _Found(hashes=[records.genesis])
    for row, event in records.forward():
        if row.seq > end:
            break
        if isinstance(event, le.LedgerEvent):
            found.events.append((row, found.hashes[-1], event))
        found.hashes.append(row.hash)
        found.last = row
    return found


def _head(records: Records, found: _Found, key: SigningKey, now: datetime) -> dict[str, object]:
    """Return the journal's end as signed, in the form of a file of heads."""
    last = found.last
    assert last is not None  # noqa: S101  # an incident was opened by a row
    audiences = records.head().audiences
    body: dict[str, object] = {
        "seq": last.seq,
        "hash": last.hash.hex(),
        "recorded_at": last.recorded_at,
        "signed_at": now,
        "audiences": {each.value: audiences.get(each, 0) for each in Audience},
    }
    return signed(body, key)


def _incidents(ledger: Ledger, incident_id: str) -> list[str]:
    """Return an incident and its parts, each with all that turned out to be it."""
    root = ledger.root(incident_id)
    whole = [root, *incidents_of(ledger, root)]
    return list(dict.fromkeys(each for name in whole for each in ledger.merged_into(name)))


def _chosen(
    events: list[tuple[Row, bytes, le.LedgerEvent]], ids: Iterable[str]
) -> list[tuple[Row, bytes, le.LedgerEvent]]:
    """Return the rows about these incidents, and about all that ever was put to one of them.

    That is every claim, the report it was taken from, and what was erased of either.
    """
    incidents = set(ids)
    claims: set[str] = set()
    for _, _, event in events:
        match event:
            case le.ClaimEntered() | le.ClaimMoved() if event.incident_id in incidents:
                claims.add(event.claim_id)
            case _:
                pass
    older = len(claims) + 1
    while older != len(claims):  # a claim and what it was corrected to are told together
        older = len(claims)
        for _, _, event in events:
            if isinstance(event, le.ClaimCorrected) and claims & {event.claim_id, event.new_id}:
                claims |= {event.claim_id, event.new_id}
    sayings = [
        event.saying for _, _, event in events
        if (isinstance(event, le.ClaimEntered) and event.claim_id in claims)
        or (isinstance(event, le.ClaimCorrected) and event.new_id in claims)
    ]  # fmt: skip
    reports = {each.report_id for each in sayings if each.report_id is not None}
    quotes = {each.quote.content for each in sayings if each.quote is not None}

    def belongs(event: le.LedgerEvent) -> bool:
        match event:
            case le.ReportTaken():
                return event.report_id in reports
            case le.WordsErased():
                return event.report_id in reports or not quotes.isdisjoint(event.contents)
            case le.ClaimEntered() | le.ClaimCorrected() | le.ClaimRetracted() | le.ClaimMoved():
                return event.claim_id in claims
            case le.IncidentsLinked() | le.IncidentsUnlinked():
                return event.one in incidents or event.other in incidents
            case le.WaveJoined():
                return event.wave_id in incidents
            case _:
                return getattr(event, "incident_id", None) in incidents

    return [each for each in events if belongs(each[2])]


def _account(
    ledger: Ledger,
    asked: str,
    ids: list[str],
    chosen: list[tuple[Row, bytes, le.LedgerEvent]],
    text: Opened,
    unsealed: Opened,
    *,
    texts: bool,
) -> shapes.Account:
    named = {
        each.new_id if isinstance(each, le.ClaimCorrected) else each.claim_id
        for _, _, each in chosen
        if isinstance(each, le.ClaimEntered | le.ClaimCorrected)
    }
    claims = sorted((c for c in ledger.claims.values() if c.id in named), key=_entered)
    reports = {c.saying.report_id for c in claims}
    steps = [(_step(row, event), event) for row, _, event in chosen]
    return shapes.Account(
        format=shapes.FORMAT,
        asked=asked,
        incidents=[_incident(ledger, ledger.incidents[each], text) for each in ids],
        claims=[_claim(each, ledger, text, unsealed) for each in claims],
        reports=[_report(r, unsealed, texts=texts) for r in ledger.reports.values()
                 if r.id in reports],
        links=[_link(each) for each in ledger.links if {each.one, each.other} & set(ids)],
        embargoes=[step for step, event in steps if isinstance(event, EMBARGOES)],
        history=[step for step, _ in steps],
    )  # fmt: skip


def _claim(claim: Claim, ledger: Ledger, text: Opened, unsealed: Opened) -> shapes.ClaimRecord:
    source = ledger.reports.get(claim.saying.report_id or "")
    erased = claim.erased or (source is not None and source.erased)
    return shapes.ClaimRecord(
        id=claim.id, incident=claim.incident_id, saying=_plain(claim.saying),
        entered_at=claim.entered_at, entered_by=claim.entered_by, standing=claim.standing,
        replaces=claim.replaces, replaced_by=claim.replaced_by, ended_at=claim.ended_at,
        reason=claim.reason, quote=_quote(claim.saying.quote, unsealed, erased=erased),
        words=_words(text, claim.saying.words),
    )  # fmt: skip


def _words(text: Opened, content: str) -> dict[str, str]:
    """Return an officer's sentences just as they were stored, by language."""
    body = text(content) if content else None
    return {} if body is None else msgspec.json.decode(body, type=dict[str, str])


def _quote(quote: Quote | None, unsealed: Opened, *, erased: bool) -> shapes.QuoteBody | None:
    if quote is None:
        return None
    words = None if erased else unsealed(quote.content)
    return shapes.QuoteBody(
        content=quote.content, start=quote.start, end=quote.end, erased=erased,
        text=None if words is None else words.decode("utf-8", "replace"),
    )  # fmt: skip


def _report(report: Report, unsealed: Opened, *, texts: bool) -> shapes.ReportRecord:
    words = unsealed(report.content) if texts and not report.erased else None
    return shapes.ReportRecord(
        id=report.id, outlet=report.outlet, published=report.published, language=report.language,
        title=report.title, address=report.address, content=report.content,
        taken_at=report.taken_at, erased=report.erased,
        text=None if words is None else words.decode("utf-8", "replace"),
    )  # fmt: skip


def _incident(ledger: Ledger, each: Incident, text: Opened) -> shapes.IncidentRecord:
    return shapes.IncidentRecord(
        id=each.id, handle=each.handle, kind=each.kind, site=each.site, where=_plain(each.where),
        when=_plain(each.when), title=_words(text, each.title),
        is_open=each.is_open, stage=each.stage, public_id=each.public_id,
        opened_at=each.opened_at, opened_by=each.opened_by, same_as=each.same_as,
        alerts=list(alerts_of(ledger, each.id)),
    )  # fmt: skip


def _link(link: Link) -> shapes.LinkRecord:
    return shapes.LinkRecord(kind=link.kind, one=link.one, other=link.other, reason=link.reason,
                             at=link.at, by=link.by)  # fmt: skip


def _kept(account: shapes.Account, titles: list[str], text: Opened) -> Mapping[str, bytes]:
    """Return the words that rows name by their hash, and the sealed bytes of what was quoted.

    A report's sealed bytes are beside its text, where that was asked for.
    """
    files: dict[str, bytes] = {}
    words = [*(each.saying["words"] for each in account.claims), *titles]
    for content in words:
        if content and (body := text(content)) is not None:
            files[f"{shapes.WORDS}/{content}"] = body
    quotes = [c.quote.content for c in account.claims if c.quote is not None and c.quote.text]
    reports = [each.content for each in account.reports if each.text is not None]
    for content in (*quotes, *reports):
        if (body := text(content)) is not None:
            files[f"{shapes.SEALED}/{content}"] = body
    return files


def _row(row: Row, before: bytes) -> shapes.RowBody:
    return shapes.RowBody(
        seq=row.seq, kind=row.kind, version=row.version, audience=row.audience.value,
        audience_seq=row.audience_seq, alert_id=row.alert_id,
        recorded_at_us=(row.recorded_at - EPOCH) // MICROSECOND, data=row.data.decode("utf-8"),
        before=before.hex(), hash=row.hash.hex(),
    )  # fmt: skip


def _step(row: Row, event: le.LedgerEvent) -> shapes.StepRecord:
    by = getattr(event, "by", "") or getattr(event, "account", "")
    return shapes.StepRecord(seq=row.seq, at=event.at, kind=row.kind, by=by)


def _entered(claim: Claim) -> tuple[datetime, str]:
    return claim.entered_at, claim.id


def _plain(value: object) -> dict[str, Any]:
    """Return what an event holds as JSON holds it."""
    return msgspec.json.decode(msgspec.json.encode(value), type=dict[str, Any])
