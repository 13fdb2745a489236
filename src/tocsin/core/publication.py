"""What the public may see of an incident, when, and how coarse. On by default.

The public page must not help whoever fires (DESIGN section 3, rule 10; RELIABILITY P24-P28):

* **Embargo.** An incident waits as long as its kind of place asks (civilian 3 h, critical
  infrastructure 12 h, military never), *and* until some hours after the alert of that region has
  ended, whichever is later. All but an outage waits at least as a civilian place does, whatever
  place it is said to be. An officer may lengthen it; a shorter one takes two people. What it was
  once taken to be goes on holding it (``Incident.before``), and so does what it turned out to be.
* **Coarse.** While it waits, only what the authority itself has released: region and hour, official
  figures. After it: settlement or district. Never a position, a site, a facility's name.
* **Slots.** Nothing appears but at fixed moments (every 10 minutes), so that the moment tells
  nothing. What is entered or released between two slots is seen from the later one on.
* **Non-interference.** Until then every public byte is what it would be if the record did not
  exist. So what people see is another fold of the same events: the ledger as it was at the last
  slot, less what waits (``projections.situation``, ``Visible``).
* **Life first.** Guidance (what to avoid, what to do) has no embargo, no slot and no site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property

from tocsin.core.alert import Alert, AlertState, Status
from tocsin.core.area import RegionTree
from tocsin.core.claims import ALONE, Claim, ClaimKind, Figure, Saying, When, Where
from tocsin.core.incidents import Incident, Ledger, Link, Stage
from tocsin.core.layered import Layered

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
HOUR = timedelta(hours=1)
QUARTER = HOUR / 4
NEARLY_A_DAY = timedelta(hours=23)
CIVILIAN = "civilian"
SERVICE = "service"
OUTAGE = "outage"
"""The one kind of incident that may be told as soon as its service is back."""
NAME_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """How long one kind of place waits, and how exactly it is told then."""

    delay: timedelta | None = timedelta(hours=3)
    """After the event; None: it is never told, unless two people decide it."""
    after_alert: timedelta = timedelta(hours=3)
    """After the alert of that region has ended; at most 24 h, since older alerts are closed."""
    exact: str = "settlement"
    """``settlement`` (or city district), or ``region``."""


DEFAULT_SITES: Mapping[str, SiteRule] = {
    CIVILIAN: SiteRule(),
    "critical": SiteRule(delay=timedelta(hours=12)),
    "military": SiteRule(delay=None),
    SERVICE: SiteRule(delay=timedelta(0), after_alert=timedelta(0)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The policy, of a file (``policies.toml``). A kind of place that it lacks waits for ever."""

    sites: Mapping[str, SiteRule] = field(default_factory=lambda: DEFAULT_SITES)
    slot: timedelta = timedelta(minutes=10)
    hazards: frozenset[str] = frozenset()
    """Hazards whose alerts are waited for; empty: all of them."""
    after_unconfirmed: timedelta = timedelta(hours=12)
    """After an alert that ran out without an all-clear: nobody said that it was over."""
    round_to: timedelta = HOUR
    """Times are told no finer than this."""
    silent_after: timedelta = timedelta(hours=72)
    """An outage of which nobody has said a word for so long counts as out no longer."""
    unnamed: frozenset[str] = frozenset(("substation", "control-room", "military", "hospital"))
    """Kinds of things that are never told of: what was hit of a network helps whoever hit it."""

    def rule(self, site: str) -> SiteRule:
        """Return the rule of a kind of place; the strictest where it is unknown."""
        return self.sites.get(site, SiteRule(delay=None, exact="region"))

    def rule_for(self, kind: str, site: str) -> SiteRule:
        """Return the rule of what happened at a kind of place.

        Only an outage may be told as soon as a service: whatever else it is called is held no less
        than a civilian place, so that no name for the place lets it out.
        """
        rule = self.rule(site)
        if kind == OUTAGE:
            return rule
        least = self.rule(CIVILIAN)
        never = rule.delay is None or least.delay is None
        return replace(
            rule,
            delay=None if never else max(rule.delay or EPOCH - EPOCH, least.delay or EPOCH - EPOCH),
            after_alert=max(rule.after_alert, least.after_alert),
        )

    def is_unnamed(self, what: str) -> bool:
        """Say whether people are never told of such a thing, in one or in many."""
        plain = what.casefold().replace("-", " ")
        return any(each.casefold().replace("-", " ") in plain for each in self.unnamed)

    def slot_of(self, now: datetime) -> datetime:
        """Return the last slot at or before that moment."""
        return EPOCH + (now - EPOCH) // self.slot * self.slot

    def seen_from(self, at: datetime) -> datetime:
        """Return the slot from which on people see what was recorded at that moment."""
        return self.slot_of(at) + self.slot


def held_by_alerts(
    policy: Publication,
    tree: RegionTree,
    alerts: Iterable[Alert],
    where: Where,
    after_alert: timedelta,
) -> datetime:
    """Return when the alerts of a region let an incident in it be told; ``NEVER`` while one lasts.

    ``alerts``: in force, and those that ended in the last 24 hours. One that ran out without an
    all-clear holds for longer: nobody has said that it is over. A part that was cleared out of an
    alert waits for its end as well, and one withdrawn as an error holds like one that was cleared:
    a single person can give both.
    """
    return _held(policy, tree, tuple(alerts), where.geocode, after_alert)


def _held(
    policy: Publication,
    tree: RegionTree,
    alerts: tuple[Alert, ...],
    geocode: str,
    after_alert: timedelta,
) -> datetime:
    leaves = tree.mask((geocode,)) if geocode in tree else 0
    free = EPOCH
    for alert in alerts:
        if alert.status is not Status.ACTUAL:
            continue
        if policy.hazards and alert.hazard not in policy.hazards:
            continue
        area = replace(alert.area, excluded=()) if alert.area.excluded else alert.area
        if not tree.extent(area).touched & leaves:
            continue
        if alert.state is AlertState.ACTIVE or alert.ended is None:
            return NEVER
        waits = policy.after_unconfirmed if alert.state is AlertState.UNCONFIRMED else after_alert
        free = max(free, alert.ended + waits)
    return free


def policy_wait(policy: Publication, incident: Incident) -> datetime:
    """Return until when its kinds of place alone hold an incident: all it was ever taken to be."""
    found = EPOCH
    for each in incident.taken:
        rule = policy.rule_for(each.kind, each.site)
        if rule.delay is None or rule.delay > NEVER - each.ends_at:
            return NEVER
        found = max(found, each.ends_at + rule.delay)
    return found


def own_wait(policy: Publication, incident: Incident) -> datetime:
    """Return until when an incident waits, whatever alerts there are: by policy, or by officers."""
    limit = incident.embargo
    if limit is None:
        return policy_wait(policy, incident)
    if limit.until is None or limit.approved_by:
        return limit.until or NEVER
    return max(policy_wait(policy, incident), limit.until)


def alert_wait(
    policy: Publication, tree: RegionTree, alerts: Iterable[Alert], incident: Incident
) -> datetime:
    """Return until when alerts hold an incident, wherever it was ever taken to be."""
    known = tuple(alerts)
    return max(
        _held(policy, tree, known, each.geocode,
              policy.rule_for(each.kind, each.site).after_alert)
        for each in incident.taken
    )  # fmt: skip


def due_at(
    policy: Publication,
    tree: RegionTree,
    alerts: Iterable[Alert],
    incident: Incident,
    ledger: Ledger | None = None,
) -> datetime:
    """Return from when on an incident may be released, as things stand; ``NEVER``: not so far.

    Never before it was opened, or two people decided: released at the slot after that, its moment
    does not tell when the desk did so.
    With ``ledger``: it waits for what it turned out to be as well, so that people read of it there.
    """
    known = tuple(alerts)
    due = max(own_wait(policy, incident), incident.opened_at)
    limit = incident.embargo
    if limit is not None and limit.approved_by:
        due = max(due, limit.at)
    elif due < NEVER:
        due = max(due, alert_wait(policy, tree, known, incident))
    if ledger is not None:
        for name in ledger.upward(incident.id)[1:]:
            other = ledger.incidents.get(name)
            if other is not None and other.stage is not Stage.RELEASED:
                due = max(due, due_at(policy, tree, known, other))
    return due


def coarse_when(policy: Publication, when: When) -> When:
    """Return a time rounded outwards, no finer than the policy says.

    Whole days keep their local midnights, which not every zone has on a full hour.
    """
    whole = when.grain in {"day", "month", "year"} and when.end - when.start >= NEARLY_A_DAY
    step = min(policy.round_to, QUARTER) if whole else policy.round_to
    start = EPOCH + (when.start - EPOCH) // step * step
    end = EPOCH - (EPOCH - when.end) // step * step
    grain = "range" if when.grain == "minute" else when.grain
    return When(start=start, end=max(end, start + step), grain=grain, certain=when.certain)


def top_region(tree: RegionTree, geocode: str) -> str:
    """Return the region under the root that a region lies in; itself where it is one or unknown."""
    if geocode not in tree:
        return ""
    path = [each for each in tree.upward(geocode) if each != tree.root]
    return path[-1] if path else tree.root


def coarse_where(tree: RegionTree, where: Where, exact: str) -> Where:
    """Return a place without its site and position; its region alone where no more is told."""
    if exact == "settlement":
        return Where(geocode=where.geocode, name=where.name, certain=where.certain)
    return Where(geocode=top_region(tree, where.geocode), certain=where.certain)


def public_id_of(new_id: str, slot: datetime) -> str:
    """Return a new UUIDv7 with the time of a slot: its own would tell the moment of the desk."""
    since = (slot - EPOCH) // timedelta(milliseconds=1)
    return f"{since >> 16:08x}-{since & 0xFFFF:04x}{new_id[13:]}"


def public_name(public_id: str, claim_id: str) -> str:
    """Return a claim's name for people: its own id would tell when it was entered."""
    return hashlib.sha256(f"{public_id} {claim_id}".encode()).hexdigest()[:NAME_DIGITS]


RANK = {stage: rank for rank, stage in enumerate(Stage)}


class Visible:
    """What people may see of a ledger that was folded up to the last slot.

    The only door to the public side: pages, API, feeds and exports ask here and nowhere else.
    ``ledger`` is a ledger of its own, with what people may know and nothing else: what is hidden
    moves nothing in it, neither a sum nor an order. Made at the first question, O(everything).
    """

    def __init__(self, policy: Publication, tree: RegionTree, ledger: Ledger) -> None:
        self.policy = policy
        self.tree = tree
        self._desk = ledger

    @cached_property
    def ledger(self) -> Ledger:
        """Return what people may know: coarse incidents, plain claims, the links between them."""
        shown = [each for each in self._desk.incidents.values() if each.stage is not Stage.HIDDEN]
        shown.sort(key=lambda each: (_told_at(each), each.public_id))
        claims = {}
        for claim in self._desk.claims.values():
            own = self._desk.incidents.get(claim.incident_id or "")
            if claim.incident_id is None:
                is_open = claim.saying.kind in ALONE
            else:
                is_open = own is not None and self._is_open(
                    claim, self._desk.incidents[self._root(own.id)]
                )
            if is_open:
                claims[claim.id] = claim
        by_time = sorted(claims.values(), key=lambda each: (each.said_at, each.entered_at, each.id))
        plain = [self._plain(claim, claims, place) for place, claim in enumerate(by_time, 1)]
        plain.sort(key=lambda each: (each.entered_at, each.id))
        return Ledger(
            incidents=Layered({each.id: self._coarse(each) for each in shown}),
            claims=Layered({each.id: each for each in plain}),
            links=tuple(self._links()),
            waves={
                each.id: tuple(sorted(self._desk.waves[each.id]))
                for each in shown
                if each.stage is Stage.RELEASED and each.id in self._desk.waves
            },
        )

    def incidents(self) -> list[Incident]:
        """Return the incidents that people may know of, each as coarse as its stage allows."""
        return [each for each in self.ledger.incidents.values() if each.same_as is None]

    def incident(self, public_id: str) -> Incident | None:
        """Return one of them by its public id; a merged one leads to what it turned out to be."""
        for incident in self.ledger.incidents.values():
            if incident.public_id == public_id:
                return self.ledger.incidents[self.ledger.root(incident.id)]
        return None

    def claims(self, incident: Incident) -> list[Claim]:
        """Return what people may read of an incident, ended claims included, oldest first."""
        return list(self._by_root.get(incident.id, ()))

    def loose(self) -> list[Claim]:
        """Return statements, outages and restorations that belong to no incident."""
        return [claim for claim in self.ledger.claims.values() if claim.incident_id is None]

    def links(self) -> list[Link]:
        """Return the links between incidents that people may both know."""
        return list(self.ledger.links)

    @cached_property
    def _by_root(self) -> Mapping[str, list[Claim]]:
        found: dict[str, list[Claim]] = {}
        for claim in self.ledger.claims.values():
            if claim.incident_id is not None:
                found.setdefault(self.ledger.root(claim.incident_id), []).append(claim)
        return found

    def _root(self, incident_id: str) -> str:
        """Return what an incident turned out to be, as far as people may know that.

        One that they know of stays, as it was, while they do not know the other as well: nothing
        vanishes from the page because of what is hidden.
        """
        for name in self._desk.upward(incident_id)[1:]:
            above = self._next(incident_id)
            if above != name:
                break
            incident_id = name
        return incident_id

    def _next(self, incident_id: str) -> str | None:
        incident = self._desk.incidents[incident_id]
        above = self._desk.incidents.get(incident.same_as or "")
        if above is None or RANK[above.stage] < RANK[incident.stage]:
            return None
        return above.id

    def _is_open(self, claim: Claim, root: Incident) -> bool:
        """Say whether people may read a claim: by the stage of its own incident and of the root."""
        own = self._desk.incidents.get(claim.incident_id or "")
        if own is None or Stage.HIDDEN in (own.stage, root.stage):
            return False
        if Stage.ANNOUNCED in (own.stage, root.stage):
            return claim.saying.voice.official and claim.saying.kind is not ClaimKind.DAMAGE
        return True

    def _links(self) -> list[Link]:
        known = {i.id: i for i in self._desk.incidents.values() if i.stage is Stage.RELEASED}
        found = []
        for link in self._desk.links:
            if link.one in known and link.other in known:
                at = max(link.at, *(_told_at(known[each]) for each in (link.one, link.other)))
                found.append(replace(link, at=self.policy.slot_of(at), reason="", by=""))
        return found

    def _coarse(self, incident: Incident) -> Incident:
        """Return an incident without what only the desk may know. Times are slots."""
        exact = self.policy.rule(incident.site).exact
        told = incident.stage is Stage.RELEASED
        slot = self.policy.slot_of
        since = _told_at(incident)
        return Incident(
            id=incident.id,
            handle="",
            kind=incident.kind,
            site="",
            where=coarse_where(self.tree, incident.where, exact if told else "region"),
            when=coarse_when(self.policy, incident.when),
            opened_at=slot(since),
            opened_by="",
            title=incident.title if told else "",
            is_open=incident.is_open,
            closed_at=slot(max(since, incident.closed_at)) if incident.closed_at else None,
            stage=incident.stage,
            public_id=incident.public_id,
            announced_at=slot(incident.announced_at) if incident.announced_at else None,
            released_at=slot(incident.released_at) if incident.released_at else None,
            same_as=self._next(incident.id),
        )

    def _plain(self, claim: Claim, known: Mapping[str, Claim], order: int) -> Claim:
        """Return a claim without what only the desk may know: quote, site, exact hour, names.

        It is ``entered_at`` the slot at which people first see it, whenever the desk entered it.
        """
        saying, policy = claim.saying, self.policy
        own = self._desk.incidents.get(claim.incident_id or "")
        told = own is None or own.stage is Stage.RELEASED
        exact = policy.rule(own.site if own is not None else SERVICE).exact
        if own is None and saying.kind is ClaimKind.EVACUATION:
            exact = "region"  # told at once, for the lives of people: no place that it could show
        where, when = saying.where, saying.happened
        if where is not None and own is not None and self._apart(where, own.where):
            where = None  # that place is not what the embargo of its incident was about
        since = claim.entered_at
        if own is not None:
            told_first = own.announced_at if self._is_open_early(claim) else None
            since = max(since, told_first or own.released_at or _told_at(own))
        plain = Saying(  # each field is let out by name; one that is added later is not
            kind=saying.kind,
            voice=saying.voice,
            outlet=saying.outlet,
            hedge=saying.hedge,
            figures=tuple(each for each in saying.figures if self._may_be_counted(each)),
            things=tuple(
                each for each in saying.things if told and not policy.is_unnamed(each.type)
            ),
            where=coarse_where(self.tree, where, exact if told else "region") if where else None,
            happened=coarse_when(policy, when) if when is not None else None,
            said_at=self._rounded(saying.said_at),
            words=saying.words if told else "",
        )
        return Claim(
            id=claim.id,
            saying=plain,
            incident_id=claim.incident_id,
            entered_at=policy.seen_from(since),
            entered_by="",
            standing=claim.standing,
            replaced_by=claim.replaced_by if claim.replaced_by in known else None,
            replaces=claim.replaces if claim.replaces in known else None,
            ended_at=policy.slot_of(max(since, claim.ended_at)) if claim.ended_at else None,
            order=order,
        )

    def _is_open_early(self, claim: Claim) -> bool:
        return claim.saying.voice.official and claim.saying.kind is not ClaimKind.DAMAGE

    def _apart(self, one: Where, other: Where) -> bool:
        if one.geocode not in self.tree or other.geocode not in self.tree:
            return one.geocode != other.geocode
        return not self.tree.mask((one.geocode,)) & self.tree.mask((other.geocode,))

    def _may_be_counted(self, figure: Figure) -> bool:
        return not figure.what or not self.policy.is_unnamed(figure.what)

    def _rounded(self, at: datetime | None) -> datetime | None:
        step = self.policy.round_to
        return None if at is None else EPOCH + (at - EPOCH) // step * step


def _told_at(incident: Incident) -> datetime:
    """Return when people first came to know of an incident that they know of."""
    first = [at for at in (incident.announced_at, incident.released_at) if at is not None]
    return min(first, default=incident.opened_at)
