"""A superior lets a subordinate end parts of its alerts (RELIABILITY P14)."""

from __future__ import annotations

from datetime import datetime

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.authority import EVERY, Delegation, Permission, Warrant
from tocsin.core.refusals import Refusal, Rule
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
    """Give a delegation, or take back all that one authority gave another."""
    if warrant is not None and (
        not warrant.may(Permission.SUPERVISE) or warrant.scope.sender != asked.sender
    ):
        return Refusal(
            Rule.NOT_ALLOWED, "/sender", "A supervisor of that very authority delegates."
        )
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
    given = Delegation(asked.sender, asked.to, asked.regions, asked.hazards, asked.valid_until)
    return (ev.DelegationGiven(at=now, delegation=given, by=asked.by),)
