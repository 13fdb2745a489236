"""T1 at the door: the whole server is killed while eight desks issue, clear and cancel over HTTP.

Each desk asks again by its Idempotency-Key until it knows. Source: RELIABILITY P1, P3, T1.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded
import socket
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.callers import DESKS, Desks
from kit.houses import profile


def kill_the_house(folder: Path, kills: int, *, defect: str = "", seed: int = 1) -> Desks:
    """Kill the house ``kills`` times under way, then let everybody finish and look."""
    chance = random.Random(seed)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    desks = Desks(folder, port, profile().world.tree.leaf_codes[:DESKS], defect)
    house = desks.start_house()
    desks.sit_down()
    try:
        for number in range(kills):
            threading.Event().wait(chance.uniform(0.0, 0.4))
            desks.kill(house)
            faults = desks.faults(settled=False)
            assert not faults, f"after kill {number + 1} (seed {seed}): {faults[:3]}"
            house = desks.start_house()
    finally:
        if house.poll() is not None:
            house = desks.start_house()
        desks.stand_up()
        desks.kill(house)
    faults = desks.faults(settled=True)
    assert not faults, faults[:3]
    return desks


@pytest.mark.timeout(300)
def test_a_few_kills_of_the_house_lose_and_double_nothing(tmp_path: Path) -> None:
    assert kill_the_house(tmp_path / "data", 3).told


@pytest.mark.proof
@pytest.mark.timeout(2_400)
def test_a_hundred_kills_of_the_house_lose_and_double_nothing(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    desks = kill_the_house(tmp_path / "data", 100, seed=2)
    record_testsuite_property("answers", len(desks.told))
    record_testsuite_property("slowest_start_s", desks.slowest_start_s)
    assert len(desks.told) > 500


@pytest.mark.proof
@pytest.mark.timeout(2_400)
@pytest.mark.parametrize(("defect", "sign"), [("ack-first", "lost: "), ("no-key", "doubled: ")])
def test_kills_of_the_house_see_a_seeded_defect(tmp_path: Path, defect: str, sign: str) -> None:
    with pytest.raises(AssertionError, match=sign):
        kill_the_house(tmp_path / "data", 100 if sign == "lost: " else 10, defect=defect, seed=3)
