"""Wave arithmetic: groups are a partition in time, and no toll is ever counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from kit.chronicle import RESCUE, Chronicle, figure, place, saying
from kit.world import HOUR, LEAVES, MINUTE, NOW, WORLD, Story, leaves_of
from tocsin.core import ledger_commands as lc
from tocsin.core.alert import AlertState
from tocsin.core.authority import mandated
from tocsin.core.claims import Measure, When
from tocsin.core.control import Control, SetControl
from tocsin.core.incidents import LinkKind
from tocsin.core.refusals import Refusal
from tocsin.core.tally import by_place
from tocsin.core.waves import GAP, alerts_of, incidents_of, local, shared, suggest, wave_of, waves

TREE = WORLD.tree
FIRST = Story.with_mandates().issue("n1a")
FAMILY = ("air-raid",)
Drawn = tuple[int, int | None, str, str]

drawn = st.tuples(
    st.integers(0, 600), st.none() | st.integers(1, 200), st.sampled_from(LEAVES),
    st.sampled_from(("air-raid", "air-raid", "chemical")),
)  # fmt: skip
lists = st.lists(drawn, max_size=14)


def alert(number: int, each: Drawn):
    """An alert by its minute of sending, its length (None: it goes on), its place and danger."""
    start, length, leaf, hazard = each
    sent = NOW + start * MINUTE
    return replace(
        FIRST, id=f"alert {number:02}", sent=sent, hazard=hazard,
        area=replace(FIRST.area, regions=(leaf,)),
        ended=None if length is None else sent + length * MINUTE,
        state=AlertState.ACTIVE if length is None else AlertState.CLEARED,
    )  # fmt: skip


def alerts(found: list[Drawn]):
    return [alert(number, each) for number, each in enumerate(found)]


def grouped(found, **more):
    return suggest(TREE, found, FAMILY, **{"least": 1, **more})


# -- what looks like a wave ----------------------------------------------------------------------


@given(lists)
def test_every_alert_of_the_family_is_in_exactly_one_group(found):
    known = alerts(found)
    named = [name for group in grouped(known) for name in group.alerts]
    assert sorted(named) == sorted(each.id for each in known if each.hazard in FAMILY)


@given(lists, st.randoms(use_true_random=False))
def test_the_order_in_which_alerts_are_known_changes_nothing(found, chance):
    known = alerts(found)
    other = [*known, *known[:3]]
    chance.shuffle(other)
    assert grouped(other) == grouped(known)


@given(lists)
def test_between_two_groups_nothing_was_in_force_for_longer_than_the_gap(found):
    known = {each.id: each for each in alerts(found)}
    groups = grouped(known.values())
    for before, after in pairwise(groups):
        assert before.end is not None
        assert after.start - before.end > GAP
    for group in groups:
        until: datetime | None = group.start
        for name in group.alerts:  # by time of sending: each begins before the rest was long over
            each = known[name]
            assert until is None or each.sent <= until + GAP
            until = None if None in (until, each.ended) else max(until, each.ended)
        assert group.end == until


@given(lists, drawn)
def test_an_unrelated_alert_changes_no_other_group(found, other):
    known = alerts(found)
    before = grouped(known)
    foreign = replace(alert(99, other), hazard="chemical")
    assert grouped([*known, foreign]) == before
    ends = [group.end for group in before]
    if None not in ends:
        far = max(ends, default=NOW) + GAP + MINUTE
        late = replace(alert(99, other), hazard="air-raid", sent=far, ended=far + MINUTE)
        assert grouped([*known, late])[:-1] == before


@given(lists, st.integers(1, 4))
def test_asking_for_more_regions_only_leaves_groups_out(found, least):
    every, some = grouped(alerts(found)), grouped(alerts(found), least=least)
    assert some == [each for each in every if len(each.regions) >= least]


# -- tolls ---------------------------------------------------------------------------------------

tolls = st.lists(
    st.tuples(st.sampled_from(LEAVES), st.none() | st.integers(0, 40), st.booleans()),
    min_size=1, max_size=6,
)  # fmt: skip


@given(tolls, st.none() | st.integers(0, 500), st.lists(st.tuples(st.integers(0, 5),
       st.integers(0, 5), st.sampled_from(list(LinkKind))), max_size=4))  # fmt: skip
def test_a_wave_s_toll_and_its_places_never_move_one_another(found, national, links):
    story = Chronicle.with_mandates()
    parts = []
    for leaf, killed, belongs in found:
        incident = story.open(kind="fire", where=place(leaf))
        if killed is not None:
            story.enter(incident, saying(figure(killed), voice=RESCUE))
        if belongs:
            parts.append(incident)
    when = When(start=story.now - HOUR, end=story.now, grain="minute")
    wave = story.made(lc.OpenWave(where=place("land"), when=when, incidents=tuple(parts)))
    names = list(story.ledger.incidents)
    for one, other, kind in links:
        command = lc.LinkIncidents(kind=kind, one=names[one % len(names)],
                                   other=names[other % len(names)], reason="seen")  # fmt: skip
        if not isinstance(story.ask(command), Refusal):
            story.tell(command)
    if not waves(story.ledger):
        return  # the wave itself turned out to be a fire
    (wave_now,) = waves(story.ledger)
    before = story.ledger
    mine = [before.incidents[each] for each in incidents_of(before, wave_now.id)]
    assert len({each.id for each in mine}) == len(mine)

    def counted(ledger):
        return local(TREE, ledger, wave_now.id, ledger.claims.values(), [Measure.KILLED])

    sums, towns = counted(before), by_place(before, TREE, Measure.KILLED)
    if national is not None:
        story.enter(wave_now.id, saying(figure(national), voice=RESCUE))
    assert counted(story.ledger) == sums
    after = by_place(story.ledger, TREE, Measure.KILLED)
    for region in ("north", "south", "city", *LEAVES):  # a country's toll is in no town's
        assert after.get(region) == towns.get(region)
    told = [
        killed
        for (leaf, killed, _), name in zip(found, names, strict=False)
        if killed is not None and before.root(name) in {each.id for each in mine}
    ]
    if sums:
        assert sums[0].low <= sum(told)  # merged and nested ones are counted once at most
    assert wave in story.ledger.incidents


steps = st.lists(
    st.tuples(st.sampled_from(("open", "join", "leave", "part", "same")), st.integers(0, 5),
              st.integers(0, 5)), max_size=12,
)  # fmt: skip


@given(steps)
def test_whatever_officers_do_each_alert_and_incident_is_of_one_wave(found):
    story = Chronicle.with_mandates()
    raids = [story.issue(leaf).id for leaf in ("n1a", "s2", "city")]
    for _ in range(3):
        story.open()
    when = When(start=story.now - HOUR, end=story.now, grain="minute")
    for word, a, b in found:
        names = list(story.ledger.incidents)
        one, other, raid = names[a % len(names)], names[b % len(names)], raids[b % 3]
        command = {
            "open": lc.OpenWave(where=place("land"), when=when, alerts=(raid,), incidents=(one,)),
            "join": lc.JoinWave(wave_id=one, reason="so", alerts=(raid,), incidents=(other,)),
            "leave": lc.JoinWave(wave_id=one, reason="so", leave_alerts=(raid,),
                                 leave_incidents=(other,)),
            "part": lc.LinkIncidents(kind=LinkKind.PART_OF, one=one, other=other, reason="so"),
            "same": lc.LinkIncidents(kind=LinkKind.SAME_AS, one=one, other=other, reason="so"),
        }[word]  # fmt: skip
        if not isinstance(story.ask(command), Refusal):
            story.tell(command)
        ledger = story.ledger
        assert shared(ledger) is None
        for each in raids:
            holds = [w.id for w in waves(ledger) if each in alerts_of(ledger, w.id)]
            assert len(holds) <= 1
            if holds:
                assert wave_of(ledger, each) == holds[0]


# -- who controls a region -----------------------------------------------------------------------


@given(st.lists(st.tuples(st.sampled_from(("north", "n1", "n1a", "city", "land")),
                          st.sampled_from(list(Control))), max_size=6))  # fmt: skip
def test_who_may_warn_is_what_the_last_record_of_each_leaf_says(found):
    story = Chronicle.with_mandates()
    held = set(LEAVES)
    for region, control in found:
        story.now += HOUR
        story.tell(SetControl(regions=(region,), control=control, source="The staff."))
        if control is Control.HELD:
            held |= leaves_of(region)
        else:
            held -= leaves_of(region)
        may = mandated(TREE, story.state.mandates, story.now)
        assert set(TREE.leaf_names(may)) == held
        one = mandated(TREE, story.state.mandates, story.now + timedelta(days=9), "n1-office")
        assert set(TREE.leaf_names(one)) == held & leaves_of("n1")
