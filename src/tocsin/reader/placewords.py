"""The words of a sentence as the finder of places sees them, and its lexicon ready for asking.

A name is a run of capitalised words with nothing between them but spaces and hyphens; what
stands in the gap after a word therefore matters as much as the word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any

from tocsin.reader.gazetteer import Entry, fold
from tocsin.reader.lexicon import languages, lexicon

if TYPE_CHECKING:
    from tocsin.reader.document import Sentence

LONGEST = 60
"""Letters: a longer run is no word of any language."""
_WORD = re.compile(r"(?:[^\W\d_]\.){2,}|[^\W_]+(?:['\u2019\u02bc\u2011-][^\W_]+)*")
_PREFIXED = re.compile(
    r"(?:a[ldrsznt]|e[ldrsznt]|ash|ad-d|d|l|bin|ould)[-\u2011'\u2019][A-Z\u00c0-\u00de\u0404-\u042f]"
)
"""A name that begins with a small article: "al-Najjar"."""
_POSSESSIVE = re.compile(r"['\u2019]s$", re.IGNORECASE)
_SHORTENED_MOST = 3
"""Letters of what a full stop may cut short within a name: "St. X"."""
_JOINING = frozenset({" ", "\u00a0", "-", "\u2011", "\n"})
AREA_RANK = 5_000_000


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its folded ``key`` (possessive off), and ``gap``, what stands before it."""

    start: int
    end: int
    text: str
    key: str
    gap: str
    is_capital: bool
    is_possessive: bool

    @property
    def joins(self) -> bool:
        """Say whether it may go on a name that the word before it began."""
        return self.gap in _JOINING


def words(text: str, sentence: Sentence) -> list[Word]:
    """Return the sentence's words."""
    found: list[Word] = []
    last = sentence.start
    for match in _WORD.finditer(text, sentence.start, sentence.end):
        start, end = match.span()
        word = match.group()
        if len(word) > LONGEST:
            last = end
            continue
        gap = text[last:start] if start - last < LONGEST else "…"
        if gap == ". " and found and _is_shortened(found[-1]):
            gap = " "
        owned = _POSSESSIVE.search(word)
        bare = word[: owned.start()] if owned else word
        after = text[end : end + 2]
        found.append(
            Word(
                start=start,
                end=start + len(bare),
                text=bare,
                key=fold(bare),
                gap=gap if found else "",
                is_capital=bare[:1].isupper() or bool(_PREFIXED.match(bare)),
                is_possessive=bool(owned) or (bare.endswith("s") and after in {"' ", "\u2019 "}),
            )
        )
        last = end
    return found


def _is_shortened(word: Word) -> bool:
    """Say whether a full stop after it belongs to it: every language's lexicon counts."""
    return len(word.key) <= _SHORTENED_MOST and any(
        vocabulary(each).has("levels", "shortened", word.key) for each in languages()
    )


class Vocabulary:
    """One language's ``places.toml``: sets for asking, each made when first asked for."""

    def __init__(self, language: str) -> None:
        """Read the language's table; of a language without one everything is empty."""
        self.language = language
        self._table = lexicon(language, "places")
        self._sets: dict[tuple[str, str], frozenset[str]] = {}

    def has(self, part: str, name: str, key: str) -> bool:
        """Say whether that list of the table holds the word."""
        return key in self.of(part, name)

    def of(self, part: str, name: str) -> frozenset[str]:
        """Return that list of the table, folded."""
        at = (part, name)
        if at not in self._sets:
            self._sets[at] = frozenset(fold(each) for each in self._part(part).get(name, ()))
        return self._sets[at]

    def _part(self, name: str) -> dict[str, Any]:
        part = self._table.get(name, {})
        return part if isinstance(part, dict) else {}

    @cached_property
    def nations(self) -> dict[str, str]:
        """Adjectives and people of nations, with the country's code."""
        found: dict[str, str] = {}
        for code, names in self._part("demonyms").items():
            for each in names:
                key = fold(each)
                found[key] = code
                if self._table.get("plural"):
                    found[key + str(self._table["plural"])] = code
        return found

    @cached_property
    def regional(self) -> dict[str, str]:
        """Adjectives of regions, with the region's folded name."""
        return {fold(each): fold(name) for each, name in self._part("regional").items()}

    @cached_property
    def countries(self) -> dict[str, str]:
        """Other names of countries, with the code."""
        return {
            fold(each): code for code, names in self._part("countries").items() for each in names
        }

    @cached_property
    def areas(self) -> dict[str, Entry]:
        """Areas and waters that no list of settlements has."""
        return {
            fold(name): Entry(
                level=level,
                name=name,
                geonames=None,
                country=country or None,
                region=region or None,
                geocode=None,
                rank=AREA_RANK,
            )
            for name, (level, country, region) in self._part("areas").items()
        }

    @cached_property
    def starts(self) -> frozenset[str]:
        """First words of the names that stand in this table: a quick no for all others."""
        names = (*self.nations, *self.regional, *self.countries, *self.areas)
        return frozenset(each.partition(" ")[0] for each in (*names, *self.of("never", "names")))

    @cached_property
    def endings(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Endings in the text and what they stand for in the name, the longest first."""
        rows = self._table.get("endings", {})
        pairs = ((each, tuple(rows[each])) for each in rows)
        return tuple(sorted(pairs, key=lambda pair: (-len(pair[0]), pair[0])))

    @cached_property
    def alike(self) -> dict[str, str]:
        """Compounds for one thing, with the word it is called by."""
        return {
            fold(each): str(name) for each, name in self._part("landmarks").get("alike", {}).items()
        }

    @cached_property
    def unique(self) -> tuple[tuple[str, ...], ...]:
        """Compounds of which a town has one, as words, the longest first."""
        found = (tuple(each.split(" ")) for each in self.of("landmarks", "unique"))
        return tuple(sorted(found, key=lambda each: (-len(each), each)))


@cache
def vocabulary(language: str) -> Vocabulary:
    """Return the language's words of places."""
    return Vocabulary(language)
