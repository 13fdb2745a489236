"""Who controls a region over HTTP: an administrator's record, and what people read there."""

from __future__ import annotations

from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.staff import house

CRIMEA, SEVASTOPOL = "UA01000000000013043", "UA85000000000065278"
LUHANSK = "UA44000000000018893"
LOST = {"regions": [KYIV], "control": "lost", "source": "The general staff."}


async def test_a_lost_region_reads_no_information_until_it_is_held(tmp_path):
    async with house(tmp_path / "data") as crew:
        keeper = await crew.sign_in(await crew.hire_first())

        async def record(body, status=201):
            seen = await crew.ask(keeper, "POST", "/api/v1/control", body)
            assert seen.status == status, seen.text
            return seen.json()

        regions = crew.node.service.regions
        assert regions.rest(KYIV, crew.clock.now()) == "none"
        told = await record(LOST)
        assert told["without_mandate"] == [KYIV]
        assert told["records"][0]["in_force"] == [KYIV]
        assert told["records"][0]["suspended"]
        assert crew.node.service.regions.rest(KYIV, crew.clock.now()) == "no-information"
        crew.clock.step(hours=1)
        told = await record({**LOST, "control": "held"})
        assert told["without_mandate"] == []
        assert [each["control"] for each in told["records"]] == ["held", "lost"]
        assert [each["in_force"] for each in told["records"]] == [[KYIV], []]
        assert crew.node.service.regions.rest(KYIV, crew.clock.now()) == "none"


async def test_the_same_request_twice_is_one_record(tmp_path):
    async with house(tmp_path / "data") as crew:
        keeper = await crew.sign_in(await crew.hire_first())
        key = {"Idempotency-Key": "one"}
        for _ in range(2):
            seen = await crew.ask(keeper, "POST", "/api/v1/control", LOST, **key)
            assert seen.status == 201
        assert len(seen.json()["records"]) == 1


async def test_each_slip_is_refused_by_its_field(tmp_path):
    async with house(tmp_path / "data") as crew:
        keeper = await crew.sign_in(await crew.hire_first())
        for change, rule, field in (
            ({"regions": []}, "empty-area", "/regions"),
            ({"regions": [LVIV, "XX"]}, "unknown-region", "/regions/1"),
            ({"source": ""}, "source-missing", "/source"),
            ({"source": "a\u202eb"}, "control-character", "/source"),
            ({"control": "ours"}, "bad-value", "/control"),
            ({"valid_until": "2020-01-01T00:00:00Z"}, "ends-before-start", "/valid_until"),
            ({"valid_from": "9999-01-01T00:00:00Z"}, "bad-value", "/valid_from"),
        ):
            seen = await crew.ask(keeper, "POST", "/api/v1/control", {**LOST, **change})
            assert (seen.rule, seen.json()["field"]) == (rule, field)
        assert crew.node.service.state.control == ()


async def test_an_officer_reads_it_and_records_nothing(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        assert (await desk.get("/control"))["records"] == []
        assert (await desk.refused("/control", LOST))[:2] == (403, "not-allowed")


async def test_nothing_public_names_who_holds_a_region(tmp_path):
    async with house(tmp_path / "data") as crew:
        keeper = await crew.sign_in(await crew.hire_first())
        await crew.ask(keeper, "POST", "/api/v1/control", {**LOST, "control": "unclear"})
        for path in ("/api/v1/states", "/api/v1/situation", f"/api/v1/states/{KYIV}", "/"):
            seen = await crew.ask("anybody", "GET", path)
            assert b"unclear" not in seen.body
            assert b"general staff" not in seen.body


def test_no_source_of_the_profile_speaks_for_what_is_occupied():
    from datetime import UTC, datetime

    from kit.houses import profile
    from tocsin.core.authority import Mandate, mandated

    tree = profile().world.tree
    assert all(code in tree for code in (CRIMEA, SEVASTOPOL, LUHANSK))
    at = datetime(2022, 10, 11, 6, tzinfo=UTC)
    mandates = [
        Mandate(name, tuple(each.regions), each.valid_from, each.valid_until)
        for name, source in profile().sources.items()
        for each in source.mandates
    ]
    held = mandated(tree, mandates, at)
    for code in (CRIMEA, SEVASTOPOL, LUHANSK):
        assert not held & tree.mask((code,))
    assert held & tree.mask((KYIV,))
