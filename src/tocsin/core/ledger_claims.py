"""Claims: entered, corrected, retracted, moved. Nothing is overwritten, nothing told too early."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.claims import (
    EVENTFUL,
    OF_SERVICE,
    PASSING,
    TIMED,
    UNFIRM,
    Claim,
    ClaimKind,
    Saying,
    Where,
)
from tocsin.core.incidents import Incident, Stage, ends_later
from tocsin.core.ledger_checks import (
    Answer,
    bad_saying,
    needs_reason,
    no_incident,
    not_alone,
)
from tocsin.core.ledger_incidents import open_
from tocsin.core.ledger_release import alerts, due, held, lapsed
from tocsin.core.publication import CIVILIAN, RANK, SERVICE, due_at, held_by_alerts, own_wait
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World


def enter(
    world: World, state: State, asked: lc.EnterClaim, now: datetime, ids: Sequence[str]
) -> Answer:
    """Enter a claim, and the incident that it is the first of."""
    saying = asked.saying
    refused = bad_saying(world, state, saying, now)
    if refused is not None:
        return refused
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return no_incident(asked.incident_id, "/incident")
    if asked.opens is None and (
        refused := _too_early(world, state, saying, asked.incident_id, now)
    ):
        return refused
    if saying.report_id is not None and saying.draft:
        report = state.ledger.reports[saying.report_id]
        if saying.draft in report.confirmed:
            return Refusal(
                Rule.DRAFT_ANSWERED,
                "/draft",
                "That draft was confirmed already; correct the claim.",
            )
    opened: tuple[le.LedgerEvent, ...] = ()
    incident_id = asked.incident_id
    if asked.opens is not None:
        first = open_(world, state, replace(asked.opens, by=asked.by), now, ids[1:])
        if isinstance(first, Refusal):
            return replace(first, field=f"/open{first.field}")
        opened, incident_id = first, ids[1]
    return (
        *opened,
        *_lapsed(state, saying, asked.incident_id, now, asked.by),
        le.ClaimEntered(at=now, claim_id=ids[0], incident_id=incident_id, saying=saying,
                        by=asked.by),
    )  # fmt: skip


def correct(
    world: World, state: State, asked: lc.CorrectClaim, now: datetime, ids: Sequence[str]
) -> Answer:
    """Say right what was entered wrong."""
    claim = _standing(state, asked.claim_id)
    if isinstance(claim, Refusal):
        return claim
    refused = (
        needs_reason(asked.reason)
        or bad_saying(world, state, asked.saying, now)
        or _too_early(world, state, asked.saying, claim.incident_id, now)
    )
    if refused is not None:
        return refused
    if asked.saying == claim.saying:
        return ()
    return (
        *_lapsed(state, asked.saying, claim.incident_id, now, asked.by),
        le.ClaimCorrected(at=now, claim_id=claim.id, new_id=ids[0], saying=asked.saying,
                          reason=asked.reason, by=asked.by),
    )  # fmt: skip


def retract(state: State, asked: lc.RetractClaim, now: datetime) -> Answer:
    """Say that a claim no longer stands."""
    claim = _standing(state, asked.claim_id)
    if isinstance(claim, Refusal):
        return claim
    if (refused := needs_reason(asked.reason)) is not None:
        return refused
    return (
        le.ClaimRetracted(at=now, claim_id=claim.id, reason=asked.reason, by=asked.by),
    )  # fmt: skip


def move(world: World, state: State, asked: lc.MoveClaim, now: datetime) -> Answer:
    """Put a claim to another incident, or to none."""
    claim = _standing(state, asked.claim_id)
    if isinstance(claim, Refusal):
        return claim
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return no_incident(asked.incident_id, "/incident")
    if asked.incident_id == claim.incident_id:
        return ()
    refused = _moved_sooner(world, state, claim, asked.incident_id, now) or _too_early(
        world, state, claim.saying, asked.incident_id, now
    )
    if refused is not None:
        return refused
    return (
        *_lapsed(state, claim.saying, asked.incident_id, now, asked.by),
        le.ClaimMoved(at=now, claim_id=claim.id, incident_id=asked.incident_id,
                      reason=asked.reason, by=asked.by),
    )  # fmt: skip


def _lapsed(
    state: State, saying: Saying, incident_id: str | None, now: datetime, by: str
) -> tuple[le.EmbargoSet, ...]:
    """Return the end of what two people agreed on, where a claim reaches beyond what they read."""
    incident = state.ledger.incidents.get(incident_id or "")
    if incident is None or not ends_later(saying, incident):
        return ()
    return lapsed(incident, now, by)


def _too_early(
    world: World, state: State, saying: Saying, incident_id: str | None, now: datetime
) -> Refusal | None:
    """Refuse a claim that people would read before policy lets them: it has no incident to wait in.

    Of none, what tells of a moment and a place waits as an incident there would. Of one that people
    know of, what happened later than it waits as an incident of its own.
    """
    if incident_id is None:
        return not_alone(saying) or _fresh(world, state, saying, now)
    incident = state.ledger.incidents[incident_id]
    if incident.stage is not Stage.RELEASED:
        return None
    happened = saying.happened
    if happened is None:
        if saying.kind not in TIMED:
            return None
        return Refusal(
            Rule.MISSING_MEMBER, "/happened",
            "People know of this incident: say when it happened, so that it waits as it must.",
        )  # fmt: skip
    if saying.kind not in EVENTFUL | TIMED or saying.hedge in UNFIRM:
        return None
    if happened.start < incident.when.end:
        return None
    where = saying.where or incident.where
    alone = replace(incident, where=where, when=happened, before=(), embargo=None)
    if due_at(world.publication, world.tree, alerts(state), alone) <= now:
        return None
    return Refusal(
        Rule.EMBARGO_HOLDS, "/happened",
        "It happened after this incident, of which people know, and waits on its own: open an "
        "incident for it, and say that it is part of this one.",
    )  # fmt: skip


def _fresh(world: World, state: State, saying: Saying, now: datetime) -> Refusal | None:
    """Refuse what tells of a moment and a place so soon that it helps whoever fires.

    An evacuation is told at once, since lives hang on it; people read its top region alone.
    """
    where = saying.where
    if saying.kind not in PASSING and (saying.kind is not ClaimKind.STATEMENT or where is None):
        return None
    policy, tree = world.publication, world.tree
    rules = [policy.rule(CIVILIAN)]
    if saying.kind in OF_SERVICE:
        rules.append(policy.rule(SERVICE))
    moment = saying.happened.end if saying.happened is not None else saying.said_at or now
    late = any(each.delay is None or moment + each.delay > now for each in rules)
    if not late and (
        held_by_alerts(
            policy, tree, alerts(state), where or Where(geocode=tree.root), rules[-1].after_alert
        )
        <= now
    ):
        return None
    return Refusal(
        Rule.EMBARGO_HOLDS, "/incident",
        "It is too fresh to be told on its own, or an alert holds its place. Open an incident for "
        "it, where it waits by itself, or enter it later.",
    )  # fmt: skip


def _moved_sooner(
    world: World, state: State, claim: Claim, target: str | None, now: datetime
) -> Refusal | None:
    """Refuse to put a claim where people read it earlier, or where they lose sight of it."""
    policy, incidents = world.publication, state.ledger.incidents
    own, other = (incidents.get(each or "") for each in (claim.incident_id, target))
    was, is_ = (Stage.RELEASED if each is None else each.stage for each in (own, other))
    if RANK[is_] < RANK[was]:
        if own is None and claim.replaces is None and policy.seen_from(claim.entered_at) > now:
            return None  # nobody has seen it yet, nor another that leads to it
        return Refusal(
            Rule.EMBARGO_HOLDS, "/incident",
            "People read it already, and that incident still waits. Retract it with the reason and "
            "enter it there, or wait.",
        )  # fmt: skip
    if own is None or was is Stage.RELEASED:
        return None
    if other is not None and is_ is was and not _lets_out_sooner(world, state, own, other, now):
        return None
    return Refusal(
        Rule.EMBARGO_HOLDS, "/incident",
        "Its incident still waits and that one does not, or not as long. Say that both are one and "
        "the same instead, or wait.",
    )  # fmt: skip


def _lets_out_sooner(
    world: World, state: State, own: Incident, other: Incident, now: datetime
) -> bool:
    """Say whether one incident may be told before another, by policy, officers, or alerts."""
    policy = world.publication
    hours, waits = [], []
    for each in (own, other):
        hours.append(max(policy.rule_for(t.kind, t.site).after_alert for t in each.taken))
        waits.append((own_wait(policy, each), held(world, state, each), due(world, state, each)))
    later = (max(there, now) < max(here, now) for here, there in zip(*waits, strict=True))
    return hours[1] < hours[0] or any(later)


def _standing(state: State, claim_id: str) -> Claim | Refusal:
    claim = state.ledger.claims.get(claim_id)
    if claim is None:
        return Refusal(Rule.UNKNOWN_CLAIM, "/id", f"No claim {claim_id!r} is known here.")
    if not claim.stands:
        return Refusal(Rule.CLAIM_ENDED, "/id", f"That claim was {claim.standing} already.")
    return claim
