"""A country is data: no country's name, code or city stands in code, templates or scripts.

Exempt are the file names of the drop-in formats, whose subject is one country's service, and
data folders. Languages are no countries: their codes and words may stand in ``locale``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import tocsin

PACKAGE = Path(tocsin.__file__).parent
EXEMPT_FOLDERS = {"data", "locale", "__pycache__"}
VENDORED = PACKAGE / "web" / "static" / "vendor"
"""Others' code, packed: `uA8` is a name in it and no country's."""
EXEMPT_FILES = {"ukrainealarm.py", "alerts_in_ua.py", "oref.py"}
CODE = {".py", ".html", ".jinja", ".j2", ".txt", ".xml", ".js", ".mjs", ".css", ".sql", ".svg"}

NAMES = re.compile(
    r"""ukrain | україн | kyiv | kiev | київ | lviv | львів | kharkiv | odesa | nikopol | нікопол
      | norw(?:ay|egian) | norge | noreg | oslo | israel | jerusalem | tel.aviv | russia | крим
      | crimea
      | luhansk | katottg | кататтг | oblast | \braion | hromada
      | \bUA[-0-9] | \bNO-\d | UA\d{17} | Europe/(?:Kyiv|Oslo)
      | ukrainealarm | alerts.in.ua | \boref\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


def code_files() -> list[Path]:
    return [
        path
        for path in sorted(PACKAGE.rglob("*"))
        if path.suffix in CODE
        and not EXEMPT_FOLDERS & set(path.relative_to(PACKAGE).parts)
        and path.name not in EXEMPT_FILES
        and VENDORED not in path.parents
    ]


def places_in(text: str) -> list[str]:
    return [
        f"{number}: {found.group()}"
        for number, line in enumerate(text.splitlines(), 1)
        if (found := NAMES.search(line))
    ]


def test_there_is_code_to_look_at():
    assert len(code_files()) > 50


@pytest.mark.parametrize("path", code_files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_country_stands_in_code(path: Path):
    assert not places_in(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "line", ['if region == "UA-30":', "# Kyiv time", 'zone = "Europe/Oslo"', "the oblast's end"]
)
def test_the_test_itself_would_notice(line: str):
    assert places_in(line)
