"""``tocsin verify``: walk the journal's chain and name the first row that does not fit."""

from __future__ import annotations

from tocsin.cli.options import AsJson, Config, Data, settings
from tocsin.cli.output import Exit, console, fail, print_json, told_failures


def verify(data: Data = None, config: Config = None, as_json: AsJson = False) -> None:
    """Walk the journal's chain; exit code 5 where a row does not fit. Changes nothing."""
    from tocsin.bootstrap import verified  # loaded by the verbs that need an engine

    with told_failures():
        verdict = verified(settings(config, {"journal.folder": data}))
    misfit = verdict.misfit
    if as_json:
        print_json(
            {
                "ok": verdict.is_ok,
                "rows": verdict.rows,
                "hash": verdict.hash.hex(),
                "misfit": None if misfit is None else {"row": misfit.seq, "why": misfit.why},
            }
        )
    if misfit is not None:
        where = "journal" if misfit.seq is None else f"row {misfit.seq}"
        fail(Exit.CHECK_FAILED, where, "does-not-fit", misfit.why, is_told=as_json)
    if not as_json:
        console().print(
            f"[bold green]✓[/] journal chain    {verdict.rows:,} events, verified; "
            f"head {verdict.hash.hex()[:16]}"
        )
