"""Guidance over HTTP: public at once and in every language, and never a pointer to the site."""

import pytest

from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.staff import staffed

WORDS = {"en": "Keep away from the bridge.", "uk": "Тримайтеся подалі від мосту."}
GIVE = {"area": {"regions": [KYIV]}, "text": WORDS}
OPEN = {
    "kind": "strike", "site": "civilian", "where": {"geocode": KYIV, "position": [30.5, 50.45]},
    "when": {"start": "2022-10-11T07:00:00Z", "end": "2022-10-11T08:00:00Z", "grain": "minute"},
}  # fmt: skip


async def test_guidance_is_read_by_anybody_the_moment_it_is_given(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        given = await desk.post("/guidance", {**GIVE, "area": {"regions": ["UA-30"]}}, 201)
        assert given["text"] == WORDS
        assert given["area"]["regions"] == [KYIV]
        assert given["ended_at"] is None
        seen = await desk.crew.ask("anybody", "GET", "/api/v1/guidance")
        assert (seen.status, seen.json()) == (200, {"guidance": [given]})
        assert desk.crew.node.service.state.active == {}  # it is no alert


async def test_guidance_ends_and_is_told_no_more(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        first = await desk.post("/guidance", GIVE, 201)
        desk.crew.clock.step(minutes=1)
        second = await desk.post("/guidance", GIVE, 201)
        listed = (await desk.get("/guidance"))["guidance"]
        assert [each["id"] for each in listed] == [second["id"], first["id"]]
        ended = await desk.post(f"/guidance/{first['id']}/end", {})
        assert ended["ended_at"] == "2022-10-11T09:01:00Z"
        head = desk.crew.node.journal.head()
        assert await desk.post(f"/guidance/{first['id']}/end", {}) == ended
        assert desk.crew.node.journal.head() == head
        assert (await desk.get("/guidance"))["guidance"] == [second]
        assert await desk.refused("/guidance/nope/end", {}) == (404, "unknown-guidance", "/id")
        assert (await desk.refused(f"/guidance/{second['id']}/end", {"x": 1}))[1] == (
            "unknown-member"
        )


CASES = {
    "one language missing": ({"text": {"en": "Stay in."}}, "text-missing", "/text/uk"),
    "one language blank": ({"text": {**WORDS, "uk": " "}}, "text-missing", "/text/uk"),
    "no words": ({"text": {}}, "text-missing", "/text/uk"),
    "another language": ({"text": {**WORDS, "xx": "x"}}, "bad-value", "/text/xx"),
    "turned words": ({"text": {**WORDS, "en": "a\u202eb"}}, "control-character", "/text/en"),
    "1,001 letters": ({"text": {**WORDS, "en": "x" * 1001}}, "text-too-long", "/text"),
    "nowhere": ({"area": {}}, "empty-area", "/area"),
    "no area": ({"area": None}, "wrong-type", "/area"),
    "unknown region": ({"area": {"regions": [KYIV, "XX"]}}, "unknown-region", "/area/regions/1"),
    "all excluded": ({"area": {"regions": [KYIV], "excluded": [KYIV]}}, "empty-area", "/area"),
    "unclosed": (
        {"area": {"polygons": [[[30, 50], [31, 50], [31, 51], [30.1, 50.1]]]}},
        "polygon-unclosed", "/area/polygons/0",
    ),
    "off the earth": (
        {"area": {"circles": [{"center": [30, 95], "radius_m": 1000}]}},
        "position-out-of-range", "/area/circles/0/center",
    ),
    "no radius": ({"area": {"circles": [{"center": [30, 50], "radius_m": -1}]}}, "bad-radius",
                  "/area/circles/0/radius_m"),
    "unknown incident": ({"incident": "NOPE"}, "unknown-incident", "/incident"),
    "a time of its own": ({"at": "2022-10-11T00:00:00Z"}, "unknown-member", "/at"),
}  # fmt: skip


async def test_each_slip_is_refused_by_its_field_and_nobody_is_told(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for name, (change, rule, field) in CASES.items():
            status, *found = await desk.refused("/guidance", {**GIVE, **change})
            assert found == [rule, field], name
            assert 400 <= status < 500, name
        assert (await desk.get("/guidance"))["guidance"] == []


@pytest.mark.parametrize("radius_m", [50, 2_000])
async def test_an_area_that_shows_where_it_was_hit_is_refused(tmp_path, radius_m):
    async with newsdesk(tmp_path / "data") as desk:
        held = await desk.post("/incidents", OPEN, 201)
        circle = {"circles": [{"center": [30.5, 50.45], "radius_m": radius_m}]}
        body = {**GIVE, "area": circle, "incident": held["handle"]}
        assert (await desk.refused("/guidance", body))[1:] == ("area-too-exact", "/area")
        wide = await desk.post("/guidance", {**GIVE, "incident": held["handle"]}, 201)
        seen = await desk.crew.ask("anybody", "GET", "/api/v1/guidance")
        for hidden in (held["id"], held["handle"], "30.5", "strike"):
            assert hidden not in seen.text, hidden
        assert wide["area"]["regions"] == [KYIV]


async def test_the_same_key_again_is_the_same_guidance(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        key = {"Idempotency-Key": "one"}
        first = await desk.post("/guidance", GIVE, 201, **key)
        assert await desk.post("/guidance", GIVE, 201, **key) == first
        other = await desk.ask("POST", "/guidance", {**GIVE, "area": {"regions": [LVIV]}}, **key)
        assert (other.status, other.rule) == (409, "key-reused")
        assert len((await desk.get("/guidance"))["guidance"]) == 1


async def test_only_an_officer_of_the_situation_tells_people_what_to_do(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        path = "/api/v1/guidance"
        for who, rule in (("viewer", "not-allowed"), ("drill-only-operator", "wrong-room")):
            seen = await crew.ask(who, "POST", path, GIVE)
            assert (seen.status, seen.rule) == (403, rule), who
        assert (await crew.ask("anybody", "POST", path, GIVE)).status == 401
        given = await crew.ask("situation-officer", "POST", path, GIVE)
        assert given.status == 201, given.text
        end = f"{path}/{given.json()['id']}/end"
        assert (await crew.ask("viewer", "POST", end, {})).rule == "not-allowed"
        assert len((await crew.ask("anybody", "GET", path)).json()["guidance"]) == 1
