"""What may happen: a hazard is data of the profile, not code.

Each has its CAP category and event code, the defaults an alert starts from, levels
where the country has them, its texts in every language, and how it sounds and looks.
There is no tone, colour or text in code: a steady tone means *alarm* in one country
and *all-clear* in another (DESIGN section 1).
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from tocsin.core.alert import Category, Certainty, Severity, Urgency


class Phrase(enum.StrEnum):
    """The moments at which an alert speaks; each has its own words in every language."""

    ALERT = "alert"
    ALL_CLEAR = "all-clear"
    RETRACTION = "retraction"


@dataclass(frozen=True, slots=True)
class Words:
    """What people read at one moment, in one language; ``{place}`` is the only slot."""

    headline: str
    description: str
    instruction: str


Texts = Mapping[Phrase, Mapping[str, Words]]
"""What an alert says at each moment of its life, in each language."""


@dataclass(frozen=True, slots=True)
class Level:
    """A step of a hazard (yellow: be ready; red: take shelter), lowest first in its hazard."""

    id: str
    names: Mapping[str, str]
    siren: bool = True
    severity: Severity | None = None
    urgency: Urgency | None = None
    words: Mapping[str, Words] = field(default_factory=dict)
    """The alert's words at this level, where they differ from the hazard's, by language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hazard:
    """One danger that a profile knows.

    ``default`` is how long an alert lasts when nobody says; ``longest`` how long at most, unless
    standing. ``extends_by`` is the step by which it extends itself instead of lapsing (RELIABILITY
    P16), None where it may lapse. ``tone`` names a siren tone of the profile, None where no siren
    sounds. ``needs_instruction``: refused without an instruction in every language;
    ``needs_plan``: refused without a whole plan of an evacuation (``core.evacuation``).
    """

    id: str
    category: Category
    event_code: str
    names: Mapping[str, str]
    urgency: Urgency
    severity: Severity
    certainty: Certainty
    words: Mapping[Phrase, Mapping[str, Words]]
    default: timedelta
    longest: timedelta
    levels: tuple[Level, ...] = ()
    extends_by: timedelta | None = None
    tone: str | None = None
    all_clear_tone: str | None = None
    colour: str = ""
    pattern: str = ""
    icon: str = ""
    needs_instruction: bool = False
    needs_plan: bool = False
    issuers: tuple[str, ...] = ()
    """Sender ids or role names that may issue it; empty: every sender with a mandate."""

    def rank(self, level: str | None) -> int:
        """Return how high ``level`` stands; no level counts as the highest (a plain alert)."""
        for number, step in enumerate(self.levels):
            if step.id == level:
                return number
        return len(self.levels)

    def level(self, level: str | None) -> Level | None:
        """Return the level of that id, None where the hazard has none such."""
        return next((step for step in self.levels if step.id == level), None)
