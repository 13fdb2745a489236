"""The small country with what it runs on: a tower, its substation, sirens, channels.

``Works`` tells commands to the core alone, by a situation officer or (without a warrant) by the
house. ``the_tower`` enters::

    plant ── substation ── tower (tv: north)
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from kit.world import LEAVES, POLICED, Story, leaves_of, officer
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.authority import Role, Warrant
from tocsin.core.claims import Where
from tocsin.core.coverage import Reach, coverage
from tocsin.core.facilities import Channel, Condition, Facility, Installation, Need, Serves, Tie
from tocsin.core.infrastructure import Infrastructure
from tocsin.core.refusals import Refusal
from tocsin.core.world import World

DOWN, WORKING = Condition.DOWN, Condition.WORKING
DEGRADED, UNKNOWN = Condition.DEGRADED, Condition.UNKNOWN
CHANNELS = {
    "sirens": Channel(id="sirens", names={"en": "Sirens"}, regions=("n1",)),
    "tv": Channel(id="tv", names={"en": "Television"}, regions=("north", "city")),
    "radio": Channel(id="radio", names={"en": "Radio"}, regions=("north",)),
    "web": Channel(id="web", names={"en": "This page"}, wakes=False),
    "cars": Channel(
        id="cars", names={"en": "Cars"}, by_hand=True, regions=("n1", "n2a"),
        advice={"en": "Listen in the street.", "uk": "Слухайте на вулиці."},
    ),
}  # fmt: skip
WIRED: World = replace(POLICED, channels=CHANNELS)


def facility(name: str, at: str = "n1a", **more: Any) -> Facility:
    """An installation's description: a substation there, but for ``more``.

    ``needs`` are ids of what it is powered by; ``serves`` maps channels to regions.
    """
    needs = tuple(
        each if isinstance(each, Need) else Need(tie=Tie.POWERED_BY, on=each)
        for each in more.pop("needs", ())
    )
    serves = tuple(
        Serves(channel=channel, regions=tuple(regions))
        for channel, regions in more.pop("serves", {}).items()
    )
    return Facility(
        kind=more.pop("kind", "substation"), name=name, where=Where(geocode=at), needs=needs,
        serves=serves, **more,
    )  # fmt: skip


def keeper(**more: Any) -> Warrant:
    """A situation officer, who keeps the register."""
    return officer(role=Role.SITUATION_OFFICER, **more)


@dataclass
class Works(Story):
    """Commands one after another; every installation gets an id of its own."""

    world: World = field(default_factory=lambda: WIRED)

    def tell(self, command: co.Command, warrant: Warrant | None = None) -> tuple[ev.Event, ...]:
        """Decide a command, let it happen and return what followed."""
        decision = super().tell(command, warrant)
        self.count += any(
            isinstance(each, ie.InstallationRegistered | ie.OutageReported) for each in decision
        )
        return decision

    @property
    def infra(self) -> Infrastructure:
        """As it stands."""
        return self.state.infra

    def one(self, name: str) -> Installation:
        """An installation by its id."""
        return self.infra.installations[name]

    def add(self, name: str, at: str = "n1a", **more: Any) -> str:
        """Enter an installation; return its id."""
        described = facility(name, at, **more)
        first = self.tell(ic.RegisterInstallation(facility=described, content=f"hash {name}"))[0]
        assert isinstance(first, ie.InstallationRegistered)
        return first.installation_id

    def describe(self, which: str, described: Facility) -> tuple[ev.Event, ...]:
        """Describe an installation anew."""
        return self.tell(self.describing(which, described))

    @staticmethod
    def describing(which: str, described: Facility) -> ic.RegisterInstallation:
        """The command to describe an installation anew."""
        return ic.RegisterInstallation(
            facility=described, content=f"new hash of {described.name}", installation_id=which
        )

    def say(self, which: str, condition: Condition, **more: Any) -> tuple[ev.Event, ...]:
        """Report an installation's condition."""
        return self.tell(self.saying(which, condition, **more))

    @staticmethod
    def saying(which: str, condition: Condition, **more: Any) -> ic.ReportCondition:
        """The command to report an installation's condition."""
        more.setdefault("source", "the grid's control room")
        return ic.ReportCondition(installation_id=which, condition=condition, **more)

    def set(
        self, channel: str, condition: Condition | None, *regions: str, **more: Any
    ) -> tuple[ev.Event, ...]:
        """Say by hand in what condition a channel is."""
        return self.tell(self.setting(channel, condition, *regions, **more))

    @staticmethod
    def setting(
        channel: str, condition: Condition | None, *regions: str, **more: Any
    ) -> ic.SetChannel:
        """The command to say by hand in what condition a channel is."""
        more.setdefault("source", "the broadcaster")
        return ic.SetChannel(channel=channel, regions=regions, condition=condition, **more)

    def erase(self, which: str) -> tuple[ev.Event, ...]:
        """Erase an installation's description."""
        return self.tell(ic.EraseInstallation(installation_id=which, reason="It leaked."))

    def lose_the_key(self) -> None:
        """Go on as after a restart without the key: no description opens."""
        bare = {name: replace(one, facility=None) for name, one in self.infra.installations.items()}
        self.state = replace(self.state, infra=replace(self.infra, installations=bare))

    def reach(self, channel: str) -> Reach:
        """Where a channel stands."""
        found = coverage(self.world, self.infra)
        return next(each for each in found if each.channel.id == channel)

    def names(self, leaves: int) -> frozenset[str]:
        """The leaves of a set, by name."""
        tree = self.world.tree
        return frozenset(code for code in LEAVES if leaves >> tree.leaf_bit[code] & 1)

    def lost(self, channel: str) -> frozenset[str]:
        """The leaves in which a channel may not carry warnings."""
        return self.names(self.reach(channel).lost)

    def told(self, channel: str) -> frozenset[str]:
        """The leaves in which people were told so."""
        return leaves_of(*self.infra.may_not.get(channel, ()))


def the_tower(works: Works) -> tuple[str, str, str]:
    """Enter plant, substation and tower of the heading; return their ids."""
    plant = works.add("plant", kind="power-plant")
    substation = works.add("substation", needs=(plant,))
    tower = works.add("tower", kind="tv-tower", needs=(substation,), serves={"tv": ("north",)})
    return plant, substation, tower


def changed(events: Iterable[ev.Event]) -> dict[str, tuple[str, ...]]:
    """What people are told of channels by these events."""
    return {each.channel: each.may_not for each in events if isinstance(each, ie.ChannelsChanged)}


def refused(answer: object) -> tuple[str, str]:
    """The rule and the field of a refusal."""
    assert isinstance(answer, Refusal), answer
    return answer.rule.value, answer.field
