"""Importing regions: everything wrong is reported by row and field, and then nothing is written."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tocsin.core.area import Region, RegionTree
from tocsin.errors import BadInput
from tocsin.formats.profile import read_geometry, read_maps
from tocsin.formats.profile.regions import read_regions
from tocsin.ops.regions import Columns, compare, read, write

ROOT = Region(geocode="L", parent=None, level="country", names={"en": "Land"})


def ring(west: float, south: float) -> list[list[float]]:
    east, north = west + 1, south + 1
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


BOW_TIE = [[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]
SQUARE = ring(0, 0)


def row(code: str, parent: str | None = None, *, shape: object = None, **more: object):
    given = {"id": code, "level": "part", "name_en": code, **more}
    if parent is not None:
        given["parent"] = parent
    shape = SQUARE if shape is None else shape
    return {
        "type": "Feature",
        "properties": {key: value for key, value in given.items() if value is not None},
        "geometry": {"type": "Polygon", "coordinates": [shape]},
    }


def file(*rows: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": rows}).encode()


def problems(*rows: object, columns: Columns | None = None) -> list[tuple[int, str, str]]:
    draft = read([("a.geojson", file(*rows))], root=ROOT, columns=columns)
    return [(problem.row, problem.field, problem.rule) for problem in draft.problems]


def test_a_feature_becomes_a_region_with_names_spellings_and_ids():
    shape = row("A", name_fr="Ah", alt_fr="Aah", name_latn="A.", iso3166_2="LA-1", population=7)

    draft = read([("a.geojson", file(shape))], root=ROOT)

    assert draft.regions == (
        ROOT,
        Region(geocode="A", parent="L", level="part", names={"en": "A", "fr": "Ah"}, latin="A.",
               spellings=("Aah",), ids={"iso3166_2": "LA-1"}, population=7),
    )  # fmt: skip
    assert set(draft.borders) == {"A"}
    assert not draft.problems


def test_other_columns_and_levels_can_be_named():
    shape = {
        "type": "Feature",
        "id": 301,
        "properties": {"navn_nb": "Oslo", "fylke": "3", "no": "0301"},
        "geometry": {"type": "Polygon", "coordinates": [SQUARE]},
    }
    county = {**shape, "id": 3, "properties": {"navn_nb": "Oslo", "type": "fylke", "no": "03"}}
    columns = Columns(geocode="nr", parent="fylke", level="type", names="navn_", latin="",
                      ids={"no": "no"},
                      levels={"fylke": "county"}, level_of_file={"b": "municipality"})  # fmt: skip

    draft = read([("a", file(county)), ("b", file(shape))], root=ROOT, columns=columns)

    assert [(r.geocode, r.parent, r.level, r.names, r.ids) for r in draft.regions[1:]] == [
        ("3", "L", "county", {"nb": "Oslo"}, {"no": "03"}),
        ("301", "3", "municipality", {"nb": "Oslo"}, {"no": "0301"}),
    ]
    assert not draft.problems


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        ([row("A"), row("B"), row("A")], [(3, "id", "duplicate-code")]),
        ([row("A"), row("L")], [(2, "id", "duplicate-code")]),
        ([row("")], [(1, "id", "missing-code")]),
        ([row("A", "Z")], [(1, "parent", "unknown-parent")]),
        ([row("A", "A")], [(1, "parent", "cycle")]),
        ([row("A"), row("B", "C"), row("C", "D"), row("D", "B"), row("E", "D")],
         [(2, "parent", "cycle"), (3, "parent", "cycle"), (4, "parent", "cycle")]),
        ([row("A", shape=BOW_TIE)], [(1, "geometry", "polygon-self-crossing")]),
        ([row("A", shape=[[0, 0], [1, 1], [2, 2], [0, 0]])], [(1, "geometry", "polygon-empty")]),
        ([row("A"), row("B", shape=SQUARE[:-1])],
         [(2, "geometry/coordinates/0", "polygon-unclosed")]),
        ([row("A", shape=[[0, 0], [1, 0], [1, 99], [0, 0]])],
         [(1, "geometry/coordinates/0/2", "position-out-of-range")]),
        ([row("A", name_en=None)], [(1, "name_*", "missing-name")]),
        ([row("A", level=None)], [(1, "level", "missing-level")]),
        ([row("A", population=-1)], [(1, "population", "bad-value")]),
        ([row("A"), 5], [(2, "feature", "wrong-type")]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_by_row_and_field(
    rows: list[object], found: list[tuple[int, str, str]]
):
    assert problems(*rows) == found


def test_all_problems_of_all_files_are_told_at_once():
    draft = read(
        [("b.geojson", b"{"), ("a.geojson", file(row("A", "Z"), row("B", shape=BOW_TIE)))],
        root=ROOT,
    )

    assert [str(problem).split(": ")[:2] for problem in draft.problems] == [
        ["a.geojson row 1 parent", "unknown-parent"],
        ["a.geojson row 2 geometry", "polygon-self-crossing"],
        ["b.geojson row 0 /", "bad-json"],
    ]


def test_a_hole_outside_its_polygon_is_broken():
    shape = row("A")
    shape["geometry"]["coordinates"].append(ring(5, 5))

    assert problems(shape) == [(1, "geometry", "polygon-bad-hole")]


def test_the_report_says_what_is_added_changed_and_orphaned():
    old = read([("a", file(row("A"), row("B"), row("C")))], root=ROOT)
    new = read([("a", file(row("A"), row("B", name_fr="Bé"), row("D")))], root=ROOT)

    report = compare(RegionTree(old.regions), new)
    first = compare(None, new)

    assert (report.added, report.changed, report.orphaned) == (("D",), ("B",), ("C",))
    assert report.same == 2
    assert first.added == ("L", "A", "B", "D")


def test_reading_and_comparing_write_nothing(tmp_path: Path):
    draft = read([("a", file(row("A")))], root=ROOT)
    compare(None, draft)

    assert not list(tmp_path.iterdir())


def test_a_draft_with_problems_is_never_written(tmp_path: Path):
    draft = read([("a", file(row("A"), row("B", "Z")))], root=ROOT)

    with pytest.raises(BadInput) as refused:
        write(tmp_path, draft)

    assert "a row 2 parent: unknown-parent" in str(refused.value)
    assert not list(tmp_path.iterdir())


def test_what_is_written_can_be_read_by_the_profile(tmp_path: Path):
    rows = (row("A"), row("B", shape=ring(1, 0)), row("A1", "A"), row("A2", "A", shape=ring(0, 0)))
    draft = read([("a", file(*rows))], root=ROOT)

    write(tmp_path, draft, attribution="© us")

    assert {path.name for path in tmp_path.iterdir()} == {
        "regions.json", "geometry.geojson.gz", "map.json",
    }  # fmt: skip
    regions = read_regions((tmp_path / "regions.json").read_bytes())
    assert [region.geocode for region in regions] == ["L", "A", "A1", "A2", "B"]
    borders = read_geometry((tmp_path / "geometry.geojson.gz").read_bytes())
    assert borders["B"] == [[[tuple(map(float, point)) for point in ring(1, 0)]]]
    maps = read_maps((tmp_path / "map.json").read_bytes())
    assert maps.attribution == "© us"
    assert {code: set(drawn.paths) for code, drawn in maps.maps.items()} == {
        "L": {"A", "B"}, "A": {"A1", "A2"},
    }  # fmt: skip


def test_a_code_or_a_name_that_turns_text_is_refused_by_row_and_field():
    found = problems(row("A"), row("B\u202ex", name_en="b\x07"), row("C", alt_en="c\u200b"))
    assert (2, "id", "control-character") in found
    assert (2, "name_en", "control-character") in found
    assert (3, "alt_*", "control-character") in found
    assert not [problem for problem in found if problem[0] == 1]
