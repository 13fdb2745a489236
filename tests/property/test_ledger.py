"""Laws of the ledger that hold whatever officers do: it only adds, and nobody alone tells early."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.chronicle import LOCALS, MAYOR, RESCUE
from kit.chronicle import saying as said
from kit.world import MINUTE, NOW
from property.clerks import Clerks, Watch, by_one_person, some_of, steps, stories
from tocsin.core import claims as cl
from tocsin.core import ledger_claims, ledger_incidents, ledger_release, publication
from tocsin.core import ledger_events as le
from tocsin.core.claims import Claim, Figure, Hedge, Measure, Qualifier
from tocsin.core.incidents import Incident, Ledger, Stage, fold
from tocsin.core.publication import EPOCH
from tocsin.core.state import State, evolve
from tocsin.core.tally import by_day, by_place, casualties, over, tally, voices

PROOF_EXAMPLES = 500


def told(story) -> Clerks:
    """Tell a story, whatever in it is refused."""
    clerks = Clerks()
    for step in story:
        clerks.do(step)
    return clerks


# -- it adds, and never overwrites ---------------------------------------------------------------


@given(stories)
def test_what_was_decided_can_be_folded_again_to_the_same_ledger(story):
    clerks = told(story)
    ledger, state = Ledger(), State()
    for event in clerks.story.events:
        state = evolve(state, event)
        if isinstance(event, le.LedgerEvent):
            ledger = fold(ledger, event)
    assert state == clerks.story.state
    assert ledger == clerks.story.ledger


@given(stories, steps)
def test_nothing_entered_disappears_and_no_figure_is_ever_changed(story, step):
    clerks = told(story)
    before = clerks.story.ledger
    clerks.do(step)
    after = clerks.story.ledger
    for name in ("incidents", "claims", "reports", "guidance"):
        assert set(getattr(before, name)) <= set(getattr(after, name))
    for claim in before.claims.values():
        now = after.claims[claim.id]
        assert now.saying == claim.saying
        assert (now.entered_at, now.entered_by) == (claim.entered_at, claim.entered_by)
        if not claim.stands:
            assert replace(now, incident_id=None, erased=False) == replace(
                claim, incident_id=None, erased=False
            )
    for incident in before.incidents.values():
        now = after.incidents[incident.id]
        assert (now.handle, now.opened_at, now.opened_by) == (
            incident.handle, incident.opened_at, incident.opened_by,
        )  # fmt: skip
        if incident.public_id:
            assert now.public_id == incident.public_id


@given(stories)
def test_every_incident_and_its_public_name_is_one(story):
    ledger = told(story).story.ledger
    names = [each.public_id for each in ledger.incidents.values() if each.public_id]
    assert len(names) == len(set(names))
    assert not set(names) & set(ledger.incidents)
    for incident in ledger.incidents.values():
        assert ledger.root(ledger.root(incident.id)) == ledger.root(incident.id)


event_names = st.sampled_from("abc")
events = st.lists(
    st.one_of(
        st.builds(le.IncidentOpened, at=st.just(NOW), incident_id=event_names, handle=st.just("H"),
                  kind=st.just("fire"), site=st.just("civilian"),
                  where=st.just(cl.Where(geocode="n1a")),
                  when=st.just(cl.When(start=NOW, end=NOW + MINUTE))),
        st.builds(le.ClaimEntered, at=st.just(NOW), claim_id=event_names,
                  incident_id=st.none() | event_names, saying=st.just(said())),
        st.builds(le.ClaimCorrected, at=st.just(NOW), claim_id=event_names, new_id=event_names,
                  saying=st.just(said()), reason=st.just("r")),
        st.builds(le.ClaimMoved, at=st.just(NOW), claim_id=event_names, incident_id=event_names),
        st.builds(le.ClaimRetracted, at=st.just(NOW), claim_id=event_names, reason=st.just("r")),
        st.builds(le.IncidentsLinked, at=st.just(NOW), kind=st.sampled_from(("same-as", "part-of")),
                  one=event_names, other=event_names, reason=st.just("r")),
        st.builds(le.IncidentsUnlinked, at=st.just(NOW), kind=st.just("same-as"), one=event_names,
                  other=event_names, reason=st.just("r")),
        st.builds(le.IncidentReleased, at=st.just(NOW), incident_id=event_names,
                  public_id=event_names),
        st.builds(le.IncidentAnnounced, at=st.just(NOW), incident_id=event_names,
                  public_id=event_names),
        st.builds(le.WordsErased, at=st.just(NOW), contents=st.just(("x",)), reason=st.just("r")),
    ),
    max_size=12,
)  # fmt: skip


@given(events)
def test_events_in_any_order_about_anything_leave_a_ledger_that_can_be_read(found):
    """No rule lets most of these happen; a journal is read years later, whatever is in it."""
    ledger = Ledger()
    stages = {}
    for event in found:
        ledger = fold(ledger, event)
        for incident in ledger.incidents.values():
            if not isinstance(event, le.IncidentOpened):  # an id is never given twice
                was = stages.get(incident.id, Stage.HIDDEN)
                assert publication.RANK[was] <= publication.RANK[incident.stage]
            stages[incident.id] = incident.stage
    for incident in ledger.incidents:
        assert ledger.root(ledger.root(incident)) == ledger.root(incident)
        assert len(ledger.upward(incident)) <= len(ledger.incidents)
    over(ledger, ledger.incidents, Measure.KILLED, ledger.claims.values())
    publication.Visible(publication.Publication(), Clerks().story.world.tree, ledger).incidents()


# -- nobody alone tells early --------------------------------------------------------------------


def claim_times(clerks: Clerks) -> dict[str, datetime]:
    """From when on people may read each claim, as things stand."""
    story, found = clerks.story, {}
    for claim in story.ledger.claims.values():
        own = story.ledger.incidents.get(claim.incident_id or "")
        is_hidden = own is not None and own.stage is Stage.HIDDEN
        is_hidden |= (
            own is not None
            and own.stage is Stage.ANNOUNCED
            and not (claim.saying.voice.official and claim.saying.kind != "damage")
        )
        found[claim.id] = story.due(own.id) if own is not None and is_hidden else EPOCH
    return found


def watched(story) -> None:
    """Tell a story, and hold every step of it to the policy."""
    clerks, watch = Clerks(), Watch()
    for step in story:
        ledger = clerks.story.ledger
        hidden = [i.id for i in ledger.incidents.values() if i.stage is not Stage.RELEASED]
        due = {each: clerks.story.due(each) for each in hidden}
        reads = claim_times(clerks)
        number = len(clerks.story.events)
        clerks.do(step)
        new = clerks.story.events[number:]
        watch.see(new)
        if by_one_person(step):
            for each, before in due.items():
                assert clerks.story.due(each) >= before, f"{step[0]} tells an incident earlier"
            announced = {e.incident_id for e in new if isinstance(e, le.IncidentAnnounced)}
            after = claim_times(clerks)
            for each, before in reads.items():
                claim = clerks.story.ledger.claims[each]
                if claim.incident_id in announced and claim.saying.voice.official:
                    continue  # what the authority itself has released
                assert after[each] >= before, f"{step[0]} tells a claim earlier"
        for event in new:
            if isinstance(event, le.IncidentReleased):
                slot = event.at - (event.at - EPOCH) % (10 * MINUTE)
                assert watch.may_be_told(event.incident_id, slot), "policy holds it still"
        seen = clerks.story.seen()
        for each in seen:
            assert clerks.story.incident(each).stage is not Stage.HIDDEN


@given(stories)
def test_nobody_alone_tells_anything_earlier_than_policy_does(story):
    watched(story)


@pytest.mark.proof
@pytest.mark.timeout(600)
@hypothesis.settings(max_examples=PROOF_EXAMPLES)
@given(st.lists(steps, min_size=20, max_size=60))
def test_nor_in_long_stories(story):
    watched(story)


# -- the watch would notice ----------------------------------------------------------------------


def hunted(text: str, *words: str) -> None:
    """Look for a story of these words that breaks the law, in the proof's own way."""
    settings = hypothesis.settings(
        max_examples=4_000, database=None, derandomize=True, print_blob=False,
        phases=[hypothesis.Phase.generate],
    )  # fmt: skip
    with pytest.raises(AssertionError, match=text):
        settings(given(some_of(words))(watched))()


HOUR_EARLY = lambda _self, now: now + timedelta(hours=1)  # noqa: E731
DEFECTS = [
    (publication.Publication, "slot_of", HOUR_EARLY, "policy", ()),
    (ledger_release, "own_wait", lambda *_: EPOCH, "earlier", ("embargo",)),
    (publication, "alert_wait", lambda *_: EPOCH, "policy", ("issue", "clear")),
    (ledger_incidents, "_kept_back", lambda *_: [], "earlier", ("embargo", "link", "unlink")),
    (ledger_claims, "_moved_sooner", lambda *_: None, "claim earlier", ("move",)),
    (Incident, "held_as", lambda self, _others: self, "earlier", ("change",)),
]


@pytest.mark.proof
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    ("place", "name", "defect", "text", "words"), DEFECTS, ids=[each[1] for each in DEFECTS]
)
def test_a_defect_in_the_rules_is_noticed(monkeypatch, place, name, defect, text, words):
    monkeypatch.setattr(place, name, defect)
    hunted(text, *words)


# -- tallies -------------------------------------------------------------------------------------

NUMBERED = tuple(set(Qualifier) - set(cl.VAGUE))
figures = st.one_of(
    st.builds(Figure, measures=st.sampled_from(((Measure.KILLED,), (Measure.INJURED,),
                                                (Measure.KILLED, Measure.INJURED))),
              qualifier=st.sampled_from(NUMBERED), value=st.integers(0, 50), is_part=st.booleans()),
    st.builds(Figure, measures=st.just((Measure.KILLED,)),
              qualifier=st.sampled_from(sorted(cl.VAGUE))),
)  # fmt: skip
sayings = st.builds(
    lambda figures, voice, hedge: said(*figures, voice=voice, hedge=hedge),
    st.lists(figures, max_size=2), st.sampled_from((MAYOR, RESCUE, LOCALS)),
    st.sampled_from((Hedge.SAID, Hedge.SAID, Hedge.DENIED, Hedge.POSSIBLE)),
)  # fmt: skip


@st.composite
def spoken(draw):
    """Claims of one incident, each said at a moment of its own, entered in any order."""
    found = draw(st.lists(sayings, max_size=6))
    said_at = draw(st.permutations(range(len(found))))
    return [
        Claim(
            id=f"c{number}", incident_id="i", entered_at=NOW + number * MINUTE, entered_by="anna",
            saying=replace(each, said_at=NOW + at * MINUTE),
            standing=draw(st.sampled_from((*["stands"] * 3, "retracted"))),
        )
        for number, (each, at) in enumerate(zip(found, said_at, strict=True))
    ]  # fmt: skip


def contains(low, high, figure) -> bool:
    is_open = high is None
    return low <= figure.low and (is_open or (figure.high is not None and figure.high <= high))


@given(spoken(), st.sampled_from((Measure.KILLED, Measure.INJURED)))
def test_a_range_contains_every_figure_that_counts_and_no_other_moves_it(claims, measure):
    found = tally(claims, measure)
    counting = [each for each in found.said if each.counts and len(each.figure.measures) == 1]
    for each in counting:
        assert contains(found.low, found.high, each.figure)
    if counting:
        assert found.low == min(each.figure.low for each in counting)
        assert {found.lowest.figure, found.highest.figure} <= {each.figure for each in counting}
    still = [each for each in claims if any(said.counts for said in voices(claims)
                                            if said.claim.id == each.id)]  # fmt: skip
    again = tally(still, measure)
    assert (again.low, again.high, again.told) == (found.low, found.high, found.told)


@given(spoken(), st.randoms(use_true_random=False))
def test_a_range_does_not_depend_on_the_order_in_which_claims_were_entered(claims, random):
    shuffled = list(claims)
    random.shuffle(shuffled)
    assert [s.claim.id for s in voices(shuffled)] == [s.claim.id for s in voices(claims)]
    entered = [replace(c, entered_at=NOW + n * MINUTE) for n, c in enumerate(shuffled)]
    for measure in (Measure.KILLED, Measure.INJURED):
        one, other = tally(claims, measure), tally(entered, measure)
        assert (one.low, one.high, one.agrees) == (other.low, other.high, other.agrees)
        assert one.official == other.official or one.official.claim.id == other.official.claim.id
    assert casualties(claims) == casualties(entered)


@given(spoken())
def test_a_voice_counts_for_each_measure_with_its_last_words_alone(claims):
    counting = [
        (each.claim.speaker, each.claim.id, measure)
        for each in voices(claims) if each.counts and len(each.figure.measures) == 1
        for measure in each.figure.measures
    ]  # fmt: skip
    claims_of = {}
    for speaker, claim, measure in counting:
        assert claims_of.setdefault((speaker, measure), claim) == claim


@given(spoken())
def test_killed_and_injured_together_are_no_fewer_than_either_where_each_was_told_alone(claims):
    low, high, is_told = casualties(claims)
    assert high is None or high >= low
    single = [tally(claims, each) for each in (Measure.KILLED, Measure.INJURED)]
    alone = [each for each in single if each.told and len(each.lowest.figure.measures) == 1]
    joint = any(s.counts and len(s.figure.measures) == 2 for s in voices(claims))
    assert is_told == bool(alone or joint)
    if high is not None:
        assert high >= sum(each.low for each in alone)
    if not joint:
        assert low == sum(each.low for each in alone)


@given(stories)
def test_a_sum_is_that_of_its_days_and_of_its_regions(story):
    clerks = told([each for each in story if each[0] != "link"])
    ledger, tree = clerks.story.ledger, clerks.story.world.tree
    for measure in (Measure.KILLED, Measure.INJURED):
        whole = over(ledger, ledger.incidents, measure, ledger.claims.values())
        days = by_day(ledger, EPOCH.tzinfo, measure).values()
        assert sum(each.low for each in days) == whole[0]
        assert (None in [each.high for each in days]) == (whole[1] is None)
        places = by_place(ledger, tree, measure)
        if places:
            top = places["land"]
            assert (top.low, top.high, top.told) == whole
        for code, found in places.items():
            assert len(found.incidents) == len(set(found.incidents)), code
