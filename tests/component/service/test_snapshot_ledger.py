"""A restart changes nothing about the ledger: not the desk's, not what people see, nor from when.

Whole houses over a real journal, left and entered again at every point of a story, with a snapshot
and without. Releases come from the scheduler's ``due`` and from nothing else.
"""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from kit.chronicle import RESCUE, figure, saying, stated
from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV, Home, house, issue, profile
from kit.officers import yes
from tocsin.core import commands as co
from tocsin.core import ledger_commands as lc
from tocsin.core.area import Area
from tocsin.core.claims import Quote, When, Where
from tocsin.core.incidents import Incident, Ledger, LinkKind, Stage
from tocsin.keys.sealed import content_of
from tocsin.service.schedule import Scheduler, due

HOUR = timedelta(hours=1)
AUTHORITY = profile().world.authority
Step = Callable[["Told", Home], Awaitable[None]]


@dataclass
class Told:
    """The names that a story goes by."""

    clock: FakeClock
    ids: dict[str, str] = field(default_factory=dict)

    async def make(self, home: Home, name: str, command: co.Command, **texts: bytes) -> None:
        """Ask for something and remember what it made."""
        outcome = yes(await home.service.submit(command, texts=texts or None))
        self.ids[name] = outcome.alert_id or ""

    def opening(self, site: str, geocode: str = KYIV) -> lc.OpenIncident:
        """The command that opens an incident of an hour ago."""
        now = self.clock.now()
        when = When(start=now - HOUR, end=now - HOUR / 2, grain="minute")
        return lc.OpenIncident(kind="strike", site=site, where=Where(geocode=geocode), when=when)


async def alarm(told: Told, home: Home) -> None:
    await told.make(home, "alert", issue(LVIV))


async def open_two(told: Told, home: Home) -> None:
    await told.make(home, "civilian", told.opening("civilian"))
    await told.make(home, "lviv", told.opening("civilian", LVIV))


async def enter(told: Told, home: Home) -> None:
    said = saying(figure(5), voice=RESCUE, quote=Quote(content=content_of(b"sealed")))
    claim = lc.EnterClaim(saying=said, incident_id=told.ids["civilian"])
    await told.make(home, "claim", claim, **{content_of(b"sealed"): b"sealed"})
    await told.make(home, "loose", lc.EnterClaim(saying=stated()))


async def announce(told: Told, home: Home) -> None:
    command = lc.AnnounceIncident(incident_id=told.ids["civilian"])
    await told.make(home, "announced", command)


async def hold(told: Told, home: Home) -> None:
    until = told.clock.now() + 5 * HOUR
    command = lc.SetEmbargo(incident_id=told.ids["lviv"], until=until, reason="search goes on")
    await told.make(home, "held", command)


async def clear(told: Told, home: Home) -> None:
    await told.make(home, "c", co.ClearAlert(sender=AUTHORITY, alert_id=told.ids["alert"]))


async def wait(told: Told, home: Home) -> None:
    """Let three hours pass, slot by slot, with what the clock brings."""
    scheduler = Scheduler(home.service, home.time)
    for _ in range(18):
        told.clock.step(minutes=10)
        await scheduler.look()


async def go_on(told: Told, home: Home) -> None:
    """Change, link, guide and erase, a minute before the next slot."""
    told.clock.step(minutes=9)
    one, other = told.ids["lviv"], told.ids["civilian"]
    await told.make(home, "x", lc.ChangeIncident(incident_id=one, site="critical"))
    link = lc.LinkIncidents(kind=LinkKind.CAUSED_BY, one=one, other=other, reason="debris")
    await told.make(home, "x", link)
    area = Area(regions=(KYIV,))
    guide = lc.GiveGuidance(area=area, words="w", languages=home.world.languages)
    await told.make(home, "x", guide)
    await told.make(home, "x", lc.EraseWords(claim_id=told.ids["claim"], reason="asked for"))
    retract = lc.RetractClaim(claim_id=told.ids["loose"], reason="not so")
    await told.make(home, "x", retract)


STORY: tuple[Step, ...] = (
    alarm, open_two, enter, announce, hold, wait, clear, go_on, wait, wait, wait, wait,
)  # fmt: skip


@dataclass(frozen=True)
class Seen:
    """What stands at the end of a story, and when each thing came to be told."""

    desk: Ledger
    people: Ledger
    incidents: tuple[Incident, ...]


async def told_with(folder: Path, restarts: set[int], *, snapshots: bool) -> Seen:
    """Tell the story, leaving the house and entering it again after some of its steps."""
    clock = FakeClock()
    told = Told(clock)
    cuts = sorted({0, *restarts, len(STORY)})
    for start, stop in itertools.pairwise(cuts):
        async with house(folder, clock, snapshots=snapshots) as home:
            for step in STORY[start:stop]:
                await step(told, home)
            if snapshots:
                home.service.save_snapshot()
            seen = home.service.visible()
            left = Seen(home.service.ledger, seen.ledger, tuple(seen.incidents()))
        async with house(folder, clock, snapshots=snapshots) as home:
            again = home.service.visible()
            entered = Seen(home.service.ledger, again.ledger, tuple(again.incidents()))
        assert entered == left
        assert list(entered.people.claims) == list(left.people.claims)
    return left


@pytest.mark.parametrize("snapshots", [True, False])
async def test_a_ledger_is_the_same_after_a_restart_at_every_point(tmp_path, snapshots):
    seen = await told_with(tmp_path, set(range(len(STORY))), snapshots=snapshots)
    stages = [each.stage for each in seen.desk.incidents.values()]
    assert stages == [Stage.RELEASED, Stage.RELEASED]
    assert len(seen.incidents) == 2
    assert len(seen.people.links) == 1


@pytest.mark.parametrize("snapshots", [True, False])
async def test_what_is_told_and_when_does_not_depend_on_restarts(tmp_path, snapshots):
    straight = await told_with(tmp_path / "straight", set(), snapshots=snapshots)
    cut = await told_with(tmp_path / "cut", set(range(len(STORY))), snapshots=snapshots)

    def times(seen: Seen) -> list[tuple[object, ...]]:
        told = [
            (each.kind, each.where, each.announced_at, each.released_at, each.stage)
            for each in seen.desk.incidents.values()
        ]
        claims = [(each.standing, each.entered_at) for each in seen.people.claims.values()]
        return [*sorted(told, key=repr), *sorted(claims, key=repr)]

    assert times(cut) == times(straight)


async def test_a_house_that_was_away_releases_when_it_is_back_and_at_a_slot(tmp_path):
    clock = FakeClock()
    told = Told(clock)
    async with house(tmp_path, clock) as home:
        await open_two(told, home)
        assert due(home.world, home.service.state, clock.now()) == []
    clock.step(hours=9, minutes=3)
    async with house(tmp_path, clock) as home:
        assert home.service.visible().incidents() == []
        await Scheduler(home.service, home.time).look()
        assert home.service.visible().incidents() == []
        clock.step(minutes=10)
        assert len(home.service.visible().incidents()) == 2


async def test_a_second_look_releases_nothing_twice(tmp_path):
    clock = FakeClock()
    told = Told(clock)
    async with house(tmp_path, clock) as home:
        await open_two(told, home)
        clock.step(hours=9)
        scheduler = Scheduler(home.service, home.time)
        assert await scheduler.look() == 2
        names = {each.public_id for each in home.service.ledger.incidents.values()}
        assert await scheduler.look() == 0
        assert {each.public_id for each in home.service.ledger.incidents.values()} == names
        assert not names & set(home.service.ledger.incidents), "its own id tells when it began"
