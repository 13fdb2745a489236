"""Live streams over HTTP: opens a connection at the hub and writes what it yields.

The hub decides what is sent and when a stream ends; here is only the writing of bytes, so
that a faster writer can take its place.

Source: WHATWG HTML, "Server-sent events"; formats/api-v1.md, "Stream".
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Protocol

from msgspec import Meta, Struct
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from tocsin.core.refusals import Refusal
from tocsin.fanout.select import selection
from tocsin.web.endpoint import Ask

EVENT_STREAM = "text/event-stream"
GOODBYE_S = 1.0
"""How long a connection that was shed has to take its last bytes."""


class StreamQuery(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a stream is to carry; nothing: everything public."""

    region: Annotated[
        list[str], Meta(max_length=100, description="Over it, in it or above it; repeatable.")
    ] = []
    hazard: Annotated[list[str], Meta(max_length=100)] = []
    language: Annotated[str | None, Meta(description="Texts in this language only.")] = None
    drill: Annotated[int, Meta(ge=0, le=1, description="1: the drill audience.")] = 0


class Feed(Protocol):
    """What is written: a connection of the hub, or an officer's line."""

    @property
    def closed(self) -> asyncio.Event:
        """Set once nothing more than the last bytes will come."""
        ...

    def chunks(self) -> AsyncIterator[bytes]:
        """Yield bytes to write until it is closed."""
        ...

    def close(self) -> None:
        """End it. May be called twice."""
        ...


class EventStream(Response):
    """A response whose body is what a feed yields."""

    media_type = EVENT_STREAM
    charset = "utf-8"

    def __init__(self, connection: Feed) -> None:
        super().__init__(None, 200)
        self.connection = connection
        del self.headers["content-length"]
        self.headers["Cache-Control"] = "no-store"
        self.headers["X-Accel-Buffering"] = "no"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Write until the client goes or the hub closes the stream."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        tasks = [
            asyncio.ensure_future(self._write(send)),
            asyncio.ensure_future(_gone(receive)),
            asyncio.ensure_future(self._shed()),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self.connection.close()
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, OSError):
                raise result
        try:
            async with asyncio.timeout(GOODBYE_S):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            cut(scope)

    async def _write(self, send: Send) -> None:
        async for chunk in self.connection.chunks():
            await send({"type": "http.response.body", "body": chunk, "more_body": True})

    async def _shed(self) -> None:
        await self.connection.closed.wait()
        await asyncio.sleep(GOODBYE_S)


def cut(scope: Scope) -> None:
    """Drop a connection that takes no more bytes, with what is buffered for it.

    An orderly close would wait for the buffer as long as the far end keeps its window shut.
    """
    transport = scope.get("state", {}).get("transport")
    if isinstance(transport, asyncio.Transport | asyncio.WriteTransport):
        transport.abort()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def stream(ask: Ask) -> Response | Refusal:
    """Open a live stream."""
    query: StreamQuery = ask.query
    chosen = selection(
        ask.house.service.world,
        regions=query.region,
        hazards=query.hazard,
        language=query.language,
        drill=bool(query.drill),
    )
    if isinstance(chosen, Refusal):
        return chosen
    last = ask.request.headers.get("last-event-id")
    return EventStream(ask.house.hub.connect(chosen, last))
