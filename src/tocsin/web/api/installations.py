"""Installations: entered, described, reported, erased. For the desk alone.

Who sees the register has a permission of its own; nothing of it stands in a public body
(DESIGN section 3, rule 14; RELIABILITY P25a).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.checks.text import name_refusal, prose_refusal
from tocsin.core import infra_commands as ic
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.claims import Where
from tocsin.core.coverage import at_risk, dependants
from tocsin.core.facilities import Condition, Facility, Installation, Need, Serves
from tocsin.core.infra_installations import unknown
from tocsin.core.infrastructure import Infrastructure, installation_named
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.formats import infra as bodies
from tocsin.service.facilities import describe
from tocsin.web.api import alerts, asks, incidents, infraasks, ledgerasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.coverage import if_down
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}


class InstallationsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which installations, in the order in which they were entered."""

    region: Annotated[asks.Name | None, Meta(description="Geocode or alias; all under it.")] = None
    kind: ledgerasks.Kebab | None = None
    condition: Annotated[Condition | None, Meta(description="As it was reported.")] = None
    at_risk: Annotated[bool | None, Meta(description="Something that it needs is down.")] = None
    limit: Annotated[int, Meta(ge=1, le=500)] = 100
    cursor: Annotated[asks.Name | None, Meta(description="The last id seen.")] = None


class InstallationsBody(Struct, frozen=True, kw_only=True):
    """Installations; ``cursor`` leads on, null at the end."""

    installations: list[bodies.InstallationBody]
    cursor: str | None


async def installations(ask: Ask) -> Answer | Refusal:
    """Return the register."""
    query: InstallationsQuery = ask.query
    service = ask.house.service
    tree, infra = service.world.tree, service.state.infra
    within = tree.root if query.region is None else tree.find(query.region)
    if within is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    risky = at_risk(infra.installations)
    found = [
        one
        for one in sorted(infra.installations.values(), key=lambda each: each.id)
        if (query.cursor is None or one.id > query.cursor)
        and (query.region is None or _lies_in(service.world, one, within))
        and (query.kind is None or (one.facility is not None and one.facility.kind == query.kind))
        and (query.condition is None or one.condition is query.condition)
        and (query.at_risk is None or (one.id in risky) is query.at_risk)
    ]
    page = found[: query.limit]
    body = InstallationsBody(
        installations=[bodies.installation_body(one, risky.get(one.id, ())) for one in page],
        cursor=page[-1].id if len(found) > len(page) else None,
    )
    return Answer(body, headers=NO_STORE)


async def installation(ask: Ask) -> Answer | Refusal:
    """Return one installation, what needs it, and what would be if it were down."""
    infra = ask.house.service.state.infra
    found = installation_named(infra, ask.path["id"])
    if found is None:
        return unknown(ask.path["id"])
    plain = _body(infra, found)
    body = bodies.InstallationDetailBody(
        **{name: getattr(plain, name) for name in plain.__struct_fields__},
        needed_by=[
            each.id
            for each in infra.installations.values()
            if each.facility is not None and found.id in {need.on for need in each.facility.needs}
        ],
        if_down=if_down(
            ask.house.service.world, infra, found.id, dependants(infra.installations, found.id)
        ),
    )
    return Answer(body, headers=NO_STORE)


async def register(ask: Ask) -> Answer | Refusal:
    """Enter an installation."""
    return await _described(ask, None, status=201)


async def redescribe(ask: Ask) -> Answer | Refusal:
    """Describe an installation anew."""
    found = installation_named(ask.house.service.state.infra, ask.path["id"])
    return unknown(ask.path["id"]) if found is None else await _described(ask, found.id)


async def report(ask: Ask) -> Answer | Refusal:
    """Record in what condition an installation is said to be."""
    body: infraasks.ConditionAsk = ask.body
    refused = name_refusal(body.source, "/source") or ledgerasks.kept_time(body.as_of, "/as_of")
    if refused is not None:
        return refused
    command = ic.ReportCondition(
        installation_id=id_of(ask, ask.path["id"]), condition=body.condition, source=body.source,
        as_of=body.as_of, struck=body.struck, incident_id=incidents.id_of(ask, body.incident),
    )  # fmt: skip
    return await _submitted(ask, command)


async def erase(ask: Ask) -> Answer | Refusal:
    """Erase an installation's description for good."""
    body: infraasks.EraseAsk = ask.body
    if (refused := prose_refusal(body.reason, "/reason")) is not None:
        return refused
    name = id_of(ask, ask.path["id"])
    return await _submitted(ask, ic.EraseInstallation(installation_id=name, reason=body.reason))


def id_of(ask: Ask, name: str) -> str:
    """Return the id of the installation that an id or a handle names; else the name itself."""
    found = installation_named(ask.house.service.state.infra, name)
    return name if found is None else found.id


def _lies_in(world: World, one: Installation, region: str) -> bool:
    """Say whether it lies in the region; of what does not open nobody can say that it does."""
    code = one.facility.where.geocode if one.facility is not None else ""
    return code in world.tree and region in set(world.tree.upward(code))


async def _described(ask: Ask, of: str | None, *, status: int = 200) -> Answer | Refusal:
    facility = _facility(ask, ask.body)
    if isinstance(facility, Refusal):
        return facility
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    outcome = await describe(
        ask.house.service, ask.house.shared["keys"], facility,
        warrant=ask.identity.warrant, key=key, installation_id=of,
    )  # fmt: skip
    if isinstance(outcome, Refusal):
        return outcome
    return _answer(ask, of or outcome.alert_id or "", status)


async def _submitted(
    ask: Ask, command: ic.ReportCondition | ic.EraseInstallation
) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    outcome = await ask.house.service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):  # the core names it by what a request calls it
        return replace(outcome, field=outcome.field.replace("/incident_id", "/incident"))
    return _answer(ask, command.installation_id)


def _answer(ask: Ask, name: str, status: int = 200) -> Answer:
    infra = ask.house.service.state.infra
    return Answer(_body(infra, infra.installations[name]), status, headers=NO_STORE)


def _body(infra: Infrastructure, one: Installation) -> bodies.InstallationBody:
    risky = at_risk(infra.installations)
    return bodies.installation_body(one, risky.get(one.id, ()))


def _facility(ask: Ask, body: infraasks.InstallationAsk) -> Facility | Refusal:
    """Return a description of the core: aliases and handles become codes and ids."""
    world = ask.house.service.world
    refused = name_refusal(body.name, "/name") or prose_refusal(body.note, "/note")
    if refused is not None:
        return refused
    where = (
        Where(geocode="")  # the core says what is missing
        if body.where is None
        else ledgerasks.where(world, body.where, "/where")
    )
    if isinstance(where, Refusal):
        return where
    serves = []
    for number, each in enumerate(body.serves):
        regions = geocodes(world, each.regions, f"/serves/{number}/regions")
        if isinstance(regions, Refusal):
            return regions
        fewest = world.tree.fewest(world.tree.mask(regions))
        serves.append(Serves(channel=each.channel, regions=fewest))
    return Facility(
        kind=body.kind, name=body.name, where=where, note=body.note,
        serves=tuple(dict.fromkeys(serves)),
        needs=tuple(
            dict.fromkeys(Need(tie=each.tie, on=id_of(ask, each.on)) for each in body.needs)
        ),
    )  # fmt: skip


DESCRIBED = (
    Rule.BAD_VALUE, Rule.MISSING_MEMBER, Rule.PLACE_MISSING, Rule.UNKNOWN_REGION,
    Rule.UNKNOWN_INSTALLATION, Rule.UNKNOWN_CHANNEL, Rule.EMPTY_AREA, Rule.DEPENDENCY_LOOP,
    Rule.TEXT_TOO_LONG, Rule.CONTROL_CHARACTER, Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM,
    *alerts.KEYED,
)  # fmt: skip

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/installations", name="list-installations",
        summary="Return the register of installations",
        permission=Permission.REGISTER, query=InstallationsQuery, response=InstallationsBody,
        handler=installations, past=True, refusals=(Rule.UNKNOWN_REGION,), audience=Audience.DESK,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/installations", name="register-installation",
        summary="Enter an installation; its description is kept sealed",
        permission=Permission.REGISTER, roomed=True, request=infraasks.InstallationAsk,
        query=NoQuery, response=bodies.InstallationBody, status=201, handler=register,
        refusals=DESCRIBED, audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/installations/{{id}}", name="get-installation",
        summary="Return an installation, what needs it, and what would be if it were down",
        permission=Permission.REGISTER, query=NoQuery, response=bodies.InstallationDetailBody,
        handler=installation,
        past=True, refusals=(Rule.UNKNOWN_INSTALLATION,), audience=Audience.DESK,
        headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/installations/{{id}}", name="describe-installation",
        summary="Describe an installation anew",
        permission=Permission.REGISTER, roomed=True, request=infraasks.InstallationAsk,
        query=NoQuery, response=bodies.InstallationBody, handler=redescribe,
        refusals=DESCRIBED, audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/installations/{{id}}/condition", name="report-condition",
        summary="Say in what condition an installation is, and who says so",
        description="What depends on it is at risk from then on, never down by inference. Which "
        "channels people are told of follows at once.",
        permission=Permission.REGISTER, roomed=True, request=infraasks.ConditionAsk,
        query=NoQuery, response=bodies.InstallationBody, handler=report,
        refusals=(
            Rule.UNKNOWN_INSTALLATION, Rule.SOURCE_MISSING, Rule.TIME_IN_FUTURE, Rule.BAD_VALUE,
            Rule.UNKNOWN_INCIDENT, Rule.TEXT_TOO_LONG, Rule.CONTROL_CHARACTER,
            Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED,
        ),
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/installations/{{id}}/erase", name="erase-installation",
        summary="Erase an installation's description for good",
        description="What was reported of it stays. What people were told of channels stays too, "
        "until something that carries them is said to work or somebody says so of the channel.",
        permission=Permission.REGISTER, roomed=True, request=infraasks.EraseAsk,
        query=NoQuery, response=bodies.InstallationBody, handler=erase,
        refusals=(
            Rule.UNKNOWN_INSTALLATION, Rule.REASON_MISSING, Rule.CONTROL_CHARACTER,
            Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED,
        ),
        audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
