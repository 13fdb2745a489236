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


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("ky", "UA-30"), ("kyiv", "UA-30"), ("ки", "UA-30"), ("kyiv o", "UA-32"),
        ("kharkiv", "UA-63"), ("харк", "UA-63"), ("lviv", "UA-46"), ("odesa", "UA-51"),
    ],
)  # fmt: skip
def test_the_widest_region_with_the_least_left_over_comes_first(asked, first):
    tree = profile().world.tree
    assert INDEX.find(asked)[0] == tree.find(first)


@pytest.mark.parametrize("asked", ["ukraine", "Україна", "all", "вся", "the whole house"])
def test_all_of_it_is_found_by_officers_alone(asked):
    root = profile().world.tree.root
    assert INDEX.find(asked, whole=True, called=["The whole house"])[0] == root
    assert root not in INDEX.find(asked, called=["The whole house"])


def test_a_slip_never_finds_all_of_it():
    root = profile().world.tree.root
    assert all(root not in INDEX.find(each, whole=True) for each in ("ukr", "al", "вс", "укр"))
