"""The officers' door as browsers and scripts come to it: the ASGI application over a real house."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from kit.clocks import FakeClock
from kit.officers import HERE, ORIGIN, PASSWORD, Person, Side, side
from kit.servers import PLACES
from tocsin.checks.identity import Credentials
from tocsin.fanout.hub import Hub
from tocsin.settings import Officers as Rules
from tocsin.web.api import accounts, credentials, keys, mandates, session
from tocsin.web.api.table import API
from tocsin.web.app import Application, build_app
from tocsin.web.endpoint import Endpoint, House

LINES: tuple[Endpoint, ...] = (
    *session.LINES, *credentials.LINES, *accounts.LINES, *keys.LINES, *mandates.LINES,
)  # fmt: skip
FIRST = {"Authorization": "Bearer first"}


@dataclass
class Doors:
    """What a test holds: the side behind the door, and browsers before it."""

    side: Side
    app: Application
    origin: str
    _open: contextlib.AsyncExitStack = field(default_factory=contextlib.AsyncExitStack)

    async def browser(self, address: str = HERE, **headers: str) -> httpx.AsyncClient:
        """A browser at that address, on a page of ours; it keeps its cookies."""
        own = {"Origin": self.origin, "Sec-Fetch-Site": "same-origin"}
        return await self._client(address, {**own, **headers})

    async def script(self, address: str = HERE, **headers: str) -> httpx.AsyncClient:
        """A program at that address, which names no page."""
        return await self._client(address, headers)

    async def enter(self, person: Person, **more: Any) -> httpx.AsyncClient:
        """A browser in which that person has signed in; half a minute goes by."""
        browser = await self.browser(**more)
        answer = await self.try_in(browser, person)
        assert answer.status_code == 201, answer.text
        self.side.clock.step(seconds=30)
        return browser

    async def try_in(
        self, browser: httpx.AsyncClient, person: Person, **other: str
    ) -> httpx.Response:
        """Try to sign in; ``other`` replaces what is right."""
        right = {
            "login": person.account.login, "password": PASSWORD,
            "code": person.code(self.side.now),
        }  # fmt: skip
        return await browser.post("/api/v1/session", json=right | other)

    async def _client(self, address: str, headers: dict[str, str]) -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, client=(address, 40_000))
        client = httpx.AsyncClient(transport=transport, base_url=self.origin, headers=headers)
        return await self._open.enter_async_context(client)


@contextlib.asynccontextmanager
async def doors(
    folder: Path,
    *,
    clock: FakeClock | None = None,
    rules: Rules | None = None,
    origin: str = ORIGIN,
    proxies: frozenset[str] = frozenset(),
) -> AsyncIterator[Doors]:
    """The door of a house in ``folder``."""
    async with side(folder, clock, rules) as found:
        found.officers.serve_at(origin)
        hub = Hub(found.home.service)
        hub.start()
        house = House(
            service=found.home.service, hub=hub, credentials=Credentials("first"), places=PLACES,
            officers=found.officers, proxies=proxies,
        )  # fmt: skip
        known = {line.name for line in API}
        app = build_app(house, pages=[line for line in LINES if line.name not in known])
        held = Doors(found, app, origin)
        try:
            async with held._open:  # noqa: SLF001  # its own
                yield held
        finally:
            await hub.stop()


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Return status and rule of a refusal; anything else fails the test."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["rule"]
