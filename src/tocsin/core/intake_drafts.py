"""Drafts of alerts: dismissed by an operator, or run out by the clock; what they are called."""

from __future__ import annotations

from datetime import datetime

from tocsin.core import intake_commands as tc
from tocsin.core import intake_events as te
from tocsin.core.alert import handle_of
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Warrant, some
from tocsin.core.events import Event
from tocsin.core.inbox import AlertDraft
from tocsin.core.intake_proof import known
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.threats import Closing
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def close(
    world: World,
    state: State,
    asked: tc.CloseAlertDraft,
    now: datetime,
    warrant: Warrant | None,
) -> Answer:
    """Dismiss a draft, or let it run out, which says nothing of the danger and calls again."""
    draft = state.inbox.drafts.get(asked.draft_id)
    if draft is None:
        return Refusal(Rule.UNKNOWN_ALERT_DRAFT, "/id", f"No draft {asked.draft_id!r} waits here.")
    if not draft.waits:
        return Refusal(Rule.ALERT_DRAFT_CLOSED, "/id", f"It is {draft.how} already.")
    if asked.run_out:
        if warrant is not None:
            return Refusal(Rule.NOT_ALLOWED, "/Authorization", "A draft runs out by the clock.")
        if now < draft.until or is_proposed(state, draft):
            return Refusal(Rule.NOT_YET_EXPIRED, "/id", "It still waits.")
        return (
            te.AlertDraftClosed(at=now, draft_id=draft.id, how=Closing.RAN_OUT),
            OfficersPaged(at=now, why=PageReason.DRAFT),
        )
    if warrant is not None:
        mine = world.tree.mask(code for code in warrant.scope.regions if code in world.tree)
        if foreign := known(world, draft.regions) & ~mine:
            return Refusal(
                Rule.OUTSIDE_JURISDICTION, "/id",
                f"It covers {some(world.tree.fewest(foreign))}, where {warrant.name} has no say.",
            )  # fmt: skip
    if not asked.reason.strip():
        return Refusal(Rule.REASON_MISSING, "/reason", "Say in a few words why it is dismissed.")
    return (te.AlertDraftClosed(at=now, draft_id=draft.id, how=Closing.DISMISSED,
                                reason=asked.reason, by=asked.by),)  # fmt: skip


def is_proposed(state: State, draft: AlertDraft) -> bool:
    """Say whether an alert that answers the draft waits for its second person."""
    return any(
        each.is_waiting and each.issue is not None and each.issue.draft_id == draft.id
        for each in state.proposals.values()
    )


def handle_for(state: State, draft_id: str) -> str:
    """Return a handle that no alert and no other draft has."""
    drafts = state.inbox.drafts.values()
    return handle_of(draft_id, frozenset((*state.handles, *(each.handle for each in drafts))))
