"""The ledger's rules: who may enter, correct, link, hold back and release what.

Nothing is overwritten and nothing merged silently (DESIGN section 3, rule 9). A report is never a
source of alerts: nothing here can issue one. Every change needs its reason, and an officer with
``Permission.SITUATION`` in the live room; the ledger has no drill room.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import assert_never

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.alert import Alert, Realm, handle_of
from tocsin.core.authority import Permission, Warrant
from tocsin.core.claims import VAGUE, Claim, ClaimKind, Qualifier, Saying, When, Where
from tocsin.core.incidents import Incident, LinkKind, Stage
from tocsin.core.publication import NEVER, due_at, held_by_alerts, too_exact
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

Answer = tuple[le.LedgerEvent, ...] | Refusal
KINDS = (
    "strike", "explosion", "shelling", "fire", "accident", "flood", "quake", "storm", "collapse",
    "outage", "radiation", "other",
)  # fmt: skip
"""What an incident can be; what people read for it are words of the house."""
ALONE = frozenset((
    ClaimKind.STATEMENT, ClaimKind.OUTAGE, ClaimKind.RESTORATION, ClaimKind.EVACUATION,
    ClaimKind.SHELTER, ClaimKind.ALERT,
))  # fmt: skip
"""Kinds of claims that need no incident."""
LARGEST = 1_000_000_000
GUIDANCE_SHARE = 0.02


def decide_ledger(  # noqa: C901, PLR0911, PLR0912  # a match over all that can be asked
    world: World,
    state: State,
    command: lc.LedgerCommand,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    """Return what follows from ``command``; ``warrant`` None is the house itself."""
    if (refused := _may(command, warrant)) is not None:
        return refused
    match command:
        case lc.TakeReport():
            return _take(state, command, now, ids)
        case lc.RejectDraft():
            return _reject(state, command, now)
        case lc.FinishReport():
            return _finish(state, command, now)
        case lc.OpenIncident():
            return _open(world, state, command, now, ids)
        case lc.ChangeIncident():
            return _change(world, state, command, now)
        case lc.EnterClaim():
            return _enter(world, state, command, now, ids)
        case lc.CorrectClaim():
            return _correct(world, state, command, now, ids)
        case lc.RetractClaim():
            return _retract(state, command, now)
        case lc.MoveClaim():
            return _move(world, state, command, now)
        case lc.LinkIncidents():
            return _link(state, command, now)
        case lc.SetEmbargo():
            return _embargo(world, state, command, now, ids, warrant)
        case lc.ApproveEmbargo():
            return _approve(state, command, now, warrant)
        case lc.AnnounceIncident():
            return _announce(state, command, now, ids)
        case lc.ReleaseIncident():
            return _release(world, state, command, now, ids)
        case lc.EraseWords():
            return _erase(state, command, now)
        case lc.GiveGuidance():
            return _guide(world, state, command, now, ids)
        case lc.EndGuidance():
            return _end_guidance(state, command, now)
        case _:
            assert_never(command)


def due_for_release(world: World, state: State, now: datetime) -> Iterator[lc.ReleaseIncident]:
    """Yield the releases that are due: at the last slot, so that the moment tells nothing (P27)."""
    slot = world.publication.slot_of(now)
    for incident in state.ledger.incidents.values():
        if incident.stage is not Stage.RELEASED and _due(world, state, incident) <= slot:
            yield lc.ReleaseIncident(incident_id=incident.id)


def _due(world: World, state: State, incident: Incident) -> datetime:
    return due_at(world.publication, world.tree, _alerts(state), incident)


def _alerts(state: State) -> Iterator[Alert]:
    yield from state.in_force()
    yield from state.ended.values()


def _may(command: lc.LedgerCommand, warrant: Warrant | None) -> Refusal | None:
    """Refuse whoever is no officer of the situation, or is one of the drill room alone."""
    if isinstance(command, lc.ReleaseIncident):
        if warrant is None:
            return None
        return Refusal(Rule.NOT_ALLOWED, "/Authorization", "A release comes by the clock alone.")
    if warrant is None:
        return None
    if not warrant.may(Permission.SITUATION):
        return Refusal(
            Rule.NOT_ALLOWED, "/Authorization", "The ledger is kept by situation officers."
        )
    if Realm.LIVE not in warrant.scope.realms:
        return Refusal(Rule.WRONG_ROOM, "/realm", "The ledger is real; this credential is not.")
    return None


# -- reports -------------------------------------------------------------------------------------


def _take(state: State, asked: lc.TakeReport, now: datetime, ids: Sequence[str]) -> Answer:
    if state.ledger.report_with(asked.digest) is not None:
        return ()
    return (
        le.ReportTaken(at=now, report_id=ids[0], outlet=asked.outlet, published=asked.published,
                       language=asked.language, content=asked.content, digest=asked.digest,
                       title=asked.title, address=asked.address, proposed=asked.proposed,
                       by=asked.by),
    )  # fmt: skip


def _reject(state: State, asked: lc.RejectDraft, now: datetime) -> Answer:
    report = state.ledger.reports.get(asked.report_id)
    if report is None:
        return _no_report(asked.report_id)
    if asked.draft in report.rejected:
        return ()
    return (
        le.DraftRejected(at=now, report_id=report.id, draft=asked.draft, reason=asked.reason,
                         by=asked.by),
    )  # fmt: skip


def _finish(state: State, asked: lc.FinishReport, now: datetime) -> Answer:
    report = state.ledger.reports.get(asked.report_id)
    if report is None:
        return _no_report(asked.report_id)
    if report.done_at is not None:
        return ()
    return (le.ReportDone(at=now, report_id=report.id, by=asked.by),)


# -- incidents -----------------------------------------------------------------------------------


def _open(
    world: World, state: State, asked: lc.OpenIncident, now: datetime, ids: Sequence[str]
) -> Answer:
    refused = (
        _bad_kind(asked.kind)
        or _bad_site(world, asked.site)
        or _bad_where(world, asked.where, "/where")
        or _bad_when(asked.when, "/when", now)
    )
    if refused is not None:
        return refused
    taken = frozenset(each.handle for each in state.ledger.incidents.values())
    return (
        le.IncidentOpened(at=now, incident_id=ids[0], handle=handle_of(ids[0], taken),
                          kind=asked.kind, site=asked.site, where=asked.where, when=asked.when,
                          title=asked.title, by=asked.by),
    )  # fmt: skip


def _change(world: World, state: State, asked: lc.ChangeIncident, now: datetime) -> Answer:
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return _no_incident(asked.incident_id, "/id")
    changed = le.IncidentChanged(
        at=now, incident_id=incident.id,
        kind=incident.kind if asked.kind is None else asked.kind,
        site=incident.site if asked.site is None else asked.site,
        where=asked.where or incident.where, when=asked.when or incident.when,
        title=incident.title if asked.title is None else asked.title,
        is_open=incident.is_open if asked.is_open is None else asked.is_open,
        reason=asked.reason, by=asked.by,
    )  # fmt: skip
    refused = (
        _bad_kind(changed.kind)
        or _bad_site(world, changed.site)
        or _bad_where(world, changed.where, "/where")
        or _bad_when(changed.when, "/when", now)
    )
    if refused is not None:
        return refused
    new = (changed.kind, changed.site, changed.where, changed.when, changed.title, changed.is_open)
    old = (incident.kind, incident.site, incident.where, incident.when, incident.title,
           incident.is_open)  # fmt: skip
    if new == old:
        return ()
    if incident.stage is Stage.RELEASED:
        return (changed,)
    return _kept_back(world, state, incident, changed)


def _kept_back(
    world: World, state: State, incident: Incident, changed: le.IncidentChanged
) -> Answer:
    """Return the change, and the embargo as it was where the change would shorten it.

    Nobody tells an incident earlier by calling it something else (RELIABILITY P24): what two people
    decide, two people decide here as well.
    """
    policy = world.publication
    limit = incident.embargo
    if limit is not None and limit.approved_by:  # two people have fixed it already
        return (changed,)
    after = replace(incident, site=changed.site, where=changed.where, when=changed.when)
    old, new = ((each, policy.rule(each.site)) for each in (incident, after))
    held = [
        held_by_alerts(policy, world.tree, _alerts(state), each.where, rule.after_alert)
        for each, rule in (old, new)
    ]
    if held[1] < held[0]:
        return Refusal(
            Rule.EMBARGO_HOLDS, "/where",
            "The alert there holds it back, and not where you put it. Ask for a shorter embargo, "
            "or wait until that alert has ended.",
        )  # fmt: skip
    waits = [
        NEVER if rule.delay is None else each.when.end + rule.delay for each, rule in (old, new)
    ]
    if limit is not None:
        own = limit.until or NEVER
        waits = [max(each, own) for each in waits]
    if waits[1] >= waits[0]:
        return (changed,)
    until = None if waits[0] == NEVER else waits[0]
    return (
        changed,
        le.EmbargoSet(at=changed.at, incident_id=incident.id, until=until,
                      reason="kept as it was before the change", by=changed.by),
    )  # fmt: skip


def _link(state: State, asked: lc.LinkIncidents, now: datetime) -> Answer:
    ledger = state.ledger
    for field, name in (("/one", asked.one), ("/other", asked.other)):
        if name not in ledger.incidents:
            return _no_incident(name, field)
    if not asked.reason.strip():
        return Refusal(Rule.REASON_MISSING, "/reason", "Say why they belong together, or not.")
    is_there = any(
        (each.kind, each.one, each.other) == (asked.kind, asked.one, asked.other)
        for each in ledger.links
    )
    if asked.undo:
        if not is_there:
            return ()
        return (le.IncidentsUnlinked(at=now, kind=asked.kind, one=asked.one, other=asked.other,
                                     reason=asked.reason, by=asked.by),)  # fmt: skip
    if is_there:
        return ()
    if ledger.root(asked.one) == ledger.root(asked.other):
        return Refusal(Rule.LINK_LOOP, "/other", "That is one and the same incident already.")
    if asked.kind is LinkKind.SAME_AS and ledger.incidents[asked.one].same_as is not None:
        return Refusal(Rule.LINK_LOOP, "/one", "It is linked to another one; take that back first.")
    if _leads_to(state, asked.kind, asked.other, asked.one):
        return Refusal(Rule.LINK_LOOP, "/other", "These would belong to each other in a circle.")
    return (le.IncidentsLinked(at=now, kind=asked.kind, one=asked.one, other=asked.other,
                               reason=asked.reason, by=asked.by),)  # fmt: skip


def _leads_to(state: State, kind: LinkKind, start: str, goal: str) -> bool:
    """Say whether links of a kind lead from one incident to another."""
    waiting, seen = [start], set[str]()
    while waiting:
        here = waiting.pop()
        if here == goal:
            return True
        if here in seen:
            continue
        seen.add(here)
        waiting += [
            each.other for each in state.ledger.links if (each.kind, each.one) == (kind, here)
        ]
    return False


# -- claims --------------------------------------------------------------------------------------


def _enter(
    world: World, state: State, asked: lc.EnterClaim, now: datetime, ids: Sequence[str]
) -> Answer:
    saying = asked.saying
    refused = _bad_saying(world, state, saying, now)
    if refused is not None:
        return refused
    if asked.incident_id is None and asked.opens is None and saying.kind not in ALONE:
        return Refusal(
            Rule.INCIDENT_MISSING, "/incident", f"A claim of {saying.kind} belongs to an incident."
        )
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return _no_incident(asked.incident_id, "/incident")
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
        first = _open(world, state, replace(asked.opens, by=asked.by), now, ids[1:])
        if isinstance(first, Refusal):
            return replace(first, field=f"/open{first.field}")
        opened, incident_id = first, ids[1]
    return (
        *opened,
        le.ClaimEntered(at=now, claim_id=ids[0], incident_id=incident_id, saying=saying,
                        by=asked.by),
    )  # fmt: skip


def _correct(
    world: World, state: State, asked: lc.CorrectClaim, now: datetime, ids: Sequence[str]
) -> Answer:
    claim = _standing(state, asked.claim_id)
    if isinstance(claim, Refusal):
        return claim
    refused = _needs_reason(asked.reason) or _bad_saying(world, state, asked.saying, now)
    if refused is not None:
        return refused
    if asked.saying == claim.saying:
        return ()
    return (
        le.ClaimCorrected(at=now, claim_id=claim.id, new_id=ids[0], saying=asked.saying,
                          reason=asked.reason, by=asked.by),
    )  # fmt: skip


def _retract(state: State, asked: lc.RetractClaim, now: datetime) -> Answer:
    claim = _standing(state, asked.claim_id)
    if isinstance(claim, Refusal):
        return claim
    if (refused := _needs_reason(asked.reason)) is not None:
        return refused
    return (
        le.ClaimRetracted(at=now, claim_id=claim.id, reason=asked.reason, by=asked.by),
    )  # fmt: skip


def _move(world: World, state: State, asked: lc.MoveClaim, now: datetime) -> Answer:
    claim = _standing(state, asked.claim_id)
    if isinstance(claim, Refusal):
        return claim
    if asked.incident_id is None and claim.saying.kind not in ALONE:
        return Refusal(
            Rule.INCIDENT_MISSING, "/incident",
            f"A claim of {claim.saying.kind} belongs to an incident.",
        )  # fmt: skip
    if asked.incident_id is not None and asked.incident_id not in state.ledger.incidents:
        return _no_incident(asked.incident_id, "/incident")
    if asked.incident_id == claim.incident_id:
        return ()
    if _told_sooner(world, state, claim, asked.incident_id):
        return Refusal(
            Rule.EMBARGO_HOLDS, "/incident",
            "Its incident still waits and that one does not, or not as long. Say that both are one "
            "and the same instead, or wait.",
        )  # fmt: skip
    return (
        le.ClaimMoved(at=now, claim_id=claim.id, incident_id=asked.incident_id,
                      reason=asked.reason, by=asked.by),
    )  # fmt: skip


def _told_sooner(world: World, state: State, claim: Claim, target: str | None) -> bool:
    """Say whether people would read a claim earlier at another incident, or at none."""
    own = state.ledger.incidents.get(claim.incident_id or "")
    if own is None or own.stage is Stage.RELEASED:
        return False
    other = state.ledger.incidents.get(target or "")
    if other is None or other.stage is not Stage.HIDDEN:
        return True
    return _due(world, state, other) < _due(world, state, own)


def _standing(state: State, claim_id: str) -> Claim | Refusal:
    claim = state.ledger.claims.get(claim_id)
    if claim is None:
        return Refusal(Rule.UNKNOWN_CLAIM, "/id", f"No claim {claim_id!r} is known here.")
    if not claim.stands:
        return Refusal(Rule.CLAIM_ENDED, "/id", f"That claim was {claim.standing} already.")
    return claim


def _erase(state: State, asked: lc.EraseWords, now: datetime) -> Answer:
    ledger = state.ledger
    if (refused := _needs_reason(asked.reason)) is not None:
        return refused
    if asked.report_id is not None:
        report = ledger.reports.get(asked.report_id)
        if report is None:
            return _no_report(asked.report_id)
        quotes = {
            claim.saying.quote.content
            for claim in ledger.claims.values()
            if claim.saying.report_id == report.id and claim.saying.quote is not None
        }
        gone = {report.content, *quotes, *([report.proposed] if report.proposed else ())}
        return (
            le.WordsErased(at=now, contents=tuple(sorted(gone)), reason=asked.reason,
                           report_id=report.id, by=asked.by),
        )  # fmt: skip
    claim = ledger.claims.get(asked.claim_id or "")
    if claim is None:
        return Refusal(Rule.UNKNOWN_CLAIM, "/id", f"No claim {asked.claim_id!r} is known here.")
    if claim.saying.quote is None or claim.erased:
        return ()
    return (
        le.WordsErased(at=now, contents=(claim.saying.quote.content,), reason=asked.reason,
                       by=asked.by),
    )  # fmt: skip


# -- what people may see -------------------------------------------------------------------------


def _embargo(
    world: World,
    state: State,
    asked: lc.SetEmbargo,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return _no_incident(asked.incident_id, "/id")
    if incident.stage is Stage.RELEASED:
        return Refusal(Rule.ALREADY_RELEASED, "/id", "People know of it; nothing can be held back.")
    if (refused := _needs_reason(asked.reason)) is not None:
        return refused
    due = _due(world, state, incident)
    if asked.until is None or asked.until >= due:
        return (
            le.EmbargoSet(at=now, incident_id=incident.id, until=asked.until, reason=asked.reason,
                          by=asked.by),
        )  # fmt: skip
    if warrant is None or warrant.is_machine:
        return Refusal(
            Rule.NEEDS_SECOND_PERSON, "/until", "A shorter embargo is asked for by an officer."
        )
    return (
        le.EmbargoAsked(at=now, incident_id=incident.id, ask_id=ids[0], until=asked.until,
                        reason=asked.reason, account=warrant.account,
                        credential=warrant.credential, session=warrant.session,
                        device=warrant.device),
    )  # fmt: skip


def _approve(
    state: State, asked: lc.ApproveEmbargo, now: datetime, warrant: Warrant | None
) -> Answer:
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return _no_incident(asked.incident_id, "/id")
    wait = incident.asked
    if wait is None or wait.ask_id != asked.ask_id or incident.stage is Stage.RELEASED:
        return Refusal(Rule.CONTENT_CHANGED, "/ask", "This is not what waits; read it again.")
    if warrant is None or warrant.is_machine:
        return Refusal(Rule.NOT_AN_APPROVER, "/Authorization", "A second officer agrees to it.")
    if warrant.account == wait.account:
        return Refusal(Rule.OWN_PROPOSAL, "/id", "Nobody answers his own proposal.")
    same = (warrant.session and warrant.session == wait.session) or (
        warrant.device and warrant.device == wait.device
    )
    if same or warrant.credential == wait.credential:
        return Refusal(
            Rule.SAME_DEVICE, "/id",
            "It was proposed from this very device; approve it from your own.",
        )  # fmt: skip
    if not asked.confirmed:
        return Refusal(
            Rule.NEEDS_CONFIRMATION, "/Authorization",
            "Prove yourself by your second factor, then approve.",
        )  # fmt: skip
    return (
        le.EmbargoSet(at=now, incident_id=incident.id, until=wait.until, reason=wait.reason,
                      by=wait.account, approved_by=warrant.account),
    )  # fmt: skip


def _announce(
    state: State, asked: lc.AnnounceIncident, now: datetime, ids: Sequence[str]
) -> Answer:
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return _no_incident(asked.incident_id, "/id")
    if incident.stage is not Stage.HIDDEN:
        return ()
    if not any(
        claim.stands and claim.saying.voice.official
        for claim in state.ledger.claims_of(incident.id)
    ):
        return Refusal(
            Rule.NOT_OFFICIAL, "/id",
            "Before its embargo is over, only what the authority itself released may be told: "
            "enter that release as an official claim first.",
        )  # fmt: skip
    return (
        le.IncidentAnnounced(at=now, incident_id=incident.id, public_id=ids[0], by=asked.by),
    )  # fmt: skip


def _release(
    world: World, state: State, asked: lc.ReleaseIncident, now: datetime, ids: Sequence[str]
) -> Answer:
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return _no_incident(asked.incident_id, "/id")
    if incident.stage is Stage.RELEASED:
        return ()
    due = _due(world, state, incident)
    if due > world.publication.slot_of(now):
        help_ = "Its embargo has no end." if due == NEVER else f"Its embargo lasts until {due}."
        return Refusal(Rule.EMBARGO_HOLDS, "/id", help_)
    return (le.IncidentReleased(at=now, incident_id=incident.id, public_id=ids[0]),)


def _guide(
    world: World, state: State, asked: lc.GiveGuidance, now: datetime, ids: Sequence[str]
) -> Answer:
    if asked.area.is_empty:
        return Refusal(Rule.EMPTY_AREA, "/area", "Name at least one region, polygon or circle.")
    for number, code in enumerate(asked.area.regions):
        if code not in world.tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/area/regions/{number}",
                f"The profile has no region {code!r}.",
            )  # fmt: skip
    for language in world.languages:
        if language not in asked.languages:
            return Refusal(
                Rule.TEXT_MISSING, f"/words/{language}",
                f"What to do is told in every language: {', '.join(world.languages)}.",
            )  # fmt: skip
    if asked.incident_id is not None:
        incident = state.ledger.incidents.get(asked.incident_id)
        if incident is None:
            return _no_incident(asked.incident_id, "/incident")
        if too_exact(world.tree, asked.area, incident.where, GUIDANCE_SHARE):
            return Refusal(
                Rule.AREA_TOO_EXACT, "/area",
                "This would show where it was hit. Draw it much larger, or name a region.",
            )  # fmt: skip
    return (
        le.GuidanceGiven(at=now, guidance_id=ids[0], area=asked.area, words=asked.words,
                         incident_id=asked.incident_id, by=asked.by),
    )  # fmt: skip


def _end_guidance(state: State, asked: lc.EndGuidance, now: datetime) -> Answer:
    held = state.ledger.guidance.get(asked.guidance_id)
    if held is None:
        return Refusal(
            Rule.UNKNOWN_GUIDANCE, "/id", f"No guidance {asked.guidance_id!r} is known here."
        )
    if held.ended_at is not None:
        return ()
    return (le.GuidanceEnded(at=now, guidance_id=held.id, by=asked.by),)


# -- what can be wrong ---------------------------------------------------------------------------


def _bad_saying(world: World, state: State, saying: Saying, now: datetime) -> Refusal | None:
    """Refuse a claim that contradicts itself, counts nothing countable, or comes from nowhere."""
    if not saying.outlet.strip():
        return Refusal(Rule.SOURCE_MISSING, "/outlet", "Name the report's outlet, or who told it.")
    if saying.report_id is not None and saying.report_id not in state.ledger.reports:
        return _no_report(saying.report_id, "/report")
    for number, figure in enumerate(saying.figures):
        field = f"/figures/{number}"
        if not figure.measures:
            return Refusal(Rule.BAD_VALUE, f"{field}/measures", "Say what it counts.")
        vague = figure.qualifier in VAGUE
        if vague and figure.qualifier is not Qualifier.NONE and figure.value is not None:
            return Refusal(
                Rule.BAD_VALUE, f"{field}/value", f"{figure.qualifier} has no number of its own."
            )
        if not vague and (figure.value is None or not 0 <= figure.value <= LARGEST):
            return Refusal(Rule.BAD_VALUE, f"{field}/value", f"A whole number from 0 to {LARGEST}.")
    if saying.kind is ClaimKind.CASUALTIES and not saying.figures:
        return Refusal(Rule.MISSING_MEMBER, "/figures", "Casualties need a figure, if only none.")
    if saying.said_at is not None and saying.said_at > now:
        return Refusal(Rule.TIME_IN_FUTURE, "/said_at", "Nobody has said it yet.")
    if saying.where is not None and (bad := _bad_where(world, saying.where, "/where")) is not None:
        return bad
    if saying.happened is not None and saying.happened.end <= saying.happened.start:
        return Refusal(Rule.ENDS_BEFORE_START, "/happened/end", "It ends after it begins.")
    return None


def _bad_kind(kind: str) -> Refusal | None:
    if kind in KINDS:
        return None
    return Refusal(Rule.BAD_VALUE, "/kind", f"One of: {', '.join(KINDS)}.")


def _bad_site(world: World, site: str) -> Refusal | None:
    if site in world.publication.sites:
        return None
    known = ", ".join(world.publication.sites)
    return Refusal(Rule.BAD_VALUE, "/site", f"A kind of place that the policy knows: {known}.")


def _bad_where(world: World, where: Where, field: str) -> Refusal | None:
    if where.geocode not in world.tree:
        return Refusal(
            Rule.UNKNOWN_REGION, f"{field}/geocode", f"The profile has no region {where.geocode!r}."
        )
    if where.position is not None:
        lon, lat = where.position
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):  # noqa: PLR2004  # degrees of a globe
            return Refusal(
                Rule.POSITION_OUT_OF_RANGE, f"{field}/position", "Longitude, latitude in degrees."
            )
    return None


def _bad_when(when: When, field: str, now: datetime) -> Refusal | None:
    if when.end <= when.start:
        return Refusal(Rule.ENDS_BEFORE_START, f"{field}/end", "It ends after it begins.")
    if when.start > now:
        return Refusal(Rule.TIME_IN_FUTURE, f"{field}/start", "It has not happened yet.")
    return None


def _needs_reason(reason: str) -> Refusal | None:
    if reason.strip():
        return None
    return Refusal(Rule.REASON_MISSING, "/reason", "Say why: it stays in the record.")


def _no_report(report_id: str, field: str = "/id") -> Refusal:
    return Refusal(Rule.UNKNOWN_REPORT, field, f"No report {report_id!r} is known here.")


def _no_incident(incident_id: str, field: str) -> Refusal:
    return Refusal(Rule.UNKNOWN_INCIDENT, field, f"No incident {incident_id!r} is known here.")
