"""Claims of one event that cannot both be true: tolls apart, or one side denying."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader.claim import Claim, Figure, Hedge
from tocsin.reader.events import LOOK_BACK, same_place


def contradictions(claims: Sequence[Claim]) -> dict[str, tuple[str, ...]]:
    """Return, by claim, the claims of its event that cannot be true with it."""
    out: dict[str, list[str]] = {}
    groups: dict[str, list[Claim]] = {}
    for claim in claims:
        if claim.event is not None:
            groups.setdefault(claim.event, []).append(claim)
    for members in groups.values():
        told = [each for each in members if _is_telling(each)][:LOOK_BACK]
        for at, one in enumerate(told):
            for other in told[at + 1 :]:
                if _contradict(one, other):
                    out.setdefault(one.id, []).append(other.id)
                    out.setdefault(other.id, []).append(one.id)
    return {key: tuple(value) for key, value in out.items()}


def _is_telling(claim: Claim) -> bool:
    figures = (claim.killed, claim.injured, claim.affected)
    return any(figures) or claim.hedge is Hedge.DENIED


def _contradict(one: Claim, other: Claim) -> bool:
    denied = (one.hedge is Hedge.DENIED) != (other.hedge is Hedge.DENIED)
    if denied and one.kind is other.kind:
        return True
    if one.kind is not other.kind or not _places_meet(one, other):
        return False
    return any(
        _apart(getattr(one, field_), getattr(other, field_))
        for field_ in ("killed", "injured", "affected")
    )


def _places_meet(one: Claim, other: Claim) -> bool:
    if not one.place or not other.place:
        return True
    return any(same_place(a, b) for a in one.place for b in other.place)


def _apart(one: Figure | None, other: Figure | None) -> bool:
    """Say whether no number can be both."""
    if one is None or other is None or one.is_part or other.is_part or one.what != other.what:
        return False
    if 1 in {one.value, other.value}:
        return False  # a single victim is told of beside any toll
    low = max(one.low or 0, other.low or 0)
    highs = [each.high for each in (one, other) if each.high is not None]
    return bool(highs) and low > min(highs)
