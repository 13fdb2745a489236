"""A subscriber who was away ends where one who starts now begins, through the real encoder.

Three clients with the same filters: one that starts at the end, one that has listened since
some moment, one that left at that moment and comes back with its last id. What they hold
must be the same, and its hash the one in the heartbeat. A resume that overlaps what was
already seen changes nothing.
"""

import asyncio
import hashlib
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.clocks import FakeClock
from kit.houses import profile
from tocsin.clock import Ids
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.fanout.hub import Hub
from tocsin.fanout.select import selection
from tocsin.journal import codec
from tocsin.journal.memory import MemoryJournal
from tocsin.service.housetime import TrustedTime
from tocsin.service.submit import Service

WORLD = profile().world
OBLAST = WORLD.tree.find("UA-32")
RAION = WORLD.tree.children(OBLAST)[0]
OTHER = WORLD.tree.children(OBLAST)[1]
LEAF = WORLD.tree.children(RAION)[0]
PLACES = (OBLAST, RAION, OTHER, LEAF, WORLD.tree.find("UA-30"))
ME = WORLD.authority

place = st.sampled_from(PLACES)
which = st.integers(0, 3)
step = st.one_of(
    st.tuples(st.just("issue"), place, st.sampled_from(["air-raid", "drone"])),
    st.tuples(st.just("issue"), place, st.sampled_from(["air-raid", "drone"])),
    st.tuples(st.just("drill"), place, st.just("air-raid")),
    st.tuples(st.just("clear"), which, st.none()),
    st.tuples(st.just("part"), which, place),
    st.tuples(st.just("cancel"), which, st.none()),
    st.tuples(st.just("widen"), which, place),
    st.tuples(st.just("expire"), which, st.none()),
    st.tuples(st.just("withdraw"), place, st.none()),
    st.tuples(st.just("give"), place, st.none()),
)
chosen = st.builds(
    dict,
    regions=st.sampled_from([(), (RAION,), (LEAF, OTHER), (OBLAST,)]),
    hazards=st.sampled_from([(), ("drone",)]),
    language=st.sampled_from([None, "uk"]),
    drill=st.booleans(),
)


def command(state, asked):
    """What a step asks for; None where there is nothing to ask it of."""
    kind, what, more = asked
    alerts = [*state.in_force(), *state.ended.values()]
    if kind in ("issue", "drill"):
        realm, status = (
            (Realm.LIVE, Status.ACTUAL) if kind == "issue" else (Realm.DRILL, Status.EXERCISE)
        )
        return co.IssueAlert(
            realm=realm, status=status, sender=ME, hazard=more, area=Area(regions=(what,))
        )
    if kind == "withdraw":
        return co.WithdrawMandate(sender=ME, regions=(what,))
    if kind == "give":
        return co.GiveMandate(sender=ME, regions=(what,))
    if what >= len(alerts):
        return None
    alert = alerts[what]
    match kind:
        case "clear":
            return co.ClearAlert(sender=ME, alert_id=alert.id)
        case "part":
            return co.ClearAlert(sender=ME, alert_id=alert.id, regions=(more,))
        case "cancel":
            return co.CancelAlert(sender=ME, alert_id=alert.id, reason="in error")
        case "widen":
            area = Area(regions=(*alert.area.regions, more), excluded=alert.area.excluded)
            return co.UpdateAlert(alert_id=alert.id, sender=ME, area=area)
        case _:
            return co.ExpireAlert(alert_id=alert.id, replayed=True)


class Client:
    """What an integrator's program does with a stream: nothing but what the page says."""

    def __init__(self):
        self.alerts, self.no_information, self.last, self.hash = {}, None, None, None

    def hear(self, text):
        for block in text.decode().split("\n\n")[:-1]:
            fields = dict(line.split(": ", 1) for line in block.split("\n"))
            data = json.loads(fields["data"])
            match fields["event"]:
                case "snapshot":
                    self.alerts = {alert["id"]: alert for alert in data["alerts"]}
                    self.no_information, self.hash = data["no_information"], data["hash"]
                case "alert":
                    assert self.last is None or int(fields["id"]) > self.last
                    self.alerts[data["id"]] = data
                case "notice":
                    self.no_information = data["no_information"]
                case "heartbeat":
                    self.hash = data["hash"]
                case other:
                    raise AssertionError(other)
            if "id" in fields:
                self.last = int(fields["id"])

    async def read(self, connection):
        """Take what waits."""
        chunks = connection.chunks()
        while connection.waiting[0]:
            self.hear(await anext(chunks))

    def own_hash(self):
        lines = sorted(
            f"{alert['id']} {alert['revision']}\n"
            for alert in self.alerts.values()
            if alert["state"] in ("active", "unconfirmed")
        )
        return hashlib.sha256("".join(lines).encode()).hexdigest()[:16]

    def holds(self):
        return self.alerts, sorted(self.no_information or ())


async def live_through(steps, away_from, filters, overlap):
    clock = FakeClock()
    time = TrustedTime(clock)
    service = Service(
        world=WORLD, journal=MemoryJournal(), codec=codec, clock=time, new_id=Ids(time.now)
    )
    service.load()
    service.start()
    hub = Hub(service, heartbeat_s=3600)
    await service.submit(co.GiveMandate(sender=ME, regions=(WORLD.tree.root,)))
    hub.start()
    wanted = selection(WORLD, **filters)
    stayed, left = Client(), Client()
    connection = None
    try:
        for number in range(len(steps) + 1):
            if number == min(away_from, len(steps)):
                connection = hub.connect(wanted)
                gone = hub.connect(wanted)
                await stayed.read(connection)
                await left.read(gone)
                gone.close()
            if number == len(steps):
                break
            clock.step(seconds=1)  # so that nothing ended half an hour ago
            asked = command(service.state, steps[number])
            if asked is not None:
                await service.submit(asked)  # what is refused changes nothing
        fresh = Client()
        await fresh.read(hub.connect(wanted))
        await stayed.read(connection)
        again = Client()
        again.alerts, again.no_information = dict(left.alerts), left.no_information
        seen = left.last
        await left.read(hub.connect(wanted, str(seen)))
        await again.read(hub.connect(wanted, str(max(0, seen - overlap))))
    finally:
        await hub.stop()
        await service.stop()
    assert fresh.own_hash() == fresh.hash
    for client in (stayed, left, again):
        assert client.holds() == fresh.holds()
        assert client.own_hash() == fresh.hash
    assert left.hash == fresh.hash


@settings(max_examples=60)
@given(
    steps=st.lists(step, max_size=14),
    away_from=st.integers(0, 14),
    filters=chosen,
    overlap=st.integers(0, 4),
)
def test_old_snapshot_and_missed_events_are_the_fresh_snapshot(steps, away_from, filters, overlap):
    asyncio.run(live_through(steps, away_from, filters, overlap))
