"""Proposals at the terminal: see, approve, send back, decline, withdraw, page others.

The second person reads the whole message here before saying yes, and the yes carries the hash of
exactly what was shown: of anything else nothing is approved (RELIABILITY P18).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

import typer

from tocsin.cli.client import Problem, end
from tocsin.cli.confirm import hidden, typed
from tocsin.cli.output import (
    Exit,
    console,
    drill_first,
    fail,
    lasting,
    local,
    moment,
    print_json,
    text,
    when,
)
from tocsin.cli.rooms import ROOMS, Drill, Key, reasons
from tocsin.cli.sign import Code
from tocsin.cli.speaking import Call, speaking
from tocsin.clock import SystemClock

Proposal = Annotated[
    str, typer.Argument(help="The proposal: its handle or id.", metavar="PROPOSAL")
]
OTHER_ROOM = ("other-realm", "wrong-room")
STATES = {
    "waiting": "[bold yellow]waits[/]",
    "approved": "[green]approved[/]",
    "sent-back": "[yellow]sent back[/]",
    "withdrawn": "withdrawn",
    "expired": "[bold red]nobody answered[/]",
}
CHECKS = {
    "texts": "words in every language",
    "area": "inside the mandate",
    "end": "ends in the future",
    "already-in-force": "no such alert there yet",
}


@speaking
def proposals(call: Call, drill: Drill = False) -> None:
    """List what waits for a second person, then what was answered in the last 24 hours."""
    found = call.house.get(f"{ROOMS['drill' if drill else 'live']}/proposals")
    if call.as_json:
        print_json(found)
        return
    shown, now = console(), SystemClock().now()
    for each in found["proposals"]:
        state = STATES.get(each["state"], text(each["state"]))
        ends = moment(each["ends_at"])
        left = f", {lasting(ends - now)} left" if each["state"] == "waiting" else ""
        shown.print(
            f"  {drill_first(each['realm'])}[bold]{each['handle']}[/]  {state}{left}  "
            f"{call.names.hazard(each['hazard'])}, {call.names.places(each['regions'])}  "
            f"by {_person(each['author'])}, {when(moment(each['made_at']), now)}"
        )
    if not found["proposals"]:
        shown.print("  Nothing waits, and nothing was answered in the last 24 hours.")


@speaking
def proposal(call: Call, name: Proposal) -> None:
    """Show a proposal whole: whom it warns, every word of it, and what the house checked."""
    found, _ = found_in(call, name)
    if call.as_json:
        print_json(found)
    else:
        show(call, found, stderr=False)


@speaking
def approve(
    call: Call,
    name: Proposal,
    code: Code = None,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask for the word; needs --content.")
    ] = False,
    content: Annotated[
        str | None, typer.Option(help="With --yes: the hash of the content that was read.")
    ] = None,
    key: Key = None,
) -> None:
    """Approve somebody else's proposal: shows all of it, asks for your code and the word APPROVE.

    It is sent at once. Never one's own, nor from the author's device.
    """
    if yes and content is None:
        raise typer.BadParameter("--yes needs --content HASH, as `tocsin proposal` shows it")
    found, lines = found_in(call, name)
    show(call, found, stderr=True)
    if found["state"] != "waiting":
        end(Problem("/id", "proposal-closed", f"It is {found['state']} already."))
    if yes and content != found["content"]:
        fail(
            Exit.NOT_CONFIRMED, "--content", "content-differs",
            "this is not what was read; look again",
        )  # fmt: skip
    if not call.house.has_token:  # a token is no person, and whether it may, the house says
        one_time = code or hidden("Code of your generator:", "--code")
        call.house.ask("/api/v1/session/confirm", {"code": one_time})
    if not yes:
        typed("APPROVE", "Type APPROVE to send it, anything else to stop:")
    done = call.house.post(f"{lines}/approve", {"content": found["content"]}, key=key)
    if call.as_json:
        print_json(done)
        return
    console().print(
        f"{drill_first(done['realm'])}[bold green]✓[/] Approved and sent as "
        f'[bold]{done["handle"]}[/]. Undo: tocsin cancel {done["handle"]} --reason "..."'
    )


@speaking
def send_back(
    call: Call,
    name: Proposal,
    reason: Annotated[str, typer.Option(help="What is to be changed.")],
    key: Key = None,
) -> None:
    """Send a proposal back: not so. Its author changes it and proposes anew."""
    _say(call, name, "send-back", {"reason": reason}, "sent back", key)


@speaking
def decline(
    call: Call,
    name: Proposal,
    reason: Annotated[str, typer.Option(help="Why, in a few words.")] = "",
    key: Key = None,
) -> None:
    """Say that you cannot now; somebody else is called."""
    _say(call, name, "decline", {"reason": reason}, "declined; others are called", key)


@speaking
def withdraw(call: Call, name: Proposal, key: Key = None) -> None:
    """Take back your own proposal."""
    _say(call, name, "withdraw", {}, "withdrawn; nothing was sent", key)


@speaking
def page(call: Call, name: Proposal, key: Key = None) -> None:
    """Call further officers to a proposal that nobody answers."""
    _say(call, name, "page", {}, "called further officers to it", key)


def found_in(call: Call, name: str) -> tuple[dict[str, Any], str]:
    """Return a proposal and the address of its lines, in whichever room it stands."""
    first, second = ROOMS.values()
    room, found = first, call.house.look(f"{first}/proposals/{name}")
    if isinstance(found, Problem) and found.rule in OTHER_ROOM:
        room, found = second, call.house.look(f"{second}/proposals/{name}")
    if isinstance(found, Problem):
        end(found)
    return found, f"{room}/proposals/{found['id']}"


def show(call: Call, found: dict[str, Any], *, stderr: bool) -> None:
    """Print a proposal whole."""
    shown, names, now = console(stderr=stderr), call.names, SystemClock().now()
    drill = found["realm"] == "drill"
    title = "[bold]DRILL, EXERCISE ONLY[/]" if drill else "[bold red]ACTUAL ALERT, NOT A DRILL[/]"
    shown.print(f"  {title}   proposal [bold]{found['handle']}[/]")
    count = found["people"]
    whom = f"about {count:,} people" if count is not None else "people (nobody counted them)"
    level = f" ({text(found['level'])})" if found["level"] else ""
    shown.print(
        f"  Warn {whom} of: {names.hazard(found['hazard'])}{level}, "
        f"{names.places(found['regions'], most=20)}."
    )
    area = found["area"]
    drawn = len(area["polygons"]) + len(area["circles"])
    if drawn:
        shown.print(f"  Drawn        {drawn} shapes")
    if found["change"] is not None:
        shown.print(f"  Changes      {text(found['change']['handle'])}")
    for language, words in found["text"].items():
        for part in ("headline", "description", "instruction"):
            if words[part]:
                shown.print(f"  [dim]{text(language)}[/]  {text(words[part])}")
    shown.print(f"  Why two      {reasons(found['why'])}")
    author = f"{_person(found['author'])} for {text(found['sender'])}"
    shown.print(f"  Author       {author}, {when(moment(found['made_at']), now)}")
    if found["because"]:
        shown.print(f"  Says         {text(found['because'])}")
    shown.print(f"  Alert ends   {_end(found, call, now)}")
    for each in found["checks"]:
        mark = "[bold green]✓[/]" if each["ok"] else "[bold red]✗[/]"
        note = f": {text(each['note'])}" if each["note"] and not each["ok"] else ""
        shown.print(f"  {mark} {CHECKS.get(each['check'], text(each['check']))}{note}")
    state = STATES.get(found["state"], text(found["state"]))
    ends = local(moment(found["ends_at"]), seconds=True)
    if found["state"] == "waiting":
        shown.print(f"  State        {state} until {ends}")
    else:
        by = f" by {_person(found['answered_by'])}" if found["answered_by"] else ""
        why = f": {text(found['reason'])}" if found["reason"] else ""
        shown.print(f"  State        {state}{by}{why}")
    for each in found["declined"]:
        shown.print(f"  Declined     {_person(each)}")
    shown.print(f"  Content      {found['content']}")


def _say(
    call: Call, name: str, verdict: str, body: dict[str, str], told: str, key: str | None
) -> None:
    found, lines = found_in(call, name)
    done = call.house.post(f"{lines}/{verdict}", body, key=key)
    if call.as_json:
        print_json(done)
        return
    console().print(f"{drill_first(found['realm'])}[bold green]✓[/] {found['handle']} {told}.")


def _end(found: dict[str, Any], call: Call, now: datetime) -> str:
    """Return when the alert itself would end; the proposal's own end is another matter."""
    if found["expires"] is not None:
        return when(moment(found["expires"]), now)
    if found["change"] is not None:
        return f"as {text(found['change']['handle'])} does now; the proposal does not change it"
    known = call.names.hazards.get(found["hazard"])
    if known is None:
        return "as is usual for this danger"
    usual = timedelta(seconds=known["default_s"])
    return f"{lasting(usual)} after it is approved, as is usual for this danger"


def _person(person: dict[str, str]) -> str:
    return text(person["name"] or person["account"])
