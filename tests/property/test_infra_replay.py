"""What a country runs on, read again from its journal: the same with the key, and blind without.

Orders beside it: none outlives its time, and none that still holds is lost.
"""

from __future__ import annotations

import functools
import itertools
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kit.chronicle import Chronicle
from kit.works import WIRED, facility
from kit.world import MINUTE, NOW
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.facilities import Condition, PostureLevel
from tocsin.core.infra_posture import has_run_out, last_orders, postures_now
from tocsin.core.refusals import Refusal
from tocsin.core.state import State, evolve
from tocsin.journal import codec
from tocsin.keys.store import KeyStore
from tocsin.service.sealing import SealedCodec, sealed_facility

FOLDER = tempfile.TemporaryDirectory()
SECRET = ("Vinohradar", "behind the wood")
pick = st.integers(0, 3)
places = st.sampled_from(("north", "n1", "n1a", "city"))
steps = st.one_of(
    st.tuples(st.just("enter"), places, pick),
    st.tuples(st.just("anew"), pick, places),
    st.tuples(st.just("say"), pick, st.sampled_from(list(Condition))),
    st.tuples(st.just("erase"), pick),
    st.tuples(st.just("set"), places, st.none() | st.sampled_from(list(Condition))),
    st.tuples(st.just("out"), places, st.booleans(), st.none() | pick),
    st.tuples(st.just("back"), pick, st.sampled_from((0.0, 0.5, 1.0))),
    st.tuples(st.just("order"), places, st.none() | pick, st.none() | st.integers(1, 90)),
)
stories = st.lists(steps, max_size=20)


@functools.cache
def keys() -> KeyStore:
    """One house's keys; making them anew for each story would take longer than the story."""
    store = KeyStore(Path(FOLDER.name) / "keys")
    store.prepare(NOW)
    return store


class House:
    """Takes steps; keeps what its journal would hold."""

    def __init__(self) -> None:
        self.story = Chronicle.with_mandates(WIRED)
        self.texts: dict[str, bytes] = {}
        self.numbers = itertools.count()

    def do(self, step) -> None:
        """Take one step; a refusal changes nothing."""
        self.story.wait(MINUTE)
        command = self.command(step)
        if command is None or isinstance(found := self.story.ask(command), Refusal):
            return
        self.story.tell(command)
        for event in found:
            if isinstance(event, ie.InstallationErased):
                for content in event.contents:
                    del self.texts[content]

    def command(self, step) -> ic.InfraCommand | None:
        """What a step asks for."""
        infra = self.story.state.infra
        known, out = list(infra.installations), list(infra.outages)
        match step:
            case ("enter", at, need):
                return self.described(at, needs=known[need : need + 1], serves={"tv": (at,)})
            case ("anew", number, at) if number < len(known):
                return self.described(at, known[number])
            case ("say", number, condition) if number < len(known):
                return ic.ReportCondition(
                    installation_id=known[number], condition=condition, source="The grid.",
                    struck=condition is Condition.DOWN,
                )  # fmt: skip
            case ("erase", number) if number < len(known):
                return ic.EraseInstallation(installation_id=known[number], reason="asked")
            case ("set", at, condition):
                return ic.SetChannel(
                    channel="tv", regions=(at,), condition=condition, source="The studio."
                )
            case ("out", at, tell, number):
                causes = known[number : number + 1] if number is not None else ()
                return ic.ReportOutage(
                    service="power", source="The grid.", regions=(at,), tell=tell,
                    installations=tuple(causes),
                )  # fmt: skip
            case ("back", number, share) if number < len(out):
                held = infra.outages[out[number]]
                return ic.ReportOutage(
                    service=held.service, source="The grid.", regions=held.regions, tell=held.told,
                    outage_id=held.id, restored_share=share, installations=held.installations,
                )  # fmt: skip
            case ("order", at, number, minutes):
                named = None if number is None else next(iter(known[number : number + 1]), None)
                until = self.story.now + timedelta(minutes=minutes) if minutes else None
                return ic.SetPosture(
                    level=PostureLevel.HIGH, reason="r", ordered_by="The head", for_whom="guards",
                    installation_id=named, regions=() if named else (at,), until=until,
                )  # fmt: skip
        return None

    def described(self, at, which=None, **more) -> ic.RegisterInstallation:
        """A description, sealed."""
        told = facility(f"{SECRET[0]} {next(self.numbers)}", at, note=SECRET[1], **more)
        content, sealed = sealed_facility(keys(), told)
        self.texts[content] = sealed
        return ic.RegisterInstallation(facility=told, content=content, installation_id=which)

    def read_again(self, key: KeyStore | None) -> tuple[State, bytes]:
        """Fold what the journal holds; return the state, and the bytes of the chain."""
        sealed = SealedCodec(codec, self.texts.get, key)
        written = [sealed.encode(each) for each in self.story.events]
        state = State()
        for row in written:
            state = evolve(state, sealed.decode(*row))
        return state, b"".join(data for _, _, data in written)


def told(story) -> House:
    """Take every step."""
    house = House()
    for step in story:
        house.do(step)
    return house


def without_descriptions(state: State) -> object:
    """The infrastructure, no installation of it described."""
    bare = {name: replace(one, facility=None) for name, one in state.infra.installations.items()}
    return replace(state.infra, installations=bare)


@given(stories)
def test_read_again_with_the_key_it_is_the_same_and_without_it_no_description_opens(story):
    house = told(story)
    live = house.story.state
    again, chain = house.read_again(keys())
    assert without_descriptions(again) == without_descriptions(live)
    for name, one in live.infra.installations.items():
        assert again.infra.installations[name].facility == one.facility
        assert (one.facility is None) is one.erased
    blind, _ = house.read_again(None)
    assert blind.infra == without_descriptions(live)
    for word in SECRET:
        assert word.encode() not in chain


@given(stories, st.integers(0, 120))
def test_an_order_holds_until_its_time_and_until_the_next_for_the_same_thing(story, minutes):
    house = told(story)
    now = house.story.now + minutes * MINUTE
    given_ = [each for each in house.story.events if isinstance(each, ie.PostureSet)]
    naive = {}
    for each in given_:
        of = each.installation_id or each.regions
        naive[of] = each
    infra = house.read_again(None)[0].infra
    held = postures_now(infra, now)
    assert {each.id for each in held.values()} == {
        each.posture_id for each in naive.values() if each.until is None or each.until > now
    }
    assert {each.id for each in last_orders(infra).values()} == {
        each.posture_id for each in naive.values()
    }
    for each in held.values():
        assert not has_run_out(each, now)
        assert each.until is None or has_run_out(each, each.until)
