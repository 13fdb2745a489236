"""Incidents, reports and guidance; the ledger that holds them, and how an event changes it.

The ledger adds and never overwrites: a correction is a new claim, the old one stays and says what
became of it (DESIGN section 3, rule 9). It is folded twice from the same events: once as the desk
knows it, once as it was at the last release slot, which is all that people may see.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, assert_never

from tocsin.core import ledger_events as le
from tocsin.core.area import Area
from tocsin.core.claims import Claim, Standing, When, Where
from tocsin.core.layered import Layered


class Stage(enum.StrEnum):
    """How much of an incident people may know (RELIABILITY P24, P25)."""

    HIDDEN = "hidden"
    ANNOUNCED = "announced"
    """The authority itself released that it happened: region and hour, official figures only."""
    RELEASED = "released"
    """Its embargo is over: settlement or district, every claim that stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Embargo:
    """An officer's own limit. ``until`` None: never. A shorter one waits for a second person."""

    until: datetime | None
    reason: str
    by: str
    at: datetime
    approved_by: str = ""
    """The second person, where it is shorter than the policy's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """A shorter embargo that was asked for and waits for its second person."""

    ask_id: str
    until: datetime
    reason: str
    at: datetime
    account: str
    credential: str
    session: str
    device: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """Something that happened, or is feared to have."""

    id: str
    handle: str
    kind: str
    site: str
    where: Where
    when: When
    opened_at: datetime
    opened_by: str
    title: str = ""
    """Content hash of the officer's title in each language."""
    is_open: bool = True
    """Rescue or search goes on."""
    closed_at: datetime | None = None
    changed_at: datetime | None = None
    stage: Stage = Stage.HIDDEN
    public_id: str = ""
    announced_at: datetime | None = None
    released_at: datetime | None = None
    embargo: Embargo | None = None
    asked: Wait | None = None
    same_as: str | None = None
    """The incident that it turned out to be; its claims count there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A news report that was taken in: who wrote what when. Its text is sealed and may be erased.

    ``digest`` is a keyed hash of the folded text, by which the same report is known again.
    """

    id: str
    outlet: str
    published: str
    language: str
    content: str
    digest: str
    taken_at: datetime
    taken_by: str
    title: str = ""
    address: str = ""
    rejected: tuple[str, ...] = ()
    confirmed: tuple[str, ...] = ()
    done_at: datetime | None = None
    erased: bool = False
    proposed: str = ""
    """Content hash of what a language model proposed, where one was asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Two incidents that belong together, and why. ``kind``: see ``LinkKind``."""

    kind: str
    one: str
    other: str
    reason: str
    at: datetime
    by: str


class LinkKind(enum.StrEnum):
    """How ``one`` belongs to ``other``."""

    SAME_AS = "same-as"
    PART_OF = "part-of"
    CAUSED_BY = "caused-by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Guidance:
    """What people must avoid or do, told at once (P26): larger than the site, not centred on it."""

    id: str
    area: Area
    words: str
    at: datetime
    by: str
    incident_id: str | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All of it, oldest first. Mappings are treated as frozen."""

    incidents: Layered[str, Incident] = field(default_factory=Layered)
    claims: Layered[str, Claim] = field(default_factory=Layered)
    reports: Layered[str, Report] = field(default_factory=Layered)
    links: tuple[Link, ...] = ()
    guidance: Mapping[str, Guidance] = field(default_factory=dict)

    def root(self, incident_id: str) -> str:
        """Return the incident that this one turned out to be; itself where it is none other."""
        seen: set[str] = set()
        while incident_id not in seen:
            seen.add(incident_id)
            found = self.incidents.get(incident_id)
            if found is None or found.same_as is None:
                return incident_id
            incident_id = found.same_as
        return incident_id

    def claims_of(self, incident_id: str) -> list[Claim]:
        """Return the claims of an incident and of all that turned out to be it, oldest first."""
        return [
            claim
            for claim in self.claims.values()
            if claim.incident_id is not None and self.root(claim.incident_id) == incident_id
        ]

    def parts_of(self, incident_id: str) -> Iterator[str]:
        """Yield the incidents that are part of this one, one level down."""
        for link in self.links:
            if link.kind == LinkKind.PART_OF and self.root(link.other) == incident_id:
                yield self.root(link.one)

    def report_with(self, digest: str) -> Report | None:
        """Return the report of that text, if it was taken in before."""
        return next((r for r in self.reports.values() if r.digest == digest), None)


Key = TypeVar("Key")


def fold(ledger: Ledger, event: le.LedgerEvent) -> Ledger:  # noqa: C901, PLR0911, PLR0912  # a match
    """Return the ledger after ``event``; ``ledger`` itself is not changed."""
    match event:
        case le.ReportTaken():
            return replace(ledger, reports=ledger.reports.changed({event.report_id: _taken(event)}))
        case le.DraftRejected():
            return _report(ledger, event.report_id, rejected=event.draft)
        case le.ReportDone():
            report = ledger.reports.get(event.report_id)
            if report is None:
                return ledger
            done = replace(report, done_at=event.at)
            return replace(ledger, reports=_set(ledger.reports, report.id, done))
        case le.IncidentOpened():
            return _incident(ledger, _opened(event))
        case le.IncidentChanged():
            if (incident := ledger.incidents.get(event.incident_id)) is None:
                return ledger
            closed_at = None if event.is_open else incident.closed_at or event.at
            return _incident(ledger, replace(
                incident, kind=event.kind, site=event.site, where=event.where, when=event.when,
                title=event.title, is_open=event.is_open, closed_at=closed_at, changed_at=event.at,
            ))  # fmt: skip
        case le.ClaimEntered():
            return _entered(ledger, event)
        case le.ClaimCorrected():
            old = ledger.claims.get(event.claim_id)
            ledger = _ended(ledger, event.claim_id, Standing.CORRECTED, event.at,
                            event.reason, event.new_id)  # fmt: skip
            new = Claim(
                id=event.new_id, saying=event.saying, entered_at=event.at, entered_by=event.by,
                incident_id=old.incident_id if old else None, replaces=event.claim_id,
            )  # fmt: skip
            return replace(ledger, claims=ledger.claims.changed({new.id: new}))
        case le.ClaimRetracted():
            return _ended(ledger, event.claim_id, Standing.RETRACTED, event.at, event.reason)
        case le.ClaimMoved():
            if (claim := ledger.claims.get(event.claim_id)) is None:
                return ledger
            moved = replace(claim, incident_id=event.incident_id)
            return replace(ledger, claims=_set(ledger.claims, claim.id, moved))
        case le.IncidentsLinked():
            return _linked(ledger, event)
        case le.IncidentsUnlinked():
            return _unlinked(ledger, event)
        case le.EmbargoAsked() | le.EmbargoSet():
            return _embargoed(ledger, event)
        case le.IncidentAnnounced() | le.IncidentReleased():
            return _shown(ledger, event)
        case le.WordsErased():
            return _erased(ledger, event)
        case le.GuidanceGiven():
            given = Guidance(id=event.guidance_id, area=event.area, words=event.words, at=event.at,
                             by=event.by, incident_id=event.incident_id)  # fmt: skip
            return replace(ledger, guidance={**ledger.guidance, given.id: given})
        case le.GuidanceEnded():
            if (held := ledger.guidance.get(event.guidance_id)) is None:
                return ledger
            ended = replace(held, ended_at=event.at)
            return replace(ledger, guidance={**ledger.guidance, held.id: ended})
        case _:
            assert_never(event)


Kept = TypeVar("Kept")


def _set(kept: Layered[str, Kept], name: str, value: Kept) -> Layered[str, Kept]:
    """Return the mapping with one value changed."""
    return kept.changed({name: value})


def _incident(ledger: Ledger, incident: Incident) -> Ledger:
    return replace(ledger, incidents=_set(ledger.incidents, incident.id, incident))


def _taken(event: le.ReportTaken) -> Report:
    return Report(
        id=event.report_id, outlet=event.outlet, published=event.published,
        language=event.language, content=event.content, digest=event.digest, taken_at=event.at,
        taken_by=event.by, title=event.title, address=event.address, proposed=event.proposed,
    )  # fmt: skip


def _opened(event: le.IncidentOpened) -> Incident:
    return Incident(
        id=event.incident_id, handle=event.handle, kind=event.kind, site=event.site,
        where=event.where, when=event.when, title=event.title, opened_at=event.at,
        opened_by=event.by,
    )  # fmt: skip


def _report(
    ledger: Ledger, report_id: str | None, *, rejected: str = "", confirmed: str = ""
) -> Ledger:
    """Return the ledger with a draft of a report answered; a later answer replaces the earlier."""
    report = ledger.reports.get(report_id) if report_id is not None else None
    if report is None or not (rejected or confirmed):
        return ledger
    named = rejected or confirmed
    no = tuple(each for each in report.rejected if each != named)
    yes = tuple(each for each in report.confirmed if each != named)
    answered = replace(
        report,
        rejected=(*no, rejected) if rejected else no,
        confirmed=(*yes, confirmed) if confirmed else yes,
    )
    return replace(ledger, reports=_set(ledger.reports, report.id, answered))


def _entered(ledger: Ledger, event: le.ClaimEntered) -> Ledger:
    claim = Claim(
        id=event.claim_id, saying=event.saying, incident_id=event.incident_id,
        entered_at=event.at, entered_by=event.by,
    )  # fmt: skip
    ledger = replace(ledger, claims=ledger.claims.changed({claim.id: claim}))
    return _report(ledger, event.saying.report_id, confirmed=event.saying.draft)


def _ended(
    ledger: Ledger,
    claim_id: str,
    standing: Standing,
    at: datetime,
    reason: str,
    replaced_by: str | None = None,
) -> Ledger:
    claim = ledger.claims.get(claim_id)
    if claim is None or not claim.stands:
        return ledger
    ended = replace(claim, standing=standing, ended_at=at, reason=reason, replaced_by=replaced_by)
    return replace(ledger, claims=_set(ledger.claims, claim.id, ended))


def _linked(ledger: Ledger, event: le.IncidentsLinked) -> Ledger:
    link = Link(kind=event.kind, one=event.one, other=event.other, reason=event.reason,
                at=event.at, by=event.by)  # fmt: skip
    ledger = replace(ledger, links=(*ledger.links, link))
    if event.kind != LinkKind.SAME_AS or (one := ledger.incidents.get(event.one)) is None:
        return ledger
    return _incident(ledger, replace(one, same_as=event.other))


def _unlinked(ledger: Ledger, event: le.IncidentsUnlinked) -> Ledger:
    gone = (event.kind, event.one, event.other)
    links = tuple(each for each in ledger.links if (each.kind, each.one, each.other) != gone)
    ledger = replace(ledger, links=links)
    if event.kind != LinkKind.SAME_AS or (one := ledger.incidents.get(event.one)) is None:
        return ledger
    return _incident(ledger, replace(one, same_as=None))


def _embargoed(ledger: Ledger, event: le.EmbargoAsked | le.EmbargoSet) -> Ledger:
    if (incident := ledger.incidents.get(event.incident_id)) is None:
        return ledger
    if isinstance(event, le.EmbargoAsked):
        asked = Wait(
            ask_id=event.ask_id, until=event.until, reason=event.reason, at=event.at,
            account=event.account, credential=event.credential, session=event.session,
            device=event.device,
        )  # fmt: skip
        return _incident(ledger, replace(incident, asked=asked))
    limit = Embargo(until=event.until, reason=event.reason, by=event.by, at=event.at,
                    approved_by=event.approved_by)  # fmt: skip
    return _incident(ledger, replace(incident, embargo=limit, asked=None))


def _shown(ledger: Ledger, event: le.IncidentAnnounced | le.IncidentReleased) -> Ledger:
    if (incident := ledger.incidents.get(event.incident_id)) is None:
        return ledger
    public_id = incident.public_id or event.public_id
    if isinstance(event, le.IncidentAnnounced):
        shown = replace(incident, stage=Stage.ANNOUNCED, public_id=public_id, announced_at=event.at)
    else:
        shown = replace(incident, stage=Stage.RELEASED, public_id=public_id, released_at=event.at)
    return _incident(ledger, shown)


def _erased(ledger: Ledger, event: le.WordsErased) -> Ledger:
    if event.report_id is not None and (report := ledger.reports.get(event.report_id)) is not None:
        blank = replace(report, erased=True)
        return replace(ledger, reports=_set(ledger.reports, report.id, blank))
    claims = {
        claim.id: replace(claim, erased=True)
        for claim in ledger.claims.values()
        if claim.saying.quote is not None and claim.saying.quote.content in event.contents
    }
    for claim in claims.values():
        ledger = replace(ledger, claims=_set(ledger.claims, claim.id, claim))
    return ledger
