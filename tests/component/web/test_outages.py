"""Outages over HTTP: told at once without their cause, and untold ones move no public byte."""

import csv
import io

from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.staff import staffed

OUT = {"service": "power", "scope": {"regions": [KYIV]}, "source": "The grid"}
HIDDEN = {"id", "handle", "installations", "incident", "told", "by", "at", "changed_at"}


async def read(desk, path):
    """What anybody reads."""
    seen = await desk.crew.ask("anybody", "GET", f"/api/v1{path}")
    assert seen.status == 200, seen.text
    return seen.json()


async def test_an_outage_is_told_at_once_without_its_cause_and_its_minute(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        incident = await desk.post("/incidents", {
            "kind": "strike", "site": "critical", "where": {"geocode": KYIV},
            "when": {"start": "2022-10-11T07:00:00Z", "end": "2022-10-11T08:00:00Z"},
        }, 201)  # fmt: skip
        made = await desk.post("/outages", {
            **OUT, "began": "2022-10-11T08:47:00Z", "expected_end": "2022-10-11T12:10:00Z",
            "incident": incident["handle"],
            "scope": {"regions": ["UA-30"], "settlements": ["One"],
                      "count": {"qualifier": "hundreds"}},
        }, 201)  # fmt: skip
        assert made["incident"] == incident["id"]
        (told,) = (await read(desk, "/outages"))["outages"]
        assert told["id"] == made["public_id"]
        assert (told["began"], told["expected_end"], told["ended"]) == (
            "2022-10-11T08:00:00Z", "2022-10-11T13:00:00Z", None,
        )  # fmt: skip
        assert (told["figure"]["low"], told["figure"]["what"]) == (200, "settlements")
        assert (told["regions"], told["settlements"]) == ([KYIV], ["One"])
        assert not (HIDDEN - {"id"}) & set(told)
        assert made["id"] not in str(told)
        assert await read(desk, f"/outages/{told['id']}") == told


async def test_back_in_part_then_whole_and_its_hours(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        made = await desk.post("/outages", {**OUT, "began": "2022-10-11T07:00:00Z"}, 201)
        part = await desk.post(f"/outages/{made['handle']}", {**OUT, "restored_share": 0.5})
        assert (part["began"], part["restored_share"]) == ("2022-10-11T07:00:00Z", 0.5)
        desk.crew.clock.step(hours=2)
        over = await desk.post(f"/outages/{made['id']}", {**OUT, "restored_share": 1})
        assert over["ended"] is not None
        assert (await read(desk, "/outages"))["outages"] == []
        (told,) = (await read(desk, "/outages?history=1"))["outages"]
        assert told["revision"] == 3
        desk.crew.clock.step(hours=2)
        path = f"/outages/hours?region={KYIV}&service=power"
        (row,) = (await read(desk, path))["rows"]
        assert (row["day"], row["region"], row["service"]) == ("2022-10-11", KYIV, "power")
        assert row["hours"] > row["weighted_hours"] >= 3.0
        assert (await read(desk, "/outages/hours"))["rows"] == [row]
        seen = await desk.crew.ask("anybody", "GET", "/api/v1/outages/hours.csv")
        assert seen.body.startswith(b"\xef\xbb\xbf")
        (line,) = csv.DictReader(io.StringIO(seen.body.decode("utf-8-sig")))
        assert (line["region"], float(line["hours"])) == (KYIV, row["hours"])
        assert line["name_en"] == "Kyiv City"


async def test_an_outage_that_is_not_told_moves_no_public_byte(tmp_path):
    paths = ("/outages", "/outages?history=1", "/outages/hours", "/outages/hours.csv")
    async with newsdesk(tmp_path / "data") as desk:
        await desk.post("/outages", OUT, 201)
        before = [(await desk.crew.ask("anybody", "GET", f"/api/v1{p}")).body for p in paths]
        hidden = await desk.post("/outages", {**OUT, "tell": False}, 201)
        after = [(await desk.crew.ask("anybody", "GET", f"/api/v1{p}")).body for p in paths]
        assert after == before
        for name in (hidden["id"], hidden["handle"]):
            assert (await desk.crew.ask("anybody", "GET", f"/api/v1/outages/{name}")).rule == (
                "unknown-outage"
            )
        listed = (await desk.get("/desk/outages"))["outages"]
        assert [each["told"] for each in listed].count(False) == 1
        told = await desk.post(f"/outages/{hidden['id']}", OUT)
        kept = await desk.post(f"/outages/{hidden['id']}", {**OUT, "tell": False})
        assert kept["public_id"] == told["public_id"] != ""


async def test_what_is_never_told_of_is_not_counted_for_people(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        scope = {"regions": [KYIV], "settlements": ["Substation East", "One"],
                 "count": {"qualifier": "exact", "value": 3, "of": "substations"}}  # fmt: skip
        made = await desk.post("/outages", {**OUT, "scope": scope}, 201)
        assert made["figure"]["value"] == 3
        (told,) = (await read(desk, "/outages"))["outages"]
        assert (told["figure"], told["settlements"]) == (None, ["One"])


SLIPS = {
    "nowhere": ({"scope": {}}, "empty-area", "/scope/regions"),
    "unknown region": ({"scope": {"regions": [KYIV, "X"]}}, "unknown-region", "/scope/regions/1"),
    "a foreign region": ({"scope": {"regions": [LVIV]}}, "outside-jurisdiction",
                         "/scope/regions/0"),
    "turned name": ({"scope": {"regions": [KYIV], "settlements": ["a\u202eb"]}},
                    "control-character", "/scope/settlements/0"),
    "unseen source": ({"source": "a\u200bb"}, "control-character", "/source"),
    "over 100 %": ({"restored_share": 1.2}, "share-out-of-range", "/restored_share"),
    "from the future": ({"began": "2022-10-12T09:00:00Z"}, "time-in-future", "/began"),
    "another age": ({"began": "0001-01-01T00:00:00Z"}, "bad-value", "/began"),
    "back before": ({"began": "2022-10-11T08:00:00Z", "ended": "2022-10-11T07:00:00Z"},
                    "restored-before-outage", "/ended"),
    "no zone": ({"began": "2022-10-11T08:00:00"}, "time-without-zone", "/began"),
    "unknown installation": ({"scope": {"regions": [KYIV], "installations": ["X"]}},
                             "unknown-installation", "/scope/installations/0"),
}  # fmt: skip


async def test_each_slip_is_refused_by_its_field_and_nothing_is_written(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for name, (change, rule, field) in SLIPS.items():
            _, *found = await desk.refused("/outages", {**OUT, **change})
            assert found == [rule, field], name
        assert (await desk.refused("/outages/nope", OUT))[1:] == ("unknown-outage", "/id")
        for query, rule in (
            ("region=X", "unknown-region"), ("service=post", "bad-value"),
            ("since=2022-10-12T00:00:00Z", "ends-before-start"),
            ("since=2021-10-12T00:00:00Z", "bad-value"),
            ("since=0001-01-01T00:00:00Z", "bad-value"),
        ):  # fmt: skip
            seen = await desk.ask("GET", f"/outages/hours?{query}")
            assert seen.rule == rule, query


async def test_pages_of_outages_lead_on_and_a_key_is_answered_once(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        made = [await desk.post("/outages", OUT, 201) for _ in range(3)]
        first = await read(desk, "/outages?limit=2")
        rest = await read(desk, f"/outages?limit=2&cursor={first['cursor']}")
        names = [each["id"] for each in (*first["outages"], *rest["outages"])]
        assert sorted(names) == sorted(each["public_id"] for each in made)
        assert rest["cursor"] is None
        assert (await desk.ask("GET", "/outages?cursor=x")).rule == "bad-value"
        assert (await desk.ask("GET", "/outages?region=x")).rule == "unknown-region"
        key = {"Idempotency-Key": "one"}
        once = await desk.post("/outages", OUT, 201, **key)
        assert await desk.post("/outages", OUT, 201, **key) == once


async def test_only_who_keeps_the_situation_reads_and_writes_what_the_desk_knows(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        for who, status in (("viewer", 403), ("anybody", 401)):
            assert (await crew.ask(who, "GET", "/api/v1/desk/outages")).status == status
            assert (await crew.ask(who, "POST", "/api/v1/outages", OUT)).status == status
        assert (await crew.ask("situation-officer", "POST", "/api/v1/outages", OUT)).status == 201
