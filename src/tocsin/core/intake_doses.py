"""Dose rates: where several good stations agree, a draft is made (DESIGN R10).

One station proves nothing, whatever it sends: it counts once, by the median of its last readings
(``[doses] readings``), never before there are so many, above its own threshold in two minutes at
least. A station that flaps (crosses its threshold again and again) counts for nothing until it is
steady, and one that sends what cannot be is at fault for as long as the window. So nothing that one
station can send drafts anything. Where all that agree send under one key, the draft is weak.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from itertools import pairwise
from statistics import median_low

from tocsin.core import intake_commands as tc
from tocsin.core import intake_events as te
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.events import Event
from tocsin.core.inbox import AlertDraft
from tocsin.core.intake_drafts import handle_for
from tocsin.core.intake_proof import is_covered, known
from tocsin.core.refusals import Refusal
from tocsin.core.state import State
from tocsin.core.threats import Cause, Closing, Dose
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal

MINUTES = 2
"""In so many a station must be above its threshold: what comes in a burst is one observation."""
CROSSINGS_MOST = 3
"""Within the window; a station that crosses its threshold more often flaps."""
FEWEST = 2
"""Stations that must agree at least, whatever the policy says: one alone drafts nothing."""
QUIET = (Closing.DISMISSED, Closing.ISSUED)
"""A person answered: the same stations do not ask him again within the window."""


def weigh(
    world: World, state: State, asked: tc.WeighDoses, now: datetime, ids: Sequence[str]
) -> Answer:
    """Draft an alert where the readings of a region agree; else nothing."""
    policy = world.feeds
    above = agreeing(world, asked.readings, now)
    leaves = known(world, (each.region for each in above))
    hazard = policy.dose_hazard
    if len(above) < max(FEWEST, policy.agreeing) or not leaves or hazard not in world.hazards:
        return ()
    if is_covered(world, state, hazard, leaves):
        return ()
    names = frozenset(each.station for each in above)
    mine = [each for each in state.inbox.drafts.values() if _is_of(world, each, asked.region)]
    for draft in mine:
        since = draft.closed_at
        if (
            since is not None and draft.how in QUIET and now - since < policy.window
            and names <= frozenset(draft.sources)
        ):  # fmt: skip
            return ()
    old = next((each for each in mine if each.waits), None)
    if old is not None:
        leaves |= known(world, old.regions)
        if names <= frozenset(old.sources) and leaves == known(world, old.regions):
            return ()
    draft_id = ids[0] if old is None else old.id
    drafted = te.AlertDrafted(
        at=now, draft_id=draft_id,
        handle=handle_for(state, draft_id) if old is None else old.handle,
        cause=Cause.DOSE_RATES, hazard=hazard, regions=world.tree.fewest(leaves),
        sources=tuple(sorted(names.union(old.sources if old is not None else ()))),
        keys=(), until=now + policy.draft_lasts, why=_why(above),
        is_weak=len({each.key for each in above}) < FEWEST and (old is None or old.is_weak),
    )  # fmt: skip
    if old is not None:
        return (drafted,)
    return (drafted, OfficersPaged(at=now, why=PageReason.DRAFT))


def agreeing(world: World, readings: Collection[Dose], now: datetime) -> list[Dose]:
    """Return the stations that are steadily above their threshold; each with its median."""
    policy = world.feeds
    bad = at_fault(world, readings, now)
    by_station: dict[str, dict[datetime, Dose]] = {}
    for each in readings:
        if now - policy.window < each.measured_at <= now + policy.ahead:
            by_station.setdefault(each.station, {})[each.measured_at] = each
    found = []
    for name, series in sorted(by_station.items()):
        steps = [series[at] for at in sorted(series)]
        if name in bad or len(steps) < policy.readings or flaps(world, steps):
            continue
        last = sorted(steps[-policy.readings :], key=lambda each: each.value)
        middle = last[median_low(range(len(last)))]
        high = [each.measured_at for each in steps if _is_high(world, each)]
        minutes = {at.replace(second=0, microsecond=0) for at in high}
        if _is_high(world, middle) and len(minutes) >= MINUTES:
            found.append(middle)
    return found


def at_fault(world: World, readings: Iterable[Dose], now: datetime) -> frozenset[str]:
    """Return the stations that sent what cannot be, within the window."""
    policy = world.feeds
    return frozenset(
        each.station for each in readings
        if now - policy.window < each.measured_at <= now + policy.ahead
        and not 0 <= each.value <= policy.most_nsv_h  # also what is no number
    )  # fmt: skip


def flaps(world: World, steps: Iterable[Dose]) -> bool:
    """Say whether one station's readings, by time, cross its threshold too often to count."""
    is_high = [_is_high(world, each) for each in steps]
    return sum(1 for a, b in pairwise(is_high) if a is not b) > CROSSINGS_MOST


def _is_high(world: World, dose: Dose) -> bool:
    policy = world.feeds
    return dose.value > max(policy.times_background * dose.background, policy.at_least_nsv_h)


def _is_of(world: World, draft: AlertDraft, region: str) -> bool:
    """Say whether a draft of dose rates is about that region, or a part of it."""
    if draft.cause is not Cause.DOSE_RATES:
        return False
    return bool(known(world, draft.regions) & known(world, (region,)))


def _why(above: Sequence[Dose]) -> str:
    """Return the figures in a line each: station, value, its own background."""
    return "\n".join(
        f"{each.station}: {each.value:.0f} nSv/h ({each.background:.0f})" for each in above
    )
