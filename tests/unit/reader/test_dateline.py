"""The day of publication is found where outlets write it, and asked for where it is open."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tocsin.reader.dateline import dateline

BODY = "\nAn explosion was heard in the city on Tuesday.\nTwo people were hurt, officials said.\n"
FORMS = {
    "First published: 17:24, 03.01.22": "17:24",
    "Published: 1 March 2022": None,
    "Published March 1, 2022 at 5:24 PM EST": "17:24",
    "Published 5:24 PM, Tue 1 March 2022": "17:24",
    "Posted on 03/01/2022": None,
    "Date: 2022-03-01": None,
    "CITY, March 1, 2022 (Agency) -": None,
    "SOME CITY, Country, 1 March 2022 —": None,
    "Tue 1 Mar 2022 17.24": "17:24",
    "Tuesday, March 1, 2022": None,
    "Tuesday 1 March 2022": None,
    "2022-03-01T17:24": "17:24",
    "By Jane Doe | March 1, 2022": None,
    "Updated 5:24 p.m. ET, Tue March 1, 2022": "17:24",
    "Last updated on Tue 1 Mar 2022 17.24": "17:24",
    "The Agency, March 1, 2022, 10:15 p.m.": "22:15",
    "Опубліковано: 1 березня 2022, 17:24": "17:24",
    "01.03.2022 17:24": "17:24",
}


@pytest.mark.parametrize(("line", "clock"), [*FORMS.items()])
def test_every_usual_form_is_read(line: str, clock: str | None) -> None:
    found = dateline(line + BODY)
    assert found is not None
    assert (found.date, found.clock) == (date(2022, 3, 1), clock)


@pytest.mark.parametrize("line", ["First published: 17:24, 03.01.22", "Published: 1 March 2022"])
def test_a_line_below_the_text_is_read_too(line: str) -> None:
    text = BODY + line
    found = dateline(text)
    assert found is not None
    assert found.date == date(2022, 3, 1)
    assert text[found.span.start : found.span.end] == found.span.text == line


def test_the_publication_goes_before_the_update() -> None:
    found = dateline("Updated: 2 March 2022\nPublished: 1 March 2022" + BODY)
    assert found is not None
    assert found.date == date(2022, 3, 1)


def test_numbers_that_fit_both_ways_are_asked_for() -> None:
    found = dateline("Posted on 03/01/2022\nAn explosion was heard.")
    assert found is not None
    assert found.date is None
    assert found.candidates == (date(2022, 3, 1), date(2022, 1, 3))


def test_the_weekday_of_the_text_settles_the_reading() -> None:
    found = dateline("Posted on 03/01/2022\nAn explosion was heard on Monday, police said Monday.")
    assert found is not None
    assert found.date == date(2022, 1, 3)


def test_a_reading_before_what_it_tells_of_does_not_fit() -> None:
    found = dateline("Posted on 03/01/2022\nThe war began on February 24, 2022, he said.")
    assert found is not None
    assert found.date == date(2022, 3, 1)


def test_a_dateline_without_a_year_needs_a_day_it_cannot_be_later_than() -> None:
    text = "CITY, March 1 (Agency) - An explosion was heard on Tuesday."
    asked = dateline(text)
    told = dateline(text, before=date(2022, 11, 24))
    assert asked is not None
    assert asked.date is None
    assert told is not None
    assert told.date == date(2022, 3, 1)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "An explosion was heard on Tuesday.",
        "A blast on March 1, 2014 killed two people and everybody went home.",
        "On 1 March 2022, an explosion was heard in the city.",
        "\0" * 1000,
        "Published: 31 February 2022\nNothing.",
    ],
)
def test_a_date_that_is_told_is_no_dateline(text: str) -> None:
    assert dateline(text) is None


@given(st.dates(date(1990, 1, 1), date(2069, 12, 31)), st.sampled_from(["%d.%m.%Y", "%m/%d/%y"]))
def test_numbers_with_one_reading_are_read_back(day: date, form: str) -> None:
    assume(day.day > 12)
    found = dateline(f"Published: {day.strftime(form)}\nAn explosion was heard.")
    assert found is not None
    assert found.date == day


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    found = dateline(text)
    assert found is None or text[found.span.start : found.span.end] == found.span.text


def test_a_text_of_datelines_is_read_in_time() -> None:
    assert dateline("Published: 03.01.22 " * 20_000) is not None
    assert dateline("Published: 03.01.22\n" * 20_000) is not None
