"""A program that is there to be killed: it records what it is asked and says so on its output.

Input, a line each: ``name size``. For each it records one event under the idempotency key
``name``, in batches of whatever has arrived, as the service does, and says ``ok name number``
only after the journal took it. A name that is recorded already is answered with its number.

``--defect`` puts in the mistakes that the tests must be able to see (they are here and not in the
product): ``ack-first`` answers before it records, ``normal`` syncs as SQLite's NORMAL does,
``no-key`` records a repeat again.
"""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from tocsin.clock import Reading
from tocsin.core.alert import Audience
from tocsin.journal.sqlite import SqliteJournal
from tocsin.service.ports import Draft, Entry, IdempotencyKey, Identity

KINDS = ("alert-issued", "alert-reduced", "alert-cleared", "alert-cancelled")


def main() -> None:
    """Record until the input ends or the process is killed."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--defect", default="")
    chosen = options.parse_args()
    journal = SqliteJournal.open(chosen.folder)
    if chosen.defect == "normal":
        journal._writer.execute("PRAGMA synchronous=NORMAL")  # type: ignore[union-attr]  # noqa: SLF001
    say("ready")
    rest = b""
    while arrived := os.read(0, 65536):
        *lines, rest = (rest + arrived).split(b"\n")
        record(journal, [line.decode() for line in lines], chosen.defect)
    journal.close()


def record(journal: SqliteJournal, lines: list[str], defect: str) -> None:
    """Record a batch and answer for each line of it."""
    new: list[str] = []
    entries: list[Entry] = []
    expected = journal.head().seq
    for line in lines:
        name, size = line.split()
        known = None if defect == "no-key" else journal.find_key("client", name)
        if known is not None:
            say(f"ok {name} {known.revision}")
            continue
        new.append(name)
        entries.append(entry_of(name, int(size), expected + len(new), named=defect != "no-key"))
    answers = "\n".join(f"ok {name} {expected + n}" for n, name in enumerate(new, 1))
    if not entries:
        return
    if defect == "ack-first":
        say(answers)
    now = datetime.now(UTC)  # noqa: TID251  # a program of its own, as clock.py is for the product
    journal.append(entries, expected=expected, recorded_at=now, reading=Reading("boot", 1.0, now))
    if defect != "ack-first":
        say(answers)


def entry_of(name: str, size: int, seq: int, *, named: bool) -> Entry:
    """Return what a command leaves; its key keeps the row's number, to answer a repeat by."""
    number = int(name.rpartition("-")[2])
    alert_id = f"alert-{number % 50}"
    event = Draft(
        KINDS[number % 4],
        1,
        msgspec.json.encode({"name": name, "filler": "x" * size}),
        alert_id,
        tuple(Audience)[number % 3],
        number % 5 != 0,
    )
    if not named:
        return Entry((event,))
    return Entry(
        (event,),
        (Identity("sender", name, "content", alert_id),),
        (IdempotencyKey("client", name, "body", alert_id, seq),),
    )


def say(line: str) -> None:
    """Write a line at once, in one call."""
    os.write(1, line.encode() + b"\n")


if __name__ == "__main__":
    main()
