"""Region states with ``since``, folded from events: what is shown, now and at any past moment.

For each hazard a *board* holds who covers what, as sets of leaves, and for every region
the present *run*: its state and since when. Three things make it exact:

* **Time passes by itself.** An all-clear is shown for 30 minutes and a mandate may end; such
  changes have no event, so the board lets time pass before each change and each question.
* **A cancel leaves things as if the alert had never been.** The board is folded again from a
  checkpoint before the alert's first event, without any of its events.
* **Any past moment** is the same fold, stopped earlier: checkpoint, then changes up to then.

Cost: a change of one region's alert takes a few microseconds, because the tree is numbered
depth first and a subtree that turns as one is one slice assignment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from tocsin.core import events as ev
from tocsin.core.alert import Audience
from tocsin.core.area import Area, Leaves, RegionTree
from tocsin.core.authority import Mandate, mandated
from tocsin.core.overlap import CLEARED_SHOWN, Picture, RegionState
from tocsin.core.state import DAWN
from tocsin.core.world import World

CHECKPOINT_EVERY = 128
"""Changes between two checkpoints of a board: a refold is at most this long, plus the rest."""

Run = tuple[RegionState, datetime | None]

SHOWN = (RegionState.ACTIVE, RegionState.PARTIAL, RegionState.UNCONFIRMED, RegionState.CLEARED)


@dataclass(frozen=True, slots=True)
class RegionLine:
    """One region and hazard that has something to say."""

    region: str
    hazard: str
    state: RegionState
    since: datetime | None
    level: str | None = None
    cleared_until: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Cover:
    """What one alert covers."""

    whole: Leaves
    touched: Leaves
    level: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a board's history, small enough to keep all of them in memory.

    ``cover`` is what the alert covers afterwards (None: nothing), ``ran_out`` whether it stands
    as unconfirmed, ``cleared`` the leaves for which an all-clear was given by it.
    """

    at: datetime
    alert_id: str
    cover: Cover | None
    ran_out: bool = False
    cleared: Leaves = 0
    cancelled: bool = False
    mandates: tuple[Mandate, ...] | None = None


@dataclass(slots=True)
class Board:
    """One hazard at one moment of its fold."""

    tree: RegionTree
    active: dict[str, Cover] = field(default_factory=dict)
    ran_out: dict[str, Cover] = field(default_factory=dict)
    cleared: list[tuple[datetime, Leaves]] = field(default_factory=list)
    """Until when an all-clear is shown, and where; earliest first."""
    withdrawn: list[tuple[datetime, Leaves]] = field(default_factory=list)
    mandates: tuple[Mandate, ...] = ()
    picture: Picture = field(default_factory=lambda: Picture(0, 0, 0, 0, 0))
    runs: list[Run] = field(default_factory=list)
    at: datetime = DAWN

    def copy(self) -> Board:
        """Return a board that can go on by itself."""
        return Board(
            self.tree,
            dict(self.active),
            dict(self.ran_out),
            list(self.cleared),
            list(self.withdrawn),
            self.mandates,
            self.picture,
            list(self.runs),
            self.at,
        )

    @classmethod
    def at_rest(cls, tree: RegionTree) -> Board:
        """Return a board on which nothing ever was; its runs have no beginning."""
        board = cls(tree)
        board.runs = [(board.picture.state(leaves), None) for leaves in tree.leaves]
        return board

    def play(self, change: Change) -> None:
        """Let time pass until the change, then make it. A cancel is the caller's: it refolds."""
        self.pass_time(change.at)
        if change.mandates is not None:
            self.mandates = change.mandates
            now = mandated(self.tree, change.mandates, change.at)
            moved = now ^ self.picture.mandated
            self._turn(change.at, moved, replace(self.picture, mandated=now))
            return
        was_active = self.active.pop(change.alert_id, None)
        had_run_out = self.ran_out.pop(change.alert_id, None)
        cover, moved = change.cover, change.cleared
        for each in (was_active, had_run_out, cover):
            moved |= each.touched if each is not None else 0
        before = self.picture
        whole, touched, unconfirmed = before.whole, before.touched, before.unconfirmed
        if cover is not None:
            (self.ran_out if change.ran_out else self.active)[change.alert_id] = cover
        if was_active is not None:  # others may cover what it covered
            whole = _union(each.whole for each in self.active.values())
            touched = _union(each.touched for each in self.active.values())
        elif cover is not None and not change.ran_out:
            whole, touched = whole | cover.whole, touched | cover.touched
        if had_run_out is not None or change.ran_out:
            unconfirmed = _union(each.touched for each in self.ran_out.values())
        if change.cleared:
            self.cleared.append((change.at + CLEARED_SHOWN, change.cleared))
        cleared = before.cleared | change.cleared
        after = Picture(whole, touched, unconfirmed, cleared, before.mandated)
        self._turn(change.at, moved, after)

    def pass_time(self, until: datetime) -> None:
        """Let time pass: shown all-clears fade, mandates begin and end."""
        while (due := self.next_due()) is not None and due <= until:
            faded = bisect_right(self.cleared, due, key=lambda shown: shown[0])
            now = mandated(self.tree, self.mandates, due)
            moved = now ^ self.picture.mandated
            moved |= _union(leaves for _, leaves in self.cleared[:faded])
            del self.cleared[:faded]
            cleared = _union(leaves for _, leaves in self.cleared)
            self._turn(due, moved, replace(self.picture, cleared=cleared, mandated=now))
        self.at = max(self.at, until)

    def next_due(self) -> datetime | None:
        """Return when something turns without an event: an all-clear fades, a mandate's edge."""
        due = self.cleared[0][0] if self.cleared else None
        for mandate in self.mandates:
            for edge in (mandate.valid_from, mandate.valid_until):
                if edge is not None and self.at < edge and (due is None or edge < due):
                    due = edge
        return due

    def _turn(self, at: datetime, moved: Leaves, after: Picture) -> None:
        """Put up a new picture and give each region that turned its new run."""
        before = self.picture
        self.at = max(self.at, at)
        if not moved:
            return
        self.picture = after
        tree, runs = self.tree, self.runs
        above: set[int] = set()
        for code in tree.fewest(moved):
            number = tree.index[code]
            leaves, stop = tree.leaves[number], tree.stop[number]
            was, becomes = _as_one(before, leaves), _as_one(after, leaves)
            if was is not None and becomes is not None:
                if was is not becomes:
                    runs[number:stop] = [(becomes, at)] * (stop - number)
            else:
                for inner in range(number, stop):
                    self._settle(inner, after, at)
            parent = tree.parent[number]
            while parent >= 0 and parent not in above:
                above.add(parent)
                parent = tree.parent[parent]
        for number in above:
            self._settle(number, after, at)

    def _settle(self, number: int, picture: Picture, at: datetime) -> None:
        state = picture.state(self.tree.leaves[number])
        if self.runs[number][0] is not state:
            self.runs[number] = (state, at)

    def line(
        self, hazard: str, rank: dict[str | None, int], number: int, at: datetime
    ) -> RegionLine:
        """Return what stands on the board for the region of that number, at ``at``."""
        state, since = self.runs[number]
        leaves = self.tree.leaves[number]
        level = None
        if state in (RegionState.ACTIVE, RegionState.PARTIAL):
            here = [c.level for c in self.active.values() if c.touched & leaves]
            level = max(here, key=lambda name: rank.get(name, len(rank)), default=None)
        until = None
        if state is RegionState.CLEARED:
            until = max(end for end, where in self.cleared if where & leaves)
        withdrawn = max(
            (
                when
                for when, where in self.withdrawn
                if where & leaves and at < when + CLEARED_SHOWN
            ),
            default=None,
        )
        return RegionLine(self.tree.codes[number], hazard, state, since, level, until, withdrawn)


def _union(sets: Iterable[Leaves]) -> Leaves:
    together = 0
    for leaves in sets:
        together |= leaves
    return together


def _as_one(picture: Picture, leaves: Leaves) -> RegionState | None:
    """Return the state that a region and *everything under it* have alike, else None."""
    if leaves & ~picture.whole == 0:
        return RegionState.ACTIVE
    if leaves & picture.touched:
        return None
    if leaves & ~picture.unconfirmed == 0:
        return RegionState.UNCONFIRMED
    if leaves & picture.unconfirmed:
        return None
    if leaves & ~picture.cleared == 0:
        return RegionState.CLEARED
    if leaves & picture.cleared:
        return None
    if leaves & ~picture.mandated == 0:
        return RegionState.NONE
    return RegionState.NO_INFORMATION if leaves & picture.mandated == 0 else None


class History:
    """The changes of one hazard in the order of time, with checkpoints; folds to any moment.

    Two lines are kept. ``changes`` is what was shown: a past moment is asked there, and an alert
    cancelled since was in force then. ``_kept`` is what led to the present board: an alert
    that is cancelled leaves it, and what follows its first change is played again without it.
    Each cancel leaves a checkpoint in ``changes``, so that no fold ever passes over one.
    """

    def __init__(self, beginning: Board) -> None:
        self.board = beginning
        self.changes: list[Change] = []
        self._checkpoints: list[tuple[int, Board]] = [(0, beginning.copy())]
        self._kept = Line(beginning.copy())
        self._reaches: dict[str, Leaves] = {}

    def knows(self, alert_id: str) -> bool:
        """Say whether the alert's whole life lies in this history, so that it can be taken out."""
        return alert_id in self._reaches

    def add(self, change: Change) -> None:
        """Make a change. One that lies before the last (imported history) plays all again."""
        if self.changes and change.at < self.changes[-1].at:
            place = bisect_right(self.changes, change.at, key=lambda other: other.at)
            everything = [*self.changes[:place], change, *self.changes[place:]]
            self.__init__(self._checkpoints[0][1].copy())  # type: ignore[misc]
            for each in everything:
                self.add(each)
            return
        self.changes.append(change)
        if change.cover is not None:
            reach = self._reaches.get(change.alert_id, 0) | change.cover.touched
            self._reaches[change.alert_id] = reach
        if change.cancelled:
            self._take_out(change)
        else:
            self._kept.add(change, self.board)
            self.board.play(change)
        if change.cancelled or len(self.changes) % CHECKPOINT_EVERY == 0:
            self._checkpoints.append((len(self.changes), self.board.copy()))

    def at(self, moment: datetime) -> Board:
        """Return the board as it stood at a moment; a copy that the caller may let go on."""
        stop = bisect_right(self.changes, moment, key=lambda change: change.at)
        place = bisect_left(self._checkpoints, stop + 1, key=lambda point: point[0]) - 1
        start, board = self._checkpoints[place]
        board = board.copy()
        for change in self.changes[start:stop]:
            board.play(change)
        board.pass_time(moment)
        return board

    def _take_out(self, change: Change) -> None:
        withdrawn = [w for w in self.board.withdrawn if change.at < w[0] + CLEARED_SHOWN]
        self.board = self._kept.without(change.alert_id)
        self.board.pass_time(change.at)
        self.board.withdrawn = [*withdrawn, (change.at, self._reaches[change.alert_id])]


class Line:
    """Changes that are played again when one alert is taken out of them."""

    def __init__(self, beginning: Board) -> None:
        self._changes: list[Change] = []
        self._first: dict[str, int] = {}
        self._checkpoints: list[tuple[int, Board]] = [(0, beginning)]

    def add(self, change: Change, before: Board) -> None:
        """Note a change that is about to be played on ``before``."""
        number = len(self._changes)
        if number and number % CHECKPOINT_EVERY == 0:
            self._checkpoints.append((number, before.copy()))
        self._changes.append(change)
        self._first.setdefault(change.alert_id, number)

    def without(self, alert_id: str) -> Board:
        """Drop an alert's changes and return the board that the others make. O(since its first)."""
        first = self._first.pop(alert_id, len(self._changes))
        while self._checkpoints[-1][0] > first:
            self._checkpoints.pop()
        start, board = self._checkpoints[-1]
        board = board.copy()
        for change in self._changes[start:first]:
            board.play(change)
        after = [change for change in self._changes[first:] if change.alert_id != alert_id]
        del self._changes[first:]
        for change in after:
            if self._first.get(change.alert_id, 0) >= first:
                del self._first[change.alert_id]
        for change in after:
            self.add(change, board)
            board.play(change)
        return board


@dataclass(frozen=True, slots=True)
class Kept:
    """What is left of a fold in a snapshot: the boards as they stand, without their history."""

    boards: dict[str, Board]
    hazard_of: dict[str, str]
    mandates: tuple[Mandate, ...]
    mandate_changes: tuple[Change, ...]


class RegionStates:
    """What is shown for each region and hazard, to one audience."""

    def __init__(self, world: World, audience: Audience = Audience.PUBLIC) -> None:
        self._world = world
        self._audience = audience
        self._mandates: tuple[Mandate, ...] = ()
        self._mandate_changes: list[Change] = []
        self._histories: dict[str, History] = {}
        self.begins_at = DAWN
        """Earlier moments cannot be asked: the fold began from a snapshot of this one."""
        self._hazard_of: dict[str, str] = {}
        self._covers: dict[str, Cover] = {}
        self._ranks: dict[str, dict[str | None, int]] = {
            name: {step.id: hazard.rank(step.id) for step in hazard.levels}
            for name, hazard in world.hazards.items()
        }

    def apply(self, event: ev.Event) -> None:
        """Fold one event; events of other audiences change nothing."""
        if isinstance(event, ev.MandateEvent):
            self._mandate(event)
        elif isinstance(event, ev.AlertEvent) and ev.audience_of_event(event) is self._audience:
            change = self._change(event)
            if change is not None:
                self._history(self._hazard_of[event.alert_id]).add(change)

    def apply_all(self, events: Iterable[ev.Event]) -> None:
        """Fold many events in the order in which they hold, not in which we learned of them."""
        for event in sorted(events, key=lambda each: each.at):
            self.apply(event)

    def can_take_out(self, alert_id: str) -> bool:
        """Say whether a cancel of this alert can be folded here; else a whole fold is needed."""
        hazard = self._hazard_of.get(alert_id)
        return hazard is None or self._histories[hazard].knows(alert_id)

    def kept(self) -> Kept:
        """Return what a snapshot must hold to go on from here."""
        boards = {hazard: history.board for hazard, history in self._histories.items()}
        open_now = {name for b in boards.values() for name in (*b.active, *b.ran_out)}
        return Kept(
            {hazard: board.copy() for hazard, board in boards.items()},
            {name: self._hazard_of[name] for name in open_now},
            self._mandates,
            tuple(self._mandate_changes),
        )

    def restore(self, kept: Kept, at: datetime) -> None:
        """Go on from a snapshot taken at ``at``; only an empty fold can be restored."""
        self.begins_at = at
        self._histories = {hazard: History(board) for hazard, board in kept.boards.items()}
        self._hazard_of = dict(kept.hazard_of)
        self._mandates = kept.mandates
        self._mandate_changes = list(kept.mandate_changes)
        for board in kept.boards.values():
            self._covers |= board.active | board.ran_out

    def lines(self, at: datetime) -> list[RegionLine]:
        """Return every region and hazard that has something to say, by region, then hazard."""
        found: list[RegionLine] = []
        for hazard, board in self._boards(at):
            ranks = self._ranks.get(hazard, {})
            for number, (state, _) in enumerate(board.runs):
                if state in SHOWN:
                    found.append(board.line(hazard, ranks, number, at))
                elif board.withdrawn:
                    line = board.line(hazard, ranks, number, at)
                    if line.withdrawn_at is not None:
                        found.append(line)
        found.sort(key=lambda line: (line.region, line.hazard))
        return found

    def line(self, geocode: str, at: datetime) -> list[RegionLine]:
        """Return the same for one region, hazards that rest now included."""
        number = self._world.tree.index[geocode]
        return [
            board.line(hazard, self._ranks.get(hazard, {}), number, at)
            for hazard, board in self._boards(at)
        ]

    def rest(self, geocode: str, at: datetime) -> RegionState:
        """Return what a region is where no hazard has anything to say: none, or no-information."""
        leaves = self._world.tree.leaves[self._world.tree.index[geocode]]
        if leaves & self._mandated(at):
            return RegionState.NONE
        return RegionState.NO_INFORMATION

    def no_information(self, at: datetime) -> tuple[str, ...]:
        """Return the regions in which nobody may warn, as few as say it."""
        tree = self._world.tree
        return tree.fewest(tree.leaves[0] & ~self._mandated(at))

    def next_turn(self, after: datetime) -> datetime | None:
        """Return when something turns without an event: an all-clear fades, a mandate ends."""
        dues = [due for h in self._histories.values() if (due := h.board.next_due())]
        return min((due for due in dues if due > after), default=None)

    def _mandated(self, at: datetime) -> Leaves:
        held: tuple[Mandate, ...] = ()
        for change in self._mandate_changes:
            if change.at > at:
                break
            held = change.mandates or ()
        return mandated(self._world.tree, held, at)

    def _boards(self, at: datetime) -> Iterator[tuple[str, Board]]:
        for hazard, history in self._histories.items():
            board = history.board
            if at < board.at:
                board = history.at(at)
            elif (due := board.next_due()) is not None and due <= at:
                board = board.copy()  # asking moves nothing
                board.pass_time(at)
            yield hazard, board

    def _history(self, hazard: str) -> History:
        history = self._histories.get(hazard)
        if history is None:
            history = History(Board.at_rest(self._world.tree))
            for change in self._mandate_changes:
                history.add(change)
            self._histories[hazard] = history
        return history

    def _mandate(self, event: ev.MandateEvent) -> None:
        if isinstance(event, ev.MandateGiven):
            given = Mandate(event.sender, event.regions, event.valid_from, event.valid_until)
            self._mandates = (*self._mandates, given)
        else:
            others = tuple(m for m in self._mandates if m.sender != event.sender)
            self._mandates = (*others, *event.left)
        change = Change(event.at, "", None, mandates=self._mandates)
        self._mandate_changes.append(change)
        for history in self._histories.values():
            history.add(change)

    def _change(self, event: ev.AlertEvent) -> Change | None:
        name = event.alert_id
        match event:
            case ev.AlertIssued():
                self._hazard_of[name] = event.hazard
                return Change(event.at, name, self._cover(name, event.area, event.level))
            case ev.AlertUpdated():
                return Change(event.at, name, self._cover(name, event.area, event.level))
            case ev.AlertReduced():
                before = self._covers[name]
                cover = self._cover(name, event.area, before.level)
                cleared = before.touched & ~cover.touched
                return Change(
                    event.at, name, cover, ran_out=self._is_ran_out(name), cleared=cleared
                )
            case ev.AlertExtended():
                if not self._is_ran_out(name):
                    return None
                return Change(event.at, name, self._covers[name])
            case ev.AlertCleared():
                return Change(event.at, name, None, cleared=self._covers[name].touched)
            case ev.AlertCancelled():
                return Change(event.at, name, None, cancelled=True)
            case ev.AlertRanOut():
                return Change(event.at, name, self._covers[name], ran_out=True)

    def _cover(self, name: str, area: Area, level: str | None) -> Cover:
        extent = self._world.tree.extent(area)
        cover = Cover(extent.whole, extent.touched, level)
        self._covers[name] = cover
        return cover

    def _is_ran_out(self, name: str) -> bool:
        return name in self._history(self._hazard_of[name]).board.ran_out
