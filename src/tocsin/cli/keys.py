"""``tocsin key``: machines' keys over the API, and the house's own keys in its data folder."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin import logs
from tocsin.cli.accounts import Until, id_of
from tocsin.cli.confirm import typed
from tocsin.cli.options import AsJson, Config, Data, settings
from tocsin.cli.output import console, print_json, text, told_failures
from tocsin.cli.rooms import given
from tocsin.cli.scopes import (
    Channels,
    Hazards,
    Realms,
    Regions,
    Role,
    ScopeSender,
    Severity,
    Usual,
    scope,
    told,
)
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock
from tocsin.keys.kinds import Purpose
from tocsin.keys.store import open_keys

app = typer.Typer(help="Machines' keys (administrators), and the house's own (rotate).",
                  no_args_is_help=True)  # fmt: skip
LINES = "/api/v1/keys"


@app.command("list")
@speaking
def list_(call: Call) -> None:
    """List all machines' keys; revoked ones too. What opens is never shown again."""
    found = call.house.get(LINES)
    if call.as_json:
        print_json(found)
        return
    for each in found["keys"]:
        _line(each)


@app.command()
@speaking
def make(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    name: Annotated[str, typer.Argument(help="Name of the machine.")],
    account: Annotated[str, typer.Option(help="Its owner: login or id.")],
    role: Role = None,
    sender: ScopeSender = None,
    area: Regions = None,
    hazard: Hazards = None,
    room: Realms = None,
    severity: Severity = None,
    channel: Channels = None,
    usual: Usual = None,
    direct: Annotated[
        bool, typer.Option("--direct", help="It may warn without a preview.")
    ] = False,
    per_minute: Annotated[int | None, typer.Option(help="Alerts a minute.")] = None,
    until: Until = None,
) -> None:
    """Make a machine's key, for no more than its owner may; prints it, once."""
    allowed = scope(
        role=role, sender=sender, regions=area, hazards=hazard, realms=room, severity=severity,
        channels=channel, usual=usual,
    )  # fmt: skip
    body = {
        "account": id_of(call, account), "name": name, "scope": allowed, "direct": direct,
        **given(per_minute=per_minute, valid_until=until),
    }  # fmt: skip
    done = call.house.post(LINES, body)
    if call.as_json:
        print_json(done)
        return
    _line(done["key"])
    console().print("  Its token, shown once; keep it in a file of mode 0600 (--token-file):")
    console().print(f"  {text(done['token'])}", soft_wrap=True)


@app.command()
@speaking
def revoke(
    call: Call,
    key: Annotated[str, typer.Argument(help="The key's id.", metavar="KEY")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the word.")] = False,
) -> None:
    """Revoke a machine's key for good."""
    if not yes:
        typed("REVOKE", "Type REVOKE to revoke it for good:")
    done = call.house.post(f"{LINES}/{key}/revoke", {})
    if call.as_json:
        print_json(done)
        return
    console().print("[bold green]✓[/] revoked")
    _line(done)


@app.command()
def rotate(
    purpose: Annotated[
        Purpose, typer.Argument(help="head: signs the journal's end; seal: hides addresses.")
    ],
    data: Data = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Make a new key of the house's own, in its data folder; the old ones go on checking.

    A running house takes it at its next start.
    """
    with told_failures():
        house = settings(config, {"journal.folder": data})
        logs.set_up("warning", house.log.form, now=SystemClock().now)
        made = open_keys(house.journal.folder, house.keys).rotate(purpose, SystemClock().now())
    if as_json:
        print_json(
            {
                "purpose": purpose.value,
                "id": made.id,
                "fingerprint": made.fingerprint,
                "made_at": made.made_at,
                "takes_effect": "next-start",
            }
        )
        return
    console().print(f"[bold green]✓[/] {purpose} key {made.id} made, mode 0600.")
    console().print("  A running house goes on with the old one until its next start: restart it.")


def _line(each: dict[str, Any]) -> None:
    state = "" if each["revoked_at"] is None else "  [yellow]revoked[/]"
    rate = "" if each["per_minute"] is None else f"  {each['per_minute']}/min"
    console().print(
        f"  [bold]{text(each['name'])}[/]  {told(each['scope'])}{rate}{state}  [dim]{each['id']}[/]"
    )
