"""Threat reports: taken in, merged into a draft, withdrawn with it (DESIGN R11, LESSONS L13).

What is drafted is what is believed (``intake_proof``). Where a single weak source reports more
than it is believed for, officers are called once, and a second source that agrees makes the draft.
A report that adds nothing to a draft that waits is kept and changes nothing, so that a storm of
them costs one line each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tocsin.core import intake_commands as tc
from tocsin.core import intake_events as te
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area, Leaves
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.commands import IssueAlert
from tocsin.core.events import AlertIssued, Event
from tocsin.core.inbox import AlertDraft, Threat
from tocsin.core.intake_drafts import handle_for
from tocsin.core.intake_proof import (
    Weighed,
    called_lately,
    company,
    hazard_of,
    is_covered,
    known,
    merging,
    stands,
    weigh,
)
from tocsin.core.people import people_in
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.threats import Cause, Closing, Confidence, Feed
from tocsin.core.world import World

Answer = tuple[Event, ...] | Refusal

LONGEST = timedelta(hours=24)
"""A message holds for no longer after it was sent; so what is remembered of it is bounded."""


def take(
    world: World, state: State, asked: tc.TakeThreat, now: datetime, ids: Sequence[str]
) -> Answer:
    """Take in a report, or take one back; the same message again changes nothing."""
    refused = untimely(world, asked.sent, asked.not_after, now)
    if refused is not None:
        return refused
    before = state.inbox.said(asked.feed.key, asked.identifier)
    if before is not None:
        if before == asked.content:
            return ()
        return Refusal(
            Rule.IDENTIFIER_REUSED, "/id", "This id was used for another message; take a new one."
        )
    if asked.withdraws is not None:
        return _take_back(world, state, asked, asked.withdraws, now)
    refused = _misplaced(world, asked)
    if refused is not None:
        return refused
    taken = te.ThreatTaken(
        at=now, threat_id=ids[0], key=asked.feed.key, identifier=asked.identifier,
        content=asked.content, kind=asked.kind, regions=asked.regions,
        confidence=asked.confidence, observer=asked.observer, sent=asked.sent,
        not_after=asked.not_after, toward=asked.toward, eta_s=asked.eta_s,
        is_weak=asked.feed.is_weak,
    )  # fmt: skip
    return (taken, *_drafted(world, state, asked.feed, _threat(taken), now, ids[1]))


def untimely(world: World, sent: datetime, not_after: datetime, now: datetime) -> Refusal | None:
    """Return why what a feed sends is not of this moment: replayed, stale, or from the future."""
    policy = world.feeds
    if sent > now + policy.ahead:
        return Refusal(Rule.TIME_IN_FUTURE, "/sent", "Its clock is ahead of this house's.")
    if sent < now - policy.oldest:
        return Refusal(Rule.TOO_OLD, "/sent", "It was sent too long ago; send what holds now.")
    if not_after <= now:
        return Refusal(Rule.TOO_OLD, "/not_after", "By its own word it holds no longer.")
    if not_after > sent + LONGEST:
        return Refusal(Rule.EXPIRES_TOO_LATE, "/not_after", "It holds for 24 hours at most.")
    return None


def issuing(world: World, state: State, feed: Feed, threat_id: str) -> IssueAlert | None:
    """Return the alert that policy lets the feed issue at once of its report; mostly none.

    It answers the draft that the report made, and covers what the report says, no more.

    Source: ``policies.toml [threats]``.
    """
    threat = state.inbox.threats.get(threat_id)
    if threat is None or threat.withdrawn_at is not None:
        return None
    hazard = _may_issue(world, state, feed, threat)
    draft = next((d for d in state.inbox.resting_on(threat_id) if d.waits), None)
    if hazard is None or draft is None:
        return None
    return IssueAlert(
        realm=Realm.LIVE, status=Status.ACTUAL, sender=feed.sender, hazard=hazard,
        area=Area(regions=threat.regions), draft_id=draft.id,
    )  # fmt: skip


def closing(state: State, asked: IssueAlert, found: Answer) -> Answer:
    """Return what follows from an issue, and with it the end of the draft that it answers.

    A draft that somebody answered meanwhile is a lost race: two sirens for one danger. While the
    issue itself waits for a second person the draft waits as well.
    """
    if asked.draft_id is None or isinstance(found, Refusal) or not found:
        return found
    draft = state.inbox.drafts.get(asked.draft_id)
    if draft is None:
        return Refusal(
            Rule.UNKNOWN_ALERT_DRAFT, "/draft", f"No draft {asked.draft_id!r} waits here."
        )
    if not draft.waits:
        return Refusal(Rule.ALERT_DRAFT_CLOSED, "/draft", f"It is {draft.how} already.")
    for event in found:
        if isinstance(event, AlertIssued):
            closed = te.AlertDraftClosed(at=event.at, draft_id=draft.id, how=Closing.ISSUED,
                                         alert_id=event.alert_id, by=event.by)  # fmt: skip
            return (*found, closed)
    return found


def _misplaced(world: World, asked: tc.TakeThreat) -> Refusal | None:
    if not asked.regions:
        return Refusal(Rule.EMPTY_AREA, "/regions", "Name at least one region.")
    for member, codes in (("regions", asked.regions), ("toward", asked.toward)):
        for number, code in enumerate(codes):
            if code not in world.tree:
                return Refusal(
                    Rule.UNKNOWN_REGION, f"/{member}/{number}",
                    f"The profile has no region {code!r}.",
                )  # fmt: skip
    mine = known(world, asked.feed.regions)
    for number, code in enumerate(asked.regions):
        if known(world, (code,)) & ~mine:
            return Refusal(
                Rule.OUTSIDE_JURISDICTION, f"/regions/{number}", f"This key has no say in {code}."
            )
    return None


def _drafted(
    world: World, state: State, feed: Feed, new: Threat, now: datetime, draft_id: str
) -> tuple[Event, ...]:
    """Return the draft that a new report makes or feeds, or the call where it may make none."""
    hazard = hazard_of(world, new.kind)
    mine = known(world, new.regions)
    if hazard is None or is_covered(world, state, hazard, mine):
        return ()
    alone = _may_issue(world, state, feed, new) is not None
    old = merging(world, state, hazard, mine, now, alone=alone)
    others = company(world, state, hazard, mine, now, old, alone=alone)
    sources = [*(each for each in others if not alone or each.key != new.key), new]
    found = weigh(world, state, sources, old)
    calls: tuple[Event, ...] = ()
    if mine & ~found.leaves and not called_lately(world, state, new, now):
        calls = (OfficersPaged(at=now, why=PageReason.DRAFT),)
    if not found.leaves:
        return calls
    if old is not None:
        until = now + world.feeds.draft_lasts
        grown = _anew(world, old, sources, found, now, until)
        adds = (grown.regions, grown.keys, grown.is_weak) != (old.regions, old.keys, old.is_weak)
        return (grown, *calls) if adds or alone else calls
    made = te.AlertDrafted(
        at=now, draft_id=draft_id, handle=handle_for(state, draft_id), cause=Cause.THREATS,
        hazard=hazard, regions=world.tree.fewest(found.leaves),
        sources=tuple(each.id for each in sources), keys=_keys(sources),
        until=now + world.feeds.draft_lasts, is_weak=found.is_weak, why=_why(sources),
    )  # fmt: skip
    return (made, OfficersPaged(at=now, why=PageReason.DRAFT))


def _take_back(
    world: World, state: State, asked: tc.TakeThreat, earlier: str, now: datetime
) -> Answer:
    """Take a report back: a waiting draft loses it; an alert is never ended by a machine."""
    threat = state.inbox.named(asked.feed.key, earlier)
    if threat is None:
        return Refusal(
            Rule.UNKNOWN_REPORT, "/withdraws", "This key has sent no report of that id lately."
        )
    if threat.withdrawn_at is not None:
        return ()
    events: list[Event] = [
        te.ThreatWithdrawn(at=now, threat_id=threat.id, key=asked.feed.key,
                           identifier=asked.identifier, content=asked.content)
    ]  # fmt: skip
    for draft in state.inbox.resting_on(threat.id):
        if draft.waits:
            events.append(_without(world, state, draft, threat, now))
        elif draft.alert_id in state.active:
            events.append(OfficersPaged(at=now, why=PageReason.WITHDRAWN, alert_id=draft.alert_id))
    return tuple(events)


def _without(
    world: World, state: State, draft: AlertDraft, threat: Threat, now: datetime
) -> te.AlertDrafted | te.AlertDraftClosed:
    """Return a draft without one of its reports; others of its like that stand take its place."""
    there = known(world, draft.regions)
    left = [
        each for each in state.inbox.threats.values()
        if each.id != threat.id and stands(each, now)
        and (each.id in draft.sources or (
            each.at >= draft.made_at and not state.inbox.resting_on(each.id)
            and hazard_of(world, each.kind) == draft.hazard and known(world, each.regions) & there
        ))
    ]  # fmt: skip
    found = weigh(world, state, left, draft)
    if not found.leaves:
        return te.AlertDraftClosed(
            at=now, draft_id=draft.id, how=Closing.WITHDRAWN, by=threat.key
        )  # fmt: skip
    return _anew(world, draft, left, found, now, draft.until)


def _anew(
    world: World,
    old: AlertDraft,
    sources: Sequence[Threat],
    found: Weighed,
    now: datetime,
    until: datetime,
) -> te.AlertDrafted:
    """Return a draft as it stands from now on; ``sources`` are all of them."""
    return te.AlertDrafted(
        at=now, draft_id=old.id, handle=old.handle, cause=old.cause, hazard=old.hazard,
        regions=world.tree.fewest(found.leaves), sources=tuple(each.id for each in sources),
        keys=_keys(sources), until=until, level=old.level, is_weak=found.is_weak,
        why=_why(sources),
    )  # fmt: skip


def _may_issue(world: World, state: State, feed: Feed, threat: Threat) -> str | None:
    """Return the hazard that the feed may issue at once of this report; None: it drafts.

    The people of all that its alerts of that hazard warn now are counted with those of the report:
    a city told of district by district is a city.
    """
    hazard = hazard_of(world, threat.kind)
    if (
        hazard is None or not feed.issues or feed.is_weak or hazard not in feed.hazards
        or threat.confidence is not Confidence.CONFIRMED
        or hazard not in world.second_person.single_person
        or known(world, threat.regions) & ~known(world, feed.regions)
    ):  # fmt: skip
        return None
    leaves = known(world, threat.regions) | _warned_by(world, state, feed, hazard)
    people = people_in(world.tree, Area(regions=world.tree.fewest(leaves)))
    return None if people is None or people > world.feeds.issue_people_above else hazard


def _warned_by(world: World, state: State, feed: Feed, hazard: str) -> Leaves:
    """Return where alerts of a hazard are in force that the feed itself issued."""
    leaves: Leaves = 0
    for alert in state.active.values():
        is_its = alert.issued_by == feed.account and alert.hazard == hazard
        if is_its and alert.status is Status.ACTUAL:
            leaves |= world.tree.extent(alert.area).touched
    return leaves


def _keys(sources: Sequence[Threat]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.key for each in sources))


def _why(sources: Sequence[Threat]) -> str:
    """Return the reports in a line each: what, how sure, toward where, from which key."""
    lines = []
    for each in sources:
        toward = f" > {', '.join(each.toward)}" if each.toward else ""
        eta = f", {each.eta_s} s" if each.eta_s is not None else ""
        lines.append(f"{each.kind}, {each.confidence}{toward}{eta} ({each.key})")
    return "\n".join(lines)


def _threat(taken: te.ThreatTaken) -> Threat:
    return Threat(
        id=taken.threat_id, key=taken.key, identifier=taken.identifier, kind=taken.kind,
        regions=taken.regions, confidence=taken.confidence, observer=taken.observer,
        sent=taken.sent, not_after=taken.not_after, at=taken.at, content=taken.content,
        toward=taken.toward, eta_s=taken.eta_s, is_weak=taken.is_weak,
    )  # fmt: skip
