"""``regions.json``: the tree of a country, one region a line, read and written here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import msgspec

from tocsin.core.area import Region, RegionTree, TreeProblem
from tocsin.formats.profile.problems import decode_json, problem

FILE = "regions.json"


class RegionRow(
    msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True
):
    """One region as written; members that are empty are left out."""

    geocode: str
    parent: str | None = None
    level: str
    names: dict[str, str]
    latin: str = ""
    spellings: list[str] = msgspec.field(default_factory=list)
    ids: dict[str, str] = msgspec.field(default_factory=dict)
    population: int | None = None
    about: bool = False
    valid_from: date | None = None
    valid_until: date | None = None


class RegionFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file."""

    regions: list[RegionRow]


def read_regions(data: bytes, *, file: str = FILE) -> tuple[Region, ...]:
    """Return the regions of a file, in its order; whether they form a tree is not asked here.

    Raises:
        ProfileProblem: the file cannot be read.
    """
    return tuple(_region(row) for row in decode_json(file, data, RegionFile).regions)


def read_tree(data: bytes, levels: Iterable[str], *, file: str = FILE) -> RegionTree:
    """Return the tree of a file.

    Args:
        data: the file's bytes.
        levels: the ids of the levels that the profile knows.
        file: how to call the file when it has a slip.

    Raises:
        ProfileProblem: the file cannot be read, a level is unknown, or it is no tree.
    """
    regions = read_regions(data, file=file)
    known = frozenset(levels)
    for number, region in enumerate(regions):
        if region.level not in known:
            raise problem(
                file,
                f"/regions/{number}/level",
                "unknown-level",
                f"{region.level!r} is not a level of profile.toml.",
            )
        if not region.geocode or not any(region.names.values()):
            raise problem(
                file,
                f"/regions/{number}",
                "missing-name",
                "A region has a geocode and at least one name.",
            )
    try:
        return RegionTree(regions)
    except TreeProblem as slip:
        rows = [n for n, region in enumerate(regions) if region.geocode == slip.geocode]
        row = rows[-1] if rows else 0
        raise problem(file, f"/regions/{row}", "not-a-tree", str(slip)) from slip


def write_regions(regions: Iterable[Region]) -> bytes:
    """Return the file for these regions: JSON, one region a line, so that a change is one line."""
    encode = msgspec.json.Encoder().encode
    lines = b",\n".join(encode(_row(region)) for region in regions)
    return b'{"regions": [\n' + lines + b"\n]}\n"


def _region(row: RegionRow) -> Region:
    return Region(
        geocode=row.geocode,
        parent=row.parent,
        level=row.level,
        names=row.names,
        latin=row.latin,
        spellings=tuple(row.spellings),
        ids=row.ids,
        population=row.population,
        about=row.about,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
    )


def _row(region: Region) -> RegionRow:
    return RegionRow(
        geocode=region.geocode,
        parent=region.parent,
        level=region.level,
        names=dict(region.names),
        latin=region.latin,
        spellings=list(region.spellings),
        ids=dict(region.ids),
        population=region.population,
        about=region.about,
        valid_from=region.valid_from,
        valid_until=region.valid_until,
    )
