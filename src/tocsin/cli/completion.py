"""``tocsin completion``: the shell's own completion script."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer
from typer import completion as shells

from tocsin.cli.output import Exit, fail, print_json

SHELLS = ("bash", "zsh", "fish")


def completion(
    shell: Annotated[
        str | None, typer.Argument(help="bash, zsh or fish; left out: the shell you are in.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Print a completion script, such as: eval "$(tocsin completion bash)"."""
    name = shell or Path(os.environ.get("SHELL", "")).name
    if name not in SHELLS:
        fail(Exit.USAGE, "SHELL", "unknown-shell", f"one of: {', '.join(SHELLS)}")
    script = shells.get_completion_script(  # type: ignore[attr-defined]  # it has no other home
        prog_name="tocsin", complete_var="_TOCSIN_COMPLETE", shell=name
    )
    if as_json:
        print_json({"shell": name, "script": script})
    else:
        typer.echo(script)
