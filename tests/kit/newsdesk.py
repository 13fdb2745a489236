"""An officer at the desk of a running house, and a newsstand: a real web server for its reports."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from kit.asgi import Seen
from kit.staff import BOTH, Crew, house, scope_of
from tocsin.core.authority import Role

OFFICER = "officer"


@dataclass
class Newsdesk:
    """What a test holds: the house, and an officer of the situation who has signed in."""

    crew: Crew

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> Seen:
        """Ask as the officer; ``path`` is below the API's address."""
        return await self.crew.ask(OFFICER, method, f"/api/v1{path}", body, **headers)

    async def get(self, path: str, **query: object) -> Any:
        """Read what must be there."""
        asked = "&".join(f"{name}={value}" for name, value in query.items())
        seen = await self.ask("GET", path + (f"?{asked}" if asked else ""))
        assert seen.status == 200, seen.text
        assert seen.header("cache-control") == "no-store"
        return seen.json()

    async def post(self, path: str, body: object, status: int = 200, **headers: str) -> Any:
        """Ask for what must be done."""
        seen = await self.ask("POST", path, body, **headers)
        assert seen.status == status, seen.text
        return seen.json()

    async def refused(self, path: str, body: object, method: str = "POST") -> tuple[int, str, str]:
        """Ask for what must be refused, nothing written; return status, rule and field."""
        before = self.crew.node.journal.head()
        seen = await self.ask(method, path, body)
        assert seen.rule, seen.text
        assert self.crew.node.journal.head() == before
        return seen.status, seen.rule, seen.json()["field"]


@contextlib.asynccontextmanager
async def newsdesk(folder: Path, *regions: str, **more: Any) -> AsyncIterator[Newsdesk]:
    """A house with one officer, in a browser of his own."""
    async with house(folder, **more) as crew:
        member = await crew.hire(OFFICER, scope_of(Role.OPERATOR, BOTH, *regions))
        crew.members[OFFICER] = await crew.sign_in(member)
        yield Newsdesk(crew)


@dataclass
class Page:
    """What stands at a path."""

    body: bytes = b""
    media: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""

    @classmethod
    def of(cls, text: str, media: str = "text/html; charset=utf-8", **more: Any) -> Page:
        """A page of that text."""
        return cls(body=text.encode(), media=media, **more)


@dataclass
class Newsstand:
    """A web server on a port of its own; what is not there is 404."""

    port: int
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    """Path and headers of every request, in order."""

    @property
    def host(self) -> str:
        """As the settings allow it."""
        return f"127.0.0.1:{self.port}"

    def at(self, path: str) -> str:
        """The address of a path."""
        return f"http://{self.host}{path}"

    def paths(self) -> list[str]:
        """What was asked for, in order."""
        return [path for path, _ in self.asked]


@contextlib.contextmanager
def newsstand() -> Iterator[Newsstand]:
    """A web server that lives as long as the test."""
    stand: Newsstand

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            stand.asked.append((self.path, headers))
            page = stand.pages.get(self.path, Page(status=404))
            if page.etag and headers.get("if-none-match") == page.etag:
                page = Page(status=304, headers={"ETag": page.etag})
            self.send_response(page.status)
            self.send_header("Content-Type", page.media)
            self.send_header("Content-Length", str(len(page.body)))
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.etag and page.status == 200:
                self.send_header("ETag", page.etag)
            self.end_headers()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(page.body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stand = Newsstand(server.server_address[1])
    serve: Callable[..., None] = server.serve_forever
    thread = threading.Thread(target=serve, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield stand
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
