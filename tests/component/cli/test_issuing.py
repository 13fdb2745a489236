"""issue, clear, cancel against a running house: the typed word, the guards, the exit codes."""

from datetime import datetime, timedelta

import pytest

from kit.commands import tocsin, typed
from tocsin.clock import SystemClock

pytestmark = pytest.mark.timeout(180)

KYIV, LVIV, ODESA = "UA80000000000093317", "UA46000000000026241", "UA51000000000030770"


def states(house, *regions):
    found = house.run("status", "--json").json["states"]
    return {line["region"]: line["state"] for line in found if line["region"] in regions}


def test_an_alert_goes_out_with_the_typed_word_and_comes_back_with_its_handle(shared_house):
    done = typed(
        "ISSUE", "issue", "air-raid", "--area", "UA-30", "--data", shared_house.folder,
        TOCSIN_SERVER=shared_house.url,
    )  # fmt: skip
    assert done.code == 0, done.out
    assert "ACTUAL ALERT, NOT A DRILL" in done.out
    assert "about 2,952,301 people" in done.out
    assert "uk  Повітряна тривога. Негайно пройдіть в укриття." in done.out
    assert "en  Air raid alert. Go to shelter now." in done.out
    assert "Undo: tocsin cancel " in done.out
    assert states(shared_house, KYIV) == {KYIV: "active"}


def test_another_word_sends_nothing(house):
    done = typed(
        "yes", "issue", "air-raid", "--area", "UA-46", "--data", house.folder,
        TOCSIN_SERVER=house.url,
    )  # fmt: skip
    assert done.code == 4
    assert "nothing was sent" in done.out
    assert house.run("status", "--json").json["states"] == []
    piped = house.officer("issue", "air-raid", "--area", "UA-46")
    assert piped.code == 4, "a pipe is not a person"
    drifted = house.officer("issue", "air-raid", "--area", "UA-46", "--yes", "--people", "12")
    assert drifted.code == 4
    assert "--people: people-differ" in drifted.err
    assert house.run("status", "--json").json["states"] == []


def test_for_says_how_long_an_alert_lasts(house):
    done = house.officer(
        "issue", "flood", "--area", "UA-46", "--for", "1h30m", "--yes", "--people", "2478133",
        "--json",
    )  # fmt: skip
    assert done.code == 0, done.err
    sent, expires = (datetime.fromisoformat(done.json[name]) for name in ("sent", "expires"))
    assert timedelta(minutes=89) < expires - sent <= timedelta(minutes=90)
    wrong = house.officer("issue", "flood", "--area", "UA-46", "--for", "soon")
    assert wrong.code == 2
    assert "2h, 90m or 1h30m" in wrong.err


def test_yes_without_people_is_a_usage_error(shared_house):
    done = shared_house.officer("issue", "air-raid", "--area", "UA-46", "--yes")
    assert done.code == 2
    assert "--people" in done.err


def test_a_refusal_names_field_rule_and_help(shared_house):
    done = shared_house.officer("issue", "air-raid", "--area", "UA-999")
    assert done.code == 1
    assert "refused  /area/regions/0: unknown-region:" in done.err
    unfit = shared_house.officer("issue", "dragon", "--area", "UA-46")
    assert unfit.code == 1
    assert "/hazard: unknown-hazard:" in unfit.err


def test_without_the_token_nothing_is_issued(shared_house):
    done = shared_house.run("cancel", "0000", "--reason", "a test", "--yes")
    assert done.code == 1
    done = shared_house.run("issue", "air-raid", "--area", "UA-46", "--yes", "--people", "1")
    assert done.code == 1
    assert "no-credential" in done.err


def test_an_all_clear_shows_what_ends_and_what_stays(house):
    wide = house.issue("UA-46")
    inner = house.issue("UA46060000000042587")
    done = typed("CLEAR", "clear", wide["handle"], "--data", house.folder, TOCSIN_SERVER=house.url)
    assert done.code == 0, done.out
    assert "Ends now       Air raid" in done.out
    assert "Stays in force Air raid" in done.out
    assert f"--tick {inner['handle']} ends it too" in done.out
    assert f"All-clear for {wide['handle']} saved (revision 2)." in done.out
    assert states(house, LVIV) == {LVIV: "partial"}, "what was not ticked stays"
    again = typed("no", "clear", inner["handle"], "--data", house.folder, TOCSIN_SERVER=house.url)
    assert again.code == 4
    assert states(house, LVIV) == {LVIV: "partial"}


def test_ticked_alerts_end_along(house):
    wide = house.issue("UA-46")
    inner = house.issue("UA46060000000042587")
    wrong = house.officer("clear", wide["handle"], "--tick", "ZZZZ", "--yes")
    assert wrong.code == 1
    assert "/ticked: not-offered" in wrong.err
    done = house.officer("clear", wide["handle"], "--tick", inner["handle"], "--yes", "--json")
    assert done.code == 0, done.err
    assert done.json["state"] == "cleared"
    assert states(house, LVIV) == {LVIV: "cleared"}


def test_a_part_is_cleared_and_the_rest_stays(house):
    alert = house.issue("UA-30", "UA-46")
    done = house.officer("clear", alert["handle"], "--area", "UA-46", "--yes", "--json")
    assert done.code == 0, done.err
    assert (done.json["state"], done.json["revision"]) == ("active", 2)
    assert states(house, KYIV, LVIV) == {KYIV: "active", LVIV: "cleared"}


def test_a_cancel_needs_its_reason_and_its_word(house):
    alert = house.issue("UA-51")
    assert house.officer("cancel", alert["handle"], "--yes").code == 2
    done = typed(
        "CANCEL", "cancel", alert["handle"], "--reason", "wrong key", "--data", house.folder,
        TOCSIN_SERVER=house.url,
    )  # fmt: skip
    assert done.code == 0, done.out
    assert "withdrawn as issued in error (revision 2)" in done.out
    assert "active" not in states(house, ODESA).values()
    late = house.officer("clear", alert["handle"], "--yes")
    assert late.code == 1
    assert "not-in-force" in late.err


def test_the_same_key_twice_is_one_alert(house):
    words = ["issue", "air-raid", "--area", "UA-46", "--yes", "--json", "--key", "k-1"]
    people = str(house.officer(*words[:4], "--yes", "--people", "1").err.split("about ")[-1])
    people = people.split(",", maxsplit=1)[0]
    first = house.officer(*words, "--people", people)
    assert first.code == 0, first.err
    second = house.officer(*words, "--people", people)
    assert second.code == 0, second.err
    assert second.json["id"] == first.json["id"]
    other = house.officer(*words[:3], "UA-51", *words[4:], "--people", people)
    assert other.code != 0, "the key stands for what it was used for"
    assert len(house.run("status", "--area", "UA-46", "--json").json["states"]) == 1


def test_a_house_that_is_not_there_is_unreachable():
    done = tocsin("status", "--server", "http://127.0.0.1:9")
    assert done.code == 3
    assert "http://127.0.0.1:9: unreachable:" in done.err


def plan_file(folder, **left_out):
    """A whole plan of an evacuation as a file, or one with something left out."""
    deadline = SystemClock().now() + timedelta(hours=6)
    lines = [f"deadline = {deadline.isoformat()}"]
    for field in ("destination", "routes", "transport", "assembly", "help"):
        said = [code for code in ("uk", "en") if left_out.get(field) != code]
        lines += [f"[{field}]", *(f'{code} = "{field} said in {code}"' for code in said)]
    file = folder / "leave.toml"
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def test_an_evacuation_needs_its_whole_plan_and_says_what_is_missing(shared_house, tmp_path):
    leave = []
    for code in ("uk", "en"):
        file = tmp_path / f"leave.{code}.txt"
        file.write_text("Leave now.", encoding="utf-8")
        leave += ["--instruction-file", file]
    ask = ("issue", "evacuation", "--area", "UA-51", *leave)
    none = shared_house.officer(*ask)
    assert none.code == 1
    assert "/evacuation/destination/uk: evacuation-incomplete:" in none.err
    half = shared_house.officer(*ask, "--plan", plan_file(tmp_path, transport="en"))
    assert half.code == 1
    assert "refused  /evacuation/transport/en: evacuation-incomplete:" in half.err
    assert "by what they go" in half.err
    assert states(shared_house, ODESA) == {}
    zoneless = tmp_path / "zoneless.toml"
    zoneless.write_text("deadline = 2099-01-01T18:00:00", encoding="utf-8")
    unread = shared_house.officer(*ask, "--plan", zoneless)
    assert unread.code == 2
    assert "a time with its zone" in unread.err
    done = typed(
        "ISSUE", *ask, "--plan", plan_file(tmp_path), "--data", shared_house.folder,
        TOCSIN_SERVER=shared_house.url,
    )  # fmt: skip
    assert done.code == 0, done.out
    assert "Where people gather is read by officers only." in done.out
    assert states(shared_house, ODESA) == {ODESA: "active"}
