"""The straight part of the road: a command becomes events, events become rows.

Synchronous, one caller at a time. ``Service`` (``submit``) drives it with a writer thread for
live commands; the importer drives it directly, in large batches. Both take the same steps:
put what the command names beside the state, write the words, decide, evolve, record.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from tocsin import phrases
from tocsin.core import commands as co
from tocsin.core import events as ev
from tocsin.core import ledger_events as le
from tocsin.core.alert import Alert, Realm
from tocsin.core.area import Area, Leaves
from tocsin.core.authority import Warrant
from tocsin.core.control import SetControl
from tocsin.core.decide import decide
from tocsin.core.endings import without
from tocsin.core.evacuation import Evacuation, Plan
from tocsin.core.hazard import Phrase, Words
from tocsin.core.infra_commands import INFRA_MAKES_ONE
from tocsin.core.infra_events import InstallationErased
from tocsin.core.intake_commands import INTAKE_MAKES_ONE
from tocsin.core.ledger_commands import MAKES_ONE, EnterClaim, JoinWave, OpenWave
from tocsin.core.notice_commands import NOTICE_MAKES_ONE
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State, evolve
from tocsin.core.world import World
from tocsin.service.plans import Plans
from tocsin.service.ports import Entry, IdempotencyKey, Identity, Journal
from tocsin.service.record import AlertView, Codec, draft_of, views_of

WORDS_REMEMBERED = 5_000
"""Distinct sets of words kept ready; more are written anew."""

NEEDS_AN_ID = (
    co.IssueAlert | co.UpdateAlert | co.AnswerProposal | MAKES_ONE | NOTICE_MAKES_ONE | SetControl
)
"""What may bring an alert, a proposal or an entry of the ledger into the world."""

Given = Mapping[str, Mapping[str, str]]
"""An operator's own words: language -> headline, description, instruction."""


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A client's Idempotency-Key: whose, which, and the hash of the request's body (P3)."""

    credential: str
    key: str
    body: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it arrives, with the words that were given and the client's key."""

    command: co.Command
    given: Given = field(default_factory=dict)
    key: RequestKey | None = None
    warrant: Warrant | None = None
    """With what right it is asked; None: by the house itself."""
    texts: Mapping[str, bytes] = field(default_factory=dict)
    """Words that the command names by their content hash."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A command decided and written down, not yet recorded."""

    asked: Asked
    events: tuple[ev.Event, ...]
    entry: Entry
    alert_id: str | None
    revision: int
    before: State
    """The state in which it was decided, and ..."""
    after: State
    """... the one that its events lead to, so that nobody folds them a second time."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What was asked is so already: the alert and the revision that say it."""

    alert_id: str | None
    revision: int


class Road:
    """Decides commands against the head of what was decided so far.

    ``state`` runs ahead of the journal by what is prepared and not yet recorded; ``fall_back``
    returns to what is recorded, which is how a batch that failed is dropped.
    """

    def __init__(
        self, world: World, journal: Journal, codec: Codec, new_id: Callable[[], str]
    ) -> None:
        self.world = world
        self.state = State()
        self._journal = journal
        self._codec = codec
        self._new_id = new_id
        self._plans = Plans(codec, journal.text)
        self._all_names: set[tuple[str, str]] | None = None
        self._words: dict[tuple[object, ...], tuple[co.Texts, str, bytes]] = {}

    def begin_empty(self) -> None:
        """Take it that the journal is empty and written by this road alone: names are kept here.

        Saves a look into the journal for each alert of a large import.
        """
        self._all_names = set()

    def fall_back(self, state: State) -> None:
        """Forget everything that was prepared after ``state``."""
        self.state = state

    def prepare(self, asked: Asked, now: datetime) -> Prepared | Settled | Refusal:
        """Decide one command at ``now`` and move the head past it."""
        if (key := asked.key) is not None:
            used = self._journal.find_key(key.credential, key.key)
            if used is not None:
                if used.body == key.body:
                    return Settled(used.alert_id or None, used.revision)
                return Refusal(
                    Rule.KEY_REUSED, "/Idempotency-Key",
                    "This key was used for another request; take a new one.",
                )  # fmt: skip
        worded = self._worded(asked)
        if isinstance(worded, Refusal):
            return worded
        command, texts = worded
        state = self._with_named(command)
        if isinstance(state, Refusal):
            return state
        decision = decide(self.world, state, command, now, self._ids(command), asked.warrant)
        if isinstance(decision, Refusal):
            return decision
        if not decision:
            alert = _alert_of(state, command)
            return Settled(alert.id, alert.revision) if alert else Settled(None, 0)
        for event in decision:
            state = evolve(state, event)
        alert_id = _subject(decision)
        if isinstance(command, co.ClearAlert) and command.ticked:
            named = _alert_of(state, command)  # it may have been cleared before what is ticked
            alert_id = named.id if named is not None else alert_id
        alert = state.alert(alert_id) if alert_id is not None else None
        revision = alert.revision if alert is not None else 0
        if self._all_names is not None and isinstance(decision[0], ev.AlertIssued):
            self._all_names.add((decision[0].sender, decision[0].identifier))
        texts = {**texts, **asked.texts} if asked.texts else texts
        entry = self._entry(asked, decision, texts, alert_id, revision)
        before = self.state
        self.state = replace(state, beside={}) if state.beside else state
        return Prepared(asked, decision, entry, alert_id, revision, before, self.state)

    def try_out(
        self, asked: Asked, now: datetime
    ) -> tuple[co.Command, tuple[ev.Event, ...]] | Refusal:
        """Decide without moving the head: what would happen, and the command with its words."""
        worded = self._worded(asked)
        if isinstance(worded, Refusal):
            return worded
        command, _ = worded
        state = self._with_named(command)
        if isinstance(state, Refusal):
            return state
        decision = decide(self.world, state, command, now, self._ids(command), asked.warrant)
        return decision if isinstance(decision, Refusal) else (command, decision)

    def views(self, alert_id: str, until: datetime | None = None) -> list[AlertView]:
        """Return the recorded revisions of an alert, oldest first; none where it is unknown.

        ``until``: those that hold by that moment.
        """
        return views_of(self._codec, self._journal.of(alert_id), until)

    def words(self, alert: Alert) -> co.Texts:
        """Return an alert's words: those stored with it, or the profile's for imported history."""
        if alert.texts is not None and (body := self._journal.text(alert.texts)) is not None:
            return phrases.read_stored(body)
        return phrases.words_from_template(self.world, alert)

    def plan(self, held: Plan | Evacuation | None) -> Evacuation | None:
        """Return the plan of an evacuation with its words, the assembly places among them."""
        return self._plans.read(held)

    def _ids(self, command: co.Command) -> tuple[str, ...]:
        if isinstance(command, EnterClaim | INFRA_MAKES_ONE | INTAKE_MAKES_ONE):  # two things, or
            # one with a name of its own for people
            return (self._new_id(), self._new_id())
        return (self._new_id(),) if isinstance(command, NEEDS_AN_ID) else ()

    def _worded(self, asked: Asked) -> tuple[co.Command, Mapping[str, bytes]] | Refusal:
        """Return the command with its words and its plan written, and all that is to be stored."""
        command, texts = self._spoken(asked)
        if not isinstance(command, co.IssueAlert | co.UpdateAlert) or command.evacuation is None:
            return command, texts
        alert = self.state.alert(command.alert_id) if isinstance(command, co.UpdateAlert) else None
        written = self._plans.written(command.evacuation, alert.plan if alert is not None else None)
        if written is None:
            return Refusal(
                Rule.NOT_ACCEPTED, "/evacuation/assembly",
                "This house has no key to seal the assembly places with.",
            )  # fmt: skip
        return replace(command, evacuation=written[0]), {**texts, **written[1]}

    def _spoken(self, asked: Asked) -> tuple[co.Command, Mapping[str, bytes]]:
        """Return the command with its words written, and the words to be stored with it."""
        command = asked.command
        if isinstance(command, co.IssueAlert) and not command.imported:
            hazard = self.world.hazards.get(command.hazard)
            if hazard is None or not self._is_known(command.area):
                return command, {}
            texts, content, body = self._written(
                command.hazard, command.level, command.area, command.realm, asked.given
            )
            return replace(command, words=texts, texts=content), {content: body}
        if isinstance(command, co.UpdateAlert):
            alert = self.state.alert(command.alert_id)
            changes = command.level is not None or command.area is not None or asked.given
            if alert is None or not changes or alert.hazard not in self.world.hazards:
                return command, {}
            area = command.area or alert.area
            if not self._is_known(area):
                return command, {}
            texts, content, body = self._written(
                alert.hazard, command.level or alert.level, area, alert.realm,
                asked.given or self._own_words(alert),
            )  # fmt: skip
            return replace(command, words=texts, texts=content), {content: body}
        if isinstance(command, co.ClearAlert) and not command.imported:
            return self._cleared(command)
        if isinstance(command, co.AnswerProposal) and command.verdict is co.Verdict.APPROVE:
            proposal = self.state.proposals.get(command.proposal_id)
            kept = (proposal.issue or proposal.update) if proposal is not None else None
            if kept is not None and kept.texts is not None:
                spoken = self._journal.text(kept.texts)
                if spoken is not None:
                    command = replace(command, words=phrases.read_stored(spoken))
            plan = self._plans.read(kept.evacuation) if kept is not None else None
            return replace(command, evacuation=plan), {}
        return command, {}

    def _cleared(self, command: co.ClearAlert) -> tuple[co.Command, Mapping[str, bytes]]:
        """Return an all-clear with the words that it changes, and those words to be stored.

        An alert that is reduced speaks of what is left. One that ends while people there stay under
        another alert says who is free and what goes on: nobody is told to leave a shelter that he
        must stay in (RELIABILITY P14).
        """
        state, tree = self.state, self.world.tree
        named = command.alert_id or state.identities.get((command.sender, command.identifier or ""))
        alert = state.alert(named) if named is not None else None
        if alert is None or not self._is_known(Area(regions=command.regions)):
            return command, {}
        going = [alert, *(a for name in command.ticked if (a := state.alert(name)) is not None)]
        mine = tree.extent(alert.area).touched
        part = mine & tree.mask(command.regions) if command.regions else mine
        hashes: dict[str, str] = {}
        texts: dict[str, bytes] = {}
        over = frozenset(each.id for each in going)  # none of them covers what is cleared any more
        for each in going:
            if each.hazard not in self.world.hazards or not each.is_in_force:
                continue
            if each is alert and mine & ~part:
                left = without(alert.area, self.world, part)
                _, content, body = self._written(
                    alert.hazard, alert.level, left, alert.realm, self._own_words(alert)
                )
            else:
                spoken = self._beside_others(each, tree.extent(each.area).touched, over)
                if spoken is None:
                    continue
                content, body = phrases.stored({**self.words(each), Phrase.ALL_CLEAR: spoken})
            hashes[each.id] = content
            texts[content] = body
        return replace(command, texts=hashes), texts

    def all_clear(self, alert: Alert, ends: Leaves, over: frozenset[str]) -> Mapping[str, Words]:
        """Return what an all-clear for these leaves of an alert would say, before it is given.

        ``over`` are the alerts that end with it.
        """
        if (spoken := self._beside_others(alert, ends, over)) is not None:
            return spoken
        if ends == self.world.tree.extent(alert.area).touched:
            return self.words(alert).get(Phrase.ALL_CLEAR, {})
        part = Area(regions=self.world.tree.fewest(ends))
        return phrases.all_clear_beside(self.world, alert, part, part, ())

    def _beside_others(
        self, alert: Alert, ends: Leaves, over: frozenset[str]
    ) -> Mapping[str, Words] | None:
        """Return an all-clear's words where other alerts go on there; None where none does."""
        tree = self.world.tree
        under: Leaves = 0
        goes_on: list[tuple[Area, Mapping[str, Words]]] = []
        for other in self.state.active.values():
            meets = tree.extent(other.area).touched & ends
            if meets and other.id not in over and other.audience is alert.audience:
                under |= meets
                said = self.words(other).get(Phrase.ALERT, {})
                goes_on.append((Area(regions=tree.fewest(meets)), said))
        if not under:
            return None
        ended, freed = (Area(regions=tree.fewest(each)) for each in (ends, ends & ~under))
        return phrases.all_clear_beside(self.world, alert, ended, freed, goes_on)

    def _own_words(self, alert: Alert) -> Given:
        """Return the words that an operator gave an alert, so that an update keeps them.

        They are each part of what is stored with it that differs from what the profile would say
        there; the other parts go on naming the alert's place, whatever it is by then.
        """
        spoken = self.words(alert).get(Phrase.ALERT, {})
        hazard = self.world.hazards[alert.hazard]
        usual = phrases.words_for(
            self.world, hazard, alert.level, alert.area, realm=Realm.LIVE
        ).get(Phrase.ALERT, {})
        own: dict[str, dict[str, str]] = {}
        for language, words in spoken.items():
            plain = phrases.without_drill(self.world, language, words)
            by_profile = usual.get(language)
            given = {
                name: said for name, said in plain.items()
                if by_profile is None or said != getattr(by_profile, name)
            }  # fmt: skip
            if given:
                own[language] = given
        return own

    def _written(
        self, hazard: str, level: str | None, area: Area, realm: Realm, given: Given
    ) -> tuple[co.Texts, str, bytes]:
        plain = tuple(
            (language, tuple(sorted(words.items()))) for language, words in sorted(given.items())
        )
        name = (hazard, level, area, realm, plain)
        known = self._words.get(name)
        if known is None:
            danger = self.world.hazards[hazard]
            texts = phrases.words_for(
                self.world,
                danger,
                level,
                area,
                realm=realm,
                given=given,
            )
            known = (texts, *phrases.stored(texts))
            if len(self._words) > WORDS_REMEMBERED:
                self._words.clear()
            self._words[name] = known
        return known

    def _is_known(self, area: Area) -> bool:
        return all(code in self.world.tree for code in (*area.regions, *area.excluded))

    def _with_named(self, command: co.Command) -> State | Refusal:
        """Return the state with the closed alerts that the command names put beside it."""
        state = self.state
        names: list[str] = []
        match command:
            case co.IssueAlert(identifier=str() as identifier):
                names = self._by_identity(state, command.sender, identifier)
            case co.ClearAlert() | co.CancelAlert():
                if command.alert_id is not None:
                    names = [command.alert_id]
                elif command.identifier is not None:
                    names = self._by_identity(state, command.sender, command.identifier)
                if isinstance(command, co.ClearAlert):
                    names = [*names, *command.ticked]
            case co.UpdateAlert() | co.ExtendAlert() | co.ExpireAlert() | co.KeepAlert():
                names = [command.alert_id]
            case OpenWave() | JoinWave():
                names = list(command.alerts)
            case _:
                return state
        beside = {}
        for name in names:
            if state.alert(name) is None and (views := self.views(name)):
                beside[name] = views[-1].alert
        return replace(state, beside=beside) if beside else state

    def _by_identity(self, state: State, sender: str, identifier: str) -> list[str]:
        if (sender, identifier) in state.identities:
            return []
        if self._all_names is not None and (sender, identifier) not in self._all_names:
            return []
        found = self._journal.find(sender, identifier)
        return [found.alert_id] if found is not None else []

    def _entry(
        self,
        asked: Asked,
        events: Sequence[ev.Event],
        texts: Mapping[str, bytes],
        alert_id: str | None,
        revision: int,
    ) -> Entry:
        identities = tuple(
            Identity(event.sender, event.identifier, event.content, event.alert_id)
            for event in events
            if isinstance(event, ev.AlertIssued)
        )
        keys: tuple[IdempotencyKey, ...] = ()
        if asked.key is not None:
            key = asked.key
            keys = (IdempotencyKey(key.credential, key.key, key.body, alert_id or "", revision),)
        drafts = tuple(draft_of(self._codec, event) for event in events)
        erases = tuple(
            content
            for event in events
            if isinstance(event, le.WordsErased | InstallationErased)
            for content in event.contents
        )
        return Entry(drafts, identities, keys, texts, erases)


def _subject(decision: Sequence[ev.Event]) -> str | None:
    """Return what a decision is about: an alert, a proposal, an entry of the ledger."""
    first = decision[0]
    last = decision[-1]
    if isinstance(last, le.LedgerEvent):
        return le.subject(last)
    if isinstance(first, ev.ProposalMade):
        return first.proposal.id
    return ev.alert_id_of(first) or ev.subject_of(first)


def _alert_of(state: State, command: co.Command) -> Alert | None:
    """Return the alert that a command which changes nothing is about."""
    match command:
        case co.IssueAlert(identifier=str() as identifier):
            return state.named(command.sender, identifier)
        case co.ClearAlert() | co.CancelAlert():
            if command.alert_id is not None:
                return state.alert(command.alert_id)
            return state.named(command.sender, command.identifier or "")
        case co.UpdateAlert() | co.ExtendAlert() | co.ExpireAlert():
            return state.alert(command.alert_id)
        case _:
            return None
