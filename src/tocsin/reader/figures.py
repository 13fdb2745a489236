"""A count as the figure of a claim."""

from __future__ import annotations

from tocsin.reader.claim import Figure
from tocsin.reader.numbers import Count


def figure_of(count: Count) -> Figure:
    """Return a count as the figure of a claim."""
    return Figure(
        value=count.value,
        qualifier=count.qualifier,
        low=count.low,
        high=count.high,
        span=count.span,
        what=count.what if count.role == "affected" else None,
        is_part=count.is_part,
    )
