"""Postures over HTTP: ordered by name, read by everybody on duty, run out and said so."""

from datetime import timedelta

from kit.houses import KYIV, LVIV
from kit.newsdesk import newsdesk
from kit.staff import staffed
from tocsin.core.audit import OfficersPaged, PageReason

ORDER = {"level": "high", "reason": "A threat.", "ordered_by": "The head",
         "for_whom": "the guards", "regions": [KYIV]}  # fmt: skip


async def test_an_order_holds_until_its_time_and_then_says_that_it_ran_out(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        paged = []
        desk.crew.node.service.follow(lambda rows: paged.extend(each.event for each in rows))
        first = await desk.post("/postures", {**ORDER, "level": "raised"}, 201)
        assert (first["holds"], first["ran_out"], first["regions"]) == (True, False, [KYIV])
        until = (desk.crew.clock.now()).isoformat()
        assert (await desk.refused("/postures", {**ORDER, "until": until}))[1:] == (
            "deadline-past", "/until",
        )  # fmt: skip
        desk.crew.clock.step(minutes=1)
        later = (desk.crew.clock.now() + timedelta(minutes=10)).isoformat()
        second = await desk.post("/postures", {**ORDER, "until": later}, 201)
        assert (await desk.get("/postures"))["postures"] == [second]
        desk.crew.clock.step(minutes=10)
        (now,) = (await desk.get("/postures"))["postures"]
        assert (now["id"], now["holds"], now["ran_out"]) == (second["id"], False, True)
        history = (await desk.get("/postures", history=1))["postures"]
        assert [each["id"] for each in history] == [second["id"], first["id"]]
        assert [each["holds"] for each in history] == [False, False]
        assert (await desk.get("/postures", region=LVIV))["postures"] == []
        assert [e.why for e in paged if isinstance(e, OfficersPaged)] == [PageReason.POSTURE] * 2


SLIPS = {
    "nothing": ({"regions": []}, "empty-area", "/of"),
    "two": ({"kind": "siren"}, "empty-area", "/of"),
    "a foreign region": ({"regions": [LVIV]}, "outside-jurisdiction", "/regions/0"),
    "unknown region": ({"regions": ["X"]}, "unknown-region", "/regions/0"),
    "unknown installation": ({"regions": [], "installation": "X"}, "unknown-installation",
                             "/installation"),
    "every siren of the country": ({"regions": [], "kind": "siren"}, "outside-jurisdiction",
                                   "/kind"),
    "turned reason": ({"reason": "a\u202eb"}, "control-character", "/reason"),
    "turned name": ({"ordered_by": "a\u202eb"}, "control-character", "/ordered_by"),
    "unseen guards": ({"for_whom": "a\u200bb"}, "control-character", "/for_whom"),
    "no reason": ({"reason": " "}, "reason-missing", "/reason"),
    "another age": ({"until": "9999-12-31T00:00:00Z"}, "bad-value", "/until"),
    "no level": ({"level": "mad"}, "bad-value", "/level"),
}  # fmt: skip


async def test_each_slip_is_refused_by_its_field_and_nothing_is_written(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        for name, (change, rule, field) in SLIPS.items():
            _, *found = await desk.refused("/postures", {**ORDER, **change})
            assert found == [rule, field], name
        assert (await desk.ask("GET", "/postures?region=X")).rule == "unknown-region"


async def test_everybody_on_duty_reads_and_no_stranger_does(tmp_path):
    async with staffed(tmp_path / "data") as crew:
        made = await crew.ask("situation-officer", "POST", "/api/v1/postures", ORDER)
        assert made.status == 201, made.text
        seen = await crew.ask("viewer", "GET", "/api/v1/postures")
        sealed = {"reason": "", "ordered_by": "", "for_whom": "", "by": "", "sealed": True}
        assert seen.json()["postures"] == [{**made.json(), **sealed}]
        assert (await crew.ask("anybody", "GET", "/api/v1/postures")).status == 401
        assert (await crew.ask("viewer", "POST", "/api/v1/postures", ORDER)).rule == "not-allowed"
