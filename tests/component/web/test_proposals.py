"""Two persons over HTTP: proposed is 202 and silent, approved is 201, and never by its author."""

import pytest

from kit.desks import works
from kit.doors import refused
from kit.houses import KYIV, LVIV
from tocsin.core import audit
from tocsin.core.authority import Role

CHEMICAL = {
    "hazard": "chemical",
    "area": {"regions": [KYIV]},
    "text": {
        "uk": {"instruction": "Зачиніть вікна."},
        "en": {"instruction": "Close the windows."},
    },
    "second": {"because": "Ammonia at the plant; wind to the north."},
}


async def propose(browser, **more):
    """Preview and issue what policy wants two people for; return the proposal."""
    body = {**CHEMICAL, **more}
    preview = (await browser.post("/api/v1/alerts/preview", json=body)).json()
    assert preview["refusals"] == []
    assert preview["second_person"]["needed"]
    answer = await browser.post("/api/v1/alerts", json={**body, "token": preview["token"]})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == f"/api/v1/proposals/{answer.json()['id']}"
    return answer.json()


async def test_what_two_must_decide_is_a_proposal_and_nothing_sounds(tmp_path):
    async with works(tmp_path) as at:
        author = await at.officer("boris")
        proposal = await propose(author)
        assert proposal["state"] == "waiting"
        assert "hazard" in proposal["why"]
        assert proposal["because"] == CHEMICAL["second"]["because"]
        assert proposal["text"]["en"]["instruction"] == "Close the windows."
        assert {each["check"]: each["ok"] for each in proposal["checks"]} == {
            "texts": True, "area": True, "end": True, "already-in-force": True,
        }  # fmt: skip
        assert at.side.home.service.state.active == {}
        assert (await author.get("/api/v1/alerts")).json()["alerts"] == []
        calls = at.side.events(audit.OfficersPaged)
        assert [call.why for call in calls] == ["second-person"]


async def test_a_second_person_approves_exactly_what_was_read(tmp_path):
    async with works(tmp_path) as at:
        author, second = await at.officer("boris"), await at.officer("olena")
        proposal = await propose(author)
        path = f"/api/v1/proposals/{proposal['handle']}"
        await at.confirm(second, "olena")
        other = await second.post(f"{path}/approve", json={"content": "0" * 64})
        assert refused(other) == (409, "content-changed")
        answer = await second.post(f"{path}/approve", json={"content": proposal["content"]})
        assert answer.status_code == 201, answer.text
        alert = answer.json()
        assert (alert["state"], alert["sounds"]) == ("active", True)
        now = (await author.get(path)).json()
        assert (now["state"], now["alert"]) == ("approved", alert["id"])
        assert now["answered_by"]["name"] == "Olena"
        again = await second.post(f"{path}/approve", json={"content": proposal["content"]})
        assert refused(again) == (409, "proposal-closed")
        assert len(at.side.home.service.state.active) == 1


async def test_nobody_approves_his_own_nor_without_a_fresh_second_factor(tmp_path):
    async with works(tmp_path) as at:
        author, second = await at.officer("boris"), await at.officer("olena")
        proposal = await propose(author)
        path = f"/api/v1/proposals/{proposal['id']}"
        body = {"content": proposal["content"]}
        await at.confirm(author, "boris")
        assert refused(await author.post(f"{path}/approve", json=body)) == (403, "own-proposal")
        at.clock.step(minutes=3)  # what proved olena at her sign-in is too long ago
        late = await second.post(f"{path}/approve", json=body)
        assert refused(late) == (403, "needs-confirmation")
        viewer = await at.officer("viktor", Role.VIEWER)
        assert refused(await viewer.post(f"{path}/approve", json=body)) == (403, "not-allowed")
        assert at.side.home.service.state.active == {}


async def test_a_proposal_is_sent_back_with_a_reason_declined_or_withdrawn(tmp_path):
    async with works(tmp_path) as at:
        author, second = await at.officer("boris"), await at.officer("olena")
        first = f"/api/v1/proposals/{(await propose(author))['id']}"
        silent = await second.post(f"{first}/send-back", json={"reason": " "})
        assert refused(silent) == (422, "reason-missing")
        sent = await second.post(f"{first}/send-back", json={"reason": "Say which streets."})
        assert (sent.json()["state"], sent.json()["reason"]) == ("sent-back", "Say which streets.")
        path = f"/api/v1/proposals/{(await propose(author))['id']}"
        declined = (await second.post(f"{path}/decline", json={})).json()
        assert declined["state"] == "waiting"
        assert [each["name"] for each in declined["declined"]] == ["Olena"]
        assert refused(await second.post(f"{path}/withdraw", json={})) == (403, "not-allowed")
        assert (await author.post(f"{path}/withdraw", json={})).json()["state"] == "withdrawn"
        listed = (await author.get("/api/v1/proposals")).json()["proposals"]
        assert [each["state"] for each in listed] == ["withdrawn", "sent-back"]


async def test_the_same_key_again_is_the_same_proposal(tmp_path):
    async with works(tmp_path) as at:
        author = await at.officer("boris")
        preview = (await author.post("/api/v1/alerts/preview", json=CHEMICAL)).json()
        body = {**CHEMICAL, "token": preview["token"]}
        headers = {"Idempotency-Key": "one"}
        first = await author.post("/api/v1/alerts", json=body, headers=headers)
        again = await author.post("/api/v1/alerts", json=body, headers=headers)
        assert (first.status_code, again.status_code) == (202, 202)
        assert first.json()["id"] == again.json()["id"]
        assert again.headers["idempotent-replay"] == "true"
        assert len(at.side.home.service.state.proposals) == 1


async def test_an_override_is_loud_and_stands_in_the_record(tmp_path):
    async with works(tmp_path) as at:
        author = await at.officer("boris")
        body = {**CHEMICAL, "override": "The cloud is here; nobody else answers."}
        preview = (await author.post("/api/v1/alerts/preview", json=body)).json()
        assert preview["second_person"] == {"needed": False, "why": ["hazard", "people"]}
        answer = await author.post("/api/v1/alerts", json={**body, "token": preview["token"]})
        assert answer.status_code == 201
        report = (await author.get(f"/api/v1/alerts/{answer.json()['id']}/report")).json()
        assert report["overrides"] == [body["override"]]
        calls = [(call.why, call.roles) for call in at.side.events(audit.OfficersPaged)]
        assert calls == [("override", (Role.SUPERVISOR,))]


async def test_a_token_is_no_use_to_another_officer_nor_for_another_override(tmp_path):
    async with works(tmp_path) as at:
        author, other = await at.officer("boris"), await at.officer("olena")
        preview = (await author.post("/api/v1/alerts/preview", json=CHEMICAL)).json()
        body = {**CHEMICAL, "token": preview["token"]}
        stolen = await other.post("/api/v1/alerts", json=body)
        assert refused(stolen) == (422, "token-mismatch")
        louder = await author.post("/api/v1/alerts", json={**body, "override": "now"})
        assert refused(louder) == (422, "token-mismatch")


async def test_a_change_that_two_must_decide_waits_beside_the_alert_in_force(tmp_path):
    async with works(tmp_path) as at:
        author, second = await at.officer("boris"), await at.officer("olena")
        proposal = await propose(author)
        path = f"/api/v1/proposals/{proposal['id']}/approve"
        await at.confirm(second, "olena")
        alert = (await second.post(path, json={"content": proposal["content"]})).json()
        text = {"en": {"description": "The wind has turned."}}
        changed = await author.post(f"/api/v1/alerts/{alert['id']}/update", json={"text": text})
        assert changed.status_code == 202, changed.text
        waits = changed.json()
        assert waits["change"] == {"alert_id": alert["id"], "handle": alert["handle"]}
        assert waits["text"]["en"]["description"] == "The wind has turned."
        answer = await second.post(
            f"/api/v1/proposals/{waits['id']}/approve", json={"content": waits["content"]}
        )
        assert (answer.status_code, answer.json()["revision"]) == (201, 2)


async def test_an_air_raid_of_ones_own_needs_one_person(tmp_path):
    async with works(tmp_path) as at:
        author = await at.officer("boris")
        body = {"hazard": "air-raid", "area": {"regions": [KYIV]}}
        preview = (await author.post("/api/v1/alerts/preview", json=body)).json()
        assert preview["second_person"] == {"needed": False, "why": []}
        answer = await author.post("/api/v1/alerts", json={**body, "token": preview["token"]})
        assert (answer.status_code, answer.json()["state"]) == (201, "active")
        asked = {**body, "second": {"ask": True, "because": "I am new."}}
        preview = (await author.post("/api/v1/alerts/preview", json=asked)).json()
        assert preview["second_person"] == {"needed": True, "why": ["asked"]}
        assert preview["already_regions"] == [KYIV]
        assert len(preview["already_under"]) == 10
        assert preview["sounds_in"] == []


async def test_a_foreign_region_is_refused_and_the_preview_says_so(tmp_path):
    async with works(tmp_path) as at:
        author = await at.officer("boris")
        body = {"hazard": "air-raid", "area": {"regions": [KYIV, LVIV]}}
        preview = (await author.post("/api/v1/alerts/preview", json=body)).json()
        assert preview["token"] is None
        assert [(p["rule"], p["field"]) for p in preview["refusals"]] == [
            ("outside-jurisdiction", "/area/regions/1")
        ]


@pytest.mark.parametrize("said", ["override", "because", "reason"])
async def test_what_people_may_read_holds_no_turned_text(tmp_path, said):
    async with works(tmp_path) as at:
        author = await at.officer("boris")
        evil = "now \u202e won"
        path, body = "/api/v1/alerts/preview", dict(CHEMICAL)
        if said == "override":
            body["override"] = evil
        elif said == "because":
            body["second"] = {"because": evil}
        else:
            raid = {"hazard": "air-raid", "area": {"regions": [KYIV]}}
            token = (await author.post(path, json=raid)).json()["token"]
            alert = await author.post("/api/v1/alerts", json={**raid, "token": token})
            path, body = f"/api/v1/alerts/{alert.json()['id']}/update", {"reason": evil}
        answer = await author.post(path, json=body)
        refusals = answer.json().get("refusals") or [answer.json()]
        assert [each["rule"] for each in refusals] == ["control-character"]
