"""The life and death of a writing process, again and again, and what is left of its journal.

The one who asks (8 commands under way at any time) remembers every answer and asks again, by
the same name, for whatever had none when the process died.
"""

from __future__ import annotations

import contextlib
import os
import random  # noqa: TID251  # seeded by each test
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from tocsin.journal.sqlite import SqliteJournal
from tocsin.journal.verify import verify

WRITER = Path(__file__).with_name("journal_writer.py")
UNDER_WAY = 8


class _Named(msgspec.Struct):
    name: str


@dataclass
class Asked:
    """All that was asked so far: what was answered, and what still needs an answer."""

    chance: random.Random
    big_every: int = 0
    answered: dict[str, int] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    slowest_start_s: float = 0.0
    _count: int = 0

    def next_line(self) -> str:
        """Return a new command, mostly small, now and then as big as an alert in six languages."""
        self._count += 1
        big = self.big_every and self.chance.randrange(self.big_every) == 0
        size = 60_000 if big else self.chance.randrange(400)
        line = f"command-{self._count} {size}"
        self.open.append(line)
        return line

    def take(self, answer: str) -> None:
        """Remember an answer."""
        _, name, number = answer.split()
        assert self.answered.setdefault(name, int(number)) == int(number), "two answers for one"
        self.open = [line for line in self.open if line.split()[0] != name]


def live(
    asked: Asked,
    folder: Path,
    *,
    defect: str = "",
    kill_after_s: float | None = None,
    from_start: bool = False,
    env: dict[str, str] | None = None,
    limit: int | None = None,
) -> int:
    """Run one process until it dies (or answered ``limit`` commands); return its exit code.

    ``kill_after_s`` counts from the moment it is ready, or ``from_start``.
    """
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, str(WRITER), str(folder), "--defect", defect],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **(env or {})},
    )
    timer = threading.Timer(kill_after_s or 0, process.kill)
    if from_start and kill_after_s is not None:
        timer.start()
    assert process.stdin is not None
    assert process.stdout is not None
    left = limit
    for line in process.stdout:
        if not line.endswith("\n"):
            break  # cut in the middle: not an answer
        if line == "ready\n":
            asked.slowest_start_s = max(asked.slowest_start_s, time.monotonic() - begun)
            if kill_after_s is not None and not from_start:
                timer.start()
            again = asked.open[:]
            new = [asked.next_line() for _ in range(UNDER_WAY - len(again))]
            _ask(process, again + new)
            continue
        asked.take(line)
        if left is not None:
            left -= 1
            if left <= 0:
                break
        _ask(process, [asked.next_line()])
    timer.cancel()
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    for line in process.stdout:
        if line.endswith("\n") and line.startswith("ok "):
            asked.take(line)
    process.stdout.close()
    return process.wait()


def _ask(process: subprocess.Popen[str], lines: list[str]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):  # it just died; asked again in its next life
        process.stdin.write("".join(f"{line}\n" for line in lines))
        process.stdin.flush()


def faults_of(asked: Asked, folder: Path, *, readonly: bool = True) -> list[str]:
    """Return all that is wrong with the journal in ``folder``, given what was answered.

    ``verify`` asks SQLite's integrity_check too. Not ``readonly``, the file is recovered as a
    restart does it.
    """
    journal = SqliteJournal.open(folder, readonly=readonly)
    try:
        verdict = verify(journal)
        faults = [] if verdict.is_ok else [f"chain: {verdict.misfit}"]
        found: dict[str, int] = {}
        times: Counter[str] = Counter()
        for row in journal.read():
            name = msgspec.json.decode(row.data, type=_Named).name
            found[name] = row.seq
            times[name] += 1
        faults += [f"doubled: {name}" for name, count in times.items() if count > 1]
        for name, number in asked.answered.items():
            if found.get(name) != number:
                faults.append(f"lost: {name} was answered {number}, is {found.get(name)}")
        return faults
    finally:
        journal.close()
