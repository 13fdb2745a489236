"""The ledger -> the JSON bodies of the API: as people see it, and as the desk does.

The public bodies take what ``core.publication.Visible`` lets through and nothing else. Figures stay
as they were said: qualifier, value, least and most; a range names the claims at its ends.

Source: DESIGN sections 1 (R5-R7, R12, R14) and 3, rules 9 and 10; RELIABILITY P24-P28.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.claims import (
    Claim,
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    SpeakerKind,
    Standing,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import Incident, Ledger, Link, Report, Stage
from tocsin.core.publication import Visible, public_name
from tocsin.core.tally import Said, Tally, casualties, tally, whats
from tocsin.formats.api import GuidanceBody, Position, prose

WordsOf = Callable[[str], Mapping[str, str]]
"""A content hash -> an officer's sentences by language; none where it is empty or gone."""
TALLIED = (
    Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.RESCUED, Measure.EVACUATED,
    Measure.AFFECTED, Measure.DAMAGED, Measure.OUT, Measure.RESTORED,
)  # fmt: skip


class VoiceBody(Struct, frozen=True, kw_only=True):
    """Who says so."""

    kind: SpeakerKind
    name: str
    role: str
    org: str
    via: str
    official: Annotated[bool, Meta(description="The authority's own release.")]


class FigureBody(Struct, frozen=True, kw_only=True):
    """A number as it was said."""

    measures: Annotated[
        list[Measure], Meta(description="More than one: the one number covers them together.")
    ]
    qualifier: Qualifier
    value: int | None
    low: int
    high: Annotated[int | None, Meta(description="null: nobody says how many at most.")]
    what: str
    is_part: Annotated[bool, Meta(description="A part of a total; never added to it.")]


class ThingBody(Struct, frozen=True, kw_only=True):
    """A kind of building, network or service, and what is said to have become of it."""

    type: str
    status: str


class WhenBody(Struct, frozen=True, kw_only=True):
    """A time, no finer than it may be told; ``end`` is exclusive."""

    start: datetime
    end: datetime
    grain: str
    certain: bool


class WhereBody(Struct, frozen=True, kw_only=True):
    """A place, no finer than it may be told."""

    geocode: str
    name: Annotated[str, Meta(description="Settlement or district; empty: the region alone.")]
    certain: bool


class ClaimBody(Struct, frozen=True, kw_only=True):
    """One claim: who says what. Claims that no longer stand stay, and say what became of them."""

    id: str
    kind: ClaimKind
    voice: VoiceBody
    outlet: str
    hedge: Hedge
    figures: list[FigureBody]
    things: list[ThingBody]
    where: WhereBody | None
    happened: WhenBody | None
    said_at: datetime | None
    text: Annotated[dict[str, str], Meta(description="The desk's own sentence, by language.")]
    standing: Standing
    replaced_by: str | None
    known_since: Annotated[datetime, Meta(description="The release slot it appeared at.")]


class EndBody(Struct, frozen=True, kw_only=True):
    """The figure at one end of a range, and the claim it stands in."""

    claim: str
    qualifier: Qualifier
    value: int | None


class TallyBody(Struct, frozen=True, kw_only=True):
    """How many: a range over the claims that stand."""

    measure: Measure
    what: str
    low: int
    high: Annotated[int | None, Meta(description="null: nobody says how many at most.")]
    agrees: Annotated[bool, Meta(description="Everybody says the same.")]
    lowest: EndBody
    highest: EndBody
    official: EndBody | None


class RangeBody(Struct, frozen=True, kw_only=True):
    """At least and at most."""

    low: int
    high: int | None


class IncidentBody(Struct, frozen=True, kw_only=True):
    """An incident as people may know it: coarse, and after its embargo."""

    id: str
    kind: str
    stage: Stage
    where: WhereBody
    when: WhenBody
    title: Annotated[dict[str, str], Meta(description="By language; empty: none was given.")]
    is_open: Annotated[bool, Meta(description="Rescue or search goes on.")]
    known_since: datetime
    tallies: list[TallyBody]
    casualties: Annotated[
        RangeBody | None, Meta(description="Killed and injured together; null: no figure.")
    ]
    claims: list[ClaimBody]
    part_of: Annotated[list[str], Meta(description="Incidents that this one is part of.")]
    caused_by: list[str]


class SituationBody(Struct, frozen=True, kw_only=True):
    """What is known, as of the last release slot."""

    as_of: datetime
    next_at: Annotated[datetime, Meta(description="When something new may appear.")]
    incidents: list[IncidentBody]
    claims: Annotated[
        list[ClaimBody], Meta(description="Statements and outages that belong to no incident.")
    ]
    guidance: Annotated[list[GuidanceBody], Meta(description="What to avoid or do; told at once.")]


def when_body(when: When) -> WhenBody:
    """Return a time."""
    return WhenBody(start=when.start, end=when.end, grain=when.grain, certain=when.certain)


def where_body(where: Where) -> WhereBody:
    """Return a place without site and position."""
    return WhereBody(geocode=where.geocode, name=prose(where.name), certain=where.certain)


def figure_body(figure: Figure) -> FigureBody:
    """Return a number as it was said."""
    return FigureBody(
        measures=list(figure.measures), qualifier=figure.qualifier, value=figure.value,
        low=figure.low, high=figure.high, what=prose(figure.what), is_part=figure.is_part,
    )  # fmt: skip


def voice_body(voice: Voice) -> VoiceBody:
    """Return who says so."""
    return VoiceBody(
        kind=voice.kind, name=prose(voice.name), role=prose(voice.role), org=prose(voice.org),
        via=prose(voice.via), official=voice.official,
    )  # fmt: skip


def claim_body(claim: Claim, name_of: Callable[[str], str], words_of: WordsOf) -> ClaimBody:
    """Return a claim; ``name_of`` gives the name by which its reader knows a claim."""
    saying = claim.saying
    return ClaimBody(
        id=name_of(claim.id),
        kind=saying.kind,
        voice=voice_body(saying.voice),
        outlet=prose(saying.outlet),
        hedge=saying.hedge,
        figures=[figure_body(each) for each in saying.figures],
        things=[ThingBody(type=each.type, status=each.status) for each in saying.things],
        where=where_body(saying.where) if saying.where is not None else None,
        happened=when_body(saying.happened) if saying.happened is not None else None,
        said_at=saying.said_at,
        text=dict(words_of(saying.words)),
        standing=claim.standing,
        replaced_by=name_of(claim.replaced_by) if claim.replaced_by else None,
        known_since=claim.entered_at,
    )  # fmt: skip


def tally_bodies(claims: Sequence[Claim], name_of: Callable[[str], str]) -> list[TallyBody]:
    """Return the tally of every measure that somebody gave a figure of."""
    found = (tally(claims, measure, what) for measure in TALLIED for what in whats(claims, measure))
    return [_tally_body(each, name_of) for each in found if each.told]


def casualties_body(claims: Iterable[Claim]) -> RangeBody | None:
    """Return killed and injured together, one number for both counted once."""
    low, high, told = casualties(claims)
    return RangeBody(low=low, high=high) if told else None


def incident_body(visible: Visible, incident: Incident, words_of: WordsOf) -> IncidentBody:
    """Return an incident as people may know it. ``incident`` comes from ``visible``."""
    claims = visible.claims(incident)

    def name_of(claim_id: str) -> str:
        return public_name(incident.public_id, claim_id)

    known = {each.id: each.public_id for each in visible.incidents()}
    links = [each for each in visible.links() if visible.ledger.root(each.one) == incident.id]

    def linked(kind: str) -> list[str]:
        roots = (visible.ledger.root(each.other) for each in links if each.kind == kind)
        return [known[root] for root in roots if root in known]

    since = incident.announced_at or incident.released_at or incident.opened_at
    return IncidentBody(
        id=incident.public_id,
        kind=incident.kind,
        stage=incident.stage,
        where=where_body(incident.where),
        when=when_body(incident.when),
        title=dict(words_of(incident.title)),
        is_open=incident.is_open,
        known_since=visible.policy.seen_from(since),
        tallies=tally_bodies(claims, name_of),
        casualties=casualties_body(claims),
        claims=[claim_body(each, name_of, words_of) for each in claims],
        part_of=linked("part-of"),
        caused_by=linked("caused-by"),
    )


def loose_name(claim_id: str) -> str:
    """Return the public name of a claim that belongs to no incident."""
    return public_name("statement", claim_id)


def _tally_body(found: Tally, name_of: Callable[[str], str]) -> TallyBody:
    assert found.lowest is not None  # noqa: S101  # only what somebody told is shown
    assert found.highest is not None  # noqa: S101
    return TallyBody(
        measure=found.measure, what=prose(found.what), low=found.low, high=found.high,
        agrees=found.agrees, lowest=_end(found.lowest, name_of),
        highest=_end(found.highest, name_of),
        official=_end(found.official, name_of) if found.official is not None else None,
    )  # fmt: skip


def _end(said: Said, name_of: Callable[[str], str]) -> EndBody:
    return EndBody(
        claim=name_of(said.claim.id), qualifier=said.figure.qualifier, value=said.figure.value
    )


# -- the desk ------------------------------------------------------------------------------------


class SpanBody(Struct, frozen=True, kw_only=True):
    """Where words stand in a report's text, in code points; ``end`` is exclusive."""

    start: int
    end: int
    text: str


class DeskWhereBody(WhereBody, frozen=True, kw_only=True):
    """A place as the desk knows it."""

    site: str
    position: Position | None


class DeskClaimBody(Struct, frozen=True, kw_only=True):
    """A claim as the desk knows it: with its quote, its report, who entered it."""

    claim: ClaimBody
    incident: str | None
    where: DeskWhereBody | None
    report: str | None
    draft: str
    quote: SpanBody | None
    erased: bool
    note: str
    reason: str
    replaces: str | None
    by: str
    is_latest: Annotated[bool, Meta(description="Its speaker gave no later figure.")]


class AskedBody(Struct, frozen=True, kw_only=True):
    """A shorter embargo that waits for its second person."""

    id: str
    until: datetime
    reason: str
    by: str
    at: datetime


class EmbargoBody(Struct, frozen=True, kw_only=True):
    """When people are told, and why not earlier."""

    due: Annotated[datetime | None, Meta(description="null: not as things stand.")]
    why: Annotated[str, Meta(description="`policy`, `alert`, `officer`, `never` or `told`.")]
    until: datetime | None
    reason: str
    approved_by: str
    asked: AskedBody | None


class LinkBody(Struct, frozen=True, kw_only=True):
    """Two incidents that belong together, and why."""

    kind: str
    one: str
    other: str
    reason: str
    by: str
    at: datetime


class DeskIncidentBody(Struct, frozen=True, kw_only=True):
    """An incident as the desk knows it, with what people see of it and from when."""

    id: str
    handle: str
    kind: str
    site: str
    where: DeskWhereBody
    when: WhenBody
    title: dict[str, str]
    is_open: bool
    stage: Stage
    opened_at: datetime
    opened_by: str
    same_as: str | None
    embargo: EmbargoBody
    tallies: list[TallyBody]
    casualties: RangeBody | None
    claims: list[DeskClaimBody]
    links: list[LinkBody]
    public: Annotated[
        IncidentBody | None, Meta(description="What people see of it now; null: nothing.")
    ]


class NewsReportBody(Struct, frozen=True, kw_only=True):
    """A report that was taken in."""

    id: str
    outlet: str
    published: str
    language: str
    title: str
    address: str
    taken_at: datetime
    by: str
    is_done: bool
    is_erased: bool
    waiting: Annotated[int | None, Meta(description="Drafts nobody has answered; null: not read.")]
    confirmed: list[str]
    rejected: list[str]


def desk_where_body(where: Where) -> DeskWhereBody:
    """Return a place with its site and position."""
    return DeskWhereBody(
        geocode=where.geocode, name=prose(where.name), certain=where.certain,
        site=prose(where.site), position=where.position,
    )  # fmt: skip


def link_body(link: Link) -> LinkBody:
    """Return a link."""
    return LinkBody(kind=link.kind, one=link.one, other=link.other, reason=prose(link.reason),
                    by=link.by, at=link.at)  # fmt: skip


def report_body(report: Report, waiting: int | None) -> NewsReportBody:
    """Return a report without its text."""
    return NewsReportBody(
        id=report.id, outlet=prose(report.outlet), published=report.published,
        language=report.language, title=prose(report.title), address=report.address,
        taken_at=report.taken_at, by=report.taken_by, is_done=report.done_at is not None,
        is_erased=report.erased, waiting=waiting, confirmed=list(report.confirmed),
        rejected=list(report.rejected),
    )  # fmt: skip


def links_of(ledger: Ledger, incident_id: str) -> list[Link]:
    """Return the links that an incident is at either end of."""
    return [each for each in ledger.links if incident_id in (each.one, each.other)]
