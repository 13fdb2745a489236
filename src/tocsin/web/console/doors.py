"""The doors of the officers' side: sign-in, the one-time link, and one's own credentials."""

from __future__ import annotations

from starlette.responses import Response

from tocsin.checks.identity import Permission
from tocsin.core.refusals import Refusal
from tocsin.web.console.frame import line, not_there, show
from tocsin.web.console.told import or_nothing, told
from tocsin.web.endpoint import Ask, Endpoint

HOME = "/console"
LONGEST_WAY = 200


def safe_way(to: str) -> str:
    r"""Return where to go after the sign-in: a path of this house, never another site's.

    A browser reads ``//host`` and ``/\\host`` as another site, and drops tabs and line ends.
    """
    fits = (
        to.startswith("/")
        and not to.startswith("//")
        and "\\" not in to
        and len(to) <= LONGEST_WAY
        and to.isprintable()
        and not to.startswith("/api/")
    )
    return to if fits else HOME


async def sign_in(ask: Ask) -> Response:
    """Show the door: a passkey first, password and code second."""
    return show(ask, "signin.html", to=safe_way(ask.request.query_params.get("to", HOME)))


async def start(ask: Ask) -> Response:
    """Show what a one-time link begins: login, password, code generator, recovery codes, passkey.

    A link that is used or over is told so; the page says nothing else about whose it was.
    """
    found = await told(ask, "/api/v1/start/{token}")
    refusal = found if isinstance(found, Refusal) else None
    return show(
        ask, "start.html", status=200 if refusal is None else 404,
        invite=or_nothing(found), refusal=refusal, token=ask.path["token"],
        picture="" if isinstance(found, Refusal) else found["totp"]["svg"],
    )  # fmt: skip


async def me(ask: Ask) -> Response:
    """Show one's own account: what it may do, its credentials and sessions."""
    session = await told(ask, "/api/v1/session")
    if isinstance(session, Refusal):
        return not_there(ask, session)
    return show(
        ask, "me.html", session=session,
        mine=or_nothing(await told(ask, "/api/v1/me")),
        sessions=or_nothing(await told(ask, "/api/v1/me/sessions")),
    )  # fmt: skip


PAGES: tuple[Endpoint, ...] = (
    line("/sign-in", "page-sign-in", "Sign in.", Permission.PUBLIC, sign_in),
    line("/start/{token}", "page-start", "Begin by a one-time link.", Permission.PUBLIC, start),
    line("/me", "page-me", "One's own credentials and sessions.", Permission.SELF, me),
)
