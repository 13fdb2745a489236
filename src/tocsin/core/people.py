"""How many people live in an area, as far as anybody has published it."""

from __future__ import annotations

from tocsin.core.area import Area, RegionTree, bits


def people_in(tree: RegionTree, area: Area) -> int | None:
    """Return how many people live in an area; a leaf touched in part counts by its share.

    A region without a figure of its own has its share, by leaves, of what the region above has
    left over, so the count is always "about". None where nobody published a figure.
    """
    extent = tree.extent(area)
    count = 0.0
    for code in tree.fewest(extent.whole):
        mine = _people(tree, tree.index[code])
        if mine is None:
            return None
        count += mine
    shares = {meet.geocode: meet.of_leaf for meet in area.touched}
    for bit in bits(extent.touched & ~extent.whole):
        code = tree.leaf_codes[bit]
        mine = _people(tree, tree.index[code])
        if mine is None:
            return None
        count += mine * shares.get(code, 1.0)
    return round(count)


def _people(tree: RegionTree, number: int) -> float | None:
    """Return a region's people: its own figure, its children's, or its share of those above."""
    mine = tree.regions[number].population
    if mine is not None:
        return mine
    below = [_own(tree, child) for child in _children(tree, number)]
    if below and None not in below:
        return sum(each for each in below if each is not None)
    above = tree.parent[number]
    if above < 0:
        return None
    whole = _people(tree, above)
    if whole is None:
        return None
    figured = unfigured = 0.0
    for sibling in _children(tree, above):
        known = _own(tree, sibling)
        if known is None:
            unfigured += tree.leaves[sibling].bit_count()
        else:
            figured += known
    return max(0.0, whole - figured) * tree.leaves[number].bit_count() / unfigured


def _own(tree: RegionTree, number: int) -> float | None:
    mine = tree.regions[number].population
    if mine is not None:
        return mine
    below = [_own(tree, child) for child in _children(tree, number)]
    if not below or None in below:
        return None
    return sum(each for each in below if each is not None)


def _children(tree: RegionTree, number: int) -> list[int]:
    found = []
    child = number + 1
    while child < tree.stop[number]:
        found.append(child)
        child = tree.stop[child]
    return found
