"""``tocsin issue``: warn, after one look at whom and with which words."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from tocsin.cli.client import House
from tocsin.cli.confirm import typed
from tocsin.cli.names import Names
from tocsin.cli.options import AsJson, Config, Data, Language, Server, Token, Yes, door
from tocsin.cli.output import (
    Exit,
    console,
    drill_first,
    fail,
    print_json,
    text,
    told_failures,
)
from tocsin.clock import SystemClock, monotonic_s

_LENGTH = re.compile(r"(?:(\d{1,3})h)?(?:(\d{1,4})m)?")


def issue(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    hazard: Annotated[str, typer.Argument(help="What the danger is, such as air-raid.")],
    area: Annotated[
        list[str],
        typer.Option("--area", help="A region: geocode or alias (ISO 3166-2); repeatable."),
    ],
    level: Annotated[str | None, typer.Option(help="A level of the hazard.")] = None,
    instruction_file: Annotated[
        list[Path] | None,
        typer.Option(help="Own instruction, NAME.LANG.txt, one file a language; repeatable."),
    ] = None,
    expires: Annotated[
        str | None, typer.Option(help="When it runs out (RFC 3339); else the hazard's default.")
    ] = None,
    lasts: Annotated[
        str | None, typer.Option("--for", help="How long it lasts, such as 2h, 90m or 1h30m.")
    ] = None,
    standing_by: Annotated[
        str | None, typer.Option(help="Make it standing, renewed each day by this person.")
    ] = None,
    drill: Annotated[bool, typer.Option("--drill", help="An exercise, never an Actual.")] = False,
    sender: Annotated[str | None, typer.Option(help="In whose name.")] = None,
    yes: Yes = False,
    people: Annotated[
        int | None, typer.Option(help="With --yes: the number of people that is shown.")
    ] = None,
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
    """Warn: shows whom and with which words, and asks for the word ISSUE."""
    if yes and people is None:
        raise typer.BadParameter("--yes needs --people N, the number of people that is shown")
    if lasts is not None:
        if expires is not None:
            raise typer.BadParameter("give --for or --expires, not both")
        expires = (SystemClock().now() + _length(lasts)).isoformat()
    body: dict[str, Any] = {
        "hazard": hazard,
        "area": {"regions": area},
        "realm": "drill" if drill else "live",
        "text": _instructions(instruction_file or []),
    }
    extra = {"level": level, "expires": expires, "standing_by": standing_by, "sender": sender}
    body |= {name: value for name, value in extra.items() if value is not None}
    with told_failures(), House(door(server, token, data, config)) as house:
        preview = house.ask("/api/v1/alerts/preview", body)
        if preview["refusals"]:
            first, *others = preview["refusals"]
            for other in others:
                _also(other)
            fail(Exit.REFUSED, first["field"], first["rule"], first["help"])
        names = Names(house, language)
        count = preview["people"]["count"]
        _show(preview, names, hazard, drill=drill)
        if not yes:
            typed("ISSUE", "Type ISSUE to send, anything else to stop:")
        elif people != (count or 0):
            fail(
                Exit.NOT_CONFIRMED, "--people", "people-differ",
                f"it would reach about {count or 0}, not {people}; look again",
            )  # fmt: skip
        began = monotonic_s()
        alert = house.post("/api/v1/alerts", {**body, "token": preview["token"]}, key=key)
        took = (monotonic_s() - began) * 1000
    if as_json:
        print_json(alert)
        return
    console().print(
        f"{drill_first(alert['realm'])}[bold green]✓[/] "
        f"Saved as [bold]{alert['handle']}[/] in {took:.0f} ms. "
        f'Undo: tocsin cancel {alert["handle"]} --reason "..."'
    )


def _length(told: str) -> timedelta:
    found = _LENGTH.fullmatch(told.strip().lower())
    hours, minutes = (int(part or 0) for part in found.groups()) if found else (0, 0)
    if not hours and not minutes:
        raise typer.BadParameter(f"--for {told}: say 2h, 90m or 1h30m")
    return timedelta(hours=hours, minutes=minutes)


def _instructions(files: list[Path]) -> dict[str, dict[str, str]]:
    found = {}
    for file in files:
        language = Path(file.stem).suffix.lstrip(".")
        if not language:
            raise typer.BadParameter(f"{file.name}: name it NAME.LANG.txt, such as leave.uk.txt")
        try:
            found[language] = {"instruction": file.read_text(encoding="utf-8").strip()}
        except (OSError, UnicodeDecodeError) as slip:
            raise typer.BadParameter(f"{file}: {slip}") from slip
    return found


def _show(preview: dict[str, Any], names: Names, hazard: str, *, drill: bool) -> None:
    shown = console(stderr=True)
    count = preview["people"]["count"]
    title = "[bold]DRILL, EXERCISE ONLY[/]" if drill else "[bold red]ACTUAL ALERT, NOT A DRILL[/]"
    whom = f"about {count:,} people" if count is not None else "people (nobody counted them)"
    shown.print(f"  {title}")
    shown.print(f"  Warn {whom} of: {names.hazard(hazard)}, {names.places(preview['regions'])}.")
    silent = preview["leaf_regions"] - len(preview["sounds_in"])
    if silent:
        shown.print(f"  No second siren in {silent} places that are under this alert already.")
    for language, words in preview["text"].get("alert", {}).items():
        said = " ".join(
            part.rstrip(".") + "." for part in (words["headline"], words["instruction"]) if part
        )
        shown.print(f"  [dim]{text(language)}[/]  {text(said)}")
    if preview["second_person"]["needed"]:
        why = ", ".join(preview["second_person"]["why"])
        shown.print(f"  Policy asks for a second person ({text(why)}).")


def _also(problem: dict[str, str]) -> None:
    line = f"{problem['field']}: {problem['rule']}: {problem['help']}"
    console(stderr=True).print(f"[bold red]✗ refused[/]  {text(line)}")
