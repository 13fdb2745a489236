"""HELPERS OF ALL STAGES: polygons, circles, points and the country's map; arrays in, arrays out.

What comes from outside is checked and refused, never repaired (RELIABILITY, threat model
"Geometry"); only the country's own borders are simplified, for drawing.

May import: ``core``, ``errors``, shapely and numpy; not ``formats`` and not ``phrases``.
Tests: ``tests/unit/geo``, ``tests/component/test_profile_ua.py``.
"""
