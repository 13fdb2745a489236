"""The typed word: nothing that sounds or ends leaves without it."""

from __future__ import annotations

import sys

from tocsin.cli.output import Exit, console, fail


def typed(word: str, question: str) -> None:
    """Ask for ``word`` on the terminal; end with exit code 4 where anything else is typed.

    A pipe is not asked: a script says ``--yes``, which has guards of its own.
    """
    if not sys.stdin.isatty():
        fail(Exit.NOT_CONFIRMED, "--yes", "not-confirmed", "no terminal to ask at; see --yes")
    shown = console(stderr=True)
    shown.print(f"{question} ", end="")
    try:
        given = sys.stdin.readline()
    except KeyboardInterrupt:
        given = ""
    if given.strip() != word:
        fail(Exit.NOT_CONFIRMED, word, "not-confirmed", "nothing was sent")
