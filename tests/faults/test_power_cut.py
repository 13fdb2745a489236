"""T2: the power goes; only what was synced is left, and torn sectors of what was not.

A kill cannot show a missing sync, because the kernel still has the bytes. Here a shim under the
process (``kit/powercut.c``) keeps what a disk would have kept. The power goes at a random call
that touches the journal's files, so also while they are made, while the log is moved into
the file and while a cut before is being recovered from. Source: RELIABILITY P1, T2.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.lives import Asked, faults_of, live

SHIM = Path(__file__).parent.parent / "kit" / "powercut.c"


@pytest.fixture(scope="session")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shim, compiled."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler")
    library = tmp_path_factory.mktemp("shim") / "powercut.so"
    subprocess.run(
        [compiler, "-shared", "-fPIC", "-O2", "-Wall", "-Wextra", "-Werror",
         "-o", library, SHIM, "-ldl", "-lpthread"],
        check=True,
    )  # fmt: skip
    return library


def cut_again_and_again(
    shim: Path, root: Path, cuts: int, *, defect: str = "", seed: int = 1
) -> Asked:
    """Cut the power ``cuts`` times; every restart finds what the disk kept of the one before."""
    chance = random.Random(seed)
    asked = Asked(chance, big_every=6)
    disk = root / "disk"
    disk.mkdir()
    for number in range(cuts):
        running = root / "running"
        shutil.copytree(disk, running)
        env = {
            "LD_PRELOAD": str(shim),
            "TOCSIN_CUT_FOLDER": str(running),
            "TOCSIN_CUT_IMAGE": str(disk),
            "TOCSIN_CUT_AT": str(int(chance.lognormvariate(6, 1.3)) + 1),
            "TOCSIN_CUT_SEED": str(chance.getrandbits(60)),
        }
        code = live(asked, running, defect=defect, env=env)
        assert code == -9
        shutil.rmtree(running)
        # Looked at in a copy: the next life recovers by itself, and may be cut in that.
        looked_at = root / "looked-at"
        shutil.copytree(disk, looked_at)
        faults = faults_of(asked, looked_at, readonly=False)
        assert not faults, f"after cut {number + 1} (seed {seed}): {faults[:3]}"
        shutil.rmtree(looked_at)
    return asked


def test_a_few_power_cuts_lose_nothing(shim: Path, tmp_path: Path) -> None:
    cut_again_and_again(shim, tmp_path, 6)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_sixty_power_cuts_lose_nothing(
    shim: Path, tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    asked = cut_again_and_again(shim, tmp_path, 60, seed=2)
    record_testsuite_property("answered", len(asked.answered))
    assert len(asked.answered) > 500


@pytest.mark.proof
@pytest.mark.timeout(900)
@pytest.mark.parametrize("defect", ["normal", "ack-first"])
def test_sixty_power_cuts_see_a_seeded_defect(shim: Path, tmp_path: Path, defect: str) -> None:
    with pytest.raises(AssertionError, match="lost: "):
        cut_again_and_again(shim, tmp_path, 60, defect=defect, seed=3)
