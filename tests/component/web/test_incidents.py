"""Incidents and claims over HTTP: nothing overwritten, nothing told early, slips by their field."""

from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.staff import staffed
from tocsin.service.schedule import due

WHEN = {"start": "2022-10-11T07:00:00Z", "end": "2022-10-11T08:00:00Z", "grain": "minute"}
OPEN = {
    "kind": "strike", "site": "civilian", "where": {"geocode": KYIV, "name": "Shevchenkivskyi"},
    "when": WHEN,
}  # fmt: skip
SAYING = {
    "kind": "casualties",
    "voice": {"kind": "person", "name": "Vitali Klitschko", "role": "Mayor", "org": "Kyiv"},
    "outlet": "Voice of America",
    "figures": [{"measures": ["killed"], "qualifier": "at_least", "value": 10}],
}


def said(value, qualifier="exact", **more):
    figures = [{"measures": ["killed"], "qualifier": qualifier, "value": value}]
    return {**SAYING, "figures": figures, **more}


def voice(name):
    return {"kind": "organisation", "name": name}


async def opened(desk, **more):
    """Open an incident and return its body."""
    return await desk.post("/incidents", {**OPEN, **more}, 201)


async def entered(desk, incident, saying=None, **more):
    """Enter a claim and return its body."""
    body = {"saying": saying or SAYING, "incident": incident["id"], **more}
    return await desk.post("/claims", body, 201)


async def test_an_incident_is_opened_with_its_exact_place_and_its_embargo(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        where = {"geocode": "UA-30", "name": "Shevchenkivskyi", "site": "Block 4, yard",
                 "position": [30.5, 50.4]}  # fmt: skip
        title = {"en": "Strike on Monday", "uk": "Удар у понеділок"}
        found = await opened(desk, where=where, title=title)
        assert found["where"] == {**where, "geocode": KYIV, "certain": True}
        assert (found["title"], found["stage"], found["public"]) == (title, "hidden", None)
        assert found["embargo"]["why"] == "policy"
        assert found["embargo"]["due"] == "2022-10-11T11:10:00Z"  # three hours, and the next slot
        assert found["opened_by"]
        for name in (found["id"], found["handle"], found["handle"].lower()):
            assert await desk.get(f"/incidents/{name}") == found


OPENS = {
    "no kind": ({"kind": None}, "wrong-type", "/kind"),
    "unknown kind": ({"kind": "miracle"}, "bad-value", "/kind"),
    "kind with spaces": ({"kind": "a b"}, "bad-value", "/kind"),
    "unknown site": ({"site": "moon"}, "bad-value", "/site"),
    "nowhere": ({"where": {"geocode": "XX"}}, "unknown-region", "/where/geocode"),
    "no place": ({"where": None}, "wrong-type", "/where"),
    "turned place": ({"where": {"geocode": KYIV, "name": "a\u202eb"}}, "control-character",
                     "/where/name"),
    "two lines of a site": ({"where": {"geocode": KYIV, "site": "a\nb"}}, "control-character",
                            "/where/site"),
    "off the earth": ({"where": {"geocode": KYIV, "position": [181, 0]}},
                      "position-out-of-range", "/where/position"),
    "three numbers": ({"where": {"geocode": KYIV, "position": [1, 2, 3]}}, "bad-value",
                      "/where/position"),
    "words as position": ({"where": {"geocode": KYIV, "position": ["a", "b"]}}, "wrong-type",
                          "/where/position/0"),
    "to come": (
        {"when": {"start": "2022-10-11T09:00:01Z", "end": "2022-10-11T10:00:00Z"}},
        "time-in-future", "/when/start",
    ),
    "ends as it begins": ({"when": {"start": WHEN["end"], "end": WHEN["end"]}},
                          "ends-before-start", "/when/end"),
    "year 1": ({"when": {**WHEN, "start": "0001-01-01T00:00:00Z"}}, "bad-value", "/when/start"),
    "year 9999": ({"when": {**WHEN, "end": "9999-12-31T23:59:59-14:00"}}, "bad-value",
                  "/when/end"),
    "no zone": ({"when": {**WHEN, "end": "2022-10-11T08:00:00"}}, "time-without-zone", "/when/end"),
    "unknown grain": ({"when": {**WHEN, "grain": "century"}}, "bad-value", "/when/grain"),
    "unknown language": ({"title": {"xx": "a"}}, "bad-value", "/title/xx"),
    "control in a title": ({"title": {"en": "a\x00"}}, "control-character", "/title/en"),
    "a title of 1,001": ({"title": {"en": "x" * 1001}}, "text-too-long", "/title"),
    "41 languages": ({"title": {f"l{n}": "x" for n in range(41)}}, "bad-value", "/title"),
    "a number of its own": ({"handle": "X"}, "unknown-member", "/handle"),
}  # fmt: skip


async def test_each_slip_at_an_incident_is_refused_by_its_field(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for name, (change, rule, field) in OPENS.items():
            status, *found = await desk.refused("/incidents", {**OPEN, **change})
            assert found == [rule, field], name
            assert 400 <= status < 500, name
        held = await opened(desk)
        for name, (change, rule, field) in OPENS.items():
            if rule == "wrong-type" and change.get(field[1:], "") is None:
                continue  # null leaves as it is
            status, *found = await desk.refused(f"/incidents/{held['id']}", change)
            assert found == [rule, field], name
        for change, rule in (({"reason": "x" * 501}, "text-too-long"),
                             ({"reason": "\u202e"}, "control-character")):  # fmt: skip
            _, *found = await desk.refused(f"/incidents/{held['id']}", change)
            assert found == [rule, "/reason"]
        assert await desk.get(f"/incidents/{held['id']}") == held


async def test_a_change_keeps_what_it_does_not_name(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk, title={"en": "A strike"})
        path = f"/incidents/{held['id']}"
        changed = await desk.post(path, {"is_open": False, "reason": "The search is over."})
        assert changed == {**held, "is_open": False}
        head = desk.crew.node.journal.head()
        assert await desk.post(path, {"is_open": False}) == changed
        assert desk.crew.node.journal.head() == head
        untitled = await desk.post(path, {"title": {}})
        assert untitled["title"] == {}
        longer = await desk.post(path, {"site": "critical"})
        assert longer["embargo"]["due"] == "2022-10-11T20:10:00Z"
        back = await desk.post(path, {"site": "civilian"})  # nobody tells it sooner by a word
        assert back["embargo"]["due"] == "2022-10-11T20:10:00Z"


async def test_lists_are_by_region_day_and_state_and_lead_on(tmp_path):
    async with newsdesk(tmp_path / "data", KYIV, LVIV) as desk:
        at = ["2022-10-09T20:00:00Z", "2022-10-10T06:00:00Z", "2022-10-11T06:00:00Z"]
        first, second, third = [
            await opened(
                desk,
                when={"start": start, "end": end, "grain": "minute"},
                where={"geocode": code},
            )
            for start, end, code in zip(
                at,
                ["2022-10-09T21:00:00Z", "2022-10-10T07:00:00Z", "2022-10-11T07:00:00Z"],
                [KYIV, LVIV, KYIV], strict=True,
            )
        ]  # fmt: skip
        await entered(desk, third)
        await desk.post(f"/incidents/{first['id']}", {"is_open": False})

        async def ids(**query):
            return [each["id"] for each in (await desk.get("/incidents", **query))["incidents"]]

        assert await ids() == [third["id"], second["id"], first["id"]]
        assert await ids(region=LVIV) == [second["id"]]
        assert await ids(region="UA-30") == [third["id"], first["id"]]
        assert await ids(region="UA") == await ids()
        assert await ids(open="false") == [first["id"]]
        assert await ids(open="true") == [third["id"], second["id"]]
        assert await ids(day="2022-10-09") == [first["id"]]  # it ended at local midnight
        assert await ids(day="2022-10-10") == [second["id"]]
        assert await ids(day="2022-10-12") == []
        page = await desk.get("/incidents", limit=2)
        assert [each["id"] for each in page["incidents"]] == [third["id"], second["id"]]
        assert await ids(limit=2, cursor=page["cursor"]) == [first["id"]]
        row = page["incidents"][0]
        whole = await desk.get(f"/incidents/{third['id']}")
        assert (row["claims"], row["tallies"]) == (1, whole["tallies"])
        assert row["due"] == whole["embargo"]["due"]
        assert row["where"] == whole["where"]
        for query, field in (
            ("region=XX", "/region"), ("day=2022-13-01", "/day"), ("day=2022-02-30", "/day"),
            ("day=today", "/day"), ("open=maybe", "/open"), ("limit=0", "/limit"),
            ("limit=501", "/limit"), ("cursor=nope", "/cursor"), ("colour=red", "/colour"),
        ):  # fmt: skip
            seen = await desk.ask("GET", f"/incidents?{query}")
            assert 400 <= seen.status < 500, query
            assert seen.json()["field"] == field, query


async def test_a_claim_is_entered_by_hand_with_its_source_or_not_at_all(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk)
        claim = await entered(desk, held)
        assert claim["incident"] == held["id"]
        assert claim["report"] is None
        assert claim["quote"] is None
        assert claim["by"]
        assert claim["claim"]["standing"] == "stands"
        for change, rule, field in (
            ({"outlet": ""}, "source-missing", "/saying/outlet"),
            ({"figures": []}, "missing-member", "/saying/figures"),
            ({"where": {"geocode": KYIV, "position": [0, 91]}}, "position-out-of-range",
             "/saying/where/position"),
            ({"said_at": "2023-01-01T00:00:00Z"}, "time-in-future", "/saying/said_at"),
        ):  # fmt: skip
            body = {"saying": {**SAYING, **change}, "incident": held["id"]}
            _, *found = await desk.refused("/claims", body)
            assert found == [rule, field]
        body = {"saying": SAYING, "incident": held["handle"]}
        assert (await desk.post("/claims", body, 201))["incident"] == held["id"]
        for body, rule, field in (
            ({"saying": SAYING}, "incident-missing", "/incident"),
            ({"saying": SAYING, "incident": "NOPE"}, "unknown-incident", "/incident"),
            ({"saying": SAYING, "incident": held["id"], "open": OPEN}, "bad-value", "/open"),
            ({"saying": SAYING, "open": {**OPEN, "kind": "miracle"}}, "bad-value", "/open/kind"),
            ({"saying": {**SAYING, "outlet": ""}, "open": OPEN}, "source-missing",
             "/saying/outlet"),
            ({"incident": held["id"]}, "missing-member", "/saying"),
        ):  # fmt: skip
            _, *found = await desk.refused("/claims", body)
            assert found == [rule, field]
        both = await desk.post("/claims", {"saying": SAYING, "open": OPEN}, 201)
        assert both["incident"] not in {None, held["id"]}
        outage = {**SAYING, "kind": "outage", "figures": [], "things": [
            {"type": "electricity", "status": "out"}]}  # fmt: skip
        _, *found = await desk.refused("/claims", {"saying": outage})
        assert found == ["embargo-holds", "/incident"]
        outage["said_at"] = "2022-01-01T00:00:00Z"
        alone = await desk.post("/claims", {"saying": outage}, 201)
        assert alone["incident"] is None


async def test_a_correction_adds_and_both_stay(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk)
        first = await entered(desk, held, said(12))
        path = f"/claims/{first['claim']['id']}"
        body = {"saying": said(21), "reason": "Two digits were turned."}
        for change, rule, field in (
            ({"reason": " "}, "reason-missing", "/reason"),
            ({"reason": "a\x07"}, "control-character", "/reason"),
            ({"saying": said(-1)}, "bad-value", "/saying/figures/0/value"),
        ):
            _, *found = await desk.refused(f"{path}/correct", {**body, **change})
            assert found == [rule, field]
        second = await desk.post(f"{path}/correct", body, 201)
        assert second["replaces"] == first["claim"]["id"]
        now = await desk.get(f"/incidents/{held['id']}")
        claims = {each["claim"]["id"]: each for each in now["claims"]}
        old = claims[first["claim"]["id"]]
        assert (old["claim"]["standing"], old["reason"]) == ("corrected", body["reason"])
        assert old["claim"]["figures"][0]["value"] == 12  # as it was said
        assert [(each["low"], each["high"]) for each in now["tallies"]] == [(21, 21)]
        assert await desk.refused(f"{path}/correct", body) == (409, "claim-ended", "/id")
        assert await desk.refused(f"{path}/retract", {"reason": "x"}) == (409, "claim-ended", "/id")


async def test_a_retraction_needs_a_reason_and_leaves_the_claim_to_be_read(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk)
        claim = await entered(desk, held)
        path = f"/claims/{claim['claim']['id']}"
        assert await desk.refused(f"{path}/retract", {"reason": ""}) == (
            422, "reason-missing", "/reason",
        )  # fmt: skip
        assert (await desk.refused(f"{path}/retract", {}))[1:] == ("missing-member", "/reason")
        gone = await desk.post(f"{path}/retract", {"reason": "Its source took it back."})
        assert gone["claim"]["standing"] == "retracted"
        now = await desk.get(f"/incidents/{held['id']}")
        assert (len(now["claims"]), now["tallies"]) == (1, [])
        for verb, body in (
            ("retract", {"reason": "x"}), ("erase", {"reason": "x"}),
            ("correct", {"saying": SAYING, "reason": "x"}),
            ("move", {"incident": held["id"]}),
        ):  # fmt: skip
            assert await desk.refused(f"/claims/nope/{verb}", body) == (404, "unknown-claim", "/id")


async def test_a_claim_is_moved_but_not_to_where_it_is_told_sooner(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held, other = await opened(desk), await opened(desk)
        critical = await opened(desk, site="critical")
        claim = await entered(desk, held)
        path = f"/claims/{claim['claim']['id']}/move"
        moved = await desk.post(path, {"incident": other["handle"], "reason": "It was there."})
        assert moved["incident"] == other["id"]
        head = desk.crew.node.journal.head()
        assert (await desk.post(path, {"incident": other["id"]}))["incident"] == other["id"]
        assert desk.crew.node.journal.head() == head
        _, rule, field = await desk.refused(path, {"incident": None})
        assert (rule in {"incident-missing", "embargo-holds"}, field) == (True, "/incident")
        unknown = await desk.refused(path, {"incident": "NOPE"})
        assert unknown[1:] == ("unknown-incident", "/incident")
        await desk.post(path, {"incident": critical["id"]})
        back = await desk.refused(path, {"incident": held["id"]})
        assert back[1:] == ("embargo-holds", "/incident")


async def test_links_need_a_reason_make_no_circle_and_are_taken_back(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        one, two, wave = [await opened(desk) for _ in range(3)]
        claims = [await entered(desk, each, said(n)) for n, each in enumerate((one, two), 3)]
        path = f"/incidents/{one['id']}/links"
        same = {"kind": "same-as", "other": two["handle"], "reason": "One and the same."}
        for change, rule, field in (
            ({"reason": " "}, "reason-missing", "/reason"), ({"other": "NOPE"},
             "unknown-incident", "/other"), ({"kind": "cousin"}, "bad-value", "/kind"),
            ({"other": one["id"]}, "link-loop", "/other"),
        ):  # fmt: skip
            _, *found = await desk.refused(path, {**same, **change})
            assert found == [rule, field]
        merged = await desk.post(path, same)
        assert merged["same_as"] == two["id"]
        assert [each["other"] for each in merged["links"]] == [two["id"]]
        whole = await desk.get(f"/incidents/{two['id']}")
        ids = {each["claim"]["id"] for each in whole["claims"]}
        assert ids == {each["claim"]["id"] for each in claims}
        back = {**same, "other": one["id"]}
        assert (await desk.refused(f"/incidents/{two['id']}/links", back))[1] == "link-loop"
        third = {**same, "other": wave["id"]}
        assert (await desk.refused(path, third))[1:] == ("link-loop", "/id")
        part = {"kind": "part-of", "other": wave["id"], "reason": "One wave."}
        await desk.post(f"/incidents/{two['id']}/links", part)
        turned = {**part, "other": two["id"]}
        assert (await desk.refused(f"/incidents/{wave['id']}/links", turned))[1] == "link-loop"
        again = await desk.post(path, {**same, "undo": True, "reason": "Two after all."})
        assert again["same_as"] is None
        assert [each["claim"]["id"] for each in again["claims"]] == [claims[0]["claim"]["id"]]


async def test_people_see_nothing_before_its_slot_and_the_preview_says_what_and_when(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        secret = {"geocode": KYIV, "name": "Shevchenkivskyi", "site": "Block 4",
                  "position": [30.5, 50.4]}  # fmt: skip
        held = await opened(desk, where=secret, title={"en": "A strike"})
        await entered(desk, held, said(12, note="Told by phone.", where=secret))
        path = f"/incidents/{held['id']}"
        ahead = await desk.get(f"{path}/preview")
        assert ahead["due"] == "2022-10-11T11:10:00Z"
        assert ahead["public"]["where"] == {
            "geocode": KYIV, "name": "Shevchenkivskyi", "certain": True,
        }  # fmt: skip
        assert ahead["public"]["claims"][0]["figures"][0]["value"] == 12
        for hidden in ("Block 4", "30.5", "Told by phone.", held["id"], held["handle"]):
            assert hidden not in str(ahead["public"]), hidden
        assert (await desk.get(path))["public"] is None
        await _later(desk, hours=2, minutes=5)  # the embargo is over, its slot has not come
        assert (await desk.get(path))["public"] is None
        await _later(desk, minutes=5, seconds=1)
        now = await desk.get(path)
        assert now["stage"] == "released"
        assert now["embargo"]["why"] == "told"
        shown = now["public"]
        different = {"id", "claims", "tallies", "known_since"}  # they name each other
        assert {name: shown[name] for name in shown.keys() - different} == {
            name: ahead["public"][name] for name in shown.keys() - different
        }
        held_back = {"until": None, "reason": "Too late."}
        assert await desk.refused(f"{path}/embargo", held_back) == (409, "already-released", "/id")


async def _later(desk, **parts):
    """Let time go on, and what it brings happen."""
    desk.crew.clock.step(**parts)
    service = desk.crew.node.service
    for command in due(service.world, service.state, desk.crew.clock.now()):
        await service.submit(command)


async def test_an_officer_holds_back_for_longer_at_once_and_every_limit_is_checked(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk)
        path = f"/incidents/{held['id']}/embargo"
        longer = {"until": "2022-10-12T12:00:00+03:00", "reason": "The family was not told yet."}
        for change, rule, field in (
            ({"reason": ""}, "reason-missing", "/reason"),
            ({"reason": "a\x07"}, "control-character", "/reason"),
            ({"until": "9999-12-31T23:59:59-14:00"}, "bad-value", "/until"),
            ({"until": "0001-01-01T00:00:00+14:00"}, "bad-value", "/until"),
            ({"until": "2022-10-12T12:00:00"}, "time-without-zone", "/until"),
            ({"until": "soon"}, "bad-value", "/until"),
        ):
            _, *found = await desk.refused(path, {**longer, **change})
            assert found == [rule, field]
        assert (await desk.refused(path, {"reason": "x"}))[1:] == ("missing-member", "/until")
        found = (await desk.post(path, longer))["embargo"]
        assert (found["until"], found["why"]) == ("2022-10-12T09:00:00Z", "officer")
        assert found["due"] == "2022-10-12T09:10:00Z"
        never = await desk.post(path, {"until": None, "reason": "Never."})
        assert (never["embargo"]["due"], never["embargo"]["why"]) == (None, "officer")
        assert (await desk.get(f"/incidents/{held['id']}/preview"))["due"] is None
        military = await opened(desk, site="military")
        assert (military["embargo"]["due"], military["embargo"]["why"]) == (None, "never")


async def test_sooner_takes_a_second_person_on_a_device_of_his_own(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        api = "/api/v1/incidents"
        held = (await crew.ask("operator", "POST", api, OPEN)).json()
        path = f"{api}/{held['id']}/embargo"
        sooner = {"until": "2022-10-11T09:30:00Z", "reason": "The authority spoke."}
        by_key = await crew.ask("operator-key", "POST", path, sooner)
        assert (by_key.status, by_key.rule) == (422, "needs-second-person")
        asked = (await crew.ask("operator", "POST", path, sooner)).json()["embargo"]
        assert asked["due"] == held["embargo"]["due"]  # nothing has changed so far
        ask = {"ask": asked["asked"]["id"]}
        own = await crew.ask("operator", "POST", f"{path}/approve", ask)
        assert (own.status, own.rule) == (403, "own-proposal")
        machine = await crew.ask("supervisor-key", "POST", f"{path}/approve", ask)
        assert (machine.status, machine.rule) == (403, "not-an-approver")
        other = await crew.ask("supervisor", "POST", f"{path}/approve", {"ask": "nope"})
        assert (other.status, other.rule) == (409, "content-changed")
        good = await crew.ask("supervisor", "POST", f"{path}/approve", ask)
        assert good.status == 200, good.text
        embargo = good.json()["embargo"]
        assert embargo["due"] == "2022-10-11T09:40:00Z"
        assert embargo["approved_by"]
        again = await crew.ask("supervisor", "POST", f"{path}/approve", ask)
        assert again.rule == "content-changed"


async def test_who_has_not_proved_himself_lately_agrees_to_nothing(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        api = "/api/v1/incidents"
        held = (await crew.ask("operator", "POST", api, OPEN)).json()
        path = f"{api}/{held['id']}/embargo"
        sooner = {"until": "2022-10-11T09:30:00Z", "reason": "The authority spoke."}
        asked = (await crew.ask("operator", "POST", path, sooner)).json()["embargo"]["asked"]
        crew.clock.step(minutes=2, seconds=1)
        late = await crew.ask("supervisor", "POST", f"{path}/approve", {"ask": asked["id"]})
        assert (late.status, late.rule) == (403, "needs-confirmation")
        now = (await crew.ask("operator", "GET", f"{api}/{held['id']}")).json()
        assert now["embargo"]["due"] == held["embargo"]["due"]


async def test_only_the_authoritys_own_release_is_announced(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk)
        await entered(desk, held)
        path = f"/incidents/{held['id']}/announce"
        assert (await desk.refused(path, {}))[1] == "not-official"
        official = said(3, voice={**voice("State Emergency Service"), "official": True})
        await entered(desk, held, official)
        assert (await desk.post(path, {}))["stage"] == "announced"
        assert (await desk.get(f"/incidents/{held['id']}"))["public"] is None  # the slot first
        await _later(desk, minutes=10)
        shown = (await desk.get(f"/incidents/{held['id']}"))["public"]
        assert shown["where"]["name"] == ""
        assert [each["voice"]["name"] for each in shown["claims"]] == ["State Emergency Service"]


async def test_contradictions_are_pairs_of_two_voices_and_a_range_is_none(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(desk)
        path = f"/incidents/{held['id']}/contradictions"
        ten = await entered(desk, held, said(10, "at_least", voice=voice("Police")))
        await entered(desk, held, said(12, voice=voice("Rescue Service")))  # lies in the range
        assert await desk.get(path) == {"pairs": []}
        nine = await entered(desk, held, said(9, voice=voice("City Council")))
        pairs = (await desk.get(path))["pairs"]
        assert {each["measure"] for each in pairs} == {"killed"}
        sides = [{each["one"]["claim"]["id"], each["other"]["claim"]["id"]} for each in pairs]
        assert {ten["claim"]["id"], nine["claim"]["id"]} in sides
        assert len(pairs) == 2  # 9 against "at least 10" and against 12
        await desk.post(f"/claims/{nine['claim']['id']}/retract", {"reason": "Taken back."})
        assert await desk.get(path) == {"pairs": []}
        denied = said(10, hedge="denied", voice=voice("Defence Ministry"))
        await entered(desk, held, denied)
        assert {each["measure"] for each in (await desk.get(path))["pairs"]} == {"denied"}


async def test_what_is_not_there_is_404_by_every_way(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for way in ("", "/preview", "/contradictions"):
            seen = await desk.ask("GET", f"/incidents/nope{way}")
            assert (seen.status, seen.rule) == (404, "unknown-incident"), way
        link = {"kind": "part-of", "other": "x", "reason": "x"}
        for way, body in (
            ("", {"is_open": False}), ("/links", link), ("/announce", {}),
            ("/embargo", {"until": None, "reason": "x"}), ("/embargo/approve", {"ask": "x"}),
        ):  # fmt: skip
            found = await desk.refused(f"/incidents/nope{way}", body)
            assert found == (404, "unknown-incident", "/id"), way


async def test_the_same_key_again_is_the_same_incident_and_the_same_claim(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        one, two = {"Idempotency-Key": "one"}, {"Idempotency-Key": "two"}
        first = await desk.post("/incidents", OPEN, 201, **one)
        head = desk.crew.node.journal.head()
        assert await desk.post("/incidents", OPEN, 201, **one) == first
        assert desk.crew.node.journal.head() == head
        body = {"saying": SAYING, "incident": first["id"]}
        claim = await desk.post("/claims", body, 201, **two)
        assert await desk.post("/claims", body, 201, **two) == claim
        other = await desk.ask("POST", "/incidents", {**OPEN, "kind": "fire"}, **one)
        assert (other.status, other.rule) == (409, "key-reused")
        assert len((await desk.get(f"/incidents/{first['id']}"))["claims"]) == 1


async def test_the_ledger_is_the_same_after_a_restart(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        held = await opened(
            desk, when={"start": "2022-10-11T10:00:00+03:00", "end": "2022-10-11T11:00:00+03:00"}
        )
        await entered(desk, held, said(12, said_at="2022-10-11T11:30:00+03:00"))
        before = await desk.get(f"/incidents/{held['id']}")
        assert before["when"]["start"] == "2022-10-11T07:00:00Z"
        service = desk.crew.node.service
        ledger = service.ledger
        service.load()
        assert service.ledger.claims == ledger.claims
        assert await desk.get(f"/incidents/{held['id']}") == before
