"""``tocsin watch``: one line an event, as it happens. Silence is never printed as calm."""

from __future__ import annotations

import sys
from datetime import datetime
from typing import Annotated, Any

import httpx
import msgspec
import typer

from tocsin.cli.client import House
from tocsin.cli.names import Names, where
from tocsin.cli.options import AsJson, Config, Door, Language, Server, door
from tocsin.cli.output import (
    Exit,
    console,
    drill_first,
    fail,
    lasting,
    local,
    moment,
    sign,
    text,
    told_failures,
)
from tocsin.cli.sse import Lost, Told, follow
from tocsin.clock import SystemClock


def watch(  # a verb's options are its arguments
    area: Annotated[
        list[str] | None, typer.Option("--area", help="Only what concerns this region; repeatable.")
    ] = None,
    hazard: Annotated[
        list[str] | None, typer.Option("--hazard", help="Only this hazard; repeatable.")
    ] = None,
    drill: Annotated[bool, typer.Option("--drill", help="Drills instead.")] = False,
    server: Server = None,
    config: Config = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Print one line an event; reconnects, prints gaps, and says so when it hears nothing."""
    with told_failures():
        where_to = door(server, None, None, config)
        names = None
        if not as_json:
            with House(where_to) as house:
                names = Names(house, language)
        try:
            _follow(where_to, names, area or [], hazard or [], drill=drill)
        except httpx.HTTPStatusError as refused:
            problem = msgspec.json.decode(refused.response.content, type=dict[str, Any])
            fail(Exit.REFUSED, problem["field"], problem["rule"], problem["help"])
        except KeyboardInterrupt:
            raise typer.Exit from None


def _follow(
    where_to: Door, names: Names | None, area: list[str], hazard: list[str], *, drill: bool
) -> None:
    printer = Printer(names)
    for told in follow(where_to, area, hazard, drill=drill):
        printer.take(told)


class Printer:
    """Prints what a stream says; knows which alert it saw at which revision."""

    def __init__(self, names: Names | None) -> None:
        self._names = names
        self._out = console()
        self._seen: dict[str, dict[str, Any]] = {}
        self._lost_at: datetime | None = None
        self._sequence: int | None = None

    def take(self, told: Told | Lost) -> None:
        """Print one event, or that the stream is lost."""
        if isinstance(told, Lost):
            self._lost(told.why)
            return
        if told.event == "stale":
            self._lost("the house lost its source")
            return
        if self._lost_at is not None:
            self._found()
        number = told.data.get("sequence")
        if told.event == "snapshot":
            self._snapshot(told.data)
        elif told.event == "alert":
            number = told.data.get("sequence", number)
            self._gap(number)
            self._alert(told.data)
        elif told.event == "notice":
            self._gap(int(told.id) if told.id and told.id.isdecimal() else None)
            self._say({"event": "notice", **told.data}, f"! NOTICE  {text(told.data.get('kind'))}")
        elif told.event == "reset":
            self._say({"event": "reset"}, "! RESET  what was missed is too old; all of it follows")
            self._sequence = None
        if told.id and told.id.isdecimal():
            self._sequence = int(told.id)

    def _snapshot(self, data: dict[str, Any]) -> None:
        alerts = data["alerts"]
        force = [alert for alert in alerts if alert["state"] in ("active", "unconfirmed")]
        said = {"event": "snapshot", "sequence": data["sequence"], "in_force": len(force)}
        self._say(
            said, f"sequence {data['sequence']}: {len(force)} alerts in force; live from here on"
        )
        for alert in force:
            self._alert(alert)
        self._sequence = data["sequence"]

    def _alert(self, alert: dict[str, Any]) -> None:
        before = self._seen.get(alert["id"])
        if before is not None and before["revision"] >= alert["revision"]:
            return
        self._seen[alert["id"]] = alert
        names = self._names
        if names is None:
            self._say({"event": "alert", "alert": alert}, "")
            return
        at = moment(alert["ended"] or alert["sent"])
        note = ""
        if alert["state"] == "cleared":
            note = f"after {lasting(at - moment(alert['sent']))}"
        elif before is not None and alert["state"] == "active":
            note = _change(before, alert)
        line = drill_first(alert["realm"])
        line += (
            f"{local(at, seconds=True)}  {sign(alert['state'])}  {names.hazard(alert['hazard'])}"
        )
        self._say({}, f"{line}  {where(alert, names)}  {note}".rstrip() + f"  {alert['handle']}")

    def _gap(self, number: int | None) -> None:
        if number is not None and self._sequence is not None and number > self._sequence + 1:
            missing = number - self._sequence - 1
            self._say(
                {"event": "gap", "from": self._sequence + 1, "to": number - 1},
                f"! GAP  {missing} numbers between {self._sequence} and {number} did not reach "
                "this selection",
            )

    def _lost(self, why: str) -> None:
        if self._lost_at is None:
            self._lost_at = SystemClock().now()
        since = local(self._lost_at, seconds=True)
        self._say(
            {"event": "stale", "since": self._lost_at.isoformat(), "why": why},
            f"[bold red]STALE since {since}[/]: {text(why)}. Not all clear: nothing is known.",
        )

    def _found(self) -> None:
        self._lost_at = None
        self._say({"event": "live"}, "live again")

    def _say(self, body: dict[str, Any], line: str) -> None:
        if self._names is None:
            sys.stdout.buffer.write(msgspec.json.encode(body) + b"\n")
            sys.stdout.flush()
        else:
            self._out.print(line)
            sys.stdout.flush()


def _change(before: dict[str, Any], alert: dict[str, Any]) -> str:
    if before["area"] != alert["area"]:
        return "area changed"
    return "level changed" if before["level"] != alert["level"] else "extended"
