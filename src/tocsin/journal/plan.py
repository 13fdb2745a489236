"""How a batch becomes rows: numbers, audience numbers and hashes, before anything is written.

Pure, and the same for every engine, so that all of them write the same journal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from tocsin.journal import chain, times
from tocsin.journal.rows import new_row
from tocsin.service.ports import Entry, Head, Row


@dataclass(frozen=True, slots=True)
class Plan:
    """What a batch will leave: the rows of each entry, and where the journal ends then."""

    rows: list[tuple[Row, ...]]
    recorded_us: int
    head: Head


def plan(head: Head, batch: Sequence[Entry], recorded_at: datetime) -> Plan:
    """Return the rows of ``batch`` after ``head``. O(bytes of the batch).

    Raises:
        ValueError: ``recorded_at`` has no zone, or words do not stand under their own hash.
    """
    recorded_us = times.to_us(recorded_at)
    recorded_at = times.from_us(recorded_us)
    seq, before, audiences = head.seq, head.hash, dict(head.audiences)
    planned: list[tuple[Row, ...]] = []
    for entry in batch:
        for content, words in entry.texts.items():
            if hashlib.sha256(words).hexdigest() != content:
                raise ValueError(f"these words are not those of the hash {content}")
        rows: list[Row] = []
        for draft in entry.events:
            seq += 1
            audience = draft.audience
            number = None
            if draft.sequenced:
                number = audiences[audience] = audiences[audience] + 1
            kind, version, data, alert_id = draft.kind, draft.version, draft.data, draft.alert_id
            before = chain.link(
                before,
                (seq, kind, version, data, alert_id, audience.value, number, recorded_us),
            )
            rows.append(
                new_row(seq, kind, version, data, alert_id, audience, number, recorded_at, before)
            )
        planned.append(tuple(rows))
    return Plan(planned, recorded_us, Head(seq, before, audiences))
