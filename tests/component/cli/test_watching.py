"""watch over a real stream: lines as they happen, and never silence as calm."""

import json
import subprocess
import sys

import pytest

from kit.commands import environment, serve

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def watching():
    started = []

    def start(house, *words):
        process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "watch", *words],
            env=environment(TOCSIN_SERVER=house.url, PYTHONUNBUFFERED="1"),
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process.stdout

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def upto(lines, *words):
    """Read until a line has all the words; a stream that ends is a failure."""
    for line in lines:
        if all(word in line for word in words):
            return line
    raise AssertionError(words)


def test_a_lost_house_is_stale_and_what_was_missed_comes(tmp_path, watching):
    house = serve(tmp_path / "data")
    lines = watching(house)
    upto(lines, "0 alerts in force")
    alert = house.issue("UA-30")
    assert alert["handle"] in upto(lines, "▲ ALERT", "Air raid")
    house.kill()
    assert "nothing is known" in upto(lines, "STALE since")
    back = serve(house.folder, house.port)
    try:
        upto(lines, "live again")
        back.officer("clear", alert["handle"], "--yes")
        upto(lines, "✓ ALL-CLEAR", "after under 1 min")
    finally:
        back.stop()


def test_json_lines_are_the_streams_own(house, watching):
    lines = watching(house, "--json", "--area", "UA-30")
    first = json.loads(next(lines))
    assert (first["event"], first["in_force"]) == ("snapshot", 0)
    house.issue("UA-46")
    house.issue("UA-30")
    told = json.loads(upto(lines, '"alert"', "UA80000000000093317"))
    assert told["alert"]["state"] == "active"
