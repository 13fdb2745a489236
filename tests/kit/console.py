"""A house with officers at its console: each in a browser of their own, signed in and ready."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from playwright.async_api import Page

from kit.clocks import NOON
from kit.houses import KYIV, profile
from kit.officers import HERE, PASSWORD, Person, yes
from kit.watch_house import WatchHouse, watch_house
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.authority import EVERY, Role, Scope

OBLAST = "UA32000000000030281"
BUCHA = "UA32080000000084076"
WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}


@dataclass
class Console:
    """What a test holds."""

    held: WatchHouse
    people: dict[str, Person] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.held.url

    @property
    def service(self) -> Any:
        return self.held.node.service

    async def officer(
        self, login: str, *regions: str, role: Role = Role.OPERATOR, **scope: Any
    ) -> Person:
        """Somebody on duty in the capital and the region around it, in both rooms."""
        given: dict[str, Any] = {
            "role": role, "sender": profile().world.authority, "regions": regions or (KYIV, OBLAST),
            "hazards": (EVERY,), "realms": (Realm.LIVE, Realm.DRILL), **scope,
        }  # fmt: skip
        linked = yes(
            await self.held.node.officers.accounts.open(
                FIRST_TOKEN, login=login, name=login.title(), scope=Scope(**given)
            )
        )
        person = self.people[login] = await self.held.enrol(linked.token, login)
        return person

    async def at(
        self, who: Person | str, path: str = "/console?lang=en", *, clock: bool = False, **more: Any
    ) -> Page:
        """A page of a browser of their own in which they are signed in."""
        person = await self.officer(who) if isinstance(who, str) else who
        signing = self.held.node.officers.signing
        opened = yes(
            await signing.with_password(
                person.account.login, PASSWORD, self.held.code(person), device=None, source=HERE
            )
        )
        browser = self.held.visitor.browser
        context = await browser.new_context(**{"locale": "en-GB", "viewport": WIDE, **more})
        await context.add_cookies([
            {"name": "tocsin-session", "value": opened.token, "url": self.url},
            {"name": "tocsin-device", "value": opened.device, "url": self.url},
        ])  # fmt: skip
        page = await self.held.visitor._visit(  # noqa: SLF001  # the kit is one
            await context.new_page(), path, clock=clock
        )
        if more.get("java_script_enabled", True):
            await page.locator("html.js").wait_for(state="attached")
        return page

    async def issue(self, *regions: str, hazard: str = "air-raid", **more: Any) -> str:
        """Warn as the house itself; return the alert's id."""
        realm = more.pop("realm", Realm.LIVE)
        status = Status.ACTUAL if realm is Realm.LIVE else Status.EXERCISE
        sender = more.pop("sender", profile().world.authority)
        outcome = yes(
            await self.service.submit(
                co.IssueAlert(
                    realm=realm, status=status, sender=sender, hazard=hazard,
                    area=Area(regions=regions), **more,
                )
            )
        )  # fmt: skip
        return str(outcome.alert_id)

    def in_force(self, realm: Realm = Realm.LIVE) -> list[Any]:
        """The alerts in force of a room."""
        return [each for each in self.service.state.active.values() if each.realm is realm]

    def forgive(self, *pieces: str) -> None:
        """Forget what the browser itself reports of refusals and cut connections."""
        complaints = self.held.visitor.complaints
        left = [each for each in complaints if not any(piece in each for piece in pieces)]
        complaints[:] = left


@contextlib.asynccontextmanager
async def console(folder: Path, start: datetime = NOON) -> AsyncIterator[Console]:
    """A running house and a browser before it."""
    async with watch_house(folder, start) as held:
        yield Console(held)
        assert held.visitor.complaints == [], held.visitor.complaints
