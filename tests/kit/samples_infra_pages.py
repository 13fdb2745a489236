"""One good request for every page of installations, coverage, outages, postures and notices."""

from __future__ import annotations

from kit.samples_installations import an_installation
from kit.samples_outages import an_outage
from kit.scenes import Scene, Sent, at, plain, sample

for _name in (
    "page-outages", "page-installations", "page-coverage", "page-patrol", "page-postures",
    "page-watches", "page-counterfeits", "page-stations",
):  # fmt: skip
    plain(_name)


@sample("page-outage")
async def _outage(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await an_outage(scene))[0]))


@sample("page-installation")
async def _installation(scene: Scene) -> Sent:
    return Sent(at(scene, id=await an_installation(scene)))
