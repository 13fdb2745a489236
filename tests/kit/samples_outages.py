"""One good request for every line of outages, postures and watches."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.officers import yes
from kit.scenes import Place, Scene, Sent, at, numbers, plain, sample
from tocsin.core import infra_commands as ic
from tocsin.core import notice_commands as nc
from tocsin.core.claims import SpeakerKind, Voice
from tocsin.formats.api import stored_words

BOTH = (Place.OWN, Place.FOREIGN)
HOUR = timedelta(hours=1)


async def an_outage(scene: Scene) -> tuple[str, str]:
    """Tell of an outage by the house; return its id, and the name that people know."""
    service = scene.crew.node.service
    command = ic.ReportOutage(
        service="power", source=f"Grid {next(numbers)}", regions=(scene.region,)
    )
    name = str(yes(await service.submit(command)).alert_id)
    return name, service.state.infra.outages[name].public_id


async def a_watch(scene: Scene) -> str:
    """Keep a watch by the house and return its id."""
    now, service = scene.crew.clock.now(), scene.crew.node.service
    content, body = stored_words(dict.fromkeys(service.world.languages, "Levels are usual."))
    command = nc.KeepWatch(
        hazard="radiation", regions=(scene.region,), as_of=now, fresh_until=now + HOUR,
        voice=Voice(kind=SpeakerKind.ORGANISATION, name="Inspectorate"), words=content,
        languages=service.world.languages,
    )  # fmt: skip
    return str(yes(await service.submit(command, texts={content: body})).alert_id)


def an_outage_ask(scene: Scene) -> dict[str, Any]:
    """Return an outage as a request says it."""
    return {"service": "power", "scope": {"regions": [scene.region]},
            "source": f"Grid {next(numbers)}"}  # fmt: skip


def a_watch_ask(scene: Scene) -> dict[str, Any]:
    """Return a watch as a request says it."""
    now = scene.crew.clock.now()
    return {
        "hazard": "radiation", "regions": [scene.region], "as_of": now.isoformat(),
        "fresh_until": (now + HOUR).isoformat(),
        "voice": {"kind": "organisation", "name": "Inspectorate"},
        "text": {"uk": "Рівні звичайні.", "en": "Levels are usual."},
    }  # fmt: skip


plain("list-outages")
plain("outage-hours")
plain("outage-hours-csv")
plain("desk-outages")
plain("list-postures")
plain("list-watches")


@sample("get-outage")
async def _outage(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await an_outage(scene))[1]))


@sample("report-outage", good=201, places=BOTH)
async def _report(scene: Scene) -> Sent:
    return Sent(at(scene), an_outage_ask(scene))


@sample("change-outage", places=BOTH)
async def _change(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await an_outage(scene))[0]), an_outage_ask(scene))


@sample("order-posture", good=201, places=BOTH)
async def _order(scene: Scene) -> Sent:
    body = {"level": "raised", "reason": "A threat.", "ordered_by": "The head of the authority",
            "for_whom": "the guards", "regions": [scene.region]}  # fmt: skip
    return Sent(at(scene), body)


@sample("keep-watch", good=201, places=BOTH)
async def _keep(scene: Scene) -> Sent:
    return Sent(at(scene), a_watch_ask(scene))


@sample("look-again", places=BOTH)
async def _look(scene: Scene) -> Sent:
    return Sent(at(scene, id=await a_watch(scene)), a_watch_ask(scene))


@sample("end-watch", places=BOTH)
async def _end(scene: Scene) -> Sent:
    return Sent(at(scene, id=await a_watch(scene)), {})
