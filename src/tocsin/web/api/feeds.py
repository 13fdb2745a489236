"""The keys of signed feeds: made by administrators, withdrawn, listed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.feedrecords import FeedKey, FeedKind
from tocsin.web.api.accounts import CHANGING
from tocsin.web.api.area import geocodes
from tocsin.web.api.intake import intake_of
from tocsin.web.api.intakeasks import FeedAsk
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import BASE, Nothing
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

ADMINISTER = Permission.ADMINISTER
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class FeedBody(Struct, frozen=True, kw_only=True):
    """A key by which others send."""

    id: str
    public: Annotated[str, Meta(description="Its Ed25519 public key in base64.")]
    name: str
    feeds: list[FeedKind]
    sender: str
    regions: list[str]
    hazards: list[str]
    issues: bool
    is_weak: bool
    tells: bool
    made_at: datetime
    made_by: str
    withdrawn_at: datetime | None


class FeedsBody(Struct, frozen=True, kw_only=True):
    """All keys of feeds, oldest first; withdrawn ones too."""

    feeds: list[FeedBody]


async def feeds(ask: Ask) -> Answer | Refusal:
    """Return all keys."""
    intake = intake_of(ask)
    if isinstance(intake, Refusal):
        return intake
    return Answer(FeedsBody(feeds=list(map(feed_body, intake.keys.all()))), headers=NO_STORE)


async def add(ask: Ask) -> Answer | Refusal:
    """Let a key send."""
    body: FeedAsk = ask.body
    intake = intake_of(ask)
    if isinstance(intake, Refusal):
        return intake
    world = ask.house.service.world
    regions = geocodes(world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    asked = FeedKey(
        id=body.id, public=b"", name=body.name.strip(), feeds=tuple(dict.fromkeys(body.feeds)),
        sender=world.authority if body.sender is None else body.sender, regions=regions,
        hazards=tuple(dict.fromkeys(body.hazards)), issues=body.issues, is_weak=body.is_weak,
        tells=body.tells, made_at=NEVER,
    )  # fmt: skip
    made = await intake.keys.add(ask.identity, asked, body.public)
    return made if isinstance(made, Refusal) else Answer(feed_body(made), 201, headers=NO_STORE)


async def withdraw(ask: Ask) -> Answer | Refusal:
    """Take a key back for good."""
    intake = intake_of(ask)
    if isinstance(intake, Refusal):
        return intake
    gone = await intake.keys.withdraw(ask.identity, ask.path["id"])
    return gone if isinstance(gone, Refusal) else Answer(feed_body(gone), headers=NO_STORE)


def feed_body(key: FeedKey) -> FeedBody:
    """Return a key as administrators see it."""
    return FeedBody(
        id=key.id,
        public=base64.b64encode(key.public).decode("ascii"),
        name=key.name,
        feeds=list(key.feeds),
        sender=key.sender,
        regions=list(key.regions),
        hazards=list(key.hazards),
        issues=key.issues,
        is_weak=key.is_weak,
        tells=key.tells,
        made_at=key.made_at,
        made_by=key.made_by,
        withdrawn_at=key.withdrawn_at,
    )


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/feeds", name="list-feeds",
        summary="Return all keys of signed feeds, withdrawn ones too",
        permission=ADMINISTER, query=NoQuery, response=FeedsBody, handler=feeds,
        refusals=(Rule.UNKNOWN_PATH,), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/feeds", name="add-feed",
        summary="Let a key send: what, for where, and what may come of it",
        permission=ADMINISTER, query=NoQuery, request=FeedAsk, response=FeedBody, status=201,
        handler=add, headers=NO_STORE,
        refusals=(
            *CHANGING, Rule.UNKNOWN_PATH, Rule.EMPTY_AREA, Rule.UNKNOWN_REGION,
            Rule.UNKNOWN_HAZARD, Rule.CONTROL_CHARACTER,
        ),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/feeds/{{id}}/withdraw", name="withdraw-feed",
        summary="Take a feed's key back for good",
        permission=ADMINISTER, query=NoQuery, request=Nothing, response=FeedBody,
        handler=withdraw, headers=NO_STORE,
        refusals=(
            Rule.UNKNOWN_PATH, Rule.SESSION_OVER, Rule.CROSS_SITE,
            Rule.NOT_ACCEPTED,
        ),
    ),
)  # fmt: skip
