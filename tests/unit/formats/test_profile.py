"""A country is a folder of data: what it must hold, and how a slip in it is said."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from tocsin.core.alert import Severity
from tocsin.core.hazard import Phrase
from tocsin.errors import ProfileProblem
from tocsin.formats.profile import load_profile, read_geometry, read_maps
from tocsin.formats.profile.geometry import write_geometry
from tocsin.formats.profile.regions import read_regions, write_regions

PROFILE = """
id = "land"
languages = ["en", "fr"]
time_zone = "UTC"
root = "L"
[names]
en = "Land"
fr = "Pays"
[[levels]]
id = "country"
names = { en = "country", fr = "pays" }
[[levels]]
id = "part"
names = { en = "part", fr = "partie" }
[authority]
id = "desk"
names = { en = "Desk", fr = "Poste" }
[drill]
en = "DRILL"
fr = "EXERCICE"
[never]
en = ["not a drill", "safe"]
fr = ["pas un exercice"]
[[attributions]]
of = "map"
text = "Somebody, CC BY 4.0"
"""

WORDS = """
[{0}.{1}.en]
headline = "Flood"
description = "Water is rising in {{place}}."
instruction = "Go up now."
[{0}.{1}.fr]
headline = "Inondation"
description = "L'eau monte: {{place}}."
instruction = "Montez tout de suite."
"""

HAZARD = """
[flood]
category = "Met"
event_code = "flood"
names = { en = "Flood", fr = "Inondation" }
urgency = "Expected"
severity = "Severe"
certainty = "Likely"
default_h = 2
longest_h = 24
extends_by_min = 15
tone = "long"
"""

TONES = """
[long]
names = { en = "Long", fr = "Long" }
meaning = { en = "Danger", fr = "Danger" }
segments = [{ sound = "steady", seconds = 30 }]
source = "a test"
"""

SOURCES = """
[old]
names = { en = "Old", fr = "Ancien" }
file = "alerts.csv.gz"
licence = "MIT"
ends = "assumed"
above = ["older"]
[[old.mandates]]
regions = ["L"]
except = ["B"]
from = 2022-01-01T00:00:00Z
until = 2023-01-01T00:00:00Z
[older]
names = { en = "Older", fr = "Plus ancien" }
file = "alerts.csv.gz"
licence = "MIT"
ends = "announced"
mandates = []
"""


def region(geocode: str, parent: str | None = None, **more: object) -> dict[str, object]:
    level = "part" if parent else "country"
    return {"geocode": geocode, "level": level, "parent": parent, "names": {"en": geocode}, **more}


def regions(*rows: dict[str, object]) -> str:
    return json.dumps({"regions": rows})


def folder(**changes: str) -> dict[str, str]:
    files = {
        "profile.toml": PROFILE,
        "regions.json": regions(
            region("L"), region("A", "L"), region("B", "L"),
            region("C", "B", ids={"iso3166_2": "L-C", "other": "7"}),
        ),
        "hazards.toml": HAZARD
        + "".join(WORDS.format("flood", phrase) for phrase in ("alert", "all_clear", "retraction")),
        "tones.toml": TONES,
        "sources.toml": SOURCES,
        "policies.toml": '[second_person]\nhazards = ["flood"]\n',
        "short.toml": 'A = { en = "Aa" }\n',
    }  # fmt: skip
    return files | {name.replace("__", "."): text for name, text in changes.items()}


def load(files: dict[str, str]):
    return load_profile(lambda name: files[name].encode())


def slip_in(files: dict[str, str]) -> str:
    with pytest.raises(ProfileProblem) as refused:
        load(files)
    return str(refused.value)


def test_a_whole_folder_becomes_a_world():
    profile = load(folder())
    world = profile.world

    flood = world.hazards["flood"]
    assert (world.id, world.languages, len(world.tree)) == ("land", ("en", "fr"), 4)
    assert world.tree.find("L-C") == world.tree.find("other:7") == "C"
    assert flood.severity is Severity.SEVERE
    assert (flood.default, flood.longest) == (timedelta(hours=2), timedelta(hours=24))
    assert flood.extends_by == timedelta(minutes=15)
    assert flood.words[Phrase.ALL_CLEAR]["fr"].headline == "Inondation"
    assert world.second_person.hazards == {"flood"}
    assert world.second_person.people_above == 500_000
    assert world.short == {"A": {"en": "Aa"}}
    assert world.senders["desk"]["fr"] == "Poste"
    assert world.drill_words == {"en": "DRILL", "fr": "EXERCICE"}
    assert world.may_end("old", "older")
    assert not world.may_end("older", "old")
    assert profile.attribution("map") == "Somebody, CC BY 4.0"
    assert profile.tones["long"].is_complete


def test_a_source_speaks_where_and_when_its_mandate_says():
    source = load(folder()).sources["old"]

    (mandate,) = source.mandates
    assert not source.ends_announced
    assert mandate.regions == ("A",)
    assert mandate.holds(datetime(2022, 6, 1, tzinfo=UTC))
    assert not mandate.holds(datetime(2023, 1, 1, tzinfo=UTC))


def test_policies_sources_and_short_names_may_be_missing():
    files = folder()
    for name in ("policies.toml", "sources.toml", "short.toml"):
        del files[name]

    world = load(files).world

    assert world.spill_share == 0.02
    assert set(world.senders) == {"desk"}


@pytest.mark.parametrize("name", ["profile.toml", "regions.json", "hazards.toml", "tones.toml"])
def test_a_needed_file_that_is_missing_is_named(name: str):
    files = folder()
    del files[name]

    assert slip_in(files) == f"{name}: /: missing-file: a profile needs it."


def mended(name: str, before: str, after: str) -> dict[str, str]:
    files = folder()
    assert before in files[name]
    files[name] = files[name].replace(before, after, 1)
    return files


@pytest.mark.parametrize(
    ("name", "before", "after", "place", "rule"),
    [
        ("profile.toml", 'id = "land"', 'id = "land"\nflag = 1', "/", "unknown-key"),
        ("profile.toml", 'root = "L"', 'root = "A"', "/root", "unknown-region"),
        ("profile.toml", 'fr = "EXERCICE"', "", "/drill/fr", "missing-language"),
        ("profile.toml", 'fr = ["pas un exercice"]', "", "/never/fr", "missing-language"),
        ("profile.toml", 'fr = "Pays"', 'fr = "P"\nde = "L"', "/names/de", "unknown-language"),
        ("profile.toml", 'id = "desk"', 'id = "old"', "/authority/id", "taken"),
        ("profile.toml", "[names]", "[names", "/", "bad-toml"),
        ("hazards.toml", 'tone = "long"', 'tone = "short"', "/flood/tone", "unknown-tone"),
        ("hazards.toml", 'tone = "long"', 'tune = "long"', "/flood", "unknown-key"),
        ("hazards.toml", 'category = "Met"', 'category = "Rain"', "/flood/category", "bad-value"),
        ("hazards.toml", 'category = "Met"', "", "/flood", "missing-key"),
        ("hazards.toml", "longest_h = 24", "longest_h = 100", "/flood/longest_h", "bad-value"),
        ("hazards.toml", "default_h = 2", "default_h = 25", "/flood/default_h", "bad-value"),
        ("hazards.toml", "[flood]", "[Flood_1]\n[flood]", "/Flood_1", "missing-key"),
        ("hazards.toml", "[flood.alert.fr]", "[flood.alert.de]", "/flood/alert/fr",
         "missing-language"),
        ("hazards.toml", "rising in {place}", "rising in {town}", "/flood/alert/en/description",
         "unknown-slot"),
        ("hazards.toml", "rising in {place}", "rising in {place", "/flood/alert/en/description",
         "unknown-slot"),
        ("hazards.toml", "rising in {place}", "rising", "/flood/alert/en", "place-missing"),
        ("hazards.toml", "Go up now.", "", "/flood/alert/en/instruction", "missing-text"),
        ("hazards.toml", "Go up now.", "This is not a drill.", "/flood/alert/en/instruction",
         "forbidden-words"),
        ("hazards.toml", "Go up now.", "You are SAFE there.", "/flood/alert/en/instruction",
         "forbidden-words"),
        ("hazards.toml", "Go up now.", "Go up now!", "/flood/alert/en/instruction",
         "exclamation-mark"),
        ("hazards.toml", "Go up now.", "a " * 16 + ".", "/flood/alert/en/instruction",
         "sentence-too-long"),
        ("hazards.toml", "Go up now.", "Go up\u202e now.", "/flood/alert/en/instruction",
         "control-character"),
        ("hazards.toml", "Go up now.", "Go up\\u0007 now.", "/flood/alert/en/instruction",
         "control-character"),
        ("tones.toml", 'source = "a test"', 'source = " "', "/long/source", "missing-text"),
        ("tones.toml", 'sound = "steady"', 'sound = "loud"', "/long/segments/0/sound", "bad-value"),
        ("tones.toml", "source =", 'regions = ["Z"]\nsource =', "/long/regions/0",
         "unknown-region"),
        ("policies.toml", '["flood"]', '["fire"]', "/second_person/hazards/0", "unknown-hazard"),
        ("policies.toml", "hazards =", "hazard =", "/second_person", "unknown-key"),
        ("policies.toml", "[second", "[area]\nspill_share = 2\n[second", "/area/spill_share",
         "bad-value"),
        ("sources.toml", '["older"]', '["newer"]', "/old/above/0", "unknown-source"),
        ("sources.toml", 'except = ["B"]', 'except = ["Z"]', "/old/mandates/0/except/0",
         "unknown-region"),
        ("sources.toml", 'except = ["B"]', 'except = ["L"]', "/old/mandates/0/except",
         "empty-area"),
        ("sources.toml", "2023-01-01T", "2021-01-01T", "/old/mandates/0/until",
         "ends-before-start"),
        ("sources.toml", "2022-01-01T00:00:00Z", "2022-01-01T00:00:00", "/old/mandates/0/from",
         "bad-value"),
        ("short.toml", "A =", "Z =", "/Z", "unknown-region"),
        ("short.toml", "en =", "de =", "/A/de", "unknown-language"),
        ("regions.json", '"level": "country"', '"level": "planet"', "/regions/0/level",
         "unknown-level"),
        ("regions.json", '"parent": "B"', '"parent": "Z"', "/regions/3", "not-a-tree"),
        ("regions.json", '"geocode": "B"', '"geocode": "A"', "/regions/2", "not-a-tree"),
        ("regions.json", '"parent": null', '"parent": "C"', "/regions/0", "not-a-tree"),
        ("regions.json", '"names": {"en": "B"}', '"names": {}', "/regions/2", "missing-name"),
        ("regions.json", '"parent": "B"', '"parent": 5', "/regions/3/parent", "bad-value"),
        ("regions.json", '"level": "country"', '"lvl": "country"', "/regions/0", "unknown-key"),
        ("regions.json", '{"regions"', '{"regions', "/", "bad-json"),
    ],
)  # fmt: skip
def test_a_slip_is_named_by_file_key_and_rule(
    name: str, before: str, after: str, place: str, rule: str
):
    assert slip_in(mended(name, before, after)).startswith(f"{name}: {place}: {rule}: ")


def test_a_hazard_whose_issuer_writes_the_instruction_brings_none():
    files = folder()
    files["hazards.toml"] = files["hazards.toml"].replace(
        "[flood]", "[flood]\nneeds_instruction = true"
    )

    assert "/flood/alert/en/instruction: instruction-written-each-time" in slip_in(files)

    head, tail = files["hazards.toml"].split("[flood.all_clear.en]")
    head = re.sub(r'instruction = ".*"', 'instruction = ""', head)
    files["hazards.toml"] = f"{head}[flood.all_clear.en]{tail}"

    assert load(files).world.hazards["flood"].needs_instruction


def test_levels_have_their_own_words_and_keep_to_the_same_rules():
    level = """
[[flood.levels]]
id = "yellow"
names = { en = "Yellow", fr = "Jaune" }
siren = false
[flood.levels.words.en]
headline = "Watch the water"
description = "Water may rise in {place}."
instruction = "Be ready."
[flood.levels.words.fr]
headline = "Attention"
description = "L'eau peut monter: {place}."
instruction = "Soyez pr\u00eats."
"""
    files = folder()
    files["hazards.toml"] += level

    (yellow,) = load(files).world.hazards["flood"].levels

    assert not yellow.siren
    assert yellow.words["fr"].instruction == "Soyez pr\u00eats."
    files["hazards.toml"] = files["hazards.toml"].replace("may rise in {place}", "may rise")
    assert "/flood/levels/0/words/en: place-missing" in slip_in(files)


def test_a_tone_of_unknown_length_cannot_be_played():
    files = mended("tones.toml", ", seconds = 30", "")

    assert not load(files).tones["long"].is_complete


def test_regions_are_written_as_they_are_read_one_a_line():
    data = folder()["regions.json"].encode()
    read = read_regions(data)

    written = write_regions(read)

    assert read_regions(written) == read
    assert written.count(b"\n") == len(read) + 2


def test_borders_are_written_as_they_are_read():
    square = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 0.0)]
    packed = gzip.compress(write_geometry({"B": [[square], [square]], "A": [[square]]}, "us"))

    assert read_geometry(packed) == {"A": [[square]], "B": [[square], [square]]}
    assert json.loads(gzip.decompress(packed))["attribution"] == "us"
    with pytest.raises(ProfileProblem, match=r"geometry\.geojson\.gz: /: bad-gzip"):
        read_geometry(packed[:40])
    with pytest.raises(ProfileProblem, match=r"map\.json: /maps: unknown-key|map\.json: /: "):
        read_maps(b'{"atribution": "", "maps": {}}')
