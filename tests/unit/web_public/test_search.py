"""A place is found by any way that people write it."""

import pytest

from kit.houses import KYIV, profile
from tocsin.web.public.search import Index

INDEX = Index(profile().world.tree)


@pytest.mark.parametrize("asked", ["Kyiv", "kiev", " КИЇВ ", "м. Київ", "UA-30", KYIV])
def test_the_capital_is_found_first_by_any_spelling(asked):
    assert INDEX.find(asked)[0] == KYIV


def test_an_apostrophe_of_any_kind_is_none():
    found = {tuple(INDEX.find(f"Кам{sign}янець-Подільський район")) for sign in "'’ʼ"}
    assert len(found) == 1
    assert next(iter(found))


def test_wider_regions_come_before_what_lies_in_them():
    levels = [profile().world.tree[code].level for code in INDEX.find("харківськ")]
    assert levels[0] == "oblast"


@pytest.mark.parametrize("asked", ["", "   ", "\u0000", "зовсім-не-місце", "%", "<b>", "." * 500])
def test_nonsense_finds_nothing(asked):
    assert INDEX.find(asked) == []


def test_one_letter_does_not_return_the_whole_country():
    assert 0 < len(INDEX.find("а")) <= 40
