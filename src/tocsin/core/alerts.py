"""The life of an alert: issue, update, extend, clear, cancel, expire.

Each function answers one command with the events that follow or a refusal. An end is
never guessed: an all-clear ends exactly the alerts it names, an expiry is never an
all-clear, a cancel says that there was no danger (DESIGN section 3, rules 4, 5, 12).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import (
    REALM_OF_STATUS,
    Alert,
    AlertState,
    Realm,
    Severity,
    Status,
    handle_of,
)
from tocsin.core.area import Area, Leaves
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Warrant, beyond, mandated, some
from tocsin.core.hazard import Hazard, Phrase
from tocsin.core.overlap import ran_out_over, sounding
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import (
    Wish,
    may_end_it,
    may_end_later,
    may_retract,
    may_warn,
    told_of,
)
from tocsin.core.second_person import propose, second_needed
from tocsin.core.state import State, Tombstone
from tocsin.core.world import World

STANDING_RENEWED = timedelta(hours=24)
"""A standing alert is renewed each day by a named person (DESIGN section 2)."""

PHRASES = tuple(Phrase)
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
        _wrong_room(asked.realm, asked.status)
        or _wrong_area(world, asked.area)
        or _wrong_level(hazard, asked.level)
        or _nameless(asked.standing_by)
        or (None if asked.imported else _outside(world, state, asked.sender, asked.area, now))
        or (None if asked.imported else _wordless(world, hazard, asked.words))
        or _beside_real(world, state, asked.status, asked.area)
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
    refused = _wrong_end(hazard, now, onset, expires, standing=standing, since=now)
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
    refused = _not_in_force(world, state, alert, asked.alert_id, asked.sender)
    if refused is not None or alert is None:
        return refused or _unknown(asked.alert_id)
    hazard = world.hazards[alert.hazard]
    level = asked.level if asked.level is not None else alert.level
    area = alert.area if asked.area is None else asked.area
    expires = asked.expires or alert.expires
    refused = (
        _wrong_level(hazard, asked.level)
        or (_wrong_area(world, area) if asked.area is not None else None)
        or _outside(world, state, asked.sender, area, now)
        or (_wordless(world, hazard, asked.words) if asked.texts is not None else None)
        or _beside_real(world, state, alert.status, area)
    )
    if refused is not None:
        return refused
    before, extent = world.tree.extent(alert.area), world.tree.extent(area)
    if before.touched & ~extent.touched:
        return Refusal(
            Rule.REGION_NOT_COVERED, "/area",
            "An update may add places, never drop them; give an all-clear for the part instead.",
        )  # fmt: skip
    refused = _wrong_new_end(hazard, alert, now, expires)
    if refused is not None:
        return refused
    texts = asked.texts or alert.texts
    urgency = asked.urgency or alert.urgency
    severity = asked.severity or alert.severity
    certainty = asked.certainty or alert.certainty
    told = (level, area, texts, urgency, severity, certainty) != (
        alert.level, alert.area, alert.texts, alert.urgency, alert.severity, alert.certainty,
    )  # fmt: skip
    because = asked.reason is not None and (asked.reason or None) != alert.reason
    if not told and expires == alert.expires and not because:
        return Refusal(Rule.NOTHING_CHANGED, "", "Name at least one thing that is to change.")
    step = hazard.level(level)
    needed: tuple[str, ...] = ()
    if warrant is not None:
        judged = asked.severity or _severity_at(hazard, alert, level)
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
        ),
    )
    if not told and alert.state is AlertState.ACTIVE:
        return updated
    return (
        *updated,
        *_broken_off(world, state, alert.status, area, now, imported=alert.imported),
        *(() if warrant is None else told_of(world, state, warrant, updated[0], alert.hazard, now)),
    )


def keep(
    world: World, state: State, asked: co.KeepAlert, now: datetime, warrant: Warrant | None = None
) -> Answer:
    """Answer "Still valid?" with yes; the next question comes as late as after the issue."""
    alert = state.alert(asked.alert_id)
    refused = _not_in_force(world, state, alert, asked.alert_id, asked.sender)
    if refused is not None or alert is None:
        return refused or _unknown(asked.alert_id)
    if warrant is not None and (refused := may_end_it(world, warrant, alert, asked.sender)):
        return refused
    return (ev.AlertKept(at=now, alert_id=alert.id, by=asked.by),)


def extend(
    world: World, state: State, asked: co.ExtendAlert, now: datetime, warrant: Warrant | None = None
) -> Answer:
    """Let an alert last longer; never a siren. Standing alerts are renewed by a named person."""
    alert = state.alert(asked.alert_id)
    refused = _not_in_force(world, state, alert, asked.alert_id, asked.sender)
    if refused is not None or alert is None:
        return refused or _unknown(asked.alert_id)
    if warrant is not None and (refused := may_end_it(world, warrant, alert, asked.sender)):
        return refused
    hazard = world.hazards[alert.hazard]
    if alert.standing and asked.standing_by is None:
        return Refusal(
            Rule.STANDING_NEEDS_PERSON, "/standing_by",
            "A standing alert is renewed each day by a named person.",
        )  # fmt: skip
    if (refused := _nameless(asked.standing_by)) is not None:
        return refused
    standing = asked.standing_by is not None
    if asked.expires <= alert.expires and standing == alert.standing:
        return Refusal(
            Rule.EXPIRES_SHORTER, "/expires", "An extension ends later than the alert does now."
        )
    if not asked.imported:
        refused = _wrong_end(
            hazard, now, alert.onset, asked.expires, standing=standing, since=alert.sent
        )
        if refused is not None:
            return refused
    back: tuple[ev.Event, ...] = ()
    if alert.state is not AlertState.ACTIVE:  # it is in force again, as if issued anew
        if (refused := _beside_real(world, state, alert.status, alert.area)) is not None:
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


def clear(
    world: World, state: State, asked: co.ClearAlert, now: datetime, warrant: Warrant | None = None
) -> Answer:
    """Give the all-clear for exactly the alerts named, or for the named part of one.

    A part of a superior's alert may be cleared where he delegated that: his alert is reduced.

    Source: DESIGN section 3, rules 4 and 5; RELIABILITY P14, P15.
    """
    alert = _find(state, asked.alert_id, asked.sender, asked.identifier)
    if alert is None:
        return _before_its_alert(state, asked, now, warrant, cancelled=False)
    if alert.state is AlertState.CANCELLED:
        return Refusal(
            Rule.ALREADY_CANCELLED, "/alert_id",
            f"{alert.handle} was withdrawn as issued in error; there is no danger to end.",
        )  # fmt: skip
    tree = world.tree
    for number, code in enumerate(asked.regions):
        if code not in tree:
            return Refusal(
                Rule.UNKNOWN_REGION, f"/regions/{number}", f"The profile has no region {code!r}."
            )
    mine = tree.extent(alert.area).touched
    ends = mine & tree.mask(asked.regions) if asked.regions else mine
    refused = _not_yours_to_end(world, state, alert, asked.sender, ends, now)
    if refused is None and warrant is not None:
        refused = may_end_it(world, warrant, alert, asked.sender, ends)
    if refused is not None:
        return refused
    if asked.regions and not ends:
        return Refusal(
            Rule.REGION_NOT_COVERED, "/regions", f"{alert.handle} covers none of these regions."
        )
    followers = _ticked(world, state, asked, alert, ends, now)
    if not isinstance(followers, Refusal) and warrant is not None:
        followers = _warranted(world, asked, followers, warrant)
    if isinstance(followers, Refusal):
        return followers
    with_it = tuple(
        ev.AlertCleared(at=now, alert_id=other.id, revision=other.revision + 1,
                        status=other.status, sender=asked.sender, with_alert=alert.id,
                        reason=asked.reason, by=asked.by, imported=other.imported)
        for other in followers
    )  # fmt: skip
    if alert.state is AlertState.CLEARED:
        return with_it
    if mine & ~ends:
        area = _without(alert.area, asked.regions, world, ends)
        reduced = ev.AlertReduced(
            at=now, alert_id=alert.id, revision=alert.revision + 1, status=alert.status,
            area=area, cleared=tree.fewest(ends), by=asked.by, imported=alert.imported,
        )  # fmt: skip
        return (reduced, *with_it)
    cleared = ev.AlertCleared(
        at=now, alert_id=alert.id, revision=alert.revision + 1, status=alert.status,
        sender=asked.sender, reason=asked.reason, by=asked.by, imported=alert.imported,
    )  # fmt: skip
    return (cleared, *with_it)


def cancel(
    world: World, state: State, asked: co.CancelAlert, now: datetime, warrant: Warrant | None = None
) -> Answer:
    """Withdraw an alert as issued in error; one person, also within 24 h after its end."""
    if not asked.reason.strip():
        return Refusal(
            Rule.REASON_MISSING, "/reason", "Say in a few words why it was issued in error."
        )
    alert = _find(state, asked.alert_id, asked.sender, asked.identifier)
    if alert is None:
        return _before_its_alert(state, asked, now, warrant, cancelled=True)
    refused = _not_yours(world, state, alert, asked.sender)
    if refused is None and warrant is not None:
        refused = may_retract(world, warrant, alert, asked.sender)
    if refused is not None:
        return refused
    if alert.state is AlertState.CANCELLED:
        return ()
    return (
        ev.AlertCancelled(at=now, alert_id=alert.id, revision=alert.revision + 1,
                          status=alert.status, sender=asked.sender, reason=asked.reason,
                          by=asked.by, imported=alert.imported),
    )  # fmt: skip


def expire(world: World, state: State, asked: co.ExpireAlert, now: datetime) -> Answer:
    """Let an alert run out. It becomes ``unconfirmed``, never clear (RELIABILITY P16)."""
    del world
    alert = state.alert(asked.alert_id)
    if alert is None:
        return _unknown(asked.alert_id)
    if alert.state is not AlertState.ACTIVE:
        return ()
    if now < alert.expires and not (asked.imported or asked.replayed):
        return Refusal(
            Rule.NOT_YET_EXPIRED, "/alert_id", f"{alert.handle} lasts until {alert.expires}."
        )
    ran_out = ev.AlertRanOut(
        at=now, alert_id=alert.id, revision=alert.revision + 1, status=alert.status,
        imported=alert.imported,
    )  # fmt: skip
    if alert.imported or asked.replayed or alert.status is not Status.ACTUAL:
        return (ran_out,)
    return (ran_out, OfficersPaged(at=now, why=PageReason.RAN_OUT, alert_id=alert.id))


# -- what every rule asks ------------------------------------------------------------------------


def _wrong_room(realm: Realm, status: Status) -> Refusal | None:
    if REALM_OF_STATUS[status] is not realm:
        return Refusal(
            Rule.REALM_MISMATCH, "/status",
            f"Status {status} does not belong to the realm {realm}; a drill is never an Actual.",
        )  # fmt: skip
    return None


def _wrong_area(world: World, area: Area) -> Refusal | None:
    if area.is_empty:
        return Refusal(Rule.EMPTY_AREA, "/area", "Name at least one region, polygon or circle.")
    for place in ("regions", "excluded"):
        for number, code in enumerate(getattr(area, place)):
            if code not in world.tree:
                return Refusal(
                    Rule.UNKNOWN_REGION, f"/area/{place}/{number}",
                    f"The profile has no region {code!r}.",
                )  # fmt: skip
    if not world.tree.extent(area).touched:
        if area.excluded or not (area.polygons or area.circles):
            return Refusal(Rule.EMPTY_AREA, "/area", "What is excluded leaves nothing over.")
        return Refusal(
            Rule.AREA_OUTSIDE, "/area", "The drawn area touches no region of the profile."
        )
    return None


def _outside(world: World, state: State, sender: str, area: Area, now: datetime) -> Refusal | None:
    """Refuse what lies outside the sender's mandates, computed, not claimed (RELIABILITY P21)."""
    mine = mandated(world.tree, state.mandates, now, sender)
    return beyond(world.tree, mine, area, spill_share=world.spill_share, who=sender)


def _beside_real(world: World, state: State, status: Status, area: Area) -> Refusal | None:
    """Refuse a drill over people who are under a real alert; a standing one forbids none (L1)."""
    if status is not Status.EXERCISE:
        return None
    leaves = world.tree.extent(area).touched
    for alert in state.active.values():
        if alert.status is Status.ACTUAL and not alert.standing and not alert.imported:
            under = world.tree.extent(alert.area).touched & leaves
            if under:
                return Refusal(
                    Rule.REAL_ALERT_IN_FORCE, "/area",
                    f"{alert.handle} is in force, for real, in {some(world.tree.fewest(under))}: "
                    "no drill there now.",
                )  # fmt: skip
    return None


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


def _wrong_level(hazard: Hazard, level: str | None) -> Refusal | None:
    if level is not None and hazard.level(level) is None:
        known = ", ".join(step.id for step in hazard.levels) or "none"
        return Refusal(
            Rule.UNKNOWN_LEVEL, "/level", f"{hazard.id} has no level {level!r}; it has: {known}."
        )
    return None


def _wordless(world: World, hazard: Hazard, words: co.Texts) -> Refusal | None:
    """Refuse an alert that does not speak, at each moment, in every language of the profile."""
    for language in world.languages:
        for phrase in PHRASES:
            found = words.get(phrase, {}).get(language)
            if found is None or not found.headline.strip():
                return Refusal(
                    Rule.TEXT_MISSING, f"/text/{language}/headline",
                    f"The {phrase} needs its words in {language!r}.",
                )  # fmt: skip
        alert = words[Phrase.ALERT][language]
        if hazard.needs_instruction and not alert.instruction.strip():
            return Refusal(
                Rule.INSTRUCTION_MISSING, f"/text/{language}/instruction",
                f"{hazard.id} needs an instruction in every language; {language!r} has none.",
            )  # fmt: skip
    return None


def _wrong_end(
    hazard: Hazard, now: datetime, onset: datetime, expires: datetime, *, standing: bool,
    since: datetime,
) -> Refusal | None:  # fmt: skip
    if expires <= now:
        return Refusal(Rule.EXPIRES_PAST, "/expires", "The end lies in the past.")
    if expires <= onset:
        return Refusal(Rule.ENDS_BEFORE_START, "/expires", "The end lies before the onset.")
    limit = now + STANDING_RENEWED if standing else since + hazard.longest
    if expires > limit:
        hours = (STANDING_RENEWED if standing else hazard.longest).total_seconds() / 3600
        helped = "renew it each day" if standing else "make it standing, by a named person"
        return Refusal(
            Rule.EXPIRES_TOO_LATE, "/expires",
            f"{hazard.id} lasts {hours:g} h at most; to go on, {helped}.",
        )  # fmt: skip
    return None


def _wrong_new_end(
    hazard: Hazard, alert: Alert, now: datetime, expires: datetime
) -> Refusal | None:
    """Refuse an update's end: never shorter, never past, and no renewal of a standing alert."""
    if expires < alert.expires:
        return Refusal(
            Rule.EXPIRES_SHORTER, "/expires",
            "An alert is ended by an all-clear, not by its end time.",
        )  # fmt: skip
    if expires == alert.expires:
        if expires <= now:
            return Refusal(
                Rule.EXPIRES_PAST, "/expires", "It has run out; give the end that it has now."
            )
        return None
    if alert.standing:
        return Refusal(
            Rule.STANDING_NEEDS_PERSON, "/expires",
            "A standing alert is renewed by an extension, with the name of a person.",
        )  # fmt: skip
    return _wrong_end(hazard, now, alert.onset, expires, standing=False, since=alert.sent)


def _severity_at(hazard: Hazard, alert: Alert, level: str | None) -> Severity:
    """Return how severe an alert is judged at that level: a new level is as severe as it says."""
    if level == alert.level:
        return alert.severity
    step = hazard.level(level)
    return (step and step.severity) or hazard.severity


def _nameless(standing_by: str | None) -> Refusal | None:
    if standing_by is None or standing_by.strip():
        return None
    return Refusal(
        Rule.STANDING_NEEDS_PERSON, "/standing_by",
        "Give the name of the person who answers for it each day.",
    )  # fmt: skip


def _unknown(name: str | None) -> Refusal:
    return Refusal(Rule.UNKNOWN_ALERT, "/alert_id", f"No alert {name!r} is known here.")


def _not_yours(world: World, state: State, alert: Alert, sender: str) -> Refusal | None:
    if alert.hold and alert.sender != sender:
        return Refusal(
            Rule.HELD, "/alert_id", f"{alert.sender} holds {alert.handle}; only it may end it."
        )
    if world.may_end(sender, alert.sender, state.under):
        return None
    if world.is_superior(alert.sender, sender, state.under):
        return Refusal(
            Rule.SUPERIOR_ALERT, "/alert_id",
            f"{alert.handle} is an alert of {alert.sender}, which stands above {sender}; ask it to "
            "end it, or to delegate the part to you.",
        )  # fmt: skip
    return Refusal(Rule.NOT_YOURS, "/alert_id", f"{alert.handle} is an alert of {alert.sender}.")


def _not_yours_to_end(
    world: World, state: State, alert: Alert, sender: str, ends: Leaves, now: datetime
) -> Refusal | None:
    """Refuse as ``_not_yours``, but let a delegation end the part that it covers (P14)."""
    refused = _not_yours(world, state, alert, sender)
    if refused is None or refused.rule is not Rule.SUPERIOR_ALERT:
        return refused
    for given in state.delegations:
        if (given.sender, given.to) == (alert.sender, sender):
            part = world.tree.extent(alert.area).touched & ~ends
            if ends and part and given.covers(world.tree, alert.hazard, ends, now):
                return None
    return refused


def _not_in_force(
    world: World, state: State, alert: Alert | None, name: str, sender: str
) -> Refusal | None:
    if alert is None:
        return _unknown(name)
    if not alert.is_in_force:
        return Refusal(
            Rule.NOT_IN_FORCE, "/alert_id",
            f"{alert.handle} is {alert.state}; a new danger is a new alert.",
        )  # fmt: skip
    return _not_yours(world, state, alert, sender)


def _find(state: State, alert_id: str | None, sender: str, identifier: str | None) -> Alert | None:
    if alert_id is not None:
        return state.alert(alert_id)
    return state.named(sender, identifier) if identifier is not None else None


def _before_its_alert(
    state: State, asked: co.ClearAlert | co.CancelAlert, now: datetime, warrant: Warrant | None,
    *, cancelled: bool,
) -> Answer:  # fmt: skip
    """Lay a tombstone for a pinned sender's own late alert; refuse everybody else (P15).

    An all-clear for a part lays none: it would end the rest of the late alert too.
    """
    part = isinstance(asked, co.ClearAlert) and asked.regions
    if not asked.relayed or asked.identifier is None or part:
        return _unknown(asked.alert_id or asked.identifier)
    if warrant is not None and (refused := may_end_later(warrant, asked.sender)) is not None:
        return refused
    stone = state.tombstones.get((asked.sender, asked.identifier))
    if stone is not None and (stone.cancelled or not cancelled):
        return ()
    return (
        ev.TombstoneLaid(at=now, sender=asked.sender, identifier=asked.identifier,
                         cancelled=cancelled, reason=asked.reason, by=asked.by),
    )  # fmt: skip


def _ticked(
    world: World, state: State, asked: co.ClearAlert, alert: Alert, ends: Leaves, now: datetime
) -> list[Alert] | Refusal:
    """Return the alerts that end along with ``alert``; each must be one this sender may end."""
    names = asked.ticked
    if asked.imported and not asked.regions:
        names = (*names, *ran_out_over(world, state, alert, asked.sender, now))
    found: list[Alert] = []
    for number, name in enumerate(dict.fromkeys(names)):
        other, place = state.alert(name), f"/ticked/{number}"
        if other is None:
            return Refusal(Rule.UNKNOWN_ALERT, place, f"No alert {name!r} is known here.")
        if other.id == alert.id or not other.is_in_force:
            continue
        if other.hazard != alert.hazard:
            return Refusal(
                Rule.OTHER_HAZARD, place,
                f"{other.handle} warns of {other.hazard}; this all-clear is for {alert.hazard}.",
            )  # fmt: skip
        if other.audience is not alert.audience:
            return Refusal(
                Rule.OTHER_REALM, place,
                f"{other.handle} is {other.status}; this all-clear is for an {alert.status}.",
            )  # fmt: skip
        refused = _not_yours(world, state, other, asked.sender)
        if refused is not None:
            return Refusal(refused.rule, place, refused.help)
        if world.tree.extent(other.area).touched & ~ends:
            return Refusal(
                Rule.REGION_NOT_COVERED, place,
                f"{other.handle} reaches beyond what is cleared; end it by itself.",
            )  # fmt: skip
        found.append(other)
    return found


def _warranted(
    world: World, asked: co.ClearAlert, followers: list[Alert], warrant: Warrant
) -> list[Alert] | Refusal:
    """Return the alerts that end along, if whoever asks has a say where each of them is."""
    for other in followers:
        if (refused := may_end_it(world, warrant, other, asked.sender)) is not None:
            place = f"/ticked/{asked.ticked.index(other.id)}"
            return Refusal(refused.rule, place, refused.help)
    return followers


def _without(area: Area, regions: Sequence[str], world: World, ends: Leaves) -> Area:
    """Return ``area`` with ``regions`` cleared out of it."""
    del regions
    tree = world.tree
    out = tree.mask(code for code in area.excluded if code in tree) | ends
    kept = tree.mask(code for code in area.regions if code in tree)
    if kept and not (area.polygons or area.circles):
        # regions only: what is out as few regions; "a province less one district" is readable
        return Area(regions=area.regions, excluded=tree.fewest(out & kept))
    return Area(
        regions=area.regions, excluded=tree.fewest(out), polygons=area.polygons,
        circles=area.circles, touched=area.touched,
    )  # fmt: skip
