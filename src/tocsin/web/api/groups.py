"""Saved groups of regions: "the left bank" is two keys in the issue form, not nine."""

from __future__ import annotations

import asyncio
import secrets
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.checks.text import name_refusal
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import TocsinError
from tocsin.service.registry import GROUPS_MOST, Group, Taken
from tocsin.web.api.area import geocodes
from tocsin.web.api.asks import NothingAsk
from tocsin.web.api.staff import NO_DESK, own_sender, registry_of
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

NO_STORE = {"Cache-Control": "no-store"}


class GroupAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Save a group under a name; one of that name is replaced."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    regions: Annotated[list[str], Meta(min_length=1, max_length=5000)]


class GroupBody(Struct, frozen=True, kw_only=True):
    """A saved group of one's own authority."""

    id: str
    name: str
    regions: list[str]


class GroupsBody(Struct, frozen=True, kw_only=True):
    """The saved groups of one's own authority, by name."""

    groups: list[GroupBody]


async def groups(ask: Ask) -> Answer | Refusal:
    """Return the saved groups."""
    registry = registry_of(ask.house)
    if registry is None:
        return NO_DESK
    found = registry.groups(own_sender(ask))
    return Answer(GroupsBody(groups=[group_body(each) for each in found]), headers=NO_STORE)


async def save(ask: Ask) -> Answer | Refusal:
    """Save a group, or replace the one of that name."""
    registry = registry_of(ask.house)
    if registry is None:
        return NO_DESK
    body: GroupAsk = ask.body
    name = body.name.strip()
    refused = name_refusal(name, "/name")
    if refused is None and not name:
        refused = Refusal(Rule.BAD_VALUE, "/name", "Give it a name.")
    regions = geocodes(ask.house.service.world, body.regions, "/regions")
    if refused is not None:
        return refused
    if isinstance(regions, Refusal):
        return regions
    sender = own_sender(ask)
    known = registry.groups(sender)
    same = next((each for each in known if each.name.casefold() == name.casefold()), None)
    if same is None and len(known) >= GROUPS_MOST:
        return Refusal(Rule.TOO_LARGE, "/name", f"At most {GROUPS_MOST} groups; remove one first.")
    group = Group(
        id=same.id if same is not None else secrets.token_hex(8), sender=sender, name=name,
        regions=regions,
    )  # fmt: skip
    try:
        await asyncio.to_thread(registry.save_group, group)
    except Taken:
        return Refusal(Rule.BAD_VALUE, "/name", "A group of that name was saved just now.")
    except TocsinError:
        return Refusal(Rule.NOT_ACCEPTED, "", "The registry could not be written. Try again.")
    return Answer(group_body(group), 201)


async def remove(ask: Ask) -> Answer | Refusal:
    """Remove a saved group."""
    registry = registry_of(ask.house)
    if registry is None:
        return NO_DESK
    sender, name = own_sender(ask), ask.path["id"]
    found = next((each for each in registry.groups(sender) if each.id == name), None)
    if found is None or not await asyncio.to_thread(registry.drop_group, sender, name):
        return Refusal(Rule.BAD_VALUE, "/id", "Your authority has no such group.")
    return Answer(group_body(found))


def group_body(group: Group) -> GroupBody:
    """Return a group in the API's shape."""
    return GroupBody(id=group.id, name=group.name, regions=list(group.regions))


BASE = "/api/v1"
LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/groups", name="list-groups",
        summary="Return the saved groups of regions of one's own authority",
        permission=Permission.VIEW, query=NoQuery, response=GroupsBody, handler=groups,
        refusals=(Rule.NOT_ACCEPTED,), audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/groups", name="save-group",
        summary="Save a group of regions under a name",
        permission=Permission.ISSUE, request=GroupAsk, query=NoQuery, response=GroupBody,
        status=201, handler=save,
        refusals=(
            Rule.UNKNOWN_REGION, Rule.BAD_VALUE, Rule.CONTROL_CHARACTER, Rule.TEXT_TOO_LONG,
            Rule.TOO_LARGE, Rule.NOT_ACCEPTED,
        ),
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/groups/{{id}}/remove", name="remove-group",
        summary="Remove a saved group of regions",
        permission=Permission.ISSUE, request=NothingAsk, query=NoQuery, response=GroupBody,
        handler=remove, refusals=(Rule.BAD_VALUE, Rule.NOT_ACCEPTED), audience=Audience.DESK,
        headers=NO_STORE,
    ),
)  # fmt: skip
