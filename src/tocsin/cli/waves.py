"""``tocsin wave``: many alerts and incidents of one attack."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.output import console, moment, print_json, text, when
from tocsin.cli.rooms import Key, given
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock

app = typer.Typer(help="Waves: alerts and incidents of one attack.", no_args_is_help=True)
WAVES = "/api/v1/waves"

Wave = Annotated[str, typer.Argument(help="The wave: its handle or id.", metavar="WAVE")]
Alerts = Annotated[
    list[str] | None, typer.Option("--alert", help="An alert, by handle or id; repeatable.")
]
Incidents = Annotated[
    list[str] | None, typer.Option("--incident", help="An incident, by handle or id; repeatable.")
]


@app.command("list")
@speaking
def waves(call: Call) -> None:
    """List the waves, and the alerts that look like one and are in none."""
    found = call.house.get(WAVES)
    if call.as_json:
        print_json(found)
        return
    for each in found["waves"]:
        _line(call, each, each["alerts"], each["incidents"])
    for each in found["suggested"]:
        to = f"  join {text(each['wave'])}" if each["wave"] else ""
        regions = call.names.places(each["regions"])
        console().print(
            f"  [yellow]looks like one[/]  {_at(each['start'])}  {len(each['alerts'])} alerts  "
            f"{regions}{to}"
        )
    if not found["waves"] and not found["suggested"]:
        console().print("  No waves.")


@app.command("show")
@speaking
def show(call: Call, wave: Wave) -> None:
    """Print one wave: its own toll, what is counted place by place, its alerts and incidents."""
    _told(call, call.house.get(f"{WAVES}/{wave}"))


@app.command("open")
@speaking
def open_(
    call: Call,
    start: Annotated[str, typer.Option("--from", help="When it began (RFC 3339).")],
    end: Annotated[str, typer.Option("--until", help="When it ended (RFC 3339).")],
    area: Annotated[
        str | None, typer.Option(help="Its region; left out: the whole country.")
    ] = None,
    alert: Alerts = None,
    incident: Incidents = None,
    key: Key = None,
) -> None:
    """Open a wave with its alerts and incidents: all of it, or nothing."""
    body: dict[str, Any] = {"when": {"start": start, "end": end, "grain": "minute"}}
    body |= given(alerts=alert, incidents=incident)
    if area is not None:
        body["where"] = {"geocode": area}
    _told(call, call.house.post(WAVES, body, key=key))


@app.command("join")
@speaking
def join(
    call: Call,
    wave: Wave,
    reason: Annotated[str, typer.Option(help="Why; it stays in the record.")],
    alert: Alerts = None,
    incident: Incidents = None,
    leave_alert: Annotated[
        list[str] | None, typer.Option(help="An alert to take out; repeatable.")
    ] = None,
    leave_incident: Annotated[
        list[str] | None, typer.Option(help="An incident to take out; repeatable.")
    ] = None,
    key: Key = None,
) -> None:
    """Put alerts and incidents to a wave, or take them out of it."""
    body = {"reason": reason}
    body |= given(alerts=alert, incidents=incident, leave_alerts=leave_alert,
                  leave_incidents=leave_incident)  # fmt: skip
    _told(call, call.house.post(f"{WAVES}/{wave}/join", body, key=key))


def _told(call: Call, found: dict[str, Any]) -> None:
    if call.as_json:
        print_json(found)
        return
    _line(call, found, len(found["alerts"]), len(found["incidents"]))
    for each in found["tallies"]:
        console().print(f"  of the wave, as said     {text(each['measure'])}: {_span(each)}")
    for each in found["local"]:
        console().print(f"  counted place by place   {text(each['measure'])}: {_span(each)}")
    for each in found["alerts"]:
        console().print(
            f"  {_at(each['sent'])}  [bold]{text(each['handle'])}[/]  {text(each['hazard'])}  "
            f"{call.names.places(each['regions'])}  {text(each['state'])}"
        )
    for each in found["incidents"]:
        title = text(each["title"].get(call.language, "")) or text(each["kind"])
        where = call.names.places([each["where"]["geocode"]])
        console().print(
            f"  {_at(each['when']['start'])}  [bold]{text(each['handle'])}[/]  {title}  {where}"
        )


def _line(call: Call, each: dict[str, Any], alerts: int, incidents: int) -> None:
    title = text(each["title"].get(call.language, ""))
    console().print(
        f"  [bold]{text(each['handle'])}[/]  {title}  {_at(each['when']['start'])}  "
        f"{call.names.places([each['where']['geocode']])}  {alerts} alerts, "
        f"{incidents} incidents  {text(each['stage'])}"
    )


def _span(each: dict[str, Any]) -> str:
    if each["high"] is None:
        return f"at least {each['low']}"
    return str(each["low"]) if each["low"] == each["high"] else f"{each['low']} to {each['high']}"


def _at(at: str) -> str:
    return when(moment(at), SystemClock().now())
