"""Copies: one agency's story that several outlets print is one source, not several.

Two texts are alike by the runs of five words that they share (Jaccard, 0.8 or more), over folded
text: without case, marks and spacing. An officer is shown it; nothing is merged by it. No words are
kept here: of each report the smallest few of its runs' hashes, which say whom to compare in full.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import weakref
from collections import OrderedDict
from datetime import timedelta
from heapq import nsmallest
from typing import Final, TypeVar
from weakref import WeakKeyDictionary

from tocsin.core.incidents import Report
from tocsin.service.reports import Reports

RUN: Final = 5
"""Words of a run."""
ALIKE: Final = 0.8
WITHIN: Final = timedelta(days=7)
"""A copy comes within so long after what it was copied from."""
MOST: Final = 1_000
"""Reports before it that are looked at, the latest."""
SKETCH: Final = 16
"""Hashes kept of a report; of two alike, no common one is rarer than one in 10^11."""
KEPT: Final = 5_000

_WORD = re.compile(r"[^\W_]+")
"""What ``service.reports.folded`` leaves, word by word."""
Sketch = frozenset[int]
Value = TypeVar("Value")


def similar(reports: Reports, report: Report) -> str | None:
    """Return the earliest report that this one is a copy of; None: of none.

    Takes up to a millisecond for each report of the week that was not looked at before: call it
    in a thread.
    """
    with _LOCK:
        copies = _COPIES.get(reports)
        if copies is None:
            copies = _COPIES[reports] = Copies(reports)
        return copies.of(report)


def likeness(one: str, other: str) -> float:
    """Return how much two texts are alike, 0 to 1: shared runs of words in all their runs."""
    first, second = runs(one), runs(other)
    either = len(first | second)
    return len(first & second) / either if either else 0.0


def runs(text: str) -> frozenset[int]:
    """Return the hashes of a text's runs of words; one of all its words where they are few."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    if len(words) <= RUN:
        return frozenset((hash(tuple(words)),)) if words else frozenset()
    return frozenset(map(hash, zip(*(words[n:] for n in range(RUN)), strict=False)))


class Copies:
    """What one house's reports were found to be copies of."""

    def __init__(self, reports: Reports) -> None:
        self._reports: Reports = weakref.proxy(reports)  # as long as the house holds it
        self._sketches: OrderedDict[str, Sketch] = OrderedDict()
        self._found: OrderedDict[str, str | None] = OrderedDict()

    def of(self, report: Report) -> str | None:
        """Return the earliest report that this one is a copy of."""
        known = self._reports.service.ledger.reports
        if report.erased:
            return None
        if report.id in self._found:
            found = self._found[report.id]
            if found is None or not known[found].erased:
                return found
        found = self._original(report)
        _keep(self._found, report.id, found)
        return found

    def _original(self, report: Report) -> str | None:
        text = self._reports.text(report)
        own = runs(text or "")
        sketch = self._sketched(report, own)
        if not sketch:
            return None
        for earlier in self._earlier(report):
            if not sketch & self._sketch(earlier):
                continue
            other = runs(self._reports.text(earlier) or "")
            if len(own & other) >= ALIKE * len(own | other):
                return earlier.id
        return None

    def _earlier(self, report: Report) -> list[Report]:
        """Return the reports of the week before, the oldest first."""
        since = report.taken_at - WITHIN
        found = [
            each
            for each in self._reports.service.ledger.reports.values()
            if since <= each.taken_at <= report.taken_at and each.id < report.id and not each.erased
        ]
        return found[-MOST:]

    def _sketch(self, report: Report) -> Sketch:
        if (found := self._sketches.get(report.id)) is not None:
            return found
        return self._sketched(report, runs(self._reports.text(report) or ""))

    def _sketched(self, report: Report, own: frozenset[int]) -> Sketch:
        sketch = frozenset(nsmallest(SKETCH, own))
        _keep(self._sketches, report.id, sketch)
        return sketch


def _keep(held: OrderedDict[str, Value], name: str, value: Value) -> None:
    held[name] = value
    while len(held) > KEPT:
        held.popitem(last=False)


_COPIES: WeakKeyDictionary[Reports, Copies] = WeakKeyDictionary()
_LOCK = threading.Lock()
