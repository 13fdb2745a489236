"""Which times and places of a sentence a claim may take at all, before the nearest is chosen.

The day of counting is no day of dying, that of an earlier figure not the day of the new one; the
hospital of the hurt is not where they were hurt, and of two tolls each has the places beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tocsin.reader import kinds
from tocsin.reader.claim import Kind
from tocsin.reader.clauses import clause_at
from tocsin.reader.clusters import Cluster
from tocsin.reader.found import Found
from tocsin.reader.places import PlaceMention
from tocsin.reader.times import TimeMention
from tocsin.reader.timewords import time_words

_AS_OF = 20
"""Characters before a day in which "as of" may stand."""
_CARE = 12
"""Words between the care of the hurt and the place of it."""


def times_for(found: Found, cluster: Cluster) -> Sequence[TimeMention]:
    """Leave out, for a toll, the day on which it was counted ("rose to 12 on Sunday")."""
    if cluster.kind is not Kind.CASUALTIES:
        return [
            each
            for each in found.times
            if not _is_count(found, each) and not _is_of_old(found, cluster, each)
        ]
    causes = {each.clause for each in found.triggers if each.kind in kinds.causes()}
    missing = all(each.role == "affected" for each in cluster.counts)
    own = {clause_at(found.parts, each.span.start).number for each in cluster.counts}
    is_toll = (
        not missing
        and own.isdisjoint(causes)
        and any(
            found.any("grammar.toll", found.parts[number].first, found.parts[number].last)
            for number in own
        )
    )
    out = []
    for each in found.times:
        clause = clause_at(found.parts, each.span.start)
        if _is_of_old(found, cluster, each):
            continue
        counted = is_toll and clause.number not in causes and not each.is_possessive
        counted |= not missing and _is_count(found, each)
        as_of = each.kind == "until" or _is_as_of(found, each)
        if counted or (as_of and not missing):
            continue
        out.append(each)
    return out


def _is_of_old(found: Found, cluster: Cluster, time: TimeMention) -> bool:
    """Say whether it is the day of an earlier figure: "down from 100,000 on Friday"."""
    if any(count.is_old for count in cluster.counts):
        return False
    at = found.token_at(time.span.start)
    return found.any("grammar.earlier_figure", max(0, at - 7), at)


def _is_as_of(found: Found, time: TimeMention) -> bool:
    """Say whether it is how things stood then: "as of Tuesday"."""
    marks = time_words(found.document.language).listed("counted_at")
    start = max(found.sentence.start, time.span.start - _AS_OF)
    head = found.document.text[start : time.span.end].lower()
    return any(mark in head for mark in marks)


def _is_count(found: Found, time: TimeMention) -> bool:
    """Say whether it is the day of a count: "rose to 80 late Friday"."""
    at = found.token_at(time.span.start)
    first = max(clause_at(found.parts, time.span.start).first, at - 6)
    return not time.is_possessive and found.any("grammar.rose", first, at)


def places_for(found: Found, cluster: Cluster, rivals: Sequence[Cluster]) -> Sequence[PlaceMention]:
    """Leave out, for one of two tolls, the places that stand by the other."""
    spoken = [each.speaker.span for each in found.attributions if each.speaker.span]
    places = [
        replace(each, use="said-at")
        if each.use == "where" and any(each.span.within(one.start, one.end) for one in spoken)
        else each
        for each in found.places
    ]
    if cluster.kind is Kind.CASUALTIES:
        places = [each for each in places if not _is_care(found, cluster, each)]
    tolls = sorted(
        (each for each in rivals if each.counts and not each.is_part and each.kind is cluster.kind),
        key=lambda each: each.at,
    )
    if cluster not in tolls or len(tolls) < 2:  # noqa: PLR2004
        return places
    if (own := _own_places(found, cluster, tolls, places)) is not None:
        return own
    number = tolls.index(cluster)
    low = tolls[number].at if number else 0
    high = tolls[number + 1].at if number + 1 < len(tolls) else found.sentence.end
    near = [each for each in places if low <= each.span.start < high]
    return near or places


def _own_places(
    found: Found, cluster: Cluster, tolls: Sequence[Cluster], places: Sequence[PlaceMention]
) -> Sequence[PlaceMention] | None:
    """Return the places in the clause of a toll, where each toll has a clause with its own."""
    clauses = {
        id(each): {clause_at(found.parts, count.verb).number for count in each.counts}
        for each in tolls
    }
    numbers = [number for each in clauses.values() for number in each]
    if len(set(numbers)) != len(numbers):
        return None
    own = {
        key: [
            each
            for each in places
            if each.use == "where" and clause_at(found.parts, each.span.start).number in numbers_
        ]
        for key, numbers_ in clauses.items()
    }
    return own[id(cluster)] if all(own.values()) else None


def _is_care(found: Found, cluster: Cluster, place: PlaceMention) -> bool:
    """Say whether the hurt were taken there: "treated at a hospital in X" is not where it was."""
    if cluster.kind is not Kind.CASUALTIES or place.use != "where":
        return False
    at = found.token_at(place.span.start)
    clause = clause_at(found.parts, place.span.start)
    return found.any("grammar.treated", max(clause.first, at - _CARE), at)
