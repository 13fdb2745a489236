"""A connection's queue: bounded, folded to each alert's present state, and shed when it stalls."""

import asyncio

from tocsin.fanout.hub import Connection, jittered_ms
from tocsin.fanout.select import Selection


class Limits:
    """What a connection asks of its hub."""

    backlog_events = 4
    backlog_bytes = 1000

    def __init__(self):
        self.forgotten = []
        self.taken = []
        self.owed = []
        self.measure = self

    def forget(self, connection):
        self.forgotten.append(connection)

    def written(self, frames):
        self.taken += frames

    def lost(self, frames):
        self.owed += frames

    def snapshot(self, selection):
        return ("snapshot", b"<snapshot of %s>" % selection.audience.value.encode())


def connection(limits=None):
    return Connection(limits or Limits(), Selection())


def queued(held):
    """What would be written, in one piece."""

    async def first():
        return await anext(held.chunks())

    return asyncio.run(first())


def test_a_full_queue_keeps_the_last_state_of_each_alert_in_order():
    held = connection()
    for kind, frame in [("a", b"a1"), ("b", b"b1"), ("a", b"a2"), ("c", b"c1"), ("b", b"b2")]:
        held.push((kind, frame), now=7.0)
    assert held.waiting == (3, 6)
    assert held.behind_since == 7.0
    assert queued(held) == b"a2c1b2"


def test_too_many_different_alerts_are_dropped_for_a_snapshot_made_when_it_reads_again():
    held = connection()
    for number in range(50):
        held.push((f"alert-{number}", b"x" * 10), now=1.0)
        assert held.waiting[0] <= 4
    assert held.waiting == (0, 0)
    assert held.behind_since == 1.0  # nothing later resets it

    async def read():
        chunks = held.chunks()
        first = await anext(chunks)
        held.push(("alert-1", b"later"), now=2.0)
        return first, await anext(chunks)

    assert asyncio.run(read()) == (b"<snapshot of public>", b"later")


def test_too_many_bytes_are_too_many():
    held = connection()
    held.push(("a", b"x" * 600), now=0.0)
    held.push(("a", b"y" * 600), now=0.0)
    assert held.behind_since == 0.0
    assert queued(held) == b"y" * 600


def test_a_newer_heartbeat_takes_the_place_of_one_that_waits():
    held = connection()
    for frame in (b"h1", b"h2", b"h3"):
        held.push(("heartbeat", frame), now=0.0)
    assert held.waiting == (1, 2)
    held.push(("a", b"a"), now=0.0)
    held.push(("heartbeat", b"h4"), now=0.0)
    assert held.waiting == (3, 5)
    assert queued(held) == b"h3ah4"


async def test_one_that_caught_up_is_not_behind_any_more():
    held = connection()
    for number in range(5):
        held.push(("a", b"%d" % number), now=3.0)
    assert held.behind_since == 3.0
    chunks = held.chunks()
    assert await anext(chunks) == b"4"
    waiting = asyncio.ensure_future(anext(chunks))
    await asyncio.sleep(0)
    assert held.behind_since is None
    held.close(b"bye")
    assert await waiting == b"bye"
    assert [chunk async for chunk in chunks] == []


def test_a_closed_connection_takes_nothing_more():
    limits = Limits()
    held = connection(limits)
    held.push(("a", b"a"), now=0.0)
    held.close(b"retry")
    held.push(("b", b"b"), now=0.0)
    held.close(b"again")
    assert limits.forgotten == [held]
    assert queued(held) == b"retry"


def test_the_wait_before_coming_back_is_spread_over_1_to_15_seconds():
    waits = [jittered_ms() for _ in range(2000)]
    assert 1000 <= min(waits) < 2000
    assert 14_000 < max(waits) <= 15_000


def test_the_hub_hears_what_a_socket_took_and_what_a_closed_one_was_owed():
    limits = Limits()
    held = connection(limits)

    async def read():
        chunks = held.chunks()
        held.push(("a", b"a1"), now=1.0)
        assert await anext(chunks) == b"a1"
        assert limits.taken == []  # it is told when the socket has taken it, not before
        held.push(("b", b"b1"), now=1.0)
        assert await anext(chunks) == b"b1"
        assert limits.taken == [b"a1"]
        held.push(("c", b"c1"), now=1.0)
        held.close()

    asyncio.run(read())
    assert limits.owed == [b"c1"]
