"""Build the regions and borders of the bundled profile of Ukraine from the shared data.

    python tools/build_profile_ua.py INPUT

INPUT holds ``data/boundaries``, ``data/gazetteer``, ``data/alerts`` and ``formats/ua-regions.csv``
(sources, licences and attributions: ``LICENSES.md`` of the profile). Everything goes through the
engine of ``tocsin import regions``; this file only says which column means what, and joins
what GeoJSON does not carry: foreign ids, people, spellings.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import sys
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from difflib import SequenceMatcher
from pathlib import Path

from tocsin.core.area import Region, RegionTree
from tocsin.ops import regions

OUT = Path(__file__).parents[1] / "src/tocsin/data/profiles/ua"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"
ROOT = Region(
    geocode="UA",
    parent=None,
    level="country",
    names={"uk": "Україна", "en": "Ukraine"},
    latin="Ukraina",
)
CITIES = {  # the two cities with a status of their own, named as people tell them from the oblasts
    "UA80000000000093317": ({"uk": "м. Київ", "en": "Kyiv City"}, ("Київ", "Kyiv")),
    "UA85000000000065278": (
        {"uk": "м. Севастополь", "en": "Sevastopol City"},
        ("Севастополь", "Sevastopol"),
    ),
}
UKRAINEALARM_OWN = {"29": "9999", "30": None}
"""Where the two services differ: the Crimea's number, and a city that the second does not know."""
CONFIRMED_BY_HAND = {
    "327": "Novomoskovsk was renamed Samar; its raion (43) was renamed the same way",
}
ALIKE = 0.72
SPELLINGS_MOST = 14


def main(source: Path) -> None:
    """Write regions, borders and maps, and the copy of the history."""
    draft = regions.read(
        list(_files(source / "data/boundaries")),
        root=ROOT,
        columns=regions.Columns(levels={"city_district": "district"}),
    )
    tree = RegionTree(draft.regions)
    foreign, doubtful = _foreign_ids(source / "formats/ua-regions.csv", tree)
    people = _people(source / "data/boundaries", tree)
    spelled = _spellings(source / "data/gazetteer/ua_places_geonames.csv.gz", tree)
    done = []
    for region in draft.regions:
        names, more = CITIES.get(region.geocode, (region.names, ()))
        number, about = people.get(region.geocode, (None, False))
        done.append(
            replace(
                region,
                names=names,
                ids={**region.ids, **foreign.get(region.geocode, {})},
                population=number,
                about=about,
                spellings=_once(
                    (*more, *region.spellings, *spelled.get(region.geocode, ())), names
                ),
            )
        )
    draft = replace(draft, regions=tuple(done))
    regions.write(OUT, draft, attribution=ATTRIBUTION)
    (OUT / "alerts").mkdir(exist_ok=True)
    shutil.copyfile(source / "data/alerts/ua_alerts.csv.gz", OUT / "alerts/ua_alerts.csv.gz")
    print(f"{len(done)} regions, {len(foreign)} with foreign ids; left out as doubtful:")
    for row in doubtful:
        print("  ", row["uid"], row["name_uk"], row["katottg"] or "no code", row["katottg_match"])


def _files(folder: Path) -> Iterable[tuple[str, bytes]]:
    """Yield the three files; Kyiv and Sevastopol stand in two and are dropped in the second."""
    first = json.loads((folder / "ua_adm1.geojson").read_bytes())
    top = {feature["id"] for feature in first["features"]}
    for name in ("ua_adm1.geojson", "ua_adm2.geojson", "ua_adm3.geojson"):
        found = json.loads((folder / name).read_bytes())
        if name != "ua_adm1.geojson":
            found["features"] = [f for f in found["features"] if f["id"] not in top]
        yield name, json.dumps(found).encode()


def _foreign_ids(
    path: Path, tree: RegionTree
) -> tuple[dict[str, dict[str, str]], list[Mapping[str, str]]]:
    """Return geocode -> ids of the two alert services, and the rows that were not trusted."""
    found: dict[str, dict[str, str]] = {}
    doubtful = []
    for row in csv.DictReader(io.StringIO(path.read_text("utf-8"))):
        code, uid = row["katottg"], row["uid"]
        if code not in tree or not _trusted(row, tree[code]):
            doubtful.append(row)
            continue
        ids = {"alerts_in_ua": uid}
        other = UKRAINEALARM_OWN.get(uid, uid)
        if other is not None:
            ids["ukrainealarm"] = other
        found[code] = ids
    return found, doubtful


def _trusted(row: Mapping[str, str], region: Region) -> bool:
    """Trust what matched by name; what was merely left over needs the region's older name."""
    if row["katottg_match"] in ("exact", "renamed", "fuzzy"):
        return True
    if row["katottg_match"] != "leftover":
        return False
    if row["uid"] in CONFIRMED_BY_HAND:
        return True
    asked = _core(row["name_uk"])
    return any(
        SequenceMatcher(None, asked, _core(name)).ratio() >= ALIKE
        for name in (*region.spellings, region.names["uk"])
    )


def _core(name: str) -> str:
    """Return a hromada's own name without its kind, in one spelling."""
    name = name.rsplit(" та ", maxsplit=1)[-1].replace("'", "’").lower()  # noqa: RUF001
    return re.sub(r"\s*(територіальна|міська|селищна|сільська)?\s*громада$", "", name).replace(
        " ", ""
    )


def _people(folder: Path, tree: RegionTree) -> dict[str, tuple[int | None, bool]]:
    """Return geocode -> people, and whether that is an estimate.

    Oblasts are counted. Of the others only people in cities and towns are known, so a raion has
    its share of the oblast by them and a hromada its share of the raion, both "about".
    """
    with (folder / "population_oblast_2022.csv").open(encoding="utf-8") as file:
        counted = {
            r["region_id"]: int(r["population"]) for r in csv.DictReader(file) if r["population"]
        }
    urban: dict[str, int] = {}
    for name in ("ua_adm2.geojson", "ua_adm3.geojson"):
        for feature in json.loads((folder / name).read_bytes())["features"]:
            if (number := feature["properties"].get("pop_urban_2022")) is not None:
                urban[feature["id"]] = number
    found: dict[str, tuple[int | None, bool]] = {code: (n, False) for code, n in counted.items()}
    found[tree.root] = (sum(counted.values()), False)
    for top in tree.children(tree.root):
        for code, share in _shares(tree.children(top), urban):
            if top in counted:
                found[code] = (round(counted[top] * share), True)
        for raion in tree.children(top):
            whole = found.get(raion, (None, True))[0]
            if whole is not None:
                for code, share in _shares(tree.children(raion), urban):
                    found[code] = (round(whole * share), True)
    return found


def _shares(codes: Iterable[str], urban: Mapping[str, int]) -> Iterable[tuple[str, float]]:
    known = [code for code in codes if code in urban]
    total = sum(urban[code] for code in known)
    return [(code, urban[code] / total) for code in known if total]


def _spellings(path: Path, tree: RegionTree) -> dict[str, tuple[str, ...]]:
    """Return geocode -> how people write the place that the region is named after."""
    places: dict[str, list[Mapping[str, str]]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["adm2_id"] in CITIES:
                places[row["adm2_id"]].append(row)
            elif row["adm3_id"]:
                places[row["adm3_id"]].append(row)
    found = {}
    for code, rows in places.items():
        if code not in tree:
            continue
        first = max(rows, key=lambda row: int(row["population"] or 0))
        latin = tree[code].latin.lower()
        if code in CITIES or latin[:4] == first["name"].lower()[:4]:
            others = sorted(filter(_plain, first["alternate_names"].split("|")), key=len)
            found[code] = (first["name"], *others)
    return found


def _plain(name: str) -> bool:
    """Keep what a keyboard here can write: Cyrillic or plain Latin, no transliterated Chinese."""
    if re.fullmatch(r"[А-Яа-яЄєІіЇїҐґЁёЫыЭэЪъ’'\- ]{3,40}", name):  # noqa: RUF001
        return name[0].isupper()
    return bool(re.fullmatch(r"[A-Z][A-Za-z'’\- ]{2,40}", name))  # noqa: RUF001


def _once(names: Iterable[str], taken: Mapping[str, str]) -> tuple[str, ...]:
    seen = {name.casefold() for name in taken.values()}
    kept = []
    for name in names:
        if name.casefold() not in seen:
            seen.add(name.casefold())
            kept.append(name)
    return tuple(kept[:SPELLINGS_MOST])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
