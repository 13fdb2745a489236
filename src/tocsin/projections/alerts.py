"""Which alerts there have been: an index over the whole journal, for questions about history.

Small rows only, in the order of sending; the alert itself is read from the journal. Fed in
the journal's order; imported history lies before what is there already, so the order is made
anew when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from tocsin.core import events as ev
from tocsin.core.alert import AlertState, Audience, audience_of
from tocsin.core.area import Area, Leaves, RegionTree


@dataclass(slots=True)
class Entry:
    """One alert: what a question about history looks at. ``reach``: all leaves ever covered."""

    sent: datetime
    alert_id: str
    audience: Audience
    hazard: str
    state: AlertState
    reach: Leaves

    @property
    def key(self) -> tuple[datetime, str]:
        """Its place in the order: by sending, then by id."""
        return self.sent, self.alert_id


class AlertIndex:
    """Every alert of a journal, up to row ``seq``."""

    def __init__(self, tree: RegionTree) -> None:
        self.seq = 0
        self._tree = tree
        self._by_id: dict[str, Entry] = {}
        self._ordered: list[Entry] = []
        self._is_sorted = True

    def apply(self, seq: int, event: ev.Event) -> None:
        """Fold one row of the journal."""
        self.seq = seq
        if not isinstance(event, ev.AlertEvent):
            return
        if isinstance(event, ev.AlertIssued):
            entry = Entry(
                event.at, event.alert_id, audience_of(event.status), event.hazard,
                AlertState.ACTIVE, self._reach(event.area),
            )  # fmt: skip
            self._by_id[event.alert_id] = entry
            if self._ordered and entry.key < self._ordered[-1].key:
                self._is_sorted = False
            self._ordered.append(entry)
            return
        known = self._by_id.get(event.alert_id)
        if known is None:
            return
        match event:
            case ev.AlertUpdated():
                known.state = AlertState.ACTIVE
                known.reach |= self._reach(event.area)
            case ev.AlertExtended():
                known.state = AlertState.ACTIVE
            case ev.AlertCleared():
                known.state = AlertState.CLEARED
            case ev.AlertCancelled():
                known.state = AlertState.CANCELLED
            case ev.AlertRanOut():
                known.state = AlertState.UNCONFIRMED
            case ev.AlertReduced():
                pass

    def backward(
        self,
        wanted: Callable[[Entry], bool],
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        before: tuple[datetime, str] | None = None,
    ) -> Iterator[Entry]:
        """Yield the entries that are wanted, the latest first.

        ``since`` is included, ``until`` is not; ``before`` is the key of the last one seen.
        """
        if not self._is_sorted:
            self._ordered.sort(key=lambda entry: entry.key)
            self._is_sorted = True
        stop = len(self._ordered)
        if until is not None:
            stop = bisect_left(self._ordered, until, key=lambda entry: entry.sent)
        if before is not None:
            stop = min(stop, bisect_left(self._ordered, before, key=lambda entry: entry.key))
        for place in range(stop - 1, -1, -1):
            entry = self._ordered[place]
            if since is not None and entry.sent < since:
                return
            if wanted(entry):
                yield entry

    def _reach(self, area: Area) -> Leaves:
        return self._tree.extent(replace(area, excluded=()) if area.excluded else area).touched
