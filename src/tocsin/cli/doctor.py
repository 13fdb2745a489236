"""``tocsin doctor``: is this house well, and if not, what would help."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import typer

from tocsin.cli.options import AsJson, Config, Data, settings
from tocsin.cli.output import Exit, console, print_json, text, told_failures
from tocsin.errors import JournalProblem
from tocsin.ops.doctor import Finding, look
from tocsin.settings import Settings

MARKS = {"ok": "[bold green]✓[/]", "warn": "[bold yellow]![/]", "bad": "[bold red]✗[/]"}


def doctor(data: Data = None, config: Config = None, as_json: AsJson = False) -> None:
    """Look at clock, disk, journal, keys, heads, token, listener, feeds; exit 5 if one is bad."""
    with told_failures():
        house = settings(config, {"journal.folder": data})
    looked_at = look(
        house.journal.folder, house.web.host, house.web.port,
        own_keys=house.keys, heads=house.heads,
    )  # fmt: skip
    found = [_chain(house), *_sealed(house), *looked_at, *_feeds(house)]
    if as_json:
        print_json({"ok": all(each.mark != "bad" for each in found), "findings": found})
    else:
        for each in found:
            fix = f". Fix: {each.fix}" if each.fix else ""
            console().print(f"  {MARKS[each.mark]} {each.name:14} {text(each.told + fix)}")
    if any(each.mark == "bad" for each in found):
        raise typer.Exit(Exit.CHECK_FAILED)


def _chain(house: Settings) -> Finding:
    from tocsin.bootstrap import verified  # loaded by the verbs that need an engine

    name = "journal chain"
    try:
        verdict = verified(house)
    except JournalProblem as problem:
        return Finding(name, "warn", str(problem), "tocsin serve --data DIR makes one")
    if verdict.misfit is not None:
        where = "" if verdict.misfit.seq is None else f"row {verdict.misfit.seq}: "
        return Finding(
            name, "bad", where + verdict.misfit.why, "tocsin verify; restore from a backup"
        )
    return Finding(name, "ok", f"{verdict.rows:,} events, verified")


def _sealed(house: Settings) -> Iterator[Finding]:
    """Try what is sealed: a seal key that is gone is silent in everything else."""
    from tocsin.bootstrap import sealed_unopened

    try:
        sealed = sealed_unopened(house)
    except JournalProblem:
        return  # said of the chain
    if sealed.count:
        yield Finding(
            "sealed", "bad", sealed.said(),
            "put the seal key of that time back into the keys' folder, from its own backup",
        )  # fmt: skip
    else:
        yield Finding("sealed", "ok", sealed.said())


def _feeds(house: Settings) -> Iterator[Finding]:
    """Ask every news feed of the settings once."""
    if not house.reports.feeds:
        return
    from tocsin.intake.feedcheck import tried  # it brings an XML parser along

    for each in asyncio.run(tried(house.reports.feeds, house.reports.inside)):
        name = f"feed {each.outlet}".strip()
        yield Finding(name, "warn" if each.fix else "ok", each.told, each.fix)
