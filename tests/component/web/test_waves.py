"""Waves over HTTP: opened by officers whole or not at all, and told as far as people may know."""

from __future__ import annotations

from kit.houses import KYIV, LVIV
from kit.ledgers import Book, killed
from kit.newsdesk import OFFICER, newsdesk
from kit.officers import yes
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area

WHEN = {"start": "2022-10-11T07:00:00Z", "end": "2022-10-11T08:30:00Z", "grain": "minute"}
TITLE = {"en": "Raids of the morning", "uk": "Ранкові удари"}


async def an_alert(desk, region, **more):
    service = desk.crew.node.service
    command = co.IssueAlert(realm=Realm.LIVE, status=Status.ACTUAL, hazard="air-raid",
                            sender=service.world.authority, area=Area(regions=(region,)),
                            by="house", **more)  # fmt: skip
    return yes(await service.submit(command)).alert_id


async def clear(desk, alert):
    service = desk.crew.node.service
    yes(await service.submit(co.ClearAlert(sender=service.world.authority, alert_id=alert)))


async def people(desk, path):
    return await desk.crew.ask("anybody", "GET", f"/api/v1/situation/waves{path}")


async def test_a_wave_is_opened_with_alerts_and_incidents_and_read_again(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        book = Book(desk.crew.node.service, desk.crew.clock)
        alert, town = await an_alert(desk, KYIV), await book.open(geocode=KYIV)
        handle = desk.crew.node.service.state.alert(alert).handle
        body = {"when": WHEN, "title": TITLE, "alerts": [handle.lower()],
                "incidents": [book.incident(town).handle]}  # fmt: skip
        wave = await desk.post("/waves", body, 201, **{"Idempotency-Key": "one"})
        assert await desk.post("/waves", body, 201, **{"Idempotency-Key": "one"}) == wave
        assert wave["where"]["geocode"] == "UA"
        assert (wave["title"], wave["stage"]) == (TITLE, "hidden")
        assert [each["id"] for each in wave["alerts"]] == [alert]
        assert [each["id"] for each in wave["incidents"]] == [town]
        assert await desk.get(f"/waves/{wave['handle']}") == wave
        (row,) = (await desk.get("/waves"))["waves"]
        assert (row["alerts"], row["incidents"]) == (1, 1)
        assert (await desk.get(f"/incidents/{wave['id']}"))["kind"] == "wave"
        left = {"reason": "another attack", "leave_alerts": [handle], "leave_incidents": [town]}
        after = await desk.post(f"/waves/{wave['handle']}/join", left)
        assert (after["alerts"], after["incidents"]) == ([], [])


async def test_an_alert_closed_long_ago_can_still_join(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        alert = await an_alert(desk, KYIV)
        desk.crew.clock.step(minutes=1)
        await clear(desk, alert)
        desk.crew.clock.step(hours=30)
        await an_alert(desk, LVIV)
        assert desk.crew.node.service.state.alert(alert) is None
        desk.crew.members[OFFICER] = await desk.crew.sign_in(desk.crew[OFFICER])
        wave = await desk.post("/waves", {"when": WHEN, "alerts": [alert]}, 201)
        assert [each["state"] for each in wave["alerts"]] == ["cleared"]


async def test_what_looks_like_a_wave_is_offered_and_no_more_once_it_is_one(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        tree = desk.crew.node.service.world.tree
        tops = tree.children("UA")[:4]
        found = [await an_alert(desk, each) for each in tops[:3]]
        (offer,) = (await desk.get("/waves"))["suggested"]
        assert {each["id"] for each in offer["alerts"]} == set(found)
        assert (offer["regions"], offer["end"], offer["wave"]) == (sorted(tops[:3]), None, None)
        wave = await desk.post("/waves", {"when": WHEN, "alerts": found}, 201)
        assert (await desk.get("/waves"))["suggested"] == []
        fourth = await an_alert(desk, tops[3])
        (offer,) = (await desk.get("/waves"))["suggested"]
        assert [each["id"] for each in offer["alerts"]] == [fourth]
        assert offer["wave"] == wave["id"]


async def test_people_see_a_wave_once_it_is_released_and_of_it_what_they_may(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        book = Book(desk.crew.node.service, desk.crew.clock)
        alert = await an_alert(desk, KYIV)
        desk.crew.clock.step(minutes=5)
        await clear(desk, alert)
        town, base = await book.open(geocode=KYIV), await book.open(site="military")
        wave = await desk.post(
            "/waves", {"when": WHEN, "alerts": [alert], "incidents": [town, base]}, 201
        )
        await book.enter(wave["id"], killed(19))
        await book.enter(town, killed(5))
        await book.enter(base, killed(3))
        assert (await people(desk, "")).json()["waves"] == []
        assert (await people(desk, f"/{wave['id']}")).status == 404
        public, _ = await book.release(wave["id"], town)
        (row,) = (await people(desk, "")).json()["waves"]
        told = (await people(desk, f"/{public}")).json()
        assert (row["id"], row["alerts"], row["incidents"]) == (public, 1, 1)
        assert [each["id"] for each in told["alerts"]] == [alert]
        assert [each["id"] for each in told["incidents"]] == [book.incident(town).public_id]
        assert [(t["measure"], t["low"], t["high"]) for t in told["tallies"]] == [
            ("killed", 19, 19)
        ]
        assert told["local"] == [{"measure": "killed", "low": 5, "high": 5}]
        desked = await desk.get(f"/waves/{wave['id']}")
        assert desked["local"] == [{"measure": "killed", "low": 8, "high": 8}]
        assert (await people(desk, f"/{book.incident(town).public_id}")).rule == "unknown-wave"


async def test_until_then_no_public_byte_tells_of_it(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        alert = await an_alert(desk, KYIV)
        paths = ("/api/v1/situation/waves", "/api/v1/situation", "/api/v1/situation/days",
                 f"/api/v1/alerts/{alert}", "/api/v1/head")  # fmt: skip

        async def seen():
            found = [await desk.crew.ask("anybody", "GET", each) for each in paths]
            return [(each.status, each.body) for each in found]

        before = await seen()
        await desk.post("/waves", {"when": WHEN, "alerts": [alert]}, 201)
        assert await seen() == before


CASES = {
    "no time": ({}, "missing-member", "/when"),
    "unknown alert": ({"when": WHEN, "alerts": ["NOPE"]}, "unknown-alert", "/alerts/0"),
    "unknown incident": ({"when": WHEN, "incidents": ["X"]}, "unknown-incident", "/incidents/0"),
    "turned": (
        {"when": {**WHEN, "end": WHEN["start"]}}, "ends-before-start", "/when/end",
    ),
    "nowhere": ({"when": WHEN, "where": {"geocode": "XX"}}, "unknown-region", "/where/geocode"),
    "another language": ({"when": WHEN, "title": {"xx": "x"}}, "bad-value", "/title/xx"),
    "a member of its own": ({"when": WHEN, "toll": 19}, "unknown-member", "/toll"),
}  # fmt: skip


async def test_each_slip_is_refused_by_its_field_and_nothing_is_written(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        for name, (body, rule, field) in CASES.items():
            _, *found = await desk.refused("/waves", body)
            assert found == [rule, field], name
        wave = (await desk.post("/waves", {"when": WHEN}, 201))["id"]
        assert (await desk.refused(f"/waves/{wave}/join", {"reason": " "}))[1] == "reason-missing"
        turned = {"reason": "a\u202eb"}
        assert (await desk.refused(f"/waves/{wave}/join", turned))[1] == "control-character"
        assert (await desk.refused("/waves/NOPE/join", {"reason": "so"}))[1] == "unknown-wave"
        assert (await desk.refused("/waves/NOPE", None, "GET"))[1] == "unknown-wave"


async def page(desk, path):
    seen = await desk.crew.ask(OFFICER, "GET", path)
    assert seen.status == 200, seen.text
    return seen.text


async def test_the_desk_s_pages_show_both_tolls_apart_and_offer_what_looks_like_a_wave(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        book = Book(desk.crew.node.service, desk.crew.clock)
        tops = desk.crew.node.service.world.tree.children("UA")[:3]
        found = [await an_alert(desk, each) for each in tops]
        offered = await page(desk, "/desk/waves?lang=en")
        assert "This looks like a wave" in offered
        assert all(each in offered for each in found)
        town = await book.open(geocode=KYIV, title={"en": "Strike <b>", "uk": "Удар"})
        body = {"when": WHEN, "title": TITLE, "alerts": found, "incidents": [town]}
        wave = await desk.post("/waves", body, 201)
        await book.enter(wave["id"], killed(19))
        await book.enter(town, killed(5))
        listed = await page(desk, "/desk/waves?lang=en")
        assert "This looks like a wave" not in listed
        assert TITLE["en"] in listed
        shown = await page(desk, f"/desk/waves/{wave['handle']}?lang=en")
        own, places = shown.split("Of the wave, as said")[1].split("Counted place by place")
        assert ('<b class="num">19</b>' in own, '<b class="num">5</b>' in places) == (True, True)
        assert "Strike &lt;b&gt;" in shown
        assert "24" not in own.split("</ul>")[0]


async def test_the_page_of_control_has_its_form_for_administrators_alone(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        assert 'id="record"' not in await page(desk, "/desk/control?lang=en")
        keeper = await desk.crew.sign_in(await desk.crew.hire_first())
        body = {"regions": [KYIV], "control": "lost", "source": "The general staff."}
        assert (await desk.crew.ask(keeper, "POST", "/api/v1/control", body)).status == 201
        seen = await desk.crew.ask(keeper, "GET", "/desk/control?lang=en")
        assert 'id="record"' in seen.text
        assert "The general staff." in seen.text
