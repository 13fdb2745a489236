"""Incidents: opened, told better, linked. Nobody tells one earlier by calling it something else.

What an incident was taken to be goes on holding it (``Incident.before``), so a change never
shortens its embargo: what two people decide, two people decide here as well (RELIABILITY P24).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.alert import handle_of
from tocsin.core.incidents import Incident, LinkKind, Stage
from tocsin.core.ledger_checks import (
    Answer,
    bad_kind,
    bad_site,
    bad_when,
    bad_where,
    needs_reason,
    no_incident,
    of_two_waves,
)
from tocsin.core.ledger_release import held, lapsed
from tocsin.core.publication import NEVER, own_wait
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State
from tocsin.core.waves import WAVE
from tocsin.core.world import World


def open_(
    world: World, state: State, asked: lc.OpenIncident, now: datetime, ids: Sequence[str]
) -> Answer:
    """Open an incident."""
    refused = (
        bad_kind(asked.kind)
        or bad_site(world, asked.site)
        or bad_where(world, asked.where, "/where")
        or bad_when(asked.when, "/when", now)
    )
    if refused is not None:
        return refused
    taken = frozenset(each.handle for each in state.ledger.incidents.values())
    return (
        le.IncidentOpened(at=now, incident_id=ids[0], handle=handle_of(ids[0], taken),
                          kind=asked.kind, site=asked.site, where=asked.where, when=asked.when,
                          title=asked.title, by=asked.by),
    )  # fmt: skip


def change(world: World, state: State, asked: lc.ChangeIncident, now: datetime) -> Answer:
    """Say better what an incident is."""
    incident = state.ledger.incidents.get(asked.incident_id)
    if incident is None:
        return no_incident(asked.incident_id, "/id")
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
        bad_kind(changed.kind)
        or bad_site(world, changed.site)
        or bad_where(world, changed.where, "/where")
        or bad_when(changed.when, "/when", now)
    )
    if refused is not None:
        return refused
    if changed.kind != incident.kind and (bad := _not_now(state, incident, changed)) is not None:
        return bad
    new = (changed.kind, changed.site, changed.where, changed.when, changed.title, changed.is_open)
    old = (incident.kind, incident.site, incident.where, incident.when, incident.title,
           incident.is_open)  # fmt: skip
    if new == old:
        return ()
    after = replace(incident, kind=changed.kind, site=changed.site, where=changed.where,
                    when=changed.when)  # fmt: skip
    is_reworded = (changed.title, changed.where.name) != (incident.title, incident.where.name)
    if incident.stage is Stage.RELEASED:
        unexplained = needs_reason(asked.reason) if is_reworded else None
        return unexplained or _told_anew(world, state, incident, after, now) or (changed,)
    if not is_reworded and not _is_stricter(world, incident, after):
        return (changed,)  # what it was before goes on holding it: ``Incident.before``
    return (*lapsed(incident, now, asked.by), changed)


def _not_now(state: State, old: Incident, new: le.IncidentChanged) -> Refusal | None:
    """Refuse to make a wave of what is in one, and something else of a wave that has alerts."""
    if old.kind == WAVE and state.ledger.waves.get(old.id):
        return Refusal(
            Rule.BAD_VALUE, "/kind", "Alerts belong to this wave. Take them out of it first."
        )
    return of_two_waves(state.ledger, new, "/kind")


def _is_stricter(world: World, old: Incident, new: Incident) -> bool:
    """Say whether policy holds the new one for longer: then two people agreed on something else."""
    policy, tree = world.publication, world.tree
    was, is_ = (policy.rule_for(each.kind, each.site) for each in (old, new))
    never = is_.delay is None and was.delay is not None
    longer = is_.delay is not None and was.delay is not None and is_.delay > was.delay
    known = old.where.geocode in tree
    beyond = not known or tree.mask((new.where.geocode,)) & ~tree.mask((old.where.geocode,))
    later = new.when.end > old.when.end
    return never or longer or is_.after_alert > was.after_alert or bool(beyond) or later


def _told_anew(
    world: World, state: State, old: Incident, new: Incident, now: datetime
) -> Refusal | None:
    """Refuse to turn what people know of into what they may not know of yet."""
    policy, tree = world.publication, world.tree
    plain = replace(new, before=(), embargo=None)
    if new.when.end > old.when.end and own_wait(policy, plain) > now:
        return Refusal(
            Rule.EMBARGO_HOLDS, "/when",
            "What happened then may not be told yet. Open an incident of its own for it, or wait.",
        )  # fmt: skip
    known = tree.mask((old.where.geocode,)) if old.where.geocode in tree else 0
    if tree.mask((new.where.geocode,)) & ~known and held(world, state, plain) > now:
        return Refusal(
            Rule.EMBARGO_HOLDS, "/where",
            "The alert there holds back what happened there. Wait until some hours after its end.",
        )  # fmt: skip
    return None


def link(state: State, asked: lc.LinkIncidents, now: datetime) -> Answer:
    """Say how two incidents belong together, or take that back."""
    ledger = state.ledger
    for field, name in (("/one", asked.one), ("/other", asked.other)):
        if name not in ledger.incidents:
            return no_incident(name, field)
    if not asked.reason.strip():
        return Refusal(Rule.REASON_MISSING, "/reason", "Say why they belong together, or not.")
    is_there = any(
        (each.kind, each.one, each.other) == (asked.kind, asked.one, asked.other)
        for each in ledger.links
    )
    if asked.undo:
        if not is_there:
            return ()
        undone = le.IncidentsUnlinked(at=now, kind=asked.kind, one=asked.one, other=asked.other,
                                      reason=asked.reason, by=asked.by)  # fmt: skip
        return (*_kept_back(state, asked, now), undone)
    if is_there:
        return ()
    if ledger.root(asked.one) == ledger.root(asked.other):
        return Refusal(Rule.LINK_LOOP, "/other", "That is one and the same incident already.")
    if asked.kind is LinkKind.SAME_AS and ledger.incidents[asked.one].same_as is not None:
        return Refusal(Rule.LINK_LOOP, "/one", "It is linked to another one; take that back first.")
    kind = LinkKind.PART_OF if asked.kind is LinkKind.SAME_AS else asked.kind
    if _leads_to(state, kind, asked.other, asked.one) or (
        asked.kind is LinkKind.SAME_AS and _leads_to(state, kind, asked.one, asked.other)
    ):
        return Refusal(Rule.LINK_LOOP, "/other", "These would belong to each other in a circle.")
    linked = le.IncidentsLinked(at=now, kind=asked.kind, one=asked.one, other=asked.other,
                                reason=asked.reason, by=asked.by)  # fmt: skip
    return of_two_waves(ledger, linked, "/other") or (linked,)


def _kept_back(state: State, asked: lc.LinkIncidents, now: datetime) -> list[le.EmbargoSet]:
    """Return the officers' limits that go on holding what waited for another as one with it."""
    if asked.kind is not LinkKind.SAME_AS:
        return []
    ledger = state.ledger
    above = [ledger.incidents[each] for each in ledger.upward(asked.other)]
    limits = [each.embargo for each in above if each.stage is not Stage.RELEASED and each.embargo]
    found = []
    for name in ledger.merged_into(asked.one):
        own = ledger.incidents[name]
        mine = own.embargo
        if own.stage is Stage.RELEASED or not (limits or (mine is not None and mine.approved_by)):
            continue
        ends = [each.until or NEVER for each in (*limits, *([mine] if mine is not None else ()))]
        until = max(ends)
        found.append(
            le.EmbargoSet(at=now, incident_id=name, until=None if until == NEVER else until,
                          reason="held as long as what it was one with", by=asked.by)
        )  # fmt: skip
    return found


def _leads_to(state: State, kind: LinkKind, start: str, goal: str) -> bool:
    """Say whether links of a kind lead from one incident to another; what is one counts as one."""
    root = state.ledger.root
    waiting, seen = [root(start)], set[str]()
    while waiting:
        here = waiting.pop()
        if here == root(goal):
            return True
        if here in seen:
            continue
        seen.add(here)
        waiting += [
            root(each.other)
            for each in state.ledger.links
            if each.kind == kind and root(each.one) == here
        ]
    return False
