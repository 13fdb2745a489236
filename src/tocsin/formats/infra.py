"""Installations, coverage, outages and postures as the desk reads them. Nothing of it is public."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, structs

from tocsin.core.facilities import Condition, Installation, Outage, Posture, PostureLevel, Tie
from tocsin.formats.api import prose
from tocsin.formats.ledger import DeskWhereBody, FigureBody, desk_where_body, figure_body


class NeedBody(Struct, frozen=True, kw_only=True):
    """What an installation depends on."""

    tie: Tie
    on: Annotated[str, Meta(description="An installation's id.")]


class ServesBody(Struct, frozen=True, kw_only=True):
    """A channel that it carries, in regions."""

    channel: str
    regions: list[str]


class ConditionBody(Struct, frozen=True, kw_only=True):
    """One report of its condition."""

    at: datetime
    condition: Condition
    as_of: datetime
    source: str
    struck: bool
    incident: str | None
    by: str


class InstallationBody(Struct, frozen=True, kw_only=True):
    """An installation. ``name`` empty: its description was erased, or its key is not here."""

    id: str
    handle: str
    kind: str
    name: str
    where: DeskWhereBody | None
    needs: list[NeedBody]
    serves: list[ServesBody]
    note: str
    condition: Condition
    at_risk_by: Annotated[
        list[str], Meta(description="What is down that it needs, at any depth; never down by that.")
    ]
    as_of: datetime | None
    source: str
    struck: Annotated[int, Meta(description="How often it was hit.")]
    struck_at: datetime | None
    incidents: list[str]
    history: Annotated[list[ConditionBody], Meta(description="The newest first.")]
    erased: bool


class PlaceBody(Struct, frozen=True, kw_only=True):
    """A region, and about how many people live there; null: nobody published a figure."""

    region: str
    people: int | None


class ChannelReachBody(Struct, frozen=True, kw_only=True):
    """Where one channel stands. Regions are the fewest that say it."""

    channel: str
    name: dict[str, str]
    wakes: bool
    by_hand: bool
    advice: Annotated[dict[str, str], Meta(description="What to do to be reached by it.")]
    carries: list[str]
    lost: list[PlaceBody]
    at_risk: list[PlaceBody]
    unknown: list[PlaceBody]
    people: Annotated[int | None, Meta(description="About how many it reaches.")]
    people_lost: Annotated[int | None, Meta(description="About how many it does not, who had it.")]


class BareBody(Struct, frozen=True, kw_only=True):
    """Regions in which no channel wakes people by itself; ``left``: what people can carry there."""

    region: str
    people: int | None
    left: Annotated[list[str], Meta(description="Channels by hand that reach all of it.")]


class WordBody(Struct, frozen=True, kw_only=True):
    """A person's word on a channel that still counts."""

    channel: str
    regions: list[str]
    condition: Annotated[Condition | None, Meta(description="null: as its installations say.")]
    as_of: datetime
    source: str
    at: datetime
    by: str


class FallenBody(Struct, frozen=True, kw_only=True):
    """What one channel would lose, and what might fail with it."""

    channel: str
    lost: list[PlaceBody]
    people_lost: int | None
    at_risk: list[PlaceBody]


class IfDownBody(Struct, frozen=True, kw_only=True):
    """What would be, if this were down. What depends on it is at risk, not down."""

    dependants: Annotated[list[str], Meta(description="What needs it, at any depth: ids.")]
    channels: list[FallenBody]
    without_any: list[BareBody]


class InstallationDetailBody(InstallationBody, frozen=True, kw_only=True):
    """An installation, and what hangs on it."""

    needed_by: Annotated[list[str], Meta(description="What needs it, directly: ids.")]
    if_down: IfDownBody


class OutageWordBody(Struct, frozen=True, kw_only=True):
    """An outage as it was said to be, from ``at`` until the next word."""

    at: datetime
    service: str
    regions: list[str]
    settlements: list[str]
    figure: FigureBody | None
    began: datetime
    expected_end: datetime | None
    restored_share: float
    ended: datetime | None
    source: str
    told: bool
    by: str


class DeskOutageBody(Struct, frozen=True, kw_only=True):
    """An outage as the desk knows it."""

    id: str
    handle: str
    public_id: str
    service: str
    regions: list[str]
    settlements: list[str]
    figure: FigureBody | None
    installations: list[str]
    incident: str | None
    began: datetime
    expected_end: datetime | None
    restored_share: float
    ended: datetime | None
    source: str
    told: Annotated[bool, Meta(description="People know of it.")]
    at: datetime
    changed_at: datetime | None
    by: str
    history: Annotated[
        list[OutageWordBody],
        Meta(description="What was said of it, the last 50 words, the newest first."),
    ]


class PostureBody(Struct, frozen=True, kw_only=True):
    """How much something is guarded."""

    id: str
    at: datetime
    level: PostureLevel
    reason: str
    ordered_by: str
    for_whom: str
    installation: str | None
    kind: str | None
    regions: list[str]
    until: datetime | None
    holds: Annotated[bool, Meta(description="It is the last order, and has not run out.")]
    ran_out: Annotated[
        bool, Meta(description="Its time is over; nobody ordered it back to normal by that.")
    ]
    by: str
    sealed: Annotated[
        bool, Meta(description="Its reason, order and staff are for who keeps the register.")
    ] = False


def installation_body(one: Installation, at_risk_by: tuple[str, ...]) -> InstallationBody:
    """Return an installation as the desk reads it."""
    facility = one.facility
    return InstallationBody(
        id=one.id, handle=one.handle, kind=facility.kind if facility else "",
        name=prose(facility.name) if facility else "",
        where=desk_where_body(facility.where) if facility else None,
        needs=[NeedBody(tie=n.tie, on=n.on) for n in facility.needs] if facility else [],
        serves=[
            ServesBody(channel=s.channel, regions=list(s.regions)) for s in facility.serves
        ] if facility else [],
        note=prose(facility.note) if facility else "",
        condition=one.condition, at_risk_by=list(at_risk_by), as_of=one.as_of,
        source=prose(one.source), struck=one.struck, struck_at=one.struck_at,
        incidents=list(one.incident_ids),
        history=[
            ConditionBody(at=w.at, condition=w.condition, as_of=w.as_of, source=prose(w.source),
                          struck=w.struck, incident=w.incident_id, by=w.by)
            for w in reversed(one.words)
        ],
        erased=one.erased,
    )  # fmt: skip


def desk_outage_body(outage: Outage) -> DeskOutageBody:
    """Return an outage as the desk reads it."""
    return DeskOutageBody(
        id=outage.id, handle=outage.handle, public_id=outage.public_id, service=outage.service,
        regions=list(outage.regions), settlements=[prose(each) for each in outage.settlements],
        figure=figure_body(outage.figure) if outage.figure is not None else None,
        installations=list(outage.installations), incident=outage.incident_id,
        began=outage.began, expected_end=outage.expected_end,
        restored_share=outage.restored_share, ended=outage.ended_at, source=prose(outage.source),
        told=outage.told, at=outage.at, changed_at=outage.changed_at, by=outage.by,
        history=[
            OutageWordBody(
                at=w.at, service=w.service, regions=list(w.regions),
                settlements=[prose(each) for each in w.settlements],
                figure=figure_body(w.figure) if w.figure is not None else None, began=w.began,
                expected_end=w.expected_end, restored_share=w.restored_share, ended=w.ended_at,
                source=prose(w.source), told=w.told, by=w.by,
            )
            for w in reversed(outage.words)
        ],
    )  # fmt: skip


def posture_body(posture: Posture, *, holds: bool, ran_out: bool) -> PostureBody:
    """Return a posture as the desk reads it: an installation by its id, never by its name."""
    return PostureBody(
        id=posture.id, at=posture.at, level=posture.level, reason=prose(posture.reason),
        ordered_by=prose(posture.ordered_by), for_whom=prose(posture.for_whom),
        installation=posture.installation_id, kind=posture.kind, regions=list(posture.regions),
        until=posture.until, holds=holds, ran_out=ran_out, by=posture.by,
    )  # fmt: skip


def sealed_posture(body: PostureBody) -> PostureBody:
    """Return a posture as those read it who do not keep the register: level, of what, until."""
    return structs.replace(body, reason="", ordered_by="", for_whom="", by="", sealed=True)
