"""The counterfeit notice: "a warning telling you to ... is false", at once (DESIGN R13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import handle_of
from tocsin.core.demands import wrong_area
from tocsin.core.events import Event
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def tell(
    world: World, state: State, asked: nc.TellCounterfeit, now: datetime, ids: Sequence[str]
) -> Answer:
    """Tell people that a warning which is about is false."""
    if (refused := wrong_area(world, asked.area)) is not None:
        return refused
    for language in world.languages:
        if language not in asked.languages:
            return Refusal(
                Rule.TEXT_MISSING, f"/text/{language}",
                f"What is false, and what is true, is told in every language: "
                f"{', '.join(world.languages)}.",
            )  # fmt: skip
    if asked.refutes is not None and asked.refutes not in state.ledger.claims:
        return Refusal(Rule.UNKNOWN_CLAIM, "/refutes", f"No claim {asked.refutes!r} is known here.")
    taken = frozenset(each.handle for each in state.notices.counterfeits.values())
    return (
        ne.CounterfeitTold(at=now, notice_id=ids[0], handle=handle_of(ids[0], taken),
                           area=asked.area, words=asked.words, refutes=asked.refutes,
                           by=asked.by),
    )  # fmt: skip


def end(state: State, asked: nc.EndCounterfeit, now: datetime) -> Answer:
    """Say that it is no longer about."""
    held = state.notices.counterfeits.get(asked.notice_id)
    if held is None:
        return Refusal(Rule.UNKNOWN_NOTICE, "/id", f"No notice {asked.notice_id!r} was given here.")
    if held.ended_at is not None:
        return ()
    return (ne.CounterfeitEnded(at=now, notice_id=held.id, by=asked.by),)
