"""The typed word: nothing that sounds or ends leaves without it. And what is typed unseen."""

from __future__ import annotations

import sys
import termios

from tocsin.cli.output import Exit, console, fail


def typed(word: str, question: str) -> None:
    """Ask for ``word`` on the terminal; end with exit code 4 where anything else is typed.

    A pipe is not asked: a script says ``--yes``, which has guards of its own.
    """
    if not sys.stdin.isatty():
        fail(Exit.NOT_CONFIRMED, "--yes", "not-confirmed", "no terminal to ask at; see --yes")
    if _line(question) != word:
        fail(Exit.NOT_CONFIRMED, word, "not-confirmed", "nothing was sent")


def asked(question: str, option: str) -> str:
    """Ask for something on the terminal; a script gives ``option``."""
    if not sys.stdin.isatty():
        fail(Exit.USAGE, option, "missing", "no terminal to ask at; give it")
    return _line(question)


def hidden(question: str, option: str) -> str:
    """Ask for something that does not show while it is typed; a script gives ``option``."""
    if not sys.stdin.isatty():
        fail(Exit.USAGE, option, "missing", "no terminal to ask at; give it")
    terminal = sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    silent = termios.tcgetattr(terminal)
    silent[3] &= ~termios.ECHO  # the local flags
    try:
        termios.tcsetattr(terminal, termios.TCSADRAIN, silent)  # keeps what was typed ahead
        return _line(question)
    finally:
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
        console(stderr=True).print()


def _line(question: str) -> str:
    console(stderr=True).print(f"{question} ", end="")
    try:
        return sys.stdin.readline().strip("\r\n").strip()
    except KeyboardInterrupt:
        return ""
