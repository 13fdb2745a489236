"""Which words of a sentence are one claim: triggers of a kind, counts of a toll.

Words of one kind are one claim; two where the sentence tells of two days, of two tolls, or of a
part of a total.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tocsin.reader.claim import Kind, Qualifier
from tocsin.reader.clauses import clause_at
from tocsin.reader.found import Found
from tocsin.reader.numbers import Count
from tocsin.reader.triggers import Trigger
from tocsin.reader.untrue import hedges_at

_PEOPLE_ROLES = frozenset({"killed", "injured"})
_DAY = 10
_WHATS = {
    "missing": Kind.CASUALTIES,
    "trapped": Kind.CASUALTIES,
    "evacuated": Kind.EVACUATION,
    "sheltering": Kind.SHELTER,
    "people sheltering": Kind.SHELTER,
}
STATES = {
    "out": Kind.OUTAGE,
    "restored": Kind.RESTORATION,
    "damaged": Kind.DAMAGE,
    "destroyed": Kind.DAMAGE,
    "struck": Kind.STRIKE,
}
"""What became of counted things, by kind."""


@dataclass(slots=True, kw_only=True)
class Cluster:
    """Words of one kind that are one claim."""

    kind: Kind
    triggers: list[Trigger] = field(default_factory=list)
    counts: list[Count] = field(default_factory=list)
    is_part: bool = False

    @property
    def at(self) -> int:
        """Return the offset of its first word."""
        spans = [*(each.span for each in self.triggers), *(each.span for each in self.counts)]
        return min(span.start for span in spans)

    @property
    def end(self) -> int:
        """Return the offset behind its last word."""
        spans = [*(each.span for each in self.triggers), *(each.span for each in self.counts)]
        return max(span.end for span in spans)


def _tolls(found: Found) -> list[Cluster]:
    """Return the counted dead and hurt, a cluster for each toll and each part of one."""
    out: list[Cluster] = []
    open_: Cluster | None = None
    for count in found.counts:
        if count.role not in _PEOPLE_ROLES or count.forecast:
            continue
        if count.is_part:
            same = next((each for each in out if each.counts[0].span == count.span), None)
            if same is not None:
                same.counts.append(count)
            else:
                out.append(Cluster(kind=Kind.CASUALTIES, counts=[count], is_part=True))
            continue
        if (
            open_ is None
            or any(each.role == count.role for each in open_.counts)
            or _is_elsewhere(found, open_.counts[-1], count)
            or _is_other_word(found, open_.counts[-1], count)
        ):
            open_ = Cluster(kind=Kind.CASUALTIES)
            out.append(open_)
        open_.counts.append(count)
    return out


def _is_other_word(found: Found, one: Count, other: Count) -> bool:
    """Say whether only one is called untrue: "reports of 30 dead were false, two were hurt"."""
    first, second = (hedges_at(found.doubted, each.span.start) for each in (one, other))
    return first != second


def _is_elsewhere(found: Found, one: Count, other: Count) -> bool:
    """Say whether the hurt are of another town: "killed three in A and wounded 11 in B"."""
    towns = [
        each
        for each in found.places
        if each.use == "where" and each.place.level in {"settlement", "region"}
    ]
    begins = min(other.verb, other.span.start)
    between = [each for each in towns if one.span.end <= each.span.start < begins]
    if begins <= max(one.verb, one.span.start):
        return False
    parts = found.parts
    here = clause_at(parts, other.verb).number
    behind = [
        each
        for each in towns
        if each.span.start >= max(other.span.end, other.verb)
        and clause_at(parts, each.span.start).number == here
    ]
    before = [each for each in towns if each.span.start < min(one.verb, one.span.start)]
    if behind:  # the town of the dead stands behind them, that of the hurt behind those
        opened = between or (before if here != clause_at(parts, one.verb).number else [])
        if not opened:
            return False
        first, second = opened[-1].place, behind[0].place
    else:
        there = clause_at(parts, one.verb).number
        before = [each for each in before if clause_at(parts, each.span.start).number == there]
        own = [each for each in between if clause_at(parts, each.span.start).number == here]
        if not before or not own or here == there:
            return False
        first, second = before[-1].place, own[0].place
    return first.name != second.name and first.level == second.level


def _counted(found: Found, clusters: Sequence[Cluster]) -> list[Cluster]:
    """Return what a count alone tells: the missing, people in shelters, homes without power.

    One for each kind that nothing else in the sentence tells of.
    """
    have = {each.kind for each in clusters}
    out: list[Cluster] = []
    for count in found.counts:
        if count.role != "affected" or count.forecast or count.negated or count.is_part:
            continue
        if count.qualifier is Qualifier.NONE:
            continue
        kind = STATES.get(count.state or "") or _WHATS.get(count.what or "")
        at = found.token_at(count.verb)
        if kind is Kind.EVACUATION and found.any("evacuation.displacing", at, at + 1):
            continue
        if kind is not None and kind not in have:
            have.add(kind)
            out.append(Cluster(kind=kind, counts=[count]))
    return out


def _clusters(found: Found, kind: Kind) -> list[Cluster]:
    """Return the triggers of a kind, parted where two happenings are told."""
    by_group: dict[int, list[Trigger]] = {}
    for each in found.triggers:
        if each.kind is kind:
            by_group.setdefault(found.group(each.span.start), []).append(each)
    out: list[Cluster] = []
    if kind is Kind.ALERT and by_group:
        return [Cluster(kind=kind, triggers=[one for some in by_group.values() for one in some])]
    for group in sorted(by_group):
        cluster = Cluster(kind=kind, triggers=by_group[group])
        match = next((other for other in out if _one_event(found, other, cluster)), None)
        if match is None:
            out.append(cluster)
        else:
            match.triggers += cluster.triggers
    return out


def _one_event(found: Found, one: Cluster, other: Cluster) -> bool:
    """Say whether two groups of clauses of one kind tell of one happening."""
    first, second = (_own_days(found, each) for each in (one, other))
    if not first or not second or not first.isdisjoint(second):
        return True
    # "They hit many yesterday and they hit new ones today": one course of events.
    verbs = [{each.span.text.casefold() for each in cluster.triggers} for cluster in (one, other)]
    places = any(each.use == "where" for each in found.places)
    return bool(verbs[0] & verbs[1]) and not places


def _own_days(found: Found, cluster: Cluster) -> set[str]:
    groups = {found.group(each.span.start) for each in cluster.triggers}
    kinds = {"point", "after"} | ({"until"} if cluster.kind is Kind.RESTORATION else set())
    return {
        each.start[:_DAY]
        for each in found.times
        # "A day after a drone hit X": of the next words.
        if each.start is not None
        and each.kind in kinds
        and found.group(each.span.end + 2 if each.kind == "after" else each.span.start) in groups
    }


def clusters(found: Found) -> list[Cluster]:
    """Return the words of each claim of a sentence, in order."""
    out = _tolls(found)
    for kind in Kind:
        out += _clusters(found, kind)
    out += _counted(found, out)
    return sorted(out, key=lambda each: (each.at, each.kind))
