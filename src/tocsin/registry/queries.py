"""The SQL beside the engines: named queries and numbered migrations, read from ``sql/``.

As the journal's; the two are strangers to each other, so each reads its own.
"""

from __future__ import annotations

import re
from importlib.resources import files

_QUERY = re.compile(r"^-- name: (\w+)\n((?:-- [^\n]*\n)+)(.+?);\s*$", re.MULTILINE | re.DOTALL)
_MIGRATION = re.compile(r"(\d{4})-[a-z0-9-]+\.sql")


def queries(engine: str) -> dict[str, str]:
    """Return an engine's queries by name; each has a sentence above it that says what it is for."""
    text = files("tocsin.registry").joinpath("sql", engine, "queries.sql").read_text("utf-8")
    return {name: " ".join(body.split()) for name, _, body in _QUERY.findall(text)}


def migrations(engine: str) -> list[str]:
    """Return an engine's migrations in order; the n-th (from 1) leads to schema version n.

    Raises:
        ValueError: The files' numbers are not 1, 2, 3 and so on.
    """
    found: dict[int, str] = {}
    for file in files("tocsin.registry").joinpath("sql", engine).iterdir():
        if match := _MIGRATION.fullmatch(file.name):
            found[int(match[1])] = file.read_text("utf-8")
    if sorted(found) != list(range(1, len(found) + 1)):
        raise ValueError(f"the migrations of {engine} are not numbered 1 to {len(found)}")
    return [found[number] for number in sorted(found)]
