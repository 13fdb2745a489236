"""Region states, now and at any past moment, with a validator that never lies.

The ETag is a hash of the bytes: a shown all-clear ends after 30 minutes without any event, so
the sequence alone would answer "not modified" for a state that has changed. Last-Modified
has whole seconds only, so it is rounded up, never repeats for other bytes, and is left out
until it has passed: a change within the same second is never hidden by it.

Source: formats/api-v1.md; RFC 9110 sections 8.8 and 13.
"""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from typing import Annotated

from msgspec import Meta, Struct
from starlette.responses import Response

from tocsin.core.alert import Audience
from tocsin.core.overlap import RegionState
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats import api as shapes
from tocsin.projections.regions import RegionStates
from tocsin.web.api import asks
from tocsin.web.endpoint import JSON, Ask

SECOND = timedelta(seconds=1)
REMEMBERED = 4_000


class StatesBody(Struct, frozen=True, kw_only=True):
    """Every region and hazard that has something to say, by region, then hazard."""

    at: Annotated[datetime | None, Meta(description="The past moment asked for; null: now.")]
    known_at: Annotated[datetime | None, Meta(description="As known then; null: as known now.")]
    sequence: Annotated[
        int | None, Meta(description="The audience's last number; null for a past moment.")
    ]
    freshness: Annotated[str, Meta(description="`fresh`, or `stale`: the news does not come.")]
    states: list[shapes.LineBody]
    no_information: Annotated[
        list[str], Meta(description="Regions in which nobody may warn: not the same as no alert.")
    ]


class RegionStatesBody(Struct, frozen=True, kw_only=True):
    """The states of one region; ``rest`` holds for every hazard that is not listed."""

    region: str
    names: dict[str, str]
    at: datetime | None
    known_at: datetime | None
    sequence: int | None
    freshness: str
    states: list[shapes.LineBody]
    rest: RegionState


@dataclass(slots=True)
class _Seen:
    """A representation that was sent, and the first whole second at which it may be dated."""

    etag: str
    modified: datetime


async def states(ask: Ask) -> Response | Refusal:
    """Return all region states."""
    query: asks.StateQuery = ask.query
    found = await _states_at(ask, query)
    if isinstance(found, Refusal):
        return found
    projection, moment = found
    service = ask.house.service
    is_past = query.at is not None or query.known_at is not None
    body = StatesBody(
        at=query.at,
        known_at=query.known_at,
        sequence=None if is_past else service.head(_audience(query)),
        freshness=service.freshness,
        states=[shapes.line_body(line) for line in projection.lines(moment)],
        no_information=list(projection.no_information(moment)),
    )
    return conditional(ask, shapes.encode(body), is_past=is_past)


async def state(ask: Ask) -> Response | Refusal:
    """Return the states of one region, named by geocode or alias."""
    query: asks.StateQuery = ask.query
    world = ask.house.service.world
    code = world.tree.find(ask.path["region"])
    if code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    found = await _states_at(ask, query)
    if isinstance(found, Refusal):
        return found
    projection, moment = found
    service = ask.house.service
    is_past = query.at is not None or query.known_at is not None
    body = RegionStatesBody(
        region=code,
        names=dict(world.tree[code].names),
        at=query.at,
        known_at=query.known_at,
        sequence=None if is_past else service.head(_audience(query)),
        freshness=service.freshness,
        states=[shapes.line_body(line) for line in projection.line(code, moment)],
        rest=projection.rest(code, moment),
    )
    return conditional(ask, shapes.encode(body), is_past=is_past)


def conditional(ask: Ask, body: bytes, *, is_past: bool) -> Response:
    """Return ``body`` with its validators, or 304 where the client holds it already."""
    now = ask.house.service.clock.now()
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "no-cache"}
    modified = None
    if not is_past:
        modified = _modified(ask, etag, now)
        if modified <= now:
            headers["Last-Modified"] = format_datetime(modified, usegmt=True)
    asked = ask.request.headers
    if (none_match := asked.get("if-none-match")) is not None:
        held = {each.strip().removeprefix("W/") for each in none_match.split(",")}
        unchanged = etag in held or "*" in held
    else:
        since = _http_date(asked.get("if-modified-since"))
        unchanged = since is not None and modified is not None and modified <= min(since, now)
    if unchanged:
        return Response(status_code=304, headers=headers)
    return Response(body, headers=headers, media_type=JSON)


def _modified(ask: Ask, etag: str, now: datetime) -> datetime:
    """Return the second from which this representation may be dated."""
    seen: dict[str, _Seen] = ask.house.shared.setdefault("state-representations", {})
    name = f"{ask.request.url.path}?{ask.request.url.query}"
    known = seen.get(name)
    if known is not None and known.etag == etag:
        return known.modified
    modified = now.replace(microsecond=0) + SECOND
    if known is not None:
        modified = max(modified, known.modified + SECOND)
    if len(seen) > REMEMBERED:  # queries are the clients' choice
        seen.clear()
        # what was dated before is not known any more: nothing may be dated in this second
        modified += SECOND
    seen[name] = _Seen(etag, modified)
    return modified


async def _states_at(ask: Ask, query: asks.StateQuery) -> tuple[RegionStates, datetime] | Refusal:
    """Return the states to ask and the moment to ask them for."""
    service = ask.house.service
    now = service.clock.now()
    for field, moment in (("/at", query.at), ("/known_at", query.known_at)):
        if moment is not None and moment > now:
            return Refusal(Rule.TIME_IN_FUTURE, field, "Nobody knows what will be then.")
    audience = _audience(query)
    if query.known_at is not None:
        lock: asyncio.Lock = ask.house.shared.setdefault("known-at-lock", asyncio.Lock())
        async with lock:  # each reads the whole journal: one at a time
            states = await asyncio.to_thread(service.regions_at, query.known_at, audience)
        return states, (query.at or query.known_at).astimezone(UTC)
    if query.at is not None:
        return await service.past(query.at, audience), query.at.astimezone(UTC)
    return (service.drill_regions if audience is Audience.DRILL else service.regions), now


def _audience(query: asks.StateQuery) -> Audience:
    return Audience.DRILL if query.drill else Audience.PUBLIC


def _http_date(value: str | None) -> datetime | None:
    if value is None:
        return None
    try:
        found = parsedate_to_datetime(value)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=UTC)
