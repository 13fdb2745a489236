"""One's own credentials: what one has, one more passkey, a new password, the sessions that run.

Whatever adds a credential needs a fresh proof by a second factor; whatever takes one away never
waits for one. An id that is somebody else's is answered as one that nobody has. The one-time
link by which a person comes to the first of them is in ``start``, and its lines with these.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.registry import Passkey
from tocsin.web.api import start
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import (
    BASE,
    Credential,
    Name,
    Nothing,
    OptionsBody,
    Secret,
    named,
    options_answer,
    person,
)
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

CHANGING = (
    Rule.NEEDS_CONFIRMATION, Rule.SESSION_OVER, Rule.CROSS_SITE, Rule.NOT_ACCEPTED,
    Rule.NOT_AS_IT_STANDS,
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


class NewCodeAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the new generator shows now."""

    code: Annotated[str, Meta(max_length=64, description="Its six digits.")]


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


async def new_generator(ask: Ask) -> Answer | Refusal:
    """Return a fresh code generator, which is not in use before a code of it was shown."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    made = officers.own.new_generator(ask.identity)
    if isinstance(made, Refusal):
        return made
    return Answer(start.generator_body(made.secret, made.address), headers=NO_STORE)


async def take_generator(ask: Ask) -> Answer | Refusal:
    """Put the fresh generator in the old one's place; one's other sessions end."""
    body: NewCodeAsk = ask.body
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    refusal = await officers.own.take_generator(ask.identity, body.code)
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
    *start.LINES,
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
        method="POST", path=f"{BASE}/me/totp", name="new-totp",
        summary="Return a fresh code generator; the old one stays until a code of it was shown",
        permission=Permission.SELF, query=NoQuery, request=Nothing, response=start.TotpBody,
        handler=new_generator, refusals=CHANGING,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/me/totp/confirm", name="take-totp",
        summary="Replace one's code generator; the old one stops, one's other sessions end",
        permission=Permission.SELF, query=NoQuery, request=NewCodeAsk, response=Nothing,
        handler=take_generator, refusals=(*CHANGING, Rule.SIGN_IN_REFUSED),
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
