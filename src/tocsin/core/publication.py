"""What the public may see of an incident, when, and how coarse. On by default.

The public page must not help whoever fires (DESIGN section 3, rule 10; RELIABILITY P24-P28):

* **Embargo.** An incident waits as long as its kind of place asks (civilian 3 h, critical
  infrastructure 12 h, military never), *and* until some hours after the alert of that region has
  ended, whichever is later. An officer may lengthen it; a shorter one takes two people.
* **Coarse.** While it waits, only what the authority itself has released: region and hour, official
  figures. After it: settlement or district. Never a position, a site, a facility's name.
* **Slots.** Nothing appears but at fixed moments (every 10 minutes), so that the moment tells
  nothing. What is entered or released between two slots is seen from the later one on.
* **Non-interference.** Until then every public byte is what it would be if the record did not
  exist. So what people see is another fold of the same events: the ledger as it was at the last
  slot, less what waits (``seen_from``, ``Visible``).
* **Life first.** Guidance (what to avoid, what to do) has no embargo, no slot and no site.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tocsin.core.alert import Alert, AlertState, Status
from tocsin.core.area import Area, RegionTree
from tocsin.core.claims import Claim, ClaimKind, When, Where
from tocsin.core.incidents import Incident, Ledger, Link, Stage

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
NEVER = datetime.max.replace(tzinfo=UTC)
HOUR = timedelta(hours=1)
NAME_DIGITS = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """How long one kind of place waits, and how exactly it is told then."""

    delay: timedelta | None = timedelta(hours=3)
    """After the event; None: it is never told, unless two people decide it."""
    after_alert: timedelta = timedelta(hours=3)
    """After the alert of that region has ended."""
    exact: str = "settlement"
    """``settlement`` (or city district), or ``region``."""


DEFAULT_SITES: Mapping[str, SiteRule] = {
    "civilian": SiteRule(),
    "critical": SiteRule(delay=timedelta(hours=12)),
    "military": SiteRule(delay=None),
    "service": SiteRule(delay=timedelta(0), after_alert=timedelta(0)),
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
    unnamed: frozenset[str] = frozenset(("substation", "control-room", "military", "hospital"))
    """Kinds of things that are never told of: what was hit of a network helps whoever hit it."""

    def rule(self, site: str) -> SiteRule:
        """Return the rule of a kind of place; the strictest where it is unknown."""
        return self.sites.get(site, SiteRule(delay=None, exact="region"))

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
    all-clear holds for longer: nobody has said that it is over.
    """
    leaves = tree.mask((where.geocode,)) if where.geocode in tree else 0
    free = EPOCH
    for alert in alerts:
        if alert.status is not Status.ACTUAL or alert.state is AlertState.CANCELLED:
            continue
        if policy.hazards and alert.hazard not in policy.hazards:
            continue
        if not tree.extent(alert.area).touched & leaves:
            continue
        if alert.state is AlertState.ACTIVE or alert.ended is None:
            return NEVER
        waits = policy.after_unconfirmed if alert.state is AlertState.UNCONFIRMED else after_alert
        free = max(free, alert.ended + waits)
    return free


def due_at(
    policy: Publication, tree: RegionTree, alerts: Iterable[Alert], incident: Incident
) -> datetime:
    """Return from when on an incident may be released, as things stand; ``NEVER``: not so far."""
    limit = incident.embargo
    if limit is not None and limit.until is None:
        return NEVER
    if limit is not None and limit.approved_by:
        return limit.until or NEVER
    rule = policy.rule(incident.site)
    if rule.delay is None:
        return NEVER
    due = incident.when.end + rule.delay
    due = max(due, held_by_alerts(policy, tree, alerts, incident.where, rule.after_alert))
    return max(due, limit.until) if limit is not None and limit.until is not None else due


def coarse_when(policy: Publication, when: When) -> When:
    """Return a time rounded outwards, no finer than the policy says."""
    step = policy.round_to
    start = EPOCH + (when.start - EPOCH) // step * step
    end = EPOCH - (EPOCH - when.end) // step * step
    return replace(when, start=start, end=max(end, start + step))


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


def public_name(public_id: str, claim_id: str) -> str:
    """Return a claim's name for people: its own id would tell when it was entered."""
    return hashlib.sha256(f"{public_id} {claim_id}".encode()).hexdigest()[:NAME_DIGITS]


@dataclass(frozen=True, slots=True)
class Visible:
    """What people may see of a ledger that was folded up to the last slot.

    The only door to the public side: pages, API, feeds and exports ask here and nowhere else.
    """

    policy: Publication
    tree: RegionTree
    ledger: Ledger

    def incidents(self) -> list[Incident]:
        """Return the incidents that people may know of, each as coarse as its stage allows."""
        return [
            self._coarse(incident)
            for incident in self.ledger.incidents.values()
            if incident.stage is not Stage.HIDDEN and incident.same_as is None
        ]

    def incident(self, public_id: str) -> Incident | None:
        """Return one of them by its public id; a merged one leads to what it turned out to be."""
        for incident in self.ledger.incidents.values():
            if incident.public_id == public_id and incident.stage is not Stage.HIDDEN:
                root = self.ledger.incidents.get(self.ledger.root(incident.id))
                shown = root is not None and root.stage is not Stage.HIDDEN
                return self._coarse(root) if root is not None and shown else None
        return None

    def claims(self, incident: Incident) -> list[Claim]:
        """Return what people may read of an incident, ended claims included, oldest first."""
        return [
            self._plain(claim)
            for claim in self.ledger.claims_of(incident.id)
            if self._is_open(claim, incident)
        ]

    def loose(self) -> list[Claim]:
        """Return statements, outages and restorations that belong to no incident."""
        return [
            self._plain(claim) for claim in self.ledger.claims.values() if claim.incident_id is None
        ]

    def links(self) -> Iterator[Link]:
        """Yield the links between incidents that people may both know."""
        known = {i.id for i in self.ledger.incidents.values() if i.stage is Stage.RELEASED}
        for link in self.ledger.links:
            if {self.ledger.root(link.one), self.ledger.root(link.other)} <= known:
                yield link

    def _is_open(self, claim: Claim, root: Incident) -> bool:
        """Say whether people may read a claim: by the stage of its own incident and of the root."""
        own = self.ledger.incidents.get(claim.incident_id or "")
        if own is None or Stage.HIDDEN in (own.stage, root.stage):
            return False
        if Stage.ANNOUNCED in (own.stage, root.stage):
            return claim.saying.voice.official and claim.saying.kind is not ClaimKind.DAMAGE
        return True

    def _coarse(self, incident: Incident) -> Incident:
        exact = self.policy.rule(incident.site).exact
        told = incident.stage is Stage.RELEASED
        return replace(
            incident,
            where=coarse_where(self.tree, incident.where, exact if told else "region"),
            when=coarse_when(self.policy, incident.when),
            title=incident.title if told else "",
            site="" if not told else incident.site,
            embargo=None,
            asked=None,
            opened_by="",
        )

    def _plain(self, claim: Claim) -> Claim:
        """Return a claim without what only the desk may know: quote, site, exact hour, names."""
        saying = claim.saying
        own = self.ledger.incidents.get(claim.incident_id or "")
        told = own is None or own.stage is Stage.RELEASED
        exact = self.policy.rule(own.site if own is not None else "service").exact
        where, when = saying.where, saying.happened
        plain = replace(
            saying,
            things=tuple(each for each in saying.things if each.type not in self.policy.unnamed),
            where=coarse_where(self.tree, where, exact if told else "region") if where else None,
            happened=coarse_when(self.policy, when) if when is not None else None,
            said_at=self._rounded(saying.said_at),
            quote=None,
            report_id=None,
            draft="",
            note="",
            words=saying.words if told else "",
        )
        return replace(claim, saying=plain, entered_by="", reason="",
                       entered_at=self.policy.seen_from(claim.entered_at))  # fmt: skip

    def _rounded(self, at: datetime | None) -> datetime | None:
        step = self.policy.round_to
        return None if at is None else EPOCH + (at - EPOCH) // step * step


def too_exact(tree: RegionTree, area: Area, where: Where, share: float) -> bool:
    """Say whether a guidance area would give a site away: too small for that (RELIABILITY P26).

    A region is never too small. A drawn circle or polygon must hold the site's whole leaf region,
    or at least ``share`` of it, so that it is larger than the site and not centred on it.
    """
    if area.regions or where.geocode not in tree:
        return False
    mine = tree.leaf_names(tree.mask((where.geocode,)))
    return not any(each.geocode in mine and each.of_leaf >= share for each in area.touched)
