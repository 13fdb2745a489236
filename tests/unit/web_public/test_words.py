"""Words, numbers and times as a language writes them."""

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

import tocsin
from tocsin.web.words import Words, negotiate

HOME = Path(tocsin.__file__).parent
NOW = datetime(2022, 10, 11, 9, 59, tzinfo=UTC)
UK, EN = Words("uk", "Europe/Kyiv"), Words("en", "Europe/Kyiv")
REGIONS = ("%(num)d region under alert", "%(num)d regions under alert")


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (1, "1 регіон під тривогою"),
        (2, "2 регіони під тривогою"),
        (5, "5 регіонів під тривогою"),
        (11, "11 регіонів під тривогою"),
        (21, "21 регіон під тривогою"),
    ],
)
def test_ukrainian_has_three_plural_forms(count, said):
    assert UK.ngettext(*REGIONS, count) == said


@pytest.mark.parametrize(
    ("length", "uk", "en"),
    [
        (timedelta(seconds=-5), "менше 1 хв", "under 1 min"),
        (timedelta(seconds=59), "менше 1 хв", "under 1 min"),
        (timedelta(minutes=47), "47 хв", "47 min"),
        (timedelta(minutes=107), "1 год 47 хв", "1 h 47 min"),
        (timedelta(days=1, hours=2), "1 день 2 год", "1 day 2 h"),
        (timedelta(days=3, hours=23, minutes=59), "3 дні 23 год", "3 days 23 h"),
        (timedelta(days=25), "25 днів 0 год", "25 days 0 h"),
    ],
)
def test_a_length_is_said_in_the_two_units_that_matter(length, uk, en):
    for words, said in ((UK, uk), (EN, en)):
        assert words.lasting(length).replace("\u00a0", " ") == said
        assert " " not in words.lasting(length)  # it never breaks over two lines


def test_the_patterns_for_scripts_say_the_same():
    patterns = json.loads(UK.lasting_patterns())
    assert set(patterns["d"]) == {"one", "few", "many"}
    said = patterns["d"]["few"].replace("{d}", "3").replace("{h}", "23")
    assert said == UK.lasting(timedelta(days=3, hours=23))
    assert patterns["hm"].replace("{h}", "1").replace("{m}", "47") == UK.lasting(
        timedelta(minutes=107)
    )


@pytest.mark.parametrize(
    ("before", "said"),
    [
        (timedelta(), "12:59 today"),
        (timedelta(hours=13), "23:59 yesterday"),
        (timedelta(days=2), "12:59 on 9 October"),
        (timedelta(days=365), "12:59 on 11 October 2021"),
    ],
)
def test_a_moment_is_said_with_its_day_in_the_profiles_zone(before, said):
    assert EN.when(NOW - before, NOW) == said


def test_the_zone_moves_with_the_season():
    assert UK.offset_min(NOW) == 180
    assert UK.offset_min(datetime(2022, 12, 1, tzinfo=UTC)) == 120


@pytest.mark.parametrize(
    ("asked", "accept", "language"),
    [
        (None, None, "uk"),
        ("en", "uk", "en"),
        ("xx", "en;q=0.2, uk;q=0.1", "en"),
        (None, "de, en-US;q=0.7", "en"),
        (None, "en;q=0, uk", "uk"),
        (None, ";;;,q=,\u0000", "uk"),
        (None, "en;q=9, uk;q=0.5", "en"),
    ],
)
def test_the_readers_language_is_found(asked, accept, language):
    assert negotiate(("uk", "en"), asked, accept) == language


def test_names_sort_as_the_alphabet_does():
    names = ["Яремче", "Іршава", "Ґрунь", "Житомир", "Їжаківка", "Єнакієве", "Гайсин"]
    assert sorted(names, key=UK.alphabetical) == [
        "Гайсин", "Ґрунь", "Єнакієве", "Житомир", "Іршава", "Їжаківка", "Яремче",
    ]  # fmt: skip


KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "plain_ngettext": (1, 2)}


def spoken_by_pages():
    """Every sentence that pages say, as gettext's own tools find them, and where one of them is."""
    found = {}
    templates = HOME / "web" / "templates"
    for page in sorted((*templates.rglob("*.html"), *templates.rglob("*.txt"))):
        with page.open("rb") as file:
            for _, _, said, _ in babel_extract(
                file, tuple(KEYWORDS), (), {"trim_blocks": "true", "lstrip_blocks": "true"}
            ):
                found[said if isinstance(said, str) else said[0]] = page.name
    for source in (
        HOME / "web" / "words.py",
        *(HOME / "web" / "public").glob("*.py"),
        *(HOME / "web" / "console").glob("*.py"),
        *(HOME / "web" / "desk").glob("*.py"),
    ):
        with source.open("rb") as file:
            for _, said, _, _ in extract("python", file, keywords=KEYWORDS):
                found[said if isinstance(said, str) else said[0]] = source.name
    return found


def test_every_sentence_has_its_words_in_ukrainian_and_no_word_is_left_over():
    source = HOME / "locale" / "uk" / "LC_MESSAGES" / "tocsin.po"
    with source.open("rb") as file:
        catalogue = {
            (each.id if isinstance(each.id, str) else each.id[0]): each
            for each in read_po(file, locale="uk")
            if each.id
        }
    plural = {"%(days)s day %(hours)s h"}  # said through plain_ngettext
    said = spoken_by_pages()
    assert len(said) > 700
    assert {each: page for each, page in said.items() if each not in catalogue} == {}
    assert set(catalogue) - said.keys() - plural == set()
    for each in catalogue.values():
        forms = [each.string] if isinstance(each.string, str) else each.string
        assert all(forms), each.id
        slots = set(re.findall(r"%?%\(\w+\)\w|\{\w+\}", str(each.id)))
        for form in forms:
            used = set(re.findall(r"%?%\(\w+\)\w|\{\w+\}", form))
            assert used <= slots, each.id
