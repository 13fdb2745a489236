"""One-time links over HTTP: how a person comes to the first credentials of their own.

A link is carried out whole or not at all: after a refusal it still holds. What it shows holds a
generator's secret, so it is nobody's to keep or to read from another site.
"""

from __future__ import annotations

import io
from typing import Annotated

import segno
from msgspec import Meta, Struct

from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.registry import InviteKind
from tocsin.web.api.reading import NO_STORE
from tocsin.web.api.session import (
    BASE,
    Code,
    Credential,
    Name,
    OptionsBody,
    Secret,
    doors,
    officers_of,
)
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery


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
        totp=generator_body(found.secret, found.address),
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


def generator_body(secret: str, address: str) -> TotpBody:
    """Return a generator's secret in the three forms in which an app takes it."""
    return TotpBody(secret=secret, uri=address, svg=picture(address))


def picture(address: str) -> str:
    """Return an address as a QR code in SVG, without a style or a size of its own."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", xmldecl=False, border=4, omitsize=True)
    return out.getvalue().decode()


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
)  # fmt: skip
