"""``tocsin cancel``: say that an alert was issued in error. Not an all-clear."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from tocsin.cli.client import House
from tocsin.cli.confirm import typed
from tocsin.cli.names import Names, where
from tocsin.cli.options import AsJson, Config, Data, Language, Server, Token, Yes, door
from tocsin.cli.output import (
    console,
    drill_first,
    print_json,
    told_failures,
)


def cancel(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    alert: Annotated[str, typer.Argument(help="The alert: its handle or id.", metavar="ALERT")],
    reason: Annotated[str, typer.Option(help="Why it was wrong; people are told.")],
    sender: Annotated[str | None, typer.Option(help="In whose name.")] = None,
    yes: Yes = False,
    key: Annotated[
        str | None, typer.Option(help="Idempotency-Key: the same again after a broken answer.")
    ] = None,
    server: Server = None,
    token: Token = None,
    data: Data = None,
    config: Config = None,
    language: Language = "en",
    as_json: AsJson = False,
) -> None:
    """Withdraw an alert that was issued in error; asks for the word CANCEL.

    Where the danger was real and has passed, give the all-clear instead: tocsin clear.
    """
    with told_failures(), House(door(server, token, data, config)) as house:
        path = f"/api/v1/alerts/{alert}"
        known = house.get(path)
        names = Names(house, language)
        shown = console(stderr=True)
        shown.print(
            f"{drill_first(known['realm'])}  [bold]Issued in error[/]  "
            f"{names.hazard(known['hazard'])}, {where(known, names)}: "
            "everybody it reached is told that there was no danger."
        )
        if not yes:
            typed("CANCEL", "Type CANCEL to withdraw it:")
        body: dict[str, Any] = {"reason": reason}
        if sender is not None:
            body["sender"] = sender
        done = house.post(f"{path}/cancel", body, key=key)
    if as_json:
        print_json(done)
        return
    console().print(
        f"{drill_first(done['realm'])}[bold green]✓[/] {done['handle']} withdrawn "
        f"as issued in error (revision {done['revision']})."
    )
