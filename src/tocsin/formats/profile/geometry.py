"""``geometry.geojson.gz``: the borders of every region, read fast.

It is plain GeoJSON (gzipped), so that anyone may take it under its own licence; here
it is decoded into typed rows without the checks of ``formats.geojson``, which it passed
when it was written.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from tocsin.formats.profile.problems import decode_json, problem

FILE = "geometry.geojson.gz"

Positions = list[tuple[float, float]]


class PolygonShape(msgspec.Struct, frozen=True, tag_field="type", tag="Polygon"):
    """One polygon: its outer ring, then its holes."""

    coordinates: list[Positions]


class MultiPolygonShape(msgspec.Struct, frozen=True, tag_field="type", tag="MultiPolygon"):
    """Several polygons."""

    coordinates: list[list[Positions]]


class BorderRow(msgspec.Struct, frozen=True):
    """The border of one region; ``id`` is its geocode."""

    id: str
    geometry: PolygonShape | MultiPolygonShape
    type: Literal["Feature"] = "Feature"
    properties: dict[str, str] = msgspec.field(default_factory=dict)

    def polygons(self) -> list[list[Positions]]:
        """Return its polygons, each a list of rings."""
        shape = self.geometry
        return [shape.coordinates] if isinstance(shape, PolygonShape) else shape.coordinates


class BorderFile(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file; ``attribution`` must be shown with every map made from it."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    attribution: str = ""
    features: list[BorderRow]


def read_geometry(packed: bytes, *, file: str = FILE) -> dict[str, list[list[Positions]]]:
    """Return geocode -> polygons (rings of ``(lon, lat)``). About 0.2 s for 300,000 vertices.

    Raises:
        ProfileProblem: the file cannot be read.
    """
    try:
        data = gzip.decompress(packed)
    except (OSError, EOFError, zlib.error) as slip:
        raise problem(file, "", "bad-gzip", str(slip)) from slip
    return {row.id: row.polygons() for row in decode_json(file, data, BorderFile).features}


def write_geometry(
    borders: Mapping[str, Iterable[Iterable[Iterable[tuple[float, float]]]]], attribution: str
) -> bytes:
    """Return the GeoJSON of these borders, one region a line, not yet gzipped."""
    encode = msgspec.json.Encoder().encode
    lines = []
    for code in sorted(borders):
        parts = [[list(ring) for ring in rings] for rings in borders[code]]
        shape = PolygonShape(parts[0]) if len(parts) == 1 else MultiPolygonShape(parts)
        lines.append(encode(BorderRow(id=code, geometry=shape)))
    head = b'{"type":"FeatureCollection","attribution":' + encode(attribution) + b',"features":[\n'
    return head + b",\n".join(lines) + b"\n]}\n"
