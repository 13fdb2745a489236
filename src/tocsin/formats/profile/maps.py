"""``map.json``: the drawings of the live map, made beforehand so that serving needs no GEOS."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from tocsin.formats.profile.problems import decode_json

FILE = "map.json"


class ViewRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How degrees become units: ``x = (lon - west) * scale``; ``y = (top - m(lat)) * scale``.

    ``m(lat)`` is Mercator's height in degrees: ``degrees(log(tan(pi/4 + radians(lat)/2)))``.
    """

    west: float
    top: float
    scale: float


class RegionMap(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One map: the regions of one depth below a region.

    ``paths``: geocode -> SVG path in whole units (fill rule evenodd). ``labels``: geocode -> x, y
    of the middle of the largest circle inside the region, and that circle's radius.
    """

    width: int
    height: int
    view: ViewRow
    paths: dict[str, str]
    labels: dict[str, tuple[int, int, int]]


class MapFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file; ``attribution`` is shown with every map."""

    attribution: str
    maps: dict[str, RegionMap]


def read_maps(data: bytes, *, file: str = FILE) -> MapFile:
    """Return the maps by the geocode of the region they show (the root: the whole country).

    Raises:
        ProfileProblem: the file cannot be read.
    """
    return decode_json(file, data, MapFile)


def write_maps(maps: Mapping[str, RegionMap], attribution: str) -> bytes:
    """Return the file for these maps, one map a line."""
    encode = msgspec.json.Encoder().encode
    lines = b",\n".join(encode(code) + b":" + encode(drawn) for code, drawn in maps.items())
    return b'{"attribution":' + encode(attribution) + b',"maps":{\n' + lines + b"\n}}\n"
