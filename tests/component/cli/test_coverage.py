"""``tocsin coverage`` and ``tocsin installations``: who is reached, what carries it, what fell."""

import json

import httpx
import pytest

from component.cli.people import enrol, hired

pytestmark = pytest.mark.timeout(400)
SCOPE = ("--sender", "duty-desk", "--area", "UA-30", "--hazard", "*", "--room", "live")
TOWER = {
    "kind": "tv-tower", "name": "TV tower", "where": {"geocode": "UA-30"},
    "serves": [{"channel": "tv", "regions": ["UA-30"]}],
}  # fmt: skip


def post(officer, path, body):
    """Ask the house as the officer's session does."""
    url = officer.house.url
    file = officer.state / "tocsin" / "session.json"
    cookies = json.loads(file.read_bytes())[url]["cookies"]
    headers = {"Origin": url, "Sec-Fetch-Site": "same-origin"}
    done = httpx.post(f"{url}/api/v1{path}", json=body, cookies=cookies, headers=headers)
    assert done.is_success, done.text
    return done.json()


def test_a_tower_is_reported_down_and_coverage_says_whom_it_loses(house, tmp_path):
    admin = enrol(house, house.ready["first_link"], "anna", tmp_path)
    admin.sign_in()
    clara = hired(admin, "clara", tmp_path, "--role", "supervisor", *SCOPE)
    clara.sign_in()
    run = clara.run
    assert "No installation is in the register" in run("installations", "list").out
    tower = post(clara, "/installations", TOWER)
    assert "lost" not in run("coverage").out
    said = run("installations", "report", tower["handle"], "down", "--source", "Its staff",
               "--struck")  # fmt: skip
    assert said.code == 0, said.err
    assert "struck 1 times" in said.out
    assert "TV tower" in run("installations", "list", "--condition", "down").out
    listed = run("installations", "list", "--json").json["installations"]
    assert [each["id"] for each in listed] == [tower["id"]]
    assert "lost" in run("coverage").out
    assert "Every region has a channel" in run("coverage", "--patrol").out
    word = {"regions": ["UA-30"], "condition": "down", "source": "s"}
    for channel in ("sirens", "radio", "mobile"):
        post(clara, f"/channels/{channel}", word)
    assert "NO CHANNEL LEFT" in run("coverage").out
    stops = run("coverage", "--patrol", "--area", "UA-30", "--json").json["stops"]
    assert run("coverage", "--patrol").out.count("left:") == len(stops) > 0
    wrong = run("installations", "report", "NOPE", "down", "--source", "s")
    assert (wrong.code, "/id" in wrong.err) == (1, True), wrong.err
