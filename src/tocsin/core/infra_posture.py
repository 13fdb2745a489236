"""Postures: how much an installation, a kind of them, or a region is guarded (DESIGN R9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.events import Event
from tocsin.core.facilities import INSTALLATION_KINDS, Posture
from tocsin.core.infra_installations import unknown
from tocsin.core.infrastructure import Infrastructure
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def set_posture(
    world: World, state: State, asked: ic.SetPosture, now: datetime, ids: Sequence[str]
) -> Answer:
    """Order a posture and call its staff; the last order for the same holds."""
    named = [asked.installation_id is not None, asked.kind is not None, bool(asked.regions)]
    if sum(named) != 1:
        return Refusal(
            Rule.EMPTY_AREA, "/of", "Name one installation, or one kind, or regions: one of these."
        )
    if asked.installation_id is not None:
        one = state.infra.installations.get(asked.installation_id)
        if one is None or one.erased:
            refused = unknown(asked.installation_id)
            return Refusal(refused.rule, "/installation", refused.help)
    if asked.kind is not None and asked.kind not in INSTALLATION_KINDS:
        return Refusal(
            Rule.BAD_VALUE, "/kind", f"A kind is one of {', '.join(INSTALLATION_KINDS)}."
        )
    for number, code in enumerate(asked.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    for field, words in (("/reason", asked.reason), ("/ordered_by", asked.ordered_by),
                         ("/for_whom", asked.for_whom)):  # fmt: skip
        if not words.strip():
            return Refusal(Rule.REASON_MISSING, field, "Say why, by whose order, and for whom.")
    if asked.until is not None and asked.until <= now:
        return Refusal(Rule.DEADLINE_PAST, "/until", "It would have ended already.")
    regions = world.tree.fewest(world.tree.mask(asked.regions))
    return (
        ie.PostureSet(
            at=now, posture_id=ids[0], level=asked.level, reason=asked.reason,
            ordered_by=asked.ordered_by, for_whom=asked.for_whom,
            installation_id=asked.installation_id, kind=asked.kind, regions=regions,
            until=asked.until, by=asked.by,
        ),
        OfficersPaged(at=now, why=PageReason.POSTURE, account=asked.by),
    )  # fmt: skip


def last_orders(infra: Infrastructure) -> Mapping[tuple[str, ...], Posture]:
    """Return the last order for each thing, whether it holds or has run out."""
    return {each.of: each for each in infra.postures}


def has_run_out(posture: Posture, now: datetime) -> bool:
    """Say whether its time is over. That is no order to go back to normal: nobody gave one."""
    return posture.until is not None and posture.until <= now


def postures_now(infra: Infrastructure, now: datetime) -> Mapping[tuple[str, ...], Posture]:
    """Return the order that holds for each thing; absent where none does any more."""
    last = last_orders(infra)
    return {of: each for of, each in last.items() if not has_run_out(each, now)}
