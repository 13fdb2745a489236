"""A claim while it is being drafted: what the claim holds, and the hints that link it."""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.reader.claim import OUTLET, Figure, Hedge, Kind, Moment, Place, Span, Speaker, Thing


@dataclass(slots=True, kw_only=True)
class Sketch:
    """One kind in one happening of one sentence. Changed until ``draft`` freezes it."""

    kind: Kind
    sentence: int
    paragraph: int = 0
    group: int
    """The happening in the sentence: sketches of one group are of one event."""
    quote: Span
    at: int
    """Offset of its first word."""
    time: Moment | None = None
    has_own_time: bool = False
    """The day stands in its own sentence, and is not only the day of saying."""
    place: tuple[Place, ...] = ()
    has_own_place: bool = False
    killed: Figure | None = None
    injured: Figure | None = None
    affected: Figure | None = None
    infrastructure: tuple[Thing, ...] = ()
    speaker: Speaker = OUTLET
    hedge: Hedge = Hedge.ASSERTED
    nouns: tuple[str, ...] = ()
    """The words that name the happening."""
    sorts: frozenset[str] = frozenset()
    """Sorts of hazard that its words name: ``fire``, ``quake``."""
    is_definite: bool = False
    """``the attacks``: told of before."""
    is_plural: bool = False
    """``the attacks``, ``the main targets``: the whole course of them."""
    is_continuing: bool = False
    """``more strikes``, ``another``: the same course of events goes on."""
    is_toll: bool = False
    """``the toll``: of what the report is about."""
    is_other: bool = False
    """``a separate accident``, ``a second fire``: not the one told so far."""
    is_still: bool = False
    is_present: bool = False
    """``are without power``: so on the day of the report."""
    near: Place | None = None
    """The town named last before it in its paragraph."""
    is_generic: bool = False
    """Of a supply or service without its name: what was lost before."""
    is_earlier: bool = False
    """Past perfect, or told in passing: not the day of the report."""
    is_part: bool = False
    is_cause: bool = False
    has_own_cue: bool = False
    """The words of saying stand in its own sentence."""
    sentence_to: int = -1
    """The last sentence of a quotation that is one statement."""
    mentions: tuple[Kind, ...] = ()
    """A statement's: kinds of the events that it names without telling of them."""
    event: str | None = None
    event_reasons: list[str] = field(default_factory=list)
    contradicts: list[str] = field(default_factory=list)
    note: str | None = None

    def goes_on(self, last: Sketch | None) -> bool:
        """Say whether it may go on with an older happening that another claim recalled."""
        return (
            last is not None
            and self.sentence <= last.sentence + 1
            and self.paragraph == last.paragraph
            and not self.is_toll
        )
