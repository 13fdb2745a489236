"""The house as it stood at a past moment: the same questions, the same answers, asked of then.

``Past`` folds the open state up to any moment: what holds by then (``at <= T``, DESIGN section 4),
in the order of time, from the nearest of the states it keeps along the way. States share what they
do not change, so keeping one in a few hundred costs little. ``PastService`` then answers as the
service would have answered at that moment, so that every page and every answer can be asked for a
past one by the code that tells the present one. What people see of the ledger is what they could
see then: folded up to the release slot of that moment, never what was released since.

Nothing is decided there: the past takes no commands.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from tocsin.clock import Reading
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Alert, Audience
from tocsin.core.area import Leaves
from tocsin.core.authority import Warrant
from tocsin.core.evacuation import Evacuation, Plan
from tocsin.core.hazard import Words
from tocsin.core.incidents import Ledger
from tocsin.core.proposal import Proposal
from tocsin.core.publication import Visible
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State, evolve
from tocsin.projections.regions import RegionStates
from tocsin.service.ports import Journal, Row
from tocsin.service.record import AlertView, Codec, Recorded
from tocsin.service.road import Given, RequestKey
from tocsin.service.submit import Outcome, Service

KEPT_EVERY = 256
"""Events between two states that are kept: a question folds at most so many."""


class _Moment(msgspec.Struct):
    """What is read of a row to know when it holds; the rest is decoded when it is folded."""

    at: datetime


_MOMENT = msgspec.json.Decoder(_Moment)


class Past:
    """Open states of past moments, of one journal. Every method blocks; any thread may call."""

    def __init__(self, journal: Journal, codec: Codec) -> None:
        self._journal = journal
        self._codec = codec
        self._lock = threading.Lock()
        self._read_to = 0
        self._times: list[datetime] = []
        self._rows: list[int] = []
        self._kept: list[State] = [State()]
        """State number n is the fold of the first n * KEPT_EVERY rows by time."""

    def begins_at(self) -> datetime | None:
        """Return when the first event holds; None while there is none."""
        with self._lock:
            self._read_on()
            return self._times[0] if self._times else None

    def state(self, moment: datetime) -> State:
        """Return the open state of that moment, what begins at it included."""
        with self._lock:
            self._read_on()
            return self._fold(bisect_right(self._times, moment))

    def before(self, moment: datetime) -> State:
        """Return the open state just before that moment."""
        with self._lock:
            self._read_on()
            return self._fold(bisect_left(self._times, moment))

    def _read_on(self) -> None:
        """Take note of what was recorded since; what holds earlier goes where it belongs."""
        for row in self._journal.read(after=self._read_to):
            at = _MOMENT.decode(row.data).at
            place = bisect_right(self._times, at)
            self._times.insert(place, at)
            self._rows.insert(place, row.seq)
            del self._kept[place // KEPT_EVERY + 1 :]
            self._read_to = row.seq

    def _fold(self, count: int) -> State:
        number = min(count // KEPT_EVERY, len(self._kept) - 1)
        state, done = self._kept[number], number * KEPT_EVERY
        while done < count:
            take = min(KEPT_EVERY - done % KEPT_EVERY, count - done)
            for row in self._these(self._rows[done : done + take]):
                state = evolve(state, self._codec.decode(row.kind, row.version, row.data))
            done += take
            if done % KEPT_EVERY == 0 and done // KEPT_EVERY == len(self._kept):
                self._kept.append(state)
        return state

    def _these(self, numbers: Sequence[int]) -> list[Row]:
        """Return rows by number; those that lie one after the other are read at once."""
        found: list[Row] = []
        first = 0
        for place in range(1, len(numbers) + 1):
            if place < len(numbers) and numbers[place] == numbers[place - 1] + 1:
                continue
            wanted = numbers[first:place]
            found += self._journal.read(after=wanted[0] - 1, limit=len(wanted))
            first = place
        return found


class StoppedClock:
    """A clock that shows a past moment."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self) -> datetime:
        """Return that moment."""
        return self._moment

    def reading(self) -> Reading:
        """Return that moment; no time passes in it."""
        return Reading("past", 0.0, self._moment)


class PastService(Service):
    """The service as it would have answered at ``moment``; it takes no commands."""

    def __init__(self, live: Service, past: Past, moment: datetime) -> None:
        self.world = live.world
        self.clock = StoppedClock(moment)
        self.freshness = "fresh"
        self.moment = moment
        self._live = live
        self._then = past.state(moment)
        policy = live.world.publication
        told = past.before(policy.slot_of(moment)).ledger
        self._visible = Visible(policy, live.world.tree, told)

    @property
    def state(self) -> State:
        """The open state of then."""
        return self._then

    @property
    def ledger(self) -> Ledger:
        """The ledger as the desk knew it then."""
        return self._then.ledger

    @property
    def regions(self) -> RegionStates:
        """Region states; they answer for any moment that they are asked for."""
        return self._live.regions

    @property
    def drill_regions(self) -> RegionStates:
        """Region states of the drill audience."""
        return self._live.drill_regions

    def visible(self) -> Visible:
        """Return what people could see then of the ledger."""
        return self._visible

    def head(self, audience: Audience) -> int:
        """Return the last number of an audience's sequence, of now: then has no stream."""
        return self._live.head(audience)

    def recent(self, audience: Audience, after: int) -> list[Recorded] | None:  # noqa: ARG002
        """Return None: nobody resumes in the past."""
        return None

    def view(self, alert_id: str, revision: int | None = None) -> AlertView | None:
        """Return an alert as it was then, or an earlier revision of it."""
        views = self.revisions(alert_id)
        if revision is None:
            return views[-1] if views else None
        return next((view for view in views if view.alert.revision == revision), None)

    def revisions(self, alert_id: str) -> list[AlertView]:
        """Return the revisions that an alert had by then, oldest first."""
        return self._live.views_by(alert_id, self.moment)

    def resolve(self, name: str, sender: str | None = None) -> str | None:
        """Return the id of the alert that a handle, an id or (sender, identifier) names."""
        return self._then.handles.get(name.upper()) or self._live.resolve(name, sender)

    def proposal(self, name: str) -> Proposal | None:
        """Return a proposal that waited then, by id or handle."""
        found = self._then.proposals
        return found.get(name) or next(
            (each for each in found.values() if each.handle == name.upper()), None
        )

    def text(self, content: str) -> bytes | None:
        """Return the words stored under that content hash; what was erased since is gone."""
        return self._live.text(content)

    def words(self, alert: Alert) -> co.Texts:
        """Return what an alert says at each moment, in each language."""
        return self._live.words(alert)

    def plan(self, held: Plan | Evacuation | None) -> Evacuation | None:
        """Return the plan of an evacuation with its words; what was erased since is gone."""
        return self._live.plan(held)

    def all_clear_words(
        self, alert: Alert, ends: Leaves, over: frozenset[str]
    ) -> Mapping[str, Words]:
        """Return what an all-clear would say now: nobody gives one in the past."""
        return self._live.all_clear_words(alert, ends, over)

    def history(self, after: int = 0) -> list[tuple[Row, ev.Event]]:
        """Return rows and events that held by then; blocking."""
        return [each for each in self._live.history(after) if each[1].at <= self.moment]

    def regions_at(self, known_at: datetime, audience: Audience = Audience.PUBLIC) -> RegionStates:
        """Return region states folded from what was recorded by ``known_at``. Blocking."""
        return self._live.regions_at(min(known_at, self.moment), audience)

    async def past(self, at: datetime, audience: Audience = Audience.PUBLIC) -> RegionStates:
        """Return region states that can be asked for the moment ``at``."""
        return await self._live.past(at, audience)

    async def submit(
        self,
        command: co.Command,  # noqa: ARG002
        *,
        given: Given | None = None,  # noqa: ARG002
        key: RequestKey | None = None,  # noqa: ARG002
        now: datetime | None = None,  # noqa: ARG002
        warrant: Warrant | None = None,  # noqa: ARG002
        texts: Mapping[str, bytes] | None = None,  # noqa: ARG002
    ) -> Outcome:
        """Refuse: what is past is not changed."""
        return _OVER

    def try_out(
        self,
        command: co.Command,  # noqa: ARG002
        *,
        given: Given | None = None,  # noqa: ARG002
        warrant: Warrant | None = None,  # noqa: ARG002
    ) -> Refusal:
        """Refuse: what is past is not changed."""
        return _OVER


_OVER = Refusal(Rule.NOT_ALLOWED, "/at", "What is past is read, not changed; leave out `at`.")
