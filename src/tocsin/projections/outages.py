"""Hours without a service, by region and day: what people were told, counted once.

Of a region are the outages in it and those over it. ``hours`` are those in which all of it was out,
by an outage that names the whole region and counts nothing less; ``hours_in_part`` those in which
only a part of it was: a region in it, settlements that are named, so many consumers. An hour is in
one of the two. Two outages that overlap are one. Where a share was back, the hour still counts in
full in ``hours`` and by what was still out in ``weighted_hours``; of two at once, the worse.

An outage of which nobody has said a word for long (``Publication.silent_after``) counts no further:
nobody knows whether it lasts.

Times are those that people read (``Publication.round_to``): a beginning rounded down, an end
rounded up, so that a sum tells no moment that a notice does not. Days are local ones, of 23 to 25
hours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from tocsin.core.area import Leaves, RegionTree
from tocsin.core.facilities import Outage
from tocsin.core.infra_outages import began_told, ended_told, silent_from
from tocsin.core.publication import Publication

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in which ``out`` (0 to 1) of a service was out."""

    start: datetime
    end: datetime
    out: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """How long a region was without a service on one local day."""

    day: date
    region: str
    service: str
    hours: float
    weighted_hours: float
    hours_in_part: float


def pieces(policy: Publication, outage: Outage, now: datetime) -> Iterator[Piece]:
    """Yield the stretches of one outage up to ``now``, each with how much was out."""
    start = began_told(policy, outage.began)
    silent = silent_from(policy, outage)
    end = min(now, ended_told(policy, outage.ended_at) if outage.ended_at else silent or now)
    steps = [(start, outage.shares[0].restored if outage.shares else outage.restored_share)]
    steps += [(began_told(policy, each.at), each.restored) for each in outage.shares[1:]]
    # what is said after the end, or before the beginning was moved on, bounds itself
    for (since, back), (until, _) in pairwise([*steps, (end, 0.0)]):
        first, last = max(start, since), min(end, until)
        if first < last:
            yield Piece(first, last, 1.0 - back)


def without(
    found: Iterable[Piece], since: datetime, until: datetime
) -> Iterator[tuple[datetime, datetime, float]]:
    """Yield the stretches between two moments in which anything is out, and the worst that is.

    O(n log n), times the few different shares.
    """
    turns: list[tuple[datetime, int, float]] = []
    for each in found:
        start, end = max(each.start, since), min(each.end, until)
        if start < end:
            turns += [(start, 1, each.out), (end, -1, each.out)]
    turns.sort(key=lambda turn: turn[0])
    standing: Counter[float] = Counter()
    for number, (at, change, out) in enumerate(turns):
        standing[out] += change
        if not standing[out]:
            del standing[out]
        after = turns[number + 1][0] if number + 1 < len(turns) else at
        if standing and at < after:
            yield at, after, max(standing)


def days(zone: ZoneInfo, since: datetime, until: datetime) -> Iterator[tuple[date, datetime]]:
    """Yield the local days that meet a stretch of time, each with the moment at which it ends."""
    day = since.astimezone(zone).date()
    while since < until:
        end = datetime.combine(day + DAY, time(), zone).astimezone(UTC)
        yield day, min(end, until)
        since, day = end, day + DAY


def hours_without(  # noqa: PLR0913  # each names one thing
    policy: Publication,
    tree: RegionTree,
    outages: Iterable[Outage],
    *,
    regions: Sequence[str],
    services: Sequence[str],
    since: datetime,
    until: datetime,
    now: datetime,
    zone: ZoneInfo,
) -> list[Without]:
    """Return the hours by day, region and service, the latest day first; nothing where none.

    Only what people were told of counts, and nothing after ``now``.
    """
    until = min(until, now)
    told = [each for each in outages if each.told and each.service in services]
    masks = [(each, _leaves(tree, each.regions), list(pieces(policy, each, now))) for each in told]
    spans = list(days(zone, since, until))
    found: list[Without] = []
    for region in regions:
        here = tree.mask((region,))
        for service in services:
            mine = [(_is_whole(each, leaves, here), made) for each, leaves, made in masks
                    if each.service == service and leaves & here]  # fmt: skip
            every = [piece for _, made in mine for piece in made]
            if not every:
                continue
            whole = [piece for is_whole, made in mine if is_whole for piece in made]
            out = _sums(without(every, since, until), spans)
            for day, (any_, _), (all_, weighted) in zip(
                spans, out, _sums(without(whole, since, until), spans), strict=True
            ):
                if any_:
                    found.append(Without(
                        day=day[0], region=region, service=service, hours=_hours(all_),
                        weighted_hours=_hours(weighted), hours_in_part=_hours(any_ - all_),
                    ))  # fmt: skip
    order = {region: number for number, region in enumerate(regions)}
    found.sort(key=lambda row: (-row.day.toordinal(), order[row.region], row.service))
    return found


def _is_whole(outage: Outage, leaves: Leaves, here: Leaves) -> bool:
    """Say whether an outage is of all of a region, not of some settlements or consumers in it."""
    return not here & ~leaves and outage.figure is None and not outage.settlements


def _sums(
    stretches: Iterable[tuple[datetime, datetime, float]], spans: Sequence[tuple[date, datetime]]
) -> list[tuple[timedelta, timedelta]]:
    """Return the time and the weighted time of each day; both come in order, so are gone once."""
    found = [(timedelta(), timedelta())] * len(spans)
    number = 0
    for begins, stop, out in stretches:
        start = begins
        while start < stop:
            while spans[number][1] <= start:
                number += 1
            last = min(stop, spans[number][1])
            whole, weighted = found[number]
            found[number] = (whole + (last - start), weighted + (last - start) * out)
            start = last
    return found


def _hours(length: timedelta) -> float:
    return round(length / HOUR, 2)


def _leaves(tree: RegionTree, codes: Iterable[str]) -> Leaves:
    """Return the leaves of regions; one that was redrawn since an old journal has none."""
    return tree.mask(code for code in codes if code in tree)
