"""Threat reports: taken in, merged into a draft, withdrawn with it (DESIGN R11, LESSONS L13)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import intake_commands as tc
from tocsin.core import intake_events as te
from tocsin.core.authority import Warrant
from tocsin.core.commands import IssueAlert
from tocsin.core.events import AlertIssued, Event
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.threats import Closing
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def take(
    world: World, state: State, asked: tc.TakeThreat, now: datetime, ids: Sequence[str]
) -> Answer:
    """Take in a report; the same one again changes nothing."""
    raise NotImplementedError


def closing(state: State, asked: IssueAlert, found: Answer) -> Answer:
    """Return what follows from an issue, and with it the end of the draft that it answers.

    A draft that somebody answered meanwhile is a lost race: two sirens for one danger. While the
    issue itself waits for a second person the draft waits as well.
    """
    if asked.draft_id is None or isinstance(found, Refusal):
        return found
    draft = state.inbox.drafts.get(asked.draft_id)
    if draft is None:
        return Refusal(
            Rule.UNKNOWN_ALERT_DRAFT, "/draft", f"No draft {asked.draft_id!r} waits here."
        )
    if not draft.waits:
        return Refusal(Rule.ALERT_DRAFT_CLOSED, "/draft", f"It is {draft.how} already.")
    for event in found:
        if isinstance(event, AlertIssued):
            closed = te.AlertDraftClosed(at=event.at, draft_id=draft.id, how=Closing.ISSUED,
                                         alert_id=event.alert_id, by=event.by)  # fmt: skip
            return (*found, closed)
    return found


def close(
    world: World,  # noqa: ARG001
    state: State,
    asked: tc.CloseAlertDraft,
    now: datetime,
    warrant: Warrant | None,  # noqa: ARG001
) -> Answer:
    """Dismiss a draft, or let it run out."""
    draft = state.inbox.drafts.get(asked.draft_id)
    if draft is None:
        return Refusal(Rule.UNKNOWN_ALERT_DRAFT, "/id", f"No draft {asked.draft_id!r} waits here.")
    if not draft.waits:
        return Refusal(Rule.ALERT_DRAFT_CLOSED, "/id", f"It is {draft.how} already.")
    if asked.run_out:
        how = Closing.RAN_OUT
    elif not asked.reason.strip():
        return Refusal(Rule.REASON_MISSING, "/reason", "Say in a few words why it is dismissed.")
    else:
        how = Closing.DISMISSED
    return (te.AlertDraftClosed(at=now, draft_id=draft.id, how=how, reason=asked.reason,
                                by=asked.by),)  # fmt: skip
