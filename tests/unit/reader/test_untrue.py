"""What a report calls untrue, leaves open or says of nobody is drafted as such, never as a fact."""

from __future__ import annotations

from datetime import date
from importlib import resources
from pathlib import Path

import pytest

from tocsin.reader.claim import Claim, Hedge, Kind
from tocsin.reader.draft import draft
from tocsin.reader.gazetteer import Gazetteer
from tocsin.reader.text import read_document

GAZETTEER = Gazetteer.open(Path(str(resources.files("tocsin"))) / "data/profiles/ua")


def read(text: str) -> tuple[Claim, ...]:
    return draft(read_document(text, name="t", published=date(2022, 3, 1)), GAZETTEER)


def told(text: str) -> dict[Kind, Claim]:
    """Return the claims that are no statements, one a kind."""
    claims = [each for each in read(text) if each.kind is not Kind.STATEMENT]
    assert len({each.kind for each in claims}) == len(claims)
    return {each.kind: each for each in claims}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Reports that 30 people were killed in Dnipro are untrue, the governor said.",
         "casualties"),
        ("The governor said reports of 30 deaths in Dnipro were false.", "casualties"),
        ("Claims that Lviv is without power are fake, the operator said.", "outage"),
        ("The mayor said it was not true that the bridge in Kherson had been destroyed.",
         "damage"),
        ("There is no truth in reports that a missile hit the hospital in Sumy, the mayor said.",
         "strike"),
        ("Інформація про загибель 30 людей у Дніпрі не відповідає дійсності, заявив голова ОВА.",
         "casualties"),
        ("Повідомлення про те, що в Дніпрі загинули 30 людей, — фейк, заявив губернатор.",
         "casualties"),
        ("Це неправда, що у Львові зруйновано міст, заявив мер.", "damage"),
    ],
)  # fmt: skip
def test_what_is_called_untrue_is_denied_and_keeps_its_figure(text: str, kind: str) -> None:
    claim = told(text)[Kind(kind)]
    assert claim.hedge is Hedge.DENIED
    assert claim.speaker.kind != "outlet"
    if claim.kind is Kind.CASUALTIES:
        assert claim.killed is not None
        assert claim.killed.value == 30


@pytest.mark.parametrize(
    "text",
    [
        "The ministry denied reports that 40 people had been killed in Odesa.",
        "Мер спростував повідомлення про те, що у Львові загинули 5 людей.",
        "Інформація про вибухи в Одесі є неправдивою, повідомила поліція.",
    ],
)
def test_nothing_is_drafted_as_a_fact_from_a_denial(text: str) -> None:
    claims = read(text)
    assert claims
    assert {each.hedge for each in claims} == {Hedge.DENIED}


def test_the_text_goes_on_in_its_own_voice_behind_a_denial() -> None:
    claims = read(
        "It was not true that the bridge in Kherson had been destroyed, the mayor said, but five"
        " people were killed in Odesa."
    )
    hedges = {each.kind: each.hedge for each in claims}
    assert hedges[Kind.DAMAGE] is Hedge.DENIED
    assert hedges[Kind.CASUALTIES] is not Hedge.DENIED


def test_a_verdict_reaches_back_to_the_reports_it_is_of_alone() -> None:
    claims = read("Five people were killed in Odesa; reports that Lviv is without power are false.")
    hedges = {each.kind: each.hedge for each in claims}
    assert hedges == {Kind.CASUALTIES: Hedge.ASSERTED, Kind.OUTAGE: Hedge.DENIED}


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("The mayor did not rule out that 5 people had been killed in Odesa.", "mayor"),
        ("The governor could not confirm that 5 people had been killed in Odesa.", "governor"),
        ("The governor could not confirm reports that a missile hit Odesa.", "governor"),
        ("Мер не виключає, що в Одесі загинули 5 людей.", "Мер"),
    ],
)
def test_what_is_left_open_is_possible_and_of_who_says_so(text: str, role: str) -> None:
    (claim,) = read(text)
    assert claim.hedge is Hedge.POSSIBLE
    assert claim.speaker.role == role
