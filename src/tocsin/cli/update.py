"""``tocsin update``, ``extend``, ``keep``: an alert in force changes, lasts longer, or still holds.

Places are only ever added here; a place is taken out by an all-clear (``tocsin clear --area``).
"""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.confirm import typed
from tocsin.cli.evacuation import Plan, plan_of
from tocsin.cli.names import where
from tocsin.cli.output import console, drill_first, moment, print_json, when
from tocsin.cli.rooms import (
    Alert,
    Because,
    Expires,
    Instructions,
    Key,
    Lasts,
    Level,
    Override,
    Second,
    Sender,
    alert_of,
    given,
    instructions,
    proposed,
    second_of,
    until,
    widened,
)
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock


@speaking
def update(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    alert: Alert,
    area: Annotated[
        list[str] | None,
        typer.Option("--area", help="A region to add; repeatable."),
    ] = None,
    level: Level = None,
    instruction_file: Instructions = None,
    plan: Plan = None,
    expires: Annotated[
        str | None, typer.Option(help="A later end (RFC 3339); else as it is.")
    ] = None,
    lasts: Lasts = None,
    reason: Annotated[
        str | None,
        typer.Option(help="Why it lasts, shown to people; empty takes back what was said."),
    ] = None,
    second: Second = False,
    because: Because = None,
    override: Override = None,
    sender: Sender = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the word.")] = False,
    key: Key = None,
) -> None:
    """Change an alert in force; shows the change and asks for the word UPDATE."""
    known, lines = alert_of(call, alert)
    body = given(
        area=widened(call, known, area) if area else None, level=level,
        text=instructions(instruction_file) or None, expires=until(lasts, expires), reason=reason,
        second=second_of(second=second, because=because), override=override, sender=sender,
        evacuation=plan_of(plan),
    )  # fmt: skip
    names = call.names
    shown = console(stderr=True)
    shown.print(
        f"{drill_first(known['realm'])}  [bold]Change[/]  "
        f"{names.hazard(known['hazard'])}, {where(known, names)}"
    )
    if area:
        shown.print(f"  Add          {names.places(area)}")
    if level is not None:
        shown.print(f"  Level        {known['level'] or 'none'} → {level}")
    if "expires" in body:
        shown.print(f"  Ends         {when(moment(body['expires']), SystemClock().now())}")
    if not yes:
        typed("UPDATE", "Type UPDATE to send it:")
    done = call.house.post(f"{lines}/update", body, key=key)
    if proposed(call, done):
        return
    _told(call, done, "changed")


@speaking
def extend(  # a verb's options are its arguments
    call: Call,
    alert: Alert,
    lasts: Lasts = None,
    expires: Expires = None,
    standing_by: Annotated[
        str | None, typer.Option(help="Make it standing, or renew it: this person's name.")
    ] = None,
    sender: Sender = None,
    key: Key = None,
) -> None:
    """Let an alert last longer; nothing sounds, so no word is asked for."""
    ends = until(lasts, expires)
    if ends is None:
        raise typer.BadParameter("say until when: --for or --expires")
    _, lines = alert_of(call, alert)
    body = given(expires=ends, standing_by=standing_by, sender=sender)
    _told(call, call.house.post(f"{lines}/extend", body, key=key), "lasts longer")


@speaking
def keep(call: Call, alert: Alert, sender: Sender = None, key: Key = None) -> None:
    """Answer "Still valid?" with yes: the alert stays as it is, and people see nothing of it."""
    _, lines = alert_of(call, alert)
    _told(call, call.house.post(f"{lines}/keep", given(sender=sender), key=key), "still holds")


def _told(call: Call, done: dict[str, object], what: str) -> None:
    if call.as_json:
        print_json(done)
        return
    ends = when(moment(str(done["expires"])), SystemClock().now())
    console().print(
        f"{drill_first(str(done['realm']))}[bold green]✓[/] {done['handle']} {what}, until {ends} "
        f"(revision {done['revision']})."
    )
