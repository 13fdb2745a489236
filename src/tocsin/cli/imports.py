"""``tocsin import``: history files, and a country's regions from GeoJSON."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from tocsin.cli.options import AsJson, Config, Data, settings
from tocsin.cli.output import Exit, console, fail, print_json, text, told_failures
from tocsin.clock import monotonic_s
from tocsin.core.area import Region
from tocsin.errors import BadInput

if TYPE_CHECKING:
    from tocsin.bootstrap import Writer
    from tocsin.ops.regions import Outcome

app = typer.Typer(help="Bring in history or regions.", no_args_is_help=True)

REPORTED_SHOWN = 20


@app.command()
def history(  # a verb's options are its arguments
    file: Annotated[
        Path | None, typer.Argument(help="CSV or CSV.gz; left out: the profile's own file.")
    ] = None,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="A source of the profile; repeatable.")
    ] = None,
    hazard: Annotated[
        str, typer.Option(help="What the alerts warn of, where the file does not say.")
    ] = "air-raid",
    by: Annotated[
        str | None, typer.Option(help="Who imports; named where an alert becomes standing.")
    ] = None,
    data: Data = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Import past alerts down the real road; the same file again changes nothing.

    Stop the house first: one process writes a data folder.
    """
    from tocsin.bootstrap import writing  # loaded by the verbs that need an engine

    if not source:
        raise typer.BadParameter("name at least one", param_hint="--source")
    with told_failures(), writing(settings(config, {"journal.folder": data})) as writer:
        known = writer.profile.sources
        for name in source:
            if name not in known:
                fail(
                    Exit.USAGE, "--source", "unknown-source",
                    f"{name!r} is not in the profile; one of: {', '.join(known)}",
                )  # fmt: skip
        _import(writer, file, source, hazard, by or getpass.getuser(), as_json=as_json)


def _import(
    writer: Writer, file: Path | None, sources: list[str], hazard: str, by: str, *, as_json: bool
) -> None:
    from tocsin.ops import history as rows_of

    world, known = writer.profile.world, writer.profile.sources
    if hazard not in world.hazards:
        fail(Exit.USAGE, "--hazard", "unknown-hazard", f"the profile has no {hazard!r}")
    data = _bytes(writer, file, sources)
    rows, reported = rows_of.read_history(data, world, sources, hazard)
    began = monotonic_s()
    bulk = rows_of.Importer(
        world=world,
        journal=writer.journal,
        codec=writer.codec,
        clock=writer.clock,
        new_id=writer.new_id,
        importer=by,
    )
    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console(stderr=True),
        disable=not console(stderr=True).is_terminal,
    )
    with bar:
        task = bar.add_task("history", total=None)
        done = bulk.run(
            rows,
            reported,
            known,
            lambda now, total: bar.update(task, completed=now, total=total),
        )
    seconds = monotonic_s() - began
    if done.issued or done.repeated < done.commands:
        writer.save_snapshot()
    per_s = done.commands / seconds if seconds > 0 else 0.0
    if as_json:
        print_json(
            {
                "rows": done.rows,
                "imported": done.issued,
                "cleared": done.cleared,
                "unconfirmed": done.unconfirmed,
                "standing": done.standing,
                "repeated": done.repeated,
                "commands": done.commands,
                "seconds": round(seconds, 3),
                "commands_per_s": round(per_s),
                "reported": [{"row": each.number, "why": each.why} for each in done.reported],
                "journal_events": writer.journal.head().seq,
            }
        )
        return
    shown = console()
    for each in done.reported[:REPORTED_SHOWN]:
        console(stderr=True).print(f"! line {each.number}: {text(each.why)}")
    shown.print(
        f"[bold green]✓[/] {done.issued:,} alerts imported: {done.cleared:,} all-clears, "
        f"{done.unconfirmed:,} ran out unconfirmed, {done.standing} became standing; "
        f"{len(done.reported)} rows reported. {per_s:,.0f} commands/s"
    )
    if done.repeated:
        shown.print(f"  {done.repeated:,} steps were there already")


def _bytes(writer: Writer, file: Path | None, sources: list[str]) -> bytes:
    if file is None:
        files = {writer.profile.sources[name].file for name in sources}
        if len(files) != 1:
            raise BadInput("these sources stand in different files", field="--source")
        return (writer.folder / files.pop()).read_bytes()
    try:
        return file.read_bytes()
    except OSError as slip:
        fail(Exit.USAGE, str(file), "unreadable", slip.strerror or "cannot be read")


@app.command()
def regions(  # a verb's options are its arguments
    files: Annotated[list[Path], typer.Argument(help="GeoJSON files.")],
    profile: Annotated[
        Path, typer.Option("--profile", help="The profile's folder; may be new.", metavar="DIR")
    ],
    root: Annotated[
        str | None, typer.Option(help="Geocode of the country's own node, where none is there.")
    ] = None,
    name: Annotated[list[str] | None, typer.Option(help="Its name, LANG=NAME; repeatable.")] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(help="FILE=LEVEL for a file whose features do not say it; repeatable."),
    ] = None,
    attribution: Annotated[
        str | None, typer.Option(help="What the source's licence asks to show.")
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="Write; else a dry run.")] = False,
    as_json: AsJson = False,
) -> None:
    """Read a country's regions from GeoJSON: a dry run first, --apply writes them."""
    from tocsin.ops import regions as importer  # geometry is slow to load

    own = None
    if root is not None:
        own = Region(geocode=root, parent=None, level="country", names=_pairs("--name", name))
    columns = importer.Columns(level_of_file=_pairs("--level", level))
    with told_failures():
        try:
            outcome = importer.import_files(
                profile, files, root=own, columns=columns, attribution=attribution, apply=apply
            )
        except OSError as slip:
            fail(Exit.USAGE, str(slip.filename), "unreadable", slip.strerror or "cannot be read")
    _told(outcome, apply=apply, as_json=as_json)


def _told(outcome: Outcome, *, apply: bool, as_json: bool) -> None:
    report, problems = outcome.report, outcome.draft.problems
    if as_json:
        print_json(
            {
                "added": report.added,
                "changed": report.changed,
                "orphaned": report.orphaned,
                "same": report.same,
                "problems": problems,
                "written": outcome.is_written,
            }
        )
    else:
        console().print(
            f"  {len(report.added)} added, {len(report.changed)} changed, "
            f"{len(report.orphaned)} orphaned, {report.same} the same"
        )
    for each in problems:
        console(stderr=True).print(f"[bold red]✗[/] {text(each)}")
    if problems:
        fail(
            Exit.REFUSED, "FILES", "not-a-tree",
            f"{len(problems)} problems; nothing was written", is_told=as_json,
        )  # fmt: skip
    if not as_json:
        written = "written" if outcome.is_written else "nothing written: --apply writes it"
        console().print(f"[bold green]✓[/] {'regions ' if apply else 'dry run, '}{written}")


def _pairs(option: str, plain: list[str] | None) -> dict[str, str]:
    found = {}
    for each in plain or []:
        left, equals, right = each.partition("=")
        if not (left and equals and right):
            raise typer.BadParameter(f"{each!r} is not KEY=VALUE", param_hint=option)
        found[left] = right
    return found
