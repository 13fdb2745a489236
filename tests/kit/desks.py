"""Officers at work: the whole API over a real house with accounts, a desk and its stream."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from kit.clocks import FakeClock
from kit.doors import Doors
from kit.houses import KYIV
from kit.officers import ORIGIN, Person, Side, side
from kit.servers import PLACES
from tocsin.checks.identity import Credentials
from tocsin.core.alert import Realm
from tocsin.core.authority import EVERY, Role, Scope
from tocsin.fanout.desk import DeskHub
from tocsin.fanout.hub import Hub
from tocsin.journal import codec
from tocsin.projections.desk import Desk
from tocsin.service.records import Records
from tocsin.service.schedule import Scheduler
from tocsin.web.api import alerts, desk, groups, journal, notes, proposals, report, search
from tocsin.web.api.table import API
from tocsin.web.app import build_app
from tocsin.web.endpoint import Endpoint, House, in_drill

TWICE = (*alerts.WRITES, *proposals.LINES)
LINES: tuple[Endpoint, ...] = (
    *TWICE, *map(in_drill, TWICE), *desk.LINES, *groups.LINES, *journal.LINES, *notes.LINES,
    *report.LINES, *search.LINES,
)  # fmt: skip
BOTH = (Realm.LIVE, Realm.DRILL)


def scope(role: Role = Role.OPERATOR, *regions: str, **more: Any) -> Scope:
    """What somebody on duty may do; Kyiv, every danger, both rooms where nothing is said."""
    usual: dict[str, Any] = {"sender": "", "hazards": (EVERY,), "realms": BOTH}
    return Scope(role=role, regions=regions or (KYIV,), **{**usual, **more})


@dataclass
class Works:
    """What a test holds: the house, and browsers in which people have signed in."""

    doors: Doors
    side: Side
    hub: Hub
    desk_hub: DeskHub
    scheduler: Scheduler
    people: dict[str, Person]

    @property
    def clock(self) -> FakeClock:
        return self.side.clock

    async def officer(
        self, login: str, role: Role = Role.OPERATOR, *regions: str, **more: Any
    ) -> httpx.AsyncClient:
        """Somebody who has an account and has signed in, in a browser of their own."""
        more.setdefault("sender", self.side.home.world.authority)
        person = await self.side.operator(login, **vars_of(scope(role, *regions, **more)))
        self.people[login] = person
        return await self.doors.enter(person)

    async def confirm(self, browser: httpx.AsyncClient, login: str) -> None:
        """Prove oneself again by a code."""
        self.clock.step(seconds=60)
        code = self.people[login].code(self.side.now)
        answer = await browser.post("/api/v1/session/confirm", json={"code": code})
        assert answer.status_code == 200, answer.text


def vars_of(found: Scope) -> dict[str, Any]:
    """A scope's fields, as ``Side.operator`` takes them."""
    return {name: getattr(found, name) for name in Scope.__slots__}


@contextlib.asynccontextmanager
async def works(folder: Path, clock: FakeClock | None = None) -> AsyncIterator[Works]:
    """A house at work in ``folder``."""
    async with side(folder, clock) as found:
        found.officers.serve_at(ORIGIN)
        service = found.home.service
        hub = Hub(service)
        hub.start()
        desk_hub = DeskHub(service, Desk(found.home.world.tree), Records(found.home.journal, codec))
        desk_hub.start()
        house = House(
            service=service, hub=hub, credentials=Credentials("first"), places=PLACES,
            officers=found.officers,
        )  # fmt: skip
        house.shared["desk_hub"] = desk_hub
        known = {(line.method, line.path) for line in API}
        app = build_app(house, pages=[o for o in LINES if (o.method, o.path) not in known])
        doors = Doors(found, app, ORIGIN)
        try:
            async with doors._open:  # noqa: SLF001  # a kit's own
                scheduler = Scheduler(service, found.home.time)
                yield Works(doors, found, hub, desk_hub, scheduler, {})
        finally:
            await desk_hub.stop()
            await hub.stop()
