"""One good request for every line of its kind; registered by being imported in `matrix`.

What feeds send is signed, which no credential replaces: everybody is told so alike.
"""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kit.feeds import FEED, MESSAGE, THREAT, key_of
from kit.officers import yes
from kit.scenes import Place, Scene, Sent, at, numbers, plain, sample
from kit.staff import OWN
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.core.intake_commands import TakeThreat
from tocsin.core.threats import Confidence, Feed, ThreatKind
from tocsin.service.feedrecords import FeedKind

UNSIGNED = (401, "unsigned")

plain("take-threat", body={**MESSAGE, **THREAT}, always=UNSIGNED, good=202)
plain("take-observation", body={**MESSAGE}, always=UNSIGNED, good=202)
plain("take-outage", body={**MESSAGE}, always=UNSIGNED, good=202)
plain("list-feeds")
plain("list-stations")
plain("list-alert-drafts")


async def a_feed(scene: Scene) -> str:
    """Enter a key of a feed and return its id."""
    intake = scene.crew.node.intake
    public = key_of(Ed25519PrivateKey.generate())
    name = f"feed-{next(numbers)}"
    asked = replace(FEED, id=name, feeds=tuple(FeedKind))
    yes(await intake.keys.add(FIRST_TOKEN, asked, base64.b64encode(public).decode()))
    return name


@sample("add-feed", good=201, proved=True)
async def _add(scene: Scene) -> Sent:
    public = base64.b64encode(key_of(Ed25519PrivateKey.generate())).decode()
    return Sent(
        at(scene),
        {"id": f"feed-{next(numbers)}", "public": public, "name": "Observers",
         "feeds": ["threats"], "regions": [OWN]},
    )  # fmt: skip


@sample("withdraw-feed")
async def _withdraw(scene: Scene) -> Sent:
    return Sent(at(scene, id=await a_feed(scene)), {})


@sample("save-station", good=201, proved=True)
async def _station(scene: Scene) -> Sent:
    until = scene.crew.clock.now() + timedelta(days=30)
    return Sent(
        at(scene),
        {"id": f"station-{next(numbers)}", "name": "Roof", "region": OWN, "background": 100,
         "position": [30.5, 50.4], "calibrated_until": until.isoformat(),
         "key": await a_feed(scene)},
    )  # fmt: skip


@sample("dismiss-alert-draft", places=(Place.OWN, Place.FOREIGN))
async def _dismiss(scene: Scene) -> Sent:
    now = scene.crew.clock.now()
    service = scene.crew.node.service
    name = f"sample-{next(numbers)}"
    yes(
        await service.submit(
            TakeThreat(
                feed=Feed(key=name, sender="x", regions=(scene.region,), is_weak=False),
                identifier=name, content=name, sent=now, not_after=now + timedelta(minutes=5),
                kind=ThreatKind.ARTILLERY, regions=(scene.region,),
                confidence=Confidence.POSSIBLE,
            )
        )
    )  # fmt: skip
    inbox = service.state.inbox
    made = next(d for d in reversed(list(inbox.drafts.values())) if d.waits and name in d.keys)
    return Sent(at(scene, id=made.id), {"reason": "A flight of our own."})
