"""The vocabulary of the ledger: what is claimed, by whom, how sure, of what.

Every number is a claim (DESIGN R5): it has a speaker, a qualifier and the words it came from.
"at least 10" stays so; nothing is rounded to a bare number. Two figures stay two figures.

Source: DESIGN section 3, rule 9; LESSONS L26; the annotation guide of the reports.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType


class ClaimKind(enum.StrEnum):
    """What a claim tells of."""

    STRIKE = "strike"
    EXPLOSION = "explosion"
    HAZARD = "hazard"
    CASUALTIES = "casualties"
    DAMAGE = "damage"
    OUTAGE = "outage"
    RESTORATION = "restoration"
    EVACUATION = "evacuation-warning"
    SHELTER = "shelter"
    ALERT = "alert"
    STATEMENT = "statement"


ALONE = frozenset((
    ClaimKind.STATEMENT, ClaimKind.OUTAGE, ClaimKind.RESTORATION, ClaimKind.EVACUATION,
    ClaimKind.SHELTER, ClaimKind.ALERT,
))  # fmt: skip
"""Kinds of claims that need no incident."""
OF_SERVICE = frozenset((ClaimKind.OUTAGE, ClaimKind.RESTORATION))
"""Of the state of a service: alerts hold them as long as they hold an incident of a service."""
PASSING = frozenset((*OF_SERVICE, ClaimKind.SHELTER, ClaimKind.ALERT))
"""What may stand alone and still tells of a moment and a place: it waits as an incident there,
and without a place as one of the whole country."""
TIMED = frozenset((
    *PASSING, ClaimKind.STRIKE, ClaimKind.EXPLOSION, ClaimKind.HAZARD, ClaimKind.DAMAGE,
    ClaimKind.EVACUATION,
))  # fmt: skip
"""Of an incident that people know of, they say when: without a time nobody knows what holds them.
Casualties without one are of the incident's own time."""
EVENTFUL = frozenset((
    ClaimKind.STRIKE, ClaimKind.EXPLOSION, ClaimKind.HAZARD, ClaimKind.CASUALTIES,
    ClaimKind.DAMAGE, ClaimKind.OUTAGE,
))  # fmt: skip
"""Kinds of claims that say that something happened, at a time and place of its own."""


class Measure(enum.StrEnum):
    """What a figure counts."""

    KILLED = "killed"
    INJURED = "injured"
    MISSING = "missing"
    RESCUED = "rescued"
    EVACUATED = "evacuated"
    AFFECTED = "affected"
    DAMAGED = "damaged"
    OUT = "out"
    RESTORED = "restored"


class Qualifier(enum.StrEnum):
    """How sure a number is of itself; each has its own low and high (``bounds``)."""

    EXACT = "exact"
    AT_LEAST = "at_least"
    MORE_THAN = "more_than"
    ABOUT = "about"
    NEARLY = "nearly"
    UP_TO = "up_to"
    DOZENS = "dozens"
    HUNDREDS = "hundreds"
    THOUSANDS = "thousands"
    SOME = "some"
    NONE = "none"


class Hedge(enum.StrEnum):
    """How far the source itself stands behind it; the strongest one applies."""

    ASSERTED = "asserted"
    SAID = "said"
    CLAIMED = "claimed"
    DENIED = "denied"
    LIKELY = "likely"
    POSSIBLE = "possible"
    PLANNED = "planned"


UNFIRM = frozenset((Hedge.DENIED, Hedge.LIKELY, Hedge.POSSIBLE, Hedge.PLANNED))
"""Hedges of claims that do not say that it is so."""
HARMED = frozenset((
    Measure.KILLED, Measure.INJURED, Measure.MISSING, Measure.RESCUED, Measure.DAMAGED,
))  # fmt: skip
"""What is counted of an incident, and of nothing else."""
STRUCK = frozenset(("hit", "damaged", "destroyed", "targeted"))
"""What becomes of a thing in an incident, and by nothing else."""


class SpeakerKind(enum.StrEnum):
    """What sort of voice it is."""

    PERSON = "person"
    ORGANISATION = "organisation"
    GROUP = "group"
    ANONYMOUS = "anonymous"
    OUTLET = "outlet"


VAGUE: Mapping[Qualifier, tuple[int, int | None]] = MappingProxyType({
    Qualifier.DOZENS: (24, 99),
    Qualifier.HUNDREDS: (200, 999),
    Qualifier.THOUSANDS: (2_000, 9_999),
    Qualifier.SOME: (1, None),
    Qualifier.NONE: (0, 0),
})  # fmt: skip
"""Words without a number of their own: the least and the most they can mean."""


def bounds(qualifier: Qualifier, value: int | None) -> tuple[int | None, int | None]:
    """Return the least and the most that a figure can mean; None where it is open.

    Raises:
        ValueError: the qualifier needs a number and has none.
    """
    if qualifier in VAGUE:
        return VAGUE[qualifier]
    if value is None:
        raise ValueError(f"{qualifier} needs a number")
    match qualifier:
        case Qualifier.AT_LEAST:
            return value, None
        case Qualifier.MORE_THAN:
            return value + 1, None
        case Qualifier.NEARLY | Qualifier.UP_TO:
            return None, value
        case _:  # exact, about
            return value, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as it was said. More than one measure: one number covers them together.

    "killed and wounded dozens" is one figure of two measures, so nobody can add it twice.
    ``is_part``: a part of a total ("two of them in critical state"), kept and never summed.
    """

    measures: tuple[Measure, ...]
    qualifier: Qualifier
    value: int | None = None
    what: str = ""
    """What is counted, of measures that leave it open: ``settlements``, ``houses``."""
    is_part: bool = False

    @property
    def low(self) -> int:
        """Return the least it can mean."""
        return bounds(self.qualifier, self.value)[0] or 0

    @property
    def high(self) -> int | None:
        """Return the most it can mean; None: nobody says."""
        return bounds(self.qualifier, self.value)[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A building, a network, a service, and what is said to have become of it."""

    type: str
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who says so. A private person has no name here: it stays inside the sealed quote.

    ``official``: an officer marked it as the authority's own release (RELIABILITY P25).
    """

    kind: SpeakerKind
    name: str = ""
    role: str = ""
    org: str = ""
    via: str = ""
    official: bool = False

    def key(self, outlet: str) -> tuple[str, str]:
        """Return by what two claims are known to be of one speaker; the outlet's own by its name.

        A named person is that person, whatever the title. Without a name it is the role in its
        organisation; without that, the report's own: "local officials", "a resident" of two outlets
        are not one voice.
        """
        if self.kind is SpeakerKind.OUTLET:
            return (self.kind, _plain(outlet))
        if self.name:
            return ("named", _plain(self.name))
        several = self.kind in (SpeakerKind.GROUP, SpeakerKind.ANONYMOUS) or not self.org
        said_by = outlet if several else ""
        return (self.kind, "|".join(_plain(each) for each in (self.role, self.org, said_by)))


def _plain(name: str) -> str:
    return " ".join(name.split()).casefold()


OUTLET = Voice(kind=SpeakerKind.OUTLET)


@dataclass(frozen=True, slots=True, kw_only=True)
class When:
    """A time with its certainty. ``grain`` is ``minute``, ``day``, ``month``, ``year``, ``range``.

    UTC moments; ``end`` is exclusive, so a day runs from its local midnight to the next.
    """

    start: datetime
    end: datetime
    grain: str = "day"
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """A place with its certainty. ``geocode`` is the region of the profile that it lies in or is.

    ``name`` is the settlement or district that people may know once it is released; ``site`` and
    ``position`` (lon, lat) are for the desk alone and for ever (RELIABILITY P25).
    """

    geocode: str
    name: str = ""
    site: str = ""
    position: tuple[float, float] | None = None
    certain: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """The words it was taken from: their sealed text's hash, and where they stand in the report."""

    content: str
    start: int = 0
    end: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What is claimed, all of it: what a confirmation or a correction says.

    ``words`` is the content hash of the officer's own short sentence in each language, which people
    may read; the report's sentences are never published.
    """

    kind: ClaimKind
    voice: Voice
    outlet: str
    hedge: Hedge = Hedge.SAID
    figures: tuple[Figure, ...] = ()
    things: tuple[Thing, ...] = ()
    happened: When | None = None
    where: Where | None = None
    said_at: datetime | None = None
    report_id: str | None = None
    draft: str = ""
    """The reader's draft that it came from, if one."""
    quote: Quote | None = None
    words: str = ""
    note: str = ""


class Standing(enum.StrEnum):
    """Whether a claim counts. Nothing is struck out: it is said what became of it.

    That its speaker said a later figure is no standing: ``core.tally`` sees it.
    """

    STANDS = "stands"
    CORRECTED = "corrected"
    """What was entered here was wrong, and another entry says it right."""
    RETRACTED = "retracted"
    """Its source took it back, or it should not have been entered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One entry of the ledger, with what became of it."""

    id: str
    saying: Saying
    incident_id: str | None
    entered_at: datetime
    entered_by: str
    standing: Standing = Standing.STANDS
    replaced_by: str | None = None
    replaces: str | None = None
    ended_at: datetime | None = None
    """When it ceased to stand."""
    reason: str = ""
    erased: bool = False
    """Its quote was erased; the entry stays."""
    order: int = 0
    """Its place among claims whose times are told alike; set where times are rounded."""

    @property
    def stands(self) -> bool:
        """Say whether it still counts."""
        return self.standing is Standing.STANDS

    @property
    def speaker(self) -> tuple[str, str]:
        """Return by what its speaker is known."""
        return self.saying.voice.key(self.saying.outlet)

    @property
    def said_at(self) -> datetime:
        """Return when it was said; when it was entered where nobody knows."""
        return self.saying.said_at or self.entered_at
