"""Which channel still reaches whom. Pure arithmetic over what is registered and reported.

* An installation is **at risk** when something that it needs, at any depth, is down; never *down*
  by that alone. Only what somebody reported is down.
* A channel is **lost** in a leaf region when a person said so, or when every installation that
  carries it there is reported down. It is **at risk** there when each that still stands may fail.
  A leaf that no installation is registered for is carried as far as anybody knows.
* What a person said of a channel in a region counts before what its installations say, and the
  later word before the earlier.
* **Silence is not safety.** Where people were told that a channel may not carry warnings, it
  carries again only by a word: something that carries it there is said to work, or a person says so
  of the channel. That an installation is erased, described otherwise, entered anew or not known any
  more gives nothing back; nor does that a person takes a word on the channel back; and while the
  description of one does not open, none of them does.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core import infra_events as ie
from tocsin.core.area import Area, Leaves, RegionTree
from tocsin.core.facilities import Channel, Condition, Installation
from tocsin.core.infrastructure import Infrastructure
from tocsin.core.people import people_in
from tocsin.core.world import World


@dataclass(frozen=True, slots=True)
class Reach:
    """Where one channel stands: sets of leaf regions, none in two of them."""

    channel: Channel
    exists: Leaves
    """Where there is such a channel at all."""
    lost: Leaves
    """It may not carry warnings there."""
    at_risk: Leaves
    """Something that carries it there may fail, or is said to work badly."""
    unknown: Leaves
    """Somebody said that nobody knows."""

    @property
    def carries(self) -> Leaves:
        """Return where it reaches people, as far as anybody knows."""
        return self.exists & ~self.lost


def at_risk(installations: Mapping[str, Installation]) -> Mapping[str, tuple[str, ...]]:
    """Return, by installation that is not down itself, what is down that it needs, at any depth."""
    found: dict[str, tuple[str, ...]] = {}
    for name, one in installations.items():
        if one.condition is Condition.DOWN:
            continue
        causes = tuple(
            each
            for each in needed_by(installations, name)
            if installations[each].condition is Condition.DOWN
        )
        if causes:
            found[name] = causes
    return found


def needed_by(installations: Mapping[str, Installation], name: str) -> list[str]:
    """Return all that an installation needs, at any depth, nearest first; never itself."""
    found: dict[str, None] = {}
    waiting = [name]
    while waiting:
        one = installations.get(waiting.pop(0))
        if one is None or one.facility is None:
            continue
        for need in one.facility.needs:
            if need.on in installations and need.on not in found and need.on != name:
                found[need.on] = None
                waiting.append(need.on)
    return list(found)


def dependants(installations: Mapping[str, Installation], name: str) -> list[str]:
    """Return all that needs an installation, at any depth."""
    return [
        each for each in installations
        if each != name and name in needed_by(installations, each)
    ]  # fmt: skip


def coverage(world: World, infra: Infrastructure) -> tuple[Reach, ...]:
    """Return where each channel of the profile stands, in the profile's order."""
    risky = at_risk(infra.installations)
    return tuple(_reach(world.tree, channel, infra, risky) for channel in world.channels.values())


def hidden(infra: Infrastructure) -> int:
    """Return how many installations there are whose description does not open without its key."""
    return sum(
        1 for each in infra.installations.values() if each.facility is None and not each.erased
    )


def were_down(infra: Infrastructure, name: str) -> Infrastructure:
    """Return what would stand if one installation were down."""
    fallen = replace(infra.installations[name], condition=Condition.DOWN)
    return replace(infra, installations={**infra.installations, name: fallen})


def _reach(
    tree: RegionTree,
    channel: Channel,
    infra: Infrastructure,
    risky: Mapping[str, tuple[str, ...]],
) -> Reach:
    exists = _mask(tree, channel.regions) if channel.regions else tree.mask((tree.root,))
    told = _mask(tree, infra.may_not.get(channel.id, ()))
    base = _by_installations(tree, channel, infra, risky, told)
    lost, at_risk_, unknown = base.lost, base.at_risk, base.unknown
    exists |= base.exists
    for said in infra.settings:
        if said.channel != channel.id:
            continue
        leaves = _mask(tree, said.regions)
        exists |= leaves
        lost, at_risk_, unknown = (each & ~leaves for each in (lost, at_risk_, unknown))
        match said.condition:
            case Condition.DOWN:
                lost |= leaves
            case Condition.DEGRADED:
                at_risk_ |= leaves
            case Condition.UNKNOWN:  # that nobody knows takes nothing back that people were told
                lost |= leaves & told
                unknown |= leaves & ~told
            case Condition.WORKING:
                pass
            case _:  # None: as installations say; what was told stays till one says it works
                lost |= base.lost & leaves
                at_risk_ |= base.at_risk & leaves
                unknown |= base.unknown & leaves
    return Reach(channel, exists, lost, at_risk_, unknown)


def _by_installations(
    tree: RegionTree,
    channel: Channel,
    infra: Infrastructure,
    risky: Mapping[str, tuple[str, ...]],
    told: Leaves,
) -> Reach:
    """Return where a channel stands by what is said of installations, and by what people know."""
    served = standing = works = shaky = firm = 0
    for one in infra.installations.values():
        if one.facility is None:
            continue
        leaves = 0
        for serves in one.facility.serves:
            if serves.channel == channel.id:
                leaves |= _mask(tree, serves.regions)
        served |= leaves
        if one.condition is Condition.DOWN:
            continue
        standing |= leaves
        if one.condition in (Condition.WORKING, Condition.DEGRADED):
            works |= leaves
        if one.id in risky or one.condition is Condition.DEGRADED:
            shaky |= leaves
        elif one.condition is Condition.WORKING or one.as_of is None:
            firm |= leaves  # of what is registered nothing bad was said
    lost = (served & ~standing) | (told & ~works)
    if hidden(infra):
        lost |= told
    unsure = standing & ~firm & ~lost
    return Reach(channel, served | told, lost, unsure & shaky, unsure & ~shaky)


def _mask(tree: RegionTree, codes: tuple[str, ...]) -> Leaves:
    return tree.mask(code for code in codes if code in tree)


def changes(
    world: World, before: Infrastructure, after: Infrastructure, now: datetime
) -> Iterator[ie.ChannelsChanged]:
    """Yield what people must be told: each channel that they were told otherwise of."""
    for reach in coverage(world, after):
        may_not = world.tree.fewest(reach.lost)
        if may_not != before.may_not.get(reach.channel.id, ()):
            yield ie.ChannelsChanged(at=now, channel=reach.channel.id, may_not=may_not)


def without_any(world: World, infra: Infrastructure) -> Leaves:
    """Return the leaves in which no channel wakes people by itself any more."""
    left = lost = 0
    for reach in coverage(world, infra):
        if reach.channel.wakes and not reach.channel.by_hand:
            left |= reach.carries
            lost |= reach.lost
    return lost & ~left


def people(tree: RegionTree, leaves: Leaves) -> int | None:
    """Return about how many people live in these leaves; None where nobody counted them.

    A region without a figure has what the region above has left over. Where that is nothing, the
    figure above counted others only: that is not to say that nobody lives there.
    """
    if not leaves:
        return 0
    codes = tree.fewest(leaves)
    count = people_in(tree, Area(regions=codes))
    if count == 0 and any(tree[code].population is None for code in codes):
        return None
    return count
