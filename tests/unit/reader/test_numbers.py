"""Counts of a report: numerals, qualifiers, and who governs them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tocsin.reader.claim import Qualifier
from tocsin.reader.countwords import words_of
from tocsin.reader.document import Document, Sentence
from tocsin.reader.numbers import Count, find
from tocsin.reader.numerals import Numerals, pieces
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


_SMALL = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen"),
)
_TENS = tuple("_ _ twenty thirty forty fifty sixty seventy eighty ninety".split())  # noqa: SIM905


def _words(number: int) -> str:
    """Say a number below a million in English words."""
    if number < 20:
        return _SMALL[number]
    if number < 100:
        rest = f"-{_SMALL[number % 10]}" if number % 10 else ""
        return _TENS[number // 10] + rest
    if number < 1000:
        rest = f" and {_words(number % 100)}" if number % 100 else ""
        return f"{_SMALL[number // 100]} hundred{rest}"
    low = number % 1000
    rest = "" if not low else f" and {_words(low)}" if low < 100 else f" {_words(low)}"
    return f"{_words(number // 1000)} thousand{rest}"


@given(st.integers(min_value=1, max_value=999_999))
@example(1)
@example(100)
@example(1_000)
@example(100_005)
@example(999_999)
def test_a_number_is_the_same_however_it_is_written(number: int) -> None:
    shapes = {f"{number}", _words(number)}
    for mark in (",", ".", " ", "\u00a0", "\u2009", "\u202f", "\u2019"):
        shapes.add(f"{number:,}".replace(",", mark))
    for shape in shapes:
        text = f"The quake killed {shape} people."
        (count,) = counted(text)
        assert (count.value, count.qualifier, count.span.text) == (
            number,
            Qualifier.EXACT,
            f"{shape} people",
        )


@given(st.integers(min_value=1, max_value=999_999), st.sampled_from(["over", "at least", "about"]))
def test_a_qualifier_is_bound_to_its_own_number_only(number: int, words: str) -> None:
    first, second = counted(f"It killed {words} {number} people and wounded 35.")
    assert first.value == number
    assert first.qualifier is not Qualifier.EXACT
    assert (second.value, second.qualifier) == (35, Qualifier.EXACT)


@given(
    st.text(alphabet=st.sampled_from("12,.-  killed\u00a0\"?()'andofmore\u202e\0"), max_size=200)
)
def test_whatever_is_written_spans_are_its_own_words(text: str) -> None:
    for count in counted(f"{text} killed 12 people"):
        whole = f"{text} killed 12 people"
        assert whole[count.span.start : count.span.end] == count.span.text
        assert 0 <= count.verb < len(whole)


@pytest.mark.parametrize(
    "piece",
    ["1", "1,", "1 000 ", '"', "killed ", "12 killed and ", "the ", "Aa ", "no ", "number of ",
     "people, ", "more than ", "five and ", "a-", "was ", "who ", "\0", "\u202e12 "],
)  # fmt: skip
def test_hostile_text_costs_no_more_than_its_length(piece: str) -> None:
    counted(piece * (200_000 // len(piece)))


def test_a_number_too_long_to_be_people_counts_nobody() -> None:
    assert not counted(f"The blast killed {'9' * 10_000} people.")


def test_the_earlier_and_the_present_toll_are_told_apart() -> None:
    old, new = counted("The toll was revised down from nine to seven.")
    assert (old.value, old.is_old, new.value, new.is_old) == (9, True, 7, False)


def test_each_number_points_at_the_verb_that_governs_it() -> None:
    text = "Shells killed two in the port, and a fire in the suburb injured six."
    killed, injured = counted(text)
    assert text[killed.verb :].startswith("killed")
    assert text[injured.verb :].startswith("injured")


def test_one_number_for_dead_and_hurt_stands_on_both_with_the_same_span() -> None:
    killed, injured = counted("Strikes had killed and wounded dozens.")
    assert killed.span == injured.span
    assert (killed.low, killed.high) == (injured.low, injured.high) == (24, 99)


def test_bounds_follow_the_guide() -> None:
    bounds = {
        "at least 10": (10, None),
        "more than 10": (11, None),
        "about 10": (10, 10),
        "nearly 10": (None, 10),
        "up to 10": (None, 10),
        "10 to 15": (10, 15),
        "hundreds of": (200, 999),
        "thousands of": (2000, 9999),
    }
    for words, (low, high) in bounds.items():
        (count,) = counted(f"The quake killed {words} people.")
        assert (count.low, count.high) == (low, high), words


def test_every_qualifier_of_the_lexicon_binds() -> None:
    words = words_of("en")
    for phrase in words.before.phrases:
        text = f"killed {' '.join(phrase)} 12 people"
        assert [count.value for count in counted(text)] in ([12], [11]) or phrase == ("below",)


def test_numerals_read_what_no_count_may_be() -> None:
    numerals = Numerals(words_of("en").table)
    for text in ("03.01.22", "17:24", "12-storey", "T-72", "7.8", "9/11", "12th", "12km"):
        assert numerals.read(pieces(text, 0, len(text)), 0) is None, text
