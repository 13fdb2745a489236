"""What officers see over the API beyond what the public does: proposals, and rows of the desk.

Accounts stand here with their names, which the registry gives at the moment of rendering: the
journal holds ids only, so a person who was erased is an id and nothing more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType

from tocsin.core.alert import Alert, AlertState, Realm, Severity, Status
from tocsin.core.area import RegionTree
from tocsin.core.authority import Role
from tocsin.core.evacuation import Evacuation
from tocsin.core.hazard import Words
from tocsin.core.people import people_in
from tocsin.core.proposal import Proposal, ProposalState
from tocsin.formats.api import (
    AreaBody,
    EvacuationBody,
    WordsBody,
    area_body,
    evacuation_body,
    prose,
    text_body,
)

NameOf = Callable[[str], str]
"""An account's id -> the name it has now; empty where nobody has that id."""


class PersonBody(Struct, frozen=True, kw_only=True):
    """An account, and the name that it has now; empty where it was erased."""

    account: str
    name: str


class CheckBody(Struct, frozen=True, kw_only=True):
    """One thing that the house looked at by itself, for the second person."""

    check: Annotated[str, Meta(description="`texts`, `area`, `end` or `already-in-force`.")]
    ok: bool
    note: str


class ChangeBody(Struct, frozen=True, kw_only=True):
    """The alert in force that a proposal would change."""

    alert_id: str
    handle: str


class ProposalBody(Struct, frozen=True, kw_only=True):
    """An alert, or a change to one, that waits for its second person."""

    id: str
    handle: str
    realm: Realm
    state: ProposalState
    hazard: str
    level: str | None
    area: AreaBody
    regions: Annotated[list[str], Meta(description="The fewest regions that hold all of it.")]
    people: Annotated[int | None, Meta(description="About; null where nobody published a figure.")]
    why: Annotated[
        list[str],
        Meta(description="`hazard`, `people`, `regions`, `nationwide`, `unusual`, `asked`."),
    ]
    because: Annotated[str, Meta(description="What the author tells the second person.")]
    author: PersonBody
    sender: str
    made_at: datetime
    ends_at: datetime
    expires: Annotated[datetime | None, Meta(description="The end that it gives the alert.")]
    content: Annotated[str, Meta(description="Hash of exactly this; an approval names it.")]
    text: dict[str, WordsBody]
    declined: list[PersonBody]
    paged_at: datetime | None
    answered_by: PersonBody | None
    answered_at: datetime | None
    reason: str
    alert: Annotated[str | None, Meta(description="Id of the alert that it became.")]
    change: ChangeBody | None
    checks: list[CheckBody]
    evacuation: Annotated[
        EvacuationBody | UnsetType,
        Meta(description="The plan; `assembly` null for who may not give it; absent of all else."),
    ] = UNSET


class DeliveryBody(Struct, frozen=True, kw_only=True):
    """How far an alert's latest revision has come on live streams; null: not measured here."""

    selected: int
    acknowledged: int
    unreached: int


class RowBody(Struct, frozen=True, kw_only=True):
    """An alert as a row of the desk: what it takes to see it and to act on it."""

    id: str
    handle: str
    revision: int
    realm: Realm
    status: Status
    hazard: str
    level: str | None
    severity: Severity
    state: AlertState
    regions: Annotated[list[str], Meta(description="The fewest regions that hold all of it.")]
    drawn: Annotated[bool, Meta(description="It has shapes of its own.")]
    people: int | None
    sent: datetime
    expires: datetime
    ended: datetime | None
    standing: bool
    sounds: bool
    hold: bool
    reason: str | None
    sender: str
    by: PersonBody
    delivery: DeliveryBody | None = None


def person(account: str, name_of: NameOf) -> PersonBody:
    """Return an account with the name that it has now."""
    return PersonBody(account=account, name=name_of(account))


def row_body(tree: RegionTree, alert: Alert, by: PersonBody) -> RowBody:
    """Return an alert as a row of the desk."""
    area = alert.area
    return RowBody(
        id=alert.id,
        handle=alert.handle,
        revision=alert.revision,
        realm=alert.realm,
        status=alert.status,
        hazard=alert.hazard,
        level=alert.level,
        severity=alert.severity,
        state=alert.state,
        regions=list(tree.fewest(tree.extent(area).touched)),
        drawn=bool(area.polygons or area.circles),
        people=people_in(tree, area),
        sent=alert.sent,
        expires=alert.expires,
        ended=alert.ended,
        standing=alert.standing,
        sounds=bool(alert.sounds_in),
        hold=alert.hold,
        reason=None if alert.reason is None else prose(alert.reason),
        sender=alert.sender,
        by=by,
    )


def proposal_body(
    tree: RegionTree,
    proposal: Proposal,
    words: Mapping[str, Words],
    *,
    name_of: NameOf,
    change: Alert | None,
    checks: list[CheckBody],
    plan: Evacuation | None = None,
    gathering: bool = False,
) -> ProposalBody:
    """Return a proposal in the API's shape; ``change`` is the alert that it would change."""
    asked = proposal.issue or proposal.update
    answered = proposal.answered_by
    return ProposalBody(
        id=proposal.id,
        handle=proposal.handle,
        realm=proposal.realm,
        state=proposal.state,
        hazard=proposal.hazard,
        level=asked.level if asked is not None else None,
        area=area_body(proposal.area),
        regions=list(tree.fewest(tree.extent(proposal.area).touched)),
        people=proposal.people,
        why=list(proposal.why),
        because=prose(proposal.because),
        author=person(proposal.account, name_of),
        sender=proposal.sender,
        made_at=proposal.made_at,
        ends_at=proposal.ends_at,
        expires=asked.expires if asked is not None else None,
        content=proposal.content,
        text=text_body(words),
        declined=[person(each, name_of) for each in proposal.declined],
        paged_at=proposal.paged_at,
        answered_by=person(answered, name_of) if answered else None,
        answered_at=proposal.answered_at,
        reason=prose(proposal.reason),
        alert=proposal.alert_id,
        change=None if change is None else ChangeBody(alert_id=change.id, handle=change.handle),
        checks=checks,
        evacuation=evacuation_body(plan, whole=True, gathering=gathering) or UNSET,
    )


class ScopeBody(Struct, frozen=True, kw_only=True):
    """What somebody on duty may do."""

    role: Role
    sender: str
    regions: list[str]
    hazards: list[str]
    realms: list[Realm]
