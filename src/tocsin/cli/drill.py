"""``tocsin drill``: drills from a plan or by hand, in the drill room and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, Literal, NoReturn

import typer

from tocsin.cli.client import Problem
from tocsin.cli.confirm import typed
from tocsin.cli.drillrun import Run, Stopped, issue_body
from tocsin.cli.issue import issue
from tocsin.cli.names import where
from tocsin.cli.output import (
    Exit,
    console,
    drill_first,
    fail,
    lasting,
    moment,
    print_json,
    sign,
    text,
    when,
)
from tocsin.cli.plan import Plan, read
from tocsin.cli.rooms import ROOMS
from tocsin.cli.speaking import Call, preset, speaking
from tocsin.clock import SystemClock

app = typer.Typer(help="Drills, in a room of their own.", no_args_is_help=True)
app.command("issue")(preset(issue, "Give a drill by hand; the same as issue --drill.", drill=True))


@app.command("list")
@speaking
def list_(call: Call) -> None:
    """List the drills that run now."""
    found = call.house.get("/api/v1/alerts", drill=1)
    if call.as_json:
        print_json(found)
        return
    now = SystemClock().now()
    for each in found["alerts"]:
        console().print(
            f"{drill_first('drill')}[bold]{each['handle']}[/]  {sign(each['state'])}  "
            f"{call.names.hazard(each['hazard'])}, {where(each, call.names)}  "
            f"since {when(moment(each['sent']), now)}, until {when(moment(each['expires']), now)}"
        )
    if not found["alerts"]:
        console().print("  No drill runs.")


@app.command()
@speaking
def run(
    call: Call,
    plan: Annotated[Path, typer.Argument(help="The plan, a TOML file.", metavar="PLAN")],
    check: Annotated[
        bool, typer.Option("--check", help="Only check it, with the house; nothing is sent.")
    ] = False,
    pace: Annotated[
        Literal["real", "max"], typer.Option(help="At the plan's own times, or without waiting.")
    ] = "real",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for the word.")] = False,
) -> None:
    """Run a drill from a plan: checked whole first; asks for the word DRILL.

    What it issued ends with it, also where it is interrupted, refused, or broken off by a real
    alert. It never touches an alert that it did not issue. With --json: one object a line.
    """
    steps = _read(call, plan)
    _try_out(call, steps)
    if check:
        _checked(call, steps)
        return
    shown = console(stderr=True)
    shown.print(
        f"  [bold]DRILL, EXERCISE ONLY[/]  {text(steps.name)}: {len(steps.steps)} steps"
        + (f", {lasting(timedelta(seconds=steps.lasts_s))}" if pace == "real" else ", at once")
    )
    if not yes:
        typed("DRILL", "Type DRILL to begin, anything else to stop:")
    try:
        Run(call, steps, paced=pace == "real").go()
    except Stopped as stopped:
        code = Exit.NOT_CONFIRMED if stopped.rule == "interrupted" else Exit.REFUSED
        fail(code, stopped.field, stopped.rule, stopped.help, is_told=call.as_json)


def _read(call: Call, file: Path) -> Plan:
    try:
        found = read(file.read_text(encoding="utf-8"))
    except OSError as slip:
        fail(Exit.USAGE, str(file), "unreadable", slip.strerror or "cannot be read")
    except UnicodeDecodeError:
        fail(Exit.USAGE, str(file), "unreadable", "it is not text")
    if isinstance(found, Plan):
        return found
    return _bad(call, found)


def _try_out(call: Call, plan: Plan) -> None:
    """Ask the house what it would refuse: every alert is tried out, every region looked up."""
    wrong: list[str] = []
    for number, step in enumerate(plan.steps, 1):
        which = f"step {number} ({step.do})"
        if step.do == "issue":
            asked = call.house.ask(f"{ROOMS['drill']}/alerts/preview", issue_body(plan, step))
            wrong += [
                f"{which}: {each['field']}: {each['rule']}: {each['help']}"
                for each in asked["refusals"]
            ]
        else:
            wrong += [
                f"{which}: area: {each}: {found.help}"
                for each in step.area or ()
                if isinstance(found := call.house.look(f"/api/v1/regions/{each}"), Problem)
            ]
    if wrong:
        _bad(call, wrong)


def _checked(call: Call, plan: Plan) -> None:
    if call.as_json:
        print_json({"ok": True, "name": plan.name, "steps": len(plan.steps)})
    else:
        told = f"{text(plan.name)}: {len(plan.steps)} steps, lasts {plan.lasts_s:,.0f} s"
        console().print(f"[bold green]✓[/] {told}. Nothing was sent.")


def _bad(call: Call, wrong: list[str]) -> NoReturn:
    if call.as_json:
        print_json({"ok": False, "wrong": wrong})
    shown = console(stderr=True)
    for each in wrong:
        shown.print(f"[bold red]✗[/] {text(each)}")
    fail(
        Exit.CHECK_FAILED, "PLAN", "bad-plan", f"{len(wrong)} slips; nothing was sent",
        is_told=call.as_json,
    )  # fmt: skip
