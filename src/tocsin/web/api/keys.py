"""Machine keys: made once, shown once, revoked for good.

A key belongs to an account and may do nothing that its owner may not; one for the drill room
alone can never sign for a real alert (RELIABILITY P20).
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.machines import PER_MINUTE
from tocsin.service.registry import MachineKey
from tocsin.web.api import asks
from tocsin.web.api.accounts import CHANGING, SCOPING, ScopeAsk, ScopeBody, scope_body, scope_of
from tocsin.web.api.credentials import nothing
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import BASE, Name, Nothing, officers_of
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

ADMINISTER = Permission.ADMINISTER
PerMinute = Annotated[int, Meta(ge=1, le=100_000)]


class KeyAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Make a key."""

    account: Annotated[str, Meta(max_length=200, description="Id of its owner.")]
    name: Annotated[Name, Meta(description="Of the machine.")]
    scope: ScopeAsk
    direct: Annotated[bool, Meta(description="It may warn without a preview.")] = False
    per_minute: Annotated[PerMinute | None, Meta(description="Alerts; null: no limit.")] = (
        PER_MINUTE
    )
    valid_until: Annotated[asks.Time | None, Meta(description="Left out: open.")] = None


class KeyBody(Struct, frozen=True, kw_only=True):
    """A key, without what opens."""

    id: str
    account: str
    name: str
    scope: ScopeBody
    direct: bool
    per_minute: int | None
    made_at: datetime
    valid_until: datetime | None
    revoked_at: datetime | None
    last_used_at: Annotated[datetime | None, Meta(description="To the minute.")]


class KeysBody(Struct, frozen=True, kw_only=True):
    """All keys, oldest first; revoked ones too."""

    keys: list[KeyBody]


class MadeKeyBody(Struct, frozen=True, kw_only=True):
    """A key as it was just made."""

    key: KeyBody
    token: Annotated[
        str, Meta(description="Send it as `Authorization: Bearer`. Shown here and never again.")
    ]


async def keys(ask: Ask) -> Answer | Refusal:
    """Return all keys."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    found = officers.registry.keys(None)
    body = KeysBody(keys=[key_body(each) for each in found])
    return Answer(body, headers=NO_STORE)


async def make(ask: Ask) -> Answer | Refusal:
    """Make a key."""
    body: KeyAsk = ask.body
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    scope = scope_of(ask.house.service.world, body.scope)
    if isinstance(scope, Refusal):
        return scope
    made = await officers.keys.make(
        ask.identity, body.account, name=body.name, scope=scope, direct=body.direct,
        per_minute=body.per_minute, valid_until=body.valid_until,
    )  # fmt: skip
    if isinstance(made, Refusal):
        return made
    return Answer(MadeKeyBody(key=key_body(made.key), token=made.token), 201, headers=NO_STORE)


async def revoke(ask: Ask) -> Answer | Refusal:
    """Revoke a key."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    id_ = ask.path["id"]
    found = officers.registry.key(id_)
    if found is None or found[0].revoked_at is not None:
        return nothing("There is no such key that still holds.")
    refusal = await officers.keys.revoke(ask.identity, id_)
    if refusal is not None:
        return refusal
    after = officers.registry.key(id_)
    return nothing("There is no such key.") if after is None else _one(after[0])


def key_body(key: MachineKey) -> KeyBody:
    """Return a key as administrators see it."""
    return KeyBody(
        id=key.id,
        account=key.account_id,
        name=key.name,
        scope=scope_body(key.scope),
        direct=key.direct,
        per_minute=key.per_minute,
        made_at=key.made_at,
        valid_until=key.valid_until,
        revoked_at=key.revoked_at,
        last_used_at=key.last_used_at,
    )


def _one(key: MachineKey) -> Answer:
    return Answer(key_body(key), headers=NO_STORE)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/keys", name="list-keys",
        summary="Return all machine keys, revoked ones too",
        permission=ADMINISTER, query=NoQuery, response=KeysBody, handler=keys,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/keys", name="make-key",
        summary="Make a machine's key; the answer holds it, once",
        permission=ADMINISTER, query=NoQuery, request=KeyAsk, response=MadeKeyBody, status=201,
        handler=make, refusals=(*CHANGING, *SCOPING, Rule.SCOPE_TOO_WIDE),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/keys/{{id}}/revoke", name="revoke-key",
        summary="Revoke a key for good",
        permission=ADMINISTER, query=NoQuery, request=Nothing, response=KeyBody, handler=revoke,
        refusals=(Rule.UNKNOWN_PATH, Rule.SESSION_OVER, Rule.CROSS_SITE, Rule.NOT_ACCEPTED),
    ),
)  # fmt: skip
