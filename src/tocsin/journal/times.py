"""Times as the journal stores them: whole microseconds since 1970-01-01T00:00Z."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(at: datetime) -> int:
    """Return ``at`` in microseconds since 1970, exactly.

    Raises:
        ValueError: ``at`` has no time zone, so it is not a time.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be recorded")
    return (at - _EPOCH) // _MICROSECOND


def from_us(us: int) -> datetime:
    """Return the UTC time that is ``us`` microseconds after 1970.

    Raises:
        OverflowError: No datetime is that far away.
    """
    return _EPOCH + timedelta(microseconds=us)
