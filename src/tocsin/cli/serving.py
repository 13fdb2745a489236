"""Runs a house under uvicorn: one process, one event loop, one port, or two with officers'."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable
from typing import Literal

import uvicorn
from starlette.applications import Starlette

from tocsin.bootstrap import Node
from tocsin.cli.output import Exit, fail

GOODBYE_S = 5


def bound(host: str, port: int) -> socket.socket:
    """Return a listening socket; ends with a line where the address cannot be had."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host, port), family=family, backlog=2048)
        # accepted sockets inherit it; without it each small answer waits 40 ms for an ACK
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as failed:
        fail(
            Exit.UNREACHABLE, f"{host}:{port}", "address-taken",
            f"{failed.strerror}; give another --port",
        )  # fmt: skip
    return listener


async def run(
    node: Node,
    listener: socket.socket,
    *,
    officers: socket.socket | None = None,
    ready: Callable[[], None] = lambda: None,
    beside: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once it answers, ``beside`` runs along.

    ``officers`` is the listener of the officers' own port, where there is one: what is theirs is
    then served there and nowhere else (DESIGN section 7).
    """
    server = uvicorn.Server(_config(node.app, lifespan="on"))
    desk: uvicorn.Server | None = None
    if officers is not None and node.officers_app is not None:
        desk = uvicorn.Server(_config(node.officers_app, lifespan="off"))
    loop = asyncio.get_running_loop()
    goodbyes: set[asyncio.Task[None]] = set()

    async def leave() -> None:
        await node.say_goodbye()  # streams end first: uvicorn waits for whoever is connected
        server.should_exit = True

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, lambda: goodbyes.add(loop.create_task(leave())))
    serving = asyncio.create_task(server._serve([listener]), name="http")  # noqa: SLF001
    while not server.started and not serving.done():  # noqa: ASYNC110  # uvicorn has no event
        await asyncio.sleep(0.01)
    if serving.done():
        await serving
        fail(Exit.UNREACHABLE, "serve", "not-started", "see the lines above")
    desking: asyncio.Task[None] | None = None
    if desk is not None and officers is not None:
        desking = asyncio.create_task(desk._serve([officers]), name="officers")  # noqa: SLF001
        while not desk.started and not desking.done():  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    ready()
    along = asyncio.create_task(_along(beside), name="beside")
    try:
        await serving
    finally:
        if desk is not None and desking is not None:
            desk.should_exit = True
            await desking
        along.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await along


def _config(app: Starlette, *, lifespan: Literal["on", "off"]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,  # whose word counts, web.door decides
        lifespan=lifespan,
        timeout_graceful_shutdown=GOODBYE_S,
    )


async def _along(beside: Callable[[], Awaitable[None]] | None) -> None:
    if beside is not None:
        await beside()
