"""Mandates and delegations over HTTP: who gives them, and what they are refused for."""

from kit.doors import FIRST, doors, refused
from kit.houses import KYIV, LVIV
from tocsin.core.authority import Role
from tocsin.core.events import DelegationGiven, MandateGiven, MandateWithdrawn

LATER = "2022-10-12T00:00:00Z"
CITY = "city.example"


async def test_an_administrator_gives_a_mandate_and_takes_a_part_of_it_back(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        body = {"sender": CITY, "regions": ["UA-30", LVIV], "under": "dsns.gov.ua"}
        given = await script.post("/api/v1/mandates", json=body)
        assert given.status_code == 201, given.text
        (mine,) = [each for each in given.json()["mandates"] if each["sender"] == CITY]
        assert (sorted(mine["regions"]), mine["under"]) == (sorted([KYIV, LVIV]), "dsns.gov.ua")
        assert (mine["holds"], mine["valid_until"]) == (True, None)
        left = await script.post(
            "/api/v1/mandates/withdraw", json={"sender": CITY, "regions": [LVIV]}
        )
        (mine,) = [each for each in left.json()["mandates"] if each["sender"] == CITY]
        assert mine["regions"] == [KYIV]
        assert (await script.get("/api/v1/mandates")).json() == left.json()
        assert door.side.events(MandateGiven)[-1].by == "first-token"
        assert len(door.side.events(MandateWithdrawn)) == 1


async def test_slips_in_a_mandate_are_refused_and_nothing_is_written(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        head = door.side.home.journal.head()
        good = {"sender": CITY, "regions": [KYIV]}
        slips = (
            ({"regions": []}, "empty-area", "/regions"),
            ({"regions": [KYIV, "UA-99"]}, "unknown-region", "/regions/1"),
            ({"sender": ""}, "bad-value", "/sender"),
            ({"sender": "a\u202eb"}, "control-character", "/sender"),
            ({"under": CITY}, "bad-value", "/under"),
            ({"valid_until": "2022-10-11T08:00:00Z"}, "ends-before-start", "/valid_until"),
            ({"valid_until": "2022-10-12T08:00:00"}, "time-without-zone", "/valid_until"),
            ({"imported": True}, "unknown-member", "/imported"),
            ({"by": "somebody"}, "unknown-member", "/by"),
        )
        for change, rule, field in slips:
            answer = await script.post("/api/v1/mandates", json={**good, **change})
            assert (answer.json()["rule"], answer.json()["field"]) == (rule, field), change
        nothing = {"sender": CITY, "regions": []}
        answer = await script.post("/api/v1/mandates/withdraw", json=nothing)
        assert answer.json()["rule"] == "empty-area"
        assert door.side.home.journal.head() == head


async def test_officers_on_duty_give_no_mandates(tmp_path):
    async with doors(tmp_path) as door:
        for login, role in (("boris", Role.OPERATOR), ("olena", Role.SUPERVISOR)):
            browser = await door.enter(await door.side.operator(login, role=role))
            body = {"sender": CITY, "regions": [KYIV]}
            for path in ("mandates", "mandates/withdraw"):
                answer = await browser.post(f"/api/v1/{path}", json=body)
                assert refused(answer) == (403, "not-allowed"), (login, path)
            assert refused(await browser.get("/api/v1/mandates")) == (403, "not-allowed")


async def test_a_supervisor_delegates_for_his_own_authority_only(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        over = door.side.home.world.authority
        body = {"sender": CITY, "regions": [KYIV], "under": over}
        await script.post("/api/v1/mandates", json=body)
        role = {"role": Role.SUPERVISOR, "sender": over}
        browser = await door.enter(await door.side.operator("olena", **role))
        ask = {"to": CITY, "regions": ["UA-30"], "hazards": ["air-raid"], "valid_until": LATER}
        foreign = await browser.post("/api/v1/delegations", json={**ask, "sender": CITY})
        assert refused(foreign) == (403, "not-allowed")
        given = await browser.post("/api/v1/delegations", json=ask)
        assert given.status_code == 201, given.text
        (only,) = given.json()["delegations"]
        assert only == {**ask, "sender": over, "regions": [KYIV]}
        assert len(door.side.events(DelegationGiven)) == 1
        slips = (
            ({"to": "stranger.example"}, "not-allowed"),
            ({"regions": []}, "empty-area"),
            ({"hazards": ["dragon"]}, "unknown-hazard"),
            ({"hazards": []}, "unknown-hazard"),
            ({"valid_until": "2022-10-11T08:00:00Z"}, "expires-past"),
        )
        for change, rule in slips:
            answer = await browser.post("/api/v1/delegations", json={**ask, **change})
            assert answer.json()["rule"] == rule, change
        back = await browser.post("/api/v1/delegations/withdraw", json={"to": CITY})
        assert back.json() == {"delegations": []}
        again = await browser.post("/api/v1/delegations/withdraw", json={"to": CITY})
        assert again.status_code == 200  # it is so already


async def test_others_do_not_see_what_was_delegated(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        over = door.side.home.world.authority
        await script.post(
            "/api/v1/mandates", json={"sender": CITY, "regions": [KYIV], "under": over}
        )
        chief = await door.side.operator("olena", role=Role.SUPERVISOR, sender=over)
        other = await door.side.operator("taras", role=Role.SUPERVISOR, sender="other.example")
        ask = {"to": CITY, "regions": [KYIV], "valid_until": LATER}
        await (await door.enter(chief)).post("/api/v1/delegations", json=ask)
        seen = await (await door.enter(other)).get("/api/v1/delegations")
        assert seen.json() == {"delegations": []}
