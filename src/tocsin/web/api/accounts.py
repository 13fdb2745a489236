"""Accounts, as administrators keep them: open, change, close, begin anew, erase.

A scope in a request is written out whole, so that nothing is allowed by leaving it out; what
makes sense in one, and who may give it, is ``service.accounts``' to say. No line here ever
shows a secret, but for a one-time link, once.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from tocsin.checks.text import id_refusal
from tocsin.core.alert import Realm, Severity
from tocsin.core.authority import EVERY, Permission, Role, Scope
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.world import World
from tocsin.service.accounts import Card, Linked
from tocsin.service.desk import digest
from tocsin.service.registry import Account
from tocsin.web.api import asks
from tocsin.web.api.area import geocodes
from tocsin.web.api.credentials import PasskeyBody, nothing, passkey_body
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import BASE, Login, Name, Nothing, officers_of
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

CHANGING = (
    Rule.UNKNOWN_ACCOUNT, Rule.NEEDS_CONFIRMATION, Rule.SESSION_OVER, Rule.CROSS_SITE,
    Rule.NOT_ACCEPTED,
    Rule.NOT_AS_IT_STANDS,
)  # fmt: skip
SCOPING = (
    Rule.UNKNOWN_REGION, Rule.UNKNOWN_HAZARD, Rule.MISSING_MEMBER, Rule.CONTROL_CHARACTER,
    Rule.EXPIRES_PAST,
)  # fmt: skip


# -- shapes --------------------------------------------------------------------------------------


def _every() -> list[str]:
    return [EVERY]


class ScopeAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What somebody may do. What is not named is not allowed."""

    role: Role
    sender: Annotated[str, Meta(max_length=200, description="In whose name.")] = ""
    regions: Annotated[
        list[str],
        Meta(max_length=5000, description="By geocode or alias, each with all under it."),
    ] = []
    hazards: Annotated[list[str], Meta(max_length=100, description='`["*"]`: every hazard.')] = []
    realms: Annotated[list[Realm], Meta(max_length=2)] = []
    severity: Annotated[Severity, Meta(description="The most severe.")] = Severity.EXTREME
    channels: Annotated[list[str], Meta(max_length=100, description="Left out: every one.")] = (
        field(default_factory=_every)
    )
    usual: Annotated[
        list[str],
        Meta(
            max_length=100,
            description="Hazards of the daily work, left out: every one; an Extreme alert of "
            "another one needs a second person.",
        ),
    ] = field(default_factory=_every)


class ScopeBody(Struct, frozen=True, kw_only=True):
    """What somebody may do."""

    role: Role
    sender: str
    regions: list[str]
    hazards: list[str]
    realms: list[Realm]
    severity: Severity
    channels: list[str]
    usual: list[str]


class AccountAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Open an account."""

    login: Login
    name: Name
    scope: ScopeAsk
    valid_until: Annotated[asks.Time | None, Meta(description="Left out: open.")] = None


class ChangeAccountAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Change an account; what is left out stays. A scope is replaced whole."""

    name: Name | UnsetType = UNSET
    scope: ScopeAsk | UnsetType = UNSET
    valid_until: asks.Time | UnsetType | None = UNSET


class AccountBody(Struct, frozen=True, kw_only=True):
    """An account; an erased one has neither login nor name."""

    id: str
    login: str
    name: str
    scope: ScopeBody
    made_at: datetime
    valid_until: datetime | None
    closed_at: datetime | None
    holds: Annotated[bool, Meta(description="It can be used at this moment.")]


class AccountsBody(Struct, frozen=True, kw_only=True):
    """All accounts, by login; closed and erased ones too."""

    accounts: list[AccountBody]


class CardBody(Struct, frozen=True, kw_only=True):
    """An account and how it can sign in, never with what."""

    account: AccountBody
    passkeys: list[PasskeyBody]
    password: Annotated[str | None, Meta(description="Its id; null where there is none.")]
    totp: Annotated[str | None, Meta(description="Its id; null where there is none.")]
    recovery_codes: Annotated[str | None, Meta(description="Their id; null where none are left.")]
    recovery_codes_left: int
    keys: Annotated[int, Meta(description="Machine keys, revoked ones too.")]
    open_sessions: int


class LinkedBody(Struct, frozen=True, kw_only=True):
    """An account with its one-time link, which is shown here and never again."""

    account: AccountBody
    link: Annotated[str, Meta(description="Give it to the person, by a way you both trust.")]
    link_ends_at: datetime | None


# -- lines ---------------------------------------------------------------------------------------


async def accounts(ask: Ask) -> Answer | Refusal:
    """Return all accounts."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    now = ask.house.service.clock.now()
    body = AccountsBody(accounts=[account_body(each, now) for each in officers.accounts.all()])
    return Answer(body, headers=NO_STORE)


async def account(ask: Ask) -> Answer | Refusal:
    """Return one account."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    card = officers.accounts.card(ask.path["id"])
    return card if isinstance(card, Refusal) else Answer(_card_body(ask, card), headers=NO_STORE)


async def open_account(ask: Ask) -> Answer | Refusal:
    """Open an account and make its one-time link."""
    body: AccountAsk = ask.body
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    scope = scope_of(ask.house.service.world, body.scope)
    if isinstance(scope, Refusal):
        return scope
    linked = await officers.accounts.open(
        ask.identity, login=body.login, name=body.name, scope=scope, valid_until=body.valid_until
    )
    return linked if isinstance(linked, Refusal) else _linked(ask, linked)


async def change(ask: Ask) -> Answer | Refusal:
    """Change an account; keys that have become too wide are revoked."""
    body: ChangeAccountAsk = ask.body
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    card = officers.accounts.card(ask.path["id"])
    if isinstance(card, Refusal):
        return card
    before = card.account
    scope: Scope | Refusal = before.scope
    if body.scope is not UNSET:
        scope = scope_of(ask.house.service.world, body.scope)
    if isinstance(scope, Refusal):
        return scope
    after = await officers.accounts.change(
        ask.identity,
        before.id,
        name=before.name if body.name is UNSET else body.name,
        scope=scope,
        valid_until=before.valid_until if body.valid_until is UNSET else body.valid_until,
    )
    if isinstance(after, Refusal):
        return after
    return Answer(account_body(after, ask.house.service.clock.now()), headers=NO_STORE)


async def close(ask: Ask) -> Answer | Refusal:
    """Close an account for good."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    refusal = await officers.accounts.close(ask.identity, ask.path["id"])
    return refusal or await account(ask)


async def erase(ask: Ask) -> Answer | Refusal:
    """Remove a closed account's name, login and secrets."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    refusal = await officers.accounts.erase(ask.identity, ask.path["id"])
    return refusal or await account(ask)


async def reset(ask: Ask) -> Answer | Refusal:
    """Make a link by which an account begins anew."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    linked = await officers.accounts.reset_link(ask.identity, ask.path["id"])
    return linked if isinstance(linked, Refusal) else _linked(ask, linked)


async def revoke(ask: Ask) -> Answer | Refusal:
    """Take a credential away, with the sessions that it opened."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    id_, credential = ask.path["id"], ask.path["credential"]
    card = officers.accounts.card(id_)
    if isinstance(card, Refusal):
        return card
    held = {each.id for each in card.passkeys}
    held |= {each for each in (card.password_id, card.totp_id, card.recovery_codes_id) if each}
    if credential not in held:
        return nothing("The account has no such credential.")
    refusal = await officers.accounts.revoke_credential(ask.identity, id_, credential)
    return refusal or await account(ask)


# -- parts ---------------------------------------------------------------------------------------


def scope_of(world: World, asked: ScopeAsk) -> Scope | Refusal:
    """Return the scope that a request writes out, its regions by geocode."""
    regions = geocodes(world, asked.regions, "/scope/regions")
    if isinstance(regions, Refusal):
        return regions
    refusal = id_refusal(asked.sender, "/scope/sender") if asked.sender else None
    for number, channel in enumerate(asked.channels):
        refusal = refusal or id_refusal(channel, f"/scope/channels/{number}")
    if refusal is not None:
        return refusal
    return Scope(
        role=asked.role,
        sender=asked.sender,
        regions=regions,
        hazards=tuple(dict.fromkeys(asked.hazards)),
        realms=tuple(dict.fromkeys(asked.realms)),
        severity=asked.severity,
        channels=tuple(dict.fromkeys(asked.channels)),
        usual=tuple(dict.fromkeys(asked.usual)),
    )


def scope_body(scope: Scope) -> ScopeBody:
    """Return a scope as it is shown."""
    return ScopeBody(
        role=scope.role,
        sender=scope.sender,
        regions=list(scope.regions),
        hazards=list(scope.hazards),
        realms=list(scope.realms),
        severity=scope.severity,
        channels=list(scope.channels),
        usual=list(scope.usual),
    )


def account_body(account: Account, now: datetime) -> AccountBody:
    """Return an account as administrators see it."""
    return AccountBody(
        id=account.id,
        login=account.login,
        name=account.name,
        scope=scope_body(account.scope),
        made_at=account.made_at,
        valid_until=account.valid_until,
        closed_at=account.closed_at,
        holds=account.holds(now),
    )


def _card_body(ask: Ask, card: Card) -> CardBody:
    return CardBody(
        account=account_body(card.account, ask.house.service.clock.now()),
        passkeys=[passkey_body(each) for each in card.passkeys],
        password=card.password_id,
        totp=card.totp_id,
        recovery_codes=card.recovery_codes_id,
        recovery_codes_left=card.recovery_codes_left,
        keys=len(card.keys),
        open_sessions=card.open_sessions,
    )


def _linked(ask: Ask, linked: Linked) -> Answer | Refusal:
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    invite = officers.registry.invite(digest(linked.token))
    body = LinkedBody(
        account=account_body(linked.account, ask.house.service.clock.now()),
        link=f"{officers.origin}/start/{linked.token}",
        link_ends_at=None if invite is None else invite.ends_at,
    )
    return Answer(body, 201, headers=NO_STORE)


ADMINISTER = Permission.ADMINISTER

LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/accounts", name="list-accounts",
        summary="Return all accounts, closed and erased ones too",
        permission=ADMINISTER, query=NoQuery, response=AccountsBody, handler=accounts,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/accounts", name="open-account",
        summary="Open an account; the answer holds its one-time link",
        permission=ADMINISTER, query=NoQuery, request=AccountAsk, response=LinkedBody, status=201,
        handler=open_account, refusals=(*CHANGING, *SCOPING, Rule.LOGIN_TAKEN),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/accounts/{{id}}", name="get-account",
        summary="Return one account and how it can sign in",
        permission=ADMINISTER, query=NoQuery, response=CardBody, handler=account,
        refusals=(Rule.UNKNOWN_ACCOUNT,),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/accounts/{{id}}/change", name="change-account",
        summary="Change an account's name, scope or end; nobody his own role or scope",
        description="Machine keys that the new scope no longer covers are revoked.",
        permission=ADMINISTER, query=NoQuery, request=ChangeAccountAsk, response=AccountBody,
        handler=change, refusals=(*CHANGING, *SCOPING, Rule.NOT_YOUR_OWN),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/accounts/{{id}}/close", name="close-account",
        summary="Close an account for good; its sessions, keys and links end",
        permission=ADMINISTER, query=NoQuery, request=Nothing, response=CardBody, handler=close,
        refusals=(*CHANGING, Rule.NOT_YOUR_OWN),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/accounts/{{id}}/reset", name="reset-account",
        summary="Make a link by which the account begins anew",
        description="What it has holds until the link is used; then all of it goes.",
        permission=ADMINISTER, query=NoQuery, request=Nothing, response=LinkedBody, status=201,
        handler=reset, refusals=CHANGING,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/accounts/{{id}}/erase", name="erase-account",
        summary="Remove a closed account's name, login and secrets; the journal keeps its id",
        permission=ADMINISTER, query=NoQuery, request=Nothing, response=CardBody, handler=erase,
        refusals=CHANGING,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/accounts/{{id}}/credentials/{{credential}}/revoke",
        name="revoke-credential",
        summary="Take a password, generator, set of codes or passkey away from an account",
        description="The sessions that it opened end.",
        permission=ADMINISTER, query=NoQuery, request=Nothing, response=CardBody, handler=revoke,
        refusals=(*CHANGING, Rule.UNKNOWN_PATH),
    ),
)  # fmt: skip
