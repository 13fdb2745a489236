"""The one table of endpoints: what a line of it says, and what happens before its handler.

Routes, the OpenAPI document, the reference page and the authorisation tests are loops
over the same lines. A request is checked in this order, and the first "no" is the answer:
credential, permission, query, content type, size, JSON (duplicates, depth), shape. A line
without a permission cannot be written, so nothing is open by accident.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, get_args, get_origin

import msgspec
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import Response

from tocsin.checks import json as strict
from tocsin.checks.identity import ANYBODY, Credentials, Identity, Permission, demanded
from tocsin.checks.resolve import Places
from tocsin.core.alert import Audience
from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import BadInput
from tocsin.fanout.hub import Hub
from tocsin.formats import api as shapes
from tocsin.service.submit import Service

JSON = "application/json"
PROBLEM = "application/problem+json"


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """No query parameters."""


@dataclass(frozen=True, slots=True)
class House:
    """What handlers work with; built once, by ``bootstrap``.

    ``preview_key`` binds previews to what is issued; it lives as long as the process.
    ``shared`` is room for what a group of handlers keeps between requests (indexes, templates).
    """

    service: Service
    hub: Hub
    credentials: Credentials
    places: Places
    max_body_bytes: int = strict.MOST_BYTES
    preview_key: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    shared: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ask:
    """A request that passed its checks. ``body`` and ``query`` are of the line's types."""

    house: House
    request: Request
    identity: Identity
    query: Any
    body: Any

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

    @property
    def is_api(self) -> bool:
        """Say whether it belongs to the API: it answers refusals as problem+json."""
        return self.path.startswith("/api/") or self.path == "/healthz"


async def run(endpoint: Endpoint, house: House, request: Request) -> Response:
    """Check a request against its line, call the handler, render what comes back."""
    try:
        asked = await _checked(endpoint, house, request)
        result: Response | Answer | Refusal
        result = asked if isinstance(asked, Refusal) else await endpoint.handler(asked)
    except BadInput as problem:
        result = strict.refusal(problem)
    if isinstance(result, Refusal):
        return refused(result)
    if isinstance(result, Answer):
        return Response(
            shapes.encode(result.body),
            status_code=result.status,
            headers=dict(result.headers),
            media_type=endpoint.media,
        )
    return result


def refused(refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
    """Return a refusal as problem+json, with the headers that its status owes."""
    body = shapes.problem_body(refusal)
    owed = dict(headers or {})
    if body.status == 401:  # noqa: PLR2004  # RFC 9110 section 15.5.2
        owed["WWW-Authenticate"] = 'Bearer realm="tocsin"'
    if body.status in (429, 503):
        owed.setdefault("Retry-After", "1")
    return Response(shapes.encode(body), status_code=body.status, headers=owed, media_type=PROBLEM)


async def _checked(endpoint: Endpoint, house: House, request: Request) -> Ask | Refusal:
    identity = ANYBODY
    if endpoint.is_api:
        known = house.credentials.identify(request.headers.get("authorization"))
        if isinstance(known, Refusal):
            return known
        identity = known
    if (refusal := demanded(identity, endpoint.permission)) is not None:
        return refusal
    query = None if endpoint.query is None else read_query(request, endpoint.query)
    body = None
    if endpoint.request is not None:
        if (refusal := _wrong_content_type(request)) is not None:
            return refusal
        most = house.max_body_bytes
        body = strict.read(await _read_body(request, most), endpoint.request, most_bytes=most)
    return Ask(house, request, identity, query, body)


def read_query(request: Request, kind: type[Struct]) -> Struct:
    """Return the query parameters as ``kind``; a list field takes a parameter many times.

    Raises:
        BadInput: an unknown parameter, one given twice, or a value that does not fit.
    """
    fields = {each.encode_name: each for each in msgspec.structs.fields(kind)}
    found: dict[str, Any] = {}
    for name, value in request.query_params.multi_items():
        place = f"/{strict.escaped(name)}"
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
