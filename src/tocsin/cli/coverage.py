"""``tocsin coverage`` and ``tocsin installations``: who is still reached, and what carries it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.output import console, moment, print_json, text, when
from tocsin.cli.rooms import given
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock

installations = typer.Typer(
    help="The register of installations (situation officers, supervisors).", no_args_is_help=True
)
COVERAGE, INSTALLATIONS = "/api/v1/coverage", "/api/v1/installations"
STANDS = (("lost", "bold red"), ("at_risk", "yellow"), ("unknown", "magenta"))
"""What a channel's regions are told by, and in which colour; each has a word too."""
PAGE = 500


@speaking
def coverage(
    call: Call,
    patrol: Annotated[
        bool, typer.Option("--patrol", help="Where cars must go: regions without a channel.")
    ] = False,
    area: Annotated[
        str | None, typer.Option("--area", help="Only there (with --patrol); geocode or alias.")
    ] = None,
) -> None:
    """Show which channel still reaches whom, and who is left without any."""
    if patrol:
        asked = given(language=call.language, region=area)
        _patrol(call, call.house.get(f"{COVERAGE}/patrol", **asked))
        return
    found = call.house.get(COVERAGE)
    if call.as_json:
        print_json(found)
        return
    for each in found["channels"]:
        _channel(call, each)
    for each in found["without_any"]:
        left = ", ".join(each["left"]) or "nothing"
        console().print(
            f"  [bold red]! NO CHANNEL LEFT[/]  {call.names.places([each['region']])}  "
            f"{_people(each['people'])}  by hand: {text(left)}"
        )
    if found["hidden"]:
        console().print(f"  {found['hidden']} installations do not open: their key is not here.")


@installations.command("list")
@speaking
def listed(
    call: Call,
    area: Annotated[str | None, typer.Option("--area", help="Only there.")] = None,
    condition: Annotated[
        str | None, typer.Option(help="working, degraded, down or unknown.")
    ] = None,
) -> None:
    """List the register."""
    rows: list[dict[str, Any]] = []
    asked = given(region=area, condition=condition)
    cursor: str | None = None
    while True:
        page = call.house.get(INSTALLATIONS, limit=PAGE, **asked, **given(cursor=cursor))
        rows += page["installations"]
        cursor = page["cursor"]
        if cursor is None:
            break
    if call.as_json:
        print_json({"installations": rows, "cursor": None})
        return
    for each in rows:
        _installation(call, each)
    if not rows:
        console().print("  No installation is in the register.")


@installations.command("report")
@speaking
def report(  # a verb's options are its arguments
    call: Call,
    name: Annotated[str, typer.Argument(help="Its id or handle.", metavar="ID")],
    condition: Annotated[str, typer.Argument(help="working, degraded, down or unknown.")],
    source: Annotated[str, typer.Option(help="Who says so.")],
    as_of: Annotated[str | None, typer.Option(help="When it was seen (RFC 3339).")] = None,
    struck: Annotated[bool, typer.Option("--struck", help="It was hit (again).")] = False,
    incident: Annotated[str | None, typer.Option(help="The incident's id or handle.")] = None,
) -> None:
    """Say in what condition an installation is."""
    body: dict[str, Any] = {"condition": condition, "source": source, "struck": struck}
    body |= given(as_of=as_of, incident=incident)
    found = call.house.post(f"{INSTALLATIONS}/{name}/condition", body)
    if call.as_json:
        print_json(found)
        return
    _installation(call, found)


def _channel(call: Call, each: dict[str, Any]) -> None:
    name = each["name"].get(call.language) or each["channel"]
    console().print(f"  [bold]{text(name)}[/]  reaches {_people(each['people'])}")
    for stands, colour in STANDS:
        for place in each[stands]:
            console().print(
                f"    [{colour}]{stands.replace('_', ' ')}[/]  "
                f"{call.names.places([place['region']])}  {_people(place['people'])}"
            )


def _patrol(call: Call, found: dict[str, Any]) -> None:
    if call.as_json:
        print_json(found)
        return
    for each in found["stops"]:
        within = f" ({text(', '.join(each['within']))})" if each["within"] else ""
        console().print(
            f"  [bold]{text(each['name'])}[/]{within}  {_people(each['people'])}  "
            f"left: {text(', '.join(each['left']) or 'nothing')}"
        )
    if not found["stops"]:
        console().print("  Every region has a channel that wakes people by itself.")


def _installation(call: Call, each: dict[str, Any]) -> None:
    name = text(each["name"]) or ("erased" if each["erased"] else "does not open here")
    where = f"  {call.names.places([each['where']['geocode']])}" if each["where"] else ""
    seen = ""
    if each["as_of"] is not None:
        seen = f"  as of {when(moment(each['as_of']), SystemClock().now())}, {text(each['source'])}"
    risk = "  [yellow]at risk[/]" if each["at_risk_by"] else ""
    struck = f"  struck {each['struck']} times" if each["struck"] else ""
    console().print(
        f"  [bold]{text(each['handle'])}[/]  {name}  {text(each['kind'])}{where}  "
        f"[bold]{text(each['condition'])}[/]{risk}{seen}{struck}"
    )


def _people(count: int | None) -> str:
    return "people: not published" if count is None else f"about {count:,} people"
