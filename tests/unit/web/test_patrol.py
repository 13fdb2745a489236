"""The list for patrol cars: where to go first, in whose language, and no formula in a cell."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from kit.works import DOWN, WIRED, Works
from tocsin.core.area import RegionTree
from tocsin.web.api.patrol import Stop, rounds, written

EVIL = "=HYPERLINK(0)"


def test_what_nobody_counted_comes_first_then_the_most_people():
    works = Works.with_mandates(WIRED)
    for channel in ("sirens", "tv", "radio"):
        works.set(channel, DOWN, "north", "city")
    found = rounds(WIRED, works.infra, -1, "en")
    assert [(each.region, each.people) for each in found] == [
        ("city", 900_000), ("n1c", 300_000), ("n1b", 200_000), ("n1a", 100_000),
        ("n2a", 100_000), ("n2b", 100_000),
    ]  # fmt: skip
    assert found[1].within == ["n1", "north"]
    assert found[1].lost == ["Sirens", "Television", "Radio"]
    assert found[0].left == ["This page"]
    assert found[3].left == ["This page", "Cars"]
    assert [s.region for s in rounds(WIRED, works.infra, WIRED.tree.mask(("n2",)), "en")] == [
        "n2a", "n2b",
    ]  # fmt: skip
    uncounted = RegionTree(replace(each, population=None) for each in WIRED.tree.regions)
    world = replace(WIRED, tree=uncounted)
    assert {each.people for each in rounds(world, works.infra, -1, "en")} == {None}


def test_a_channel_without_a_name_in_any_language_is_called_by_its_id():
    channels = {**WIRED.channels, "tv": replace(WIRED.channels["tv"], names={})}
    channels["radio"] = replace(channels["radio"], names={"xx": "not spoken here"})
    works = Works.with_mandates(replace(WIRED, channels=channels))
    for channel in ("tv", "radio"):
        works.set(channel, DOWN, "n2a")
    (stop,) = rounds(works.world, works.infra, -1, "uk")
    assert stop.lost == ["tv", "radio"]


def test_no_cell_runs_on_somebody_s_desk():
    stop = Stop(region="-1", name=EVIL, within=["+a"], people=None, lost=["@b"], left=["c"])
    rows = list(csv.reader(io.StringIO(written([stop]).decode("utf-8-sig"))))
    assert rows[1] == ["'-1", f"'{EVIL}", "'+a", "", "'@b", "c"]
