"""Phrases of time come to the days that a reader of the report would name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.reader import times
from tocsin.reader.document import Document, Sentence

TUESDAY = date(2022, 3, 1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def report(text: str, published: date | None = TUESDAY, language: str = "en") -> Document:
    """Make a report of one sentence a line; an empty line begins a paragraph."""
    sentences, at, paragraph = [], 0, 0
    for line in text.split("\n"):
        quoted = []
        opened = line.find("“")
        if opened >= 0:
            quoted.append((at + opened, at + line.rfind("”") + 1))
        if line:
            run = (at, at + len(line))
            sentences.append(Sentence(len(sentences), paragraph, *run, (), tuple(quoted)))
        else:
            paragraph += 1
        at += len(line) + 1
    return Document(
        name="report", text=text, language=language, published=published, sentences=tuple(sentences)
    )


def told(mention: times.TimeMention) -> str:
    """Write a mention as the tables below do."""
    days = mention.start or "unknown"
    if mention.end != mention.start:
        days += f"..{mention.end}"
    marks = [mention.part or "", "" if mention.kind == "point" else mention.kind]
    return " ".join(each for each in (days, *marks, "ahead!" if mention.is_future else "") if each)


def read(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Return the phrases with their days, of a report of Tuesday 1 March 2022."""
    return [(m.span.text, told(m)) for m in times.find(report(text, language=language))]


ONE_DAY = {
    "on Tuesday": "2022-03-01",
    "on Monday": "2022-02-28",
    "on Wednesday": "2022-02-23",
    "early Tuesday": "2022-03-01 morning",
    "late on Monday": "2022-02-28 evening",
    "on Tuesday afternoon": "2022-03-01 afternoon",
    "on Sunday night": "2022-02-27 night",
    "last Tuesday": "2022-02-22",
    "on Tuesday last week": "2022-02-22",
    "yesterday": "2022-02-28",
    "the day before yesterday": "2022-02-27",
    "earlier today": "2022-03-01",
    "this morning": "2022-03-01 morning",
    "last night": "2022-02-28 night",
    "two days ago": "2022-02-27",
    "about 36 hours ago": "2022-02-28",
    "a week ago": "2022-02-22",
    "on March 1": "2022-03-01",
    "on 28 February": "2022-02-28",
    "on the 26th of February": "2022-02-26",
    "on Feb. 24": "2022-02-24",
    "on March 2": "2022-03-02 ahead!",
    "on March 20": "2021-03-20",
    "on March 1st, 2021": "2021-03-01",
    "on 1 March 2021": "2021-03-01",
    "on May 5 last year": "2021-05-05",
    "on Tuesday, March 1, 2022": "2022-03-01",
    "on 24.02.2022": "2022-02-24",
    "on 2022-02-24": "2022-02-24",
    "on Christmas Eve": "2021-12-24",
    "on New Year's Day": "2022-01-01",
    "on Easter Sunday": "2021-04-04",
    "in the early hours of Sunday": "2022-02-27 night",
    "before dawn on Tuesday": "2022-03-01 night",
    "on the night of February 24": "2022-02-24 night",
    "for a second day": "2022-03-01",
    "for the third straight day": "2022-03-01",
}
RANGES = {
    "overnight": "2022-02-28..2022-03-01 night",
    "overnight into Tuesday": "2022-02-28..2022-03-01 night",
    "overnight from Sunday to Monday": "2022-02-27..2022-02-28 night",
    "for a third night": "2022-02-28..2022-03-01 night",
    "in the past week": "2022-02-22..2022-03-01",
    "in the past 24 hours": "2022-02-28..2022-03-01",
    "over the past two weeks": "2022-02-15..2022-03-01",
    "in the past month": "2022-02-01..2022-03-01",
    "last week": "2022-02-21..2022-02-27",
    "earlier this week": "2022-02-28..2022-03-01",
    "last month": "2022-02-01..2022-02-28",
    "last year": "2021-01-01..2021-12-31",
    "over the weekend": "2022-02-26..2022-02-27",
    "between Friday and Sunday": "2022-02-25..2022-02-27",
    "from 3 to 5 February": "2022-02-03..2022-02-05",
    "on Feb. 24-26, 2022": "2022-02-24..2022-02-26",
    "between December 30 and January 2": "2021-12-30..2022-01-02",
    "in February": "2022-02-01..2022-02-28",
    "in March last year": "2021-03-01..2021-03-31",
    "in December 2004": "2004-12-01..2004-12-31",
    "in 2015": "2015-01-01..2015-12-31",
    "since early September": "2021-09-01..2021-09-30 since",
    "since 1987": "1987-01-01..1987-12-31 since",
}
CLOCKS = {
    "at 17:24": "2022-03-01T17:24",
    "shortly after 8 a.m. local time": "2022-03-01T08:00",
    "at 8 a.m. on Monday": "2022-02-28T08:00",
    "on Monday, at around 3.20am": "2022-02-28T03:20",
    "at 2:46 p.m. (0546 GMT) on Friday": "2022-02-25T14:46",
    "at 0830 GMT": "2022-03-01T08:30",
    "around noon on Sunday": "2022-02-27T12:00",
    "just before midnight on Monday": "2022-02-28T00:00",
    "on Monday evening at 7.30pm": "2022-02-28T19:30 evening",
    "between 8 a.m. and 10 a.m. on Monday": "2022-02-28T08:00..2022-02-28T10:00",
    "at 12:05 a.m.": "2022-03-01T00:05",
    "at 5 o'clock": "2022-03-01T05:00",
}


@pytest.mark.parametrize(("phrase", "expected"), [*(ONE_DAY | RANGES | CLOCKS).items()])
def test_a_phrase_comes_to_its_days(phrase: str, expected: str) -> None:
    assert read(f"A fire broke out {phrase}.") == [(phrase, expected)]


@pytest.mark.parametrize(
    "text",
    [
        "The seven-month war killed a 5-year-old.",
        "They fought for three hours.",
        "She lived there for two years.",
        "They gather every Friday, and on Mondays.",
        "On Black Friday, the Sunday Times said so.",
        "You may march on it, if you must.",
        "Up to 2000 people and 1500 houses, 17.5 million in all.",
        "The final score was 3:20.",
        "It fell on February 31.",
        "Tim, 35, and his 3 sons walked 12 km.",
        "It was the first time in three years since then.",
    ],
)
def test_what_is_no_time_is_left_alone(text: str) -> None:
    assert [each for each in times.find(report(text)) if each.start] == []


def test_a_weekday_of_its_own_day_is_not_a_week_back_in_any_case() -> None:
    assert read("TUESDAY'S strike; the strike Tuesday; Tuesday’s strike") == [
        ("TUESDAY'S", "2022-03-01"),
        ("Tuesday", "2022-03-01"),
        ("Tuesday’s", "2022-03-01"),
    ]


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("The Kremlin also said he would meet on Thursday with the president.", "on Thursday"),
        ("Officials will hold talks on Thursday.", "on Thursday"),
        ("On Thursday, the court will hear the case.", "On Thursday"),
        ("Talks are scheduled for Thursday.", "Thursday"),
        ("They drafted it ahead of Thursday's emergency meeting.", "ahead of Thursday's"),
        ("The storm is expected to hit on Thursday.", "on Thursday"),
        ("The water could peak on Thursday.", "on Thursday"),
        ("The verdict has been postponed until Thursday.", "until Thursday"),
    ],
)
def test_what_is_planned_lies_ahead(text: str, phrase: str) -> None:
    (found,) = times.find(report(text))
    assert (found.span.text, found.start, found.is_future) == (phrase, "2022-03-03", True)


@pytest.mark.parametrize(
    "text",
    [
        "He would have been killed on Thursday.",
        "Police would not say on Thursday who did it.",
        "Residents could hear explosions on Thursday.",
        "The blast on Thursday will be investigated.",
        "The council will discuss Thursday's deadly attack.",
        "Aid will come, he said on Thursday.",
        "It will take years to rebuild what was hit on Thursday.",
    ],
)
def test_what_has_happened_lies_behind(text: str) -> None:
    (found,) = times.find(report(text))
    assert (found.start, found.is_future) == ("2022-02-24", False)


def test_the_previous_day_counts_from_the_day_in_the_text_before() -> None:
    text = "On Friday two died.\nOthers had died the previous day.\nThe next day was calm."
    assert read(text) == [
        ("On Friday", "2022-02-25"),
        ("the previous day", "2022-02-24"),
        ("The next day", "2022-02-26"),
    ]
    assert [m.is_relative_to_text for m in times.find(report(text))] == [False, True, True]


def test_hours_later_counts_from_the_happening_and_not_from_the_saying() -> None:
    text = "It struck early on Monday.\nThe toll rose, he said on Tuesday.\nHours later it shook."
    assert read(text)[-1] == ("Hours later", "2022-02-28")


def test_what_another_day_follows_is_put_before_it() -> None:
    sunday = date(2023, 3, 12)
    for text in (
        "Rescuers gave up on Thursday after the blast on Saturday.",
        "After Saturday's blast, rescuers gave up on Thursday.",
        "Rescuers gave up the search on Thursday.\nThe blast was on Saturday.",
        "Rescuers found bodies on Thursday in a mine that exploded on Saturday.",
    ):
        days = {m.span.text[-8:]: m.start for m in times.find(report(text, sunday))}
        assert set(days.values()) == {"2023-03-09", "2023-03-04"}, text


def test_a_new_blast_is_not_put_before_the_search_after_another() -> None:
    text = "Rescuers gave up the search on Thursday.\nA new blast on Saturday killed two."
    found = times.find(report(text, date(2023, 3, 12)))
    assert [m.start for m in found] == ["2023-03-09", "2023-03-11"]


def test_a_day_after_a_happening_is_told_apart_from_the_sentences_own() -> None:
    (own, event) = times.find(report("On Sunday, a day after the fire, five died."))
    assert (own.start, own.kind) == ("2022-02-27", "point")
    assert (event.start, event.kind) == ("2022-02-26", "after")


def test_yesterday_in_a_quotation_counts_from_the_saying() -> None:
    assert read("“They hit us yesterday,” he wrote on Monday.") == [
        ("yesterday", "2022-02-27"),
        ("on Monday", "2022-02-28"),
    ]


def test_nights_of_a_week_are_that_week_by_night() -> None:
    text = "Blocks were struck overnight three times in the past week."
    assert read(text) == [("in the past week", "2022-02-22..2022-03-01 night")]


def test_without_a_publication_date_only_full_dates_are_known() -> None:
    found = times.find(
        report("On Monday it fell.\nOn March 1, 2022 it fell; the next day too.", None)
    )
    assert [m.start for m in found] == [None, "2022-03-01", "2022-03-02"]
    assert found[0].moment() is None


def test_a_date_in_numbers_that_nothing_decides_keeps_both_candidates() -> None:
    (found,) = times.find(report("It fell on 01/02/22."))
    assert found.start is None
    assert set(found.candidates) == {date(2022, 1, 2), date(2022, 2, 1)}


def test_another_date_of_the_report_settles_the_order_of_its_numbers() -> None:
    found = times.find(report("It fell on 01/02/22.\nIt fell on 25/02/22."))
    assert [m.start for m in found] == ["2022-02-01", "2022-02-25"]


def test_a_time_told_again_for_the_whole_world_is_no_second_time() -> None:
    assert read("It shook at 1:24 p.m.\n(1024 GMT) on Monday.") == [
        ("at 1:24 p.m.", "2022-03-01T13:24"),
        ("on Monday", "2022-02-28"),
    ]


def test_a_clock_of_the_whole_world_tells_the_day_only() -> None:
    (found,) = times.find(report("The quake struck at 0830 GMT."))
    moment = found.moment()
    assert moment is not None
    assert (moment.start, moment.grain) == ("2022-03-01", "day")


def test_the_context_is_the_main_clause_before_in_the_paragraph() -> None:
    text = (
        "The army said on Sunday it was ready.\n"
        "The town was empty on Tuesday after it was shelled on Monday.\nPeople hid.\n\n"
        "Trains were late."
    )
    document = report(text)
    found = times.find(document)
    near = times.context(found, document, text.index("People"))
    story = times.context(found, document, text.index("Trains"))
    assert near is not None
    assert (near.start, near.basis, near.span) == ("2022-03-01", "context", None)
    assert story is not None
    assert story.start == "2022-03-01"


def test_no_day_in_the_text_is_no_context() -> None:
    document = report("People hid.")
    assert times.context((), document, 0) is None


UKRAINIAN = {
    "у вівторок вранці": "2022-03-01 morning",
    "вранці у вівторок": "2022-03-01 morning",
    "у п’ятницю": "2022-02-25",
    "минулої середи": "2022-02-23",
    "вчора ввечері": "2022-02-28 evening",
    "вночі": "2022-02-28..2022-03-01 night",
    "у ніч на 1 березня": "2022-02-28..2022-03-01 night",
    "у ніч на понеділок": "2022-02-27..2022-02-28 night",
    "минулого тижня": "2022-02-21..2022-02-27",
    "о 17:24": "2022-03-01T17:24",
    "1 березня о 17:24": "2022-03-01T17:24",
    "у неділю, 27 лютого, вночі": "2022-02-27 night",
    "у понеділок близько 8 ранку": "2022-02-28T08:00",
    "24 лютого 2022 року": "2022-02-24",
    "01.02.2022": "2022-02-01",
    "два дні тому": "2022-02-27",
    "за минулу добу": "2022-02-28..2022-03-01",
    "у лютому": "2022-02-01..2022-02-28",
    "торік": "2021-01-01..2021-12-31",
    "у 2015 році": "2015-01-01..2015-12-31",
    "на вихідних": "2022-02-26..2022-02-27",
    "другий день поспіль": "2022-03-01",
}


@pytest.mark.parametrize(("phrase", "expected"), [*UKRAINIAN.items()])
def test_a_ukrainian_phrase_comes_to_its_days(phrase: str, expected: str) -> None:
    assert read(f"Пролунав вибух {phrase}.", "uk") == [(phrase, expected)]


def test_ukrainian_days_are_counted_from_the_text_too() -> None:
    text = "У неділю загинуло двоє.\nНаступного дня ще троє.\nЗасідання відбудеться у четвер."
    assert read(text, "uk") == [
        ("У неділю", "2022-02-27"),
        ("Наступного дня", "2022-02-28"),
        ("у четвер", "2022-03-03 ahead!"),
    ]


DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(DAYS, st.integers(0, 6))
def test_a_weekday_is_the_latest_up_to_publication(published: date, weekday: int) -> None:
    (found,) = times.find(report(f"Two died on {WEEKDAYS[weekday]}.", published))
    day = date.fromisoformat(found.start or "")
    assert day.weekday() == weekday
    assert timedelta(0) <= published - day < timedelta(days=7)


@given(DAYS, st.integers(0, 300), st.sampled_from(["%-d %B", "%B %-d", "%b. %-d", "%-d %B %Y"]))
def test_a_date_in_words_is_read_back(published: date, back: int, form: str) -> None:
    day = published - timedelta(days=back)
    (found,) = times.find(report(f"Two died on {day.strftime(form)}.", published))
    assert found.start == day.isoformat()


WORDS = st.sampled_from(
    [
        "on",
        "in",
        "the",
        "a",
        "last",
        "next",
        "Monday",
        "Tuesday's",
        "March",
        "May",
        "1",
        "31",
        "2022",
        "03.01.22",
        "17:24",
        "8",
        "a.m.",
        "GMT",
        "noon",
        "overnight",
        "week",
        "weeks",
        "ago",
        "later",
        "before",
        "after",
        "since",
        "until",
        "will",
        "“",
        "”",
        "\x00",
        "\u202e",
        "yesterday",
    ]
)


@settings(deadline=None)
@given(st.lists(WORDS, max_size=40), st.none() | st.dates(), st.sampled_from(["en", "uk", "xx"]))
def test_any_heap_of_words_is_read_and_quoted_exactly(
    heap: list[str], published: date | None, language: str
) -> None:
    document = report(" ".join(heap), published, language)
    found = times.find(document)
    at = 0
    for mention in found:
        span = mention.span
        assert document.text[span.start : span.end] == span.text
        assert at <= span.start < span.end
        at = span.end
        assert (mention.start is None) == (mention.end is None)
        if mention.start and mention.end:
            assert mention.start <= mention.end
    times.context(found, document, len(document.text) // 2)


@pytest.mark.parametrize(
    "piece", ["on Monday ", "1" * 10_000, "03.01.22 ", "“yesterday” ", "in the ", "\0 ", "5 p.m. "]
)
def test_a_text_without_end_is_read_in_time(piece: str) -> None:
    text = (piece * (400_000 // len(piece)))[:400_000]
    document = report(text)
    assert all(each.span.end <= len(text) for each in times.find(document))


def test_the_day_of_the_happening_is_not_the_day_of_its_toll() -> None:
    text = (
        "Rescuers dug on Tuesday, two days after the quake.\n\n"
        "The toll rose to 40 on Monday, officials said on Tuesday.\n\n"
        "The quake struck at 5:10 a.m. on Sunday.\n\nForty people are dead."
    )
    document = report(text)
    found = times.find(document)
    happened = times.happening_day(found, document)
    assert happened is not None
    assert happened.start == "2022-02-27"
    at = text.index("Forty")
    dead = times.context(found, document, at, is_happening=True)
    assert dead == happened
    state = times.context(found, document, at)
    assert state is not None
    assert state.start == "2022-03-01"


def test_the_day_of_words_said_is_marked() -> None:
    text = (
        "He told CNN on Monday it was over.\nOn Tuesday, she said it was not.\n"
        "Officials say that on Sunday it began.\nIt broke out Monday and was declared out."
    )
    assert [m.is_saying for m in times.find(report(text))] == [True, True, False, False]


def test_what_has_gone_on_since_a_day_reaches_to_publication() -> None:
    assert read("At least 21 people have died since Sunday.") == [
        ("since Sunday", "2022-02-27..2022-03-01 since")
    ]
    assert read("It burned since Sunday.") == [("since Sunday", "2022-02-27 since")]


def test_a_background_day_is_not_where_the_story_goes_on() -> None:
    text = "A boat sank on Sunday.\nIt had left on Thursday.\nIt was seen at 4 a.m. off the coast."
    assert read(text)[-1] == ("at 4 a.m.", "2022-02-27T04:00")


def test_an_agencys_dateline_is_no_time_of_what_it_tells() -> None:
    text = "CITY, March 1 (Agency) - A boat sank on Monday."
    assert read(text) == [("on Monday", "2022-02-28")]


def test_that_day_is_the_day_of_the_main_clause_before() -> None:
    text = (
        "Вони вдарили по місту в неділю, близько 16:00.\n"
        "У місті уточнили, що вогонь загасили через 16 годин, о 8:00 понеділка.\n"
        "Увечері того ж дня влучила ще одна ракета."
    )
    assert read(text, "uk") == [
        ("в неділю, близько 16:00", "2022-02-27T16:00"),
        ("через 16 годин", "2022-02-28"),
        ("о 8:00 понеділка", "2022-02-28T08:00"),
        ("Увечері того ж дня", "2022-02-27 evening"),
    ]


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("It fell at 1:24 p.m. (1024 GMT) on Monday.", "en", ["2022-02-28T13:24"]),
        ("It fell at 2 a.m. local time (2300 GMT on Monday).", "en", ["2022-03-01T02:00"]),
        ("Two nights earlier, four people died.", "en", ["2022-02-26..2022-02-27 night"]),
        ("It was hit for the second time this week.", "en", []),
        (
            "Twelve died in January.\nTwenty died in the same month.",
            "en",
            ["2022-01-01..2022-01-31", "2022-01-01..2022-01-31"],
        ),
        (
            "In June last year 290 died.\nFourteen others died that October.",
            "en",
            ["2021-06-01..2021-06-30", "2021-10-01..2021-10-31"],
        ),
        ("He died ten days later.", "en", []),
        ("Уночі загинула жінка 1951 року народження.", "uk", ["2022-02-28..2022-03-01 night"]),
        ("Води немає з третьої ночі.", "uk", ["2022-03-01T03:00 since"]),
    ],
)
def test_a_report_tells_its_times(text: str, language: str, expected: list[str]) -> None:
    assert [days for _, days in read(text, language)] == expected


def test_a_bare_clock_is_of_the_day_told_before_and_not_of_a_later_clause() -> None:
    text = (
        "The storm struck on Monday.\nIt made landfall at 9 p.m. and crossed the island before "
        "moving out to sea on Tuesday."
    )

    clock = next(each for each in times.find(report(text)) if each.grain == "minute")

    assert clock.start == "2022-02-28T21:00"


def test_a_night_of_searching_is_not_the_day_of_the_collapse() -> None:
    text = (
        "Rescuers worked through the night after a bridge collapsed on Monday.\n"
        "A part of it gave way at 11:30."
    )

    clock = next(each for each in times.find(report(text)) if each.grain == "minute")

    assert clock.start == "2022-02-28T11:30"


def test_said_in_a_statement_is_the_day_of_saying() -> None:
    text = "Twelve people died, police said in a statement on Tuesday."

    assert [each.is_saying for each in times.find(report(text))] == [True]
