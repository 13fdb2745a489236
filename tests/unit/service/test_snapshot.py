"""A saved fold: what is open comes back as it was, and nothing else is trusted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.chronicle import RESCUE, Chronicle, at_least, figure, lasting, place, saying, stated
from kit.world import DRILL, HOUR, NOW, POLICED, Story, approving, issuing, officer
from tocsin.core import commands as co
from tocsin.core import ledger_commands as lc
from tocsin.core import ledger_events as le
from tocsin.core.alert import Audience
from tocsin.core.area import Area
from tocsin.core.audit import PageReason
from tocsin.core.claims import Measure, Quote, Thing
from tocsin.core.incidents import LinkKind
from tocsin.core.state import State
from tocsin.journal import codec
from tocsin.projections.situation import Shown
from tocsin.service import snapshot

TREE = POLICED.tree


def NO_KEY(content: str) -> None:  # noqa: N802
    """Open nothing: there is nothing sealed here."""


@pytest.fixture
def story() -> Story:
    return Story.with_mandates(POLICED)


def saved(state: State) -> bytes:
    """A state's bytes, with nothing else in the snapshot."""
    return snapshot.written(TREE, state, {Audience.PUBLIC: 7}, {}, {})


def came_back(state: State) -> State:
    """A state written and read again."""
    read = snapshot.read(TREE, saved(state))
    assert read is not None
    return snapshot.state_of(read, NO_KEY)


def test_what_waits_for_a_second_person_comes_back_with_all_that_was_said_to_it(story):
    wide = issuing("land", hazard="flood", channels=("siren",), proposed_because="the dam")
    declined, approved, sent_back = (story.propose(officer("anna"), wide) for _ in range(3))
    story.tell(
        co.AnswerProposal(proposal_id=declined.id, verdict=co.Verdict.DECLINE), officer("ivan")
    )
    story.tell(co.PageOfficers(why=PageReason.UNANSWERED, proposal_id=declined.id))
    story.tell(approving(approved), officer("ivan"))
    back = co.AnswerProposal(
        proposal_id=sent_back.id, verdict=co.Verdict.SEND_BACK, reason="too wide"
    )
    story.tell(back, officer("ivan"))
    alert = story.issue("n1b", hazard="flood")
    story.propose(
        officer("anna"),
        co.UpdateAlert(alert_id=alert.id, sender="nation", area=Area(regions=("n1",))),
    )
    again = came_back(story.state)
    assert again == story.state
    assert [p.state for p in again.proposals.values()] == [
        "waiting", "approved", "sent-back", "waiting",
    ]  # fmt: skip
    assert again.proposals[declined.id].declined == ("ivan",)


def test_a_proposal_read_back_is_approved_as_if_nothing_had_happened(story):
    proposal = story.propose(officer("anna"), issuing("land", hazard="flood"))
    expected = story.ask(approving(proposal), officer("ivan"))
    story.state = came_back(story.state)
    assert story.ask(approving(proposal), officer("ivan")) == expected


def test_delegations_kept_alerts_drills_and_who_stands_under_whom_come_back(story):
    story.tell(co.GiveMandate(sender="village", regions=("s2",), under="south-office"))
    story.tell(
        co.GiveDelegation(
            sender="nation", to="north-office", regions=("n1",), hazards=("*",),
            valid_until=NOW + HOUR,
        )
    )  # fmt: skip
    held = story.issue("n1", hold=True, channels=("siren",))
    story.tell(co.KeepAlert(alert_id=held.id, sender="nation"))
    story.issue("s1", **DRILL)
    story.clear(story.issue("n2"))
    story.run_out(story.issue("city", expires=NOW + timedelta(minutes=5)))
    story.tell(co.ClearAlert(sender="army", identifier="late", relayed=True))
    again = came_back(story.state)
    assert again == story.state
    assert (again.under, again.kept) == ({"village": "south-office"}, {held.id: NOW})
    assert again.active[held.id].hold
    part = co.ClearAlert(sender="north-office", alert_id=held.id, regions=("n1a",))
    story.state = again
    assert story.refused(part).rule == "held"


def test_a_snapshot_of_another_tree_or_version_or_of_no_sense_is_dropped(story, monkeypatch):
    data = saved(story.state)
    assert snapshot.read(TREE, data) is not None
    assert snapshot.read(TREE, data[:-1]) is None
    assert snapshot.read(TREE, b"{}") is None
    assert snapshot.read(TREE, data.replace(snapshot.fingerprint(TREE).encode(), b"0")) is None
    monkeypatch.setattr(snapshot, "VERSION", snapshot.VERSION + 1)
    assert snapshot.read(TREE, data) is None


def a_kept_ledger() -> Chronicle:
    """A ledger with all that it can hold, some of it not yet seen by people."""
    story = Chronicle.with_mandates(POLICED)
    report = story.made(
        lc.TakeReport(outlet="Gazette", published="2022-10-10", language="en", content="text",
                      digest="digest", title="T", address="https://gazette.example", proposed="m")
    )  # fmt: skip
    told = story.open(when=lasting(-9 * HOUR), where=place(position=(1.0, 2.0), site="tower"))
    full = saying(
        figure(5), at_least(3, Measure.INJURED), voice=RESCUE, report_id=report, draft="d1",
        quote=Quote(content="quote", start=3, end=9), happened=lasting(-9 * HOUR),
        where=place(name="Town"), things=(Thing(type="bridge", status="hit"),), said_at=NOW,
    )  # fmt: skip
    claim = story.enter(told, full)
    story.tell(lc.RejectDraft(report_id=report, draft="d2"))
    story.tell(lc.CorrectClaim(claim_id=claim, saying=saying(figure(6)), reason="misread"))
    story.tell(lc.EraseWords(claim_id=claim, reason="asked for"))
    story.next_slot()
    story.wait(HOUR / 60)
    asked, twin = story.open(site="critical"), story.open()
    story.change(asked, site="civilian", when=lasting(-2 * HOUR))
    story.tell(lc.SetEmbargo(incident_id=asked, until=NOW, reason="known"), officer("anna"))
    story.tell(lc.SetEmbargo(incident_id=twin, until=None, reason="search goes on"))
    story.same(twin, told)
    story.link(LinkKind.PART_OF, asked, told)
    story.tell(lc.GiveGuidance(area=Area(regions=("n1",)), words="w", languages=("uk", "en")))
    story.enter(None, stated())
    return story


def written_and_read(story: Chronicle) -> tuple[State, Shown]:
    """The desk's state and what people see, written and read again."""
    ledger, waiting = story.shown.kept()
    data = snapshot.written(
        TREE, story.state, {}, {}, {}, shown=ledger,
        waiting=[codec.encode(event) for event in waiting],
    )  # fmt: skip
    read = snapshot.read(TREE, data)
    assert read is not None
    shown = Shown(story.world.publication, TREE)
    events = [codec.decode(*each) for each in read.waiting]
    shown.restore(snapshot.ledger_of(read.shown), [e for e in events if is_of_ledger(e)])
    return snapshot.state_of(read, NO_KEY), shown


def is_of_ledger(event: object) -> bool:
    return isinstance(event, le.LedgerEvent)


def test_a_ledger_with_events_that_wait_for_their_slot_comes_back_as_it_was():
    story = a_kept_ledger()
    seen = story.visible.ledger
    assert len(story.shown.kept()[1]) > 5
    state, shown = written_and_read(story)
    assert state == story.state
    assert shown.kept() == story.shown.kept()
    assert shown.at(story.now).ledger == seen


def test_what_was_read_back_goes_on_as_what_was_written():
    story, again = a_kept_ledger(), a_kept_ledger()
    again.state, again.shown = written_and_read(again)
    for each in (story, again):
        each.later(13 * HOUR)
    assert again.state == story.state
    assert again.visible.ledger == story.visible.ledger
    assert len(story.seen()) == 2
