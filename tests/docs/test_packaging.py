"""What is installed: few dependencies, each used, none that forbids its use; data in the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
import venv
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

# imported by others by name, not by us
BY_NAME = {
    "httptools": "uvicorn's parser",
    "lxml-html-clean": "what trafilatura cleans pages with",
    "tzdata": "read by zoneinfo where the system has none",
}
COPYLEFT = re.compile(r"(?<!L)(?<!Lesser )\bA?GPL|GNU (Affero )?General", re.IGNORECASE)
NOTHING_OF_THE_LIBRARY = {"tocsin"}


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


def imported(folder: Path) -> set[str]:
    found: set[str] = set()
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {name.name.split(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - NOTHING_OF_THE_LIBRARY


def declared(project: dict[str, Any]) -> set[str]:
    return {canonicalize_name(Requirement(r).name) for r in project["project"]["dependencies"]}


def test_every_import_is_declared(root: Path, project: dict[str, Any]):
    providers = metadata.packages_distributions()

    undeclared = {
        name
        for name in imported(root / "src")
        if not {canonicalize_name(p) for p in providers.get(name, [name])} & declared(project)
    }

    assert not undeclared


def test_every_dependency_is_used(root: Path, project: dict[str, Any]):
    providers = metadata.packages_distributions()
    used = {
        canonicalize_name(p) for name in imported(root / "src") for p in providers.get(name, [])
    }

    assert declared(project) - used == set(BY_NAME)


@pytest.mark.parametrize("name", ["run", "dev"])
def test_the_lock_holds_versions_and_hashes_and_no_address(root: Path, name: str):
    text = (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")

    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
    for block in re.split(r"\n(?=\S)", text.strip()):
        assert re.match(r"[a-z0-9.-]+==\S+", block), block
        assert "--hash=sha256:" in block, block


def test_the_lock_holds_every_dependency_in_a_version_that_fits(
    root: Path, project: dict[str, Any]
):
    text = (root / "requirements" / "run.txt").read_text(encoding="utf-8")
    pins = dict(re.findall(r"^([a-z0-9.-]+)==(\S+)", text, re.MULTILINE))

    for dependency in project["project"]["dependencies"]:
        wanted = Requirement(dependency)
        assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)]), dependency


def test_nothing_that_is_installed_to_run_is_under_gpl(root: Path):
    text = (root / "requirements" / "run.txt").read_text(encoding="utf-8")
    names = set(re.findall(r"^([a-z0-9.-]+)==", text, re.MULTILINE))

    found = {}
    for name in names:
        try:
            about = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            continue  # for another platform or Python
        licence = about.get("License-Expression") or "; ".join(
            [
                *(c for c in about.get_all("Classifier", []) if c.startswith("License")),
                (about.get("License") or "").split("\n")[0],
            ]
        )
        found[name] = licence

    assert len(found) > 20
    bound = {
        name: licence
        for name, licence in found.items()
        if all(COPYLEFT.search(choice) for choice in licence.split(" OR "))  # SPDX: take either
    }
    assert not bound
    assert not [name for name, licence in found.items() if not licence.strip("; ")]


def test_what_ships_with_somebody_elses_name_is_in_the_notice(root: Path):
    notice = " ".join((root / "NOTICE").read_text(encoding="utf-8").split())

    for owed in (
        "Air-raid data: Vadym Klymenko, ukrainian-air-raid-sirens-dataset (MIT)",
        "volunteer rows thanks to eTryvoga",
        "2024-04 onwards merged by Air Raid Forecasting contributors (MIT)",
        "© OpenStreetMap contributors, ODbL 1.0",
        "KATOTTG, Ministry for Development of Communities and Territories of Ukraine",
        "Population: State Statistics Service of Ukraine, 1 January 2022",
        "Place names: GeoNames, CC BY 4.0",
    ):
        assert owed in notice


def test_licences_are_said_for_files_that_exist(root: Path):
    reuse = tomllib.loads((root / "REUSE.toml").read_text(encoding="utf-8"))

    for rule in reuse["annotations"]:
        paths = [rule["path"]] if isinstance(rule["path"], str) else rule["path"]
        assert not [path for path in paths if not list(root.glob(path))]


def test_every_file_of_borders_is_named_as_the_map_makers(root: Path):
    reuse = tomllib.loads((root / "REUSE.toml").read_text(encoding="utf-8"))
    named = [
        path
        for rule in reuse["annotations"]
        if rule["SPDX-License-Identifier"] == "ODbL-1.0"
        for path in ([rule["path"]] if isinstance(rule["path"], str) else rule["path"])
    ]

    profile = root / "src" / "tocsin" / "data" / "profiles" / "ua"
    drawn = [*profile.glob("*.geojson.gz"), *profile.glob("*.json")]

    assert drawn
    assert {str(file.relative_to(root)) for file in drawn} == set(named)


def test_changelog_fragments_have_a_kind_and_a_sentence(root: Path, project: dict[str, Any]):
    kinds = {kind["directory"] for kind in project["tool"]["towncrier"]["type"]}

    for fragment in (root / "changelog.d").iterdir():
        if fragment.name in {"README.md", "template.jinja"}:
            continue
        assert re.fullmatch(rf"[a-z0-9-]+\.({'|'.join(sorted(kinds))})\.md", fragment.name)
        assert fragment.read_text(encoding="utf-8").strip().endswith(".")


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_the_wheel_installs_elsewhere_and_answers(root: Path, tmp_path: Path):
    """Build the wheel, install it and the lock into a new environment, ask for help and figures."""
    make = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run(
        [*make, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", tmp_path, root],
        check=True,
    )
    wheel = next(tmp_path.glob("tocsin-*.whl"))
    packed = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        str(file.relative_to(root / "src"))
        for file in (root / "src" / "tocsin").rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert packed >= shipped
    assert any(name.endswith("licenses/NOTICE") for name in packed)

    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    install = [python, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
    lock = root / "requirements" / "run.txt"
    subprocess.run([*install, "--require-hashes", "--requirement", lock], check=True)
    subprocess.run([*install, "--no-deps", wheel], check=True)
    helped = subprocess.run(
        [tmp_path / "env" / "bin" / "tocsin", "--help"],
        check=True,
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )

    assert "serve" in helped.stdout
    assert "demo" in helped.stdout
