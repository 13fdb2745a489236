"""``tocsin outage`` and ``outages``: what is out is said, read, and said to be back."""

import pytest

from component.cli.people import enrol, hired

pytestmark = pytest.mark.timeout(180)


def test_an_outage_is_said_read_and_back(house, tmp_path):
    admin = enrol(house, house.ready["first_link"], "anna", tmp_path)
    admin.sign_in()
    officer = hired(admin, "boris", tmp_path, "--role", "situation-officer", "--sender",
                    "duty-desk", "--area", "UA-46", "--hazard", "*", "--room", "live")  # fmt: skip
    officer.sign_in()
    run = officer.run

    said = run("outage", "power", "--region", "UA-46", "--source", "The grid", "--count",
               "hundreds", "--settlement", "One", "--json")  # fmt: skip
    assert said.code == 0, said.err
    one = said.json
    assert (one["figure"]["low"], one["settlements"], one["told"]) == (200, ["One"], True)
    assert "power" in run("outages").out
    part = run("outage", "power", "--region", "UA-46", "--source", "The grid", "--restored", "50",
               "--id", one["handle"])  # fmt: skip
    assert (part.code, "50% back" in part.out) == (0, True), part.out + part.err
    over = run("outage", "power", "--region", "UA-46", "--source", "The grid", "--restored", "100",
               "--id", one["id"], "--json")  # fmt: skip
    assert over.json["ended"] is not None
    assert "Nothing is known to be out" in run("outages").out
    assert run("outages", "--history", "--json").json["outages"][0]["id"] == one["public_id"]
    assert run("outages", "--hours").code == 0
    hidden = run(
        "outage", "water", "--region", "UA-46", "--source", "x", "--untold", "--count", "3"
    )
    assert (hidden.code, "for the desk alone" in hidden.out) == (0, True)
    wrong = run("outage", "post", "--region", "UA-46", "--source", "x")
    assert (wrong.code, "/service" in wrong.err) == (1, True), wrong.err
