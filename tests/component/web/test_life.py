"""An alert's life over HTTP: update, extend, part cleared, cleared, cancelled, found again."""

from datetime import timedelta

from kit.houses import KYIV, LVIV
from kit.servers import server

OBLAST, RAION = "UA32000000000030281", "UA32080000000067841"


def raion_of(running):
    return running.home.world.tree.children(OBLAST)[0]


async def test_a_part_is_cleared_and_the_rest_stays(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(OBLAST)
        part = raion_of(running)
        would = await running.http.get(
            f"/api/v1/alerts/{alert['handle']}/clearing", params={"regions": part}
        )
        assert would.json()["ends"] == [part]
        reduced = await running.post(f"/api/v1/alerts/{alert['handle']}/clear", regions=[part])
        assert (reduced["state"], reduced["revision"]) == ("active", 2)
        assert reduced["area"]["excluded"] == [part]
        state = await running.get(f"/api/v1/state/{part}")
        assert [line["state"] for line in state["states"]] == ["cleared"]
        state = await running.get(f"/api/v1/state/{OBLAST}")
        assert [line["state"] for line in state["states"]] == ["partial"]


async def test_an_all_clear_leaves_what_was_not_ticked(tmp_path):
    async with server(tmp_path) as running:
        part = raion_of(running)
        whole = await running.issue(OBLAST)
        inner = await running.issue(part)
        assert inner["sounds"] is False  # a siren is on already
        would = (await running.http.get(f"/api/v1/alerts/{whole['id']}/clearing")).json()
        assert [each["id"] for each in would["ticked"]] == [inner["id"]]
        assert would["still_under"] == []
        cleared = await running.post(f"/api/v1/alerts/{whole['id']}/clear")
        assert (cleared["state"], cleared["msg_type"]) == ("cleared", "Update")
        assert cleared["text"]["en"] != whole["text"]["en"]
        states = await running.get(f"/api/v1/state/{part}")
        assert states["states"][0]["state"] == "active"
        await running.post(f"/api/v1/alerts/{inner['handle']}/clear")
        assert (await running.get("/api/v1/alerts"))["alerts"] == []


async def test_ticked_alerts_end_along_by_handle(tmp_path):
    async with server(tmp_path) as running:
        whole, inner = await running.issue(OBLAST), await running.issue(raion_of(running))
        await running.post(f"/api/v1/alerts/{whole['id']}/clear", ticked=[inner["handle"]])
        assert (await running.get(f"/api/v1/alerts/{inner['id']}"))["state"] == "cleared"


async def test_a_cancel_is_not_an_all_clear(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        path = f"/api/v1/alerts/{alert['id']}"
        refused = await running.http.post(f"{path}/cancel", json={"reason": " "})
        assert (refused.status_code, refused.json()["field"]) == (422, "/reason")
        cancelled = await running.post(f"{path}/cancel", reason="typed the wrong name")
        assert (cancelled["state"], cancelled["msg_type"]) == ("cancelled", "Cancel")
        lines = (await running.get(f"/api/v1/state/{KYIV}"))["states"]
        assert [(line["state"], line["withdrawn_at"]) for line in lines] == [
            ("none", cancelled["ended"])
        ]
        late = await running.http.post(f"{path}/clear", json={})
        assert (late.status_code, late.json()["rule"]) == (409, "already-cancelled")
        revisions = await running.get(f"{path}/revisions")
        assert [each["state"] for each in revisions["revisions"]] == ["active", "cancelled"]


async def test_update_and_extend_are_the_next_revisions(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV, level="yellow")
        path = f"/api/v1/alerts/{alert['id']}"
        raised = await running.post(f"{path}/update", level="red")
        assert (raised["revision"], raised["level"], raised["sounds"]) == (2, "red", True)
        until = (running.clock.now() + timedelta(hours=5)).isoformat()
        longer = await running.post(f"{path}/extend", expires=until)
        assert (longer["revision"], longer["sounds"]) == (3, False)
        assert longer["expires"] == "2022-10-11T14:00:00Z"
        same = await running.http.post(f"{path}/update", json={"level": "red"})
        assert (same.status_code, same.json()["rule"]) == (422, "nothing-changed")


async def test_an_alert_is_named_by_sender_and_identifier(tmp_path):
    async with server(tmp_path) as running:
        await running.issue(KYIV, identifier="raid-7")
        authority = running.home.world.authority
        cleared = await running.post("/api/v1/alerts/raid-7/clear", sender=authority)
        assert cleared["state"] == "cleared"


async def test_an_unknown_alert_is_404_with_the_field(tmp_path):
    async with server(tmp_path) as running:
        answer = await running.http.post("/api/v1/alerts/ZZZZ/clear", json={})
        assert answer.status_code == 404
        assert (answer.json()["rule"], answer.json()["field"]) == ("unknown-alert", "/id")


async def test_drills_and_tests_are_not_in_public_lists(tmp_path):
    async with server(tmp_path) as running:
        drill = await running.issue(KYIV, realm="drill")
        test = await running.issue(LVIV, status="Test")
        assert drill["status"] == "Exercise"
        assert drill["text"]["en"]["headline"].startswith("DRILL")
        assert (await running.get("/api/v1/alerts"))["alerts"] == []
        assert (await running.get("/api/v1/state"))["states"] == []
        drills = await running.get("/api/v1/alerts", drill=1)
        assert [each["id"] for each in drills["alerts"]] == [drill["id"]]
        assert (await running.get("/api/v1/state", drill=1))["states"]
        assert (await running.anybody.get(f"/api/v1/alerts/{test['id']}")).status_code == 404
        assert (await running.http.get(f"/api/v1/alerts/{test['id']}")).status_code == 200


async def test_history_is_read_backward_page_by_page(tmp_path):
    async with server(tmp_path) as running:
        ids = []
        for region in running.home.world.tree.children("UA")[:7]:
            alert = await running.issue(region)
            ids.append(alert["id"])
            await running.post(f"/api/v1/alerts/{alert['id']}/clear")
            running.clock.step(minutes=1)
        seen, cursor = [], {}
        while True:
            page = await running.get("/api/v1/alerts", state="cleared", limit=3, **cursor)
            seen += [each["id"] for each in page["alerts"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == ids[::-1]
        some = await running.get(
            "/api/v1/alerts", since="2022-10-11T09:02:00Z", until="2022-10-11T09:04:00Z"
        )
        assert [each["id"] for each in some["alerts"]] == ids[3:1:-1]
        there = await running.get("/api/v1/alerts", state="cleared", region=OBLAST)
        assert all(each["area"]["regions"] == [OBLAST] for each in there["alerts"])
