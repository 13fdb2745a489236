"""``tocsin sign-in``, ``sign-out``, ``whoami``: a person at this terminal.

The password is typed unseen, or comes from TOCSIN_PASSWORD or a file; never from an option, which
other people on this machine could read.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.client import Problem, end
from tocsin.cli.confirm import asked, hidden
from tocsin.cli.options import secret_of
from tocsin.cli.output import console, local, moment, print_json, text
from tocsin.cli.speaking import Call, speaking

SESSION = "/api/v1/session"
PASSWORD = "TOCSIN_PASSWORD"  # noqa: S105  # the name of a variable
Code = Annotated[
    str | None,
    typer.Option("--code", help="Six digits of your generator, or a recovery code; else asked."),
]


@speaking
def sign_in(
    call: Call,
    login: Annotated[str | None, typer.Option(help="Your login; else asked.")] = None,
    code: Code = None,
    password_file: Annotated[
        Path | None,
        typer.Option(help=f"File that holds the password ({PASSWORD}); else asked, unseen."),
    ] = None,
) -> None:
    """Sign in with password and code, for one shift; other verbs then speak as you.

    The session is kept for this address, readable by you alone. A token that is given to a verb
    wins over it. Passkeys need a browser: use the console for those.
    """
    house = call.house
    if house.has_token:
        raise typer.BadParameter("a token speaks already; unset it to sign in as a person")
    given = login or asked("Login:", "--login")
    if password_file is not None:
        password = secret_of(password_file)
    else:
        password = os.environ.get(PASSWORD) or hidden("Password:", "--password-file")
    one_time = code or hidden("Code:", "--code")
    found = house.ask(SESSION, {"login": given, "password": password, "code": one_time})
    house.sessions.take((), given)
    _who(call, found, "[bold green]✓[/] Signed in as ")


@speaking
def sign_out(call: Call) -> None:
    """End your session, here and in the house."""
    if not call.house.has_token and not call.house.sessions.is_open:
        end(Problem("/Cookie", "no-credential", "Nobody is signed in at this address."))
    found = call.house.delete(SESSION)
    call.house.sessions.forget()
    if call.as_json:
        print_json(found)
    else:
        console().print("[bold green]✓[/] Signed out.")


@speaking
def whoami(call: Call) -> None:
    """Say who you are to the house, and what you may do."""
    _who(call, call.house.get(SESSION), "")


def _who(call: Call, found: dict[str, Any], first: str) -> None:
    if call.as_json:
        print_json(found)
        return
    shown = console()
    until = ""
    if found["shift_ends_at"] is not None:
        until = f", until {local(moment(found['shift_ends_at']))}"
    shown.print(f"{first}[bold]{text(found['name'])}[/], {text(found['role'])}{until}")
    if found["sender"]:
        shown.print(f"  Speaks for   {text(found['sender'])}")
    if found["regions"]:
        shown.print(f"  Where        {call.names.places(found['regions'])}")
    if found["hazards"]:
        told = "every danger" if "*" in found["hazards"] else ", ".join(found["hazards"])
        shown.print(f"  Of what      {text(told)}, up to {text(found['severity'])}")
    shown.print(f"  Rooms        {text(', '.join(found['realms']) or 'none')}")
    shown.print(f"  May          {text(', '.join(found['permissions']))}")
