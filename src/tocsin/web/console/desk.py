"""What one officer has before him in one room: values only, no words of any language.

Live and drill never meet: everything here is asked for one room. What an officer may not do is
decided by the same functions that decide it when he tries (``core.scope``), so a button that
is not there would have been refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.alert import Alert, Audience, Realm
from tocsin.core.area import Leaves
from tocsin.core.authority import Permission, Warrant
from tocsin.core.hazard import Hazard
from tocsin.core.reminders import Reminder, reminders
from tocsin.core.scope import in_room, may_end_it
from tocsin.core.state import State
from tocsin.core.world import World
from tocsin.projections.reach import Reach

ON_KEYS = 8
"""Dangers have the keys 1 to 8; where there are more, the last of them opens the rest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An alert as the desk lists it. ``share`` of those selected has it; None: not measured."""

    alert: Alert
    may_end: bool
    share: float | None = None
    reminder: Reminder | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """One room, at one moment.

    ``overlay`` is what is real in the officer's area (drill room),
    the newest first.
    """

    realm: Realm
    ran_out: tuple[Shown, ...]
    in_force: tuple[Shown, ...]
    due: tuple[Shown, ...]
    neighbours: tuple[Alert, ...]
    overlay: tuple[Alert, ...]
    real_count: int
    real_latest: Alert | None

    @property
    def sense(self) -> object:
        """Return everything that is told of it, to know whether anything changed."""
        shown = (*self.ran_out, *self.in_force, *self.due)
        return (
            [(s.alert.id, s.alert.revision, s.may_end, s.share, s.reminder) for s in shown],
            [(a.id, a.revision) for a in (*self.neighbours, *self.overlay)],
            self.real_count,
        )


def room(
    world: World,
    state: State,
    realm: Realm,
    warrant: Warrant | None,
    now: datetime,
    reach: Reach | None = None,
) -> Room:
    """Return what is in a room for whoever holds ``warrant``; None: the house itself."""
    audience = Audience.PUBLIC if realm is Realm.LIVE else Audience.DRILL
    mine = territory(world, warrant)
    asked = {each.alert_id: each for each in reminders(world, state, now)}

    def shown(alert: Alert) -> Shown:
        return Shown(
            alert=alert,
            may_end=may_end(world, state, warrant, alert),
            share=share_of(reach, alert.id),
            reminder=asked.get(alert.id),
        )

    here = [each for each in state.active.values() if each.audience is audience]
    in_force = sorted((shown(each) for each in here), key=_own_first)
    lapsed = [each for each in state.unconfirmed.values() if each.audience is audience]
    real = [each for each in state.in_force() if each.audience is Audience.PUBLIC]
    return Room(
        realm=realm,
        ran_out=tuple(sorted((shown(each) for each in lapsed), key=_own_first)),
        in_force=tuple(in_force),
        due=tuple(each for each in in_force if each.reminder is not None and each.may_end),
        neighbours=tuple(_outside(world, here, mine)),
        overlay=tuple(sorted(
            (each for each in real
             if realm is Realm.DRILL and world.tree.extent(each.area).touched & mine),
            key=lambda each: each.sent, reverse=True,
        )),
        real_count=len(real),
        real_latest=max(real, key=lambda each: each.sent, default=None),
    )  # fmt: skip


def territory(world: World, warrant: Warrant | None) -> Leaves:
    """Return the leaves in which somebody may warn; the whole country for the house itself."""
    tree = world.tree
    if warrant is None:
        return tree.mask((tree.root,))
    return tree.mask(code for code in warrant.scope.regions if code in tree)


def may_end(world: World, state: State, warrant: Warrant | None, alert: Alert) -> bool:
    """Say whether somebody may give this alert's all-clear."""
    if warrant is None:
        return True
    sender = warrant.scope.sender
    if alert.hold and alert.sender != sender:
        return False
    may = world.may_end(sender, alert.sender, state.under)
    return may and may_end_it(world, warrant, alert, sender) is None


def may_issue(warrant: Warrant | None, realm: Realm) -> bool:
    """Say whether somebody may warn in this room at all."""
    return warrant is None or in_room(warrant, realm, Permission.ISSUE) is None


def share_of(reach: Reach | None, alert_id: str) -> float | None:
    """Return which share of those it was meant for has an alert's last revision."""
    if reach is None:
        return None
    rows = list(reach.last_of(alert_id))
    selected = sum(row.selected for row in rows)
    return sum(row.acknowledged for row in rows) / selected if selected else None


def dangers(world: World, warrant: Warrant | None) -> tuple[Sequence[Hazard], Sequence[Hazard]]:
    """Return the dangers that have a key of their own, and those behind the last one."""
    known = [h for h in world.hazards.values() if warrant is None or warrant.scope.knows(h.id)]
    if len(known) <= ON_KEYS:
        return known, ()
    return known[: ON_KEYS - 1], known[ON_KEYS - 1 :]


def parts(world: World, alert: Alert) -> list[tuple[str, list[str]]]:
    """Return the regions of an alert, each with those under it that are still covered."""
    tree = world.tree
    covered = tree.extent(alert.area).touched
    found = []
    for code in tree.fewest(covered):
        inside = [each for each in tree.children(code) if tree.mask((each,)) & covered]
        found.append((code, inside))
    return found


def _own_first(shown: Shown) -> tuple[bool, datetime]:
    return (not shown.may_end, shown.alert.sent)


def _outside(world: World, alerts: Iterable[Alert], mine: Leaves) -> Iterable[Alert]:
    """Yield the alerts that begin where one's own territory ends."""
    for alert in alerts:
        if not world.tree.extent(alert.area).touched & mine:
            yield alert
