"""``tocsin account``: people's accounts, as administrators keep them."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.client import Problem, end
from tocsin.cli.confirm import typed
from tocsin.cli.output import console, moment, print_json, text, when
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

app = typer.Typer(help="People's accounts (administrators).", no_args_is_help=True)
LINES = "/api/v1/accounts"

Account = Annotated[str, typer.Argument(help="The account: its login or id.", metavar="ACCOUNT")]
Name = Annotated[str | None, typer.Option(help="The person's name.")]
Until = Annotated[
    str | None, typer.Option("--until", help="Until when it holds (RFC 3339); else open.")
]
WithoutAsking = Annotated[bool, typer.Option("--yes", help="Do not ask for the word.")]


@app.command("list")
@speaking
def list_(call: Call) -> None:
    """List all accounts; closed and erased ones too."""
    found = call.house.get(LINES)
    if call.as_json:
        print_json(found)
        return
    for each in found["accounts"]:
        _line(each)


@app.command("open")
@speaking
def open_(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    login: Annotated[str, typer.Argument(help="What the person signs in with.")],
    name: Annotated[str, typer.Option(help="The person's name.")],
    role: Role = None,
    sender: ScopeSender = None,
    area: Regions = None,
    hazard: Hazards = None,
    room: Realms = None,
    severity: Severity = None,
    channel: Channels = None,
    usual: Usual = None,
    until: Until = None,
) -> None:
    """Open an account; prints the one-time link by which its person begins, once."""
    allowed = scope(
        role=role, sender=sender, regions=area, hazards=hazard, realms=room, severity=severity,
        channels=channel, usual=usual,
    )  # fmt: skip
    body = {"login": login, "name": name, "scope": allowed, **given(valid_until=until)}
    _link(call, call.house.post(LINES, body))


@app.command()
@speaking
def change(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    account: Account,
    name: Name = None,
    role: Role = None,
    sender: ScopeSender = None,
    area: Regions = None,
    hazard: Hazards = None,
    room: Realms = None,
    severity: Severity = None,
    channel: Channels = None,
    usual: Usual = None,
    until: Until = None,
) -> None:
    """Change an account; what is not given stays. Keys that become too wide are revoked."""
    card = call.house.get(f"{LINES}/{id_of(call, account)}")["account"]
    asked = given(
        role=role, sender=sender, regions=area, hazards=hazard, realms=room, severity=severity,
        channels=channel, usual=usual,
    )  # fmt: skip
    body = given(name=name, valid_until=until)
    if asked:
        body["scope"] = scope(card["scope"], **asked)
    _done(call, call.house.post(f"{LINES}/{card['id']}/change", body), "changed")


@app.command()
@speaking
def close(call: Call, account: Account, yes: WithoutAsking = False) -> None:
    """Close an account for good: its sessions, keys and links end at once."""
    if not yes:
        typed("CLOSE", f"Type CLOSE to close {text(account)} for good:")
    done = call.house.post(f"{LINES}/{id_of(call, account)}/close", {})
    _done(call, done["account"], "closed", whole=done)


@app.command()
@speaking
def reset(call: Call, account: Account) -> None:
    """Make a link by which an account begins anew; what it has holds until that is used."""
    _link(call, call.house.post(f"{LINES}/{id_of(call, account)}/reset", {}))


@app.command()
@speaking
def erase(call: Call, account: Account, yes: WithoutAsking = False) -> None:
    """Remove a closed account's name, login and secrets; the journal keeps its id alone."""
    if not yes:
        typed("ERASE", f"Type ERASE to erase {text(account)} for ever:")
    done = call.house.post(f"{LINES}/{id_of(call, account)}/erase", {})
    _done(call, done["account"], "erased", whole=done)


def id_of(call: Call, name: str) -> str:
    """Return an account's id by its id or login."""
    every = call.house.get(LINES)["accounts"]
    for each in every:
        if name == each["id"] or (each["login"] and name.casefold() == each["login"].casefold()):
            return str(each["id"])
    return end(Problem("ACCOUNT", "unknown-account", "No account has that login or id."))


def _line(each: dict[str, Any]) -> None:
    state = "" if each["holds"] else "  [yellow]does not hold[/]"
    if each["closed_at"] is not None:
        at = when(moment(each["closed_at"]), SystemClock().now())
        state = f"  [yellow]closed {at}[/]"
    who = text(each["login"] or "(erased)")
    console().print(
        f"  [bold]{who}[/]  {text(each['name'])}  {told(each['scope'])}{state}  "
        f"[dim]{each['id']}[/]"
    )


def _link(call: Call, done: dict[str, Any]) -> None:
    if call.as_json:
        print_json(done)
        return
    _line(done["account"])
    ends = ""
    if done["link_ends_at"] is not None:
        ends = f", until {when(moment(done['link_ends_at']), SystemClock().now())}"
    console().print(f"  One-time link, shown once{ends}; give it by a way you both trust:")
    console().print(f"  {text(done['link'])}", soft_wrap=True)


def _done(
    call: Call, account: dict[str, Any], what: str, *, whole: dict[str, Any] | None = None
) -> None:
    if call.as_json:
        print_json(whole or account)
        return
    console().print(f"[bold green]✓[/] {what}")
    _line(account)
