"""The ledger's rules: who may enter, change, link and hold back what, and what is refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

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
from kit.world import DRILL, ELSEWHERE, HOUR, MINUTE, NOW, WORLD, drawn, officer
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.alert import Realm
from tocsin.core.area import Area, Circle, Polygon, Touched
from tocsin.core.authority import Role
from tocsin.core.claims import OUTLET, ClaimKind, Figure, Measure, Qualifier, Quote, Thing
from tocsin.core.incidents import LinkKind, Stage
from tocsin.core.ledger import decide_ledger
from tocsin.core.publication import DEFAULT_SITES, NEVER, Publication, SiteRule
from tocsin.core.refusals import Rule

DAY = 24 * HOUR
ANNA, IVAN = officer("anna"), officer("ivan")


@pytest.fixture
def story() -> Chronicle:
    return Chronicle.with_mandates()


def refused(story, command, warrant=None):
    """The rule and the field of a refusal."""
    found = story.refused(command, warrant)
    return found.rule, found.field


def enter(said, incident=None, **more):
    return lc.EnterClaim(saying=said, incident_id=incident, **more)


def opening(**more):
    usual = {"kind": "strike", "site": "civilian", "where": place(), "when": lasting(-HOUR)}
    return lc.OpenIncident(**{**usual, **more})


# -- who -----------------------------------------------------------------------------------------


def test_a_viewer_and_an_administrator_keep_no_ledger(story):
    for role in (Role.VIEWER, Role.ADMINISTRATOR):
        assert refused(story, opening(), officer(role=role)) == (Rule.NOT_ALLOWED, "/Authorization")


@pytest.mark.parametrize("role", [Role.SITUATION_OFFICER, Role.OPERATOR, Role.SUPERVISOR])
def test_officers_of_the_situation_keep_it_in_their_own_name(story, role):
    (event,) = story.tell(opening(by="somebody else"), officer("anna", role=role))
    assert event.by == "anna"


def test_the_ledger_has_no_drill_room(story):
    drilled = officer(realms=(Realm.DRILL,))
    assert refused(story, opening(), drilled) == (Rule.WRONG_ROOM, "/realm")


def test_only_the_clock_releases(story):
    incident = story.open(when=lasting(-9 * HOUR))
    command = lc.ReleaseIncident(incident_id=incident)
    assert refused(story, command, ANNA) == (Rule.NOT_ALLOWED, "/Authorization")
    assert story.tell(command)[0].public_id


def test_what_is_no_command_of_the_ledger_is_a_fault(story):
    with pytest.raises(AssertionError):
        decide_ledger(story.world, story.state, "nothing", NOW, (), None)


def test_an_officer_keeps_the_ledger_of_his_own_territory(story):
    """Every region that a command is about must lie in the scope of whoever asks (P21)."""
    south = officer("olha", regions=("south",))
    mine, foreign = story.open(where=place("s2")), story.open(where=place("n1a"))
    claim = story.enter(foreign, saying(figure(1)))
    loose = story.enter(None, stated(where=place("n1a"), said_at=NOW - 9 * HOUR))
    nowhere = story.enter(None, stated())
    given = story.made(guide(Area(regions=("n1",))))
    outside = Rule.OUTSIDE_JURISDICTION
    for command, field in (
        (opening(), "/where/geocode"),
        (lc.ChangeIncident(incident_id=foreign, site="critical"), "/id"),
        (lc.ChangeIncident(incident_id=mine, where=place("n1a")), "/where/geocode"),
        (enter(saying(figure(1)), foreign), "/incident"),
        (enter(saying(figure(1)), opens=opening()), "/open/where/geocode"),
        (enter(saying(kind=ClaimKind.EVACUATION, where=place("n1a"))), "/saying/where/geocode"),
        (lc.RetractClaim(claim_id=claim, reason="r"), "/id"),
        (lc.RetractClaim(claim_id=loose, reason="r"), "/id"),
        (lc.MoveClaim(claim_id=nowhere, incident_id=foreign), "/incident"),
        (lc.LinkIncidents(kind=LinkKind.PART_OF, one=mine, other=foreign, reason="r"), "/other"),
        (embargo(foreign, None), "/id"),
        (lc.EraseWords(claim_id=claim, reason="r"), "/id"),
        (guide(Area(regions=("n1",))), "/area/regions/0"),
        (lc.EndGuidance(guidance_id=given), "/area/regions/0"),
    ):
        assert refused(story, command, south) == (outside, field)
    assert story.tell(lc.RetractClaim(claim_id=nowhere, reason="r"), south)
    assert story.tell(lc.ChangeIncident(incident_id=mine, site="critical"), south)
    assert refused(story, lc.EndGuidance(guidance_id="x"), south)[0] is Rule.UNKNOWN_GUIDANCE
    assert refused(story, lc.RetractClaim(claim_id="x", reason="r"), south)[0] is Rule.UNKNOWN_CLAIM
    assert refused(story, embargo("x", None), south)[0] is Rule.UNKNOWN_INCIDENT


# -- what is unknown -----------------------------------------------------------------------------

WORDS = {"reason": "r"}
ABOUT_NOTHING = [
    (lc.RejectDraft(report_id="x", draft="d"), Rule.UNKNOWN_REPORT, "/id"),
    (lc.FinishReport(report_id="x"), Rule.UNKNOWN_REPORT, "/id"),
    (lc.EraseWords(report_id="x", **WORDS), Rule.UNKNOWN_REPORT, "/id"),
    (lc.EraseWords(claim_id="x", **WORDS), Rule.UNKNOWN_CLAIM, "/id"),
    (lc.EraseWords(**WORDS), Rule.UNKNOWN_CLAIM, "/id"),
    (lc.ChangeIncident(incident_id="x"), Rule.UNKNOWN_INCIDENT, "/id"),
    (enter(saying(figure(1)), "x"), Rule.UNKNOWN_INCIDENT, "/incident"),
    (enter(stated(report_id="x")), Rule.UNKNOWN_REPORT, "/report"),
    (lc.CorrectClaim(claim_id="x", saying=stated(), **WORDS), Rule.UNKNOWN_CLAIM, "/id"),
    (lc.RetractClaim(claim_id="x", **WORDS), Rule.UNKNOWN_CLAIM, "/id"),
    (lc.MoveClaim(claim_id="x", incident_id=None), Rule.UNKNOWN_CLAIM, "/id"),
    (lc.LinkIncidents(kind=LinkKind.SAME_AS, one="x", other="y", **WORDS),
     Rule.UNKNOWN_INCIDENT, "/one"),
    (lc.SetEmbargo(incident_id="x", until=None, **WORDS), Rule.UNKNOWN_INCIDENT, "/id"),
    (lc.ApproveEmbargo(incident_id="x", ask_id="a"), Rule.UNKNOWN_INCIDENT, "/id"),
    (lc.AnnounceIncident(incident_id="x"), Rule.UNKNOWN_INCIDENT, "/id"),
    (lc.ReleaseIncident(incident_id="x"), Rule.UNKNOWN_INCIDENT, "/id"),
    (lc.EndGuidance(guidance_id="x"), Rule.UNKNOWN_GUIDANCE, "/id"),
    (lc.GiveGuidance(area=Area(regions=("n1",)), words="w", languages=("uk", "en"),
                     incident_id="x"), Rule.UNKNOWN_INCIDENT, "/incident"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("command", "rule", "field"), ABOUT_NOTHING, ids=lambda each: type(each).__name__
)
def test_what_nobody_knows_is_refused_by_name(story, command, rule, field):
    assert refused(story, command) == (rule, field)


def test_a_link_and_a_move_name_what_is_unknown_at_the_other_end(story):
    incident = story.open()
    claim = story.enter(incident, saying(figure(1)))
    link = lc.LinkIncidents(kind=LinkKind.PART_OF, one=incident, other="x", reason="r")
    assert refused(story, link) == (Rule.UNKNOWN_INCIDENT, "/other")
    move = lc.MoveClaim(claim_id=claim, incident_id="x")
    assert refused(story, move) == (Rule.UNKNOWN_INCIDENT, "/incident")


@pytest.mark.parametrize("reason", ["", "  "])
def test_every_change_of_the_record_says_why(story, reason):
    incident, other = story.open(), story.open()
    claim = story.enter(incident, saying(figure(1)))
    why = {"reason": reason}
    for command in (
        lc.CorrectClaim(claim_id=claim, saying=saying(figure(2)), **why),
        lc.RetractClaim(claim_id=claim, **why),
        lc.LinkIncidents(kind=LinkKind.PART_OF, one=incident, other=other, **why),
        lc.SetEmbargo(incident_id=incident, until=None, **why),
        lc.EraseWords(claim_id=claim, **why),
    ):
        assert refused(story, command) == (Rule.REASON_MISSING, "/reason")


# -- reports -------------------------------------------------------------------------------------


def take(story, digest="digest", **more):
    return story.tell(lc.TakeReport(outlet="Gazette", published="", language="en", content="text",
                                    digest=digest, **more))  # fmt: skip


def test_the_same_report_twice_is_one(story):
    assert len(take(story)) == 1
    assert take(story) == ()
    assert len(take(story, digest="another")) == 1


def test_a_draft_is_rejected_once_and_a_report_finished_once(story):
    (taken,) = take(story)
    for command in (
        lc.RejectDraft(report_id=taken.report_id, draft="d"),
        lc.FinishReport(report_id=taken.report_id),
    ):
        assert len(story.tell(command)) == 1
        assert story.tell(command) == ()
    assert story.ledger.reports[taken.report_id].done_at == NOW


def test_a_draft_is_confirmed_once(story):
    (taken,) = take(story)
    story.enter(None, stated(report_id=taken.report_id, draft="d"))
    again = enter(stated(report_id=taken.report_id, draft="d"))
    assert refused(story, again) == (Rule.DRAFT_ANSWERED, "/draft")
    assert story.enter(None, stated(report_id=taken.report_id))


def test_a_person_confirms_a_draft_and_no_machine(story):
    (taken,) = take(story)
    said = stated(report_id=taken.report_id, draft="statement-0-9")

    assert refused(story, enter(said), officer(is_machine=True)) == (
        Rule.NOT_ALLOWED, "/Authorization",
    )  # fmt: skip
    assert story.enter(None, said)


def test_erasing_a_report_names_its_text_its_quotes_and_what_a_model_proposed(story):
    (taken,) = take(story, proposed="model")
    report = taken.report_id
    story.enter(None, stated(report_id=report, quote=Quote(content="q1")))
    story.enter(None, stated(report_id=report))
    story.enter(None, stated(quote=Quote(content="other")))
    (erased,) = story.tell(lc.EraseWords(report_id=report, reason="asked for"))
    assert erased.contents == ("model", "q1", "text")
    again = lc.EraseWords(report_id=report, reason="asked for")
    assert story.tell(again) == ()
    story.enter(None, stated(report_id=report, quote=Quote(content="q2")))
    assert "q2" in story.tell(again)[0].contents


def test_a_quote_is_erased_once_and_a_claim_without_one_has_none(story):
    quoted = story.enter(None, stated(quote=Quote(content="q")))
    plain = story.enter(None, stated())
    (erased,) = story.tell(lc.EraseWords(claim_id=quoted, reason="r"))
    assert (erased.contents, erased.report_id) == (("q",), None)
    assert story.tell(lc.EraseWords(claim_id=quoted, reason="r")) == ()
    assert story.tell(lc.EraseWords(claim_id=plain, reason="r")) == ()


# -- incidents -----------------------------------------------------------------------------------

BAD_INCIDENTS = [
    ({"kind": "party"}, Rule.BAD_VALUE, "/kind"),
    ({"site": "moon"}, Rule.BAD_VALUE, "/site"),
    ({"where": place("x")}, Rule.UNKNOWN_REGION, "/where/geocode"),
    ({"where": place(position=(181.0, 0.0))}, Rule.POSITION_OUT_OF_RANGE, "/where/position"),
    ({"where": place(position=(0.0, -91.0))}, Rule.POSITION_OUT_OF_RANGE, "/where/position"),
    ({"when": lasting(-HOUR, timedelta(0))}, Rule.ENDS_BEFORE_START, "/when/end"),
    ({"when": lasting(MINUTE)}, Rule.TIME_IN_FUTURE, "/when/start"),
    ({"when": lasting(-HOUR, 400 * DAY)}, Rule.TIME_IN_FUTURE, "/when/end"),
]


@pytest.mark.parametrize(("wrong", "rule", "field"), BAD_INCIDENTS)
def test_an_incident_that_cannot_be_is_refused_opened_or_changed(story, wrong, rule, field):
    assert refused(story, opening(**wrong)) == (rule, field)
    incident = story.open()
    assert refused(story, lc.ChangeIncident(incident_id=incident, **wrong)) == (rule, field)
    with_claim = enter(saying(figure(1)), opens=opening(**wrong))
    assert refused(story, with_claim) == (rule, f"/open{field}")


def test_an_incident_and_its_first_claim_are_entered_together_or_not_at_all(story):
    (opened, entered) = story.tell(enter(saying(figure(1)), opens=opening()), ANNA)
    assert entered.incident_id == opened.incident_id != entered.claim_id
    assert opened.by == entered.by == "anna"
    assert len(story.ledger.incidents[opened.incident_id].handle) == 4


def test_a_change_that_changes_nothing_is_none(story):
    incident = story.open()
    same = lc.ChangeIncident(incident_id=incident, kind="strike", is_open=True)
    assert story.tell(same) == ()


def test_links_are_made_once_and_taken_back_once(story):
    one, other = story.open(), story.open()
    for kind in LinkKind:
        link = lc.LinkIncidents(kind=kind, one=one, other=other, reason="r")
        undo = lc.LinkIncidents(kind=kind, one=one, other=other, reason="r", undo=True)
        assert story.tell(undo) == ()
        assert len(story.tell(link)) == 1
        assert story.tell(link) == ()
        assert isinstance(story.tell(undo)[-1], le.IncidentsUnlinked)
    assert story.ledger.links == ()


def loop(story, kind, one, other):
    return refused(story, lc.LinkIncidents(kind=kind, one=one, other=other, reason="r"))


def test_nothing_belongs_to_itself_in_a_circle(story):
    a, b, c = (story.open() for _ in range(3))
    for kind in LinkKind:
        assert loop(story, kind, a, a) == (Rule.LINK_LOOP, "/other")
    story.link(LinkKind.PART_OF, a, b)
    story.link(LinkKind.PART_OF, b, c)
    assert loop(story, LinkKind.PART_OF, c, a) == (Rule.LINK_LOOP, "/other")
    story.link(LinkKind.CAUSED_BY, c, a)
    assert loop(story, LinkKind.SAME_AS, a, c) == (Rule.LINK_LOOP, "/other")
    assert loop(story, LinkKind.SAME_AS, c, a) == (Rule.LINK_LOOP, "/other")
    story.link(LinkKind.PART_OF, a, c)  # by two ways, and in no circle


def test_ways_that_meet_again_are_no_circle(story):
    a, b, c, d, e = (story.open() for _ in range(5))
    for one, other in ((a, b), (a, c), (b, d), (c, d)):
        story.link(LinkKind.PART_OF, one, other)
    story.link(LinkKind.PART_OF, e, a)


def test_what_is_one_already_is_not_linked_again(story):
    a, b, c = (story.open() for _ in range(3))
    story.same(a, b)
    assert loop(story, LinkKind.SAME_AS, b, a) == (Rule.LINK_LOOP, "/other")
    assert loop(story, LinkKind.PART_OF, a, b) == (Rule.LINK_LOOP, "/other")
    assert loop(story, LinkKind.SAME_AS, a, c) == (Rule.LINK_LOOP, "/one")
    story.link(LinkKind.PART_OF, a, c)
    assert loop(story, LinkKind.PART_OF, c, b) == (Rule.LINK_LOOP, "/other"), "a is b"


# -- claims --------------------------------------------------------------------------------------

BAD_FIGURES = [
    (Figure(measures=(), qualifier=Qualifier.EXACT, value=1), "measures"),
    (figure(1, Measure.KILLED, Measure.KILLED), "measures"),
    (figure(None), "value"),
    (figure(-1), "value"),
    (figure(1_000_000_001), "value"),
    (figure(30, qualifier=Qualifier.DOZENS), "value"),
    (figure(7, qualifier=Qualifier.NONE), "value"),
]


@pytest.mark.parametrize(("wrong", "member"), BAD_FIGURES)
def test_a_figure_that_counts_nothing_countable_is_refused(story, wrong, member):
    command = enter(saying(figure(1), wrong), story.open())
    assert refused(story, command) == (Rule.BAD_VALUE, f"/figures/1/{member}")


@pytest.mark.parametrize(
    "good",
    [
        figure(0), figure(1_000_000_000), figure(None, qualifier=Qualifier.SOME),
        figure(0, qualifier=Qualifier.NONE), figure(None, qualifier=Qualifier.NONE),
    ],
)  # fmt: skip
def test_figures_that_count_are_taken(story, good):
    assert story.enter(story.open(), saying(good))


BAD_SAYINGS = [
    (saying(figure(1), outlet=" "), Rule.SOURCE_MISSING, "/outlet"),
    (saying(), Rule.MISSING_MEMBER, "/figures"),
    (saying(figure(1), said_at=NOW + MINUTE), Rule.TIME_IN_FUTURE, "/said_at"),
    (saying(figure(1), where=place("x")), Rule.UNKNOWN_REGION, "/where/geocode"),
    (saying(figure(1), happened=lasting(-HOUR, timedelta(0))), Rule.ENDS_BEFORE_START,
     "/happened/end"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "rule", "field"), BAD_SAYINGS)
def test_a_claim_that_contradicts_itself_is_refused_entered_or_corrected(story, said, rule, field):
    incident = story.open()
    assert refused(story, enter(said, incident)) == (rule, field)
    claim = story.enter(incident, saying(figure(1)))
    correct = lc.CorrectClaim(claim_id=claim, saying=said, reason="r")
    assert refused(story, correct) == (rule, field)


@pytest.mark.parametrize("voice", [LOCALS, OUTLET, RESCUE])
def test_an_official_release_has_an_authority_that_speaks(story, voice):
    nameless = replace(voice, official=True, name="")
    command = enter(saying(figure(1), voice=nameless), story.open())
    assert refused(story, command) == (Rule.BAD_VALUE, "/voice/official")


@pytest.mark.parametrize("voice", [MAYOR, RESCUE])
def test_what_another_passes_on_is_no_official_release(story, voice):
    incident, own = story.open(), replace(voice, official=True)
    passed_on = enter(saying(figure(1), voice=replace(own, via="an agency")), incident)
    assert refused(story, passed_on) == (Rule.BAD_VALUE, "/voice/official")
    assert story.enter(incident, saying(figure(1), voice=own))


def test_a_person_of_no_office_releases_nothing_officially(story):
    private = replace(MAYOR, role="", org="", official=True)
    command = enter(saying(figure(1), voice=private), story.open())
    assert refused(story, command) == (Rule.BAD_VALUE, "/voice/official")


def test_a_claim_ends_once(story):
    claim = story.enter(story.open(), saying(figure(1)))
    story.tell(lc.RetractClaim(claim_id=claim, reason="r"))
    for command in (
        lc.RetractClaim(claim_id=claim, reason="r"),
        lc.CorrectClaim(claim_id=claim, saying=saying(figure(2)), reason="r"),
        lc.MoveClaim(claim_id=claim, incident_id=None),
    ):
        assert refused(story, command) == (Rule.CLAIM_ENDED, "/id")


def test_a_correction_that_says_the_same_is_none(story):
    claim = story.enter(story.open(), saying(figure(1)))
    command = lc.CorrectClaim(claim_id=claim, saying=saying(figure(1)), reason="r")
    assert story.tell(command) == ()


BELONGS = [
    saying(figure(1)),
    saying(kind=ClaimKind.STRIKE),
    saying(kind=ClaimKind.EXPLOSION),
    saying(kind=ClaimKind.HAZARD),
    saying(kind=ClaimKind.DAMAGE),
    saying(figure(3), kind=ClaimKind.STATEMENT),
    saying(figure(3, Measure.INJURED), kind=ClaimKind.OUTAGE),
    saying(figure(3, Measure.OUT, Measure.DAMAGED), kind=ClaimKind.OUTAGE),
    saying(kind=ClaimKind.OUTAGE, things=(Thing(type="power", status="hit"),)),
    saying(kind=ClaimKind.STATEMENT, things=(Thing(type="bridge", status="destroyed"),)),
]


@pytest.mark.parametrize("said", BELONGS)
def test_what_an_incident_did_is_told_with_an_incident_and_never_alone(story, said):
    """A claim of none has no embargo: people read it at the next slot."""
    where = (Rule.INCIDENT_MISSING, "/incident")
    assert refused(story, enter(said)) == where
    loose = story.enter(None, stated())
    correct = lc.CorrectClaim(claim_id=loose, saying=said, reason="r")
    assert refused(story, correct) == where, "nor does a correction make one so"
    released = story.open(when=lasting(-9 * HOUR))
    story.next_slot()
    assert story.incident(released).stage is Stage.RELEASED
    claim = story.enter(released, replace(said, happened=lasting(-9 * HOUR)))
    assert refused(story, lc.MoveClaim(claim_id=claim, incident_id=None)) == where


ALONE = [
    stated(),
    saying(figure(40, Measure.OUT, what="settlements"), kind=ClaimKind.OUTAGE),
    saying(kind=ClaimKind.OUTAGE, things=(Thing(type="power", status="disrupted"),)),
    saying(kind=ClaimKind.RESTORATION),
    saying(kind=ClaimKind.EVACUATION),
    saying(kind=ClaimKind.SHELTER),
    saying(kind=ClaimKind.ALERT),
]


@pytest.mark.parametrize("said", ALONE)
def test_statements_and_outages_may_stand_alone(story, said):
    claim = story.enter(None, replace(said, said_at=NOW - 9 * HOUR))
    story.next_slot()
    assert [each.id for each in story.visible.loose()] == [claim]


# -- nothing early: claims -----------------------------------------------------------------------

EARLY = (Rule.EMBARGO_HOLDS, "/incident")
WAITING = [
    stated(where=place("n1a")),
    saying(kind=ClaimKind.SHELTER, where=place("n1a")),
    saying(kind=ClaimKind.ALERT, where=place("n1a")),
    saying(kind=ClaimKind.OUTAGE, where=place("n1a")),
    saying(kind=ClaimKind.RESTORATION, where=place("n1a")),
    saying(kind=ClaimKind.OUTAGE),
    saying(kind=ClaimKind.RESTORATION),
]


@pytest.mark.parametrize("said", WAITING)
def test_what_tells_of_a_moment_and_a_place_is_not_told_alone_while_it_is_fresh(story, said):
    """Its moment is the end of what happened, else when it was said, else now."""
    fresh = (
        said,
        replace(said, said_at=NOW - 3 * HOUR + MINUTE),
        replace(said, said_at=NOW - 9 * HOUR, happened=lasting(-3 * HOUR, MINUTE * 11)),
    )
    loose = story.enter(None, stated())
    for each in fresh:
        assert refused(story, enter(each)) == EARLY
        correct = lc.CorrectClaim(claim_id=loose, saying=each, reason="r")
        assert refused(story, correct) == EARLY
    assert story.enter(None, replace(said, said_at=NOW - 3 * HOUR))
    assert story.enter(None, replace(said, happened=lasting(-3 * HOUR - 10 * MINUTE)))


@pytest.mark.parametrize("said", WAITING)
def test_nor_while_an_alert_holds_its_place(story, said):
    """Of a service no longer; of no place is of the whole country."""
    old = replace(said, said_at=NOW - 99 * HOUR)
    alert = story.issue("n1")
    assert refused(story, enter(old)) == EARLY
    elsewhere = replace(old, where=place("s2"))
    assert story.enter(None, elsewhere)
    story.clear(alert)
    if said.kind not in (ClaimKind.OUTAGE, ClaimKind.RESTORATION):
        assert refused(story, enter(old)) == EARLY
        story.wait(3 * HOUR)
    assert story.enter(None, old)


def test_a_statement_of_no_place_and_an_evacuation_are_told_at_once(story):
    story.issue("n1")
    told = place("n1a", name="Town", site="plant")
    claims = [
        story.enter(None, stated()),
        story.enter(None, saying(kind=ClaimKind.EVACUATION, where=told)),
    ]
    story.next_slot()
    loose = story.visible.loose()
    assert {each.id for each in loose} == set(claims)
    assert {each.saying.where for each in loose} == {None, place("north")}, "no town is named"


@pytest.mark.parametrize(
    ("delay", "happened", "is_told"),
    [
        (4 * HOUR, lasting(-5 * HOUR), True),
        (4 * HOUR, lasting(-4 * HOUR), False),
        (timedelta(0), lasting(-4 * HOUR), True),
        (4 * HOUR, None, False),
        (None, lasting(-999 * HOUR), False),
    ],
)
def test_an_outage_of_no_incident_waits_as_policy_holds_a_service(delay, happened, is_told):
    sites = {**DEFAULT_SITES, "service": SiteRule(delay=delay, after_alert=timedelta(0))}
    story = Chronicle(world=replace(WORLD, publication=Publication(sites=sites)))
    command = enter(saying(kind=ClaimKind.OUTAGE, where=place("n1a"), happened=happened))
    if is_told:
        assert story.tell(command)
    else:
        assert refused(story, command) == EARLY


def released(story, **more):
    """An incident that people know of."""
    incident = story.open(when=lasting(-9 * HOUR), **more)
    story.next_slot()
    assert story.incident(incident).stage is Stage.RELEASED
    return incident


def test_what_happened_since_a_released_incident_waits_on_its_own(story):
    known = released(story)
    since = saying(figure(3), happened=lasting(-HOUR))
    where = (Rule.EMBARGO_HOLDS, "/happened")
    assert refused(story, enter(since, known)) == where
    claim = story.enter(known, saying(figure(3)))
    assert refused(story, lc.CorrectClaim(claim_id=claim, saying=since, reason="r")) == where
    assert story.enter(known, saying(figure(4), happened=lasting(-9 * HOUR)))
    story.wait(3 * HOUR)
    assert story.enter(known, since), "3 h after it, policy holds it no longer"


TIMED = ("strike", "explosion", "hazard", "damage", "shelter", "alert", "outage", "restoration",
         "evacuation-warning")  # fmt: skip


@pytest.mark.parametrize("kind", TIMED)
def test_what_is_told_of_an_incident_that_people_know_says_when(story, kind):
    known, hidden = released(story), story.open()
    said = saying(kind=ClaimKind(kind))
    missing = (Rule.MISSING_MEMBER, "/happened")
    assert refused(story, enter(said, known)) == missing
    assert story.enter(hidden, said), "it waits with that one"
    claim = story.enter(known, stated())
    assert refused(story, lc.CorrectClaim(claim_id=claim, saying=said, reason="r")) == missing
    since = replace(said, happened=lasting(-HOUR))
    assert refused(story, enter(since, known)) == (Rule.EMBARGO_HOLDS, "/happened")
    assert story.enter(known, replace(said, happened=lasting(-9 * HOUR)))


def test_a_claim_without_a_time_does_not_move_to_what_people_know_but_casualties_do(story):
    known = released(story)
    loose = story.enter(None, saying(kind=ClaimKind.EVACUATION))
    assert refused(story, lc.MoveClaim(claim_id=loose, incident_id=known)) == (
        Rule.MISSING_MEMBER, "/happened",
    )  # fmt: skip
    assert story.enter(known, saying(figure(3))), "of the incident's own time"


def test_what_happened_since_waits_for_the_alert_there_as_well(story):
    known = released(story)
    story.issue("n2a")
    since = saying(figure(3), happened=lasting(-8 * HOUR), where=place("n2a"))
    assert refused(story, enter(since, known)) == (Rule.EMBARGO_HOLDS, "/happened")
    assert story.enter(known, saying(figure(3), happened=lasting(-8 * HOUR)))


def move(story, claim, incident):
    return refused(story, lc.MoveClaim(claim_id=claim, incident_id=incident))


def test_a_claim_never_moves_to_where_people_read_it_earlier(story):
    known = released(story)
    strict, mild = story.open(site="critical"), story.open()
    claim = story.enter(strict, stated())
    for target in (None, known, mild):
        assert move(story, claim, target) == EARLY
    story.tell(lc.SetEmbargo(incident_id=mild, until=None, reason="r"))
    story.tell(lc.MoveClaim(claim_id=claim, incident_id=mild))
    assert story.claim(claim).incident_id == mild
    assert story.tell(lc.MoveClaim(claim_id=claim, incident_id=mild)) == ()


def test_a_claim_moves_to_nothing_that_an_alert_holds_for_less(story):
    here, there = story.open(), story.open(where=place("s2"))
    claim = story.enter(here, saying(figure(1)))
    alert = story.issue("n1a")
    assert move(story, claim, there) == EARLY
    later = story.open(where=place("s2"), site="critical")
    assert move(story, claim, later) == EARLY
    story.clear(alert)
    assert move(story, claim, there) == EARLY, "3 h after the alert"
    story.wait(9 * HOUR)
    story.tell(lc.MoveClaim(claim_id=claim, incident_id=later))


def test_a_claim_moves_to_nothing_that_waits_less_after_an_alert(story):
    attack = story.open()
    service = story.open(kind="outage", site="service", when=lasting(-MINUTE, 9 * HOUR))
    claim = story.enter(attack, saying(figure(1)))
    story.issue("n1a")
    assert move(story, claim, service) == EARLY, "later by its time, and earlier once it is clear"


def test_what_people_read_does_not_vanish_into_what_they_may_not_know(story):
    known, hidden = released(story), story.open()
    read = story.enter(known, saying(figure(1)))
    loose = story.enter(None, stated())
    story.next_slot()
    for claim in (read, loose):
        assert move(story, claim, hidden) == EARLY
    fresh = story.enter(None, stated())
    story.tell(lc.MoveClaim(claim_id=fresh, incident_id=hidden))
    story.next_slot()
    assert fresh not in {each.id for each in story.visible.loose()}


def test_what_people_are_led_to_by_a_correction_stays_where_they_find_it(story):
    hidden = story.open()
    loose = story.enter(None, stated())
    story.next_slot()
    said = stated(outlet="Herald")
    right = story.made(lc.CorrectClaim(claim_id=loose, saying=said, reason="misread"))
    assert move(story, right, hidden) == EARLY


def test_among_what_people_know_claims_move_freely(story):
    one, other = released(story), released(story)
    claim = story.enter(one, stated())
    story.tell(lc.MoveClaim(claim_id=claim, incident_id=other))
    story.tell(lc.MoveClaim(claim_id=claim, incident_id=None))
    story.next_slot()
    story.tell(lc.MoveClaim(claim_id=claim, incident_id=one))


# -- nothing early: incidents --------------------------------------------------------------------


def test_calling_it_something_else_shortens_nothing(story):
    for change in (
        {"site": "service"}, {"kind": "outage", "site": "service"}, {"when": lasting(-50 * HOUR)},
        {"where": place("s2")},
    ):  # fmt: skip
        incident = story.open(site="critical")
        before = story.due(incident)
        assert before == NOW - 50 * MINUTE + 12 * HOUR
        story.change(incident, **change)
        assert story.due(incident) >= before
    never = story.open(site="military")
    story.change(never, site="civilian")
    assert story.due(never) == NEVER


def test_another_place_is_held_by_the_alert_of_the_first_as_well(story):
    incident = story.open()
    alert = story.issue("n1a")
    story.change(incident, where=place("s2"))
    assert story.due(incident) == NEVER
    story.clear(alert)
    assert story.due(incident) == NOW + 3 * HOUR


def test_a_site_changed_under_an_alert_keeps_the_hours_after_it(story):
    incident = story.open(kind="fire", when=lasting(-9 * HOUR))
    alert = story.issue("n1a")
    story.change(incident, site="service")
    story.clear(alert)
    assert story.due(incident) == NOW + 3 * HOUR


def test_what_people_know_of_is_not_turned_into_what_they_may_not(story):
    known = released(story)
    later = lc.ChangeIncident(incident_id=known, when=lasting(-HOUR))
    assert refused(story, later) == (Rule.EMBARGO_HOLDS, "/when")
    story.issue("s2")
    there = lc.ChangeIncident(incident_id=known, where=place("s2"))
    assert refused(story, there) == (Rule.EMBARGO_HOLDS, "/where")
    story.issue("n1")
    story.change(known, where=place("n1a", name="Town"), reason="known better")
    story.change(known, when=lasting(-10 * HOUR))
    story.change(known, when=lasting(-8 * HOUR))
    assert story.incident(known).where.name == "Town"


@pytest.mark.parametrize("change", [{"title": "hash"}, {"where": place("n1a", name="Town")}])
def test_words_that_people_read_are_changed_with_a_reason(story, change):
    known, hidden = released(story), story.open()
    command = lc.ChangeIncident(incident_id=known, reason=" ", **change)
    assert refused(story, command) == (Rule.REASON_MISSING, "/reason")
    assert story.tell(replace(command, reason="misspelt"))
    assert story.tell(lc.ChangeIncident(incident_id=hidden, **change))
    assert story.tell(lc.ChangeIncident(incident_id=known, is_open=False))


def embargo(incident, until, reason="r"):
    return lc.SetEmbargo(incident_id=incident, until=until, reason=reason)


def test_an_embargo_is_lengthened_by_anybody_at_once(story):
    incident = story.open()
    (event,) = story.tell(embargo(incident, NOW + 9 * HOUR), ANNA)
    assert isinstance(event, le.EmbargoSet)
    assert story.due(incident) == NOW + 9 * HOUR
    story.tell(embargo(incident, None), IVAN)
    assert story.due(incident) == NEVER


def test_an_embargo_is_lengthened_also_while_an_alert_holds_it_for_longer(story):
    incident = story.open()
    alert = story.issue("n1a")
    (event,) = story.tell(embargo(incident, NOW + 9 * HOUR), ANNA)
    assert isinstance(event, le.EmbargoSet)
    assert story.due(incident) == NEVER
    story.clear(alert)
    assert story.due(incident) == NOW + 9 * HOUR


def ask_and_agree(story, incident, until, first=ANNA, second=IVAN):
    """Two people agree that an incident is told earlier."""
    (asked,) = story.tell(embargo(incident, until), first)
    assert isinstance(asked, le.EmbargoAsked)
    story.tell(lc.ApproveEmbargo(incident_id=incident, ask_id=asked.ask_id, confirmed=True), second)


def test_a_shorter_embargo_takes_two_people_and_then_holds_whatever_alert_there_is(story):
    incident = story.open(site="military")
    story.issue("n1a")
    before = story.due(incident)
    (asked,) = story.tell(embargo(incident, NOW + HOUR, "told by the minister"), ANNA)
    assert story.due(incident) == before == NEVER
    approve = lc.ApproveEmbargo(incident_id=incident, ask_id=asked.ask_id, confirmed=True)
    (set_,) = story.tell(approve, IVAN)
    assert (set_.by, set_.approved_by, set_.reason) == ("anna", "ivan", "told by the minister")
    assert story.due(incident) == NOW + HOUR
    assert story.incident(incident).asked is None
    assert refused(story, approve, IVAN) == (Rule.CONTENT_CHANGED, "/ask")


def test_who_agrees_is_another_person_on_another_device_who_proves_it(story):
    incident = story.open()
    (asked,) = story.tell(embargo(incident, NOW), ANNA)

    def approve(warrant, **more):
        usual = {"incident_id": incident, "ask_id": asked.ask_id, "confirmed": True}
        return refused(story, lc.ApproveEmbargo(**{**usual, **more}), warrant)

    assert approve(ANNA) == (Rule.OWN_PROPOSAL, "/id")
    for same in ("session", "device", "credential"):
        twin = officer("ivan", **{same: getattr(ANNA, same)})
        assert approve(twin) == (Rule.SAME_DEVICE, "/id")
    assert approve(IVAN, confirmed=False) == (Rule.NEEDS_CONFIRMATION, "/Authorization")
    assert approve(IVAN, ask_id="another") == (Rule.CONTENT_CHANGED, "/ask")
    for nobody in (officer("ivan", is_machine=True), None):
        assert approve(nobody) == (Rule.NOT_AN_APPROVER, "/Authorization")


@pytest.mark.parametrize("who", [None, officer(is_machine=True)])
def test_a_machine_asks_for_no_shorter_embargo(story, who):
    incident = story.open()
    command = embargo(incident, NOW)
    assert refused(story, command, who) == (Rule.NEEDS_SECOND_PERSON, "/until")
    assert story.tell(embargo(incident, NOW + DAY), who)


def test_what_was_asked_of_one_thing_is_not_agreed_of_another(story):
    incident = story.open()
    (asked,) = story.tell(embargo(incident, NOW), ANNA)
    story.change(incident, site="military")
    approve = lc.ApproveEmbargo(incident_id=incident, ask_id=asked.ask_id, confirmed=True)
    assert refused(story, approve, IVAN) == (Rule.CONTENT_CHANGED, "/ask")


@pytest.mark.parametrize(
    "change",
    [
        {"site": "critical"}, {"site": "military"}, {"where": place("north")},
        {"when": lasting(-HOUR, 40 * MINUTE)},
    ],
)  # fmt: skip
def test_what_two_people_agreed_on_lapses_when_it_turns_out_to_be_worse(story, change):
    incident = story.open()
    ask_and_agree(story, incident, NOW + HOUR)
    (set_, changed) = story.tell(lc.ChangeIncident(incident_id=incident, **change), ANNA)
    assert (set_.until, set_.approved_by) == (NOW + HOUR, "")
    assert isinstance(changed, le.IncidentChanged)
    assert story.due(incident) > NOW + HOUR


def test_what_two_people_agreed_on_lapses_when_it_waits_longer_after_alerts(story):
    incident = story.open(kind="outage", site="service")
    story.issue("n1a")
    ask_and_agree(story, incident, NOW - HOUR)
    story.change(incident, kind="strike")
    assert story.due(incident) == NEVER


@pytest.mark.parametrize("change", [{"site": "service"}, {"is_open": False}])
def test_what_two_people_agreed_on_holds_while_it_is_no_worse(story, change):
    incident = story.open()
    ask_and_agree(story, incident, NOW + HOUR)
    story.change(incident, **change)
    assert story.due(incident) == NOW + HOUR


def ask(story, incident):
    """One person asks, and another has not answered yet."""
    (asked,) = story.tell(embargo(incident, NOW), ANNA)
    return lc.ApproveEmbargo(incident_id=incident, ask_id=asked.ask_id, confirmed=True)


@pytest.mark.parametrize("change", [{"title": "hash"}, {"where": place("n1a", name="Town")}])
def test_what_two_people_agreed_on_lapses_when_other_words_are_told(story, change):
    incident, asked = story.open(), story.open()
    before = story.due(incident)
    ask_and_agree(story, incident, NOW + HOUR)
    story.change(incident, **change)
    assert story.due(incident) == before
    approve = ask(story, asked)
    story.change(asked, **change)
    assert refused(story, approve, IVAN) == (Rule.CONTENT_CHANGED, "/ask")


LATER = lasting(-55 * MINUTE, 6 * MINUTE)
"""It ends a minute after an incident of ``story.open``, and began within it."""


def entered_later(_story, incident, said):
    return lc.EnterClaim(saying=said, incident_id=incident)


def corrected_later(story, incident, said):
    claim = story.enter(incident, stated())
    return lc.CorrectClaim(claim_id=claim, saying=said, reason="r")


def moved_later(story, incident, said):
    return lc.MoveClaim(claim_id=story.enter(None, said), incident_id=incident)


@pytest.mark.parametrize("way", [entered_later, corrected_later, moved_later])
def test_what_two_people_agreed_on_lapses_with_a_claim_that_reaches_beyond_it(story, way):
    within = stated(happened=lasting(-55 * MINUTE, 5 * MINUTE))
    beyond = replace(within, happened=LATER)
    incident, asked = story.open(), story.open()
    before = story.due(incident)
    ask_and_agree(story, incident, NOW + HOUR)
    story.tell(way(story, incident, within))
    assert story.due(incident) == NOW + HOUR
    (set_, changed) = story.tell(way(story, incident, beyond), ANNA)
    assert (set_.incident_id, set_.approved_by, set_.by) == (incident, "", "anna")
    assert isinstance(changed, le.ClaimEntered | le.ClaimCorrected | le.ClaimMoved)
    assert story.due(incident) == before
    approve = ask(story, asked)
    story.tell(way(story, asked, within))
    assert story.incident(asked).asked is not None
    story.tell(way(story, asked, beyond))
    assert refused(story, approve, IVAN) == (Rule.CONTENT_CHANGED, "/ask")


def test_a_claim_that_reaches_beyond_a_longer_embargo_changes_nothing_of_it(story):
    incident = story.open()
    story.tell(embargo(incident, NOW + 9 * HOUR))
    assert len(story.tell(enter(stated(happened=LATER), incident))) == 1


def test_nothing_that_people_know_is_held_back(story):
    known = released(story)
    assert refused(story, embargo(known, None)) == (Rule.ALREADY_RELEASED, "/id")
    incident = story.open(site="critical")
    (asked,) = story.tell(embargo(incident, NOW), ANNA)
    story.later(13 * HOUR)
    approve = lc.ApproveEmbargo(incident_id=incident, ask_id=asked.ask_id, confirmed=True)
    assert refused(story, approve, IVAN) == (Rule.CONTENT_CHANGED, "/ask")


# -- one and the same ----------------------------------------------------------------------------


def test_an_incident_waits_for_what_it_turned_out_to_be(story):
    mild, strict = story.open(), story.open(site="military")
    story.same(mild, strict)
    assert story.due(mild) == NEVER
    story.same(mild, strict, undo=True)
    assert story.due(mild) == NEVER, "taken apart, it is told no earlier"


def test_what_was_one_waits_on_for_the_officers_limit_as_well(story):
    mild, strict, child = (story.open() for _ in range(3))
    story.tell(embargo(strict, NOW + DAY))
    story.same(child, mild)
    story.same(mild, strict)
    assert story.due(child) == NOW + DAY
    story.same(mild, strict, undo=True)
    assert story.due(mild) == story.due(child) == NOW + DAY
    assert story.incident(mild).embargo.reason == "held as long as what it was one with"


def test_what_was_one_with_something_never_told_is_never_told(story):
    mild, strict = story.open(), story.open()
    story.tell(embargo(strict, None))
    story.same(mild, strict)
    story.same(mild, strict, undo=True)
    assert story.due(mild) == NEVER


def test_what_two_people_agreed_on_lapses_when_it_is_taken_apart(story):
    mild, strict = story.open(), story.open(site="critical")
    ask_and_agree(story, mild, NOW)
    story.same(mild, strict)
    together = story.due(mild)
    story.same(mild, strict, undo=True)
    assert story.due(mild) == together == NOW - 50 * MINUTE + 12 * HOUR


def test_taking_apart_holds_nothing_that_nobody_held(story):
    one, other = story.open(), story.open()
    story.same(one, other)
    (undone,) = story.tell(
        lc.LinkIncidents(kind=LinkKind.SAME_AS, one=one, other=other, reason="r", undo=True)
    )
    assert isinstance(undone, le.IncidentsUnlinked)


def test_what_people_know_of_is_held_by_nothing_after_it_is_taken_apart(story):
    known, hidden = released(story), story.open()
    story.tell(embargo(hidden, None))
    story.same(known, hidden)
    story.same(known, hidden, undo=True)
    assert story.incident(known).embargo is None


# -- announcing and releasing --------------------------------------------------------------------


def announce(incident):
    return lc.AnnounceIncident(incident_id=incident)


def test_only_what_the_authority_released_is_announced(story):
    incident = story.open()
    no = (Rule.NOT_OFFICIAL, "/id")
    assert refused(story, announce(incident)) == no
    story.enter(incident, saying(figure(5)))
    story.enter(incident, saying(kind=ClaimKind.DAMAGE, voice=RESCUE))
    assert refused(story, announce(incident)) == no
    claim = story.enter(incident, saying(figure(5), voice=RESCUE))
    story.tell(lc.RetractClaim(claim_id=claim, reason="r"))
    assert refused(story, announce(incident)) == no
    story.enter(incident, saying(figure(5), voice=RESCUE))
    assert len(story.tell(announce(incident))) == 1
    assert story.tell(announce(incident)) == ()
    assert story.incident(incident).stage is Stage.ANNOUNCED


def test_the_official_claim_is_its_own_and_not_that_of_what_is_one_with_it(story):
    twin, incident = story.open(), story.open()
    story.enter(twin, saying(figure(5), voice=RESCUE))
    story.same(twin, incident)
    assert refused(story, announce(incident)) == (Rule.NOT_OFFICIAL, "/id")


def test_what_is_never_told_is_not_announced_either(story):
    military, held, root = story.open(site="military"), story.open(), story.open(site="military")
    story.tell(embargo(held, None))
    twin = story.open()
    story.same(twin, root)
    for incident in (military, held, twin):
        story.enter(incident, saying(figure(5), voice=RESCUE))
        assert refused(story, announce(incident)) == (Rule.EMBARGO_HOLDS, "/id")


def test_an_incident_is_released_at_the_slot_after_its_embargo_and_no_earlier(story):
    incident = story.open(when=lasting(-HOUR))  # due at 3:00 + 0:10 from NOW's hour
    due_ = story.due(incident)
    assert due_ == NOW + 2 * HOUR + 10 * MINUTE
    release = lc.ReleaseIncident(incident_id=incident)
    story.now = due_ - timedelta(seconds=1)
    assert refused(story, release) == (Rule.EMBARGO_HOLDS, "/id")
    story.now = due_
    (event,) = story.tell(release)
    assert event.public_id != incident
    assert story.tell(release) == ()
    assert story.seen() == set()
    story.next_slot()
    assert story.seen() == {incident}


def test_between_slots_nothing_is_due(story):
    incident = story.open(when=lasting(-HOUR, 11 * MINUTE))
    due_ = story.due(incident)
    story.now = due_ + 8 * MINUTE
    story.release_what_is_due()
    assert story.incident(incident).stage is Stage.HIDDEN
    assert refused(story, lc.ReleaseIncident(incident_id=incident))[0] is Rule.EMBARGO_HOLDS
    story.now = due_ + 9 * MINUTE
    story.release_what_is_due()
    assert story.incident(incident).stage is Stage.RELEASED


def test_what_is_entered_after_its_embargo_is_released_at_the_slot_after_that(story):
    """The moment of a release would else be that at which the desk entered it."""
    story.now = NOW + 3 * MINUTE
    incident = story.open(when=lasting(-9 * HOUR))
    assert story.due(incident) == NOW + 3 * MINUTE
    story.release_what_is_due()
    assert story.incident(incident).stage is Stage.HIDDEN
    story.next_slot()
    assert story.incident(incident).released_at == NOW + 10 * MINUTE


def test_what_two_people_agree_on_is_released_at_the_slot_after_that(story):
    incident = story.open()
    story.now = NOW + 3 * MINUTE
    ask_and_agree(story, incident, NOW)
    assert story.due(incident) == NOW + 3 * MINUTE


def test_a_public_id_has_the_time_of_the_slot_at_which_people_see_it(story):
    released_, announced = story.open(when=lasting(-9 * HOUR)), story.open()
    story.enter(announced, saying(figure(5), voice=RESCUE))
    story.wait(3 * MINUTE)
    story.tell(announce(announced))
    story.now = NOW + 11 * MINUTE
    story.release_what_is_due()
    for incident, minutes in ((announced, 10), (released_, 20)):
        made = story.incident(incident).public_id
        since = int(made.replace("-", "")[:12], 16)
        assert since == (NOW + minutes * MINUTE).timestamp() * 1000
        assert made[14] == "7"
        assert len(made) == 36


def test_an_alert_holds_what_policy_alone_would_let_go(story):
    incident = story.open(when=lasting(-9 * HOUR))
    story.issue("n1")
    story.later(HOUR)
    assert story.incident(incident).stage is Stage.HIDDEN


def test_what_never_ends_says_so(story):
    incident = story.open(site="military")
    refusal = story.refused(lc.ReleaseIncident(incident_id=incident))
    assert refusal.help == "Its embargo has no end."


# -- guidance ------------------------------------------------------------------------------------

TOLD = {"words": "hash", "languages": ("uk", "en")}


def guide(area, **more):
    return lc.GiveGuidance(area=area, **{**TOLD, **more})


def circle(radius_m=5000.0, center=(0.5, 0.5), share=0.5):
    return Area(circles=(Circle(center, radius_m),), touched=(Touched("n1a", share, 1.0),))


def test_guidance_has_a_place_that_is_known_and_is_told_in_every_language(story):
    assert refused(story, guide(Area())) == (Rule.EMPTY_AREA, "/area")
    unknown = guide(Area(regions=("n1", "x")))
    assert refused(story, unknown) == (Rule.UNKNOWN_REGION, "/area/regions/1")
    mute = guide(Area(regions=("n1",)), languages=("uk",))
    assert refused(story, mute) == (Rule.TEXT_MISSING, "/words/en")


def test_guidance_is_told_at_once_also_of_what_waits_and_ends_once(story):
    incident = story.open(site="military", where=place(position=(0.5, 0.5)))
    for area in (Area(regions=("n1a",)), circle(center=(0.52, 0.5))):
        given = story.made(guide(area, incident_id=incident), ANNA)
        assert story.ledger.guidance[given].by == "anna"
    assert len(story.tell(lc.EndGuidance(guidance_id=given))) == 1
    assert story.tell(lc.EndGuidance(guidance_id=given)) == ()


SHOWS = [
    circle(share=0.01, radius_m=100.0, center=(0.9, 0.9)),
    circle(),
    circle(center=(0.505, 0.5)),
    Area(circles=(Circle((0.9, 0.9), 9000.0), Circle((0.5, 0.5), 50.0)),
         touched=(Touched("n1a", 0.5, 1.0),)),
    Area(regions=("n1",), circles=(Circle((0.5, 0.5), 50.0),),
         touched=(Touched("n1a", 0.001, 1.0),)),
    drawn(("n1a", 0.5, 1.0), polygon=Polygon(((0.4, 0.4), (0.6, 0.4), (0.6, 0.6), (0.4, 0.6),
                                              (0.4, 0.4)))),
]  # fmt: skip


@pytest.mark.parametrize("area", SHOWS)
def test_guidance_that_would_show_the_site_is_refused(story, area):
    incident = story.open(where=place(position=(0.5, 0.5)))
    command = guide(area, incident_id=incident)
    assert refused(story, command) == (Rule.AREA_TOO_EXACT, "/area")


@pytest.mark.parametrize("area", SHOWS[1:])
def test_also_where_the_incident_is_not_named(story, area):
    story.open()
    story.open(where=place(position=(0.5, 0.5)))
    assert refused(story, guide(area)) == (Rule.AREA_TOO_EXACT, "/area")


def test_guidance_beside_a_site_or_around_one_of_which_the_search_is_over_is_given(story):
    incident = story.open(where=place(position=(0.5, 0.5)))
    assert story.tell(guide(circle(share=0.001, radius_m=100.0, center=(0.9, 0.9))))
    assert story.tell(guide(drawn(("n1a", 0.001, 1.0), polygon=ELSEWHERE)))
    story.change(incident, is_open=False)
    assert story.tell(guide(circle(share=0.001, radius_m=100.0)))


def test_guidance_of_an_incident_of_no_known_position_is_large(story):
    incident = story.open()
    assert story.tell(guide(circle(), incident_id=incident))
    small = guide(circle(share=0.01), incident_id=incident)
    assert refused(story, small) == (Rule.AREA_TOO_EXACT, "/area")


def test_a_drill_holds_nothing(story):
    incident = story.open()
    before = story.due(incident)
    story.issue("n1a", **DRILL)
    assert story.due(incident) == before
