"""The doors of what issue 5 brought: who is let in, what is no command, what is about nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from kit.chronicle import RESCUE, Chronicle
from kit.observers import STRONG, Watch
from kit.works import DOWN, WIRED, Works, keeper
from kit.world import HOUR, LANGUAGES, NOW, officer
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core import ledger_commands as lc
from tocsin.core import notice_commands as nc
from tocsin.core import notice_events as ne
from tocsin.core.alert import Realm
from tocsin.core.area import Area
from tocsin.core.authority import Role
from tocsin.core.control import Control, ControlSet, SetControl
from tocsin.core.evacuation import too_late
from tocsin.core.events import AlertEvent, audience_of_event, subject_of
from tocsin.core.facilities import PostureLevel
from tocsin.core.infra import _places, _register, decide_infra
from tocsin.core.infrastructure import Infrastructure, fold_infra
from tocsin.core.notice import _area, decide_notice
from tocsin.core.notices import Notices, fold_notices
from tocsin.core.refusals import Refusal, Rule
from tocsin.core.state import evolve

HERE = Area(regions=("n1",))
TELL = nc.TellCounterfeit(area=HERE, words="hash", languages=LANGUAGES)
LOOK = nc.KeepWatch(
    hazard="chemical", regions=("n1",), voice=RESCUE, as_of=NOW, fresh_until=NOW + HOUR,
    words="hash", languages=LANGUAGES, sentences=("Levels are as usual.",),
)  # fmt: skip


# -- where an installation lies --------------------------------------------------------------------


@pytest.fixture
def works() -> Works:
    return Works.with_mandates(WIRED)


def naming(tower):
    """The commands that name an installation and take no right to the register, by field."""
    return {
        "/scope/installations/0": ic.ReportOutage(
            service="power", source="the grid", regions=("n1a",), installations=(tower,), tell=False
        ),
        "/installation": ic.SetPosture(
            level=PostureLevel.HIGH, reason="r", ordered_by="the staff", for_whom="the guards",
            installation_id=tower,
        ),
    }  # fmt: skip


@pytest.mark.parametrize("field", ["/scope/installations/0", "/installation"])
@pytest.mark.parametrize("is_open", [True, False], ids=["with the key", "without"])
def test_who_does_not_see_the_register_learns_no_region_from_a_refusal(works, field, is_open):
    tower = works.add("tower", at="s1a")
    if not is_open:
        works.lose_the_key()
    answer = works.ask(naming(tower)[field], officer(role=Role.OPERATOR, regions=("north",)))
    assert isinstance(answer, Refusal)
    assert (answer.rule, answer.field) == (Rule.OUTSIDE_JURISDICTION, field)
    assert answer.help == "Anna keeps no record of its region."


@pytest.mark.parametrize("field", ["/scope/installations/0", "/installation"])
def test_who_keeps_the_register_reads_which_region_is_foreign(works, field):
    tower = works.add("tower", at="s1a")
    answer = works.ask(naming(tower)[field], keeper(regions=("north",)))
    assert isinstance(answer, Refusal)
    assert (answer.field, answer.help) == (field, "Anna keeps no record of s1a.")
    for command in naming(works.add("mine", at="n1a")).values():
        assert works.ask(command, keeper(regions=("north",)))


def test_a_foreign_region_of_ones_own_naming_is_told_to_anybody(works):
    tower = works.add("tower", at="s1a")
    command = replace(naming(tower)["/scope/installations/0"], regions=("n1a", "city"))
    answer = works.ask(command, officer(role=Role.OPERATOR, regions=("north",)))
    assert isinstance(answer, Refusal)
    assert (answer.field, answer.help) == ("/regions/1", "Anna keeps no record of city.")


# -- who is let in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [TELL, LOOK], ids=["a lie", "a watch"])
def test_notices_are_given_by_officers_of_the_live_room(command):
    story = Chronicle.with_mandates()
    for warrant, rule in (
        (officer(role=Role.VIEWER), Rule.NOT_ALLOWED),
        (officer(realms=(Realm.DRILL,)), Rule.WRONG_ROOM),
        (officer(regions=("s1",)), Rule.OUTSIDE_JURISDICTION),
    ):
        assert story.refused(command, warrant).rule is rule
    assert story.tell(command, officer(regions=("n1",)))


def test_a_notice_is_ended_where_one_may_warn():
    story = Chronicle.with_mandates()
    (kept,), (told,) = story.tell(LOOK), story.tell(TELL)
    ends = (nc.EndWatch(watch_id=kept.watch_id), nc.EndCounterfeit(notice_id=told.notice_id))
    for command in ends:
        refused = story.refused(command, officer(regions=("s1",)))
        assert refused.rule is Rule.OUTSIDE_JURISDICTION
        assert story.tell(command, officer(regions=("n1",)))


def test_guidance_that_would_hold_no_longer_is_refused():
    story = Chronicle.with_mandates()
    guide = lc.GiveGuidance(area=HERE, words="hash", languages=LANGUAGES, until=story.now)
    refused = story.refused(guide)
    assert (refused.rule, refused.field) == (Rule.DEADLINE_PAST, "/until")
    (given,) = story.tell(replace(guide, until=story.now + HOUR))
    held = story.ledger.guidance[given.guidance_id]
    assert held.holds(story.now)
    assert not held.holds(story.now + HOUR)
    story.tell(lc.EndGuidance(guidance_id=held.id))
    assert not story.ledger.guidance[held.id].holds(story.now)


# -- what is no command, and no event --------------------------------------------------------------


def test_what_no_match_knows_is_a_fault_and_never_let_through(works):
    world, state = works.world, works.state
    for call in (
        lambda: decide_infra(world, state, "x", NOW, (), None),  # type: ignore[arg-type]
        lambda: decide_notice(world, state, "x", NOW, (), None),  # type: ignore[arg-type]
        lambda: _area(state, "x"),  # type: ignore[arg-type]
        lambda: fold_infra(Infrastructure(), "x"),  # type: ignore[arg-type]
        lambda: fold_notices(Notices(), "x"),  # type: ignore[arg-type]
    ):
        with pytest.raises(AssertionError):
            call()


def test_each_command_names_its_regions_or_its_installation(works):
    tower = works.add("tower", at="n1a")
    commands = [
        works.saying(tower, DOWN),
        ic.EraseInstallation(installation_id=tower, reason="r"),
        works.setting("tv", DOWN, "n1"),
        ic.RegisterInstallation(facility=works.one(tower).facility, content="h"),
        *naming(tower).values(),
    ]
    assert {type(each) for each in commands} == set(get_args(ic.InfraCommand))
    for each in commands:
        found = [
            *_places(works.world, works.state, each),
            *_register(works.world, works.state, each),
        ]
        assert found, each


NOTHING = (
    ie.ConditionReported(at=NOW, installation_id="x", condition=DOWN, as_of=NOW, source="s"),
    ie.InstallationErased(at=NOW, installation_id="x", contents=(), reason="r"),
    ie.OutageTraced(at=NOW, outage_id="x"),
    ne.WatchEnded(at=NOW, watch_id="x"),
    ne.CounterfeitEnded(at=NOW, notice_id="x"),
)


@pytest.mark.parametrize("event", NOTHING, ids=lambda each: type(each).__name__)
def test_what_is_about_something_unknown_changes_nothing(event, works):
    before = works.state
    after = evolve(before, event)
    assert (after.infra, after.notices) == (before.infra, before.notices)


# -- what an event is about ------------------------------------------------------------------------


def test_each_event_names_what_it_made_or_changed(works):
    tower = works.add("tower", at="n1a")
    works.say(tower, DOWN)
    works.erase(tower)
    assert {subject_of(each) for each in works.events if isinstance(each, SUBJECTS)} == {tower}
    story = Works.with_mandates(WIRED)
    outage = story.tell(naming(story.add("t"))["/scope/installations/0"])
    assert len({subject_of(each) for each in outage}) == 1
    posture = story.tell(naming(story.add("u"))["/installation"])
    assert subject_of(posture[0]) == posture[0].posture_id
    (kept,), (told,) = story.tell(LOOK), story.tell(TELL)
    (stopped,) = story.tell(nc.EndWatch(watch_id=kept.watch_id))
    (ended,) = story.tell(nc.EndCounterfeit(notice_id=told.notice_id))
    assert subject_of(kept) == subject_of(stopped) == kept.watch_id
    assert subject_of(told) == subject_of(ended) == told.notice_id
    lost = story.tell(SetControl(regions=("n1",), control=Control.LOST, source="The staff."))
    assert [subject_of(each) for each in lost if isinstance(each, ControlSet)] == [
        story.state.control[-1].id
    ]
    watch = Watch()
    taken = watch.take(STRONG, "n1a")
    assert subject_of(taken) == taken.threat_id
    drafted = next(each for each in watch.events if hasattr(each, "draft_id"))
    assert subject_of(drafted) == watch.draft.id
    alert = story.issue("n2")
    assert alert
    assert all(subject_of(each) is None for each in story.events if isinstance(each, AlertEvent))


SUBJECTS = (ie.InstallationRegistered, ie.ConditionReported, ie.InstallationErased)


def test_an_outage_is_public_from_the_moment_people_are_told():
    story = Chronicle.with_mandates(WIRED)
    out = ic.ReportOutage(service="power", source="the grid", regions=("n1",), tell=False)
    hidden = story.tell(out)
    known = story.tell(replace(out, outage_id=hidden[0].outage_id, tell=True))
    assert [audience_of_event(each).value for each in (*hidden, *known)] == ["desk", "public"]


def test_a_plan_that_is_not_there_has_no_deadline_to_miss():
    assert too_late(None, NOW, HOUR) is None
