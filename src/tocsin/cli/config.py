"""``tocsin config``: the settings as they stand, checked, and as a reference page."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tocsin import settings as known
from tocsin.cli.options import AsJson, Config, settings
from tocsin.cli.output import Exit, console, fail, print_json, told_failures
from tocsin.settings import SettingsRefused, load

app = typer.Typer(help="The settings: show, check, docs.", no_args_is_help=True)


@app.command()
def show(config: Config = None, as_json: AsJson = False) -> None:
    """Print the settings as a commented tocsin.toml; secrets as ***."""
    with told_failures():
        found = settings(config)
    if as_json:
        print_json(
            {
                part: {
                    line.name: str(getattr(getattr(found, part), line.name))
                    for line in known.lines()
                    if line.part == part
                }
                for part in found.__struct_fields__
            }
        )
        return
    typer.echo(known.show(found), nl=False)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="A settings file.")], as_json: AsJson = False
) -> None:
    """Read a settings file and say what is wrong with it; exit code 5 where something is."""
    try:
        load(file)
    except SettingsRefused as slip:
        fail(Exit.CHECK_FAILED, str(file), "bad-settings", str(slip))
    if as_json:
        print_json({"ok": True})
    else:
        console().print(f"[bold green]✓[/] {file}: every setting is known and fits")


@app.command()
def docs(as_json: AsJson = False) -> None:
    """Print the reference page of all settings, in Markdown."""
    if as_json:
        print_json(known.lines())
    else:
        typer.echo(known.docs(), nl=False)
