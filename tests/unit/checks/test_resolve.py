"""Names and drawn shapes become an area, or the first reason why not; never "everywhere"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tocsin.checks.resolve import Asked, Places, Resolved
from tocsin.core.area import Region, RegionTree
from tocsin.core.refusals import Refusal


@dataclass
class Round:
    """A circle as an API decodes it."""

    center: Sequence[float]
    radius_m: float


def box(west: float, south: float, east: float, north: float) -> list[list[float]]:
    return [[west, south], [east, south], [east, north], [west, north], [west, south]]


BORDERS = {"A": [[box(10, 50, 11, 51)]], "B": [[box(11, 50, 12, 51)]]}


class Atlas:
    """Borders that count how often they are read."""

    def __init__(self) -> None:
        self.read = 0

    def __call__(self):
        self.read += 1
        return BORDERS


def places(atlas: Atlas | None = None) -> Places:
    tree = RegionTree(
        [
            Region(geocode="L", parent=None, level="country", names={"en": "Land"}),
            Region(geocode="A", parent="L", level="part", names={"en": "A"},
                   ids={"iso3166_2": "LA-1", "other": "7"}),
            Region(geocode="B", parent="L", level="part", names={"en": "B"}),
        ]
    )  # fmt: skip
    return Places(tree, atlas or Atlas())


def resolved(asked: Asked, **options: bool) -> Resolved:
    answer = places().resolve(asked, **options)
    assert isinstance(answer, Resolved), answer
    return answer


def refused(asked: Asked, **options: bool) -> tuple[str, str]:
    answer = places().resolve(asked, **options)
    assert isinstance(answer, Refusal), answer
    return answer.rule.value, answer.field


def test_aliases_become_geocodes_each_once():
    area = resolved(Asked(regions=["LA-1", "other:7", "la-1", "B", "A"])).area

    assert area.regions == ("A", "B")


def test_borders_are_read_once_and_only_when_something_is_drawn():
    atlas = Atlas()
    known = places(atlas)

    known.resolve(Asked(regions=["A"]))
    assert atlas.read == 0
    for _ in range(2):
        known.resolve(Asked(polygons=[box(10.2, 50.2, 10.4, 50.4)]))
    assert atlas.read == 1


def test_what_is_drawn_keeps_its_shape_and_its_shares():
    found = resolved(Asked(regions=["B"], polygons=[box(10.5, 50, 11.5, 51)]))

    assert found.area.regions == ("B",)
    assert found.area.polygons[0].ring[1] == (11.5, 50.0)
    assert [(t.geocode, round(t.of_leaf, 2)) for t in found.area.touched] == [
        ("A", 0.5),
        ("B", 0.5),
    ]
    assert found.outside == 0


def test_the_share_outside_is_told():
    found = resolved(Asked(polygons=[box(9, 50, 11, 51)]))

    assert found.outside == pytest.approx(0.5, abs=0.01)


def test_a_circle_is_placed_too():
    found = resolved(Asked(circles=[Round([10.5, 50.5], 5_000)]))

    assert [t.geocode for t in found.area.touched] == ["A"]
    assert found.area.circles[0].radius_m == 5_000


@pytest.mark.parametrize(
    ("asked", "rule", "field"),
    [
        (Asked(), "empty-area", "/area"),
        (Asked(excluded=["A"]), "empty-area", "/area"),
        (Asked(regions=["A", "Z"]), "unknown-region", "/area/regions/1"),
        (Asked(regions=[""]), "unknown-region", "/area/regions/0"),
        (Asked(regions=["A"], excluded=["Z"]), "unknown-region", "/area/excluded/0"),
        (Asked(regions=["A"] * 5_001), "too-large", "/area/regions"),
        (Asked(polygons=[box(10, 50, 11, 51)] * 1_001), "too-large", "/area/polygons"),
        (Asked(circles=[Round([10, 50], 1)] * 101), "too-large", "/area/circles"),
        (Asked(polygons=[box(10, 50, 11, 51)[:-1]]), "polygon-unclosed", "/area/polygons/0"),
        (Asked(polygons=[[[10.0, 50.0]] * 1_000_000]), "too-many-vertices", "/area/polygons/0"),
        (Asked(circles=[Round([10, 50], 0)]), "bad-radius", "/area/circles/0/radius_m"),
        (Asked(polygons=[box(50, 10, 51, 11)]), "area-outside", "/area/polygons"),
        (Asked(circles=[Round([50, 10], 9)]), "area-outside", "/area/circles"),
    ],
)
def test_what_cannot_be_an_area_is_refused_with_rule_and_field(asked: Asked, rule: str, field: str):
    assert refused(asked) == (rule, field)


def test_another_house_may_name_unknown_codes_as_long_as_it_draws():
    shape = box(10.2, 50.2, 10.4, 50.4)

    found = resolved(Asked(regions=["Z", "B"], polygons=[shape]), lenient=True)

    assert found.unknown == ("Z",)
    assert found.area.regions == ("B",)
    assert refused(Asked(regions=["Z"]), lenient=True)[0] == "unknown-region"
    assert refused(Asked(regions=["Z"], polygons=[shape]))[0] == "unknown-region"
