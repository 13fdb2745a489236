"""Names on a map can be read."""

from kit.houses import profile
from tocsin.bootstrap import profile_folder
from tocsin.formats.profile.maps import RegionMap, ViewRow, read_maps
from tocsin.settings import Profile as ProfileSetting
from tocsin.web.public.labels import LINE, place_labels

VIEW = ViewRow(west=0, top=0, scale=1)


def drawn(**labels):
    return RegionMap(width=1000, height=600, view=VIEW, paths={}, labels=labels)


def test_a_name_moves_down_from_one_above_it():
    first, second = place_labels(drawn(a=(300, 100, 50), b=(330, 108, 50)), lambda _: "name")
    assert (first.y, second.y) == (100, 100 + LINE)


def test_a_name_stays_on_the_map():
    (label,) = place_labels(drawn(a=(5, 100, 50)), lambda _: "a long name")
    assert label.x - label.half >= 0


def test_a_dot_has_no_name():
    assert place_labels(drawn(a=(5, 100, 7)), lambda _: "name") == []


def test_no_name_of_the_bundled_map_stands_on_another():
    folder = profile_folder(ProfileSetting(id="ua"))
    maps = read_maps((folder / "map.json").read_bytes())
    world = profile().world
    for language in world.languages:
        labels = place_labels(
            maps.maps[world.tree.root], lambda code, to=language: world.short[code][to]
        )
        assert len(labels) >= 26
        for label in labels:
            for other in labels:
                if label is not other and abs(label.y - other.y) < LINE - 2:
                    assert abs(label.x - other.x) >= label.half + other.half - 4, (label, other)
