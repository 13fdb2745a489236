"""What is out again, by a feed: a new outage; the time in which it was back stays so."""

from __future__ import annotations

from datetime import datetime

from kit.feeds import observer
from kit.houses import KYIV
from kit.staff import house

OUT = {"service": "power", "source": "Grid", "began": "2022-10-11T08:00:00Z",
       "scope": {"regions": [KYIV]}}  # fmt: skip
BACK = {**OUT, "ended": "2022-10-11T08:59:00Z"}


async def refused(sent):
    seen = await sent
    return seen.status, seen.rule, seen.json()["field"]


def outages(crew):
    return list(crew.node.service.state.infra.outages.values())


async def test_out_again_is_a_new_outage_that_began_when_that_was_said(tmp_path):
    async with house(tmp_path) as crew:
        grid = await observer(crew, tells=True)
        for body in (OUT, BACK):
            assert (await grid.post("outages", grid.message(**body))).status == 202
        crew.clock.step(days=2)
        said = crew.clock.now()
        again = grid.message(**OUT)
        for _ in range(2):  # the same message twice is one outage
            assert (await grid.post("outages", again)).status == 202
        old, new = outages(crew)
        assert old.ended_at == datetime.fromisoformat(BACK["ended"])
        assert (new.began, new.ended_at, new.told) == (said, None, True)
        crew.clock.step(hours=1)
        more = grid.message(**OUT, restored_share=0.5)
        assert (await grid.post("outages", more)).status == 202
        old, new = outages(crew)
        assert (new.began, new.restored_share) == (said, 0.5)
        late = await refused(grid.post("outages", grid.message(**BACK)))
        assert late == (422, "restored-before-outage", "/ended")
        end = grid.message(**OUT, ended=crew.clock.now().isoformat())
        assert (await grid.post("outages", end)).status == 202
        assert [each.ended_at is None for each in outages(crew)] == [False, False]


async def test_what_was_sent_before_the_end_and_comes_after_it_reopens_nothing(tmp_path):
    async with house(tmp_path) as crew:
        grid = await observer(crew, tells=True)
        assert (await grid.post("outages", grid.message(**OUT))).status == 202
        late = grid.message(**OUT, restored_share=0.5)
        crew.clock.step(minutes=2)
        end = grid.message(**OUT, restored_share=1)
        assert (await grid.post("outages", end)).status == 202
        assert await refused(grid.post("outages", late)) == (422, "too-old", "/sent")
        assert [each.ended_at is None for each in outages(crew)] == [False]
