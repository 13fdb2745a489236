"""A report's text cut where its marks begin and end, so that each run can be shown as it is.

Marks overlap: a quote holds figures and places, and two drafts may come from one sentence. So the
text is cut at every border, and each run knows which drafts it belongs to and as what.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

PARTS = ("quote", "figure", "place", "time", "speaker", "thing")
"""As what a run can be marked, in the order in which a run that is several is called."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the text. ``drafts``: by number; ``begins``: those whose quote starts with it."""

    text: str
    parts: tuple[str, ...] = ()
    drafts: tuple[int, ...] = ()
    begins: tuple[int, ...] = ()


Mark = tuple[int, int, str, int]
"""Start, end, part, and the number of the draft."""


def marks(drafts: Sequence[Mapping[str, Any]], offset: int = 0) -> list[Mark]:
    """Return every mark of some drafts, numbered from one; ``offset`` is taken off each."""
    found: list[Mark] = []
    for number, draft in enumerate(drafts, 1):
        spans = [("quote", draft["quote"])]
        spans += [(mark["part"], mark["span"]) for mark in draft["marks"] or []]
        found += [
            (span["start"] - offset, span["end"] - offset, part, number)
            for part, span in spans
            if span is not None
        ]
    return found


def runs(text: str, marked: Iterable[Mark]) -> list[Run]:
    """Return the text in runs. What lies outside it is cut off. O(n log n) in the marks."""
    kept = [
        (max(0, start), min(len(text), end), part, number)
        for start, end, part, number in marked
        if end > 0 and start < len(text) and start < end
    ]
    borders = sorted({0, len(text), *(m[0] for m in kept), *(m[1] for m in kept)})
    opening: dict[int, list[Mark]] = {}
    closing: dict[int, list[Mark]] = {}
    for mark in kept:
        opening.setdefault(mark[0], []).append(mark)
        closing.setdefault(mark[1], []).append(mark)
    held: list[Mark] = []
    found: list[Run] = []
    for start, end in itertools.pairwise(borders):
        for mark in closing.get(start, ()):
            held.remove(mark)
        held += opening.get(start, ())
        names = {mark[2] for mark in held}
        found.append(
            Run(
                text=text[start:end],
                parts=tuple(part for part in PARTS if part in names),
                drafts=tuple(sorted({mark[3] for mark in held})),
                begins=tuple(sorted(m[3] for m in opening.get(start, ()) if m[2] == "quote")),
            )
        )
    return found
