"""The watch: who looked, as of when, until when; and that it is never an all-clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.chronicle import RESCUE, Chronicle
from kit.world import DRILL, HOUR, MINUTE, NOW, WORLD, hazard, officer
from tocsin.core import notice_commands as nc
from tocsin.core.claims import SpeakerKind, Voice
from tocsin.core.hazard import Phrase, Words
from tocsin.core.notice_watch import LONGEST, Freshness, freshness
from tocsin.core.plainwords import holds, plain

DAY = timedelta(days=1)


def spoken(alert, all_clear):
    """What a hazard says, in one language."""
    return {Phrase.ALERT: {"en": Words(*alert)}, Phrase.ALL_CLEAR: {"en": Words(*all_clear)}}


HAZARDS = {
    "air-raid": hazard("air-raid", words={
        **spoken(("Air raid alert", "Aircraft over {place}.", "Stay there until the all-clear."),
                 ("All-clear: air raid", "The alert has ended: {place}. Quiet.",
                  "You may leave the shelter. Watch for alerts.")),
    }),
    "storm": hazard("storm", words=spoken(
        ("Severe weather", "A storm over {place}.", "Stay in the house."),
        ("Entwarnung: severe weather", "It passed.", "Stay in the house. Then go out."),
    )),
    "flood": hazard("flood", words=spoken(
        ("Water rises", "Water over {place}.", "Go up."), ("Entwarnung: flood", "", ""),
    )),
    "fire": hazard("fire", words=spoken(
        ("Forest fire", "Smoke in {place}.", "Go away."), ("", "Over.", "Return now."),
    )),
    "dust": hazard("dust", words=spoken(("A", "B", "C"), ("Water fell", "", ""))),
    "haze": hazard("haze", words=spoken(("A", "B", "C"), ("Water sank", "", ""))),
    "mist": hazard("mist", words=spoken(("A", "B", "C"), ("Now dry", "", ""))),
    "snow": hazard("snow", words=spoken(("A", "B", "C"), ("Now warm", "", ""))),
    "plain": hazard("plain"),
}  # fmt: skip
TALKING = replace(WORLD, hazards=HAZARDS, never_said=("safe", "no drill"))


def says_now(*asked):
    """Say whether a watch says anything of now."""
    return freshness(*asked) is Freshness.FRESH


@pytest.fixture
def story() -> Chronicle:
    return Chronicle.with_mandates()


def look(**more):
    usual = {
        "hazard": "chemical", "regions": ("n1",), "voice": RESCUE, "as_of": NOW,
        "fresh_until": NOW + HOUR, "words": "hash", "languages": ("uk", "en"),
        "sentences": ("Levels are as usual.",),
    }  # fmt: skip
    return nc.KeepWatch(**{**usual, **more})


def refused(story, command, warrant=None):
    """The rule and the field of a refusal."""
    found = story.refused(command, warrant)
    return found.rule.value, found.field


def kept(story, **more):
    """Keep a watch and return how it stands."""
    event = story.tell(look(**more))[0]
    return story.state.notices.watches[event.watch_id]


NOBODY = Voice(kind=SpeakerKind.GROUP, name=" ", via="the radio")
SLIPS = {
    "an unknown hazard": ({"hazard": "x"}, "unknown-hazard", "/hazard"),
    "nowhere": ({"regions": ()}, "empty-area", "/regions"),
    "an unknown region": ({"regions": ("n1", "x")}, "unknown-region", "/regions/1"),
    "a language missing": ({"languages": ("en",)}, "text-missing", "/text/uk"),
    "nobody looked": ({"voice": NOBODY}, "source-missing", "/voice"),
    "seen tomorrow": ({"as_of": NOW + MINUTE}, "time-in-future", "/as_of"),
    "stale already": ({"fresh_until": NOW}, "deadline-past", "/fresh_until"),
    "fresh for ever": (
        {"fresh_until": NOW + LONGEST + MINUTE}, "expires-too-late", "/fresh_until",
    ),
    "seen long ago": ({"as_of": NOW - LONGEST}, "expires-too-late", "/fresh_until"),
    "an unknown watch": ({"watch_id": "x"}, "unknown-watch", "/id"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_refused_by_its_rule_and_field(story, name):
    more, rule, field = SLIPS[name]
    assert refused(story, look(**more)) == (rule, field)


# -- looks ---------------------------------------------------------------------------------------


def test_the_next_look_is_of_the_same_watch_and_says_it_whole(story):
    first = kept(story, regions=("n1a", "n1b", "n1c"))
    assert (first.regions, first.looks) == (("n1",), 1)
    story.wait(HOUR)
    second = kept(story, watch_id=first.id, as_of=story.now, fresh_until=story.now + DAY)
    assert (second.id, second.handle, second.looks) == (first.id, first.handle, 2)
    assert (second.as_of, second.fresh_until) == (NOW + HOUR, NOW + HOUR + DAY)


def test_a_watch_goes_stale_and_ends_once(story):
    watch = kept(story)
    assert says_now(story.world, story.state, watch, NOW + HOUR - MINUTE)
    assert not says_now(story.world, story.state, watch, NOW + HOUR)
    assert story.tell(nc.EndWatch(watch_id=watch.id))
    assert story.tell(nc.EndWatch(watch_id=watch.id)) == ()
    ended = story.state.notices.watches[watch.id]
    assert not says_now(story.world, story.state, ended, NOW)
    assert refused(story, nc.EndWatch(watch_id="x")) == ("unknown-watch", "/id")


def test_a_watch_is_kept_within_ones_regions_also_by_its_next_look(story):
    mine = officer("ivan", regions=("n1",))
    assert refused(story, look(regions=("s1",)), mine)[0] == "outside-jurisdiction"
    theirs = kept(story, regions=("s1",))
    moved = look(watch_id=theirs.id, regions=("n1",))
    assert refused(story, moved, mine)[0] == "outside-jurisdiction"
    assert story.tell(look(), mine)


# -- beside an alert -----------------------------------------------------------------------------


def test_beside_an_alert_of_its_danger_no_watch_is_kept(story):
    alert = story.issue("n1a", hazard="chemical")
    assert refused(story, look()) == ("real-alert-in-force", "/regions")
    assert kept(story, regions=("s1",))  # elsewhere
    assert kept(story, hazard="flood")  # of another danger
    story.run_out(alert)  # nobody has said that it is over
    late = look(as_of=story.now, fresh_until=story.now + HOUR)
    assert refused(story, late) == ("real-alert-in-force", "/regions")
    story.clear(alert)
    assert story.tell(late)


def test_a_drill_hinders_no_watch(story):
    story.issue("n1a", hazard="chemical", **DRILL)
    assert kept(story)


def test_a_watch_says_nothing_while_an_alert_of_its_danger_is_in_force_there(story):
    watch = kept(story)
    elsewhere = kept(story, regions=("s1",))
    alert = story.issue("n1a", hazard="chemical")
    assert not says_now(story.world, story.state, watch, NOW)
    assert says_now(story.world, story.state, elsewhere, NOW)
    story.clear(alert)
    assert says_now(story.world, story.state, watch, NOW)


def test_a_region_that_was_redrawn_hides_no_alert(story):
    watch = replace(kept(story), regions=("gone", "n1"))
    assert says_now(story.world, story.state, watch, NOW)
    story.issue("n1a", hazard="chemical")
    assert not says_now(story.world, story.state, watch, NOW)


# -- words ---------------------------------------------------------------------------------------

AS_AN_END = {
    "the headline": "All-clear: air raid",
    "its beginning": "It is the all-clear.",
    "without its hyphen": "ALL CLEAR for everybody",
    "in one word": "allclear",
    "letter by letter": "A l l c l e a r",
    "with another hyphen": "All\u2011clear",
    "with an unseen space": "All\u200b-clear",
    "with a soft hyphen": "All-cl\u00adear",
    "in wide letters": "\uff21\uff4c\uff4c-clear",
    "with letters of another alphabet": "\u0410ll-\u0441l\u0435\u0430r",
    "with a one for a letter": "A1l-c1ear",
    "the description": "So the alert has ended.",
    "what lets people go": "You may leave the shelter now.",
    "how two all-clears begin": "We give the Entwarnung",
    "a promise": "You are safe here.",
    "another promise": "This is NO DRILL",
}


@pytest.mark.parametrize("name", AS_AN_END)
def test_a_watch_is_not_worded_as_an_all_clear(name):
    story = Chronicle.with_mandates(TALKING)
    for sentences in (("Levels are usual.", AS_AN_END[name]), (AS_AN_END[name],)):
        found = refused(story, look(hazard="flood", sentences=sentences))
        assert found == ("reads-as-all-clear", "/text"), sentences


PLAIN = {
    "a danger's own name": "No severe weather is expected.",
    "an instruction of warnings": "Stay in the house if you wish.",
    "words that only hold it": "An overall clear picture; unsafe rumours of Entwarnungen.",
    "how all-clears and warnings begin": "Water is as high as usual.",
    "a short beginning": "Now as before.",
    "one word of an end": "It is quiet. It passes over.",
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_words_are_no_all_clear(name):
    story = Chronicle.with_mandates(TALKING)
    assert story.tell(look(hazard="flood", sentences=(PLAIN[name],)))


def test_words_are_compared_as_whole_words():
    assert holds(plain("it is all clear now"), plain("All-Clear"))
    assert not holds(plain("overall clear"), plain("all clear"))
    assert holds(plain("xall clear, all clear"), plain("all clear"))  # the second time
    assert not holds(plain("anything"), plain("--"))
