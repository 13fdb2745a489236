"""GeoJSON to polygons: strict, and every slip named by row and field.

Only what regions and alerts need is read: FeatureCollections of (Multi)Polygons. A
feature that cannot be read is one problem in the list and does not hide the next, so
that an import reports them all at once. Nothing is repaired.

Source: RFC 7946, sections 3.1.6 (rings are closed, at least 4 positions), 3.1.1.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tocsin.core.refusals import Rule
from tocsin.errors import BadInput

Position = tuple[float, float]
Ring = tuple[Position, ...]
Rings = tuple[Ring, ...]
"""One polygon: its outer ring, then its holes."""

RING_SHORTEST = 4
LON_MOST = 180.0
LAT_MOST = 90.0


@dataclass(frozen=True, slots=True)
class Feature:
    """One feature: its place in the file (from 0), its id, properties and polygons."""

    row: int
    id: str | None
    properties: Mapping[str, object]
    polygons: tuple[Rings, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """What a file holds, and what in it could not be read."""

    features: tuple[Feature, ...]
    problems: tuple[BadInput, ...] = field(default=())


def read(data: bytes) -> Document:
    """Read a FeatureCollection; a bad feature is a problem, a bad document is raised.

    Raises:
        BadInput: this is no JSON, or no FeatureCollection.
    """
    root = _json(data)
    if not isinstance(root, dict) or root.get("type") != "FeatureCollection":
        raise _bad("/type", Rule.WRONG_TYPE, "The file must be a GeoJSON FeatureCollection.")
    rows = root.get("features")
    if not isinstance(rows, list):
        raise _bad("/features", Rule.WRONG_TYPE, "A FeatureCollection has a list of features.")
    features, problems = [], []
    for number, row in enumerate(rows):
        try:
            features.append(_feature(number, row))
        except BadInput as problem:
            problems.append(problem)
    return Document(tuple(features), tuple(problems))


def polygons(geometry: object, at: str = "") -> tuple[Rings, ...]:
    """Return the polygons of a Polygon or MultiPolygon geometry object; ``at`` is its pointer.

    Raises:
        BadInput: it is neither, or a ring is not closed, too short or out of range.
    """
    if not isinstance(geometry, dict):
        raise _bad(at, Rule.WRONG_TYPE, "A geometry is an object with type and coordinates.")
    kind, inside = geometry.get("type"), geometry.get("coordinates")
    here = f"{at}/coordinates"
    if kind == "Polygon":
        return (_rings(inside, here),)
    if kind == "MultiPolygon":
        if not isinstance(inside, list) or not inside:
            raise _bad(here, Rule.POLYGON_EMPTY, "A MultiPolygon lists at least one polygon.")
        return tuple(_rings(part, f"{here}/{number}") for number, part in enumerate(inside))
    raise _bad(f"{at}/type", Rule.WRONG_TYPE, "Only Polygon and MultiPolygon cover ground.")


def ring(value: object, at: str = "") -> Ring:
    """Return one closed ring of ``(lon, lat)``.

    Raises:
        BadInput: not a list of positions, not closed, fewer than 4, or out of range.
    """
    if not isinstance(value, list):
        raise _bad(at, Rule.WRONG_TYPE, "A ring is a list of positions.")
    found = tuple(position(item, f"{at}/{number}") for number, item in enumerate(value))
    if len(found) < RING_SHORTEST:
        raise _bad(at, Rule.POLYGON_TOO_FEW_POINTS, "A ring has at least 4 positions.")
    if found[0] != found[-1]:
        raise _bad(at, Rule.POLYGON_UNCLOSED, "A ring ends where it began.")
    return found


def position(value: object, at: str = "") -> Position:
    """Return one ``(lon, lat)`` in degrees; an altitude is dropped.

    Raises:
        BadInput: not two or three finite numbers in range.
    """
    if not isinstance(value, list) or len(value) not in (2, 3):
        raise _bad(at, Rule.WRONG_TYPE, "A position is [longitude, latitude].")
    for number in value:
        # bool is an int in Python, and 1e400 reads as infinity
        if isinstance(number, bool) or not isinstance(number, (int, float)):
            raise _bad(at, Rule.WRONG_TYPE, "A position holds numbers.")
    try:
        lon, lat = float(value[0]), float(value[1])
    except OverflowError:
        lon = lat = math.inf
    if not (abs(lon) <= LON_MOST and abs(lat) <= LAT_MOST):  # NaN and infinity fail this too
        raise _bad(
            at,
            Rule.POSITION_OUT_OF_RANGE,
            "Longitude is within 180 and latitude within 90 degrees.",
        )
    return lon, lat


def _feature(number: int, row: object) -> Feature:
    at = f"/features/{number}"
    if not isinstance(row, dict) or row.get("type") != "Feature":
        raise _bad(at, Rule.WRONG_TYPE, "Each member of features is a Feature.")
    properties = row.get("properties")
    if not isinstance(properties, dict):
        raise _bad(f"{at}/properties", Rule.WRONG_TYPE, "A feature's properties are an object.")
    name = row.get("id")
    if isinstance(name, int) and not isinstance(name, bool):
        name = str(name)
    if name is not None and not isinstance(name, str):
        raise _bad(f"{at}/id", Rule.WRONG_TYPE, "A feature's id is a text or a number.")
    return Feature(number, name, properties, polygons(row.get("geometry"), f"{at}/geometry"))


def _rings(value: object, at: str) -> Rings:
    if not isinstance(value, list) or not value:
        raise _bad(at, Rule.POLYGON_EMPTY, "A polygon has at least its outer ring.")
    return tuple(ring(part, f"{at}/{number}") for number, part in enumerate(value))


def _json(data: bytes) -> object:
    try:
        return json.loads(
            data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant
        )
    except UnicodeDecodeError as problem:
        raise _bad("", Rule.BAD_JSON, f"Not UTF-8 at byte {problem.start}.") from problem
    except json.JSONDecodeError as problem:
        raise _bad("", Rule.BAD_JSON, f"{problem.msg} in line {problem.lineno}.") from problem
    except RecursionError as problem:
        raise _bad("", Rule.TOO_DEEP, "The document is nested too deeply.") from problem
    except ValueError as problem:  # a number of more digits than Python reads
        raise _bad("", Rule.BAD_JSON, str(problem)) from problem


def _once(pairs: Sequence[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) != len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for number, key in enumerate(names) if key in names[:number])
        raise _bad(f"/{twice}", Rule.DUPLICATE_MEMBER, f"{twice!r} stands twice in one object.")
    return found


def _no_constant(name: str) -> object:
    raise _bad("", Rule.BAD_JSON, f"{name} is not JSON.")


def _bad(at: str, rule: Rule, helped: str) -> BadInput:
    return BadInput(helped, field=at, rule=rule.value)
