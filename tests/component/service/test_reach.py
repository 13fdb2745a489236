"""Whom live streams reached: who took it, who left without it, who was too slow."""

import asyncio

from kit.houses import KYIV, LVIV, house, issue
from tocsin.fanout.hub import Hub
from tocsin.fanout.measure import WATCHED_S
from tocsin.fanout.select import Selection


async def test_who_took_it_who_left_and_who_is_slow_are_three_numbers(tmp_path):
    async with house(tmp_path) as home:
        hub = Hub(home.service)
        hub.start()
        took, left, slow, elsewhere = (
            hub.connect(Selection()), hub.connect(Selection(language="en")),
            hub.connect(Selection()),
            hub.connect(Selection(leaves=home.world.tree.mask((LVIV,)))),
        )  # fmt: skip
        chunks = took.chunks()
        await anext(chunks)  # the snapshot
        alert = (await home.service.submit(issue(KYIV))).alert_id
        (row,) = hub.reach.of(alert)
        assert (row.selected, row.handed_over, row.acknowledged) == (3, 3, 0)
        await anext(chunks)
        waits = asyncio.ensure_future(anext(chunks))
        await asyncio.sleep(0)  # only a writer that comes back for more has written
        left.close()
        assert (row.acknowledged, row.unreached, row.waiting) == (1, 1, 1)
        assert row.first_s is not None
        hub.measure.look(row.begun_s + WATCHED_S + 1, home.time.now())
        assert (row.acknowledged, row.unreached, row.waiting) == (1, 2, 0)
        assert hub.reach.proved["stream"] == home.time.now()
        for each in (took, slow, elsewhere):
            each.close()
        await asyncio.gather(waits, return_exceptions=True)
        assert row.unreached == 2  # counted once
        await hub.stop()
