"""What somebody says is in a report is found there word for word, or not at all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tocsin.reader.claim import Span
from tocsin.reader.document import Document, Sentence
from tocsin.reader.verbatim import MOST_CHARACTERS, Verbatim, find, folded


def report(*sentences: str, dropped: str = "") -> Document:
    """A document of these sentences; ``dropped`` is a line after them that is no article."""
    text, parts = "", []
    for number, each in enumerate(sentences):
        parts.append(Sentence(number, 0, len(text), len(text) + len(each), ()))
        text += each + " "
    gone = (Span(len(text), len(text) + len(dropped), dropped),) if dropped else ()
    return Document(
        name="r", text=text + dropped, language="en", published=None,
        sentences=tuple(parts), dropped=gone,
    )  # fmt: skip


def text_of(document: Document, words: str, near: int | None = None) -> str | None:
    found = find(document, words, near)
    assert found is None or document.text[found.start : found.end] == found.text
    return found.text if found else None


def test_words_are_found_as_they_stand():
    document = report("A storm killed five people.", "Two more are missing.")
    assert find(document, "killed five people") == Span(8, 26, "killed five people")


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("The mayor said “all is lost” on Monday.", 'said "all is lost" on'),
        ("The mayor\u00a0said\n  nothing.", "mayor said nothing"),
        ("The mayor said nothing.", "mayor\u202fsaid \t nothing"),
        ("The city’s port – the largest – burned.", "city's port - the largest - burned"),
        ("The city's port burned.", "The city‘s port burned"),
        ("Мер сказав: «Усі живі» — і пішов.", 'сказав: "усі живі" - і пішов'),
        ("Пʼятеро людей загинули.", "п'ятеро людей ЗАГИНУЛИ"),
        ("FIVE PEOPLE DIED", "five people died"),
    ],
)
def test_spaces_quotes_dashes_and_case_are_folded_and_the_span_keeps_the_texts_own(stands, said):
    found = text_of(report(stands), said)
    assert found is not None
    assert found in stands
    assert folded(" ".join(found.split())) == folded(" ".join(said.split()))


@pytest.mark.parametrize(
    "said",
    [
        "killed six people",
        "killed five peple",
        "killed five person",
        "killed five people!",
        "killed  the five people",
        "“killed five people”",
        "storm killed five people…",
        "people five killed",
        "killed … people",
        "Five people were killed by a storm",
    ],
)
def test_nothing_is_found_fuzzily(said):
    assert find(report("A storm killed five people."), said) is None


def test_words_of_two_places_put_together_are_not_found():
    document = report("A blast hit the port and killed nine men.", "Fire hit the mill.")
    assert find(document, "A blast hit the mill") is None


def test_a_run_over_two_sentences_is_not_found():
    document = report("A storm killed five people.", "Two more are missing.")
    assert find(document, "killed five people. Two more are missing") is None
    assert text_of(document, "Two more are missing") == "Two more are missing"


def test_what_is_not_the_article_is_not_found():
    document = report("A storm came.", dropped="Subscribe: 900 people died in the flood.")
    assert "900 people died" in document.text
    assert find(document, "900 people died") is None


def test_what_is_dropped_inside_a_sentence_is_not_found():
    whole = report("Fire came, read more here: 900 died, and went.")
    start = whole.text.index("read more")
    end = whole.text.index(", and")
    cut = replace(whole, dropped=(whole.span(start, end),))
    assert find(whole, "900 died") is not None
    for words in ("900 died", "came, read more", "900 died, and went", whole.text.strip()):
        assert find(cut, words) is None
    assert find(cut, "Fire came") is not None
    assert find(cut, "and went") is not None


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("It hurt 15 people.", "5 people"),
        ("It hurt 1,000 people.", "000 people"),
        ("It hurt 1,000 people.", "hurt 1"),
        ("It hurt 1 000 people.", "000 people"),
        ("It hurt 1\u00a0000 people.", "hurt 1"),
        ("It hurt 12 345 678 people.", "hurt 12 345"),
        ("It hurt 1.5 million people.", "5 million people"),
        ("It hurt 10-15 people.", "15 people"),
        ("It hurt 10–15 people.", "hurt 10"),
        ("It hurt people at 17:24.", "24."),
        ("It was a non-lethal fire.", "lethal fire"),
        ("A 12-year-old boy died.", "old boy died"),
        ("Unharmed people left.", "harmed people left"),
        ("Nobody was hurtful.", "was hurt"),
        ("Людей евакуйовано.", "вакуйовано"),
    ],
)
def test_a_cut_through_a_word_or_a_number_is_refused(stands, said):
    assert said in stands
    assert find(report(stands), said) is None


@pytest.mark.parametrize(
    ("stands", "said"),
    [
        ("It killed 19, wounded 100.", "killed 19"),
        ("In 2022 100 people came.", "100 people came"),
        ("In 2022 100 people came.", "In 2022"),
        ("It killed 5.", "killed 5"),
        ("Kyiv’s mayor spoke.", "Kyiv"),
        ("It hit the bridge—nobody died.", "nobody died"),
        ("It hurt 1 000 people.", "hurt 1 000"),
    ],
)
def test_whole_words_and_numbers_beside_others_are_found(stands, said):
    assert text_of(report(stands), said) == said


def test_words_that_stand_twice_need_a_hint_and_the_nearest_is_taken():
    document = report("Five people died.", "Later, five people died.", "Five people died.")
    assert find(document, "Five people died.") is None
    assert find(document, "Five people died.", near=45) == Span(43, 60, "Five people died.")
    assert find(document, "Five people died.", near=2) == Span(0, 17, "Five people died.")


def test_two_places_equally_near_are_not_chosen_between():
    document = report("ab cd", "xxx", "ab cd")
    assert find(document, "ab cd", near=5) is None
    assert find(document, "ab cd", near=4) == Span(0, 5, "ab cd")


def test_a_wrong_hint_finds_no_words_that_are_not_there():
    document = report("A storm killed five people.")
    for near in (-(10**9), 0, 10**9):
        assert text_of(document, "killed five", near) == "killed five"
        assert find(document, "killed six", near) is None


def test_the_exact_words_come_before_the_folded_ones():
    document = report("Polish workers left.", "They polish workers left.")
    assert text_of(document, "polish workers left.") == "polish workers left."


@pytest.mark.parametrize("said", ["", " ", "…", '"', "\x00", ".", "?!", "\u200b", "x" * 5_000])
def test_words_that_say_nothing_are_not_found(said):
    assert find(report("A storm… came.\x00 \u200b", "x" * 6_000), said) is None


def test_letters_that_grow_when_folded_do_not_shift_the_offsets():
    document = report("Die Straße in İzmir ist gesperrt, FÜNF Tote.")
    assert text_of(document, "fünf tote") == "FÜNF Tote"
    assert text_of(document, "in İzmir ist") == "in İzmir ist"
    assert text_of(document, "strasse") is None


def test_right_to_left_text_and_odd_characters_are_only_text():
    document = report("قتل 5 أشخاص\u202e يوم الاثنين.", "\x00\ud7ff(.*)+ died [a-z].")
    assert text_of(document, "قتل 5 أشخاص") == "قتل 5 أشخاص"
    assert text_of(document, "(.*)+ died [A-Z].") == "(.*)+ died [a-z]."


def test_a_document_without_sentences_holds_nothing():
    assert find(report(), "anything at all") is None


@pytest.mark.parametrize(
    ("text", "said", "is_there"),
    [
        ("a " * 1_000_000, "a a a", False),
        ("a" * 2_000_000, "aaa", False),
        ("1" * 2_000_000, "11", False),
        ("a" + " " * 2_000_000 + "b", "A b", True),
        ("“" * 1_000_000 + "x y", '"X y', True),
        ("five people died " * 100_000, "Five people DIED", False),
        ("word " * 400_000, ("word " * 390).strip(), False),
    ],
)
def test_hostile_text_is_searched_to_an_end(text, said, is_there):
    verbatim = Verbatim(report(text))  # the test's own time limit says whether it is linear
    assert len(said) <= MOST_CHARACTERS
    assert [verbatim.find(said) is not None for _ in range(3)] == [is_there] * 3
