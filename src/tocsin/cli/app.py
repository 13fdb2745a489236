"""The command ``tocsin``: all verbs, by the person who uses them."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Annotated, Any

import typer
from typer.completion import get_completion_inspect_parameters

from tocsin import __version__
from tocsin.cli.output import console

OPERATOR, SECOND, DESK = "Operator", "Second person", "Desk"
ADMINISTRATOR, INTEGRATOR, HOST = "Administrator", "Integrator", "Host"

START = """\
[bold]Tocsin[/] {version}: a public-warning server, from the first siren to the all-clear.

  [bold]tocsin demo[/]                     two real days on a live map; nothing leaves this machine
  [bold]tocsin serve --data DIR[/]         a house of your own; its first token: DIR/first-token
  [bold]tocsin sign-in[/]                  speak as yourself; else with a token
  [bold]tocsin status[/]                   where there is an alert now
  [bold]tocsin issue air-raid --area CODE --data DIR[/]
                                  warn; asks before it sends
  [bold]tocsin watch[/]                    one line an event, as it happens
  [bold]tocsin doctor --data DIR[/]        is this house well?

All verbs: tocsin --help. One verb: tocsin VERB --help. Every verb takes --json."""


VERBS: tuple[tuple[str, str, str, str], ...] = (
    ("issue", OPERATOR, "issue", "issue"),
    ("clear", OPERATOR, "clear", "clear"),
    ("cancel", OPERATOR, "cancel", "cancel"),
    ("update", OPERATOR, "update", "update"),
    ("extend", OPERATOR, "update", "extend"),
    ("keep", OPERATOR, "update", "keep"),
    ("drill", OPERATOR, "drill", "app"),
    ("sign-in", OPERATOR, "sign", "sign_in"),
    ("sign-out", OPERATOR, "sign", "sign_out"),
    ("whoami", OPERATOR, "sign", "whoami"),
    ("proposals", SECOND, "proposals", "proposals"),
    ("proposal", SECOND, "proposals", "proposal"),
    ("approve", SECOND, "proposals", "approve"),
    ("send-back", SECOND, "proposals", "send_back"),
    ("decline", SECOND, "proposals", "decline"),
    ("withdraw", SECOND, "proposals", "withdraw"),
    ("page", SECOND, "proposals", "page"),
    ("status", OPERATOR, "status", "status"),
    ("read", DESK, "read", "read"),
    ("states", DESK, "states", "states"),
    ("outage", DESK, "outages", "outage"),
    ("outages", DESK, "outages", "outages"),
    ("report", DESK, "records", "report"),
    ("journal", DESK, "records", "journal"),
    ("note", DESK, "records", "note"),
    ("coverage", DESK, "coverage", "coverage"),
    ("installations", DESK, "coverage", "installations"),
    ("delegate", DESK, "mandates", "delegate"),
    ("wave", DESK, "waves", "app"),
    ("evidence", DESK, "evidence", "evidence"),
    ("account", ADMINISTRATOR, "accounts", "app"),
    ("key", ADMINISTRATOR, "keys", "app"),
    ("mandate", ADMINISTRATOR, "mandates", "mandate"),
    ("feeds", ADMINISTRATOR, "feeds", "app"),
    ("watch", INTEGRATOR, "watch", "watch"),
    ("completion", INTEGRATOR, "completion", "completion"),
    ("demo", HOST, "demo", "demo"),
    ("serve", HOST, "serve", "serve"),
    ("import", HOST, "imports", "app"),
    ("verify", HOST, "verify", "verify"),
    ("doctor", HOST, "doctor", "doctor"),
    ("config", HOST, "config", "app"),
)
"""Every verb: its word, who uses it, its module here and what it is called there."""


def start(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Show a useful start where no verb is given."""
    if version:
        console().print(f"tocsin {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        console().print(START.format(version=__version__))


@cache
def built(only: str | None = None) -> typer.Typer:
    """Return the command with all its verbs; ``only``: with that one.

    A verb's module is imported here, so that a person who waits for one verb waits for no other's.
    """
    whole = typer.Typer(
        name="tocsin",
        help="A public-warning server: from the first siren to the all-clear.",
        add_completion=False,
        no_args_is_help=False,
        rich_markup_mode="rich",
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    whole.callback(invoke_without_command=True)(start)
    for verb, panel, module, name in VERBS:
        if only not in (None, verb):
            continue
        found: Any = getattr(import_module(f"tocsin.cli.{module}"), name)
        if isinstance(found, typer.Typer):
            whole.add_typer(found, name=verb, rich_help_panel=panel)
        else:
            whole.command(verb, rich_help_panel=panel)(found)
    return whole


def asked(words: Sequence[str]) -> str | None:
    """Return the verb that a command line names first; None where all of them must be known."""
    first = words[0] if words else ""
    return first if first in {verb for verb, *_ in VERBS} - {"completion"} else None


def main() -> None:
    """Run the command line; ends the process with one of the exit codes of ``output.Exit``."""
    get_completion_inspect_parameters()  # makes the shells known; `completion` has the verb itself
    shells_ask = any(name.endswith("_COMPLETE") for name in os.environ)
    built(None if shells_ask else asked(sys.argv[1:]))(prog_name="tocsin")
