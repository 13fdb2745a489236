"""The whole server with its pages, and a browser before it.

The browser is the system's Chromium. A page that logs an error, breaks its own content
security policy or asks another host for anything fails the test that opened it.
"""

import asyncio
import contextlib
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from playwright.async_api import Browser, ConsoleMessage, Page, Request, async_playwright

from kit.clocks import FakeClock
from kit.houses import Home, house, profile
from kit.servers import PLACES
from tocsin.bootstrap import profile_folder
from tocsin.checks.identity import Credentials, first_token
from tocsin.core import commands as co
from tocsin.fanout.hub import Hub
from tocsin.keys.store import open_keys
from tocsin.settings import Keys
from tocsin.settings import Profile as ProfileSetting
from tocsin.web.app import build_app
from tocsin.web.endpoint import House
from tocsin.web.public import real, situation, voices, wave_pages
from tocsin.web.public.pages import PAGES, not_found

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
CHROMIUM = shutil.which("chromium")


@dataclass
class Site:
    """What a test holds: the house, and a client with and one without the token."""

    home: Home
    clock: FakeClock
    hub: Hub
    url: str
    http: httpx.AsyncClient
    anybody: httpx.AsyncClient

    async def issue(self, *regions: str, hazard: str = "air-raid", **more: object) -> Any:
        """Warn and return the alert as answered."""
        body = {"hazard": hazard, "area": {"regions": list(regions)}, **more}
        room = "/api/v1/drill" if more.get("realm") == "drill" else "/api/v1"
        answer = await self.http.post(f"{room}/alerts", json=body)
        assert answer.status_code == 201, answer.text
        return answer.json()

    async def post(self, path: str, **body: object) -> Any:
        """Ask for something that must be accepted and return the answer."""
        answer = await self.http.post(path, json=body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def expire(self, alert_id: str) -> None:
        """Let an alert run out now, as its scheduler would."""
        await self.home.service.submit(co.ExpireAlert(alert_id=alert_id, replayed=True))


@contextlib.asynccontextmanager
async def site(
    folder: Path, *, clock: FakeClock | None = None, demo: str | None = None, **hub: float
) -> AsyncIterator[Site]:
    """A running server with pages; its clock stands still until the test moves it."""
    clock = clock or FakeClock()
    async with house(folder, clock) as home:
        feed = Hub(home.service, **hub)  # type: ignore[arg-type]  # its own settings
        feed.start()
        token = first_token(folder)
        inside = House(
            service=home.service, hub=feed, credentials=Credentials(token), places=PLACES
        )
        inside.shared["keys"] = open_keys(folder, Keys())
        inside.shared["profile"] = profile()
        inside.shared["profile_folder"] = profile_folder(ProfileSetting(id="ua"))
        inside.shared["demo"] = demo
        pages = (*PAGES, *wave_pages.PAGES, *voices.PAGES, *situation.PAGES, *real.PAGES)
        app = build_app(inside, pages=pages, not_found=lambda request: not_found(inside, request))
        config = uvicorn.Config(app, log_level="error", lifespan="off", server_header=False)
        runner = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            task = asyncio.create_task(runner.serve(sockets=[listener]))
            while not runner.started:  # noqa: ASYNC110  # uvicorn has no event for it
                await asyncio.sleep(0)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            bearer = {"Authorization": f"Bearer {token}"}
            try:
                async with (
                    httpx.AsyncClient(base_url=url, headers=bearer, timeout=10) as http,
                    httpx.AsyncClient(base_url=url, timeout=10) as anybody,
                ):
                    yield Site(home, clock, feed, url, http, anybody)
            finally:
                await feed.stop()
                runner.should_exit = True
                await task


@dataclass
class Visitor:
    """A browser, and everything its pages complained about or asked elsewhere."""

    browser: Browser
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    async def open(self, path: str, *, clock: bool = False, **context: Any) -> Page:
        """Open a page in a context of its own; ``clock`` hands its time to the test."""
        rooms = await self.browser.new_context(**{"locale": "en-GB", **context})
        return await self._visit(await rooms.new_page(), path, clock=clock)

    async def another(self, beside: Page, path: str) -> Page:
        """Open a page in the same browser profile as another."""
        return await self._visit(await beside.context.new_page(), path)

    async def _visit(self, page: Page, path: str, *, clock: bool = False) -> Page:
        if clock:
            await page.clock.install()
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._ask)
        await page.goto(f"{self.url}{path}")
        return page

    def _note(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _ask(self, request: Request) -> None:
        if not request.url.startswith(self.url):
            self.foreign.append(request.url)


@contextlib.asynccontextmanager
async def visiting(url: str) -> AsyncIterator[Visitor]:
    """A browser before a server; the test fails if a page was not at peace."""
    if CHROMIUM is None:
        pytest.skip("needs the program chromium")
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        visitor = Visitor(browser, url)
        try:
            yield visitor
        finally:
            await browser.close()
        assert visitor.complaints == []
        assert visitor.foreign == []
