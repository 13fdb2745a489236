"""Region states over HTTP: validators that never lie, past moments, what was known then."""

from kit.houses import KYIV
from kit.servers import server


async def test_a_state_that_has_not_changed_is_304_and_one_that_has_is_not(tmp_path):
    async with server(tmp_path) as running:
        await running.issue(KYIV)
        first = await running.anybody.get("/api/v1/state")
        held = {"If-None-Match": first.headers["etag"]}
        same = await running.anybody.get("/api/v1/state", headers=held)
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == first.headers["etag"]
        await running.issue("UA-46")
        changed = await running.anybody.get("/api/v1/state", headers=held)
        assert changed.status_code == 200
        assert changed.headers["etag"] != first.headers["etag"]


async def test_an_all_clear_fades_without_an_event_and_the_etag_knows(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        await running.post(f"/api/v1/alerts/{alert['id']}/clear")
        shown = await running.anybody.get(f"/api/v1/state/{KYIV}")
        line = shown.json()["states"][0]
        assert (line["state"], line["cleared_until"]) == ("cleared", "2022-10-11T09:30:00Z")
        head = running.home.journal.head()
        running.clock.step(minutes=30)
        held = {"If-None-Match": shown.headers["etag"]}
        later = await running.anybody.get(f"/api/v1/state/{KYIV}", headers=held)
        assert later.status_code == 200
        assert later.json()["states"][0]["state"] == "none"
        assert running.home.journal.head() == head


async def test_last_modified_never_hides_a_change_within_its_second(tmp_path):
    async with server(tmp_path) as running:
        path = f"/api/v1/state/{KYIV}"
        assert "last-modified" not in (await running.anybody.get(path)).headers
        running.clock.step(seconds=5)
        before = await running.anybody.get(path)
        since = {"If-Modified-Since": before.headers["last-modified"]}
        assert (await running.anybody.get(path, headers=since)).status_code == 304
        running.clock.step(seconds=0.2)
        await running.issue(KYIV)
        assert (await running.anybody.get(path, headers=since)).status_code == 200
        running.clock.step(seconds=0.3)
        again = await running.anybody.get(path)
        now = {"If-Modified-Since": "Tue, 11 Oct 2022 09:00:05 GMT"}
        assert "last-modified" not in again.headers
        assert (await running.anybody.get(path, headers=now)).status_code == 200


async def test_a_past_moment_and_what_was_known_then(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        running.clock.step(minutes=10)
        await running.post(f"/api/v1/alerts/{alert['id']}/cancel", reason="mistaken")
        running.clock.step(minutes=10)
        path = f"/api/v1/state/{KYIV}"
        known_now = await running.get(path, at="2022-10-11T09:05:00Z")
        assert [line["state"] for line in known_now["states"]] == ["active"]
        known_then = await running.get(
            path, at="2022-10-11T09:05:00Z", known_at="2022-10-11T09:05:00Z"
        )
        assert known_then["states"][0]["state"] == "active"
        assert known_then["sequence"] is None
        before = await running.get(path, known_at="2022-10-11T08:59:00Z")
        assert before["states"] == []
        future = await running.anybody.get(path, params={"at": "2030-01-01T00:00:00Z"})
        assert (future.status_code, future.json()["rule"]) == (422, "time-in-future")


async def test_a_place_without_a_mandate_is_no_information_and_not_none(tmp_path):
    async with server(tmp_path) as running:
        from tocsin.core import commands as co

        tree = running.home.world.tree
        oblast = tree.find("UA-46")
        authority = running.home.world.authority
        await running.home.service.submit(co.WithdrawMandate(sender=authority, regions=(oblast,)))
        assert (await running.get("/api/v1/state"))["no_information"] == [oblast]
        assert (await running.get("/api/v1/state/UA-46"))["rest"] == "no-information"
        assert (await running.get(f"/api/v1/state/{KYIV}"))["rest"] == "none"


async def test_states_are_sorted_and_say_since_when(tmp_path):
    async with server(tmp_path) as running:
        await running.issue("UA-46")
        await running.issue(KYIV, hazard="drone")
        states = (await running.get("/api/v1/state"))["states"]
        keys = [(line["region"], line["hazard"]) for line in states]
        assert keys == sorted(keys)
        assert {line["since"] for line in states} == {"2022-10-11T09:00:00Z"}
        assert {line["state"] for line in states} == {"active", "partial"}  # the country, in part
