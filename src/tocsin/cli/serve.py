"""``tocsin serve``: a house that runs until it is told to stop."""

from __future__ import annotations

import asyncio
import sys
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from tocsin import logs
from tocsin.cli.options import AsJson, Config, Data, settings
from tocsin.cli.output import console, print_json, told_failures
from tocsin.clock import SystemClock
from tocsin.settings import Settings

if TYPE_CHECKING:
    from tocsin.bootstrap import Node

log = structlog.get_logger()


def serve(  # a verb's options are its arguments
    data: Data = None,
    port: Annotated[int | None, typer.Option(help="TCP port (setting web.port).")] = None,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on (setting web.host).")
    ] = None,
    config: Config = None,
    accept_clock: Annotated[
        bool, typer.Option("--accept-clock", help="Believe the wall clock after a doubt.")
    ] = False,
    demo: Annotated[str | None, typer.Option(hidden=True)] = None,
    as_json: AsJson = False,
) -> None:
    """Run a house: API, live stream and pages on one port; all that a city needs.

    Prints its addresses, its store, its last event, and what is not configured.
    """
    # loaded by the verbs that need an engine: the others are quick to start without it
    from tocsin.bootstrap import open_node
    from tocsin.cli import replay
    from tocsin.cli.serving import bound, run

    with told_failures():
        house = settings(config, {"journal.folder": data, "web.port": port, "web.host": host})
        logs.set_up(house.log.level, house.log.form, now=SystemClock().now)
        listener = bound(house.web.host, house.web.port)
        officers = None
        if house.officers.port is not None:
            officers = bound(house.officers.host, house.officers.port)
        if demo is not None:
            replay.serve(house, listener, paced=demo != "max", interactive=demo == "keys")
            return
        port = listener.getsockname()[1]
        desk_port = port if officers is None else officers.getsockname()[1]
        node = open_node(house, accept_clock=accept_clock, desk_port=desk_port)
        address = f"http://{house.web.host}:{port}"
        asyncio.run(
            run(
                node,
                listener,
                officers=officers,
                ready=lambda: _say(node, house, address, as_json=as_json),
            )
        )


def _say(node: Node, house: Settings, address: str, *, as_json: bool) -> None:
    first = node.first_link()
    head = node.journal.head()
    last = node.service.state.last_at
    world = node.profile.world
    missing = _missing(house)
    sealed = node.unopened()
    if sealed.count:
        log.error("sealed_does_not_open", count=sealed.count, oldest_key=sealed.oldest_key)
    if as_json:
        print_json(
            {
                "address": address,
                "data": str(house.journal.folder),
                "profile": world.id,
                "regions": len(world.tree),
                "journal_events": head.seq,
                "last_event_at": last if head.seq else None,
                "token_file": str(node.token_file),
                "officers": node.origin,
                "first_link": first,
                "not_configured": missing,
                "sealed_unopened": dict(sealed.by_kind),
            }
        )
        return
    shown = console()
    store = f"embedded (SQLite), {house.journal.folder}, {head.seq:,} events"
    if head.seq:
        store += f", the last at {last.astimezone():%Y-%m-%d %H:%M:%S}"
    shown.print(f"[bold]Tocsin[/] is ready. {world.names.get('en', world.id)}, "
                f"{len(world.tree):,} regions.")  # fmt: skip
    shown.print(f"  Public page     {address}/")
    shown.print(f"  API             {address}/api/v1/state")
    shown.print(f"  Live stream     {address}/api/v1/stream")
    shown.print(f"  Officers        {node.origin}/console")
    if first is not None:
        shown.print(f"  First start     {first}", soft_wrap=True)
        shown.print(
            "                  one administrator, once: open it, then the token is not needed"
        )
    shown.print(f"  Store           {store}")
    if sealed.count:
        shown.print(f"  [bold red]Sealed[/]          {sealed.said()}. Put its key back: "
                    "the house warns on without it.", soft_wrap=True)  # fmt: skip
    shown.print(f"  First token     {node.token_file}")
    shown.print(f"  Not configured  {'; '.join(missing)}")
    sys.stdout.flush()


def _missing(house: Settings) -> list[str]:
    """Return what a house has not got yet, in words."""
    found = []
    if house.web.host in ("127.0.0.1", "localhost", "::1"):
        found.append("only this machine can reach it (--host)")
    found.append("no siren, push or message channel: alerts go to pages, stream and API")
    return found
