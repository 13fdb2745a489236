"""The watch: observed, unchanged, as of a moment, says whom. Signed; never an all-clear.

Each is signed by the house's head key, so that a copy of it can be checked by anybody who has the
public key, wherever it was copied to.

Source: RELIABILITY P23; DESIGN R10.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tocsin.checks.text import name_refusal
from tocsin.core import notice_commands as nc
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.claims import Voice
from tocsin.core.notice_watch import Freshness, freshness
from tocsin.core.notices import Watch
from tocsin.core.plainwords import says_something
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.told import SignedWatchBody, watch_body
from tocsin.keys.kinds import Purpose
from tocsin.keys.signed import signed
from tocsin.keys.store import KeyStore
from tocsin.web.api import alerts, asks, infraasks, ledgerasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.ledgerasks import Texts
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, House, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}
SIGNED, MOST_KEPT = "signed-watches", 2_000


class WatchesQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which watches; nothing: those that are kept."""

    region: Annotated[
        asks.Name | None, Meta(description="Geocode or alias: in it, or over it.")
    ] = None  # fmt: skip
    history: Annotated[
        int, Meta(ge=0, le=1, description="Those that nobody keeps any more as well.")
    ] = 0  # fmt: skip


class WatchesBody(Struct, frozen=True, kw_only=True):
    """Watches, the latest look first; stale ones among them, which say so."""

    watches: list[SignedWatchBody]


async def watches(ask: Ask) -> Answer | Refusal:
    """Return the watches that are kept, each signed; those of a past moment are not."""
    query: WatchesQuery = ask.query
    service = ask.house.service
    tree = service.world.tree
    code = tree.find(query.region) if query.region is not None else tree.root
    if code is None:
        return Refusal(Rule.UNKNOWN_REGION, "/region", "The profile has no such region.")
    here = tree.mask((code,))
    found = [
        each for each in service.state.notices.watches.values()
        if (query.history or each.ended_at is None)
        and tree.mask(known for known in each.regions if known in tree) & here
    ]  # fmt: skip
    found.sort(key=lambda each: (each.ended_at is None, each.as_of, each.id), reverse=True)
    body = WatchesBody(watches=[signed_watch(ask.house, each, code) for each in found])
    return Answer(body, headers=NO_STORE)


async def keep(ask: Ask) -> Answer | Refusal:
    """Say that somebody looked and knows of no danger."""
    return await _look(ask, None, status=201)


async def look(ask: Ask) -> Answer | Refusal:
    """Say that somebody looked again."""
    return await _look(ask, _id_of(ask))


async def end(ask: Ask) -> Answer | Refusal:
    """Stop keeping a watch; that says nothing of the danger."""
    name = _id_of(ask)
    return await _done(ask, nc.EndWatch(watch_id=name), {}, of=name)


def signed_watch(house: House, watch: Watch, region: str | None = None) -> SignedWatchBody:
    """Return a watch as it stands at this moment, signed; a statement is signed once and kept.

    It says "no danger known" only while it is fresh, and no real alert is in force in ``region``.

    In a house of a past moment it is not signed: a copy that says "fresh", signed today, would be
    taken for a word of today, while somebody may have looked again since and seen otherwise.
    """
    service = house.service
    stands = freshness(service.world, service.state, watch, service.clock.now(), region)
    keys: KeyStore | None = house.shared.get("keys")
    key = keys.key(Purpose.HEAD) if keys is not None and house.at is None else None
    plain = watch_body(watch, service.text(watch.words))
    fields = {name: getattr(plain, name) for name in plain.__struct_fields__}
    unsigned = SignedWatchBody(
        **fields, freshness=stands.value,
        statement="no-danger-known" if stands is Freshness.FRESH else None,
    )  # fmt: skip
    if key is None:
        return unsigned
    kept: dict[Any, SignedWatchBody] = house.shared.setdefault(SIGNED, {})
    of = (watch.id, watch.looks, watch.ended_at, stands, key.id)
    if of not in kept:
        if len(kept) >= MOST_KEPT:
            kept.clear()
        said: dict[str, object] = msgspec.to_builtins(unsigned)
        kept[of] = msgspec.convert(signed(said, key), SignedWatchBody)
    return kept[of]


async def _look(ask: Ask, watch_id: str | None, *, status: int = 200) -> Answer | Refusal:
    body: infraasks.WatchAsk = ask.body
    world = ask.house.service.world
    texts: Texts = {}
    regions = geocodes(world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    voice = body.voice
    for name in ("name", "role", "org", "via"):
        if (refused := name_refusal(getattr(voice, name), f"/voice/{name}")) is not None:
            return refused
    for field in ("as_of", "fresh_until"):
        if (refused := ledgerasks.kept_time(getattr(body, field), f"/{field}")) is not None:
            return refused
    words = ledgerasks.words(world, body.text, "/text", texts)
    if isinstance(words, Refusal):
        return words
    command = nc.KeepWatch(
        hazard=body.hazard, regions=regions,
        voice=Voice(kind=voice.kind, name=voice.name, role=voice.role, org=voice.org,
                    via=voice.via, official=voice.official),
        as_of=body.as_of.astimezone(UTC), fresh_until=body.fresh_until.astimezone(UTC),
        words=words,
        languages=tuple(language for language, told in body.text.items() if says_something(told)),
        sentences=tuple(body.text.values()), watch_id=watch_id,
    )  # fmt: skip
    return await _done(ask, command, texts, of=watch_id or "", status=status)


async def _done(
    ask: Ask, command: nc.NoticeCommand, texts: Texts, *, of: str, status: int = 200
) -> Answer | Refusal:
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    service = ask.house.service
    outcome = await service.submit(command, key=key, warrant=ask.identity.warrant, texts=texts)
    if isinstance(outcome, Refusal):  # the core knows of an area, the request of its regions
        if not outcome.field.startswith("/area"):
            return outcome
        named = outcome.field.removeprefix("/area")
        return replace(outcome, field="/id" if isinstance(command, nc.EndWatch) else named)
    held = service.state.notices.watches[of or outcome.alert_id or ""]
    return Answer(signed_watch(ask.house, held), status, headers=NO_STORE)


def _id_of(ask: Ask) -> str:
    name = ask.path["id"]
    known = ask.house.service.state.notices.watches
    return next((each.id for each in known.values() if name in (each.id, each.handle)), name)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/watches", name="list-watches",
        summary="Return the watches that are kept: observed, unchanged, as of when, says whom",
        description=(
            "No all-clear. Each is signed (Ed25519 over the canonical JSON of all its other "
            "members) by the key of `/head`. `stale`: it says nothing of now. Of a past "
            "moment (`at`) none is signed: what held then is no word of today."
        ),
        permission=Permission.PUBLIC, query=WatchesQuery, response=WatchesBody, handler=watches,
        past=True,
        refusals=(Rule.UNKNOWN_REGION,), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/watches", name="keep-watch",
        summary="Say that somebody looked and knows of no danger",
        description="In every language, and in no words that people know from an all-clear.",
        permission=Permission.SITUATION, roomed=True, request=infraasks.WatchAsk, query=NoQuery,
        response=SignedWatchBody, status=201, handler=keep,
        refusals=(saying := tuple(dict.fromkeys((
            Rule.UNKNOWN_HAZARD, Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.TEXT_MISSING,
            Rule.SOURCE_MISSING, Rule.TIME_IN_FUTURE, Rule.DEADLINE_PAST, Rule.EXPIRES_TOO_LATE,
            Rule.READS_AS_ALL_CLEAR, Rule.TEXT_TOO_LONG, Rule.REAL_ALERT_IN_FORCE,
            Rule.CONTROL_CHARACTER,
            Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED,
        )))),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/watches/{{id}}", name="look-again",
        summary="Say that somebody looked again: whole values, by id or handle",
        permission=Permission.SITUATION, roomed=True, request=infraasks.WatchAsk, query=NoQuery,
        response=SignedWatchBody, handler=look, refusals=(Rule.UNKNOWN_WATCH, *saying),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/watches/{{id}}/end", name="end-watch",
        summary="Stop keeping a watch; that says nothing of the danger",
        permission=Permission.SITUATION, roomed=True, request=asks.NothingAsk, query=NoQuery,
        response=SignedWatchBody, handler=end,
        refusals=(Rule.UNKNOWN_WATCH, Rule.OUTSIDE_JURISDICTION, Rule.WRONG_ROOM, *alerts.KEYED),
        audience=Audience.PUBLIC, headers=NO_STORE,
    ),
)  # fmt: skip
