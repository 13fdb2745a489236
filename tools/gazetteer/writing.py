"""The file that ``tocsin.reader.gazetteer`` opens, written."""

from __future__ import annotations

import gzip
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from tocsin.reader.gazetteer import fold

UKRAINIAN = set("абвгґдеєжзиіїйклмнопрстуфхцчшщьюя -'\u2019\u02bc.")
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One line of places, and the spellings it is found by."""

    letter: str
    name: str
    geonames: int | None = None
    country: str = ""
    region: str = ""
    geocode: str = ""
    rank: int = 0
    within: str = ""
    others: tuple[str, ...] = ()


def is_latin(name: str) -> bool:
    """Say whether it has letters of Latin script alone."""
    return all(
        each < "\u0250" or "\u1e00" <= each < "\u1f00" or each in "\u2019\u02bc\u02bb"
        for each in name
    )


def is_ukrainian(name: str) -> bool:
    """Say whether it could be a Ukrainian spelling: no letter that Ukrainian lacks."""
    return set(name.casefold()) <= UKRAINIAN and any(each.isalpha() for each in name)


def write(path: Path, places: list[Place], home: str = "") -> None:
    """Write places and sorted names; the larger place of one name comes first."""
    lines = bytearray()
    names: dict[str, dict[int, bool]] = defaultdict(dict)
    ranks: dict[int, int] = {}
    # neighbours stand together: the file packs a quarter smaller than by people
    for place in sorted(places, key=lambda p: (p.country, p.region, p.name, p.geonames or 0)):
        at = len(lines)
        ranks[at] = place.rank
        fields = (
            place.letter,
            place.name,
            place.geonames or "",
            place.country,
            place.region,
            place.geocode,
            _rounded(place.rank),
            place.within,
        )
        lines += ("\t".join(str(each) for each in fields) + "\n").encode()
        for key in _keys(place.name):
            names[key][at] = True
        for other in place.others:
            for key in _keys(other):
                names[key].setdefault(at, False)
        if place.letter == "K":
            names[f"=capital {place.country.lower()}"][at] = True
        if place.letter == "A" and place.region:
            names[f"={place.region.lower()}"][at] = True
        if place.letter == "C":
            names[f"={place.country.lower()}"][at] = True
            if home:
                names["=home"][at] = True
    rows = sorted(
        f"{key}\t".encode()
        + " ".join(
            ("" if main else "~") + _base36(at) for at, main in _ranked(found, ranks)
        ).encode()
        for key, found in names.items()
        if len(key) > 1
    )
    packed = str(len(lines)).encode() + b"\n" + bytes(lines) + b"\n".join(rows) + b"\n"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(packed, 9, mtime=0))
    print(f"{path.name}: {len(places)} places, {len(rows)} names, {len(packed)} bytes unpacked")


def _keys(name: str) -> set[str]:
    key = fold(name)
    found = {key}
    for short, long in (("st ", "saint "), ("mt ", "mount "), ("ft ", "fort ")):
        if key.startswith(short):
            found.add(long + key[len(short) :])
        elif key.startswith(long):
            found.add(short + key[len(long) :])
    return {each for each in found if each and "\t" not in each}


def _rounded(number: int) -> int:
    """Return two significant digits: enough to choose by, and fewer bytes."""
    unit = 10 ** max(0, len(str(number)) - 2)
    return number // unit * unit


def _ranked(found: dict[int, bool], ranks: dict[int, int]) -> list[tuple[int, bool]]:
    return sorted(found.items(), key=lambda each: (-ranks[each[0]], each[0]))


def _base36(number: int) -> str:
    digits = ""
    while True:
        number, rest = divmod(number, 36)
        digits = DIGITS[rest] + digits
        if not number:
            return digits
