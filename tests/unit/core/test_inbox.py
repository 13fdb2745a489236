"""Reports and drafts as they stand: an event adds, and what is a day over is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kit.observers import STRONG, Watch
from kit.world import NOW
from tocsin.core import inbox
from tocsin.core import intake_events as te
from tocsin.core.inbox import KEPT, Inbox, fold_inbox
from tocsin.core.intake import decide_intake
from tocsin.core.intake_commands import CloseAlertDraft
from tocsin.core.threats import Closing

UNKNOWN = (
    te.ThreatWithdrawn(at=NOW, threat_id="x", key="k", identifier="i", content="c"),
    te.AlertDraftClosed(at=NOW, draft_id="x", how=Closing.DISMISSED),
)


@pytest.mark.parametrize("event", UNKNOWN, ids=lambda each: type(each).__name__)
def test_what_is_about_something_unknown_changes_nothing(event):
    assert fold_inbox(Inbox(), event) == Inbox()


def test_what_is_no_event_of_the_inbox_is_a_fault():
    with pytest.raises(AssertionError):
        fold_inbox(Inbox(), "nothing")  # type: ignore[arg-type]


def test_a_report_is_known_by_its_key_and_id():
    watch = Watch()
    taken = watch.take(STRONG, "n1a")
    inbox = watch.state.inbox
    threat = inbox.named("strong", taken.identifier)
    assert threat is not None
    assert (threat.id, threat.is_weak) == (taken.threat_id, False)
    assert inbox.said("strong", taken.identifier) == taken.content
    assert inbox.said("weak", taken.identifier) is None
    assert inbox.said("strong", "x") is None
    assert [each.id for each in inbox.resting_on(taken.threat_id)] == [watch.draft.id]


def test_a_withdrawal_is_known_by_its_own_id():
    watch = Watch()
    watch.take_back(STRONG, watch.take(STRONG, "n1a"))
    (threat,) = watch.state.inbox.threats.values()
    assert threat.withdrawn_at == watch.now
    assert watch.state.inbox.said("strong", threat.withdrawal) == threat.withdrawal_content
    assert watch.state.inbox.said("weak", threat.withdrawal) is None


def test_an_answered_draft_is_kept_for_a_day_and_a_waiting_one_as_long_as_it_waits():
    watch = Watch()
    watch.take(STRONG, "n1a")
    watch.tell(CloseAlertDraft(draft_id=watch.draft.id, reason="ours"))
    watch.take(STRONG, "s2")
    watch.wait(KEPT)
    watch.take(STRONG, "city")
    assert len(watch.state.inbox.drafts) == 3
    watch.wait(timedelta(seconds=1))
    watch.take(STRONG, "n2a")
    assert [each.regions for each in watch.drafts] == [("s2",), ("city",), ("n2a",)]
    assert len(watch.state.inbox.drafts) == 3


def test_a_storm_pushes_out_the_oldest_reports_but_not_what_a_draft_rests_on(monkeypatch):
    monkeypatch.setattr(inbox, "MOST", 3)
    watch = Watch()
    first = watch.take(STRONG, "n1a")
    later = [watch.take(STRONG, "n1a") for _ in range(5)]
    kept = [first.threat_id, later[-2].threat_id, later[-1].threat_id]
    assert list(watch.state.inbox.threats) == kept


def test_what_is_no_command_of_feeds_is_a_fault():
    watch = Watch()
    with pytest.raises(AssertionError):
        decide_intake(watch.world, watch.state, "nothing", NOW, (), None)  # type: ignore[arg-type]
