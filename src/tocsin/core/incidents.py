"""Incidents, reports and guidance; the ledger that holds them, and how an event changes it.

The ledger adds and never overwrites: a correction is a new claim, the old one stays and says what
became of it (DESIGN section 3, rule 9). It is folded twice from the same events: once as the desk
knows it, once as it was at the last release slot, which is all that people may see.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TypeVar, assert_never

from tocsin.core import ledger_events as le
from tocsin.core.area import Area
from tocsin.core.claims import EVENTFUL, UNFIRM, Claim, Saying, Standing, When, Where
from tocsin.core.layered import Layered

KINDS = (
    "strike", "explosion", "shelling", "fire", "accident", "flood", "quake", "storm", "collapse",
    "outage", "radiation", "wave", "other",
)  # fmt: skip
"""What an incident can be; what people read for it are words of the house."""


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
class Taken:
    """What an incident is, or was once taken to be: all that its embargo depends on."""

    kind: str
    site: str
    geocode: str
    ends_at: datetime


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
    before: tuple[Taken, ...] = ()
    """What it was taken to be before people knew of it. It waits as long as each of these asks, so
    that nobody tells it earlier by calling it something else (RELIABILITY P24)."""

    @property
    def taken(self) -> tuple[Taken, ...]:
        """Return what it is, and what it was taken to be before."""
        now = Taken(
            kind=self.kind, site=self.site, geocode=self.where.geocode, ends_at=self.when.end
        )
        return (now, *self.before)

    def held_as(self, others: Iterable[Taken]) -> Incident:
        """Return the incident, which now waits as long as these ask as well."""
        if self.stage is Stage.RELEASED:
            return self
        latest: dict[tuple[str, str, str], Taken] = {}
        for each in (*self.before, *others):
            name = (each.kind, each.site, each.geocode)
            if name not in latest or latest[name].ends_at < each.ends_at:
                latest[name] = each
        return replace(self, before=tuple(latest.values()))


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
    about: le.KeepAway | None = None
    until: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Say whether people must still keep to it."""
        return self.ended_at is None and (self.until is None or now < self.until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """All of it, oldest first. Mappings are treated as frozen."""

    incidents: Layered[str, Incident] = field(default_factory=Layered)
    claims: Layered[str, Claim] = field(default_factory=Layered)
    reports: Layered[str, Report] = field(default_factory=Layered)
    links: tuple[Link, ...] = ()
    guidance: Mapping[str, Guidance] = field(default_factory=dict)
    waves: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Wave (the id of its incident, of kind ``wave``) -> the alerts that belong to it."""

    def root(self, incident_id: str) -> str:
        """Return the incident that this one turned out to be; itself where it is none other."""
        return self.upward(incident_id)[-1]

    def upward(self, incident_id: str) -> list[str]:
        """Return an incident and, step by step, what it turned out to be; the root last."""
        found = [incident_id]
        while (here := self.incidents.get(found[-1])) is not None:
            if here.same_as is None or here.same_as in found:
                break
            found.append(here.same_as)
        return found

    def merged_into(self, incident_id: str) -> list[str]:
        """Return an incident and all that turned out to be it."""
        return [each for each in self.incidents if incident_id in self.upward(each)]

    def claims_of(self, incident_id: str) -> list[Claim]:
        """Return the claims of an incident and of all that turned out to be it, oldest first."""
        found = [
            claim
            for claim in self.claims.values()
            if claim.incident_id is not None and self.root(claim.incident_id) == incident_id
        ]
        return sorted(found, key=lambda each: (each.entered_at, each.id))

    def parts(self) -> Mapping[str, tuple[str, ...]]:
        """Return, by incident, the incidents that are part of it, one level down."""
        found: dict[str, dict[str, None]] = {}
        for link in self.links:
            one, other = self.root(link.one), self.root(link.other)
            if link.kind == LinkKind.PART_OF and one != other:
                found.setdefault(other, {})[one] = None
        return {whole: tuple(parts) for whole, parts in found.items()}

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
            return _incident(ledger, _changed(incident, event))
        case le.ClaimEntered():
            return _entered(ledger, event)
        case le.ClaimCorrected():
            return _corrected(ledger, event)
        case le.ClaimRetracted():
            return _ended(ledger, event.claim_id, Standing.RETRACTED, event.at, event.reason)
        case le.ClaimMoved():
            if (claim := ledger.claims.get(event.claim_id)) is None:
                return ledger
            moved = replace(claim, incident_id=event.incident_id)
            return _put(ledger, moved)
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
                             by=event.by, incident_id=event.incident_id, about=event.about,
                             until=event.until)  # fmt: skip
            return replace(ledger, guidance={**ledger.guidance, given.id: given})
        case le.WaveJoined():
            return replace(ledger, waves={**ledger.waves, event.wave_id: event.alerts})
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
    return _report(_put(ledger, claim), event.saying.report_id, confirmed=event.saying.draft)


def _corrected(ledger: Ledger, event: le.ClaimCorrected) -> Ledger:
    if (old := ledger.claims.get(event.claim_id)) is None:
        return ledger  # of no known incident it would be told at once
    ledger = _ended(ledger, old.id, Standing.CORRECTED, event.at, event.reason, event.new_id)
    new = Claim(
        id=event.new_id, saying=event.saying, entered_at=event.at, entered_by=event.by,
        incident_id=old.incident_id, replaces=old.id,
    )  # fmt: skip
    return _put(ledger, new)


def _put(ledger: Ledger, claim: Claim) -> Ledger:
    """Return the ledger with a claim; its incident waits for what happened later than itself."""
    ledger = replace(ledger, claims=_set(ledger.claims, claim.id, claim))
    incident = ledger.incidents.get(claim.incident_id or "")
    happened = claim.saying.happened
    if incident is None or happened is None:
        return ledger
    if ends_later(claim.saying, incident):  # what was asked was read without it
        incident = replace(incident, asked=None)
        ledger = _incident(ledger, incident)
    if not is_later(claim.saying, incident):
        return ledger
    place = claim.saying.where or incident.where
    held = incident.held_as((
        Taken(kind=incident.kind, site=incident.site, geocode=place.geocode, ends_at=happened.end),
    ))  # fmt: skip
    return _incident(ledger, held)


def is_later(saying: Saying, incident: Incident) -> bool:
    """Say whether a claim tells of something that happened after the incident it is put to."""
    return (
        saying.happened is not None
        and saying.kind in EVENTFUL
        and saying.hedge not in UNFIRM
        and saying.happened.start >= incident.when.end
    )


def ends_later(saying: Saying, incident: Incident) -> bool:
    """Say whether a claim reaches beyond the time of its incident: two people agreed on less."""
    return saying.happened is not None and saying.happened.end > incident.when.end


def _changed(old: Incident, event: le.IncidentChanged) -> Incident:
    new = replace(
        old, kind=event.kind, site=event.site, where=event.where, when=event.when,
        title=event.title, is_open=event.is_open, changed_at=event.at,
        closed_at=None if event.is_open else old.closed_at or event.at,
    )  # fmt: skip
    if (new.title, new.where.name) != (old.title, old.where.name):
        new = replace(new, asked=None)
    if new.taken[0] == old.taken[0]:
        return new
    return replace(new.held_as(old.taken[:1]), asked=None)  # what was asked was read otherwise


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
    one, other = (ledger.incidents.get(each) for each in (event.one, event.other))
    if event.kind != LinkKind.SAME_AS or one is None or other is None:
        return ledger
    if one.id in ledger.upward(other.id):
        return ledger
    return _incident(ledger, replace(one, same_as=other.id))


def _unlinked(ledger: Ledger, event: le.IncidentsUnlinked) -> Ledger:
    """Return the ledger without a link; what was one waits on as long as it did together."""
    gone = (event.kind, event.one, event.other)
    links = tuple(each for each in ledger.links if (each.kind, each.one, each.other) != gone)
    one = ledger.incidents.get(event.one)
    if event.kind == LinkKind.SAME_AS and one is not None and one.same_as == event.other:
        above = [ledger.incidents.get(each) for each in ledger.upward(event.other)]
        taken = [each for other in above if other is not None for each in other.taken]
        for name in ledger.merged_into(one.id):
            ledger = _incident(ledger, ledger.incidents[name].held_as(taken))
        ledger = _incident(ledger, replace(ledger.incidents[one.id], same_as=None))
    return replace(ledger, links=links)


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
    if incident.stage is Stage.RELEASED:
        return ledger
    if isinstance(event, le.IncidentAnnounced):
        shown = replace(incident, stage=Stage.ANNOUNCED, announced_at=event.at)
    else:
        shown = replace(incident, stage=Stage.RELEASED, released_at=event.at, asked=None)
    return _incident(ledger, replace(shown, public_id=public_id))


def _erased(ledger: Ledger, event: le.WordsErased) -> Ledger:
    if event.report_id is not None and (report := ledger.reports.get(event.report_id)) is not None:
        blank = replace(report, erased=True)
        ledger = replace(ledger, reports=_set(ledger.reports, report.id, blank))
    claims = {
        claim.id: replace(claim, erased=True)
        for claim in ledger.claims.values()
        if claim.saying.quote is not None and claim.saying.quote.content in event.contents
    }
    return replace(ledger, claims=ledger.claims.changed(claims)) if claims else ledger
