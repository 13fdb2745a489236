"""Outages: what is refused, what is kept, and that what people were told stays told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.chronicle import Chronicle
from kit.world import HOUR, MINUTE, NOW, officer
from tocsin.core import infra_commands as ic
from tocsin.core import infra_events as ie
from tocsin.core.claims import Figure, Measure, Qualifier, Where
from tocsin.core.facilities import Facility, Share
from tocsin.core.infra_outages import began_told, ended_told, last_said, silent_from
from tocsin.core.infrastructure import SHARES_KEPT, Infrastructure, fold_infra
from tocsin.core.publication import Publication

ANNA = officer("anna")


@pytest.fixture
def story() -> Chronicle:
    return Chronicle.with_mandates()


def out(**more):
    usual = {"service": "power", "source": "The grid", "regions": ("n1",)}
    return ic.ReportOutage(**{**usual, **more})


def count(value=None, qualifier=Qualifier.HUNDREDS, what="settlements"):
    return Figure(measures=(Measure.OUT,), qualifier=qualifier, value=value, what=what)


def refused(story, command, warrant=None):
    """The rule and the field of a refusal."""
    found = story.refused(command, warrant)
    return found.rule.value, found.field


def told(story, command=None, **more):
    """Report an outage and return how it stands."""
    return held(story, story.tell(command or out(**more))[0].outage_id)


def held(story, name):
    return story.state.infra.outages[name]


def a_substation(story):
    facility = Facility(kind="substation", name="East", where=Where(geocode="n1a"))
    command = ic.RegisterInstallation(facility=facility, content="hash")
    return story.tell(command)[0].installation_id


# -- what is refused -----------------------------------------------------------------------------

SLIPS = {
    "another service": ({"service": "post"}, "bad-value", "/service"),
    "nowhere": ({"regions": ()}, "empty-area", "/scope/regions"),
    "an unknown region": ({"regions": ("n1", "x")}, "unknown-region", "/scope/regions/1"),
    "a blank settlement": ({"settlements": ("A", " ")}, "bad-value", "/scope/settlements/1"),
    "more than all": ({"restored_share": 1.01}, "share-out-of-range", "/restored_share"),
    "less than none": ({"restored_share": -0.1}, "share-out-of-range", "/restored_share"),
    "no number": ({"restored_share": float("nan")}, "share-out-of-range", "/restored_share"),
    "no end of it": ({"restored_share": float("inf")}, "share-out-of-range", "/restored_share"),
    "nobody says so": ({"source": " "}, "source-missing", "/source"),
    "counting nothing": ({"figure": count(what=" ")}, "bad-value", "/scope/count/of"),
    "hundreds that are 300": ({"figure": count(300)}, "bad-value", "/scope/count/value"),
    "exactly nothing said": (
        {"figure": count(None, Qualifier.EXACT)}, "bad-value", "/scope/count/value",
    ),
    "fewer than none": ({"figure": count(-1, Qualifier.EXACT)}, "bad-value", "/scope/count/value"),
    "too many": ({"figure": count(10**10, Qualifier.EXACT)}, "bad-value", "/scope/count/value"),
    "begun tomorrow": ({"began": NOW + MINUTE}, "time-in-future", "/began"),
    "back tomorrow": ({"ended_at": NOW + MINUTE}, "time-in-future", "/ended"),
    "back before it was out": (
        {"began": NOW - HOUR, "ended_at": NOW - 2 * HOUR}, "restored-before-outage", "/ended",
    ),
    "expected before it was out": (
        {"began": NOW - HOUR, "expected_end": NOW - 2 * HOUR}, "restored-before-outage",
        "/expected_end",
    ),
    "an unknown installation": (
        {"installations": ("x",)}, "unknown-installation", "/scope/installations/0",
    ),
    "an unknown incident": ({"incident_id": "x"}, "unknown-incident", "/incident"),
    "an unknown outage": ({"outage_id": "x"}, "unknown-outage", "/id"),
}  # fmt: skip


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_is_refused_by_its_rule_and_field(story, name):
    more, rule, field = SLIPS[name]
    assert refused(story, out(**more)) == (rule, field)


def test_an_outage_outside_ones_regions_is_refused_before_and_after_it_is_moved(story):
    mine = officer("ivan", regions=("n1",))
    assert refused(story, out(regions=("s1",)), mine) == ("outside-jurisdiction", "/regions/0")
    theirs = told(story, regions=("s1",))
    moved = out(outage_id=theirs.id, regions=("n1",))
    assert refused(story, moved, mine) == ("outside-jurisdiction", "/id")


# -- what is kept --------------------------------------------------------------------------------


def test_an_outage_is_kept_as_it_was_said(story):
    some = count()
    one = told(
        story, regions=("n1a", "n1b", "n1c"), settlements=("A", "B", "A"), figure=some,
        began=NOW - HOUR, expected_end=NOW + HOUR, restored_share=0.25,
    )  # fmt: skip
    assert one.regions == ("n1",)  # the fewest that say it
    assert (one.settlements, one.figure) == (("A", "B"), some)
    assert (one.began, one.expected_end, one.ended_at) == (NOW - HOUR, NOW + HOUR, None)
    assert (one.restored_share, one.told, one.revision) == (0.25, True, 1)
    assert one.public_id not in ("", one.id)


def test_none_at_all_may_be_said_with_and_without_its_nought(story):
    for value in (None, 0):
        one = told(story, figure=count(value, Qualifier.NONE))
        assert one.figure.high == 0
    assert told(story, figure=count(350, Qualifier.ABOUT)).figure.value == 350


def test_what_nobody_said_began_now_and_keeps_its_beginning(story):
    one = told(story)
    story.wait(HOUR)
    story.tell(out(outage_id=one.id, restored_share=0.5))
    assert held(story, one.id).began == NOW
    assert held(story, one.id).revision == 2


def test_the_same_again_is_recorded_once(story):
    one = told(story)
    story.wait(HOUR)
    assert story.tell(out(outage_id=one.id)) == ()


def test_the_same_again_after_a_day_is_a_word_that_it_lasts(story):
    one = told(story)
    policy = story.world.publication
    story.wait(policy.silent_after / 3 - MINUTE)
    assert story.tell(out(outage_id=one.id)) == ()
    assert silent_from(policy, held(story, one.id)) == NOW + policy.silent_after
    story.wait(MINUTE)
    story.tell(out(outage_id=one.id))
    assert last_said(held(story, one.id)) == story.now
    assert silent_from(policy, held(story, one.id)) == story.now + policy.silent_after
    story.tell(out(outage_id=one.id, restored_share=1.0))
    story.wait(policy.silent_after)
    assert story.tell(out(outage_id=one.id, restored_share=1.0)) == ()
    assert silent_from(policy, held(story, one.id)) is None


def test_all_of_it_back_is_its_end_from_the_moment_that_was_said(story):
    one = told(story)
    story.wait(HOUR)
    story.tell(out(outage_id=one.id, restored_share=1.0))
    assert held(story, one.id).ended_at == NOW + HOUR
    story.wait(HOUR)
    assert story.tell(out(outage_id=one.id, restored_share=1.0)) == ()
    assert held(story, one.id).ended_at == NOW + HOUR


def test_an_end_makes_it_whole_and_what_is_out_again_is_a_new_one(story):
    one = told(story, began=NOW - HOUR, ended_at=NOW, restored_share=0.3)
    assert (one.restored_share, one.ended_at) == (1.0, NOW)
    story.wait(MINUTE)
    again = out(outage_id=one.id, restored_share=0.5)
    assert refused(story, again) == ("not-as-it-stands", "/id")
    story.tell(out(outage_id=one.id, ended_at=NOW - MINUTE))  # its end may be put right
    assert held(story, one.id).ended_at == NOW - MINUTE


def test_a_beginning_of_long_ago_is_a_slip_but_what_lasts_so_long_is_told_on(story):
    year = timedelta(days=366)
    assert refused(story, out(began=NOW - year - MINUTE)) == ("bad-value", "/began")
    one = told(story, began=NOW - year)
    story.wait(HOUR)
    for began in (None, NOW - year):
        assert story.tell(out(outage_id=one.id, began=began, source=f"The grid {began}"))
    moved = out(outage_id=one.id, began=NOW - year - MINUTE)
    assert refused(story, moved) == ("bad-value", "/began")


def test_what_people_were_told_cannot_be_untold(story):
    one = told(story)
    story.wait(MINUTE)
    story.tell(out(outage_id=one.id, tell=False, restored_share=0.5))
    assert held(story, one.id).told
    assert held(story, one.id).public_id == one.public_id


def test_people_get_a_name_for_it_and_a_first_revision_once_they_are_told(story):
    one = told(story, tell=False)
    assert (one.told, one.public_id) == (False, "")
    story.wait(MINUTE)
    story.tell(out(outage_id=one.id, tell=False, restored_share=0.2))
    story.wait(MINUTE)
    story.tell(out(outage_id=one.id, restored_share=0.4))
    known = held(story, one.id)
    assert (known.told, known.revision, known.handle) == (True, 1, one.handle)
    assert known.public_id not in ("", one.id)
    assert known.shares == (Share(at=NOW + 2 * MINUTE, restored=0.4),)  # not what the desk knew


# -- what it comes from --------------------------------------------------------------------------


def test_what_it_comes_from_is_recorded_apart_and_tells_people_nothing(story):
    name = a_substation(story)
    incident = story.open()
    said, traced = story.tell(out(installations=(name, name), incident_id=incident))
    assert isinstance(said, ie.OutageReported)
    assert isinstance(traced, ie.OutageTraced)
    assert traced.installations == (name,)
    one = held(story, said.outage_id)
    assert (one.installations, one.incident_id) == ((name,), incident)
    story.wait(MINUTE)
    (only,) = story.tell(out(outage_id=one.id, installations=(name,)))
    assert isinstance(only, ie.OutageTraced)
    assert (held(story, one.id).incident_id, held(story, one.id).revision) == (None, 1)


def test_an_outage_goes_on_being_kept_when_what_it_came_from_was_erased(story):
    name = a_substation(story)
    one = told(story, installations=(name,))
    story.tell(ic.EraseInstallation(installation_id=name, reason="asked for"))
    more = out(outage_id=one.id, installations=(name,), restored_share=0.5)
    assert story.tell(more, ANNA)
    anew = out(installations=(name,))
    assert refused(story, anew) == ("unknown-installation", "/scope/installations/0")


# -- shares and times ----------------------------------------------------------------------------


def test_shares_are_kept_with_their_moments_and_an_end_is_none_of_them(story):
    one = told(story)
    for share in (0.5, 0.5, 0.8, 1.0):
        story.wait(HOUR)
        story.tell(out(outage_id=one.id, restored_share=share))
    assert [(each.at - NOW, each.restored) for each in held(story, one.id).shares] == [
        (timedelta(), 0.0), (HOUR, 0.5), (3 * HOUR, 0.8),
    ]  # fmt: skip


def test_of_very_many_shares_the_first_and_the_newest_are_kept():
    infra = Infrastructure()
    for number in range(SHARES_KEPT + 2):
        event = ie.OutageReported(
            at=NOW + number * MINUTE, outage_id="o", handle="O", service="power", regions=("n1",),
            began=NOW, source="s", restored_share=number % 2 / 2, told=True,
        )  # fmt: skip
        infra = fold_infra(infra, event)
    shares = infra.outages["o"].shares
    assert len(shares) == SHARES_KEPT
    assert (shares[0].at, shares[-1].at) == (NOW, NOW + (SHARES_KEPT + 1) * MINUTE)


def test_a_beginning_is_told_rounded_down_and_an_end_rounded_up():
    policy = Publication()
    assert began_told(policy, NOW + 59 * MINUTE) == NOW
    assert ended_told(policy, NOW + MINUTE) == NOW + HOUR
    assert began_told(policy, NOW) == ended_told(policy, NOW) == NOW
