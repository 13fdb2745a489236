"""Postures: how much what is guarded, by whose order, until when.

Everybody on duty reads that regions or a kind are guarded, how much and until when. Of which
installation, why, by whose order and for whom is for who keeps the register in the live room, and
for whoever ordered it (DESIGN section 3, rule 14). An installation stands here by its id alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.checks.text import name_refusal, prose_refusal
from tocsin.core import infra_commands as ic
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.facilities import Posture
from tocsin.core.infra_posture import has_run_out, last_orders, postures_now
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.infra import PostureBody, posture_body, sealed_posture
from tocsin.web.api import alerts, asks, infraasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.ledgerasks import kept_time
from tocsin.web.api.sealed import knows
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}


class PosturesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which orders; nothing: the last one for each thing."""

    history: Annotated[int, Meta(ge=0, le=1, description="Those before them as well.")] = 0
    region: Annotated[
        asks.Name | None, Meta(description="Only orders for regions in it or over it.")
    ] = None


class PosturesBody(Struct, frozen=True, kw_only=True):
    """Orders of posture, the latest first."""

    postures: list[PostureBody]


async def postures(ask: Ask) -> Answer | Refusal:
    """Return the last order for each thing, or all of them; those that ran out say so."""
    query: PosturesQuery = ask.query
    service = ask.house.service
    tree, infra = service.world.tree, service.state.infra
    known = knows(ask.identity, Permission.REGISTER)
    found = [
        each for each in (infra.postures if query.history else last_orders(infra).values())
        if known or each.installation_id is None
    ]  # fmt: skip
    if query.region is not None:
        code = tree.find(query.region)
        if code is None:
            return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
        here = tree.mask((code,))
        found = [
            each for each in found
            if tree.mask(known for known in each.regions if known in tree) & here
        ]  # fmt: skip
    found.sort(key=lambda each: (each.at, each.id), reverse=True)
    return Answer(PosturesBody(postures=[_body(ask, each) for each in found]), headers=NO_STORE)


async def order(ask: Ask) -> Answer | Refusal:
    """Order a posture and call officers."""
    body: infraasks.PostureAsk = ask.body
    service = ask.house.service
    regions = geocodes(service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    refused = (
        prose_refusal(body.reason, "/reason")
        or name_refusal(body.ordered_by, "/ordered_by")
        or name_refusal(body.for_whom, "/for_whom")
        or kept_time(body.until, "/until")
    )
    if refused is not None:
        return refused
    command = ic.SetPosture(
        level=body.level, reason=body.reason.strip(), ordered_by=body.ordered_by.strip(),
        for_whom=body.for_whom.strip(), kind=body.kind, regions=regions,
        installation_id=_installation(ask, body.installation),
        until=body.until.astimezone(UTC) if body.until is not None else None,
    )  # fmt: skip
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        is_of_register = outcome.field == "/id"  # where the installation stands
        return replace(outcome, field="/installation") if is_of_register else outcome
    made = next(each for each in reversed(service.state.infra.postures)
                if each.id == outcome.alert_id)  # fmt: skip
    return Answer(_body(ask, made), 201, headers=NO_STORE)


def _body(ask: Ask, posture: Posture) -> PostureBody:
    service = ask.house.service
    now: datetime = service.clock.now()
    holds = postures_now(service.state.infra, now).get(posture.of)
    body = posture_body(
        posture, holds=holds is not None and holds.id == posture.id,
        ran_out=has_run_out(posture, now),
    )  # fmt: skip
    is_own = posture.by == ask.identity.name and ask.identity.may(Permission.SITUATION)
    return body if is_own or knows(ask.identity, Permission.REGISTER) else sealed_posture(body)


def _installation(ask: Ask, name: str | None) -> str | None:
    """Return the id of an installation named by id or handle; the name where it is unknown."""
    known = ask.house.service.state.infra.installations
    if name is None or name in known:
        return name
    return next((each.id for each in known.values() if each.handle == name), name)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/postures", name="list-postures",
        summary="Return how much what is guarded: the last order for each thing",
        description=(
            "`holds` false and `ran_out` true: its time is over, and nobody ordered what is next. "
            "`history=1`: every order. Who does not keep the register reads none of a single "
            "installation, and of the others level, kind or regions, and until when (`sealed`)."
        ),
        permission=Permission.VIEW, query=PosturesQuery, response=PosturesBody, handler=postures,
        past=True,
        refusals=(Rule.UNKNOWN_REGION,), audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/postures", name="order-posture",
        summary="Order how much something is guarded; officers are called",
        description="Of one installation, one kind of them, or regions: one of the three.",
        permission=Permission.SITUATION, roomed=True, request=infraasks.PostureAsk, query=NoQuery,
        response=PostureBody, status=201, handler=order,
        refusals=tuple(dict.fromkeys((
            Rule.EMPTY_AREA, Rule.UNKNOWN_INSTALLATION, Rule.UNKNOWN_REGION, Rule.REASON_MISSING,
            Rule.DEADLINE_PAST, Rule.CONTROL_CHARACTER, Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM,
            *alerts.KEYED,
        ))),
        audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
