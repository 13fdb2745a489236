"""A country as a folder of data: read here into the frozen ``World`` and what stands beside it.

No file is opened: ``load_profile`` is given a function that returns the bytes of a file
by its name, so that a folder on disk, the package's own data and a test's dictionary
are read by one code. Every slip is a ``ProfileProblem``: file, key, rule, what to do.

=====================  ============================================================
``profile.toml``       names, languages, time zone, levels, authority, drill words
``regions.json``       the tree
``hazards.toml``       what may happen, and its words
``tones.toml``         how sirens sound, and what that means here
``channels.toml``      by what ways a warning reaches people (may be missing)
``policies.toml``      who needs whom (may be missing: defaults)
``sources.toml``       the bundled history (may be missing)
``short.toml``         short names for the map (may be missing)
``geometry.geojson.gz``  borders, read when first asked for: ``read_geometry``
``map.json``           drawings of the live map: ``read_maps``
=====================  ============================================================

May import: ``core``, ``errors``. Tests: ``tests/unit/formats``, ``tests/component``.
"""

from tocsin.formats.profile.geometry import read_geometry
from tocsin.formats.profile.maps import MapFile, RegionMap, read_maps
from tocsin.formats.profile.profile import LevelName, Profile, load_profile
from tocsin.formats.profile.sources import Source
from tocsin.formats.profile.tones import Tone

__all__ = [
    "LevelName",
    "MapFile",
    "Profile",
    "RegionMap",
    "Source",
    "Tone",
    "load_profile",
    "read_geometry",
    "read_maps",
]
