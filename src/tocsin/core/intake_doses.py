"""Dose rates: where several good stations agree, a draft is made (DESIGN R10).

One station proves nothing, whatever it sends: a station counts once, by the median of its last
three readings, above its own threshold. A station that flaps (crosses its threshold again and
again) counts for nothing until it is steady. So nothing that one station can send drafts anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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

LAST = 3
"""Readings of a station whose median counts."""
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
    )  # fmt: skip
    if old is not None:
        return (drafted,)
    return (drafted, OfficersPaged(at=now, why=PageReason.DRAFT))


def agreeing(world: World, readings: Iterable[Dose], now: datetime) -> list[Dose]:
    """Return the stations that are steadily above their threshold; each with its median."""
    policy = world.feeds
    by_station: dict[str, dict[datetime, Dose]] = {}
    for each in readings:
        if now - policy.window < each.measured_at <= now + policy.ahead:
            by_station.setdefault(each.station, {})[each.measured_at] = each
    found = []
    for _, series in sorted(by_station.items()):
        steps = [series[at] for at in sorted(series)]
        if flaps(world, steps):
            continue
        last = sorted(steps[-LAST:], key=lambda each: each.value)
        middle = median_low(range(len(last)))
        if last[middle].value > _threshold(world, last[middle].background):
            found.append(last[middle])
    return found


def flaps(world: World, steps: Iterable[Dose]) -> bool:
    """Say whether one station's readings, by time, cross its threshold too often to count."""
    is_high = [each.value > _threshold(world, each.background) for each in steps]
    return sum(1 for a, b in pairwise(is_high) if a is not b) > CROSSINGS_MOST


def _threshold(world: World, background: float) -> float:
    return max(world.feeds.times_background * background, world.feeds.at_least_nsv_h)


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
