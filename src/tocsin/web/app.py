"""A Starlette application of a table of endpoints: routes, refusals, security headers.

Whatever is not in the table is not served. Every answer carries a request id; logs name
the line of the table, never the address of whoever asked nor the place they asked about
(DESIGN section 3, rule 14).
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog
from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.types import Lifespan, Message, Receive, Scope, Send

from tocsin.core.refusals import Refusal, Rule
from tocsin.errors import JournalUnavailable
from tocsin.formats import api as shapes
from tocsin.service.registry import RegistryUnavailable
from tocsin.web.api.table import API
from tocsin.web.endpoint import PROBLEM, Endpoint, House, refused, run
from tocsin.web.refusals import REFUSALS
from tocsin.web.stream import EVENT_STREAM

log = structlog.get_logger()

NotFound = Callable[[Request], Awaitable[Response]]

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
OPEN_TO_ALL = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag"}
PREFLIGHT = {
    **OPEN_TO_ALL,
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "Last-Event-ID, If-None-Match",
    "Access-Control-Max-Age": "86400",
}


class Application(Starlette):
    """The application, and around everything: a request id, security headers, a way to cut."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's scope."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id
        # uvicorn's own object behind ``send``: the only way to a socket that takes no more bytes
        scope["state"]["transport"] = getattr(getattr(send, "__self__", None), "transport", None)
        policy = API_POLICY if scope["path"].startswith("/api/") else PAGE_POLICY

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                headers.setdefault("Content-Security-Policy", policy)
                for name, value in EVERYWHERE.items():
                    headers.setdefault(name, value)
                if message["status"] >= 400:  # noqa: PLR2004
                    headers["Cache-Control"] = "no-store"
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            await super().__call__(scope, receive, sending)


def build_app(
    house: House,
    *,
    pages: Sequence[Endpoint] = (),
    routes: Sequence[BaseRoute] = (),
    not_found: NotFound | None = None,
    lifespan: Lifespan[Application] | None = None,
    officers: bool = True,
) -> Application:
    """Return the application: the API, the pages' lines, and further routes (static files).

    ``not_found`` renders a page for a path that is none of the API's and not there. Without
    ``officers`` their lines are left out: they have a listener of their own (DESIGN section 7).
    """
    lines: dict[str, dict[str, Endpoint]] = {}
    for line in (*API, REFUSALS, *pages):
        if line.is_for_officers and not officers:
            continue
        methods = lines.setdefault(line.path, {})
        if line.method in methods:
            raise ValueError(f"{line.method} {line.path} stands twice in the table")
        methods[line.method] = line
    table = [Route(path, _Line(house, methods)) for path, methods in _ordered(lines)]

    async def missing(request: Request, problem: Exception) -> Response:
        del problem
        if not_found is not None and not request.url.path.startswith("/api/"):
            return await not_found(request)
        return refused(Refusal(Rule.UNKNOWN_PATH, "", "See /api/v1/openapi.json for what is here."))

    app = Application(
        routes=[*table, *routes],
        exception_handlers={404: missing, HTTPException: _http},
        lifespan=lifespan,
    )
    app.router.redirect_slashes = False
    return app


def _ordered(
    lines: Mapping[str, Mapping[str, Endpoint]],
) -> list[tuple[str, Mapping[str, Endpoint]]]:
    """Return the paths with those without parameters first, so that none hides another."""
    return sorted(lines.items(), key=lambda line: "{" in line[0])


class _Line:
    """All lines of one path, as an ASGI application (so that every method comes here)."""

    def __init__(self, house: House, methods: Mapping[str, Endpoint]) -> None:
        self._house = house
        self._methods = methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive, send)
        response = await self._answer(request)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        method = request.method
        allowed = self._allowed()
        if method == "OPTIONS":
            headers = PREFLIGHT if self._is_open() else {}
            return Response(status_code=204, headers={"Allow": ", ".join(allowed), **headers})
        if method not in allowed:
            return refused(
                Refusal(Rule.METHOD_NOT_ALLOWED, "", f"Here: {', '.join(allowed)}."),
                {"Allow": ", ".join(allowed)},
            )
        line = self._methods["GET" if method == "HEAD" else method]
        try:
            response = await run(line, self._house, request)
        except (JournalUnavailable, RegistryUnavailable):
            response = refused(
                Refusal(
                    Rule.NOT_ACCEPTED, "",
                    "The journal could not be written; nothing was accepted. Try again.",
                )
            )  # fmt: skip
        except ClientDisconnect:
            return Response(status_code=400)
        except Exception:  # the edge of a request: answer, and go on
            log.exception("request_failed", line=line.name, request_id=request.state.request_id)
            response = _failed()
        for name, value in line.headers.items():
            response.headers.setdefault(name, value)
        if line.is_api and not line.is_for_officers and line.method == "GET":
            response.headers.update(OPEN_TO_ALL)
        return response

    def _allowed(self) -> list[str]:
        found = list(self._methods)
        get = self._methods.get("GET")
        if get is not None and get.media != EVENT_STREAM:
            found.append("HEAD")
        return [*found, "OPTIONS"]

    def _is_open(self) -> bool:
        get = self._methods.get("GET")
        return get is not None and get.is_api and not get.is_for_officers


async def _http(request: Request, problem: Exception) -> Response:
    """Render what Starlette itself refuses."""
    del request
    status = problem.status_code if isinstance(problem, HTTPException) else 500
    rule = Rule.METHOD_NOT_ALLOWED if status == 405 else Rule.BAD_VALUE  # noqa: PLR2004
    return refused(Refusal(rule, "", "This request cannot be served."))


def _failed() -> Response:
    body = shapes.ProblemBody(
        type="about:blank",
        title="Internal error",
        status=500,
        rule="unknown",
        field="",
        help="Whether it was accepted is not known; send it again with the same Idempotency-Key.",
    )
    return Response(shapes.encode(body), status_code=500, media_type=PROBLEM)
