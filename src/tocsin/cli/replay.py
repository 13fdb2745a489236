"""The server of the demo: a house whose clock and commands come from the replay.

Runs as a process of its own, so that it can be killed. Its standard input takes wishes, one a
line; its standard output tells what happens, one JSON object a line (``ops.demo.wire``).
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import os
import signal
import socket
import sys
import threading

from tocsin.bootstrap import Node, open_node, open_profile, profile_folder
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.cli.serving import run
from tocsin.core.alert import Realm
from tocsin.core.authority import EVERY, Role, Scope
from tocsin.core.refusals import Refusal
from tocsin.formats.profile import Profile
from tocsin.ops.demo import wire
from tocsin.ops.demo.acts import FILE, read_acts
from tocsin.ops.demo.clock import ReplayClock
from tocsin.ops.demo.driver import Driver
from tocsin.ops.demo.script import Script, write_script
from tocsin.ops.demo.situation import FILE as STORY
from tocsin.ops.demo.situation import Story, read_story
from tocsin.service.sealing import sealed_facility
from tocsin.settings import Settings

HAZARD = "air-raid"
"""What the bundled history warns of; its file has no column for it."""


def read_script(house: Settings) -> tuple[Profile, Script]:
    """Return the profile and the script of its acts.

    Raises:
        ProfileProblem: the profile has no acts, or a slip in them.
    """
    profile = open_profile(house.profile)
    folder = profile_folder(house.profile)
    acts = read_acts((folder / FILE).read_bytes(), profile)
    first = next(name for act in acts.acts for name in act.sources)
    history = (folder / profile.sources[first].file).read_bytes()
    told = folder / STORY
    story = read_story(told.read_bytes(), profile) if told.is_file() else Story()
    return profile, write_script(acts, profile, history, HAZARD, story)


def open_replay(
    house: Settings, profile: Profile, script: Script, desk_port: int | None = None
) -> tuple[Node, ReplayClock]:
    """Return a house under a replay clock; no mandate but those of the acts' sources."""
    clock = ReplayClock(script.start)
    node = open_node(
        house, profile=profile, clock=clock, own_mandate=False, name="demo", desk_port=desk_port
    )
    return node, clock


async def open_officer(node: Node, sender: str) -> str | None:
    """Make the demo's officer, who speaks for the replayed source; return his one-time link.

    None where he was made in an earlier life of this folder.
    """
    world = node.profile.world
    made = await node.officers.accounts.open(
        FIRST_TOKEN,
        login="demo",
        name="Demo officer",
        scope=Scope(
            role=Role.SUPERVISOR,
            sender=sender,
            regions=(world.tree.root,),
            hazards=(EVERY,),
            realms=(Realm.LIVE, Realm.DRILL),
        ),
    )
    return None if isinstance(made, Refusal) else f"{node.origin}/start/{made.token}"


def serve(house: Settings, listener: socket.socket, *, paced: bool, interactive: bool) -> None:
    """Serve the replay until told to stop; what is in the journal already is not played again."""
    profile, script = read_script(house)
    node, clock = open_replay(house, profile, script, listener.getsockname()[1])
    reading = node.journal.last_reading()
    if reading is not None:
        clock.jump(reading.wall)

    def tell(told: wire.Told) -> None:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.buffer.write(wire.encode(told))
            sys.stdout.flush()

    async def play() -> None:
        driver = Driver(
            service=node.service,
            script=script,
            clock=clock,
            tell=tell,
            seal=functools.partial(sealed_facility, node.keys),
            paced=paced,
            hold_s=None if interactive else script.pace.hold_s,
        )
        _listen(driver, asyncio.get_running_loop())
        link = await open_officer(
            node, next(act.sources[0] for act in reversed(script.acts) if act.sources)
        )
        if link is not None:
            tell(wire.Opened(link))
        await driver.run()

    asyncio.run(run(node, listener, beside=play))


def _listen(driver: Driver, loop: asyncio.AbstractEventLoop) -> None:
    """Take wishes from standard input, in a thread that ends with the process."""

    def read() -> None:
        for line in sys.stdin:
            with contextlib.suppress(ValueError):
                loop.call_soon_threadsafe(driver.wish, wire.Wish(line.strip()))
        os.kill(os.getpid(), signal.SIGTERM)  # whoever watched is gone

    threading.Thread(target=read, name="wishes", daemon=True).start()
