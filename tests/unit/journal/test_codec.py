"""Events as bytes: every event there is comes back as it was, and old ones are brought up."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core import events
from tocsin.core.alert import Audience, Status
from tocsin.core.area import Area, Circle, Polygon, Touched
from tocsin.core.events import EVENTS, AlertCleared, AlertIssued, Event
from tocsin.errors import JournalBroken
from tocsin.journal import codec
from tocsin.service.ports import Row

AT = datetime(2022, 3, 1, 15, 8, tzinfo=UTC)

_times = st.datetimes(timezones=st.just(UTC))
_words = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
_degrees = st.floats(-180, 180, allow_nan=False)
st.register_type_strategy(datetime, _times)
st.register_type_strategy(str, _words)
st.register_type_strategy(float, _degrees)
st.register_type_strategy(
    Area,
    st.builds(
        Area,
        polygons=st.lists(st.builds(Polygon), max_size=2).map(tuple),
        circles=st.lists(st.builds(Circle), max_size=2).map(tuple),
        touched=st.lists(st.builds(Touched), max_size=2).map(tuple),
    ),
)
_events: st.SearchStrategy[Event] = st.one_of([st.builds(known) for known in EVENTS])


@settings(max_examples=300, deadline=None)
@given(_events)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    assert codec.decode(*codec.encode(event)) == event


def test_a_kind_is_the_class_name_in_kebab_case() -> None:
    kinds = [codec.kind_of(known) for known in EVENTS]
    assert codec.kind_of(AlertIssued) == "alert-issued"
    assert codec.kind_of(events.AlertRanOut) == "alert-ran-out"
    assert len(set(kinds)) == len(EVENTS)


CLEARED = AlertCleared(
    at=AT, alert_id="a1", revision=2, status=Status.ACTUAL, sender="office", by="anna"
)
CLEARED_BYTES = (
    b'{"at":"2022-03-01T15:08:00Z","alert_id":"a1","revision":2,"status":"Actual",'
    b'"sender":"office","with_alert":null,"reason":null,"by":"anna","imported":false}'
)


def test_bytes_written_today_are_read_for_ever() -> None:
    # These bytes are in journals: if this fails, an upcast is missing, not a new constant here.
    assert codec.decode("alert-cleared", 1, CLEARED_BYTES) == CLEARED


def test_a_field_that_is_not_there_takes_its_default() -> None:
    without = json.loads(CLEARED_BYTES)
    for added_later in ("with_alert", "reason", "imported"):
        del without[added_later]
    assert codec.decode("alert-cleared", 1, json.dumps(without).encode()) == CLEARED


def test_an_unknown_kind_is_named() -> None:
    with pytest.raises(JournalBroken, match=r"row 7: .*no event 'alert-forgotten'") as broken:
        codec.decode("alert-forgotten", 1, b"{}", seq=7)
    assert broken.value.seq == 7


def test_a_version_of_a_newer_tocsin_is_named() -> None:
    with pytest.raises(JournalBroken, match="alert-cleared version 2 was written by a newer"):
        codec.decode("alert-cleared", 2, CLEARED_BYTES)


@pytest.mark.parametrize(
    "data", [b"", b"{", b"[]", b"{}", b"\xff", CLEARED_BYTES.replace(b"Actual", b"Real")]
)
def test_bytes_that_do_not_fit_their_kind_are_named(data: bytes) -> None:
    row = Row(9, "alert-cleared", 1, data, "a1", Audience.PUBLIC, 1, AT, b"")
    with pytest.raises(JournalBroken, match="row 9: not a alert-cleared version 1") as broken:
        codec.decode_row(row)
    assert broken.value.seq == 9


def test_an_old_version_is_brought_up_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def to_2(members: dict[str, Any]) -> dict[str, Any]:
        return {**members, "sender": members.pop("office")}

    def to_3(members: dict[str, Any]) -> dict[str, Any]:
        return {**members, "by": members["by"].title()}

    monkeypatch.setitem(codec._KINDS, AlertCleared, ("alert-cleared", 3))  # noqa: SLF001
    monkeypatch.setattr(codec, "UPCASTS", {("alert-cleared", 1): to_2, ("alert-cleared", 2): to_3})
    first = CLEARED_BYTES.replace(b'"sender"', b'"office"')
    brought_up = codec.decode("alert-cleared", 1, first)
    assert isinstance(brought_up, AlertCleared)
    assert (brought_up.sender, brought_up.by) == ("office", "Anna")
    assert brought_up.at == AT
    monkeypatch.setattr(codec, "UPCASTS", {("alert-cleared", 1): to_2})
    with pytest.raises(JournalBroken, match="no step from alert-cleared version 2 to 3"):
        codec.decode("alert-cleared", 1, first)
