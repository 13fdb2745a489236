"""Buildings, networks and services by type."""

from __future__ import annotations

import pytest

from tocsin.reader import things
from tocsin.reader.text import read_document
from tocsin.reader.words import forms


def types(text: str, language: str = "en") -> list[tuple[str, str]]:
    document = read_document(text, name="t", language=language)
    found = []
    for sentence in document.sentences:
        for each in things.find(document, sentence):
            assert document.text[each.span.start : each.span.end] == each.span.text
            found.append((each.type, each.span.text))
    return found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They hit a television tower.", ("tv-tower", "television tower")),
        ("An electrical substation burned.", ("substation", "electrical substation")),
        ("Two apartment blocks fell.", ("apartment-block", "apartment blocks")),
        ("The maternity hospital was hit.", ("hospital", "maternity hospital")),
        ("An oil depot was ablaze.", ("oil-gas", "oil depot")),
        ("Power supplies were cut.", ("power", "Power supplies")),
        ("A mosque and its minaret fell.", ("place-of-worship", "mosque")),
    ],
)
def test_the_longest_name_gives_the_type(text: str, expected: tuple[str, str]) -> None:
    assert expected in types(text)


@pytest.mark.parametrize(
    "text",
    [
        "The White House said so.",
        "He came to power in 2010.",
        "They were taken to hospital.",
        "The energy minister spoke.",
        "Residents fled their homes.",
    ],
)
def test_words_in_other_names_are_no_things(text: str) -> None:
    assert types(text) == []


def test_a_service_is_told_from_a_building() -> None:
    document = read_document(
        "Power was lost when a power station was hit.", name="t", language="en"
    )
    found = things.find(document, document.sentences[0])
    assert [(each.span.text, each.is_service) for each in found] == [
        ("Power", True),
        ("power station", False),
    ]


def test_ukrainian_things_are_found_by_their_stems() -> None:
    assert ("hospital", "лікарню") in types("Пошкоджено лікарню.", "uk")
    assert ("apartment-block", "житлового будинку") in types("Поблизу житлового будинку.", "uk")


def test_an_entry_lists_its_forms() -> None:
    assert forms("break//s/ing out") == [("break", "out"), ("breaks", "out"), ("breaking", "out")]
    assert forms("supply") == [("supply",)]
