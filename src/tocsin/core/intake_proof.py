"""How far reports of a danger are believed, leaf by leaf (DESIGN R11, LESSONS L13).

*Proven* is what a source that is not weak reports, or what two keys report independently. What a
single weak source alone reports is believed too, but never for more than ``weak_regions`` top
regions in all, and never for the country.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.alert import Status
from tocsin.core.area import Leaves
from tocsin.core.inbox import AlertDraft, Threat
from tocsin.core.state import State
from tocsin.core.threats import Cause
from tocsin.core.world import World


@dataclass(frozen=True, slots=True)
class Weighed:
    """What a set of reports comes to: where to draft, and whether a single weak source says so."""

    leaves: Leaves
    is_weak: bool


def weigh(world: World, state: State, sources: Sequence[Threat], old: AlertDraft | None) -> Weighed:
    """Return which leaves these reports may be drafted for together, the first ones first."""
    by_key: dict[str, Leaves] = {}
    proven: Leaves = 0
    for each in sources:
        mine = known(world, each.regions)
        by_key[each.key] = by_key.get(each.key, 0) | mine
        if not each.is_weak:
            proven |= mine
    seen: Leaves = 0
    for mine in by_key.values():
        proven |= seen & mine
        seen |= mine
    believed = {key: _resting_on_key(world, state, key, old) for key in by_key}
    leaves = proven
    for each in sources:
        alone = known(world, each.regions) & ~proven
        if alone and _is_narrow(world, alone | believed[each.key]):
            believed[each.key] |= alone
            leaves |= alone
    return Weighed(leaves, is_weak=not proven)


def is_covered(world: World, state: State, hazard: str, leaves: Leaves) -> bool:
    """Say whether real alerts of that hazard are in force over all of these leaves."""
    for alert in state.active.values():
        if alert.hazard == hazard and alert.status is Status.ACTUAL:
            leaves &= ~world.tree.extent(alert.area).whole
    return not leaves


def held(world: World, state: State, now: datetime) -> list[Threat]:
    """Return reports that stand and that neither a draft nor an alert answers.

    They were too wide for a single weak source, or their kind drafts nothing.
    """
    return [
        each for each in state.inbox.threats.values()
        if stands(each, now) and not is_answered(world, state, each)
    ]  # fmt: skip


def is_answered(world: World, state: State, threat: Threat) -> bool:
    """Say whether a draft or an alert has taken up a report, or its like."""
    return bool(state.inbox.resting_on(threat.id)) or _is_taken_up(world, state, threat)


def _is_taken_up(world: World, state: State, threat: Threat) -> bool:
    """Say whether drafts that wait and alerts in force cover all that a report says."""
    hazard, leaves = hazard_of(world, threat.kind), known(world, threat.regions)
    if hazard is None:
        return False
    for draft in state.inbox.drafts.values():
        if draft.waits and draft.hazard == hazard:
            leaves &= ~known(world, draft.regions)
    return is_covered(world, state, hazard, leaves)


def merging(
    world: World, state: State, hazard: str, mine: Leaves, now: datetime, *, alone: bool
) -> AlertDraft | None:
    """Return the waiting draft of the same danger there, if it is recent or says it all already.

    ``alone``: what may be issued at once takes no wider draft along.
    """
    for draft in state.inbox.drafts.values():
        if not draft.waits or draft.cause is not Cause.THREATS or draft.hazard != hazard:
            continue
        there = known(world, draft.regions)
        is_recent = now - draft.changed_at <= world.feeds.merge_within
        if not there & mine or not (is_recent or mine & ~there == 0):
            continue
        said = known(world, [code for s in sources_of(state, draft) for code in s.regions])
        if not alone or not (there | said) & ~mine:
            return draft
    return None


def company(
    world: World,
    state: State,
    hazard: str,
    mine: Leaves,
    now: datetime,
    old: AlertDraft | None,
    *,
    alone: bool,
) -> list[Threat]:
    """Return the other reports of the same danger: the draft's, and those that made none yet."""
    found = sources_of(state, old) if old is not None else []
    for each in state.inbox.threats.values():
        if not stands(each, now) or now - each.at > world.feeds.merge_within:
            continue
        there = known(world, each.regions)
        if (
            hazard_of(world, each.kind) == hazard and there & mine
            and not (alone and there & ~mine) and not is_answered(world, state, each)
        ):  # fmt: skip
            found.append(each)
    return found


def called_lately(world: World, state: State, new: Threat, now: datetime) -> bool:
    """Say whether officers were called to the like of it from this key just now."""
    return any(
        each.key == new.key and each.kind is new.kind
        and now - each.at <= world.feeds.merge_within and not _is_taken_up(world, state, each)
        for each in state.inbox.threats.values()
    )  # fmt: skip


def sources_of(state: State, draft: AlertDraft) -> list[Threat]:
    """Return the reports that a draft rests on and that nobody took back."""
    everything = state.inbox.threats
    found = [everything[name] for name in draft.sources if name in everything]
    return [each for each in found if each.withdrawn_at is None]


def stands(threat: Threat, now: datetime) -> bool:
    """Say whether a report holds: nobody took it back, and by its own word it is not over."""
    return threat.withdrawn_at is None and threat.not_after > now


def hazard_of(world: World, kind: str) -> str | None:
    """Return the hazard that a kind of threat drafts; None: it drafts none."""
    name = world.feeds.hazards.get(kind)
    return name if name in world.hazards else None


def known(world: World, codes: Iterable[str]) -> Leaves:
    """Return the leaves of those regions that this profile knows."""
    return world.tree.mask(code for code in codes if code in world.tree)


def _is_narrow(world: World, leaves: Leaves) -> bool:
    """Say whether a single weak source may be believed for so much."""
    tree = world.tree
    tops = sum(1 for code in tree.children(tree.root) if tree.leaves[tree.index[code]] & leaves)
    return tops <= world.feeds.weak_regions and leaves != tree.mask((tree.root,))


def _resting_on_key(world: World, state: State, key: str, but: AlertDraft | None) -> Leaves:
    """Return where other drafts wait that rest on this key alone: place by place is a country."""
    found: Leaves = 0
    for draft in state.inbox.drafts.values():
        if not draft.waits or key not in draft.keys or (but is not None and draft.id == but.id):
            continue
        others: Leaves = 0
        for each in sources_of(state, draft):
            if each.key != key or not each.is_weak:
                others |= known(world, each.regions)
        found |= known(world, draft.regions) & ~others
    return found
