"""Signed feeds over HTTP: opened by the key's signature alone, taken once, drafted, issued."""

from __future__ import annotations

import asyncio
import json
import random  # noqa: TID251  # seeded
from datetime import timedelta

import pytest

from kit.feeds import FEED, Observer, numbers, observer, station
from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.staff import house, scope_of
from tocsin.core.alert import AlertState
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Role
from tocsin.service.schedule import Scheduler

FIRST = "first-token"
ISSUER = {"issues": True, "is_weak": False, "hazards": ("drone", "missile", "air-raid")}
SUBURB = "UA32060000000012455"
"""A district of 257,000 people."""


def events(crew, kind):
    return [event for _, event in crew.node.service.history() if isinstance(event, kind)]


def pages(crew):
    return [each.why for each in events(crew, OfficersPaged)]


async def drafts(crew):
    seen = await crew.ask(FIRST, "GET", "/api/v1/alert-drafts")
    assert (seen.status, seen.header("cache-control")) == (200, "no-store")
    return seen.json()["drafts"]


async def refused(crew, sent):
    head = crew.node.journal.head()
    seen = await sent
    assert seen.rule, seen.text
    assert crew.node.journal.head() == head
    return seen.status, seen.rule, seen.json()["field"]


# -- the signature -------------------------------------------------------------------------------


async def test_a_signed_report_is_taken_once_and_makes_a_draft(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        body = north.message(kind="drone", regions=["UA-30"], confidence="likely", eta=120,
                             toward=[LVIV], observer="Post 4", id="a/1")  # fmt: skip
        first = await north.post("threats", body)
        assert (first.status, first.json()) == (
            202, {"id": "a/1", "key": "observers", "feed": "threats"},
        )  # fmt: skip
        head = crew.node.journal.head()
        again = await north.post("threats", json.dumps(body, indent=2).encode())
        assert (again.status, again.json()) == (202, first.json())
        assert crew.node.journal.head() == head
        (draft,) = await drafts(crew)
        assert (draft["hazard"], draft["regions"], draft["is_weak"]) == ("drone", [KYIV], True)
        assert (draft["confidence"], draft["how"], draft["closed_at"]) == ("likely", None, None)
        assert (draft["reports"][0]["toward"], draft["reports"][0]["eta"]) == ([LVIV], 120)
        assert pages(crew) == [PageReason.DRAFT]
        other = {**body, "kind": "missile"}
        assert await refused(crew, north.post("threats", other)) == (
            409, "identifier-reused", "/id",
        )  # fmt: skip


async def test_what_is_not_signed_by_a_known_key_is_refused_before_it_is_read(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        good = json.dumps(north.message(kind="drone", regions=[KYIV], confidence="likely")).encode()
        headers = north.headers(good)
        key, signature = headers["Tocsin-Key"], headers["Tocsin-Signature"]
        bare = signature.removeprefix("ed25519=")
        cases = (
            ({}, 401, "unsigned", "/Tocsin-Key"),
            ({"Tocsin-Signature": signature}, 401, "unsigned", "/Tocsin-Key"),
            ({"Tocsin-Key": key}, 401, "unsigned", "/Tocsin-Signature"),
            ({**headers, "Tocsin-Signature": bare}, 401, "unsigned", "/Tocsin-Signature"),
            ({**headers, "Tocsin-Key": "x" * 201}, 401, "unsigned", "/Tocsin-Key"),
            ({**headers, "Tocsin-Key": "nobody"}, 401, "unknown-feed-key", "/Tocsin-Key"),
            ({**headers, "Tocsin-Signature": f"{signature}="}, 401, "bad-signature",
             "/Tocsin-Signature"),
            ({**headers, "Tocsin-Signature": f"ed25519={bare[:-2]}"}, 401, "bad-signature",
             "/Tocsin-Signature"),
            ({**headers, "Tocsin-Signature": "ed25519=" + "A" * 86 + "=="}, 401,
             "bad-signature", "/Tocsin-Signature"),
        )  # fmt: skip
        for given, *expected in cases:
            for raw in (good, b"{no json"):
                got = await refused(crew, north.post("threats", raw, headers=given))
                if raw is good or expected[1] != "bad-signature":
                    assert got == tuple(expected), given
        crossed = await refused(crew, north.post("outages", good, headers=headers))
        assert crossed == (422, "unknown-member", "/kind")  # signed, but no such message
        gone = await crew.ask(FIRST, "POST", "/api/v1/feeds/observers/withdraw", {})
        assert gone.json()["withdrawn_at"]
        sent = north.post("threats", good)
        assert (await refused(crew, sent))[:2] == (401, "unknown-feed-key")


async def test_of_ten_thousand_changed_bodies_none_that_says_something_else_is_taken(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        good = json.dumps(north.message(kind="drone", regions=[KYIV], confidence="likely")).encode()
        headers = north.headers(good)
        chance = random.Random(5)
        taken = 0
        for _ in range(10_000):
            raw = bytearray(good)
            for _ in range(chance.randint(1, 3)):
                place = chance.randrange(len(raw))
                match chance.randrange(3):
                    case 0:
                        raw[place] ^= 1 << chance.randrange(8)
                    case 1:
                        raw.insert(place, chance.randrange(256))
                    case _:
                        del raw[place]
            claim = crew.node.intake.keys.active("observers")
            if bytes(raw) != good:
                signature = headers["Tocsin-Signature"].removeprefix("ed25519=")
                taken += _opens(crew, claim.id, signature, bytes(raw))
        assert taken == 0
        assert _opens(crew, "observers", headers["Tocsin-Signature"].removeprefix("ed25519="), good)
        for _ in range(50):  # and a few by the whole road
            raw = bytearray(good)
            raw[chance.randrange(len(raw))] ^= 1
            got = await refused(crew, north.post("threats", bytes(raw), headers=headers))
            assert got[1] == "bad-signature"


def _opens(crew, key, signature, raw):
    import base64

    from tocsin.checks.signature import Claim
    from tocsin.core.refusals import Refusal
    from tocsin.service.feedrecords import FeedKind

    found = crew.node.intake.opened(
        FeedKind.THREATS, Claim(key, base64.b64decode(signature)), raw
    )  # fmt: skip
    return not isinstance(found, Refusal)


async def test_a_thousand_at_once_of_the_same_report_have_one_effect(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        raw = json.dumps(north.message(kind="drone", regions=[KYIV], confidence="likely")).encode()
        seen = await asyncio.gather(*(north.post("threats", raw) for _ in range(1_000)))
        assert {each.status for each in seen} == {202}
        assert len({each.body for each in seen}) == 1
        assert len(crew.node.service.state.inbox.threats) == 1
        assert len(await drafts(crew)) == 1
        assert pages(crew) == [PageReason.DRAFT]


async def test_a_key_sends_what_it_is_for_and_where_it_has_a_say(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew, feeds=FEED.feeds[1:])
        assert await refused(crew, north.threat()) == (403, "not-allowed", "/Tocsin-Key")
        south = await observer(crew, "south")
        got = await refused(crew, south.threat(regions=[KYIV, LVIV]))
        assert got == (403, "outside-jurisdiction", "/regions/1")
        outage = south.message(service="power", scope={"regions": [LVIV]}, source="DTEK",
                               began=crew.clock.now().isoformat())  # fmt: skip
        got = await refused(crew, south.post("outages", outage))
        assert got == (403, "outside-jurisdiction", "/scope/regions/0")


REPORTS = {
    "a position": ({"position": [30.5, 50.4]}, 422, "unknown-member", "/position"),
    "no kind": ({"kind": None}, 422, "missing-member", "/kind"),
    "no confidence": ({"confidence": None}, 422, "missing-member", "/confidence"),
    "another kind": ({"kind": "dragon"}, 422, "bad-value", "/kind"),
    "nowhere": ({"regions": []}, 422, "empty-area", "/regions"),
    "unknown region": ({"regions": ["XX"]}, 422, "unknown-region", "/regions/0"),
    "unknown heading": ({"toward": ["XX"]}, 422, "unknown-region", "/toward/0"),
    "an id with a space": ({"id": "a b"}, 422, "bad-value", "/id"),
    "turned observer": ({"observer": "a\u202eb"}, 422, "control-character", "/observer"),
    "too old": ({"sent": "2022-10-11T08:54:59Z"}, 422, "too-old", "/sent"),
    "over": ({"not_after": "2022-10-11T09:00:00Z"}, 422, "too-old", "/not_after"),
    "from the future": ({"sent": "2022-10-11T09:01:01Z"}, 422, "time-in-future", "/sent"),
    "for ever": ({"not_after": "2022-10-12T09:00:01Z"}, 422, "expires-too-late", "/not_after"),
    "no zone": ({"sent": "2022-10-11T09:00:00"}, 422, "time-without-zone", "/sent"),
    "no such year": ({"sent": "9999-12-31T23:59:59-14:00"}, 422, "bad-value", "/sent"),
    "withdraws nothing": (
        {"withdraws": "m-0", "kind": None, "regions": [], "confidence": None},
        422, "unknown-report", "/withdraws",
    ),
    "withdraws and reports": ({"withdraws": "m-0"}, 422, "bad-value", "/kind"),
}  # fmt: skip


@pytest.mark.parametrize("case", REPORTS)
async def test_a_wrong_report_is_refused_by_field_and_rule_and_nothing_is_written(tmp_path, case):
    change, *expected = REPORTS[case]
    async with house(tmp_path) as crew:
        north = await observer(crew)
        assert await refused(crew, north.threat(**change)) == tuple(expected)


async def test_a_report_replayed_after_its_time_is_refused(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        body = north.message(kind="drone", regions=[KYIV], confidence="likely")
        assert (await north.post("threats", body)).status == 202
        crew.clock.step(minutes=6)
        assert await refused(crew, north.post("threats", body)) == (422, "too-old", "/sent")


# -- from report to alert ------------------------------------------------------------------------


async def test_a_report_taken_back_withdraws_its_draft_and_ends_no_alert(tmp_path):
    async with newsdesk(tmp_path / "data", SUBURB) as desk:
        crew = desk.crew
        north = await observer(crew, is_weak=False, regions=(SUBURB,))
        assert (await north.threat(id="one", regions=[SUBURB])).status == 202
        back = north.message(withdraws="one", id="back")
        assert (await north.post("threats", back)).status == 202
        head = crew.node.journal.head()
        assert (await north.post("threats", back)).status == 202
        assert crew.node.journal.head() == head
        (draft,) = await drafts(crew)
        assert (draft["how"], draft["by"]) == ("withdrawn", "observers")
        assert (await north.threat(id="two", regions=[SUBURB])).status == 202
        draft = (await drafts(crew))[0]
        alert = {"hazard": "drone", "area": {"regions": [SUBURB]}, "draft": draft["id"]}
        preview = await desk.post("/alerts/preview", alert)
        issued = await desk.post("/alerts", {**alert, "token": preview["token"]}, 201)
        assert (await drafts(crew))[0]["alert"] == issued["id"]
        assert (await north.post("threats", north.message(withdraws="two"))).status == 202
        assert crew.node.service.view(issued["id"]).alert.state is AlertState.ACTIVE
        last = events(crew, OfficersPaged)[-1]
        assert (last.why, last.alert_id) == (PageReason.WITHDRAWN, issued["id"])


async def test_an_operator_dismisses_a_draft_with_a_reason_once(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        north = await observer(desk.crew)
        assert (await north.threat()).status == 202
        (draft,) = await drafts(desk.crew)
        way = f"/alert-drafts/{draft['handle'].lower()}/dismiss"
        assert await desk.refused(way, {"reason": " "}) == (422, "reason-missing", "/reason")
        assert (await desk.refused("/alert-drafts/nope/dismiss", {"reason": "x"}))[1] == (
            "unknown-alert-draft"
        )
        key = {"Idempotency-Key": "k1"}
        done = await desk.post(way, {"reason": "Our own flight."}, **key)
        assert (done["how"], done["reason"]) == ("dismissed", "Our own flight.")
        assert await desk.post(way, {"reason": "Our own flight."}, **key) == done
        assert (await desk.refused(way, {"reason": "x"}))[1] == "alert-draft-closed"


async def test_a_draft_that_nobody_answers_runs_out_and_officers_are_called_again(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        assert (await north.threat()).status == 202
        scheduler = Scheduler(crew.node.service, crew.node.time)
        crew.clock.step(minutes=14, seconds=59)
        await scheduler.look()
        assert (await drafts(crew))[0]["how"] is None
        crew.clock.step(seconds=1)
        await scheduler.look()
        await scheduler.look()
        assert (await drafts(crew))[0]["how"] == "ran-out"
        assert pages(crew) == [PageReason.DRAFT, PageReason.DRAFT]
        assert crew.node.service.state.active == {}


async def test_a_feed_with_a_narrow_mandate_issues_at_once_and_is_named(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew, **{**ISSUER, "regions": (SUBURB,)})
        body = north.message(kind="missile", regions=[SUBURB], confidence="confirmed")
        assert (await north.post("threats", body)).status == 202
        (alert,) = crew.node.service.state.active.values()
        assert (alert.issued_by, alert.hazard) == ("feed:observers", "missile")
        assert alert.sender == "duty-desk"
        crew.members["viewer"] = await crew.hire("viewer", scope_of(Role.VIEWER))
        await crew.sign_in(crew.members["viewer"])
        desk = (await crew.ask("viewer", "GET", "/api/v1/desk")).text
        assert '"Observers"' in desk  # who decided is named
        (draft,) = await drafts(crew)
        assert (draft["how"], draft["alert"], draft["by"]) == (
            "issued", alert.id, "feed:observers",
        )  # fmt: skip
        for again in (
            body,
            north.message(kind="missile", regions=[SUBURB], confidence="confirmed"),
        ):
            assert (await north.post("threats", again)).status == 202
        assert list(crew.node.service.state.active) == [alert.id]
        assert len(await drafts(crew)) == 1
        assert PageReason.SINGLE_PERSON in pages(crew)


DRAFTS_ONLY = {
    "not sure": ({}, {"confidence": "likely"}),
    "another hazard": ({"hazards": ("drone",)}, {}),
    "too many people": ({"regions": (KYIV,)}, {"regions": [KYIV]}),
    "policy wants two": ({}, {"kind": "drone"}),
    "may not issue": ({"issues": False}, {}),
}


@pytest.mark.parametrize("case", DRAFTS_ONLY)
async def test_outside_its_narrow_mandate_a_feed_drafts(tmp_path, case):
    change, members = DRAFTS_ONLY[case]
    async with house(tmp_path) as crew:
        north = await observer(crew, **{**ISSUER, "regions": (SUBURB,), **change})
        sent = {"kind": "missile", "regions": [SUBURB], "confidence": "confirmed", **members}
        assert (await north.threat(**sent)).status == 202
        assert crew.node.service.state.active == {}
        (draft,) = await drafts(crew)
        assert draft["how"] is None


async def test_what_may_not_be_issued_after_all_waits_for_an_operator(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew, sender="nobody.gov.ua", **{**ISSUER, "regions": (SUBURB,)})
        sent = {"kind": "missile", "regions": [SUBURB], "confidence": "confirmed"}
        assert (await north.threat(**sent)).status == 202  # its sender has no mandate
        assert crew.node.service.state.active == {}
        assert (await drafts(crew))[0]["how"] is None


# -- dose rates ----------------------------------------------------------------------------------


async def test_a_storm_from_one_faulty_station_raises_nothing_and_five_that_agree_a_proposal(
    tmp_path,
):
    async with newsdesk(tmp_path / "data") as desk:
        crew = desk.crew
        net = await observer(crew)
        for number in range(1, 6):
            await station(crew, f"roof-{number}")
        for _ in range(60):
            assert (await net.reading("roof-1", 9e9)).status == 202
            crew.clock.step(seconds=10)
        assert await drafts(crew) == []
        assert pages(crew) == []
        for _ in range(3):  # one minute after the other
            assert await drafts(crew) == []
            crew.clock.step(minutes=1)
            for number in range(1, 6):
                assert (await net.reading(f"roof-{number}", 12_000.4)).status == 202
        (draft,) = await drafts(crew)
        assert (draft["cause"], draft["hazard"], draft["regions"]) == (
            "dose-rates", "radiation", [KYIV],
        )  # fmt: skip
        # the faulty one sent what cannot be within the last half hour: it does not count
        assert draft["sources"] == [f"roof-{number}" for number in range(2, 6)]
        assert draft["is_weak"] is True  # all of them under one key
        assert "roof-2: 12000 nSv/h (100)" in draft["why"]
        assert pages(crew) == [PageReason.DRAFT]
        scheduler = Scheduler(crew.node.service, crew.node.time)
        crew.clock.step(minutes=10)
        alert = {"hazard": "radiation", "area": {"regions": [KYIV]}, "draft": draft["id"]}
        preview = await desk.post("/alerts/preview", alert)
        proposed = await desk.post("/alerts", {**alert, "token": preview["token"]}, 202)
        assert proposed["state"] == "waiting"
        crew.clock.step(minutes=6)
        await scheduler.look()
        assert (await drafts(crew))[0]["how"] is None  # the draft waits as long as its answer does
        crew.clock.step(minutes=9)
        await scheduler.look()
        await scheduler.look()
        assert (await drafts(crew))[0]["how"] == "ran-out"
        assert crew.node.service.state.active == {}


READINGS = {
    "micro": ({"unit": "uSv/h"}, 422, "wrong-unit", "/unit"),
    "another quantity": ({"quantity": "dose"}, 422, "bad-value", "/quantity"),
    "negative": ({"value": -1}, 422, "bad-value", "/value"),
    "text": ({"value": "12"}, 422, "wrong-type", "/value"),
    "tomorrow": ({"measured_at": "2022-10-11T09:01:01Z"}, 422, "time-in-future", "/measured_at"),
    "last week": ({"measured_at": "2022-10-08T08:59:59Z"}, 422, "too-old", "/measured_at"),
    "elsewhere": ({"position": [30.6, 50.4]}, 422, "bad-value", "/position"),
    "unknown": ({"station": "roof-9"}, 422, "unknown-station", "/station"),
    "another's": ({"station": "other-1"}, 422, "unknown-station", "/station"),
}  # fmt: skip


@pytest.mark.parametrize("case", READINGS)
async def test_a_wrong_reading_is_refused_and_nothing_is_kept(tmp_path, case):
    change, *expected = READINGS[case]
    async with house(tmp_path) as crew:
        net = await observer(crew)
        await observer(crew, "others")
        await station(crew, "roof-1")
        await station(crew, "other-1", key="others")
        assert await refused(crew, net.reading("roof-1", 120, **change)) == tuple(expected)
        assert crew.node.registry.last_reading("roof-1") is None


async def test_tests_faults_and_lapsed_calibrations_are_kept_shown_and_never_count(tmp_path):
    async with house(tmp_path) as crew:
        net = await observer(crew)
        for number in range(1, 4):
            await station(crew, f"roof-{number}")
        await station(crew, "roof-4", calibrated_until=crew.clock.now())
        for _ in range(3):
            crew.clock.step(minutes=1)
            assert (await net.reading("roof-1", 9e6, quality="test")).status == 202
            assert (await net.reading("roof-2", 9e6, quality="fault")).status == 202
            assert (
                await net.reading("roof-3", 9e6, position=[30.51, 50.39], background=9)
            ).status == 202
            assert (await net.reading("roof-4", 9e6)).status == 202
        assert await drafts(crew) == []
        shown = (await crew.ask(FIRST, "GET", "/api/v1/stations")).json()["stations"]
        assert [each["last"]["counts"] for each in shown] == [False, False, True, False]
        assert [each["calibrated"] for each in shown] == [True, True, True, False]


async def test_a_reading_is_kept_once_however_often_it_comes(tmp_path):
    async with house(tmp_path) as crew:
        net = await observer(crew)
        await station(crew, "roof-1")
        body = net.message(station="roof-1", quantity="ambient-dose-equivalent-rate", value=120,
                           unit="nSv/h", measured_at=crew.clock.now().isoformat())  # fmt: skip
        seen = await asyncio.gather(*(net.post("observations", body) for _ in range(50)))
        assert {each.status for each in seen} == {202}
        since = crew.clock.now() - timedelta(hours=1)
        assert len(crew.node.registry.readings("roof-1", since)) == 1
        other = await refused(crew, net.post("observations", {**body, "value": 121}))
        assert other == (409, "identifier-reused", "/id")


async def test_the_readings_of_a_withdrawn_key_count_no_more(tmp_path):
    async with house(tmp_path) as crew:
        net, bad = await observer(crew), await observer(crew, "bad")
        for number in range(1, 4):
            await station(crew, f"bad-{number}", key="bad")
        await station(crew, "roof-1")
        for _ in range(3):
            crew.clock.step(minutes=1)
            for number in (1, 2):
                assert (await bad.reading(f"bad-{number}", 9e6)).status == 202
        assert (await crew.ask(FIRST, "POST", "/api/v1/feeds/bad/withdraw", {})).status == 200
        for _ in range(3):
            crew.clock.step(minutes=1)
            assert (await net.reading("roof-1", 9e6)).status == 202
        assert await drafts(crew) == []


# -- outages -------------------------------------------------------------------------------------


async def test_a_feed_reports_an_outage_and_then_how_it_stands(tmp_path):
    async with house(tmp_path) as crew:
        grid = await observer(crew, tells=True)
        body = {
            "service": "power", "source": "Grid", "began": "2022-10-11T08:00:00Z",
            "scope": {"regions": [KYIV], "count": {"qualifier": "hundreds", "of": "settlements"}},
        }  # fmt: skip
        first = grid.message(**body)
        for _ in range(3):
            assert (await grid.post("outages", first)).status == 202
        (outage,) = crew.node.service.state.infra.outages.values()
        assert (outage.told, outage.by, outage.revision) == (True, "feed:observers", 1)
        changed = {**first, "source": "Other"}
        assert (await refused(crew, grid.post("outages", changed)))[1] == "identifier-reused"
        assert (await grid.post("outages", grid.message(**body, restored_share=0.5))).status == 202
        ended = grid.message(**body, ended="2022-10-11T08:59:00Z")
        assert (await grid.post("outages", ended)).status == 202
        (outage,) = crew.node.service.state.infra.outages.values()
        assert (outage.restored_share, outage.revision) == (1.0, 3)
        other = grid.message(**{**body, "service": "water"})
        assert (await grid.post("outages", other)).status == 202
        assert len(crew.node.service.state.infra.outages) == 2


OUTAGES = {
    "over before": ({"ended": "2022-10-11T07:00:00Z"}, 422, "restored-before-outage", "/ended"),
    "over 100 %": ({"restored_share": 1.01}, 422, "share-out-of-range", "/restored_share"),
    "no region": ({"scope": {}}, 422, "empty-area", "/scope/regions"),
    "not begun": ({"began": "2022-10-11T10:00:00Z"}, 422, "time-in-future", "/began"),
    "no beginning": ({"began": None}, 422, "wrong-type", "/began"),
    "a handle": ({"scope": {"regions": [KYIV], "installations": ["ABCD"]}}, 404,
                 "unknown-installation", "/scope/installations/0"),
    "old": ({"sent": "2022-10-11T08:00:00Z"}, 422, "too-old", "/sent"),
    "tell": ({"tell": True}, 422, "unknown-member", "/tell"),
}  # fmt: skip


@pytest.mark.parametrize("case", OUTAGES)
async def test_a_wrong_outage_is_refused_and_nothing_is_written(tmp_path, case):
    change, *expected = OUTAGES[case]
    async with house(tmp_path) as crew:
        grid = await observer(crew)
        body = {"service": "power", "source": "Grid", "began": "2022-10-11T08:00:00Z",
                "scope": {"regions": [KYIV]}, **change}  # fmt: skip
        got = await refused(crew, grid.post("outages", grid.message(**body)))
        assert got == tuple(expected)


async def test_an_outage_of_a_feed_that_may_not_tell_stays_at_the_desk(tmp_path):
    async with house(tmp_path) as crew:
        grid = await observer(crew)
        body = grid.message(service="power", source="Grid", began="2022-10-11T08:00:00Z",
                            scope={"regions": [KYIV]})  # fmt: skip
        assert (await grid.post("outages", body)).status == 202
        seen = await crew.ask("anybody", "GET", "/api/v1/outages")
        assert seen.json()["outages"] == []


# -- keys ----------------------------------------------------------------------------------------


KEYS = {
    "an old id": ({"id": "observers"}, 409, "not-as-it-stands", "/id"),
    "a bad id": ({"id": "A b"}, 422, "bad-value", "/id"),
    "no key": ({"public": "AAAA"}, 422, "bad-value", "/public"),
    "a key for all": ({"public": "A" * 43 + "="}, 422, "bad-value", "/public"),
    "nothing to send": ({"feeds": []}, 422, "missing-member", "/feeds"),
    "nowhere": ({"regions": []}, 422, "empty-area", "/regions"),
    "unknown region": ({"regions": ["XX"]}, 422, "unknown-region", "/regions/0"),
    "unknown hazard": ({"hazards": ["*"]}, 422, "unknown-hazard", "/hazards/0"),
    "weak and issuing": ({"issues": True, "hazards": ["drone"]}, 422, "bad-value", "/issues"),
    "issuing nothing": ({"issues": True}, 422, "missing-member", "/hazards"),
    "no name": ({"name": " "}, 422, "bad-value", "/name"),
    "turned sender": ({"sender": "a\u202e"}, 422, "control-character", "/sender"),
}  # fmt: skip


@pytest.mark.parametrize("case", KEYS)
async def test_a_wrong_key_is_refused_and_nothing_is_kept(tmp_path, case):
    change, *expected = KEYS[case]
    async with house(tmp_path) as crew:
        north = await observer(crew)
        fresh = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
        body = {"id": "another", "public": fresh, "name": "N", "feeds": ["threats"],
                "regions": [KYIV], **change}  # fmt: skip
        got = await refused(crew, crew.ask(FIRST, "POST", "/api/v1/feeds", body))
        assert got == tuple(expected)
        listed = (await crew.ask(FIRST, "GET", "/api/v1/feeds")).json()["feeds"]
        assert [each["id"] for each in listed] == [north.key.id]


async def test_a_public_key_is_entered_once(tmp_path):
    async with house(tmp_path) as crew:
        north: Observer = await observer(crew)
        listed = (await crew.ask(FIRST, "GET", "/api/v1/feeds")).json()["feeds"]
        body = {"id": f"again-{next(numbers)}", "public": listed[0]["public"], "name": "N",
                "feeds": ["threats"], "regions": [KYIV]}  # fmt: skip
        got = await refused(crew, crew.ask(FIRST, "POST", "/api/v1/feeds", body))
        assert got == (409, "not-as-it-stands", "/public")
        assert north.key.made_by == "first-token"


STATIONS = {
    "of no key": ({"key": "nobody"}, 422, "bad-value", "/key"),
    "outside": ({"region": LVIV}, 403, "outside-jurisdiction", "/region"),
    "unknown region": ({"region": "XX"}, 404, "unknown-region", "/region"),
    "off the earth": ({"position": [30, 95]}, 422, "position-out-of-range", "/position"),
    "negative background": ({"background": -1}, 422, "bad-value", "/background"),
    "a bad id": ({"id": "x"}, 422, "bad-value", "/id"),
}  # fmt: skip


@pytest.mark.parametrize("case", STATIONS)
async def test_a_wrong_station_is_refused_and_nothing_is_kept(tmp_path, case):
    change, *expected = STATIONS[case]
    async with house(tmp_path) as crew:
        await observer(crew)
        body = {"id": "roof-1", "name": "Roof", "region": KYIV, "position": [30.5, 50.4],
                "background": 100, "calibrated_until": "2023-01-01T00:00:00Z",
                "key": "observers", **change}  # fmt: skip
        got = await refused(crew, crew.ask(FIRST, "POST", "/api/v1/stations", body))
        assert got == tuple(expected)
        assert crew.node.registry.stations() == []


async def test_a_key_that_runs_wild_is_held_to_its_rate(tmp_path):
    async with house(tmp_path) as crew:
        north = await observer(crew)
        crew.node.intake._limit._item.amount = 3  # noqa: SLF001
        seen = [await north.threat() for _ in range(5)]
        assert [each.status for each in seen] == [202, 202, 202, 429, 429]
        crew.clock.step(seconds=61)
        assert (await north.threat()).status == 202
