"""``?at=``: any page or answer of the situation, asked for a past moment.

A line of the table that says ``past`` is answered by the same handler, in a house that stands at
that moment: its service answers as it would have answered then, and what the house keeps between
requests is not mixed with what is told now. The moment is never in the future and never before the
record begins; both are refused by name.

The public's pages show what people could see then: what was released since stays out of it.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Protocol, runtime_checkable

import msgspec

from tocsin.core.publication import EPOCH
from tocsin.core.refusals import Refusal, Rule
from tocsin.service.past import Past, PastService
from tocsin.service.submit import Service
from tocsin.web.house import House

PARAMETER = "at"
HOUSES_KEPT = 16
MOST_DIGITS = 11
"""Of seconds since 1970: the year 5138."""
SOURCE, HOUSES = "past", "past-houses"
"""Keys of the house's shared room: ``service.past.Past``, and the houses that were asked for."""


@runtime_checkable
class Dated(Protocol):
    """What a house keeps between requests and can be asked of another moment."""

    def as_of(self, service: Service) -> object:
        """Return the same for a service of that moment."""
        ...


def read_moment(text: str, zone: tzinfo | None = None) -> datetime | Refusal:
    """Return a moment as it stands in an address, with ``Z`` or an offset.

    ``zone``: where the forms of a page send it from, which know no zone; they may also send whole
    seconds since 1970, as a slider counts them.
    """
    plain = text.strip().replace(" ", "+")  # a plus sign that was not escaped
    if zone is not None and plain.isdecimal() and len(plain) <= MOST_DIGITS:
        return EPOCH + timedelta(seconds=int(plain))
    try:
        # a form's own field tells no seconds, which the API asks for
        moment = msgspec.convert(plain, datetime) if zone is None else datetime.fromisoformat(plain)
    except ValueError:  # msgspec's too
        return Refusal(
            Rule.BAD_VALUE, "/at", "Write the moment as 2026-01-31T09:30:00Z, or with an offset."
        )
    if moment.tzinfo is None and zone is not None:
        moment = moment.replace(tzinfo=zone)
    if moment.tzinfo is None:
        return Refusal(Rule.TIME_WITHOUT_ZONE, "/at", "End it with Z, or with an offset.")
    return moment


async def house_at(house: House, text: str, zone: tzinfo | None = None) -> House | Refusal:
    """Return the house as it stood at the moment that an address names.

    Refused: what is no moment, one without a zone, one in the future, one before the record begins,
    and any where this house keeps no past.
    """
    moment = read_moment(text, zone)
    if isinstance(moment, Refusal):
        return moment
    past: Past | None = house.shared.get(SOURCE)
    if past is None:
        return Refusal(Rule.UNKNOWN_MEMBER, "/at", "This house cannot be asked for the past.")
    if moment > house.service.clock.now():
        return Refusal(Rule.TIME_IN_FUTURE, "/at", "That moment has not come yet.")
    begins = await asyncio.to_thread(past.begins_at)
    if begins is None or moment < begins:
        return Refusal(
            Rule.BEFORE_THE_RECORD, "/at",
            "The record begins later." if begins is None
            else f"The record begins at {begins.isoformat()}.",
        )  # fmt: skip
    moment = moment.astimezone(UTC)  # not before: the first of years has none earlier
    houses: OrderedDict[datetime, House] = house.shared.setdefault(HOUSES, OrderedDict())
    if (known := houses.get(moment)) is not None:
        houses.move_to_end(moment)
        return known
    await house.service.past(moment)  # region states can be asked for it from now on
    service = await asyncio.to_thread(PastService, house.service, past, moment)
    shared = {name: _of_then(each, service) for name, each in house.shared.items()}
    then = replace(house, service=service, shared=shared, at=moment)
    houses[moment] = then
    while len(houses) > HOUSES_KEPT:
        houses.popitem(last=False)
    return then


def _of_then(kept: object, service: Service) -> object:
    return kept.as_of(service) if isinstance(kept, Dated) else kept
