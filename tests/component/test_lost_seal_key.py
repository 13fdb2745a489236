"""A seal key that is gone is said: by the doctor, who fails, and by a house that starts."""

from __future__ import annotations

import pytest

from kit.commands import serve, tocsin
from kit.houses import KYIV
from kit.officers import yes
from kit.plans import EVACUATION
from kit.staff import house
from tocsin.core import infra_commands as ic
from tocsin.core.claims import Where
from tocsin.core.facilities import Facility
from tocsin.service.facilities import describe
from tocsin.service.reports import Incoming
from tocsin.service.unopened import INSTALLATION, REPORT

CHECK_FAILED = 5
ARTICLE = b"KYIV, Oct 11 - A power plant was hit on Tuesday, the mayor said. Nobody was hurt."
PLANT = Facility(kind="power-plant", name="Old plant", where=Where(geocode=KYIV))


@pytest.fixture
async def folder(tmp_path):
    """A data folder with two descriptions, one of which was erased, a report and a plan."""
    data = tmp_path / "data"
    async with house(data) as crew:
        service, keys = crew.node.service, crew.node.keys
        made = [yes(await describe(service, keys, PLANT)) for _ in range(2)]
        await service.submit(ic.EraseInstallation(
            installation_id=str(made[1].alert_id), reason="It leaked."
        ))  # fmt: skip
        yes(await crew.node.reports.take(
            Incoming(body=ARTICLE, outlet="Gazette", language="en"), warrant=None, by="test"
        ))  # fmt: skip
        issued = await crew.ask("first-token", "POST", "/api/v1/alerts", EVACUATION)
        assert issued.status == 201, issued.text
        assert crew.node.unopened().said() == "3 open"
    return data


def lose(folder):
    """Take the seal key away, as a restore without its keys does; the house makes a new one."""
    (key,) = (folder / "keys").glob("seal-*")
    key.unlink()


def sealed(done):
    return next(each for each in done.json["findings"] if each["name"] == "sealed")


async def test_the_doctor_fails_where_something_sealed_does_not_open(folder):
    well = sealed(tocsin("doctor", "--data", folder, "--json"))
    assert (well["mark"], well["told"]) == ("ok", "3 open")
    lose(folder)
    done = tocsin("doctor", "--data", folder, "--json")
    assert done.code == CHECK_FAILED
    found = sealed(done)
    assert found["mark"] == "bad"
    kinds = "1 installation descriptions, 1 reports, 1 assembly plans"
    assert f"3 of 3 do not open ({kinds})" in found["told"]
    assert found["told"].endswith("2022-10-11 09:00 UTC, no key here")


async def test_a_house_says_at_its_start_that_a_key_is_gone(folder):
    running = serve(folder)
    running.stop()
    assert running.ready["sealed_unopened"] == {}
    lose(folder)
    running = serve(folder)
    running.stop()
    assert running.ready["sealed_unopened"] == {INSTALLATION: 1, REPORT: 1}  # that alert is over
    told = (folder.parent / f"{folder.name}.log").read_text()
    assert "sealed_does_not_open" in told
    (key,) = (folder / "keys").glob("seal-*")  # a new one
    assert (
        key.name.removeprefix("seal-")
        in sealed(tocsin("doctor", "--data", folder, "--json"))["told"]
    )
