"""An evacuation is given whole, by two people; officers alone read where crowds gather."""

from datetime import timedelta

import pytest

from kit.desks import works
from kit.doors import refused
from kit.houses import KYIV, LVIV, issue
from kit.plans import EVACUATION, PLAN, without
from kit.servers import listening, server
from tocsin.core.refusals import Refusal
from tocsin.fanout.select import Selection
from tocsin.formats.api import encode

SECRET = "School 7"
FIELDS = ("destination", "routes", "transport", "assembly", "help")


async def proposed(browser, body=EVACUATION, room="/api/v1"):
    """Preview, issue, and return the proposal."""
    preview = (await browser.post(f"{room}/alerts/preview", json=body)).json()
    assert preview["refusals"] == []
    answer = await browser.post(f"{room}/alerts", json={**body, "token": preview["token"]})
    assert answer.status_code == 202, answer.text
    return answer.json()


async def in_force(at, body=EVACUATION, room="/api/v1"):
    """Propose by one officer, approve by another; return the alert and who proposed it."""
    author, second = await at.officer("boris"), await at.officer("olena")
    proposal = await proposed(author, body, room)
    await at.confirm(second, "olena")
    answer = await second.post(
        f"{room}/proposals/{proposal['id']}/approve", json={"content": proposal["content"]}
    )
    assert answer.status_code == 201, answer.text
    return answer.json(), author


@pytest.mark.parametrize("field", FIELDS)
async def test_an_evacuation_is_refused_with_the_field_and_the_language_that_its_plan_misses(
    tmp_path, field
):
    async with server(tmp_path) as running:
        head = running.home.journal.head()
        for body in (without(field, "uk"), without(field)):
            answer = await running.http.post("/api/v1/alerts", json=body)
            assert refused(answer) == (422, "evacuation-incomplete")
            assert answer.json()["field"] == f"/evacuation/{field}/uk"
            shown = (await running.http.post("/api/v1/alerts/preview", json=body)).json()
            assert shown["token"] is None
            assert shown["refusals"][0]["field"] == f"/evacuation/{field}/uk"
        assert running.home.journal.head() == head


async def test_preview_names_all_that_a_plan_misses_at_once(tmp_path):
    async with server(tmp_path) as running:
        body = {**EVACUATION, "evacuation": None}
        shown = (await running.http.post("/api/v1/alerts/preview", json=body)).json()
        assert [each["field"] for each in shown["refusals"]] == [
            *(f"/evacuation/{field}/{code}" for field in FIELDS for code in ("uk", "en")),
            "/evacuation/deadline",
        ]


async def test_a_deadline_that_has_passed_and_words_that_deceive_are_refused(tmp_path):
    async with server(tmp_path) as running:
        for changed, rule, field in (
            ({"deadline": "2022-10-11T08:59:00Z"}, "deadline-past", "/evacuation/deadline"),
            ({"deadline": None}, "evacuation-incomplete", "/evacuation/deadline"),
            ({"help": {**PLAN["help"], "xx": "?"}}, "bad-value", "/evacuation/help/xx"),
            ({"routes": {"uk": "a\u202eb", "en": "b"}}, "control-character",
             "/evacuation/routes/uk"),
            ({"by_foot": {}}, "unknown-member", "/evacuation/by_foot"),
        ):  # fmt: skip
            body = {**EVACUATION, "evacuation": {**PLAN, **changed}}
            answer = await running.http.post("/api/v1/alerts", json=body)
            assert (answer.json()["rule"], answer.json()["field"]) == (rule, field)


async def test_no_door_of_the_house_gives_an_evacuation_without_its_plan(tmp_path):
    async with server(tmp_path) as running:
        service = running.home.service
        bare = issue(KYIV, hazard="evacuation")
        found = await service.submit(
            bare, given={code: {"instruction": "Leave."} for code in ("uk", "en")}
        )
        assert isinstance(found, Refusal)
        assert found.field == "/evacuation/destination/uk"


async def test_people_read_the_plan_and_officers_alone_where_crowds_gather(tmp_path):
    async with works(tmp_path) as at:
        alert, author = await in_force(at)
        assert alert["evacuation"] == {
            **{name: PLAN[name] for name in ("destination", "routes", "transport", "help")},
            "deadline": PLAN["deadline"], "assembly": None,
        }  # fmt: skip
        path = f"/api/v1/alerts/{alert['id']}"
        anybody = await at.doors.browser()
        for line in (path, "/api/v1/alerts", f"{path}/revisions"):
            assert SECRET not in (await anybody.get(line)).text, line
        assert SECRET.encode() not in at.hub.snapshot(Selection())[1]
        assert b"To Vinnytsia" in at.hub.snapshot(Selection())[1]
        assert refused(await anybody.get(f"{path}/plan")) == (401, "no-credential")
        whole = (await author.get(f"{path}/plan")).json()
        assert whole["assembly"] == PLAN["assembly"]
        for row, event in at.side.home.service.history():
            assert SECRET.encode() not in row.data, event
            assert b"Vinnytsia" not in row.data, event
        stored = at.side.home.service.state.alert(alert["id"]).plan
        assert SECRET.encode() not in at.side.home.journal.text(stored.sealed)


async def test_an_authority_may_make_its_assembly_places_public(tmp_path):
    async with works(tmp_path) as at:
        body = {**EVACUATION, "evacuation": {**PLAN, "assembly_public": True}}
        alert, _ = await in_force(at, body)
        assert alert["evacuation"]["assembly"] == PLAN["assembly"]
        assert SECRET.encode() in at.hub.snapshot(Selection())[1]


async def test_the_second_person_reads_the_whole_plan_and_approves_exactly_that(tmp_path):
    async with works(tmp_path) as at:
        author, second = await at.officer("boris"), await at.officer("olena")
        one = await proposed(author)
        assert one["evacuation"]["assembly"] == PLAN["assembly"]
        other = await proposed(
            author, {**EVACUATION, "evacuation": {**PLAN, "deadline": "2022-10-11T19:00:00Z"}}
        )
        assert one["content"] != other["content"]
        await at.confirm(second, "olena")
        path = f"/api/v1/proposals/{one['id']}/approve"
        crossed = await second.post(path, json={"content": other["content"]})
        assert refused(crossed) == (409, "content-changed")
        for row, _ in at.side.home.service.history():
            assert SECRET.encode() not in row.data


async def test_a_deadline_that_passes_while_a_proposal_waits_stops_its_approval(tmp_path):
    async with works(tmp_path) as at:
        author, second = await at.officer("boris"), await at.officer("olena")
        soon = (at.clock.now() + timedelta(minutes=11)).isoformat()
        body = {**EVACUATION, "evacuation": {**PLAN, "deadline": soon}}
        proposal = await proposed(author, body)
        at.clock.step(minutes=12)
        await at.confirm(second, "olena")
        late = await second.post(
            f"/api/v1/proposals/{proposal['id']}/approve", json={"content": proposal["content"]}
        )
        assert refused(late) == (422, "deadline-past")
        assert at.side.home.service.state.active == {}


async def test_an_update_keeps_the_plan_changes_it_whole_and_never_tells_of_one_that_is_over(
    tmp_path,
):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV, **{k: EVACUATION[k] for k in ("hazard", "text")},
                                    evacuation=PLAN)  # fmt: skip
        path = f"/api/v1/alerts/{alert['id']}/update"
        same = await running.http.post(path, json={"evacuation": PLAN})
        assert refused(same) == (422, "nothing-changed")
        half = {**PLAN, "transport": {"en": "On foot."}}
        answer = await running.http.post(path, json={"evacuation": half})
        assert answer.json()["field"] == "/evacuation/transport/uk"
        wider = await running.post(path, area={"regions": [KYIV, LVIV]})
        assert wider["evacuation"] == alert["evacuation"]
        new = await running.post(path, evacuation={**PLAN, "deadline": "2022-10-11T20:00:00Z"})
        assert new["evacuation"]["deadline"] == "2022-10-11T20:00:00Z"
        running.clock.step(hours=12)
        text = {"uk": {"instruction": "Ідіть."}, "en": {"instruction": "Go, now."}}
        stale = await running.http.post(path, json={"text": text})
        assert refused(stale) == (422, "deadline-past")
        later = {**PLAN, "deadline": "2022-10-12T09:00:00Z"}
        fresh = await running.post(path, text=text, evacuation=later)
        assert fresh["text"]["en"]["instruction"] == "Go, now."
        why = await running.post(path, reason="The bridge is mined.")
        assert why["evacuation"]["deadline"] == later["deadline"]


async def test_you_may_return_is_its_all_clear_and_names_the_part(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV, LVIV, **{k: EVACUATION[k] for k in ("hazard", "text")},
                                    evacuation=PLAN)  # fmt: skip
        path = f"/api/v1/alerts/{alert['id']}"
        async with listening(running) as event:
            left = await running.post(f"{path}/clear", regions=[LVIV])
            told = await event("alert")
        assert left["state"] == "active"
        assert left["evacuation"] == alert["evacuation"]
        assert left["text"]["en"]["description"] == "You must leave Kyiv City."
        assert told.data["area"]["excluded"] == [LVIV]
        service = running.home.service
        tree = service.world.tree
        open_ = service.state.alert(alert["id"])
        said = service.all_clear_words(open_, tree.mask((KYIV,)), frozenset((alert["id"],)))
        assert said["en"].headline == "You may return"
        assert said["en"].description == "The evacuation has ended: Kyiv City."
        over = await running.post(f"{path}/clear")
        assert over["text"]["en"]["headline"] == "You may return"
        assert "evacuation" not in over


async def test_a_drill_of_an_evacuation_needs_its_plan_and_history_does_not(tmp_path):
    async with server(tmp_path) as running:
        drill = {**EVACUATION, "evacuation": None}
        answer = await running.http.post("/api/v1/drill/alerts", json=drill)
        assert refused(answer) == (422, "evacuation-incomplete")
        given = await running.http.post("/api/v1/drill/alerts", json=EVACUATION)
        assert given.json()["evacuation"]["destination"] == PLAN["destination"]
        old = issue(LVIV, hazard="evacuation", imported=True)
        assert not isinstance(await running.home.service.submit(old), Refusal)


async def test_an_alert_without_a_plan_has_the_body_it_always_had(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        assert "evacuation" not in alert
        answer = await running.http.get(f"/api/v1/alerts/{alert['id']}/plan")
        assert refused(answer) == (404, "unknown-alert")
        assert b"evacuation" not in encode(alert)


async def test_the_plan_survives_a_restart(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV, **{k: EVACUATION[k] for k in ("hazard", "text")},
                                    evacuation=PLAN)  # fmt: skip
        running.home.service.save_snapshot()
    async with server(tmp_path) as running:
        again = await running.get(f"/api/v1/alerts/{alert['id']}")
        assert again["evacuation"] == alert["evacuation"]
        whole = await running.http.get(f"/api/v1/alerts/{alert['id']}/plan")
        assert whole.json()["assembly"] == PLAN["assembly"]
