"""One's own credentials: what one has, one more passkey, a new password, the sessions that run.

And the one-time link by which a person comes to the first of them. Whatever adds a credential
needs a fresh proof by a second factor; whatever takes one away never waits for one. An id that
is somebody else's is answered as one that nobody has.
"""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated

import segno
from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.registry import InviteKind, Passkey
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import (
    BASE,
    Code,
    Credential,
    Nothing,
    OptionsBody,
    Secret,
    doors,
    named,
    officers_of,
    options_answer,
    person,
)
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

Name = Annotated[str, Meta(max_length=200)]
CHANGING = (
    Rule.NEEDS_CONFIRMATION, Rule.SESSION_OVER, Rule.CROSS_SITE, Rule.NOT_ACCEPTED,
)  # fmt: skip


# -- shapes --------------------------------------------------------------------------------------


class PasskeyBody(Struct, frozen=True, kw_only=True):
    """A passkey, as its owner tells it from others."""

    id: str
    name: str
    made_at: datetime
    last_used_at: datetime | None


class MeBody(Struct, frozen=True, kw_only=True):
    """How one can sign in."""

    account: str
    login: str
    name: str
    valid_until: datetime | None
    password: Annotated[bool, Meta(description="There is one.")]
    totp: Annotated[bool, Meta(description="A code generator stands beside the password.")]
    recovery_codes_left: int
    passkeys: list[PasskeyBody]


class NewPasskeyAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A passkey that a browser has just made."""

    name: Name
    credential: Credential


class PasswordAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new password."""

    password: Secret


class CodesBody(Struct, frozen=True, kw_only=True):
    """Recovery codes, each good once beside the password; shown here and never again."""

    recovery_codes: list[str]


class OwnSessionBody(Struct, frozen=True, kw_only=True):
    """A session of one's own."""

    id: str
    this: Annotated[bool, Meta(description="The one that asks.")]
    opened_at: datetime
    ends_at: datetime
    confirmed_at: datetime


class SessionsBody(Struct, frozen=True, kw_only=True):
    """One's open sessions, oldest first."""

    sessions: list[OwnSessionBody]


class TotpBody(Struct, frozen=True, kw_only=True):
    """What a code generator reads."""

    secret: str
    uri: str
    svg: Annotated[str, Meta(description="The address as a QR code.")]


class StartBody(Struct, frozen=True, kw_only=True):
    """What a one-time link begins. Asked again, it says the same while the link holds."""

    kind: InviteKind
    login: Annotated[str | None, Meta(description="Null: one's own choice.")]
    name: str | None
    totp: TotpBody
    passkey: Annotated[OptionsBody, Meta(description="For `navigator.credentials.create`.")]


class StartAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Take a password with a code of the generator, a passkey, or both."""

    login: Annotated[
        str, Meta(max_length=200, description="The first administrator's; else left out.")
    ] = ""
    name: Name = ""
    password: Secret | None = None
    code: Code = ""
    credential: Credential | None = None
    passkey_name: Name = ""


class StartedBody(Struct, frozen=True, kw_only=True):
    """One can sign in now. The link is used up."""

    account: str
    login: str
    recovery_codes: Annotated[
        list[str], Meta(description="Beside a password; shown here and never again.")
    ]


# -- by a one-time link --------------------------------------------------------------------------


async def begin(ask: Ask) -> Answer | Refusal:
    """Show what a one-time link begins."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    found = officers.links.open(ask.path["token"])
    if isinstance(found, Refusal):
        return found
    account = found.account
    body = StartBody(
        kind=found.kind,
        login=account.login if account is not None else None,
        name=account.name if account is not None else None,
        totp=TotpBody(secret=found.secret, uri=found.address, svg=picture(found.address)),
        passkey=OptionsBody(publicKey=found.passkey["publicKey"]),
    )
    return Answer(body, headers=NO_STORE)


async def start(ask: Ask) -> Answer | Refusal:
    """Carry a one-time link out: whole, or not at all and it still holds."""
    body: StartAsk = ask.body
    officers = doors(ask)
    if isinstance(officers, Refusal):
        return officers
    done = await officers.links.finish(
        ask.path["token"], login=body.login, name=body.name, password=body.password,
        code=body.code, passkey=body.credential, passkey_name=body.passkey_name,
    )  # fmt: skip
    if isinstance(done, Refusal):
        return Refusal(done.rule, "/credential", done.help) if done.field == "/passkey" else done
    made = StartedBody(
        account=done.account.id,
        login=done.account.login,
        recovery_codes=list(done.recovery_codes),
    )
    return Answer(made, 201, headers=NO_STORE)


def picture(address: str) -> str:
    """Return an address as a QR code in SVG, without a style of its own."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, border=4)
    return out.getvalue().decode()


# -- one's own -----------------------------------------------------------------------------------


async def me(ask: Ask) -> Answer | Refusal:
    """Return how one can sign in."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    card = officers.accounts.card(ask.identity.name)
    if isinstance(card, Refusal):
        return card
    account = card.account
    body = MeBody(
        account=account.id,
        login=account.login,
        name=account.name,
        valid_until=account.valid_until,
        password=card.password_id is not None,
        totp=card.totp_id is not None,
        recovery_codes_left=card.recovery_codes_left,
        passkeys=[passkey_body(each) for each in card.passkeys],
    )
    return Answer(body, headers=NO_STORE)


async def passkey_options(ask: Ask) -> Answer | Refusal:
    """Return what a browser needs to make one more passkey."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    options = officers.own.passkey_options(ask.identity)
    return options if isinstance(options, Refusal) else options_answer(options)


async def add_passkey(ask: Ask) -> Answer | Refusal:
    """Add the passkey that was made."""
    body: NewPasskeyAsk = ask.body
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    made = await officers.own.add_passkey(ask.identity, body.credential, body.name)
    if isinstance(made, Refusal):
        refusal = named(made)
        if refusal.field == "/passkey_name":
            return Refusal(refusal.rule, "/name", refusal.help)
        return refusal
    return Answer(passkey_body(made), 201, headers=NO_STORE)


async def remove_passkey(ask: Ask) -> Answer | Refusal:
    """Remove a passkey; the sessions that it opened end, but for this one."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    card = officers.accounts.card(ask.identity.name)
    if isinstance(card, Refusal):
        return card
    id_ = ask.path["id"]
    if id_ not in {each.id for each in card.passkeys}:
        return nothing("You have no such passkey.")
    if len(card.passkeys) == 1 and card.password_id is None:
        return Refusal(Rule.BAD_VALUE, "/id", "It is your only way in: make another one first.")
    refusal = await officers.accounts.revoke_credential(ask.identity, ask.identity.name, id_)
    return refusal or Answer(Nothing(), headers=NO_STORE)


async def change_password(ask: Ask) -> Answer | Refusal:
    """Change one's password; one's other sessions end."""
    body: PasswordAsk = ask.body
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    refusal = await officers.own.change_password(ask.identity, body.password)
    return refusal or Answer(Nothing(), headers=NO_STORE)


async def recovery_codes(ask: Ask) -> Answer | Refusal:
    """Make ten fresh recovery codes; the old ones are void."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    codes = await officers.own.new_recovery_codes(ask.identity)
    if isinstance(codes, Refusal):
        return codes
    return Answer(CodesBody(recovery_codes=list(codes)), 201, headers=NO_STORE)


async def sessions(ask: Ask) -> Answer | Refusal:
    """Return one's open sessions."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    body = SessionsBody(
        sessions=[
            OwnSessionBody(
                id=each.id,
                this=each.id == ask.identity.session,
                opened_at=each.opened_at,
                ends_at=each.ends_at,
                confirmed_at=each.confirmed_at,
            )
            for each in officers.signing.sessions(ask.identity)
        ]
    )
    return Answer(body, headers=NO_STORE)


async def end_session(ask: Ask) -> Answer | Refusal:
    """End a session of one's own."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    id_ = ask.path["id"]
    if id_ not in {each.id for each in officers.signing.sessions(ask.identity)}:
        return nothing("You have no such session.")
    refusal = await officers.signing.end(ask.identity, id_)
    return refusal or Answer(Nothing(), headers=NO_STORE)


def passkey_body(passkey: Passkey) -> PasskeyBody:
    """Return a passkey without what proves it."""
    return PasskeyBody(
        id=passkey.id,
        name=passkey.name,
        made_at=passkey.made_at,
        last_used_at=passkey.last_used_at,
    )


def nothing(words: str) -> Refusal:
    """Return the refusal of an id in the path that leads to nothing that the asker may see."""
    return Refusal(Rule.UNKNOWN_PATH, "/id", words)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/start/{{token}}", name="get-start",
        summary="Return what a one-time link begins",
        permission=Permission.PUBLIC, officers=True, query=NoQuery, response=StartBody,
        handler=begin, refusals=(Rule.LINK_USED,), headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/start/{{token}}", name="start",
        summary="Begin by a one-time link: a password with a code, a passkey, or both",
        description="Whole or not at all: after a refusal the link still holds. Then sign in.",
        permission=Permission.PUBLIC, officers=True, query=NoQuery, request=StartAsk,
        response=StartedBody, status=201, handler=start,
        refusals=(
            Rule.LINK_USED, Rule.LOGIN_TAKEN, Rule.WEAK_PASSWORD, Rule.SIGN_IN_REFUSED,
            Rule.CODE_USED, Rule.CONTROL_CHARACTER, Rule.CROSS_SITE, Rule.NOT_ACCEPTED,
            Rule.MISSING_MEMBER,
        ),
    ),
    Endpoint(
        method="GET", path=f"{BASE}/me", name="get-me",
        summary="Return how one can sign in",
        permission=Permission.SELF, query=NoQuery, response=MeBody, handler=me,
        refusals=(Rule.SESSION_OVER,),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/passkeys/options", name="new-passkey-options",
        summary="Return what a browser needs to make one more passkey",
        permission=Permission.SELF, query=NoQuery, request=Nothing, response=OptionsBody,
        handler=passkey_options, refusals=CHANGING,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/passkeys", name="add-passkey",
        summary="Add the passkey that was made",
        permission=Permission.SELF, query=NoQuery, request=NewPasskeyAsk, response=PasskeyBody,
        status=201, handler=add_passkey,
        refusals=(*CHANGING, Rule.SIGN_IN_REFUSED, Rule.CODE_USED, Rule.CONTROL_CHARACTER),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/passkeys/{{id}}/remove", name="remove-passkey",
        summary="Remove a passkey; the sessions that it opened end, but for this one",
        permission=Permission.SELF, query=NoQuery, request=Nothing, response=Nothing,
        handler=remove_passkey, refusals=(*CHANGING, Rule.UNKNOWN_PATH),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/password", name="change-password",
        summary="Change one's password; one's other sessions end",
        permission=Permission.SELF, query=NoQuery, request=PasswordAsk, response=Nothing,
        handler=change_password, refusals=(*CHANGING, Rule.WEAK_PASSWORD),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/recovery-codes", name="new-recovery-codes",
        summary="Make ten fresh recovery codes; the old ones are void",
        permission=Permission.SELF, query=NoQuery, request=Nothing, response=CodesBody,
        status=201, handler=recovery_codes, refusals=CHANGING,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/me/sessions", name="list-own-sessions",
        summary="Return one's open sessions",
        permission=Permission.SELF, query=NoQuery, response=SessionsBody, handler=sessions,
        refusals=(Rule.SESSION_OVER,),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/sessions/{{id}}/end", name="end-own-session",
        summary="End a session of one's own",
        permission=Permission.SELF, query=NoQuery, request=Nothing, response=Nothing,
        handler=end_session,
        refusals=(Rule.UNKNOWN_PATH, Rule.SESSION_OVER, Rule.CROSS_SITE, Rule.NOT_ACCEPTED),
    ),
)  # fmt: skip
