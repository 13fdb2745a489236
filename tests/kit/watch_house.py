"""A whole house as ``bootstrap`` builds it, on a port, with officers; its clock is the test's.

The browser opens it as ``http://localhost:PORT``, which is where passkeys work without TLS.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pyotp
import uvicorn
from playwright.async_api import Page
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as Scope_

from kit.clocks import NOON, FakeClock
from kit.houses import KYIV, profile
from kit.officers import PASSWORD, Person, yes
from kit.sites import Visitor, visiting
from tocsin.bootstrap import Node, open_node
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.checks.passwords import Passwords
from tocsin.core.alert import Realm
from tocsin.core.authority import EVERY, Role, Scope
from tocsin.settings import Journal, Settings
from tocsin.web.endpoint import House

__all__ = ["PASSWORD", "WatchHouse", "passkeys_in", "watch_house"]


@dataclass
class WatchHouse:
    """What a test holds: the house, its clock, and a browser before it."""

    node: Node
    clock: FakeClock
    url: str
    visitor: Visitor

    @property
    def house(self) -> House:
        """What the pages are made of."""
        found: House = next(
            route.endpoint._house  # noqa: SLF001  # bootstrap keeps it to itself
            for route in self.node.app.routes
            if isinstance(route, Route) and hasattr(route.endpoint, "_house")
        )
        return found

    async def enrol(self, token: str, login: str = "") -> Person:
        """Use a one-time link with a password and a code generator."""
        links = self.node.officers.links
        opening = yes(links.open(token))
        code = pyotp.TOTP(opening.secret).at(int(self.clock.now().timestamp()))
        done = yes(
            await links.finish(token, login=login, name=login.title(), password=PASSWORD, code=code)
        )
        self.clock.step(seconds=90)  # the code that proved the generator is used up
        return Person(done.account, opening.secret, done.recovery_codes)

    async def administrator(self, login: str = "anna") -> Person:
        """The first administrator, who has not signed in yet."""
        token = self.node.officers.links.invite_first()
        assert token is not None
        return await self.enrol(token, login)

    async def officer(self, login: str, role: Role = Role.OPERATOR) -> Person:
        """Somebody on duty in the capital, for real and in drills."""
        scope = Scope(
            role=role, sender=profile().world.authority, regions=(KYIV,), hazards=(EVERY,),
            realms=(Realm.LIVE, Realm.DRILL),
        )  # fmt: skip
        linked = yes(
            await self.node.officers.accounts.open(
                FIRST_TOKEN, login=login, name=login.title(), scope=scope
            )
        )
        return await self.enrol(linked.token, login)

    def code(self, person: Person) -> str:
        """The code that their generator shows now; the one after is of another step."""
        self.clock.step(seconds=31)
        return person.code(self.clock.now())

    async def sign_in(self, person: Person, to: str = "/me", **context: Any) -> Page:
        """A page of a new browser in which they signed in with password and code."""
        page = await self.visitor.open(f"/sign-in?to={to}", **context)
        await page.get_by_label("Login").fill(person.account.login)
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_label("Code", exact=True).fill(self.code(person))
        await page.get_by_role("button", name="Sign in", exact=True).click()
        await page.wait_for_url(f"{self.url}{to}")
        return page


async def passkeys_in(page: Page) -> None:
    """Give a page's browser an authenticator that verifies its user, as a laptop has."""
    tool = await page.context.new_cdp_session(page)
    await tool.send("WebAuthn.enable")
    await tool.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def dated(app: ASGIApp, clock: FakeClock) -> ASGIApp:
    """An application whose answers are dated by the clock that sessions live by, as in a house."""

    async def answer(scope: Scope_, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = format_datetime(clock.now(), usegmt=True).encode()
                message["headers"] = [*message.get("headers", ()), (b"date", date)]
            await send(message)

        await app(scope, receive, sent)

    return answer


@contextlib.asynccontextmanager
async def watch_house(folder: Path, start: datetime = NOON) -> AsyncIterator[WatchHouse]:
    """A running house over ``folder`` and a browser before it."""
    clock = FakeClock(start)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        settings = Settings(journal=Journal(folder=folder))
        node = open_node(settings, profile=profile(), clock=clock, desk_port=port)
        node.officers._desk.clock = node.time  # noqa: SLF001  # a replay's door keeps real time
        node.officers._desk.passwords = Passwords(memory_kib=64, passes=1)  # noqa: SLF001  # quick
        config = uvicorn.Config(
            dated(node.app, clock), log_level="error", lifespan="on", server_header=False,
            date_header=False,
        )  # fmt: skip
        runner = uvicorn.Server(config)
        task = asyncio.create_task(runner.serve(sockets=[listener]))
        while not runner.started:  # noqa: ASYNC110  # uvicorn has no event for it
            await asyncio.sleep(0)
        url = f"http://localhost:{port}"
        try:
            async with visiting(url) as visitor:
                yield WatchHouse(node, clock, url, visitor)
        finally:
            await node.say_goodbye()
            runner.should_exit = True
            await task
