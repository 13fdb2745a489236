"""``tocsin verify``: walk the journal's chain and hold the signed heads against it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.options import AsJson, Config, Data, settings
from tocsin.cli.output import Exit, console, fail, print_json, told_failures
from tocsin.keys.kinds import Purpose
from tocsin.keys.store import open_keys
from tocsin.service.headfile import FILE, HeadMisfit, Judgement, judged
from tocsin.settings import Settings

HeadFiles = Annotated[
    list[Path] | None,
    typer.Option(
        "--heads",
        help="A file of signed heads that was kept elsewhere; may be given several times.",
        metavar="FILE",
    ),
]


def verify(
    data: Data = None, heads: HeadFiles = None, config: Config = None, as_json: AsJson = False
) -> None:
    """Walk the journal's chain, and check that every signed head still stands in it.

    A chain alone does not show rows cut off its end, nor a chain written anew: heads kept
    elsewhere do. Those in the data folder and in the places of the settings are always looked
    at. Exit code 5 where a row or a head does not fit. Changes nothing.
    """
    from tocsin.bootstrap import verified  # loaded by the verbs that need an engine

    with told_failures():
        house = settings(config, {"journal.folder": data})
        verdict = verified(house)
        found = _judged(house, heads or ()) if verdict.is_ok else None
    misfit = verdict.misfit
    lost = found.misfit if found is not None else None
    if as_json:
        print_json(
            {
                "ok": misfit is None and lost is None,
                "rows": verdict.rows,
                "hash": verdict.hash.hex(),
                "misfit": None if misfit is None else {"row": misfit.seq, "why": misfit.why},
                "heads": None if found is None else _as_json(found),
            }
        )
    if misfit is not None:
        where = "journal" if misfit.seq is None else f"row {misfit.seq}"
        fail(Exit.CHECK_FAILED, where, "does-not-fit", misfit.why, is_told=as_json)
    if lost is not None:
        why = f"{lost.why} (head of row {lost.seq}, signed {_moment(lost)})"
        fail(Exit.CHECK_FAILED, _place(lost), "head-does-not-fit", why, is_told=as_json)
    if not as_json and found is not None:
        console().print(
            f"[bold green]✓[/] journal chain    {verdict.rows:,} events, verified; "
            f"head {verdict.hash.hex()[:16]}"
        )
        console().print(_told(found))


def _judged(house: Settings, given: Iterable[Path]) -> Judgement:
    """Hold the heads that were given, and those of the house, against the journal."""
    from tocsin.bootstrap import read_only

    for path in given:
        if not path.is_file():
            fail(Exit.USAGE, "--heads", "no-such-file", f"{path} is not a file")
    folders = (house.journal.folder, *house.heads.places)
    own = [folder / FILE for folder in folders if (folder / FILE).is_file()]
    files = list(dict.fromkeys((*given, *own)))
    keys = [key.public for key in open_keys(house.journal.folder, house.keys).all(Purpose.HEAD)]
    with read_only(house, fold=False) as reader:
        rows = ((row.seq, row.hash) for row in reader.journal.read())
        try:
            return judged(files, keys, rows)
        except OSError as failed:
            fail(Exit.UNREACHABLE, "--heads", "not-readable", f"{failed.filename}: {failed}")


def _told(found: Judgement) -> str:
    torn = f"; {found.torn:,} torn lines left out" if found.torn else ""
    if not found.heads:
        return (
            f"[bold yellow]![/] signed heads     none{torn}: without one kept elsewhere, rows cut "
            "off the end do not show"
        )
    return f"[bold green]✓[/] signed heads     {found.heads:,}, each still in the journal{torn}"


def _as_json(found: Judgement) -> dict[str, object]:
    lost = found.misfit
    return {
        "checked": found.heads,
        "torn": found.torn,
        "misfit": None
        if lost is None
        else {
            "file": str(lost.path),
            "line": lost.line,
            "row": lost.seq,
            "signed_at": lost.signed_at,
            "why": lost.why,
        },
    }


def _place(lost: HeadMisfit) -> str:
    return f"{lost.path}:{lost.line}"


def _moment(lost: HeadMisfit) -> str:
    return lost.signed_at.strftime("%Y-%m-%d %H:%M:%S UTC")
