"""``tocsin mandate`` and ``tocsin delegate``: which authority may warn where, and end what."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.output import console, moment, print_json, text, when
from tocsin.cli.rooms import given
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock

mandate = typer.Typer(help="Who may warn where (administrators).", no_args_is_help=True)
delegate = typer.Typer(
    help="Who may end parts of your authority's alerts (supervisors).", no_args_is_help=True
)
MANDATES, DELEGATIONS = "/api/v1/mandates", "/api/v1/delegations"

Authority = Annotated[str, typer.Argument(help="An authority's id.", metavar="AUTHORITY")]
Regions = Annotated[
    list[str],
    typer.Option("--area", help="A region with all under it; geocode or alias; repeatable."),
]


@mandate.command("list")
@speaking
def mandates(call: Call) -> None:
    """List who may warn where, and until when."""
    _mandates(call, call.house.get(MANDATES))


@mandate.command("give")
@speaking
def give_mandate(
    call: Call,
    authority: Authority,
    area: Regions,
    since: Annotated[
        str | None, typer.Option("--from", help="From when (RFC 3339); else now.")
    ] = None,
    until: Annotated[str | None, typer.Option(help="Until when (RFC 3339); else open.")] = None,
    under: Annotated[
        str | None, typer.Option(help="The authority above it, which may end its alerts.")
    ] = None,
) -> None:
    """Let an authority warn somewhere."""
    body = {"sender": authority, "regions": area}
    body |= given(valid_from=since, valid_until=until, under=under)
    _mandates(call, call.house.post(MANDATES, body), only=authority)


@mandate.command("withdraw")
@speaking
def withdraw_mandate(call: Call, authority: Authority, area: Regions) -> None:
    """Stop an authority from warning somewhere; its alerts in force stay."""
    body = {"sender": authority, "regions": area}
    _mandates(call, call.house.post(f"{MANDATES}/withdraw", body), only=authority)


@delegate.command("list")
@speaking
def delegations(call: Call) -> None:
    """List the delegations that hold now, of and to your authority."""
    _delegations(call, call.house.get(DELEGATIONS))


@delegate.command("give")
@speaking
def give_delegation(  # a verb's options are its arguments
    call: Call,
    authority: Authority,
    area: Regions,
    until: Annotated[str, typer.Option(help="Until when (RFC 3339).")],
    hazard: Annotated[
        list[str] | None, typer.Option("--hazard", help="A danger; else every one; repeatable.")
    ] = None,
    sender: Annotated[str | None, typer.Option(help="In whose name.")] = None,
) -> None:
    """Let an authority below yours end parts of your alerts."""
    body = {"to": authority, "regions": area, "valid_until": until}
    body |= given(hazards=hazard or None, sender=sender)
    _delegations(call, call.house.post(DELEGATIONS, body))


@delegate.command("withdraw")
@speaking
def withdraw_delegation(
    call: Call,
    authority: Authority,
    sender: Annotated[str | None, typer.Option(help="In whose name.")] = None,
) -> None:
    """Take back all that was delegated to an authority."""
    body = {"to": authority, **given(sender=sender)}
    _delegations(call, call.house.post(f"{DELEGATIONS}/withdraw", body))


def _mandates(call: Call, found: dict[str, Any], *, only: str | None = None) -> None:
    if call.as_json:
        print_json(found)
        return
    now = SystemClock().now()
    for each in found["mandates"]:
        if only is not None and each["sender"] != only:
            continue
        name = text(each["name"].get(call.language, ""))
        ends = "" if each["valid_until"] is None else f" until {_at(each['valid_until'])}"
        under = f"  under {text(each['under'])}" if each["under"] else ""
        holds = "" if each["holds"] else "  [yellow]does not hold now[/]"
        console().print(
            f"  [bold]{text(each['sender'])}[/]  {name}  {call.names.places(each['regions'])}  "
            f"from {when(moment(each['valid_from']), now)}{ends}{under}{holds}"
        )


def _delegations(call: Call, found: dict[str, Any]) -> None:
    if call.as_json:
        print_json(found)
        return
    for each in found["delegations"]:
        hazards = "every danger" if "*" in each["hazards"] else ", ".join(each["hazards"])
        console().print(
            f"  {text(each['sender'])} lets [bold]{text(each['to'])}[/] end {text(hazards)} in "
            f"{call.names.places(each['regions'])} until {_at(each['valid_until'])}"
        )
    if not found["delegations"]:
        console().print("  Nothing is delegated now.")


def _at(plain: str) -> str:
    return when(moment(plain), SystemClock().now())
