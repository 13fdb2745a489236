"""Phrases of time that tell one time together: "at 8 a.m." with "on Tuesday" beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tocsin.reader.moments import CLOCKS, PARTS
from tocsin.reader.timewords import Hit, TimeWords

_DAYS = frozenset(
    {
        "weekday",
        "date",
        "numeric",
        "deictic",
        "today-part",
        "last-night",
        "overnight",
        "night-to",
        "night-of",
        "day-text",
        "day-before",
        "day-same",
        "feast",
    }
)
"""Phrases that a clock time belongs to; "16 hours later, at 8:00" are two."""
_GAP = 8
"""Characters between two phrases that are one."""
_BRACKET = 30
"""Characters to the end of a bracket."""
_NAME = 20
"""Characters beside a weekday that are read for a name."""


@dataclass(frozen=True, slots=True)
class Group:
    """Phrases that tell one time together: "at 8 a.m. on Tuesday"."""

    day: Hit | None
    clock: Hit | None
    part: Hit | None
    start: int
    end: int

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The phrases, the one that says most first."""
        return tuple(hit for hit in (self.day, self.clock, self.part) if hit)

    @property
    def main(self) -> Hit:
        """The phrase that says most."""
        return self.hits[0]


def groups(words: TimeWords, text: str) -> tuple[Group, ...]:
    """Return the times of a sentence, each with the phrases that tell it."""
    return tuple(
        _joined(words, text, [h for h in words.find(text) if not _is_name(words, text, h)])
    )


def _is_name(words: TimeWords, text: str, hit: Hit) -> bool:
    """Say whether a weekday is part of a name ("The Sunday Times"), or a habit ("every Friday")."""
    if hit.means != "weekday":
        return False
    before = text[max(0, hit.start - _NAME) : hit.start].rstrip()
    if any(m.end() == len(before) for m in words.matcher("name_before").finditer(before)):
        return True
    after = text[hit.end : hit.end + _NAME].lstrip()
    return after[:1].isupper() and words.matcher("name_after").match(after) is not None


def _joined(words: TimeWords, text: str, hits: Sequence[Hit]) -> list[Group]:
    """Join a day with the clock and part of the day that stand beside it."""
    joined: list[Group] = []
    again = 0
    for hit in hits:
        if hit.start < again:
            continue
        if joined and hit.means in CLOCKS and (end := _said_again(text, joined[-1], hit)):
            joined[-1], again = replace(joined[-1], end=end), end
            continue
        new = Group(
            day=None if hit.means in CLOCKS | PARTS else hit,
            clock=hit if hit.means in CLOCKS else None,
            part=hit if hit.means in PARTS else None,
            start=hit.start,
            end=hit.end,
        )
        if joined:
            old = joined[-1]
            gap = text[old.end : hit.start]
            clash = (old.day and new.day) or (old.clock and new.clock) or (old.part and new.part)
            day = old.day or new.day
            alone = day is not None and day.means not in _DAYS and (old.clock or new.clock)
            if not clash and not alone and _is_gap(words, gap):
                joined[-1] = Group(
                    day=old.day or new.day,
                    clock=old.clock or new.clock,
                    part=old.part or new.part,
                    start=old.start,
                    end=hit.end,
                )
                continue
        joined.append(new)
    needs = {each.lower() for each in words.listed("needs_day")}
    return [
        group
        for group in joined
        if group.day
        or group.clock
        or " ".join(text[group.start : group.end].lower().split()) not in needs
    ]


def _said_again(text: str, group: Group, hit: Hit) -> int:
    """Return where "(1024 GMT)" after a clock time ends: the same time again; 0 elsewhere."""
    if group.clock is None or text[group.end : hit.start].strip() != "(":
        return 0
    return text.find(")", hit.end, hit.end + _BRACKET) + 1


def _is_gap(words: TimeWords, gap: str) -> bool:
    if len(gap) > _GAP:
        return False
    bare = gap.strip(" \u00a0\n\t,(").lower()
    return bare == "" or bare in words.listed("join")
