"""The outlines of regions for the console's maps: made once from the borders, then ready bytes.

Drawing needs the two widest depths under the country, fine enough to draw along a border and
small enough for a slow line. Borders that neighbours share stay shared. GEOS works some seconds
on a country, so it does so in a thread, once, when somebody first asks.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import TYPE_CHECKING

import msgspec
from starlette.responses import Response

from tocsin.core.area import RegionTree
from tocsin.formats.geojson import RING_SHORTEST
from tocsin.formats.profile.geometry import FILE, read_geometry
from tocsin.formats.profile.maps import RegionMap, ViewRow
from tocsin.web.endpoint import Ask, House
from tocsin.web.public.answers import takes_gzip

if TYPE_CHECKING:  # shapely takes 0.4 s to load: only whoever draws pays for it
    import numpy as np
    from numpy.typing import NDArray

    from tocsin.geo.borders import Rings

    Points = NDArray[np.float64]

GEOJSON = "application/geo+json"
DEPTHS = (1, 2)
FINEST_DEGREES = 0.004
"""Simplified to about 300 m: what is finer is not seen where a warning is drawn by hand."""
DECIMALS = 3
"""Of a degree: some 100 m, a third of what was left out."""
SMALLEST_SQUARE_DEGREES = 2e-5
"""A fifth of a square kilometre: a smaller island is left out, unless it is all of the region."""
PARTS_BYTES = 90_000
"""What the paths of the map of all parts may take: some 30 KB compressed."""

Borders = Mapping[str, Sequence["Rings"]]


@dataclass(frozen=True, slots=True)
class Outlines:
    """Ready to send: the GeoJSON compressed, its validator, and the map of the second depth."""

    packed: bytes
    etag: str
    parts: RegionMap | None


async def outlines(ask: Ask) -> Response:
    """Return the outlines of the top regions and their parts as GeoJSON."""
    made = await outlines_of(ask.house)
    headers = {
        "ETag": made.etag,
        "Cache-Control": "public, max-age=3600",
        "Vary": "Accept-Encoding",
    }
    asked = ask.request.headers.get("if-none-match", "")
    if made.etag in {tag.strip().removeprefix("W/") for tag in asked.split(",")}:
        return Response(status_code=304, headers=headers)
    if takes_gzip(ask.request):
        headers["Content-Encoding"] = "gzip"
        return Response(made.packed, headers=headers, media_type=GEOJSON)
    return Response(gzip.decompress(made.packed), headers=headers, media_type=GEOJSON)


async def parts_map(house: House) -> RegionMap | None:
    """Return the map of the whole country by its second depth; None where there are no borders.

    It has the size and the view of the country's own map, so that one may stand for the other.
    """
    return (await outlines_of(house)).parts


async def outlines_of(house: House) -> Outlines:
    """Return what is kept of a house's profile; the first question makes it."""
    kept = house.shared
    lock: asyncio.Lock = kept.setdefault("outlines-lock", asyncio.Lock())
    async with lock:  # two who ask at once wait for one making
        if "outlines" not in kept:
            folder, tree = kept["profile_folder"], house.service.world.tree
            kept["outlines"] = await asyncio.to_thread(_of_profile, folder, tree)
    made: Outlines = kept["outlines"]
    return made


class _Credit(msgspec.Struct, frozen=True):
    """The one member of the borders' file that ``read_geometry`` leaves out."""

    attribution: str = ""


def _of_profile(folder: Traversable, tree: RegionTree) -> Outlines:
    file = folder / FILE
    if not file.is_file():
        return make(tree, {}, "")
    data = file.read_bytes()
    credit = msgspec.json.decode(gzip.decompress(data), type=_Credit)
    return make(tree, read_geometry(data), credit.attribution)


def make(tree: RegionTree, borders: Borders, attribution: str) -> Outlines:
    """Return the outlines of a tree's regions; a second or two for a country of 160 regions."""
    by_depth = {
        depth: [c for i, c in enumerate(tree.codes) if tree.depth[i] == depth and c in borders]
        for depth in DEPTHS
    }
    features = [
        feature
        for depth, codes in by_depth.items()
        for feature in _features(tree, {code: borders[code] for code in codes}, depth)
    ]
    body = msgspec.json.encode(
        {"type": "FeatureCollection", "attribution": attribution, "features": features}
    )
    return Outlines(
        packed=gzip.compress(body, 9, mtime=0),
        etag=f'"{hashlib.sha256(body).hexdigest()[:32]}"',
        parts=_parts(tree, borders, by_depth),
    )


def _features(tree: RegionTree, borders: Borders, depth: int) -> list[dict[str, object]]:
    """Return one depth's regions, simplified together, so that what they share stays shared."""
    if not borders:
        return []
    import numpy as np
    import shapely

    from tocsin.geo.borders import shapes_of

    shapes = np.array(shapes_of(list(borders.values())), dtype=object)
    found: list[dict[str, object]] = []
    simple = shapely.coverage_simplify(shapes, FINEST_DEGREES)
    for code, whole, shape in zip(borders, shapes, simple, strict=True):
        region = tree[code]
        parts = shapely.get_parts(whole if shape.is_empty else shape)
        largest = max(parts, key=lambda part: part.area)
        middle = shapely.maximum_inscribed_circle(largest, tolerance=0.01)
        kept = [
            [_ring(shapely.get_coordinates(ring)) for ring in (part.exterior, *part.interiors)]
            for part in parts
            if part is largest or part.area >= SMALLEST_SQUARE_DEGREES
        ]
        found.append({
            "type": "Feature",
            "id": code,
            "properties": {
                "geocode": code,
                "names": dict(region.names),
                "level": region.level,
                "depth": depth,
                "within": region.parent,
                "at": _ring(shapely.get_coordinates(middle)[:1])[0],
            },
            "geometry": {"type": "MultiPolygon", "coordinates": kept},
        })  # fmt: skip
    return found


def _ring(points: Points) -> list[list[float]]:
    """Return positions rounded, each once in a row; a ring stays closed."""
    rounded = [[round(float(lon), DECIMALS), round(float(lat), DECIMALS)] for lon, lat in points]
    kept = [p for n, p in enumerate(rounded) if n == 0 or p != rounded[n - 1]]
    return kept if len(kept) >= RING_SHORTEST or len(points) == 1 else rounded


def _parts(
    tree: RegionTree, borders: Borders, by_depth: Mapping[int, Sequence[str]]
) -> RegionMap | None:
    """Return the drawing of the second depth; a top region without parts stands for itself."""
    if not by_depth[2]:
        return None
    from tocsin.geo.drawing import draw

    alone = [
        code for code in by_depth[1] if not any(part in borders for part in tree.children(code))
    ]
    drawn = draw({c: borders[c] for c in (*by_depth[2], *alone)}, most_bytes=PARTS_BYTES)
    view = drawn.view
    return RegionMap(
        width=drawn.width,
        height=drawn.height,
        view=ViewRow(west=round(view.west, 6), top=round(view.top, 6), scale=round(view.scale, 6)),
        paths=dict(drawn.paths),
        labels={code: (label.x, label.y, label.room) for code, label in drawn.labels.items()},
    )
