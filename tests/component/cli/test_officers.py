"""Officers at two terminals: sign in, propose, approve, keep accounts and keys."""

import json
import stat

import pytest

from component.cli.people import enrol, hired
from kit.commands import serve, tocsin

pytestmark = pytest.mark.timeout(400)

LVIV = ("--area", "UA-46")
PLACE = "UA46120000000057093"
SCOPE = ("--sender", "duty-desk", *LVIV, "--hazard", "*", "--room", "live", "--room", "drill")


@pytest.fixture(scope="module")
def desk(tmp_path_factory):
    """A house with an administrator, an operator and a supervisor."""
    folder = tmp_path_factory.mktemp("desk")
    house = serve(folder / "data")
    admin = enrol(house, house.ready["first_link"], "anna", folder)
    admin.sign_in()
    boris = hired(admin, "boris", folder, "--role", "operator", *SCOPE)
    boris.sign_in()
    clara = hired(admin, "clara", folder, "--role", "supervisor", *SCOPE)
    clara.sign_in()
    yield admin, boris, clara
    house.stop()


def under(officer, hazard):
    """The regions under such an alert; the tests of this file share a house."""
    states = officer.run("status", "--json").json["states"]
    return [s["region"] for s in states if (s["hazard"], s["state"]) == (hazard, "active")]


def test_a_session_is_kept_for_its_person_alone_and_ends(desk):
    _, _, clara = desk
    wrong = clara.run("sign-in", "--login", "clara", "--code", "000000")
    assert wrong.code == 1
    assert "sign-in-refused" in wrong.err
    entered = clara.types("clara\n" + clara.code(), "sign-in")  # login, then the code unseen
    assert entered.code == 0, entered.out
    assert "Signed in as Clara, supervisor" in entered.out
    file = clara.state / "tocsin" / "session.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert clara.run("whoami", "--json").json["role"] == "supervisor"
    assert clara.run("sign-out").code == 0
    over = clara.run("whoami")
    assert over.code == 1
    assert "tocsin sign-in" in over.err, "says what helps"
    kept = json.loads(file.read_bytes())[clara.house.url]["cookies"]
    assert list(kept) == ["tocsin-device"], "the house knows the machine again"
    again = clara.run("sign-out")
    assert (again.code, "Nobody is signed in" in again.err) == (1, True)
    clara.sign_in()


def test_a_token_wins_over_a_session(desk, tmp_path):
    admin, boris, _ = desk
    first = boris.house.folder / "first-token"
    assert boris.run("whoami", "--token-file", first).code == 1, "over since anna signed in"
    file = tmp_path / "key"
    made = admin.run(
        "key", "make", "siren-1", "--account", "boris", "--role", "operator", *SCOPE[:4],
        "--hazard", "flood", "--room", "drill", "--per-minute", "3", "--json",
    )  # fmt: skip
    assert made.code == 0, made.err
    file.write_text(made.json["token"] + "\n")
    asked = boris.run("whoami", "--token-file", file, "--json").json
    assert (asked["session"], asked["realms"]) == (None, ["drill"])
    live = boris.run(
        "issue", "flood", *LVIV, "--yes", "--people", "1", "--token-file", file
    )  # fmt: skip
    assert (live.code, "wrong-room" in live.err) == (1, True), "a key for drills gives no alert"
    listed = admin.run("key", "list")
    assert "siren-1" in listed.out
    assert made.json["token"] not in listed.out
    assert admin.run("key", "revoke", made.json["key"]["id"], "--yes").code == 0
    assert boris.run("whoami", "--token-file", file).code == 1


def test_two_people_at_two_terminals_send_what_one_has_proposed(desk):
    _, boris, clara = desk
    words = ("issue", "chemical", *LVIV, "--yes", "--people", "2478133")
    asked = boris.run(*words, "--second", "--because", "the tank by the river leaks")
    assert asked.code == 0, asked.err
    assert "Nothing was sent yet." in asked.out
    assert "such a danger; so many people" in asked.out
    assert under(boris, "chemical") == []
    [waiting] = clara.run("proposals", "--json").json["proposals"]
    handle, content = waiting["handle"], waiting["content"]

    own = boris.run("approve", handle, "--code", boris.code(), "--yes", "--content", content)
    assert (own.code, "own-proposal" in own.err) == (1, True)
    other = clara.run("approve", handle, "--yes", "--content", "f" * 64)
    assert (other.code, "content-differs" in other.err) == (4, True)
    stopped = clara.types(f"{clara.code()}\nyes", "approve", handle)
    assert stopped.code == 4
    assert under(boris, "chemical") == []

    done = clara.types(f"{clara.code()}\nAPPROVE", "approve", handle)
    assert done.code == 0, done.out
    assert "ACTUAL ALERT, NOT A DRILL" in done.out
    assert "about 2,478,133 people" in done.out
    assert "the tank by the river leaks" in done.out
    assert "✓ inside the mandate" in done.out
    assert "Approved and sent as" in done.out
    assert "UA46000000000026241" in under(boris, "chemical")
    late = clara.run("approve", handle, "--yes", "--content", content)
    assert (late.code, "proposal-closed" in late.err) == (1, True)
    told = clara.run("proposal", handle, "--json").json
    assert (told["state"], told["answered_by"]["name"]) == ("approved", "Clara")

    report = clara.run("report", told["alert"])
    assert report.code == 0, report.err
    assert "Decided by   Boris, Clara" in report.out
    ended = boris.run("cancel", told["alert"], "--reason", "a wrong meter", "--yes", "--json")
    assert (ended.code, ended.json["state"]) == (0, "cancelled"), "a retraction needs one"


def test_a_proposal_is_sent_back_declined_paged_and_withdrawn(desk):
    _, boris, clara = desk
    words = ("drill", "issue", "radiation", *LVIV, "--yes", "--people", "2478133", "--json")
    asked = boris.run(*words).json
    assert (asked["realm"], asked["state"]) == ("drill", "waiting")
    handle = asked["handle"]
    assert clara.run("proposals", "--json").json["proposals"][:1] != [asked], "another room"
    [drill] = clara.run("proposals", "--drill", "--json").json["proposals"]
    assert drill["id"] == asked["id"]
    assert clara.run("decline", handle).code == 0
    assert boris.run("page", handle).code == 0
    back = clara.run("send-back", handle, "--reason", "name the plant", "--json").json
    assert (back["state"], back["reason"]) == ("sent-back", "name the plant")
    assert [each["name"] for each in back["declined"]] == ["Clara"]
    second = boris.run(*words).json["handle"]
    foreign = clara.run("withdraw", second)
    assert foreign.code == 1
    gone = boris.run("withdraw", second)
    assert "withdrawn; nothing was sent" in gone.out
    assert boris.run("drill", "list").out.strip() == "No drill runs."


def test_an_override_is_loud_and_sends_at_once(desk):
    _, boris, clara = desk
    words = ("issue", "chemical", "--area", PLACE, "--override")
    silent = boris.run(*words, "", "--yes", "--people", "1")
    assert (silent.code, "reason-missing" in silent.err) == (1, True)
    looked = boris.run(*words, "no time: it burns", "--yes", "--people", "1")
    assert (looked.code, "OVERRIDE" in looked.err) == (4, True)
    done = boris.warns(*words, "no time: it burns")
    assert (done.code, done.json["state"]) == (0, "active"), done.err
    report = clara.run("report", done.json["handle"], "--json").json
    assert report["overrides"] == ["no time: it burns"]
    assert report["calls"] == 1, "officers are called"
    assert boris.run("cancel", done.json["handle"], "--reason", "over", "--yes").code == 0


def test_an_alert_changes_lasts_longer_and_is_kept(desk):
    _, boris, clara = desk
    raid = boris.warns("issue", "air-raid", "--area", PLACE, "--for", "30m")
    assert raid.code == 0, raid.err
    handle = raid.json["handle"]
    wider = boris.types(
        "UPDATE", "update", handle, "--area", "UA46020000000075920", "--reason", "a second wave"
    )
    assert wider.code == 0, wider.out
    assert "Add          Drohobych Raion" in wider.out
    assert boris.types("no", "update", handle, "--reason", "x").code == 4
    longer = boris.run("extend", handle, "--for", "2h", "--json")
    assert longer.code == 0, longer.err
    assert longer.json["revision"] == 3
    kept = boris.run("keep", handle, "--json")
    assert (kept.code, kept.json["revision"]) == (0, 3), "people see nothing of it"
    assert boris.run("note", "sirens heard", "--alert", handle).code == 0
    assert "sirens heard" in clara.run("note", "--alert", handle).out
    rows = clara.run("journal", "--alert", handle, "--json").json["rows"]
    assert [row["kind"] for row in rows if row["kind"] == "alert-issued"] == ["alert-issued"]
    lines = clara.run("journal", "--alert", handle, "--export").out.splitlines()
    assert all(json.loads(line)["hash"] for line in lines)
    assert len(lines) == len(rows)
    refused = boris.run("journal", "--export")
    assert (refused.code, "not-allowed" in refused.err) == (1, True), "a supervisor's"
    assert boris.run("clear", handle, "--yes").code == 0


def test_accounts_and_mandates_are_kept(desk, tmp_path):
    admin, boris, clara = desk
    assert boris.run("account", "list").code == 1
    david = hired(admin, "david", tmp_path, "--role", "viewer", "--sender", "duty-desk")
    david.sign_in()
    widened = admin.run("account", "change", "david", "--name", "David D", "--room", "live")
    assert widened.code == 0, widened.err
    assert david.run("whoami", "--json").json["name"] == "David D"
    assert "david" in admin.run("account", "list").out
    early = admin.run("account", "erase", "david", "--yes")
    assert (early.code, "not-as-it-stands" in early.err) == (1, True), "close it first"
    assert "start/" in admin.run("account", "reset", "david").out
    assert admin.run("account", "close", "david", "--yes").code == 0
    assert david.run("whoami").code == 1
    assert admin.run("account", "erase", "david", "--yes").code == 0
    assert "david" not in admin.run("account", "list").out
    assert admin.run("account", "close", "nobody", "--yes").code == 1

    given = admin.run("mandate", "give", "town-hall", *LVIV, "--under", "duty-desk")
    assert given.code == 0, given.err
    assert "town-hall" in given.out
    until = "2099-01-01T00:00:00Z"
    lent = clara.run("delegate", "give", "town-hall", *LVIV, "--until", until, "--json")
    assert lent.code == 0, lent.err
    assert [each["to"] for each in lent.json["delegations"]] == ["town-hall"]
    assert "town-hall" in clara.run("delegate", "list").out
    assert clara.run("delegate", "withdraw", "town-hall", "--json").json["delegations"] == []
    assert admin.run("mandate", "withdraw", "town-hall", *LVIV).code == 0


def test_the_houses_own_keys_are_rotated(tmp_path):
    before = tocsin("key", "rotate", "head", "--data", tmp_path, "--json").json
    after = tocsin("key", "rotate", "head", "--data", tmp_path)
    assert after.code == 0, after.err
    assert "next start" in after.out
    names = sorted(path.name for path in (tmp_path / "keys").iterdir())
    assert names[0] == f"head-{before['id']}", "the old one goes on checking"
    assert len(names) == 2
    assert tocsin("key", "rotate", "other", "--data", tmp_path).code == 2
