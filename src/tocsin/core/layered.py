"""A frozen mapping that is cheap to copy with one change, however large it has grown.

``evolve`` returns a new state each time and leaves the old one as it was. Copying a dictionary
of thousands of recently ended alerts for every event would cost more than deciding it. Here a
large dictionary is shared between states, and only a small one on top of it is copied; when
the small one has grown, both become a new large one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

SMALL = 256
"""Up to this many entries a plain copy is quicker than a second layer."""
TOP_MOST = 64
"""Changes kept on top before both layers become one."""


class _Gone:
    """Stands on top for a key that is no longer there."""


_GONE: Final = _Gone()


class Layered(Mapping[K, V], Generic[K, V]):
    """A mapping in two layers, oldest key first. Never changed once made.

    ``changed`` costs O(64), and O(all) once in 64 times; reading is one or two look-ups.
    """

    __slots__ = ("_base", "_count", "_top")

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._base: dict[K, V] = dict(items)
        self._top: dict[K, V | _Gone] = {}
        self._count = len(self._base)

    def changed(self, put: Mapping[K, V], drop: Iterable[K] = ()) -> Layered[K, V]:
        """Return this mapping with keys dropped and others put; a key put anew is the newest."""
        if self._count <= SMALL and not self._top:
            return self._copied(put, drop)
        top = self._top.copy()
        base, count = self._base, self._count
        for key in drop:
            if top.get(key, base.get(key, _GONE)) is not _GONE:  # once, however often named
                count -= 1
                top.pop(key, None)
                if key in base:
                    top[key] = _GONE
        for key, value in put.items():
            there = top.get(key, base.get(key, _GONE)) is not _GONE
            count += not there
            top.pop(key, None)
            top[key] = value
        made: Layered[K, V] = Layered.__new__(Layered)
        made._base, made._top, made._count = base, top, count
        if len(top) > TOP_MOST:
            made._base, made._top = _merged(base, top), {}
        return made

    def _copied(self, put: Mapping[K, V], drop: Iterable[K]) -> Layered[K, V]:
        """Return a whole copy: while there are few, nothing is quicker."""
        made: Layered[K, V] = Layered.__new__(Layered)
        base = self._base.copy()
        for key in drop:
            base.pop(key, None)
        for key, value in put.items():
            base.pop(key, None)
            base[key] = value
        made._base, made._top, made._count = base, {}, len(base)
        return made

    def __getitem__(self, key: K) -> V:
        found = self._top.get(key)
        if found is None:
            return self._base[key]
        if isinstance(found, _Gone):
            raise KeyError(key)
        return found

    def __contains__(self, key: object) -> bool:
        if key in self._top:
            return self._top[key] is not _GONE
        return key in self._base

    def __iter__(self) -> Iterator[K]:
        top = self._top
        for key in self._base:
            if key not in top:
                yield key
        for key, value in top.items():
            if value is not _GONE:
                yield key

    def __len__(self) -> int:
        return self._count


def _merged(base: dict[K, V], top: Mapping[K, V | _Gone]) -> dict[K, V]:
    """Return both layers as one; a dictionary's own copy does nearly all of the work."""
    whole = base.copy()
    for key, value in top.items():
        whole.pop(key, None)
        if not isinstance(value, _Gone):
            whole[key] = value
    return whole
