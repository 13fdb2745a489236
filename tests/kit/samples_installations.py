"""One good request for every line of installations, channels and coverage."""

from __future__ import annotations

from typing import Any

from kit.officers import yes
from kit.scenes import Place, Scene, Sent, at, numbers, plain, sample
from tocsin.core.claims import Where
from tocsin.core.facilities import Facility
from tocsin.keys.store import open_keys
from tocsin.service.facilities import describe

BOTH = (Place.OWN, Place.FOREIGN)

for _name in ("list-channels", "coverage", "patrol", "patrol-csv", "list-installations"):
    plain(_name)


def _description(scene: Scene) -> dict[str, Any]:
    return {
        "kind": "tv-tower", "name": f"Tower {next(numbers)}", "where": {"geocode": scene.region},
        "serves": [{"channel": "tv", "regions": [scene.region]}],
    }  # fmt: skip


async def an_installation(scene: Scene) -> str:
    """Enter an installation by the house and return its id."""
    node = scene.crew.node
    facility = Facility(
        kind="substation", name=f"Substation {next(numbers)}", where=Where(geocode=scene.region)
    )
    keys = open_keys(scene.crew.folder, node.settings.keys)
    outcome = yes(await describe(node.service, keys, facility))
    return str(outcome.alert_id)


@sample("register-installation", good=201, places=BOTH)
async def _register(scene: Scene) -> Sent:
    return Sent(at(scene), _description(scene))


def _of_one(name: str, body: object = None, **more: Any) -> None:
    @sample(name, **{"places": BOTH, **more})
    async def _(scene: Scene) -> Sent:
        return Sent(at(scene, id=await an_installation(scene)), body)


_of_one("get-installation", places=(Place.OWN,))
_of_one("report-condition", {"condition": "degraded", "source": "Its operator"})
_of_one("erase-installation", {"reason": "It leaked."})


@sample("describe-installation", places=BOTH)
async def _describe(scene: Scene) -> Sent:
    return Sent(at(scene, id=await an_installation(scene)), _description(scene))


@sample("set-channel", places=BOTH)
async def _set(scene: Scene) -> Sent:
    body = {"regions": [scene.region], "condition": "degraded", "source": "Its operator"}
    return Sent(at(scene, id="radio"), body)
