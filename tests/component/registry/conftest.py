"""The engines that every test of the contract runs on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tocsin.registry.sqlite import SqliteRegistry
from tocsin.service.registry import Registry

ENGINES: dict[str, Callable[[Path], Registry]] = {"sqlite": SqliteRegistry.open}


@pytest.fixture(params=sorted(ENGINES))
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    """An empty registry of each engine."""
    opened = ENGINES[request.param](tmp_path / "data")
    yield opened
    opened.close()
