"""``tocsin report``, ``journal``, ``note``: what happened, who decided, what the next must know."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.output import (
    Exit,
    console,
    fail,
    local,
    moment,
    print_json,
    text,
    when,
)
from tocsin.cli.rooms import Alert, Key, given
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock

AboutAlert = Annotated[
    str | None, typer.Option("--alert", help="Only about this alert: handle or id.")
]


@speaking
def report(call: Call, alert: Alert) -> None:
    """Print the report after an alert: time line, who decided, delays, whom it did not reach."""
    found = call.house.get(f"/api/v1/alerts/{alert}/report")
    if call.as_json:
        print_json(found)
        return
    shown = console()
    shown.print(f"[bold]{text(found['handle'])}[/]  {text(found['alert'])}")
    shown.print(f"  Decided by   {', '.join(map(_person, found['decided_by'])) or 'the house'}")
    for each in found["overrides"]:
        shown.print(f"  [bold red]Override[/]     {text(each)}")
    for each in found["time_line"]:
        by = f"  {_person(each['by'])}" if each["by"] else ""
        second = f", second {_person(each['approved_by'])}" if each["approved_by"] else ""
        words = f"  “{text(each['text'])}”" if each["text"] else ""
        at = local(moment(each["at"]), seconds=True)
        shown.print(f"  {at}  {text(each['kind'])}{by}{second}{words}")
    for each in found["reach"]:
        p99 = each["delays"]["p99"]
        delay = "" if p99 is None else f", p99 {p99 * 1000:.0f} ms"
        missed = f", [bold red]{each['unreached']} not reached[/]" if each["unreached"] else ""
        shown.print(
            f"  {text(each['channel'])}, revision {each['revision']}: "
            f"{each['acknowledged']} of {each['selected']} told{delay}{missed}"
        )
    shown.print(f"  {found['calls']} calls to officers, {found['notes']} notes")


@speaking
def journal(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    kind: Annotated[str | None, typer.Option(help="Only this kind, such as alert-issued.")] = None,
    alert: AboutAlert = None,
    account: Annotated[str | None, typer.Option(help="Only by or about this account id.")] = None,
    region: Annotated[str | None, typer.Option(help="Only over this region or in it.")] = None,
    since: Annotated[str | None, typer.Option(help="Recorded at or after (RFC 3339).")] = None,
    until: Annotated[str | None, typer.Option(help="Recorded before (RFC 3339).")] = None,
    limit: Annotated[int, typer.Option(min=1, max=500, help="How many rows, the latest.")] = 50,
    export: Annotated[
        bool,
        typer.Option("--export", help="All of them as lines of JSON, each with its hash."),
    ] = False,
    out: Annotated[
        Path | None, typer.Option(help="With --export: into this new file.", metavar="FILE")
    ] = None,
) -> None:
    """Print rows of the journal, the latest first; or export them, each verifiable by itself."""
    if out is not None and not export:
        raise typer.BadParameter("--out needs --export")
    which = given(kind=kind, alert=alert, account=account, region=region, since=since, until=until)
    if export:
        _export(call, which, out)
        return
    found = call.house.get("/api/v1/journal", limit=limit, **which)
    if call.as_json:
        print_json(found)
        return
    now = SystemClock().now()
    for each in found["rows"]:
        by = f"  {_person(each['by'])}" if each["by"] else ""
        handle = f"  [bold]{text(each['handle'])}[/]" if each["handle"] else ""
        facts = "  ".join(f"{name}={value}" for name, value in each["facts"].items() if value)
        facts = "sealed" if each["sealed"] else facts
        console().print(
            f"  {each['seq']:>7}  {when(moment(each['recorded_at']), now)}  {text(each['kind'])}"
            f"{handle}{by}  [dim]{text(facts)}[/]"
        )
    if found["next"] is not None:
        console().print("  older rows are there: --until, --limit, or --export")


@speaking
def note(
    call: Call,
    words: Annotated[
        str | None, typer.Argument(help="What to say; left out: read the notes.", metavar="TEXT")
    ] = None,
    alert: AboutAlert = None,
    hand_over: Annotated[
        bool, typer.Option("--hand-over", help="For the next shift, not a remark.")
    ] = False,
    key: Key = None,
) -> None:
    """Leave a note for the next shift or about an alert; without words, read the notes."""
    if words is None:
        found = call.house.get("/api/v1/notes", alert=alert)
    else:
        kind = "hand-over" if hand_over else "remark"
        body = {"kind": kind, "text": words, **given(alert=alert)}
        found = call.house.post("/api/v1/notes", body, key=key)
    if call.as_json:
        print_json(found)
        return
    if words is not None:
        console().print("[bold green]✓[/] noted")
        return
    for each in found["notes"]:
        _note(each)
    if not found["notes"]:
        console().print("  No notes.")


def _note(each: dict[str, Any]) -> None:
    about = f"  {text(each['handle'])}" if each["handle"] else ""
    kind = "  [bold]hand-over[/]" if each["kind"] == "hand-over" else ""
    at = when(moment(each["at"]), SystemClock().now())
    console().print(f"  {at}  {_person(each['by'])}{kind}{about}  {text(each['text'])}")


def _export(call: Call, which: dict[str, Any], out: Path | None) -> None:
    chunks = call.house.lines("/api/v1/journal/export", **which)
    if out is None:
        for chunk in chunks:
            sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
        return
    try:
        with out.open("xb") as file:
            for chunk in chunks:
                file.write(chunk)
    except OSError as slip:
        fail(Exit.USAGE, "--out", "unwritable", f"{out}: {slip.strerror}")
    if call.as_json:
        print_json({"file": str(out)})
    else:
        console().print(f"[bold green]✓[/] {out}")


def _person(person: dict[str, str]) -> str:
    return text(person["name"] or person["account"])
