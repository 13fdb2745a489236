"""``tocsin clear``: give the all-clear, after one look at what ends and what does not."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.confirm import typed
from tocsin.cli.names import Names, where
from tocsin.cli.options import Yes
from tocsin.cli.output import (
    Exit,
    console,
    drill_first,
    fail,
    lasting,
    local,
    moment,
    print_json,
)
from tocsin.cli.rooms import Alert, Key, Sender, alert_of, given
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock


@speaking
def clear(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    alert: Alert,
    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="Only this region of it; repeatable. Else the whole alert."),
    ] = None,
    tick: Annotated[
        list[str] | None,
        typer.Option("--tick", help="Another alert to end along with it; repeatable."),
    ] = None,
    reason: Annotated[str | None, typer.Option(help="Why, in a few words.")] = None,
    sender: Sender = None,
    only: Annotated[
        bool, typer.Option("--only", help="Leave what ran out there as not confirmed.")
    ] = False,
    yes: Yes = False,
    key: Key = None,
) -> None:
    """Give the all-clear: shows what ends and what stays, and asks for the word CLEAR.

    What ran out over the same places ends along with it, unless --only is given. Other alerts
    there, your own too, do so only where --tick names them.
    """
    known, lines = alert_of(call, alert)
    would = call.house.get(f"{lines}/clearing", regions=area or [], sender=sender)
    names = call.names
    ticked = _ticked(tick or [], would)
    if not only:
        ran_out = (o["id"] for o in would["ticked"] if o["state"] == "unconfirmed")
        ticked = list(dict.fromkeys((*ticked, *ran_out)))
    _show(known, would, ticked, names)
    if not yes:
        typed("CLEAR", "Type CLEAR to give the all-clear:")
    body = {"regions": area or [], "ticked": ticked, **given(reason=reason, sender=sender)}
    done = call.house.post(f"{lines}/clear", body, key=key)
    if call.as_json:
        print_json(done)
        return
    part = "for a part " if done["state"] != "cleared" else ""
    console().print(
        f"{drill_first(done['realm'])}[bold green]✓[/] All-clear {part}for {done['handle']} saved "
        f"(revision {done['revision']})."
    )


def _ticked(wanted: list[str], would: dict[str, Any]) -> list[str]:
    """Return the ids of the ticked alerts; only what was proposed or offered can be ticked."""
    known = {}
    for other in (*would["ticked"], *would["offered"]):
        known[other["handle"].upper()] = known[other["id"]] = other["id"]
    found = []
    for name in wanted:
        alert_id = known.get(name) or known.get(name.upper())
        if alert_id is None:
            fail(
                Exit.REFUSED, "/ticked", "not-offered",
                f"{name} is none of the alerts that can end along with it",
            )  # fmt: skip
        found.append(alert_id)
    return found


def _show(alert: dict[str, Any], would: dict[str, Any], ticked: list[str], names: Names) -> None:
    shown = console(stderr=True)
    now = SystemClock().now()  # only to say how long it has lasted
    what = names.hazard(alert["hazard"])
    span = lasting(now - moment(alert["sent"]))
    drill = drill_first(alert["realm"])
    shown.print(f"{drill}  [bold]Ends now[/]       {what}, {names.places(would['ends'])}, {span}")
    stays = []
    for other in (*would["ticked"], *would["offered"]):
        if other["id"] in ticked:
            shown.print(f"                 {_line(other, names)}")
        else:
            stays.append((other, f"  (--tick {other['handle']} ends it too)"))
    if would["rest"]:
        shown.print(f"  [bold]Stays in force[/] {what}, {names.places(would['rest'])}")
    for other, hint in (*stays, *((other, "") for other in would["stays"])):
        shown.print(f"  [bold]Stays in force[/] {_line(other, names)}{hint}")
    if would["still_under"]:
        places = names.places(would["still_under"])
        shown.print(f"  People stay under an alert in: {places}")


def _line(alert: dict[str, Any], names: Names) -> str:
    since = local(moment(alert["sent"]))
    word = " (ran out, not confirmed)" if alert["state"] == "unconfirmed" else ""
    return f"{names.hazard(alert['hazard'])}, {where(alert, names)} since {since}{word}"
