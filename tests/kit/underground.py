"""What a desk does with installations, outages, drafts and waves while people see nothing of it.

Acts for the test of non-interference (RELIABILITY T21): each is done in the house with the secrets,
and where people are told something, the other house is told the same without the cause.
"""

from __future__ import annotations

import random  # noqa: TID251  # seeded
from dataclasses import dataclass, field
from datetime import timedelta

from kit.feeds import Observer, observer, station
from kit.houses import KYIV, LVIV
from kit.officers import yes
from kit.twins import Twins, accepted
from tocsin.core import infra_commands as ic
from tocsin.core import intake_commands as tc
from tocsin.core import ledger_commands as lc
from tocsin.core import notice_commands as nc
from tocsin.core.area import Area
from tocsin.core.claims import SpeakerKind, Voice, When, Where
from tocsin.core.control import Control, SetControl
from tocsin.core.facilities import Condition, Facility, Need, PostureLevel, Serves, Tie
from tocsin.core.threats import Confidence, Feed, ThreatKind
from tocsin.formats.api import stored_words
from tocsin.service.feedrecords import FeedKind
from tocsin.service.sealing import sealed_facility
from tocsin.service.submit import Service

SECRET = "Zqsecret"  # a word to look for
FAR = "UA65000000000030969"
"""A region where nothing else happens here."""
SAID = {"en": "It is false. Stay where you are.", "uk": "Це неправда. Залишайтеся на місці."}
SEEN = {"en": "No change is seen; there is nothing to do.", "uk": "Змін не видно."}
MEASURED = Voice(kind=SpeakerKind.ORGANISATION, name="Measuring service", official=True)


@dataclass
class Underground:
    """The hidden side of two houses."""

    t: Twins
    chance: random.Random
    tower: str = ""
    is_up: bool = True
    is_held: bool = True
    plants: list[str] = field(default_factory=list)
    observer: Observer | None = None
    made: int = 0

    @property
    def service(self) -> Service:
        """The service of the house with the secrets."""
        return self.t.secret.service

    async def register(self, **more: object) -> str:
        """Enter an installation into the sealed register."""
        self.made += 1
        facility = Facility(
            kind="substation", name=f"{SECRET} {self.made}",
            where=Where(geocode=LVIV, position=(24.03, 49.84)), note=SECRET, **more,  # type: ignore[arg-type]
        )  # fmt: skip
        content, sealed = sealed_facility(self.t.secret.crew.node.keys, facility)
        command = ic.RegisterInstallation(facility=facility, content=content)
        return await accepted(self.service, command, texts={content: sealed})

    async def report(self, installation: str, condition: Condition, **more: object) -> None:
        """Say in what condition it is."""
        yes(await self.service.submit(ic.ReportCondition(
            installation_id=installation, condition=condition, source=SECRET, **more,  # type: ignore[arg-type]
        )))  # fmt: skip


async def a_plant(under: Underground, incident: str) -> None:
    """A plant that powers another, struck, guarded, at last erased."""
    plant = await under.register()
    fed = await under.register(needs=(Need(tie=Tie.POWERED_BY, on=plant),))
    await under.report(plant, Condition.DOWN, struck=True, incident_id=incident)
    order = ic.SetPosture(
        level=PostureLevel.CRITICAL, reason=SECRET, ordered_by=SECRET, for_whom=SECRET,
        installation_id=fed,
    )  # fmt: skip
    yes(await under.service.submit(order))
    under.plants.append(plant)
    if under.chance.random() < 0.3:
        yes(await under.service.submit(ic.EraseInstallation(installation_id=fed, reason="asked")))


async def the_tower(under: Underground, incident: str) -> None:
    """A tower falls, or works again: people read of the channel as if an officer had set it."""
    if not under.tower:
        power = await under.register()
        under.tower = await under.register(
            needs=(Need(tie=Tie.POWERED_BY, on=power),),
            serves=(Serves(channel="tv", regions=(LVIV,)),),
        )
        await under.report(power, Condition.DOWN)
        await under.report(under.tower, Condition.WORKING)
    under.is_up = not under.is_up
    down = not under.is_up
    condition = Condition.DOWN if down else Condition.WORKING
    await under.report(under.tower, condition, struck=down, incident_id=incident)
    by_hand = ic.SetChannel(channel="tv", regions=(LVIV,), condition=condition, source="by hand")
    yes(await under.t.plain.service.submit(by_hand))


async def an_outage(under: Underground, incident: str) -> None:
    """An outage that people are not told of, and one whose cause is the desk's."""
    hidden = ic.ReportOutage(service="power", source=SECRET, regions=(KYIV,), tell=False,
                             settlements=(SECRET,), incident_id=incident)  # fmt: skip
    name = await accepted(under.service, hidden)
    known = ic.ReportOutage(service="power", source=SECRET, regions=(KYIV,), tell=False,
                            restored_share=0.5, outage_id=name)  # fmt: skip
    await accepted(under.service, known)
    told = ic.ReportOutage(service="water", source="Water works", regions=(LVIV,))
    causes = (under.plants[-1],) if under.plants else ()
    traced = ic.ReportOutage(service="water", source="Water works", regions=(LVIV,),
                             installations=causes, incident_id=incident)  # fmt: skip
    await accepted(under.service, traced)
    await accepted(under.t.plain.service, told)


async def a_draft(under: Underground, _incident: str) -> None:
    """An observer reports a threat; an operator may look at the draft that comes of it."""
    now = under.t.clock.now()
    under.made += 1
    feed = Feed(key="key-1", sender=under.service.world.authority, regions=(LVIV,), is_weak=False)
    yes(await under.service.submit(tc.TakeThreat(
        feed=feed, identifier=f"t{under.made}", content="0" * 64, sent=now,
        not_after=now + timedelta(minutes=5), kind=ThreatKind.ARTILLERY, regions=(LVIV,),
        confidence=Confidence.LIKELY, observer=SECRET,
    )))  # fmt: skip
    for draft in under.service.state.inbox.drafts.values():
        if draft.waits and under.chance.random() < 0.5:
            close = tc.CloseAlertDraft(draft_id=draft.id, reason=SECRET)
            yes(await under.service.submit(close))


async def a_feed(under: Underground, _incident: str) -> None:
    """A key, a station of it; a report and a reading come in, and others are refused."""
    crew = under.t.secret.crew
    if under.observer is None:
        kinds = tuple(FeedKind)
        under.observer = await observer(crew, f"{SECRET.lower()}-key", feeds=kinds, regions=(LVIV,))
        held = await station(crew, f"{SECRET.lower()}-roof", under.observer.key.id, region=LVIV)
        under.t.entered += [under.observer.key.id, held.id]
    threat = await under.observer.threat(kind="artillery", regions=[LVIV])
    reading = await under.observer.reading(f"{SECRET.lower()}-roof", 110.0)
    assert (threat.status, reading.status) == (202, 202), (threat.text, reading.text)
    foreign = await under.observer.threat(kind="artillery", regions=[KYIV])
    assert foreign.status >= 400


async def the_front(under: Underground, _incident: str) -> None:
    """A region is lost, or held again, in both; who said so is known to one desk alone."""
    under.is_held = not under.is_held
    control = Control.HELD if under.is_held else Control.LOST
    for service, source in ((under.service, SECRET), (under.t.plain.service, "The staff.")):
        yes(await service.submit(SetControl(regions=(FAR,), control=control, source=source)))


async def a_wave(under: Underground, incident: str) -> None:
    """A wave with its alerts and incidents, which nobody is told of."""
    now = under.t.clock.now()
    taken = {alert for alerts in under.service.ledger.waves.values() for alert in alerts}
    alerts = tuple(each for each in under.service.state.active if each not in taken)
    await under.service.submit(lc.OpenWave(  # refused where the incident is in one already
        where=Where(geocode=under.service.world.tree.root), alerts=alerts, incidents=(incident,),
        when=When(start=now - timedelta(hours=2), end=now, grain="range"),
    ))  # fmt: skip


async def a_lie(under: Underground, _incident: str) -> None:
    """A counterfeit notice is told in both; what it refutes is known to one desk alone."""
    words, body = stored_words(SAID)
    hidden = next((c.id for c in under.service.ledger.claims.values()
                   if c.id not in under.t.plain.service.ledger.claims), None)  # fmt: skip
    for service, refutes in ((under.service, hidden), (under.t.plain.service, None)):
        command = nc.TellCounterfeit(area=Area(regions=(KYIV,)), words=words,
                                     languages=tuple(SAID), refutes=refutes)  # fmt: skip
        await accepted(service, command, texts={words: body})


async def a_watch(under: Underground, _incident: str) -> None:
    """A watch is kept in both."""
    now = under.t.clock.now()
    words, body = stored_words(SEEN)
    for service in (under.service, under.t.plain.service):
        command = nc.KeepWatch(
            hazard="radiation", regions=(KYIV,), voice=MEASURED, as_of=now,
            fresh_until=now + timedelta(hours=1), words=words, languages=tuple(SEEN),
            sentences=tuple(SEEN.values()),
        )  # fmt: skip
        await accepted(service, command, texts={words: body})


ACTS = (a_plant, the_tower, an_outage, a_draft, a_feed, the_front, a_wave, a_lie, a_watch)
