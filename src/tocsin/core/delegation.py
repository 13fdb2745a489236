"""A superior lets a subordinate end parts of its alerts (RELIABILITY P14)."""

from __future__ import annotations

from datetime import datetime

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Realm
from tocsin.core.authority import EVERY, Delegation, Permission, Warrant, some
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import in_room
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[ev.Event, ...] | Refusal


def delegate(
    world: World,
    state: State,
    asked: co.GiveDelegation | co.WithdrawDelegation,
    now: datetime,
    warrant: Warrant | None,
) -> Answer:
    """Give a delegation, or take back all that one authority gave another.

    It holds for real alerts, so a drill's credential gives none; and nobody lets another do what he
    may not do himself.
    """
    if warrant is not None and (refused := _not_his(asked, warrant)) is not None:
        return refused
    if isinstance(asked, co.WithdrawDelegation):
        if not any((d.sender, d.to) == (asked.sender, asked.to) for d in state.delegations):
            return ()
        return (ev.DelegationWithdrawn(at=now, sender=asked.sender, to=asked.to, by=asked.by),)
    if not world.is_superior(asked.sender, asked.to, state.under):
        return Refusal(Rule.NOT_ALLOWED, "/to", f"{asked.to} does not stand under {asked.sender}.")
    if not asked.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for number, code in enumerate(asked.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    for number, hazard in enumerate(asked.hazards):
        if hazard != EVERY and hazard not in world.hazards:
            return Refusal(
                Rule.UNKNOWN_HAZARD, f"/hazards/{number}", f"The profile has no hazard {hazard!r}."
            )
    if asked.valid_until <= now:
        return Refusal(Rule.EXPIRES_PAST, "/valid_until", "A delegation ends in the future.")
    if warrant is not None and (refused := _wider(world, asked, warrant)) is not None:
        return refused
    given = Delegation(asked.sender, asked.to, asked.regions, asked.hazards, asked.valid_until)
    return (ev.DelegationGiven(at=now, delegation=given, by=asked.by),)


def _not_his(asked: co.GiveDelegation | co.WithdrawDelegation, warrant: Warrant) -> Refusal | None:
    refused = in_room(warrant, Realm.LIVE, Permission.SUPERVISE)
    if refused is None and warrant.scope.sender != asked.sender:
        refused = Refusal(
            Rule.NOT_ALLOWED, "/sender", "A supervisor of that very authority delegates."
        )
    return refused


def _wider(world: World, asked: co.GiveDelegation, warrant: Warrant) -> Refusal | None:
    """Refuse to delegate what the supervisor has no say over himself."""
    tree, scope = world.tree, warrant.scope
    mine = tree.mask(code for code in scope.regions if code in tree)
    if foreign := tree.mask(asked.regions) & ~mine:
        return Refusal(
            Rule.OUTSIDE_JURISDICTION, "/regions",
            f"{warrant.name} has no say in {some(tree.fewest(foreign))}.",
        )  # fmt: skip
    for number, hazard in enumerate(asked.hazards):
        if not scope.knows(hazard):
            return Refusal(
                Rule.HAZARD_NOT_ALLOWED, f"/hazards/{number}",
                f"{warrant.name} may not warn of {hazard}, so he delegates none of it.",
            )  # fmt: skip
    return None
