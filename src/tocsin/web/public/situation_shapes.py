"""The plain values that the situation's templates print, each put into one language already."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One claim: who, how surely, what; where it was read; what became of it."""

    id: str
    kind: str
    key: str
    who: str
    verb: str
    what: str
    words: str
    place: str
    when: str
    source: str
    origin: str
    """The report: outlet and day, the same for all that was read in it."""
    denies: bool = False
    planned: bool = False
    """A plan or a draft: nothing that was done or decided."""
    statement: bool = False
    unverified: bool = False
    official: bool = False
    ended: str = ""
    """What became of it; empty: it stands."""
    later: bool = False
    """Its speaker gave a later figure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentView:
    """An incident on a line of its own, or on its page."""

    id: str
    kind: str
    title: str
    place: str
    short: str
    """The place under a heading that names its region already."""
    region: str
    when: str
    day: str
    date: str
    stage: str
    announced: bool
    tallies: tuple[str, ...]
    said: tuple[Said, ...]
    """Claims that stand, with a figure; then denials. What the range is made of."""
    rest: tuple[Said, ...]
    """Damage, and all that has no figure."""
    gone: tuple[Said, ...]
    """Claims that no longer stand."""
    search: str
    """Whether people are still searched for; empty where nobody was hurt, as far as is known."""
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupView:
    """One region on one day."""

    geocode: str
    name: str
    sums: tuple[str, ...]
    incidents: tuple[IncidentView, ...]
    services: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayView:
    """One day: its regions, then what was said."""

    iso: str
    name: str
    sums: tuple[str, ...]
    groups: tuple[GroupView, ...]
    statements: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """What became known at one slot."""

    at: str
    lines: tuple[str, ...]
    tallies: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PairView:
    """Two claims that cannot both be right, and in what."""

    about: str
    one: Said
    other: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class NearView:
    """What the page of a region tells of it."""

    incidents: tuple[IncidentView, ...]
    services: tuple[Said, ...]
