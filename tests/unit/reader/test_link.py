"""Which claims are of one happening: within a report, by contradiction, across reports."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

from tocsin.reader.claim import (
    Claim,
    Figure,
    Hedge,
    Kind,
    Moment,
    Place,
    Qualifier,
    Span,
    Thing,
)
from tocsin.reader.draft import draft
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.link import Known, contains, contradictions, propose, same_place
from tocsin.reader.text import read_document

PROFILE = Path(str(resources.files("tocsin"))) / "data/profiles/ua"
GAZETTEER = Gazetteer.open(PROFILE)
KYIV = Place(name="Kyiv", level="settlement", geonames=703448, country="UA", region="UA-30")
TOWER = Place(name="Kyiv TV tower", level="landmark", country="UA", region="UA-30")
UKRAINE = Place(name="Ukraine", level="country", geonames=690791, country="UA")


def read(text: str) -> tuple[Claim, ...]:
    return draft(read_document(text, name="t", published=date(2022, 3, 1)), GAZETTEER)


def events(text: str, kind: str = "strike") -> list[str | None]:
    return [each.event for each in read(text) if each.kind is Kind(kind)]


def toll(number: str, killed: Figure | None, **more: object) -> Claim:
    fields = {"time": Moment(start="2022-03-01", end="2022-03-01", grain="day", basis="context")}
    return Claim(
        id=number,
        doc="t",
        kind=Kind.CASUALTIES,
        quote=Span(0, 1, "x"),
        killed=killed,
        event="e",
        **(fields | more),  # type: ignore[arg-type]
    )


def exactly(number: int) -> Figure:
    return Figure(value=number, qualifier=Qualifier.EXACT, low=number, high=number)


def test_the_same_town_and_day_are_one_event() -> None:
    first, second = events(
        "Rockets hit Kharkiv on Monday. The strikes on Kharkiv on Monday killed two people."
    )
    assert first == second


def test_another_town_begins_another_event() -> None:
    first, second = events("Rockets hit Kharkiv on Monday. Shells hit Odesa on Monday.")
    assert first != second


def test_another_day_begins_another_event() -> None:
    first, second = events("Rockets hit Kharkiv on Monday. Rockets hit Kharkiv on Tuesday.")
    assert first != second


def test_the_attack_is_the_one_told_before() -> None:
    claims = read("Rockets hit Kharkiv on Monday. The attack killed two people, officials said.")
    killed = next(each for each in claims if each.kind is Kind.CASUALTIES)
    assert killed.event == claims[0].event
    assert killed.time is not None
    assert killed.time.start == "2022-02-28"
    assert any("told of before" in reason for reason in killed.event_reasons)


def test_more_strikes_in_a_town_go_on_with_those_of_the_country() -> None:
    text = "Missiles pounded Ukraine on Tuesday. {} killed one person in Lviv on Tuesday."
    wide, more = events(text.format("More missile strikes"))
    assert wide == more


def test_an_event_is_named_alike_in_every_report_of_it() -> None:
    one = events("Rockets hit Kharkiv on Monday.")
    other = events("Officials said two people died in an air strike on Kharkiv on Monday.")
    assert one == other == ["kharkiv-strike-2022-02-28"]


def test_tolls_that_cannot_both_be_true_contradict() -> None:
    low, high = toll("a", exactly(5)), toll("b", exactly(8))
    least = toll("c", Figure(value=4, qualifier=Qualifier.AT_LEAST, low=4, high=None))
    assert contradictions([low, high, least]) == {"a": ("b",), "b": ("a",)}


def test_a_part_and_another_town_contradict_nothing() -> None:
    part = toll("b", Figure(value=2, qualifier=Qualifier.EXACT, low=2, high=2, is_part=True))
    lviv = toll("c", exactly(7), place=(Place(name="Lviv", level="settlement", country="UA"),))
    assert contradictions([toll("a", exactly(5), place=(KYIV,)), part, lviv]) == {}


def test_a_denial_contradicts_what_it_denies() -> None:
    said = toll("a", exactly(5))
    denied = toll("b", None, hedge=Hedge.DENIED)
    assert contradictions([said, denied]) == {"a": ("b",), "b": ("a",)}


def test_a_landmark_lies_in_its_town_and_a_town_in_its_country() -> None:
    assert contains(KYIV, TOWER)
    assert contains(UKRAINE, KYIV)
    assert not contains(KYIV, UKRAINE)
    assert same_place(KYIV, Place(name="Kiev", level="settlement", geonames=703448))


def known(**more: object) -> Known:
    fields: dict[str, object] = {
        "id": "i1",
        "kind": Kind.STRIKE,
        "names": ("Київ", "Kyiv"),
        "start": date(2022, 3, 1),
        "things": ("tv-tower",),
    }
    return Known(**(fields | more))  # type: ignore[arg-type]


def strike(**more: object) -> Claim:
    fields: dict[str, object] = {
        "id": "a",
        "doc": "t",
        "kind": Kind.STRIKE,
        "quote": Span(0, 1, "x"),
        "time": Moment(start="2022-03-01", end="2022-03-01", grain="day", basis="explicit"),
        "place": (KYIV, TOWER),
        "infrastructure": (Thing(type="tv-tower", status="hit"),),
    }
    return Claim(**(fields | more))  # type: ignore[arg-type]


def test_the_incident_of_that_place_and_day_is_proposed_with_reasons() -> None:
    (found,) = propose(strike(), [known(), known(id="i2", start=date(2022, 2, 1))])
    assert found.incident_id == "i1"
    assert found.score == 1.0
    assert "same day: 2022-03-01" in found.reasons


def test_another_town_or_day_is_never_proposed() -> None:
    assert propose(strike(), [known(names=("Lviv",))]) == ()
    assert propose(strike(), [known(start=date(2022, 3, 5))]) == ()


def test_a_toll_days_later_is_proposed_less_surely() -> None:
    late = Moment(start="2022-03-04", end="2022-03-04", grain="day", basis="explicit")
    (found,) = propose(strike(kind=Kind.CASUALTIES, time=late), [known()])
    assert 0.4 <= found.score < 1.0


def test_proposals_come_in_the_order_of_their_scores() -> None:
    found = propose(strike(), [known(id="far", things=(), names=()), known(id="near")])
    assert [each.incident_id for each in found] == ["near", "far"]
