"""Lists of a language's words, matched over the tokens of a sentence in one walk.

An entry of a lexicon is one or more words, each with its forms: ``break//s/ing out`` stands for
"break out", "breaks out", "breaking out"; ``обстріл*`` for every word that begins so. The
longest entry of a group wins. A walk costs one look-up for each word.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from tocsin.reader.document import Token
from tocsin.reader.lexicon import FALLBACK, lexicon

_HEAD = 4
"""Letters by which stems are filed; a shorter stem is filed whole."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A run of tokens ``[first, last)`` that is an entry of ``group``."""

    first: int
    last: int
    group: str


def forms(entry: str) -> list[tuple[str, ...]]:
    """Return every spelling of an entry, as words."""
    words = []
    for word in entry.casefold().split():
        stem, *endings = word.split("/")
        words.append([stem + ending for ending in endings] if endings else [stem])
    return list(product(*words))


class Words:
    """The groups of one lexicon, ready to be found in a sentence."""

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        """Expand and file every entry."""
        self._whole: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._stems: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for group, entries in groups.items():
            for entry in entries:
                for words in forms(entry):
                    self._file(words, group)
        for table in (self._whole, self._stems):
            for filed in table.values():
                filed.sort(key=lambda each: -len(each[0]))

    def _file(self, words: tuple[str, ...], group: str) -> None:
        head = words[0]
        if head.endswith("*"):
            self._stems.setdefault(head[:-1][:_HEAD], []).append((words, group))
        else:
            self._whole.setdefault(head, []).append((words, group))

    def find(self, tokens: Sequence[Token]) -> list[Hit]:
        """Return what is found, in order; within one group no two hits overlap."""
        hits: list[Hit] = []
        free: dict[str, int] = {}
        for at, token in enumerate(tokens):
            found = self._whole.get(token.lower, [])
            if self._stems:
                found = found + [
                    entry
                    for size in range(1, _HEAD + 1)
                    for entry in self._stems.get(token.lower[:size], ())
                ]
            for words, group in found:
                if free.get(group, 0) <= at and _matches(tokens, at, words):
                    hits.append(Hit(at, at + len(words), group))
                    free[group] = at + len(words)
        return hits


def _matches(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> bool:
    if at + len(words) > len(tokens):
        return False
    for offset, word in enumerate(words):
        lower = tokens[at + offset].lower
        if not (lower.startswith(word[:-1]) if word.endswith("*") else lower == word):
            return False
    return True


def flat(table: Mapping[str, object], prefix: str = "") -> dict[str, list[str]]:
    """Return a lexicon's nested tables as groups: ``hazard.nouns``."""
    groups: dict[str, list[str]] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            groups |= flat(value, f"{name}.")
        elif isinstance(value, list):
            groups[name] = [str(each) for each in value]
    return groups


@cache
def words(language: str, name: str) -> Words:
    """Return the word lists of that lexicon; the fallback's where the language has none."""
    return Words(flat(lexicon(language, name) or lexicon(FALLBACK, name)))
