"""Names of places, looked up in a prebuilt file that costs little to open.

A gazetteer file is gzip over three parts: a line with the number of bytes of the places, the
places (one line each), and the names, sorted by their bytes. A name is found by halving: no
table is built, so opening costs the unpacking alone, and 200,000 names cost their bytes and
nothing more. ``tools/gazetteer`` writes the files; ``data/gazetteers`` holds the world's, a
profile's folder ``gazetteer`` its own country's, which comes first.
"""

from __future__ import annotations

import gzip
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from importlib.resources.abc import Traversable

ENDING = ".gaz.gz"
LEVELS = {
    "C": "country",
    "A": "region",
    "P": "settlement",
    "K": "settlement",
    "F": "settlement",
    "W": "water",
    "O": "other",
}
"""The letter in the file and the level it stands for.

``K`` is the capital of a country, ``F`` a town that many languages have a name for.
"""
_APOSTROPHES = re.compile("[.'`\u2019\u02bc\u02bb\u02bf\u2018\u00b4]")
_GAPS = re.compile(r"[\s\-\u2010\u2011\u2013/,()]+")
_LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ß": "ss",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
        "þ": "th",
        "ð": "d",
    }
)
REMEMBERED_MOST = 50_000
VARIANTS_MOST = 500
_VARIANT_LEAST = 88.0
_VARIANT_LETTERS = 6


def fold(name: str) -> str:
    """Return the form that spellings of one name share: small letters, no marks, no hyphens."""
    small = _APOSTROPHES.sub("", name).casefold()
    if not small.isascii() and not any("\u0400" <= each <= "\u052f" for each in small):
        parts = unicodedata.normalize("NFKD", small.translate(_LETTERS))
        small = "".join(each for each in parts if not unicodedata.combining(each))
    return _GAPS.sub(" ", small).strip()


@dataclass(frozen=True, slots=True)
class Entry:
    """A place of the gazetteer. ``rank`` orders places of one name: people, or what stands in."""

    level: str
    name: str
    geonames: int | None
    country: str | None
    region: str | None
    geocode: str | None
    rank: int
    is_capital: bool = False
    is_famous: bool = False
    is_alternate: bool = False
    """It was found by another spelling than the one it is called by."""
    within: str | None = None
    """The folded name of the region around it, where it has no ISO 3166-2 code."""


class Names:
    """One gazetteer file, unpacked."""

    def __init__(self, packed: bytes) -> None:
        """Unpack it. Costs about 8 ms a megabyte; the text stays in memory as bytes."""
        text = gzip.decompress(packed)
        head, _, rest = text.partition(b"\n")
        size = int(head)
        self._places = rest[:size]
        self._names = rest[size:]

    def find(self, key: str) -> list[Entry]:
        """Return the places of that folded name."""
        wanted = key.encode() + b"\t"
        at = self._at(wanted)
        if not self._names.startswith(wanted, at):
            return []
        line = self._names[at + len(wanted) : self._names.find(b"\n", at)]
        return [self._entry(each) for each in line.decode().split(" ")]

    def begins(self, key: str) -> bool:
        """Say whether a longer name begins with those whole words."""
        wanted = key.encode() + b" "
        return self._names.startswith(wanted, self._at(wanted))

    def near(self, beginning: str) -> Iterator[str]:
        """Give every name of one word that begins so."""
        wanted = beginning.encode()
        at = self._at(wanted)
        while self._names.startswith(wanted, at):
            end = self._names.find(b"\n", at)
            name, _, _ = self._names[at:end].partition(b"\t")
            if b" " not in name:
                yield name.decode()
            at = end + 1

    def _at(self, wanted: bytes) -> int:
        """Return where the first line that is not before it begins."""
        names, low, high = self._names, 0, len(self._names)
        while low < high:
            middle = (low + high) // 2
            start = names.rfind(b"\n", low, middle) + 1 or low
            end = names.find(b"\n", middle) + 1 or high
            if names[start : start + len(wanted)] < wanted:
                low = end
            else:
                high = start
        return low

    def _entry(self, mark: str) -> Entry:
        at = int(mark.lstrip("~"), 36)
        line = self._places[at : self._places.find(b"\n", at)].decode()
        letter, name, ident, country, region, geocode, rank, within = line.split("\t")
        return Entry(
            level=LEVELS[letter],
            name=name,
            geonames=int(ident) if ident else None,
            country=country or None,
            region=region or None,
            geocode=geocode or None,
            rank=int(rank),
            is_capital=letter == "K",
            is_famous=letter == "F",
            is_alternate=mark.startswith("~"),
            within=within or None,
        )


class Gazetteer:
    """The profile's places and the world's. Opened once; every question costs microseconds."""

    def __init__(self, files: tuple[Names, ...], home: str | None) -> None:
        """Take the files, the nearest first, and the code of the profile's own country."""
        self.home = home
        self._files = files
        self._asked: dict[str, tuple[Entry, ...]] = {}
        self._begun: dict[str, bool] = {}
        self._variants: dict[str, str | None] = {}

    @classmethod
    def open(cls, profile_folder: Path | None = None) -> Gazetteer:
        """Open the world's gazetteer, before it the one of that profile, where it has one.

        The folder's name is no matter: ``gazetteer/*.gaz.gz`` in it is read, and the country
        that most of its places lie in is the home.
        """
        own = sorted((profile_folder / "gazetteer").glob(f"*{ENDING}")) if profile_folder else []
        files = tuple(Names(each.read_bytes()) for each in own)
        home = files[0].find("=home") if files else []
        return cls((*files, *_world()), home[0].country if home else None)

    def find(self, key: str) -> tuple[Entry, ...]:
        """Return the places of that folded name, each once, the profile's own first."""
        known = self._asked.get(key)
        if known is None:
            if len(self._asked) > REMEMBERED_MOST:
                self._asked.clear()
            seen: dict[object, Entry] = {}
            regions: set[str] = set()
            for names in self._files:
                found = names.find(key)
                for entry in found:
                    if entry.level == "region" and entry.region in regions:
                        continue  # the nearer file has it with its geocode
                    same = entry.geonames or (
                        entry.level,
                        entry.geocode or entry.region,
                        entry.name,
                    )
                    seen.setdefault(same, entry)
                regions |= {each.region for each in found if each.level == "region" and each.region}
            known = self._asked[key] = tuple(seen.values())
        return known

    def country(self, code: str) -> Entry | None:
        """Return the country of that code (ISO 3166-1, two letters)."""
        return next(iter(self.find(f"={code.lower()}")), None)

    def capital(self, code: str) -> Entry | None:
        """Return the capital of the country of that code."""
        return next(iter(self.find(f"=capital {code.lower()}")), None)

    def region(self, code: str) -> Entry | None:
        """Return the region of that code (ISO 3166-2)."""
        return next(iter(self.find(f"={code.lower()}")), None)

    def begins(self, key: str) -> bool:
        """Say whether a longer name begins with those whole words."""
        known = self._begun.get(key)
        if known is None:
            if len(self._begun) > REMEMBERED_MOST:
                self._begun.clear()
            known = self._begun[key] = any(names.begins(key) for names in self._files)
        return known

    def variant(self, key: str) -> str | None:
        """Return the one name that the key is another spelling of, or None.

        For words that are known to be a place's name by the grammar around them. Only names
        that share the first three letters are compared.
        """
        if len(key) < _VARIANT_LETTERS or " " in key:
            return None
        if key not in self._variants:
            if len(self._variants) > VARIANTS_MOST:
                return None  # no report has so many unknown names: each costs a millisecond
            self._variants[key] = self._variant(key)
        return self._variants[key]

    def _variant(self, key: str) -> str | None:
        from rapidfuzz import fuzz, process

        names = sorted({each for file in self._files for each in file.near(key[:3])})
        best = process.extract(key, names, scorer=fuzz.ratio, limit=2, score_cutoff=_VARIANT_LEAST)
        if not best or (len(best) > 1 and best[1][1] == best[0][1]):
            return None
        return str(best[0][0])


@cache
def _world() -> tuple[Names, ...]:
    folder = resources.files("tocsin") / "data" / "gazetteers"
    found: list[Traversable] = [each for each in folder.iterdir() if each.name.endswith(ENDING)]
    return tuple(Names(each.read_bytes()) for each in sorted(found, key=lambda each: each.name))
