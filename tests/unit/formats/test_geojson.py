"""GeoJSON is read strictly, and every slip is named by row and field."""

from __future__ import annotations

import json

import pytest

from tocsin.errors import BadInput
from tocsin.formats import geojson

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "id": "a", "properties": properties, "geometry": geometry}


def polygon(*rings: object) -> dict[str, object]:
    return {"type": "Polygon", "coordinates": list(rings)}


def document(*features: object) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def test_features_come_out_with_their_row_id_properties_and_polygons():
    hole = [[0.2, 0.2], [0.4, 0.2], [0.4, 0.4], [0.2, 0.2]]
    both = {"type": "MultiPolygon", "coordinates": [[SQUARE, hole], [SQUARE]]}

    read = geojson.read(document(feature(polygon(SQUARE), name="x"), feature(both)))

    assert [(f.row, f.id, len(f.polygons)) for f in read.features] == [(0, "a", 1), (1, "a", 2)]
    assert read.features[0].properties == {"name": "x"}
    assert read.features[0].polygons[0][0][1] == (1.0, 0.0)
    assert [len(rings) for rings in read.features[1].polygons] == [2, 1]
    assert not read.problems


def test_an_altitude_is_dropped_and_a_number_may_be_an_id():
    ring = [[*point, 120] for point in SQUARE]
    row = {**feature(polygon(ring)), "id": 301}

    (found,) = geojson.read(document(row)).features

    assert found.id == "301"
    assert found.polygons[0][0][0] == (0.0, 0.0)


@pytest.mark.parametrize(
    ("geometry", "field", "rule"),
    [
        (polygon(SQUARE[:-1]), "/geometry/coordinates/0", "polygon-unclosed"),
        (polygon([[0, 0], [1, 1], [0, 0]]), "/geometry/coordinates/0", "polygon-too-few-points"),
        (polygon(), "/geometry/coordinates", "polygon-empty"),
        (polygon([[0, 0], [200, 0], [1, 1], [0, 0]]), "/geometry/coordinates/0/1",
         "position-out-of-range"),
        (polygon([[0, 0], [0, 91], [1, 1], [0, 0]]), "/geometry/coordinates/0/1",
         "position-out-of-range"),
        (polygon([[0, 0], [10**400, 0], [1, 1], [0, 0]]), "/geometry/coordinates/0/1",
         "position-out-of-range"),
        (polygon([[0, 0], [True, 0], [1, 1], [0, 0]]), "/geometry/coordinates/0/1", "wrong-type"),
        (polygon([[0, 0], ["1", 0], [1, 1], [0, 0]]), "/geometry/coordinates/0/1", "wrong-type"),
        (polygon([[0, 0], [1], [1, 1], [0, 0]]), "/geometry/coordinates/0/1", "wrong-type"),
        (polygon("ring"), "/geometry/coordinates/0", "wrong-type"),
        ({"type": "Point", "coordinates": [0, 0]}, "/geometry/type", "wrong-type"),
        ({"type": "MultiPolygon", "coordinates": []}, "/geometry/coordinates", "polygon-empty"),
        (None, "/geometry", "wrong-type"),
    ],
)  # fmt: skip
def test_a_broken_feature_is_named_and_does_not_hide_the_next(
    geometry: object, field: str, rule: str
):
    read = geojson.read(document(feature(polygon(SQUARE)), feature(geometry), feature(5)))

    first, second = read.problems
    assert (first.field, first.rule) == (f"/features/1{field}", rule)
    assert second.field == "/features/2/geometry"
    assert [f.row for f in read.features] == [0]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"{", "bad-json"),
        (b"\xff", "bad-json"),
        (b'{"type": "FeatureCollection", "features": [NaN]}', "bad-json"),
        (b'{"type": "FeatureCollection", "features": [Infinity]}', "bad-json"),
        (b'{"type": "FeatureCollection", "type": "x", "features": []}', "duplicate-member"),
        (b"[" * 100_000, "too-deep"),
        (b"[]", "wrong-type"),
        (b'{"type": "Feature"}', "wrong-type"),
        (b'{"type": "FeatureCollection", "features": {}}', "wrong-type"),
    ],
)
def test_what_is_no_feature_collection_is_refused_whole(data: bytes, rule: str):
    with pytest.raises(BadInput) as refused:
        geojson.read(data)

    assert refused.value.rule == rule


def test_infinity_by_a_large_exponent_is_out_of_range():
    data = document(feature(polygon([[0, 0], [12345, 0], [1, 1], [0, 0]])))

    read = geojson.read(data.replace(b"12345", b"1e999"))

    assert read.problems[0].rule == "position-out-of-range"
