"""The overlap rules again, as slow and obvious as can be: sets of names, no bit masks.

For each leaf stands which alerts are over it, and each question is answered by looking at
every leaf. The states with ``since`` are worked out anew from the list of all that happened.
Nothing here is taken from the code under test but the names of things.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from kit.world import LEAVES, PARENTS, leaves_of

FADES = timedelta(minutes=30)
FORGOTTEN = timedelta(hours=24)
RANKS = {"yellow": 0, "red": 1, "black": 2, None: 3}
UNDER = {
    "nation": {"nation", "north-office", "south-office", "n1-office"},
    "north-office": {"north-office", "n1-office"},
}


def may_end(sender: str, owner: str) -> bool:
    """Whether a sender may end that owner's alerts."""
    return owner in UNDER.get(sender, {sender})


def not_yours(sender: str, owner: str) -> str | None:
    """Why a sender may not end that owner's alerts."""
    if may_end(sender, owner):
        return None
    return "superior-alert" if may_end(owner, sender) else "not-yours"


@dataclass(frozen=True)
class Lent:
    """What one authority lets another end parts of, until when."""

    sender: str
    to: str
    leaves: frozenset[str]
    hazards: tuple[str, ...]
    until: datetime


@dataclass
class Known:
    """One alert: ``covers`` says for each leaf under it whether it is covered whole."""

    id: str
    room: str
    hazard: str
    level: str | None
    sender: str
    covers: dict[str, bool]
    shape: dict[str, float]
    sent: datetime
    expires: datetime
    state: str = "active"
    ended: datetime | None = None
    standing: bool = False


@dataclass(frozen=True)
class Fact:
    """What was so with one alert after one event; ``cleared`` are leaves given the all-clear."""

    at: datetime
    alert: Known | None
    cleared: frozenset[str] = frozenset()
    mandates: dict[str, frozenset[str]] | None = None


@dataclass(frozen=True)
class Seen:
    """What is shown for one region and hazard."""

    state: str
    since: datetime | None
    level: str | None
    cleared_until: datetime | None
    withdrawn_at: datetime | None


@dataclass
class Naive:
    """Everything that happened, and what is open now."""

    open: dict[str, Known] = field(default_factory=dict)
    facts: list[Fact] = field(default_factory=list)
    mandates: dict[str, frozenset[str]] = field(default_factory=dict)
    lent: list[Lent] = field(default_factory=list)

    # -- what is -----------------------------------------------------------------------------

    def in_state(self, state: str) -> list[Known]:
        """The open alerts in one state."""
        return [alert for alert in self.open.values() if alert.state == state]

    def over(self, leaf: str, hazard: str, room: str, state: str = "active") -> set[str]:
        """Which alerts are over a leaf."""
        return {
            alert.id
            for alert in self.in_state(state)
            if (alert.hazard, alert.room) == (hazard, room) and leaf in alert.covers
        }

    def sounds_in(self, alert: Known, before: Known | None = None) -> set[str]:
        """In which leaves an alert sounds when it comes, or comes instead of ``before``."""
        if alert.room == "Test" or alert.level == "yellow":
            return set()
        loud = set()
        for leaf, whole in alert.covers.items():
            under = any(
                other.covers.get(leaf, False)
                for other in self.in_state("active")
                if (other.hazard, other.room) == (alert.hazard, alert.room)
                and RANKS[other.level] >= RANKS[alert.level]
            )
            if before is not None and before.state == "active" and leaf in before.covers:
                same = RANKS[before.level] >= RANKS[alert.level] and not whole
                under = under or same
            if not under:
                loud.add(leaf)
        return loud

    def is_real(self, leaves: set[str]) -> bool:
        """Whether people there are under a real alert, beside which nobody drills."""
        return any(
            alert.room == "Actual" and not alert.standing and leaves & set(alert.covers)
            for alert in self.in_state("active")
        )

    def drills(self, leaves: set[str]) -> list[Known]:
        """The drills there."""
        return [
            alert for alert in self.in_state("active")
            if alert.room == "Exercise" and leaves & set(alert.covers)
        ]  # fmt: skip

    def is_lent(self, sender: str, alert: Known, ends: set[str], now: datetime) -> bool:
        """Whether a superior lets that part of his alert be ended: a part, and never the last."""
        return any(
            (lent.sender, lent.to) == (alert.sender, sender)
            and alert.hazard in lent.hazards and now < lent.until
            and ends and ends <= lent.leaves and set(alert.covers) - ends
            for lent in self.lent
        )  # fmt: skip

    # -- what happens ------------------------------------------------------------------------

    def put(self, alert: Known, at: datetime, cleared: frozenset[str] = frozenset()) -> None:
        """Note an alert as it is after an event."""
        self.open[alert.id] = alert
        self.facts.append(Fact(at, replace(alert, covers=dict(alert.covers)), cleared))

    def forget(self, now: datetime) -> None:
        """Forget what ended over 24 hours ago, as happens with each issue."""
        for alert in list(self.open.values()):
            if alert.state in ("cleared", "cancelled") and alert.ended < now - FORGOTTEN:
                del self.open[alert.id]

    def let_warn(self, sender: str, leaves: frozenset[str], at: datetime) -> None:
        """Note where a sender may warn from now on."""
        self.mandates = {**self.mandates, sender: leaves}
        self.facts.append(Fact(at, None, mandates=self.mandates))

    # -- what is shown -----------------------------------------------------------------------

    def told(
        self, hazard: str, room: str, at: datetime
    ) -> tuple[list[Fact], list[Fact], dict[str, datetime]]:
        """Return what happened by then, the same without what was cancelled, and when it was."""
        facts = [
            fact for fact in self.facts
            if fact.at <= at
            and (fact.alert is None or (fact.alert.hazard, fact.alert.room) == (hazard, room))
        ]  # fmt: skip
        gone = {f.alert.id: f.at for f in facts if f.alert and f.alert.state == "cancelled"}
        lived = [fact for fact in facts if fact.alert is None or fact.alert.id not in gone]
        return facts, lived, gone

    def scene(self, hazard: str, room: str, at: datetime) -> Scene:
        """What is over every leaf at a moment."""
        return Scene(self.told(hazard, room, at)[1], at)

    def shown(self, hazard: str, room: str, at: datetime) -> dict[str, Seen]:
        """What is shown for every region at a moment, worked out from everything before it."""
        facts, lived, gone = self.told(hazard, room, at)
        moments: list[tuple[datetime, int]] = []
        for number, fact in enumerate(lived):
            before = lived[number - 1].at if number else None
            fades = {f.at + FADES for f in lived[:number] if f.cleared}
            moments += [(t, number) for t in sorted(fades) if before < t <= fact.at]
            moments.append((fact.at, number + 1))
        last = lived[-1].at if lived else at
        fades = sorted({f.at + FADES for f in lived if f.cleared})
        moments += [(t, len(lived)) for t in fades if last < t <= at]
        runs: dict[str, tuple[str, datetime | None]] = dict.fromkeys(
            PARENTS, ("no-information", None)
        )
        for moment, count in moments:
            scene = Scene(lived[:count], moment)
            for region in PARENTS:
                state = scene.state(region)
                if runs[region][0] != state:
                    runs[region] = (state, moment)
        scene = Scene(lived, at)
        found = {}
        for region, (state, since) in runs.items():
            withdrawn = [
                gone[f.alert.id] for f in facts
                if f.alert and f.alert.id in gone and at < gone[f.alert.id] + FADES
                and set(f.alert.covers) & leaves_of(region)
            ]  # fmt: skip
            found[region] = Seen(
                state, since, scene.level(region, state), scene.until(region, state),
                max(withdrawn, default=None),
            )  # fmt: skip
        return found


class Scene:
    """One moment, by the facts up to it."""

    def __init__(self, facts: list[Fact], at: datetime) -> None:
        alerts: dict[str, Known] = {}
        self.cleared: dict[str, datetime] = {}
        self.mandated: frozenset[str] = frozenset()
        for fact in facts:
            if fact.alert is None:
                self.mandated = frozenset().union(*fact.mandates.values())
            else:
                alerts[fact.alert.id] = fact.alert
            if at < fact.at + FADES:
                self.cleared.update(dict.fromkeys(fact.cleared, fact.at + FADES))
        self.active: dict[str, list[Known]] = defaultdict(list)
        self.ran_out: set[str] = set()
        for alert in alerts.values():
            for leaf in alert.covers:
                if alert.state == "active":
                    self.active[leaf].append(alert)
                if alert.state == "unconfirmed":
                    self.ran_out.add(leaf)

    def state(self, region: str) -> str:
        """The first of the states that holds. Source: formats/api-v1.md."""
        leaves = [leaf for leaf in LEAVES if leaf in leaves_of(region)]
        if all(any(a.covers[leaf] for a in self.active[leaf]) for leaf in leaves):
            return "active"
        if any(self.active[leaf] for leaf in leaves):
            return "partial"
        if any(leaf in self.ran_out for leaf in leaves):
            return "unconfirmed"
        if any(leaf in self.cleared for leaf in leaves):
            return "cleared"
        if not any(leaf in self.mandated for leaf in leaves):
            return "no-information"
        return "none"

    def level(self, region: str, state: str) -> str | None:
        """The highest level of the alerts that touch a region."""
        if state not in ("active", "partial"):
            return None
        levels = [a.level for leaf in leaves_of(region) for a in self.active[leaf]]
        return max(levels, key=RANKS.__getitem__)

    def until(self, region: str, state: str) -> datetime | None:
        """Until when an all-clear is shown."""
        if state != "cleared":
            return None
        return max(self.cleared[leaf] for leaf in leaves_of(region) if leaf in self.cleared)
