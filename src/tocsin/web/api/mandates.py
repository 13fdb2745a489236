"""Who may warn where, and who may end parts of whose alerts: mandates and delegations.

Both are events of the journal: whoever asks later can see who gave them, and when. An
administrator gives mandates; a supervisor delegates for his own authority only, never for
another's (RELIABILITY P14, P20).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct, field

from tocsin.checks.text import id_refusal
from tocsin.core import commands as co
from tocsin.core.authority import EVERY, Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.web.api import asks
from tocsin.web.api.area import geocodes
from tocsin.web.api.reading import NO_STORE
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"

Authority = Annotated[str, Meta(max_length=200, description="An authority's id.")]
Regions = Annotated[
    list[str], Meta(max_length=5000, description="By geocode or alias, each with all under it.")
]


class MandateAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let an authority warn somewhere."""

    sender: Authority
    regions: Regions
    valid_from: Annotated[asks.Time | None, Meta(description="Left out: from now.")] = None
    valid_until: Annotated[asks.Time | None, Meta(description="Left out: open.")] = None
    under: Annotated[
        Authority | None, Meta(description="The authority above it, which may end its alerts.")
    ] = None


class WithdrawMandateAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Stop an authority from warning somewhere."""

    sender: Authority
    regions: Regions


class MandateBody(Struct, frozen=True, kw_only=True):
    """Where an authority may warn; half-open in time."""

    sender: str
    name: Annotated[dict[str, str], Meta(description="Its name, by language; may be empty.")]
    regions: list[str]
    valid_from: datetime
    valid_until: datetime | None
    holds: Annotated[bool, Meta(description="At this moment.")]
    under: str | None


class MandatesBody(Struct, frozen=True, kw_only=True):
    """All mandates, by sender."""

    mandates: list[MandateBody]


class DelegationAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Let an authority below end parts of one's alerts."""

    to: Authority
    regions: Regions
    hazards: Annotated[
        list[str], Meta(max_length=100, description="Left out: every hazard that there is.")
    ] = field(default_factory=lambda: [EVERY])
    valid_until: asks.Time
    sender: asks.Sender = None


class WithdrawDelegationAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take back all that was delegated to an authority."""

    to: Authority
    sender: asks.Sender = None


class DelegationBody(Struct, frozen=True, kw_only=True):
    """Who lets whom end parts of its alerts, where, for what, until when."""

    sender: str
    to: str
    regions: list[str]
    hazards: list[str]
    valid_until: datetime


class DelegationsBody(Struct, frozen=True, kw_only=True):
    """The delegations that hold now, of and to the asker's authority; the house sees all."""

    delegations: list[DelegationBody]


# -- mandates ------------------------------------------------------------------------------------


async def mandates(ask: Ask) -> Answer:
    """Return all mandates."""
    return Answer(_mandates(ask), headers=NO_STORE)


async def give(ask: Ask) -> Answer | Refusal:
    """Give a mandate."""
    body: MandateAsk = ask.body
    world = ask.house.service.world
    refused = id_refusal(body.sender, "/sender")
    if refused is None and body.under is not None:
        refused = id_refusal(body.under, "/under")
    if refused is None and body.under == body.sender:
        refused = Refusal(Rule.BAD_VALUE, "/under", "Nobody stands under himself.")
    if refused is not None:
        return refused
    regions = geocodes(world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    command = co.GiveMandate(
        sender=body.sender, regions=regions, valid_from=body.valid_from,
        valid_until=body.valid_until, under=body.under, by=ask.identity.name,
    )  # fmt: skip
    return await _submitted(ask, command, 201)


async def withdraw(ask: Ask) -> Answer | Refusal:
    """Take a mandate back, or a part of it. Alerts in force stay (DESIGN section 4)."""
    body: WithdrawMandateAsk = ask.body
    regions = geocodes(ask.house.service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    if not regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    command = co.WithdrawMandate(sender=body.sender, regions=regions, by=ask.identity.name)
    return await _submitted(ask, command, 200)


async def _submitted(ask: Ask, command: co.Command, status: int) -> Answer | Refusal:
    outcome = await ask.house.service.submit(command, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        return outcome
    return Answer(_mandates(ask), status, headers=NO_STORE)


def _mandates(ask: Ask) -> MandatesBody:
    service = ask.house.service
    now, state = service.clock.now(), service.state
    found = sorted(state.mandates, key=lambda each: (each.sender, each.valid_from))
    return MandatesBody(
        mandates=[
            MandateBody(
                sender=each.sender,
                name=dict(service.world.senders.get(each.sender, {})),
                regions=list(each.regions),
                valid_from=each.valid_from,
                valid_until=each.valid_until,
                holds=each.holds(now),
                under=state.under.get(each.sender),
            )
            for each in found
        ]
    )


# -- delegations ---------------------------------------------------------------------------------


async def delegations(ask: Ask) -> Answer:
    """Return the delegations that hold now."""
    return Answer(_delegations(ask), headers=NO_STORE)


async def delegate(ask: Ask) -> Answer | Refusal:
    """Delegate."""
    body: DelegationAsk = ask.body
    regions = geocodes(ask.house.service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    if not body.hazards:
        return Refusal(Rule.UNKNOWN_HAZARD, "/hazards", 'Name hazards; ["*"] means every one.')
    command = co.GiveDelegation(
        sender=_own(ask, body.sender), to=body.to, regions=regions, hazards=tuple(body.hazards),
        valid_until=body.valid_until, by=ask.identity.name,
    )  # fmt: skip
    return await _delegated(ask, command, 201)


async def take_back(ask: Ask) -> Answer | Refusal:
    """Take back what was delegated to an authority; done twice, it changes nothing."""
    body: WithdrawDelegationAsk = ask.body
    command = co.WithdrawDelegation(sender=_own(ask, body.sender), to=body.to, by=ask.identity.name)
    return await _delegated(ask, command, 200)


async def _delegated(ask: Ask, command: co.Command, status: int) -> Answer | Refusal:
    outcome = await ask.house.service.submit(command, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        return outcome
    return Answer(_delegations(ask), status, headers=NO_STORE)


def _own(ask: Ask, asked: str | None) -> str:
    """Return in whose name it is asked: one's own authority; whether one may, the core says."""
    if asked is not None:
        return asked
    warrant = ask.identity.warrant
    return ask.house.service.world.authority if warrant is None else warrant.scope.sender


def _delegations(ask: Ask) -> DelegationsBody:
    service, warrant = ask.house.service, ask.identity.warrant
    now = service.clock.now()
    found = [
        each
        for each in service.state.delegations
        if each.valid_until > now
        and (warrant is None or warrant.scope.sender in (each.sender, each.to))
    ]
    found.sort(key=lambda each: (each.sender, each.to, each.valid_until))
    return DelegationsBody(
        delegations=[
            DelegationBody(
                sender=each.sender,
                to=each.to,
                regions=list(each.regions),
                hazards=list(each.hazards),
                valid_until=each.valid_until,
            )
            for each in found
        ]
    )


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/mandates", name="list-mandates",
        summary="Return who may warn where",
        permission=Permission.ADMINISTER, query=NoQuery, response=MandatesBody, handler=mandates,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/mandates", name="give-mandate",
        summary="Let an authority warn somewhere",
        permission=Permission.ADMINISTER, query=NoQuery, request=MandateAsk,
        response=MandatesBody, status=201, handler=give,
        refusals=(
            Rule.UNKNOWN_REGION, Rule.EMPTY_AREA, Rule.ENDS_BEFORE_START, Rule.CONTROL_CHARACTER,
            Rule.OUTSIDE_JURISDICTION, Rule.NOT_ACCEPTED, Rule.CROSS_SITE,
        ),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/mandates/withdraw", name="withdraw-mandate",
        summary="Stop an authority from warning somewhere; its alerts in force stay",
        permission=Permission.ADMINISTER, query=NoQuery, request=WithdrawMandateAsk,
        response=MandatesBody, handler=withdraw,
        refusals=(Rule.UNKNOWN_REGION, Rule.EMPTY_AREA, Rule.NOT_ACCEPTED, Rule.CROSS_SITE),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/delegations", name="list-delegations",
        summary="Return who lets whom end parts of its alerts",
        permission=Permission.SUPERVISE, query=NoQuery, response=DelegationsBody,
        handler=delegations,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/delegations", name="delegate",
        summary="Let an authority below end parts of one's alerts",
        permission=Permission.SUPERVISE, query=NoQuery, request=DelegationAsk,
        response=DelegationsBody, status=201, handler=delegate,
        refusals=(
            Rule.UNKNOWN_REGION, Rule.UNKNOWN_HAZARD, Rule.EMPTY_AREA, Rule.EXPIRES_PAST,
            Rule.NOT_ACCEPTED, Rule.CROSS_SITE,
        ),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/delegations/withdraw", name="withdraw-delegation",
        summary="Take back all that was delegated to an authority",
        permission=Permission.SUPERVISE, query=NoQuery, request=WithdrawDelegationAsk,
        response=DelegationsBody, handler=take_back,
        refusals=(Rule.NOT_ACCEPTED, Rule.CROSS_SITE),
    ),
)  # fmt: skip
