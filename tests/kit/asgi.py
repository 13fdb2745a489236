"""One request to an application in this process, streams included, without a socket.

``httpx`` waits for the whole of an answer, which a live stream never gives; here a stream is
left once its head has come, or listened to for as long as the test wants.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message

STREAM = "text/event-stream"


@dataclass
class Seen:
    """An answer as it came."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first value of a header; empty where it is not there."""
        return next((value for each, value in self.headers if each == name), "")

    @property
    def cookies(self) -> dict[str, str]:
        """Name -> value of each cookie that is set."""
        pairs = [value.partition("=") for each, value in self.headers if each == "set-cookie"]
        return {name: rest.partition(";")[0] for name, _, rest in pairs}

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def rule(self) -> str:
        """The rule of a refusal; empty for any other answer."""
        is_problem = self.header("content-type") == "application/problem+json"
        return str(self.json()["rule"]) if is_problem else ""


async def ask(
    app: ASGIApp,
    method: str,
    path: str,
    *,
    body: object = None,
    headers: Mapping[str, str] | None = None,
    source: str = "127.0.0.1",
) -> Seen:
    """Ask once and return the answer; of a stream its head alone."""
    seen, gone = Seen(), asyncio.Event()
    sent = [{"type": "http.request", "body": _bytes(body), "more_body": False}]

    async def receive() -> Message:
        if sent:
            return sent.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.status = message["status"]
            seen.headers = [(a.decode(), b.decode()) for a, b in message["headers"]]
            if seen.header("content-type").startswith(STREAM):
                gone.set()
        elif message["type"] == "http.response.body":
            seen.body += message.get("body", b"")

    await app(_scope(method, path, body, headers, source), receive, send)
    gone.set()
    return seen


@contextlib.asynccontextmanager
async def listening(
    app: ASGIApp, path: str, headers: Mapping[str, str] | None = None
) -> AsyncIterator[Seen]:
    """Listen to a stream; its bytes grow in the ``body`` of what is yielded."""
    seen, gone, begun = Seen(), asyncio.Event(), asyncio.Event()

    async def receive() -> Message:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            seen.status = message["status"]
            seen.headers = [(a.decode(), b.decode()) for a, b in message["headers"]]
            begun.set()
        else:
            seen.body += message.get("body", b"")

    scope = _scope("GET", path, None, headers, "127.0.0.1")
    task = asyncio.ensure_future(app(scope, receive, send))
    try:
        await begun.wait()
        yield seen
    finally:
        gone.set()
        await task


def _bytes(body: object) -> bytes:
    if isinstance(body, bytes):  # signed, or not JSON at all
        return body
    return b"" if body is None else json.dumps(body).encode()


def _scope(
    method: str, path: str, body: object, headers: Mapping[str, str] | None, source: str
) -> dict[str, Any]:
    parts = urlsplit(path)
    given = {"host": "localhost:8080", **{a.lower(): b for a, b in (headers or {}).items()}}
    if body is not None:
        given.setdefault("content-type", "application/json")
    return {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method,
        "scheme": "http", "path": parts.path, "raw_path": parts.path.encode(), "root_path": "",
        "query_string": parts.query.encode(), "client": (source, 40_000),
        "server": ("localhost", 8080),
        "headers": [(a.encode(), b.encode()) for a, b in given.items()],
    }  # fmt: skip
