"""What people may see, and when: embargoes, the second person, announcing, releasing.

Nobody alone tells anything earlier than policy does (RELIABILITY P24); everybody alone may hold it
back for longer. The clock releases, at slots (P27).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.alert import Alert
from tocsin.core.authority import Warrant
from tocsin.core.claims import ClaimKind
from tocsin.core.incidents import Incident, Stage
from tocsin.core.ledger_checks import Answer, needs_reason, no_incident
from tocsin.core.publication import NEVER, alert_wait, due_at, own_wait, public_id_of
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World


def due_for_release(world: World, state: State, now: datetime) -> Iterator[lc.ReleaseIncident]:
    """Yield the releases that are due: at the last slot, so that the moment tells nothing (P27)."""
    slot = world.publication.slot_of(now)
    for incident in state.ledger.incidents.values():
        if incident.stage is Stage.RELEASED or own_wait(world.publication, incident) > slot:
            continue  # most wait for years: their alerts need not be looked at
        if due(world, state, incident) <= slot:
            yield lc.ReleaseIncident(incident_id=incident.id)


def due(world: World, state: State, incident: Incident) -> datetime:
    """Return from when on an incident may be released, as things stand."""
    return due_at(world.publication, world.tree, alerts(state), incident, state.ledger)


def held(world: World, state: State, incident: Incident) -> datetime:
    """Return until when alerts hold an incident, as things stand."""
    return alert_wait(world.publication, world.tree, alerts(state), incident)


def alerts(state: State) -> tuple[Alert, ...]:
    """Return the alerts that may hold an incident: in force, and ended not long ago."""
    return (*state.in_force(), *state.ended.values())


def embargo(
    world: World,
    state: State,
    asked: lc.SetEmbargo,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None,
) -> Answer:
    """Hold an incident back; for less, ask for a second person."""
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return no_incident(asked.incident_id, "/id")
    if incident.stage is Stage.RELEASED:
        return Refusal(Rule.ALREADY_RELEASED, "/id", "People know of it; nothing can be held back.")
    if (refused := needs_reason(asked.reason)) is not None:
        return refused
    until = asked.until
    set_ = le.EmbargoSet(
        at=now, incident_id=incident.id, until=until, reason=asked.reason, by=asked.by
    )
    if until is None or until >= due(world, state, incident):
        return (set_,)
    if until > own_wait(world.publication, incident):  # later; an alert holds it for longer yet
        return (set_,)
    if warrant is None or warrant.is_machine:
        return Refusal(
            Rule.NEEDS_SECOND_PERSON, "/until", "A shorter embargo is asked for by an officer."
        )
    return (
        le.EmbargoAsked(at=now, incident_id=incident.id, ask_id=ids[0], until=until,
                        reason=asked.reason, account=warrant.account,
                        credential=warrant.credential, session=warrant.session,
                        device=warrant.device),
    )  # fmt: skip


def approve(
    state: State, asked: lc.ApproveEmbargo, now: datetime, warrant: Warrant | None
) -> Answer:
    """Agree as the second person to a shorter embargo."""
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return no_incident(asked.incident_id, "/id")
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


def lapsed(incident: Incident, now: datetime, by: str) -> tuple[le.EmbargoSet, ...]:
    """Return the end of what two people agreed on, if they did: it is no longer what they read."""
    limit = incident.embargo
    if incident.stage is Stage.RELEASED or limit is None or not limit.approved_by:
        return ()
    return (
        le.EmbargoSet(at=now, incident_id=incident.id, until=limit.until, by=by,
                      reason="it is no longer what two people agreed on"),
    )  # fmt: skip


def announce(
    world: World, state: State, asked: lc.AnnounceIncident, now: datetime, ids: Sequence[str]
) -> Answer:
    """Let people know of what the authority itself has released."""
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return no_incident(asked.incident_id, "/id")
    if incident.stage is not Stage.HIDDEN:
        return ()
    above = (state.ledger.incidents.get(each) for each in state.ledger.upward(incident.id))
    if any(each and own_wait(world.publication, each) == NEVER for each in above):
        return Refusal(
            Rule.EMBARGO_HOLDS, "/id",
            "It is never told, not even in part, unless two people decide it: ask for an embargo "
            "with an end.",
        )  # fmt: skip
    if not any(
        claim.stands
        and claim.saying.voice.official
        and claim.saying.kind is not ClaimKind.DAMAGE
        and claim.incident_id == incident.id
        for claim in state.ledger.claims.values()
    ):
        return Refusal(
            Rule.NOT_OFFICIAL, "/id",
            "Before its embargo is over, only what the authority itself released may be told: "
            "enter that release as an official claim first.",
        )  # fmt: skip
    return (
        le.IncidentAnnounced(at=now, incident_id=incident.id, public_id=_public(world, now, ids),
                             by=asked.by),
    )  # fmt: skip


def release(
    world: World, state: State, asked: lc.ReleaseIncident, now: datetime, ids: Sequence[str]
) -> Answer:
    """Tell an incident whose embargo is over."""
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return no_incident(asked.incident_id, "/id")
    if incident.stage is Stage.RELEASED:
        return ()
    end = due(world, state, incident)
    if end > world.publication.slot_of(now):
        help_ = "Its embargo has no end." if end == NEVER else f"Its embargo lasts until {end}."
        return Refusal(Rule.EMBARGO_HOLDS, "/id", help_)
    return (
        le.IncidentReleased(at=now, incident_id=incident.id, public_id=_public(world, now, ids)),
    )


def _public(world: World, now: datetime, ids: Sequence[str]) -> str:
    return public_id_of(ids[0], world.publication.seen_from(now))
