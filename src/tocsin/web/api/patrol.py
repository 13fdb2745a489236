"""The list for patrol cars: leaf regions that no channel wakes any more, as JSON and as CSV.

Printed and taken along, so it says names, in one language, and what is left there. A cell that a
spreadsheet would run is made harmless (``situation_csv``).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from msgspec import Struct

from tocsin.core.area import Leaves, bits
from tocsin.core.coverage import coverage, people, without_any
from tocsin.core.facilities import Channel
from tocsin.core.infrastructure import Infrastructure
from tocsin.core.world import World
from tocsin.web.api.situation_csv import BOM, harmless

COLUMNS = ("region", "name", "in", "people", "lost", "left")


class Stop(Struct, frozen=True, kw_only=True):
    """One leaf region; ``within``: the regions above it, the nearest first, without the root."""

    region: str
    name: str
    within: list[str]
    people: int | None
    lost: list[str]
    left: list[str]


def rounds(world: World, infra: Infrastructure, within: Leaves, language: str) -> list[Stop]:
    """Return where to go: what nobody counted first, then the most people, then by name."""
    tree, reaches = world.tree, coverage(world, infra)
    asked = (language, *world.languages)
    found = []
    for bit in bits(without_any(world, infra) & within):
        code = tree.leaf_codes[bit]
        above = [each for each in tree.upward(code) if each not in (code, tree.root)]
        found.append(
            Stop(
                region=code,
                name=tree[code].name(*asked),
                within=[tree[each].name(*asked) for each in above],
                people=people(tree, 1 << bit),
                lost=[_name(r.channel, asked) for r in reaches if r.lost >> bit & 1],
                left=[
                    _name(r.channel, asked)
                    for r in reaches
                    if r.carries >> bit & 1 and (r.channel.by_hand or not r.channel.wakes)
                ],
            )
        )
    return sorted(found, key=lambda s: (s.people is not None, -(s.people or 0), s.name))


def written(stops: Iterable[Stop]) -> bytes:
    """Return the list as CSV."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in stops:
        count = "" if each.people is None else str(each.people)
        cells = (each.region, each.name, ", ".join(each.within), count)
        row = (*cells, "; ".join(each.lost), "; ".join(each.left))
        writer.writerow([harmless(cell) for cell in row])
    return BOM + out.getvalue().encode()


def _name(channel: Channel, languages: Iterable[str]) -> str:
    found = (channel.names[each] for each in languages if each in channel.names)
    return next(found, channel.id)
