"""A small country to try the rules in, and a story told in it: commands in, events kept.

The tree has four levels and nine leaves; ``city`` and ``s2`` are leaves higher up::

    land ─┬─ north ─┬─ n1 ── n1a, n1b, n1c
          │         └─ n2 ── n2a, n2b
          ├─ south ─┬─ s1 ── s1a, s1b
          │         └─ s2
          └─ city

``nation`` may end what anybody under it issued, ``north-office`` what ``n1-office`` did.
``army`` may warn everywhere, and nobody is above or under it.

``POLICED`` is the same country with people in it, where policy wants two persons for some alerts.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core.alert import Alert, Category, Certainty, Realm, Severity, Status, Urgency
from tocsin.core.area import Area, Circle, Polygon, Region, RegionTree, Touched
from tocsin.core.authority import EVERY, Role, Scope, Warrant
from tocsin.core.decide import decide
from tocsin.core.hazard import Hazard, Level, Phrase, Words
from tocsin.core.proposal import Proposal
from tocsin.core.refusals import Refusal
from tocsin.core.state import State, evolve
from tocsin.core.world import SecondPerson, World

NOW = datetime(2022, 10, 10, 5, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)

PARENTS: dict[str, str | None] = {
    "land": None, "north": "land", "south": "land", "city": "land",
    "n1": "north", "n1a": "n1", "n1b": "n1", "n1c": "n1", "n2": "north", "n2a": "n2", "n2b": "n2",
    "s1": "south", "s1a": "s1", "s1b": "s1", "s2": "south",
}  # fmt: skip
LEAVES = ("city", "n1a", "n1b", "n1c", "n2a", "n2b", "s1a", "s1b", "s2")
LANGUAGES = ("uk", "en")
WORDS: co.Texts = {
    phrase: {language: Words(f"{phrase} {language}", "what", "do this") for language in LANGUAGES}
    for phrase in Phrase
}
SQUARE = Polygon(((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)))
ELSEWHERE = Polygon(((5.0, 5.0), (6.0, 5.0), (6.0, 6.0), (5.0, 5.0)))
ROUND = Circle((0.5, 0.5), 3000.0)


def hazard(name: str, **more: object) -> Hazard:
    """Return a hazard with the usual values, but for ``more``."""
    usual = Hazard(
        id=name,
        category=Category.SECURITY,
        event_code=name.upper(),
        names={"en": name},
        urgency=Urgency.IMMEDIATE,
        severity=Severity.EXTREME,
        certainty=Certainty.OBSERVED,
        words={},
        default=timedelta(hours=12),
        longest=timedelta(hours=24),
    )
    return replace(usual, **more)  # type: ignore[arg-type]  # names and types are the hazard's


def _hazards() -> dict[str, Hazard]:
    levels = (
        Level("yellow", {}, siren=False, severity=Severity.MODERATE, urgency=Urgency.FUTURE),
        Level("red", {}),
        Level("black", {}),
    )
    known = (
        hazard("air-raid", levels=levels, extends_by=15 * MINUTE),
        hazard("chemical"),
        hazard("evacuation", needs_instruction=True, longest=timedelta(hours=72)),
        hazard("flood", default=timedelta(hours=48)),
    )
    return {each.id: each for each in known}


def _tree(people: Mapping[str, int]) -> RegionTree:
    return RegionTree(
        Region(
            geocode=code, parent=parent, level="any", names={"en": code},
            population=people.get(code),
        )
        for code, parent in PARENTS.items()
    )  # fmt: skip


WORLD = World(
    id="small",
    tree=_tree({}),
    hazards=_hazards(),
    languages=LANGUAGES,
    superiors={
        "nation": frozenset({"north-office", "south-office", "n1-office"}),
        "north-office": frozenset({"n1-office"}),
    },
)
PEOPLE = {
    "n1a": 100_000, "n1b": 200_000, "n1c": 300_000, "n2": 200_000, "south": 400_000,
    "s1a": 100_000, "city": 900_000,
}  # fmt: skip
"""What was published: nobody counted in n2's parts, in s1b and in s2."""
POLICED = replace(
    WORLD,
    tree=_tree(PEOPLE),
    second_person=SecondPerson(
        hazards=frozenset({"chemical"}), single_person=frozenset({"air-raid"})
    ),
)
MANDATES = {
    "nation": "land", "army": "land", "north-office": "north", "south-office": "south",
    "n1-office": "n1",
}  # fmt: skip
SENDERS = tuple(MANDATES)


def up(code: str) -> list[str]:
    """Return a region and all above it, by the plain table, not by the tree under test."""
    parent = PARENTS[code]
    return [code] if parent is None else [code, *up(parent)]


@functools.cache
def leaves_of(*codes: str) -> frozenset[str]:
    """Return the leaves in these regions, by the plain table."""
    return frozenset(leaf for leaf in LEAVES if set(up(leaf)) & set(codes))


def drawn(*touched: tuple[str, float, float], polygon: Polygon = SQUARE) -> Area:
    """Return a polygon's area; each of ``touched`` is a leaf, its share, and the drawn's share."""
    return Area(polygons=(polygon,), touched=tuple(Touched(*each) for each in touched))


def issuing(*regions: str, **more: object) -> co.IssueAlert:
    """Return the command to warn of an air raid in ``regions``, but for ``more``."""
    usual = co.IssueAlert(
        realm=Realm.LIVE,
        status=Status.ACTUAL,
        sender="nation",
        hazard="air-raid",
        area=Area(regions=regions),
        words=WORDS,
        texts="hash",
        content="content",
        by="officer",
    )
    return replace(usual, **more)  # type: ignore[arg-type]  # names and types are the command's


def officer(name: str = "anna", **more: object) -> Warrant:
    """Return an operator of the nation on her own device, who may do all there, but for ``more``.

    What a warrant has not is the scope's: role, sender, regions, hazards, realms and so on.
    """
    usual = Scope(
        role=Role.OPERATOR, sender="nation", regions=("land",), hazards=(EVERY,),
        realms=(Realm.LIVE, Realm.DRILL),
    )  # fmt: skip
    own = {key: more.pop(key) for key in list(more) if key in Warrant.__dataclass_fields__}
    warrant = Warrant(
        account=name,
        credential=f"passkey of {name}",
        name=name.title(),
        scope=replace(usual, **more),  # type: ignore[arg-type]  # names and types are the scope's
        session=f"session of {name}",
        device=f"device of {name}",
    )
    return replace(warrant, **own)  # type: ignore[arg-type]  # names and types are the warrant's


def approving(proposal: Proposal, **more: object) -> co.AnswerProposal:
    """Return the approval of a proposal as it is, confirmed, but for ``more``."""
    usual = co.AnswerProposal(
        proposal_id=proposal.id, verdict=co.Verdict.APPROVE, content=proposal.content,
        words=WORDS, confirmed=True,
    )  # fmt: skip
    return replace(usual, **more)  # type: ignore[arg-type]  # names and types are the command's


DRILL = {"realm": Realm.DRILL, "status": Status.EXERCISE}


@dataclass
class Story:
    """Commands one after another in the small country, and all that followed from them."""

    world: World = WORLD
    state: State = field(default_factory=State)
    now: datetime = NOW
    events: list[ev.Event] = field(default_factory=list)
    count: int = 0

    @classmethod
    def with_mandates(cls, world: World = WORLD) -> Story:
        """Return a story in which every sender may warn where it should."""
        story = cls(world)
        for sender, region in MANDATES.items():
            story.tell(co.GiveMandate(sender=sender, regions=(region,)))
        return story

    def wait(self, time: timedelta) -> None:
        """Let time pass; nothing expires by itself."""
        self.now += time

    def ask(
        self, command: co.Command, warrant: Warrant | None = None
    ) -> tuple[ev.Event, ...] | Refusal:
        """Decide a command without letting it happen."""
        new_id = f"01900000-0000-7000-8000-{self.count + 1:012x}"
        return decide(self.world, self.state, command, self.now, (new_id,), warrant)

    def tell(self, command: co.Command, warrant: Warrant | None = None) -> tuple[ev.Event, ...]:
        """Decide a command, let it happen and return what followed; a refusal fails the test."""
        decision = self.ask(command, warrant)
        assert not isinstance(decision, Refusal), decision
        for event in decision:
            self.state = evolve(self.state, event)
        self.events += decision
        made = any(isinstance(event, ev.AlertIssued | ev.ProposalMade) for event in decision)
        self.count += made or isinstance(command, co.IssueAlert)
        return decision

    def refused(self, command: co.Command, warrant: Warrant | None = None) -> Refusal:
        """Decide a command that must be refused, and return the refusal."""
        decision = self.ask(command, warrant)
        assert isinstance(decision, Refusal), decision
        return decision

    def issue(self, *regions: str, **more: object) -> Alert:
        """Warn, and return the alert."""
        event = self.tell(issuing(*regions, **more))[0]
        assert isinstance(event, ev.AlertIssued)
        return self.alert(event.alert_id)

    def propose(self, warrant: Warrant, command: co.Command) -> Proposal:
        """Ask for what policy wants two persons for, and return the proposal that it becomes."""
        event = self.tell(command, warrant)[0]
        assert isinstance(event, ev.ProposalMade), event
        return self.state.proposals[event.proposal.id]

    def extend(self, alert: Alert, until: timedelta, **more: object) -> Alert:
        """Let an alert last until so long from now."""
        command = co.ExtendAlert(
            alert_id=alert.id, sender=alert.sender, expires=self.now + until,
            **more,  # type: ignore[arg-type]  # names and types are the command's
        )  # fmt: skip
        self.tell(command)
        return self.alert(alert.id)

    def update(self, alert: Alert, **more: object) -> Alert:
        """Change an alert in its own sender's name."""
        command = replace(co.UpdateAlert(alert_id=alert.id, sender=alert.sender), **more)  # type: ignore[arg-type]
        self.tell(command)
        return self.alert(alert.id)

    def clear(self, alert: Alert, *regions: str, sender: str = "", ticked: Iterable[Alert] = (),
              **more: object) -> tuple[ev.Event, ...]:  # fmt: skip
        """Give the all-clear for an alert, or for its part in ``regions``."""
        command = co.ClearAlert(
            sender=sender or alert.sender, alert_id=alert.id, regions=regions,
            ticked=tuple(each.id for each in ticked),
        )  # fmt: skip
        return self.tell(replace(command, **more))  # type: ignore[arg-type]

    def cancel(self, alert: Alert, reason: str = "typed the wrong name") -> tuple[ev.Event, ...]:
        """Withdraw an alert as issued in error."""
        return self.tell(co.CancelAlert(sender=alert.sender, alert_id=alert.id, reason=reason))

    def run_out(self, alert: Alert) -> Alert:
        """Wait until an alert's end and let it run out."""
        self.now = max(self.now, alert.expires)
        self.tell(co.ExpireAlert(alert_id=alert.id))
        return self.alert(alert.id)

    def alert(self, alert_id: str) -> Alert:
        """Return an open alert."""
        found = self.state.alert(alert_id)
        assert found is not None, alert_id
        return found

    def proposal(self, proposal_id: str) -> Proposal:
        """Return a proposal that waits, or was answered not long ago."""
        return self.state.proposals[proposal_id]

    def extent(self, alert: Alert) -> frozenset[str]:
        """Return the leaves that an alert touches."""
        return frozenset(self.world.tree.leaf_names(self.world.tree.extent(alert.area).touched))
