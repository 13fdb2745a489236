"""People see the ledger as it was at the last release slot, and no further."""

from __future__ import annotations

from kit.chronicle import Chronicle, figure, lasting, saying, stated
from kit.world import HOUR, MINUTE, NOW, WORLD
from tocsin.core import ledger_events as le
from tocsin.core.incidents import fold
from tocsin.projections.situation import Shown

POLICY = WORLD.publication


def shown():
    return Shown(POLICY, WORLD.tree)


def entered(name, minutes, **more):
    return le.ClaimEntered(at=NOW + minutes * MINUTE, claim_id=name, incident_id=None,
                           saying=stated(**more))  # fmt: skip


def seen(board, minutes):
    return [each.id for each in board.at(NOW + minutes * MINUTE).loose()]


def test_what_is_recorded_between_two_slots_is_seen_from_the_later_one_on():
    board = shown()
    board.apply(entered("first", 1))
    board.apply(entered("second", 9.99))
    board.apply(entered("third", 10))
    for minutes, expected in (
        (1, []), (9.99, []), (10, ["first", "second"]), (19, ["first", "second"]),
        (20, ["first", "second", "third"]),
    ):  # fmt: skip
        assert seen(board, minutes) == expected


def test_a_clock_that_went_back_shows_nothing_less_and_nothing_more():
    board = shown()
    board.apply(entered("first", 1))
    assert seen(board, 10) == ["first"]
    board.apply(entered("second", 11))
    assert seen(board, 5) == ["first"]


def test_events_are_folded_in_their_order_also_where_one_is_older_than_the_one_before():
    """An older event behind a younger one waits with it: nothing overtakes."""
    board = shown()
    board.apply(entered("younger", 25))
    board.apply(entered("older", 5))
    assert seen(board, 15) == []
    assert seen(board, 30) == ["older", "younger"]


def test_the_same_answer_is_given_while_nothing_new_is_seen():
    board = shown()
    first = board.at(NOW)
    board.apply(entered("first", 1))
    assert board.at(NOW + 5 * MINUTE) is first
    later = board.at(NOW + 10 * MINUTE)
    assert later is not first
    assert board.at(NOW + 11 * MINUTE) is later


def test_a_snapshot_at_any_moment_goes_on_as_if_nothing_had_happened():
    story = Chronicle.with_mandates()
    incident = story.open(when=lasting(-9 * HOUR))
    story.enter(incident, saying(figure(5)))
    events = [each for each in story.events if isinstance(each, le.LedgerEvent)]
    story.later(HOUR)
    events = [each for each in story.events if isinstance(each, le.LedgerEvent)]
    assert len(events) == 3
    for cut in range(len(events) + 1):
        for asked in (0, 5, 10, 70):
            first, again = shown(), shown()
            for event in events[:cut]:
                first.apply(event)
            first.at(NOW + asked * MINUTE)
            ledger, waiting = first.kept()
            again.restore(ledger, waiting)
            for board in (first, again):
                for event in events[cut:]:
                    board.apply(event)
            for minutes in (asked, 80):
                at = NOW + minutes * MINUTE
                assert again.at(at).ledger == first.at(at).ledger
            assert [each.id for each in again.at(NOW + 2 * HOUR).incidents()] == [incident]


def test_what_is_kept_is_the_desks_ledger_at_the_slot_and_the_events_after_it():
    board = shown()
    events = [entered("first", 1), entered("second", 11)]
    for event in events:
        board.apply(event)
    board.at(NOW + 10 * MINUTE)
    ledger, waiting = board.kept()
    assert waiting == (events[1],)
    assert fold(ledger, events[1]).claims.keys() == {"first", "second"}
