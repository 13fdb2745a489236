"""status, states, verify, doctor, serve: what a house says of itself, while it runs and after."""

import json
import sqlite3
from datetime import datetime, timedelta

import pytest

from kit.commands import tocsin
from kit.houses import profile

pytestmark = pytest.mark.timeout(180)

KYIV = "UA80000000000093317"


def test_states_lists_every_region_beside_the_running_house(house):
    alert = house.issue("UA-30")
    done = tocsin("states", "--data", house.folder, "--json")
    assert done.code == 0, done.err
    lines = done.json
    order = [(line["region"], line["hazard"] or "") for line in lines]
    assert order == sorted(order)
    tree = profile().world.tree
    assert {line["region"] for line in lines} == set(tree.codes)
    by_region = {line["region"]: line for line in lines}
    assert by_region[KYIV]["state"] == "active"
    assert by_region[KYIV]["hazard"] == "air-raid"
    assert by_region[KYIV]["since"] == alert["sent"]
    for inner in tree.below(KYIV):
        assert by_region[inner]["state"] == "active"
    assert by_region[tree.root]["state"] == "partial"
    quiet = [line for line in lines if line["hazard"] is None]
    assert len(quiet) == len(tree) - len(tree.below(KYIV)) - 1
    assert all((q["state"], q["since"]) == ("none", None) for q in quiet)

    before = datetime.fromisoformat(alert["sent"]) - timedelta(seconds=1)
    earlier = tocsin("states", "--data", house.folder, "--at", before.isoformat(), "--json").json
    assert all(line["hazard"] is None for line in earlier)
    unknown = tocsin(
        "states", "--data", house.folder, "--known-at", before.isoformat(), "--json"
    ).json
    assert all(line["hazard"] is None for line in unknown)


def test_a_time_without_a_zone_is_refused(tmp_path):
    done = tocsin("states", "--data", tmp_path, "--at", "2022-10-11T08:00:00")
    assert done.code == 2
    assert "zone" in done.err


def test_status_has_symbol_and_word_without_colour(house):
    house.issue("UA-30")
    done = house.run("status")
    assert done.code == 0
    assert "\x1b" not in done.out
    assert "UA-30" in done.out
    assert "▲ ALERT" in done.out
    assert "26 others: 26 · none" in done.out
    assert "sequence 2" in done.out


def test_serve_says_where_it_is_and_what_is_missing(house):
    ready = house.ready
    assert ready["regions"] == 1643
    assert ready["journal_events"] == 1, "the house's own mandate"
    assert ready["not_configured"]
    second = tocsin("serve", "--data", house.folder, "--port", "0")
    assert second.code == 3, "one process writes a folder"
    assert "another process" in second.err
    taken = tocsin("serve", "--data", house.folder.parent / "other", "--port", house.port)
    assert taken.code == 3
    assert "address-taken" in taken.err


def test_verify_names_the_first_row_that_was_changed(house):
    house.issue("UA-30")
    house.issue("UA-46")
    house.stop()
    well = tocsin("verify", "--data", house.folder, "--json")
    assert (well.code, well.json["ok"], well.json["rows"]) == (0, True, 3)
    with sqlite3.connect(house.folder / "journal.sqlite") as file:
        table = file.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND sql LIKE '%audience_seq%'"
        ).fetchone()[0]
        for (name,) in file.execute(
            "SELECT name FROM sqlite_master WHERE type='trigger'"
        ).fetchall():
            file.execute(f"DROP TRIGGER {name}")
        (data,) = file.execute(f"SELECT data FROM {table} WHERE seq = 2").fetchone()
        forged = bytes(data).replace(KYIV.encode(), b"UA46000000000026241")
        assert forged != bytes(data)
        file.execute(f"UPDATE {table} SET data = ? WHERE seq = 2", (forged,))
    file.close()
    broken = tocsin("verify", "--data", house.folder)
    assert broken.code == 5
    assert "row 2: does-not-fit:" in broken.err
    sick = tocsin("doctor", "--data", house.folder, "--json")
    assert sick.code == 5
    findings = {each["name"]: each for each in sick.json["findings"]}
    assert findings["journal chain"]["mark"] == "bad"


def test_doctor_finds_a_token_that_others_can_read(house):
    well = house.run("doctor", "--data", house.folder, "--json")
    findings = {each["name"]: each for each in well.json["findings"]}
    assert well.code == 0, findings
    assert findings["disk fsync"]["told"].startswith("p99 ")
    assert findings["journal chain"]["mark"] == "ok"
    (house.folder / "first-token").chmod(0o644)
    open_to_all = house.run("doctor", "--data", house.folder)
    assert open_to_all.code == 5
    assert "chmod 600" in open_to_all.out


def test_no_folder_is_said(tmp_path):
    for verb in ("verify", "states"):
        done = tocsin(verb, "--data", tmp_path / "nothing")
        assert done.code == 3, done.err
        assert "--data: not-available" in done.err


def test_config_check_names_the_slip(tmp_path):
    file = tmp_path / "tocsin.toml"
    file.write_text("[hub]\nheartbeat = 3\n")
    done = tocsin("config", "check", file, "--json")
    assert done.code == 5
    assert "heartbeat" in json.loads(done.out)["help"]
    file.write_text("[hub]\nheartbeat_s = 3\n")
    assert tocsin("config", "check", file).code == 0


def test_alone_it_shows_a_start_and_completion_completes():
    start = tocsin()
    assert start.code == 0
    assert "tocsin demo" in start.out
    script = tocsin("completion", "bash")
    assert script.code == 0
    assert "_TOCSIN_COMPLETE" in script.out
    done = tocsin(_TOCSIN_COMPLETE="complete_bash", COMP_WORDS="tocsin ver", COMP_CWORD="1")
    assert "verify" in done.out
    assert tocsin("completion", "cmd.exe").code == 2
