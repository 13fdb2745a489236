"""An agency's story in several papers is shown as one source; two stories stay two."""

import time

import pytest

from kit.officers import yes
from kit.staff import house
from tocsin.core import ledger_commands as lc
from tocsin.service.copies import ALIKE, likeness, runs, similar
from tocsin.service.reports import Incoming, folded

WIRE = (
    "Russian missiles struck central Kyiv during the Monday morning rush hour, killing at least "
    "ten people and wounding about sixty, the mayor said. Rescue workers searched the rubble of a "
    "five-storey house for survivors through the night. The grid operator said that power had been "
    "restored to most of the city by evening, and asked people to use little of it. Schools stay "
    "closed until Friday, and the underground carries passengers again on two of its three lines."
)
OTHER = (
    "A fire broke out in a warehouse in Lviv on Tuesday after a short circuit, the fire brigade "
    "said. Nobody was hurt. Forty firefighters needed three hours to put it out, and a road beside "
    "it was closed until noon. The owner says that the building stood empty at the time of it."
)


def told(text, **changes):
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new)
    return text


async def take(crew, text, outlet, **passed):
    """Take a report in, a while after the last one."""
    crew.clock.step(**(passed or {"minutes": 1}))
    desk = crew.node.reports
    taken = yes(await desk.take(Incoming(body=text.encode(), outlet=outlet), warrant=None))
    return crew.node.service.ledger.reports[taken.report_id]


async def test_a_copy_with_an_outlets_own_touches_names_the_earliest(tmp_path):
    async with house(tmp_path / "data") as crew:
        first = await take(crew, WIRE, "Agency")
        second = await take(crew, told(WIRE, sixty="60"), "Gazette")
        third = await take(crew, "LONDON: " + WIRE.upper() + " More follows.", "Herald")
        other = await take(crew, OTHER, "Herald")
        desk = crew.node.reports
        assert [similar(desk, each) for each in (first, second, third, other)] == [
            None, first.id, first.id, None,
        ]  # fmt: skip
        assert similar(desk, second) == first.id  # as it was found


async def test_the_same_event_in_other_words_is_another_source(tmp_path):
    async with house(tmp_path / "data") as crew:
        await take(crew, WIRE, "Agency")
        half = ". ".join(WIRE.split(". ")[:2]) + ". " + OTHER
        own = await take(crew, half, "Gazette")
        assert likeness(WIRE, half) < ALIKE
        assert similar(crew.node.reports, own) is None
        nearly = await take(
            crew, told(WIRE, sixty="60", ten="12", night="day", evening="noon"), "x"
        )
        assert 0.5 < likeness(WIRE, crew.node.reports.text(nearly)) < ALIKE
        assert similar(crew.node.reports, nearly) is None


async def test_after_a_week_it_is_a_story_of_its_own(tmp_path):
    async with house(tmp_path / "data") as crew:
        await take(crew, WIRE, "Agency")
        late = await take(crew, told(WIRE, sixty="60"), "Gazette", days=7, seconds=1)
        assert similar(crew.node.reports, late) is None


async def test_what_was_erased_is_neither_a_copy_nor_an_original(tmp_path):
    async with house(tmp_path / "data") as crew:
        first = await take(crew, WIRE, "Agency")
        second = await take(crew, told(WIRE, sixty="60"), "Gazette")
        third = await take(crew, told(WIRE, sixty="61"), "Herald")
        desk, service = crew.node.reports, crew.node.service
        assert similar(desk, third) == first.id
        yes(await service.submit(lc.EraseWords(report_id=first.id, reason="It names a child.")))
        assert similar(desk, third) == second.id
        assert similar(desk, service.ledger.reports[first.id]) is None


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("", "", 0.0), ("?!", "...", 0.0), ("One two.", "one, TWO", 1.0), ("one two", "one", 0.0),
        ("a b c d e", "a b c d e f", 0.5), ("a b c d e f", "f e d c b a", 0.0),
        ("Ми \u2014 українці й читаємо це", "ми українці й\u00a0читаємо це", 1.0),
    ],
)  # fmt: skip
def test_likeness_is_of_runs_of_five_words_over_folded_text(one, other, alike):
    assert likeness(one, other) == alike
    assert likeness(other, one) == alike


def test_a_word_a_million_times_is_one_run():
    began = time.perf_counter()
    assert len(runs("word " * 200_000)) == 1
    assert time.perf_counter() - began < 2


@pytest.mark.parametrize(
    "text", [WIRE, OTHER, "\ufb01rst_second \u2460 3\u00a0000 \u0130x-y", "\u0661\u0662 a\u0301"]
)
def test_words_are_those_of_the_folded_text(text):
    assert runs(text) == runs(folded(text))
    assert [each.casefold() for each in folded(text).split()] == folded(text).split()
