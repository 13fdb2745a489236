"""``tocsin cancel``: say that an alert was issued in error. Not an all-clear."""

from __future__ import annotations

from typing import Annotated

import typer

from tocsin.cli.confirm import typed
from tocsin.cli.names import where
from tocsin.cli.options import Yes
from tocsin.cli.output import console, drill_first, print_json
from tocsin.cli.rooms import Alert, Key, Sender, alert_of, given
from tocsin.cli.speaking import Call, speaking


@speaking
def cancel(  # a verb's options are its arguments
    call: Call,
    alert: Alert,
    reason: Annotated[str, typer.Option(help="Why it was wrong; people are told.")],
    sender: Sender = None,
    yes: Yes = False,
    key: Key = None,
) -> None:
    """Withdraw an alert that was issued in error; asks for the word CANCEL.

    Where the danger was real and has passed, give the all-clear instead: tocsin clear.
    """
    known, lines = alert_of(call, alert)
    names = call.names
    console(stderr=True).print(
        f"{drill_first(known['realm'])}  [bold]Issued in error[/]  "
        f"{names.hazard(known['hazard'])}, {where(known, names)}: "
        "everybody it reached is told that there was no danger."
    )
    if not yes:
        typed("CANCEL", "Type CANCEL to withdraw it:")
    done = call.house.post(f"{lines}/cancel", {"reason": reason, **given(sender=sender)}, key=key)
    if call.as_json:
        print_json(done)
        return
    console().print(
        f"{drill_first(done['realm'])}[bold green]✓[/] {done['handle']} withdrawn "
        f"as issued in error (revision {done['revision']})."
    )
