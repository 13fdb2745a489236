"""Another country is imported from its own files, with the engine that made the bundled one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tocsin.core.area import Region
from tocsin.errors import BadInput
from tocsin.formats.profile import read_geometry, read_maps
from tocsin.formats.profile.regions import read_regions
from tocsin.ops.regions import Columns, import_files

NORWAY = Region(geocode="NO", parent=None, level="country", names={"nb": "Norge", "en": "Norway"})
COLUMNS = Columns(spellings="")


@pytest.fixture(scope="session")
def norway(shared_data: Path) -> list[Path]:
    return [shared_data / "norway" / name for name in ("no_adm1.geojson", "no_adm2.geojson")]


def test_another_country_is_imported_after_a_dry_run(norway: list[Path], tmp_path: Path):
    dry = import_files(tmp_path, norway, root=NORWAY, columns=COLUMNS)
    assert not dry.draft.problems
    assert not dry.is_written
    assert not list(tmp_path.iterdir())
    assert len(dry.report.added) == 1 + 15 + 357

    done = import_files(
        tmp_path, norway, root=NORWAY, columns=COLUMNS, attribution="© Kartverket", apply=True
    )

    assert done.is_written
    regions = {r.geocode: r for r in read_regions((tmp_path / "regions.json").read_bytes())}
    assert len(regions) == 373
    assert regions["0301"].parent == "03"
    assert regions["0301"].names["nb"] == "Oslo"
    assert set(read_geometry((tmp_path / "geometry.geojson.gz").read_bytes())) == set(regions) - {
        "NO"
    }
    maps = read_maps((tmp_path / "map.json").read_bytes())
    assert len(maps.maps["NO"].paths) == 15
    assert sum(map(len, maps.maps["NO"].paths.values())) <= 15_000

    again = import_files(tmp_path, norway, columns=COLUMNS)

    assert (again.report.added, again.report.changed, again.report.orphaned) == ((), (), ())
    assert again.report.same == 373


def test_a_region_that_no_file_names_any_more_is_orphaned(norway: list[Path], tmp_path: Path):
    import_files(tmp_path, norway, root=NORWAY, columns=COLUMNS, apply=True)

    counties_only = import_files(tmp_path, norway[:1], columns=COLUMNS)

    assert len(counties_only.report.orphaned) == 357
    assert not counties_only.is_written


def test_a_file_with_a_problem_leaves_the_folder_as_it_was(norway: list[Path], tmp_path: Path):
    import_files(tmp_path, norway, root=NORWAY, columns=COLUMNS, apply=True)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    municipalities_only = import_files(tmp_path, norway[1:], columns=COLUMNS, apply=True)

    assert not municipalities_only.is_written
    assert {problem.rule for problem in municipalities_only.draft.problems} == {"unknown-parent"}
    assert len(municipalities_only.draft.problems) == 357
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_without_a_root_nothing_is_imported(tmp_path: Path):
    with pytest.raises(BadInput) as refused:
        import_files(tmp_path, [])

    assert (refused.value.field, refused.value.rule) == ("--root", "no-root")


def test_the_countrys_borders_of_two_files_name_the_two_cities_twice(
    shared_data: Path, tmp_path: Path
):
    boundaries = shared_data / "boundaries"
    files = [boundaries / f"ua_adm{level}.geojson" for level in (1, 2, 3)]
    root = Region(geocode="UA", parent=None, level="country", names={"uk": "Україна"})

    found = import_files(tmp_path, files, root=root, apply=True)

    assert [(p.file, p.rule) for p in found.draft.problems] == [
        ("ua_adm2.geojson", "duplicate-code")
    ] * 2
    assert len(found.draft.regions) == 1_643
    assert not found.is_written
