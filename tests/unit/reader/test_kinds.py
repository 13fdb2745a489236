"""What a sentence tells of, and what it only mentions."""

from __future__ import annotations

import pytest

from tocsin.reader import clauses, kinds, things
from tocsin.reader.claim import Kind
from tocsin.reader.document import Document
from tocsin.reader.text import read_document

STRIKES = frozenset({Kind.STRIKE})


def told(text: str, language: str = "en", about: frozenset[Kind] = STRIKES) -> set[str]:
    """Return the kinds that a text tells of; people counted by the word "people"."""
    document = read_document(text, name="t", language=language)
    out: set[str] = set()
    for sentence in document.sentences:
        parts = clauses.clauses(document, sentence)
        people = tuple(
            each.start
            for each in sentence.tokens
            if each.lower in {"people", "людей", "dead", "injured", "wounded"}
        )
        triggers = kinds.find(
            document,
            sentence,
            parts,
            things.find(document, sentence),
            casualties=people,
            about=about,
        )
        for each in triggers:
            assert document.text[each.span.start : each.span.end] == each.span.text
            out.add(each.kind.value)
    return out


def parted(text: str) -> list[tuple[str, str]]:
    document: Document = read_document(text, name="t", language="en")
    sentence = document.sentences[0]
    return [
        (part.link, document.text[part.start : part.end])
        for part in clauses.clauses(document, sentence)
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Missiles pounded the port overnight.", "strike"),
        ("Gunmen opened fire on a bus.", "strike"),
        ("Five people died in a drone attack on a market.", "strike"),
        ("The army rained rockets down on the suburbs.", "strike"),
        ("A hospital was hit by a shell.", "strike"),
        ("A loud explosion was heard near the station.", "explosion"),
        ("A gas cylinder exploded in a kitchen.", "explosion"),
        ("A magnitude 6.1 earthquake struck the coast.", "hazard"),
        ("The fire broke out on the third floor.", "hazard"),
        ("A ferry capsized in heavy seas.", "hazard"),
        ("Two trains collided near the junction.", "hazard"),
        ("Four people drowned in the floods.", "hazard"),
        ("The quake destroyed a school and two bridges.", "damage"),
        ("The storm ripped off roofs and damaged a church.", "damage"),
        ("Thousands of homes were without electricity.", "outage"),
        ("The blast knocked out power to the district.", "outage"),
        ("Train services were suspended.", "outage"),
        ("Electricity has been restored to most homes.", "restoration"),
        ("Trains are running again, and the water supply is back.", "restoration"),
        ("Residents were urged to leave their homes.", "evacuation-warning"),
        ("About 300 people were evacuated from the valley.", "evacuation-warning"),
        ("Families took shelter in the metro.", "shelter"),
        ("People were told to stay indoors.", "shelter"),
        ("Air raid sirens sounded across the city.", "alert"),
        ("The all-clear was given at dawn.", "alert"),
    ],
)
def test_a_sentence_tells_of_what_happened(text: str, kind: str) -> None:
    assert kind in told(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Leaders condemned the attack.", "strike"),
        ("He said the shelling must stop.", "strike"),
        ("The minister vowed to respond to the strikes.", "strike"),
        ("Rail workers went on strike over pay.", "strike"),
        ("He died of a heart attack.", "strike"),
        ("The U.N. warned that an attack there could kill thousands.", "strike"),
        ("Moscow denied targeting the hospital.", "strike"),
        ("There was no explosion and no fire.", "explosion"),
        ("There was no explosion and no fire.", "hazard"),
        ("The fire service sent four crews.", "hazard"),
        ("There were no reports of damage to buildings.", "damage"),
        ("Shares of the company collapsed.", "damage"),
        ("No flights were cancelled.", "outage"),
        ("He said he did not know when power would be restored.", "restoration"),
        ("The sirens did not sound.", "alert"),
        ("No siren sounded.", "alert"),
        ("The sirens went off at noon.", "explosion"),
        ("He decided to leave politics.", "evacuation-warning"),
        ("The animal shelter needs help.", "shelter"),
    ],
)
def test_a_sentence_that_only_mentions_tells_of_nothing(text: str, kind: str) -> None:
    assert kind not in told(text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Російські війська обстріляли місто.", "strike"),
        ("Ракета влучила в житловий будинок.", "strike"),
        ("Унаслідок удару загинули п'ятеро людей.", "strike"),
        ("У місті пролунав вибух.", "explosion"),
        ("На складі спалахнула пожежа.", "hazard"),
        ("Пошкоджено школу та лікарню.", "damage"),
        ("Без світла залишилися 400 абонентів.", "outage"),
        ("Мешканців евакуювали.", "evacuation-warning"),
        ("Люди перебували в укриттях.", "shelter"),
        ("Оголошено повітряну тривогу.", "alert"),
    ],
)
def test_a_ukrainian_sentence_tells_of_it_too(text: str, kind: str) -> None:
    assert kind in told(text, "uk")


def test_being_hit_is_an_attack_only_in_a_report_of_attacks() -> None:
    text = "Apartment blocks have been struck three times."
    assert told(text) == {"strike"}
    assert told(text, about=frozenset({Kind.HAZARD})) == set()


def test_a_hazard_as_subject_is_no_attack() -> None:
    assert told("A hurricane hit the coast and pounded the port.") == {"hazard"}


def test_clauses_hang_on_each_other() -> None:
    assert parted("Strikes killed three people in A and left B without power.")[1][0] == "and"
    assert parted("Forces hit a tower, disrupting its signal.")[1] == (
        "participle",
        "disrupting its signal.",
    )
    assert parted("After the blast, rescuers searched the ruins.")[1][0] == "main"
    assert [link for link, _ in parted("The bus, which was full, left the road.")] == [
        "main",
        "relative",
        "and",
    ]


def test_two_subjects_of_one_verb_are_one_clause() -> None:
    assert len(parted("The mayor said a school and a clinic were damaged.")) == 1


def test_long_nonsense_is_read_in_linear_time() -> None:
    document = read_document("and killed which " * 20_000, name="t", language="en")
    for sentence in document.sentences:
        kinds.find(document, sentence, clauses.clauses(document, sentence), ())
