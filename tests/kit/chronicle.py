"""A story of the small country in which a ledger is kept: incidents and claims in a line each.

``Chronicle`` tells commands to the core alone, by officers or (without a warrant) by the house, and
keeps beside the desk's ledger what people see of it at each slot.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from kit.world import HOUR, MINUTE, NOW, WORLD, Story
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.authority import Warrant
from tocsin.core.claims import (
    Claim,
    ClaimKind,
    Figure,
    Hedge,
    Measure,
    Qualifier,
    Saying,
    SpeakerKind,
    Voice,
    When,
    Where,
)
from tocsin.core.decide import decide
from tocsin.core.incidents import Incident, Ledger, LinkKind
from tocsin.core.ledger import due_for_release
from tocsin.core.ledger_release import due
from tocsin.core.publication import Visible
from tocsin.core.refusals import Refusal
from tocsin.core.world import World
from tocsin.projections.situation import Shown

IDS_EACH = 2
MAYOR = Voice(kind=SpeakerKind.PERSON, name="Ms Mayor", role="mayor", org="city")
RESCUE = Voice(kind=SpeakerKind.ORGANISATION, name="Rescue Service", official=True)
LOCALS = Voice(kind=SpeakerKind.GROUP, role="local officials")


def figure(number: int | None, *measures: Measure, **more: Any) -> Figure:
    """A number as it was said; killed, and exactly so many, unless ``more`` says otherwise."""
    more.setdefault("qualifier", Qualifier.EXACT)
    return Figure(measures=measures or (Measure.KILLED,), value=number, **more)


def at_least(number: int, *measures: Measure) -> Figure:
    """No fewer than that."""
    return figure(number, *measures, qualifier=Qualifier.AT_LEAST)


def lasting(start: timedelta, length: timedelta = 10 * MINUTE, **more: Any) -> When:
    """A time that began so long before (or after) the story's beginning."""
    more.setdefault("grain", "minute")
    return When(start=NOW + start, end=NOW + start + length, **more)


def place(geocode: str = "n1a", **more: Any) -> Where:
    """A place."""
    return Where(geocode=geocode, **more)


def saying(*figures: Figure, kind: ClaimKind = ClaimKind.CASUALTIES, **more: Any) -> Saying:
    """What a claim says."""
    usual: dict[str, Any] = {"voice": MAYOR, "outlet": "Gazette", "hedge": Hedge.SAID}
    return Saying(kind=kind, figures=figures, **{**usual, **more})


def stated(**more: Any) -> Saying:
    """A statement."""
    return saying(kind=ClaimKind.STATEMENT, **more)


@dataclass
class Chronicle(Story):
    """Commands one after another, the ledger that they make, and what people see of it."""

    world: World = WORLD
    shown: Shown = field(init=False)

    def __post_init__(self) -> None:
        """Begin with nothing seen."""
        self.shown = Shown(self.world.publication, self.world.tree)

    def ask(
        self, command: co.Command, warrant: Warrant | None = None
    ) -> tuple[ev.Event, ...] | Refusal:
        """Decide a command without letting it happen."""
        first = self.count * IDS_EACH + 1
        ids = tuple(f"01900000-0000-7000-8000-{first + n:012x}" for n in range(IDS_EACH))
        return decide(self.world, self.state, command, self.now, ids, warrant)

    def tell(self, command: co.Command, warrant: Warrant | None = None) -> tuple[ev.Event, ...]:
        """Decide a command, let it happen and return what followed; a refusal fails the test."""
        before = self.count
        decision = super().tell(command, warrant)
        self.count = before + 1
        for event in decision:
            if isinstance(event, le.LedgerEvent):
                self.shown.apply(event)
        return decision

    @property
    def ledger(self) -> Ledger:
        """The ledger as the desk knows it."""
        return self.state.ledger

    @property
    def visible(self) -> Visible:
        """What people see now."""
        return self.shown.at(self.now)

    def made(self, command: lc.LedgerCommand, warrant: Warrant | None = None) -> str:
        """Tell a command and return the id of what it made."""
        event = self.tell(command, warrant)[-1]
        assert isinstance(event, le.LedgerEvent)
        return le.subject(event)

    def open(
        self, kind: str = "strike", site: str = "civilian", where: Where | None = None,
        when: When | None = None, **more: Any,
    ) -> str:  # fmt: skip
        """Open an incident, of an hour ago where nothing else is said, and return its id."""
        when = when or When(start=self.now - HOUR, end=self.now - 50 * MINUTE, grain="minute")
        return self.made(
            lc.OpenIncident(kind=kind, site=site, where=where or place(), when=when, **more)
        )

    def enter(self, incident_id: str | None, said: Saying) -> str:
        """Enter a claim and return its id."""
        return self.made(lc.EnterClaim(saying=said, incident_id=incident_id))

    def change(self, incident_id: str, **more: Any) -> None:
        """Say better what an incident is."""
        self.tell(lc.ChangeIncident(incident_id=incident_id, **more))

    def same(self, one: str, other: str, *, undo: bool = False) -> None:
        """Say that one incident turned out to be the other, or that it did not."""
        self.link(LinkKind.SAME_AS, one, other, undo=undo)

    def link(self, kind: LinkKind, one: str, other: str, *, undo: bool = False) -> None:
        """Say how two incidents belong together."""
        self.tell(lc.LinkIncidents(kind=kind, one=one, other=other, reason="seen", undo=undo))

    def incident(self, incident_id: str) -> Incident:
        """An incident as the desk knows it."""
        return self.ledger.incidents[incident_id]

    def claim(self, claim_id: str) -> Claim:
        """A claim as the desk knows it."""
        return self.ledger.claims[claim_id]

    def due(self, incident_id: str) -> datetime:
        """From when on an incident may be released, as things stand."""
        return due(self.world, self.state, self.incident(incident_id))

    def release_what_is_due(self) -> None:
        """Do what the clock does each second."""
        for command in list(due_for_release(self.world, self.state, self.now)):
            self.tell(command)

    def later(self, time: timedelta) -> None:
        """Let time pass slot by slot, releasing what is due."""
        until, slot = self.now + time, self.world.publication.slot
        while self.now < until:
            self.now = min(until, self.world.publication.slot_of(self.now) + slot)
            self.release_what_is_due()

    def next_slot(self) -> None:
        """Let time pass until people see what is recorded."""
        self.later(self.world.publication.slot)

    def seen(self) -> set[str]:
        """The incidents that people see now, by the desk's ids."""
        return {each.id for each in self.visible.incidents()}
