"""The command ``tocsin``: all verbs, by the person who uses them."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.completion import get_completion_inspect_parameters

from tocsin import __version__
from tocsin.cli import (
    accounts,
    cancel,
    clear,
    completion,
    config,
    demo,
    doctor,
    drill,
    imports,
    issue,
    keys,
    mandates,
    proposals,
    read,
    records,
    serve,
    sign,
    states,
    status,
    update,
    verify,
    watch,
)
from tocsin.cli.output import console

OPERATOR, SECOND, DESK = "Operator", "Second person", "Desk"
ADMINISTRATOR, INTEGRATOR, HOST = "Administrator", "Integrator", "Host"

app = typer.Typer(
    name="tocsin",
    help="A public-warning server: from the first siren to the all-clear.",
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

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


@app.callback(invoke_without_command=True)
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


app.command("issue", rich_help_panel=OPERATOR)(issue.issue)
app.command("clear", rich_help_panel=OPERATOR)(clear.clear)
app.command("cancel", rich_help_panel=OPERATOR)(cancel.cancel)
app.command("update", rich_help_panel=OPERATOR)(update.update)
app.command("extend", rich_help_panel=OPERATOR)(update.extend)
app.command("keep", rich_help_panel=OPERATOR)(update.keep)
app.add_typer(drill.app, name="drill", rich_help_panel=OPERATOR)
app.command("sign-in", rich_help_panel=OPERATOR)(sign.sign_in)
app.command("sign-out", rich_help_panel=OPERATOR)(sign.sign_out)
app.command("whoami", rich_help_panel=OPERATOR)(sign.whoami)
app.command("proposals", rich_help_panel=SECOND)(proposals.proposals)
app.command("proposal", rich_help_panel=SECOND)(proposals.proposal)
app.command("approve", rich_help_panel=SECOND)(proposals.approve)
app.command("send-back", rich_help_panel=SECOND)(proposals.send_back)
app.command("decline", rich_help_panel=SECOND)(proposals.decline)
app.command("withdraw", rich_help_panel=SECOND)(proposals.withdraw)
app.command("page", rich_help_panel=SECOND)(proposals.page)
app.command("status", rich_help_panel=OPERATOR)(status.status)
app.command("read", rich_help_panel=DESK)(read.read)
app.command("states", rich_help_panel=DESK)(states.states)
app.command("report", rich_help_panel=DESK)(records.report)
app.command("journal", rich_help_panel=DESK)(records.journal)
app.command("note", rich_help_panel=DESK)(records.note)
app.add_typer(mandates.delegate, name="delegate", rich_help_panel=DESK)
app.add_typer(accounts.app, name="account", rich_help_panel=ADMINISTRATOR)
app.add_typer(keys.app, name="key", rich_help_panel=ADMINISTRATOR)
app.add_typer(mandates.mandate, name="mandate", rich_help_panel=ADMINISTRATOR)
app.command("watch", rich_help_panel=INTEGRATOR)(watch.watch)
app.command("completion", rich_help_panel=INTEGRATOR)(completion.completion)
app.command("demo", rich_help_panel=HOST)(demo.demo)
app.command("serve", rich_help_panel=HOST)(serve.serve)
app.add_typer(imports.app, name="import", rich_help_panel=HOST)
app.command("verify", rich_help_panel=HOST)(verify.verify)
app.command("doctor", rich_help_panel=HOST)(doctor.doctor)
app.add_typer(config.app, name="config", rich_help_panel=HOST)


def main() -> None:
    """Run the command line; ends the process with one of the exit codes of ``output.Exit``."""
    get_completion_inspect_parameters()  # makes the shells known; `completion` has the verb itself
    app(prog_name="tocsin")
