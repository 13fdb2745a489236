"""When the issuer is asked "Still valid?" (DESIGN section 7, "reminder to the issuer").

The first question comes an hour after the alert was given or last kept; the next at 80 % and
95 % of the time that is left from there to its end. Only the latest question stands: who
answers it has answered those before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tocsin.core.alert import Alert, Status
from tocsin.core.state import State
from tocsin.core.world import World

ASKED_OF = (Status.ACTUAL, Status.EXERCISE)
"""A drill is asked after as well, so that it is rehearsed; a test is nobody's warning."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """A question that stands unanswered. ``share`` is 0 for the first, else 0.8 or 0.95."""

    alert_id: str
    share: float
    due_at: datetime
    expires: datetime


def reminders(world: World, state: State, now: datetime) -> list[Reminder]:
    """Return the questions that stand at ``now``, the alert that ends first foremost.

    O(alerts in force). Imported history is never asked after.
    """
    found = [
        reminder
        for alert in state.active.values()
        if alert.status in ASKED_OF and not alert.imported
        if (reminder := _of(world, state, alert, now)) is not None
    ]
    return sorted(found, key=lambda each: (each.expires, each.alert_id))


def unanswered(
    world: World, state: State, now: datetime, paged: frozenset[Reminder]
) -> list[Reminder]:
    """Return the late questions, of real alerts, to which officers are to be called: once each.

    ``paged`` are those for which that was done.
    """
    wait = world.second_person.page_after
    return [
        each
        for each in reminders(world, state, now)
        if each.share > 0
        and each.due_at + wait <= now
        and each not in paged
        and state.active[each.alert_id].status is Status.ACTUAL
    ]


def _of(world: World, state: State, alert: Alert, now: datetime) -> Reminder | None:
    """Return the latest question about one alert that is due."""
    since = max(alert.sent, state.kept.get(alert.id, alert.sent))
    marks = [(since + world.reminders.first, 0.0)]
    marks += [(since + (alert.expires - since) * share, share) for share in world.reminders.shares]
    due = [(at, share) for at, share in marks if at <= now]
    if not due:
        return None
    share, at = max((share, at) for at, share in due)
    return Reminder(alert.id, share, at, alert.expires)
