"""Soldiers who fell at the front: a loss of troops is no warning's matter, so it is not drafted."""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.reader.found import Found
from tocsin.reader.numbers import Count

_PEOPLE = frozenset({"killed", "injured"})


def are_lost(found: Found, counts: Iterable[Count]) -> bool:
    """Say whether all who are counted are soldiers, in a sentence about the fighting."""
    if not found.any("troops.front", 0, len(found.sentence.tokens)):
        return False
    people = [each for each in counts if each.role in _PEOPLE]
    return bool(people) and all(_are_soldiers(found, each) for each in people)


def _are_soldiers(found: Found, count: Count) -> bool:
    """Say whether soldiers are counted, and nobody beside them: "and three civilians"."""
    first, last = found.token_at(count.span.start), found.token_at(count.span.end - 1) + 1
    return found.any("troops.who", first, last) and not found.any(
        "grammar.coordinator", first, last
    )
