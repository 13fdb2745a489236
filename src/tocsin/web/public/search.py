"""Find a place by any way that people write it."""

from __future__ import annotations

import unicodedata

from tocsin.core.area import RegionTree

LONGEST_QUERY = 80
MOST_FOUND = 40

MARKS = str.maketrans(dict.fromkeys("'\u2019\u02bc`\"\u00ab\u00bb.", ""))


def folded(text: str) -> str:
    """Return a spelling as it is compared: no case, no accents, no apostrophes, one space."""
    plain = unicodedata.normalize("NFC", text).casefold().translate(MARKS)
    return " ".join(plain.split())


class Index:
    """Every spelling of every region. Built in some milliseconds; a question reads all of it."""

    def __init__(self, tree: RegionTree) -> None:
        self._tree = tree
        self._spellings: list[tuple[str, str]] = []
        for region in tree.regions[1:]:
            names = {folded(name) for name in (*region.names.values(), *region.spellings)}
            names.add(folded(region.latin))
            names.update(folded(name) for name in region.ids.values())
            self._spellings += [(name, region.geocode) for name in names if name]

    def find(self, text: str) -> list[str]:
        """Return regions for what somebody typed: whole matches, then beginnings, then the rest.

        Wider regions come first within each. Nothing for an empty question.
        """
        asked = folded(text[:LONGEST_QUERY])
        if not asked:
            return []
        if (code := self._tree.find(text.strip())) is not None:
            return [code]
        best: dict[str, int] = {}
        for name, code in self._spellings:
            if asked not in name:
                continue
            rank = 0 if name == asked else 1 if name.startswith(asked) else 2
            rank = 1 if rank == 2 and f" {asked}" in name else rank  # noqa: PLR2004
            best[code] = min(best.get(code, rank), rank)
        tree = self._tree
        order = sorted(best, key=lambda c: (best[c], tree.depth[tree.index[c]], tree.index[c]))
        return order[:MOST_FOUND]
