"""``tocsin wave`` and ``tocsin evidence``: one attack as one thing, and a file for a court."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from component.cli.people import enrol, hired

pytestmark = pytest.mark.timeout(180)
TOOL = Path(__file__).parents[3] / "tools" / "verify_evidence.py"
WHEN = ("--from", "2022-10-10T05:00:00Z", "--until", "2022-10-10T08:00:00Z")


def test_a_wave_is_opened_joined_read_and_written_as_evidence(house, tmp_path):
    admin = enrol(house, house.ready["first_link"], "anna", tmp_path)
    admin.sign_in()
    officer = hired(admin, "boris", tmp_path, "--role", "situation-officer", "--sender",
                    "duty-desk", "--area", "UA-46", "--hazard", "*", "--room", "live")  # fmt: skip
    officer.sign_in()
    run = officer.run

    assert "No waves" in run("wave", "list").out
    made = run("wave", "open", *WHEN, "--area", "UA-46", "--json")
    assert made.code == 0, made.err
    wave = made.json
    part = run("wave", "open", *WHEN, "--area", "UA-46", "--json").json
    assert wave["handle"] in run("wave", "list").out
    refused = run("wave", "join", wave["handle"], "--reason", "so", "--incident", part["handle"])
    assert (refused.code, "/incidents/0" in refused.err) == (1, True), refused.err
    refused = run("wave", "open", *WHEN, "--area", "UA-46", "--alert", "NOPE")
    assert (refused.code, "/alerts/0" in refused.err) == (1, True), refused.err
    assert "0 alerts" in run("wave", "show", wave["handle"]).out

    file = tmp_path / "wave.zip"
    written = run("evidence", wave["handle"], "-o", str(file))
    assert written.code == 0, written.err
    with zipfile.ZipFile(file) as archive:
        told = json.loads(archive.read("evidence.json"))
    assert told["incidents"][0]["id"] == wave["id"]
    alone = subprocess.run(
        [sys.executable, "-I", str(TOOL), str(file)], capture_output=True, text=True, check=False
    )
    assert alone.returncode == 4, alone.stdout  # it fits; whose key it is was not asked
    assert "fits: 1 incidents" in alone.stdout
    again = run("evidence", wave["handle"], "-o", str(file))
    assert (again.code, "is there already" in again.err) == (2, True), again.err
    assert run("evidence", "NOPE", "-o", str(tmp_path / "no.zip")).code == 1
    assert not (tmp_path / "no.zip").exists()
