"""The whole server in one line: real uvicorn on a free port, over a real journal in a folder."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from kit.clocks import FakeClock
from kit.houses import Home, house, profile
from tocsin.bootstrap import profile_folder
from tocsin.checks.identity import Credentials, first_token
from tocsin.checks.resolve import Places
from tocsin.fanout.desk import DeskHub
from tocsin.fanout.hub import Hub
from tocsin.formats.profile import read_geometry
from tocsin.journal import codec
from tocsin.keys.store import open_keys
from tocsin.projections.desk import Desk
from tocsin.service.records import Records
from tocsin.settings import Keys
from tocsin.settings import Profile as ProfileSetting
from tocsin.web.app import build_app
from tocsin.web.endpoint import House

BORDERS = profile_folder(ProfileSetting(id="ua")) / "geometry.geojson.gz"
PLACES = Places(profile().world.tree, lambda: read_geometry(BORDERS.read_bytes()))


@dataclass
class Running:
    """What a test holds: the house, and a client with and one without the token."""

    home: Home
    clock: FakeClock
    hub: Hub
    server: uvicorn.Server
    url: str
    token: str
    http: httpx.AsyncClient
    anybody: httpx.AsyncClient

    def holds(self, port: int) -> bool:
        """Whether the server still holds the connection from that port of ours."""
        return any(
            getattr(each, "client", ("", 0))[1] == port
            for each in self.server.server_state.connections
        )

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

    async def get(self, path: str, **params: Any) -> Any:
        """Read something that must be there."""
        answer = await self.anybody.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextlib.asynccontextmanager
async def server(
    folder: Path, *, clock: FakeClock | None = None, send_buffer: int | None = None, **hub: Any
) -> AsyncIterator[Running]:
    """A running server; its clock stands still until the test moves it."""
    clock = clock or FakeClock()
    async with house(folder, clock) as home:
        feed = Hub(home.service, **hub)
        feed.start()
        desk_hub = DeskHub(home.service, Desk(home.world.tree), Records(home.journal, codec))
        desk_hub.start()
        token = first_token(folder)
        inside = House(
            service=home.service, hub=feed, credentials=Credentials(token), places=PLACES
        )
        inside.shared["desk_hub"] = desk_hub
        keys = open_keys(folder, Keys())
        keys.prepare(clock.now())
        inside.shared["keys"] = keys
        inside.shared["profile"] = profile()
        inside.shared["profile_folder"] = profile_folder(ProfileSetting(id="ua"))
        app = build_app(inside)
        config = uvicorn.Config(app, log_level="error", lifespan="off", server_header=False)
        runner = uvicorn.Server(config)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            # accepted sockets inherit both; asyncio sets the first only on sockets of its own
            listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if send_buffer is not None:
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, send_buffer)
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
                    yield Running(home, clock, feed, runner, url, token, http, anybody)
            finally:
                await desk_hub.stop()
                await feed.stop()
                runner.should_exit = True
                await task


@dataclass(frozen=True)
class Event:
    """One server-sent event as a client reads it."""

    id: str | None
    event: str
    data: dict[str, Any]
    retry: str | None = None


@contextlib.asynccontextmanager
async def listening(
    running: Running, path: str = "/api/v1/stream", last: str | None = None, **params: Any
) -> AsyncIterator[Callable[..., Awaitable[Event]]]:
    """Yield a function that returns the next event of a stream."""
    headers = {} if last is None else {"Last-Event-ID": last}
    async with running.anybody.stream(
        "GET", path, params=params, headers=headers, timeout=10
    ) as answer:
        assert answer.status_code == 200, await answer.aread()
        lines = answer.aiter_lines()

        async def following() -> Event:
            fields: dict[str, str] = {}
            async for line in lines:
                if not line:
                    break
                name, _, value = line.partition(": ")
                assert name not in fields, "a field twice in one event"
                fields[name] = value
            else:
                raise EOFError
            data = json.loads(fields.get("data", "{}"))
            return Event(fields.get("id"), fields.get("event", ""), data, fields.get("retry"))

        async def told(kind: str | None = None) -> Event:
            while True:
                event = await following()
                if kind is None or event.event == kind:
                    return event

        yield told
