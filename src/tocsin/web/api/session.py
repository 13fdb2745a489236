"""Sign in, confirm, sign out: the lines of one's own session.

What is decided about a sign-in is ``service.signin``'s; here a body becomes a call and its
cookies an answer. Signing in shows no credential yet, so these lines look themselves at which
page asks: another site could else sign an officer's browser in as somebody else.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta, Struct

from tocsin.checks.identity import Identity
from tocsin.core.alert import Realm, Severity
from tocsin.core.authority import Permission, Role
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.officers import Officers
from tocsin.service.registry import Session
from tocsin.service.signin import Opened
from tocsin.web.api.reading import NO_STORE
from tocsin.web.door import DEVICE, cookie_of, cross_site
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"

Login = Annotated[str, Meta(max_length=200)]
Name = Annotated[str, Meta(max_length=200)]
Secret = Annotated[str, Meta(max_length=1024, description="NFC; at most 1,024 bytes.")]
Code = Annotated[
    str, Meta(max_length=64, description="Six digits of a generator, or a recovery code.")
]
Credential = Annotated[
    dict[str, Any],
    Meta(description="What the browser gave: `PublicKeyCredential.toJSON()`."),
]
SIGNING_IN = (
    Rule.SIGN_IN_REFUSED, Rule.CODE_USED, Rule.TOO_MANY_REQUESTS, Rule.CROSS_SITE,
    Rule.NOT_ACCEPTED,
)  # fmt: skip
CONFIRMING = (*SIGNING_IN, Rule.NEEDS_CONFIRMATION, Rule.SESSION_OVER)


class Nothing(Struct, frozen=True, forbid_unknown_fields=True):
    """No members: ``{}``."""


class SignInAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Sign in with a password and a code."""

    login: Login
    password: Secret
    code: Code


class PasskeyAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a passkey has signed."""

    credential: Credential


class CodeAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A code that proves an officer again."""

    code: Code


class OptionsBody(Struct, frozen=True, kw_only=True):
    """What a browser takes to make or use a passkey."""

    publicKey: Annotated[  # noqa: N815  # WebAuthn's own name
        dict[str, Any], Meta(description="For `navigator.credentials`; binary values base64url.")
    ]


class SessionBody(Struct, frozen=True, kw_only=True):
    """Who one is here, and what one may do."""

    account: str
    name: str
    role: Role
    sender: str
    regions: list[str]
    hazards: list[str]
    realms: list[Realm]
    severity: Severity
    channels: list[str]
    usual: Annotated[list[str], Meta(description="Hazards of the daily work.")]
    permissions: list[Permission]
    session: Annotated[str | None, Meta(description="Its id; null for a machine's key.")]
    shift_ends_at: datetime | None
    confirmed_at: Annotated[
        datetime | None, Meta(description="When one last proved oneself by a second factor.")
    ]


class ConfirmedBody(Struct, frozen=True, kw_only=True):
    """One has proved oneself again."""

    confirmed_at: datetime


# -- in ------------------------------------------------------------------------------------------


async def sign_in(ask: Ask) -> Answer | Refusal:
    """Sign in with a password and a code."""
    body: SignInAsk = ask.body
    officers = doors(ask)
    if isinstance(officers, Refusal):
        return officers
    opened = await officers.signing.with_password(
        body.login, body.password, body.code, device=device_of(ask), source=ask.source
    )
    return entered(opened)


async def passkey_options(ask: Ask) -> Answer | Refusal:
    """Return what a browser needs to sign in with whichever passkey it has."""
    officers = doors(ask)
    if isinstance(officers, Refusal):
        return officers
    return options_answer(officers.signing.passkey_options())


async def passkey(ask: Ask) -> Answer | Refusal:
    """Sign in with a passkey."""
    body: PasskeyAsk = ask.body
    officers = doors(ask)
    if isinstance(officers, Refusal):
        return officers
    opened = await officers.signing.with_passkey(
        body.credential, device=device_of(ask), source=ask.source
    )
    return entered(opened, passkey=True)


# -- in the shift --------------------------------------------------------------------------------


async def session(ask: Ask) -> Answer | Refusal:
    """Say who one is and what one may do."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    own = officers.signing.sessions(ask.identity) if ask.identity.session else []
    held = next((each for each in own if each.id == ask.identity.session), None)
    return Answer(body_of(ask.identity, held), headers=NO_STORE)


async def confirm(ask: Ask) -> Answer | Refusal:
    """Prove oneself again by a code."""
    body: CodeAsk = ask.body
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    return _confirmed(await officers.signing.confirm(ask.identity, code=body.code))


async def confirm_options(ask: Ask) -> Answer | Refusal:
    """Return what a browser needs to prove an officer again."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    return options_answer(officers.signing.confirm_options(ask.identity))


async def confirm_passkey(ask: Ask) -> Answer | Refusal:
    """Prove oneself again by a passkey."""
    body: PasskeyAsk = ask.body
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    return _confirmed(
        await officers.signing.confirm(ask.identity, passkey=body.credential), passkey=True
    )


async def sign_out(ask: Ask) -> Answer | Refusal:
    """End one's session."""
    officers = person(ask)
    if isinstance(officers, Refusal):
        return officers
    cookies = await officers.signing.sign_out(ask.identity)
    return Answer(Nothing(), headers=NO_STORE, cookies=cookies)


# -- parts that other lines use ------------------------------------------------------------------


def officers_of(ask: Ask) -> Officers | Refusal:
    """Return the house's officers; a house without a registry has none."""
    return ask.house.officers or Refusal(Rule.UNKNOWN_PATH, "", "This house has no accounts.")


def doors(ask: Ask) -> Officers | Refusal:
    """Return the officers for a line that opens a session; another site's page may not ask it.

    Scripts name no page and may: they hold nobody's cookies.
    """
    officers = officers_of(ask)
    if isinstance(officers, Refusal):
        return officers
    headers = ask.request.headers
    if headers.get("origin") is None and headers.get("sec-fetch-site") is None:
        return officers
    return cross_site(ask.request, officers.origin) or officers


def person(ask: Ask) -> Officers | Refusal:
    """Return the officers for a line that only who has signed in may ask: a machine never."""
    officers = officers_of(ask)
    if isinstance(officers, Refusal) or ask.identity.session:
        return officers
    return Refusal(
        Rule.NOT_ALLOWED, "/Authorization", "This is for people who have signed in, not for keys."
    )


def device_of(ask: Ask) -> str | None:
    """Return the mark that the browser shows."""
    officers = ask.house.officers
    return None if officers is None else cookie_of(ask.request, DEVICE, officers.origin)


def options_answer(options: Any) -> Answer:
    """Return what a browser takes, as an answer."""
    return Answer(OptionsBody(publicKey=options["publicKey"]), headers=NO_STORE)


def entered(opened: Opened | Refusal, *, passkey: bool = False) -> Answer | Refusal:
    """Return a session that has just begun, with its cookies."""
    if isinstance(opened, Refusal):
        return named(opened) if passkey else opened
    body = body_of(opened.identity, opened.session)
    return Answer(body, 201, headers=NO_STORE, cookies=opened.cookies)


def named(refusal: Refusal) -> Refusal:
    """Return a refusal of a passkey with its field as these lines name it."""
    if refusal.field in {"/passkey", "/login"}:
        return Refusal(refusal.rule, "/credential", refusal.help)
    return refusal


def _confirmed(since: datetime | Refusal, *, passkey: bool = False) -> Answer | Refusal:
    if isinstance(since, Refusal):
        return named(since) if passkey else since
    return Answer(ConfirmedBody(confirmed_at=since), headers=NO_STORE)


def body_of(identity: Identity, held: Session | None) -> SessionBody:
    """Return who somebody is here; ``held`` is their session, None for a machine's key."""
    warrant = identity.warrant
    assert warrant is not None  # noqa: S101  # nobody without one has the permission "self"
    scope = warrant.scope
    return SessionBody(
        account=warrant.account,
        name=warrant.name,
        role=scope.role,
        sender=scope.sender,
        regions=list(scope.regions),
        hazards=list(scope.hazards),
        realms=list(scope.realms),
        severity=scope.severity,
        channels=list(scope.channels),
        usual=list(scope.usual),
        permissions=sorted(identity.permissions),
        session=held.id if held is not None else None,
        shift_ends_at=held.ends_at if held is not None else None,
        confirmed_at=held.confirmed_at if held is not None else None,
    )


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="POST", path=f"{BASE}/session", name="sign-in",
        summary="Sign in with a password and a code",
        description=(
            "Answers with two cookies: the session's, for one shift, and the device's. A new "
            "session each time; a cookie that was there before is not taken over."
        ),
        permission=Permission.PUBLIC, officers=True, query=NoQuery, request=SignInAsk,
        response=SessionBody, status=201, handler=sign_in, refusals=SIGNING_IN,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/session/passkey/options", name="sign-in-passkey-options",
        summary="Return what a browser needs to sign in with a passkey",
        permission=Permission.PUBLIC, officers=True, query=NoQuery, request=Nothing,
        response=OptionsBody, handler=passkey_options,
        refusals=(Rule.TOO_MANY_REQUESTS, Rule.CROSS_SITE),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/session/passkey", name="sign-in-passkey",
        summary="Sign in with a passkey, which is two factors by itself",
        permission=Permission.PUBLIC, officers=True, query=NoQuery, request=PasskeyAsk,
        response=SessionBody, status=201, handler=passkey, refusals=SIGNING_IN,
    ),
    Endpoint(
        method="GET", path=f"{BASE}/session", name="get-session",
        summary="Say who one is here, and what one may do",
        permission=Permission.SELF, query=NoQuery, response=SessionBody, handler=session,
        refusals=(Rule.SESSION_OVER,),
    ),
    Endpoint(
        method="DELETE", path=f"{BASE}/session", name="sign-out",
        summary="Sign out",
        permission=Permission.SELF, query=NoQuery, response=Nothing, handler=sign_out,
        refusals=(Rule.SESSION_OVER, Rule.CROSS_SITE, Rule.NOT_ACCEPTED),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/session/confirm", name="confirm",
        summary="Prove oneself again by a code",
        permission=Permission.SELF, query=NoQuery, request=CodeAsk, response=ConfirmedBody,
        handler=confirm, refusals=CONFIRMING,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/session/confirm/passkey/options",
        name="confirm-passkey-options",
        summary="Return what a browser needs to prove an officer again by a passkey",
        permission=Permission.SELF, query=NoQuery, request=Nothing, response=OptionsBody,
        handler=confirm_options, refusals=(Rule.SESSION_OVER, Rule.CROSS_SITE),
    ),
    Endpoint(
        method="POST", path=f"{BASE}/session/confirm/passkey", name="confirm-passkey",
        summary="Prove oneself again by a passkey",
        permission=Permission.SELF, query=NoQuery, request=PasskeyAsk, response=ConfirmedBody,
        handler=confirm_passkey, refusals=CONFIRMING,
    ),
)  # fmt: skip
