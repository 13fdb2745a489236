"""The officers' stream: one line for each thing, never more than fits, nobody waited for."""

import asyncio
import contextlib

from kit.houses import KYIV, LVIV, house, issue
from tocsin.core import audit
from tocsin.core import commands as co
from tocsin.core.alert import Realm
from tocsin.fanout.desk import GONE_S, DeskHub, Doing
from tocsin.journal import codec
from tocsin.projections.desk import Desk
from tocsin.service.records import Records


@contextlib.asynccontextmanager
async def desk(folder, **more):
    async with house(folder) as home:
        hub = DeskHub(home.service, Desk(home.world.tree), Records(home.journal, codec), **more)
        hub.start()
        try:
            yield home, hub
        finally:
            await hub.stop()


async def test_a_slow_officer_is_owed_one_line_for_each_thing(tmp_path):
    async with desk(tmp_path) as (home, hub):
        line = hub.connect("a")
        alert = (await home.service.submit(issue(KYIV))).alert_id
        before = len(line.waiting)
        keep = co.KeepAlert(alert_id=alert, sender=home.world.authority)
        for _ in range(5):
            await home.service.submit(keep)
        assert len(line.waiting) == before
        chunks = line.chunks()
        text = (await anext(chunks)).decode()
        assert text.startswith("event: hello")
        assert text.count(alert) == 1
        assert f'"seq":{home.journal.head().seq}' in text
        line.close()


async def test_more_things_than_fit_become_read_everything_again(tmp_path):
    async with desk(tmp_path, lines_most=5) as (home, hub):
        line = hub.connect("a")
        await asyncio.gather(
            *(home.service.submit(issue(code)) for code in home.world.tree.leaf_codes[:20])
        )
        assert len(line.waiting) <= 5
        text = (await anext(line.chunks())).decode()
        assert '"id":null' in text
        line.close()


async def test_one_whose_socket_takes_nothing_is_let_go_and_told_to_come_back(tmp_path):
    async with desk(tmp_path, stalled_s=10) as (_, hub):
        now = asyncio.get_running_loop().time()
        stuck, quick = hub.connect("a"), hub.connect("b")
        chunks = quick.chunks()
        await anext(chunks)
        waits = asyncio.ensure_future(anext(chunks))
        await asyncio.sleep(0)  # it has taken all there was, and waits for more
        hub.look(now + 11)
        assert (stuck.closed.is_set(), quick.closed.is_set()) == (True, False)
        assert hub.lines == 1
        assert await anext(stuck.chunks()) == b"retry: 1000\n\n"
        quick.close()
        with contextlib.suppress(StopAsyncIteration):
            await waits


async def test_who_does_not_beat_is_off_line_and_others_hear_of_it(tmp_path):
    async with desk(tmp_path, stalled_s=1000) as (_, hub):
        now = asyncio.get_running_loop().time()
        doing = Doing("air-raid", (LVIV,))
        hub.beat("a", "s1", name="A", role=None, room=Realm.LIVE, doing=doing)
        line = hub.connect("b")
        await anext(line.chunks())
        hub.beat("a", "s1", name="A", role=None, room=Realm.LIVE, doing=doing)
        assert line.waiting == {}  # nothing new: nobody is woken
        hub.look(now + GONE_S - 1)
        assert [each.account for each in hub.present()] == ["a"]
        hub.look(now + GONE_S + 2)
        assert hub.present() == []
        assert ("presence", "a") in line.waiting
        line.close()


async def test_a_restart_remembers_calls_and_who_is_signed_in(tmp_path):
    async with desk(tmp_path) as (home, hub):
        alert = (await home.service.submit(issue(KYIV))).alert_id
        at = home.time.now()
        signed = audit.SignedIn(at=at, account_id="a", session_id="s", credential_ids=("c",))
        await home.service.submit(co.Audit(event=signed))
        page = co.PageOfficers(why=audit.PageReason.REMINDER, alert_id=alert)
        await home.service.submit(page)
        before = (hub.desk.calls(at), hub.desk.shifts())
    async with desk(tmp_path) as (_, hub):
        assert (hub.desk.calls(at), hub.desk.shifts()) == before
        assert len(before[0]) == len(before[1]) == 1


async def test_the_house_says_when_it_is_stale_in_place_of_a_heartbeat(tmp_path):
    async with desk(tmp_path) as (home, hub):
        line = hub.connect("a")
        home.service.freshness = "stale"
        hub.tell_the_time(0.0)
        text = (await anext(line.chunks())).decode()
        assert "event: stale" in text
        assert "event: heartbeat" not in text
        line.close()
