"""The open state of any past moment is the fold of what holds by then, in the order of time."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV, issue, profile
from kit.journals import READING
from kit.ledgers import Book
from kit.officers import yes
from tocsin.clock import Ids
from tocsin.core import commands as co
from tocsin.core.alert import Audience
from tocsin.core.audit import NoteWritten
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import State, evolve
from tocsin.journal import codec
from tocsin.journal.memory import MemoryJournal
from tocsin.service.past import KEPT_EVERY, Past, PastService
from tocsin.service.ports import Entry
from tocsin.service.record import draft_of
from tocsin.service.submit import Service

START = datetime(2026, 1, 1, tzinfo=UTC)


def record(journal: MemoryJournal, moments: list[int]) -> list[NoteWritten]:
    """Write one event for each moment, in the order given, and return them."""
    events = [
        NoteWritten(at=START + timedelta(seconds=moment), note_id=str(number), kind="remark",
                    text="")
        for number, moment in enumerate(moments)
    ]  # fmt: skip
    for number, event in enumerate(events):
        journal.append(
            [Entry((draft_of(codec, event),))], expected=journal.head().seq,
            recorded_at=START + timedelta(days=1, seconds=number), reading=READING,
        )  # fmt: skip
    return events


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.lists(st.integers(0, 40), max_size=KEPT_EVERY), max_size=4),
    st.integers(-1, 41),
)
def test_a_past_state_knows_the_last_thing_that_held_by_then(
    batches: list[list[int]], asked: int
) -> None:
    journal = MemoryJournal()
    past = Past(journal, codec)
    known: list[NoteWritten] = []
    moment = START + timedelta(seconds=asked)
    for batch in batches:  # it is asked between the batches, and what comes late may hold early
        known += record(journal, batch)
        state = State()
        for event in sorted((e for e in known if e.at <= moment), key=lambda e: e.at):
            state = evolve(state, event)
        assert past.state(moment).last_at == state.last_at
        earlier = [e.at for e in known if e.at < moment]
        assert past.before(moment).last_at == max(earlier, default=State().last_at)
        assert past.begins_at() == min((e.at for e in known), default=None)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that the test moves."""
    return FakeClock()


async def living(clock: FakeClock) -> tuple[Service, Past]:
    """A service over a journal in memory, with its mandate."""
    journal = MemoryJournal()
    service = Service(
        world=profile().world, journal=journal, codec=codec, clock=clock, new_id=Ids(clock.now)
    )
    service.load()
    service.start()
    mandate = co.GiveMandate(sender=profile().world.authority, regions=(profile().world.tree.root,))
    yes(await service.submit(mandate))
    return service, Past(journal, codec)


async def test_an_alert_is_read_at_the_revision_it_had_then(clock: FakeClock) -> None:
    service, past = await living(clock)
    alert = yes(await service.submit(issue(KYIV))).alert_id
    assert alert is not None
    clock.step(minutes=10)
    then = clock.now()
    clock.step(minutes=10)
    yes(await service.submit(co.ClearAlert(sender=service.world.authority, alert_id=alert)))
    was = await asyncio.to_thread(PastService, service, past, then)
    seen = was.view(alert)
    assert seen is not None
    assert (seen.alert.state, seen.alert.revision) == ("active", 1)
    assert [view.alert.revision for view in was.revisions(alert)] == [1]
    assert len(service.revisions(alert)) == 2
    assert set(was.state.active) == {alert}
    assert not service.state.active
    assert was.resolve(seen.alert.handle) == alert
    await service.stop()


async def test_people_see_of_a_past_moment_what_they_could_see_then(clock: FakeClock) -> None:
    service, past = await living(clock)
    book = Book(service, clock)
    incident = await book.open(geocode=LVIV)
    hidden = clock.now()
    await book.later(hours=30)
    await book.later(minutes=20)  # told at one slot, seen at the next
    assert service.visible().incidents(), "its embargo is over"
    was = await asyncio.to_thread(PastService, service, past, hidden)
    assert not was.visible().incidents()
    assert incident in was.ledger.incidents, "the desk knew of it"
    await service.stop()


async def test_what_is_recorded_later_changes_no_past_that_was_asked(clock: FakeClock) -> None:
    service, past = await living(clock)
    then = clock.now()
    before = await asyncio.to_thread(past.state, then)
    clock.step(seconds=1)
    yes(await service.submit(issue(KYIV)))
    assert (await asyncio.to_thread(past.state, then)).active == before.active
    assert (await asyncio.to_thread(past.state, clock.now())).active == service.state.active
    await service.stop()


async def test_nothing_is_changed_in_the_past(clock: FakeClock) -> None:
    service, past = await living(clock)
    was = await asyncio.to_thread(PastService, service, past, clock.now())
    for refused in (await was.submit(issue(KYIV)), was.try_out(issue(KYIV))):
        assert isinstance(refused, Refusal)
        assert (refused.rule, refused.field) == (Rule.NOT_ALLOWED, "/at")
    assert was.recent(Audience.PUBLIC, 0) is None
    assert not service.state.active
    await service.stop()
