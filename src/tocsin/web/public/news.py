"""What is told at once, gathered for one page: of a region, or of the country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from tocsin.core.alert import Alert
from tocsin.core.facilities import Outage
from tocsin.formats.api import EvacuationBody, evacuation_body
from tocsin.projections.outages import hours_without
from tocsin.web.endpoint import House
from tocsin.web.public.faces import in_force
from tocsin.web.public.notice_shapes import NewsView
from tocsin.web.public.notice_views import Crier
from tocsin.web.seen import (
    LATELY,
    channels_in,
    counterfeits_in,
    freshness,
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
    plans = _plans(house, region)
    return NewsView(
        plans=tuple(crier.plan(alert, body) for alert, body in plans),
        lies=crier.lies(counterfeits_in(house, region)),
        ways=crier.ways(channels_in(house, region), region or root),
        guides=crier.guides(guides),
        outages=crier.outages(outages, _hours(house, outages, region or root, now)),
        watches=crier.watches((each, freshness(house, each, region)) for each in watches),
        turns_at=_first(
            now,
            (
                *(each.until for each in guides),
                *(each.expected_end for each in outages if each.ended_at is None),
                *(each.fresh_until for each in watches),
                *(body.deadline for _, body in plans),
            ),
        ),
    )


def sooner(*moments: datetime | None) -> datetime | None:
    """Return the first of these moments; None where there is none."""
    return min((each for each in moments if each is not None), default=None)


def _hours(
    house: House, outages: list[Outage], region: str, now: datetime
) -> dict[str, tuple[float, float]]:  # fmt: skip
    """Return how long each service that is out was out lately: everywhere, and in a part."""
    world = house.service.world
    services = sorted({each.service for each in outages if each.ended_at is None})
    if not services or region == world.tree.root:
        return {}
    found: dict[str, tuple[float, float]] = {}
    for row in hours_without(
        world.publication, world.tree, outages, regions=(region,), services=services,
        since=now - LATELY, until=now, now=now, zone=ZoneInfo(world.time_zone),
    ):  # fmt: skip
        whole, part = found.get(row.service, (0.0, 0.0))
        found[row.service] = (whole + row.hours, part + row.hours_in_part)
    return found


def _plans(house: House, region: str | None) -> list[tuple[Alert, EvacuationBody]]:
    """Return the plans of the evacuations in force in a region, the latest first."""
    service = house.service
    found = []
    for alert in in_force(service.world, service.state, region):
        body = evacuation_body(service.plan(alert.plan)) if alert.plan is not None else None
        if body is not None:
            found.append((alert, body))
    return sorted(found, key=lambda each: (each[0].sent, each[0].id), reverse=True)


def _first(now: datetime, moments: Iterable[datetime | None]) -> datetime | None:
    return sooner(*(each for each in moments if each is not None and each > now))
