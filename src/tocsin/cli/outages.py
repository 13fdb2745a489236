"""``tocsin outage`` and ``tocsin outages``: say what is out and how it stands; read it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.output import console, moment, print_json, text, when
from tocsin.cli.rooms import Key, given
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock

OUTAGES = "/api/v1/outages"


@speaking
def outage(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    service: Annotated[str, typer.Argument(help="Such as power, water, heat.", metavar="SERVICE")],
    region: Annotated[
        list[str], typer.Option("--region", help="Where; geocode or alias; repeatable.")
    ],
    source: Annotated[str, typer.Option(help="Who says so.")],
    outage_id: Annotated[
        str | None,
        typer.Option("--id", help="How this outage stands now, all of it; its handle or id."),
    ] = None,
    settlement: Annotated[
        list[str] | None, typer.Option("--settlement", help="By name; repeatable.")
    ] = None,
    count: Annotated[
        str | None, typer.Option(help="How many settlements: a number, dozens, hundreds ...")
    ] = None,
    began: Annotated[str | None, typer.Option(help="Since when (RFC 3339); else now.")] = None,
    expected: Annotated[str | None, typer.Option(help="When it may be back (RFC 3339).")] = None,
    restored: Annotated[int, typer.Option(min=0, max=100, help="Per cent that is back.")] = 0,
    ended: Annotated[str | None, typer.Option(help="When it was back (RFC 3339).")] = None,
    untold: Annotated[
        bool, typer.Option("--untold", help="For the desk alone; people are not told.")
    ] = False,
    key: Key = None,
) -> None:
    """Say what is out, or with --id how it stands now; people are told at once."""
    scope = {"regions": region, **given(settlements=settlement, count=_count(count))}
    body: dict[str, Any] = {
        "service": service, "scope": scope, "source": source, "restored_share": restored / 100,
        "tell": not untold, **given(began=began, expected_end=expected, ended=ended),
    }  # fmt: skip
    path = OUTAGES if outage_id is None else f"{OUTAGES}/{outage_id}"
    found = call.house.post(path, body, key=key)
    if call.as_json:
        print_json(found)
        return
    told = "people are told" if found["told"] else "for the desk alone"
    console().print(f"[bold green]✓[/] [bold]{text(found['handle'])}[/]  {_line(call, found)}")
    console().print(f"  {told}; how it stands later: tocsin outage ... --id {found['handle']}")


@speaking
def outages(
    call: Call,
    region: Annotated[str | None, typer.Option(help="Only in it or over it.")] = None,
    history: Annotated[bool, typer.Option("--history", help="Those over as well.")] = False,
    hours: Annotated[
        bool, typer.Option("--hours", help="Hours without, by day and region.")
    ] = False,
) -> None:
    """Print what people were told is out; or the hours without a service."""
    if hours:
        found = call.house.get(f"{OUTAGES}/hours", **given(region=region))
    else:
        found = call.house.get(OUTAGES, history=int(history), **given(region=region))
    if call.as_json:
        print_json(found)
        return
    for row in found.get("rows", ()):
        console().print(
            f"  {row['day']}  {call.names.region(row['region'])}  {text(row['service'])}  "
            f"{row['hours']:g} h{_in_part(row)}"
        )
    for each in found.get("outages", ()):
        console().print(f"  {_line(call, each)}")
    if not (found.get("rows") or found.get("outages")):
        console().print("  Nothing is known to be out.")


def _in_part(row: dict[str, Any]) -> str:
    part = row.get("hours_in_part", 0)
    return f", in part of it {part:g} h" if part else ""


def _line(call: Call, each: dict[str, Any]) -> str:
    now = SystemClock().now()
    share = f", {each['restored_share']:.0%} back" if 0 < each["restored_share"] < 1 else ""
    end = f", back {when(moment(each['ended']), now)}" if each["ended"] is not None else ""
    since = when(moment(each["began"]), now)
    place = call.names.places(each["regions"])
    return f"{text(each['service'])}  {place}  since {since}{share}{end}  ({text(each['source'])})"


def _count(said: str | None) -> dict[str, Any] | None:
    if said is None:
        return None
    if said.isdecimal():
        return {"qualifier": "exact", "value": int(said)}
    return {"qualifier": said}
