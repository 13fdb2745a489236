"""Sentences, words and quotations of a report stand where its text has them."""

import time

import pytest

from tocsin.reader.sentences import lines, paragraphs, split, tokens
from tocsin.reader.text import read_document


def parts(text: str, language: str = "en") -> list[str]:
    document = read_document(text, name="r", language=language)
    for sentence in document.sentences:
        for token in sentence.tokens:
            assert text[token.start : token.end] == token.text
    return [text[each.start : each.end] for each in document.sentences]


def quoted(text: str, language: str = "en") -> list[list[str]]:
    document = read_document(text, name="r", language=language)
    return [[text[low:high] for low, high in each.quoted] for each in document.sentences]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He left the U.S. The mayor stayed.", ["He left the U.S.", "The mayor stayed."]),
        ("The U.S. President spoke. It rained.", ["The U.S. President spoke.", "It rained."]),
        ("Dr. Lee and Gen. Sato met Sen. Roy.", ["Dr. Lee and Gen. Sato met Sen. Roy."]),
        ("Maj. Gen. Ivan Petrov said so.", ["Maj. Gen. Ivan Petrov said so."]),
        ("On Feb. 24 it began. It lasted.", ["On Feb. 24 it began.", "It lasted."]),
        ("No. 5 unit burned. No. The rest held.", ["No. 5 unit burned.", "No.", "The rest held."]),
        ("It fell at 5 p.m. Smith ran.", ["It fell at 5 p.m.", "Smith ran."]),
        (
            "It fell at 5 p.m. Tuesday near St. Louis.",
            ["It fell at 5 p.m. Tuesday near St. Louis."],
        ),
        (
            "It fell at 1:24 p.m. (1024 GMT) on Monday. All ran.",
            ["It fell at 1:24 p.m. (1024 GMT) on Monday.", "All ran."],
        ),
        ("It fell at 5 p.m. EST. All ran.", ["It fell at 5 p.m. EST.", "All ran."]),
        ("A 7.8 quake hit. 1,000 died.", ["A 7.8 quake hit.", "1,000 died."]),
        ("It shook... then stopped.", ["It shook... then stopped."]),
        ("It shook... Then it stopped.", ["It shook...", "Then it stopped."]),
        ("It shook\u2026 Then it stopped.", ["It shook\u2026", "Then it stopped."]),
        ("J. K. Brown died. He was 80.", ["J. K. Brown died.", "He was 80."]),
        ("Acme Inc. said profits fell.", ["Acme Inc. said profits fell."]),
        ("In Sacramento, Calif., five died.", ["In Sacramento, Calif., five died."]),
        ("Five died.The police came.", ["Five died.", "The police came."]),
        ("See news.example.com now. Go.", ["See news.example.com now.", "Go."]),
        ("1. Stay inside. 2. Wait.", ["1. Stay inside.", "2. Wait."]),
        ("(Five died.) Ten were hurt.", ["(Five died.)", "Ten were hurt."]),
        ("Five died in 2022. The rest lived.", ["Five died in 2022.", "The rest lived."]),
    ],
)
def test_a_stop_that_is_no_full_stop_does_not_end_a_sentence(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"Is it over?" he asked. It was.', ['"Is it over?" he asked.', "It was."]),
        ('"Is it over?" Mayor Roy asked.', ['"Is it over?" Mayor Roy asked.']),
        ('"Help us!" The town was dark.', ['"Help us!"', "The town was dark."]),
        ("“We ran.” Then it fell.", ["“We ran.”", "Then it fell."]),
        ("“We ran. It fell,” she said.", ["“We ran.", "It fell,” she said."]),
    ],
)
def test_a_question_and_who_asks_it_are_one_sentence(text, expected):
    assert parts(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("У м. Київ о 5:30 пролунав вибух. Є жертви.", 2),
        ("24 лютого 2022 р. почалося вторгнення.", 1),
        ("Збитки сягають 5 млн. грн. Про це сказав І. Клименко.", 2),
        ("Пошкоджено буд. 5 на вул. Садовій. Постраждалих немає.", 2),
        ("Снаряд влучив у с. Липці Харківської обл. Загинули двоє.", 2),
    ],
)
def test_ukrainian_abbreviations_do_not_end_a_sentence(text, expected):
    assert len(parts(text, "uk")) == expected


def test_a_headline_without_a_stop_is_a_sentence_of_its_own():
    text = "Quake kills 50\n\nA quake hit the town.\nMany fled.\nNo end in sight"
    assert parts(text) == [
        "Quake kills 50",
        "A quake hit the town.",
        "Many fled.",
        "No end in sight",
    ]


def test_lines_wrapped_at_72_columns_are_joined_and_paragraphs_are_not():
    text = (
        "A strong earthquake of magnitude 6.1 struck the eastern province on\n"
        "Thursday, killing at least 12 people and wounding 30, officials said.\n"
        "Many houses fell in two villages, said the governor of the place, Mr.\n"
        "Sato.\n"
        "\n"
        "Rescuers\n"
    )
    document = read_document(text, name="r")
    assert [(each.paragraph, text[each.start : each.start + 8]) for each in document.sentences] == [
        (0, "A strong"),
        (0, "Many hou"),
        (1, "Rescuers"),
    ]


def test_a_name_broken_by_wrapping_stays_one_where_blank_lines_part_paragraphs():
    text = (
        "Storm kills three in a harbour town\n\n"
        "A storm killed at least three people in the Brazilian city of Porto\n"
        "Alegre on Tuesday.\n"
    )
    assert len(parts(text)) == 2


def test_short_lines_under_each_other_are_not_one_sentence():
    text = "Five dead in the port\nTen hurt in the market\nCity without power"
    assert len(parts(text)) == 3


def test_every_kind_of_line_end_is_one():
    text = "One fell.\r\n\r\nTwo fell\rThree fell\u2028Four fell.\x0bFive fell."
    assert parts(text) == ["One fell.", "Two fell", "Three fell", "Four fell.", "Five fell."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “one. Two” and left.", [["“one."], ["Two”"]]),
        ("«Один. Два», — сказав він.", [["«Один."], ["Два»"]]),
        ('He said "one" and "two".', [['"one"', '"two"']]),
        ("She called it ‘a miracle’ today.", [["‘a miracle’"]]),
        ("The workers' union and Kyiv's mayor met.", [[]]),
        ("He said “it was ‘hell’ there” today.", [["“it was ‘hell’ there”"]]),
        ('The 6" pipe burst.', [[]]),
        ("„Ja“ sagte er.", [["„Ja“"]]),
    ],
)
def test_quotations_are_found_with_their_marks(text, expected):
    assert quoted(text) == expected


def test_a_quotation_goes_on_in_a_paragraph_that_opens_it_again_or_closes_it():
    assert quoted("“One.\n\n“Two.”\n\nThree.") == [["“One."], ["“Two.”"], []]
    assert quoted("«Один.\n\nДва».\n\nТри.", "uk") == [["«Один."], ["Два»"], []]


def test_a_lost_closing_mark_does_not_make_the_report_a_quotation():
    assert quoted("“One.\n\nTwo.\n\nThree “four”.") == [["“One."], [], ["“four”"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("U.S.-led forces", ["U.S.-led", "forces"]),
        ("1,000 of 3.5 (35)", ["1,000", "of", "3.5", "(", "35", ")"]),
        ("1 000 and 1\xa0000", ["1", "000", "and", "1", "000"]),
        ("a 24-year-old", ["a", "24-year-old"]),
        ("10-11 October", ["10", "-", "11", "October"]),
        ("Russia\u2019s G7", ["Russia\u2019s", "G7"]),
        ("п’ятеро-шестеро", ["п’ятеро-шестеро"]),
        ("17:24, 03.01.22", ["17", ":", "24", ",", "03.01.22"]),
        ("wait... no", ["wait", "...", "no"]),
    ],
)
def test_words_and_numbers_are_tokens(text, words):
    found = tokens(text)
    assert [each.text for each in found] == words
    assert all(text[each.start : each.end] == each.text for each in found)


def test_a_token_knows_its_plain_lower_case_and_whether_it_is_a_word():
    house, mark, number = tokens("Russia\u2019s “5")
    assert (house.lower, house.is_word, house.is_capital) == ("russia's", True, True)
    assert (mark.lower, mark.is_word) == ('"', False)
    assert number.is_word


@pytest.mark.parametrize(
    "text",
    [
        "a" * 300_000,
        "word " * 60_000,
        '" ' * 100_000,
        "'a b' " * 40_000,
        "1" * 10_000,
        "." * 200_000,
        "U.S. " * 40_000,
        "\x00" * 100_000,
        "\u202eمرحبا " * 30_000,
        "“a\n\n" * 20_000,
        "line of x\n" * 20_000,
        "(" * 200_000,
        "",
        "\ufeff",
    ],
    ids=range(14),
)
def test_no_text_takes_long_or_breaks_the_reader(text):
    begun = time.process_time()
    document = read_document(text, name="r")
    assert time.process_time() - begun < 8
    assert all(0 <= s.start < s.end <= len(text) for s in document.sentences)
    assert all(s.end - s.start <= 2_400 for s in document.sentences)


def test_paragraphs_hold_every_line_once():
    text = "One two.\n\nthree\nfour\n"
    rows = list(lines(text))
    assert [row for part in paragraphs(text, rows) for row in part] == rows
    assert [text[low:high] for low, high in rows] == ["One two.", "three", "four"]
    assert len(split(text, paragraphs(text, rows))) == 2
