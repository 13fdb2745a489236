"""A start from a snapshot is a start: whatever was recorded since, the house is there again."""

from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV, house, issue, profile
from tocsin.core import commands as co
from tocsin.core.alert import Realm
from tocsin.core.overlap import RegionState

AUTHORITY = profile().world.authority


async def _restarted(folder, clock, *, realm=Realm.LIVE):
    """Leave a snapshot with two alerts in force, and a cancel of one recorded after it."""
    async with house(folder, clock) as home:
        ids = [
            (await home.service.submit(issue(region, realm=realm))).alert_id
            for region in (KYIV, LVIV)
        ]
        home.service.save_snapshot()
        clock.step(minutes=1)
        cancel = co.CancelAlert(sender=AUTHORITY, alert_id=ids[0], reason="a slip")
        await home.service.submit(cancel)


async def test_a_cancel_after_the_snapshot_of_an_alert_from_before_it_is_folded(tmp_path):
    clock = FakeClock()
    await _restarted(tmp_path, clock)
    async with house(tmp_path, clock) as home:
        now = clock.now()
        (lviv,) = home.service.regions.line(LVIV, now)
        assert lviv.state is RegionState.ACTIVE
        kyiv = home.service.regions.line(KYIV, now)
        assert [line.state for line in kyiv] == [RegionState.NONE]  # and it says since when
        assert kyiv[0].withdrawn_at == now
        assert len(home.service.state.active) == 1


async def test_the_same_in_the_drill_room(tmp_path):
    clock = FakeClock()
    await _restarted(tmp_path, clock, realm=Realm.DRILL)
    async with house(tmp_path, clock) as home:
        states, now = home.service.drill_regions, clock.now()
        assert [line.state for line in states.line(LVIV, now)] == [RegionState.ACTIVE]
        assert RegionState.ACTIVE not in [line.state for line in states.line(KYIV, now)]
