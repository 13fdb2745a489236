"""How an alert ends: all-clear, cancel, running out.

An end is never guessed: an all-clear ends exactly the alerts it names, an expiry is never an
all-clear, a cancel says that there was no danger (DESIGN section 3, rules 4, 5, 12).
"""

from __future__ import annotations

from datetime import datetime

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Alert, AlertState, Status
from tocsin.core.area import Area, Leaves
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Warrant
from tocsin.core.overlap import ran_out_over
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.scope import may_end_it, may_end_later, may_retract
from tocsin.core.state import State
from tocsin.core.whose import not_yours, unknown
from tocsin.core.world import World

Answer = tuple[ev.Event, ...] | Refusal


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
                        reason=asked.reason, by=asked.by, imported=other.imported,
                        texts=asked.texts.get(other.id))
        for other in followers
    )  # fmt: skip
    if alert.state is AlertState.CLEARED:
        return with_it
    if mine & ~ends:
        area = without(alert.area, world, ends)
        reduced = ev.AlertReduced(
            at=now, alert_id=alert.id, revision=alert.revision + 1, status=alert.status,
            area=area, cleared=tree.fewest(ends), by=asked.by, imported=alert.imported,
            texts=asked.texts.get(alert.id),
        )  # fmt: skip
        return (reduced, *with_it)
    cleared = ev.AlertCleared(
        at=now, alert_id=alert.id, revision=alert.revision + 1, status=alert.status,
        sender=asked.sender, reason=asked.reason, by=asked.by, imported=alert.imported,
        texts=asked.texts.get(alert.id),
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
    refused = not_yours(world, state, alert, asked.sender)
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
        return unknown(asked.alert_id)
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


def _not_yours_to_end(
    world: World, state: State, alert: Alert, sender: str, ends: Leaves, now: datetime
) -> Refusal | None:
    """Refuse as ``_not_yours``, but let a delegation end the part that it covers (P14)."""
    refused = not_yours(world, state, alert, sender)
    if refused is None or refused.rule is not Rule.SUPERIOR_ALERT:
        return refused
    for given in state.delegations:
        if (given.sender, given.to) == (alert.sender, sender):
            part = world.tree.extent(alert.area).touched & ~ends
            if ends and part and given.covers(world.tree, alert.hazard, ends, now):
                return None
    return refused


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
        return unknown(asked.alert_id or asked.identifier)
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
        refused = not_yours(world, state, other, asked.sender)
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


def without(area: Area, world: World, ends: Leaves) -> Area:
    """Return ``area`` with the leaves ``ends`` cleared out of it."""
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
