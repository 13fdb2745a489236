"""The engines that every test of the contract runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tocsin.journal.memory import MemoryJournal
from tocsin.journal.sqlite import SqliteJournal
from tocsin.service.ports import Journal


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    """An empty journal of each engine."""
    opened: Journal = (
        MemoryJournal() if request.param == "memory" else SqliteJournal.open(tmp_path / "data")
    )
    yield opened
    opened.close()


@pytest.fixture
def open_sqlite(tmp_path: Path) -> Iterator[Callable[..., SqliteJournal]]:
    """Opens the same folder again and again; all are released at the end."""
    opened: list[SqliteJournal] = []

    def open_it(**options: object) -> SqliteJournal:
        opened.append(SqliteJournal.open(tmp_path / "data", **options))  # type: ignore[arg-type]
        return opened[-1]

    yield open_it
    for one in opened:
        one.close()
