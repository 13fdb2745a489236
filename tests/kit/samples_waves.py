"""One good request for every line of waves, of who controls a region, and of evidence."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.officers import yes
from kit.samples_ledger import an_incident
from kit.scenes import Place, Scene, Sent, at, plain, sample
from kit.staff import FOREIGN
from tocsin.core import ledger_commands as lc
from tocsin.core.claims import When, Where

BOTH = (Place.OWN, Place.FOREIGN)


async def a_wave(scene: Scene) -> str:
    """Open a wave by the house over the region that is meant, and return its id."""
    now = scene.crew.clock.now()
    command = lc.OpenWave(
        where=Where(geocode=scene.region),
        when=When(start=now - timedelta(hours=1), end=now, grain="minute"),
    )
    outcome = yes(await scene.crew.node.service.submit(command))
    return str(outcome.alert_id)


def _opening(scene: Scene) -> dict[str, Any]:
    now = scene.crew.clock.now()
    when = {"start": (now - timedelta(hours=2)).isoformat(), "end": now.isoformat()}
    return {"when": when, "where": {"geocode": scene.region}}


for _name in ("list-waves", "list-control", "situation-waves"):
    plain(_name)


@sample("situation-wave", always=(404, "unknown-wave"))
async def _told(scene: Scene) -> Sent:
    return Sent(at(scene, id="0190d0e8-0000-7000-8000-000000000000"))


@sample("get-wave")
async def _read(scene: Scene) -> Sent:
    return Sent(at(scene, id=await a_wave(scene)))


@sample("open-wave", good=201, places=BOTH)
async def _open(scene: Scene) -> Sent:
    return Sent(at(scene), _opening(scene))


@sample("join-wave", places=BOTH)
async def _join(scene: Scene) -> Sent:
    body = {"reason": "One attack.", "incidents": [await an_incident(scene)]}
    return Sent(at(scene, id=await a_wave(scene)), body)


@sample("set-control", good=201)
async def _control(scene: Scene) -> Sent:
    # held already: no mandate moves, so that nobody after this one is kept from warning
    body = {"regions": [FOREIGN], "control": "held", "source": "The regional administration."}
    return Sent(at(scene), body)


@sample("get-evidence")
async def _evidence(scene: Scene) -> Sent:
    return Sent(at(scene, id=await an_incident(scene)))


plain("page-desk-waves")
plain("page-control")


@sample("page-desk-wave")
async def _page(scene: Scene) -> Sent:
    return Sent(at(scene, id=await a_wave(scene)))
