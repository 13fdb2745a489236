"""What the desk asks besides what is in force: calls, notes, who is signed in, what is usual.

Folded from every event, in the journal's order. At a start only the last rows are read: calls
count for a day, notes for some days, and a session no longer than a shift.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import assert_never

from tocsin.core import audit
from tocsin.core import events as ev
from tocsin.core import ledger_events as le
from tocsin.core.alert import Status
from tocsin.core.area import RegionTree
from tocsin.core.audit import PageReason
from tocsin.core.authority import Role

CALLS_SHOWN = timedelta(hours=24)
CALLS_KEPT = 1_000
NOTES_KEPT = 500
SIZES_KEPT = 200
SIZES_ENOUGH = 10
"""Alerts of a danger from which on what is usual for it can be told."""
LARGE_TIMES = 2
"""Larger than usual: twice what nine of ten alerts of that danger cover."""


@dataclass(slots=True)
class Call:
    """Officers were called; who took it up, where that can be told."""

    seq: int
    at: datetime
    why: PageReason
    alert_id: str | None
    proposal_id: str | None
    account: str
    roles: tuple[Role, ...]
    answered_by: str = ""
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """A note; ``text`` is the content hash of its words."""

    seq: int
    at: datetime
    note_id: str
    kind: str
    text: str
    alert_id: str | None
    by: str


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody is signed in."""

    session_id: str
    account: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Trial:
    """A self-test: a System alert that nobody but the desk sees (LESSONS L6)."""

    alert_id: str
    at: datetime
    sender: str
    by: str


class Desk:
    """The projection; one for the house."""

    def __init__(self, tree: RegionTree) -> None:
        self.seq = 0
        self._tree = tree
        self._calls: deque[Call] = deque(maxlen=CALLS_KEPT)
        self._notes: deque[Note] = deque(maxlen=NOTES_KEPT)
        self._shifts: dict[str, Shift] = {}
        self._trials: dict[str, Trial] = {}
        self._sizes: dict[str, deque[int]] = {}

    # -- what happened ---------------------------------------------------------------------------

    def apply(self, seq: int, event: ev.Event) -> None:
        """Fold one row of the journal."""
        self.seq = max(self.seq, seq)
        if isinstance(event, ev.AlertEvent | ev.AlertKept):
            self._alert(event)
            return
        match event:
            case audit.OfficersPaged():
                self._calls.append(
                    Call(seq, event.at, event.why, event.alert_id, event.proposal_id,
                         event.account, event.roles)
                )  # fmt: skip
            case audit.NoteWritten():
                self._notes.append(
                    Note(seq, event.at, event.note_id, event.kind, event.text, event.alert_id,
                         event.by)
                )  # fmt: skip
            case audit.SignedIn():
                self._shifts[event.session_id] = Shift(event.session_id, event.account_id, event.at)
            case audit.SignedOut():
                self._shifts.pop(event.session_id, None)
            case audit.AccountChanged():
                if event.change in ("closed", "erased"):
                    self._shifts = {
                        name: each
                        for name, each in self._shifts.items()
                        if each.account != event.account_id
                    }
            case ev.ProposalAnswered():
                if not event.declined:
                    self._answered(event.by, event.at, proposal_id=event.proposal_id)
            case (
                ev.ProposalMade()
                | ev.TombstoneLaid()
                | ev.MandateGiven()
                | ev.MandateWithdrawn()
                | ev.ClockDoubted()
                | ev.ClockAccepted()
                | ev.DelegationGiven()
                | ev.DelegationWithdrawn()
                | audit.CredentialChanged()
                | audit.OfficerRefused()
                | audit.StrangersRefused()
            ):
                pass
            case _ if isinstance(event, le.LedgerEvent | ev.InOpenState):
                pass  # the open state holds it, whole
            case _:
                assert_never(event)

    def _alert(self, event: ev.AlertEvent | ev.AlertKept) -> None:
        if isinstance(event, ev.AlertIssued):
            if event.status is Status.SYSTEM:
                self._trials[event.sender] = Trial(event.alert_id, event.at, event.sender, event.by)
            elif event.status is Status.ACTUAL:
                sizes = self._sizes.setdefault(event.hazard, deque(maxlen=SIZES_KEPT))
                sizes.append(self._tree.extent(event.area).touched.bit_count())
            return
        by = "" if isinstance(event, ev.AlertRanOut) else event.by
        if by:
            self._answered(by, event.at, alert_id=event.alert_id)

    def _answered(
        self, by: str, at: datetime, *, alert_id: str | None = None, proposal_id: str | None = None
    ) -> None:
        """Note who took up the calls to an alert or a proposal: the first who acts on it."""
        for call in reversed(self._calls):
            if call.at < at - CALLS_SHOWN:
                return
            mine = (
                call.alert_id == alert_id
                if alert_id is not None
                else (call.proposal_id == proposal_id)
            )
            if mine and call.answered_at is None:
                call.answered_by, call.answered_at = by, at

    # -- questions -------------------------------------------------------------------------------

    def calls(self, now: datetime) -> list[Call]:
        """Return the calls of the last 24 hours, the latest first."""
        since = now - CALLS_SHOWN
        return [call for call in reversed(self._calls) if call.at > since]

    def notes(self, alert_id: str | None = None) -> Iterator[Note]:
        """Yield notes, the latest first; about one alert, where it is given."""
        return (
            note for note in reversed(self._notes) if alert_id is None or note.alert_id == alert_id
        )

    def shifts(self) -> list[Shift]:
        """Return who is signed in, whoever came first foremost."""
        return sorted(self._shifts.values(), key=lambda each: each.since)

    def trials(self) -> list[Trial]:
        """Return each sender's last self-test."""
        return list(self._trials.values())

    def is_large(self, hazard: str, leaves: int) -> bool:
        """Say whether an area of so many leaves is larger than usual for that danger.

        Where little is known of it: half of all the land.
        """
        sizes = sorted(self._sizes.get(hazard, ()))
        if len(sizes) < SIZES_ENOUGH:
            return leaves * 2 > len(self._tree.leaf_codes)
        return leaves > LARGE_TIMES * sizes[len(sizes) * 9 // 10]
