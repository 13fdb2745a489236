"""The live stream: snapshot first, nothing missed, nothing twice, nobody waits for the slow."""

import asyncio
import hashlib
import socket

import pytest

from kit.houses import KYIV, LVIV, issue
from kit.servers import listening, server
from tocsin.core import commands as co
from tocsin.core.alert import Realm

OBLAST = "UA32000000000030281"
NONE_IN_FORCE = "e3b0c44298fc1c14"


def hash_of(alerts):
    """The hash as the API's page words it, by an independent line of code."""
    held = sorted(f"{a['id']} {a['revision']}\n" for a in alerts)
    return hashlib.sha256("".join(held).encode()).hexdigest()[:16]


async def until(is_so):
    """Wait until something has come about; the test's own limit of time ends it."""
    while not is_so():  # noqa: ASYNC110  # what is waited for is another task's work
        await asyncio.sleep(0.01)


async def test_a_new_stream_begins_with_a_snapshot_and_goes_on_live(tmp_path):
    async with server(tmp_path) as running:
        first = await running.issue(KYIV)
        async with listening(running) as told:
            snapshot = await told()
            assert snapshot.event == "snapshot"
            assert snapshot.data["alerts"] == [first]
            assert snapshot.data["hash"] == hash_of([first])
            assert snapshot.data["as_of"] == "2022-10-11T09:00:00Z"
            assert snapshot.data["no_information"] == []
            assert snapshot.id == str(snapshot.data["sequence"])
            second = await running.issue(LVIV)
            live = await told()
            assert (live.event, live.id) == ("alert", str(second["sequence"]))
            assert live.data == second
            cleared = await running.post(f"/api/v1/alerts/{first['id']}/clear")
            live = await told()
            assert live.data == cleared
            assert live.data["state"] == "cleared"


async def test_a_snapshot_holds_what_ended_in_the_last_half_hour_outside_the_hash(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        await running.post(f"/api/v1/alerts/{alert['id']}/clear")
        async with listening(running) as told:
            snapshot = (await told()).data
            assert [each["state"] for each in snapshot["alerts"]] == ["cleared"]
            assert snapshot["hash"] == NONE_IN_FORCE
        running.clock.step(minutes=30)
        async with listening(running) as told:
            assert (await told()).data["alerts"] == []


async def test_a_heartbeat_says_what_a_client_should_hold_also_when_nothing_happens(tmp_path):
    async with server(tmp_path, heartbeat_s=0.05) as running, listening(running) as told:
        assert (await told()).event == "snapshot"
        first = await told("heartbeat")
        assert first.data["hash"] == NONE_IN_FORCE
        alert = await running.issue(KYIV)
        await told("alert")
        beat = await told("heartbeat")
        assert beat.data == {
            "sequence": alert["sequence"],
            "server_time": "2022-10-11T09:00:00Z",
            "hash": hash_of([alert]),
        }


async def test_a_resume_has_no_gap_and_no_repeat(tmp_path):
    async with server(tmp_path) as running:
        async with listening(running) as told:
            last = (await told()).id
        missed = [await running.issue(region) for region in (KYIV, LVIV, OBLAST)]
        async with listening(running, last=last) as told:
            got = [await told() for _ in missed]
            assert [each.data for each in got] == missed
            assert [int(each.id) for each in got] == [int(last) + 1, int(last) + 2, int(last) + 3]
            notice, beat = await told(), await told()
            assert (notice.event, notice.id) == ("notice", None)
            assert (beat.event, beat.data["hash"]) == ("heartbeat", hash_of(missed))
            live = await running.issue("UA-51")
            assert (await told()).data == live
        async with listening(running, last=got[1].id) as told:
            assert (await told()).data == missed[2]


@pytest.mark.parametrize("last", ["99", "-1", "01", "1.0", "x", "1" * 40, "١"])
async def test_an_id_of_no_use_is_a_reset_and_a_snapshot_never_silence(tmp_path, last):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        headers = {"Last-Event-ID": last.encode()}
        async with running.anybody.stream("GET", "/api/v1/stream", headers=headers) as answer:
            text = ""
            async for part in answer.aiter_text():
                text += part
                if text.count("\n\n") >= 2:
                    break
        reset, snapshot = text.split("\n\n")[:2]
        assert reset.startswith("event: reset\n")
        assert "event: snapshot\n" in snapshot
        assert alert["id"] in snapshot


async def test_an_id_too_old_is_a_reset(tmp_path):
    async with server(tmp_path) as running:
        async with listening(running) as told:
            last = (await told()).id
        await running.issue(KYIV)
        running.clock.step(hours=73)
        async with listening(running, last=last) as told:
            assert [(await told()).event, (await told()).event] == ["reset", "snapshot"]


async def test_a_region_hears_its_parents_and_its_children_and_nobody_else(tmp_path):
    async with server(tmp_path) as running:
        raion = running.home.world.tree.children(OBLAST)[0]
        leaf = running.home.world.tree.children(raion)[0]
        async with listening(running, region=raion) as told:
            await told("snapshot")
            await running.issue(LVIV)
            above, below = await running.issue(OBLAST), await running.issue(leaf)
            assert (await told()).data["id"] == above["id"]
            assert (await told()).data["id"] == below["id"]
        async with listening(running, region=["UA-46", raion]) as told:
            assert len((await told()).data["alerts"]) == 3


async def test_a_hazard_filter_and_a_language(tmp_path):
    async with server(tmp_path) as running:
        await running.issue(KYIV)
        async with listening(running, hazard="drone", language="en") as told:
            assert (await told()).data["hash"] == NONE_IN_FORCE
            drone = await running.issue(LVIV, hazard="drone")
            live = (await told()).data
            assert live["text"] == {"en": drone["text"]["en"]}


async def test_a_part_cleared_out_of_a_filter_is_told_to_the_filter(tmp_path):
    async with server(tmp_path, heartbeat_s=0.05) as running:
        alert = await running.issue(OBLAST)
        part = running.home.world.tree.children(OBLAST)[0]
        async with listening(running, region=part) as told:
            assert (await told()).data["alerts"] == [alert]
            reduced = await running.post(f"/api/v1/alerts/{alert['id']}/clear", regions=[part])
            assert (await told("alert")).data == reduced
            assert (await told("heartbeat")).data["hash"] == hash_of([reduced])
        async with listening(running, region=part) as told:  # and to those who come later
            assert (await told()).data["hash"] == hash_of([reduced])


async def test_drills_have_a_stream_of_their_own(tmp_path):
    async with (
        server(tmp_path) as running,
        listening(running) as public,
        listening(running, drill=1) as drills,
    ):
        await public("snapshot")
        assert (await drills()).data["sequence"] == 0
        drill = await running.issue(KYIV, realm="drill")
        real = await running.issue(LVIV)
        told = await drills()
        assert (told.id, told.data) == ("1", drill)
        assert (await public()).data == real


async def test_a_mandate_that_changes_is_a_notice(tmp_path):
    async with server(tmp_path) as running:
        authority = running.home.world.authority
        async with listening(running) as told:
            await told("snapshot")
            await running.home.service.submit(co.WithdrawMandate(sender=authority, regions=(LVIV,)))
            notice = await told()
            assert (notice.event, notice.data["kind"]) == ("notice", "mandate")
            assert notice.data["no_information"] == [LVIV]
            assert notice.id == str(running.home.service.head("public"))


async def test_a_house_that_lost_its_journal_says_stale_instead_of_a_heartbeat(tmp_path):
    async with server(tmp_path, heartbeat_s=0.05) as running, listening(running) as told:
        await told("heartbeat")
        running.home.journal.refuse = True
        await running.http.post(
            "/api/v1/alerts", json={"hazard": "air-raid", "area": {"regions": [KYIV]}}
        )
        assert (await told("stale")).data == {"since": "2022-10-11T09:00:00Z"}
        running.home.journal.refuse = False
        await running.issue(KYIV)
        await told("alert")
        await told("heartbeat")


async def test_unknown_filters_are_refused(tmp_path):
    async with server(tmp_path) as running:
        for query, rule in (
            ("region=UA-99", "unknown-region"), ("hazard=dragon", "unknown-hazard"),
            ("language=xx", "bad-value"), ("drill=2", "bad-value"), ("since=1", "unknown-member"),
        ):  # fmt: skip
            answer = await running.anybody.get(f"/api/v1/stream?{query}")
            assert (answer.status_code, answer.json()["rule"]) == (422, rule)
        assert running.hub.connections == 0


async def test_one_who_never_reads_is_told_when_to_come_back_and_cut_while_others_hear_all(
    tmp_path,
):
    kept = {"backlog_events": 8, "backlog_bytes": 200_000, "stalled_s": 0.2}
    async with server(tmp_path, send_buffer=8192, **kept) as running:
        loop = asyncio.get_running_loop()
        stalled = socket.socket()
        stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        stalled.setblocking(False)  # noqa: FBT003  # the library's own
        host, port = running.url.removeprefix("http://").split(":")
        await loop.sock_connect(stalled, (host, int(port)))
        await loop.sock_sendall(stalled, b"GET /api/v1/stream HTTP/1.1\r\nHost: x\r\n\r\n")
        async with listening(running) as told:
            await told("snapshot")
            await until(lambda: not (running.hub.connections < 2))
            group = running.hub.streams()
            ids = []
            long = {language: {"description": "x" * 8_000} for language in ("uk", "en")}
            for _ in range(40):
                answer = await running.home.service.submit(issue("UA"), given=long)
                ids.append(answer.alert_id)
                assert (await told("alert")).data["id"] == answer.alert_id
            assert max(each.waiting[1] for each in group) <= 200_000
            await until(lambda: not (running.hub.connections > 1))
            await running.issue(KYIV)
            await told("alert")
            ours = stalled.getsockname()[1]
            await until(lambda: not running.holds(ours))  # though nothing was read of it
        text = b""
        with stalled:
            while True:
                try:
                    part = await asyncio.wait_for(loop.sock_recv(stalled, 65_536), 8)
                except ConnectionResetError:
                    break
                if not part:
                    break
                text += part
        assert len(text) < 2_000_000


async def test_a_stream_that_closes_is_forgotten(tmp_path):
    async with server(tmp_path) as running:
        async with listening(running) as told:
            await told()
            assert running.hub.connections == 1
        await until(lambda: not (running.hub.connections))


async def test_a_house_that_leaves_says_when_to_come_back_also_to_those_who_come_late(tmp_path):
    async with server(tmp_path) as running:
        async with listening(running) as told:
            await told("snapshot")
            await running.hub.stop()
            assert 1000 <= int((await told()).retry) <= 15_000
            with pytest.raises(EOFError):
                await told()
        async with listening(running) as told:
            assert (await told()).retry
            with pytest.raises(EOFError):
                await told()


async def test_text_cannot_forge_a_field(tmp_path):
    async with server(tmp_path) as running, listening(running) as told:
        await told()
        text = {"en": {"headline": "x\r\n\r\nevent: alert\ndata: {}", "description": "\u2028"}}
        await running.home.service.submit(issue(KYIV), given=text)  # as from elsewhere
        event = await told()
        assert event.data["text"]["en"]["headline"].startswith("x\ufffd\n")
        drill = await running.home.service.submit(issue(LVIV, realm=Realm.DRILL))
        assert drill.alert_id
        live = await running.issue(LVIV)
        assert (await told()).data == live
