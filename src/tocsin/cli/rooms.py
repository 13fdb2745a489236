"""What verbs that warn have in common: the room of an alert, options, and a proposal's line.

The address is the room: live alerts and drills have lines of their own (RELIABILITY P20), so a
drill can never be sent to the live one by a slip.
"""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.output import console, drill_first, local, moment, print_json, text
from tocsin.cli.speaking import Call
from tocsin.clock import SystemClock

ROOMS = {"live": "/api/v1", "drill": "/api/v1/drill"}
WHY = {
    "hazard": "such a danger",
    "people": "so many people",
    "regions": "so many regions",
    "nationwide": "the whole country",
    "unusual": "not the daily work of this authority",
    "asked": "the author asks for it",
}
"""What two people are wanted for, in words."""

_LENGTH = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,5})s)?")

Alert = Annotated[str, typer.Argument(help="The alert: its handle or id.", metavar="ALERT")]
Sender = Annotated[str | None, typer.Option(help="In whose name; else the one you speak for.")]
Key = Annotated[
    str | None, typer.Option(help="Idempotency-Key: the same again after a broken answer.")
]
Drill = Annotated[bool, typer.Option("--drill", help="The drill room instead.")]
Level = Annotated[str | None, typer.Option(help="A level of the hazard.")]
Expires = Annotated[
    str | None, typer.Option(help="When it runs out (RFC 3339); else the hazard's default.")
]
Lasts = Annotated[
    str | None,
    typer.Option("--for", help="How long it lasts from now, such as 2h, 90m or 1h30m."),
]
Instructions = Annotated[
    list[Path] | None,
    typer.Option(
        "--instruction-file",
        help="Own instruction, NAME.LANG.txt, one file a language; repeatable.",
    ),
]
Second = Annotated[
    bool, typer.Option("--second", help="Ask for a second person, also where policy does not.")
]
Because = Annotated[str | None, typer.Option(help="What to tell the second person, in a sentence.")]
Override = Annotated[
    str | None,
    typer.Option(
        help="Why it cannot wait for the second person; officers are called, and it is audited.",
        metavar="REASON",
    ),
]


def alert_of(call: Call, name: str) -> tuple[dict[str, Any], str]:
    """Return an alert and the address of its lines in the room where it stands."""
    known = call.house.get(f"/api/v1/alerts/{name}")
    return known, f"{ROOMS[known['realm']]}/alerts/{known['id']}"


def widened(call: Call, alert: dict[str, Any], added: list[str]) -> dict[str, Any]:
    """Return an alert's area with regions added: an update says the whole of it."""
    codes = [call.house.get(f"/api/v1/regions/{each}")["geocode"] for each in added]
    area = alert["area"]
    return {
        **area,
        "regions": list(dict.fromkeys((*area["regions"], *codes))),
        "excluded": [each for each in area["excluded"] if each not in codes],
    }


def until(lasts: str | None, expires: str | None) -> str | None:
    """Return when something ends, by one of two options; None where neither is given."""
    if lasts is None:
        return expires
    if expires is not None:
        raise typer.BadParameter("give --for or --expires, not both")
    return (SystemClock().now() + length(lasts, "--for")).isoformat()


def length(told: str, option: str) -> timedelta:
    """Return a length of time as people write it: ``2h``, ``90m``, ``1h30m``, ``45s``."""
    found = span(told)
    if found is None:
        raise typer.BadParameter(f"{option} {told}: say 2h, 90m or 1h30m")
    return found


def span(told: str) -> timedelta | None:
    """Return a length of time; None where it is none or nothing."""
    found = _LENGTH.fullmatch(told.strip().lower())
    hours, minutes, seconds = (int(part or 0) for part in found.groups()) if found else (0, 0, 0)
    return timedelta(hours=hours, minutes=minutes, seconds=seconds) or None


def instructions(files: list[Path] | None) -> dict[str, dict[str, str]]:
    """Return own instructions by language, from files named ``NAME.LANG.txt``."""
    found = {}
    for file in files or []:
        language = Path(file.stem).suffix.lstrip(".")
        if not language:
            raise typer.BadParameter(f"{file.name}: name it NAME.LANG.txt, such as leave.uk.txt")
        try:
            found[language] = {"instruction": file.read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError) as slip:
            raise typer.BadParameter(f"{file}: {slip}") from slip
    return found


def second_of(*, second: bool, because: str | None) -> dict[str, Any] | None:
    """Return the wish for a second person, as a request says it."""
    if because is not None and not second:
        raise typer.BadParameter("--because needs --second")
    return {"ask": True, "because": because or ""} if second else None


def given(**members: object) -> dict[str, Any]:
    """Return the members that were given."""
    return {name: value for name, value in members.items() if value is not None}


def is_proposal(done: dict[str, Any]) -> bool:
    """Say whether a write was answered by a proposal: nothing was sent."""
    return "ends_at" in done and "content" in done


def reasons(why: list[str]) -> str:
    """Return why two people are wanted, in words."""
    return text("; ".join(WHY.get(each, each) for each in why))


def proposed(call: Call, done: dict[str, Any]) -> bool:
    """Print a proposal where a write was answered by one; say whether it was."""
    if not is_proposal(done):
        return False
    if call.as_json:
        print_json(done)
        return True
    ends = local(moment(done["ends_at"]), seconds=True)
    shown = console()
    shown.print(
        f"{drill_first(done['realm'])}[bold yellow]Nothing was sent yet.[/] Proposal "
        f"[bold]{done['handle']}[/] waits for a second person until {ends}."
    )
    shown.print(f"  Why          {reasons(done['why'])}")
    shown.print(
        f"  Second       tocsin approve {done['handle']}   (another person, another device)"
    )
    shown.print(
        f"  You          tocsin page {done['handle']} calls others; "
        f"tocsin withdraw {done['handle']} takes it back"
    )
    return True
