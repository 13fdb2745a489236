"""Whom an alert reached: counted by way out, delays as quantiles, memory bounded."""

from datetime import UTC, datetime

import pytest

from tocsin.projections.reach import ALERTS_KEPT, Delays, Reach, Row

NOON = datetime(2022, 10, 11, 9, 0, tzinfo=UTC)


def row(alert="a", revision=1, channel="stream"):
    return Row(
        channel=channel, alert_id=alert, revision=revision, accepted_at=NOON, recorded_at=NOON,
        begun_s=10.0,
    )  # fmt: skip


def test_quantiles_are_right_to_five_percent_whatever_the_number():
    delays = Delays()
    for number in range(1, 10_001):
        delays.add(number / 1000)
    for share, expected in [(0.5, 5.0), (0.95, 9.5), (0.99, 9.9)]:
        assert delays.quantile(share) == pytest.approx(expected, rel=0.05)
    assert len(delays.counts) < 250


def test_nobody_reached_has_no_delay_rather_than_none_at_all():
    assert Delays().quantile(0.5) is None


def test_who_was_handed_it_has_it_is_lost_or_is_waited_for():
    one = row()
    one.handed_over = one.selected = 3
    one.acknowledge(10.25)
    one.acknowledge(10.5)
    one.lose()
    assert (one.acknowledged, one.unreached, one.waiting) == (2, 1, 0)
    assert (one.first_s, one.last_s) == (10.25, 10.5)


def test_the_last_revision_counts_for_each_way_out():
    reach = Reach()
    for each in (row(), row(channel="ntfy"), row(revision=2)):
        reach.open(each)
    assert {(r.channel, r.revision) for r in reach.last_of("a")} == {("stream", 2), ("ntfy", 1)}
    assert list(reach.last_of("unknown")) == []


def test_the_oldest_alert_leaves_where_there_are_too_many():
    reach = Reach()
    for number in range(ALERTS_KEPT + 1):
        reach.open(row(str(number)))
    assert reach.of("0") == []
    assert len(reach.of("1")) == 1
