"""How many, at least and at most, and who says so: ranges, sums, and nothing counted twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.chronicle import (
    LOCALS,
    MAYOR,
    RESCUE,
    Chronicle,
    at_least,
    figure,
    lasting,
    place,
    saying,
    stated,
)
from kit.world import HOUR, MINUTE, NOW
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.claims import (
    Claim,
    ClaimKind,
    Hedge,
    Measure,
    Qualifier,
    SpeakerKind,
    Standing,
    Voice,
)
from tocsin.core.incidents import Ledger, LinkKind, fold
from tocsin.core.tally import (
    BESIDE,
    by_day,
    by_place,
    casualties,
    local_day,
    over,
    tally,
    voices,
    whats,
)

KILLED, INJURED = Measure.KILLED, Measure.INJURED
BOTH = (KILLED, INJURED)


def claims(*said, **more):
    """Claims entered one after another, a minute apart, that stand."""
    return [
        Claim(
            id=f"c{number}", saying=each, incident_id="i", entered_at=NOW + number * MINUTE,
            entered_by="anna", **more,
        )
        for number, each in enumerate(said)
    ]  # fmt: skip


def by(voice, *figures, minutes=0, **more):
    """What a voice said so many minutes after the beginning."""
    return saying(*figures, voice=voice, said_at=NOW + minutes * MINUTE, **more)


def ends(found):
    return found.low, found.high


def test_two_figures_stay_two_figures_and_the_range_names_both_ends():
    found = tally(claims(by(MAYOR, figure(8)), by(RESCUE, figure(5))), KILLED)
    assert ends(found) == (5, 8)
    assert (found.lowest.claim.id, found.highest.claim.id) == ("c1", "c0")
    assert not found.agrees
    assert found.official.claim.id == "c1"


def test_one_killed_and_none_is_none_to_one():
    none = figure(None, qualifier=Qualifier.NONE)
    assert ends(tally(claims(by(MAYOR, figure(1)), by(LOCALS, none)), KILLED)) == (0, 1)


def test_at_least_ten_beside_nineteen_is_open_and_nineteen_is_its_highest_number():
    found = tally(claims(by(MAYOR, at_least(10)), by(RESCUE, figure(19))), KILLED)
    assert ends(found) == (10, None)
    assert (found.lowest.claim.id, found.highest.claim.id) == ("c0", "c1")


def test_of_an_open_and_a_closed_figure_of_one_number_the_open_one_is_the_highest():
    found = tally(claims(by(MAYOR, at_least(10)), by(RESCUE, figure(10))), KILLED)
    assert (found.lowest.claim.id, found.highest.claim.id) == ("c1", "c0")


def test_nobody_said_is_not_none():
    found = tally(claims(by(MAYOR, figure(3, INJURED))), KILLED)
    assert (found.told, found.low, found.high, found.agrees) == (False, 0, 0, True)
    assert tally(claims(by(MAYOR, figure(None, qualifier=Qualifier.NONE))), KILLED).told


def test_a_later_figure_of_the_same_voice_replaces_the_earlier_in_whatever_order_entered():
    first, then = by(MAYOR, figure(9), minutes=0), by(MAYOR, figure(4), minutes=5)
    for order in ((first, then), (then, first)):
        found = tally(claims(*order), KILLED)
        assert ends(found) == (4, 4), "a tally may go down"
        assert [each.is_latest for each in found.said] == [False, True]


def test_a_figure_that_was_taken_back_gives_way_to_the_one_before():
    earlier = claims(by(MAYOR, figure(4)))
    later = claims(by(MAYOR, figure(9), minutes=5), standing=Standing.RETRACTED)
    assert ends(tally(earlier + later, KILLED)) == (4, 4)


def test_a_corrected_entry_does_not_count():
    wrong = claims(by(MAYOR, figure(90)), standing=Standing.CORRECTED)
    assert not tally(wrong, KILLED).told


def test_other_voices_and_other_measures_replace_nothing():
    found = claims(
        by(MAYOR, figure(9)), by(MAYOR, figure(2, INJURED), minutes=5),
        by(LOCALS, figure(7), minutes=9),
    )  # fmt: skip
    assert ends(tally(found, KILLED)) == (7, 9)


@pytest.mark.parametrize("hedge", sorted(BESIDE))
def test_a_denial_a_fear_or_a_plan_stands_beside_and_moves_nothing(hedge):
    found = claims(by(MAYOR, figure(5)), by(MAYOR, figure(50), minutes=5, hedge=hedge))
    told = tally(found, KILLED)
    assert ends(told) == (5, 5)
    assert len(told.said) == 2, "it is still a voice"


@pytest.mark.parametrize("hedge", sorted(set(Hedge) - BESIDE))
def test_what_is_said_to_be_so_counts(hedge):
    assert ends(tally(claims(by(MAYOR, figure(5), hedge=hedge)), KILLED)) == (5, 5)


def test_a_part_of_a_total_is_listed_and_neither_summed_nor_replaced_nor_replacing():
    part = figure(2, INJURED, is_part=True)
    found = claims(by(MAYOR, figure(7, INJURED)), by(MAYOR, part, minutes=5))
    told = tally(found, INJURED)
    assert ends(told) == (7, 7)
    assert [each.is_latest for each in told.said] == [True, True]
    assert casualties(found) == (7, None, True)


def test_one_number_for_both_says_of_one_alone_only_that_it_was_not_none():
    dozens = figure(None, *BOTH, qualifier=Qualifier.DOZENS)
    found = claims(by(MAYOR, dozens))
    assert ends(tally(found, KILLED)) == ends(tally(found, INJURED)) == (1, 99)
    assert casualties(found) == (24, 99, True)


def test_one_number_for_both_that_may_be_one_person_says_nothing_of_either():
    found = claims(by(MAYOR, figure(1, *BOTH)))
    assert ends(tally(found, KILLED)) == (0, 1)
    none = figure(None, *BOTH, qualifier=Qualifier.NONE)
    assert ends(tally(claims(by(MAYOR, none)), KILLED)) == (0, 0)


def test_a_figure_of_its_own_is_preferred_to_one_number_for_both():
    dozens = by(LOCALS, figure(None, *BOTH, qualifier=Qualifier.DOZENS))
    found = claims(dozens, by(MAYOR, figure(5)))
    assert ends(tally(found, KILLED)) == (5, 5)
    assert tally(found, KILLED).agrees
    assert ends(tally(found, INJURED)) == (1, 99)


def test_one_number_for_both_is_replaced_when_both_were_said_anew():
    joint = by(MAYOR, figure(30, *BOTH))
    killed, injured = by(MAYOR, figure(5), minutes=5), by(MAYOR, figure(20, INJURED), minutes=9)
    half = voices(claims(joint, killed))
    assert [each.is_latest for each in half] == [True, True]
    assert casualties(claims(joint, killed)) == (30, 30, True), "of the injured he said no more"
    whole = voices(claims(joint, killed, injured))
    assert [each.is_latest for each in whole] == [False, True, True]
    assert casualties(claims(joint, killed, injured)) == (25, 25, True)


def test_one_number_for_both_replaces_what_was_said_of_each():
    found = claims(by(MAYOR, figure(5)), by(MAYOR, figure(30, *BOTH), minutes=5))
    assert [each.is_latest for each in voices(found)] == [False, True]


def test_killed_by_one_voice_and_injured_by_another_are_added():
    found = claims(by(MAYOR, figure(5)), by(RESCUE, figure(20, INJURED)))
    assert casualties(found) == (25, 25, True)


def test_killed_and_injured_together_are_open_where_only_one_of_them_was_told():
    assert casualties(claims(by(MAYOR, figure(5)))) == (5, None, True)
    assert casualties(claims()) == (0, 0, False)
    assert casualties(claims(by(MAYOR, figure(5), at_least(9, INJURED)))) == (14, None, True)


def test_one_number_for_both_beside_more_killed_than_that_reaches_as_far_as_the_killed():
    found = claims(by(MAYOR, figure(30, *BOTH)), by(RESCUE, figure(40)))
    assert casualties(found) == (30, 40, True)
    found = claims(by(MAYOR, at_least(30, *BOTH)), by(RESCUE, figure(40), figure(1, INJURED)))
    assert casualties(found) == (30, None, True)


def test_two_figures_of_one_claim_both_count():
    found = tally(claims(by(MAYOR, figure(5), at_least(3))), KILLED)
    assert ends(found) == (3, None)


def test_what_is_counted_is_told_apart():
    found = claims(by(MAYOR, figure(3, Measure.DAMAGED, what="houses")),
                   by(MAYOR, figure(40, Measure.DAMAGED, what="settlements")))  # fmt: skip
    assert whats(found, Measure.DAMAGED) == ["houses", "settlements"]
    assert ends(tally(found, Measure.DAMAGED, "houses")) == (3, 3)


def test_the_newest_official_figure_is_named_also_where_it_is_at_no_end():
    police = Voice(kind=SpeakerKind.ORGANISATION, name="Police", official=True)
    found = tally(
        claims(by(RESCUE, figure(5), minutes=9), by(police, figure(6), minutes=2),
               by(MAYOR, figure(1)), by(LOCALS, figure(9))), KILLED,
    )  # fmt: skip
    assert found.official.claim.id == "c0"
    assert tally(claims(by(MAYOR, figure(1))), KILLED).official is None


def test_claims_that_are_told_alike_are_taken_in_their_order():
    """Times are rounded for people; which of two figures is the later must not change by that."""
    older, newer = claims(by(MAYOR, figure(5)), by(MAYOR, figure(8)))
    told = [replace(newer, order=1), replace(older, order=2)]
    assert ends(tally(told, KILLED)) == (5, 5)


# -- over incidents ------------------------------------------------------------------------------


@pytest.fixture
def story() -> Chronicle:
    return Chronicle()


def told(story, **killed):
    """Incidents in regions, each with so many killed (None: nobody said); their ids."""
    ids = {}
    for geocode, number in killed.items():
        ids[geocode] = story.open(where=place(geocode))
        if number is not None:
            story.enter(ids[geocode], saying(figure(number)))
    return ids


def summed(story, *ids, ledger: Ledger | None = None):
    ledger = ledger or story.ledger
    return over(ledger, ids, KILLED, ledger.claims.values())


def test_the_sum_counts_each_incident_once(story):
    ids = told(story, n1a=3, n1b=4, n2a=None)
    story.enter(None, stated())
    assert summed(story, *ids.values(), ids["n1a"]) == (7, 7, True)
    assert summed(story, ids["n2a"]) == (0, 0, False)
    assert summed(story) == (0, 0, False)


def test_the_sum_is_open_where_one_is(story):
    ids = told(story, n1a=3)
    other = story.open(where=place("n1b"))
    story.enter(other, saying(at_least(4)))
    assert summed(story, ids["n1a"], other) == (7, None, True)


def test_what_turned_out_to_be_the_same_counts_as_one(story):
    ids = told(story, n1a=3, n1b=4)
    story.same(ids["n1a"], ids["n1b"])
    story.enter(ids["n1a"], saying(figure(6), voice=RESCUE))
    assert summed(story, *ids.values()) == (4, 6, True), "one speaker said 3, and later 4"


def test_the_whole_speaks_for_its_parts_and_the_parts_for_a_silent_whole(story):
    ids = told(story, land=None, n1a=3, n1b=4)
    for part in ("n1a", "n1b"):
        story.link(LinkKind.PART_OF, ids[part], ids["land"])
    assert summed(story, *ids.values()) == (7, 7, True)
    story.enter(ids["land"], saying(figure(19), voice=RESCUE))
    assert summed(story, *ids.values()) == (19, 19, True)
    assert summed(story, ids["n1a"], ids["n1b"]) == (7, 7, True), "the whole was not asked for"


def test_a_part_of_a_part_is_covered_though_what_is_between_is_not_asked_for(story):
    ids = told(story, land=19, north=None, n1a=3)
    story.link(LinkKind.PART_OF, ids["north"], ids["land"])
    story.link(LinkKind.PART_OF, ids["n1a"], ids["north"])
    assert summed(story, ids["land"], ids["n1a"]) == (19, 19, True)


@pytest.mark.parametrize("order", [("land", "south", "n1a"), ("n1a", "south", "land")])
def test_a_part_of_two_wholes_is_covered_by_the_one_that_speaks(story, order):
    ids = told(story, land=19, south=None, n1a=3)
    story.link(LinkKind.PART_OF, ids["n1a"], ids["land"])
    story.link(LinkKind.PART_OF, ids["n1a"], ids["south"])
    assert summed(story, *(ids[each] for each in order)) == (19, 19, True)


def test_parts_in_a_circle_count_once():
    """No rule lets that happen; a sum must still come to an end."""
    story = Chronicle()
    ids = told(story, n1a=3, n1b=4)
    ledger = story.ledger
    for one, other in (("n1a", "n1b"), ("n1b", "n1a")):
        ledger = fold(ledger, le.IncidentsLinked(at=NOW, kind="part-of", one=ids[one],
                                                 other=ids[other], reason=""))  # fmt: skip
    assert summed(story, *ids.values(), ledger=ledger) == (
        3,
        4,
        True,
    )  # nor is the one hidden by the other


def test_the_sum_by_place_is_of_every_region_above(story):
    ids = told(story, n1a=3, n1b=4, city=2, s2=None)
    found = by_place(story.ledger, story.world.tree, KILLED)
    assert {code: (each.low, each.told) for code, each in found.items()} == {
        "n1a": (3, True), "n1b": (4, True), "n1": (7, True), "north": (7, True),
        "city": (2, True), "s2": (0, False), "south": (0, False), "land": (9, True),
    }  # fmt: skip
    assert found["n1"].incidents == (ids["n1a"], ids["n1b"])


def test_a_merged_incident_counts_where_it_turned_out_to_be(story):
    ids = told(story, n1a=3, s2=4)
    story.same(ids["n1a"], ids["s2"])
    found = by_place(story.ledger, story.world.tree, KILLED)
    assert set(found) == {"s2", "south", "land"}
    assert set(by_day(story.ledger, ZoneInfo("UTC"), KILLED)) == {date(2022, 10, 10)}


def test_an_incident_belongs_to_the_local_day_of_its_end(story):
    kyiv = ZoneInfo("Europe/Kyiv")  # NOW is 08:00 there on 10 October
    night = story.open(when=lasting(-12 * HOUR, 11 * HOUR, grain="range"), where=place("n1a"))
    late = story.open(when=lasting(-11 * HOUR, 2 * HOUR), where=place("n1b"))
    for incident, number in ((night, 3), (late, 4)):
        story.enter(incident, saying(figure(number)))
    found = by_day(story.ledger, kyiv, KILLED)
    assert {day: each.low for day, each in found.items()} == {
        date(2022, 10, 9): 4, date(2022, 10, 10): 3,
    }  # fmt: skip
    assert by_day(story.ledger, ZoneInfo("Asia/Tokyo"), KILLED)[date(2022, 10, 10)].low == 7


def test_a_day_that_ends_at_midnight_is_that_day():
    kyiv = ZoneInfo("Europe/Kyiv")
    midnight = NOW - timedelta(hours=8)  # 00:00 there
    assert local_day(midnight, kyiv) == date(2022, 10, 9)
    assert local_day(midnight + MINUTE, kyiv) == date(2022, 10, 10)


def test_a_denied_figure_in_the_ledger_does_not_make_a_sum(story):
    incident = story.open()
    story.made(lc.EnterClaim(incident_id=incident, saying=saying(
        figure(5), hedge=Hedge.DENIED, kind=ClaimKind.CASUALTIES)))  # fmt: skip
    assert summed(story, incident) == (0, 0, False)


def test_a_whole_does_not_hide_a_part_that_counts_more_than_it(story):
    ids = told(story, land=19, n1a=25)
    story.link(LinkKind.PART_OF, ids["n1a"], ids["land"])

    assert summed(story, ids["land"], ids["n1a"]) == (19, 25, True)
