"""Drawn shapes as GEOS sees them, and their size on the ground.

Borders and drawn edges are straight in longitude and latitude (as CAP and GeoJSON mean
them), so shapes meet in degrees; sizes are taken on the sphere, which needs no zone and
no projection and has no seam within one country.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from tocsin.core.area import Circle, Polygon

METRES_PER_DEGREE = 111_195.0
"""Of latitude, on a sphere of 6,371 km."""
CORNERS = 64
"""A circle is drawn as this many corners, around it, so that nobody inside is left out."""
LEVEL_RADIANS = 1e-6
"""An edge so level (6 m) that the sine of its middle is the mean of its sines."""


def drawn(polygons: Sequence[Polygon], circles: Sequence[Circle]) -> list[BaseGeometry]:
    """Return each polygon and circle as a shape in degrees."""
    parts = [shapely.polygons(np.array(polygon.ring)) for polygon in polygons]
    return parts + [shapely.polygons(around(circle)) for circle in circles]


def around(circle: Circle) -> NDArray[np.float64]:
    """Return the closed ring of corners around a circle, as ``(lon, lat)``."""
    lon, lat = circle.center
    reach = circle.radius_m / METRES_PER_DEGREE / math.cos(math.pi / CORNERS)
    turns = np.linspace(0.0, 2.0 * math.pi, CORNERS + 1)
    turns[-1] = 0.0
    wide = reach / math.cos(math.radians(lat))
    return np.column_stack((lon + wide * np.cos(turns), lat + reach * np.sin(turns)))


def ground(shapes: NDArray[np.object_] | BaseGeometry) -> NDArray[np.float64]:
    """Return the size of each shape on the ground, in a unit of its own: for shares only.

    Points, lines and None have none. Each edge is straight in degrees, so what lies under it is
    known exactly: the integral of sin(lat) along it.
    """
    known = np.atleast_1d(np.asarray(shapes, dtype=object))
    parts, owner = shapely.get_parts(known, return_index=True)
    flat = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    rings, polygon = shapely.get_rings(parts[flat], return_index=True)
    sizes = np.abs(_under(rings))
    is_hole = np.zeros(len(rings), dtype=bool)
    is_hole[1:] = polygon[1:] == polygon[:-1]  # the outer ring comes first
    found = np.zeros(len(known))
    np.add.at(found, owner[flat][polygon], np.where(is_hole, -sizes, sizes))
    return found


def _under(rings: NDArray[np.object_]) -> NDArray[np.float64]:
    """Return the signed size of each ring."""
    points, owner = shapely.get_coordinates(rings, return_index=True)
    lon, lat = np.radians(points[:, 0]), np.radians(points[:, 1])
    same = owner[1:] == owner[:-1]
    wide, tall = np.diff(lon)[same], np.diff(lat)[same]
    before, after = lat[:-1][same], lat[1:][same]
    level = np.abs(tall) < LEVEL_RADIANS
    mean = np.where(
        level,
        np.sin((before + after) / 2),
        (np.cos(before) - np.cos(after)) / np.where(level, 1.0, tall),
    )
    sizes = np.zeros(len(rings))
    np.add.at(sizes, owner[1:][same], wide * mean)
    return sizes
