"""``tocsin demo``: two real days on a live map; nothing leaves this machine."""

from __future__ import annotations

import asyncio
import enum
import functools
import tempfile
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from tocsin import logs
from tocsin.cli.options import AsJson, Config, settings
from tocsin.cli.output import Exit, console, fail, print_json, told_failures
from tocsin.clock import SystemClock, monotonic_s
from tocsin.settings import Settings


class Speed(enum.StrEnum):
    """How fast the days are played."""

    EVENTS = "events"
    MAX = "max"


def demo(  # a verb's options are its arguments
    speed: Annotated[
        Speed, typer.Option(help="events: at the pace of events; max: as fast as it goes.")
    ] = Speed.EVENTS,
    exit_: Annotated[
        bool, typer.Option("--exit", help="End when everything is played, with the figures.")
    ] = False,
    data: Annotated[
        Path | None,
        typer.Option("--data", help="Data folder; else a temporary one.", metavar="DIR"),
    ] = None,
    port: Annotated[
        int | None, typer.Option(help="TCP port; else 8080 or the next free one.")
    ] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Replay real days of alerts on a live map, at the pace of events.

    Every alert goes the real road: rules, journal on disk, stream, page. Keys: Space pause, f
    faster, j jump to the next scene, A all-clear for the paused region, K pull the plug, q quit.
    """
    from tocsin.cli import show  # loads the engine: the other verbs are quick without it

    with told_failures():
        folder, kept = data, True
        if folder is None:
            folder = Path(tempfile.mkdtemp(prefix="tocsin-demo-"))
            kept = exit_ or as_json
        house = settings(config, {"journal.folder": folder, "log.level": "warning"})
        logs.set_up(house.log.level, house.log.form, now=SystemClock().now)
        if speed is Speed.MAX and exit_:
            seconds = asyncio.run(_at_once(house))
        else:
            seconds = show.run(
                house, folder, port=port, is_max=speed is Speed.MAX, ends=exit_, keeps=kept
            )
            if not kept:
                return
        _finish(house, folder, seconds, as_json=as_json)


async def _at_once(house: Settings) -> float:
    """Play everything in this process, without a server; return the seconds it took."""
    from tocsin.cli.replay import open_replay, read_script
    from tocsin.ops.demo import wire
    from tocsin.ops.demo.driver import Driver
    from tocsin.service.sealing import sealed_facility

    began = monotonic_s()
    profile, script = read_script(house)
    node, clock = open_replay(house, profile, script)
    node.service.load()
    if (reading := node.journal.last_reading()) is not None:
        clock.jump(reading.wall)
    node.service.start()
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        console=console(stderr=True),
        disable=not console(stderr=True).is_terminal,
    )
    with bar:
        task = bar.add_task("replay", total=sum(cue.row is not None for cue in script.cues))

        def tell(told: wire.Told) -> None:
            match told:
                case wire.Begun(act):
                    name = script.acts[act].names.get("en", "")
                    bar.console.print(f"Act {act + 1} of {len(script.acts)}: {name}")
                case wire.Acknowledged():
                    bar.advance(task)
                case wire.Noted(_, sign, words):
                    bar.console.print(f"  {sign:8} {words}")
                case wire.Refused(rule, helped):
                    bar.console.print(f"refused: {rule}: {helped}")
                case _:
                    pass

        driver = Driver(
            service=node.service, script=script, clock=clock, tell=tell, paced=False, hold_s=0.0,
            seal=functools.partial(sealed_facility, node.keys),
        )  # fmt: skip
        try:
            await driver.run()
        finally:
            await node.service.stop()
            node.service.save_snapshot()
            node.registry.close()
            node.journal.close()
    return monotonic_s() - began


def _finish(house: Settings, folder: Path, seconds: float, *, as_json: bool) -> None:
    """Verify the journal for real and print what it holds."""
    from tocsin.bootstrap import open_profile, recorded, verified
    from tocsin.ops.demo.figures import count

    verdict = verified(house)
    if verdict.misfit is not None:
        where = f"row {verdict.misfit.seq}"
        fail(Exit.CHECK_FAILED, where, "chain-broken", verdict.misfit.why)
    figures = count(recorded(house))
    profile = open_profile(house.profile)
    body = {
        "alerts": figures.alerts,
        "all_clears": figures.all_clears,
        "unconfirmed": figures.unconfirmed,
        "regions": len(profile.world.tree),
        "journal_events": figures.journal_events,
        "seconds": round(seconds, 3),
        "chain": "ok",
        "data": str(folder),
    }
    if as_json:
        print_json(body)
        return
    console().print(
        f"{figures.alerts} alerts, {figures.all_clears} all-clears, {figures.unconfirmed} "
        f"unconfirmed over {body['regions']:,} regions; {figures.journal_events} events, chain ok, "
        f"in {seconds:.1f} s"
    )
    console().print(f"kept in {folder}")
