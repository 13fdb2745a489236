"""Tallies: how many, at least and at most, and who says which. Never one made-up number.

* Only claims that stand count. A later figure of the same speaker has replaced the earlier one.
* A part of a total ("two of them in critical state") is listed and never summed.
* One number for two measures ("killed and wounded dozens") counts once: for each measure alone it
  says nothing but that it was not none; for their sum it is what it is. It is replaced when its
  speaker has said both since.
* A denial, a fear or a plan is a voice, not a figure: it is shown beside the range.
* Sums over incidents add an incident once. A figure of the whole (a wave's national toll) is never
  added to those of its parts: the whole's own figure is taken, else the sum of the parts.
* An incident belongs to one local day, that of its end, so that no two days count it.

Source: DESIGN section 3, rule 9, section 1, R1 and R5; LESSONS L26; GUIDE, numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import TypeVar

from tocsin.core.area import RegionTree
from tocsin.core.claims import UNFIRM, Claim, Figure, Measure
from tocsin.core.incidents import Ledger

BESIDE = UNFIRM
"""Hedges of claims that are shown beside a range and do not move it."""
Group = TypeVar("Group", bound=Hashable)
MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One figure and the claim it stands in. ``is_latest``: its speaker said none later."""

    claim: Claim
    figure: Figure
    is_latest: bool = True

    @property
    def counts(self) -> bool:
        """Say whether it moves the range."""
        return self.is_latest and not self.figure.is_part and _is_firm(self.claim)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """A range and its voices. ``high`` None: a figure that counts is open ("at least 10").

    ``lowest`` and ``highest`` are the figures with the lowest and the highest number that anybody
    said: beside "at least 10", 19 is the highest, though the range is open above it. ``official``
    is the newest that an authority gave. ``told`` False: nobody gave a figure, which is not nought.
    """

    measure: Measure
    what: str = ""
    low: int = 0
    high: int | None = 0
    lowest: Said | None = None
    highest: Said | None = None
    official: Said | None = None
    agrees: bool = True
    """Whether all figures that count say the same."""
    said: tuple[Said, ...] = ()

    @property
    def told(self) -> bool:
        """Say whether anybody gave a figure that counts."""
        return self.lowest is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum over incidents, each counted once. ``high`` None: nobody says how many at most."""

    low: int
    high: int | None
    told: bool
    incidents: tuple[str, ...] = ()
    """Those that it is over, also where nobody gave a figure."""


def voices(claims: Iterable[Claim]) -> list[Said]:
    """Return every figure of some claims, oldest first, each with whether it is its speaker's last.

    What a speaker says later of a measure replaces what he said of it before. One number for two
    measures replaces those of each, and is itself replaced once both were said anew. Parts replace
    nothing.
    """
    newest_first = sorted(claims, key=_time, reverse=True)
    taken: dict[tuple[str, str], set[tuple[Measure, str]]] = {}
    found: list[Said] = []
    for claim in newest_first:
        known = taken.setdefault(claim.speaker, set())
        mine: set[tuple[Measure, str]] = set()
        for figure in reversed(claim.saying.figures):
            names = {(measure, figure.what) for measure in figure.measures}
            is_latest = figure.is_part or not names <= known
            found.append(Said(claim=claim, figure=figure, is_latest=is_latest))
            if not figure.is_part and _is_firm(claim):
                mine |= names
        known |= mine
    found.reverse()
    return found


def tally(claims: Iterable[Claim], measure: Measure, what: str = "") -> Tally:
    """Return the tally of one measure over the claims of one incident."""
    said = [
        each for each in voices(claims)
        if measure in each.figure.measures and each.figure.what == what
    ]  # fmt: skip
    own = [each for each in said if each.counts and len(each.figure.measures) == 1]
    joint = [each for each in said if each.counts and len(each.figure.measures) > 1]
    counting = own or joint
    if not counting:
        return Tally(measure=measure, what=what, said=tuple(said))
    lowest = min(counting, key=_low)
    highest = max(counting, key=_named)
    low = lowest.figure.low
    if not own:  # a number for several says of one alone no more than that it was not none
        low = min(1 if each.figure.low >= len(each.figure.measures) else 0 for each in joint)
    official = [each for each in counting if each.claim.saying.voice.official]
    return Tally(
        measure=measure, what=what, low=low, high=_top(each.figure.high for each in counting),
        lowest=lowest, highest=highest, official=official[-1] if official else None,
        agrees=len({(each.figure.low, each.figure.high) for each in counting}) == 1,
        said=tuple(said),
    )  # fmt: skip


def casualties(claims: Iterable[Claim]) -> tuple[int, int | None, bool]:
    """Return least, most and whether anybody said, of killed and injured together.

    What one voice says of the killed and another of the injured are added; one number for both
    stands for itself and is added to nothing. Where only one of the two was told, nobody says how
    many there are together at most.
    """
    known = list(claims)
    both = {Measure.KILLED, Measure.INJURED}
    joint = [
        each.figure for each in voices(known)
        if each.counts and both <= set(each.figure.measures) and not each.figure.what
    ]  # fmt: skip
    single = []
    for measure in (Measure.KILLED, Measure.INJURED):
        found = tally(known, measure)
        if found.lowest is not None and len(found.lowest.figure.measures) == 1:
            single.append(found)
    low = sum(each.low for each in single)
    high = _plus(each.high for each in single)
    if not joint:
        return low, high if len(single) == len(both) else 0 if not single else None, bool(single)
    lows = [each.low for each in joint]
    highs = [each.high for each in joint]
    if len(single) == len(both):
        lows.append(low)
        highs.append(high)
    most = _top(highs)
    return min(lows), None if most is None else max(most, low), True


def whats(claims: Iterable[Claim], measure: Measure) -> list[str]:
    """Return what is counted under a measure: ``settlements``, ``houses`` and so on."""
    found = {f.what for c in claims for f in c.saying.figures if measure in f.measures}
    return sorted(found)


def over(
    ledger: Ledger,
    incidents: Iterable[str],
    measure: Measure,
    claims: Iterable[Claim],
    what: str = "",
) -> tuple[int, int | None, bool]:
    """Return least, most and whether anybody said, summed over incidents, each counted once.

    ``claims`` are those that may be counted (all for the desk, the visible ones for people). An
    incident that is part of another among them is counted with it: by the whole's own figure, else
    by the sum of its parts. Parts that say more than the whole make the range wider.
    """
    roots = dict.fromkeys(ledger.root(each) for each in incidents)
    return _summed(ledger.parts(), _tallies(ledger, claims, measure, what), roots)


def _tallies(
    ledger: Ledger, claims: Iterable[Claim], measure: Measure, what: str
) -> dict[str, Tally]:
    """Return the tally of every incident that somebody gave a figure of, by its root."""
    by_root: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.incident_id is not None:
            by_root.setdefault(ledger.root(claim.incident_id), []).append(claim)
    found = ((root, tally(mine, measure, what)) for root, mine in by_root.items())
    return {root: mine for root, mine in found if mine.told}


def _summed(
    parts: Mapping[str, tuple[str, ...]], tallies: Mapping[str, Tally], roots: Iterable[str]
) -> tuple[int, int | None, bool]:
    told = [root for root in roots if root in tallies]
    below = {root: _all_below(parts, root) for root in told if root in parts}
    none: set[str] = set()
    counted: list[str] = []
    for root in told:
        mine = below.get(root, none)
        if any(root in under and other not in mine for other, under in below.items()):
            continue  # a whole above it speaks for it
        if not any(root in below.get(other, none) for other in counted):  # of a circle, the first
            counted.append(root)
    low = sum(tallies[root].low for root in counted)
    highs = (_most(parts, tallies, root, below.get(root, none)) for root in counted)
    return low, _plus(highs), bool(counted)


def _most(
    parts: Mapping[str, tuple[str, ...]], tallies: Mapping[str, Tally], root: str, under: set[str]
) -> int | None:
    """Return the most of a whole: its own, or its parts' where they say more than it can hold.

    Nothing is added to it; but a national toll of 19 does not hide that one town counts 25.
    """
    own = tallies[root].high
    inner = under - {root}
    inside = {each: tuple(p for p in parts.get(each, ()) if p in inner) for each in inner}
    low, high, told = _summed(inside, tallies, sorted(inner))
    return high if told and own is not None and low > own else own


def by_place(
    ledger: Ledger, tree: RegionTree, measure: Measure, what: str = ""
) -> dict[str, Total]:
    """Return the sum for every region that an incident lies in: its own, and each above it.

    For people, ``ledger`` is ``Visible.ledger``.
    """
    groups: dict[str, list[str]] = {}
    for incident in ledger.incidents.values():
        code = incident.where.geocode
        if ledger.root(incident.id) != incident.id or code not in tree:
            continue
        for region in tree.upward(code):
            groups.setdefault(region, []).append(incident.id)
    return _totals(ledger, groups, measure, what)


def by_day(ledger: Ledger, zone: tzinfo, measure: Measure, what: str = "") -> dict[date, Total]:
    """Return the sum for every local day that an incident belongs to: the day of its end.

    For people, ``ledger`` is ``Visible.ledger``.
    """
    groups: dict[date, list[str]] = {}
    for incident in ledger.incidents.values():
        if ledger.root(incident.id) == incident.id:
            groups.setdefault(local_day(incident.when.end, zone), []).append(incident.id)
    return _totals(ledger, groups, measure, what)


def local_day(end: datetime, zone: tzinfo) -> date:
    """Return the local day that an exclusive end lies in: midnight ends the day before it."""
    return (end - MOMENT).astimezone(zone).date()


def _totals(
    ledger: Ledger, groups: Mapping[Group, list[str]], measure: Measure, what: str
) -> dict[Group, Total]:
    tallies, parts = _tallies(ledger, ledger.claims.values(), measure, what), ledger.parts()
    found = {}
    for name, incidents in groups.items():
        low, high, told = _summed(parts, tallies, incidents)
        found[name] = Total(low=low, high=high, told=told, incidents=tuple(incidents))
    return found


def _all_below(parts: Mapping[str, tuple[str, ...]], root: str) -> set[str]:
    found: set[str] = set()
    waiting = list(parts.get(root, ()))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += parts.get(each, ())
    return found


def _top(highs: Iterable[int | None]) -> int | None:
    """Return the highest of some ends; open where one of them is."""
    return _joined(highs, max)


def _plus(highs: Iterable[int | None]) -> int | None:
    """Return the sum of some ends; open where one of them is."""
    return _joined(highs, sum)


def _joined(highs: Iterable[int | None], how: Callable[[list[int]], int]) -> int | None:
    known: list[int] = []
    for each in highs:
        if each is None:
            return None
        known.append(each)
    return how(known)


def _time(claim: Claim) -> tuple[datetime, int, datetime, str]:
    return claim.said_at, claim.order, claim.entered_at, claim.id


def _is_firm(claim: Claim) -> bool:
    """Say whether a claim stands, and says that it is so."""
    return claim.stands and claim.saying.hedge not in BESIDE


def _low(said: Said) -> tuple[int, bool, int]:
    high = said.figure.high
    return said.figure.low, high is None, high or 0


def _named(said: Said) -> tuple[int, bool, int]:
    low, high = said.figure.low, said.figure.high
    return (low, True, low) if high is None else (high, False, low)
