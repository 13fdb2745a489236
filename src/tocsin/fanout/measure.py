"""Who took a frame: the hub's frames, watched until every socket has them or a minute has passed.

A frame is one object for all whom it is for, so it is known by its identity: what is counted
costs a look-up for each write and nothing while no alert is under way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from tocsin.projections.reach import Reach, Row

CHANNEL = "stream"
"""What live streams are called in the table of reach."""
WATCHED_S = 60.0
"""Who has not taken a frame by then was too slow, or was told a later revision instead."""


class Measure:
    """Counts for one hub. Times are of the loop's clock."""

    def __init__(self, reach: Reach, clock_s: Callable[[], float]) -> None:
        self.reach = reach
        self._clock_s = clock_s
        self._watched: dict[int, tuple[bytes, Row]] = {}
        self._has_written = False

    def begin(
        self, alert_id: str, revision: int, accepted_at: datetime, recorded_at: datetime
    ) -> Row:
        """Open the row of a revision that is about to be handed over."""
        return self.reach.open(
            Row(
                channel=CHANNEL,
                alert_id=alert_id,
                revision=revision,
                accepted_at=accepted_at,
                recorded_at=recorded_at,
                begun_s=self._clock_s(),
            )
        )

    def hand_over(self, row: Row, frame: bytes, count: int) -> None:
        """Note that ``count`` connections are owed this frame."""
        self._watched[id(frame)] = (frame, row)  # holds it, so that its identity stays its own
        row.selected += count
        row.handed_over += count

    def written(self, frames: Iterable[bytes]) -> None:
        """Count frames that a socket has taken; most are nobody's to count."""
        self._has_written = True
        for frame in frames if self._watched else ():
            found = self._watched.get(id(frame))
            if found is not None:
                found[1].acknowledge(self._clock_s())

    def lost(self, frames: Iterable[bytes]) -> None:
        """Count what a connection was still owed when it was closed."""
        for frame in frames if self._watched else ():
            found = self._watched.get(id(frame))
            if found is not None:
                found[1].lose()

    def look(self, now_s: float, at: datetime) -> None:
        """Let go of frames that are done with; note that streams work. Once a second or so."""
        if self._has_written:
            self._has_written = False
            self.reach.prove(CHANNEL, at)
        for name, (_, row) in list(self._watched.items()):
            if now_s - row.begun_s > WATCHED_S:
                row.unreached += max(0, row.waiting)
            if row.waiting <= 0:
                del self._watched[name]
