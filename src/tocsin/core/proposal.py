"""The second person: what needs one, and a proposal's life until somebody answers.

The law (DESIGN section 3, rule 8; RELIABILITY P18):

* What policy wants two people for becomes a *proposal* instead of an alert. Nothing of it
  is public, and nothing sounds.
* A proposal never changes. Whoever wants another word in it makes a new one; the approval
  names the hash of the exact content, and holds for that content only.
* Nobody approves his own: another account, another credential, another session, another
  device, and just confirmed by a second factor.
* An air raid or missile in one's own territory needs one person, because delay kills; all
  officers on duty are told at once. A retraction always needs one.
* The override in an emergency is a typed reason, is told to every supervisor, and stays in
  the record for ever.
"""

from __future__ import annotations

import enum
import hashlib
import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from tocsin.core.alert import Alert, Realm, Severity, Status
from tocsin.core.area import Area
from tocsin.core.authority import Warrant
from tocsin.core.commands import IssueAlert, UpdateAlert
from tocsin.core.evacuation import bare_plan
from tocsin.core.people import people_in
from tocsin.core.world import World


class ProposalState(enum.StrEnum):
    """Where a proposal is in its life."""

    WAITING = "waiting"
    APPROVED = "approved"
    SENT_BACK = "sent-back"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


Content = IssueAlert | UpdateAlert


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An alert, or a change to one, that waits for its second person.

    Exactly one of ``issue`` and ``update`` is there, without its words: ``texts`` in it is their
    content hash. ``content`` is the hash by which an approval is bound to all of it. ``why`` says
    what policy wants two people for. ``people`` is None where nobody published a figure.
    """

    id: str
    handle: str
    made_at: datetime
    ends_at: datetime
    issue: IssueAlert | None
    update: UpdateAlert | None
    realm: Realm
    hazard: str
    area: Area
    content: str
    why: tuple[str, ...]
    people: int | None
    because: str
    account: str
    credential: str
    session: str
    device: str
    state: ProposalState = ProposalState.WAITING
    declined: tuple[str, ...] = ()
    paged_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str = ""
    reason: str = ""
    alert_id: str | None = None
    stands: str = ""
    """Of an update: the hash of what its alert says now. Changed meanwhile, it is another one."""

    @property
    def sender(self) -> str:
        """Return the authority in whose name it is."""
        asked = self.issue or self.update
        return asked.sender if asked is not None else ""

    @property
    def is_waiting(self) -> bool:
        """Say whether it can still be answered."""
        return self.state is ProposalState.WAITING


def bare(asked: Content) -> Content:
    """Return what was asked without its words (their hash stays) and its wish for a second."""
    return replace(
        asked, words={}, ask_second=False, override=None, evacuation=bare_plan(asked.evacuation)
    )


def fingerprint(asked: Content) -> str:
    """Return the hash of the exact content: every field, the words by their hash."""
    plain = {"what": type(asked).__name__, **asdict(bare(asked))}
    for later in ("evacuation", "draft_id"):  # hashed as before there were such
        if plain.get(later) is None:
            plain.pop(later, None)
    return _hash(plain)


def as_it_stands(alert: Alert) -> str:
    """Return the hash of what an alert says to people; a later end does not change it."""
    said = (
        alert.level, asdict(alert.area), alert.texts, alert.urgency, alert.severity,
        alert.certainty,
    )  # fmt: skip
    return _hash(said if alert.plan is None else (*said, asdict(alert.plan)))


def _hash(value: object) -> str:
    plain = json.dumps(value, sort_keys=True, default=str)  # str: of moments, with their zone
    return hashlib.sha256(plain.encode()).hexdigest()


def needs_second(
    world: World,
    warrant: Warrant,
    *,
    hazard: str,
    area: Area,
    severity: Severity,
    status: Status,
) -> tuple[str, ...]:
    """Return what policy wants a second person for; empty: one is enough.

    ``hazard``, ``people``, ``regions``, ``nationwide``, ``unusual`` (an Extreme alert outside the
    hazards that are this authority's daily work). A drill asks for the same, so that it is
    rehearsed; Test, System and Draft reach nobody and need nobody.

    Source: RELIABILITY P18; LESSONS L2.
    """
    if status in (Status.TEST, Status.SYSTEM, Status.DRAFT):
        return ()
    policy, tree = world.second_person, world.tree
    if hazard in policy.single_person:  # in one's own territory, which the scope has checked
        return ()
    why: list[str] = []
    if hazard in policy.hazards:
        why.append("hazard")
    people = people_in(tree, area)
    if people is not None and people > policy.people_above:
        why.append("people")
    leaves = tree.extent(area).touched
    tops = sum(1 for code in tree.children(tree.root) if tree.leaves[tree.index[code]] & leaves)
    if tops > policy.top_regions_above:
        why.append("regions")
    if leaves and tree.mask((tree.root,)) & ~leaves == 0:
        why.append("nationwide")
    if severity is Severity.EXTREME and not warrant.scope.is_usual(hazard):
        why.append("unusual")
    return tuple(why)
