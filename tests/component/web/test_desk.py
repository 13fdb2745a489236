"""The desk over HTTP: what waits, what runs out, who is on line; both rooms, one truth."""

import asyncio
from datetime import timedelta

from kit.desks import works
from kit.doors import refused
from kit.houses import KYIV, LVIV, issue
from kit.servers import listening, server
from tocsin.core import audit
from tocsin.core import commands as co
from tocsin.core.alert import Audience, Realm, Status
from tocsin.core.authority import Role


async def give(browser, *regions, hazard="air-raid", room="/api/v1", **more):
    """Preview and issue; return the alert."""
    body = {"hazard": hazard, "area": {"regions": list(regions)}, **more}
    preview = (await browser.post(f"{room}/alerts/preview", json=body)).json()
    assert preview["refusals"] == []
    answer = await browser.post(f"{room}/alerts", json={**body, "token": preview["token"]})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def proposed(browser):
    """Ask for what needs a second person; return the proposal."""
    text = {"uk": {"instruction": "Зачиніть вікна."}, "en": {"instruction": "Stay in."}}
    body = {"hazard": "chemical", "area": {"regions": [KYIV]}, "text": text}
    token = (await browser.post("/api/v1/alerts/preview", json=body)).json()["token"]
    return (await browser.post("/api/v1/alerts", json={**body, "token": token})).json()


async def desk_of(browser, room="live"):
    answer = await browser.get("/api/v1/desk", params={"room": room})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_desk_shows_ones_own_alerts_and_the_neighbours_apart(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        mine = await give(boris, KYIV)
        service, world = at.side.home.service, at.side.home.world
        other = next(each for each in world.senders if each != world.authority)
        await service.submit(co.GiveMandate(sender=other, regions=(LVIV,)))
        await service.submit(issue(LVIV, sender=other))
        seen = await desk_of(boris)
        assert [(row["id"], row["by"]["name"]) for row in seen["in_force"]] == [
            (mine["id"], "Boris")
        ]
        assert seen["in_force"][0]["regions"] == [KYIV]
        assert [row["regions"] for row in seen["neighbours"]] == [[LVIV]]
        assert seen["head"]["public"] == service.head(Audience.PUBLIC)
        call = seen["calls"][0]
        assert (call["why"], call["handle"], call["by"]["name"]) == (
            "single-person", mine["handle"], "Boris",
        )  # fmt: skip


async def test_a_question_stands_until_it_is_answered_and_then_calls_somebody(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        until = (at.clock.now() + timedelta(hours=10)).isoformat()
        alert = await give(boris, KYIV, expires=until)
        assert (await desk_of(boris))["reminders"] == []
        at.clock.step(minutes=61)
        (asked,) = (await desk_of(boris))["reminders"]
        assert (asked["alert_id"], asked["share"]) == (alert["id"], 0)
        kept = await boris.post(f"/api/v1/alerts/{alert['handle']}/keep", json={})
        assert (kept.status_code, kept.json()["revision"]) == (200, 1)
        assert (await desk_of(boris))["reminders"] == []
        at.clock.step(hours=7, minutes=10)  # 80 % of the nine hours that were left
        assert (await desk_of(boris))["reminders"][0]["share"] == 0
        at.clock.step(minutes=10)
        assert (await desk_of(boris))["reminders"][0]["share"] == 0.8
        await at.scheduler.look()
        await at.scheduler.look()
        calls = [c for c in at.side.events(audit.OfficersPaged) if c.why == "reminder"]
        assert [call.alert_id for call in calls] == [alert["id"]]  # once
        await boris.post(f"/api/v1/alerts/{alert['id']}/keep", json={})
        call = next(c for c in (await desk_of(boris))["calls"] if c["why"] == "reminder")
        assert call["answered_by"]["name"] == "Boris"


async def test_an_unanswered_proposal_calls_others_again_and_again_and_then_expires(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        proposal = await proposed(boris)
        for _ in range(3):
            at.clock.step(seconds=89)
            assert await at.scheduler.look() == 0
            at.clock.step(seconds=1)
            assert await at.scheduler.look() == 1
        assert [call.why for call in at.side.events(audit.OfficersPaged)] == [
            "second-person", "unanswered", "unanswered", "unanswered",
        ]  # fmt: skip
        assert (await desk_of(boris))["waiting"][0]["paged_at"] is not None
        at.clock.step(minutes=15)
        await at.scheduler.look()
        seen = (await boris.get(f"/api/v1/proposals/{proposal['id']}")).json()
        assert seen["state"] == "expired"
        assert (await desk_of(boris))["waiting"] == []
        assert await at.scheduler.look() == 0


async def test_two_operators_see_what_the_other_is_composing_until_he_is_gone(tmp_path):
    async with works(tmp_path) as at:
        boris, olena = await at.officer("boris"), await at.officer("olena")
        doing = {"hazard": "air-raid", "regions": [KYIV]}
        await boris.post("/api/v1/desk/presence", json={"room": "live", "doing": doing})
        line = at.desk_hub.connect("olena")
        (seen,) = (await desk_of(olena))["officers"]
        assert (seen["name"], seen["doing"]) == ("Boris", doing)
        unknown = {"room": "live", "doing": {"hazard": "dragons", "regions": []}}
        answer = await boris.post("/api/v1/desk/presence", json=unknown)
        assert refused(answer) == (422, "unknown-hazard")
        await boris.delete("/api/v1/session")
        assert (await desk_of(olena))["officers"] == []
        text = (await anext(line.chunks())).decode()
        assert '"kind":"presence"' in text
        line.close()


async def test_an_officer_who_signs_out_is_cut_off_and_others_are_not(tmp_path):
    async with works(tmp_path) as at:
        boris, olena = await at.officer("boris"), await at.officer("olena")
        shifts = at.desk_hub.desk.shifts()
        assert len(shifts) == 2
        lines = [at.desk_hub.connect(each.account, session=each.session_id) for each in shifts]
        await boris.delete("/api/v1/session")
        assert [line.closed.is_set() for line in lines] == [True, False]
        watch = (await desk_of(olena))["watch"]
        assert [each["name"] for each in watch["may_issue"]] == ["Olena"]
        lines[1].close()


async def test_the_watch_floor_says_who_may_issue_and_who_may_be_second(tmp_path):
    async with works(tmp_path) as at:
        await at.officer("boris")
        await at.officer("viktor", Role.VIEWER)
        supervisor = await at.officer("sofia", Role.SUPERVISOR)
        watch = (await desk_of(supervisor))["watch"]
        assert [each["name"] for each in watch["may_issue"]] == ["Boris", "Sofia"]
        assert [each["role"] for each in watch["may_be_second"]] == ["operator", "supervisor"]
        assert watch["may_issue"][0]["regions"] == [KYIV]
        assert {each["channel"] for each in watch["ways"]} >= {"stream", "desk"}


async def test_who_is_for_the_drill_room_alone_is_not_able_in_the_live_one(tmp_path):
    async with works(tmp_path) as at:
        boris, viewer = await at.officer("boris"), await at.officer("viktor", Role.VIEWER)
        olena = await at.officer("olena", realms=(Realm.DRILL,))
        for room, able in (("live", ["Boris"]), ("drill", ["Boris", "Olena"])):
            watch = (await boris.get("/api/v1/desk", params={"room": room})).json()["watch"]
            assert [each["name"] for each in watch["may_issue"]] == able
            assert [each["name"] for each in watch["may_be_second"]] == able
            await olena.post("/api/v1/desk/presence", json={"room": "drill"})
            seen = (await boris.get("/api/v1/desk", params={"room": room})).json()["officers"]
            assert [each["name"] for each in seen] == (["Olena"] if room == "drill" else [])
        made = await proposed(boris)
        assert [each["id"] for each in (await desk_of(boris))["waiting"]] == [made["id"]]
        for other in (olena, viewer):
            assert (await desk_of(other))["waiting"] == []
            away = await other.get("/api/v1/desk", params={"room": "drill"})
            assert away.json()["outside"]["waiting"] == 0


async def test_another_authority_is_neither_able_here_nor_second(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        other = await at.officer("olena", sender="other.example")
        await proposed(boris)
        assert (await desk_of(other))["waiting"] == []
        watch = (await desk_of(other))["watch"]
        assert [each["name"] for each in watch["may_issue"]] == ["Olena"]
        assert [each["name"] for each in watch["may_be_second"]] == ["Olena"]


async def test_a_self_test_goes_the_whole_road_and_nobody_but_the_desk_sees_it(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        answer = await boris.post("/api/v1/self-test", json={})
        assert answer.status_code == 201, answer.text
        alert = answer.json()
        assert (alert["status"], alert["sounds"]) == ("System", False)
        anybody = await at.doors.script()
        assert (await anybody.get("/api/v1/alerts")).json()["alerts"] == []
        assert (await anybody.get(f"/api/v1/alerts/{alert['id']}")).status_code == 404
        (trial,) = (await desk_of(boris))["watch"]["tests"]
        assert (trial["alert_id"], trial["by"]["name"]) == (alert["id"], "Boris")
        at.clock.step(minutes=5)
        await at.scheduler.look()
        seen = await desk_of(boris)
        assert (seen["in_force"], seen["ran_out"]) == ([], [])  # over, and nothing to confirm


async def test_a_drill_is_given_and_ended_in_its_own_room_only(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        drill = await give(boris, KYIV, room="/api/v1/drill")
        assert (drill["realm"], drill["status"]) == ("drill", "Exercise")
        wrong = await boris.post(f"/api/v1/alerts/{drill['id']}/clear", json={})
        assert refused(wrong) == (422, "other-realm")
        assert "/api/v1/drill" in wrong.json()["help"]
        body = {"hazard": "air-raid", "area": {"regions": [KYIV]}, "realm": "live"}
        crossed = await boris.post("/api/v1/drill/alerts", json=body)
        assert refused(crossed) == (422, "realm-mismatch")
        assert [row["id"] for row in (await desk_of(boris, "drill"))["in_force"]] == [drill["id"]]
        live = await desk_of(boris)
        assert live["in_force"] == []
        assert (live["outside"]["room"], live["outside"]["in_force"]) == ("drill", 1)
        real = await give(boris, KYIV)  # and the drill is over, for everybody, at once
        inside = await desk_of(boris, "drill")
        assert inside["in_force"] == []
        assert [row["id"] for row in inside["outside"]["here"]] == [real["id"]]


async def test_an_officer_for_drills_gives_nothing_real(tmp_path):
    async with works(tmp_path) as at:
        trainee = await at.officer("taras", realms=(Realm.DRILL,))
        body = {"hazard": "air-raid", "area": {"regions": [KYIV]}}
        assert refused(await trainee.post("/api/v1/alerts/preview", json=body)) == (
            403, "wrong-room",
        )  # fmt: skip
        await give(trainee, KYIV, room="/api/v1/drill")


async def test_the_second_siren_from_another_source_stays_silent(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        first = await give(boris, KYIV)
        at.clock.step(seconds=120)
        again = await at.side.home.service.submit(issue(KYIV))
        second = at.side.home.service.view(again.alert_id).alert
        assert first["sounds"]
        assert second.sounds_in == ()  # shown, counted, and no second siren
        assert len((await desk_of(boris))["in_force"]) == 2


async def test_the_report_tells_who_decided_and_whom_it_reached(tmp_path):
    async with server(tmp_path) as running, listening(running) as public:
        await public()  # the snapshot
        alert = await running.issue(KYIV)
        assert (await public()).data["id"] == alert["id"]
        path = f"/api/v1/alerts/{alert['handle']}"
        await running.post(f"{path}/clear")
        assert (await public()).data["state"] == "cleared"
        while True:  # the socket took the bytes before we read them; the count follows at once
            reach = (await running.http.get(f"{path}/reach")).json()
            if all(row["waiting"] == 0 for row in reach["reach"]):
                break
            await asyncio.sleep(0)
        rows = [(r["channel"], r["revision"], r["selected"], r["acknowledged"])
                for r in reach["reach"]]  # fmt: skip
        assert rows == [("stream", 1, 1, 1), ("stream", 2, 1, 1)]
        first = reach["reach"][0]
        assert 0 <= first["first_byte_s"] <= first["last_byte_s"]
        assert first["delays"]["p50"] > 0
        report = (await running.http.get(f"{path}/report")).json()
        assert [each["kind"] for each in report["time_line"]] == ["alert-issued", "alert-cleared"]
        assert [each["account"] for each in report["decided_by"]] == ["first-token"]
        assert report["unreached"] == 0
        assert (await running.anybody.get(f"{path}/report")).status_code == 401


async def test_the_officers_stream_wakes_for_what_happens(tmp_path):
    async with server(tmp_path) as running:
        async with running.http.stream("GET", "/api/v1/desk/stream") as answer:
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            lines = answer.aiter_lines()
            assert await anext(lines) == "event: hello"
            alert = await running.issue(KYIV)
            async for line in lines:
                if line.startswith("data:") and alert["id"] in line:
                    assert '"kind":"alert"' in line
                    break
        assert (await running.anybody.get("/api/v1/desk/stream")).status_code == 401


async def test_five_hundred_alerts_do_not_slow_the_desk_down(tmp_path):
    async with server(tmp_path) as running:
        service, tree = running.home.service, running.home.world.tree
        leaves = tree.leaf_codes[:500]
        await asyncio.gather(*(service.submit(issue(code)) for code in leaves))
        seen = (await running.http.get("/api/v1/desk")).json()
        assert len(seen["in_force"]) == 500
        assert all(row["status"] == Status.ACTUAL for row in seen["in_force"])
