"""What a journal holds after a replay, and whether all that was acknowledged is in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tocsin.core import events as ev
from tocsin.core import ledger_events as le
from tocsin.service.ports import Row

ENTRY = 0
"""The revision by which an entry of the ledger is compared: it has none, it is there or not."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts over a whole journal.

    ``all_clears`` are those that were given, not the alerts that ended along with one;
    ``unconfirmed`` is how many ran out, also where an all-clear named them later.
    """

    alerts: int
    all_clears: int
    unconfirmed: int
    journal_events: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What a journal holds of what was acknowledged: revisions that are gone, or stand twice."""

    acknowledged: int
    lost: int
    doubled: int


def count(rows: Iterable[tuple[Row, ev.Event]]) -> Figures:
    """Return the figures of a journal. O(rows)."""
    alerts = all_clears = unconfirmed = events = 0
    for _row, event in rows:
        events += 1
        match event:
            case ev.AlertIssued():
                alerts += 1
            case ev.AlertCleared(with_alert=None):
                all_clears += 1
            case ev.AlertRanOut():
                unconfirmed += 1
            case _:
                pass
    return Figures(alerts, all_clears, unconfirmed, events)


def kept(rows: Iterable[tuple[Row, ev.Event]], acknowledged: Mapping[str, int]) -> Kept:
    """Compare a journal with what clients saw accepted: alert id -> its last revision.

    Lost: the journal ends before that revision of the alert, or lacks the ledger's entry. Doubled:
    a revision or an identity stands there twice, or the ledger says the same thing twice.
    """
    revisions: Counter[tuple[str, int]] = Counter()
    identities: Counter[object] = Counter()
    for _row, event in rows:
        if isinstance(event, ev.AlertIssued):
            revisions[event.alert_id, 1] += 1
            identities[event.sender, event.identifier] += 1
        elif isinstance(event, le.IncidentOpened):
            revisions[event.incident_id, ENTRY] += 1
            identities[event.kind, event.site, event.where, event.when, event.title] += 1
        elif isinstance(event, le.ClaimEntered):
            revisions[event.claim_id, ENTRY] += 1
            identities[event.incident_id, event.saying] += 1
        elif isinstance(event, ev.AlertEvent):
            revisions[event.alert_id, event.revision] += 1
    lost = sum((alert_id, revision) not in revisions for alert_id, revision in acknowledged.items())
    doubled = sum(times - 1 for times in (*revisions.values(), *identities.values()))
    return Kept(len(acknowledged), lost, doubled)
