"""One good request for every line of plans, false warnings and codes; imported in `matrix`."""

from __future__ import annotations

from datetime import timedelta

from kit.officers import yes
from kit.scenes import STATUS, Place, Scene, Sent, at, plain, sample
from tocsin.core import commands as co
from tocsin.core import notice_commands as nc
from tocsin.core.area import Area
from tocsin.core.evacuation import Evacuation
from tocsin.formats.api import stored_words

BOTH = (Place.OWN, Place.FOREIGN)
SAID = {"en": "Go south.", "uk": "На південь."}
LIE = {"en": "The message about the bridge is false.", "uk": "Повідомлення про міст хибне."}

plain("list-counterfeits")
plain("verify-code", query="?code=ABCDEFGH")
plain("page-real")
plain("page-verify")


async def an_evacuation(scene: Scene) -> str:
    """Give an evacuation by the house and return its alert's id."""
    service = scene.crew.node.service
    for each in service.state.active.values():
        if each.plan is not None and each.realm is scene.realm:
            return each.id
    parts = service.world.tree.children(scene.region)[:1]  # no area of any other sample's alert
    plan = Evacuation(
        deadline=scene.crew.clock.now() + timedelta(hours=6), destination=SAID, routes=SAID,
        transport=SAID, assembly=SAID, help=SAID,
    )  # fmt: skip
    done = yes(
        await service.submit(
            co.IssueAlert(
                realm=scene.realm, status=STATUS[scene.realm], sender=service.world.authority,
                hazard="evacuation", area=Area(regions=tuple(parts) or (scene.region,)),
                evacuation=plan, by="house",
            ),
            given={language: {"instruction": said} for language, said in SAID.items()},
        )
    )  # fmt: skip
    return done.alert_id or ""


async def a_lie(scene: Scene) -> str:
    """Tell of a false warning by the house and return the notice's id."""
    name, body = stored_words(LIE)
    done = yes(
        await scene.crew.node.service.submit(
            nc.TellCounterfeit(
                area=Area(regions=(scene.region,)), words=name, languages=tuple(LIE)
            ),
            texts={name: body},
        )
    )  # fmt: skip
    return done.alert_id or ""


@sample("alert-plan")
async def _plan(scene: Scene) -> Sent:
    return Sent(at(scene, id=await an_evacuation(scene)))


@sample("tell-counterfeit", good=201, places=BOTH, at_once=True)
async def _tell(scene: Scene) -> Sent:
    return Sent(at(scene), {"area": {"regions": [scene.region]}, "text": LIE})


@sample("end-counterfeit", places=BOTH)
async def _end(scene: Scene) -> Sent:
    return Sent(at(scene, id=await a_lie(scene)), {})
