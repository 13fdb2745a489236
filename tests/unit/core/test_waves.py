"""Waves: what looks like one, what may join one, and what is never added to what."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.chronicle import MAYOR, RESCUE, Chronicle, at_least, figure, lasting, place, saying, stated
from kit.world import DRILL, HOUR, MINUTE, NOW, WORLD, officer
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core import ledger_waves
from tocsin.core.claims import Measure
from tocsin.core.incidents import Ledger, Link, LinkKind, fold
from tocsin.core.refusals import Rule
from tocsin.core.waves import (
    alerts_of,
    incidents_of,
    is_wave,
    local,
    shared,
    suggest,
    wave_of,
    waves,
)

TREE = WORLD.tree
ANNA = officer("anna")


@pytest.fixture
def story() -> Chronicle:
    return Chronicle.with_mandates()


def opening(*alerts, incidents=(), **more):
    usual = {"where": place("land"), "when": lasting(-HOUR)}
    ids = tuple(getattr(each, "id", each) for each in alerts)
    return lc.OpenWave(alerts=ids, incidents=tuple(incidents), **{**usual, **more})


def joining(wave, *alerts, reason="one attack", **more):
    ids = tuple(getattr(each, "id", each) for each in alerts)
    return lc.JoinWave(wave_id=wave, reason=reason, alerts=ids, **more)


def refused(story, command, warrant=None):
    found = story.refused(command, warrant)
    return found.rule, found.field


def counted(story, wave, measure=Measure.KILLED):
    ledger = story.ledger
    found = local(TREE, ledger, wave, ledger.claims.values(), [measure])
    return [(each.low, each.high) for each in found]


# -- opened and joined ---------------------------------------------------------------------------


def test_a_wave_is_an_incident_with_its_alerts_and_parts(story):
    first, second = story.issue("n1"), story.issue("s1")
    part = story.open()
    wave = story.made(opening(first, second, incidents=[part]), ANNA)
    assert is_wave(story.incident(wave))
    assert story.incident(wave).opened_by == "anna"
    assert alerts_of(story.ledger, wave) == (first.id, second.id)
    assert incidents_of(story.ledger, wave) == (part,)
    assert wave_of(story.ledger, first.id) == wave
    assert wave_of(story.ledger, "another") is None
    assert [each.id for each in waves(story.ledger)] == [wave]


def test_one_slip_and_nothing_of_a_wave_is_opened(story):
    alert, part, drill = story.issue("n1"), story.open(), story.issue("s2", **DRILL)
    for command, found in (
        (opening(alert, "nope"), (Rule.UNKNOWN_ALERT, "/alerts/1")),
        (opening(drill), (Rule.UNKNOWN_ALERT, "/alerts/0")),
        (opening(incidents=[part, "nope"]), (Rule.UNKNOWN_INCIDENT, "/incidents/1")),
        (opening(where=place("atlantis")), (Rule.UNKNOWN_REGION, "/where/geocode")),
        (opening(when=lasting(HOUR)), (Rule.TIME_IN_FUTURE, "/when/start")),
        (opening(site="palace"), (Rule.BAD_VALUE, "/site")),
        (opening(*["x"] * 2001), (Rule.BAD_VALUE, "/alerts")),
    ):
        assert refused(story, command) == found
    assert waves(story.ledger) == []


def test_an_alert_and_an_incident_are_of_one_wave_only(story):
    alert, part, inner = story.issue("n1"), story.open(), story.open()
    story.link(LinkKind.PART_OF, inner, part)
    wave = story.made(opening(alert, incidents=[part]))
    assert incidents_of(story.ledger, wave) == tuple(sorted((part, inner)))
    assert refused(story, opening(alert)) == (Rule.WAVE_OVERLAP, "/alerts/0")
    assert refused(story, opening(incidents=[inner])) == (Rule.WAVE_OVERLAP, "/incidents/0")
    assert refused(story, opening(incidents=[wave])) == (Rule.WAVE_OVERLAP, "/incidents/0")
    other = story.made(opening())
    link = lc.LinkIncidents(kind=LinkKind.PART_OF, one=inner, other=other, reason="seen")
    assert refused(story, link) == (Rule.WAVE_OVERLAP, "/other")
    assert refused(story, joining(other, alert)) == (Rule.WAVE_OVERLAP, "/alerts/0")


def test_a_wave_is_part_of_no_incident_whose_toll_it_would_move(story):
    town, wave = story.open(), story.made(opening())
    link = lc.LinkIncidents(kind=LinkKind.PART_OF, one=wave, other=town, reason="seen")
    assert refused(story, link) == (Rule.WAVE_OVERLAP, "/other")


def test_merging_incidents_of_two_waves_is_refused(story):
    one, two = story.open(), story.open()
    story.made(opening(incidents=[one]))
    story.made(opening(incidents=[two]))
    link = lc.LinkIncidents(kind=LinkKind.SAME_AS, one=one, other=two, reason="seen")
    assert refused(story, link) == (Rule.WAVE_OVERLAP, "/other")


def test_nothing_becomes_a_wave_inside_one_and_a_wave_with_alerts_stays_one(story):
    alert, part = story.issue("n1"), story.open()
    wave = story.made(opening(alert, incidents=[part]))
    change = lc.ChangeIncident(incident_id=part, kind="wave", reason="so")
    assert refused(story, change) == (Rule.WAVE_OVERLAP, "/kind")
    change = lc.ChangeIncident(incident_id=wave, kind="strike", reason="so")
    assert refused(story, change) == (Rule.BAD_VALUE, "/kind")
    story.tell(joining(wave, leave_alerts=(alert.id,)))
    story.change(wave, kind="strike", reason="so")
    assert waves(story.ledger) == []
    story.change(part, kind="fire", reason="so")


def test_what_was_of_two_waves_before_the_rule_can_still_be_linked(story):
    part = story.open()
    first, second = (story.open(kind="wave", where=place("land")) for _ in range(2))
    story.link(LinkKind.PART_OF, part, first)
    event = le.IncidentsLinked(at=story.now, kind="part-of", one=part, other=second, reason="old")
    story.state = replace(story.state, ledger=fold(story.ledger, event))
    assert shared(story.ledger) == part
    story.link(LinkKind.CAUSED_BY, story.open(), part)


def test_alerts_and_incidents_join_and_leave(story):
    first, second = story.issue("n1"), story.issue("s1")
    one, two = story.open(), story.open()
    wave = story.made(opening(first, incidents=[one]))
    story.tell(joining(wave, second, first, second, incidents=(two, one)))
    assert alerts_of(story.ledger, wave) == (first.id, second.id)
    assert set(incidents_of(story.ledger, wave)) == {one, two}
    assert story.tell(joining(wave, first, incidents=(one,))) == ()
    story.tell(joining(wave, leave_alerts=(first.id,), leave_incidents=(one,)))
    assert alerts_of(story.ledger, wave) == (second.id,)
    assert incidents_of(story.ledger, wave) == (two,)
    assert story.tell(joining(wave, leave_alerts=(first.id,), leave_incidents=(one,))) == ()
    assert story.made(opening(first, incidents=[one])) != wave  # free for another


def test_each_slip_in_joining_is_refused_by_its_field(story, monkeypatch):
    alert, part = story.issue("n1"), story.open()
    wave = story.made(opening())
    for command, found in (
        (joining("nope", alert), (Rule.UNKNOWN_WAVE, "/id")),
        (joining(part, alert), (Rule.UNKNOWN_WAVE, "/id")),
        (joining(wave, alert, reason=" "), (Rule.REASON_MISSING, "/reason")),
        (joining(wave, "nope"), (Rule.UNKNOWN_ALERT, "/alerts/0")),
        (joining(wave, incidents=("nope",)), (Rule.UNKNOWN_INCIDENT, "/incidents/0")),
        (joining(wave, alert, leave_alerts=(alert.id,)), (Rule.BAD_VALUE, "/leave_alerts/0")),
        (
            joining(wave, incidents=(part,), leave_incidents=(part,)),
            (Rule.BAD_VALUE, "/leave_incidents/0"),
        ),
    ):
        assert refused(story, command) == found
    monkeypatch.setattr(ledger_waves, "MOST", 1)
    story.tell(joining(wave, alert))
    assert refused(story, joining(wave, story.issue("s1"))) == (Rule.BAD_VALUE, "/alerts")


def test_an_officer_keeps_waves_of_his_own_regions_only(story):
    local_officer = officer(regions=("north",))
    abroad, at_home = story.open(where=place("s2")), story.open()
    assert refused(story, opening(), local_officer) == (Rule.OUTSIDE_JURISDICTION, "/where/geocode")
    mine = opening(where=place("north"), incidents=[at_home, abroad])
    assert refused(story, mine, local_officer) == (Rule.OUTSIDE_JURISDICTION, "/incidents/1")
    wide, here = story.made(opening()), story.made(opening(where=place("north")), local_officer)
    assert refused(story, joining(wide), local_officer) == (Rule.OUTSIDE_JURISDICTION, "/id")
    leaving = joining(here, leave_incidents=(abroad,))
    assert refused(story, leaving, local_officer) == (
        Rule.OUTSIDE_JURISDICTION, "/leave_incidents/0",
    )  # fmt: skip
    story.tell(joining(here, incidents=(at_home,)), local_officer)


def test_waves_that_turn_out_to_be_one_hold_all_of_both(story):
    first, second = story.issue("n1"), story.issue("s1")
    one, other = story.made(opening(first)), story.made(opening(second))
    story.same(one, other)
    assert alerts_of(story.ledger, other) == (second.id, first.id)
    assert [each.id for each in waves(story.ledger)] == [other]
    assert wave_of(story.ledger, first.id) == other
    story.tell(joining(one, leave_alerts=(first.id, second.id)))
    assert alerts_of(story.ledger, other) == ()


# -- numbers -------------------------------------------------------------------------------------


def test_the_wave_s_own_toll_is_in_no_sum_of_its_places(story):
    town, village = story.open(), story.open(where=place("s2"))
    wave = story.made(opening(incidents=[town, village]))
    story.enter(wave, saying(figure(19), voice=RESCUE))
    assert counted(story, wave) == []
    story.enter(town, saying(figure(5)))
    story.enter(village, saying(at_least(2)))
    story.enter(None, stated())
    assert counted(story, wave) == [(7, None)]


def test_merged_and_nested_incidents_are_counted_once(story):
    town, again, house = story.open(), story.open(), story.open()
    wave = story.made(opening(incidents=[town, again]))
    story.link(LinkKind.PART_OF, house, town)
    story.enter(town, saying(figure(5), voice=RESCUE))
    story.enter(again, saying(figure(5), voice=MAYOR))
    story.enter(house, saying(figure(3), voice=RESCUE))
    story.same(again, town)
    assert counted(story, wave) == [(5, 5)]


def test_of_attacks_inside_one_another_only_the_wider_toll_counts(story):
    wide, town = story.open(where=place("north")), story.open()
    fire = story.open(kind="fire", where=place("n1b"))
    wave = story.made(opening(incidents=[wide, town, fire]))
    story.enter(town, saying(figure(4)))
    story.enter(fire, saying(figure(1)))
    assert counted(story, wave) == [(5, 5)]
    story.enter(wide, saying(figure(9)))
    assert counted(story, wave) == [(10, 10)]


# -- people --------------------------------------------------------------------------------------


def test_people_know_of_a_wave_s_alerts_only_once_it_is_released(story):
    alert = story.issue("s1")
    story.clear(alert)
    wave = story.made(opening(alert))
    story.enter(wave, saying(figure(19), voice=RESCUE))
    story.tell(lc.AnnounceIncident(incident_id=wave))
    story.next_slot()
    assert story.seen() == {wave}
    assert alerts_of(story.visible.ledger, wave) == ()
    story.later(timedelta(hours=6))
    assert alerts_of(story.visible.ledger, wave) == (alert.id,)


def test_a_hidden_incident_of_a_wave_is_not_on_its_page(story):
    shown, hidden = story.open(), story.open(site="military")
    wave = story.made(opening(incidents=[shown, hidden]))
    story.later(timedelta(hours=6))
    assert incidents_of(story.visible.ledger, wave) == (shown,)


def test_a_link_to_nothing_known_is_no_part_of_a_wave():
    link = Link(kind="part-of", one="gone", other="wave", reason="", at=NOW, by="")
    assert incidents_of(Ledger(links=(link,)), "wave") == ()


# -- what looks like one -------------------------------------------------------------------------


def test_alerts_with_no_pause_between_them_look_like_one_wave(story):
    first = story.issue("n1")
    story.wait(30 * MINUTE)
    second = story.issue("s1")
    story.clear(first)
    story.wait(HOUR)
    story.clear(second)
    story.wait(HOUR + MINUTE)
    third = story.issue("city")
    alerts = [story.alert(each.id) for each in (third, second, first)]
    one, two = suggest(TREE, alerts, least=1)
    assert one.alerts == (first.id, second.id)
    assert (one.start, one.end) == (first.sent, story.alert(second.id).ended)
    assert one.regions == ("north", "south")
    assert (two.alerts, two.end) == ((third.id,), None)
    assert suggest(TREE, alerts, least=2) == [one]
    assert suggest(TREE, alerts) == []


def test_drills_standing_alerts_and_other_dangers_are_of_no_wave(story):
    alert = story.issue("n1")
    chemical = story.issue("n1", hazard="chemical")
    drill = story.issue("s2", **DRILL)
    standing = replace(alert, id="standing", standing=True)
    found = suggest(TREE, [alert, chemical, drill, standing], {"air-raid"}, least=1)
    assert [each.alerts for each in found] == [(alert.id,)]
    assert suggest(TREE, [drill]) == []
    both = suggest(TREE, [alert, chemical], least=1)
    assert [set(each.alerts) for each in both] == [{alert.id, chemical.id}]
