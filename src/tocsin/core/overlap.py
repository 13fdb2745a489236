"""The state of a place, counted by alert identity, never by colour.

The law (DESIGN section 3, rules 4 and 5; RELIABILITY P13-P16):

* A place is clear of a hazard only when *every* alert that covers it has ended. Two
  alerts over one town are two reasons to stay in the shelter.
* An area is the set of its leaf regions. A region is ``active`` when alerts in force
  together cover all its leaves, ``partial`` when some.
* An alert sounds in its leaves minus those already under an active alert of the same
  hazard at the same or a higher level. A leaf that a drawn shape covers only in part is
  not "already under" it.
* What ran out is ``unconfirmed`` until an all-clear or a cancel names it: silence is not
  safety.

Sets of leaves are integers (``core.area``), so each question here is a few machine words.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core.alert import Alert, Realm, Status
from tocsin.core.area import Area, Leaves
from tocsin.core.state import State
from tocsin.core.world import World

CLEARED_SHOWN = timedelta(minutes=30)
"""How long an all-clear is shown as such; then "no alert" (DESIGN section 7)."""


class RegionState(enum.StrEnum):
    """What is shown for one region and one hazard; how fresh it is, is said beside it."""

    ACTIVE = "active"
    PARTIAL = "partial"
    UNCONFIRMED = "unconfirmed"
    CLEARED = "cleared"
    NO_INFORMATION = "no-information"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Picture:
    """One hazard at one moment, as sets of leaves.

    ``whole`` and ``touched`` are covered by alerts in force; ``unconfirmed`` by those that ran out;
    ``cleared`` by an all-clear in the last 30 minutes; ``mandated`` is where somebody may warn.
    """

    whole: Leaves
    touched: Leaves
    unconfirmed: Leaves
    cleared: Leaves
    mandated: Leaves

    def state(self, leaves: Leaves) -> RegionState:
        """Return the state of the region that has these leaves: the first that holds.

        Source: formats/api-v1.md, "One alert (as read)".
        """
        if leaves & ~self.whole == 0:
            return RegionState.ACTIVE
        if leaves & self.touched:
            return RegionState.PARTIAL
        if leaves & self.unconfirmed:
            return RegionState.UNCONFIRMED
        if leaves & self.cleared:
            return RegionState.CLEARED
        if leaves & self.mandated == 0:
            return RegionState.NO_INFORMATION
        return RegionState.NONE


def sounding(
    world: World,
    state: State,
    area: Area,
    *,
    realm: Realm,
    hazard: str,
    level: str | None,
    instead_of: str | None = None,
) -> Leaves:
    """Return the leaves in which an alert over ``area`` would sound.

    ``instead_of`` is the alert that it would replace: what that one covers at a lower level still
    sounds, at the same level it does not. A leaf that its drawn shape covers in part stays silent
    only while the shape stays as it is. Only what itself may sound (Actual in the live realm,
    Exercise in the drill's) keeps another silent: a Test never does, nor imported history.
    """
    danger = world.hazards[hazard]
    rank = danger.rank(level)
    audible = Status.ACTUAL if realm is Realm.LIVE else Status.EXERCISE
    extent = world.tree.extent(area)
    under = 0
    for alert in state.active.values():
        if alert.hazard != hazard or alert.status is not audible or alert.imported:
            continue
        if alert.level == level or danger.rank(alert.level) >= rank:
            mine = world.tree.extent(alert.area)
            under |= mine.whole
            if alert.id == instead_of and _same_shapes(alert.area, area):
                under |= mine.touched & ~extent.whole
    return extent.touched & ~under


def _same_shapes(one: Area, other: Area) -> bool:
    return one.polygons == other.polygons and one.circles == other.circles


@dataclass(frozen=True, slots=True)
class Clearing:
    """What an all-clear would do, asked before it is given (RELIABILITY P14).

    ``ends`` and ``rest``: the alert itself, and what stays of it when only a part is cleared.
    ``ticked`` end along with it unless unticked: the sender's own, and what ran out over the same
    leaves. ``offered`` are subordinates' alerts, which stay unless ticked one by one. ``stays`` are
    alerts that this all-clear cannot end: of other hazards, of other senders, or reaching beyond.
    ``still_under`` are the leaves of the cleared part in which people stay under alert if nothing
    further is ticked.
    """

    ends: Leaves
    rest: Leaves
    ticked: tuple[str, ...]
    offered: tuple[str, ...]
    stays: tuple[str, ...]
    still_under: Leaves


def clearing(
    world: World, state: State, alert: Alert, sender: str, regions: Iterable[str] = ()
) -> Clearing:
    """Return what an all-clear for ``alert`` (or for its part in ``regions``) would do."""
    tree = world.tree
    mine = tree.extent(alert.area).touched
    part = tree.mask(regions)
    ends = mine & part if part else mine
    ticked: list[str] = []
    offered: list[str] = []
    stays: list[str] = []
    for other in state.in_force():
        if other.id == alert.id or other.audience is not alert.audience:
            continue
        covers = tree.extent(other.area).touched
        if not covers & ends:
            continue
        inside = covers & ~ends == 0
        held = other.hold and other.sender != sender
        mine_to_end = inside and not held and world.may_end(sender, other.sender, state.under)
        if other.hazard != alert.hazard or not mine_to_end:
            stays.append(other.id)
        elif other.sender == sender or other.id in state.unconfirmed:
            ticked.append(other.id)
        else:
            offered.append(other.id)
    going = frozenset((alert.id, *ticked))
    under = 0
    for other in state.active.values():
        if other.id not in going and other.audience is alert.audience:
            under |= tree.extent(other.area).touched
    return Clearing(ends, mine & ~ends, tuple(ticked), tuple(offered), tuple(stays), under & ends)


def ran_out_over(
    world: World, state: State, alert: Alert, sender: str, now: datetime
) -> tuple[str, ...]:
    """Return the unconfirmed alerts that an all-clear for ``alert`` names by itself in an import.

    Same hazard, wholly over the same leaves, of the sender or a subordinate, and run out by
    ``now``: history may be imported in any order (DESIGN rule 5).
    """
    if not state.unconfirmed:
        return ()
    ends = world.tree.extent(alert.area).touched
    return tuple(
        other.id
        for other in state.unconfirmed.values()
        if other.id != alert.id
        and (other.ended or now) <= now
        and other.hazard == alert.hazard
        and other.audience is alert.audience
        and world.may_end(sender, other.sender, state.under)
        and world.tree.extent(other.area).touched & ~ends == 0
    )


def picture(
    world: World,
    alerts: Iterable[Alert],
    *,
    hazard: str,
    unconfirmed: Iterable[Alert] = (),
    cleared: Leaves = 0,
    mandated: Leaves = 0,
) -> Picture:
    """Return the picture that these alerts make together."""
    whole = touched = ran_out = 0
    for alert in alerts:
        if alert.hazard == hazard:
            extent = world.tree.extent(alert.area)
            whole |= extent.whole
            touched |= extent.touched
    for alert in unconfirmed:
        if alert.hazard == hazard:
            ran_out |= world.tree.extent(alert.area).touched
    return Picture(whole, touched, ran_out, cleared, mandated)
