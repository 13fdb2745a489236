"""The life of an alert: issue, update, keep, extend; how it ends is in ``core.endings``.

Each function answers one command with the events that follow or a refusal.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import (
    Alert,
    AlertState,
    Status,
    handle_of,
)
from tocsin.core.area import Area, Leaves
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Warrant
from tocsin.core.demands import (
    STANDING_RENEWED,
    beside_real,
    nameless,
    outdated,
    outside,
    planless,
    severity_at,
    wordless,
    wrong_area,
    wrong_end,
    wrong_level,
    wrong_new_end,
    wrong_room,
)
from tocsin.core.evacuation import beyond_end, plan_of
from tocsin.core.hazard import Hazard
from tocsin.core.overlap import sounding
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import (
    Wish,
    may_end_it,
    may_warn,
    told_of,
)
from tocsin.core.second_person import propose, second_needed
from tocsin.core.state import State, Tombstone
from tocsin.core.whose import not_in_force, unknown
from tocsin.core.world import World

BROKEN_OFF = "real-alert"
"""The reason of a drill's end when a real alert is given over it; faces say it in words."""

Answer = tuple[ev.Event, ...] | Refusal


def issue(
    world: World,
    state: State,
    asked: co.IssueAlert,
    now: datetime,
    ids: Sequence[str],
    warrant: Warrant | None = None,
    *,
    approved_by: str = "",
) -> Answer:
    """Put an alert in force, repeat nothing if it is there already, or propose it.

    ``warrant`` None is the house itself. What policy wants two people for becomes a proposal,
    unless ``approved_by`` names the second person. An Actual breaks off the drills in its area.

    Source: DESIGN section 3, rules 4, 6, 7, 8, 11; RELIABILITY P18-P21.
    """
    alert_id = ids[0]
    identifier = asked.identifier or alert_id
    if asked.identifier is not None:
        before = state.named(asked.sender, identifier)
        if before is not None:
            if before.content == asked.content:
                return ()
            return Refusal(
                Rule.IDENTIFIER_REUSED, "/identifier",
                f"{identifier!r} names another message of {asked.sender}; give a new one.",
            )  # fmt: skip
    hazard = world.hazards.get(asked.hazard)
    if hazard is None:
        return Refusal(
            Rule.UNKNOWN_HAZARD, "/hazard", f"The profile has no hazard {asked.hazard!r}."
        )
    refused = (
        wrong_room(asked.realm, asked.status)
        or wrong_area(world, asked.area)
        or wrong_level(hazard, asked.level)
        or nameless(asked.standing_by)
        or (None if asked.imported else outside(world, state, asked.sender, asked.area, now))
        or (None if asked.imported else wordless(world, hazard, asked.words))
        or (None if asked.imported else planless(world, hazard, asked.evacuation, now))
        or beside_real(world, state, asked.status, asked.area)
    )
    if refused is not None:
        return refused
    step = hazard.level(asked.level)
    severity = asked.severity or (step and step.severity) or hazard.severity
    needed: tuple[str, ...] = ()
    if warrant is not None:
        refused = may_warn(
            world, state, warrant,
            Wish(sender=asked.sender, realm=asked.realm, hazard=hazard.id, severity=severity,
                 area=asked.area, channels=asked.channels),
            now,
        )  # fmt: skip
        if refused is not None:
            return refused
        needed = second_needed(world, warrant, asked, hazard.id, asked.area, severity, asked.status)
    onset = asked.onset or now
    standing = asked.standing_by is not None
    expires = asked.expires or (
        now + (STANDING_RENEWED if standing else min(hazard.default, hazard.longest))
    )
    refused = wrong_end(hazard, now, onset, expires, standing=standing, since=now) or (
        None if standing else beyond_end(asked.evacuation, expires)
    )
    if refused is not None:
        return refused
    if warrant is not None and needed and not approved_by:
        answer = propose(world, state, warrant, asked, needed, now, alert_id)
        if answer is not None:
            return answer
    stone = state.tombstones.get((asked.sender, identifier))
    silent = asked.imported or stone is not None or (step is not None and not step.siren)
    silent = silent or asked.status in (Status.SYSTEM, Status.TEST, Status.DRAFT)
    leaves: Leaves = 0
    if not silent:
        leaves = sounding(
            world, state, asked.area, realm=asked.realm, hazard=hazard.id, level=asked.level
        )
    issued = ev.AlertIssued(
        at=now,
        alert_id=alert_id,
        handle=handle_of(alert_id, state.handles),
        realm=asked.realm,
        status=asked.status,
        sender=asked.sender,
        identifier=identifier,
        hazard=hazard.id,
        level=asked.level,
        area=asked.area,
        urgency=asked.urgency or (step and step.urgency) or hazard.urgency,
        severity=severity,
        certainty=asked.certainty or hazard.certainty,
        onset=onset,
        expires=expires,
        standing_by=asked.standing_by,
        sounds_in=world.tree.leaf_names(leaves),
        texts=asked.texts,
        slots=asked.slots,
        imported=asked.imported,
        content=asked.content,
        by=asked.by,
        hold=asked.hold,
        channels=asked.channels or (warrant.scope.channels if warrant is not None else ()),
        approved_by=approved_by,
        override=asked.override if needed and not approved_by else None,
        plan=plan_of(asked.evacuation),
    )
    if stone is not None:
        return _ended_already(issued, stone)
    return (
        issued,
        *_broken_off(world, state, issued.status, issued.area, now, imported=asked.imported),
        *(() if warrant is None else told_of(world, state, warrant, issued, hazard.id, now)),
    )


def _ended_already(issued: ev.AlertIssued, stone: Tombstone) -> Answer:
    """Return a late alert together with the end that came before it (P15)."""
    if stone.cancelled:
        return (
            issued,
            ev.AlertCancelled(at=issued.at, alert_id=issued.alert_id, revision=2,
                              status=issued.status, sender=issued.sender,
                              reason=stone.reason or "withdrawn", by=issued.by),
        )  # fmt: skip
    return (
        issued,
        ev.AlertCleared(at=issued.at, alert_id=issued.alert_id, revision=2, status=issued.status,
                        sender=issued.sender, reason=stone.reason, by=issued.by),
    )  # fmt: skip


def update(
    world: World,
    state: State,
    asked: co.UpdateAlert,
    now: datetime,
    ids: Sequence[str] = (),
    warrant: Warrant | None = None,
    *,
    approved_by: str = "",
) -> Answer:
    """Change an alert in force, or propose the change.

    Places are only ever added (a part taken out is an all-clear). A second person is needed as for
    a new alert where place, level or words change; not for a later end or a reason.
    """
    alert = state.alert(asked.alert_id)
    refused = not_in_force(world, state, alert, asked.alert_id, asked.sender)
    if refused is not None or alert is None:
        return refused or unknown(asked.alert_id)
    hazard = world.hazards[alert.hazard]
    level = asked.level if asked.level is not None else alert.level
    area = alert.area if asked.area is None else asked.area
    expires = asked.expires or alert.expires
    refused = (
        wrong_level(hazard, asked.level)
        or (wrong_area(world, area) if asked.area is not None else None)
        or outside(world, state, asked.sender, area, now)
        or (wordless(world, hazard, asked.words) if asked.texts is not None else None)
        or _wrong_plan(world, hazard, alert, asked, now)
        or beside_real(world, state, alert.status, area)
    )
    if refused is not None:
        return refused
    before, extent = world.tree.extent(alert.area), world.tree.extent(area)
    if before.touched & ~extent.touched:
        return Refusal(
            Rule.REGION_NOT_COVERED, "/area",
            "An update may add places, never drop them; give an all-clear for the part instead.",
        )  # fmt: skip
    refused = wrong_new_end(hazard, alert, now, expires) or (
        None if alert.standing else beyond_end(asked.evacuation, expires)
    )
    if refused is not None:
        return refused
    texts = asked.texts or alert.texts
    urgency = asked.urgency or alert.urgency
    severity = asked.severity or alert.severity
    certainty = asked.certainty or alert.certainty
    plan = plan_of(asked.evacuation) or alert.plan
    told = (level, area, texts, urgency, severity, certainty, plan) != (
        alert.level, alert.area, alert.texts, alert.urgency, alert.severity, alert.certainty,
        alert.plan,
    )  # fmt: skip
    because = asked.reason is not None and (asked.reason or None) != alert.reason
    if not told and expires == alert.expires and not because:
        return Refusal(Rule.NOTHING_CHANGED, "", "Name at least one thing that is to change.")
    step = hazard.level(level)
    needed: tuple[str, ...] = ()
    if warrant is not None:
        judged = asked.severity or severity_at(hazard, alert, level)
        refused = may_warn(
            world, state, warrant,
            Wish(sender=asked.sender, realm=alert.realm, hazard=alert.hazard, severity=judged,
                 area=area),
            now,
        )  # fmt: skip
        if refused is not None:
            return refused
        if told:
            needed = second_needed(
                world, warrant, asked, alert.hazard, area, judged, alert.status
            )  # fmt: skip
        if needed and not approved_by:
            answer = propose(world, state, warrant, asked, needed, now, ids[0], of=(alert, area))
            if answer is not None:
                return answer
    leaves: Leaves = 0
    silent = alert.imported or (step is not None and not step.siren)
    if not silent and alert.status in (Status.ACTUAL, Status.EXERCISE):
        leaves = sounding(
            world, state, area, realm=alert.realm, hazard=alert.hazard, level=level,
            instead_of=alert.id,
        )  # fmt: skip
    updated = (
        ev.AlertUpdated(
            at=now,
            alert_id=alert.id,
            revision=alert.revision + 1,
            status=alert.status,
            level=level,
            area=area,
            urgency=urgency,
            severity=severity,
            certainty=certainty,
            expires=expires,
            sounds_in=world.tree.leaf_names(leaves),
            texts=texts,
            by=asked.by,
            imported=alert.imported,
            reason=asked.reason,
            approved_by=approved_by,
            override=asked.override if needed and not approved_by else None,
            plan=plan,
        ),
    )
    if not told and alert.state is AlertState.ACTIVE:
        return updated
    return (
        *updated,
        *_broken_off(world, state, alert.status, area, now, imported=alert.imported),
        *(() if warrant is None else told_of(world, state, warrant, updated[0], alert.hazard, now)),
    )


def _wrong_plan(
    world: World, hazard: Hazard, alert: Alert, asked: co.UpdateAlert, now: datetime
) -> Refusal | None:
    """Refuse a plan in parts, and to tell people anew of one that is over."""
    if asked.evacuation is not None:
        return planless(world, hazard, asked.evacuation, now)
    says = asked.texts is not None or asked.area is not None
    return outdated(hazard, alert.plan, now) if says and not alert.imported else None


def keep(
    world: World, state: State, asked: co.KeepAlert, now: datetime, warrant: Warrant | None = None
) -> Answer:
    """Answer "Still valid?" with yes; the next question comes as late as after the issue."""
    alert = state.alert(asked.alert_id)
    refused = not_in_force(world, state, alert, asked.alert_id, asked.sender)
    if refused is not None or alert is None:
        return refused or unknown(asked.alert_id)
    if warrant is not None and (refused := may_end_it(world, warrant, alert, asked.sender)):
        return refused
    return (ev.AlertKept(at=now, alert_id=alert.id, by=asked.by),)


def extend(
    world: World, state: State, asked: co.ExtendAlert, now: datetime, warrant: Warrant | None = None
) -> Answer:
    """Let an alert last longer; never a siren. Standing alerts are renewed by a named person."""
    alert = state.alert(asked.alert_id)
    refused = not_in_force(world, state, alert, asked.alert_id, asked.sender)
    if refused is not None or alert is None:
        return refused or unknown(asked.alert_id)
    if warrant is not None and (refused := may_end_it(world, warrant, alert, asked.sender)):
        return refused
    hazard = world.hazards[alert.hazard]
    if alert.standing and asked.standing_by is None:
        return Refusal(
            Rule.STANDING_NEEDS_PERSON, "/standing_by",
            "A standing alert is renewed each day by a named person.",
        )  # fmt: skip
    if (refused := nameless(asked.standing_by)) is not None:
        return refused
    standing = asked.standing_by is not None
    if asked.expires <= alert.expires and standing == alert.standing:
        return Refusal(
            Rule.EXPIRES_SHORTER, "/expires", "An extension ends later than the alert does now."
        )
    if not asked.imported:
        refused = wrong_end(
            hazard, now, alert.onset, asked.expires, standing=standing, since=alert.sent
        )
        if refused is not None:
            return refused
    back: tuple[ev.Event, ...] = ()
    if alert.state is not AlertState.ACTIVE:  # it is in force again, as if issued anew
        if (refused := beside_real(world, state, alert.status, alert.area)) is not None:
            return refused
        back = _broken_off(world, state, alert.status, alert.area, now, imported=alert.imported)
    extended = (
        ev.AlertExtended(
            at=now,
            alert_id=alert.id,
            revision=alert.revision + 1,
            status=alert.status,
            expires=asked.expires,
            standing_by=asked.standing_by,
            automatic=asked.automatic,
            by=asked.by,
            imported=alert.imported,
        ),
        *back,
    )
    if not asked.automatic:
        return extended
    return (*extended, OfficersPaged(at=now, why=PageReason.EXTENDED, alert_id=alert.id))


def _broken_off(
    world: World, state: State, status: Status, area: Area, now: datetime, *, imported: bool
) -> tuple[ev.AlertCancelled, ...]:
    """Return the ends of the drills that a real alert meets: at once, and whole."""
    if status is not Status.ACTUAL or imported:
        return ()
    leaves = world.tree.extent(area).touched
    return tuple(
        ev.AlertCancelled(at=now, alert_id=drill.id, revision=drill.revision + 1,
                          status=drill.status, sender=drill.sender, reason=BROKEN_OFF)
        for drill in state.active.values()
        if drill.status is Status.EXERCISE and world.tree.extent(drill.area).touched & leaves
    )  # fmt: skip
