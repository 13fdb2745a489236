"""Reports and their drafts: taken in, read, confirmed or rejected by a situation officer.

A draft is never an entry, and a report never a source of alerts (RELIABILITY P28): a warning that
a report quotes is an unverified statement, nothing more.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit

from msgspec import Meta, Struct

from tocsin.checks.text import name_refusal, prose_refusal
from tocsin.core import ledger_commands as lc
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.claims import Saying
from tocsin.core.incidents import Report
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import BadInput, TocsinError
from tocsin.formats import ledger as bodies
from tocsin.formats.api import prose
from tocsin.reader import claim as drafted
from tocsin.reader.text import decode, is_page
from tocsin.service.copies import similar
from tocsin.service.reports import Incoming, Reading, Reports
from tocsin.web.api import alerts, asks, incidents, ledgerasks
from tocsin.web.api.ledgerasks import Texts
from tocsin.web.api.ledgerbodies import reports_of
from tocsin.web.api.staff import NO_DESK
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
ALERTING = frozenset((drafted.Kind.ALERT, drafted.Kind.EVACUATION))
"""Kinds of drafts that look like a warning, and are none."""
BRINGS = ("text", "html", "file")
A_DAY = timedelta(days=1)
SAMPLE = 10_000
"""Bytes of a file by which it is known to be a page."""


class ReportsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which reports, the latest first."""

    state: Annotated[
        Literal["waiting", "done", "all"], Meta(description="In the inbox, out of it, or both.")
    ] = "waiting"
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    cursor: Annotated[asks.Name | None, Meta(description="The last id seen.")] = None


class ReportsBody(Struct, frozen=True, kw_only=True):
    """Reports, the latest first; ``cursor`` leads on, null at the end."""

    reports: list[bodies.NewsReportBody]
    cursor: str | None


class MarkBody(Struct, frozen=True, kw_only=True):
    """A run of a report's text, and what part of a draft it is."""

    part: Annotated[
        str,
        Meta(description="`quote`, `time`, `place`, `figure`, `thing` or `speaker`."),
    ]
    span: bodies.SpanBody


class ProposedBody(Struct, frozen=True, kw_only=True):
    """An incident that a draft may be about; a person decides."""

    incident: str
    score: float
    reasons: list[str]


class DraftSayingBody(Struct, frozen=True, kw_only=True):
    """A draft as the ledger would hold it."""

    kind: str
    voice: bodies.VoiceBody
    outlet: str
    hedge: str
    figures: list[bodies.FigureBody]
    things: list[bodies.ThingBody]
    happened: bodies.WhenBody | None
    where: bodies.DeskWhereBody | None


class DraftBody(Struct, frozen=True, kw_only=True):
    """One draft of a report."""

    name: str
    kind: str
    state: Annotated[str, Meta(description="`waiting`, `confirmed` or `rejected`.")]
    quote: bodies.SpanBody
    marks: list[MarkBody]
    saying: DraftSayingBody
    places: Annotated[list[str], Meta(description="As the report names them, the finest first.")]
    is_ambiguous: Annotated[bool, Meta(description="Other places bear the name: choose.")]
    is_private: Annotated[bool, Meta(description="Its speaker is no public person: unnamed.")]
    is_no_alert: Annotated[bool, Meta(description="It tells of a warning, and is none.")]
    event: str | None
    reasons: list[str]
    contradicts: list[str]
    proposed: list[ProposedBody]
    note: str


class ReadReportBody(Struct, frozen=True, kw_only=True):
    """A report with its text and its drafts."""

    report: bodies.NewsReportBody
    text: Annotated[str | None, Meta(description="null: it was erased.")]
    drafts: list[DraftBody]
    again: Annotated[bool, Meta(description="It was there already.")] = False
    copy_of: Annotated[
        str | None,
        Meta(description="An earlier report of nearly the same words: one source, not two."),
    ] = None


async def reports(ask: Ask) -> Answer | Refusal:
    """Return the inbox."""
    query: ReportsQuery = ask.query
    desk = reports_of(ask.house)
    if desk is None:
        return NO_DESK
    found = [
        each
        for each in sorted(
            ask.house.service.ledger.reports.values(), key=lambda r: r.id, reverse=True
        )
        if query.state == "all" or (each.done_at is not None) == (query.state == "done")
    ]
    if query.cursor is not None:
        found = [each for each in found if each.id < query.cursor]
    page = found[: query.limit]
    body = ReportsBody(
        reports=[bodies.report_body(each, desk.waiting(each)) for each in page],
        cursor=page[-1].id if len(found) > len(page) else None,
    )
    return Answer(body, headers=NO_STORE)


async def report(ask: Ask) -> Answer | Refusal:
    """Return a report, its text and its drafts."""
    desk = reports_of(ask.house)
    if desk is None:
        return NO_DESK
    found = _named(ask)
    if isinstance(found, Refusal):
        return found
    return Answer(await read_body(desk, found), headers=NO_STORE)


async def take(ask: Ask) -> Answer | Refusal:
    """Take a report in."""
    desk = reports_of(ask.house)
    if desk is None:
        return NO_DESK
    incoming = await _incoming(ask, ask.body)
    key = request_key(ask)
    for part in (incoming, key):
        if isinstance(part, Refusal):
            return part
    assert isinstance(incoming, Incoming)  # noqa: S101  # refusals have left
    assert not isinstance(key, Refusal)  # noqa: S101
    taken = await desk.take(incoming, warrant=ask.identity.warrant, key=key)
    if isinstance(taken, Refusal):
        is_body = taken.field == "/text"  # which member brought it, the reader does not know
        return replace(taken, field=f"/{_brought_by(ask.body)}") if is_body else taken
    found = ask.house.service.ledger.reports[taken.report_id]
    body = await read_body(desk, found, again=taken.again)
    return Answer(body, 200 if taken.again else 201, headers=NO_STORE)


async def confirm(ask: Ask) -> Answer | Refusal:
    """Enter a draft, as it is or as the officer says it."""
    body: ledgerasks.ConfirmAsk = ask.body
    found = await _drafted(ask)
    if isinstance(found, Refusal):
        return found
    desk, report_, each = found
    if (refused := incidents.one_of(body)) is not None:
        return refused
    texts: Texts = {}
    saying = _said(ask, desk, report_, each, body, texts)
    opens = incidents.opening(ask, body.open, texts, "/open") if body.open is not None else None
    if isinstance(saying, Refusal):
        return saying
    if isinstance(opens, Refusal):
        return opens
    quote, sealed = desk.sealed_quote(each.quote)
    command = lc.EnterClaim(
        saying=replace(saying, quote=quote),
        incident_id=incidents.id_of(ask, body.incident),
        opens=opens,
    )
    return await incidents.claim_entered(ask, command, {**texts, **sealed})


async def reject(ask: Ask) -> Answer | Refusal:
    """Do not enter a draft."""
    body: ledgerasks.RejectAsk = ask.body
    found = await _drafted(ask)
    if isinstance(found, Refusal):
        return found
    desk, report_, _ = found
    if ask.path["name"] in report_.confirmed:
        return Refusal(
            Rule.DRAFT_ANSWERED, "/name", "That draft was confirmed already; retract the claim."
        )
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    return await _done(
        ask, desk, report_,
        lc.RejectDraft(report_id=report_.id, draft=ask.path["name"], reason=body.reason),
    )  # fmt: skip


async def done(ask: Ask) -> Answer | Refusal:
    """Take a report out of the inbox."""
    desk, found = reports_of(ask.house), _named(ask)
    if desk is None:
        return NO_DESK
    if isinstance(found, Refusal):
        return found
    return await _done(ask, desk, found, lc.FinishReport(report_id=found.id))


async def erase(ask: Ask) -> Answer | Refusal:
    """Erase a report's text and every quote taken from it; the entries stay."""
    body: ledgerasks.WhyAsk = ask.body
    desk, found = reports_of(ask.house), _named(ask)
    if desk is None:
        return NO_DESK
    if isinstance(found, Refusal):
        return found
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    answer = await _done(ask, desk, found, lc.EraseWords(report_id=found.id, reason=body.reason))
    if isinstance(answer, Answer):  # nor does this house's memory keep them
        await desk.drafts(ask.house.service.ledger.reports[found.id])
    return answer


# -- inside --------------------------------------------------------------------------------------


async def read_body(desk: Reports, found: Report, *, again: bool = False) -> ReadReportBody:
    """Return a report as officers read it."""
    reading = await desk.drafts(found)
    names = {each.id: name for name, each in reading.drafts.items()}
    return ReadReportBody(
        report=bodies.report_body(found, desk.waiting(found)),
        text=desk.text(found),
        drafts=[_draft(desk, found, reading, name, names) for name in reading.drafts],
        again=again,
        copy_of=await asyncio.to_thread(similar, desk, found),
    )


def _draft(
    desk: Reports, found: Report, reading: Reading, name: str, names: Mapping[str, str]
) -> DraftBody:
    each = reading.drafts[name]
    saying = desk.saying(found, name, each)
    state = "waiting"
    if name in found.confirmed:
        state = "confirmed"
    elif name in found.rejected:
        state = "rejected"
    return DraftBody(
        name=name,
        kind=each.kind.value,
        state=state,
        quote=_span(each.quote),
        marks=_marks(each),
        saying=_saying(saying),
        places=[prose(place.name) for place in each.place],
        is_ambiguous=any(place.ambiguous for place in each.place),
        is_private=each.speaker.is_private,
        is_no_alert=each.kind in ALERTING,
        event=each.event,
        reasons=list(each.event_reasons),
        contradicts=[names[other] for other in each.contradicts if other in names],
        proposed=[
            ProposedBody(incident=link.incident_id, score=link.score, reasons=list(link.reasons))
            for link in desk.links(each)
        ] if state == "waiting" else [],
        note=each.note or "",
    )  # fmt: skip


def _marks(each: drafted.Claim) -> list[MarkBody]:
    """Return the runs of the text that a draft's parts come from, in the text's order."""
    found: list[tuple[str, drafted.Span | None]] = [
        ("time", each.time.span if each.time is not None else None),
        ("speaker", each.speaker.span),
        *(("place", place.span) for place in each.place),
        *(("thing", thing.span) for thing in each.infrastructure),
        *(
            ("figure", figure.span)
            for figure in (each.killed, each.injured, each.affected)
            if figure is not None
        ),
    ]
    marks = [MarkBody(part=part, span=_span(span)) for part, span in found if span is not None]
    return sorted(marks, key=lambda mark: (mark.span.start, mark.span.end, mark.part))


def _span(span: drafted.Span) -> bodies.SpanBody:
    return bodies.SpanBody(start=span.start, end=span.end, text=span.text)


def _saying(saying: Saying) -> DraftSayingBody:
    voice = saying.voice
    return DraftSayingBody(
        kind=saying.kind,
        voice=bodies.VoiceBody(
            kind=voice.kind, name=prose(voice.name), role=prose(voice.role), org=prose(voice.org),
            via=prose(voice.via), official=voice.official,
        ),
        outlet=prose(saying.outlet),
        hedge=saying.hedge,
        figures=[bodies.figure_body(each) for each in saying.figures],
        things=[bodies.ThingBody(type=each.type, status=each.status) for each in saying.things],
        happened=bodies.when_body(saying.happened) if saying.happened is not None else None,
        where=bodies.desk_where_body(saying.where) if saying.where is not None else None,
    )  # fmt: skip


def _said(
    ask: Ask,
    desk: Reports,
    found: Report,
    each: drafted.Claim,
    body: ledgerasks.ConfirmAsk,
    texts: Texts,
) -> Saying | Refusal:
    """Return what is entered: the draft, or the officer's saying from the same words."""
    world, name = ask.house.service.world, ask.path["name"]
    if body.saying is not None:
        for beside in ("text", "official"):
            if getattr(body, beside):
                return Refusal(Rule.BAD_VALUE, f"/{beside}", "Say it in `saying`.")
        said = ledgerasks.saying(world, body.saying, texts)
        if isinstance(said, Refusal):
            return said
        return replace(said, report_id=found.id, draft=name)
    words = ledgerasks.words(world, body.text, "/text", texts)
    if isinstance(words, Refusal):
        return words
    plain = desk.saying(found, name, each)
    return replace(plain, words=words, voice=replace(plain.voice, official=body.official))


async def _incoming(ask: Ask, body: ledgerasks.ReportAsk) -> Incoming | Refusal:
    """Return a report as it came; exactly one of text, html, file and address brings it."""
    published = _day(ask, body.published)
    if isinstance(published, Refusal):
        return published
    refused = (
        name_refusal(body.outlet, "/outlet") or name_refusal(body.title, "/title")
        or _bad_address(body.address)
    )  # fmt: skip
    if refused is not None:
        return refused
    given = [name for name in BRINGS if getattr(body, name) is not None]
    if len(given) > 1:
        return Refusal(Rule.BAD_VALUE, f"/{given[1]}", "Give the report once.")
    if given:
        content = getattr(body, given[0])
        content = content.encode() if isinstance(content, str) else content
    elif body.address is not None:
        fetched = await _fetched(ask, body.address)
        if isinstance(fetched, Refusal):
            return fetched
        content = fetched
    else:
        return Refusal(Rule.MISSING_MEMBER, "/text", "Give its text, html, file or address.")
    return Incoming(
        body=content, outlet=body.outlet, published=published, language=body.language,
        title=body.title, address=body.address or "",
        is_html=body.html is not None or (body.text is None and _is_html(content)),
    )  # fmt: skip


def _brought_by(body: ledgerasks.ReportAsk) -> str:
    """Return the member that a report came by."""
    return next((name for name in (*BRINGS, "address") if getattr(body, name) is not None), "text")


def _day(ask: Ask, told: str | None) -> date | Refusal | None:
    """Return the day a report was published; one that cannot be is refused, not kept."""
    if told is None:
        return None
    try:
        day = date.fromisoformat(told)
    except ValueError:
        return Refusal(Rule.BAD_VALUE, "/published", "There is no such day.")
    if day < ledgerasks.EARLIEST.date():
        return Refusal(Rule.BAD_VALUE, "/published", "No such year is kept here.")
    if day > ask.house.service.clock.now().date() + A_DAY:  # somewhere it is tomorrow already
        return Refusal(Rule.TIME_IN_FUTURE, "/published", "That day has not come yet.")
    return day


def _bad_address(address: str | None) -> Refusal | None:
    """Refuse what is no address of a page: it is shown beside the report for ever."""
    if address is None:
        return None
    is_plain = address.isprintable() and not any(sign.isspace() for sign in address)
    try:
        parts = urlsplit(address)
    except ValueError:
        parts = None
    if not is_plain or parts is None or parts.scheme not in ("http", "https") or not parts.netloc:
        return Refusal(
            Rule.ADDRESS_REFUSED, "/address", "Give an address that begins with https:// or http://"
        )
    return None


def _is_html(content: bytes) -> bool:
    start = content[:SAMPLE].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    return is_page(start.decode("latin-1"))  # tags are ASCII in any encoding


async def _fetched(ask: Ask, address: str) -> bytes | Refusal:
    """Return what stands at an address, as UTF-8 where the far end says what it is."""
    fetch = ask.house.shared.get("fetch")
    if fetch is None:
        return Refusal(Rule.ADDRESS_REFUSED, "/address", "This house fetches nothing.")
    try:
        found = await fetch(address)
    except BadInput as problem:
        return Refusal(Rule.ADDRESS_REFUSED, "/address", f"{problem}.")
    except TocsinError as problem:
        return Refusal(Rule.ADDRESS_SILENT, "/address", f"{problem}.")
    try:
        return decode(found.body, charset=found.charset).encode()
    except BadInput as problem:
        return Refusal(Rule.UNREADABLE_REPORT, "/address", f"{problem}.")


def _named(ask: Ask) -> Report | Refusal:
    found = ask.house.service.ledger.reports.get(ask.path["id"])
    if found is None:
        return Refusal(Rule.UNKNOWN_REPORT, "/id", "No report of that id was taken in here.")
    return found


async def _drafted(ask: Ask) -> tuple[Reports, Report, drafted.Claim] | Refusal:
    desk, found = reports_of(ask.house), _named(ask)
    if desk is None:
        return NO_DESK
    if isinstance(found, Refusal):
        return found
    each = (await desk.drafts(found)).drafts.get(ask.path["name"])
    if each is None:
        return Refusal(Rule.UNKNOWN_REPORT, "/id", "That report has no such draft.")
    return desk, found, each


async def _done(
    ask: Ask, desk: Reports, found: Report, command: lc.LedgerCommand
) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        return outcome
    now = service.ledger.reports[found.id]
    return Answer(bodies.report_body(now, desk.waiting(now)), headers=NO_STORE)


VIEW, SITUATION = Permission.VIEW, Permission.SITUATION
DESK = Audience.DESK
KNOWN = (Rule.UNKNOWN_REPORT, Rule.NOT_ALLOWED, Rule.WRONG_ROOM, Rule.NOT_ACCEPTED, *alerts.KEYED)

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/reports", name="list-reports",
        summary="Return the desk's inbox, the latest first",
        permission=VIEW, query=ReportsQuery, response=ReportsBody, handler=reports,
        refusals=(Rule.NOT_ACCEPTED,), audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/reports", name="take-report",
        summary="Take a report in, and read it into drafts",
        description="The same text again is the same report, and answers 200.",
        permission=SITUATION, roomed=True, request=ledgerasks.ReportAsk, query=NoQuery,
        response=ReadReportBody, status=201, handler=take,
        refusals=tuple(dict.fromkeys((
            Rule.UNREADABLE_REPORT, Rule.SOURCE_MISSING, Rule.ADDRESS_REFUSED,
            Rule.ADDRESS_SILENT, Rule.CONTROL_CHARACTER, Rule.TIME_IN_FUTURE, *KNOWN,
        ))),
        audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/reports/{{id}}", name="get-report",
        summary="Return a report, its text and its drafts",
        permission=VIEW, query=NoQuery, response=ReadReportBody, handler=report,
        refusals=(Rule.UNKNOWN_REPORT, Rule.NOT_ACCEPTED), audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/reports/{{id}}/drafts/{{name}}/confirm", name="confirm-draft",
        summary="Enter a draft, as it is or as the officer says it",
        permission=SITUATION, roomed=True, request=ledgerasks.ConfirmAsk, query=NoQuery,
        response=bodies.DeskClaimBody, status=201, handler=confirm,
        refusals=tuple(dict.fromkeys((
            Rule.DRAFT_ANSWERED, Rule.INCIDENT_MISSING, Rule.UNKNOWN_INCIDENT,
            Rule.EMBARGO_HOLDS,
            Rule.OUTSIDE_JURISDICTION, *incidents.SAID, *KNOWN,
        ))),
        audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/reports/{{id}}/drafts/{{name}}/reject", name="reject-draft",
        summary="Do not enter a draft",
        permission=SITUATION, roomed=True, request=ledgerasks.RejectAsk, query=NoQuery,
        response=bodies.NewsReportBody, handler=reject,
        refusals=(Rule.DRAFT_ANSWERED, Rule.CONTROL_CHARACTER, *KNOWN), audience=DESK,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/reports/{{id}}/done", name="finish-report",
        summary="Take a report out of the inbox",
        permission=SITUATION, roomed=True, request=asks.NothingAsk, query=NoQuery,
        response=bodies.NewsReportBody,
        handler=done, refusals=KNOWN, audience=DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/reports/{{id}}/erase", name="erase-report",
        summary="Erase a report's text and every quote taken from it; the entries stay",
        permission=SITUATION, roomed=True, request=ledgerasks.WhyAsk, query=NoQuery,
        response=bodies.NewsReportBody, handler=erase,
        refusals=(Rule.REASON_MISSING, Rule.CONTROL_CHARACTER, *KNOWN), audience=DESK,
        headers=NO_STORE,
    ),
)  # fmt: skip
