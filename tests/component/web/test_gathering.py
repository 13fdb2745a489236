"""Where a crowd gathers is a target: only who may give this evacuation, or approve it, is told."""

from __future__ import annotations

import pytest

from kit.houses import LVIV
from kit.plans import EVACUATION, PLAN
from kit.staff import DRILL, LIVE, scope_of, staffed
from tocsin.core.authority import Role

TOLD = ("operator", "supervisor", "operator-key", "direct-key", "supervisor-key")
"""In both rooms."""
ROOMS = {LIVE: "/api/v1", DRILL: "/api/v1/drill"}


async def given(crew, room, **more):
    """An evacuation of Kyiv by the author: alone in an emergency, or as a proposal."""
    asked = {**EVACUATION, **more}
    seen = (await crew.ask("author", "POST", f"{room}/alerts/preview", asked)).json()
    done = await crew.ask("author", "POST", f"{room}/alerts", {**asked, "token": seen["token"]})
    assert done.status == (201 if more else 202), done.text
    return done.json()


@pytest.mark.parametrize("realm", ROOMS)
async def test_nobody_else_is_told_where_people_gather(tmp_path, realm):
    room, secret = ROOMS[realm], PLAN["assembly"]["en"]
    async with staffed(tmp_path) as crew:
        scope = scope_of(Role.OPERATOR, (LIVE, DRILL), LVIV)
        foreign = await crew.sign_in(await crew.hire("stranger", scope))
        proposal = await given(crew, room)
        assert proposal["evacuation"]["assembly"] == PLAN["assembly"], "its author knows it"
        alert = await given(crew, room, override="The dam breaks.")
        whole = (*TOLD, f"{realm.value}-only-operator", f"{realm.value}-only-operator-key")
        if realm is DRILL:
            whole = (*whole, "drills")
        people = [each for each in crew.members.values() if not each.is_over]
        lines = (
            f"{room}/alerts/{alert['id']}/plan", f"{room}/proposals",
            f"{room}/proposals/{proposal['id']}", f"/api/v1/desk?room={realm.value}",
            "/api/v1/journal", f"/api/v1/alerts/{alert['id']}",
        )  # fmt: skip
        for who in (*people, foreign):
            seen = [(await crew.ask(who, "GET", line)) for line in lines]
            if who.name in whole:
                assert seen[0].json()["assembly"] == PLAN["assembly"], who.name
                assert secret in seen[1].text, who.name
                assert secret in seen[2].text, who.name
            else:
                for line, each in zip(lines, seen, strict=True):
                    assert secret not in each.text, (who.name, line)
        viewed = (await crew.ask("viewer", "GET", lines[0])).json()
        assert (viewed["assembly"], viewed["routes"]) == (None, PLAN["routes"])
