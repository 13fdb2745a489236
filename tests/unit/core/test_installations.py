"""The register: what an installation is, what is said of it, and what people are told of that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from kit.chronicle import Chronicle
from kit.works import (
    DEGRADED,
    DOWN,
    UNKNOWN,
    WIRED,
    WORKING,
    Works,
    changed,
    facility,
    keeper,
    refused,
    the_tower,
)
from kit.world import HOUR, MINUTE, NOW, officer
from tocsin.core import events as ev
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.alert import Audience, Realm
from tocsin.core.audit import OfficersPaged, PageReason
from tocsin.core.authority import Role
from tocsin.core.claims import Where
from tocsin.core.coverage import at_risk
from tocsin.core.facilities import Need, Tie
from tocsin.core.infrastructure import (
    WORDS_KEPT,
    Infrastructure,
    fold_infra,
    installation_named,
)
from tocsin.journal import codec


@pytest.fixture
def works() -> Works:
    return Works.with_mandates(WIRED)


def enter(**more):
    """The command to enter an installation."""
    return ic.RegisterInstallation(facility=facility("new", **more), content="hash")


# -- entered, described anew -----------------------------------------------------------------------


def test_an_installation_has_a_handle_and_nothing_was_said_of_it_yet(works):
    tower = works.one(works.add("tower", kind="tv-tower", serves={"tv": ("north",)}))
    assert (tower.condition, tower.as_of, tower.struck, tower.words) == (UNKNOWN, None, 0, ())
    assert (tower.content, tower.contents) == ("hash tower", ("hash tower",))
    assert tower.handle
    assert installation_named(works.infra, tower.handle.lower()) == tower
    assert installation_named(works.infra, tower.id) == tower
    assert installation_named(works.infra, "NOPE") is None


def test_described_anew_it_keeps_its_name_and_what_was_said_of_it(works):
    tower = works.add("tower", kind="tv-tower")
    works.say(tower, DOWN, struck=True)
    before = works.one(tower)
    works.describe(tower, facility("tall tower", kind="tv-tower"))
    after = works.one(tower)
    assert after.facility is not None
    assert after.facility.name == "tall tower"
    assert after.contents == ("hash tower", "new hash of tall tower")
    assert (after.id, after.handle, after.condition, after.struck, after.words) == (
        before.id, before.handle, before.condition, before.struck, before.words,
    )  # fmt: skip


def test_described_as_it_is_nothing_is_recorded(works):
    tower = works.add("tower", kind="tv-tower")
    assert works.describe(tower, facility("tower", kind="tv-tower")) == ()


WRONG = {
    "a kind that nobody knows": (enter(kind="castle"), "bad-value", "/kind"),
    "no name": (
        ic.RegisterInstallation(facility=facility("  "), content="h"), "missing-member", "/name",
    ),
    "no place": (
        ic.RegisterInstallation(
            facility=replace(facility("x"), where=Where(geocode="")), content="h"
        ),
        "place-missing", "/where/geocode",
    ),
    "a place that is not there": (enter(at="moon"), "unknown-region", "/where/geocode"),
    "a need of what is not there": (enter(needs=("nope",)), "unknown-installation", "/needs/0/on"),
    "a channel that is not there": (
        enter(serves={"smoke": ("n1",)}), "unknown-channel", "/serves/0/channel",
    ),
    "a channel nowhere": (enter(serves={"tv": ()}), "empty-area", "/serves/0/regions"),
    "a channel on the moon": (
        enter(serves={"tv": ("n1", "moon")}), "unknown-region", "/serves/0/regions/1",
    ),
    "one that is not there, anew": (
        Works.describing("nope", facility("x")), "unknown-installation", "/id",
    ),
    "a word on what is not there": (
        Works.saying("nope", DOWN), "unknown-installation", "/id",
    ),
    "what is not there, erased": (
        ic.EraseInstallation(installation_id="nope", reason="r"), "unknown-installation", "/id",
    ),
}  # fmt: skip


@pytest.mark.parametrize("slip", WRONG)
def test_what_cannot_be_entered_is_refused_by_its_field(works, slip):
    command, rule, field = WRONG[slip]
    assert refused(works.ask(command)) == (rule, field)


# -- what needs what -------------------------------------------------------------------------------


@pytest.mark.parametrize("length", [1, 2, 3, 5])
def test_a_loop_is_refused_however_long_it_is(works, length):
    chain = [works.add("first")]
    for number in range(1, length):
        chain.append(works.add(f"next {number}", needs=(chain[-1],)))
    loop = works.describing(chain[0], facility("first", needs=(chain[-1],)))
    assert refused(works.ask(loop)) == ("dependency-loop", "/needs")
    assert works.one(chain[0]).facility == facility("first")


def test_a_loop_through_one_of_several_needs_is_refused(works):
    alone, plant = works.add("alone"), works.add("plant")
    tower = works.add("tower", needs=(alone, plant))
    fed = Need(tie=Tie.FED_BY, on=tower)
    answer = works.ask(works.describing(plant, facility("plant", needs=(fed,))))
    assert refused(answer) == ("dependency-loop", "/needs")


def test_two_ways_to_one_plant_are_no_loop(works):
    plant = works.add("plant")
    one, other = (works.add(name, needs=(plant,)) for name in ("one", "other"))
    tower = works.add("tower", needs=(one, other))
    works.say(plant, DOWN)
    assert set(at_risk(works.infra.installations)) == {one, other, tower}


def test_what_was_erased_can_be_needed_no_more(works):
    plant = works.add("plant")
    works.erase(plant)
    assert refused(works.ask(enter(needs=(plant,)))) == ("unknown-installation", "/needs/0/on")


# -- words on its condition ------------------------------------------------------------------------


def test_a_word_says_when_and_by_whom(works):
    tower = works.add("tower")
    said = works.say(tower, DOWN, as_of=NOW - MINUTE, source="Its staff")
    assert [type(each) for each in said] == [ie.ConditionReported]
    one = works.one(tower)
    assert (one.condition, one.as_of, one.source) == (DOWN, NOW - MINUTE, "Its staff")
    assert [word.condition for word in one.words] == [DOWN]


def test_the_same_word_again_is_not_recorded_and_another_source_is(works):
    tower = works.add("tower")
    works.say(tower, DOWN)
    assert works.say(tower, DOWN) == ()
    assert len(works.say(tower, DOWN, source="a mayor")) == 1
    works.wait(MINUTE)
    assert len(works.say(tower, DOWN, source="a mayor")) == 1


SLIPS = {
    "nobody says so": ({"source": " "}, "source-missing", "/source"),
    "not yet": ({"as_of": NOW + MINUTE}, "time-in-future", "/as_of"),
    "no such incident": ({"incident_id": "nope"}, "unknown-incident", "/incident"),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_word_that_cannot_stand_is_refused_by_its_field(works, slip):
    more, rule, field = SLIPS[slip]
    tower = works.add("tower")
    assert refused(works.ask(works.saying(tower, DOWN, **more))) == (rule, field)


def test_a_late_word_on_an_earlier_moment_is_kept_and_hides_nothing(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.wait(HOUR)
    said = works.say(tower, WORKING, as_of=NOW - MINUTE, source="a slow letter")
    assert changed(said) == {}
    one = works.one(tower)
    assert (one.condition, one.as_of, one.source) == (DOWN, NOW, "the grid's control room")
    assert [word.condition for word in one.words] == [DOWN, WORKING]
    assert works.lost("tv") == works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}


def test_struck_again_after_it_was_restored_is_counted_again(works):
    tower = works.add("tower")
    works.say(tower, DOWN, struck=True)
    works.wait(HOUR)
    works.say(tower, WORKING)
    works.wait(HOUR)
    works.say(tower, DOWN, struck=True)
    one = works.one(tower)
    assert (one.struck, one.struck_at) == (2, NOW + 2 * HOUR)


def test_one_strike_that_two_sources_tell_of_counts_once(works):
    tower = works.add("tower")
    works.say(tower, DOWN, struck=True)
    assert len(works.say(tower, DOWN, struck=True, source="a mayor")) == 1
    assert works.say(tower, DOWN, struck=True, source="a mayor") == ()
    assert works.one(tower).struck == 1
    works.say(tower, DOWN, struck=True, as_of=NOW - HOUR, source="a report of an earlier one")
    assert (works.one(tower).struck, works.one(tower).struck_at) == (2, NOW)


def test_incidents_are_linked_and_one_of_them_is_one_strike():
    story = Chronicle(world=WIRED)
    first, second = story.open(), story.open()
    works = Works(world=WIRED, state=story.state)
    tower = works.add("tower")
    works.say(tower, DOWN, struck=True, incident_id=first)
    works.wait(MINUTE)
    works.say(tower, DOWN, struck=True, incident_id=first, source="a mayor")
    assert (works.one(tower).struck, works.one(tower).incident_ids) == (1, (first,))
    works.wait(MINUTE)
    works.say(tower, DOWN, struck=True, incident_id=second)
    assert (works.one(tower).struck, works.one(tower).incident_ids) == (2, (first, second))
    works.say(tower, DOWN, incident_id=first)
    assert len(works.one(tower).words) == 3  # it says nothing new


def test_only_the_last_words_are_kept_and_every_strike_is_counted(works):
    tower = works.add("tower")
    for _ in range(WORDS_KEPT + 3):
        works.wait(MINUTE)
        works.say(tower, DOWN, struck=True)
    assert len(works.one(tower).words) == WORDS_KEPT
    assert works.one(tower).struck == WORDS_KEPT + 3


# -- at risk ---------------------------------------------------------------------------------------


def test_what_depends_on_what_is_down_is_at_risk_and_stays_as_it_was_said(works):
    plant, substation, tower = the_tower(works)
    works.say(tower, WORKING)
    told = works.say(plant, DOWN)
    assert at_risk(works.infra.installations) == {substation: (plant,), tower: (plant,)}
    assert works.one(tower).condition is WORKING
    assert works.one(substation).condition is UNKNOWN
    assert changed(told) == {}
    assert works.lost("tv") == frozenset()
    works.wait(MINUTE)
    told = works.say(tower, DOWN)
    assert changed(told) == {"tv": ("north",)}
    assert tower not in at_risk(works.infra.installations)


def test_a_degraded_one_puts_nothing_at_risk_and_is_shown_degraded(works):
    _, substation, _ = the_tower(works)
    works.say(substation, DEGRADED)
    assert works.one(substation).condition is DEGRADED
    assert at_risk(works.infra.installations) == {}


# -- erased ----------------------------------------------------------------------------------------


def test_erased_its_words_go_and_what_was_said_stays(works):
    tower = works.add("tower")
    works.describe(tower, facility("tall tower"))
    works.say(tower, DOWN, struck=True)
    (erased,) = works.erase(tower)
    assert isinstance(erased, ie.InstallationErased)
    assert erased.contents == ("hash tower", "new hash of tall tower")
    one = works.one(tower)
    assert (one.facility, one.erased, one.condition, one.struck) == (None, True, DOWN, 1)
    assert works.erase(tower) == ()
    for command in (works.saying(tower, WORKING), works.describing(tower, facility("tower"))):
        assert refused(works.ask(command)) == ("unknown-installation", "/id")


def test_erasing_takes_a_reason(works):
    tower = works.add("tower")
    command = ic.EraseInstallation(installation_id=tower, reason=" ")
    assert refused(works.ask(command)) == ("reason-missing", "/reason")


def test_erasing_what_is_down_gives_no_channel_back(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    assert changed(works.erase(tower)) == {}
    assert works.lost("tv") == works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}
    works.add("elsewhere", serves={"tv": ("city",)})  # whatever is decided next gives none back
    assert works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}


@pytest.mark.parametrize("word", [WORKING, DEGRADED])
def test_after_that_a_person_says_that_the_channel_carries(works, word):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.erase(tower)
    assert changed(works.set("tv", word, "n1")) == {"tv": ("n2",)}
    assert works.lost("tv") == {"n2a", "n2b"}


def test_erased_and_nobody_s_word_taken_back_the_loss_stays(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.erase(tower)
    assert works.set("tv", None, "north") == ()  # nobody had said anything of the channel
    works.set("tv", DOWN, "n1")
    assert changed(works.set("tv", None, "north")) == {}
    assert works.lost("tv") == works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}


def test_erasing_the_last_that_works_beside_one_that_is_down_loses_the_channel(works):
    tower, mast = (works.add(name, serves={"tv": ("n1",)}) for name in ("tower", "mast"))
    works.say(tower, DOWN)
    works.say(mast, WORKING)
    assert works.lost("tv") == frozenset()
    assert changed(works.erase(mast)) == {"tv": ("n1",)}


@pytest.mark.parametrize("serves", [{}, {"tv": ("n1",)}, {"radio": ("north",)}])
def test_describing_what_is_down_otherwise_gives_no_channel_back(works, serves):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.describe(tower, facility("tower", serves=serves))
    assert works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}


def test_entering_another_gives_no_channel_back_before_it_is_said_to_work(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    mast = works.add("mast", serves={"tv": ("n1",)})
    assert works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}
    works.say(mast, UNKNOWN)
    assert works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}
    works.wait(MINUTE)
    assert changed(works.say(mast, WORKING)) == {"tv": ("n2",)}


# -- without the key -------------------------------------------------------------------------------


def test_without_the_key_only_losses_are_added(works):
    tower, mast = (works.add(n, serves={"tv": (at,)}) for n, at in (("t", "n1"), ("m", "n2")))
    works.say(tower, DOWN)
    works.lose_the_key()
    for command in (
        works.saying(tower, WORKING, as_of=works.now),
        works.saying(mast, WORKING),
        works.setting("tv", None, "north"),
        works.setting("tv", UNKNOWN, "north"),
        enter(serves={"tv": ("north",)}),
        ic.EraseInstallation(installation_id=tower, reason="It leaked."),
    ):
        assert changed(works.tell(command)) == {}, command
    assert works.told("tv") == {"n1a", "n1b", "n1c"}
    works.set("tv", DOWN, "city")
    assert works.told("tv") == {"n1a", "n1b", "n1c", "city"}


def test_without_the_key_a_person_can_still_say_that_a_channel_carries(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.lose_the_key()
    assert changed(works.set("tv", WORKING, "n2")) == {"tv": ("n1",)}


def test_erasing_what_does_not_open_gives_nothing_back(works):
    tower = works.add("tower", serves={"tv": ("north",)})
    works.say(tower, DOWN)
    works.lose_the_key()
    assert changed(works.erase(tower)) == {}
    works.add("plant")
    assert works.told("tv") == {"n1a", "n1b", "n1c", "n2a", "n2b"}


def test_what_does_not_open_is_reported_by_who_may_act_everywhere(works):
    tower = works.add("tower")
    works.lose_the_key()
    local = keeper(regions=("north",))
    for command in (
        works.saying(tower, DOWN),
        ic.EraseInstallation(installation_id=tower, reason="It leaked."),
    ):
        assert refused(works.ask(command, local)) == ("outside-jurisdiction", "/id")
        assert works.ask(command, keeper())


# -- who may ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_the_register_is_for_situation_officers_and_supervisors(works, role):
    tower = works.add("tower")
    may = role in (Role.SITUATION_OFFICER, Role.SUPERVISOR)
    for command in (
        enter(),
        works.saying(tower, DOWN),
        ic.EraseInstallation(installation_id=tower, reason="It leaked."),
    ):
        answer = works.ask(command, officer(role=role))
        assert isinstance(answer, tuple) if may else refused(answer)[0] == "not-allowed"


def test_an_operator_sets_a_channel_and_a_viewer_does_not(works):
    command = works.setting("tv", DOWN, "n1")
    assert works.ask(command, officer(role=Role.OPERATOR))
    answer = works.ask(command, officer(role=Role.VIEWER))
    assert refused(answer) == ("not-allowed", "/Authorization")


def test_whoever_has_the_drill_room_alone_changes_nothing_real(works):
    drill = keeper(realms=(Realm.DRILL,))
    assert refused(works.ask(enter(), drill)) == ("wrong-room", "/realm")


def test_each_keeps_what_lies_in_his_own_regions(works):
    tower = works.add("tower", at="s1a")
    north = keeper(regions=("north",))
    for command, field in (
        (enter(at="s1a"), "/where/geocode"),
        (enter(serves={"tv": ("n1", "city")}), "/serves/0/regions"),
        (works.saying(tower, DOWN), "/id"),
        (ic.EraseInstallation(installation_id=tower, reason="r"), "/id"),
        (works.describing(tower, facility("tower", at="n1a")), "/id"),
        (works.setting("tv", DOWN, "n1", "city"), "/regions"),
    ):
        rule, at = refused(works.ask(command, north))
        assert rule == "outside-jurisdiction"
        assert at.startswith(field), command
    assert works.ask(enter(at="n2a", serves={"tv": ("n2",)}), north)


# -- channels by hand ------------------------------------------------------------------------------

NO_CHANNEL = {
    "unknown": (Works.setting("smoke", DOWN, "n1"), "unknown-channel", "/channel"),
    "nowhere": (Works.setting("tv", DOWN), "empty-area", "/regions"),
    "moon": (Works.setting("tv", DOWN, "n1", "moon"), "unknown-region", "/regions/1"),
    "nobody": (Works.setting("tv", DOWN, "n1", source=""), "source-missing", "/source"),
    "not yet": (Works.setting("tv", DOWN, "n1", as_of=NOW + MINUTE), "time-in-future", "/as_of"),
}


@pytest.mark.parametrize("slip", NO_CHANNEL)
def test_a_word_on_a_channel_that_cannot_stand_is_refused_by_its_field(works, slip):
    command, rule, field = NO_CHANNEL[slip]
    assert refused(works.ask(command)) == (rule, field)


def test_a_word_that_takes_nothing_back_is_not_recorded(works):
    assert works.set("tv", None, "north") == ()


def test_a_person_s_word_is_recorded_though_people_know_it(works):
    works.say(works.add("tower", serves={"tv": ("north",)}), DOWN)
    told = works.set("tv", DOWN, "north")
    assert [type(each) for each in told] == [ie.ChannelSet]


# -- paged -----------------------------------------------------------------------------------------


def paged(events):
    """The reasons why officers are called by these events."""
    return [each.why for each in events if isinstance(each, OfficersPaged)]


def test_officers_are_called_once_when_a_region_loses_its_last_channel(works):
    assert paged(works.set("sirens", DOWN, "n1")) == []
    assert paged(works.set("radio", DOWN, "n1")) == []
    assert paged(works.set("tv", DOWN, "n1")) == [PageReason.CHANNELS_LOST]
    works.wait(MINUTE)
    assert paged(works.set("tv", DOWN, "n1", source="a mayor")) == []
    assert paged(works.set("tv", WORKING, "n1a")) == []
    assert paged(works.set("tv", DOWN, "n1a")) == [PageReason.CHANNELS_LOST]


# -- people learn of the channel and of nothing else -----------------------------------------------


def test_a_hidden_installation_moves_what_people_see_as_an_officer_s_word_does():
    by_hand, hidden = (Works.with_mandates(WIRED) for _ in range(2))
    _, _, tower = the_tower(hidden)
    told = by_hand.set("tv", DOWN, "north")
    fell = hidden.say(tower, DOWN, struck=True)

    def public(events):
        return [e for e in events if ev.audience_of_event(e) is Audience.PUBLIC]

    assert (
        public(fell)
        == public(told)
        == [ie.ChannelsChanged(at=NOW, channel="tv", may_not=("north",))]
    )
    assert [codec.encode(e) for e in public(fell)] == [codec.encode(e) for e in public(told)]
    numbers = [[ev.is_sequenced(e) for e in public(story.events)] for story in (by_hand, hidden)]
    assert numbers[0] == numbers[1]
    tower_s = codec.encode(public(fell)[0])[2]
    for word in (b"tower", tower.encode(), b"strike", b"source"):
        assert word not in tower_s


def test_what_was_entered_and_what_fell_without_a_channel_is_for_the_desk(works):
    plant, substation, _ = the_tower(works)
    works.say(plant, DOWN, struck=True)
    works.erase(substation)
    public = [
        each for each in works.events
        if ev.audience_of_event(each) is Audience.PUBLIC and not isinstance(each, ev.MandateGiven)
    ]  # fmt: skip
    assert public == []


# -- the fold --------------------------------------------------------------------------------------


def test_words_on_what_was_never_entered_change_nothing():
    empty = Infrastructure()
    said = ie.ConditionReported(
        at=NOW, installation_id="x", condition=DOWN, as_of=NOW, source="s", by=""
    )
    gone = ie.InstallationErased(at=NOW, installation_id="x", contents=(), reason="r")
    assert fold_infra(empty, said) == fold_infra(empty, gone) == empty


def test_no_name_and_no_place_of_an_installation_stands_in_the_journal_s_bytes(works):
    told = facility("secret mast", note="behind the wood", serves={"tv": ("n2",)})
    (entered,) = works.tell(ic.RegisterInstallation(facility=told, content="c0ffee"))
    works.say(works.add("plant"), DOWN, struck=True)
    assert isinstance(entered, ie.InstallationRegistered)
    assert entered.facility == told
    written = b"".join(codec.encode(each)[2] for each in works.events)
    assert b"c0ffee" in written
    for word in (b"mast", b"wood", b"substation", b'"tv"', b"n2"):
        assert word not in written, word
