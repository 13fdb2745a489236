"""One good request for every public line of outages, waves, organisations and past moments."""

from __future__ import annotations

from kit.scenes import Scene, Sent, at, plain, sample

for _name in ("page-situation-waves", "page-situation-organisations", "page-then"):
    plain(_name)


@sample("page-situation-outage", always=(404, ""))
async def _outage_page(scene: Scene) -> Sent:
    return Sent(at(scene, outage="0190d0e8-0000-7000-8000-000000000000"))


@sample("page-situation-wave", always=(404, ""))
async def _wave_page(scene: Scene) -> Sent:
    return Sent(at(scene, public_id="0190d0e8-0000-7000-8000-000000000000"))


@sample("page-situation-organisation", always=(404, ""))
async def _organisation_page(scene: Scene) -> Sent:
    return Sent(at(scene, org="0123456789abcdef"))
