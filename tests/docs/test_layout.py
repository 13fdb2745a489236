"""The layout is as its map says: a newcomer who reads the folder names knows the road."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import pytest

import tocsin

PACKAGE = Path(tocsin.__file__).parent
DATA_ONLY = {"data", "locale"}
STAGES = (
    "IN, CHECKED",
    "CHECKED",
    "DECIDED",
    "RECORDED",
    "FANNED OUT",
    "SHOWN",
    "HELPERS OF ALL STAGES",
    "HELPERS OF WHO RUNS IT",
)


def packages() -> list[Path]:
    return [folder.parent for folder in sorted(PACKAGE.glob("*/__init__.py"))]


def modules() -> list[Path]:
    return [file for file in sorted(PACKAGE.rglob("*.py")) if "data" not in file.parts]


def docstring(file: Path) -> str:
    return ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""


@pytest.mark.parametrize("folder", packages(), ids=lambda folder: folder.name)
def test_every_package_opens_with_its_stage_its_imports_and_its_tests(folder: Path):
    text = docstring(folder / "__init__.py")

    assert text.splitlines()[0].startswith(STAGES)
    assert "May import:" in text
    assert "Tests: ``tests/" in text


def test_every_package_and_module_at_the_top_is_on_the_map():
    here = {folder.name for folder in packages()}
    here |= {file.stem for file in PACKAGE.glob("*.py")} - {"__init__", "__main__"}

    missing = [name for name in sorted(here) if not re.search(rf"\b{name}\b", tocsin.__doc__ or "")]

    assert not missing


def test_the_map_and_the_contract_name_the_same_order(root: Path):
    order = re.search(r"__main__ > (.|\n)*", (tocsin.__doc__ or "").split("\n\nMay")[0])
    with (root / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["type"] == "layers")

    assert order is not None
    said = [set(re.findall(r"\w+", layer)) for layer in order.group().split(">")]
    assert said == [set(re.findall(r"\w+", layer)) for layer in layers]


def test_a_package_with_a_contract_of_its_own_has_it_from_the_first_day(root: Path):
    with (root / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    protected = next(c["protected_modules"] for c in contracts if c["type"] == "protected")
    forbidden = [source for c in contracts for source in c.get("source_modules", [])]
    names = {folder.name for folder in packages()}

    assert {f"tocsin.{engine}" for engine in names & {"journal", "registry"}} <= set(protected)
    assert {f"tocsin.{quiet}" for quiet in names & {"core", "client"}} <= set(forbidden)


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(PACKAGE)))
def test_every_module_says_what_it_is(file: Path):
    first = docstring(file).split("\n\n")[0]

    assert len(first) > 20


def test_data_folders_hold_no_code():
    assert not [file for name in DATA_ONLY for file in (PACKAGE / name).rglob("*.py")]


def test_no_file_but_the_clock_asks_the_time(root: Path):
    """Ruff's ``banned-api`` sees imports by name; this sees the calls too, in a few words."""
    asking = re.compile(r"\b(datetime\.(now|utcnow|today)|time\.(time|time_ns)|uuid[147])\(")

    found = [
        str(file.relative_to(root))
        for file in modules()
        if file.name != "clock.py" and asking.search(file.read_text(encoding="utf-8"))
    ]

    assert not found


def test_no_country_stands_in_code():
    """A country is data: its name or code stands in data folders and tests alone.

    Docstrings count too. Names that other systems gave themselves (``ukrainealarm_id``) do not.
    """
    data = PACKAGE / "data" / "profiles"
    names: set[str] = set()
    for profile in data.glob("*/profile.toml"):
        table = tomllib.loads(profile.read_text(encoding="utf-8"))
        names |= {str(name) for name in table["names"].values()}
        names |= {f'"{table["id"]}"', f'"{table["root"]}"', table["time_zone"]}
    assert names

    found = [
        f"{file.relative_to(PACKAGE)}: {name}"
        for file in modules()
        for name in sorted(names)
        if not _is_dropin(file)
        and re.search(rf"(?<!\w){re.escape(name)}(?!\w)", file.read_text("utf-8"), re.IGNORECASE)
    ]

    assert not found


def _is_dropin(file: Path) -> bool:
    return file.parent.name == "formats" and file.stem in {"ukrainealarm", "alerts_in_ua", "oref"}
