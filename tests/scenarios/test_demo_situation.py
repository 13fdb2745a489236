"""The demo's desk: the three reports' days in our own words, each at its time and no sooner."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pyotp
import pytest

from kit.commands import environment, tocsin
from kit.houses import KYIV, profile
from kit.officers import PASSWORD
from tocsin.bootstrap import profile_folder, recorded
from tocsin.cli.options import settings
from tocsin.core import events as ev
from tocsin.core import infra_events as ie
from tocsin.core import ledger_events as le
from tocsin.core import notice_events as ne
from tocsin.core.alert import Audience
from tocsin.core.claims import ClaimKind, Measure, Qualifier, SpeakerKind
from tocsin.core.facilities import Condition
from tocsin.core.incidents import Ledger, Stage, fold
from tocsin.core.infrastructure import Infrastructure, fold_infra
from tocsin.core.tally import casualties, over, tally
from tocsin.ops.demo import wire
from tocsin.ops.demo.figures import kept
from tocsin.ops.demo.situation import Account, Advice, Opening, read_story
from tocsin.ops.demo.stage import Stage as Server
from tocsin.ops.demo.stage import free_port
from tocsin.projections.situation import Shown
from tocsin.settings import Profile

pytestmark = pytest.mark.timeout(280)

REPORTS = Path(__file__).parents[3] / "shared" / "data" / "reports"
needs_reports = pytest.mark.skipif(not REPORTS.is_dir(), reason="the reports are not here")
ZONE = ZoneInfo("Europe/Kyiv")
DOCS = {
    "ynet": "kyiv-tv-tower-2022-03-01-ynet",
    "hayom": "zelenskiy-ceasefire-2022-03-01",
    "nato": "nato-key-installations-2022-10-11",
}
DIPLOMACY = {
    *(f"ynet#{n:02}" for n in (5, 6, 7, 9, 10, 11, 12, 13, 14, 16, 17)),
    *(f"hayom#{n:02}" for n in (1, 2, 3, 21)),
    *(f"nato#{n}" for n in (18, 24, 36, 37, 38, 40, 41, 42, 43, 44)),
}
"""What the ledger leaves out: front lines, diplomacy, and a private person's words."""
RUN = 8
"""So many words in the same order are a report's sentence."""


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@cache
def story():
    folder = profile_folder(Profile(id="ua"))
    return read_story((folder / "situation.toml").read_bytes(), profile())


def entries(kind):
    return [e for filing in story().filings for e in filing.entries if isinstance(e, kind)]


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "data"
    done = tocsin("demo", "--speed", "max", "--exit", "--json", "--data", folder)
    assert done.code == 0, done.err
    return folder, done


def events(folder: Path):
    rows = recorded(settings(None, {"journal.folder": folder}))
    return [event for _, event in rows if isinstance(event, le.LedgerEvent)]


@pytest.fixture(scope="module")
def told(played):
    return events(played[0])


def desk(told, at: str = "2022-10-12T12:20:00") -> Ledger:
    """The ledger as the desk knew it then."""
    ledger = Ledger()
    for event in told:
        if event.at <= local(at):
            ledger = fold(ledger, event)
    return ledger


def public(told, at: str):
    """What people could see then."""
    world = profile().world
    shown = Shown(world.publication, world.tree)
    for event in told:
        if event.at <= local(at):
            shown.apply(event)
    return shown.at(local(at))


def named(ledger: Ledger, title: str):
    """The incident with that English title."""
    keys = {e.title["en"]: e.command.title for e in entries(Opening)}
    (found,) = [i for i in ledger.incidents.values() if i.title == keys[title]]
    return found


# -- the story is the reports', and its words are ours ---------------------------------------------


def gold():
    lines = (REPORTS / "seed_claims.jsonl").read_text().splitlines()
    names = {doc: short for short, doc in DOCS.items()}
    rows = [json.loads(line) for line in lines]
    return {f"{names[row['doc']]}#{row['id'].rpartition('#')[2]}": row for row in rows}


@needs_reports
def test_every_claim_that_is_no_diplomacy_is_in_it():
    rows, mine = gold(), {each.ref for each in entries(Account)}
    assert mine | DIPLOMACY == set(rows)
    assert not mine & DIPLOMACY
    assert {rows[ref]["kind"] for ref in DIPLOMACY} == {"statement"}


@needs_reports
@pytest.mark.parametrize("number", range(len(entries(Account))))
def test_each_says_what_the_report_says(number):
    mine = entries(Account)[number]
    row, saying = gold()[mine.ref], mine.saying
    speaker = row["speaker"]
    assert (saying.kind, saying.hedge) == (row["kind"], row["hedge"])
    assert saying.voice.kind == speaker["kind"]
    if saying.voice.kind is not SpeakerKind.OUTLET:
        said = (saying.voice.role, saying.voice.org, saying.voice.via)
        assert said == tuple(speaker.get(k) or "" for k in ("role", "org", "via"))
        assert saying.voice.name == (speaker["name"] or "")
    things = Counter((t["type"], t["status"]) for t in row["infrastructure"])
    assert Counter((t.type, t.status) for t in saying.things) == things
    check_figures(saying, row)
    check_time_and_place(mine, row)


def check_figures(saying, row):
    told = {m: f for f in saying.figures for m in f.measures}
    for name in ("killed", "injured"):
        figure, said = told.pop(Measure(name), None), row[name]
        assert (figure is None) == (said is None)
        if said is not None:
            shape = (figure.qualifier, figure.value, figure.low, figure.high)
            low = 0 if said["low"] is None else said["low"]
            assert shape == (said["qualifier"], said["value"], low, said["high"])
    assert len(told) == (row["affected"] is not None)
    for figure in told.values():
        said = row["affected"]
        assert (figure.what, figure.qualifier) == (said["what"], said["qualifier"])
        assert (figure.low, figure.high) == (said["low"], said["high"])


def check_time_and_place(mine, row):
    tree, saying = profile().world.tree, mine.saying
    regions = {tree.find(place["region"]) for place in row["place"] if place["region"]}
    if regions and mine.ref != "nato#28":  # "and elsewhere" is the country
        assert saying.where.geocode in regions
    else:
        assert saying.where is None or saying.where.geocode == "UA" or mine.incident
    if row["time"] is not None and saying.happened is not None and row["kind"] != "statement":
        first = saying.happened.start.astimezone(ZONE).date()
        last = (saying.happened.end - timedelta(seconds=1)).astimezone(ZONE).date()
        assert [first.isoformat(), last.isoformat()] == [row["time"]["start"], row["time"]["end"]]
    if mine.ref in ("nato#13", "nato#14"):
        assert saying.happened is None, "the report gives no time"


def words_of(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("’", "'"))


def runs(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[n : n + RUN]) for n in range(len(words) - RUN + 1)}


@needs_reports
def test_no_sentence_of_a_report_is_in_it():
    theirs = set().union(*(runs(p.read_text()) for p in (REPORTS / "texts").glob("*.txt")))
    assert len(theirs) > 1000
    ours = (profile_folder(Profile(id="ua")) / "situation.toml").read_text()
    assert not runs(ours) & theirs
    for each in (*entries(Account), *entries(Opening), *entries(Advice)):
        for stored in each.texts.values():
            for sentence in json.loads(stored).values():
                assert not runs(sentence) & theirs, sentence


@needs_reports
def test_no_quote_of_a_report_reaches_the_journal(played):
    theirs = set().union(*(runs(p.read_text()) for p in (REPORTS / "texts").glob("*.txt")))
    for file in played[0].rglob("*.db*"):
        assert not runs(file.read_bytes().decode("utf-8", "replace")) & theirs, file.name


# -- the ranges ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "killed", "injured"),
    [
        ("A wave of strikes over Ukraine", (19, 19), (101, None)),
        ("Strike on a television tower in Kyiv", (5, 5), (5, 5)),
        ("Rockets on Kharkiv", (10, None), (35, 35)),
        ("Kharkiv shelled the day before", (1, 99), (1, 99)),
        ("Missiles on Zaporizhzhia", (1, None), None),
        ("A week of strikes on homes at night", (1, None), None),
    ],
)
def test_the_ranges_come_out_right(told, title, killed, injured):
    incident = named(desk(told), title)
    seen = public(told, "2022-10-12T12:10:00")
    shown = next(i for i in seen.incidents() if i.id == incident.id)
    for claims in (desk(told).claims_of(incident.id), seen.claims(shown)):
        for measure, expected in ((Measure.KILLED, killed), (Measure.INJURED, injured)):
            found = tally(claims, measure)
            assert found.told == (expected is not None)
            assert expected is None or (found.low, found.high) == expected


def test_dozens_killed_and_wounded_together_count_once(told):
    ledger = desk(told)
    claims = ledger.claims_of(named(ledger, "Kharkiv shelled the day before").id)
    assert casualties(claims) == (24, 99, True)
    (figure,) = [f for c in claims for f in c.saying.figures]
    assert figure.qualifier is Qualifier.DOZENS


def test_the_wave_is_never_added_to_its_places(told):
    ledger = desk(told)
    names = [named(ledger, t).id for t in ("A wave of strikes over Ukraine", "Missiles on Kyiv")]
    claims = list(ledger.claims.values())
    assert over(ledger, names, Measure.KILLED, claims) == (19, 19, True)


# -- each at its time ------------------------------------------------------------------------------


def test_two_reports_become_one_incident_on_the_desk_at_once(told):
    before, after = desk(told, "2022-03-01T18:33:00"), desk(told, "2022-03-01T18:34:00")
    first, tower = (
        "Explosion near a television tower in Kyiv",
        "Strike on a television tower in Kyiv",
    )
    assert named(before, first).same_as is None
    root = named(after, tower)
    assert after.root(named(after, first).id) == root.id
    outlets = {claim.saying.outlet for claim in after.claims_of(root.id)}
    assert outlets == {"ynet", "Israel Hayom"}
    assert any(t.type == "substation" for c in after.claims_of(root.id) for t in c.saying.things)


def test_people_see_both_accounts_after_the_release_and_nothing_before(told):
    assert public(told, "2022-03-02T05:49:59").incidents() == []
    tower = named(desk(told), "Strike on a television tower in Kyiv")
    early = public(told, "2022-03-02T06:09:59")
    assert tower.id not in {i.id for i in early.incidents()}
    seen = public(told, "2022-03-02T06:10:00")
    (shown,) = [i for i in seen.incidents() if i.id == tower.id]
    claims = seen.claims(shown)
    assert {claim.saying.outlet for claim in claims} == {"ynet", "Israel Hayom"}
    kinds = {t.type for c in claims for t in c.saying.things}
    assert kinds == {"tv-tower"}, "what serves the tower is the desk's alone"
    assert shown.where.site == ""


def test_television_is_told_of_at_once_and_without_the_cause(played):
    rows = list(recorded(settings(None, {"journal.folder": played[0]})))
    lost, back = [(row, event) for row, event in rows if isinstance(event, ie.ChannelsChanged)]
    assert (lost[1].at, back[1].at) == (local("2022-03-01T18:31:00"), local("2022-03-02T08:01:00"))
    assert (lost[1].channel, lost[1].may_not, back[1].may_not) == ("tv", (KYIV,), ())
    for row, _ in (lost, back):
        assert row.audience is Audience.PUBLIC
        assert b"tower" not in row.data


def test_the_tower_is_at_risk_by_what_is_down_and_never_down_by_that(played):
    rows = recorded(settings(None, {"journal.folder": played[0]}))
    infra, seen = Infrastructure(), []
    for _, event in rows:
        if not isinstance(event, ie.InfraEvent):
            continue
        if isinstance(event, ie.InstallationRegistered):
            assert event.facility is None, "what it is lies sealed beside the chain"
        infra = fold_infra(infra, event)
        if isinstance(event, ie.ConditionReported) and event.struck:
            seen.append((event.installation_id, infra.installations[event.installation_id]))
    assert [one.condition for _, one in seen] == [Condition.DOWN, Condition.DOWN]
    down = {name for name, _ in seen}
    never = [one for name, one in infra.installations.items() if name not in down]
    assert all(word.condition is Condition.WORKING for one in never for word in one.words)


def test_the_attackers_call_to_leave_is_refuted_beside_the_claim_that_tells_of_it(played, told):
    rows = recorded(settings(None, {"journal.folder": played[0]}))
    (lie,) = [event for _, event in rows if isinstance(event, ne.CounterfeitTold)]
    claim = desk(told).claims[lie.refutes]
    assert (claim.saying.kind, claim.saying.voice.name) == (ClaimKind.EVACUATION, "Russia")


def test_a_waves_toll_is_its_own_and_its_alerts_are_those_of_its_day(told, played):
    ledger = desk(told)
    wave = named(ledger, "A wave of strikes over Ukraine")
    assert wave.kind == "wave"
    rows = recorded(settings(None, {"journal.folder": played[0]}))
    first, end = local("2022-10-10T00:00:00"), local("2022-10-11T00:00:00")
    issued = {e.alert_id for _, e in rows if isinstance(e, ev.AlertIssued) and first <= e.at < end}
    assert set(ledger.waves[wave.id]) == issued
    assert len(issued) > 20
    assert named(ledger, "Missiles on Kyiv").id in ledger.parts()[wave.id]


def test_nothing_was_released_while_its_alert_lasted_and_in_the_end_everything_is(told):
    world, ledger = profile().world, desk(told)
    assert {i.stage for i in ledger.incidents.values()} == {Stage.RELEASED}
    for incident in ledger.incidents.values():
        rule = world.publication.rule(incident.site)
        assert incident.released_at >= incident.when.end + rule.delay
        assert incident.released_at == world.publication.slot_of(incident.released_at)
    lviv = named(ledger, "Missiles on Lviv")
    assert lviv.released_at == local("2022-10-12T12:00:00")
    kharkiv = named(ledger, "Rockets on Kharkiv")
    assert kharkiv.released_at == local("2022-03-02T07:20:00"), "12 h after an end nobody confirmed"
    wave = named(ledger, "A wave of strikes over Ukraine")
    assert wave.released_at == local("2022-10-11T18:30:00"), "3 h after the country's last end"


def test_where_people_sheltered_waits_as_well_and_is_never_named(told):
    (account,) = [a for a in entries(Account) if a.ref == "nato#22"]
    assert account.saying.where.site
    assert account.incident
    at = "2022-10-11T23:00:00"
    assert all(c.saying.figures == () for c in public(told, at).loose())
    assert not any(c.saying.kind is ClaimKind.SHELTER for c in public(told, at).loose())


def test_the_log_tells_what_the_desk_does(played):
    lines = [line.split()[0] for line in played[1].err.splitlines() if line.startswith("  ")]
    found = Counter(lines)
    assert found["INCIDENT"] == len(entries(Opening))
    assert found["SAME"] == 1
    assert found["RELEASED"] == len(entries(Opening)) - 1, "one of them turned out to be another"
    assert found["GUIDANCE"] == 1
    assert "refused" not in played[1].err


# -- the server, and the plug ----------------------------------------------------------------------


class Ears:
    """What the server tells, and how to wait for some of it."""

    def __init__(self) -> None:
        self.heard: list[wire.Told] = []
        self._more = threading.Condition()

    def hear(self, told: wire.Told) -> None:
        with self._more:
            self.heard.append(told)
            self._more.notify_all()

    def upto(self, kind: type, times: int = 1) -> wire.Told:
        def found() -> list[wire.Told]:
            return [told for told in self.heard if isinstance(told, kind)]

        with self._more:
            assert self._more.wait_for(lambda: len(found()) >= times, 120), self.heard[-3:]
        return found()[times - 1]


@pytest.fixture(params=["max"])
def server(request, tmp_path, monkeypatch):
    for name, value in environment().items():
        monkeypatch.setenv(name, value)
    ears = Ears()
    stage = Server(tmp_path / "data", free_port(18_300), request.param, ears.hear)
    yield stage, ears
    stage.stop()


def test_after_a_kill_in_the_middle_nothing_is_lost_and_nothing_stands_twice(server, told):
    stage, ears = server
    stage.start()
    ears.upto(wire.Entered, 15)
    stage.pull_the_plug()
    found = kept(recorded(settings(None, {"journal.folder": stage.folder})), stage.acknowledged)
    assert (found.lost, found.doubled) == (0, 0)
    assert found.acknowledged >= 15
    stage.start()
    ears.upto(wire.Done)
    page = httpx.get(f"{stage.url}/api/v1/situation").json()
    stage.pull_the_plug()
    again = events(stage.folder)
    assert Counter(map(outline, again)) == Counter(map(outline, told))
    stage.start()
    ears.upto(wire.Done, 2)
    assert httpx.get(f"{stage.url}/api/v1/situation").json() == page
    found = kept(recorded(settings(None, {"journal.folder": stage.folder})), stage.acknowledged)
    assert (found.lost, found.doubled) == (0, 0)


def outline(event) -> tuple[str, str]:
    """What an event is about, but for the ids of its life and the moment of a release."""
    match event:
        case le.IncidentOpened():
            return "opened", event.title
        case le.ClaimEntered():
            return "entered", repr(event.saying)
        case _:
            return type(event).__name__, ""


def test_the_pages_tell_it_and_the_links_visitor_can_open_the_desk(server):
    stage, ears = server
    stage.start()
    link = ears.upto(wire.Opened).link
    ears.upto(wire.Done)
    with httpx.Client(base_url=stage.url) as http:
        for language, toll in (("en", "19 killed"), ("uk", "Масований обстріл України")):
            page = http.get("/situation", headers={"Accept-Language": language})
            assert page.status_code == 200
            assert toll in page.text
            assert "substation" not in page.text
            assert "Zoloti" not in page.text
        assert http.get("/desk").status_code in (302, 303), "not without signing in"
    home, _, token = link.rpartition("/start/")
    own = {"Origin": home, "Sec-Fetch-Site": "same-origin"}
    with httpx.Client(base_url=home, headers=own, timeout=20) as http:
        begun = http.get(f"/api/v1/start/{token}").json()
        code = pyotp.TOTP(begun["totp"]["secret"]).now()
        body = {"password": PASSWORD, "code": code}
        codes = http.post(f"/api/v1/start/{token}", json=body).json()["recovery_codes"]
        body = {"login": "demo", "password": PASSWORD, "code": codes[0]}
        assert http.post("/api/v1/session", json=body).status_code < 300
        page = http.get("/desk/incidents", headers={"Accept-Language": "en"})
        assert page.status_code == 200
        assert "Strike on a television tower in Kyiv" in page.text
        assert http.get("/desk").status_code == 200
        held = http.get("/api/v1/session").json()
        assert "situation" in held["permissions"]


def releases(found) -> dict[str, datetime]:
    titles = {e.incident_id: e.title for e in found if isinstance(e, le.IncidentOpened)}
    return {titles[e.incident_id]: e.at for e in found if isinstance(e, le.IncidentReleased)}


@pytest.mark.parametrize("server", ["keys"], indirect=True)
def test_at_the_pace_of_events_everything_is_released_at_the_same_moments(server, told):
    stage, ears = server
    stage.start()
    ears.upto(wire.Ready)
    for _ in range(4):
        stage.wish(wire.Wish.FASTER)
    ears.upto(wire.Holding)
    stage.wish(wire.Wish.CLEAR)
    ears.upto(wire.Done)
    assert releases(events(stage.folder)) == releases(told)
    shown = httpx.get(f"{stage.url}/api/v1/situation").json()["incidents"]
    assert len(shown) == len(entries(Opening)) - 1
