"""Issue over HTTP: accepted is recorded, repeated is the first answer, nobody without a token."""

import asyncio

import pytest

from kit.houses import KYIV, LVIV
from kit.servers import server

AIR_RAID = {"hazard": "air-raid", "area": {"regions": [KYIV]}}


async def test_an_alert_is_answered_whole_and_stands_in_the_journal(tmp_path):
    async with server(tmp_path) as running:
        answer = await running.http.post("/api/v1/alerts", json=AIR_RAID)
        assert answer.status_code == 201
        alert = answer.json()
        assert answer.headers["location"] == f"/api/v1/alerts/{alert['id']}"
        assert (alert["revision"], alert["state"], alert["msg_type"]) == (1, "active", "Alert")
        assert (alert["realm"], alert["status"]) == ("live", "Actual")
        assert alert["sounds"]
        assert len(alert["sounds_in"]) == 10  # Kyiv's districts
        assert set(alert["text"]) == {"uk", "en"}
        rows = running.home.journal.of(alert["id"])
        assert [row.kind for row in rows] == ["alert-issued"]
        assert rows[0].audience_seq == alert["sequence"]
        assert await running.get(f"/api/v1/alerts/{alert['handle']}") == alert


async def test_the_same_key_and_body_is_the_first_answer_word_for_word(tmp_path):
    async with server(tmp_path) as running:
        headers = {"Idempotency-Key": "attempt-1"}
        first = await running.http.post("/api/v1/alerts", json=AIR_RAID, headers=headers)
        alert = first.json()
        await running.post(f"/api/v1/alerts/{alert['id']}/clear")
        again = await running.http.post("/api/v1/alerts", json=AIR_RAID, headers=headers)
        assert (
            (again.status_code, again.content)
            == (first.status_code, first.content)
            == (201, first.content)
        )
        other = {**AIR_RAID, "area": {"regions": [LVIV]}}
        refused = await running.http.post("/api/v1/alerts", json=other, headers=headers)
        assert (refused.status_code, refused.json()["rule"]) == (409, "key-reused")
        assert len(running.home.service.state.active) == 0


async def test_the_same_key_at_the_same_moment_is_one_alert(tmp_path):
    async with server(tmp_path) as running:
        asked = [
            running.http.post("/api/v1/alerts", json=AIR_RAID, headers={"Idempotency-Key": "k"})
            for _ in range(8)
        ]
        answers = await asyncio.gather(*asked)
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.content for answer in answers}) == 1
        assert len(running.home.service.state.active) == 1


async def test_a_key_belongs_to_one_call_only(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        headers = {"Idempotency-Key": "k"}
        path = f"/api/v1/alerts/{alert['id']}"
        first = await running.http.post(f"{path}/clear", json={"reason": "over"}, headers=headers)
        assert first.status_code == 200
        other = await running.http.post(f"{path}/cancel", json={"reason": "over"}, headers=headers)
        assert (other.status_code, other.json()["rule"]) == (409, "key-reused")


async def test_the_same_identifier_is_one_alert_and_other_content_is_refused(tmp_path):
    async with server(tmp_path) as running:
        named = {**AIR_RAID, "identifier": "raid-1"}
        first = await running.http.post("/api/v1/alerts", json=named)
        again = await running.http.post("/api/v1/alerts", json=named)
        assert again.content == first.content
        other = {**named, "area": {"regions": [LVIV]}}
        refused = await running.http.post("/api/v1/alerts", json=other)
        assert (refused.status_code, refused.json()["rule"]) == (409, "identifier-reused")


@pytest.mark.parametrize("authorization", [None, "Bearer wrong", "Bearer", "Basic dG9jc2lu"])
async def test_nothing_is_issued_without_the_token(tmp_path, authorization):
    async with server(tmp_path) as running:
        head = running.home.journal.head()
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = await running.anybody.post("/api/v1/alerts", json=AIR_RAID, headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        rule = "no-credential" if authorization is None else "bad-credential"
        assert answer.json()["rule"] == rule
        assert running.home.journal.head() == head


async def test_an_alias_is_accepted_and_answered_with_the_geocode(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue("UA-30")
        assert alert["area"]["regions"] == [KYIV]
        region = await running.get("/api/v1/regions/UA-30")
        assert region["geocode"] == KYIV


async def test_a_drawn_circle_becomes_the_regions_it_touches(tmp_path):
    async with server(tmp_path) as running:
        area = {"circles": [{"center": [30.52, 50.45], "radius_m": 3000}]}
        answer = await running.http.post("/api/v1/alerts", json={"hazard": "fire", "area": area})
        assert answer.status_code == 201, answer.text
        alert = answer.json()
        assert alert["area"]["circles"] == area["circles"]
        tree = running.home.world.tree
        assert alert["sounds_in"]
        assert {tree[code].parent for code in alert["sounds_in"]} == {KYIV}


async def test_own_words_replace_the_profiles_one_by_one(tmp_path):
    async with server(tmp_path) as running:
        text = {"en": {"headline": "Look here", "description": "one\ntwo"}}
        alert = await running.issue(KYIV, text=text)
        assert alert["text"]["en"]["headline"] == "Look here"
        assert alert["text"]["en"]["description"] == "one\ntwo"
        assert alert["text"]["en"]["instruction"]
        assert alert["text"]["uk"]["headline"] == "Повітряна тривога"


async def test_a_journal_that_refuses_is_503_and_nothing_was_accepted(tmp_path):
    async with server(tmp_path) as running:
        running.home.journal.refuse = True
        answer = await running.http.post("/api/v1/alerts", json=AIR_RAID)
        assert (answer.status_code, answer.json()["rule"]) == (503, "not-accepted")
        assert answer.headers["retry-after"]
        health = await running.anybody.get("/healthz")
        assert health.status_code == 503
        running.home.journal.refuse = False
        assert (await running.http.post("/api/v1/alerts", json=AIR_RAID)).status_code == 201
        assert len(running.home.service.state.active) == 1


async def test_a_preview_records_nothing_and_its_token_fits_only_what_it_showed(tmp_path):
    async with server(tmp_path) as running:
        head = running.home.journal.head()
        shown = await running.post("/api/v1/alerts/preview", **AIR_RAID)
        assert running.home.journal.head() == head
        assert shown["refusals"] == []
        assert shown["regions"] == [KYIV]
        assert shown["leaf_regions"] == len(shown["sounds_in"]) == 10
        assert shown["people"]["about"]
        assert shown["people"]["count"] > 2_000_000
        assert set(shown["text"]) == {"alert", "all-clear", "retraction"}
        assert shown["second_person"] == {"needed": False, "why": []}  # delay kills
        moved = {**AIR_RAID, "area": {"regions": [LVIV]}, "token": shown["token"]}
        refused = await running.http.post("/api/v1/alerts", json=moved)
        assert (refused.status_code, refused.json()["rule"]) == (422, "token-mismatch")
        meant = {**AIR_RAID, "token": shown["token"]}
        assert (await running.http.post("/api/v1/alerts", json=meant)).status_code == 201


async def test_a_preview_says_what_would_be_refused_and_who_must_agree(tmp_path):
    async with server(tmp_path) as running:
        past = {**AIR_RAID, "expires": "2020-01-01T00:00:00Z"}
        shown = await running.post("/api/v1/alerts/preview", **past)
        assert shown["token"] is None
        assert [each["rule"] for each in shown["refusals"]] == ["expires-past"]
        chemical = {"hazard": "chemical", "area": {"regions": ["UA"]}}
        shown = await running.post("/api/v1/alerts/preview", **chemical)
        why = ["hazard", "people", "regions", "nationwide"]
        assert shown["second_person"] == {"needed": False, "why": why}  # the house needs nobody
