"""Who controls a region: recorded, and what follows for the mandates there (see ``control``).

Where a region is lost or unclear, every mandate for it is cut off at that moment and remembered
with the record; held again, what was cut off is given again, but for what somebody was given
meanwhile. While a record holds it lost or unclear, no mandate is given there (``may_be_given``):
whoever starts a house later, or gives a mandate for a whole country, gives none for what is lost.
All of it goes by leaves: a city that is held keeps its mandates while the wider region
around it is lost, since a later record for a part counts for that part.

An alert in force there stays: it ends by an all-clear, never by a change of who holds a place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from tocsin.core.area import Leaves, RegionTree
from tocsin.core.authority import Mandate
from tocsin.core.control import Control, ControlSet, Holding, SetControl
from tocsin.core.events import Event, MandateGiven, MandateWithdrawn
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import DAWN, State
from tocsin.core.world import World


def set_control(
    world: World, state: State, asked: SetControl, now: datetime, ids: Sequence[str]
) -> tuple[Event, ...] | Refusal:
    """Record who controls some regions; mandates there end with it, or are given again."""
    refused = _bad(world, asked, now)
    if refused is not None:
        return refused
    tree, start = world.tree, asked.valid_from or now
    gone = tree.mask(asked.regions)
    cut: tuple[Mandate, ...] = ()
    if asked.control is Control.HELD:
        follows: list[Event] = list(_given_again(tree, state, asked, gone, start, now))
    else:
        follows, cut = _cut_off(tree, state, asked, gone, start, now)
    holding = Holding(
        id=ids[0], regions=tree.fewest(gone), control=asked.control, valid_from=start,
        valid_until=asked.valid_until, source=asked.source.strip(), at=now, by=asked.by,
        suspended=cut,
    )  # fmt: skip
    return (ControlSet(at=now, holding=holding), *follows)  # the record is what was asked for


def _bad(world: World, asked: SetControl, now: datetime) -> Refusal | None:
    if not asked.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for number, code in enumerate(asked.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    if asked.valid_until is not None and asked.valid_until <= (asked.valid_from or now):
        return Refusal(Rule.ENDS_BEFORE_START, "/valid_until", "It ends after it begins.")
    if not asked.source.strip():
        return Refusal(Rule.SOURCE_MISSING, "/source", "Say who says so: it stays in the record.")
    return None


def _cut_off(
    tree: RegionTree, state: State, asked: SetControl, gone: Leaves, start: datetime, now: datetime
) -> tuple[list[Event], tuple[Mandate, ...]]:
    """Return what takes the mandates of these leaves back from ``start`` on, and what it took.

    With an end of its own, the record gives them again from then on: nobody needs to remember it.
    """
    events: list[Event] = []
    taken: list[Mandate] = []
    for sender in sorted({each.sender for each in state.mandates}):
        left: list[Mandate] = []
        mine: list[Mandate] = []
        for mandate in (each for each in state.mandates if each.sender == sender):
            kept, cut = _split(tree, mandate, gone, start, asked.valid_until)
            left += kept
            mine += cut
        if mine:
            regions = tree.fewest(_leaves(tree, mine))
            events.append(MandateWithdrawn(at=now, sender=sender, regions=regions,
                                           left=tuple(left), by=asked.by))  # fmt: skip
            taken += mine
    return events, tuple(taken)


def _split(
    tree: RegionTree, mandate: Mandate, gone: Leaves, start: datetime, end: datetime | None
) -> tuple[list[Mandate], list[Mandate]]:
    """Return what is left of a mandate, and what is cut out of it: there, in that time."""
    leaves = _leaves(tree, (mandate,))
    hit = leaves & gone
    first, last = max(start, mandate.valid_from), _earlier(end, mandate.valid_until)
    if not hit or (last is not None and last <= first):
        return [mandate], []
    left = []
    if rest := tree.fewest(leaves & ~gone):
        left.append(Mandate(mandate.sender, rest, mandate.valid_from, mandate.valid_until))
    there = tree.fewest(hit)
    if mandate.valid_from < first:
        left.append(Mandate(mandate.sender, there, mandate.valid_from, first))
    if last is not None and last != mandate.valid_until:
        left.append(Mandate(mandate.sender, there, last, mandate.valid_until))
    return left, [Mandate(mandate.sender, there, first, last)]


def _given_again(
    tree: RegionTree, state: State, asked: SetControl, held: Leaves, start: datetime, now: datetime
) -> Iterable[MandateGiven]:
    """Yield the mandates that were cut off in these leaves, from ``start`` on.

    What a sender has there again by other means is left as it is. What is lost for longer by
    another record stays lost: the record for these leaves that was written last counts.
    """
    known = list(state.mandates)
    for holding in state.control:
        for mandate in holding.suspended:
            outside = tree.leaves[0] & ~held
            within = _less(tree, [mandate], outside, mandate.valid_from, None)
            back = _less(tree, within, held, DAWN, start)
            if asked.valid_until is not None:
                back = _less(tree, back, held, asked.valid_until, None)
            for other in known:
                if other.sender == mandate.sender:
                    back = _less(tree, back, _leaves(tree, (other,)), other.valid_from,
                                 other.valid_until)  # fmt: skip
            known += back
            for each in back:
                yield MandateGiven(at=now, sender=each.sender, regions=each.regions,
                                   valid_from=each.valid_from, valid_until=each.valid_until,
                                   by=asked.by)  # fmt: skip


def _less(
    tree: RegionTree, mandates: Iterable[Mandate], leaves: Leaves, start: datetime,
    end: datetime | None,
) -> list[Mandate]:  # fmt: skip
    """Return mandates without some leaves in some time."""
    return [left for each in mandates for left in _split(tree, each, leaves, start, end)[0]]


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    known = [each for each in (one, other) if each is not None]
    return min(known, default=None)


def _leaves(tree: RegionTree, mandates: Iterable[Mandate]) -> Leaves:
    found: Leaves = 0
    for mandate in mandates:
        found |= tree.mask(code for code in mandate.regions if code in tree)
    return found


def may_be_given(tree: RegionTree, holdings: Sequence[Holding], mandate: Mandate) -> list[Mandate]:
    """Return what is left of a mandate without where, and while, a record says held by no one here.

    The record that was written last counts for its leaves and its time, so the later ones are taken
    out of the earlier. A mandate that no record touches is returned as it is.
    """
    left = [mandate]
    for number, holding in enumerate(holdings):
        if holding.control is Control.HELD:
            continue
        gone = [Mandate("", holding.regions, holding.valid_from, holding.valid_until)]
        for later in holdings[number + 1 :]:
            leaves = tree.mask(code for code in later.regions if code in tree)
            gone = _less(tree, gone, leaves, later.valid_from, later.valid_until)
        for each in gone:
            left = _less(tree, left, _leaves(tree, (each,)), each.valid_from, each.valid_until)
    return left


def control_at(
    tree: RegionTree, holdings: Iterable[Holding], at: datetime
) -> Mapping[str, Holding]:
    """Return, by leaf, the record that counts at that moment; a leaf without one is held.

    Of several that hold then, the one written last counts.
    """
    found: dict[str, Holding] = {}
    for holding in holdings:
        if holding.valid_from <= at and (holding.valid_until is None or at < holding.valid_until):
            for code in tree.leaf_names(tree.mask(c for c in holding.regions if c in tree)):
                found[code] = holding
    return found
