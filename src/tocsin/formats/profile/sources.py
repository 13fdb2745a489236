"""``sources.toml``: the bundled history, who speaks in it, and where and when each may."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from tocsin.core.area import RegionTree
from tocsin.core.authority import Mandate
from tocsin.formats.profile.lint import Lint
from tocsin.formats.profile.problems import decode_tables, problem

FILE = "sources.toml"
Moment = Annotated[datetime, Meta(tz=True)]


class MandateTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where a source may speak, less ``except``; half-open in time."""

    regions: Annotated[list[str], Meta(min_length=1)]
    without: list[str] = msgspec.field(name="except", default_factory=list)
    valid_from: Moment = msgspec.field(name="from")
    valid_until: Moment | None = msgspec.field(name="until", default=None)


class SourceTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One source; its sender id is the table's name."""

    names: dict[str, str]
    file: str
    licence: str
    ends: Literal["announced", "assumed"]
    above: list[str] = []
    mandates: list[MandateTable]


class Source(msgspec.Struct, frozen=True, kw_only=True):
    """A source of history, read: its mandates name the fewest regions of the tree."""

    id: str
    names: dict[str, str]
    file: str
    licence: str
    ends_announced: bool
    above: frozenset[str]
    mandates: tuple[Mandate, ...]


def read_sources(
    data: bytes, tree: RegionTree, lint: Lint, *, file: str = FILE
) -> dict[str, Source]:
    """Return the sources of a file by sender id.

    Raises:
        ProfileProblem: a key is unknown or missing, or a region or source is not known.
    """
    tables = decode_tables(file, data, SourceTable)
    found = {}
    for name, table in tables.items():
        lint.names(file, f"/{name}/names", table.names)
        for number, other in enumerate(table.above):
            if other not in tables or other == name:
                raise problem(
                    file,
                    f"/{name}/above/{number}",
                    "unknown-source",
                    f"{other!r} is no other source of this file.",
                )
        found[name] = Source(
            id=name,
            names=table.names,
            file=table.file,
            licence=table.licence,
            ends_announced=table.ends == "announced",
            above=frozenset(table.above),
            mandates=tuple(
                _mandate(file, f"/{name}/mandates/{number}", name, mandate, tree)
                for number, mandate in enumerate(table.mandates)
            ),
        )
    return found


def _mandate(file: str, at: str, name: str, table: MandateTable, tree: RegionTree) -> Mandate:
    for key, codes in (("regions", table.regions), ("except", table.without)):
        for number, code in enumerate(codes):
            if code not in tree:
                raise problem(
                    file,
                    f"{at}/{key}/{number}",
                    "unknown-region",
                    f"{code} is not in regions.json.",
                )
    if table.valid_until is not None and table.valid_until <= table.valid_from:
        raise problem(file, f"{at}/until", "ends-before-start", "It ends before it begins.")
    leaves = tree.mask(table.regions) & ~tree.mask(table.without)
    if not leaves:
        raise problem(file, f"{at}/except", "empty-area", "Nothing is left of its regions.")
    return Mandate(name, tree.fewest(leaves), table.valid_from, table.valid_until)
