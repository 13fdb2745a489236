"""``tocsin evidence``: all that is known of an incident or a wave, signed, for a court."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin.cli.output import Exit, console, fail, print_json
from tocsin.cli.speaking import Call, speaking


@speaking
def evidence(
    call: Call,
    incident: Annotated[
        str, typer.Argument(help="The incident or wave: its handle or id.", metavar="INCIDENT")
    ],
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Into this new file.", metavar="FILE.zip")
    ],
    texts: Annotated[
        bool, typer.Option("--texts", help="The whole text of each report as well.")
    ] = False,
) -> None:
    """Write all that is known of an incident or a wave into a signed file that anybody can check.

    It holds claims, quotes, sources and the rows of the journal that say so. What was erased is not
    in it. ``tools/verify_evidence.py`` checks it without Tocsin.
    """
    if out.exists():
        fail(Exit.USAGE, "--out", "unwritable", f"{out} is there already")
    query = {"texts": "true"} if texts else {}
    chunks = b"".join(call.house.lines(f"/api/v1/incidents/{incident}/evidence", **query))
    try:
        with out.open("xb") as file:
            file.write(chunks)
    except OSError as slip:
        fail(Exit.USAGE, "--out", "unwritable", f"{out}: {slip.strerror}")
    if call.as_json:
        print_json({"file": str(out), "bytes": len(chunks)})
    else:
        console().print(f"[bold green]✓[/] {out}  {len(chunks):,} bytes")
