"""The counterfeit notice: "a warning telling you to ... is false", at once (DESIGN R13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import Realm, Status, handle_of
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Role, Warrant
from tocsin.core.demands import wrong_area
from tocsin.core.events import Event
from tocsin.core.notice_words import like_all_clear, with_address
from tocsin.core.people import people_in
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import MINUTE, given_by
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def tell(
    world: World,
    state: State,
    asked: nc.TellCounterfeit,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None = None,
) -> Answer:
    """Tell people that a warning which is about is false; supervisors hear of a wide one.

    It goes out by one person and without a preview, so its words can be no all-clear.
    """
    if warrant is not None and (refused := _machine(state, warrant, now)) is not None:
        return refused
    if (refused := wrong_area(world, asked.area)) is not None:
        return refused
    for language in world.languages:
        if language not in asked.languages:
            return Refusal(
                Rule.TEXT_MISSING, f"/text/{language}",
                f"What is false, and what is true, is told in every language: "
                f"{', '.join(world.languages)}.",
            )  # fmt: skip
    refused = with_address(asked.sentences) or like_all_clear(world, asked.sentences, may_wait=True)
    if refused is not None:
        return refused
    if asked.refutes is not None and asked.refutes not in state.ledger.claims:
        return Refusal(Rule.UNKNOWN_CLAIM, "/refutes", f"No claim {asked.refutes!r} is known here.")
    taken = frozenset(each.handle for each in state.notices.counterfeits.values())
    told = ne.CounterfeitTold(
        at=now, notice_id=ids[0], handle=handle_of(ids[0], taken), area=asked.area,
        words=asked.words, refutes=asked.refutes, by=asked.by,
    )  # fmt: skip
    if warrant is None or not _is_wide(world, state, asked):
        return (told,)
    return (
        told,
        OfficersPaged(
            at=now, why=PageReason.COUNTERFEIT, account=warrant.account, roles=(Role.SUPERVISOR,)
        ),
    )


def _machine(state: State, warrant: Warrant, now: datetime) -> Refusal | None:
    """Refuse a machine that may not speak at once, or that speaks too often."""
    if not warrant.is_machine:
        return None
    if not warrant.direct:
        return Refusal(
            Rule.NOT_ALLOWED, "/Authorization",
            "A notice goes out without a preview; this key may do nothing without one.",
        )  # fmt: skip
    lately = sum(
        1 for each in state.notices.counterfeits.values()
        if each.by == warrant.account and each.at > now - MINUTE
    ) + given_by(state, warrant.account, now, Realm.LIVE)  # fmt: skip
    if warrant.per_minute is not None and lately >= warrant.per_minute:
        return Refusal(
            Rule.TOO_MANY_REQUESTS, "",
            f"This key may give {warrant.per_minute} alerts and notices a minute.",
        )  # fmt: skip
    return None


def _is_wide(world: World, state: State, asked: nc.TellCounterfeit) -> bool:
    """Say whether so many people read it, or people under a real alert, that others must know."""
    tree, policy = world.tree, world.second_person
    here = tree.extent(asked.area).touched
    people = people_in(tree, asked.area)
    tops = sum(1 for code in tree.children(tree.root) if tree.leaves[tree.index[code]] & here)
    return (
        (people is not None and people > policy.people_above)
        or tops > policy.top_regions_above
        or any(
            each.status is Status.ACTUAL and tree.extent(each.area).touched & here
            for each in state.in_force()
        )
    )


def end(state: State, asked: nc.EndCounterfeit, now: datetime) -> Answer:
    """Say that it is no longer about."""
    held = state.notices.counterfeits.get(asked.notice_id)
    if held is None:
        return Refusal(Rule.UNKNOWN_NOTICE, "/id", f"No notice {asked.notice_id!r} was given here.")
    if held.ended_at is not None:
        return ()
    return (ne.CounterfeitEnded(at=now, notice_id=held.id, by=asked.by),)
