"""Who may warn whom: roles, what a credential is for, mandates, and the second person.

Three things must all say yes, and each is checked against the *computed* area, never the
claimed one (RELIABILITY P18, P20, P21):

* the **mandate** of the sender (an event of the public audience): where it may warn at all;
* the **warrant** of who asks: account, credential and scope (role, jurisdiction, hazards,
  rooms, severity, channels). Refused by default: an empty scope may do nothing;
* the **policy** of the profile: what needs a second person, and who may be one.

A place for which nobody holds a mandate is ``no-information``, which is not ``none``
(DESIGN section 3, rule 5). Accounts and keys are kept outside (``tocsin.registry``); what
they may do is judged here, without I/O.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from tocsin.core.alert import Realm, Severity
from tocsin.core.area import Area, Leaves, RegionTree
from tocsin.core.refusals import Refusal, Rule

EVERY = "*"
"""In a scope's lists: every hazard, every channel. Never of regions: those are always named."""

ROUNDED = 1e-9
"""Shares are sums of rounded numbers: 0.02 may come as 0.020000000000000018."""


class Role(enum.StrEnum):
    """What an account is for. Nobody has two: who keeps the accounts does not warn."""

    VIEWER = "viewer"
    SITUATION_OFFICER = "situation-officer"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"


class Permission(enum.StrEnum):
    """What an endpoint asks of whoever calls it. An endpoint without one cannot be written."""

    PUBLIC = "public"
    SELF = "self"  # one's own session and credentials
    VIEW = "view"  # what the desk sees
    SITUATION = "situation"  # the ledger, shelters, outages
    REGISTER = "register"  # the sealed register of installations, and what depends on what
    ISSUE = "issue"
    APPROVE = "approve"
    SUPERVISE = "supervise"  # delegations, the journal's export, reports of others
    ADMINISTER = "administer"  # accounts, keys, mandates


DOING: Mapping[Permission, str] = {
    Permission.PUBLIC: "read what everybody may read",
    Permission.SELF: "change credentials of its own",
    Permission.VIEW: "see the desk",
    Permission.SITUATION: "work on the situation",
    Permission.REGISTER: "read the register of installations",
    Permission.ISSUE: "give, change or end alerts",
    Permission.APPROVE: "answer proposals",
    Permission.SUPERVISE: "do what supervisors do",
    Permission.ADMINISTER: "administer this house",
}
"""What whoever lacks a permission may not do, in words."""

_DESK = frozenset((Permission.SELF, Permission.VIEW))
_DUTY = _DESK | {Permission.SITUATION, Permission.ISSUE, Permission.APPROVE}

MAY: Mapping[Role, frozenset[Permission]] = {
    Role.VIEWER: _DESK,
    Role.SITUATION_OFFICER: _DESK | {Permission.SITUATION, Permission.REGISTER},
    Role.OPERATOR: _DUTY,
    Role.SUPERVISOR: _DUTY | {Permission.SUPERVISE, Permission.REGISTER},
    Role.ADMINISTRATOR: _DESK | {Permission.ADMINISTER},
}
"""Role -> permissions; the authorisation matrix is this table times the table of endpoints."""

SEVERITY_RANK: Mapping[Severity, int] = {
    Severity.UNKNOWN: 0, Severity.MINOR: 1, Severity.MODERATE: 2, Severity.SEVERE: 3,
    Severity.EXTREME: 4,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What an account or a key may do: role, place, hazards, rooms, severity, channels.

    ``sender`` is the authority in whose name it speaks; ``regions`` its jurisdiction, each with all
    under it. ``hazards`` and ``channels`` may hold ``EVERY``. ``usual`` are the hazards that are
    its daily work: an Extreme alert of another one needs a second person (RELIABILITY P18).
    """

    role: Role
    sender: str = ""
    regions: tuple[str, ...] = ()
    hazards: tuple[str, ...] = ()
    realms: tuple[Realm, ...] = ()
    severity: Severity = Severity.EXTREME
    channels: tuple[str, ...] = (EVERY,)
    usual: tuple[str, ...] = (EVERY,)

    def knows(self, hazard: str) -> bool:
        """Say whether it may issue that hazard."""
        return EVERY in self.hazards or hazard in self.hazards

    def is_usual(self, hazard: str) -> bool:
        """Say whether that hazard is its daily work."""
        return EVERY in self.usual or hazard in self.usual

    def within(self, other: Scope) -> bool:
        """Say whether it allows nothing that ``other`` does not: a key's own scope is such.

        Regions are compared by the caller's tree, since only it knows what lies under what.
        """
        return (
            MAY[self.role] <= MAY[other.role]
            and self.sender == other.sender
            and all(other.knows(each) for each in self.hazards if each != EVERY)
            and (EVERY in other.hazards or EVERY not in self.hazards)
            and set(self.realms) <= set(other.realms)
            and SEVERITY_RANK[self.severity] <= SEVERITY_RANK[other.severity]
            and (EVERY in other.channels or set(self.channels) <= set(other.channels))
            and (EVERY in other.usual or set(self.usual) <= set(other.usual))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Warrant:
    """Who asks, proved by what, and what they may do. None in a command's place: the house itself.

    ``account`` is the person behind it, also behind a machine's key: nobody approves himself by a
    second credential. ``device`` tells two browsers or machines apart. ``per_minute`` limits a
    machine key; a person's live alert is never refused for its rate (DESIGN section 7).
    """

    account: str
    credential: str
    name: str
    scope: Scope
    session: str = ""
    device: str = ""
    is_machine: bool = False
    direct: bool = False
    per_minute: int | None = None

    def may(self, permission: Permission) -> bool:
        """Say whether the role has that permission; everybody has ``public``."""
        return permission is Permission.PUBLIC or permission in MAY[self.scope.role]


@dataclass(frozen=True, slots=True)
class Mandate:
    """``sender`` may warn in ``regions`` and all under them; half-open in time."""

    sender: str
    regions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime | None

    def holds(self, at: datetime) -> bool:
        """Say whether it holds at that moment."""
        return self.valid_from <= at and (self.valid_until is None or at < self.valid_until)


@dataclass(frozen=True, slots=True)
class Delegation:
    """``sender`` lets ``to`` end parts of its alerts in ``regions``; half-open in time (P14)."""

    sender: str
    to: str
    regions: tuple[str, ...]
    hazards: tuple[str, ...]
    valid_until: datetime

    def covers(self, tree: RegionTree, hazard: str, leaves: Leaves, at: datetime) -> bool:
        """Say whether it lets ``to`` give the all-clear there, for that hazard, at that moment."""
        mine = tree.mask(code for code in self.regions if code in tree)
        known = EVERY in self.hazards or hazard in self.hazards
        return known and at < self.valid_until and leaves & ~mine == 0


def mandated(
    tree: RegionTree, mandates: Iterable[Mandate], at: datetime, sender: str | None = None
) -> Leaves:
    """Return the leaves in which ``sender`` (anybody, if None) may warn at that moment."""
    leaves = 0
    for mandate in mandates:
        if (sender is None or mandate.sender == sender) and mandate.holds(at):
            leaves |= tree.mask(code for code in mandate.regions if code in tree)
    return leaves


def beyond(
    tree: RegionTree, mine: Leaves, area: Area, *, spill_share: float, who: str
) -> Refusal | None:
    """Refuse an area that leaves ``mine``: a foreign region, or a shape over the border.

    A drawn area may lie outside by ``spill_share`` of itself; the refusal says by how much it does
    and where (RELIABILITY P21). What lies over no region at all counts as outside.
    """
    mine |= tree.mask(code for code in area.excluded if code in tree)
    for number, code in enumerate(area.regions):
        if code in tree and (foreign := tree.mask((code,)) & ~mine):
            return Refusal(
                Rule.OUTSIDE_JURISDICTION, f"/area/regions/{number}",
                f"{who} may not warn in {some(tree.fewest(foreign))}.",
            )  # fmt: skip
    spilled = [
        meet for meet in area.touched
        if meet.geocode in tree.leaf_bit and not mine >> tree.leaf_bit[meet.geocode] & 1
    ]  # fmt: skip
    known = sum(meet.of_drawn for meet in area.touched)
    share = sum(meet.of_drawn for meet in spilled)
    if area.polygons or area.circles:
        share += max(0.0, 1.0 - known)  # over no region at all: the neighbour's, or the sea
    if share > spill_share + ROUNDED:
        where = some(meet.geocode for meet in spilled) if spilled else "no region"
        return Refusal(
            Rule.OUTSIDE_JURISDICTION, "/area",
            f"{share:.0%} of the drawn area lies outside what {who} may warn: {where}.",
        )  # fmt: skip
    return None


def some(codes: Iterable[str], most: int = 4) -> str:
    """Return a few of the codes in words, and how many more there are."""
    names = list(codes)
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
