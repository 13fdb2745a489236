"""What is told at once, gathered for one page: of a region, or of the country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tocsin.web.endpoint import House
from tocsin.web.public.notice_shapes import NewsView
from tocsin.web.public.notice_views import Crier
from tocsin.web.seen import (
    channels_in,
    counterfeits_in,
    holding,
    outages_in,
    watches_in,
    words_of,
)
from tocsin.web.words import Words


def crier_of(house: House, words: Words, now: datetime) -> Crier:
    """Return who puts what is told at once into a language."""
    return Crier(house.service.world, words, words_of(house), now)


def news_of(house: House, words: Words, now: datetime, region: str | None = None) -> NewsView:
    """Return what is told at once in a region; in the whole country where none is named."""
    crier = crier_of(house, words, now)
    root = house.service.world.tree.root
    guides, outages, watches = (
        holding(house, region), outages_in(house, region), watches_in(house, region),
    )  # fmt: skip
    return NewsView(
        lies=crier.lies(counterfeits_in(house, region)),
        ways=crier.ways(channels_in(house, region), region or root),
        guides=crier.guides(guides),
        outages=crier.outages(outages),
        watches=crier.watches(watches),
        turns_at=_first(
            now,
            (
                *(each.until for each in guides),
                *(each.expected_end for each in outages if each.ended_at is None),
                *(each.fresh_until for each in watches),
            ),
        ),
    )


def sooner(*moments: datetime | None) -> datetime | None:
    """Return the first of these moments; None where there is none."""
    return min((each for each in moments if each is not None), default=None)


def _first(now: datetime, moments: Iterable[datetime | None]) -> datetime | None:
    return sooner(*(each for each in moments if each is not None and each > now))
