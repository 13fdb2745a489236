"""Tallies: how many, at least and at most, and who says which. Never one made-up number.

* Only claims that stand count. A later figure of the same speaker has replaced the earlier one.
* A part of a total ("two of them in critical state") is listed and never summed.
* One number for two measures ("killed and wounded dozens") counts once: for each measure alone it
  says nothing but that it was not none; for their sum it is what it is.
* A denial, a fear or a plan is a voice, not a figure: it is shown beside the range.
* Sums over incidents add an incident once. A figure of the whole (a wave's national toll) is never
  added to those of its parts: the whole's own figure is taken, else the sum of the parts.

Source: DESIGN section 3, rule 9, section 1, R1 and R5; LESSONS L26; GUIDE, numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from tocsin.core.claims import Claim, Figure, Hedge, Measure
from tocsin.core.incidents import Ledger

BESIDE = frozenset((Hedge.DENIED, Hedge.LIKELY, Hedge.POSSIBLE, Hedge.PLANNED))
"""Hedges of claims that are shown beside a range and do not move it."""


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
    """A range and its voices. ``high`` None: nobody says how many at most.

    ``lowest`` and ``highest`` are the figures at the ends of the range; ``official`` is the newest
    that an authority gave. ``told`` False: nobody gave a figure, which is not nought.
    """

    measure: Measure
    what: str = ""
    low: int = 0
    high: int | None = 0
    lowest: Said | None = None
    highest: Said | None = None
    official: Said | None = None
    said: tuple[Said, ...] = ()

    @property
    def told(self) -> bool:
        """Say whether anybody gave a figure that counts."""
        return self.lowest is not None

    @property
    def agrees(self) -> bool:
        """Say whether all figures that count say the same."""
        return len({(s.figure.low, s.figure.high) for s in self.said if s.counts}) <= 1


def voices(claims: Iterable[Claim]) -> list[Said]:
    """Return every figure of some claims, oldest first, each with whether it is its speaker's last.

    What a speaker says later of a measure replaces what he said of it before, also where the one
    number covered two measures and the others one each. Parts replace nothing.
    """
    newest_first = sorted(claims, key=lambda each: (each.said_at, each.entered_at), reverse=True)
    taken: dict[tuple[str, str], set[tuple[Measure, str]]] = {}
    found: list[Said] = []
    for claim in newest_first:
        known = taken.setdefault(claim.speaker, set())
        mine: set[tuple[Measure, str]] = set()
        for figure in reversed(claim.saying.figures):
            names = {(measure, figure.what) for measure in figure.measures}
            is_latest = figure.is_part or not names & known
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
    highest = max(counting, key=_high)
    low, high = lowest.figure.low, highest.figure.high
    if not own:  # a number for both says of one alone no more than that there were some
        low = min(low, 1)
    official = [each for each in counting if each.claim.saying.voice.official]
    return Tally(
        measure=measure, what=what, low=low, high=high, lowest=lowest, highest=highest,
        official=official[-1] if official else None, said=tuple(said),
    )  # fmt: skip


def casualties(claims: Iterable[Claim]) -> tuple[int, int | None, bool]:
    """Return least, most and whether anybody said, of killed and injured together.

    Each speaker's own sum is a figure; the range runs over the speakers. One number for both
    counts once in it.
    """
    sums: dict[tuple[str, str], tuple[int, int | None]] = {}
    for said in voices(claims):
        if not said.counts or not {Measure.KILLED, Measure.INJURED} & set(said.figure.measures):
            continue
        low, high = sums.get(said.claim.speaker, (0, 0))
        most = said.figure.high
        high = None if high is None or most is None else high + most
        sums[said.claim.speaker] = (low + said.figure.low, high)
    if not sums:
        return 0, 0, False
    highs = [high for _, high in sums.values()]
    most = None if None in highs else max(high or 0 for high in highs)
    return min(low for low, _ in sums.values()), most, True


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
    by the sum of its parts.
    """
    by_root: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.incident_id is not None:
            by_root.setdefault(ledger.root(claim.incident_id), []).append(claim)
    roots = dict.fromkeys(ledger.root(each) for each in incidents)
    below = {root: list(dict.fromkeys(ledger.parts_of(root))) for root in roots}
    parts = {part for each in below.values() for part in each if part in roots}
    low, high, told = 0, 0, False
    is_open = False
    seen: set[str] = set()

    def add(root: str) -> None:
        nonlocal low, high, told, is_open
        if root in seen:  # a loop of parts, or a part of two wholes: once is enough
            return
        seen.add(root)
        mine = tally(by_root.get(root, ()), measure, what)
        if mine.told:
            told = True
            low += mine.low
            high += mine.high or 0
            is_open |= mine.high is None
            seen.update(_all_below(below, root))
            return
        for part in below.get(root, ()):
            add(part)

    for root in roots:
        if root not in parts:
            add(root)
    for root in roots:  # what stands in a loop alone
        add(root)
    return low, None if is_open else high, told


def _all_below(below: dict[str, list[str]], root: str) -> set[str]:
    found: set[str] = set()
    waiting = list(below.get(root, ()))
    while waiting:
        each = waiting.pop()
        if each not in found:
            found.add(each)
            waiting += below.get(each, ())
    return found


def _is_firm(claim: Claim) -> bool:
    """Say whether a claim stands, and says that it is so."""
    return claim.stands and claim.saying.hedge not in BESIDE


def _low(said: Said) -> tuple[int, bool, int]:
    high = said.figure.high
    return said.figure.low, high is None, high or 0


def _high(said: Said) -> tuple[bool, int, int]:
    high = said.figure.high
    return high is None, high or 0, said.figure.low
