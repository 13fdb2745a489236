"""Inflected forms of names: what a word of a text may be the form of.

A language that declines its names gives a table (``endings`` in its ``places.toml``): an ending
seen in the text, and the endings of the name that it can stand for. The answer is a guess, and
short: only what the gazetteer knows is a name.
"""

from __future__ import annotations

from functools import lru_cache

LEAST_STEM = 1
MOST = 24
_HYPHEN = " "


@lru_cache(maxsize=20_000)
def originals(key: str, table: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    """Return the folded word itself, then what it may be a form of.

    Of a hyphened word (folded to words) the last part is declined; where both are, the first
    one too.
    """
    head, gap, tail = key.rpartition(_HYPHEN)
    found = {head + gap + each: None for each in _word(tail, table)}
    if head and table:
        found |= {
            first + gap + each: None for first in _word(head, table) for each in _word(tail, table)
        }
    return tuple(found)[: MOST * (MOST if head else 1)]


def _word(key: str, table: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    found = {key: None}
    for ending, stands_for in table:
        stem = key.removesuffix(ending) if ending else key
        if (ending and stem == key) or len(stem) < LEAST_STEM:
            continue
        found |= {stem + each: None for each in stands_for}
    return tuple(found)[:MOST]
