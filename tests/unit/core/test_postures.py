"""Postures: one thing is named, somebody ordered it, and what ran out is not normal by order."""

from __future__ import annotations

import pytest

from kit.chronicle import Chronicle
from kit.world import HOUR, MINUTE, NOW, officer
from tocsin.core import infra_commands as ic
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.claims import Where
from tocsin.core.facilities import Facility, PostureLevel
from tocsin.core.infra_posture import has_run_out, last_orders, postures_now
from tocsin.core.infrastructure import POSTURES_KEPT


@pytest.fixture
def story() -> Chronicle:
    return Chronicle.with_mandates()


def order(level=PostureLevel.HIGH, **more):
    usual = {"reason": "A threat", "ordered_by": "The head", "for_whom": "the guards"}
    if not {"installation_id", "kind"} & set(more):
        usual["regions"] = ("n1",)
    return ic.SetPosture(level=level, **{**usual, **more})


def a_tower(story):
    facility = Facility(kind="tv-tower", name="North", where=Where(geocode="n1a"))
    command = ic.RegisterInstallation(facility=facility, content="hash")
    return story.tell(command)[0].installation_id


SLIPS = {
    "nothing named": ({"regions": ()}, "empty-area", "/of"),
    "two things named": ({"kind": "siren", "regions": ("n1",)}, "empty-area", "/of"),
    "an unknown installation": ({"installation_id": "x"}, "unknown-installation", "/installation"),
    "an unknown kind": ({"kind": "castle"}, "bad-value", "/kind"),
    "an unknown region": ({"regions": ("n1", "x")}, "unknown-region", "/regions/1"),
    "no reason": ({"reason": " "}, "reason-missing", "/reason"),
    "nobody ordered it": ({"ordered_by": ""}, "reason-missing", "/ordered_by"),
    "for nobody": ({"for_whom": ""}, "reason-missing", "/for_whom"),
    "over already": ({"until": NOW}, "deadline-past", "/until"),
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_refused_by_its_rule_and_field(story, name):
    more, rule, field = SLIPS[name]
    found = story.refused(order(**more))
    assert (found.rule.value, found.field) == (rule, field)


def test_an_erased_installation_is_guarded_no_more(story):
    name = a_tower(story)
    story.tell(ic.EraseInstallation(installation_id=name, reason="gone"))
    assert story.refused(order(installation_id=name)).field == "/installation"


def test_an_order_is_kept_and_its_staff_are_called(story):
    said, called = story.tell(order(regions=("n1a", "n1b", "n1c"), until=NOW + HOUR))
    assert isinstance(called, OfficersPaged)
    assert called.why is PageReason.POSTURE
    (one,) = story.state.infra.postures
    assert (one.id, one.regions, one.until) == (said.posture_id, ("n1",), NOW + HOUR)
    assert (one.level, one.reason, one.ordered_by, one.for_whom) == (
        PostureLevel.HIGH, "A threat", "The head", "the guards",
    )  # fmt: skip


def test_the_last_order_for_a_thing_holds_and_another_thing_has_its_own(story):
    tower = a_tower(story)
    story.tell(order(PostureLevel.RAISED))
    story.tell(order(PostureLevel.CRITICAL, installation_id=tower))
    story.tell(order(PostureLevel.HIGH, kind="siren"))
    story.tell(order(PostureLevel.NORMAL))
    now = postures_now(story.state.infra, story.now)
    assert {of: each.level.value for of, each in now.items()} == {
        ("", "", "n1"): "normal", (tower, ""): "critical", ("", "siren"): "high",
    }  # fmt: skip


def test_what_ran_out_holds_no_more_and_is_still_the_last_order(story):
    story.tell(order(PostureLevel.RAISED))
    story.tell(order(PostureLevel.HIGH, until=NOW + HOUR))
    (last,) = last_orders(story.state.infra).values()
    assert not has_run_out(last, NOW + HOUR - MINUTE)
    assert postures_now(story.state.infra, NOW + HOUR - MINUTE) == {last.of: last}
    assert has_run_out(last, NOW + HOUR)
    assert postures_now(story.state.infra, NOW + HOUR) == {}  # the one before does not come back
    assert last_orders(story.state.infra) == {last.of: last}


def test_an_order_that_still_holds_outlives_very_many_others(story):
    first = story.tell(order(PostureLevel.CRITICAL, kind="bridge"))[0].posture_id
    for _ in range(POSTURES_KEPT + 5):
        story.tell(order())
    kept = story.state.infra.postures
    assert len(kept) == POSTURES_KEPT
    assert kept[0].id == first


def test_a_whole_kind_is_ordered_by_whoever_keeps_the_whole_country(story):
    mine = officer("ivan", regions=("n1",))
    assert story.refused(order(kind="siren"), mine).field == "/kind"
    assert story.refused(order(regions=("s1",)), mine).field == "/regions/0"
    assert story.tell(order(kind="siren"), officer("anna"))
    assert story.tell(order(), mine)
