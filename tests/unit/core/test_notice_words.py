"""No notice reads as an all-clear; a lie is answered by no lie of the same kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from kit.chronicle import RESCUE, Chronicle
from kit.world import DRILL, HOUR, LANGUAGES, MINUTE, NOW, POLICED, WORLD, hazard
from tocsin.core import notice_commands as nc
from tocsin.core.alert import Realm
from tocsin.core.area import Area
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Role, Scope, Warrant
from tocsin.core.hazard import Phrase, Words
from tocsin.core.inbox import AlertDraft
from tocsin.core.notice_watch import MOST, Freshness, freshness
from tocsin.core.threats import Cause
from tocsin.core.world import SecondPerson

WAIT = "Do not go out. Wait for the all-clear."
RAID = hazard("air-raid", words={
    Phrase.ALERT: {"en": Words("Air raid", "Over {place}.", WAIT)},
    Phrase.ALL_CLEAR: {"en": Words("All-clear", "It has ended.", "You may leave the shelter.")},
})  # fmt: skip
TALKING = replace(
    WORLD, hazards={**WORLD.hazards, "air-raid": RAID}, never_said=("no drill",),
    like_all_clear=("go outside", "secur*", "go out"),
)  # fmt: skip


def lie(sentence, area=("n1",)):
    return nc.TellCounterfeit(
        area=Area(regions=area),
        words="hash",
        languages=LANGUAGES,
        sentences=("As usual.", sentence),
    )


REFUSED = {
    "the headline": "It is the ALL CLEAR.",
    "the release": "You may leave the shelter",
    "what is never said": "This is no drill",
    "a phrase of the profile": "Go outside.",
    "a bent word of it": "You are securely there.",
    "waited for once, given once": "Wait for the all-clear. All-clear!",
    "other words before it": "Here is the all-clear.",
    "a secure site": "See https here",
    "a site": "Look at www something",
    "a domain": "Look at evil.example/now",
    "a domain with a wide dot": "Look at evil\uff0eexample",
    "a domain with a hidden sign": "Look at evil\u200b.exa\u200bmple",
    "a domain with another dot": "Look at evil\u3002example",
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_notice_is_not_worded_as_an_all_clear_and_sends_nobody_to_an_address(name):
    story = Chronicle.with_mandates(TALKING)
    found = story.refused(lie(REFUSED[name]))
    assert (found.rule.value, found.field) == ("reads-as-all-clear", "/text")


@pytest.mark.parametrize(
    "said",
    [
        "That message is false. Wait for the all-clear.", "Do not go out: it is false.",
        "wait f o r the allclear", "It came at 14.30 by radio. Wait.",
    ],
)  # fmt: skip
def test_it_may_tell_people_to_wait_as_an_alert_does(said):
    story = Chronicle.with_mandates(TALKING)
    assert story.tell(lie(said))
    found = story.refused(look(sentences=("Wait for the all-clear.",)))
    assert found.rule.value == "reads-as-all-clear", "a watch may not even name it"


# -- who may, how often, who hears of it ----------------------------------------------------------


def warrant(**more):
    scope = Scope(
        role=Role.OPERATOR, sender="n1-office", hazards=("*",), realms=(Realm.LIVE,),
        regions=("n1", "s1", "n2"),
    )  # fmt: skip
    return Warrant(account="anna", credential="key", name="anna", scope=scope, **more)


def test_a_machine_needs_the_right_to_speak_at_once_and_its_limit_counts():
    story = Chronicle.with_mandates(TALKING)
    plain_key = story.refused(lie("x"), warrant(is_machine=True))
    assert (plain_key.rule.value, plain_key.field) == ("not-allowed", "/Authorization")
    key = warrant(is_machine=True, direct=True, per_minute=2)
    assert story.tell(lie("x"), key)
    assert story.tell(lie("y"), key)
    assert story.refused(lie("z"), key).rule.value == "too-many-requests"
    assert story.tell(lie("z"), warrant(is_machine=True, direct=True)), "a key without a limit"
    story.wait(MINUTE)
    assert story.tell(lie("z"), key)


def pages(told):
    return [each for each in told if isinstance(each, OfficersPaged)]


def test_supervisors_hear_of_a_notice_that_many_read_or_that_stands_beside_an_alert():
    quiet = replace(TALKING, second_person=SecondPerson(people_above=10**9, top_regions_above=9))
    story = Chronicle.with_mandates(quiet)
    assert pages(story.tell(lie("x"), warrant())) == []
    story.issue("n1a", **DRILL)
    assert pages(story.tell(lie("x"), warrant())) == [], "a drill is no alert"
    story.issue("n1a", hazard="chemical")
    (called,) = pages(story.tell(lie("x"), warrant()))
    assert (called.why, called.account) == (PageReason.COUNTERFEIT, "anna")
    assert called.roles == (Role.SUPERVISOR,)
    assert pages(story.tell(lie("x"))) == [], "the house calls nobody for what it says itself"
    many = Chronicle.with_mandates(POLICED)
    assert len(pages(many.tell(lie("x"), warrant()))) == 1, "600,000 people"
    far = replace(TALKING, second_person=SecondPerson(top_regions_above=0))
    assert len(pages(Chronicle.with_mandates(far).tell(lie("x"), warrant()))) == 1


# -- the watch ------------------------------------------------------------------------------------


def look(**more):
    usual = {
        "hazard": "chemical", "regions": ("n1", "s1"), "voice": RESCUE, "as_of": NOW,
        "fresh_until": NOW + HOUR, "words": "hash", "languages": LANGUAGES,
        "sentences": ("As usual.",),
    }  # fmt: skip
    return nc.KeepWatch(**{**usual, **more})


def kept(story, **more):
    (event, *_) = story.tell(look(**more))
    return story.state.notices.watches[event.watch_id]


def test_a_watch_says_what_was_seen_and_no_more():
    story = Chronicle.with_mandates()
    assert story.tell(look(sentences=("x" * MOST,)))
    found = story.refused(look(sentences=("x" * (MOST + 1),)))
    assert (found.rule.value, found.field) == ("text-too-long", "/text")
    assert story.refused(look(sentences=("See evil.example",))).rule.value == "reads-as-all-clear"


def test_beside_an_alert_of_any_danger_a_watch_says_nothing_where_one_asks():
    story = Chronicle.with_mandates()
    watch = kept(story)

    def stands(region=None):
        return freshness(story.world, story.state, watch, story.now, region)

    story.issue("s1", hazard="flood", **DRILL)
    assert stands() is Freshness.FRESH, "a drill silences none"
    alert = story.issue("s1", hazard="flood")
    assert stands() is stands("s1") is Freshness.BESIDE_ALERT
    assert stands("n1") is Freshness.FRESH
    story.run_out(alert)
    assert stands("s1") is Freshness.STALE, "time has passed as well"
    watch = kept(story, watch_id=watch.id, as_of=story.now, fresh_until=story.now + HOUR)
    assert stands("s1") is Freshness.BESIDE_ALERT, "nobody has said that it is over"
    story.clear(alert)
    assert stands("s1") is Freshness.FRESH
    story.issue("s1", hazard="chemical")
    assert stands("n1") is Freshness.BESIDE_ALERT, "an alert of its own danger silences all of it"


def test_a_draft_that_waits_moves_no_watch_since_people_may_not_know_of_it():
    story = Chronicle.with_mandates()
    watch = kept(story)

    def stands(**more):
        usual = {
            "id": "d", "handle": "DDDD", "cause": Cause.DOSE_RATES, "hazard": "chemical",
            "level": None,
            "regions": ("n1", "gone"), "sources": (), "keys": (), "is_weak": False, "why": "",
            "made_at": NOW, "changed_at": NOW, "until": NOW + timedelta(minutes=15),
        }  # fmt: skip
        inbox = replace(story.state.inbox, drafts={"d": AlertDraft(**{**usual, **more})})
        return freshness(story.world, replace(story.state, inbox=inbox), watch, NOW)

    assert stands() is Freshness.FRESH
    assert stands(closed_at=NOW) is Freshness.FRESH
