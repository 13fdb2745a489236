"""How the command line prints, and how it ends.

Human text on a terminal; plain text where it is piped or ``NO_COLOR`` is set; ``--json``
everywhere. A state has a symbol and a word besides its colour. Errors go to standard error as
``field: rule: what to do``.

Source: UX.md section 8.
"""

from __future__ import annotations

import enum
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import NoReturn
from zoneinfo import ZoneInfo

import msgspec
import typer
from rich.console import Console
from rich.markup import escape

from tocsin.errors import BadInput, JournalBroken, ProfileProblem, TocsinError
from tocsin.settings import SettingsRefused


class Exit(enum.IntEnum):
    """How a verb ends."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNREACHABLE = 3
    NOT_CONFIRMED = 4
    CHECK_FAILED = 5


SIGNS: Mapping[str, tuple[str, str, str]] = {
    "active": ("▲", "ALERT", "bold red"),
    "partial": ("◪", "PART", "red"),
    "unconfirmed": ("?", "UNCONFIRMED", "bold magenta"),
    "cleared": ("✓", "ALL-CLEAR", "bold green"),
    "cancelled": ("✕", "CANCELLED", "yellow"),
    "none": ("·", "none", "dim"),
    "no-information": ("\u2571", "NO INFORMATION", "dim"),
}
"""State of a region or of an alert: symbol, word, colour."""


def console(*, stderr: bool = False) -> Console:
    """Return where to print: coloured on a terminal only, wide where it is piped."""
    stream = sys.stderr if stderr else sys.stdout
    plain = not stream.isatty()
    return Console(
        file=stream,
        highlight=False,
        soft_wrap=True,
        no_color=True if plain or "NO_COLOR" in os.environ else None,
        force_terminal=False if plain else None,
        emoji=False,
    )


def sign(state: str) -> str:
    """Return a state's symbol and word, coloured."""
    symbol, word, style = SIGNS.get(state, ("-", state, ""))
    return f"[{style}]{symbol} {word}[/]" if style else f"{symbol} {word}"


def drill_first(realm: str) -> str:
    """Return what every line about a drill begins with; nothing for the live realm."""
    return "[bold magenta]D DRILL[/]  " if realm == "drill" else ""


def text(value: object) -> str:
    """Return text from elsewhere, safe to print as it is."""
    plain = "".join(c if c.isprintable() or c == "\n" else "\ufffd" for c in str(value))
    return escape(plain)


def print_json(body: object) -> None:
    """Print one JSON document on standard output; times are UTC."""
    sys.stdout.buffer.write(msgspec.json.encode(body) + b"\n")
    sys.stdout.flush()


def fail(
    exit_code: Exit, field: str, rule: str, what_to_do: str, *, is_told: bool = False
) -> NoReturn:
    """Print an error as ``field: rule: what to do`` on standard error and end.

    Where JSON was asked for, the same stands on standard output as one object, unless the verb
    has told it in its own (``is_told``).
    """
    if "--json" in sys.argv and not is_told:
        print_json({"rule": rule, "field": field, "help": what_to_do, "exit": int(exit_code)})
    shown = console(stderr=True)
    word = "refused" if exit_code is Exit.REFUSED else "failed"
    shown.print(f"[bold red]✗ {word}[/]  {text(field)}: {text(rule)}: {text(what_to_do)}")
    raise typer.Exit(exit_code)


@contextmanager
def told_failures() -> Iterator[None]:
    """Turn what the world's failing raises into a line and an exit code."""
    try:
        yield
    except SettingsRefused as slip:
        fail(Exit.USAGE, "settings", "bad-settings", str(slip))
    except ProfileProblem as slip:
        fail(Exit.USAGE, "profile", "bad-profile", str(slip))
    except BadInput as slip:
        fail(Exit.REFUSED, slip.field, slip.rule, str(slip))
    except JournalBroken as broken:
        fail(Exit.CHECK_FAILED, f"row {broken.seq}", "journal-broken", str(broken))
    except TocsinError as failed:
        fail(Exit.UNREACHABLE, "--data", "not-available", str(failed))


def lasting(span: timedelta) -> str:
    """Return how long something lasts, as people say it: ``1 h 47 min``."""
    minutes = max(0, int(span.total_seconds())) // 60
    if minutes < 1:
        return "under 1 min"
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"


def local(at: datetime, zone: str | None = None, *, seconds: bool = False) -> str:
    """Return a time of day in the given time zone, else in this machine's."""
    there = at.astimezone(ZoneInfo(zone) if zone else None)
    return there.strftime("%H:%M:%S" if seconds else "%H:%M")


def when(at: datetime, now: datetime) -> str:
    """Return a time of day on this machine, with its date where that is not today's."""
    there = at.astimezone()
    same = there.date() == now.astimezone().date()
    return there.strftime("%H:%M" if same else "%Y-%m-%d %H:%M")


def moment(plain: str) -> datetime:
    """Return a time as the API writes it."""
    return datetime.fromisoformat(plain)
