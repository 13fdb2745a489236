"""What an account or a key may do, as options and as printed; what is not named is not allowed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.output import Exit, fail, text

ROLES = ("viewer", "situation-officer", "operator", "supervisor", "administrator")

Role = Annotated[str | None, typer.Option(help=f"One of: {', '.join(ROLES)}.")]
ScopeSender = Annotated[str | None, typer.Option("--sender", help="Authority it speaks for.")]
Regions = Annotated[
    list[str] | None,
    typer.Option("--area", help="A region with all under it; geocode or alias; repeatable."),
]
Hazards = Annotated[
    list[str] | None, typer.Option("--hazard", help="A danger; * for every one; repeatable.")
]
Realms = Annotated[list[str] | None, typer.Option("--room", help="live or drill; repeatable.")]
Severity = Annotated[str | None, typer.Option(help="The most severe, such as Severe.")]
Channels = Annotated[
    list[str] | None, typer.Option("--channel", help="A way out; * for all; repeatable.")
]
Usual = Annotated[
    list[str] | None,
    typer.Option(
        "--usual",
        help="A danger of the daily work; an Extreme alert of another needs two people.",
    ),
]


def scope(before: dict[str, Any] | None = None, **given: object) -> dict[str, Any]:
    """Return a scope as a request says it: what is given, over what was before."""
    named = {name: value for name, value in given.items() if value is not None}
    found = {**(before or {}), **named}
    if "role" not in found:
        fail(Exit.USAGE, "--role", "missing", f"say one of: {', '.join(ROLES)}")
    return found


def told(scope: dict[str, Any]) -> str:
    """Return a scope in one line."""
    where = ", ".join(scope["regions"][:4]) + ("…" if len(scope["regions"]) > 4 else "")  # noqa: PLR2004
    hazards = "every danger" if "*" in scope["hazards"] else ", ".join(scope["hazards"])
    parts = (scope["role"], scope["sender"], where, hazards, "+".join(scope["realms"]))
    return text("  ".join(part for part in parts if part))
