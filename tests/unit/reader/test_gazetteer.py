"""Names of places, looked up."""

from __future__ import annotations

import gzip
from importlib import resources
from pathlib import Path

import pytest

from tocsin.reader.endings import originals
from tocsin.reader.gazetteer import Gazetteer, Names, fold
from tocsin.reader.placewords import vocabulary

PROFILE = Path(str(resources.files("tocsin"))) / "data/profiles/ua"


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer.open(PROFILE)


@pytest.mark.parametrize(
    ("spelling", "geonames"),
    [
        ("Kyiv", 703448),
        ("Kiev", 703448),
        ("Київ", 703448),
        ("Mykolayiv", 700569),
        ("Nikolaev", 700569),
        ("Одеса", 698740),
        ("Odessa", 698740),
        ("Zaporizhzhya", 687700),
        ("Dnepr", 709930),
        ("Bila Tserkva", 712165),
        ("Івано-Франківськ", 707471),
    ],
)
def test_every_spelling_finds_the_place(gazetteer: Gazetteer, spelling: str, geonames: int) -> None:
    assert geonames in {each.geonames for each in gazetteer.find(fold(spelling))}


def test_the_profile_s_own_comes_first_and_has_its_geocode(gazetteer: Gazetteer) -> None:
    first = next(each for each in gazetteer.find("kharkiv") if each.level == "settlement")
    assert (first.geonames, first.region) == (706483, "UA-63")
    assert first.geocode is not None
    assert first.geocode.startswith("UA63")
    assert gazetteer.home == "UA"


def test_a_country_a_capital_and_a_region_are_found_by_code(gazetteer: Gazetteer) -> None:
    country, capital = gazetteer.country("GR"), gazetteer.capital("GR")
    region = gazetteer.region("ET-AM")
    assert country is not None
    assert country.geonames == 390903
    assert capital is not None
    assert capital.name == "Athens"
    assert region is not None
    assert region.country == "ET"


def test_without_a_profile_there_is_the_world_alone() -> None:
    world = Gazetteer.open()
    assert world.home is None
    assert world.find("lahaina")[0].region == "US-HI"
    assert world.find("kyiv")[0].geocode is None


def test_only_whole_words_begin_a_longer_name(gazetteer: Gazetteer) -> None:
    assert gazetteer.begins("addis")
    assert not gazetteer.begins("addi")
    assert gazetteer.find("addi") == ()


def test_a_variant_is_found_and_a_common_word_is_not(gazetteer: Gazetteer) -> None:
    found = gazetteer.variant("zaporizzhia")
    assert found is not None
    assert 687700 in {each.geonames for each in gazetteer.find(found)}
    assert gazetteer.variant("kyv") is None
    assert gazetteer.variant("qqqwwweee") is None


def test_the_first_and_the_last_name_of_a_file_are_found() -> None:
    place = "P\tAa\t1\tXX\t\t\t9\t\n"
    names = "aa\t0\nmm\t~0\nzz zz\t0\n"
    file = Names(gzip.compress(f"{len(place)}\n{place}{names}".encode()))
    assert [each.geonames for key in ("aa", "mm", "zz zz") for each in file.find(key)] == [1, 1, 1]
    assert file.find("mm")[0].is_alternate
    assert file.find("a") == []
    assert file.find("zzz") == []
    assert file.begins("zz")
    assert not file.begins("aa")


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("києві", "київ"),
        ("харкова", "харків"),
        ("запоріжжям", "запоріжжя"),
        ("тернополем", "тернопіль"),
        ("чернівцях", "чернівці"),
        ("сумах", "суми"),
        ("одесою", "одеса"),
        ("вінниці", "вінниця"),
        ("горлівці", "горлівка"),
        ("рівного", "рівне"),
        ("ірпені", "ірпінь"),
        ("рогу", "ріг"),
        ("україною", "україна"),
        ("росією", "росія"),
        ("івано франківську", "івано франківськ"),
    ],
)
def test_a_declined_name_leads_to_the_name(form: str, name: str) -> None:
    assert name in originals(form, vocabulary("uk").endings)


def test_a_language_without_endings_has_the_word_itself() -> None:
    assert originals("kyivs", ()) == ("kyivs",)


def test_folding_takes_marks_hyphens_and_apostrophes_off() -> None:
    assert fold("Deir ez-Zor") == "deir ez zor"
    assert fold("Kahramanmaraş") == "kahramanmaras"
    assert fold("Кам’янець-Подільський") == "камянець подільський"
    assert fold("U.S.") == "us"
