"""Damage, outages, restorations, evacuations, shelter and sirens: the rules for each."""

from __future__ import annotations

from tocsin.reader.claim import Kind
from tocsin.reader.triggers import NEAR, Reading

_TELL_TO_GO = 10
"""Words between telling people and their going."""


def effects(reading: Reading) -> None:
    """Add all that is no cause."""
    _damage(reading)
    _outages(reading, _restorations(reading))
    _evacuations(reading)
    _shelter(reading)
    _sirens(reading)


def _damage(reading: Reading) -> None:
    for first, last in reading.hits("damage.verbs", but="damage.not_verbs"):
        if reading.article_before(first) or reading.is_wished(first) or reading.is_none(first):
            continue
        if reading.is_a(first, "hazard.of_vehicles") and reading.any(
            ("hazard.vehicles",), reading.clause(first).first, first
        ):
            continue  # "the plane came down"
        if _things_near(reading, first):
            reading.add(Kind.DAMAGE, first, last)
    for first, last in reading.hits("damage.nouns", but="damage.not_verbs"):
        if reading.is_negated(first) or reading.is_none(first):
            continue
        if reading.any(("damage.done",), first - 5, last + 5):
            reading.add(Kind.DAMAGE, first, last, noun=True)


def _things_near(reading: Reading, at: int) -> bool:
    """Say whether a thing that can be broken stands in the clauses of the happening."""
    return any(
        part.first <= thing.first < part.last and not thing.is_service
        for part in reading.in_group(at)
        for thing in reading.things
    )


def _restorations(reading: Reading) -> set[int]:
    """Add what is back or will be; return its clauses, in which nothing is lost."""
    found: set[int] = set()
    services = reading.at.get("outage.services", [])
    for low, high in services:
        # "bring electricity back", "got the power back", "turned the water on again"
        begun = [at for at, _ in reading.at.get("outage.bringing", []) if 0 < low - at <= 3]  # noqa: PLR2004
        negated = begun and reading.any(("grammar.negation",), begun[0] - 4, begun[0])
        if begun and reading.is_a(high, "outage.back") and not negated:
            found.add(reading.clause(begun[0]).number)
            reading.add(Kind.RESTORATION, begun[0], high + 1)
    for first, last in reading.hits("outage.restored"):
        part = reading.clause(first)
        near = max(part.first, first - 4)
        if reading.any(("grammar.when",), part.first, first) or reading.any(
            ("grammar.negation",), near, first
        ):
            continue
        head = reading.parts[part.head]
        shared = part.link in {"and", "relative"} and any(
            head.first <= low < head.last for low, _ in services
        )
        alone = reading.is_a(first, "outage.alone") or (
            bool(services) and reading.is_a(last, "outage.them")
        )
        if (
            alone
            or shared
            or any(
                part.first <= low < part.last
                and (low - last <= NEAR if low > first else first - high <= NEAR)
                for low, high in services
            )
        ):
            found.add(part.number)
            reading.add(Kind.RESTORATION, first, last)
    return found


def _outages(reading: Reading, restored: set[int]) -> None:
    """Add what is lost: a word of losing near a service, nearer for the common words."""
    for first, last in reading.hits("outage.nouns"):
        ranked = reading.any(("grammar.ranked",), first - 3, first)
        if reading.clause(first).number in restored or reading.is_none(first) or ranked:
            continue
        reading.add(Kind.OUTAGE, first, last, noun=True)
    leaks = {at for low, high in reading.at.get("hazard.nouns", []) for at in range(low, high)}
    services = [each for each in reading.at.get("outage.services", []) if each[0] not in leaks]
    for first, last in reading.hits("outage.verbs"):
        part = reading.clause(first)
        lacking = reading.is_a(first, "outage.lacking")
        if reading.article_before(first):
            continue
        if part.number in restored or (reading.is_wished(first) and not lacking):
            continue
        behind = reading.is_a(first, "outage.behind")
        reach_on = 3 if lacking else 0 if behind else NEAR
        reach_back = 2 if behind else 0 if lacking else NEAR - 2
        if not lacking and reading.is_a(first - 1, "grammar.auxiliary"):
            reach_back = 2 * NEAR  # "networks in the north have been down"
        for low, high in services:
            if not part.first <= low < part.last or _spared(reading, first, low):
                continue
            ahead = low >= last and low - last <= reach_on and reach_on
            back = high <= first and first - high <= reach_back and (behind or not lacking)
            if ahead or back:
                reading.add(Kind.OUTAGE, first, last)
                break


def _spared(reading: Reading, verb: int, service: int) -> bool:
    """Say whether nothing of the service is lost: "no flights were cancelled"."""
    if reading.is_a(verb, "relation.zero") and verb == service - 1:
        return not reading.is_a(service, "outage.mass")
    return reading.is_a(service - 1, "relation.zero") and not reading.is_a(verb, "outage.lacking")


def _evacuations(reading: Reading) -> None:
    for first, last in reading.hits("evacuation.verbs", but="evacuation.not_verbs"):
        if not reading.is_none(first) and not _is_needless(reading, first):
            reading.add(Kind.EVACUATION, first, last)
    for first, last in reading.hits("evacuation.nouns", but="evacuation.not_verbs"):
        if reading.any(("evacuation.carried",), first - 4, last + 4):
            reading.add(Kind.EVACUATION, first, last, noun=True)
    telling = reading.hits("evacuation.telling")
    for first, last in reading.hits("evacuation.going", but="evacuation.not_going"):
        if _is_needless(reading, first):
            continue
        if not reading.is_negated(first) and any(
            0 < first - low <= _TELL_TO_GO for low, _ in telling
        ):
            reading.add(Kind.EVACUATION, first, last)


def _is_needless(reading: Reading, at: int) -> bool:
    """Say whether the clause tells people that they need not go."""
    part = reading.clause(at)
    return reading.any(("evacuation.needless",), part.first, part.last)


def _shelter(reading: Reading) -> None:
    for first, last in reading.hits("shelter.verbs", but="shelter.not_verbs"):
        reading.add(Kind.SHELTER, first, last)
    for first, last in reading.hits("shelter.shelter", but="shelter.not_verbs"):
        opened = reading.any(("shelter.opening",), first - 4, first)
        if opened or reading.is_modified(first, "relation.into"):
            reading.add(Kind.SHELTER, first, last)


def _sirens(reading: Reading) -> None:
    for first, last in reading.hits("alert.sirens", but="alert.not_sirens"):
        part = reading.clause(first)
        low, high = first - NEAR, last + 2 * NEAR
        if not reading.any(("alert.sounded",), low, high) or reading.is_unreal(first):
            continue
        unsaid = reading.any(
            ("relation.zero", "grammar.negation"),
            max(part.first, first - NEAR),
            max(last, min(high, part.last)),
        )
        if not reading.is_none(first) and not unsaid:
            reading.add(Kind.ALERT, first, last)
