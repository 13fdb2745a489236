"""``tocsin feeds``: the keys by which observers, stations and networks send what they know."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.checks.signature import fresh
from tocsin.cli.confirm import typed
from tocsin.cli.options import AsJson
from tocsin.cli.output import Exit, console, fail, print_json, text
from tocsin.cli.rooms import given
from tocsin.cli.speaking import Call, speaking
from tocsin.service.feedrecords import FeedKind

app = typer.Typer(
    help="Keys of signed feeds: threats, dose rates, outages.", no_args_is_help=True
)  # fmt: skip
LINES = "/api/v1/feeds"


@app.command("list")
@speaking
def list_(call: Call) -> None:
    """List all keys of feeds; withdrawn ones too."""
    found = call.house.get(LINES)
    if call.as_json:
        print_json(found)
        return
    for each in found["feeds"]:
        _line(call, each)
    if not found["feeds"]:
        console().print("  No feed sends here.")


@app.command()
@speaking
def add(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    key: Annotated[
        str, typer.Argument(help="Its id for ever: small letters, digits, . and -.", metavar="KEY")
    ],
    public: Annotated[str, typer.Option(help="Its public key in base64, from keygen.")],
    name: Annotated[str, typer.Option(help="Who sends, for people.")],
    feed: Annotated[list[FeedKind], typer.Option("--feed", help="What it may send; repeatable.")],
    area: Annotated[
        list[str],
        typer.Option("--area", help="Where it has a say; geocode or alias; repeatable."),
    ],
    sender: Annotated[
        str | None, typer.Option(help="The authority it speaks for; else the house's own.")
    ] = None,
    hazard: Annotated[
        list[str] | None, typer.Option("--hazard", help="What it may issue; repeatable.")
    ] = None,
    issues: Annotated[
        bool, typer.Option("--issues", help="It may issue at once what policy allows.")
    ] = False,
    trusted: Annotated[
        bool, typer.Option("--trusted", help="It is believed alone, for all it says.")
    ] = False,
    tells: Annotated[
        bool, typer.Option("--tells", help="Its outages are told to people at once.")
    ] = False,
) -> None:
    """Let a key send; without --issues it only drafts."""
    body = {
        "id": key, "public": public, "name": name, "feeds": [each.value for each in feed],
        "regions": area, "hazards": hazard or [], "issues": issues, "is_weak": not trusted,
        "tells": tells, **given(sender=sender),
    }  # fmt: skip
    done = call.house.post(LINES, body)
    if call.as_json:
        print_json(done)
        return
    console().print("[bold green]✓[/] it may send")
    _line(call, done)


@app.command()
@speaking
def withdraw(
    call: Call,
    key: Annotated[str, typer.Argument(help="The key's id.", metavar="KEY")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the word.")] = False,
) -> None:
    """Take a key back for good; what it sent stays."""
    if not yes:
        typed("WITHDRAW", "Type WITHDRAW to take it back for good:")
    done = call.house.post(f"{LINES}/{key}/withdraw", {})
    if call.as_json:
        print_json(done)
        return
    console().print("[bold green]✓[/] withdrawn")
    _line(call, done)


@app.command()
def keygen(
    out: Annotated[
        Path | None, typer.Option(help="Where the private half goes, mode 0600; else it is shown.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a key for whoever is to send. Run it where the key is used; nothing keeps a copy."""
    private, public = fresh()
    if out is not None:
        try:
            file = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as failed:
            fail(Exit.USAGE, str(out), "not-written", failed.strerror or "it cannot be written")
        with os.fdopen(file, "wb") as written:
            written.write(private)
    if as_json:
        said = {"public": public}
        print_json(said if out is not None else {**said, "private": private.decode("ascii")})
        return
    if out is None:
        console().print("  The private half, shown once; keep it in a file of mode 0600:")
        console().print(text(private.decode("ascii")), soft_wrap=True)
    else:
        console().print(f"[bold green]✓[/] {text(str(out))} holds the private half, mode 0600.")
    console().print("  The public half, for tocsin feeds add --public:")
    console().print(f"  {text(public)}", soft_wrap=True)


def _line(call: Call, each: dict[str, Any]) -> None:
    marks = [*each["feeds"], *(["issues"] if each["issues"] else ["drafts"])]
    marks += [] if each["is_weak"] else ["trusted"]
    gone = "  [yellow]withdrawn[/]" if each["withdrawn_at"] else ""
    console().print(
        f"  [bold]{text(each['id'])}[/]  {text(each['name'])}  {text(', '.join(marks))}  "
        f"{call.names.places(each['regions'])}  for {text(each['sender'])}{gone}"
    )
