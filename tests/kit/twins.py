"""Two houses that are one but for what is hidden in the first: same keys, clock and ids.

An id depends on what was asked and when, and on nothing else, so that desk work in one house moves
no id of the other's public part. What time brings is done when the test says so.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import random  # noqa: TID251  # seeded
import re
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from kit.asgi import Seen, listening
from kit.clocks import FakeClock
from kit.crawl import Known, differences
from kit.ledgers import Book
from kit.officers import yes
from kit.staff import Crew, house
from tocsin.core import infra_commands as ic
from tocsin.core import ledger_commands as lc
from tocsin.core import notice_commands as nc
from tocsin.core.control import SetControl
from tocsin.core.incidents import Stage
from tocsin.service.road import Asked
from tocsin.service.submit import Service


@dataclass
class Twin:
    """One of the two."""

    crew: Crew
    book: Book
    stream: Seen = field(default_factory=Seen)

    @property
    def service(self) -> Service:
        """Its service."""
        return self.crew.node.service

    async def get(self, path: str) -> Seen:
        """Ask as anybody."""
        return await self.crew.ask("anybody", "GET", path)


@dataclass
class Twins:
    """``secret`` has what the other has, and more that nobody may see; ``plain`` has not."""

    secret: Twin
    plain: Twin
    clock: FakeClock
    asked: int = 0
    entered: list[str] = field(default_factory=list)
    """Names in the registry of the first alone: keys, stations."""

    async def both(self, do: Callable[[Book], Awaitable[Any]]) -> Any:
        """Do the same in both; return what came of it in the first."""
        first = await do(self.secret.book)
        assert await do(self.plain.book) == first, "their ids went apart"
        return first

    async def later(self, **parts: float) -> None:
        """Let time pass in both, and do what it brings: releases, run-outs."""
        self.clock.step(**parts)
        for each in (self.secret, self.plain):
            await each.crew.node.scheduler.look()

    async def next_slot(self) -> datetime:
        """Go on to a second past the next release slot; return the slot."""
        policy = self.plain.service.world.publication
        slot = policy.seen_from(self.clock.now())
        await self.later(seconds=(slot - self.clock.now()).total_seconds() + 1)
        return slot

    async def differ(self) -> list[str]:
        """Crawl both, and hold their streams beside each other; return what differs."""
        apps = [each.crew.node.app for each in (self.secret, self.plain)]
        found, count = await differences(apps[0], apps[1], await self._known())
        self.asked += count
        for each in (self.secret, self.plain):
            each.crew.node.hub._beat(asyncio.get_running_loop().time())  # noqa: SLF001
        for _ in range(20):
            await asyncio.sleep(0)
        if self.secret.stream.body != self.plain.stream.body:
            found.append(f"the streams: {_apart(self.secret.stream, self.plain.stream)}")
        return found

    def hidden(self) -> list[str]:
        """Return every name of what only the first has: ids, handles, sealed words' hashes."""
        mine, other = self.secret.service.ledger, self.plain.service.ledger
        found: list[str] = []
        for each in mine.incidents.values():
            if each.id not in other.incidents:
                found += [each.id, each.handle]
        found += [each for each in mine.claims if each not in other.claims][:3]
        found += [each for each in mine.reports if each not in other.reports][:2]
        mine_infra, other_infra = (each.service.state.infra for each in (self.secret, self.plain))
        built = [each for each in mine_infra.installations if each not in other_infra.installations]
        out = [each for each in mine_infra.outages if each not in other_infra.outages]
        drafts = list(self.secret.service.state.inbox.drafts)
        return [*found[:8], *built[:2], *out[:2], *drafts[:1], *self.entered]

    async def _known(self) -> Known:
        plain = self.plain
        page = (await plain.get("/")).text
        orgs = (await plain.get("/situation/organisations")).text
        people = (await plain.get("/api/v1/situation/speakers")).json()["speakers"]
        days = (await plain.get("/api/v1/situation/days")).json()["days"]
        shown = [each.public_id for each in plain.service.ledger.incidents.values()
                 if each.stage is not Stage.HIDDEN]  # fmt: skip
        return Known(
            now=self.clock.now(), alerts=list(plain.service.state.active)[:2], incidents=shown[:4],
            outages=[each.public_id for each in plain.service.state.infra.outages.values()
                     if each.told][:2],
            organisations=re.findall(r"/situation/organisations/(\w+)", orgs)[:3],
            speakers=[each["key"] for each in people][:3], days=[each["day"] for each in days][:3],
            secrets=self.hidden(),
            build=page.partition("/static/")[2].partition("/")[0],
        )  # fmt: skip


@contextlib.asynccontextmanager
async def twins(folder: Path, start: datetime | None = None) -> AsyncIterator[Twins]:
    """Two houses of one folder, copied after its first start, each heard by a listener."""
    clock = FakeClock(start) if start is not None else FakeClock()
    async with house(folder / "secret", clock):
        pass
    shutil.copytree(folder / "secret", folder / "plain")
    async with contextlib.AsyncExitStack() as stack:
        both = []
        for name in ("secret", "plain"):
            crew = await stack.enter_async_context(house(folder / name, clock))
            await _stilled(crew)
            twin = Twin(crew, Book(crew.node.service, clock))
            listener = listening(crew.node.app, "/api/v1/stream")
            twin.stream = await stack.enter_async_context(listener)
            both.append(twin)
        yield Twins(both[0], both[1], clock)


async def _stilled(crew: Crew) -> None:
    """Stop what acts by itself, and make ids follow from what is asked."""
    node = crew.node
    await node.scheduler.stop()
    ticker = node.hub._ticker  # noqa: SLF001
    if ticker is not None:
        ticker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticker
    node.hub._ticker = None  # noqa: SLF001
    road = node.service._road  # noqa: SLF001
    prepare = road.prepare
    times: Counter[str] = Counter()

    def prepared(asked: Asked, moment: datetime) -> Any:
        seed = f"{moment.isoformat()} {_public(asked.command)!r}"
        times[seed] += 1
        digest = hashlib.sha256(f"{seed} {times[seed]}".encode()).digest()
        chance = random.Random(digest)
        road._new_id = lambda: _id(moment, chance)  # noqa: SLF001
        return prepare(asked, moment)

    road.prepare = prepared  # type: ignore[method-assign,assignment]


def _public(command: object) -> object:
    """Return a command without what only the desk knows of a public act."""
    if isinstance(command, lc.GiveGuidance):
        return replace(command, incident_id=None)
    if isinstance(command, ic.ReportOutage) and command.tell:
        return replace(command, incident_id=None, installations=())
    if isinstance(command, nc.TellCounterfeit):
        return replace(command, refutes=None)
    if isinstance(command, SetControl):
        return replace(command, source="")
    return command


def _id(at: datetime, chance: random.Random) -> str:
    """Return a UUIDv7 of that moment."""
    ms = int(at.timestamp() * 1000)
    low = 0b10 << 62 | chance.getrandbits(62)
    digits = f"{ms:012x}7{chance.getrandbits(12):03x}{low:016x}"
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _apart(one: Seen, other: Seen) -> str:
    pairs = zip(one.text.split("\n\n"), other.text.split("\n\n"), strict=False)
    return next((f"{a!r} and {b!r}" for a, b in pairs if a != b), "one is longer")


async def accepted(service: Service, command: Any, **more: Any) -> str:
    """Submit what must be accepted; return the id that it made."""
    return str(yes(await service.submit(command, **more)).alert_id)
