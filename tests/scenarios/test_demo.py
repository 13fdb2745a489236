"""The demo: its figures, the days themselves, the keys, and the plug."""

import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time

import httpx
import pytest

from kit.commands import environment, serve, tocsin

pytestmark = pytest.mark.timeout(280)

KYIV, LVIV, LUHANSK = "UA80000000000093317", "UA46000000000026241", "UA44000000000018893"
NIKOPOL, DNIPRO = "UA12080050000076010", "UA12000000000090473"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = tocsin("demo", "--speed", "max", "--exit", "--json", "--data", folder)
    assert done.code == 0, done.err
    return folder, done


def test_the_figures_of_the_real_days(played):
    folder, done = played
    assert done.out.count("\n") == 1, "exactly one JSON object"
    told = json.loads(done.out)
    assert told.pop("seconds") > 0
    assert told == {
        "alerts": 193,
        "all_clears": 172,
        "unconfirmed": 21,
        "regions": 1643,
        "journal_events": 545,
        "chain": "ok",
        "data": str(folder),
    }
    assert "Act 3 of 3" in done.err


def states(folder, at):
    found = tocsin("states", "--data", folder, "--at", at, "--json").json
    return {line["region"]: line for line in found}


def test_the_towns_own_alert_outlasts_its_oblasts(played):
    night = states(played[0], "2022-10-11T03:00:00+03:00")
    names = {line["region"] for line in night.values() if line["state"] == "active"}
    town = [code for code in names if code.startswith("UA1208")]
    assert town, "Nikopol is under its own alert"
    assert night[DNIPRO]["state"] == "partial"
    assert night[LUHANSK] == night[LUHANSK] | {"state": "no-information", "hazard": None}
    wave = states(played[0], "2022-10-11T11:31:43+03:00")
    assert wave[LVIV]["state"] == "active"
    assert wave[LVIV]["since"] == "2022-10-11T05:53:19Z"
    assert wave[KYIV]["state"] == "active"
    after = states(played[0], "2022-10-11T12:50:12+03:00")
    assert after[LVIV]["state"] == "cleared"


def test_what_nobody_ended_is_not_confirmed(played):
    evening = states(played[0], "2022-03-01T18:00:00+02:00")
    assert (evening[KYIV]["state"], evening[KYIV]["since"]) == (
        "unconfirmed",
        "2022-03-01T15:38:44Z",
    )


def test_a_second_run_over_the_same_folder_changes_nothing(played):
    folder, done = played
    again = tocsin("demo", "--speed", "max", "--exit", "--json", "--data", folder)
    assert again.code == 0, again.err
    first, second = json.loads(done.out), json.loads(again.out)
    first.pop("seconds"), second.pop("seconds")
    assert first == second


def states_told(house, region):
    told = httpx.get(f"{house.url}/api/v1/state/{region}").json()
    return {line["state"] for line in told["states"]}


def test_a_house_served_on_the_demo_s_folder_warns_nowhere_that_is_lost(played, tmp_path):
    house = serve(shutil.copytree(played[0], tmp_path / "data"))
    try:
        for region in ("UA-43", "UA-40", "UA-09"):
            assert states_told(house, region) == {"no-information"}, region
        assert "no-information" not in states_told(house, "UA-46")
    finally:
        house.stop()


class Terminal:
    """The demo on a terminal of its own."""

    def __init__(self, *words):
        self.master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tocsin", "demo", *words],
            env=environment(TERM="xterm", COLUMNS="120", LINES="45"),
            stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
        )  # fmt: skip
        os.close(slave)
        self.seen = ""

    def press(self, keys):
        for key in keys:
            os.write(self.master, key.encode())

    def upto(self, pattern, seconds=90):
        """Read what is drawn until it matches; return the match and forget what came before."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := re.search(pattern, self.seen):
                self.seen = self.seen[found.end() :]
                return found
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.master, 65536).decode("utf-8", "ignore")
                except OSError:
                    break
        raise AssertionError((pattern, self.seen[-2000:]))

    def close(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        os.close(self.master)


@pytest.fixture
def terminal(tmp_path):
    shown = Terminal("--exit", "--json", "--data", str(tmp_path / "data"))
    yield shown
    shown.close()


def test_the_plug_is_pulled_and_nothing_is_lost_and_a_key_gives_the_all_clear(terminal):
    terminal.upto("Act 1 of 3")
    terminal.press("ffff")
    terminal.upto(r" (?:[4-9]\d|\d{3})/\d{3}")  # forty steps and more are done
    terminal.press("K")
    terminal.upto("CONNECTION LOST: this is not an all-clear")
    back = terminal.upto(r"back after [\d.]+ s: (\d+) lost, (\d+) doubled, chain (\w+) \((\d+)")
    assert back.groups()[:3] == ("0", "0", "ok")
    assert int(back[4]) > 10, "what was acknowledged before the kill was compared"
    for _ in range(40):
        terminal.press("j")
        try:
            terminal.upto("Lviv waits: press A", seconds=3)
        except AssertionError:
            continue
        break
    terminal.press("A")
    terminal.upto(r"Lviv.*?on the stream \d+ ms after the key")
    terminal.press("j")
    told = json.loads(terminal.upto(r'\{"alerts".*?\}')[0])
    assert (told["alerts"], told["all_clears"], told["chain"]) == (193, 172, "ok")


def test_without_a_terminal_it_prints_lines_and_ends_on_a_signal(tmp_path):
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "demo", "--data", str(tmp_path / "data")],
        env=environment(PYTHONUNBUFFERED="1"),
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    lines = []
    for line in process.stdout:
        lines.append(line)
        if "17:12  ▲ ALERT" in line:
            break
    process.send_signal(signal.SIGTERM)
    rest = process.stdout.read()
    process.stdout.close()
    assert process.wait(60) == 0, rest
    assert any("/r/UA-46" in line for line in lines)
    assert "\x1b" not in "".join(lines)
