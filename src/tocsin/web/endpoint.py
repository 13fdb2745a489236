"""The one table of endpoints: what a line of it says, and what happens before its handler.

Routes, the OpenAPI document, the reference page and the authorisation tests are loops
over the same lines. A request is checked in this order, and the first "no" is the answer:
credential, permission, room, query, content type, size, JSON (duplicates, depth), shape. A
line without a permission cannot be written, so nothing is open by accident.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, get_args, get_origin
from urllib.parse import quote
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from tocsin.checks import json as strict
from tocsin.checks.identity import ANYBODY, Identity, demanded
from tocsin.core.alert import Audience, Realm
from tocsin.core.authority import Permission
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import in_room
from tocsin.errors import BadInput
from tocsin.formats import api as shapes
from tocsin.web.door import identified, source_of
from tocsin.web.house import House as House  # noqa: PLC0414  # handlers take it from here
from tocsin.web.past import PARAMETER, house_at

JSON = "application/json"
PROBLEM = "application/problem+json"

TRIED = frozenset((Rule.CROSS_SITE, Rule.PROPOSAL_CLOSED, Rule.CONTENT_CHANGED))
"""Refusals on record whatever their status: somebody may have tried something."""
_ROOMED = (Permission.ISSUE, Permission.APPROVE)
BY_FORM = ("day", "time")
"""By which the form of a moment asks ``/then``, and no other page."""
"""Permissions that a credential has in its rooms only."""


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """No query parameters."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that passed its checks. ``body`` and ``query`` are of the line's types.

    ``realm`` is the room that the address stands in; ``source`` is where it comes from, for limits.
    """

    house: House
    request: Request
    identity: Identity
    query: Any
    body: Any
    realm: Realm = Realm.LIVE
    source: str = ""

    @property
    def path(self) -> Mapping[str, str]:
        """The path's parameters."""
        return self.request.path_params


@dataclass(frozen=True, slots=True)
class Answer:
    """A body of the line's response type, with a status and headers of its own."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: Sequence[str] = ()
    """Ready ``Set-Cookie`` values."""


Handler = Callable[[Ask], Awaitable[Response | Answer | Refusal]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """One line of the table.

    ``path`` is Starlette's (``/alerts/{id}``). ``request``, ``query`` and ``response`` are msgspec
    types, None where there is none (a page's response is its ``media``). ``query`` None means that
    query parameters are not looked at, which only pages may do. ``refusals`` are the rules that may
    come back besides those that every line has. ``audience`` says whose events it shows.
    """

    method: str
    path: str
    name: str
    summary: str
    permission: Permission
    handler: Handler
    response: Any = None
    request: type[Struct] | None = None
    query: type[Struct] | None = None
    status: int = 200
    media: str = JSON
    refusals: tuple[Rule, ...] = ()
    audience: Audience = Audience.PUBLIC
    description: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Headers of every answer of this line, over the house's own."""
    also: Mapping[int, type[Struct]] = field(default_factory=dict)
    """Other good answers than ``response``, by status: a proposal in an alert's place."""
    realm: Realm = Realm.LIVE
    """The room that the address stands in: a credential that is not for it is refused (P20)."""
    roomed: bool = False
    """Its credential must be for the room that it stands in, whatever its permission."""
    past: bool = False
    """It may be asked for a past moment, ``?at=``: its handler then sees a house of that moment."""
    signed: bool = False
    """Its body is handed over as the bytes that came: its signature is checked before anything
    of them is read, and its handler reads them as ``request`` then."""
    officers: bool = False
    """It belongs to the officers' listener, where there is one; so does all that is not public."""

    @property
    def is_api(self) -> bool:
        """Say whether it belongs to the API: it answers refusals as problem+json."""
        return self.path.startswith("/api/") or self.path == "/healthz"

    @property
    def is_for_officers(self) -> bool:
        """Say whether it is served on the officers' listener only, where there is one."""
        return self.officers or self.permission is not Permission.PUBLIC


def in_drill(line: Endpoint) -> Endpoint:
    """Return the same line in the drill room: another address, another name, another realm."""
    return replace(
        line,
        path=line.path.replace("/api/v1/", "/api/v1/drill/", 1),
        name=f"{line.name}-drill",
        summary=f"{line.summary} (drill room)",
        realm=Realm.DRILL,
        audience=Audience.DRILL if line.audience is Audience.PUBLIC else line.audience,
    )


async def run(endpoint: Endpoint, house: House, request: Request) -> Response:
    """Check a request against its line, call the handler, render what comes back."""
    source = source_of(request, house.proxies)
    identity: Identity | None = None
    try:
        known = _identity(endpoint, house, request)
        result: Response | Answer | Refusal
        if isinstance(known, Refusal):
            result = known
        else:
            identity = known
            asked = await _checked(endpoint, house, request, identity, source)
            if endpoint.past and not isinstance(asked, Refusal):
                asked = await _then(endpoint, asked)
            result = asked if isinstance(asked, Refusal) else await endpoint.handler(asked)
    except BadInput as problem:
        result = strict.refusal(problem)
    if isinstance(result, Refusal):
        return await _said_no(endpoint, house, request, identity, source, result)
    response = result
    if isinstance(response, Answer):
        answer = response
        response = Response(
            shapes.encode(answer.body),
            status_code=answer.status,
            headers=dict(answer.headers),
            media_type=endpoint.media,
        )
        for cookie in answer.cookies:
            response.headers.append("Set-Cookie", cookie)
    if "set-cookie" in response.headers:  # it begins or ends a session: no more of the old one
        return response
    if house.officers is not None and identity is not None and identity.session:
        for cookie in await house.officers.renewed(identity):
            response.headers.append("Set-Cookie", cookie)
    return response


async def _said_no(
    endpoint: Endpoint,
    house: House,
    request: Request,
    identity: Identity | None,
    source: str,
    refusal: Refusal,
) -> Response:
    """Render a refusal, and count it where it is about who asks."""
    response = refused(refusal)
    if house.officers is not None and (
        response.status_code in (401, 403, 429) or refusal.rule in TRIED
    ):
        house.officers.note_refusal(identity, source, refusal.rule, endpoint.name)
    if endpoint.is_api:
        return response
    page: Callable[[Request, Refusal, int], Awaitable[Response]] | None
    if not endpoint.officers:  # a resident reads why in words of his own
        is_about = endpoint.past or refusal.field == f"/{PARAMETER}"
        page = house.shared.get("moment_page") if is_about else None
        return response if page is None else await page(request, refusal, response.status_code)
    if response.status_code == 401:  # noqa: PLR2004  # an officer's page leads to the door
        way = quote(request.url.path)
        return RedirectResponse(f"/sign-in?to={way}", status_code=303)
    page = house.shared.get("refused_page")
    return response if page is None else await page(request, refusal, response.status_code)


def _identity(endpoint: Endpoint, house: House, request: Request) -> Identity | Refusal:
    """Return who asks. A public line that is not the officers' asks nobody for anything.

    But what is shown must be good: a client with an expired token is told so at once, and does not
    read as a stranger what it would have read otherwise.
    """
    if not endpoint.is_api and not endpoint.is_for_officers:
        return ANYBODY
    known = identified(
        request, house.officers, house.credentials, by_cookie_only=not endpoint.is_api
    )
    shown = endpoint.is_api and request.headers.get("authorization") is not None
    if isinstance(known, Refusal) and endpoint.permission is Permission.PUBLIC and not shown:
        return ANYBODY  # an old cookie locks nobody out of what everybody may read
    return known


def refused(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal as problem+json, with the headers that its status owes."""
    body = shapes.problem_body(refusal)
    owed = dict(headers or {})
    if body.status == 401:  # noqa: PLR2004  # RFC 9110 section 15.5.2
        owed["WWW-Authenticate"] = 'Bearer realm="tocsin"'
    if body.status in (429, 503):
        owed.setdefault("Retry-After", "1")
    return Response(shapes.encode(body), status_code=body.status, headers=owed, media_type=PROBLEM)


async def _checked(
    endpoint: Endpoint, house: House, request: Request, identity: Identity, source: str
) -> Ask | Refusal:
    if (refusal := demanded(identity, endpoint.permission)) is not None:
        return refusal
    if (endpoint.roomed or endpoint.permission in _ROOMED) and identity.warrant is not None:
        refusal = in_room(identity.warrant, endpoint.realm, endpoint.permission)
        if refusal is not None:
            return refusal
    if (refusal := _of_no_moment(endpoint, request)) is not None:
        return refusal
    beside = (PARAMETER,) if endpoint.past else ()
    query = None if endpoint.query is None else read_query(request, endpoint.query, beside)
    body = None
    if endpoint.request is not None:
        if (refusal := _wrong_content_type(request)) is not None:
            return refusal
        most = house.max_body_bytes
        raw = await _read_body(request, most)
        body = raw if endpoint.signed else strict.read(raw, endpoint.request, most_bytes=most)
    return Ask(house, request, identity, query, body, endpoint.realm, source)


def _of_no_moment(endpoint: Endpoint, request: Request) -> Refusal | None:
    """Refuse a page a moment that it would not heed: the present is never shown as another day."""
    if endpoint.is_api:
        return None
    asked = request.query_params
    if not endpoint.past:
        if PARAMETER not in asked:
            return None
        return Refusal(Rule.UNKNOWN_MEMBER, "/at", "This page cannot be asked for the past.")
    for name in BY_FORM:  # ``/then`` makes one moment of them
        if name in asked and not endpoint.officers:
            return Refusal(Rule.BAD_VALUE, f"/{name}", "A page is asked for a moment by `at`.")
    return None


async def _then(endpoint: Endpoint, ask: Ask) -> Ask | Refusal:
    """Return the request, asked of the moment that it names; as it is where it names none.

    A page's own form sends the local time of the profile, and nothing where nothing was chosen.
    """
    named = ask.request.query_params.getlist(PARAMETER)
    if not named or (not endpoint.is_api and named == [""]):
        return ask
    if len(named) > 1:
        return Refusal(Rule.DUPLICATE_MEMBER, "/at", "Name one moment.")
    zone = None if endpoint.is_api else ZoneInfo(ask.house.service.world.time_zone)
    house = await house_at(ask.house, named[0], zone)
    return house if isinstance(house, Refusal) else replace(ask, house=house)


def read_query(request: Request, kind: type[Struct], beside: Collection[str] = ()) -> Struct:
    """Return the query parameters as ``kind``; a list field takes a parameter many times.

    ``beside``: parameters that are not of this kind and are read by others.

    Raises:
        BadInput: an unknown parameter, one given twice, or a value that does not fit.
    """
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    found: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        place = f"/{strict.escaped(name)}"
        if name in beside and name not in fields:
            continue
        if name not in fields:
            raise BadInput(
                f"There is no parameter {name!r} here.", field=place, rule=Rule.UNKNOWN_MEMBER
            )
        if _is_many(fields[name].type):
            found.setdefault(name, []).append(value)
        elif name in found:
            raise BadInput(
                f"The parameter {name!r} stands twice.", field=place, rule=Rule.DUPLICATE_MEMBER
            )
        else:
            found[name] = value
    try:
        return msgspec.convert(found, kind, strict=False)
    except msgspec.ValidationError as problem:
        raise strict.as_bad_input(problem) from None


def _is_many(kind: object) -> bool:
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    return get_origin(kind) in (tuple, list)


def _wrong_content_type(request: Request) -> Refusal | None:
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    charset = rest.strip().lower().replace('"', "")
    if kind.strip().lower() == JSON and charset in ("", "charset=utf-8"):
        return None
    return Refusal(
        Rule.WRONG_CONTENT_TYPE, "/Content-Type", "Send JSON in UTF-8, as application/json."
    )


async def _read_body(request: Request, most: int) -> bytes:
    """Return the body, reading never more than ``most`` bytes.

    Raises:
        BadInput: it is larger, by its own word or in fact.
    """
    said = request.headers.get("content-length", "")
    if said.isdigit() and int(said) > most:
        raise BadInput(f"At most {most} bytes are read.", rule=Rule.TOO_LARGE)
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise BadInput(f"At most {most} bytes are read.", rule=Rule.TOO_LARGE)
        parts.append(part)
    return b"".join(parts)
