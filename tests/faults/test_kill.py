"""T1: kill -9 at random moments; nothing that was answered is lost, nothing is there twice.

At the journal: the process is a writer that answers on its output, the one who asks retries by
idempotency key. Source: RELIABILITY P1, P3, T1.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.lives import Asked, faults_of, live

KILLED = -9


def kill_again_and_again(folder: Path, kills: int, *, defect: str = "", seed: int = 1) -> Asked:
    """Kill a writer ``kills`` times, most often while it writes, now and then while it starts."""
    chance = random.Random(seed)
    asked = Asked(chance, big_every=40)
    live(asked, folder, limit=20)
    for number in range(kills):
        while_starting = number % 5 == 4
        after_s = chance.uniform(0.02, 0.3) if while_starting else chance.uniform(0.0, 0.12)
        code = live(asked, folder, defect=defect, kill_after_s=after_s, from_start=while_starting)
        assert code == KILLED
        faults = faults_of(asked, folder)
        assert not faults, f"after kill {number + 1} (seed {seed}): {faults[:3]}"
    live(asked, folder, defect=defect, limit=len(asked.open))
    faults = faults_of(asked, folder)
    assert not faults, faults[:3]
    return asked


def test_a_few_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    asked = kill_again_and_again(tmp_path / "data", 5)
    assert len(asked.answered) > 20


@pytest.mark.proof
@pytest.mark.timeout(600)
def test_a_hundred_kills_lose_and_double_nothing(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    asked = kill_again_and_again(tmp_path / "data", 100, seed=2)
    assert len(asked.answered) > 2_000
    assert asked.slowest_start_s < 5
    record_testsuite_property("answered", len(asked.answered))
    record_testsuite_property("slowest_start_s", asked.slowest_start_s)


@pytest.mark.proof
@pytest.mark.timeout(600)
@pytest.mark.parametrize(("defect", "sign"), [("ack-first", "lost: "), ("no-key", "doubled: ")])
def test_a_hundred_kills_see_a_seeded_defect(tmp_path: Path, defect: str, sign: str) -> None:
    with pytest.raises(AssertionError, match=sign):
        kill_again_and_again(tmp_path / "data", 100, defect=defect, seed=3)
