"""``tocsin issue``: warn, after one look at whom and with which words."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.console import Console

from tocsin.cli.client import Problem, end
from tocsin.cli.confirm import typed
from tocsin.cli.evacuation import Plan, plan_of
from tocsin.cli.options import Yes
from tocsin.cli.output import Exit, console, drill_first, fail, print_json, text
from tocsin.cli.rooms import (
    ROOMS,
    Because,
    Expires,
    Instructions,
    Key,
    Lasts,
    Level,
    Override,
    Second,
    Sender,
    given,
    instructions,
    proposed,
    reasons,
    second_of,
    until,
)
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import monotonic_s


@speaking
def issue(  # noqa: PLR0913, PLR0917  # a verb's options are its arguments
    call: Call,
    hazard: Annotated[str, typer.Argument(help="What the danger is, such as air-raid.")],
    area: Annotated[
        list[str],
        typer.Option("--area", help="A region: geocode or alias (ISO 3166-2); repeatable."),
    ],
    level: Level = None,
    instruction_file: Instructions = None,
    plan: Plan = None,
    expires: Expires = None,
    lasts: Lasts = None,
    standing_by: Annotated[
        str | None, typer.Option(help="Make it standing, renewed each day by this person.")
    ] = None,
    drill: Annotated[bool, typer.Option("--drill", help="An exercise, never an Actual.")] = False,
    hold: Annotated[
        bool, typer.Option("--hold", help="Nobody but its own sender may end it.")
    ] = False,
    channel: Annotated[
        list[str] | None, typer.Option("--channel", help="Only by this way out; repeatable.")
    ] = None,
    second: Second = False,
    because: Because = None,
    override: Override = None,
    sender: Sender = None,
    yes: Yes = False,
    people: Annotated[
        int | None, typer.Option(help="With --yes: the number of people that is shown.")
    ] = None,
    key: Key = None,
) -> None:
    """Warn: shows whom and with which words, and asks for the word ISSUE.

    Where policy wants two people it becomes a proposal and nothing is sent before somebody else has
    approved it.
    """
    if yes and people is None:
        raise typer.BadParameter("--yes needs --people N, the number of people that is shown")
    room = "drill" if drill else "live"
    body: dict[str, Any] = {
        "hazard": hazard,
        "area": {"regions": area},
        "realm": room,
        "text": instructions(instruction_file),
    }
    body |= given(
        level=level, expires=until(lasts, expires), standing_by=standing_by, sender=sender,
        second=second_of(second=second, because=because), override=override,
        hold=hold or None, channels=channel or None, evacuation=plan_of(plan),
    )  # fmt: skip
    lines, house = ROOMS[room], call.house
    preview = house.ask(f"{lines}/alerts/preview", body)
    if preview["refusals"]:
        first, *others = preview["refusals"]
        for other in others:
            _also(other)
        end(Problem(first["field"], first["rule"], first["help"]))
    count = preview["people"]["count"]
    _show(call, preview, body, drill=drill)
    if not yes:
        typed("ISSUE", "Type ISSUE to send, anything else to stop:")
    elif people != (count or 0):
        fail(
            Exit.NOT_CONFIRMED, "--people", "people-differ",
            f"it would reach about {count or 0}, not {people}; look again",
        )  # fmt: skip
    began = monotonic_s()
    done = house.post(f"{lines}/alerts", {**body, "token": preview["token"]}, key=key)
    took = (monotonic_s() - began) * 1000
    if proposed(call, done):
        return
    if call.as_json:
        print_json(done)
        return
    console().print(
        f"{drill_first(done['realm'])}[bold green]✓[/] "
        f"Saved as [bold]{done['handle']}[/] in {took:.0f} ms. "
        f'Undo: tocsin cancel {done["handle"]} --reason "..."'
    )


def _show(call: Call, preview: dict[str, Any], body: dict[str, Any], *, drill: bool) -> None:
    shown, names = console(stderr=True), call.names
    hazard, override = body["hazard"], body.get("override")
    count = preview["people"]["count"]
    title = "[bold]DRILL, EXERCISE ONLY[/]" if drill else "[bold red]ACTUAL ALERT, NOT A DRILL[/]"
    whom = f"about {count:,} people" if count is not None else "people (nobody counted them)"
    shown.print(f"  {title}")
    shown.print(f"  Warn {whom} of: {names.hazard(hazard)}, {names.places(preview['regions'])}.")
    if preview.get("larger_than_usual"):
        shown.print("  [bold yellow]Far larger than usual for this danger: look again.[/]")
    silent = preview["leaf_regions"] - len(preview["sounds_in"])
    if silent:
        shown.print(f"  No second siren in {silent} places that are under this alert already.")
    for language, words in preview["text"].get("alert", {}).items():
        said = " ".join(
            part.rstrip(".") + "." for part in (words["headline"], words["instruction"]) if part
        )
        shown.print(f"  [dim]{text(language)}[/]  {text(said)}")
    if (leave := body.get("evacuation")) is not None:
        _show_plan(shown, leave)
    second = preview["second_person"]
    if override is not None:
        shown.print(
            "  [bold red]OVERRIDE[/]: it does not wait for a second person. "
            "Officers are called, and your reason is kept for ever."
        )
    elif second["needed"]:
        shown.print(
            f"  Needs a second person ({reasons(second['why'])}): nothing is sent before "
            "somebody else has approved it."
        )


def _show_plan(shown: Console, plan: dict[str, Any]) -> None:
    """Say where people are sent, by when, and who reads where they gather."""
    shown.print(f"  To leave by {text(plan['deadline'])}.")
    for name in ("destination", "routes", "transport", "help", "assembly"):
        for language, said in plan[name].items():
            shown.print(f"  [dim]{text(language)}[/]  {name}: {text(said)}")
    who = "everybody" if plan.get("assembly_public") else "officers only"
    shown.print(f"  Where people gather is read by {who}.")


def _also(problem: dict[str, str]) -> None:
    line = f"{problem['field']}: {problem['rule']}: {problem['help']}"
    console(stderr=True).print(f"[bold red]✗ refused[/]  {text(line)}")
