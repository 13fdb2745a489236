"""What is said twice in one request is kept once, and no table runs what somebody typed."""

from __future__ import annotations

import pytest

from kit.houses import KYIV
from kit.newsdesk import OFFICER, Newsdesk, newsdesk
from kit.staff import BOTH, house, scope_of
from tocsin.core.authority import Role
from tocsin.web.api.situation_csv import harmless


async def test_regions_needs_and_services_of_an_installation_are_kept_once(tmp_path):
    async with house(tmp_path / "data") as crew:
        member = await crew.hire(OFFICER, scope_of(Role.SUPERVISOR, BOTH))
        crew.members[OFFICER] = await crew.sign_in(member)
        desk = Newsdesk(crew)
        plant = await desk.post("/installations", {
            "kind": "substation", "name": "=1+1", "where": {"geocode": KYIV},
        }, 201)  # fmt: skip
        need = {"tie": "powered-by", "on": plant["id"]}
        serves = {"channel": "tv", "regions": [KYIV, KYIV]}
        made = await desk.post("/installations", {
            "kind": "tv-tower", "name": "Tower", "where": {"geocode": KYIV},
            "needs": [need, need], "serves": [serves, serves],
        }, 201)  # fmt: skip
        assert [each["on"] for each in made["needs"]] == [plant["id"]]
        (carried,) = made["serves"]
        assert carried["regions"] == [KYIV]


async def test_regions_of_a_channel_and_a_posture_are_kept_once(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        twice = [KYIV, KYIV]
        await desk.post("/channels/tv", {
            "regions": twice, "condition": "degraded", "source": "Duty engineer"})  # fmt: skip
        (said,) = (await desk.get("/coverage"))["said"]
        assert said["regions"] == [KYIV]
        posture = await desk.post("/postures", {
            "level": "high", "reason": "r", "ordered_by": "o", "for_whom": "w", "regions": twice,
        }, 201)  # fmt: skip
        assert posture["regions"] == [KYIV]


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\uff1d1"])
def test_a_name_that_a_spreadsheet_would_run_is_quoted(name):
    assert harmless(name) == f"'{name}"
