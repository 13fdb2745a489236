"""A small page of a test's own under the pages' strict policy, with our static files beside it.

For modules that a page loads: they are tried in a real browser, without the server behind them.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.async_api import Page, async_playwright
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Message, Receive, Scope, Send

from kit.sites import CHROMIUM, FLAGS, Visitor

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'; trusted-types tocsin; "
    "require-trusted-types-for 'script'"
)
STATIC = Path(str(files("tocsin") / "web" / "static"))
SOFTWARE_GL = ("--use-angle=swiftshader", "--enable-unsafe-swiftshader")
"""A graphics card made of software; it says on the console how slow it is."""

Bodies = Mapping[str, tuple[str | bytes, str] | int]
"""Address -> what it answers (body, media type), or the status with which it fails."""


@dataclass
class Bench:
    """An open page, its visitor, and every address that was asked for."""

    page: Page
    visitor: Visitor
    asked: list[str] = field(default_factory=list)

    async def until(self, condition: str) -> None:
        """Wait for a condition in the page (Playwright's own way needs eval, which is off)."""
        look = f"const look = () => ({condition}) ? done() : requestAnimationFrame(look); look();"
        await self.page.evaluate(f"() => new Promise((done) => {{ {look} }})")

    async def at_peace(self) -> None:
        """Assert that nothing broke the policy, complained, or went elsewhere."""
        assert await self.page.evaluate("violations") == []
        said = self.visitor.complaints
        assert [line for line in said if "GL Driver Message" not in line] == []
        assert self.visitor.foreign == []


@contextlib.asynccontextmanager
async def bench(
    bodies: Bodies, *, flags: Sequence[str] = SOFTWARE_GL, **context: Any
) -> AsyncIterator[Bench]:
    """Open ``/`` of a site that has these bodies and, under ``/static/b/``, our files.

    The page itself must keep a list ``violations`` (see ``WATCH``).
    """
    if CHROMIUM is None:
        pytest.skip("needs the program chromium")
    config = uvicorn.Config(_site(bodies), log_level="error", lifespan="off")
    runner = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        task = asyncio.create_task(runner.serve(sockets=[listener]))
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            async with async_playwright() as play:
                browser = await play.chromium.launch(
                    executable_path=CHROMIUM, args=[*FLAGS, *flags]
                )
                try:
                    yield await _opened(Visitor(browser, url), context)
                finally:
                    await browser.close()
        finally:
            runner.should_exit = True
            await task


WATCH = """self.violations = [];
document.addEventListener('securitypolicyviolation', (e) =>
  violations.push(`${e.violatedDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`));
"""
"""The first lines of a page's script: they count what breaks the policy."""


async def _opened(visitor: Visitor, context: Mapping[str, Any]) -> Bench:
    size = {"width": 1000, "height": 760}
    rooms = await visitor.browser.new_context(**{"viewport": size, "locale": "en-GB", **context})
    found = Bench(await rooms.new_page(), visitor)
    start = len(visitor.url)
    found.page.on("request", lambda request: found.asked.append(request.url[start:]))
    await visitor._visit(found.page, "/")  # noqa: SLF001  # the kit is one
    return found


def _site(bodies: Bodies) -> Starlette:
    headers = {"Content-Security-Policy": POLICY}

    async def answer(request: Request) -> Response:
        told = bodies[request.url.path]
        if isinstance(told, int):
            return Response(status_code=told)
        return Response(told[0], media_type=told[1], headers=headers)

    ours = StaticFiles(directory=STATIC)

    async def static(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"].append((b"content-security-policy", POLICY.encode()))
            await send(message)

        await ours(scope, receive, sending)

    return Starlette(routes=[*(Route(path, answer) for path in bodies), Mount("/static/b", static)])
