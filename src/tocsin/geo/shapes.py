"""Drawn shapes as GEOS sees them, and their size on the ground.

Borders and drawn edges are straight in longitude and latitude (as CAP and GeoJSON mean
them), so shapes meet in degrees; sizes are taken afterwards on the cylinder of equal
area (x = longitude, y = sine of latitude), which needs no zone and has no seam within
one country.
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
STEP_DEGREES = 0.05
"""Long edges are divided so before they are measured: straight here is bent there."""


def drawn(polygons: Sequence[Polygon], circles: Sequence[Circle]) -> BaseGeometry:
    """Return everything drawn as one shape in degrees; overlaps count once."""
    parts = [shapely.polygons(np.array(polygon.ring)) for polygon in polygons]
    parts += [shapely.polygons(around(circle)) for circle in circles]
    return shapely.union_all(parts) if len(parts) > 1 else parts[0]


def around(circle: Circle) -> NDArray[np.float64]:
    """Return the closed ring of corners around a circle, as ``(lon, lat)``."""
    lon, lat = circle.center
    reach = circle.radius_m / METRES_PER_DEGREE / math.cos(math.pi / CORNERS)
    turns = np.linspace(0.0, 2.0 * math.pi, CORNERS + 1)
    turns[-1] = 0.0
    wide = reach / math.cos(math.radians(lat))
    return np.column_stack((lon + wide * np.cos(turns), lat + reach * np.sin(turns)))


def ground(shapes: NDArray[np.object_] | BaseGeometry) -> NDArray[np.float64]:
    """Return the size of each shape on the ground, in a unit of its own: for shares only."""
    fine = shapely.segmentize(shapes, STEP_DEGREES)
    flat = shapely.transform(fine, _equal_area)
    return np.asarray(shapely.area(flat), dtype=np.float64)


def _equal_area(points: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.column_stack((points[:, 0], np.degrees(np.sin(np.radians(points[:, 1])))))
