"""Outages: what is out, where, since when, how far it is back. People read no cause (P25)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.alert import handle_of
from tocsin.core.claims import VAGUE, Figure, Qualifier
from tocsin.core.events import Event
from tocsin.core.facilities import SERVICES, Outage
from tocsin.core.infra_installations import sourceless, unknown
from tocsin.core.publication import EPOCH, Publication
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal
LARGEST = 1_000_000_000
WHOLE = 1.0
OLDEST = timedelta(days=366)
"""What began longer ago is a slip: a wrong year would count as thousands of hours."""


def report(
    world: World, state: State, asked: ic.ReportOutage, now: datetime, ids: Sequence[str]
) -> Answer:
    """Record an outage, or how it stands now. What people were told cannot be untold.

    All of it back is its end: from the moment that was said, where no other is named. What ended
    does not begin again: out again is a new outage, or the time in between would count as out too.
    """
    old = state.infra.outages.get(asked.outage_id or "")
    if asked.outage_id is not None and old is None:
        return Refusal(Rule.UNKNOWN_OUTAGE, "/id", f"No outage {asked.outage_id!r} is known here.")
    began = asked.began or (old.began if old is not None else now)
    refused = (
        _wrong(world, asked) or _wrong_times(asked, began, now) or _too_long_ago(asked, old, now)
        or _wrong_cause(state, asked, old) or _back_already(asked, old)
    )  # fmt: skip
    if refused is not None:
        return refused
    ended = asked.ended_at
    if ended is None and asked.restored_share == WHOLE:
        ended = old.ended_at if old is not None and old.ended_at is not None else now
    told = asked.tell or (old is not None and old.told)
    name = ids[0] if old is None else old.id
    taken = frozenset(each.handle for each in state.infra.outages.values())
    said = ie.OutageReported(
        at=now, outage_id=name, handle=handle_of(name, taken) if old is None else old.handle,
        service=asked.service, regions=world.tree.fewest(world.tree.mask(asked.regions)),
        began=began, source=asked.source, settlements=tuple(dict.fromkeys(asked.settlements)),
        figure=asked.figure, expected_end=asked.expected_end,
        restored_share=WHOLE if ended is not None else asked.restored_share,
        ended_at=ended, told=told, by=asked.by,
        public_id=(old.public_id if old is not None else "") or (ids[1] if told else ""),
    )  # fmt: skip
    traced = ie.OutageTraced(
        at=now, outage_id=name, installations=tuple(dict.fromkeys(asked.installations)),
        incident_id=asked.incident_id, by=asked.by,
    )  # fmt: skip
    before = (old.installations, old.incident_id) if old is not None else ((), None)
    is_traced = (traced.installations, traced.incident_id) != before
    is_new = old is None or _said_of(old) != _said_of(said) or _renews(world, old, now)
    return (*((said,) if is_new else ()), *((traced,) if is_traced else ()))


def is_end(asked: ic.ReportOutage) -> bool:
    """Say whether it is said to be back, all of it."""
    return asked.ended_at is not None or asked.restored_share == WHOLE


def began_told(policy: Publication, at: datetime) -> datetime:
    """Return a beginning as people read it: rounded down."""
    return EPOCH + (at - EPOCH) // policy.round_to * policy.round_to


def ended_told(policy: Publication, at: datetime) -> datetime:
    """Return an end as people read it: rounded up, so it may lie a little ahead."""
    return EPOCH - (EPOCH - at) // policy.round_to * policy.round_to


def last_said(outage: Outage) -> datetime:
    """Return when somebody last said how an outage stands."""
    return outage.words[-1].at if outage.words else outage.changed_at or outage.at


def silent_from(policy: Publication, outage: Outage) -> datetime | None:
    """Return from when on nobody knows whether it still lasts; None: it is over."""
    if outage.ended_at is not None:
        return None
    return began_told(policy, last_said(outage)) + policy.silent_after


def _renews(world: World, old: Outage, now: datetime) -> bool:
    """Say whether the same said again is news: the last word on what lasts has grown old."""
    is_old = now - last_said(old) >= world.publication.silent_after / 3
    return old.ended_at is None and is_old


def _said_of(one: Outage | ie.OutageReported) -> tuple[object, ...]:
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
    for number, name in enumerate(asked.settlements):
        if not name.strip():
            return Refusal(
                Rule.BAD_VALUE, f"/scope/settlements/{number}", "Name the settlement, or none."
            )
    if not 0 <= asked.restored_share <= 1:  # also refuses what is no number
        return Refusal(Rule.SHARE_OUT_OF_RANGE, "/restored_share", "A share is between 0 and 1.")
    return _wrong_figure(asked.figure) or sourceless(asked.source)


def _wrong_figure(figure: Figure | None) -> Refusal | None:
    """Refuse a count that says nothing countable: whoever reads it asks for its least and most."""
    if figure is None:
        return None
    if not figure.what.strip():
        return Refusal(Rule.BAD_VALUE, "/scope/count/of", "Say what is counted.")
    if figure.qualifier in VAGUE:
        allowed = (None, 0) if figure.qualifier is Qualifier.NONE else (None,)
        if figure.value in allowed:
            return None
        return Refusal(
            Rule.BAD_VALUE, "/scope/count/value", f"{figure.qualifier} has no number of its own."
        )
    if figure.value is not None and 0 <= figure.value <= LARGEST:
        return None
    return Refusal(
        Rule.BAD_VALUE, "/scope/count/value", f"A whole number from 0 to {LARGEST}."
    )  # fmt: skip


def _wrong_times(asked: ic.ReportOutage, began: datetime, now: datetime) -> Refusal | None:
    if began > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/began", "It has not begun yet.")
    if asked.ended_at is not None and asked.ended_at > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/ended", "It is not back yet; name `expected_end`.")
    for field, back in (("/ended", asked.ended_at), ("/expected_end", asked.expected_end)):
        if back is not None and back < began:
            return Refusal(
                Rule.RESTORED_BEFORE_OUTAGE, field, "It would be back before it went out."
            )
    return None


def _too_long_ago(
    asked: ic.ReportOutage, old: Outage | None, now: datetime
) -> Refusal | None:  # fmt: skip
    known = old.began if old is not None else None
    if asked.began is None or asked.began == known or asked.began >= now - OLDEST:
        return None
    return Refusal(Rule.BAD_VALUE, "/began", "No outage begins more than 366 days ago.")


def _back_already(asked: ic.ReportOutage, old: Outage | None) -> Refusal | None:
    if old is None or old.ended_at is None or is_end(asked):
        return None
    return Refusal(
        Rule.NOT_AS_IT_STANDS, "/id", "It was back already; what is out again, report as a new one."
    )


def _wrong_cause(state: State, asked: ic.ReportOutage, old: Outage | None) -> Refusal | None:
    known = old.installations if old is not None else ()
    for number, name in enumerate(asked.installations):
        one = state.infra.installations.get(name)
        if name not in known and (one is None or one.erased):  # what it came from may be erased
            return Refusal(
                Rule.UNKNOWN_INSTALLATION, f"/scope/installations/{number}", unknown(name).help
            )
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return Refusal(
            Rule.UNKNOWN_INCIDENT, "/incident", f"No incident {asked.incident_id!r} is known here."
        )
    return None
