"""A whole house keeps its register sealed: through a restart, without its key, after an erasure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from kit.houses import KYIV, house, profile
from kit.officers import yes
from kit.staff import house as whole_house
from kit.works import DOWN, WORKING
from kit.world import NOW
from tocsin.bootstrap import KeptSnapshots
from tocsin.clock import Ids
from tocsin.core import infra_commands as ic
from tocsin.core.claims import Where
from tocsin.core.facilities import Facility, Need, Serves, Tie
from tocsin.journal import codec
from tocsin.keys.store import KeyStore
from tocsin.service.facilities import describe
from tocsin.service.submit import Service

SECRET = ("Vinohradar mast", "behind the wood", "powered-by", "tv-tower", "Old plant")
MAST = Facility(
    kind="tv-tower", name="Vinohradar mast", where=Where(geocode=KYIV, position=(30.4, 50.5)),
    note="behind the wood", serves=(Serves(channel="tv", regions=(KYIV,)),),
)  # fmt: skip


@pytest.fixture
def keys(tmp_path: Path) -> KeyStore:
    store = KeyStore(tmp_path / "keys")
    store.prepare(NOW)
    return store


def fed_by(plant: str) -> Facility:
    """The mast, which needs that plant."""
    return replace(MAST, needs=(Need(tie=Tie.POWERED_BY, on=plant),))


async def test_the_register_comes_back_after_a_restart_and_is_empty_without_its_key(tmp_path):
    data = tmp_path / "data"
    async with whole_house(data) as crew:
        service, keys = crew.node.service, KeyStore(data / "keys")
        plant = yes(await describe(service, keys, Facility(
            kind="power-plant", name="Old plant", where=Where(geocode=KYIV))))  # fmt: skip
        mast = yes(await describe(service, keys, fed_by(str(plant.alert_id))))
        fell = ic.ReportCondition(
            installation_id=str(mast.alert_id), condition=DOWN, source="Its staff"
        )
        yes(await service.submit(fell))
        before = service.state.infra
        service.save_snapshot()
    name = str(mast.alert_id)
    for word in SECRET:  # journal, snapshot, registry, logs: whatever lies there
        for each in (path for path in data.rglob("*") if path.is_file()):
            assert word.encode() not in each.read_bytes(), (word, each)
    async with whole_house(data) as crew:
        assert crew.node.service.state.infra == before
        assert before.installations[name].facility == fed_by(str(plant.alert_id))
    for each in (data / "keys").glob("seal*"):
        each.rename(tmp_path / each.name)
    async with whole_house(data) as crew:
        infra = crew.node.service.state.infra
        assert infra.installations[name].facility is None
        assert infra.installations[name].condition is DOWN
        assert infra.may_not == before.may_not == {"tv": (KYIV,)}
        works = ic.ReportCondition(installation_id=name, condition=WORKING, source="Its staff")
        yes(await crew.node.service.submit(works))
        assert crew.node.service.state.infra.may_not == before.may_not
    for each in tmp_path.glob("seal*"):
        each.rename(data / "keys" / each.name)
    async with whole_house(data) as crew:
        assert crew.node.service.state.infra.installations[name].facility is not None


async def test_what_is_erased_is_erased_from_the_disk_s_table(tmp_path, keys):
    async with house(tmp_path / "data") as home:
        made = yes(await describe(home.service, keys, MAST))
        content = home.service.state.infra.installations[str(made.alert_id)].content
        assert home.service.text(content) is not None
        again = Facility(kind="tv-tower", name="Renamed", where=MAST.where)
        yes(await describe(home.service, keys, again, installation_id=made.alert_id))
        newer = home.service.state.infra.installations[str(made.alert_id)].content
        erase = ic.EraseInstallation(installation_id=str(made.alert_id), reason="It leaked.")
        yes(await home.service.submit(erase))
        assert home.service.text(content) is home.service.text(newer) is None


async def test_a_house_without_a_sealing_codec_reads_its_journal_all_the_same(tmp_path, keys):
    data = tmp_path / "data"
    async with house(data) as home:
        made = yes(await describe(home.service, keys, MAST))
        journal = home.journal
        reader = Service(
            world=profile().world, journal=journal, codec=codec, clock=home.time,
            new_id=Ids(home.time.now), snapshots=KeptSnapshots(data, journal, home.world.tree),
        )  # fmt: skip
        reader.load()
        assert reader.state.infra.installations[str(made.alert_id)].facility is None
