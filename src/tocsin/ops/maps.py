"""Draw the maps of a profile once, when its borders change: ``map.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tocsin.core.area import RegionTree
from tocsin.formats.profile.maps import RegionMap, ViewRow, write_maps
from tocsin.geo.borders import Rings
from tocsin.geo.drawing import Drawing, draw

COUNTRY_BYTES = 12_500
"""The country's map comes with the first page, which must be light enough for 2G (UX section 3)."""
LOCAL_BYTES = 5_000


def draw_maps(
    tree: RegionTree,
    borders: Mapping[str, Sequence[Rings]],
    *,
    map_level: int = 1,
    attribution: str = "",
) -> bytes:
    """Return ``map.json``: the country at ``map_level``, and each of its regions with its parts.

    Regions without borders are left out; a region with fewer than two parts has no map of its own.
    """
    top = [c for i, c in enumerate(tree.codes) if tree.depth[i] == map_level and c in borders]
    maps: dict[str, RegionMap] = {}
    if top:
        maps[tree.root] = _row(draw({c: borders[c] for c in top}, most_bytes=COUNTRY_BYTES))
    for code in top:
        parts = [part for part in tree.children(code) if part in borders]
        if len(parts) > 1:
            maps[code] = _row(draw({c: borders[c] for c in parts}, most_bytes=LOCAL_BYTES))
    return write_maps(maps, attribution)


def _row(drawing: Drawing) -> RegionMap:
    view = drawing.view
    return RegionMap(
        width=drawing.width,
        height=drawing.height,
        view=ViewRow(west=round(view.west, 6), top=round(view.top, 6), scale=round(view.scale, 6)),
        paths=dict(drawing.paths),
        labels={code: (label.x, label.y, label.room) for code, label in drawing.labels.items()},
    )
