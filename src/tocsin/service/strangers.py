"""Refusals of strangers, summed up: one event per source and minute, whatever they try (P23).

A source is a salted hash, so that nobody is named in the chain. Memory is bounded: 10,000
sources a minute by name, all others as one; minutes that cannot be recorded are kept for a
while and then only counted.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from tocsin.core.audit import StrangersRefused
from tocsin.core.refusals import Rule

SOURCES_MOST = 10_000
MINUTES_MOST = 5
OTHERS = "others"

Sums = dict[str, Counter[str]]


class Strangers:
    """Counts in the event loop; ``ended`` takes out what can be recorded."""

    def __init__(self, sources_most: int = SOURCES_MOST) -> None:
        self._sources_most = sources_most
        self._minutes: dict[datetime, Sums] = {}

    def count(self, source: str, rule: Rule, now: datetime, amount: int = 1) -> None:
        """Count a refusal of ``source`` (a salted hash) in the minute of ``now``."""
        minute = now.replace(second=0, microsecond=0)
        sums = self._minutes.setdefault(minute, {})
        if source not in sums and len(sums) >= self._sources_most:
            source = OTHERS
        sums.setdefault(source, Counter())[str(rule)] += amount

    def ended(self, now: datetime, *, everything: bool = False) -> list[StrangersRefused]:
        """Take out the events of all minutes that are over, or of the one that runs as well."""
        running = now.replace(second=0, microsecond=0)
        events = []
        for minute in sorted(self._minutes):
            if minute == running and not everything:
                continue
            for source, rules in self._minutes.pop(minute).items():
                events.append(
                    StrangersRefused(
                        at=now, source=source, minute=minute, count=rules.total(), rules=dict(rules)
                    )
                )
        return events

    def put_back(self, events: list[StrangersRefused], now: datetime) -> None:
        """Keep what could not be recorded; what is older than some minutes as ``others``."""
        oldest = now - timedelta(minutes=MINUTES_MOST)
        for event in events:
            source = event.source if event.minute >= oldest else OTHERS
            minute = max(event.minute, oldest)
            for rule, amount in event.rules.items():
                self.count(source, Rule(rule), minute, amount)
