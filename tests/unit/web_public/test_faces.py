"""What a place is: one face, the most pressing, and what else holds."""

from datetime import timedelta

from kit.world import DRILL, Story
from tocsin.core.alert import Audience
from tocsin.projections.regions import RegionStates
from tocsin.web.public import faces
from tocsin.web.public.faces import Face

MINUTE = timedelta(minutes=1)


def look(story, geocode):
    live, drills = RegionStates(story.world), RegionStates(story.world, Audience.DRILL)
    live.apply_all(story.events)
    drills.apply_all(story.events)
    return faces.place(story.world, story.state, live, drills, geocode, story.now)


def test_a_quiet_place_is_quiet_and_one_without_a_mandate_is_not():
    story = Story.with_mandates()
    assert look(story, "n1").main.glance.face is Face.QUIET
    assert look(Story(), "n1").main.glance.face is Face.NODATA


def test_an_alert_over_a_wider_region_is_an_alert_here_with_its_own_words():
    story = Story.with_mandates()
    alert = story.issue("north")
    place = look(story, "n1a")
    assert place.main.glance.face is Face.ALERT
    assert place.main.alert == alert
    assert place.main.glance.since == alert.sent


def test_a_part_names_the_fewest_regions_that_are_covered():
    story = Story.with_mandates()
    story.issue("n1a")
    story.issue("n2")
    place = look(story, "north")
    assert place.main.glance.face is Face.PART
    assert place.main.parts == ("n1a", "n2")
    assert {spot.geocode: spot.face for spot in place.inside} == {
        "n1": Face.PART, "n2": Face.ALERT,
    }  # fmt: skip


def test_one_hero_for_the_most_severe_and_the_others_beside_it():
    story = Story.with_mandates()
    story.issue("city", hazard="flood")
    story.issue("city", level="yellow")
    place = look(story, "city")
    assert [place.main.glance.hazard] + [s.glance.hazard for s in place.also] == [
        "flood", "air-raid",  # a yellow air raid is less severe than a flood
    ]  # fmt: skip


def test_a_part_of_one_danger_stands_behind_the_whole_of_another():
    story = Story.with_mandates()
    story.issue("n1a")
    story.issue("north", hazard="flood")
    place = look(story, "north")
    assert place.main.glance.hazard == "flood"
    assert place.also[0].glance.face is Face.PART


def test_an_all_clear_turns_after_half_an_hour_and_says_when():
    story = Story.with_mandates()
    alert = story.issue("city")
    story.wait(5 * MINUTE)
    story.clear(alert)
    place = look(story, "city")
    assert place.main.glance.face is Face.CLEAR
    assert place.main.alert.id == alert.id
    assert place.turns_at == story.now + 30 * MINUTE
    story.wait(30 * MINUTE)
    place = look(story, "city")
    assert place.main.glance.face is Face.QUIET
    assert place.last_clear.id == alert.id


def test_a_withdrawn_alert_has_a_face_of_its_own_unless_another_holds():
    story = Story.with_mandates()
    story.cancel(story.issue("city"))
    assert look(story, "city").main.glance.face is Face.CANCEL
    story.issue("city", hazard="flood")
    place = look(story, "city")
    assert place.main.glance.face is Face.ALERT
    assert [sight.glance.face for sight in place.also] == [Face.CANCEL]


def test_what_ran_out_is_never_calm():
    story = Story.with_mandates()
    alert = story.issue("city")
    story.wait(timedelta(hours=24))
    story.run_out(alert)
    story.wait(timedelta(days=3))
    assert look(story, "city").main.glance.face is Face.UNSURE


def test_a_drill_never_changes_the_face():
    story = Story.with_mandates()
    story.issue("city", **DRILL)
    place = look(story, "city")
    assert place.main.glance.face is Face.QUIET
    assert [sight.glance.hazard for sight in place.drills] == ["air-raid"]


def test_a_live_alert_is_no_drill():
    story = Story.with_mandates()
    story.issue("city")
    assert look(story, "city").drills == ()
