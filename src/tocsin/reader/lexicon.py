"""The words of a language, read once from ``data/lexicons/<language>/<name>.toml``.

Grammar is code, words are data: a third language is a folder, no change here.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Any

FALLBACK = "en"


@cache
def lexicon(language: str, name: str) -> dict[str, Any]:
    """Return the table of that name; an empty one where the language has none yet."""
    file = resources.files("tocsin") / "data" / "lexicons" / language / f"{name}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that have a lexicon, the fallback first."""
    folder = resources.files("tocsin") / "data" / "lexicons"
    found = sorted(each.name for each in folder.iterdir() if each.is_dir())
    return (FALLBACK, *(name for name in found if name != FALLBACK))
