"""The one entrance to the rules: ``decide(world, state, command, now, ids)``.

Pure: no I/O, no clock, no randomness. ``now`` is the moment at which it holds, ``ids`` are
ready-made UUIDv7, of which a command takes as many as it needs. Returns the events that
follow, ``()`` where what was asked is so already, or a ``Refusal``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import assert_never

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alerts import cancel, clear, expire, extend, issue, update
from tocsin.core.authority import Mandate
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Decision = tuple[ev.Event, ...] | Refusal


def decide(
    world: World, state: State, command: co.Command, now: datetime, ids: Sequence[str]
) -> Decision:
    """Return what follows from ``command``, asked at ``now``."""
    match command:
        case co.IssueAlert():
            return issue(world, state, command, now, ids)
        case co.UpdateAlert():
            return update(world, state, command, now)
        case co.ExtendAlert():
            return extend(world, state, command, now)
        case co.ClearAlert():
            return clear(world, state, command, now)
        case co.CancelAlert():
            return cancel(world, state, command, now)
        case co.ExpireAlert():
            return expire(world, state, command, now)
        case co.GiveMandate():
            return _give(world, command, now)
        case co.WithdrawMandate():
            return _withdraw(world, state, command, now)
        case co.DoubtClock():
            return (ev.ClockDoubted(at=now, wall=command.wall, expected=command.expected,
                                    restarted=command.restarted),)  # fmt: skip
        case co.AcceptClock():
            return (ev.ClockAccepted(at=now, wall=command.wall, by=command.by),)
        case _:
            assert_never(command)


def _give(world: World, command: co.GiveMandate, now: datetime) -> Decision:
    if not command.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for number, code in enumerate(command.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    start = command.valid_from or now
    if command.valid_until is not None and command.valid_until <= start:
        return Refusal(Rule.ENDS_BEFORE_START, "/valid_until", "A mandate ends after it begins.")
    regions = world.tree.fewest(world.tree.mask(command.regions))
    return (
        ev.MandateGiven(at=now, sender=command.sender, regions=regions, valid_from=start,
                        valid_until=command.valid_until, by=command.by, imported=command.imported),
    )  # fmt: skip


def _withdraw(world: World, state: State, command: co.WithdrawMandate, now: datetime) -> Decision:
    tree = world.tree
    for number, code in enumerate(command.regions):
        if code not in tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    gone = tree.mask(command.regions)
    held = [mandate for mandate in state.mandates if mandate.sender == command.sender]
    left = []
    for mandate in held:
        leaves = tree.mask(code for code in mandate.regions if code in tree)
        if not leaves & gone:
            left.append(mandate)
        elif regions := tree.fewest(leaves & ~gone):
            left.append(Mandate(mandate.sender, regions, mandate.valid_from, mandate.valid_until))
    if left == held:
        return ()
    return (
        ev.MandateWithdrawn(at=now, sender=command.sender, regions=command.regions,
                            left=tuple(left), by=command.by),
    )  # fmt: skip
