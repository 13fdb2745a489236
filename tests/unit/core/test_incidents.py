"""How an event changes the ledger: it adds, never overwrites, and knows what it does not know."""

from __future__ import annotations

import pytest

from kit.chronicle import Chronicle, figure, lasting, place, saying, stated
from kit.world import HOUR, MINUTE, NOW
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.area import Area
from tocsin.core.claims import ClaimKind, Hedge, Quote, Standing
from tocsin.core.incidents import Ledger, LinkKind, Stage, Taken, fold, is_later

WHERE, WHEN = place(), lasting(-HOUR)


@pytest.fixture
def story() -> Chronicle:
    return Chronicle()


UNKNOWN = (
    le.DraftRejected(at=NOW, report_id="x", draft="d"),
    le.ReportDone(at=NOW, report_id="x"),
    le.IncidentChanged(at=NOW, incident_id="x", kind="fire", site="civilian", where=WHERE,
                       when=WHEN, title="", is_open=True),
    le.ClaimCorrected(at=NOW, claim_id="x", new_id="y", saying=stated(), reason="r"),
    le.ClaimRetracted(at=NOW, claim_id="x", reason="r"),
    le.ClaimMoved(at=NOW, claim_id="x", incident_id="y"),
    le.EmbargoAsked(at=NOW, incident_id="x", ask_id="a", until=NOW, reason="r", account="anna",
                    credential="c", session="s", device="d"),
    le.EmbargoSet(at=NOW, incident_id="x", until=None, reason="r"),
    le.IncidentAnnounced(at=NOW, incident_id="x", public_id="p"),
    le.IncidentReleased(at=NOW, incident_id="x", public_id="p"),
    le.WordsErased(at=NOW, contents=("h",), reason="r", report_id="x"),
    le.GuidanceEnded(at=NOW, guidance_id="x"),
    le.IncidentsUnlinked(at=NOW, kind="same-as", one="x", other="y", reason="r"),
)  # fmt: skip


@pytest.mark.parametrize("event", UNKNOWN, ids=lambda each: type(each).__name__)
def test_what_is_about_something_unknown_changes_nothing(event):
    assert fold(Ledger(), event) == Ledger()


def test_what_is_no_event_of_the_ledger_is_a_fault():
    with pytest.raises(AssertionError):
        fold(Ledger(), "nothing")


def test_a_claim_of_an_unknown_incident_stays_with_it_and_is_not_loose():
    entered = le.ClaimEntered(at=NOW, claim_id="c", incident_id="x", saying=saying(figure(1)))
    ledger = fold(Ledger(), entered)
    assert ledger.claims["c"].incident_id == "x"
    assert ledger.claims_of("x") == [ledger.claims["c"]]


def test_a_link_to_something_unknown_is_kept_and_merges_nothing(story):
    one = story.open()
    for names in ((one, "x"), ("x", one), ("x", "y")):
        linked = le.IncidentsLinked(at=NOW, kind="same-as", one=names[0], other=names[1], reason="")
        ledger = fold(story.ledger, linked)
        assert len(ledger.links) == 1
        assert ledger.incidents == story.ledger.incidents


def test_links_in_a_circle_merge_nothing_further(story):
    one, other = story.open(), story.open()
    story.same(one, other)
    back = le.IncidentsLinked(at=NOW, kind="same-as", one=other, other=one, reason="")
    ledger = fold(story.ledger, back)
    assert (ledger.root(one), ledger.root(other)) == (other, other)
    itself = le.IncidentsLinked(at=NOW, kind="same-as", one=other, other=other, reason="")
    assert fold(story.ledger, itself).root(other) == other


def test_what_turned_out_to_be_another_leads_there_by_every_step(story):
    a, b, c = (story.open() for _ in range(3))
    story.same(a, b)
    story.same(b, c)
    assert story.ledger.upward(a) == [a, b, c]
    assert story.ledger.root(a) == c
    assert story.ledger.merged_into(b) == [a, b] or set(story.ledger.merged_into(b)) == {a, b}
    assert set(story.ledger.merged_into(c)) == {a, b, c}


def test_claims_are_told_oldest_first_also_after_one_was_changed(story):
    incident = story.open()
    first = story.enter(incident, saying(figure(1)))
    story.wait(MINUTE)
    second = story.enter(incident, saying(figure(2)))
    story.tell(lc.RetractClaim(claim_id=first, reason="misread"))
    assert [each.id for each in story.ledger.claims_of(incident)] == [first, second]


def test_a_correction_keeps_the_old_entry_and_says_what_became_of_it(story):
    incident = story.open()
    old = story.enter(incident, saying(figure(90)))
    story.wait(MINUTE)
    new = story.made(lc.CorrectClaim(claim_id=old, saying=saying(figure(9)), reason="misread"))
    was, is_ = story.claim(old), story.claim(new)
    assert (was.standing, was.replaced_by, was.ended_at, was.reason) == (
        Standing.CORRECTED, new, NOW + MINUTE, "misread",
    )  # fmt: skip
    assert was.saying.figures[0].value == 90
    assert (is_.replaces, is_.incident_id, is_.stands) == (old, incident, True)


def test_a_claim_that_ended_stays_as_it_ended(story):
    incident = story.open()
    claim = story.enter(incident, saying(figure(1)))
    story.tell(lc.RetractClaim(claim_id=claim, reason="first"))
    again = le.ClaimRetracted(at=NOW + HOUR, claim_id=claim, reason="second")
    assert fold(story.ledger, again).claims[claim].reason == "first"


def test_a_changed_incident_goes_on_being_held_as_what_it_was(story):
    incident = story.open(site="military")
    story.change(incident, site="civilian", kind="fire")
    held = story.incident(incident)
    assert (held.site, held.kind) == ("civilian", "fire")
    assert [(each.site, each.kind) for each in held.before] == [("military", "strike")]
    story.change(incident, title="hash")
    assert story.incident(incident).before == held.before, "words hold nothing"


def test_of_the_same_thing_the_latest_end_holds(story):
    incident = story.open(when=lasting(-2 * HOUR))
    for start in (-3 * HOUR, -4 * HOUR, -2.5 * HOUR):
        story.change(incident, when=lasting(start))
    assert [each.ends_at for each in story.incident(incident).before] == [lasting(-2 * HOUR).end]


def test_a_released_incident_is_held_by_nothing_more(story):
    incident = story.open(when=lasting(-9 * HOUR))
    story.next_slot()
    assert story.incident(incident).stage is Stage.RELEASED
    story.change(incident, site="service")
    assert story.incident(incident).before == ()


def test_an_incident_that_reopens_is_not_closed(story):
    incident = story.open()
    story.change(incident, is_open=False)
    assert story.incident(incident).closed_at == NOW
    story.wait(HOUR)
    story.change(incident, title="hash")
    assert story.incident(incident).closed_at == NOW
    story.change(incident, is_open=True)
    assert story.incident(incident).closed_at is None


def test_what_was_one_with_another_is_held_as_that_after_it_is_taken_apart(story):
    strict, mild, child = (story.open(site=s) for s in ("military", "civilian", "civilian"))
    story.same(mild, strict)
    story.same(child, mild)
    story.same(mild, strict, undo=True)
    assert story.ledger.root(mild) == mild
    assert story.ledger.root(child) == mild
    for each in (mild, child):
        assert "military" in {taken.site for taken in story.incident(each).taken}
    assert {taken.site for taken in story.incident(strict).taken} == {"military"}


def test_taking_back_another_link_leaves_what_it_is(story):
    a, b, c = (story.open() for _ in range(3))
    story.same(a, b)
    other = le.IncidentsUnlinked(at=NOW, kind="same-as", one=a, other=c, reason="")
    assert fold(story.ledger, other).root(a) == b
    part = le.IncidentsUnlinked(at=NOW, kind="part-of", one=a, other=b, reason="")
    assert fold(story.ledger, part).root(a) == b


def test_announcing_after_the_release_takes_nothing_back(story):
    incident = story.open(when=lasting(-9 * HOUR))
    story.next_slot()
    late = le.IncidentAnnounced(at=NOW, incident_id=incident, public_id="other")
    assert fold(story.ledger, late) == story.ledger


def test_an_incident_keeps_the_public_name_that_it_was_announced_by(story):
    incident = story.open()
    announced = le.IncidentAnnounced(at=NOW, incident_id=incident, public_id="p1")
    released = le.IncidentReleased(at=NOW, incident_id=incident, public_id="p2")
    ledger = fold(fold(story.ledger, announced), released)
    assert ledger.incidents[incident].public_id == "p1"


def test_what_happened_later_than_its_incident_holds_it_for_longer(story):
    incident = story.open(when=lasting(-2 * HOUR))
    later = lasting(-HOUR)
    story.enter(incident, saying(figure(1), happened=later, where=place("n2a")))
    assert story.incident(incident).before == (
        Taken(kind="strike", site="civilian", geocode="n2a", ends_at=later.end),
    )
    story.enter(incident, saying(figure(2), happened=lasting(-HOUR / 2)))
    assert story.incident(incident).before[1].geocode == "n1a", "its incident's own region"


@pytest.mark.parametrize(
    "said",
    [
        saying(figure(1)),
        saying(figure(1), happened=lasting(-2 * HOUR, 24 * HOUR, grain="day")),
        stated(happened=lasting(-HOUR)),
        saying(kind=ClaimKind.STRIKE, happened=lasting(HOUR), hedge=Hedge.PLANNED),
    ],
)
def test_a_claim_of_the_same_time_or_of_no_event_holds_nothing(story, said):
    incident = story.open(when=lasting(-2 * HOUR))
    assert not is_later(said, story.incident(incident))
    story.enter(incident, said)
    assert story.incident(incident).before == ()


def test_a_draft_is_answered_once_and_the_later_answer_holds(story):
    report = take(story)
    story.tell(lc.RejectDraft(report_id=report, draft="d1", reason="no"))
    assert story.ledger.reports[report].rejected == ("d1",)
    story.enter(None, stated(report_id=report, draft="d1"))
    assert story.ledger.reports[report].rejected == ()
    assert story.ledger.reports[report].confirmed == ("d1",)
    story.enter(None, stated(report_id=report))
    assert story.ledger.reports[report].confirmed == ("d1",), "it came from no draft"


def take(story, **more):
    """Take a report in."""
    usual = {"outlet": "Gazette", "published": "2022-10-10", "language": "en", "content": "text"}
    return story.made(lc.TakeReport(**{**usual, "digest": "digest", **more}))


def test_erasing_a_report_marks_it_and_every_claim_with_a_quote_of_it(story):
    report = take(story)
    quoted = story.enter(None, stated(report_id=report, quote=Quote(content="q1")))
    other = story.enter(None, stated(quote=Quote(content="q2")))
    story.tell(lc.EraseWords(report_id=report, reason="asked for"))
    assert story.ledger.reports[report].erased
    assert (story.claim(quoted).erased, story.claim(other).erased) == (True, False)


def test_the_ledger_knows_a_report_by_its_digest(story):
    report = take(story)
    assert story.ledger.report_with("digest").id == report
    assert story.ledger.report_with("another") is None


def test_the_parts_of_a_whole_are_known_by_what_they_turned_out_to_be(story):
    whole, part, twin = (story.open() for _ in range(3))
    story.link(LinkKind.PART_OF, twin, whole)
    story.same(twin, part)
    assert story.ledger.parts() == {whole: (part,)}
    inside = le.IncidentsLinked(at=NOW, kind="part-of", one=twin, other=part, reason="")
    assert fold(story.ledger, inside).parts() == {whole: (part,)}, "no part of itself"


def test_guidance_is_given_and_ended(story):
    given = story.made(lc.GiveGuidance(area=Area(regions=("n1",)), words="w",
                                       languages=story.world.languages))  # fmt: skip
    assert story.ledger.guidance[given].ended_at is None
    story.wait(MINUTE)
    story.tell(lc.EndGuidance(guidance_id=given))
    assert story.ledger.guidance[given].ended_at == NOW + MINUTE


def test_what_an_event_is_about_has_a_name():
    report = le.ReportTaken(at=NOW, report_id="r", outlet="o", published="", language="en",
                            content="c", digest="d")  # fmt: skip
    assert le.subject(report) == "r"
    assert le.subject(le.WordsErased(at=NOW, contents=(), reason="")) == ""
    assert le.subject(le.ClaimCorrected(at=NOW, claim_id="c", new_id="n", saying=stated(),
                                        reason="")) == "n"  # fmt: skip
    assert le.subject(le.ClaimMoved(at=NOW, claim_id="c", incident_id=None)) == "c"
    assert le.subject(le.IncidentsLinked(at=NOW, kind="k", one="a", other="b", reason="")) == "a"
    assert le.subject(le.GuidanceEnded(at=NOW, guidance_id="g")) == "g"
    assert le.subject(le.IncidentReleased(at=NOW, incident_id="i", public_id="p")) == "i"
