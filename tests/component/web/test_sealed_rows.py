"""Who may look at the desk does not by that know what is guarded, what fell, or who saw what."""

from __future__ import annotations

import contextlib
import itertools
import json

import pytest

from kit.feeds import observer
from kit.houses import KYIV
from kit.officers import yes
from kit.staff import DRILL, LIVE, house, scope_of
from kit.works import DOWN
from tocsin.core import infra_commands as ic
from tocsin.core.authority import Role
from tocsin.core.claims import Where
from tocsin.core.facilities import Facility, PostureLevel
from tocsin.service.facilities import describe

OF_REGISTER = {"installation-registered", "condition-reported", "outage-traced", "posture-set",
               "installation-erased"}  # fmt: skip
OF_WARNING = {"threat-taken", "alert-drafted", "alert-draft-closed", "threat-withdrawn"}
SECRETS = ("mayor of Kyiv says so", "Post 4", "a raid is expected")
ROOMS = {"live": (LIVE,), "drill": (DRILL,)}


@contextlib.asynccontextmanager
async def told_of(folder):
    """A house in whose journal stands one row of each sealed kind."""
    async with house(folder) as crew:
        service = crew.node.service
        plant = yes(await describe(service, crew.node.keys, Facility(
            kind="power-plant", name="Old plant", where=Where(geocode=KYIV))))  # fmt: skip
        name = str(plant.alert_id)
        posture = ic.SetPosture(
            level=PostureLevel.HIGH, reason="a raid is expected", ordered_by="The head",
            for_whom="the guards", installation_id=name,
        )  # fmt: skip
        for command in (
            ic.ReportCondition(installation_id=name, condition=DOWN, struck=True,
                               source="mayor of Kyiv says so"),
            ic.ReportOutage(service="power", source="The grid", regions=(KYIV,),
                            installations=(name,)),
            posture,
            ic.SetPosture(level=PostureLevel.RAISED, reason="a raid is expected", regions=(KYIV,),
                          ordered_by="The head", for_whom="the guards"),
            ic.EraseInstallation(installation_id=name, reason="mayor of Kyiv says so"),
        ):  # fmt: skip
            yes(await service.submit(command))
        north = await observer(crew)
        for body in (
            north.message(
                kind="drone", regions=["UA-30"], observer="Post 4", id="a/1", confidence="likely"
            ),
            north.message(withdraws="a/1"),
        ):
            seen = await north.post("threats", body)
            assert seen.status == 202, seen.text
        yield crew


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("machine", [False, True], ids=["person", "key"])
async def test_a_row_says_more_than_its_kind_to_whom_it_is_for_alone(tmp_path, role, room, machine):
    async with told_of(tmp_path) as crew:
        one = await crew.hire("one", scope_of(role, ROOMS[room]))
        one = await crew.give_key("machine", one) if machine else await crew.sign_in(one)
        seen = (await crew.ask(one, "GET", "/api/v1/journal?limit=500")).json()
        may = crew.identity(one).permissions
        is_live = room == "live"
        for kinds, permission in ((OF_REGISTER, "register"), (OF_WARNING, "issue")):
            knows = is_live and permission in may
            rows = [row for row in seen["rows"] if row["kind"] in kinds]
            assert {row["kind"] for row in rows} == kinds
            for row in rows:
                assert row["sealed"] is not knows
                assert bool(row["facts"]) is knows, row
                assert knows or (row["by"], row["account"]) == (None, None)
        told = json.dumps(seen)
        if not is_live or not may & {"register", "issue"}:
            assert not [word for word in SECRETS if word in told]


@pytest.mark.parametrize("query", ["account=observers", f"region={KYIV}"])
async def test_no_filter_says_what_a_sealed_row_does_not(tmp_path, query):
    async with told_of(tmp_path) as crew:
        viewer = await crew.sign_in(await crew.hire("one", scope_of(Role.VIEWER)))
        sofia = await crew.sign_in(await crew.hire("sofia", scope_of(Role.SUPERVISOR)))
        path = f"/api/v1/journal?limit=500&{query}"
        assert not [row for row in await rows(crew, viewer, path) if row["sealed"]]
        found = {row["kind"] for row in await rows(crew, viewer, path)}
        assert not found & (OF_REGISTER | OF_WARNING)
        known = {row["kind"] for row in await rows(crew, sofia, path)}
        assert query.startswith("account") or known & OF_WARNING
        kind = f"{path.partition('&')[0]}&kind=threat-taken"
        assert [row["sealed"] for row in await rows(crew, viewer, kind)] == [True]


async def rows(crew, who, path):
    return (await crew.ask(who, "GET", path)).json()["rows"]


async def test_an_export_of_the_drill_room_has_the_chain_and_not_the_words(tmp_path):
    async with told_of(tmp_path) as crew:
        for room, rooms in ROOMS.items():
            one = await crew.sign_in(await crew.hire(room, scope_of(Role.SUPERVISOR, rooms)))
            seen = await crew.ask(one, "GET", "/api/v1/journal/export")
            lines = [json.loads(line) for line in seen.text.splitlines()]
            sealed = {line["kind"] for line in lines if line["sealed"]}
            assert sealed == (set() if room == "live" else OF_REGISTER | OF_WARNING)
            assert all((line["data"] == "") is line["sealed"] for line in lines)
            assert all(b["before"] == a["hash"] for a, b in itertools.pairwise(lines))
            assert [word for word in SECRETS if word in seen.text] == (
                list(SECRETS) if room == "live" else []
            )


@pytest.mark.parametrize("page", ["/console/journal", "/desk/postures"])
async def test_its_pages_say_sealed_and_no_more(tmp_path, page):
    async with told_of(tmp_path) as crew:
        for role, knows in ((Role.VIEWER, False), (Role.SUPERVISOR, True)):
            one = await crew.sign_in(await crew.hire(role.value, scope_of(role)))
            seen = await crew.ask(one, "GET", f"{page}?lang=en")
            assert seen.status == 200
            assert ("a raid is expected" in seen.text) is knows
            assert (">sealed<" in seen.text) is not knows


@pytest.mark.parametrize(
    ("role", "room", "knows"),
    [
        (Role.VIEWER, "live", False), (Role.ADMINISTRATOR, "live", False),
        (Role.OPERATOR, "live", False), (Role.SITUATION_OFFICER, "drill", False),
        (Role.SITUATION_OFFICER, "live", True), (Role.SUPERVISOR, "live", True),
    ],
)  # fmt: skip
async def test_postures_say_why_and_of_which_one_to_who_keeps_the_register(
    tmp_path, role, room, knows
):
    async with told_of(tmp_path) as crew:
        one = await crew.sign_in(await crew.hire("one", scope_of(role, ROOMS[room])))
        seen = (await crew.ask(one, "GET", "/api/v1/postures?history=1")).json()["postures"]
        assert [each["sealed"] for each in seen] == [not knows] * len(seen)
        assert len(seen) == (2 if knows else 1)
        of_region = seen[0]
        assert (of_region["level"], of_region["regions"]) == ("raised", [KYIV])
        said = {of_region[name] for name in ("reason", "ordered_by", "for_whom")}
        assert said == ({"a raid is expected", "The head", "the guards"} if knows else {""})


async def test_an_operator_reads_the_order_that_he_gave(tmp_path):
    async with told_of(tmp_path) as crew:
        one = await crew.sign_in(await crew.hire("one", scope_of(Role.OPERATOR)))
        order = {"level": "high", "reason": "Mine.", "ordered_by": "The head",
                 "for_whom": "the guards", "regions": [KYIV]}  # fmt: skip
        made = await crew.ask(one, "POST", "/api/v1/postures", order)
        assert (made.status, made.json()["reason"], made.json()["sealed"]) == (201, "Mine.", False)


@pytest.mark.parametrize(
    ("role", "room", "knows"),
    [
        (Role.VIEWER, "live", False), (Role.ADMINISTRATOR, "live", False),
        (Role.SITUATION_OFFICER, "live", False), (Role.OPERATOR, "drill", False),
        (Role.OPERATOR, "live", True), (Role.SUPERVISOR, "live", True),
    ],
)  # fmt: skip
async def test_a_draft_names_its_observers_to_who_may_issue(tmp_path, role, room, knows):
    async with told_of(tmp_path) as crew:
        one = await crew.sign_in(await crew.hire("one", scope_of(role, ROOMS[room])))
        seen = await crew.ask(one, "GET", "/api/v1/alert-drafts")
        (draft,) = seen.json()["drafts"]
        assert (draft["hazard"], draft["regions"], draft["is_weak"]) == ("drone", [KYIV], True)
        assert draft["sealed"] is not knows
        assert ("Post 4" in seen.text, "observers" in seen.text) == (knows, knows)
        assert bool(draft["sources"] or draft["reports"] or draft["why"]) is knows
