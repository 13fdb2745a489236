"""Many commands of the past through the real road, in large transactions: for the importer.

The caller holds the journal's writer lock. Each command is decided at its own ``now``; rows are
recorded in groups, in order. A group that the disk refuses is dropped whole and raised.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from tocsin.clock import Clock
from tocsin.core import commands as co
from tocsin.core.refusals import Refusal
from tocsin.core.state import State
from tocsin.core.world import World
from tocsin.service.ports import Journal
from tocsin.service.project import Projections
from tocsin.service.record import Codec
from tocsin.service.road import Asked, Prepared, Road, Settled

GROUP = 500


class Bulk:
    """Decides commands one after the other and records them ``GROUP`` at a time.

    ``recorded`` counts rows on disk.
    """

    def __init__(
        self,
        *,
        world: World,
        journal: Journal,
        codec: Codec,
        clock: Clock,
        new_id: Callable[[], str],
    ) -> None:
        self._journal = journal
        self._clock = clock
        self._road = Road(world, journal, codec, new_id)
        seen = Projections(world, codec, journal)
        seen.load()
        self._road.fall_back(seen.state)
        self._expected = seen.seq
        if seen.seq == 0:
            self._road.begin_empty()
        self._group: list[Prepared] = []
        self.recorded = 0

    @property
    def state(self) -> State:
        """The open state, what is not yet recorded included."""
        return self._road.state

    def ask(self, command: co.Command, now: datetime) -> Prepared | Settled | Refusal:
        """Decide one command at ``now``; it is recorded with its group.

        Raises:
            JournalUnavailable: the disk did not take a group; it and what follows are dropped.
        """
        prepared = self._road.prepare(Asked(command), now)
        if isinstance(prepared, Prepared):
            self._group.append(prepared)
            if len(self._group) >= GROUP:
                self.flush()
        return prepared

    def flush(self) -> None:
        """Record what waits."""
        if not self._group:
            return
        entries = [prepared.entry for prepared in self._group]
        self._group = []
        rows = self._journal.append(
            entries,
            expected=self._expected,
            recorded_at=self._clock.now(),
            reading=self._clock.reading(),
        )
        written = sum(len(mine) for mine in rows)
        self._expected += written
        self.recorded += written
