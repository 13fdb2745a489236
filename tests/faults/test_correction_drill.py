"""T28, by script: a wrong real alert to 200 listeners, and its correction by one command.

Everybody who got the alert gets the retraction, however it was that they listen: by no filter, by
a region, by a region above or below, by hazard; who was cleared out of it since; who lost the
connection in between and came back; who moved to another place meanwhile. A listener that moves
keeps the places of the alerts that it was told of until these end, as the client of a page does.

The seeded defects: a listener that forgets them, and a house that forgets who was cleared out.

Source: RELIABILITY T28; DESIGN section 3, rule 12; Hawaii 2018 took 38 minutes.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from kit.commands import Served, environment, tocsin

LISTENERS = 200
GOAL_S = 1.0
"""RELIABILITY T28: the system's p99, held here at five times (``proof`` runs beside others).

Measured on 2 busy cores: p50 0.04 s, p99 0.5 s, which is those who had to connect again.
"""
PATIENCE_S = 60
WIDE, INNER, CLEARED = "UA46000000000026241", "UA46060000000042587", "UA46120000000057093"
ELSEWHERE = "UA51000000000030770"
FORGETFUL_HOUSE = """
from tocsin.fanout import hub
trees, whole = [], hub.Known
hub.reach = lambda tree, alert: (trees.append(tree), tree.extent(alert.area).touched)[1]
hub.Known = lambda alert, sequence, _: whole(
    alert, sequence, trees[-1].extent(alert.area).touched
)
from tocsin.cli import main
main()
"""
"""A house that tells only whom the alert covers now: who was cleared out of it is left out."""


@dataclass
class Listener:
    """One client of the stream: what it listens for, and when it was told what."""

    base: str
    query: dict[str, list[str]]
    moves_to: str | None = None
    drops: bool = False
    forgets: bool = False
    told: dict[str, dict[str, float]] = field(default_factory=dict)
    places: dict[str, list[str]] = field(default_factory=dict)
    last: str | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[None] | None = None

    def listen(self) -> None:
        """Open the stream, from where it was left."""
        self._task = asyncio.get_running_loop().create_task(self._follow())

    async def leave(self) -> None:
        """Hang up."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def move(self) -> None:
        """Listen for another place, and for those of the alerts that are still open."""
        await self.leave()
        assert self.moves_to is not None
        kept = [] if self.forgets else [code for each in self.places.values() for code in each]
        self.query = {"region": list(dict.fromkeys([self.moves_to, *kept]))}
        self.listen()

    def heard(self, alert: str, state: str) -> bool:
        return state in self.told.get(alert, {})

    async def until(self, alert: str, state: str) -> None:
        """Wait until it was told that an alert is in that state."""
        while not self.heard(alert, state):
            self.changed.clear()
            await self.changed.wait()

    async def _follow(self) -> None:
        host, port = self.base.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        path = f"/api/v1/stream?{urlencode(self.query, doseq=True)}"
        resume = "" if self.last is None else f"Last-Event-ID: {self.last}\r\n"
        writer.write(f"GET {path} HTTP/1.1\r\nHost: {host}\r\n{resume}\r\n".encode())
        try:
            event, number = "", None
            while line := await reader.readline():
                name, _, value = line.decode().rstrip("\r\n").partition(": ")
                if name == "event":
                    event = value
                elif name == "id":
                    number = value
                elif name == "data":
                    self._take(event, json.loads(value))
                    self.last = number or self.last
        finally:
            writer.close()

    def _take(self, event: str, data: dict[str, Any]) -> None:
        now = time.monotonic()
        for alert in data["alerts"] if event == "snapshot" else [data] if event == "alert" else []:
            self.told.setdefault(alert["id"], {}).setdefault(alert["state"], now)
            if alert["state"] == "active":
                self.places[alert["id"]] = alert["area"]["regions"] + alert["area"]["excluded"]
            else:
                self.places.pop(alert["id"], None)
        if event == "snapshot":
            self.told.setdefault("", {})["open"] = now
        self.changed.set()


def crowd(base: str, *, forgetful: bool = False) -> list[Listener]:
    """Two hundred people, in eight ways to listen."""
    ways: list[Callable[[], Listener]] = [
        lambda: Listener(base, {}),
        lambda: Listener(base, {"region": [WIDE]}),
        lambda: Listener(base, {"region": [INNER]}),
        lambda: Listener(base, {"region": [CLEARED]}),
        lambda: Listener(base, {"hazard": ["missile"]}),
        lambda: Listener(base, {"region": ["UA"], "language": ["en"]}, drops=True),
        lambda: Listener(base, {"region": [INNER]}, drops=True),
        lambda: Listener(
            base, {"region": [INNER]}, moves_to=ELSEWHERE, forgets=forgetful
        ),
    ]  # fmt: skip
    return [ways[number % len(ways)]() for number in range(LISTENERS)]


@contextlib.asynccontextmanager
async def listening(listeners: list[Listener]) -> AsyncIterator[None]:
    """Everybody listens, and has had a snapshot."""
    try:
        for each in listeners:
            each.listen()
        async with asyncio.timeout(PATIENCE_S):
            await asyncio.gather(*(each.until("", "open") for each in listeners))
        yield
    finally:
        for each in listeners:
            await each.leave()


def started(folder: Path, program: list[str]) -> Served:
    """Start a house as a process of its own."""
    process = subprocess.Popen(
        [sys.executable, *program, "serve", "--json", "--data", str(folder), "--port", "0"],
        env=environment(PYTHONPATH=os.pathsep.join(filter(None, sys.path))),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert process.stdout is not None
    return Served(folder, process, json.loads(process.stdout.readline()))


@contextlib.contextmanager
def house_of(folder: Path, *program: str) -> Any:
    """A house that stops with the block."""
    served = started(folder, list(program) or ["-m", "tocsin"])
    try:
        yield served
    finally:
        served.stop()


async def correct(house: Served, *, forgetful: bool = False, by_cli: bool = False) -> list[float]:
    """Issue in error, clear a part, let people come and go, correct; return everybody's delay."""
    token = (house.folder / "first-token").read_text().strip()
    listeners = crowd(house.url, forgetful=forgetful)
    async with (
        listening(listeners),
        httpx.AsyncClient(
            base_url=house.url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE_S
        ) as desk,
        asyncio.timeout(PATIENCE_S),
    ):
        issued = await desk.post(
            "/api/v1/alerts", json={"hazard": "missile", "area": {"regions": [WIDE]}}
        )
        assert issued.status_code == 201, issued.text
        alert = issued.json()["id"]
        await asyncio.gather(*(each.until(alert, "active") for each in listeners))
        part = await desk.post(f"/api/v1/alerts/{alert}/clear", json={"regions": [CLEARED]})
        assert part.status_code == 200, part.text
        away = [each for each in listeners if each.drops]
        for each in away:
            await each.leave()
        for each in listeners:
            if each.moves_to is not None:
                await each.move()
        probe = await desk.post(  # once they hear of another alert, they listen
            "/api/v1/alerts", json={"hazard": "missile", "area": {"regions": [ELSEWHERE]}}
        )
        moved = [each for each in listeners if each.moves_to is not None]
        await asyncio.gather(*(each.until(probe.json()["id"], "active") for each in moved))

        begun = time.monotonic()
        if by_cli:
            done = await asyncio.to_thread(
                tocsin, "cancel", issued.json()["handle"], "--reason", "the wrong button", "--yes",
                "--data", house.folder, TOCSIN_SERVER=house.url,
            )  # fmt: skip
            assert done.code == 0, done.err
            assert "withdrawn as issued in error" in done.out
        else:
            retracted = await desk.post(
                f"/api/v1/alerts/{alert}/cancel", json={"reason": "the wrong button"}
            )
            assert retracted.status_code == 200, retracted.text
        back = time.monotonic()
        for each in away:
            each.listen()
        wait = [asyncio.ensure_future(each.until(alert, "cancelled")) for each in listeners]
        await asyncio.wait(wait, timeout=5 * GOAL_S)
        for each in wait:
            each.cancel()
    left_out = [each for each in listeners if not each.heard(alert, "cancelled")]
    assert not left_out, f"{len(left_out)} left out, such as {left_out[0].query}"
    return sorted(
        each.told[alert]["cancelled"] - (back if each.drops else begun) for each in listeners
    )


@pytest.mark.timeout(300)
async def test_the_correction_reaches_everybody_whom_the_error_reached(tmp_path: Path) -> None:
    with house_of(tmp_path / "data") as house:
        delays = await correct(house, by_cli=True)
    assert len(delays) == LISTENERS


@pytest.mark.proof
@pytest.mark.timeout(300)
async def test_the_correction_is_as_fast_as_the_error(
    tmp_path: Path, record_testsuite_property: Callable[[str, object], None]
) -> None:
    with house_of(tmp_path / "data") as house:
        delays = await correct(house)
    p99 = delays[int(len(delays) * 0.99) - 1]
    told = f"retraction to {len(delays)} listeners: p50 {delays[len(delays) // 2]:.3f} s, "
    sys.stdout.write(f"{told}p99 {p99:.3f} s, last {delays[-1]:.3f} s; goal {GOAL_S} s\n")
    record_testsuite_property("correction_p99_s", p99)
    assert p99 < 5 * GOAL_S, f"p99 {p99:.3f} s"


@pytest.mark.proof
@pytest.mark.timeout(300)
async def test_the_drill_sees_a_listener_whose_filter_changed_left_out(tmp_path: Path) -> None:
    with house_of(tmp_path / "data") as house, pytest.raises(AssertionError, match="25 left out"):
        await correct(house, forgetful=True)


@pytest.mark.proof
@pytest.mark.timeout(300)
async def test_the_drill_sees_those_left_out_who_were_cleared_before(tmp_path: Path) -> None:
    with (
        house_of(tmp_path / "data", "-c", FORGETFUL_HOUSE) as house,
        pytest.raises(AssertionError, match="25 left out"),
    ):
        await correct(house)
