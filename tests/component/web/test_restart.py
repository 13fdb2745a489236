"""A restart changes no answer, and nobody who listened is left in silence."""

from kit.houses import KYIV, LVIV
from kit.servers import listening, server


async def test_after_a_restart_everything_is_answered_as_before(tmp_path):
    async with server(tmp_path) as running:
        one, two = await running.issue(KYIV), await running.issue(LVIV, realm="drill")
        cleared = await running.post(f"/api/v1/alerts/{one['id']}/clear")
        states = await running.get("/api/v1/state")
        token = running.token
    async with server(tmp_path) as running:
        assert running.token == token
        assert await running.get(f"/api/v1/alerts/{one['handle']}") == cleared
        assert await running.get(f"/api/v1/alerts/{two['id']}") == two
        assert await running.get("/api/v1/state") == states


async def test_a_listener_resumes_over_a_restart_without_gap_or_repeat(tmp_path):
    async with server(tmp_path) as running:
        async with listening(running) as told:
            last = (await told()).id
        missed = [await running.issue(KYIV), await running.issue(LVIV)]
    async with server(tmp_path) as running, listening(running, last=last) as told:
        assert [(await told()).data for _ in missed] == missed
        live = await running.issue("UA-51")
        assert (await told("alert")).data == live


async def test_the_same_key_after_a_restart_is_the_first_answer(tmp_path):
    headers = {"Idempotency-Key": "before-the-crash"}
    body = {"hazard": "air-raid", "area": {"regions": [KYIV]}}
    async with server(tmp_path) as running:
        first = await running.http.post("/api/v1/alerts", json=body, headers=headers)
    async with server(tmp_path) as running:
        again = await running.http.post("/api/v1/alerts", json=body, headers=headers)
        assert (again.status_code, again.content) == (201, first.content)
        assert len(running.home.service.state.active) == 1
