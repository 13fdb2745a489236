"""Find a place by any way that people write it."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from tocsin.core.area import RegionTree

LONGEST_QUERY = 80
MOST_FOUND = 40

MARKS = str.maketrans(dict.fromkeys("'\u2019\u02bc`\"\u00ab\u00bb.", ""))


def folded(text: str) -> str:
    """Return a spelling as it is compared: no case, no accents, no apostrophes, one space."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(MARKS)
    return " ".join(plain.split())


WHOLE, BEGINS, WITHIN = 0, 1, 2
EVERYWHERE = frozenset(
    ("all", "everywhere", "вся", "уся", "все", "усе", "всюди", "усюди")  # noqa: RUF001  # words
)
"""What people type for all of it."""


class Index:
    """Every spelling of every region. Built in some milliseconds; a question reads all of it."""

    def __init__(self, tree: RegionTree) -> None:
        self._tree = tree
        self._root = {folded(name) for name in (*tree[tree.root].names.values(), tree.root)}
        self._spellings: list[tuple[str, str]] = []
        for region in tree.regions[1:]:
            names = {folded(name) for name in (*region.names.values(), *region.spellings)}
            names.add(folded(region.latin))
            names.update(folded(name) for name in region.ids.values())
            self._spellings += [(name, region.geocode) for name in names if name]

    def find(self, text: str, *, whole: bool = False, called: Iterable[str] = ()) -> list[str]:
        """Return regions for what somebody typed: whole words, then beginnings, then the rest.

        Within each, wider regions come first, then the spelling with less left over, then more
        people. ``whole``: all of it may be found too, by its name, one that it is ``called``, or a
        word for "everywhere"; only when typed to its end, so that no slip warns everybody.
        Nothing for an empty question.
        """
        asked = folded(text[:LONGEST_QUERY])
        if not asked:
            return []
        if (code := self._tree.find(text.strip())) is not None:
            return [code]
        best: dict[str, tuple[int, int]] = {}
        for name, code in self._spellings:
            if asked not in name:
                continue
            match = (_quality(asked, name), len(name) - len(asked))
            best[code] = min(best.get(code, match), match)
        tree = self._tree
        names = self._root | EVERYWHERE | {folded(each) for each in called}
        first = [tree.root] if whole and asked in names else []

        def order(code: str) -> tuple[int, int, int, int, int]:
            (quality, left), index = best[code], tree.index[code]
            return quality, tree.depth[index], left, -(tree[code].population or 0), index

        return [*first, *sorted(best, key=order)][:MOST_FOUND]


def _quality(asked: str, name: str) -> int:
    """Return how well a spelling fits: a whole name or its first words, a beginning, the rest."""
    if name.startswith(asked):
        return WHOLE if name == asked or name[len(asked)] == " " else BEGINS
    return BEGINS if f" {asked}" in name else WITHIN
