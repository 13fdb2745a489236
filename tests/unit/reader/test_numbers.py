"""Counts of a report: numerals, qualifiers, and who governs them."""

from __future__ import annotations

from collections import Counter

import pytest

from tocsin.reader.claim import Qualifier
from tocsin.reader.document import Document, Sentence
from tocsin.reader.numbers import Count, find
from unit.reader.count_sentences import ENGLISH, UKRAINIAN

_SIGNS = {
    Qualifier.EXACT: "=",
    Qualifier.AT_LEAST: ">=",
    Qualifier.MORE_THAN: ">",
    Qualifier.ABOUT: "~",
    Qualifier.NEARLY: "<~",
    Qualifier.UP_TO: "<=",
}


def document(text: str, language: str = "en") -> Document:
    sentence = Sentence(0, 0, 0, len(text), ())
    return Document(name="t", text=text, language=language, published=None, sentences=(sentence,))


def counted(text: str, language: str = "en") -> tuple[Count, ...]:
    return find(document(text, language))


def shown(count: Count) -> str:
    name = {"killed": "k", "injured": "i", None: "c"}.get(count.role, count.what or "?")
    sign = _SIGNS.get(count.qualifier)
    value = f"{sign}{count.value}" if sign else f":{count.qualifier.value}"
    marks = (
        (count.is_part, "P"),
        (count.forecast, "F"),
        (count.uncertain and not count.forecast, "U"),
        (count.is_old, "O"),
        (count.is_total and not count.forecast, "T"),
    )
    return f"{name}{value}" + "".join(f"/{mark}" for is_so, mark in marks if is_so)


@pytest.mark.parametrize(("text", "expected"), ENGLISH)
def test_an_english_sentence_counts_whom_it_says(text: str, expected: str) -> None:
    assert Counter(map(shown, counted(text))) == Counter(expected.split())


@pytest.mark.parametrize(("text", "expected"), UKRAINIAN)
def test_a_ukrainian_sentence_counts_whom_it_says(text: str, expected: str) -> None:
    assert Counter(map(shown, counted(text, "uk"))) == Counter(expected.split())
