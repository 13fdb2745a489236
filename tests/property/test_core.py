"""Laws of the core that hold whatever happens: purity, folding, repetition, sets of leaves."""

from __future__ import annotations

import copy
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from kit.world import (
    DRILL,
    HOUR,
    LEAVES,
    NOW,
    PARENTS,
    SENDERS,
    WORLD,
    Story,
    drawn,
    issuing,
    leaves_of,
)
from tocsin.core import commands as co
from tocsin.core.alert import handle_of
from tocsin.core.area import Area
from tocsin.core.decide import decide
from tocsin.core.overlap import clearing, sounding
from tocsin.core.refusals import Refusal
from tocsin.core.state import State, evolve

TREE = WORLD.tree
regions = st.lists(st.sampled_from(sorted(PARENTS)), min_size=1, max_size=3)
leaf_sets = st.frozensets(st.sampled_from(LEAVES))
senders = st.sampled_from(SENDERS)
levels = st.sampled_from((None, "yellow", "red", "black"))
shares = st.dictionaries(st.sampled_from(LEAVES), st.floats(0, 1), min_size=1)
areas = st.one_of(
    st.builds(
        lambda some, out: Area(regions=tuple(some), excluded=tuple(out)),
        regions, st.lists(st.sampled_from(sorted(PARENTS)), max_size=2),
    ),
    shares.map(lambda of: drawn(*((leaf, share, 1 / len(of)) for leaf, share in of.items()))),
)  # fmt: skip
named = st.sampled_from([f"01900000-0000-7000-8000-{n:012x}" for n in range(1, 8)] + ["unknown"])
commands = st.one_of(
    st.builds(
        lambda area, sender, level, drill, name, content: issuing(
            area=area, sender=sender, level=level, identifier=name, content=content,
            **(DRILL if drill else {}),
        ),
        areas, senders, levels, st.booleans(), st.sampled_from("abcdef"), st.sampled_from("xy"),
    ),
    st.builds(
        co.ClearAlert, sender=senders, alert_id=named, regions=st.lists(
            st.sampled_from(sorted(PARENTS)), max_size=2
        ).map(tuple), ticked=st.lists(named, max_size=2).map(tuple),
    ),
    st.builds(
        co.ClearAlert, sender=senders, identifier=st.sampled_from("abcdef"), relayed=st.booleans()
    ),
    st.builds(co.CancelAlert, sender=senders, alert_id=named, reason=st.sampled_from(("", "slip"))),
    st.builds(co.ExpireAlert, alert_id=named, replayed=st.booleans()),
    st.builds(co.UpdateAlert, alert_id=named, sender=senders, level=levels, area=areas),
    st.builds(co.ExtendAlert, alert_id=named, sender=senders,
              expires=st.integers(1, 30).map(lambda hours: NOW + HOUR * hours)),
    st.builds(co.GiveMandate, sender=senders, regions=regions.map(tuple)),
    st.builds(co.WithdrawMandate, sender=senders, regions=regions.map(tuple)),
)  # fmt: skip
stories = st.lists(st.tuples(commands, st.integers(0, 600)), max_size=15)


def told(steps) -> Story:
    """Tell a story, whatever in it is refused."""
    story = Story.with_mandates()
    for command, minutes in steps:
        story.wait(HOUR / 60 * minutes)
        if not isinstance(story.ask(command), Refusal):
            story.tell(command)
    return story


@given(stories, commands)
def test_deciding_twice_comes_to_the_same_and_changes_nothing(steps, command):
    story = told(steps)
    kept = copy.deepcopy(story.state)
    first = story.ask(command)
    assert story.ask(command) == first
    assert story.state == kept
    if not isinstance(first, Refusal):
        state = story.state
        for event in first:
            state = evolve(state, event)
        assert story.state == kept, (
            "evolve leaves its input alone: a batch is dropped by keeping it"
        )


@given(stories)
def test_what_was_decided_can_be_folded_again_to_the_same_state(steps):
    story = told(steps)
    state = State()
    for event in story.events:
        state = evolve(state, event)
    assert state == story.state


@given(stories, commands)
def test_the_same_command_twice_is_done_once_or_refused(steps, command):
    """No command has an effect of its own the second time, but for mandates, which add nothing."""
    story = told(steps)
    if isinstance(story.ask(command), Refusal):
        return
    story.tell(command)
    before = story.state
    again = story.ask(command)
    if isinstance(again, Refusal) or isinstance(command, co.GiveMandate):
        return
    assert again == ()
    assert story.state is before


@given(stories, areas, levels)
def test_an_alert_sounds_where_no_alert_of_its_rank_covers_the_leaf_whole(steps, area, level):
    story = told(steps)
    danger = WORLD.hazards["air-raid"]
    quiet = {
        leaf
        for alert in story.state.active.values()
        if alert.hazard == "air-raid" and alert.status == "Actual"
        if danger.rank(alert.level) >= danger.rank(level)
        for leaf in covers(alert.area, whole=0.98)
    }
    loud = sounding(WORLD, story.state, area, realm=issuing().realm, hazard="air-raid", level=level)
    assert set(TREE.leaf_names(loud)) == covers(area, whole=0.02) - quiet


def covers(area: Area, whole: float) -> set[str]:
    """The leaves of which an area covers at least such a share, by the plain table.

    From 2 % a leaf is touched; also one that holds half of the shape, and where there is none such,
    every one that holds 2 % of it.
    """
    by_shape = {meet.geocode for meet in area.touched if meet.of_leaf >= whole}
    if whole < 0.5:
        by_shape |= {meet.geocode for meet in area.touched if meet.of_drawn >= 0.5}
        by_shape = by_shape or {meet.geocode for meet in area.touched if meet.of_drawn >= 0.02}
    return (set(leaves_of(*area.regions)) | by_shape) - leaves_of(*area.excluded)


@given(stories, st.integers(0, 20), senders, st.lists(st.sampled_from(sorted(PARENTS)), max_size=2))
def test_the_preview_of_an_all_clear_names_what_its_ticks_then_end(steps, number, sender, part):
    story = told(steps)
    alerts = [a for a in story.state.in_force() if WORLD.may_end(sender, a.sender)]
    if not alerts:
        return
    alert = alerts[number % len(alerts)]
    if part and not leaves_of(*part) & story.extent(alert):
        return
    asked = clearing(WORLD, story.state, alert, sender, part)
    plain = co.ClearAlert(sender=sender, alert_id=alert.id, regions=tuple(part))
    for name in asked.stays:
        assert isinstance(story.ask(replace(plain, ticked=(name,))), Refusal)
    ticked = (*asked.ticked, *asked.offered)
    events = story.tell(replace(plain, ticked=ticked))
    assert [event.alert_id for event in events] == [alert.id, *ticked]
    assert all(story.alert(name).is_in_force for name in asked.stays)
    if asked.rest:
        assert story.extent(story.alert(alert.id)) == set(TREE.leaf_names(asked.rest))


# -- sets of leaves ------------------------------------------------------------------------------


@given(leaf_sets)
def test_the_fewest_regions_are_exactly_the_leaves_and_no_two_could_be_one(leaves):
    fewest = TREE.fewest(TREE.mask(leaves))
    assert leaves_of(*fewest) == leaves
    assert sum(len(leaves_of(code)) for code in fewest) == len(leaves), "none inside another"
    for code in fewest:
        parent = PARENTS[code]
        assert parent is None or not leaves_of(parent) <= leaves, "its parent would do"


@given(leaf_sets, leaf_sets)
def test_masks_are_sets(one, other):
    a, b = TREE.mask(one), TREE.mask(other)
    assert set(TREE.leaf_names(a | b)) == one | other
    assert set(TREE.leaf_names(a & b)) == one & other
    assert set(TREE.leaf_names(a & ~b)) == one - other
    in_order = tuple(leaf for leaf in LEAVES if leaf in one)
    assert TREE.leaf_names(a) == in_order


@given(areas)
def test_an_extent_is_what_the_plain_table_says(area):
    extent = TREE.extent(area)
    assert set(TREE.leaf_names(extent.whole)) == covers(area, whole=0.98)
    assert set(TREE.leaf_names(extent.touched)) == covers(area, whole=0.02)
    assert TREE.extent(replace(area)) == extent


@given(st.lists(st.uuids(), unique=True, min_size=1, max_size=50))
def test_handles_are_unique_among_those_taken(ids):
    taken: dict[str, str] = {}
    for each in ids:
        handle = handle_of(str(each), taken)
        assert 4 <= len(handle) <= 12
        assert handle not in taken
        taken[handle] = str(each)


@given(commands)
def test_nothing_can_be_done_by_nobody_in_an_empty_house(command):
    """Without a mandate and without alerts, only mandates and tombstones can come of anything."""
    decision = decide(WORLD, State(), command, NOW, ("01900000-0000-7000-8000-000000000001",))
    kinds = (co.GiveMandate, co.WithdrawMandate)
    relayed = getattr(command, "relayed", False)
    assert isinstance(decision, Refusal) or isinstance(command, kinds) or relayed
