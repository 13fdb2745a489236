"""When the issuer is asked whether an alert still holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from kit.houses import KYIV, issue, profile
from tocsin.core import events as ev
from tocsin.core.alerts import issue as issued
from tocsin.core.hazard import Phrase, Words
from tocsin.core.reminders import reminders, unanswered
from tocsin.core.state import State, evolve

NOON = datetime(2022, 10, 11, 9, 0, tzinfo=UTC)
WORLD = profile().world
WORDS = {p: {lang: Words("a", "b", "c") for lang in WORLD.languages} for p in Phrase}


def after_issue(lasts=timedelta(hours=10), **more):
    state = evolve(
        State(), ev.MandateGiven(at=NOON, sender=WORLD.authority, regions=(WORLD.tree.root,),
                                 valid_from=NOON),
    )  # fmt: skip
    asked = issue(KYIV, words=WORDS, texts="t", expires=NOON + lasts, **more)
    decided = issued(WORLD, state, asked, NOON, ("0183c648-e6d0-703a-8b79-fcad60639ad7",))
    for event in decided:
        state = evolve(state, event)
    return state, decided[0].alert_id


@pytest.mark.parametrize(
    ("passed", "share"), [(59, None), (60, 0.0), (479, 0.0), (480, 0.8), (569, 0.8), (570, 0.95)]
)
def test_the_questions_come_after_an_hour_and_near_the_end(passed, share):
    state, _ = after_issue()
    found = [each.share for each in reminders(WORLD, state, NOON + timedelta(minutes=passed))]
    assert found == ([] if share is None else [share])


def test_an_answer_puts_the_next_question_off_as_a_new_alert_would():
    state, alert_id = after_issue()
    kept_at = NOON + timedelta(hours=9)
    state = evolve(state, ev.AlertKept(at=kept_at, alert_id=alert_id))
    assert reminders(WORLD, state, kept_at + timedelta(minutes=47)) == []
    late = reminders(WORLD, state, kept_at + timedelta(minutes=48))  # 80 % of the hour left
    assert [each.share for each in late] == [0.8]


def test_a_short_alert_is_asked_after_near_its_end_only():
    state, _ = after_issue(timedelta(minutes=30))
    assert reminders(WORLD, state, NOON + timedelta(minutes=23)) == []
    assert reminders(WORLD, state, NOON + timedelta(minutes=24))[0].share == 0.8


def test_officers_are_called_once_and_only_when_the_question_was_left_for_a_while():
    state, alert_id = after_issue()
    due = NOON + timedelta(hours=8)
    wait = WORLD.second_person.page_after
    assert unanswered(WORLD, state, due, frozenset()) == []
    late = unanswered(WORLD, state, due + wait, frozenset())
    assert [each.alert_id for each in late] == [alert_id]
    assert unanswered(WORLD, state, due + wait, frozenset(late)) == []


def test_nobody_is_called_to_a_question_of_the_first_hour_nor_asked_after_history():
    state, alert_id = after_issue()
    assert unanswered(WORLD, state, NOON + timedelta(hours=5), frozenset()) == []
    old = replace(state.active[alert_id], imported=True)
    past = replace(state, active={alert_id: old})
    assert reminders(WORLD, past, NOON + timedelta(hours=9)) == []
