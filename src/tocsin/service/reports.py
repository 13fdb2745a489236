"""Reports on the desk: taken in sealed, read into drafts, confirmed by a person.

A report's text and every quote are sealed before they reach the journal (DESIGN section 3, rule
14); the chain holds the hash of what was sealed. Drafts are kept nowhere: the reader makes the same
ones from the same text, and a draft's name is its kind and where its quote stands. What became of
them (confirmed, rejected) is in the journal. A draft is never an entry, and a report never a source
of alerts (P28).
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Protocol
from zoneinfo import ZoneInfo

import msgspec
import structlog

from tocsin.core import ledger_commands as lc
from tocsin.core.authority import Warrant
from tocsin.core.claims import (
    Figure,
    Measure,
    Quote,
    Saying,
    SpeakerKind,
    Thing,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import Incident, Report
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import BadInput
from tocsin.keys.kinds import Purpose, SecretKey
from tocsin.keys.sealed import content_of, seal, unseal
from tocsin.keys.store import KeyStore
from tocsin.reader import claim as drafted
from tocsin.reader.document import Document
from tocsin.reader.draft import draft
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.link import Known, Proposal, propose
from tocsin.reader.text import article, decode, read_document
from tocsin.service.road import RequestKey
from tocsin.service.submit import Service

log = structlog.get_logger()


class Assisted(Protocol):
    """The drafts, a model's added after them; ``sentence`` says why it did not help."""

    @property
    def drafts(self) -> tuple[drafted.Claim, ...]:
        """All of them."""
        ...

    @property
    def sentence(self) -> str | None:
        """Why it did not help; None where it did."""
        ...


Assist = Callable[[Document, tuple[drafted.Claim, ...], Gazetteer], Awaitable[Assisted]]
"""Asks a language model; see ``reader.model.assist``. Never fails: it says why it did not help."""
MODEL = "model"
"""Ends the name of a draft that a language model pointed at."""
_PROPOSALS = msgspec.json.Decoder(tuple[drafted.Claim, ...])
READ_KEPT = 64
"""Reports whose drafts are kept in memory; any other is read again in a tenth of a second."""
DAY = timedelta(days=1)
MEASURES: Mapping[str, Measure] = {
    "missing": Measure.MISSING,
    "rescued": Measure.RESCUED,
    "evacuated": Measure.EVACUATED,
}
BY_KIND: Mapping[drafted.Kind, Measure] = {
    drafted.Kind.OUTAGE: Measure.OUT,
    drafted.Kind.RESTORATION: Measure.RESTORED,
    drafted.Kind.DAMAGE: Measure.DAMAGED,
    drafted.Kind.EVACUATION: Measure.EVACUATED,
}
KINDS: Mapping[str, drafted.Kind] = {
    "strike": drafted.Kind.STRIKE,
    "shelling": drafted.Kind.STRIKE,
    "explosion": drafted.Kind.EXPLOSION,
    "outage": drafted.Kind.OUTAGE,
}
"""What the reader calls an incident's kind; every other is a hazard to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A report as it comes: bytes or text, and what is known of it."""

    body: bytes
    outlet: str = ""
    published: date | None = None
    language: str | None = None
    title: str = ""
    address: str = ""
    is_html: bool = False
    charset: str | None = None
    """What its sender says it is written in."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of it. ``again``: the same report was there already."""

    report_id: str
    again: bool
    drafts: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A report that was read: its document and its drafts, each by name."""

    document: Document
    drafts: Mapping[str, drafted.Claim]


def name_of(each: drafted.Claim) -> str:
    """Return a draft's name: what it is and where it stands; the same whenever it is read."""
    return f"{each.kind}-{each.quote.start}-{each.quote.end}"


class Reports:
    """The inbox of one house, around its service."""

    def __init__(
        self,
        service: Service,
        keys: KeyStore,
        gazetteer: Callable[[], Gazetteer],
        assist: Assist | None = None,
    ) -> None:
        """``gazetteer`` opens the names of places when the first report needs them.

        ``assist`` asks a language model to point at words, where the house has one.
        """
        self._assist = assist
        self.service = service
        self._keys = keys
        self._gazetteer = cache(gazetteer)
        self.zone = ZoneInfo(service.world.time_zone)
        self._read: OrderedDict[str, Reading] = OrderedDict()

    # -- reports ---------------------------------------------------------------------------------

    async def take(
        self,
        incoming: Incoming,
        *,
        warrant: Warrant | None,
        key: RequestKey | None = None,
        by: str = "",
    ) -> Taken | Refusal:
        """Take a report into the inbox; the same text again is the same report.

        Raises:
            JournalUnavailable: the disk did not take it.
        """
        try:
            document = await asyncio.to_thread(self._document, incoming)
        except BadInput as problem:
            return Refusal(Rule.UNREADABLE_REPORT, problem.field or "/text", str(problem))
        if not document.text.strip():
            return Refusal(
                Rule.UNREADABLE_REPORT, "/text", "There is no article in it, only a page's frame."
            )
        outlet = incoming.outlet or document.outlet or ""
        if not outlet.strip():
            return Refusal(
                Rule.SOURCE_MISSING, "/outlet", "The text does not say whose report it is: name it."
            )
        secret = self._keys.key(Purpose.SEAL)
        digest = secret.hashed("report", folded(document.text))
        known = self.service.ledger.report_with(digest)
        if known is not None:
            return Taken(known.id, again=True, drafts=len((await self.drafts(known)).drafts))
        sealed = seal(secret, document.text.encode())
        texts = {content_of(sealed): sealed}
        proposed = await self._proposed(document)
        if proposed:
            texts[content_of(proposed)] = proposed
        outcome = await self.service.submit(
            lc.TakeReport(
                outlet=outlet,
                published=document.published.isoformat() if document.published else "",
                language=document.language,
                content=content_of(sealed),
                digest=digest,
                title=incoming.title,
                address=incoming.address,
                proposed=content_of(proposed) if proposed else "",
                by=by,
            ),
            warrant=warrant,
            key=key,
            texts=texts,
        )
        if isinstance(outcome, Refusal):
            return outcome
        report = self.service.ledger.report_with(digest)
        assert report is not None  # noqa: S101  # it was recorded just now
        reading = await self.drafts(report)
        return Taken(report.id, again=outcome.repeated, drafts=len(reading.drafts))

    def text(self, report: Report) -> str | None:
        """Return a report's text; None where it was erased, or no key opens it."""
        words = self.unsealed(report.content)
        return None if words is None else words.decode()

    def unsealed(self, content: str) -> bytes | None:
        """Return sealed words by the hash that the chain names them by."""
        sealed = self.service.text(content)
        return None if sealed is None else unseal(self._secrets(), sealed)

    async def drafts(self, report: Report) -> Reading:
        """Return a report's drafts; none where its text was erased."""
        if (known := self._read.get(report.id)) is not None and not report.erased:
            self._read.move_to_end(report.id)
            return known
        reading = await asyncio.to_thread(self._reading, report)
        self._read[report.id] = reading
        while len(self._read) > READ_KEPT:
            self._read.popitem(last=False)
        return reading

    def waiting(self, report: Report) -> int | None:
        """Return how many drafts nobody has answered; None where it was not read yet."""
        known = self._read.get(report.id)
        if known is None:
            return None
        answered = {*report.confirmed, *report.rejected}
        return sum(1 for name in known.drafts if name not in answered)

    # -- drafts ----------------------------------------------------------------------------------

    def saying(self, report: Report, name: str, each: drafted.Claim) -> Saying:
        """Return a draft as the ledger would hold it; the officer changes what is wrong in it."""
        speaker = each.speaker
        return Saying(
            kind=each.kind,
            voice=Voice(
                kind=SpeakerKind(speaker.kind),
                name="" if speaker.is_private else speaker.name or "",
                role=speaker.role or "",
                org=speaker.org or "",
                via=speaker.via or "",
            ),
            outlet=report.outlet,
            hedge=each.hedge,
            figures=figures(each),
            things=tuple(Thing(type=t.type, status=t.status) for t in each.infrastructure),
            happened=self.when(each.time) if each.time is not None else None,
            where=self.where(each.place),
            said_at=self._published(report),
            report_id=report.id,
            draft=name,
        )

    def sealed_quote(self, each: drafted.Span) -> tuple[Quote, Mapping[str, bytes]]:
        """Return a quote and its sealed words, to be stored with the entry that names them."""
        sealed = seal(self._keys.key(Purpose.SEAL), each.text.encode())
        content = content_of(sealed)
        return Quote(content=content, start=each.start, end=each.end), {content: sealed}

    def links(self, each: drafted.Claim) -> tuple[Proposal, ...]:
        """Return the incidents that a draft may be about, the likeliest first, with reasons."""
        return propose(each, self.known())

    def known(self) -> tuple[Known, ...]:
        """Return the incidents as the reader's linking knows them."""
        ledger = self.service.ledger
        roots = (each for each in ledger.incidents.values() if each.same_as is None)
        return tuple(self._known(each) for each in roots)

    def when(self, moment: drafted.Moment) -> When:
        """Return local days or minutes as moments in UTC; ``end`` becomes exclusive."""
        start, end = (self._at(text) for text in (moment.start, moment.end))
        step = timedelta(minutes=1) if moment.grain == "minute" else DAY
        return When(
            start=self._utc(start), end=self._utc(end + step), grain=moment.grain,
            certain=moment.basis == "explicit",
        )  # fmt: skip

    def where(self, places: tuple[drafted.Place, ...]) -> Where | None:
        """Return the most specific place that the profile knows; None: the officer chooses."""
        tree = self.service.world.tree
        site = next((place.name for place in places if place.level == "landmark"), "")
        for place in places:
            code = tree.find(place.geocode) if place.geocode else None
            if code is None and place.region:
                code = tree.find(place.region)
            if code is not None:
                name = place.name if place.level == "settlement" else ""
                return Where(geocode=code, name=name, site=site, certain=not place.ambiguous)
        return None

    # -- inside ----------------------------------------------------------------------------------

    def _secrets(self) -> tuple[SecretKey, ...]:
        return self._keys.all(Purpose.SEAL)

    async def _proposed(self, document: Document) -> bytes:
        """Return what a language model pointed at, sealed; empty where none was asked or helped.

        It is kept with the report: asked again, it might say something else.
        """
        if self._assist is None:
            return b""
        names = await asyncio.to_thread(self._gazetteer)
        plain = await asyncio.to_thread(draft, document, names)
        assisted = await self._assist(document, plain, names)
        if assisted.sentence is not None:
            log.warning("reader_model_silent")
        added = assisted.drafts[len(plain) :]
        if not added:
            return b""
        return seal(self._keys.key(Purpose.SEAL), msgspec.json.encode(added))

    def _document(self, incoming: Incoming) -> Document:
        text = decode(incoming.body, charset=incoming.charset)
        if incoming.is_html:
            text = article(text)
        return read_document(
            text, name="report", published=incoming.published, outlet=incoming.outlet or None,
            language=incoming.language, before=self.service.clock.now().date(),
        )  # fmt: skip

    def _reading(self, report: Report) -> Reading:
        text = self.text(report) or ""
        published = date.fromisoformat(report.published) if report.published else None
        document = read_document(
            text, name=report.id, published=published, outlet=report.outlet,
            language=report.language or None,
        )  # fmt: skip
        found = {name_of(each): each for each in draft(document, self._gazetteer())}
        kept = self.unsealed(report.proposed) if report.proposed else None
        for each in _PROPOSALS.decode(kept) if kept is not None else ():
            found[f"{name_of(each)}-{MODEL}"] = each
        return Reading(document, found)

    def _published(self, report: Report) -> datetime | None:
        if not report.published:
            return None
        noon = datetime.fromisoformat(report.published) + DAY / 2
        return min(self._utc(noon), self.service.clock.now())

    def _known(self, incident: Incident) -> Known:
        claims = self.service.ledger.claims_of(incident.id)
        things = {thing.type for claim in claims for thing in claim.saying.things}
        last = incident.when.end - timedelta(seconds=1)
        return Known(
            id=incident.id,
            kind=KINDS.get(incident.kind, drafted.Kind.HAZARD),
            names=tuple(each for each in (incident.where.name, incident.where.site) if each),
            geocode=incident.where.geocode,
            start=incident.when.start.astimezone(self.zone).date(),
            end=last.astimezone(self.zone).date(),
            things=tuple(sorted(things)),
        )

    def _at(self, text: str) -> datetime:
        return datetime.fromisoformat(text)

    def _utc(self, local: datetime) -> datetime:
        return local.replace(tzinfo=self.zone).astimezone(ZoneInfo("UTC"))


def figures(each: drafted.Claim) -> tuple[Figure, ...]:
    """Return a draft's numbers; one span on two fields becomes one figure of two measures."""
    killed, injured = each.killed, each.injured
    found: list[Figure] = []
    if killed is not None and injured is not None and killed.span == injured.span is not None:
        found.append(_figure(killed, Measure.KILLED, Measure.INJURED))
    else:
        if killed is not None:
            found.append(_figure(killed, Measure.KILLED))
        if injured is not None:
            found.append(_figure(injured, Measure.INJURED))
    if (affected := each.affected) is not None:
        usual = BY_KIND.get(each.kind, Measure.AFFECTED)
        measure = MEASURES.get(affected.what or "", usual)
        found.append(_figure(affected, measure, what=affected.what or ""))
    return tuple(found)


def _figure(drawn: drafted.Figure, *measures: Measure, what: str = "") -> Figure:
    qualifier = drawn.qualifier
    return Figure(
        measures=measures,
        qualifier=qualifier,
        value=drawn.value,
        what="" if what in MEASURES else what,
        is_part=drawn.is_part,
    )


def folded(text: str) -> str:
    """Return a text as two copies of it agree: without case, spacing and the sort of its marks."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return " ".join("".join(s if s.isalnum() else " " for s in plain).split())
