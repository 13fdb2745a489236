"""``channels.toml``: the ways by which a warning reaches people, in the order pages name them."""

from __future__ import annotations

import msgspec

from tocsin.core.area import RegionTree
from tocsin.core.facilities import Channel
from tocsin.formats.profile.lint import Lint
from tocsin.formats.profile.problems import decode_tables, problem

FILE = "channels.toml"


class ChannelTable(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A channel as written; see ``core.facilities.Channel``."""

    names: dict[str, str]
    wakes: bool = True
    by_hand: bool = False
    regions: tuple[str, ...] = ()
    advice: dict[str, str] = {}


def read_channels(
    data: bytes, tree: RegionTree, lint: Lint, *, file: str = FILE
) -> dict[str, Channel]:
    """Return the channels of a file by id; none where there is no file.

    Raises:
        ProfileProblem: a key is unknown, a name or an advice lacks a language, a region is unknown.
    """
    found = {}
    for name, table in decode_tables(file, data, ChannelTable).items():
        lint.names(file, f"/{name}/names", table.names)
        if table.advice:
            lint.names(file, f"/{name}/advice", table.advice)
        for number, code in enumerate(table.regions):
            if code not in tree:
                raise problem(
                    file, f"/{name}/regions/{number}", "unknown-region",
                    f"{code} is not in regions.json.",
                )  # fmt: skip
        found[name] = Channel(
            id=name, names=table.names, wakes=table.wakes, by_hand=table.by_hand,
            regions=table.regions, advice=table.advice,
        )  # fmt: skip
    return found
