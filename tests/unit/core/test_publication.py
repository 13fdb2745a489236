"""What people see of an incident, when, and how coarse: the policy's arithmetic and ``Visible``."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.chronicle import (
    LOCALS,
    MAYOR,
    RESCUE,
    Chronicle,
    figure,
    lasting,
    place,
    saying,
    stated,
)
from kit.world import DRILL, HOUR, MINUTE, NOW, WORLD, drawn
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.alert import Realm, Status
from tocsin.core.claims import ClaimKind, Measure, Quote, Standing, Thing, When
from tocsin.core.incidents import KINDS, LinkKind, Stage, fold
from tocsin.core.publication import (
    DEFAULT_SITES,
    EPOCH,
    NEVER,
    Publication,
    SiteRule,
    Visible,
    coarse_when,
    coarse_where,
    due_at,
    held_by_alerts,
    public_name,
    top_region,
)
from tocsin.core.tally import tally

DAY = 24 * HOUR
POLICY = Publication()


@pytest.fixture
def story() -> Chronicle:
    return Chronicle.with_mandates()


# -- when ----------------------------------------------------------------------------------------


def test_slots_are_fixed_moments_and_what_is_recorded_is_seen_from_the_next():
    for minutes, slot, seen in ((0, 0, 10), (1, 0, 10), (9.99, 0, 10), (10, 10, 20)):
        at = NOW + minutes * MINUTE
        assert POLICY.slot_of(at) == NOW + slot * MINUTE
        assert POLICY.seen_from(at) == NOW + seen * MINUTE


@pytest.mark.parametrize(
    ("site", "wait"),
    [("civilian", 3 * HOUR), ("critical", 12 * HOUR), ("military", None), ("unheard-of", None)],
)
def test_an_incident_waits_as_long_as_its_kind_of_place_asks(story, site, wait):
    story.world = replace(WORLD, publication=Publication())
    incident = story.incident(story.open(when=lasting(-HOUR, HOUR)))
    due = due_at(POLICY, WORLD.tree, (), replace(incident, site=site))
    assert due == (NEVER if wait is None else NOW + wait)


def test_all_but_an_outage_waits_as_a_civilian_place_whatever_its_place_is_called(story):
    for kind in KINDS:
        wait = 0 if kind == "outage" else 3
        incident = story.open(kind=kind, site="service", when=lasting(-HOUR, HOUR))
        assert story.due(incident) == NOW + wait * HOUR


def test_where_a_civilian_place_is_never_told_only_an_outage_is():
    never = Publication(sites={**DEFAULT_SITES, "civilian": SiteRule(delay=None)})
    assert never.rule_for("strike", "service").delay is None
    assert never.rule_for("fire", "service").delay is None
    assert never.rule_for("outage", "service").delay == timedelta(0)


def test_a_wait_beyond_the_end_of_time_is_never(story):
    incident = story.incident(story.open())
    end = replace(incident.when, end=NEVER - HOUR)
    assert due_at(POLICY, WORLD.tree, (), replace(incident, when=end)) == NEVER


def held(story, geocode="n1a", hours=3, policy=POLICY):
    alerts = (*story.state.in_force(), *story.state.ended.values())
    return held_by_alerts(policy, WORLD.tree, alerts, place(geocode), hours * HOUR)


def test_an_alert_of_the_region_or_over_it_or_of_a_part_of_it_holds_it(story):
    assert held(story) == EPOCH
    alert = story.issue("n1")
    for inside in ("n1", "n1a", "north", "land"):
        assert held(story, inside) == NEVER
    for beside in ("n2", "n2a", "s1", "city", "nowhere"):
        assert held(story, beside) == EPOCH
    story.clear(alert)
    assert held(story) == NOW + 3 * HOUR
    assert held(story, hours=0) == NOW


def test_the_last_of_several_alerts_holds_it(story):
    first, second = story.issue("n1"), story.issue("n1a", hazard="chemical")
    story.clear(first)
    assert held(story) == NEVER
    story.wait(HOUR)
    story.clear(second)
    assert held(story) == NOW + HOUR + 3 * HOUR


def test_an_alert_that_ran_out_holds_for_longer_until_somebody_clears_it(story):
    alert = story.issue("n1a")
    story.run_out(alert)
    assert held(story) == story.now + 12 * HOUR
    story.wait(HOUR)
    story.clear(story.alert(alert.id))
    assert held(story) == story.now + 3 * HOUR


def test_an_alert_withdrawn_as_an_error_holds_as_one_that_was_cleared(story):
    """One person can withdraw an alert, and one person tells nothing earlier."""
    story.cancel(story.issue("n1a"))
    assert held(story) == NOW + 3 * HOUR


def test_a_part_cleared_out_of_an_alert_waits_for_the_end_of_it(story):
    alert = story.issue("n1")
    story.clear(alert, "n1a")
    assert held(story) == NEVER
    story.wait(HOUR)
    story.clear(story.alert(alert.id))
    assert held(story) == NOW + HOUR + 3 * HOUR


def test_a_drawn_alert_holds_what_it_touches(story):
    story.issue(area=drawn(("n1a", 0.5, 0.9), ("n1b", 0.01, 0.1)))
    assert (held(story), held(story, "n1b")) == (NEVER, EPOCH)


def test_drills_tests_and_other_hazards_hold_nothing(story):
    story.issue("n1a", **DRILL)
    story.issue("n1a", realm=Realm.LIVE, status=Status.TEST)
    assert held(story) == EPOCH
    story.issue("n1a", hazard="flood")
    assert held(story, policy=Publication(hazards=frozenset({"air-raid"}))) == EPOCH
    assert held(story) == NEVER


def test_imported_history_holds_as_any_alert(story):
    story.issue("n1a", imported=True, texts=None, identifier="old")
    assert held(story) == NEVER


def test_an_alert_that_begins_after_the_event_holds_it_and_its_end_lets_it_go(story):
    incident = story.open()
    before = story.due(incident)
    story.wait(HOUR)
    alert = story.issue("n1a")
    assert story.due(incident) == NEVER
    story.clear(alert)
    assert story.due(incident) == max(before, story.now + 3 * HOUR)


def test_an_alert_long_over_holds_nothing_back(story):
    story.clear(story.issue("n1a"))
    story.wait(9 * HOUR)
    incident = story.open()
    assert story.due(incident) == story.now - 50 * MINUTE + 3 * HOUR


def test_an_officers_limit_only_ever_lengthens(story):
    incident = story.incident(story.open())
    due = due_at(POLICY, WORLD.tree, (), incident)
    for hours, expected in ((-9, due), (9, NOW + 9 * HOUR)):
        limit = le.EmbargoSet(at=NOW, incident_id=incident.id, until=NOW + hours * HOUR, reason="r")
        found = fold(story.ledger, limit).incidents[incident.id]
        assert due_at(POLICY, WORLD.tree, (), found) == expected
    never = le.EmbargoSet(at=NOW, incident_id=incident.id, until=None, reason="r")
    found = fold(story.ledger, never).incidents[incident.id]
    assert due_at(POLICY, WORLD.tree, (), found) == NEVER
    military = replace(found, site="military", embargo=replace(found.embargo, until=NOW))
    assert due_at(POLICY, WORLD.tree, (), military) == NEVER


def test_a_step_to_what_it_turned_out_to_be_that_nobody_knows_is_passed_over(story):
    incident = replace(story.incident(story.open()), same_as="x")
    ledger = replace(
        story.ledger, incidents=story.ledger.incidents.changed({incident.id: incident})
    )
    alone = due_at(POLICY, WORLD.tree, (), incident)
    assert due_at(POLICY, WORLD.tree, (), incident, ledger) == alone


# -- how coarse ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "length", "hours"),
    [
        (timedelta(0), HOUR, (0, 1)),
        (10 * MINUTE, 10 * MINUTE, (0, 1)),
        (50 * MINUTE, 20 * MINUTE, (0, 2)),
        (timedelta(0), timedelta(seconds=1), (0, 1)),
        (HOUR, 3 * HOUR, (1, 4)),
    ],
)
def test_times_are_told_by_the_hour_rounded_outwards(start, length, hours):
    told = coarse_when(POLICY, lasting(start, length, certain=False))
    assert told == When(start=NOW + hours[0] * HOUR, end=NOW + hours[1] * HOUR, grain="range",
                        certain=False)  # fmt: skip


def test_a_day_keeps_its_local_midnights_also_where_these_are_on_no_full_hour():
    midnight = NOW.replace(tzinfo=ZoneInfo("Asia/Kolkata"), hour=0)
    day = When(start=midnight.astimezone(EPOCH.tzinfo), end=midnight.astimezone(EPOCH.tzinfo) + DAY)
    assert coarse_when(POLICY, day) == day
    short = replace(day, end=day.start + 20 * HOUR)
    assert coarse_when(POLICY, short).start == day.start - 30 * MINUTE, "no day, whatever it says"


def test_a_moment_of_no_length_is_told_as_an_hour():
    told = coarse_when(POLICY, When(start=NOW, end=NOW, grain="minute"))
    assert told.end - told.start == HOUR


def test_a_place_is_told_as_settlement_or_as_its_top_region():
    where = place("n1a", name="Town", site="TV tower", position=(1.0, 2.0), certain=False)
    tree = WORLD.tree
    assert coarse_where(tree, where, "settlement") == place("n1a", name="Town", certain=False)
    assert coarse_where(tree, where, "region") == place("north", certain=False)


@pytest.mark.parametrize(
    ("geocode", "top"),
    [("n1a", "north"), ("north", "north"), ("city", "city"), ("land", "land"), ("x", "")],
)
def test_the_top_region_is_the_one_under_the_country(geocode, top):
    assert top_region(WORLD.tree, geocode) == top


def test_a_claim_has_another_name_for_people_than_for_the_desk():
    assert public_name("p", "c") != public_name("p", "d") != public_name("q", "d")
    assert len(public_name("p", "c")) == 16


# -- what is seen --------------------------------------------------------------------------------

HIT = (Thing(type="tv-tower", status="hit"), Thing(type="substation", status="hit"))


def full(**more):
    """A claim with everything in it."""
    usual = {
        "where": place("n1a", name="Town", site="TV tower", position=(1.0, 2.0)), "things": HIT,
        "said_at": NOW - 10 * MINUTE, "quote": Quote(content="quote"),
        "words": "hash", "note": "secret", "voice": RESCUE,
    }  # fmt: skip
    return saying(figure(5), **{**usual, **more})


def test_what_waits_is_not_there(story):
    incident = story.open()
    story.enter(incident, full())
    story.later(2 * HOUR)
    assert story.visible.incidents() == []
    assert story.visible.claims(story.incident(incident)) == []
    assert story.visible.ledger.claims == {}


def test_before_its_embargo_people_read_only_what_the_authority_released_and_coarsely(story):
    incident = story.open(
        where=place("n1a", name="Town"), title="hash", when=lasting(-HOUR, 30 * MINUTE)
    )
    official = story.enter(incident, full(happened=lasting(-HOUR)))
    story.enter(incident, full(voice=MAYOR))
    story.enter(incident, full(kind=ClaimKind.DAMAGE))
    story.tell(lc.AnnounceIncident(incident_id=incident))
    assert story.seen() == set()
    story.next_slot()
    (seen,) = story.visible.incidents()
    assert (seen.stage, seen.where, seen.title) == (Stage.ANNOUNCED, place("north"), "")
    (claim,) = story.visible.claims(seen)
    told = claim.saying
    assert (claim.id, told.where, told.words, told.things) == (official, place("north"), "", ())
    assert (told.happened.start, told.happened.end) == (NOW - HOUR, NOW)
    assert told.figures == (figure(5),)


def test_after_its_embargo_people_read_every_claim_with_the_settlement(story):
    incident = story.open(site="critical", where=place("n1a", name="Town"), title="hash")
    for voice in (RESCUE, MAYOR, LOCALS):
        story.enter(incident, full(voice=voice))
    story.later(13 * HOUR)
    (seen,) = story.visible.incidents()
    assert (seen.where, seen.title, seen.site) == (place("n1a", name="Town"), "hash", "")
    claims = story.visible.claims(seen)
    assert [claim.saying.voice for claim in claims] == [RESCUE, MAYOR, LOCALS]
    told = claims[0].saying
    assert told.where == place("n1a", name="Town")
    assert told.things == (Thing(type="tv-tower", status="hit"),), (
        "what was hit of a network is not"
    )
    assert (told.quote, told.note, told.words) == (None, "", "hash")
    assert told.said_at == NOW - HOUR


def test_a_claim_is_told_as_known_since_people_first_saw_it_not_since_the_desk_knew(story):
    incident = story.open()
    early = story.enter(incident, full())
    story.later(3 * HOUR)
    released_at = story.incident(incident).released_at
    late = story.enter(incident, full(voice=MAYOR))
    story.next_slot()
    since = {each.id: each.entered_at for each in story.visible.ledger.claims.values()}
    assert since == {early: POLICY.seen_from(released_at), late: POLICY.seen_from(NOW + 3 * HOUR)}
    (seen,) = story.visible.incidents()
    assert seen.opened_at == POLICY.slot_of(released_at)
    assert POLICY.seen_from(seen.released_at) == POLICY.seen_from(released_at)


def test_an_official_claim_is_known_since_it_was_announced_and_the_others_since_the_release(story):
    incident = story.open()
    official, other = story.enter(incident, full()), story.enter(incident, full(voice=MAYOR))
    story.tell(lc.AnnounceIncident(incident_id=incident))
    story.later(4 * HOUR)
    since = {each.id: each.entered_at for each in story.visible.ledger.claims.values()}
    assert since[official] == NOW + 10 * MINUTE
    assert since[other] == POLICY.seen_from(story.incident(incident).released_at)
    (seen,) = story.visible.incidents()
    assert seen.opened_at == seen.announced_at == NOW


def told_all(story, **more):
    """An incident that people know of."""
    incident = story.open(when=lasting(-9 * HOUR), **more)
    story.next_slot()
    assert story.incident(incident).stage is Stage.RELEASED
    return incident


def test_what_became_of_a_claim_is_told_at_slots(story):
    incident = told_all(story)
    old = story.enter(incident, full())
    story.wait(3 * MINUTE)
    new = story.made(lc.CorrectClaim(claim_id=old, saying=full(note="x"), reason="private"))
    story.next_slot()
    was, is_ = story.visible.claims(story.visible.incidents()[0])
    assert (was.standing, was.replaced_by, was.reason) == (Standing.CORRECTED, new, "")
    assert was.ended_at == POLICY.slot_of(was.ended_at)
    assert (is_.id, is_.replaces) == (new, old)


def test_a_correction_that_people_may_not_read_yet_is_not_named(story):
    incident = story.open()
    official = story.enter(incident, full())
    story.tell(lc.AnnounceIncident(incident_id=incident))
    story.tell(lc.CorrectClaim(claim_id=official, saying=full(voice=MAYOR), reason="not official"))
    story.next_slot()
    (claim,) = story.visible.claims(story.visible.incidents()[0])
    assert (claim.standing, claim.replaced_by) == (Standing.CORRECTED, None)


def test_erasing_a_quote_changes_nothing_that_people_see(story):
    incident = told_all(story)
    claim = story.enter(incident, full())
    story.next_slot()
    before = story.visible.ledger
    story.tell(lc.EraseWords(claim_id=claim, reason="asked for"))
    story.next_slot()
    assert story.visible.ledger == before
    assert story.claim(claim).erased


def test_a_claim_about_another_place_than_its_incident_is_told_without_a_place(story):
    incident = told_all(story)
    story.enter(incident, stated(where=place("s2", name="Elsewhere")))
    story.enter(incident, stated(where=place("north")))
    story.next_slot()
    claims = story.visible.claims(story.visible.incidents()[0])
    assert [claim.saying.where for claim in claims] == [None, place("north")]


def test_figures_of_what_is_never_named_are_not_told(story):
    incident = told_all(story)
    kinds = ("houses", "Substations", "control rooms", "hospital wards")
    story.enter(incident, saying(*(figure(2, Measure.DAMAGED, what=each) for each in kinds)))
    story.next_slot()
    (claim,) = story.visible.claims(story.visible.incidents()[0])
    assert [each.what for each in claim.saying.figures] == ["houses"]


def test_the_end_of_the_search_is_told_by_the_slot_and_not_before_the_incident(story):
    incident = story.open()
    story.wait(MINUTE)
    story.change(incident, is_open=False)
    story.later(4 * HOUR)
    (seen,) = story.visible.incidents()
    assert not seen.is_open
    assert seen.closed_at == seen.released_at
    assert seen.changed_at is None


def test_a_hidden_claim_stays_hidden_in_what_its_incident_turned_out_to_be(story):
    known, hidden = told_all(story), story.open(site="military")
    story.enter(hidden, full())
    story.enter(None, stated())
    ledger = story.ledger
    for one in (hidden, "gone"):
        linked = le.IncidentsLinked(at=NOW, kind="same-as", one=one, other=known, reason="")
        entered = le.ClaimEntered(at=NOW, claim_id=f"of {one}", incident_id=one, saying=full())
        ledger = fold(fold(ledger, linked), entered)
    visible = Visible(POLICY, WORLD.tree, ledger)
    (seen,) = visible.incidents()
    assert visible.claims(seen) == []


def test_a_public_name_leads_to_what_it_turned_out_to_be(story):
    one, other = told_all(story), told_all(story)
    names = [story.incident(each).public_id for each in (one, other)]
    story.same(one, other)
    story.next_slot()
    visible = story.visible
    assert [each.id for each in visible.incidents()] == [other]
    assert [visible.incident(name).id for name in names] == [other, other]
    assert visible.incident("unknown") is None


def test_nothing_vanishes_because_of_what_is_hidden(story):
    known, hidden = told_all(story), story.open(site="critical")
    claim = story.enter(known, full())
    story.next_slot()
    before = story.visible.ledger
    story.same(known, hidden)
    story.enter(hidden, full(voice=MAYOR))
    story.next_slot()
    assert story.visible.ledger == before
    story.later(13 * HOUR)
    (seen,) = story.visible.incidents()
    assert seen.id == hidden
    assert claim in {each.id for each in story.visible.claims(seen)}


def test_what_people_know_wholly_does_not_shrink_to_what_is_only_announced(story):
    known, announced = told_all(story), story.open()
    story.enter(known, full(voice=MAYOR))
    story.enter(announced, full())
    story.tell(lc.AnnounceIncident(incident_id=announced))
    story.same(known, announced)
    story.next_slot()
    assert story.seen() == {known, announced}
    assert len(story.visible.claims(story.visible.incident(story.incident(known).public_id))) == 1


def test_what_is_announced_goes_with_what_is_told_and_shows_only_its_official_claims(story):
    known, announced = told_all(story), story.open()
    official = story.enter(announced, full())
    story.enter(announced, full(voice=MAYOR))
    story.tell(lc.AnnounceIncident(incident_id=announced))
    story.same(announced, known)
    story.next_slot()
    (seen,) = story.visible.incidents()
    assert seen.id == known
    assert [each.id for each in story.visible.claims(seen)] == [official]


def test_of_a_chain_people_follow_only_the_steps_that_they_may_know(story):
    first, hidden, last = told_all(story), story.open(), told_all(story)
    story.same(first, hidden)
    story.same(hidden, last)
    story.next_slot()
    assert story.seen() == {first, last}


def test_links_are_told_between_what_people_know_wholly_and_without_the_desks_words(story):
    one, other, hidden = told_all(story), told_all(story), story.open()
    story.link(LinkKind.PART_OF, one, other)
    story.link(LinkKind.CAUSED_BY, one, hidden)
    story.next_slot()
    (link,) = story.visible.links()
    assert (link.kind, link.one, link.other, link.reason, link.by) == (
        "part-of", one, other, "", "",
    )  # fmt: skip
    assert link.at == POLICY.slot_of(link.at)


def test_a_claim_of_no_incident_is_told_only_if_its_kind_may_stand_alone(story):
    ledger = story.ledger
    for number, kind in enumerate((ClaimKind.STRIKE, ClaimKind.STATEMENT)):
        entered = le.ClaimEntered(at=NOW, claim_id=f"c{number}", incident_id=None,
                                  saying=full(kind=kind))  # fmt: skip
        ledger = fold(ledger, entered)
    (told,) = Visible(POLICY, WORLD.tree, ledger).loose()
    assert (told.id, told.saying.where) == ("c1", place("n1a", name="Town"))


def test_places_that_no_tree_knows_are_compared_by_their_code(story):
    incident = told_all(story)
    ledger = story.ledger
    for code in ("gone", "n1a"):
        entered = le.ClaimEntered(at=NOW, claim_id=code, incident_id=incident,
                                  saying=stated(where=place(code)))  # fmt: skip
        ledger = fold(ledger, entered)
    told = Visible(POLICY, WORLD.tree, ledger).ledger.claims
    assert told["gone"].saying.where is None
    assert told["n1a"].saying.where == place("n1a")


def test_rounding_a_time_does_not_change_which_figure_is_the_later(story):
    incident = story.open()
    story.enter(incident, saying(figure(8), said_at=NOW - 20 * MINUTE))
    story.enter(incident, saying(figure(5), said_at=NOW - 40 * MINUTE))
    story.later(4 * HOUR)
    (seen,) = story.visible.incidents()
    told = tally(story.visible.claims(seen), Measure.KILLED)
    desk = tally(story.ledger.claims_of(incident), Measure.KILLED)
    assert (told.low, told.high) == (desk.low, desk.high) == (8, 8)
