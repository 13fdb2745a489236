"""Incidents of the ledger that a claim may belong to: proposed with reasons, never decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from tocsin.reader.claim import Claim, Kind
from tocsin.reader.events import FAMILY, days_of, slug

_EFFECTS = frozenset({Kind.CASUALTIES, Kind.DAMAGE, Kind.OUTAGE, Kind.RESTORATION})
_WORTH = 0.4
_DAYS_OF_A_TOLL = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An incident of the ledger, as much of it as a proposal needs."""

    id: str
    kind: Kind
    names: tuple[str, ...] = ()
    """Names of its places, any spelling."""
    geocode: str | None = None
    start: date | None = None
    end: date | None = None
    things: tuple[str, ...] = ()
    """Types of infrastructure it touched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An incident that a claim may belong to. ``score`` 0..1; never decided by itself."""

    incident_id: str
    score: float
    reasons: tuple[str, ...]


def propose(claim: Claim, incidents: Iterable[Known]) -> tuple[Proposal, ...]:
    """Return the incidents a claim may belong to, the likeliest first, with reasons.

    A place or a day that speaks against it rules an incident out.
    """
    out = []
    for known in incidents:
        found = _weigh(claim, known)
        if found is not None and found.score >= _WORTH:
            out.append(found)
    return tuple(sorted(out, key=lambda each: (-each.score, each.incident_id)))


def _weigh(claim: Claim, known: Known) -> Proposal | None:
    score, reasons = 0.0, []
    mine, theirs = FAMILY.get(claim.kind, "effect"), FAMILY.get(known.kind, "effect")
    if mine == theirs and mine != "effect":
        score += 0.2
        reasons.append(f"same kind: {claim.kind}")
    elif "effect" not in {mine, theirs} and not {mine, theirs} <= {"strike", "hazard"}:
        return None
    start, end = days_of(claim.time)
    if start and end and known.start:
        until = known.end or known.start
        if start <= until and known.start <= end:
            score += 0.35
            reasons.append(f"same day: {start.isoformat()}")
        elif claim.kind in _EFFECTS and 0 < (start - until).days <= _DAYS_OF_A_TOLL:
            score += 0.15
            reasons.append(f"{(start - until).days} days later")
        else:
            return None
    names = {slug(name) for name in known.names}
    mine_names = {slug(place.name) for place in claim.place}
    shared = sorted(names & mine_names)
    codes = {place.geocode for place in claim.place if place.geocode}
    if shared:
        score += 0.35
        reasons.append("same place: " + ", ".join(shared))
    elif known.geocode and known.geocode in codes:
        score += 0.2
        reasons.append(f"same region: {known.geocode}")
    elif names and mine_names and any(place.level != "country" for place in claim.place):
        return None
    things = sorted(set(known.things) & {thing.type for thing in claim.infrastructure})
    if things:
        score += 0.1
        reasons.append("same thing: " + ", ".join(things))
    return Proposal(incident_id=known.id, score=round(score, 2), reasons=tuple(reasons))
