"""A phrase of time in a report, resolved: its days, and what hangs on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from tocsin.reader.claim import Moment, Span
from tocsin.reader.timevalue import Grain

KindOfTime = Literal["point", "since", "until", "ahead", "after"]
DAY: int = len("2022-03-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A phrase of time. ``start`` is None where there is nothing to count it from."""

    span: Span
    start: str | None
    end: str | None
    grain: Grain
    sentence: int
    part: str | None = None
    kind: KindOfTime = "point"
    """``since``, ``until``, ``ahead`` (before it) and ``after`` it: no time of the clause itself.
    An ``after`` day ("three days after the quake") belongs to what the next words tell of."""
    is_relative_to_text: bool = False
    """Counted from the day in the text before, not from publication."""
    is_future: bool = False
    is_possessive: bool = False
    """``Monday's attacks``: the day of that noun."""
    is_subordinate: bool = False
    """Stands behind a word that opens a clause: ``after``, ``that``, ``which`` ..."""
    is_saying: bool = False
    """The day of words said ("he told reporters on Tuesday"); the happening's, if none is given."""
    is_background: bool = False
    """Its clause tells of the time before the story: "the plane had left on Monday"."""
    happening: int = 0
    """How surely its clause tells of something that happened then, not of a count or a state."""
    in_quotes: bool = False
    before: str = ""
    """The word before, in lower case."""
    is_bare: bool = False
    """A weekday alone: the latest one, unless the text's order says otherwise."""
    leads: str = ""
    """The phrase's own first word where it says more than "on": ``after``."""
    zone: str | None = None
    """``gmt`` or ``utc``: the clock is not the local one, so only the day is told."""
    candidates: tuple[date, ...] = ()
    """Days that numbers may stand for, where nothing decides (``start`` is None)."""
    means: str = ""
    """What the phrase was read as: the name of the lexicon's form."""

    def moment(self, basis: Literal["explicit", "context"] = "explicit") -> Moment | None:
        """Return it as the time of a claim; a clock of another zone keeps its day only."""
        if self.start is None or self.end is None:
            return None
        start, end, grain = self.start, self.end, self.grain
        if self.zone and grain == "minute":
            start, end, grain = start[:DAY], end[:DAY], "day"
        span = self.span if basis == "explicit" else None
        return Moment(start=start, end=end, grain=grain, basis=basis, part=self.part, span=span)
