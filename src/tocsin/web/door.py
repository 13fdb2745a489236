"""The door: where a request comes from, what it shows to be let in, and who is told of a refusal.

Machines and the first token show a bearer token. Officers show a session cookie, which a
browser sends by itself, so a request that changes something must also come from our own
pages (RELIABILITY threat model, "cross-site"). The address of whoever asks is used for limits
and is never logged; behind a proxy it is the one that a *listed* proxy gives, and no other's
word counts (T19).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol
from urllib.parse import urlsplit

from starlette.requests import Request

from tocsin.checks.identity import ANYBODY, Credentials, Identity
from tocsin.core.refusals import Refusal, Rule

SESSION, DEVICE = "tocsin-session", "tocsin-device"
HOST = "__Host-"
"""Prefix of a cookie that no other host may set; browsers want it ``Secure``."""
SAFE = ("GET", "HEAD", "OPTIONS")
STRANGERS = (Rule.NO_CREDENTIAL, Rule.BAD_CREDENTIAL, Rule.SESSION_OVER, Rule.SIGN_IN_REFUSED)


class Doorkeeper(Protocol):
    """Who knows officers and machines; ``service.officers`` in a real house."""

    @property
    def origin(self) -> str:
        """The address of the officers' pages, e.g. ``https://desk.example``."""
        ...

    def identify(
        self, authorization: str | None, cookie: str | None, device: str | None
    ) -> Identity | Refusal:
        """Return who shows these; nothing shown is anybody."""
        ...

    def note_refusal(self, identity: Identity | None, source: str, rule: Rule, line: str) -> None:
        """Count a refusal: a stranger's in its minute, an officer's own as an event (P23)."""
        ...

    async def renewed(self, identity: Identity) -> tuple[str, ...]:
        """Return fresh ``Set-Cookie`` values where a session's token is due for a change."""
        ...


def source_of(request: Request, proxies: Collection[str] = ()) -> str:
    """Return the address that a request comes from; through listed proxies, the one they name.

    ``X-Forwarded-For`` is read from its end, past every listed proxy; what stands before the first
    that is not listed was written by whoever asked, and says nothing.
    """
    source = request.client.host if request.client is not None else ""
    if source not in proxies:
        return source
    named = [
        each.strip()
        for line in request.headers.getlist("x-forwarded-for")
        for each in line.split(",")
    ]
    for address in reversed(named):
        source = address
        if address not in proxies:
            break
    return source


def identified(
    request: Request, keeper: Doorkeeper | None, credentials: Credentials, *, by_cookie_only: bool
) -> Identity | Refusal:
    """Return who asks, or why what they show is no good.

    A page looks at the cookie alone. A request with both a bearer token and a cookie is the
    token's: a script that sends one means it.
    """
    authorization = None if by_cookie_only else request.headers.get("authorization")
    if keeper is None:
        return credentials.identify(authorization)
    cookie = cookie_of(request, SESSION, keeper.origin)
    device = cookie_of(request, DEVICE, keeper.origin)
    if authorization is None and cookie is None:
        return ANYBODY
    if authorization is None and (refusal := cross_site(request, keeper.origin)) is not None:
        return refusal
    return keeper.identify(authorization, None if authorization is not None else cookie, device)


def cookie_of(request: Request, name: str, origin: str) -> str | None:
    """Return a cookie of ours: under https the one that no sibling host can plant, and no other."""
    return request.cookies.get(HOST + name if origin.startswith("https:") else name)


def cross_site(request: Request, origin: str) -> Refusal | None:
    """Refuse a change asked for by another site's page in an officer's browser.

    Browsers name the page in ``Origin`` and say ``Sec-Fetch-Site``; a request that changes
    something and names neither comes from no browser that we know, and is refused as well.
    """
    if request.method in SAFE:
        return None
    refused = Refusal(
        Rule.CROSS_SITE, "/Origin", "Changes are asked for by the house's own pages only."
    )
    named = request.headers.get("origin")
    site = request.headers.get("sec-fetch-site")
    if named is None and site is None:
        return refused
    if site is not None and site not in ("same-origin", "none"):
        return refused
    if named is not None and named not in (origin, _own(request)):
        return refused
    return None


def _own(request: Request) -> str:
    """Return the origin under which the request itself came, as its Host header says."""
    address = urlsplit(str(request.url))
    return f"{address.scheme}://{address.netloc}"
