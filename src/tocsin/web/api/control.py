"""Who controls a region, with validity dates: for the desk, and kept by administrators.

Nothing of it is public but what follows: where nobody may warn, a region reads *no information*.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Annotated

from msgspec import Meta, Struct

from tocsin.checks.text import prose_refusal
from tocsin.core.alert import Audience
from tocsin.core.authority import Permission
from tocsin.core.control import Control, Holding, SetControl
from tocsin.core.holding import control_at
from tocsin.core.refusals import Refusal, Rule
from tocsin.formats.api import prose
from tocsin.web.api import alerts, ledgerasks
from tocsin.web.api.area import geocodes
from tocsin.web.api.asks import Time
from tocsin.web.api.infraasks import Codes
from tocsin.web.api.ledgerasks import Short
from tocsin.web.api.writing import request_key
from tocsin.web.endpoint import Answer, Ask, Endpoint, NoQuery

BASE = "/api/v1"
NO_STORE = {"Cache-Control": "no-store"}


class ControlAsk(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Record who controls some regions; the mandates there follow."""

    regions: Codes
    control: Control
    source: Annotated[Short, Meta(description="Who says so; it stays in the record.")]
    valid_from: Annotated[Time | None, Meta(description="Left out: from now.")] = None
    valid_until: Annotated[Time | None, Meta(description="Left out: open.")] = None


class CutBody(Struct, frozen=True, kw_only=True):
    """A mandate that a record cut off."""

    sender: str
    regions: list[str]
    valid_from: datetime
    valid_until: datetime | None


class HoldingBody(Struct, frozen=True, kw_only=True):
    """One record: who controls some regions, from and until (half-open)."""

    id: str
    regions: list[str]
    control: Control
    valid_from: datetime
    valid_until: datetime | None
    source: str
    at: datetime
    by: str
    in_force: Annotated[
        list[str], Meta(description="Where it counts now: a later record for a part counts there.")
    ]
    suspended: Annotated[list[CutBody], Meta(description="Given again once the regions are held.")]


class ControlBody(Struct, frozen=True, kw_only=True):
    """All records, the latest first, and where nobody may warn now."""

    records: list[HoldingBody]
    without_mandate: Annotated[
        list[str], Meta(description="The fewest regions in which nobody may warn now.")
    ]


async def control(ask: Ask) -> Answer:
    """Return who controls which regions."""
    return Answer(_body(ask), headers=NO_STORE)


async def set_(ask: Ask) -> Answer | Refusal:
    """Record who controls some regions."""
    body: ControlAsk = ask.body
    regions = geocodes(ask.house.service.world, body.regions, "/regions")
    if isinstance(regions, Refusal):
        return regions
    refused = (
        prose_refusal(body.source, "/source")
        or ledgerasks.kept_time(body.valid_from, "/valid_from")
        or ledgerasks.kept_time(body.valid_until, "/valid_until")
    )
    if refused is not None:
        return refused
    key = request_key(ask)
    if isinstance(key, Refusal):
        return key
    command = SetControl(
        regions=regions, control=body.control, source=body.source,
        valid_from=_utc(body.valid_from), valid_until=_utc(body.valid_until),
    )  # fmt: skip
    outcome = await ask.house.service.submit(command, key=key, warrant=ask.identity.warrant)
    if isinstance(outcome, Refusal):
        if outcome.rule is Rule.NOT_ALLOWED:
            return replace(outcome, help="Who controls a region is recorded by administrators.")
        return outcome
    return Answer(_body(ask), 201, headers=NO_STORE)


def _body(ask: Ask) -> ControlBody:
    service = ask.house.service
    tree, now, holdings = service.world.tree, service.clock.now(), service.state.control
    here: dict[str, list[str]] = {}
    for leaf, holding in control_at(tree, holdings, now).items():
        here.setdefault(holding.id, []).append(leaf)
    return ControlBody(
        records=[
            _holding(each, tree.fewest(tree.mask(here.get(each.id, ()))))
            for each in reversed(holdings)
        ],
        without_mandate=list(service.regions.no_information(now)),
    )


def _holding(each: Holding, in_force: tuple[str, ...]) -> HoldingBody:
    return HoldingBody(
        id=each.id, regions=list(each.regions), control=each.control, valid_from=each.valid_from,
        valid_until=each.valid_until, source=prose(each.source), at=each.at, by=each.by,
        in_force=list(in_force),
        suspended=[
            CutBody(sender=m.sender, regions=list(m.regions), valid_from=m.valid_from,
                    valid_until=m.valid_until)
            for m in each.suspended
        ],
    )  # fmt: skip


def _utc(at: datetime | None) -> datetime | None:
    return None if at is None else at.astimezone(UTC)


LINES: tuple[Endpoint, ...] = (
    Endpoint(
        method="GET", path=f"{BASE}/control", name="list-control",
        summary="Return who controls which regions, and where nobody may warn",
        permission=Permission.VIEW, query=NoQuery, response=ControlBody, handler=control, past=True,
        audience=Audience.DESK, headers=NO_STORE,
    ),
    Endpoint(
        method="POST", path=f"{BASE}/control", name="set-control",
        summary="Record who controls some regions; mandates there end, or are given again",
        description=(
            "`lost` and `unclear` cut every mandate there off; `held` gives them again. "
            "Alerts in force stay."
        ),
        permission=Permission.ADMINISTER, request=ControlAsk, query=NoQuery,
        response=ControlBody, status=201, handler=set_,
        refusals=tuple(dict.fromkeys((
            Rule.EMPTY_AREA, Rule.UNKNOWN_REGION, Rule.ENDS_BEFORE_START, Rule.SOURCE_MISSING,
            Rule.BAD_VALUE, Rule.CONTROL_CHARACTER, Rule.WRONG_ROOM, *alerts.KEYED,
        ))),
        audience=Audience.DESK, headers=NO_STORE,
    ),
)  # fmt: skip
