"""Single keys: from a terminal at once, without Enter, or a letter at a time from a pipe."""

from __future__ import annotations

import contextlib
import os
import select
import sys
import termios
import tty
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

TICK_S = 0.2


class Keyboard:
    """The keys that are pressed; a context that leaves the terminal as it found it."""

    def __init__(self, descriptor: int | None = None) -> None:
        self._fd = sys.stdin.fileno() if descriptor is None else descriptor
        self._before: list[Any] | None = None
        self.is_terminal = os.isatty(self._fd)
        self.is_open = True

    def __enter__(self) -> Self:
        if self.is_terminal:
            self._before = termios.tcgetattr(self._fd)
            tty.setcbreak(self._fd)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._before is not None:
            with contextlib.suppress(termios.error):
                termios.tcsetattr(self._fd, termios.TCSADRAIN, self._before)

    def pressed(self) -> str:
        """Return what was pressed within a fifth of a second; empty: nothing."""
        if not self.is_open:
            return ""
        ready, _, _ = select.select([self._fd], [], [], TICK_S)
        if not ready:
            return ""
        data = os.read(self._fd, 64)
        if not data:
            self.is_open = False
        return data.decode("utf-8", "ignore")


def keys(board: Keyboard, until: Callable[[], bool]) -> Iterator[str]:
    """Yield single keys until told to stop; after the end of a pipe none come, and it ends late."""
    while not until():
        if not board.is_open:
            return
        yield from board.pressed()
