"""What every test may use: the shared data, hypothesis' sizes, and CI's rule about skips.

A test skips only when a program, a right (root) or the shared data is missing, and says which.
With ``CI`` set, a skip fails the run: a skipped promise is not kept.
"""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

hypothesis.settings.register_profile("default", deadline=None, print_blob=True)
hypothesis.settings.register_profile(
    "night", deadline=None, print_blob=True, max_examples=10_000, stateful_step_count=100
)
hypothesis.settings.load_profile("default")


def is_ci() -> bool:
    """Tell whether a forge runs this: there, nothing may be skipped."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


class Skips:
    """Collects what was skipped and, in CI, turns the run red."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._seen: dict[str, str] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that skipped; one that failed as expected (xfail) is not one."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._note(report.nodeid, report.longrepr)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a file that skipped as a whole."""
        if report.skipped:
            self._note(report.nodeid, report.longrepr)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Fail a green run in CI that skipped something."""
        if self._seen and is_ci() and session.exitstatus in (0, 5):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what was skipped and why."""
        if not self._seen:
            return
        verdict = "CI runs everything: this run FAILED" if is_ci() else "CI would fail"
        terminalreporter.section(f"{len(self._seen)} skipped; {verdict}")
        for test, reason in sorted(self._seen.items()):
            terminalreporter.line(f"{test}: {reason}")

    def _note(self, test: str, longrepr: object) -> None:
        reason = longrepr[2] if isinstance(longrepr, tuple) else str(longrepr)
        self._seen[test] = str(reason).removeprefix("Skipped: ")


def pytest_configure(config: pytest.Config) -> None:
    """Count skips where reports come together: not in the workers of pytest-xdist."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(Skips(config), "skips")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Return the data folder of ``shared`` beside the clone, or skip and say so.

    A ``shared`` folder that is there but has no data is a fault of the machine: with ``CI``
    set the test then fails.
    """
    data = SHARED / "data"
    if not data.is_dir():
        if is_ci() and SHARED.is_dir():
            pytest.fail(f"{SHARED.name}/ is beside the clone, but has no data/")
        pytest.skip("needs ../shared/data beside the clone")
    return data


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the folder of the clone."""
    return ROOT
