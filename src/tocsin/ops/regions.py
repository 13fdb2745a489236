"""GeoJSON files to a country's tree and borders: ``tocsin import regions FILE...``.

Read everything, report everything, write nothing until asked: problems are named by
file, row and field; the dry run says what would be added, changed or orphaned. A tree
with a problem is never written.
"""

from __future__ import annotations

import gzip
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tocsin.core.area import Region, RegionTree
from tocsin.errors import BadInput
from tocsin.formats import geojson
from tocsin.formats.api import is_unsafe
from tocsin.formats.profile.geometry import FILE as GEOMETRY_FILE
from tocsin.formats.profile.geometry import write_geometry
from tocsin.formats.profile.maps import FILE as MAP_FILE
from tocsin.formats.profile.maps import read_maps
from tocsin.formats.profile.regions import FILE as REGIONS_FILE
from tocsin.formats.profile.regions import read_regions, write_regions
from tocsin.geo.borders import broken
from tocsin.ops.maps import draw_maps

Borders = Mapping[str, tuple[geojson.Rings, ...]]
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Which property of a feature means what; ``levels`` renames the levels found."""

    geocode: str = "id"
    parent: str = "parent"
    level: str = "level"
    names: str = "name_"
    """Prefix: ``name_uk`` is the name in ``uk``."""
    latin: str = "name_latn"
    spellings: str = "alt_"
    """Prefix: each such property is one more spelling."""
    ids: Mapping[str, str] = field(
        default_factory=lambda: {"iso3166_2": "iso3166_2", "osm": "osm", "wikidata": "wikidata"}
    )
    """Name of the other system -> property."""
    population: str = "population"
    levels: Mapping[str, str] = field(default_factory=dict)
    level_of_file: Mapping[str, str] = field(default_factory=dict)
    """File name -> level, for files whose features do not say it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that stands in the way; ``row`` counts features from 1, as people do."""

    file: str
    row: int
    field: str
    rule: str
    help: str

    def __str__(self) -> str:
        """Return it as one line."""
        return f"{self.file} row {self.row} {self.field}: {self.rule}: {self.help}"


@dataclass(frozen=True, slots=True)
class Draft:
    """What the files would make: regions (the root first), borders, and what stands in the way."""

    regions: tuple[Region, ...]
    borders: Borders
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What writing a draft would change in the tree that is there, as geocodes."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    orphaned: tuple[str, ...]
    """In the tree now and in no file: alerts of the past may still name them."""
    same: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import found, and whether it was written."""

    draft: Draft
    report: Report
    is_written: bool


def import_files(
    folder: Path,
    files: Sequence[Path],
    *,
    root: Region | None = None,
    columns: Columns | None = None,
    attribution: str | None = None,
    map_level: int = 1,
    apply: bool = False,
) -> Outcome:
    """Read GeoJSON files for a profile's folder; write only if told to and nothing is wrong.

    Args:
        folder: the profile's folder; may hold no regions yet.
        files: the GeoJSON files, widest level first or last alike.
        root: the country's own node; left out: the one that the folder has.
        columns: which property means what.
        attribution: what the source's licence asks to show; left out: as it is now.
        map_level: depth of the regions that the live map shows.
        apply: write; else this is a dry run.

    Raises:
        BadInput: no root is known. ProfileProblem: the folder's own regions cannot be read.
        OSError: a file cannot be read or written.
    """
    before = None
    if (folder / REGIONS_FILE).exists():
        before = RegionTree(read_regions((folder / REGIONS_FILE).read_bytes()))
        root = root or before[before.root]
    if root is None:
        raise BadInput("Say what the country itself is called.", field="--root", rule="no-root")
    if attribution is None and (folder / MAP_FILE).exists():
        attribution = read_maps((folder / MAP_FILE).read_bytes()).attribution
    draft = read([(path.name, path.read_bytes()) for path in files], root=root, columns=columns)
    report = compare(before, draft)
    is_written = apply and not draft.problems
    if is_written:
        write(folder, draft, attribution=attribution or "", map_level=map_level)
    return Outcome(draft, report, is_written)


def read(
    files: Sequence[tuple[str, bytes]], *, root: Region, columns: Columns | None = None
) -> Draft:
    """Read GeoJSON files into a draft of the tree; nothing is written.

    Args:
        files: name and bytes of each.
        root: the country's own node; features without a parent hang on it.
        columns: which property means what.
    """
    columns = columns or Columns()
    reading = _Reading(columns, root)
    for name, data in files:
        try:
            document = geojson.read(data)
        except BadInput as slip:
            reading.problems.append(Problem(name, 0, slip.field or "/", slip.rule, str(slip)))
            continue
        reading.problems.extend(_told(name, each) for each in document.problems)
        for feature in document.features:
            reading.take(name, feature)
    reading.check_parents()
    return Draft(
        (root, *reading.regions.values()),
        reading.borders,
        tuple(sorted(reading.problems, key=lambda p: (p.file, p.row))),
    )


def compare(before: RegionTree | None, draft: Draft) -> Report:
    """Return what the draft would change."""
    old = {} if before is None else {code: before[code] for code in before.codes}
    new = {region.geocode: region for region in draft.regions}
    common = [code for code in new if code in old]
    changed = tuple(code for code in common if new[code] != old[code])
    return Report(
        added=tuple(code for code in new if code not in old),
        changed=changed,
        orphaned=tuple(code for code in old if code not in new),
        same=len(common) - len(changed),
    )


def write(folder: Path, draft: Draft, *, attribution: str = "", map_level: int = 1) -> None:
    """Write ``regions.json``, borders and maps into a profile's folder, each whole or not at all.

    Everything is made before the first file is replaced.

    Raises:
        BadInput: the draft has problems; nothing is written.
    """
    if draft.problems:
        first = draft.problems[0]
        raise BadInput(f"{len(draft.problems)} problems; the first: {first}", rule=first.rule)
    tree = RegionTree(draft.regions)
    ordered = [tree[code] for code in tree.codes]
    made = {
        REGIONS_FILE: write_regions(ordered),
        GEOMETRY_FILE: gzip.compress(write_geometry(draft.borders, attribution), 9, mtime=0),
        MAP_FILE: draw_maps(tree, draft.borders, map_level=map_level, attribution=attribution),
    }
    for name, data in made.items():
        _whole(folder / name, data)


class _Reading:
    """Features taken one after the other, with where each code was first seen."""

    def __init__(self, columns: Columns, root: Region) -> None:
        self.columns = columns
        self.root = root
        self.regions: dict[str, Region] = {}
        self.borders: dict[str, tuple[geojson.Rings, ...]] = {}
        self.problems: list[Problem] = []
        self.seen: dict[str, tuple[str, int]] = {root.geocode: ("the root", 0)}

    def take(self, file: str, feature: geojson.Feature) -> None:
        """Add one feature, or the reasons why it cannot be added."""
        row, columns = feature.row + 1, self.columns

        def wrong(name: str, rule: str, helped: str) -> None:
            self.problems.append(Problem(file, row, name, rule, helped))

        code = _text(feature.properties.get(columns.geocode)) or feature.id or ""
        if not code:
            wrong(columns.geocode, "missing-code", "Every region needs a code of its own.")
            return
        if code in self.seen:
            there, other = self.seen[code]
            wrong(columns.geocode, "duplicate-code", f"{code} stands in {there} row {other} too.")
            return
        self.seen[code] = (file, row)
        if (rule := broken(feature.polygons)) is not None:
            wrong("geometry", rule, f"The border of {code} is broken; mend it at its source.")
        region = self._region(file, code, feature)
        for where, name in (
            (columns.geocode, code),
            (columns.parent, region.parent or ""),
            *((f"{columns.names}{language}", name) for language, name in region.names.items()),
            *((columns.latin, name) for name in (region.latin,)),
            *((columns.level, name) for name in (region.level,)),
            *((f"{columns.spellings}*", name) for name in region.spellings),
            *((system, foreign) for system, foreign in region.ids.items()),
        ):
            if unsafe := next((sign for sign in name if is_unsafe(sign)), None):
                helped = f"The character U+{ord(unsafe):04X} may not stand in a name or a code."
                wrong(where, "control-character", helped)
        if not any(region.names.values()):
            wrong(f"{columns.names}*", "missing-name", f"{code} has no name in any language.")
        if not region.level:
            wrong(columns.level, "missing-level", f"Say what {code} is, or give the file a level.")
        if region.population is not None and region.population < 0:
            wrong(columns.population, "bad-value", "A population is 0 or more.")
        self.regions[code] = region
        self.borders[code] = feature.polygons

    def _region(self, file: str, code: str, feature: geojson.Feature) -> Region:
        columns, given = self.columns, feature.properties
        names: dict[str, str] = {}
        spellings: list[str] = []
        for key, value in given.items():
            text = _text(value)
            if not text:
                continue
            language = key.removeprefix(columns.names)
            if key != language and _LANGUAGE.fullmatch(language):
                names[language] = text
            elif columns.spellings and key.startswith(columns.spellings):
                spellings.append(text)
        level = _text(given.get(columns.level)) or columns.level_of_file.get(file, "")
        people = given.get(columns.population)
        return Region(
            geocode=code,
            parent=_text(given.get(columns.parent)) or self.root.geocode,
            level=columns.levels.get(level, level),
            names=names,
            latin=_text(given.get(columns.latin)),
            spellings=tuple(spellings),
            ids={
                system: text
                for system, key in columns.ids.items()
                if (text := _text(given.get(key)))
            },
            population=people if isinstance(people, int) and not isinstance(people, bool) else None,
        )

    def check_parents(self) -> None:
        """Report unknown parents and cycles, each at the row that names them."""
        above = {code: region.parent for code, region in self.regions.items()}
        for code, parent in above.items():
            if parent not in above and parent != self.root.geocode:
                self._wrong_parent(code, "unknown-parent", f"No file has its parent {parent}.")
        done: set[str] = set()
        for code in above:
            path: list[str] = []
            here: str | None = code
            while here in above and here not in done and here not in path:
                path.append(here)
                here = above[here]
            if here in path:
                ring = path[path.index(here) :]
                told = " > ".join((*ring, here))
                for member in ring:
                    self._wrong_parent(member, "cycle", f"Its parents lead back to it: {told}.")
            done.update(path)

    def _wrong_parent(self, code: str, rule: str, helped: str) -> None:
        file, row = self.seen[code]
        self.problems.append(Problem(file, row, self.columns.parent, rule, helped))


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _told(file: str, slip: BadInput) -> Problem:
    """Turn ``/features/12/geometry/...`` into row 13 and the field inside it."""
    steps = slip.field.split("/", 3)
    row = int(steps[2]) + 1 if len(steps) > 2 and steps[2].isdigit() else 0  # noqa: PLR2004
    inside = steps[3] if len(steps) > 3 else "feature"  # noqa: PLR2004
    return Problem(file, row, inside, slip.rule, str(slip))


def _whole(path: Path, data: bytes) -> None:
    """Replace a file in one step, so that nobody ever reads half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f"{path.name}.new")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
