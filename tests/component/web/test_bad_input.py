"""Every input is hostile: refused with 4xx, the field and the rule, and nothing is written."""

import json
import time

import pytest

from kit.houses import KYIV, LVIV
from kit.servers import server
from tocsin.fanout.select import Selection

REGIONS = {"regions": [KYIV]}
RING = [[30.0, 50.0], [31.0, 50.0], [31.0, 51.0], [30.0, 50.0]]


def polygon(*ring):
    return {"area": {"polygons": [list(ring)]}}


CASES = {
    "unknown hazard": ({"hazard": "dragon"}, "unknown-hazard", "/hazard"),
    "unknown region": ({"area": {"regions": [KYIV, "UA-99"]}}, "unknown-region", "/area/regions/1"),
    "area of nothing": ({"area": {}}, "empty-area", "/area"),
    "area of empty lists": ({"area": {"regions": [], "polygons": []}}, "empty-area", "/area"),
    "all excluded": ({"area": {**REGIONS, "excluded": [KYIV]}}, "empty-area", "/area"),
    "no area": ({"area": None}, "wrong-type", "/area"),
    "area of everything": ({"area": "everywhere"}, "wrong-type", "/area"),
    "unknown level": ({"level": "purple"}, "unknown-level", "/level"),
    "past end": ({"expires": "2022-10-11T08:59:59Z"}, "expires-past", "/expires"),
    "end of year 1": ({"expires": "0001-01-01T00:00:00+14:00"}, "expires-past", "/expires"),
    "too late an end": ({"expires": "2022-10-12T09:00:01Z"}, "expires-too-late", "/expires"),
    "end of year 9999": ({"expires": "9999-12-31T23:59:59-14:00"}, "expires-too-late", "/expires"),
    "end before onset": (
        {"onset": "2022-10-11T12:00:00Z", "expires": "2022-10-11T11:00:00Z"},
        "ends-before-start", "/expires",
    ),
    "time without zone": ({"expires": "2022-10-11T11:00:00"}, "time-without-zone", "/expires"),
    "24 o'clock": ({"expires": "2022-10-11T24:00:00Z"}, "bad-value", "/expires"),
    "words as time": ({"expires": "soon"}, "bad-value", "/expires"),
    "standing by nobody": ({"standing_by": "  "}, "standing-needs-person", "/standing_by"),
    "unclosed": (polygon(*RING[:3], [30.1, 50.1]), "polygon-unclosed", "/area/polygons/0"),
    "too few points": (polygon(*RING[:3]), "polygon-too-few-points", "/area/polygons/0"),
    "self-crossing": (
        polygon([30, 50], [31, 51], [31, 50], [30, 51], [30, 50]),
        "polygon-self-crossing", "/area/polygons/0",
    ),
    "antimeridian": (
        polygon([179, 50], [-179, 50], [-179, 51], [179, 50]),
        "polygon-antimeridian", "/area/polygons/0",
    ),
    "off the earth": (
        polygon(*RING[:2], [31, 91], RING[0]),
        "position-out-of-range", "/area/polygons/0/2",
    ),
    "swapped": (polygon(*[[b, a] for a, b in RING]), "area-outside", "/area/polygons"),
    "10,001 vertices": (
        polygon(*[[30 + n / 1e5, 50] for n in range(10_001)]),
        "too-many-vertices", "/area/polygons/0",
    ),
    "three numbers": (polygon([30, 50, 1], *RING), "bad-value", "/area/polygons/0/0"),
    "words in a ring": (polygon(["30", 50], *RING), "wrong-type", "/area/polygons/0/0/0"),
    "no radius": (
        {"area": {"circles": [{"center": [30, 50]}]}}, "missing-member", "/area/circles/0/radius_m"
    ),
    "negative radius": (
        {"area": {"circles": [{"center": [30, 50], "radius_m": -1}]}},
        "bad-radius", "/area/circles/0/radius_m",
    ),
    "turned identifier": ({"identifier": "raid\u202e1"}, "control-character", "/identifier"),
    "control in identifier": ({"identifier": "raid\n1"}, "control-character", "/identifier"),
    "invisible in a name": ({"standing_by": "Olena\u200b"}, "control-character", "/standing_by"),
    "private use in a name": ({"sender": "desk\ue000"}, "control-character", "/sender"),
    "control in words": (
        {"text": {"en": {"description": "one\x07"}}}, "control-character", "/text/en/description"
    ),
    "turned words": (
        {"text": {"uk": {"headline": "a\u202eb"}}}, "control-character", "/text/uk/headline"
    ),
    "comma in identifier": ({"identifier": "a,b"}, "bad-value", "/identifier"),
    "somebody else": ({"sender": "stranger"}, "not-allowed", "/sender"),
    "drill at the live address": ({"realm": "drill"}, "realm-mismatch", "/realm"),
    "exercise at the live address": ({"status": "Exercise"}, "realm-mismatch", "/status"),
    "unknown status": ({"status": "Real"}, "bad-value", "/status"),
    "unknown realm": ({"realm": "prod"}, "bad-value", "/realm"),
    "a member of the house": ({"imported": True}, "unknown-member", "/imported"),
    "unknown member inside": ({"area": {**REGIONS, "city": "x"}}, "unknown-member", "/area/city"),
    "unknown language": ({"text": {"xx": {"headline": "x"}}}, "bad-value", "/text/xx"),
    "headline too long": ({"text": {"en": {"headline": "x" * 161}}}, "text-too-long", "/text"),
    "no instruction": (
        {
            "hazard": "evacuation",
            "text": {"uk": {"instruction": "Виходьте"}, "en": {"instruction": " "}},
        },
        "instruction-missing", "/text/en/instruction",
    ),
    "bad token": ({"token": "AAAA"}, "token-mismatch", "/token"),
}  # fmt: skip


async def test_each_slip_is_refused_with_its_rule_and_field_and_nothing_is_written(tmp_path):
    async with server(tmp_path) as running:
        head = running.home.journal.head()
        for name, (change, rule, field) in CASES.items():
            body = {"hazard": "air-raid", "area": REGIONS, **change}
            answer = await running.http.post("/api/v1/alerts", json=body)
            said = answer.json()
            assert (said["rule"], said["field"]) == (rule, field), name
            assert 400 <= answer.status_code < 500, name
            assert said["status"] == answer.status_code, name
            assert answer.headers["content-type"] == "application/problem+json", name
            assert said["type"] == f"/docs/refusals#{rule}"
            assert said["title"], name
            assert said["help"], name
            assert running.home.journal.head() == head, name
        assert running.hub.hash_of(Selection()) == "e3b0c44298fc1c14"  # no alert in force


def deep(depth):
    return b'{"hazard":"air-raid","area":' + b'{"a":' * depth + b"1" + b"}" * depth + b"}"


BODIES = {
    "not JSON": (b"hazard=air-raid", "bad-json"),
    "nothing": (b"", "bad-json"),
    "NaN": (
        b'{"hazard":"air-raid","area":{"circles":[{"center":[NaN,1],"radius_m":1}]}}',
        "bad-json",
    ),
    "Infinity": (b'{"hazard":Infinity}', "bad-json"),
    "bad UTF-8": (b'{"hazard":"\xff"}', "bad-json"),
    "UTF-16": ('{"hazard":"air-raid"}'.encode("utf-16"), "bad-json"),
    "byte order mark": (b'\xef\xbb\xbf{"hazard":"air-raid"}', "bad-json"),
    "half a surrogate": (b'{"hazard":"\\ud800"}', "bad-json"),
    "raw control": (b'{"hazard":"air\nraid"}', "bad-json"),
    "text behind": (b'{"hazard":"air-raid","area":{"regions":["UA-30"]}} x', "bad-json"),
    "deep objects": (deep(100_000), "too-deep"),
    "deep lists": (b"[" * 100_000 + b"]" * 100_000, "too-deep"),
    "unclosed depth": (b'{"a":' * 100_000, "too-deep"),
    "10,000 digits": (
        b'{"hazard":"air-raid","area":{"circles":[{"center":[30,50],"radius_m":'
        + b"9" * 10_000
        + b"}]}}",
        "bad-value",
    ),
    "1e999": (
        b'{"hazard":"air-raid","area":{"circles":[{"center":[30,50],"radius_m":1e999}]}}',
        "bad-value",
    ),
    "a list": (b"[]", "wrong-type"),
    "null": (b"null", "wrong-type"),
    "3 MiB": (b'{"hazard":"' + b"x" * 3 * 1024 * 1024 + b'"}', "too-large"),
    "a million vertices": (
        b'{"hazard":"fire","area":{"polygons":[[' + b",".join([b"[30,50]"] * 1_000_000) + b"]]}}",
        "too-large",
    ),
}


async def test_a_body_that_is_no_json_of_ours_is_refused_quickly(tmp_path):
    async with server(tmp_path) as running:
        head = running.home.journal.head()
        headers = {"Content-Type": "application/json"}
        for name, (body, rule) in BODIES.items():
            began = time.monotonic()
            answer = await running.http.post("/api/v1/alerts", content=body, headers=headers)
            assert time.monotonic() - began < 2.5, name  # measured: at most 0.1 s
            assert 400 <= answer.status_code < 500, name
            assert answer.json()["rule"] == rule, name
            if rule == "too-large":
                assert answer.status_code == 413
        assert running.home.journal.head() == head


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ('{"hazard":"fire","hazard":"air-raid","area":{"regions":["UA-30"]}}', "/hazard"),
        ('{"hazard":"fire","area":{"regions":["UA-30"],"regions":["UA-46"]}}', "/area/regions"),
        (
            '{"hazard":"fire","area":{"polygons":[],"circles":[],"polygons":[]}}',
            "/area/polygons",
        ),
    ],
)
async def test_a_member_given_twice_is_refused_with_its_place(tmp_path, body, field):
    async with server(tmp_path) as running:
        head = running.home.journal.head()
        headers = {"Content-Type": "application/json"}
        answer = await running.http.post("/api/v1/alerts", content=body, headers=headers)
        assert (answer.json()["rule"], answer.json()["field"]) == ("duplicate-member", field)
        assert running.home.journal.head() == head


async def test_a_body_without_a_length_is_cut_at_the_limit(tmp_path):
    async with server(tmp_path) as running:

        async def endless():
            for _ in range(64):
                yield b"x" * 65_536

        headers = {"Content-Type": "application/json"}
        answer = await running.http.post("/api/v1/alerts", content=endless(), headers=headers)
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json; charset=latin-1", "text/json", None]
)
async def test_another_content_type_is_refused(tmp_path, kind):
    async with server(tmp_path) as running:
        body = json.dumps({"hazard": "air-raid", "area": REGIONS})
        headers = {} if kind is None else {"Content-Type": kind}
        answer = await running.http.post("/api/v1/alerts", content=body, headers=headers)
        assert (answer.status_code, answer.json()["rule"]) == (415, "wrong-content-type")
        assert not running.home.service.state.active


@pytest.mark.parametrize("key", ["", "x" * 129, "with space", "umlaut-\xe4"])
async def test_a_key_that_is_none_is_refused(tmp_path, key):
    async with server(tmp_path) as running:
        answer = await running.http.post(
            "/api/v1/alerts",
            json={"hazard": "air-raid", "area": REGIONS},
            headers=[(b"Idempotency-Key", key.encode("latin-1"))],
        )
        assert (answer.status_code, answer.json()["rule"]) == (422, "bad-idempotency-key")
        assert not running.home.service.state.active


async def test_queries_are_as_strict_as_bodies(tmp_path):
    async with server(tmp_path) as running:
        for query, rule, field in (
            ("hazrd=fire", "unknown-member", "/hazrd"),
            ("limit=3&limit=4", "duplicate-member", "/limit"),
            ("limit=0", "bad-value", "/limit"),
            ("limit=x", "wrong-type", "/limit"),
            ("since=2022-10-11", "bad-value", "/since"),
            ("since=2022-10-11T00:00:00", "time-without-zone", "/since"),
            ("state=over", "bad-value", "/state/0"),
            ("cursor=%00", "bad-value", "/cursor"),
            ("region=UA-99", "unknown-region", "/region/0"),
            ("hazard=dragon", "unknown-hazard", "/hazard/0"),
        ):
            answer = await running.anybody.get(f"/api/v1/alerts?{query}")
            said = answer.json()
            assert 400 <= answer.status_code < 500, query
            assert (said["rule"], said["field"]) == (rule, field), query


async def test_wrong_methods_and_paths_say_what_is_here(tmp_path):
    async with server(tmp_path) as running:
        answer = await running.http.delete("/api/v1/alerts")
        assert (answer.status_code, answer.json()["rule"]) == (405, "method-not-allowed")
        assert answer.headers["allow"] == "GET, POST, HEAD, OPTIONS"
        answer = await running.http.get("/api/v1/nothing")
        assert (answer.status_code, answer.json()["rule"]) == (404, "unknown-path")
        answer = await running.anybody.get("/api/v1/regions/%2e%2e%2fetc")
        assert answer.status_code == 404


async def test_clears_and_updates_are_as_strict(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        path = f"/api/v1/alerts/{alert['id']}"
        head = running.home.journal.head()
        for call, body, rule, field in (
            ("clear", {"regions": ["UA-99"]}, "unknown-region", "/regions/0"),
            ("clear", {"regions": [LVIV]}, "region-not-covered", "/regions"),
            ("clear", {"ticked": ["ZZZZ"]}, "unknown-alert", "/ticked/0"),
            ("clear", {"region": KYIV}, "unknown-member", "/region"),
            ("update", {"area": {"regions": [LVIV]}}, "region-not-covered", "/area"),
            ("update", {}, "nothing-changed", ""),
            ("extend", {"expires": "2022-10-11T09:30:00Z"}, "expires-shorter", "/expires"),
            ("extend", {}, "missing-member", "/expires"),
            ("cancel", {}, "missing-member", "/reason"),
            ("cancel", {"reason": "x" * 501}, "text-too-long", "/reason"),
        ):
            answer = await running.http.post(f"{path}/{call}", json=body)
            said = answer.json()
            assert 400 <= answer.status_code < 500, (call, body)
            assert (said["rule"], said["field"]) == (rule, field), (call, body)
            assert running.home.journal.head() == head, (call, body)
