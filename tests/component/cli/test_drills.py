"""Drills from a plan: checked whole, in the drill room alone, and ended whatever happens."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kit.commands import environment, tocsin
from tocsin.cli.plan import Plan, read

pytestmark = pytest.mark.timeout(400)

PAGE = Path(__file__).parents[3] / "docs" / "operate" / "drills.md"
PLACE = "UA46120000000057093"
ISSUE = f'[[step]]\ndo = "issue"\nname = "raid"\nhazard = "air-raid"\narea = ["{PLACE}"]\n'
CLEAR = '[[step]]\ndo = "clear"\nalert = "raid"\n'


def plan(*steps):
    return 'name = "A drill"\n' + "".join(steps)


def example():
    """The plan that the page shows."""
    [found] = re.findall(r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return found


@pytest.mark.parametrize(
    ("text", "slip"),
    [
        ("name = 1", "Expected `str`"),
        ("name = [", "Invalid"),
        (plan(), "required field `step`"),
        ("name = 'x'\nstep = []", "length >= 1"),
        (plan(ISSUE + 'status = "Actual"\n', CLEAR), "never 'Actual'"),
        (plan(ISSUE + 'realm = "live"\n', CLEAR), "in the drill room only"),
        ('realm = "live"\n' + plan(ISSUE, CLEAR), "in the drill room only"),
        ('status = "Actual"\n' + plan(ISSUE, CLEAR), "never 'Actual'"),
        (plan(ISSUE), "never ended"),
        (plan(ISSUE, CLEAR + f'area = ["{PLACE}"]\n'), "never ended"),
        (plan(ISSUE, ISSUE, CLEAR), "given to another alert"),
        (plan(ISSUE, CLEAR, CLEAR), "was ended by an earlier step"),
        (plan(CLEAR), "no alert that an earlier step"),
        (
            plan(ISSUE, CLEAR, '[[step]]\ndo = "clear"\nalert = "7F3K"\n'),
            "'7F3K' is no alert that an earlier step",
        ),
        (plan(ISSUE, '[[step]]\ndo = "cancel"\nalert = "raid"\n'), "reason: it needs one"),
        (plan(ISSUE, '[[step]]\ndo = "update"\nalert = "raid"\n', CLEAR), "changes nothing"),
        (plan(ISSUE + 'alert = "raid"\n', CLEAR), "no use for it"),
        (plan(ISSUE + 'for = "soon"\n', CLEAR), "say 2h"),
        (plan(ISSUE + 'for = "30s"\n', CLEAR + "after_s = 30\n"), "runs out before"),
        (plan(ISSUE + "after_s = -1\n", CLEAR), "after_s"),
        (plan(ISSUE + "siren = true\n", CLEAR), "siren"),
        (plan('[[step]]\ndo = "sound"\n'), "sound"),
    ],
)
def test_a_plan_with_a_slip_is_refused(text, slip):
    found = read(text)
    assert isinstance(found, list), found
    assert any(slip in each for each in found), found


def test_all_slips_are_named_at_once_by_their_step():
    found = read(plan(ISSUE + 'status = "Actual"\n', '[[step]]\ndo = "wait"\narea = ["x"]\n'))
    assert [each.split(":")[0] for each in found] == [
        "step 1 (issue)", "step 2 (wait)", "step 1 (issue)",
    ]  # fmt: skip


def test_the_plan_of_the_page_is_one():
    found = read(example())
    assert isinstance(found, Plan)
    assert found.lasts_s == 645


def test_the_plan_of_the_page_runs_and_leaves_nothing(shared_house, tmp_path):
    file = tmp_path / "autumn.toml"
    file.write_text(example())
    checked = shared_house.officer("drill", "run", file, "--check", "--json")
    assert (checked.code, checked.json["steps"]) == (0, 6), checked.err
    assert shared_house.officer("journal", "--kind", "alert-issued", "--json").json["rows"] == []
    asked = shared_house.officer("drill", "run", file)
    assert asked.code == 4, "a pipe is not a person"
    done = shared_house.officer("drill", "run", file, "--pace", "max", "--yes")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert all("D DRILL" in line for line in lines)
    assert all(re.match(r"  \d\d:\d\d:\d\d  ", line) for line in lines)
    told = [line.split("D DRILL")[1].split()[:2] for line in lines[:-1]]
    assert told == [
        ["issue", "raid"], ["update", "raid"], ["issue", "slip"], ["cancel", "slip"],
        ["clear", "raid"], ["clear", "raid"],
    ]  # fmt: skip
    assert shared_house.run("status", "--json").json["states"] == [], "nothing live"
    rows = shared_house.officer("journal", "--kind", "alert-issued", "--json").json["rows"]
    assert len(rows) == 2
    assert "No drill runs." in shared_house.officer("drill", "list").out


def test_what_the_house_would_refuse_is_found_before_anything_is_sent(shared_house, tmp_path):
    file = tmp_path / "bad.toml"
    file.write_text(
        plan(ISSUE, CLEAR + 'area = ["UA-999"]\n', CLEAR,
             ISSUE.replace("raid", "fog", 1).replace("air-raid", "fog"),
             CLEAR.replace("raid", "fog"))
    )  # fmt: skip
    before = shared_house.officer("journal", "--json").json["head"]
    done = shared_house.officer("drill", "run", file, "--pace", "max", "--yes")
    assert done.code == 5
    assert "step 2 (clear): area: UA-999" in done.err
    assert "step 4 (issue): /hazard: unknown-hazard" in done.err
    assert shared_house.officer("journal", "--json").json["head"] == before


def begin(house, file, *, upto):
    """Start a run at its own pace and read until a line has that word."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tocsin", "drill", "run", str(file), "--yes",
         "--data", str(house.folder)],
        env=environment(TOCSIN_SERVER=house.url, PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    for line in process.stdout:
        if upto in line:
            return process
    raise AssertionError(process.stderr.read())


def test_interrupted_it_ends_what_it_issued(house, tmp_path):
    file = tmp_path / "long.toml"
    file.write_text(plan(ISSUE, CLEAR + "after_s = 600\n"))
    process = begin(house, file, upto="issue")
    assert len(house.officer("drill", "list", "--json").json["alerts"]) == 1
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 4
    assert "interrupted" in err
    assert "end    raid" in out
    assert house.officer("drill", "list", "--json").json["alerts"] == []


def test_a_real_alert_breaks_it_off_and_stays(house, tmp_path):
    file = tmp_path / "long.toml"
    file.write_text(plan(ISSUE, CLEAR + "after_s = 600\n"))
    process = begin(house, file, upto="issue")
    real = house.issue(PLACE)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "A REAL ALERT is in force there" in err
    assert house.run("status", "--json").json["states"] != []
    again = house.officer("drill", "run", file, "--yes")
    assert (again.code, "real-alert-in-force" in again.err) == (5, True)
    assert house.officer("drill", "list", "--json").json["alerts"] == []
    known = tocsin("cancel", real["handle"], "--reason", "a test", "--yes", "--json",
                   "--data", house.folder, TOCSIN_SERVER=house.url)  # fmt: skip
    assert known.json["realm"] == "live"
