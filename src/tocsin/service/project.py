"""What was recorded, folded: the open state, region states, and the last events of each audience.

Fed by one caller in the journal's order. Everything here can be dropped and folded again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from tocsin.core import events as ev
from tocsin.core import ledger_events as le
from tocsin.core.alert import Audience
from tocsin.core.state import DAWN, State, evolve
from tocsin.core.world import World
from tocsin.projections.regions import RegionStates
from tocsin.projections.situation import Shown
from tocsin.service.ports import Journal, Row
from tocsin.service.record import AlertView, Codec, Recorded, views_of
from tocsin.service.snapshot import kept_of, ledger_of, read, state_of, written

RESUME_EVENTS = 1000
RESUME_AGE = timedelta(hours=72)


class Projections:
    """The read side of one node."""

    def __init__(self, world: World, codec: Codec, journal: Journal) -> None:
        self._world = world
        self._codec = codec
        self._journal = journal
        self.state = State()
        self.seq = 0
        self.hash = b""
        self.heads: dict[Audience, int] = dict.fromkeys(Audience, 0)
        self.regions = RegionStates(world, Audience.PUBLIC)
        self.drill_regions = RegionStates(world, Audience.DRILL)
        self.shown = Shown(world.publication, world.tree)
        self.sequences: dict[str, int | None] = {}
        self._recent: dict[Audience, deque[Recorded]] = {
            audience: deque(maxlen=RESUME_EVENTS) for audience in Audience
        }

    @property
    def is_whole(self) -> bool:
        """Say whether the fold began at the journal's beginning, so that any past can be asked."""
        return self.regions.begins_at == DAWN

    def load(self, snapshot: tuple[int, bytes] | None = None) -> int:
        """Fold the journal, from a snapshot where there is one that fits; return the rows folded.

        What is folded at once is folded in the order of time, so that imported history lies where
        it belongs. A cancel recorded after the snapshot takes back what the snapshot cannot give
        back: then everything is folded, and the rows of all of it are returned.
        """
        if snapshot is not None:
            self._restore(*snapshot)
        events: list[ev.Event] = []
        decode, state = self._codec.decode, self.state
        for row in self._journal.read(after=self.seq):
            event = decode(row.kind, row.version, row.data)
            events.append(event)
            state = evolve(state, event)
            self._remember(row, event, state)
        self.state = state
        if self._takes_back(events):
            whole = Projections(self._world, self._codec, self._journal)
            count = whole.load()
            self.regions, self.drill_regions = whole.regions, whole.drill_regions
            return count
        self.regions.apply_all(events)
        self.drill_regions.apply_all(
            event
            for event in events
            if isinstance(event, ev.MandateEvent)
            or ev.audience_of_event(event) is not Audience.PUBLIC
        )
        return len(events)

    def _takes_back(self, events: Sequence[ev.Event]) -> bool:
        """Say whether one of these cancels an alert of which the snapshot keeps no history."""
        issued = {event.alert_id for event in events if isinstance(event, ev.AlertIssued)}
        return any(
            not states.can_take_out(event.alert_id)
            for event in events
            if isinstance(event, ev.AlertCancelled) and event.alert_id not in issued
            for states in (self.regions, self.drill_regions)
        )

    def snapshot(self) -> bytes:
        """Return the fold as bytes, for the next start."""
        regions = {
            Audience.PUBLIC.value: self.regions.kept(),
            Audience.DRILL.value: self.drill_regions.kept(),
        }
        ledger, waiting = self.shown.kept()
        return written(
            self._world.tree, self.state, self.heads, self.sequences, regions,
            shown=ledger, waiting=[self._codec.encode(event) for event in waiting],
        )  # fmt: skip

    def _restore(self, seq: int, data: bytes) -> None:
        saved = read(self._world.tree, data)
        if saved is None:
            return
        self.seq = seq
        self.state = state_of(saved, self._codec.facility)
        self.heads = {audience: saved.heads.get(audience.value, 0) for audience in Audience}
        self.sequences = dict(saved.sequences)
        waiting = (self._codec.decode(*each) for each in saved.waiting)
        self.shown.restore(
            ledger_of(saved.shown), [e for e in waiting if isinstance(e, le.LedgerEvent)]
        )
        for states, audience in (
            (self.regions, Audience.PUBLIC),
            (self.drill_regions, Audience.DRILL),
        ):
            states.restore(kept_of(self._world.tree, saved, audience.value), saved.last_at)
        for audience, head in self.heads.items():
            self._recall(audience, head)

    def _recall(self, audience: Audience, head: int) -> None:
        """Bring back the last events of an audience, each with its alert as it was after it."""
        rows = self._journal.read_audience(audience, max(0, head - RESUME_EVENTS), RESUME_EVENTS)
        lives: dict[str, dict[int | None, AlertView]] = {}
        for row in rows:
            if row.audience_seq is None or row.audience_seq > head:
                continue
            view = None
            if row.alert_id is not None:
                if row.alert_id not in lives:
                    views = views_of(self._codec, self._journal.of(row.alert_id))
                    lives[row.alert_id] = {view.sequence: view for view in views}
                view = lives[row.alert_id].get(row.audience_seq)
            event = self._codec.decode(row.kind, row.version, row.data)
            self._recent[audience].append(Recorded(row, event, view.alert if view else None))

    def catch_up(self, rows: Iterable[Row]) -> list[Recorded]:
        """Fold rows that others appended, and return them as recorded."""
        found = []
        for row in rows:
            found += self.record((row,), (self._codec.decode(row.kind, row.version, row.data),))
        return found

    def record(
        self, rows: Iterable[Row], events: Sequence[ev.Event], after: State | None = None
    ) -> list[Recorded]:
        """Fold what one command left behind, and return it as recorded.

        ``after`` is the state that a single event leads to, where whoever decided it knows.
        """
        recorded = []
        for row, event in zip(rows, events, strict=True):
            known = after is not None and len(events) == 1
            self.state = after if known and after is not None else evolve(self.state, event)
            recorded.append(self._remember(row, event, self.state))
            self._apply(event)
        return recorded

    def _apply(self, event: ev.Event) -> None:
        """Fold one event into the region states; an old alert taken out may need a whole fold."""
        if isinstance(event, ev.AlertCancelled):
            for states in (self.regions, self.drill_regions):
                if not states.can_take_out(event.alert_id):
                    whole = Projections(self._world, self._codec, self._journal)
                    whole.load()
                    self.regions, self.drill_regions = whole.regions, whole.drill_regions
                    return
        self.regions.apply(event)
        self.drill_regions.apply(event)

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
        self.seq, self.hash = row.seq, row.hash
        if isinstance(event, le.LedgerEvent):
            self.shown.apply(event)
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
