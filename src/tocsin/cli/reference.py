"""The reference page of the command line, made from the verbs themselves.

``python -m tocsin.cli.reference > docs/reference/cli.md``; ``tests/docs/test_cli.py`` keeps it
true.
"""

from __future__ import annotations

import sys
from typing import Any

import typer

from tocsin.cli.app import built
from tocsin.cli.output import Exit

EXITS = {
    Exit.DONE: "done",
    Exit.REFUSED: "refused: the line on standard error says `field: rule: what to do`",
    Exit.USAGE: "the command was not understood",
    Exit.UNREACHABLE: "the house or its data folder cannot be reached, or it is not known",
    Exit.NOT_CONFIRMED: "not confirmed: the word was not typed, or the people differ",
    Exit.CHECK_FAILED: "a check failed",
}


def page() -> str:
    """Return the page, in Markdown."""
    lines = [
        "# The command line",
        "",
        "Made by `python -m tocsin.cli.reference`; do not edit. Text on a terminal, plain text",
        "where it is piped or `NO_COLOR` is set, `--json` everywhere (times in UTC).",
        "",
        "| exit code | means |",
        "|---|---|",
        *(f"| {code.value} | {means} |" for code, means in EXITS.items()),
    ]
    root: Any = typer.main.get_command(built())
    panels: dict[str, list[Any]] = {}
    for verb in root.commands.values():
        panels.setdefault(verb.rich_help_panel, []).append(verb)
    for panel, verbs in panels.items():
        lines += ["", f"## {panel}"]
        for verb in verbs:
            inner = getattr(verb, "commands", None)
            if inner is None:
                lines += _verb(f"tocsin {verb.name}", verb)
            else:
                for each in inner.values():
                    lines += _verb(f"tocsin {verb.name} {each.name}", each)
    return "\n".join(lines) + "\n"


def _verb(name: str, verb: Any) -> list[str]:
    told = " ".join((verb.help or "").split())
    rows = []
    for each in verb.params:
        if getattr(each, "hidden", False):
            continue
        if each.param_type_name == "argument":
            words = (each.metavar or each.name or "").upper()
        else:
            words = ", ".join(each.opts)
        need = "yes" if each.required else ""
        rows.append(f"| `{words}` | {need} | {each.help or ''} |")
    return ["", f"### {name}", "", told, "", "| option | needed | |", "|---|---|---|", *rows]


if __name__ == "__main__":
    sys.stdout.write(page())
