"""Laws of the register and of coverage, whatever is entered, reported, erased, in any order.

The model beside the rules is naive: leaves by name in a table, closures by walking, no masks.
"""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kit.works import DEGRADED, DOWN, UNKNOWN, WIRED, WORKING, Works, facility
from kit.world import LEAVES, MINUTE, PARENTS, leaves_of
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.audit import OfficersPaged
from tocsin.core.coverage import at_risk, coverage, hidden, needed_by, without_any
from tocsin.core.facilities import Condition
from tocsin.core.refusals import Refusal
from tocsin.core.state import State, evolve

CHANNELS = ("tv", "radio", "sirens")
REGIONS = tuple(PARENTS)
pick = st.integers(0, 5)
conditions = st.sampled_from(list(Condition))
channels = st.sampled_from(CHANNELS)
places = st.lists(st.sampled_from(REGIONS), min_size=1, max_size=2, unique=True)
serves = st.dictionaries(channels, places, max_size=2)
steps = st.one_of(
    st.tuples(st.just("add"), st.sets(pick, max_size=3), serves),
    st.tuples(st.just("describe"), pick, st.sets(pick, max_size=3), serves),
    st.tuples(st.just("say"), pick, conditions, st.integers(0, 3)),
    st.tuples(st.just("set"), channels, st.none() | conditions, places, st.integers(0, 3)),
    st.tuples(st.just("erase"), pick),
    st.tuples(st.just("lose the key")),
)
stories = st.lists(steps, max_size=25)


class Model:
    """Beside the rules: what people were told, by leaf, from words alone."""

    def __init__(self) -> None:
        self.words: list[tuple[int, int, str, frozenset[str], Condition | None]] = []
        self.told: dict[str, set[str]] = {each: set() for each in CHANNELS}

    def follow(self, works: Works) -> None:
        """Work out anew what is lost, as the page of coverage says it."""
        blind = any(
            one.facility is None and not one.erased for one in works.infra.installations.values()
        )
        self.told = {
            channel: {leaf for leaf in LEAVES if self._is_lost(works, channel, leaf, blind=blind)}
            for channel in CHANNELS
        }

    def _is_lost(self, works: Works, channel: str, leaf: str, *, blind: bool) -> bool:
        said = [
            (as_of, number, condition)
            for as_of, number, of, leaves, condition in self.words
            if of == channel and leaf in leaves
        ]
        told = leaf in self.told[channel]
        if said and (last := max(said)[2]) is not None:
            return last is DOWN or (last is UNKNOWN and told)
        carrying = [
            one.condition
            for one in works.infra.installations.values()
            if one.facility is not None
            for each in one.facility.serves
            if each.channel == channel and leaf in leaves_of(*each.regions)
        ]
        if carrying and all(each is DOWN for each in carrying):
            return True
        return told and (blind or not {WORKING, DEGRADED} & set(carrying))


class Told:
    """A story told step by step, with the model beside it."""

    def __init__(self) -> None:
        self.works = Works.with_mandates(WIRED)
        self.model = Model()
        self.ids: list[str] = []

    def do(self, step) -> tuple[object, ...]:
        """Take one step; return the events, none where it was refused."""
        self.works.wait(MINUTE)
        if step[0] == "lose the key":
            self.works.lose_the_key()
            return ()
        command = self._command(step)
        if command is None or isinstance(self.works.ask(command), Refusal):
            return ()
        events = self.works.tell(command)
        self.ids += [
            each.installation_id
            for each in events
            if isinstance(each, ie.InstallationRegistered) and each.installation_id not in self.ids
        ]
        if isinstance(command, ic.SetChannel):
            leaves = leaves_of(*command.regions)
            as_of = int((command.as_of or self.works.now).timestamp())
            self.model.words.append(
                (as_of, len(self.model.words), command.channel, leaves, command.condition)
            )
        self.model.follow(self.works)
        return events

    def _command(self, step):
        match step:
            case ("add", needs, carries):
                return ic.RegisterInstallation(
                    facility=self._described(needs, carries), content=f"c{len(self.ids)}"
                )
            case ("describe", number, needs, carries) if number < len(self.ids):
                return ic.RegisterInstallation(
                    facility=self._described(needs, carries), content=f"d{self.works.now}",
                    installation_id=self.ids[number],
                )  # fmt: skip
            case ("say", number, condition, ago) if number < len(self.ids):
                return self.works.saying(
                    self.ids[number], condition, as_of=self.works.now - ago * MINUTE
                )
            case ("set", channel, condition, regions, ago):
                return self.works.setting(
                    channel, condition, *regions, as_of=self.works.now - ago * MINUTE
                )
            case ("erase", number) if number < len(self.ids):
                return ic.EraseInstallation(installation_id=self.ids[number], reason="r")
        return None

    def _described(self, needs, carries):
        known = tuple(self.ids[number] for number in sorted(needs) if number < len(self.ids))
        return facility("one", needs=known, serves=carries)


def told_of(story) -> Told:
    """Tell a story, whatever in it is refused."""
    told = Told()
    for step in story:
        told.do(step)
    return told


def closure(installations, name):
    """All that an installation needs, by walking until nothing is new; itself where it loops."""
    found: set[str] = set()
    while True:
        more = {
            need.on
            for each in {name, *found}
            if each in installations and installations[each].facility is not None
            for need in installations[each].facility.needs
        }
        if more <= found:
            return found
        found |= more


# -- dependency ------------------------------------------------------------------------------------


@given(stories)
def test_no_order_of_entering_and_describing_makes_a_loop(story):
    told = told_of([step for step in story if step[0] != "lose the key"])
    for name in told.ids:
        assert name not in closure(told.works.infra.installations, name)


@given(stories)
def test_at_risk_is_the_naive_closure_of_what_is_down(story):
    works = told_of(story).works
    installations = works.infra.installations
    expected = {
        name: {
            each for each in closure(installations, name) if installations[each].condition is DOWN
        }
        for name, one in installations.items()
        if one.condition is not DOWN
    }
    found = at_risk(installations)
    assert {name: set(causes) for name, causes in found.items()} == {
        name: causes for name, causes in expected.items() if causes
    }
    for name in installations:
        assert set(needed_by(installations, name)) == closure(installations, name) - {name}


# -- coverage --------------------------------------------------------------------------------------


@settings(max_examples=300)
@given(stories)
def test_lost_is_what_the_naive_model_says_and_what_people_were_told(story):
    told = told_of(story)
    for channel in CHANNELS:
        assert told.works.told(channel) == told.model.told[channel]
        if not hidden(told.works.infra):  # a key that goes later changes nothing that was told
            assert told.works.lost(channel) == told.model.told[channel]


@given(stories)
def test_nothing_is_lost_by_inference_alone(story):
    told = told_of([step for step in story if step[0] != "set"])
    ever_down = {
        each.installation_id
        for each in told.works.events
        if isinstance(each, ie.ConditionReported) and each.condition is DOWN
    }
    reported = leaves_of(
        *(
            code
            for each in told.works.events
            if isinstance(each, ie.InstallationRegistered) and each.installation_id in ever_down
            for carried in (each.facility.serves if each.facility is not None else ())
            for code in carried.regions
        )
    )
    for channel in CHANNELS:
        assert told.works.told(channel) <= reported


@given(stories, serves)
def test_adding_a_working_server_never_loses_a_leaf(story, carries):
    works = told_of(story).works
    before = {each.channel.id: each.lost for each in coverage(WIRED, works.infra)}
    alone = without_any(WIRED, works.infra)
    works.wait(MINUTE)
    works.say(works.add("another", serves=carries), WORKING)
    for each in coverage(WIRED, works.infra):
        assert not each.lost & ~before[each.channel.id]
    assert not without_any(WIRED, works.infra) & ~alone


@given(stories, steps)
def test_only_a_word_that_something_works_gives_a_channel_back(story, step):
    told = told_of(story)
    before = {channel: told.works.told(channel) for channel in CHANNELS}
    events = told.do(step)
    back = {c for c in CHANNELS if before[c] - told.works.told(c)}
    if not back:
        return
    first = events[0]
    if isinstance(first, ie.ChannelSet) and first.condition is not None:
        assert first.condition in (WORKING, DEGRADED)
        return
    assert hidden(told.works.infra) == 0
    if isinstance(first, ie.ChannelSet):  # a word taken back: what is said to work counts
        for channel in back:
            carried = {
                leaf
                for one in told.works.infra.installations.values()
                if one.facility is not None and one.condition in (WORKING, DEGRADED)
                for each in one.facility.serves
                if each.channel == channel
                for leaf in leaves_of(*each.regions)
            }
            assert before[channel] - told.works.told(channel) <= carried
    elif isinstance(first, ie.ConditionReported):
        assert first.condition in (WORKING, DEGRADED)
    else:  # one that was said to work is described as carrying more
        assert isinstance(first, ie.InstallationRegistered)
        one = told.works.one(first.installation_id)
        assert one.condition in (WORKING, DEGRADED)


@given(stories, channels, places)
def test_all_erased_and_every_word_taken_back_nothing_comes_back(story, channel, regions):
    told = told_of(story)
    before = told.works.told(channel)
    for number in range(len(told.ids)):
        told.do(("erase", number))
    told.do(("set", channel, None, regions, 0))
    assert before <= told.works.told(channel)


@given(stories, stories)
def test_while_the_key_is_away_installations_give_nothing_back(story, more):
    told = told_of(story)
    told.works.lose_the_key()
    for step in more:
        if hidden(told.works.infra) == 0 or step[0] == "set":
            continue
        before = {channel: told.works.told(channel) for channel in CHANNELS}
        told.do(step)
        if hidden(told.works.infra):
            for channel in CHANNELS:
                assert before[channel] <= told.works.told(channel)


@given(stories)
def test_officers_are_called_exactly_when_a_leaf_loses_its_last_channel(story):
    told = Told()
    for step in story:
        before = without_any(WIRED, told.works.infra)
        events = told.do(step)
        after = without_any(WIRED, told.works.infra)
        if step[0] != "lose the key":
            called = any(isinstance(each, OfficersPaged) for each in events)
            assert called is bool(after & ~before)


@given(stories)
def test_folded_again_without_the_key_people_are_told_the_same(story):
    works = told_of([step for step in story if step[0] != "lose the key"]).works
    state = State()
    for event in works.events:
        if isinstance(event, ie.InstallationRegistered):
            event = replace(event, facility=None)  # noqa: PLW2901
        state = evolve(state, event)
    assert state.infra.may_not == works.infra.may_not
    assert all(one.facility is None for one in state.infra.installations.values())
