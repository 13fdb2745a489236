"""The bundled profile is whole: every region, text, alert of the history and line of the map."""

from __future__ import annotations

import csv
import gzip
import io
import re
import tomllib
from collections import Counter
from datetime import UTC, datetime
from fractions import Fraction
from importlib import resources
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from tocsin.bootstrap import open_profile
from tocsin.checks.resolve import Asked, Places, Resolved
from tocsin.core.area import Area
from tocsin.core.hazard import Phrase
from tocsin.formats.profile import MapFile, Profile, load_profile, read_geometry, read_maps
from tocsin.geo.index import RegionIndex
from tocsin.phrases import place_of
from tocsin.settings import Profile as ProfileSetting

FOLDER = resources.files("tocsin") / "data" / "profiles" / "ua"
CRIMEA, SEVASTOPOL = "UA01000000000013043", "UA85000000000065278"
KYIV, KYIV_OBLAST, LUHANSK = "UA80000000000093317", "UA32000000000030281", "UA44000000000018893"
HAZARDS = [
    "air-raid", "missile", "drone", "artillery", "urban-fighting", "chemical", "radiation",
    "evacuation", "flood", "fire", "severe-weather", "outage-power", "outage-water", "outage-heat",
    "outage-telecom", "outage-broadcast", "outage-transport",
]  # fmt: skip


def bytes_of(name: str) -> bytes:
    return (FOLDER / name).read_bytes()


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile(bytes_of)


@pytest.fixture(scope="module")
def maps() -> MapFile:
    return read_maps(bytes_of("map.json"))


@pytest.fixture(scope="module")
def places(profile: Profile) -> Places:
    return Places(profile.world.tree, lambda: read_geometry(bytes_of("geometry.geojson.gz")))


@pytest.fixture(scope="module")
def history() -> list[dict[str, str]]:
    with gzip.open(io.BytesIO(bytes_of("alerts/ua_alerts.csv.gz")), "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_tree_is_1642_regions_and_the_country(profile: Profile):
    tree = profile.world.tree
    levels = Counter(tree[code].level for code in tree.codes)

    assert len(tree) == 1_643
    assert tree.root == "UA"
    assert len(tree.children("UA")) == 27
    assert levels == {
        "country": 1, "oblast": 25, "city": 2, "raion": 136, "hromada": 1_469, "district": 10,
    }  # fmt: skip
    # leaves: hromadas, districts of Kyiv, raions of the Crimea (no hromadas), and Sevastopol
    assert len(tree.leaf_codes) == 1_469 + 10 + 10 + 1


def test_kyiv_is_one_city_with_ten_districts_and_not_its_oblast(profile: Profile):
    tree = profile.world.tree

    assert tree[KYIV].level == "city"
    assert tree[KYIV].names == {"uk": "м. Київ", "en": "Kyiv City"}
    assert {"Київ", "Kyiv", "Kiev"} <= set(tree[KYIV].spellings)
    assert [tree[code].level for code in tree.children(KYIV)] == ["district"] * 10
    assert tree[KYIV_OBLAST].parent == tree[KYIV].parent == "UA"


def test_every_region_has_a_name_to_show_in_every_language(profile: Profile):
    tree = profile.world.tree
    for code in tree.codes:
        assert tree[code].names["uk"]
        assert tree[code].name("en")
    assert sum("en" not in tree[code].names for code in tree.codes) == 13 + 597


@pytest.mark.parametrize(
    ("name", "geocode"),
    [
        ("UA-30", KYIV), ("ua-32", KYIV_OBLAST), ("UA-43", CRIMEA), ("UA-40", SEVASTOPOL),
        ("ukrainealarm:31", KYIV), ("ukrainealarm:9999", CRIMEA), ("alerts_in_ua:29", CRIMEA),
        ("alerts_in_ua:30", SEVASTOPOL), ("alerts_in_ua:1293", "UA63120270000028556"),
        ("alerts_in_ua:564", "UA23060070000082704"),
        # a hromada and its raion that were renamed keep their number
        ("alerts_in_ua:43", "UA12100000000039307"), ("alerts_in_ua:327", "UA12100070000011492"),
    ],
)  # fmt: skip
def test_foreign_names_lead_to_regions(profile: Profile, name: str, geocode: str):
    assert profile.world.tree.find(name) == geocode


def test_every_top_region_has_foreign_ids_and_no_id_stands_twice(profile: Profile):
    tree = profile.world.tree
    for code in tree.children("UA"):
        wanted = {"iso3166_2", "alerts_in_ua", "ukrainealarm"}
        if code == SEVASTOPOL:  # the one service does not know it
            wanted.remove("ukrainealarm")
        assert wanted <= set(tree[code].ids)
    for system in ("iso3166_2", "alerts_in_ua", "ukrainealarm", "osm", "wikidata"):
        ids = [tree[code].ids[system] for code in tree.codes if system in tree[code].ids]
        assert len(ids) == len(set(ids)), system
    assert sum("alerts_in_ua" in tree[code].ids for code in tree.codes) == 1_610


def test_people_are_counted_per_oblast_and_about_below(profile: Profile):
    tree = profile.world.tree

    assert tree["UA"].population == 41_167_335
    assert tree[KYIV].population == 2_952_301
    assert not tree[KYIV].about
    assert tree[CRIMEA].population is None
    raions = tree.children(KYIV_OBLAST)
    whole = tree[KYIV_OBLAST].population
    assert all(tree[code].about for code in raions)
    assert sum(tree[code].population or 0 for code in raions) == pytest.approx(whole, abs=10)


def test_every_alert_of_the_history_names_a_region_but_two(
    profile: Profile, history: list[dict[str, str]]
):
    tree = profile.world.tree
    lost = [row for row in history if row["region_id"] not in tree]

    assert len(history) == 135_415
    assert [(row["source"], row["region_id"]) for row in lost] == [("official", "")] * 2
    assert {row["source"] for row in history} == set(profile.sources)


def test_no_source_speaks_for_the_crimea_and_luhansk_falls_silent_in_april_2022(profile: Profile):
    tree = profile.world.tree
    assert set(profile.sources) == {"official", "volunteer", "volunteer-naive", "official-merged"}

    def speaks(source: str, code: str, at: datetime) -> bool:
        held = [m for m in profile.sources[source].mandates if m.holds(at)]
        return bool(tree.mask(c for m in held for c in m.regions) & tree.mask([code]))

    before = datetime(2022, 4, 4, 16, 44, tzinfo=UTC)
    after = datetime(2022, 4, 4, 16, 45, tzinfo=UTC)
    for source in ("official", "volunteer", "volunteer-naive"):
        for moment in (before, after):
            assert speaks(source, KYIV, moment)
            assert not speaks(source, CRIMEA, moment)
            assert not speaks(source, SEVASTOPOL, moment)
        assert speaks(source, LUHANSK, before)
        assert not speaks(source, LUHANSK, after)
    assert not speaks("official", KYIV, datetime(2022, 3, 14, 23, 59, tzinfo=UTC))
    assert profile.world.may_end("official", "volunteer-naive")
    assert not profile.world.may_end("volunteer", "official")
    assert not profile.sources["volunteer-naive"].ends_announced


def test_alerts_of_the_history_lie_within_their_sources_mandates(
    profile: Profile, history: list[dict[str, str]]
):
    tree = profile.world.tree
    outside = []
    for row in history:
        code, at = row["region_id"], datetime.fromisoformat(row["started_at_utc"])
        mandates = profile.sources[row["source"]].mandates
        held = any(m.holds(at) and set(tree.upward(code)) & set(m.regions)
                   for m in mandates if code in tree)  # fmt: skip
        if code in tree and not held:
            outside.append((row["source"], code, row["started_at_utc"]))

    # the volunteers repeat the announcement of Luhansk's standing alert, a minute after it
    assert outside == [("volunteer-naive", LUHANSK, "2022-04-04T16:46:15Z")]


def test_every_hazard_speaks_at_every_moment_in_both_languages(profile: Profile):
    hazards = profile.world.hazards

    assert list(hazards) == HAZARDS
    for hazard in hazards.values():
        for phrase in Phrase:
            assert set(hazard.words[phrase]) == {"uk", "en"}
    assert {name for name, hazard in hazards.items() if hazard.needs_instruction} == {"evacuation"}
    assert {name for name, hazard in hazards.items() if hazard.extends_by} == {
        "air-raid", "missile", "chemical", "radiation",
    }  # fmt: skip
    assert {name for name, hazard in hazards.items() if hazard.longest.days == 3} == {
        name for name in HAZARDS if name.startswith("outage-") or name == "evacuation"
    }
    assert all(hazard.tone is None for name, hazard in hazards.items() if "outage" in name)


def test_the_words_are_those_that_people_know(profile: Profile):
    raid = profile.world.hazards["air-raid"]

    assert raid.words[Phrase.ALERT]["uk"].headline == "Повітряна тривога"
    assert raid.words[Phrase.ALERT]["uk"].instruction == (
        "Негайно пройдіть в укриття. Залишайтеся там до відбою."
    )
    assert raid.words[Phrase.ALERT]["en"].instruction == (
        "Go to shelter now. Stay there until the all-clear."
    )
    assert raid.words[Phrase.ALL_CLEAR]["uk"].headline == "Відбій тривоги"
    assert raid.words[Phrase.ALL_CLEAR]["en"].headline == "All-clear"
    assert raid.words[Phrase.RETRACTION]["uk"].headline == "Оголошено помилково"
    assert raid.words[Phrase.RETRACTION]["en"].headline == "Issued in error"
    assert profile.world.drill_words == {"uk": "НАВЧАННЯ", "en": "DRILL"}


def test_yellow_means_be_ready_and_sounds_no_siren(profile: Profile):
    yellow, red = profile.world.hazards["air-raid"].levels

    assert (yellow.id, yellow.siren) == ("yellow", False)
    assert (red.id, red.siren) == ("red", True)
    assert (
        yellow.words["en"].instruction
        != profile.world.hazards["air-raid"].words[Phrase.ALERT]["en"].instruction
    )


def test_no_ukrainian_text_puts_the_place_where_it_would_need_a_case(profile: Profile):
    for hazard in profile.world.hazards.values():
        said = [hazard.words[phrase]["uk"] for phrase in Phrase]
        said += [step.words["uk"] for step in hazard.levels if step.words]
        for words in said:
            text = f"{words.headline} {words.description} {words.instruction}"
            assert text.count("{place}") == text.count(": {place}"), (hazard.id, text)


def test_the_time_zone_exists_and_the_attributions_are_there(profile: Profile):
    assert ZoneInfo(profile.world.time_zone).key == "Europe/Kyiv"
    assert profile.attribution("map") == "© OpenStreetMap contributors, ODbL 1.0"
    assert all(profile.attribution(of) for of in ("regions", "population", "names", "alerts"))
    assert profile.tones["air-raid"].is_complete
    assert not profile.tones["attention"].is_complete


def test_the_countrys_map_shows_every_top_region_in_a_few_kilobytes(
    profile: Profile, maps: MapFile
):
    tree, country = profile.world.tree, maps.maps["UA"]

    assert set(country.paths) == set(country.labels) == set(tree.children("UA"))
    assert set(profile.world.short) == set(country.paths)
    assert sum(map(len, country.paths.values())) <= 15_000
    assert maps.attribution == profile.attribution("map")
    for path in country.paths.values():
        assert re.fullmatch(r"(M\d+ \d+l[-\d ]+z)+", path)
    for x, y, _ in country.labels.values():
        assert 0 < x < country.width
        assert 0 < y < country.height


def test_every_oblast_has_a_map_of_its_raions_and_kyiv_of_its_districts(
    profile: Profile, maps: MapFile
):
    tree = profile.world.tree
    for code in tree.children("UA"):
        if tree.children(code):
            assert set(maps.maps[code].paths) == set(tree.children(code))
    assert len(maps.maps) == 1 + 26


def test_every_region_but_the_country_has_a_border(profile: Profile, places: Places):
    tree = profile.world.tree
    borders = read_geometry(bytes_of("geometry.geojson.gz"))

    assert set(borders) == set(tree.codes) - {"UA"}
    assert places.index().codes == tree.leaf_codes


@pytest.mark.parametrize(
    ("lon", "lat", "top"),
    [
        (30.5238, 50.4547, KYIV), (24.0297, 49.8397, "UA46000000000026241"),
        (36.2304, 49.9935, "UA63000000000041885"), (34.1008, 44.9521, CRIMEA),
        (33.5225, 44.6166, SEVASTOPOL), (34.3926, 47.5674, "UA12000000000090473"),
    ],
)  # fmt: skip
def test_a_city_lies_in_its_region(
    profile: Profile, places: Places, lon: float, lat: float, top: str
):
    leaf = places.index().leaf_at(lon, lat)

    assert leaf is not None
    assert top in set(profile.world.tree.upward(leaf))


@pytest.mark.parametrize(("lon", "lat"), [(21.01, 52.23), (50.45, 30.52), (0, 0), (31.0, 43.0)])
def test_abroad_and_swapped_axes_lie_nowhere(places: Places, lon: float, lat: float):
    assert places.index().leaf_at(lon, lat) is None


def test_a_drawn_square_touches_leaves_whose_shares_add_up(places: Places):
    ring = [[30, 50], [31, 50], [31, 51], [30, 51], [30, 50]]

    found = places.resolve(Asked(polygons=[ring]))

    assert isinstance(found, Resolved)
    assert found.outside == 0
    assert sum(meet.of_drawn for meet in found.area.touched) == pytest.approx(1, abs=0.005)
    assert 40 < len(found.area.touched) < 80


def test_a_border_itself_counts_as_inside(profile: Profile, places: Places):
    tree, index = profile.world.tree, places.index()
    borders = read_geometry(bytes_of("geometry.geojson.gz"))
    for code in tree.leaf_codes[::50]:
        lon, lat = borders[code][0][0][0]
        assert index.leaf_at(lon, lat) is not None, code


def test_the_index_needs_no_widest_regions(profile: Profile):
    borders = read_geometry(bytes_of("geometry.geojson.gz"))
    leaves = {code: borders[code] for code in profile.world.tree.leaf_codes}

    index = RegionIndex(profile.world.tree, leaves)

    assert index.leaf_at(30.5238, 50.4547) is not None


def test_the_drop_in_tables_name_hazards_levels_and_ids_of_this_profile(profile: Profile):
    tree = profile.world.tree
    one = tomllib.loads(bytes_of("dropin/alerts_in_ua.toml").decode())
    other = tomllib.loads(bytes_of("dropin/ukrainealarm.toml").decode())

    order = [tree.find(f"alerts_in_ua:{uid}") for uid in one["by_oblast"]]
    assert sorted(map(str, order)) == sorted(tree.children("UA"))
    assert [tree.find(f"alerts_in_ua:{uid}") for uid in one["special_cities"]] == [
        tree.find(f"ukrainealarm:{uid}") for uid in other["states_of_their_own"]
    ]
    for kinds in (one["alert_types"], other["types"]):
        assert set(kinds) <= set(profile.world.hazards)
    for levels in (one["location_types"], other["region_types"]):
        assert set(levels) <= set(profile.levels)


ALONG, UP = 0.7548776662466927, 0.5698402909980532


def is_inside(lon: float, lat: float, rings: list[list[tuple[float, float]]]) -> bool:
    """Count the borders to the east of a point: the textbook's rule, in exact fractions."""
    inside = False
    for ring in rings:
        for (ax, ay), (bx, by) in pairwise(ring):
            if (ay > lat) != (by > lat):
                up, across = Fraction(by) - Fraction(ay), Fraction(bx) - Fraction(ax)
                crossing = Fraction(ax) + (Fraction(lat) - Fraction(ay)) * across / up
                inside ^= Fraction(lon) < crossing
    return inside


@pytest.mark.parametrize(
    "count", [500, pytest.param(20_000, marks=[pytest.mark.proof, pytest.mark.timeout(600)])]
)
def test_points_lie_where_the_textbook_says(profile: Profile, places: Places, count: int):
    """RELIABILITY T14. In a gap between leaves the nearest answers, as long as it is no abroad."""
    tree, index = profile.world.tree, places.index()
    borders = read_geometry(bytes_of("geometry.geojson.gz"))
    boxes = []
    for code in tree.leaf_codes:
        points = [point for rings in borders[code] for point in rings[0]]
        lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
        boxes.append((code, min(lons), min(lats), max(lons), max(lats)))
    wrong, inside = [], 0
    for number in range(1, count + 1):  # spread evenly: the R2 sequence
        lon, lat = 22 + number * ALONG % 1 * 18.3, 44.3 + number * UP % 1 * 8.1
        owners = [
            code
            for code, west, south, east, north in boxes
            if west <= lon <= east and south <= lat <= north
            and sum(is_inside(lon, lat, rings) for rings in borders[code])
        ]  # fmt: skip
        found = index.leaf_at(lon, lat)
        inside += bool(owners)
        if owners and found != owners[0]:
            wrong.append((lon, lat, found, owners))
        if not owners and found is not None:
            around = [rings for top in tree.children("UA") for rings in borders[top]]
            assert any(is_inside(lon, lat, rings) for rings in around), (lon, lat)

    assert not wrong
    assert inside > count / 3


def test_no_two_regions_read_alike_in_an_all_clear():
    """A city and the region around it share a label on the map, never a sentence."""
    world = open_profile(ProfileSetting(id="ua")).world
    top = world.tree.children(world.tree.root)
    for language in world.languages:
        said = [place_of(world, Area(regions=(code,)), language) for code in top]
        assert len(set(said)) == len(top)
        below = set(world.tree.leaf_codes) - set(top)
        local = {place_of(world, Area(regions=(code,)), language) for code in below}
        assert not local & set(said)
