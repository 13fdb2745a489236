"""A skipped promise is not kept: with CI set, a run that skips anything is red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SKIPS = "import pytest\ndef test_it(): pytest.skip('no mosquitto')\n"
SKIPS_WHOLE = "import pytest\npytest.skip('no chromium', allow_module_level=True)\n"
FAILS_AS_EXPECTED = "import pytest\n@pytest.mark.xfail\ndef test_it(): assert 0\n"
READS_SHARED = "def test_it(shared_data): assert (shared_data / 'x').exists()\n"
PASSES = "def test_it(): pass\n"


def run(root: Path, folder: Path, ci: str, body: str, *options: str) -> tuple[int, str]:
    tests = folder / "clone" / "tests"
    tests.mkdir(parents=True)
    shutil.copy(root / "tests" / "conftest.py", tests)
    (tests / "test_one.py").write_text(body, encoding="utf-8")
    (tests / "test_other.py").write_text(PASSES, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *options, tests],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "CI": ci},
    )
    return ended.returncode, ended.stdout


@pytest.mark.parametrize("body", [SKIPS, SKIPS_WHOLE], ids=["a test", "a file"])
def test_in_ci_a_skip_fails_the_run_and_is_named(root: Path, tmp_path: Path, body: str):
    code, told = run(root, tmp_path, "true", body)

    assert code == 1
    assert "1 skipped; CI runs everything: this run FAILED" in told
    assert "no mosquitto" in told or "no chromium" in told


def test_in_ci_a_skip_in_a_worker_fails_the_run(root: Path, tmp_path: Path):
    code, told = run(root, tmp_path, "true", SKIPS, "-n", "1")

    assert code == 1
    assert "no mosquitto" in told


def test_elsewhere_a_skip_is_only_named(root: Path, tmp_path: Path):
    code, told = run(root, tmp_path, "", SKIPS)

    assert code == 0
    assert "1 skipped; CI would fail" in told


def test_a_failure_that_is_expected_is_no_skip(root: Path, tmp_path: Path):
    code, _told = run(root, tmp_path, "true", FAILS_AS_EXPECTED)

    assert code == 0


def test_without_the_shared_folder_a_test_says_that_it_needs_it(root: Path, tmp_path: Path):
    code, told = run(root, tmp_path, "", READS_SHARED)

    assert code == 0
    assert "needs ../shared/data beside the clone" in told


def test_a_shared_folder_without_data_fails_in_ci(root: Path, tmp_path: Path):
    (tmp_path / "shared").mkdir()

    code, told = run(root, tmp_path, "true", READS_SHARED)

    assert code == 1
    assert "has no data/" in told
