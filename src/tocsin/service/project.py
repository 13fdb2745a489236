"""What was recorded, folded: the open state, region states, and the last events of each audience.

Fed by one caller in the journal's order. Everything here can be dropped and folded again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from datetime import datetime, timedelta

from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.core.state import State, evolve
from tocsin.core.world import World
from tocsin.projections.regions import RegionStates
from tocsin.service.ports import Row
from tocsin.service.record import Codec, Recorded

RESUME_EVENTS = 1000
RESUME_AGE = timedelta(hours=72)


class Projections:
    """The read side of one node."""

    def __init__(self, world: World, codec: Codec) -> None:
        self._codec = codec
        self.state = State()
        self.seq = 0
        self.heads: dict[Audience, int] = dict.fromkeys(Audience, 0)
        self.regions = RegionStates(world, Audience.PUBLIC)
        self.drill_regions = RegionStates(world, Audience.DRILL)
        self.sequences: dict[str, int | None] = {}
        self._recent: dict[Audience, deque[Recorded]] = {
            audience: deque(maxlen=RESUME_EVENTS) for audience in Audience
        }

    def load(self, rows: Iterable[Row]) -> int:
        """Fold a whole journal, or what was appended by others; return how many rows."""
        events: list[ev.Event] = []
        decode, state = self._codec.decode, self.state
        for row in rows:
            event = decode(row.kind, row.version, row.data)
            events.append(event)
            state = evolve(state, event)
            self._remember(row, event, state)
        self.state = state
        self.regions.apply_all(events)
        self.drill_regions.apply_all(
            event for event in events if ev.audience_of_event(event) is not Audience.PUBLIC
            or isinstance(event, ev.MandateEvent)
        )  # fmt: skip
        return len(events)

    def catch_up(self, rows: Iterable[Row]) -> list[Recorded]:
        """Fold rows that others appended, and return them as recorded."""
        found = []
        for row in rows:
            found += self.record((row,), (self._codec.decode(row.kind, row.version, row.data),))
        return found

    def record(self, rows: Iterable[Row], events: Iterable[ev.Event]) -> list[Recorded]:
        """Fold what one command left behind, and return it as recorded."""
        recorded = []
        for row, event in zip(rows, events, strict=True):
            self.state = evolve(self.state, event)
            recorded.append(self._remember(row, event, self.state))
            self.regions.apply(event)
            self.drill_regions.apply(event)
        return recorded

    def since(self, audience: Audience, after: int, now: datetime) -> list[Recorded] | None:
        """Return what an audience's follower missed; None where only a snapshot will do.

        None for a number from the future, one older than the last 1,000 events or 72 hours.
        """
        head = self.heads[audience]
        if after > head or after < 0:
            return None
        recent = self._recent[audience]
        missed = [each for each in recent if (each.row.audience_seq or 0) > after]
        if len(missed) != head - after:
            return None
        if missed and missed[0].row.recorded_at < now - RESUME_AGE:
            return None
        return missed

    def _remember(self, row: Row, event: ev.Event, state: State) -> Recorded:
        self.seq = row.seq
        alert = state.alert(event.alert_id) if isinstance(event, ev.AlertEvent) else None
        recorded = Recorded(row, event, alert)
        if row.audience_seq is not None:
            self.heads[row.audience] = row.audience_seq
            self._recent[row.audience].append(recorded)
        if alert is not None:
            self.sequences[alert.id] = row.audience_seq
            if len(self.sequences) > 4 * (len(state.identities) + 256):
                kept = {name: s for name, s in self.sequences.items() if state.alert(name)}
                self.sequences = kept
        return recorded
