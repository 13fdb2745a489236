"""Attacks, explosions and hazards: the rules by which a sentence tells that one happened."""

from __future__ import annotations

from tocsin.reader.claim import Kind
from tocsin.reader.clauses import Clause
from tocsin.reader.triggers import CAUSES, NEAR, Reading

_HARM = ("damage.verbs", "outage.verbs", "grammar.happening", "hazard.moved")


def attacks(reading: Reading, told: list[int]) -> None:
    """Add the hostile acts. ``told``: tokens at which harm is told."""
    for first, last in reading.hits("attack.verbs", but="attack.not_nouns"):
        if reading.article_before(first) or reading.is_wished(first):
            continue
        if _subject(reading, first) != "hazard":
            reading.add(Kind.STRIKE, first, last, planned=reading.is_planned(first))
    for first, last in reading.hits("attack.armed", but="attack.not_nouns"):
        if reading.article_before(first) or reading.is_wished(first):
            continue
        if _armed(reading, first, last):
            reading.add(Kind.STRIKE, first, last, planned=reading.is_planned(first))
    if Kind.STRIKE in reading.theme:
        for first, last in reading.hits("attack.targets"):
            end = reading.clause(first).last
            if any(last <= thing.first < end for thing in reading.things):
                reading.add(Kind.STRIKE, first, last)
    for first, last in reading.nouns("attack"):
        if _happens(reading, first, last, told, "attack.armed"):
            reading.add(Kind.STRIKE, first, last, noun=True)


def explosions(reading: Reading, told: list[int]) -> None:
    """Add the blasts of which nothing says that they were attacks."""
    armed = {
        reading.parts[each.clause].group for each in reading.triggers if each.kind is Kind.STRIKE
    }
    attacks_ = {at for low, high in reading.at.get("attack.nouns", []) for at in range(low, high)}
    for first, last in reading.hits("explosion.verbs", but="explosion.not_nouns"):
        part = reading.clause(first)
        if part.group in armed or reading.is_wished(first) or reading.article_before(first):
            continue
        if not reading.any(("alert.sirens",), part.first, part.last):  # "the sirens went off"
            reading.add(Kind.EXPLOSION, first, last)
    for first, last in reading.nouns("explosion"):
        if reading.clause(first).group in armed or first in attacks_:
            continue
        if _happens(reading, first, last, told, "hazard.moved") or _seen(reading, first, last):
            reading.add(Kind.EXPLOSION, first, last, noun=True)


def hazards(reading: Reading, told: list[int]) -> None:
    """Add fires, quakes, floods, crashes and their like."""
    struck = {
        at
        for each in reading.triggers
        if each.kind is Kind.STRIKE
        for at in range(each.first, each.last)
    }
    for first, last in reading.hits("hazard.verbs", but="hazard.not_nouns"):
        if first in struck or reading.is_wished(first) or reading.article_before(first):
            continue
        if reading.is_a(first, "hazard.set_alight") and _subject(reading, first) == "attack":
            continue  # "the raids set tanks ablaze": what the attack did
        if reading.is_a(first, "hazard.adjectives") and (
            reading.is_a(first - 1, "grammar.finite", "grammar.coordinator")
            or reading.lower(first - 1).endswith(("ed", "ing"))
        ):
            continue  # "inspected flooded areas"
        reading.add(Kind.HAZARD, first, last)
    for first, last in reading.hits("hazard.of_vehicles"):
        if reading.any(("hazard.vehicles",), reading.clause(first).first, first):
            reading.add(Kind.HAZARD, first, last)
    for first, last in reading.nouns("hazard"):
        if (
            _happens(reading, first, last, told, "hazard.moved")
            or _seen(reading, first, last)
            or _is_fought(reading, first)
        ):
            reading.add(Kind.HAZARD, first, last, noun=True)


def _is_fought(reading: Reading, first: int) -> bool:
    """Say whether people fight it, so that it burns: "struggled to put out the flames"."""
    return reading.is_a(first, "hazard.fires") and any(
        0 < first - low <= NEAR and not reading.is_unreal(low)
        for low, _ in reading.at.get("hazard.fought", [])
    )


# --- a verb of harm with who or what does it ---------------------------------------------------


def _armed(reading: Reading, first: int, last: int) -> bool:
    """Say whether a verb of doing harm has a weapon or an attacker beside it."""
    subject = _subject(reading, first)
    if subject:
        return subject == "attack"
    clause = reading.clause(first)
    doing = reading.is_a(first, "relation.doing")
    armed = [
        low
        for name in ("attack.weapons", "attack.nouns")
        for low, _ in reading.hits(name, but="attack.not_nouns")
        if first < low < clause.last
    ]
    people = [low for low, _ in reading.hits("attack.attackers")]
    by = any(
        reading.is_modified(low, "relation.agent")
        # "Damaged by a storm, not by a missile".
        and not reading.is_a(reading.preposition(low) - 1, "relation.zero")
        for low in (*armed, *people)
        if first < low < clause.last
    )
    if by and not doing:
        return True
    if not reading.is_a(first, "attack.by_attacker"):
        return False
    if armed:
        return True
    start = min(part.first for part in reading.in_group(first))
    if any(start <= low < first for low in people):
        return not doing
    if Kind.STRIKE not in reading.theme:
        return False
    if reading.is_planned(first):
        return not reading.is_a(last, "grammar.determiner") and not reading.is_a(
            first, "relation.firing"
        )
    return Kind.HAZARD not in reading.theme and _known_attacker(reading, first)


def _known_attacker(reading: Reading, verb: int) -> bool:
    """Say whether, in a report of attacks, "was hit" or "they hit" needs no other word."""
    struck = reading.is_a(verb, "relation.struck")
    if any(reading.is_a(back, "relation.passive") for back in range(verb - 3, verb)):
        return struck or reading.is_a(verb, "relation.firing")
    return struck and reading.any(("grammar.of_attacker",), verb - 3, verb)


def _subject(reading: Reading, verb: int) -> str:
    """Return "attack", "explosion" or "hazard" where such a noun is the verb's subject."""
    clause = reading.clause(verb)
    runs = [(clause.first, verb)]
    seen = {clause.number}
    while clause.link in {"relative", "participle", "and"} and clause.head not in seen:
        clause = reading.parts[clause.head]
        seen.add(clause.number)
        runs.append((clause.first, clause.last))
    for number, (low, high) in enumerate(runs):
        war = Kind.STRIKE in reading.theme and Kind.HAZARD not in reading.theme
        found = [
            (first, cause)
            for cause in CAUSES
            for name in ("nouns", "weapons", *(("in_war",) if war else ()))
            for first, _ in reading.hits(f"{cause}.{name}", but=f"{cause}.not_nouns")
            if low <= first < high
            and (
                number > 0
                or not reading.is_modified(first, "relation.owner")
                or _of_many(reading, first)
            )
        ]
        if found:
            return max(found)[1]
    return ""


def _of_many(reading: Reading, at: int) -> bool:
    """Say whether "of" only counts: "dozens of raids", "a wave of strikes"."""
    before = reading.preposition(at)
    return before > 0 and reading.is_a(before - 1, "relation.counting")


# --- a noun that is told of --------------------------------------------------------------------


def _happens(reading: Reading, first: int, last: int, told: list[int], telling: str) -> bool:
    """Say whether a noun of a cause is told of as having happened."""
    if reading.is_none(first):
        return False
    part = reading.clause(first)
    mentioned = reading.any(
        ("grammar.mention", "grammar.unreal"), max(part.first, first - 5), first
    )
    if not mentioned and _leads(reading, first, last, telling):
        return True
    relative = reading.parts[part.number + 1] if part.number + 1 < len(reading.parts) else None
    if (
        relative is not None
        and relative.link == "relative"
        and relative.head == part.number
        and _last_cause(reading, first, part)
    ):
        return reading.any((telling, *_HARM), relative.first, relative.last) or any(
            relative.first <= each < relative.last for each in told
        )
    if mentioned:
        return False
    there = reading.any(("relation.existential",), first - 4, first)
    if there and reading.preposition(first) < 0 and not reading.is_a(first - 1, "grammar.definite"):
        return True
    others = any(each != first for each in told)
    if reading.is_a(first - 1, "hazard.grave") and _is_title(reading, first, last, part):
        return True
    if others and (reading.is_a(last, "relation.toll_of") or _is_title(reading, first, last, part)):
        return True
    return _brings(reading, first, part) and others


def _is_title(reading: Reading, first: int, last: int, part: Clause) -> bool:
    """Say whether the clause is a headline's: "Strike on a market in X: 12 dead", no verb."""
    for at in range(part.first, part.last):
        if reading.lower(at) == ":" and at > first:
            break  # "Strike on a market in X: toll rises to 12"
        if reading.is_a(at, "grammar.auxiliary", "grammar.finite"):
            return False
    begins = max(
        [part.first, *(at + 1 for at in range(part.first, first) if reading.lower(at) == ":")]
    )
    return first - begins <= 3 and reading.is_a(last, "grammar.preposition")  # noqa: PLR2004


def _brings(reading: Reading, first: int, part: Clause) -> bool:
    """Say whether a preposition makes the noun the cause of what is told: "killed in a fire"."""
    before = reading.preposition(first)
    if before < 0 and part.link == "adverbial" and first - part.first <= NEAR:
        before = part.first
    if before < 0 or not reading.is_a(before, "relation.bringing", "relation.after"):
        return False
    if reading.is_a(before, "relation.owner"):
        return reading.any(("relation.toll_of",), before - 2, before) or not reading.is_a(
            before, "relation.of"
        )
    return not reading.any(("grammar.ranked",), first - 5, first)


def _last_cause(reading: Reading, at: int, part: Clause) -> bool:
    """Say whether no other cause stands between the noun and the end of its clause."""
    return not any(at < low < part.last for cause in CAUSES for low, _ in reading.nouns(cause))


def _leads(reading: Reading, first: int, last: int, telling: str) -> bool:
    """Say whether the noun is the subject of a verb of happening or harm."""
    part = reading.clause(first)
    if reading.is_modified(first, "relation.inner") and not _of_many(reading, first):
        return False
    groups = (telling, "damage.verbs", "outage.verbs", "grammar.happening")
    runs = [(last, part.last)]
    runs += [
        (each.first, each.last)
        for each in reading.parts
        if each.head == part.number and each.link == "and"
    ]
    return any(
        low <= at < high and not reading.is_unreal(at)
        for low, high in runs
        for group in groups
        for at, _ in reading.at.get(group, [])
    )


def _seen(reading: Reading, first: int, last: int) -> bool:
    """Say whether the noun is told of as noticed: "was heard", "broke out", "heard a blast"."""
    part = reading.clause(first)
    if reading.is_none(first):
        return False
    if any(
        last <= at < part.last and not reading.is_unreal(at)
        for at, _ in reading.at.get("grammar.perceived", [])
    ):
        return True
    return any(
        part.first <= at < first
        and not reading.any(("grammar.preposition", "grammar.adverbial"), at + 1, first)
        for at, _ in reading.at.get("grammar.perceived", [])
    )
