"""A whole house in a process of its own that is there to be killed: bootstrap's node under uvicorn.

``house_process.py FOLDER PORT [--defect NAME]``; says ``ready`` once it answers. ``--defect`` puts
in the mistakes that tests of faults must be able to see: ``ack-first`` answers before it
records, ``normal`` syncs as SQLite's NORMAL does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import uvicorn

from tocsin import bootstrap
from tocsin.clock import Reading, SystemClock
from tocsin.journal.plan import plan
from tocsin.journal.sqlite import SqliteJournal
from tocsin.logs import set_up
from tocsin.service.ports import Entry, Head, Row
from tocsin.settings import Journal, Profile, Settings


class Early(SqliteJournal):
    """A journal with the worst of mistakes: it says that it recorded what it will record soon."""

    _early: Head | None = None
    _later = ThreadPoolExecutor(1)

    def append(
        self, batch: Sequence[Entry], *, expected: int, recorded_at: datetime, reading: Reading
    ) -> list[tuple[Row, ...]]:
        """Answer at once and record afterwards."""
        planned = plan(self._early or self.head(), batch, recorded_at)
        self._early = planned.head
        self._later.submit(
            super().append, batch, expected=expected, recorded_at=recorded_at, reading=reading
        )
        return planned.rows


class Saying(uvicorn.Server):
    """Says ``ready`` on its output once it listens."""

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        """Start as uvicorn does, then say so."""
        await super().startup(sockets)  # type: ignore[arg-type]
        os.write(1, b"ready\n")


def main() -> None:
    """Serve until killed."""
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("port", type=int)
    options.add_argument("--defect", default="")
    options.add_argument("--no-notes", action="store_true", help="commit for commands only")
    chosen = options.parse_args()
    if chosen.defect == "ack-first":
        vars(bootstrap)["SqliteJournal"] = Early
    settings = Settings(journal=Journal(folder=chosen.folder), profile=Profile(id="ua"))
    set_up("error", "json", now=SystemClock().now)
    node = bootstrap.open_node(settings)
    if chosen.no_notes:
        vars(node.service)["note_clock"] = lambda _reading: None
    if chosen.defect == "normal":
        node.journal._writer.execute("PRAGMA synchronous=NORMAL")  # type: ignore[union-attr]  # noqa: SLF001
    config = uvicorn.Config(node.app, port=chosen.port, log_level="error", lifespan="on")
    asyncio.run(Saying(config).serve())


if __name__ == "__main__":
    main()
