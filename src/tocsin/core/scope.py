"""What a warrant allows: who may warn of what, where, in which room; and who is told of it.

Each function refuses by default: what the scope does not name is not allowed. The area is the
computed one, with every leaf that it touches (RELIABILITY P20, P21).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tocsin.core import events as ev
from tocsin.core.alert import Alert, Realm, Severity, Status
from tocsin.core.area import Area, Leaves
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import (
    DOING,
    EVERY,
    ROUNDED,
    SEVERITY_RANK,
    Permission,
    Role,
    Warrant,
    beyond,
    some,
)
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.world import World

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An alert as it would be: what a scope is held against."""

    sender: str
    realm: Realm
    hazard: str
    severity: Severity
    area: Area
    channels: Sequence[str] = ()


def may_warn(
    world: World, state: State, warrant: Warrant, wish: Wish, now: datetime
) -> Refusal | None:
    """Return why this warrant does not allow that alert, None where it does."""
    scope = warrant.scope
    refused = (
        in_room(warrant, wish.realm, Permission.ISSUE)
        or _speaks_for(warrant, wish.sender)
        or _knows(warrant, wish.hazard)
    )
    if refused is not None:
        return refused
    if SEVERITY_RANK[wish.severity] > SEVERITY_RANK[scope.severity]:
        return Refusal(
            Rule.SEVERITY_NOT_ALLOWED, "/severity",
            f"This credential may warn up to {scope.severity}; this is {wish.severity}.",
        )  # fmt: skip
    if EVERY not in scope.channels:
        for number, channel in enumerate(wish.channels):
            if channel not in scope.channels:
                return Refusal(
                    Rule.CHANNEL_NOT_ALLOWED, f"/channels/{number}",
                    f"This credential may use: {', '.join(scope.channels) or 'no channel'}.",
                )  # fmt: skip
    mine = world.tree.mask(code for code in scope.regions if code in world.tree)
    refused = beyond(world.tree, mine, wish.area, spill_share=world.spill_share, who=warrant.name)
    if refused is not None:
        return refused
    most = warrant.per_minute if warrant.is_machine else None
    if most is not None and given_by(state, warrant.account, now, wish.realm) >= most:
        return Refusal(Rule.TOO_MANY_REQUESTS, "", f"This key may give {most} alerts a minute.")
    return None


def may_end_it(
    world: World, warrant: Warrant, alert: Alert, sender: str, ends: Leaves | None = None
) -> Refusal | None:
    """Return why this warrant may not end, keep or extend an alert, or the part ``ends`` of it.

    One person is always enough for that (RELIABILITY P17), but it must be one who may warn of it
    there: a drill's credential ends no real alert.
    """
    refused = (
        in_room(warrant, alert.realm, Permission.ISSUE)
        or _speaks_for(warrant, sender)
        or _knows(warrant, alert.hazard)
    )
    if refused is not None:
        return refused
    tree = world.tree
    leaves = tree.extent(alert.area).touched if ends is None else ends
    mine = tree.mask(code for code in warrant.scope.regions if code in tree)
    if (foreign := leaves & ~mine) and not _is_spill(world, alert, foreign):
        return Refusal(
            Rule.OUTSIDE_JURISDICTION, "/alert_id",
            f"{alert.handle} covers {some(tree.fewest(foreign))}, where {warrant.name} has no say.",
        )  # fmt: skip
    return None


def _is_spill(world: World, alert: Alert, foreign: Leaves) -> bool:
    """Say whether that much of a drawn alert may lie over the border.

    Whoever may issue it so may end it so.
    """
    tree = world.tree
    if tree.mask(code for code in alert.area.regions if code in tree) & foreign:
        return False
    share = sum(
        meet.of_drawn for meet in alert.area.touched
        if meet.geocode in tree.leaf_bit and foreign >> tree.leaf_bit[meet.geocode] & 1
    )  # fmt: skip
    return share <= world.spill_share + ROUNDED


def in_room(warrant: Warrant, realm: Realm, permission: Permission) -> Refusal | None:
    """Refuse a role without that permission, and a credential that is not for this room (P20)."""
    if not warrant.may(permission):
        return Refusal(
            Rule.NOT_ALLOWED,
            "/Authorization",
            f"This role, {warrant.scope.role}, may not {DOING[permission]}.",
        )
    if realm not in warrant.scope.realms:
        room = "the drill room" if realm is Realm.DRILL else "real alerts"
        return Refusal(
            Rule.WRONG_ROOM, "/realm", f"This credential is not for {room}; use one that is."
        )
    return None


def knows_gathering(world: World, warrant: Warrant, realm: Realm, hazard: str, area: Area) -> bool:
    """Say whether a warrant is told where people gather: whoever may give or approve it there.

    A crowd at a known place and time is a target (RELIABILITY P25a): nobody else is told.
    """
    mine = world.tree.mask(code for code in warrant.scope.regions if code in world.tree)
    return (
        (warrant.may(Permission.ISSUE) or warrant.may(Permission.APPROVE))
        and realm in warrant.scope.realms
        and warrant.scope.knows(hazard)
        and bool(world.tree.extent(area).touched & mine)
    )


def may_end_later(warrant: Warrant, sender: str) -> Refusal | None:
    """Return why this warrant may not end an alert that has not come yet (P15).

    Nobody knows in which room it will be, so a drill's credential may not.
    """
    return in_room(warrant, Realm.LIVE, Permission.ISSUE) or _speaks_for(warrant, sender)


def may_retract(world: World, warrant: Warrant, alert: Alert, sender: str) -> Refusal | None:
    """Return why this warrant may not withdraw an alert as issued in error.

    Its issuer always may, alone, whatever his scope is by now (P17); but not by a credential of the
    other room, and in nobody else's name.
    """
    if warrant.account != alert.issued_by:
        return may_end_it(world, warrant, alert, sender)
    refused = in_room(warrant, alert.realm, Permission.ISSUE)
    if refused is not None or sender == alert.sender:
        return refused
    return _speaks_for(warrant, sender)


def _speaks_for(warrant: Warrant, sender: str) -> Refusal | None:
    if sender and sender == warrant.scope.sender:
        return None
    return Refusal(
        Rule.NOT_ALLOWED, "/sender",
        f"This credential speaks for {warrant.scope.sender or 'nobody'}, not for {sender}.",
    )  # fmt: skip


def _knows(warrant: Warrant, hazard: str) -> Refusal | None:
    if warrant.scope.knows(hazard):
        return None
    known = ", ".join(warrant.scope.hazards) or "none"
    return Refusal(Rule.HAZARD_NOT_ALLOWED, "/hazard", f"This credential may warn of: {known}.")


def given_by(state: State, account: str, now: datetime, realm: Realm) -> int:
    """Return how many alerts an account gave in one room in the last minute. O(open alerts)."""
    since = now - MINUTE
    open_now = (*state.active.values(), *state.unconfirmed.values(), *state.ended.values())
    return sum(
        1
        for each in open_now
        if each.issued_by == account and each.realm is realm and each.sent > since
    )


def told_of(
    world: World,
    state: State,
    warrant: Warrant,
    event: ev.AlertIssued | ev.AlertUpdated,
    hazard: str,
    now: datetime,
) -> tuple[OfficersPaged, ...]:
    """Return the calls that an alert by one person brings: to colleagues, or to supervisors.

    The hazards that one person may give alone are told to all officers on duty, also when an
    update takes them further; an override to every supervisor; and so is a person who gives more
    alerts a minute than usual (P18). ``event`` tells people something new.
    """
    if event.status is not Status.ACTUAL:
        return ()
    calls: list[OfficersPaged] = []

    def call(why: PageReason, *roles: Role) -> None:
        calls.append(
            OfficersPaged(
                at=now, why=why, alert_id=event.alert_id, account=warrant.account, roles=roles
            )
        )

    if event.override:
        call(PageReason.OVERRIDE, Role.SUPERVISOR)
    if hazard in world.second_person.single_person:
        call(PageReason.SINGLE_PERSON, Role.OPERATOR, Role.SUPERVISOR)
    if isinstance(event, ev.AlertIssued) and not warrant.is_machine:
        before = given_by(state, warrant.account, now, event.realm)
        if before >= world.alerts_per_minute:
            call(PageReason.RATE, Role.SUPERVISOR)
    return tuple(calls)
