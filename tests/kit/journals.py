"""What tests of the journal write into it: entries in one line, a reading, many rows."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

from tocsin.clock import Reading
from tocsin.core.alert import Audience
from tocsin.service.ports import Draft, Entry, IdempotencyKey, Identity, Journal, Row

AT = datetime(2022, 3, 1, 15, 8, 0, 123456, tzinfo=UTC)
READING = Reading("boot-1", 12.5, AT)


def draft(
    data: bytes = b"{}",
    *,
    alert_id: str | None = "a1",
    audience: Audience = Audience.PUBLIC,
    sequenced: bool = True,
) -> Draft:
    """Return a draft of an event."""
    return Draft("alert-issued", 1, data, alert_id, audience, sequenced)


def entry(*events: Draft, identifier: str | None = None, key: str | None = None) -> Entry:
    """Return an entry of those events (one plain event if none is given), named if asked."""
    return Entry(
        events or (draft(),),
        (Identity("sender", identifier, "content", "a1"),) if identifier else (),
        (IdempotencyKey("officer", key, "body", "a1", 1),) if key else (),
    )


def worded(words: bytes) -> Entry:
    """Return an entry whose event names words, with the words."""
    content = hashlib.sha256(words).hexdigest()
    return Entry((draft(b'{"texts":"' + content.encode() + b'"}'),), texts={content: words})


def append(
    journal: Journal, *batch: Entry, at: datetime = AT, reading: Reading = READING
) -> list[tuple[Row, ...]]:
    """Append at the end, wherever that is."""
    return journal.append(batch, expected=journal.head().seq, recorded_at=at, reading=reading)


def fill(journal: Journal, count: int) -> list[Row]:
    """Append ``count`` rows in batches: mixed audiences, alerts and sizes, some imported."""
    audiences = tuple(Audience)
    batch = [
        entry(
            draft(
                b'{"n":%d}' % number * (1 + number % 3),
                alert_id=None if number % 7 == 0 else f"a{number % 5}",
                audience=audiences[number % 3],
                sequenced=number % 4 != 0,
            )
        )
        for number in range(count)
    ]
    rows: list[Row] = []
    for start in range(0, count, 10):
        at = AT + timedelta(seconds=start)
        for written in append(journal, *batch[start : start + 10], at=at):
            rows.extend(written)
    return rows
