"""The register, channels and coverage over HTTP: a tower, its substation, who is told what."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from kit.houses import KYIV, LVIV, profile
from kit.newsdesk import OFFICER, Newsdesk
from kit.staff import BOTH, house, scope_of
from tocsin.core.authority import Role

TREE = profile().world.tree
TV = {"channel": "tv", "regions": ["UA-30"]}
SUBSTATION = {"kind": "substation", "name": "North substation", "where": {"geocode": "UA-30"}}
TOWER = {"kind": "tv-tower", "name": "TV tower", "where": {"geocode": KYIV, "site": "the hill",
         "position": [30.45, 50.47]}, "serves": [TV], "note": "Spare in the yard."}  # fmt: skip
DOWN = {"condition": "down", "source": "The grid's control room"}
WAKING = ("sirens", "tv", "radio", "mobile")
HIDDEN = ("tower", "substation", "hill", "yard", "powered", "control room")


@contextlib.asynccontextmanager
async def desk_of(folder: Path, role: Role = Role.SUPERVISOR) -> AsyncIterator[Newsdesk]:
    """A house with one officer who keeps the register everywhere."""
    async with house(folder) as crew:
        member = await crew.hire(OFFICER, scope_of(role, BOTH, TREE.root))
        crew.members[OFFICER] = await crew.sign_in(member)
        yield Newsdesk(crew)


async def two(desk: Newsdesk) -> tuple[dict, dict]:
    """Enter the substation, and the tower that it powers (named by its handle)."""
    substation = await desk.post("/installations", SUBSTATION, 201)
    needs = [{"tie": "powered-by", "on": substation["handle"].lower()}]
    return substation, await desk.post("/installations", {**TOWER, "needs": needs}, 201)


async def public(desk: Newsdesk, path: str = "/channels") -> dict[str, list[str]]:
    """Read as anybody where each channel may not carry warnings."""
    seen = await desk.crew.ask("anybody", "GET", f"/api/v1{path}")
    assert seen.status == 200, seen.text
    for word in HIDDEN:
        assert word not in seen.text
    return {each["id"]: each["may_not"] for each in seen.json()["channels"]}


# -- the day of the tower --------------------------------------------------------------------------


async def test_a_tower_falls_after_its_substation_and_people_learn_of_the_channel_alone(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        substation, tower = await two(desk)
        assert tower["needs"] == [{"tie": "powered-by", "on": substation["id"]}]
        assert tower["serves"] == [{"channel": "tv", "regions": [KYIV]}]
        fell = await desk.post(f"/installations/{substation['handle']}/condition",
                               {**DOWN, "struck": True})  # fmt: skip
        assert (fell["condition"], fell["struck"]) == ("down", 1)
        seen = await desk.get(f"/installations/{tower['id']}")
        assert (seen["condition"], seen["at_risk_by"]) == ("unknown", [substation["id"]])
        tv = await on_desk(desk, "tv")
        assert (tv["lost"], [each["region"] for each in tv["at_risk"]]) == ([], [KYIV])
        assert (await public(desk))["tv"] == []

        await desk.post(f"/installations/{tower['id']}/condition", DOWN)
        tv = await on_desk(desk, "tv")
        assert [each["region"] for each in tv["lost"]] == [KYIV]
        assert tv["people_lost"] == tv["lost"][0]["people"] > 2_000_000
        assert (await public(desk))["tv"] == [KYIV]
        assert (await public(desk, "/channels?region=UA-30"))["tv"] == [KYIV]
        assert (await public(desk, f"/channels?region={LVIV}"))["tv"] == []

        desk.crew.clock.step(hours=1)
        await desk.post(f"/installations/{tower['id']}/condition",
                        {"condition": "degraded", "source": "The broadcaster"})  # fmt: skip
        assert (await public(desk))["tv"] == []
        listed = (await desk.get("/installations", condition="degraded"))["installations"]
        assert [each["name"] for each in listed] == ["TV tower"]
        assert [word["condition"] for word in listed[0]["history"]] == ["degraded", "down"]


async def on_desk(desk: Newsdesk, channel: str) -> dict:
    """Read where a channel stands."""
    found = (await desk.get("/coverage"))["channels"]
    return next(each for each in found if each["channel"] == channel)


async def test_what_would_be_if_it_were_down_is_told_before_it_is(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        substation, tower = await two(desk)
        for channel in WAKING:
            if channel != "tv":
                await desk.post(f"/channels/{channel}",
                                {"regions": [KYIV], **DOWN})  # fmt: skip
        seen = await desk.get(f"/installations/{tower['id']}")
        down = seen["if_down"]
        assert (seen["needed_by"], down["dependants"]) == ([], [])
        (lost,) = down["channels"]
        assert (lost["channel"], [each["region"] for each in lost["lost"]]) == ("tv", [KYIV])
        assert lost["people_lost"] > 2_000_000
        assert [each["region"] for each in down["without_any"]] == [KYIV]
        assert down["without_any"][0]["left"] == ["loudspeaker-cars"]
        seen = await desk.get(f"/installations/{substation['handle']}")
        assert seen["needed_by"] == seen["if_down"]["dependants"] == [tower["id"]]
        (risk,) = seen["if_down"]["channels"]
        assert (risk["lost"], [each["region"] for each in risk["at_risk"]]) == ([], [KYIV])
        assert seen["if_down"]["without_any"] == []
        assert (await public(desk))["tv"] == []


# -- nobody is left to be woken --------------------------------------------------------------------


async def test_a_region_without_any_channel_is_loud_and_goes_on_the_patrol_s_list(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        assert (await desk.get("/coverage"))["without_any"] == []
        for channel in WAKING:
            await desk.post(f"/channels/{channel}",
                            {"regions": ["UA-30"], "condition": "down", "source": "s"})  # fmt: skip
        found = await desk.get("/coverage")
        (bare,) = found["without_any"]
        assert (bare["region"], bare["left"]) == (KYIV, ["loudspeaker-cars"])
        assert bare["people"] > 2_000_000
        cars = next(each for each in found["channels"] if each["channel"] == "loudspeaker-cars")
        assert cars["advice"]["en"] == "Listen for loudspeaker cars in the street."
        calls = (await desk.get("/desk"))["calls"]
        assert [each["why"] for each in calls] == ["channels-lost"]

        listed = await desk.get("/coverage/patrol", language="en")
        leaves = {code for code in TREE.below(KYIV) if len(TREE.below(code)) == 1}
        assert {each["region"] for each in listed["stops"]} == leaves
        counts = [each["people"] for each in listed["stops"]]
        assert counts == sorted(counts, reverse=True)
        first = listed["stops"][0]
        assert first["lost"] == ["Sirens", "Television", "Radio", "Mobile networks"]
        assert first["left"] == ["This page and apps", "Loudspeaker cars"]
        assert (await desk.get("/coverage/patrol", region=LVIV))["stops"] == []
        ukrainian = await desk.get("/coverage/patrol")
        assert "Сирени" in ukrainian["stops"][0]["lost"]

        seen = await desk.ask("GET", "/coverage/patrol.csv?language=en")
        assert seen.header("content-type").startswith("text/csv")
        rows = list(csv.DictReader(io.StringIO(seen.body.decode("utf-8-sig"))))
        assert [row["region"] for row in rows] == [each["region"] for each in listed["stops"]]
        assert rows[0]["left"] == "This page and apps; Loudspeaker cars"


@pytest.mark.parametrize("path", ["/coverage/patrol", "/coverage/patrol.csv"])
@pytest.mark.parametrize(
    ("query", "rule"), [("region=XX", "unknown-region"), ("language=xx", "bad-value")]
)
async def test_a_list_of_nowhere_is_refused(tmp_path, path, query, rule):
    async with desk_of(tmp_path / "data") as desk:
        seen = await desk.ask("GET", f"{path}?{query}")
        assert (seen.rule, seen.json()["field"]) == (rule, "/" + query.partition("=")[0])


# -- by hand ---------------------------------------------------------------------------------------


async def test_a_person_s_word_counts_until_it_is_taken_back(tmp_path):
    async with desk_of(tmp_path / "data", Role.OPERATOR) as desk:
        word = {"regions": ["UA-30"], "condition": "down", "source": "The broadcaster"}
        reach = await desk.post("/channels/radio", word)
        assert [each["region"] for each in reach["lost"]] == [KYIV]
        (said,) = (await desk.get("/coverage"))["said"]
        assert (said["channel"], said["source"]) == ("radio", "The broadcaster")
        assert (await public(desk))["radio"] == [KYIV]
        await desk.post("/channels/radio", {**word, "condition": None})
        assert (await desk.get("/coverage"))["said"] == []
        assert (await public(desk))["radio"] == [KYIV]  # nothing there is said to work
        await desk.post("/channels/radio", {**word, "condition": "working"})
        assert (await public(desk))["radio"] == []


WRONG_WORDS = {
    "no such channel": ("smoke", {}, "unknown-channel", "/id"),
    "nowhere": ("tv", {"regions": []}, "empty-area", "/regions"),
    "no such region": ("tv", {"regions": [KYIV, "XX"]}, "unknown-region", "/regions/1"),
    "nobody": ("tv", {"source": " "}, "source-missing", "/source"),
    "turned letters": ("tv", {"source": "a\u202eb"}, "control-character", "/source"),
    "not yet": ("tv", {"as_of": "2030-01-01T00:00:00Z"}, "time-in-future", "/as_of"),
    "long ago": ("tv", {"as_of": "1800-01-01T00:00:00Z"}, "bad-value", "/as_of"),
    "no condition": ("tv", {"condition": "fine"}, "bad-value", "/condition"),
}


async def test_each_slip_of_a_word_on_a_channel_is_refused_by_its_field(tmp_path):
    good = {"regions": [KYIV], "condition": "down", "source": "s"}
    async with desk_of(tmp_path / "data") as desk:
        for name, (channel, change, rule, field) in WRONG_WORDS.items():
            found = await desk.refused(f"/channels/{channel}", {**good, **change})
            assert found[1:] == (rule, field), name
        seen = await desk.crew.ask("anybody", "GET", "/api/v1/channels?region=XX")
        assert seen.rule == "unknown-region"


# -- entered, described, erased --------------------------------------------------------------------

WRONG = {
    "no place": ({"where": None}, "place-missing", "/where/geocode"),
    "no such place": ({"where": {"geocode": "XX"}}, "unknown-region", "/where/geocode"),
    "no such kind": ({"kind": "castle"}, "bad-value", "/kind"),
    "no name": ({"name": " "}, "missing-member", "/name"),
    "turned name": ({"name": "a\u202eb"}, "control-character", "/name"),
    "turned note": ({"note": "a\u202eb"}, "control-character", "/note"),
    "no such need": (
        {"needs": [{"tie": "fed-by", "on": "NOPE"}]}, "unknown-installation", "/needs/0/on",
    ),
    "no such channel": (
        {"serves": [{"channel": "smoke", "regions": [KYIV]}]}, "unknown-channel",
        "/serves/0/channel",
    ),
    "serving nowhere": (
        {"serves": [{"channel": "tv", "regions": []}]}, "empty-area", "/serves/0/regions",
    ),
    "serving the moon": (
        {"serves": [{"channel": "tv", "regions": ["XX"]}]}, "unknown-region",
        "/serves/0/regions/0",
    ),
    "a member of its own": ({"secret": True}, "unknown-member", "/secret"),
}  # fmt: skip


async def test_each_slip_of_a_description_is_refused_by_its_field_and_nothing_is_written(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        for name, (change, rule, field) in WRONG.items():
            found = await desk.refused("/installations", {**TOWER, **change})
            assert found[1:] == (rule, field), name
        assert (await desk.get("/installations"))["installations"] == []


async def test_a_loop_is_refused_at_the_door(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        substation, tower = await two(desk)
        looped = {**SUBSTATION, "needs": [{"tie": "fed-by", "on": tower["handle"]}]}
        found = await desk.refused(f"/installations/{substation['id']}", looped)
        assert found[1:] == ("dependency-loop", "/needs")


async def test_a_word_on_an_installation_that_cannot_stand_is_refused(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        _, tower = await two(desk)
        path = f"/installations/{tower['id']}/condition"
        for change, rule, field in (
            ({"source": ""}, "source-missing", "/source"),
            ({"as_of": "2030-01-01T00:00:00Z"}, "time-in-future", "/as_of"),
            ({"as_of": "1800-01-01T00:00:00Z"}, "bad-value", "/as_of"),
            ({"incident": "NOPE"}, "unknown-incident", "/incident"),
            ({"source": "a\u202eb"}, "control-character", "/source"),
        ):
            assert (await desk.refused(path, {**DOWN, **change}))[1:] == (rule, field)
        for path, body in (
            ("/installations/NOPE", TOWER),
            ("/installations/NOPE/condition", DOWN),
            ("/installations/NOPE/erase", {"reason": "r"}),
        ):
            assert (await desk.refused(path, body))[1:] == ("unknown-installation", "/id")
        assert (await desk.ask("GET", "/installations/NOPE")).rule == "unknown-installation"


async def test_the_same_key_again_is_the_same_installation(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        key = {"Idempotency-Key": "one"}
        first = await desk.post("/installations", SUBSTATION, 201, **key)
        assert await desk.post("/installations", SUBSTATION, 201, **key) == first
        path, key = f"/installations/{first['id']}/condition", {"Idempotency-Key": "two"}
        struck = await desk.post(path, {**DOWN, "struck": True}, **key)
        desk.crew.clock.step(minutes=1)
        assert await desk.post(path, {**DOWN, "struck": True}, **key) == struck
        for path in (f"/installations/{first['id']}", "/installations", "/channels/tv",
                     f"/installations/{first['id']}/erase",
                     f"/installations/{first['id']}/condition"):  # fmt: skip
            body = (
                {"reason": "r"} if path.endswith("erase")
                else DOWN if path.endswith("condition")
                else {"regions": [KYIV], "source": "s"} if "channels" in path
                else SUBSTATION
            )  # fmt: skip
            seen = await desk.ask("POST", path, body, **{"Idempotency-Key": "a b"})
            assert seen.rule == "bad-idempotency-key"


async def test_described_anew_and_erased_it_keeps_its_history_and_gives_no_channel_back(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        _, tower = await two(desk)
        path = f"/installations/{tower['id']}"
        await desk.post(f"{path}/condition", DOWN)
        again = await desk.post(path, {**TOWER, "name": "Tall tower", "serves": []})
        assert (again["name"], again["condition"], again["handle"]) == (
            "Tall tower", "down", tower["handle"],
        )  # fmt: skip
        assert (await public(desk))["tv"] == [KYIV]
        assert (await desk.refused(f"{path}/erase", {"reason": " "}))[1:] == (
            "reason-missing", "/reason",
        )  # fmt: skip
        assert (await desk.refused(f"{path}/erase", {"reason": "a\u202eb"}))[1] == (
            "control-character"
        )
        gone = await desk.post(f"{path}/erase", {"reason": "It leaked."})
        assert (gone["erased"], gone["name"], gone["where"], gone["condition"]) == (
            True, "", None, "down",
        )  # fmt: skip
        assert (await desk.get("/coverage"))["hidden"] == 0
        assert (await public(desk))["tv"] == [KYIV]


async def test_the_list_is_cut_by_region_kind_and_risk_and_leads_on(tmp_path):
    async with desk_of(tmp_path / "data") as desk:
        substation, tower = await two(desk)
        far = await desk.post("/installations", {**SUBSTATION, "where": {"geocode": LVIV}}, 201)
        await desk.post(f"/installations/{substation['id']}/condition", DOWN)

        async def ids(**query: object) -> list[str]:
            return [
                each["id"] for each in (await desk.get("/installations", **query))["installations"]
            ]

        assert await ids() == [substation["id"], tower["id"], far["id"]]
        assert await ids(region="UA-30") == [substation["id"], tower["id"]]
        assert await ids(kind="tv-tower") == await ids(at_risk="true") == [tower["id"]]
        assert await ids(region=LVIV, at_risk="false") == [far["id"]]
        page = await desk.get("/installations", limit=2)
        assert page["cursor"] == tower["id"]
        assert await ids(cursor=page["cursor"]) == [far["id"]]
        assert (await desk.ask("GET", "/installations?region=XX")).rule == "unknown-region"


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_who_does_not_keep_the_register_reads_coverage_and_no_installation(tmp_path, role):
    async with desk_of(tmp_path / "data", role) as desk:
        assert (await desk.ask("GET", "/installations")).rule == "not-allowed"
        assert (await desk.ask("POST", "/installations", SUBSTATION)).rule == "not-allowed"
        assert (await desk.get("/coverage"))["hidden"] == 0
