"""Outages: what is out, where, since when, how far it is back. People read no cause (P25)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.alert import handle_of
from tocsin.core.events import Event
from tocsin.core.facilities import SERVICES, Outage
from tocsin.core.infra_installations import sourceless, unknown
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal


def report(
    world: World, state: State, asked: ic.ReportOutage, now: datetime, ids: Sequence[str]
) -> Answer:
    """Record an outage, or how it stands now. What people were told cannot be untold."""
    old = state.infra.outages.get(asked.outage_id or "")
    if asked.outage_id is not None and old is None:
        return Refusal(Rule.UNKNOWN_OUTAGE, "/id", f"No outage {asked.outage_id!r} is known here.")
    began = asked.began or (old.began if old is not None else now)
    refused = _wrong(world, asked) or _wrong_times(asked, began, now) or _wrong_cause(state, asked)
    if refused is not None:
        return refused
    told = asked.tell or (old is not None and old.told)
    name = ids[0] if old is None else old.id
    taken = frozenset(each.handle for each in state.infra.outages.values())
    said = ie.OutageReported(
        at=now, outage_id=name, handle=handle_of(name, taken) if old is None else old.handle,
        service=asked.service, regions=world.tree.fewest(world.tree.mask(asked.regions)),
        began=began, source=asked.source, settlements=asked.settlements, figure=asked.figure,
        expected_end=asked.expected_end,
        restored_share=1.0 if asked.ended_at is not None else asked.restored_share,
        ended_at=asked.ended_at, told=told, by=asked.by,
        public_id=(old.public_id if old is not None else "") or (ids[1] if told else ""),
    )  # fmt: skip
    traced = ie.OutageTraced(
        at=now, outage_id=name, installations=asked.installations, incident_id=asked.incident_id,
        by=asked.by,
    )  # fmt: skip
    before = (old.installations, old.incident_id) if old is not None else ((), None)
    is_traced = (asked.installations, asked.incident_id) != before
    is_new = old is None or _told_of(old) != _told_of(said)
    return (*((said,) if is_new else ()), *((traced,) if is_traced else ()))


def _told_of(one: Outage | ie.OutageReported) -> tuple[object, ...]:
    return (
        one.service, one.regions, one.began, one.source, one.settlements, one.figure,
        one.expected_end, one.restored_share, one.ended_at, one.told,
    )  # fmt: skip


def _wrong(world: World, asked: ic.ReportOutage) -> Refusal | None:
    if asked.service not in SERVICES:
        return Refusal(Rule.BAD_VALUE, "/service", f"A service is one of {', '.join(SERVICES)}.")
    if not asked.regions:
        return Refusal(
            Rule.EMPTY_AREA, "/scope/regions",
            "Name the region that it is out in, also where settlements are named or counted.",
        )  # fmt: skip
    for number, code in enumerate(asked.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/scope/regions/{number}",
                f"The profile has no region {code!r}.",
            )  # fmt: skip
    if not 0 <= asked.restored_share <= 1:  # also refuses what is no number
        return Refusal(Rule.SHARE_OUT_OF_RANGE, "/restored_share", "A share is between 0 and 1.")
    return sourceless(asked.source)


def _wrong_times(asked: ic.ReportOutage, began: datetime, now: datetime) -> Refusal | None:
    if began > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/began", "It has not begun yet.")
    if asked.ended_at is not None and asked.ended_at > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/ended", "It is not back yet; name `expected_end`.")
    if asked.ended_at is not None and asked.ended_at < began:
        return Refusal(
            Rule.RESTORED_BEFORE_OUTAGE, "/ended", "It would be back before it went out."
        )
    if asked.expected_end is not None and asked.ended_at is None and asked.expected_end < began:
        return Refusal(
            Rule.RESTORED_BEFORE_OUTAGE, "/expected_end", "It would be back before it went out."
        )
    return None


def _wrong_cause(state: State, asked: ic.ReportOutage) -> Refusal | None:
    for number, name in enumerate(asked.installations):
        one = state.infra.installations.get(name)
        if one is None or one.erased:
            refused = unknown(name)
            return Refusal(refused.rule, f"/scope/installations/{number}", refused.help)
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return Refusal(
            Rule.UNKNOWN_INCIDENT, "/incident", f"No incident {asked.incident_id!r} is known here."
        )
    return None
