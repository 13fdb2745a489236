"""Observers in the small country of ``kit.world``: reports and readings in, events out."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit.world import MANDATES, MINUTE, NOW, POLICED
from tocsin.core import commands as co
from tocsin.core import intake_commands as tc
from tocsin.core import intake_events as te
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Warrant
from tocsin.core.decide import Decision, decide
from tocsin.core.events import Event
from tocsin.core.inbox import AlertDraft
from tocsin.core.refusals import Refusal
from tocsin.core.state import State, evolve
from tocsin.core.threats import Confidence, Dose, Feed, ThreatKind
from tocsin.core.world import FeedPolicy, World

FEEDS = FeedPolicy(
    hazards={"drone": "air-raid", "aircraft": "air-raid", "artillery": "flood", "missile": "none"},
    dose_hazard="chemical",
)
LAND = replace(POLICED, feeds=FEEDS)
WEAK = Feed(key="weak", sender="nation", regions=("land",))
OTHER = Feed(key="other", sender="nation", regions=("land",))
STRONG = Feed(key="strong", sender="nation", regions=("land",), is_weak=False)
ISSUER = Feed(
    key="issuer", sender="nation", regions=("north", "city"), hazards=("air-raid",), issues=True,
    is_weak=False,
)  # fmt: skip


@dataclass
class Watch:
    """A house that listens; the clock stands still until told."""

    world: World = LAND
    now: datetime = NOW
    state: State = field(default_factory=State)
    events: list[Event] = field(default_factory=list)
    count: int = 0

    def __post_init__(self) -> None:
        for sender, region in MANDATES.items():
            self.tell(co.GiveMandate(sender=sender, regions=(region,)))
        self.events.clear()

    def wait(self, time: timedelta) -> None:
        self.now += time

    def ask(self, command: co.Command, warrant: Warrant | None = None) -> Decision:
        """Decide without letting it happen."""
        self.count += 2
        ids = [f"01900000-0000-7000-8000-{self.count + n:012x}" for n in (1, 2)]
        return decide(self.world, self.state, command, self.now, ids, warrant)

    def tell(self, command: co.Command, warrant: Warrant | None = None) -> tuple[Event, ...]:
        """Decide and let it happen; a refusal fails the test."""
        found = self.ask(command, warrant)
        assert not isinstance(found, Refusal), found
        for event in found:
            self.state = evolve(self.state, event)
        self.events += found
        return found

    def refused(self, command: co.Command, warrant: Warrant | None = None) -> tuple[str, str]:
        """Decide what must be refused; return rule and field."""
        found = self.ask(command, warrant)
        assert isinstance(found, Refusal), found
        return found.rule.value, found.field

    def report(self, feed: Feed, *regions: str, **more: object) -> tc.TakeThreat:
        """A report of now, with an id of its own."""
        self.count += 2
        name = f"r{self.count}"
        usual = tc.TakeThreat(
            feed=feed, identifier=name, content=name, sent=self.now,
            not_after=self.now + 10 * MINUTE, kind=ThreatKind.DRONE, regions=regions,
            confidence=Confidence.CONFIRMED,
        )  # fmt: skip
        return replace(usual, **more)  # type: ignore[arg-type]  # names and types are its own

    def take(self, feed: Feed, *regions: str, **more: object) -> te.ThreatTaken:
        """Take in a report."""
        taken = self.tell(self.report(feed, *regions, **more))[0]
        assert isinstance(taken, te.ThreatTaken)
        return taken

    def take_back(self, feed: Feed, earlier: te.ThreatTaken) -> tuple[Event, ...]:
        """Take a report back."""
        return self.tell(self.report(feed, withdraws=earlier.identifier))

    @property
    def drafts(self) -> list[AlertDraft]:
        """Those that wait, oldest first."""
        return [each for each in self.state.inbox.drafts.values() if each.waits]

    @property
    def draft(self) -> AlertDraft:
        """The only one that waits."""
        (found,) = self.drafts
        return found

    @property
    def pages(self) -> list[PageReason]:
        """Why officers were called, in order."""
        return [each.why for each in self.events if isinstance(each, OfficersPaged)]

    def dose(
        self, station: str, value: float, ago: float = 0, region: str = "n1a", key: str = ""
    ) -> Dose:
        """A reading of so many minutes ago; its background is 100."""
        at = self.now - ago * MINUTE
        return Dose(station=station, region=region, value=value, background=100, measured_at=at,
                    key=key)  # fmt: skip

    def weigh(self, *readings: Dose, region: str = "north") -> tuple[Event, ...]:
        """Weigh what stations sent."""
        return self.tell(tc.WeighDoses(region=region, readings=readings))
