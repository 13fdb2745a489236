"""What a reader drafts: a claim, and the words each part of it comes from.

Every span is the exact text at its offsets, in Unicode code points of the document, ``end``
exclusive. What is not known is None or empty; nothing is filled in for looks.
The JSON form (``jsonl``) is the one that integrators get from ``tocsin read --json``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tocsin.core.claims import ClaimKind as Kind
from tocsin.core.claims import Hedge, Qualifier

__all__ = [
    "OUTLET",
    "Claim",
    "Figure",
    "Hedge",
    "Kind",
    "Moment",
    "Place",
    "Qualifier",
    "Span",
    "Speaker",
    "Thing",
]


@dataclass(frozen=True, slots=True)
class Span:
    """A run of the document: ``document.text[start:end] == text``."""

    start: int
    end: int
    text: str

    def overlaps(self, other: Span) -> bool:
        """Say whether they share a character."""
        return self.start < other.end and other.start < self.end

    def within(self, start: int, end: int) -> bool:
        """Say whether it lies wholly in that run."""
        return start <= self.start and self.end <= end


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When something happened: local days (``2022-03-01``) or minutes (``2022-03-01T17:24``)."""

    start: str
    end: str
    grain: Literal["minute", "day", "month", "year", "range"]
    basis: Literal["explicit", "context"]
    part: str | None = None
    """``morning``, ``afternoon``, ``evening`` or ``night``."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What was hit or touched. ``ambiguous`` where other places bear the name: a person chooses."""

    name: str
    level: str
    """``landmark``, ``settlement``, ``region``, ``country``, ``water`` or ``other``."""
    span: Span | None = None
    geonames: int | None = None
    geocode: str | None = None
    """The region of the profile it lies in or is, where known."""
    region: str | None = None
    """ISO 3166-2."""
    country: str | None = None
    """ISO 3166-1, two letters."""
    ambiguous: tuple[int, ...] = ()
    """GeoNames ids of the others of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number with its qualifier. ``high`` None: open upwards; ``low`` None: downwards."""

    value: int | None
    qualifier: Qualifier
    low: int | None
    high: int | None
    span: Span | None = None
    what: str | None = None
    """What is counted, of figures that are neither dead nor hurt: ``missing``, ``settlements``."""
    is_part: bool = False
    """A part of another figure ("two of them"): never added to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A building, network or service, and what became of it; words as GUIDE's infrastructure."""

    type: str
    status: str
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """Who says so. ``name`` is never filled in for private persons."""

    kind: Literal["person", "organisation", "group", "anonymous", "outlet"]
    name: str | None = None
    role: str | None = None
    org: str | None = None
    span: Span | None = None
    via: str | None = None
    is_private: bool = False
    """A resident, a victim, a child: the name stays inside the quote."""


OUTLET = Speaker(kind="outlet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One draft: who says that what happened, where, when, to how many."""

    id: str
    doc: str
    kind: Kind
    quote: Span
    time: Moment | None = None
    place: tuple[Place, ...] = ()
    killed: Figure | None = None
    injured: Figure | None = None
    affected: Figure | None = None
    infrastructure: tuple[Thing, ...] = ()
    speaker: Speaker = OUTLET
    hedge: Hedge = Hedge.ASSERTED
    event: str | None = None
    event_reasons: tuple[str, ...] = ()
    """Why it was put to that event: rule names with the words, for the person who confirms."""
    contradicts: tuple[str, ...] = ()
    """Ids of claims of the same event whose figures or hedge cannot both be true."""
    note: str | None = None
