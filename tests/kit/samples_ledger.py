"""One good request for every line of the ledger: reports, incidents, claims, guidance."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from kit.officers import yes
from kit.scenes import Place, Scene, Sent, at, numbers, plain, sample
from tocsin.core import ledger_commands as lc
from tocsin.core.area import Area
from tocsin.core.claims import (
    ClaimKind,
    Figure,
    Measure,
    Qualifier,
    Quote,
    Saying,
    SpeakerKind,
    Voice,
    When,
    Where,
)
from tocsin.keys.sealed import content_of
from tocsin.service.reports import Incoming, Reports

BOTH = (Place.OWN, Place.FOREIGN)
TEXT = "A blast killed two people in the town on Tuesday, police said."


async def _submit(scene: Scene, command: lc.LedgerCommand, **texts: bytes) -> str:
    outcome = yes(await scene.crew.node.service.submit(command, texts=texts or None))
    return str(outcome.alert_id)


async def an_incident(scene: Scene, region: str = "") -> str:
    """Open an incident by the house and return its id."""
    now = scene.crew.clock.now()
    return await _submit(
        scene,
        lc.OpenIncident(
            kind="strike", site="civilian", where=Where(geocode=region or scene.region),
            when=When(start=now - timedelta(hours=1), end=now, grain="minute"),
        ),
    )  # fmt: skip


async def a_claim(scene: Scene) -> str:
    """Enter a claim by the house, with a quote, and return its id."""
    sealed = f"words {next(numbers)}".encode()
    saying = Saying(
        kind=ClaimKind.CASUALTIES,
        voice=Voice(kind=SpeakerKind.ORGANISATION, name="Police", official=True),
        outlet="Gazette",
        figures=(Figure(measures=(Measure.KILLED,), qualifier=Qualifier.EXACT, value=2),),
        quote=Quote(content=content_of(sealed)),
    )
    command = lc.EnterClaim(saying=saying, incident_id=await an_incident(scene))
    return await _submit(scene, command, **{content_of(sealed): sealed})


async def a_report(scene: Scene) -> tuple[str, str]:
    """Take a report in by the house; return its id and the name of its first draft."""
    desk: Reports = scene.crew.node.reports
    body = f"{TEXT} Number {next(numbers)} of the day.".encode()
    taken = yes(await desk.take(Incoming(body=body, outlet="Gazette", language="en"), warrant=None))
    found = scene.crew.node.service.ledger.reports[taken.report_id]
    return found.id, next(iter((await desk.drafts(found)).drafts))


def a_saying(**more: Any) -> dict[str, Any]:
    """Return a claim as a request says it."""
    return {
        "kind": "casualties", "voice": {"kind": "group", "role": "officials"}, "outlet": "Gazette",
        "figures": [{"measures": ["killed"], "qualifier": "at_least", "value": 2}], **more,
    }  # fmt: skip


def _opening(scene: Scene) -> dict[str, Any]:
    now = scene.crew.clock.now()
    when = {"start": (now - timedelta(hours=2)).isoformat(), "end": now.isoformat()}
    where = {"geocode": scene.region}
    return {"kind": "strike", "site": "civilian", "where": where, "when": when}


plain("list-reports")
plain("list-incidents")
plain("list-guidance")


@sample("take-report", good=201)
async def _take(scene: Scene) -> Sent:
    text = f"{TEXT} It was number {next(numbers)}."
    return Sent(at(scene), {"text": text, "outlet": "Gazette", "language": "en"})


@sample("get-report")
async def _report(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await a_report(scene))[0]))


@sample("confirm-draft", good=201, places=BOTH, person=True)
async def _confirm(scene: Scene) -> Sent:
    report, draft = await a_report(scene)
    body = {"incident": await an_incident(scene), "saying": a_saying()}
    return Sent(at(scene, id=report, name=draft), body)


@sample("reject-draft")
async def _reject(scene: Scene) -> Sent:
    report, draft = await a_report(scene)
    return Sent(at(scene, id=report, name=draft), {"reason": "Not ours."})


@sample("finish-report")
async def _finish(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await a_report(scene))[0]), {})


@sample("erase-report")
async def _erase(scene: Scene) -> Sent:
    return Sent(at(scene, id=(await a_report(scene))[0]), {"reason": "It names a child."})


@sample("open-incident", good=201, places=BOTH)
async def _open(scene: Scene) -> Sent:
    return Sent(at(scene), _opening(scene))


def _of_incident(name: str, body: object = None, **more: Any) -> None:
    @sample(name, **{"places": BOTH, **more})
    async def _(scene: Scene) -> Sent:
        return Sent(at(scene, id=await an_incident(scene)), body)


for _name in ("get-incident", "preview-incident", "contradictions"):
    _of_incident(_name, places=(Place.OWN,))
_of_incident("change-incident", {"is_open": False, "reason": "The search is over."})
_of_incident("set-embargo", {"until": None, "reason": "The family was not told yet."})


@sample("approve-embargo", places=BOTH, second=True)
async def _agree(scene: Scene) -> Sent:
    crew, incident = scene.crew, await an_incident(scene)
    author = crew.identity(crew["author"]).warrant
    command = lc.SetEmbargo(incident_id=incident, until=crew.clock.now(), reason="They know.")
    yes(await crew.node.service.submit(command, warrant=author))
    wait = crew.node.service.ledger.incidents[incident].asked
    assert wait is not None
    return Sent(at(scene, id=incident), {"ask": wait.ask_id})


@sample("announce-incident", places=BOTH)
async def _announce(scene: Scene) -> Sent:
    claim = await a_claim(scene)
    found = scene.crew.node.service.ledger.claims[claim].incident_id
    return Sent(at(scene, id=str(found)), {})


@sample("link-incidents", places=BOTH)
async def _link(scene: Scene) -> Sent:
    other = await an_incident(scene)
    body = {"kind": "part-of", "other": other, "reason": "One wave."}
    return Sent(at(scene, id=await an_incident(scene)), body)


@sample("enter-claim", good=201, places=BOTH)
async def _enter(scene: Scene) -> Sent:
    return Sent(at(scene), {"saying": a_saying(), "incident": await an_incident(scene)})


def _of_claim(name: str, body: object, **more: Any) -> None:
    @sample(name, **{"places": BOTH, **more})
    async def _(scene: Scene) -> Sent:
        return Sent(at(scene, id=await a_claim(scene)), body)


_of_claim("correct-claim", {"saying": a_saying(), "reason": "Misread."}, good=201)
_of_claim("retract-claim", {"reason": "Its source took it back."})
_of_claim("erase-quote", {"reason": "It names a child."})


@sample("move-claim", places=BOTH)
async def _move(scene: Scene) -> Sent:
    claim = await a_claim(scene)
    return Sent(at(scene, id=claim), {"incident": await an_incident(scene), "reason": "Other."})


@sample("give-guidance", good=201, places=BOTH)
async def _guide(scene: Scene) -> Sent:
    words = dict.fromkeys(scene.crew.node.service.world.languages, "Keep away from the bridge.")
    return Sent(at(scene), {"area": {"regions": [scene.region]}, "text": words})


@sample("end-guidance", places=BOTH)
async def _end(scene: Scene) -> Sent:
    command = lc.GiveGuidance(
        area=Area(regions=(scene.region,)), words="w",
        languages=scene.crew.node.service.world.languages,
    )  # fmt: skip
    return Sent(at(scene, id=await _submit(scene, command)), {})
