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
        ("The army called reports that 30 people were killed in Dnipro a lie, the governor said.",
         "casualties"),
        ("Reports that a missile hit a school in Lviv have been debunked, the mayor said.",
         "strike"),
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


def test_a_denial_of_something_else_hides_no_dead() -> None:
    """Who denies a motive does not deny the dead of the next clause."""
    claims = told("Russia denied targeting civilians after a missile killed five people in Odesa.")
    assert claims[Kind.CASUALTIES].hedge is not Hedge.DENIED
    assert claims[Kind.STRIKE].hedge is not Hedge.DENIED


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
        ("The governor did not exclude that 5 people had been killed in Odesa.", "governor"),
        ("The mayor neither confirmed nor denied that 5 people had been killed in Odesa.", "mayor"),
        ("Мер не виключає, що в Одесі загинули 5 людей.", "Мер"),
        ("Інформація про 5 загиблих в Одесі не підтверджена, заявив мер.", "мер"),
    ],
)
def test_what_is_left_open_is_possible_and_of_who_says_so(text: str, role: str) -> None:
    (claim,) = read(text)
    assert claim.hedge is Hedge.POSSIBLE
    assert claim.speaker.role == role


@pytest.mark.parametrize(
    "text",
    [
        "There is no need to evacuate Izium, the mayor said.",
        "Residents need not leave Izium, the mayor said.",
        "Residents of Izium do not need to evacuate, the mayor said.",
        "Мешканцям Ізюма не потрібно евакуюватися, заявив мер.",
        "Потреби в евакуації Ізюма немає, заявив мер.",
    ],
)
def test_nobody_is_told_to_leave_who_need_not(text: str) -> None:
    assert [each.kind for each in read(text)] == [Kind.STATEMENT]


@pytest.mark.parametrize(
    "text",
    [
        "У Львові без світла залишаються 40% споживачів, у Тернополі електропостачання відновлено.",
        "In Lviv 40% of customers remain without power, while in Ternopil power has been restored.",
    ],
)
def test_two_states_of_two_towns_keep_their_own(text: str) -> None:
    towns = {kind: [place.name for place in each.place] for kind, each in told(text).items()}
    assert towns == {Kind.OUTAGE: ["Lviv"], Kind.RESTORATION: ["Ternopil"]}


@pytest.mark.parametrize(
    "text",
    [
        "The strikes killed three in Odesa and wounded 11 in Mykolaiv.",
        "Внаслідок удару в Одесі загинули троє людей, у Миколаєві поранено 11.",
        "In Odesa three people were killed, in Mykolaiv 11 were wounded.",
    ],
)
def test_the_tolls_of_two_towns_are_two_claims(text: str) -> None:
    tolls = [each for each in read(text) if each.kind is Kind.CASUALTIES]
    assert [
        (
            [place.name for place in each.place],
            each.killed and each.killed.value,
            each.injured and each.injured.value,
        )
        for each in tolls
    ] == [(["Odesa"], 3, None), (["Mykolayiv"], None, 11)]


def test_the_toll_of_one_town_stays_one_claim() -> None:
    claim = told("The strikes on Odesa killed three and wounded 11, officials said.")
    assert claim[Kind.CASUALTIES].killed
    assert claim[Kind.CASUALTIES].injured


@pytest.mark.parametrize(
    "text",
    [
        "Police are investigating the blast that was not an attack in Odesa on Monday.",
        "The blast in Odesa was not an attack, police said.",
        "The building in Odesa was not hit by a missile, the mayor said.",
        "Будинок в Одесі не був атакований, заявив мер.",
        "The building in Odesa was damaged by a storm, not by a missile.",
    ],
)
def test_what_was_no_attack_is_no_strike(text: str) -> None:
    assert Kind.STRIKE not in {each.kind for each in read(text)}


def test_ages_are_never_added_up() -> None:
    claim = told("Children aged 12, 14 and 15 were injured in Odesa.")[Kind.CASUALTIES]
    assert claim.injured
    assert (claim.injured.value, claim.injured.low) == (None, 1)
    grown = told("Five people aged between 20 and 35 were injured in Odesa.")[Kind.CASUALTIES]
    assert grown.injured
    assert grown.injured.value == 5
    three = told("Three children aged 12, 14 and 15 were injured in Odesa.")[Kind.CASUALTIES]
    assert three.injured
    assert three.injured.value == 3


def test_a_coast_guard_that_speaks_is_nobody_killed() -> None:
    claims = told("The ferry sank off Odesa, the Philippine Coast Guard said.")
    assert list(claims) == [Kind.HAZARD]


@pytest.mark.parametrize(
    "text",
    [
        "19 soldiers died near the front on Monday.",
        "Ukraine's army said 19 soldiers were killed in fighting at the front.",
        "19 військових загинули на фронті.",
    ],
)
def test_losses_of_troops_at_the_front_are_not_drafted(text: str) -> None:
    assert read(text) == ()


def test_civilians_near_the_front_are_drafted() -> None:
    assert Kind.CASUALTIES in told("Five people were killed by shelling near the front on Monday.")
    assert Kind.CASUALTIES in told("A strike on a barracks in Desna killed 87 soldiers.")


def test_a_formula_is_no_speaker() -> None:
    claim = told("=cmd|..!A1 said five people were killed in Odesa.")[Kind.CASUALTIES]
    assert claim.speaker.kind == "outlet"


@pytest.mark.parametrize("people", [" people were", ""])
def test_a_range_keeps_both_its_ends(people: str) -> None:
    claim = told(f"Between 20 and 30{people} hurt in a strike on Odesa.")[Kind.CASUALTIES]
    assert claim.injured
    assert (claim.injured.low, claim.injured.high) == (20, 30)


def test_who_denies_one_thing_and_tells_people_to_leave_is_heard() -> None:
    """A warning that is taken for a denial would reach nobody."""
    claims = told(
        "The governor said it was not true that the dam had collapsed and urged residents of"
        " Kherson to evacuate."
    )
    assert claims[Kind.DAMAGE].hedge is Hedge.DENIED
    assert claims[Kind.EVACUATION].hedge is Hedge.SAID


@pytest.mark.parametrize(
    ("text", "hedges"),
    [
        ("Officials said reports of 30 dead in Dnipro were false and that two people were hurt.",
         {30: Hedge.DENIED, 2: Hedge.SAID}),
        ("У Львові загинули двоє людей, інформацію про 10 загиблих мер спростував.",
         {2: Hedge.SAID, 10: Hedge.DENIED}),
    ],
)  # fmt: skip
def test_the_true_figure_is_parted_from_the_untrue(text: str, hedges: dict[int, Hedge]) -> None:
    tolls = [each for each in read(text) if each.kind is Kind.CASUALTIES]
    figures = {(each.killed or each.injured): each.hedge for each in tolls}
    assert {figure.value: hedge for figure, hedge in figures.items() if figure} == hedges


def test_what_is_not_confirmed_leaves_the_clause_behind_it_alone() -> None:
    claims = told(
        "The governor could not confirm the number of injured after a missile hit Odesa, killing"
        " two people."
    )
    assert {each.hedge for each in claims.values()} == {Hedge.ASSERTED}


def test_civilians_counted_with_soldiers_are_drafted() -> None:
    text = "Two soldiers and three civilians were killed by shelling at the front line in Bakhmut."
    killed = told(text)[Kind.CASUALTIES].killed
    assert killed
    assert killed.value == 5
