"""The plan of an evacuation, from a file: ``--plan leave.toml``.

The file says each thing in every language; docs/operate/evacuation.md shows one. What is missing is
the house's to say, so that every door refuses the same. Only what cannot be read stops here.
"""

from __future__ import annotations

import tomllib
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

TABLES = ("destination", "routes", "transport", "assembly", "help")
KNOWN = (*TABLES, "deadline", "assembly_public")

Plan = Annotated[
    Path | None,
    typer.Option("--plan", help="Where people go, of an evacuation: a TOML file.", metavar="FILE"),
]


def plan_of(file: Path | None) -> dict[str, Any] | None:
    """Return the plan in a file as a request says it; None where none is given."""
    if file is None:
        return None
    try:
        found = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as slip:
        raise typer.BadParameter(f"{file}: {slip.strerror}") from slip
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as slip:
        raise typer.BadParameter(f"{file}: {slip}") from slip
    for name, said in found.items():
        if name not in KNOWN:
            raise typer.BadParameter(f"{file}: {name!r} is none of: {', '.join(KNOWN)}")
        if name in TABLES and not (
            isinstance(said, dict) and all(isinstance(each, str) for each in said.values())
        ):
            raise typer.BadParameter(f"{file}: {name} is a table, language = sentence")
    if not isinstance(found.get("assembly_public", False), bool):
        raise typer.BadParameter(f"{file}: assembly_public is true or false")
    if "deadline" in found:
        deadline = found["deadline"]
        if not isinstance(deadline, datetime) or deadline.tzinfo is None:
            raise typer.BadParameter(
                f"{file}: deadline is a time with its zone, such as 2026-07-25T18:00:00+03:00"
            )
        found["deadline"] = deadline.isoformat()
    return found
