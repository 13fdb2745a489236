"""Which channels still reach whom: for people without the cause, for the desk with it.

What is public is what people were told (``Infrastructure.may_not``) and the profile: nothing of an
installation moves a byte of it but by that notice (RELIABILITY P25a, P27).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.checks.text import name_refusal
from tocsin.core import infra_commands as ic
from tocsin.core.alert import Audience
from tocsin.core.area import Leaves, RegionTree, bits
from tocsin.core.authority import Permission
from tocsin.core.coverage import Reach, coverage, hidden, people, were_down, without_any
from tocsin.core.infrastructure import Infrastructure
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.formats import infra as bodies
from tocsin.formats.api import prose
from tocsin.formats.told import ChannelBody, channel_body
from tocsin.web.api import alerts, asks, infraasks, ledgerasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.patrol import Stop, rounds, written
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
CSV = "text/csv"


class ChannelsQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which channels; nothing: all, everywhere."""

    region: Annotated[
        asks.Name | None, Meta(description="Those that are there, and where in it they may not.")
    ] = None


class ChannelsBody(Struct, frozen=True, kw_only=True):
    """Ways by which warnings reach people, in the order in which pages name them."""

    channels: list[ChannelBody]


class CoverageBody(Struct, frozen=True, kw_only=True):
    """Where each channel stands, and who is left without one."""

    channels: list[bodies.ChannelReachBody]
    without_any: Annotated[
        list[bodies.BareBody],
        Meta(description="Where no channel wakes people by itself: the most people first."),
    ]
    said: Annotated[list[bodies.WordBody], Meta(description="What persons said of channels.")]
    hidden: Annotated[
        int,
        Meta(description="Installations that do not open here: until their key is back, no channel "
                         "carries again by an installation's word."),
    ]  # fmt: skip


class PatrolQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which part of the list, in which language."""

    region: Annotated[asks.Name | None, Meta(description="Geocode or alias; all under it.")] = None
    language: Annotated[
        Annotated[str, Meta(max_length=20)] | None, Meta(description="Of names; else the first.")
    ] = None


class PatrolBody(Struct, frozen=True, kw_only=True):
    """Where somebody must go and say it, the most people first."""

    people: Annotated[int | None, Meta(description="About how many in all.")]
    stops: list[Stop]


async def channels(ask: Ask) -> Answer | Refusal:
    """Return the channels, and where people were told that they may not carry warnings."""
    query: ChannelsQuery = ask.query
    service = ask.house.service
    tree, may_not = service.world.tree, service.state.infra.may_not
    within = tree.root if query.region is None else tree.find(query.region)
    if within is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    here = tree.mask((within,))
    found = []
    for channel in service.world.channels.values():
        lost = _mask(tree, may_not.get(channel.id, ()))
        exists = _mask(tree, channel.regions or (tree.root,)) | lost
        if exists & here:
            shown = replace(channel, regions=tree.fewest(exists & here))
            found.append(channel_body(shown, tree.fewest(lost & here), tree.root))
    return Answer(ChannelsBody(channels=found), headers=NO_STORE)


async def set_channel(ask: Ask) -> Answer | Refusal:
    """Record a person's word on a channel in some regions."""
    body: infraasks.ChannelAsk = ask.body
    service = ask.house.service
    regions = geocodes(service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    refused = name_refusal(body.source, "/source") or ledgerasks.kept_time(body.as_of, "/as_of")
    if refused is not None:
        return refused
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    command = ic.SetChannel(
        channel=ask.path["id"], regions=regions, condition=body.condition, source=body.source,
        as_of=body.as_of,
    )  # fmt: skip
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        field = "/id" if outcome.rule is Rule.UNKNOWN_CHANNEL else outcome.field
        return replace(outcome, field=field)
    tree = service.world.tree
    reach = next(
        each
        for each in coverage(service.world, service.state.infra)
        if each.channel.id == command.channel
    )
    return Answer(_reach_body(tree, reach), headers=NO_STORE)


async def covered(ask: Ask) -> Answer:
    """Return where each channel stands."""
    service = ask.house.service
    world, infra = service.world, service.state.infra
    reaches = coverage(world, infra)
    body = CoverageBody(
        channels=[_reach_body(world.tree, reach) for reach in reaches],
        without_any=_bare(world.tree, reaches, without_any(world, infra)),
        said=[
            bodies.WordBody(
                channel=each.channel, regions=list(each.regions), condition=each.condition,
                as_of=each.as_of, source=prose(each.source), at=each.at, by=each.by,
            )
            for each in infra.settings
        ],
        hidden=hidden(infra),
    )  # fmt: skip
    return Answer(body, headers=NO_STORE)


async def patrol(ask: Ask) -> Answer | Refusal:
    """Return where somebody must go and say it."""
    found = _stops(ask)
    if isinstance(found, Refusal):
        return found
    tree = ask.house.service.world.tree  # not the sum: of some leaves only those above are counted
    whole = people(tree, tree.mask(each.region for each in found))
    return Answer(PatrolBody(people=whole, stops=found), headers=NO_STORE)


async def patrol_csv(ask: Ask) -> Response | Refusal:
    """Return the same as a table to print."""
    found = _stops(ask)
    if isinstance(found, Refusal):
        return found
    headers = {**NO_STORE, "Content-Disposition": 'attachment; filename="patrol.csv"'}
    return Response(written(found), media_type=CSV, headers=headers)


def if_down(
    world: World, infra: Infrastructure, name: str, dependants: list[str]
) -> bodies.IfDownBody:
    """Return what would be, besides what is, if one installation were down."""
    tree, fallen = world.tree, were_down(infra, name)
    before, after = coverage(world, infra), coverage(world, fallen)
    pairs = zip(before, after, strict=True)
    told = [
        (is_.channel.id, will.lost & ~is_.lost, will.at_risk & ~is_.at_risk) for is_, will in pairs
    ]
    return bodies.IfDownBody(
        dependants=dependants,
        channels=[
            bodies.FallenBody(
                channel=channel, lost=_places(tree, lost), people_lost=people(tree, lost),
                at_risk=_places(tree, risk),
            )
            for channel, lost, risk in told
            if lost or risk
        ],
        without_any=_bare(tree, after, without_any(world, fallen) & ~without_any(world, infra)),
    )  # fmt: skip


def _stops(ask: Ask) -> list[Stop] | Refusal:
    query: PatrolQuery = ask.query
    service = ask.house.service
    world = service.world
    within = world.tree.root if query.region is None else world.tree.find(query.region)
    if within is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    if query.language not in (None, *world.languages):
        known = ", ".join(world.languages)
        return Refusal(Rule.BAD_VALUE, "/language", f"The profile speaks: {known}.")
    language = query.language or world.languages[0]
    return rounds(world, service.state.infra, world.tree.mask((within,)), language)


def _reach_body(tree: RegionTree, reach: Reach) -> bodies.ChannelReachBody:
    channel = reach.channel
    return bodies.ChannelReachBody(
        channel=channel.id, name=dict(channel.names), wakes=channel.wakes, by_hand=channel.by_hand,
        advice=dict(channel.advice), carries=list(tree.fewest(reach.carries)),
        lost=_places(tree, reach.lost), at_risk=_places(tree, reach.at_risk),
        unknown=_places(tree, reach.unknown), people=people(tree, reach.carries),
        people_lost=people(tree, reach.lost),
    )  # fmt: skip


def _places(tree: RegionTree, leaves: Leaves) -> list[bodies.PlaceBody]:
    return [
        bodies.PlaceBody(region=code, people=people(tree, tree.mask((code,))))
        for code in tree.fewest(leaves)
    ]


def _bare(tree: RegionTree, reaches: tuple[Reach, ...], bare: Leaves) -> list[bodies.BareBody]:
    """Return regions without a channel, cut so that each has the same channels by hand left."""
    alike: dict[tuple[str, ...], Leaves] = {}
    for bit in bits(bare):
        left = tuple(
            each.channel.id for each in reaches if each.channel.by_hand and each.carries >> bit & 1
        )
        alike[left] = alike.get(left, 0) | 1 << bit
    found = [
        bodies.BareBody(region=code, people=people(tree, tree.mask((code,))), left=list(left))
        for left, leaves in alike.items()
        for code in tree.fewest(leaves)
    ]
    return sorted(found, key=lambda each: (each.people is not None, -(each.people or 0)))


def _mask(tree: RegionTree, codes: tuple[str, ...]) -> Leaves:
    return tree.mask(code for code in codes if code in tree)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/channels", name="list-channels",
        summary="Return by which ways warnings reach people, and where they may not",
        description="Never why. Where nobody said anything, a channel carries as far as anybody "
        "knows.",
        permission=Permission.PUBLIC, query=ChannelsQuery, response=ChannelsBody, handler=channels,
        past=True,
        refusals=(Rule.UNKNOWN_REGION,), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/channels/{{id}}", name="set-channel",
        summary="Say in what condition a channel is in some regions; people are told at once",
        description="It counts before what installations say, until the next word; `condition` "
        "null lets them count again, and gives back no channel that none of them is said to carry.",
        permission=Permission.SITUATION, roomed=True, request=infraasks.ChannelAsk, query=NoQuery,
        response=bodies.ChannelReachBody, handler=set_channel,
        refusals=(
            Rule.UNKNOWN_CHANNEL, Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.SOURCE_MISSING,
            Rule.TIME_IN_FUTURE, Rule.BAD_VALUE, Rule.TEXT_TOO_LONG, Rule.CONTROL_CHARACTER,
            Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED,
        ),
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/coverage", name="coverage",
        summary="Return which channel still reaches whom, and who is left without any",
        permission=Permission.VIEW, query=NoQuery, response=CoverageBody, handler=covered,
        past=True,
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/coverage/patrol", name="patrol",
        summary="Return where somebody must go and say it: regions without a channel, by people",
        permission=Permission.VIEW, query=PatrolQuery, response=PatrolBody, handler=patrol,
        past=True,
        refusals=(Rule.UNKNOWN_REGION, Rule.BAD_VALUE), audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/coverage/patrol.csv", name="patrol-csv",
        summary="Return the same list as CSV, to print",
        permission=Permission.VIEW, query=PatrolQuery, media=CSV, handler=patrol_csv, past=True,
        refusals=(Rule.UNKNOWN_REGION, Rule.BAD_VALUE), audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
