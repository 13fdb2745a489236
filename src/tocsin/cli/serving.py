"""Runs a house under uvicorn: one process, one event loop, one port."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Awaitable, Callable

import uvicorn

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
    ready: Callable[[], None] = lambda: None,
    beside: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; ``ready`` is called once it answers, ``beside`` runs along."""
    config = uvicorn.Config(
        node.app,
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        lifespan="on",
        timeout_graceful_shutdown=GOODBYE_S,
    )
    server = uvicorn.Server(config)
    loop = asyncio.get_running_loop()
    goodbyes: set[asyncio.Task[None]] = set()

    async def leave() -> None:
        await node.hub.stop()  # streams end first: uvicorn waits for whoever is still connected
        server.should_exit = True

    for each in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(each, lambda: goodbyes.add(loop.create_task(leave())))
    serving = asyncio.create_task(server._serve([listener]), name="http")  # noqa: SLF001
    while not server.started and not serving.done():  # noqa: ASYNC110  # uvicorn has no event
        await asyncio.sleep(0.01)
    if serving.done():
        await serving
        fail(Exit.UNREACHABLE, "serve", "not-started", "see the lines above")
    ready()
    along = asyncio.create_task(_along(beside), name="beside")
    try:
        await serving
    finally:
        along.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await along


async def _along(beside: Callable[[], Awaitable[None]] | None) -> None:
    if beside is not None:
        await beside()
