"""Which time, place, speaker and things of a sentence belong to which of its happenings.

Words bind to their own clause first, then to the clauses of the same happening, then to the
rest of the sentence; the day on which somebody *said* it comes last. Nothing is taken over a
clause that has a happening and a time of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

from tocsin.reader.claim import Kind, Place, Span
from tocsin.reader.clauses import Clause, clause_at
from tocsin.reader.places import PlaceMention
from tocsin.reader.speakers import Attribution
from tocsin.reader.times import TimeMention

OWN, SHARED, OTHER, SAID = range(4)
"""How far away: the clause itself, its happening, the sentence, the saying."""

_PHRASE = 40
"""Characters of a phrase of saying."""
_FINER = {"landmark": 0, "settlement": 1, "region": 2, "water": 2, "country": 3}
_WHERE = frozenset({"where", "affected-noun", "affected", "landmark", "of"})


class _Spanned(Protocol):
    @property
    def span(self) -> Span: ...


_Mention = TypeVar("_Mention", bound=_Spanned)


@dataclass(frozen=True, slots=True)
class Scope:
    """The clauses of one happening in one sentence."""

    parts: tuple[Clause, ...]
    own: frozenset[int]
    """Clauses with its words."""
    shared: frozenset[int]
    """Clauses that tell of the same happening."""
    barred: frozenset[int]
    """Clauses of another happening that has its own time or place."""
    at: int
    """Offset of its first word."""
    is_since: bool = False
    """It stands behind "since": earlier than what its sentence tells."""

    def distance(self, offset: int) -> int:
        """Return how far a word at that offset stands from the happening, in clauses."""
        number = clause_at(self.parts, offset).number
        if number in self.own:
            return OWN
        return SHARED if number in self.shared else OTHER

    def is_barred(self, offset: int) -> bool:
        """Say whether the word belongs to another happening."""
        return clause_at(self.parts, offset).number in self.barred


def speaker_of(attributions: Iterable[Attribution], offset: int) -> Attribution | None:
    """Return the innermost attribution that covers the offset."""
    covering = [each for each in attributions if each.start <= offset < each.end]
    return min(covering, key=lambda each: each.end - each.start, default=None)


def nearest(
    scope: Scope, mentions: Sequence[_Mention], rank: Callable[[_Mention], int]
) -> list[_Mention]:
    """Return the mentions of the smallest rank, the nearest to the happening first."""
    best = min((rank(each) for each in mentions), default=SAID)
    return sorted(
        (each for each in mentions if rank(each) == best),
        key=lambda each: abs(each.span.start - scope.at),
    )


def time_of(
    scope: Scope, mentions: Sequence[TimeMention], said: Attribution | None, kind: Kind
) -> tuple[TimeMention | None, int]:
    """Return the time of a happening in its own sentence, and how far away it stands."""
    lasting = kind in _LASTING

    def rank(each: TimeMention) -> int:
        # "Three days after two dams burst", "since May, when the ferry sank": of the next words.
        far = scope.distance(each.span.end + 2 if each.kind == "after" else each.span.start)
        opened = _opened(scope, each.span.end) if each.kind == "since" else None
        if opened is not None and not each.is_possessive:
            far = scope.distance(opened.start)
            return OWN if far == SHARED and opened.number not in scope.own else far
        if each.is_possessive and far != OWN:
            return OTHER
        saying = said is not None and _same_clause(scope, said.cue.start, each.span.start)
        if saying and said is not None and far != OWN and _close(each.span, said.cue):
            return SAID
        if said is not None and far != OWN and not said.start <= each.span.start < said.end:
            return SAID
        if said is not None and (_beside(each.span, said.cue) or each.span.overlaps(said.cue)):
            return SAID
        return far

    usable = [
        each
        for each in mentions
        if each.start is not None
        and (
            each.kind == "point"
            or (lasting and each.kind == "until")
            or (each.kind == "since" and (each.is_possessive or kind is Kind.OUTAGE))
            or (each.kind == "after" and rank(each) <= SHARED)
            or (each.kind == "since" and _opened(scope, each.span.end) and rank(each) == OWN)
        )
        and not (scope.is_barred(each.span.start) and rank(each) != SAID)
    ]
    after = [each for each in usable if each.kind == "after" and rank(each) <= SHARED]
    after += [each for each in usable if each.kind == "since" and rank(each) == OWN]
    first = {Kind.OUTAGE: "since", Kind.RESTORATION: "until"}.get(kind)
    usual = [each for each in usable if each.kind == first and rank(each) <= SHARED]
    found = nearest(scope, after or usual or usable, rank)
    if not found or (scope.is_since and rank(found[0]) == OTHER):
        return None, SAID
    ranges = [each for each in found if each.grain == "range" and each.part is None]
    chosen = ranges[0] if len(ranges) == 1 and len(found) > 1 else found[0]
    return chosen, rank(chosen)


def _opened(scope: Scope, offset: int) -> Clause | None:
    """Return the clause of that time: "since May, *when* ...", "since the 1998 storm, *which*"."""
    here = clause_at(scope.parts, max(0, offset - 1)).number
    for part in scope.parts:
        if part.link == "adverbial" and 0 <= part.start - offset <= 2:  # noqa: PLR2004
            return part
        if part.link == "relative" and part.head == here and part.start > offset:
            return part
    return None


def _same_clause(scope: Scope, one: int, other: int) -> bool:
    return clause_at(scope.parts, one).number == clause_at(scope.parts, other).number


def _close(span: Span, cue: Span) -> bool:
    """Say whether a day stands in the phrase of saying: "said in a post on Tuesday"."""
    return 0 <= span.start - cue.start <= _PHRASE or 0 <= cue.start - span.end <= 2  # noqa: PLR2004


def _beside(span: Span, cue: Span) -> bool:
    """Say whether the day stands right behind the word of saying: "said on Tuesday"."""
    return 0 <= span.start - cue.end <= 2  # noqa: PLR2004


def places_of(
    scope: Scope, mentions: Sequence[PlaceMention], kind: Kind
) -> tuple[tuple[Place, ...], int]:
    """Return the places of a happening in its own sentence, and how far away they stand.

    A cause happens in all the places of its clauses; what it did, in the nearest. The town whose
    mayor speaks is the place where the words name no other.
    """
    usable = [
        each for each in mentions if each.use in _WHERE and not scope.is_barred(each.span.start)
    ]

    def rank(each: PlaceMention) -> int:
        far = scope.distance(each.span.start)
        return OWN if kind in _CAUSES and far == SHARED else far

    found: list[PlaceMention] = []
    best = SAID
    if usable:
        best = min(rank(each) for each in usable)
        found = [each for each in usable if rank(each) == best]
    if not found or (best >= OTHER and all(each.place.level == "country" for each in found)):
        mayors = [
            each
            for each in mentions
            if each.use == "title" and each.place.level in {"settlement", "region"}
        ]
        if mayors:
            return _tidy(mayors[:1]), OTHER
    if best > OWN and kind in _ACTS and all(each.place.level == "country" for each in found):
        return (), SAID
    dry = [each for each in found if each.place.level != "water"]
    if not dry and kind not in _CAUSES:
        return (), SAID
    places = _tidy(dry or found)
    if kind in _SERVICES and any(place.level == "settlement" for place in places):
        # A tower is hit; its signal is lost to the town.
        places = tuple(place for place in places if place.level != "landmark")
    return places, best


_CAUSES = frozenset({Kind.STRIKE, Kind.EXPLOSION, Kind.HAZARD})
_LASTING = frozenset({Kind.OUTAGE, Kind.RESTORATION, Kind.SHELTER, Kind.EVACUATION})
"""Kinds of states: "by Wednesday" and "as of Friday" are their days."""
_ACTS = frozenset({Kind.EVACUATION, Kind.SHELTER, Kind.ALERT})
_SERVICES = frozenset({Kind.OUTAGE, Kind.RESTORATION})


def _tidy(found: Sequence[PlaceMention]) -> tuple[Place, ...]:
    """Return each place once, the finest first; a country only where there is nothing finer."""
    out: dict[tuple[str, int | None], Place] = {}
    for each in found:
        out.setdefault((each.place.name, each.place.geonames), each.place)
    places = sorted(out.values(), key=lambda place: _FINER.get(place.level, 2))
    fine = [place for place in places if place.level != "country"]
    return tuple(fine or places)
