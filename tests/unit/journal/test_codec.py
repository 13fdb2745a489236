"""Events as bytes: every event there is comes back as it was, and old ones are brought up."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tocsin.core import events
from tocsin.core.alert import Audience, Realm, Status
from tocsin.core.area import Area, Circle, Polygon, Touched
from tocsin.core.authority import Delegation
from tocsin.core.commands import IssueAlert, UpdateAlert
from tocsin.core.events import EVENTS, AlertCleared, AlertIssued, Event
from tocsin.core.infra_events import InstallationRegistered
from tocsin.core.proposal import Proposal
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


def _whole(known: type[Any]) -> st.SearchStrategy[Any]:
    """Return values of a dataclass with every field drawn, also those that have a default."""
    return st.builds(known, **{each.name: ... for each in fields(known)})


for nested in (IssueAlert, UpdateAlert, Proposal, Delegation):
    st.register_type_strategy(nested, _whole(nested))
_events: st.SearchStrategy[Event] = st.one_of([_whole(known) for known in EVENTS])


@settings(max_examples=200, deadline=None)
@given(_events)
def test_every_event_comes_back_as_it_was(event: Event) -> None:
    if isinstance(event, InstallationRegistered):  # what it is lies sealed beside the chain
        assert codec.decode(*codec.encode(event)) == replace(event, facility=None)
        return
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


# -- of the desk: what waits, who may, what happened at the door ----------------------------------

STORIES: list[tuple[str, bytes]] = [
    (
        "proposal-answered",
        (
            b'{"at":"2022-03-01T15:08:00Z","proposal_id":"p1","state":"sent-back","content":"hash",'
            b'"by":"a1","credential":"c1","reason":"too wide","declined":false,"alert_id":null}'
        ),
    ),
    (
        "delegation-given",
        (
            b'{"at":"2022-03-01T15:08:00Z","delegation":{"sender":"office","to":"town",'
            b'"regions":["n1"],"hazards":["*"],"valid_until":"2022-03-02T15:08:00Z"},"by":"a1"}'
        ),
    ),
    (
        "officers-paged",
        (
            b'{"at":"2022-03-01T15:08:00Z","why":"second-person","alert_id":null,"proposal_id":"p1",'
            b'"account":"a1","roles":["operator","supervisor"]}'
        ),
    ),
    (
        "account-changed",
        (
            b'{"at":"2022-03-01T15:08:00Z","account_id":"a1","change":"opened","role":"operator",'
            b'"sender":"office","regions":["n1"],"hazards":["*"],"realms":["live","drill"],'
            b'"severity":"Extreme","channels":["*"],"by":"a0"}'
        ),
    ),
    (
        "strangers-refused",
        (
            b'{"at":"2022-03-01T15:08:00Z","source":"hash","minute":"2022-03-01T15:07:00Z",'
            b'"count":7,"rules":{"bad-credential":7}}'
        ),
    ),
    (
        "signed-in",
        (
            b'{"at":"2022-03-01T15:08:00Z","account_id":"a1","session_id":"s1",'
            b'"credential_ids":["c1","c2"],"device":"hash"}'
        ),
    ),
]


@pytest.mark.parametrize(("kind", "data"), STORIES, ids=[kind for kind, _ in STORIES])
def test_the_desks_bytes_of_today_are_read_for_ever(kind: str, data: bytes) -> None:
    # These bytes are in journals: if this fails, an upcast is missing, not a new constant here.
    read = codec.decode(kind, 1, data)
    assert codec.encode(read) == (kind, 1, data)
    assert events.audience_of_event(read) is Audience.DESK


def test_every_field_is_drawn_for_a_proposal_and_comes_back() -> None:
    asked = IssueAlert(
        realm=Realm.DRILL, status=Status.EXERCISE, sender="office", hazard="flood",
        area=Area(regions=("n1",), polygons=(Polygon(((0.0, 0.0), (1.0, 0.0), (0.0, 0.0))),)),
        expires=AT, texts="hash", slots={"where": "there"}, channels=("siren",), hold=True,
    )  # fmt: skip
    proposal = Proposal(
        id="p1", handle="7F3K", made_at=AT, ends_at=AT, issue=asked, update=None,
        realm=asked.realm, hazard=asked.hazard, area=asked.area, content="hash",
        why=("hazard", "people"), people=None, because="so", account="a1", credential="c1",
        session="s1", device="d1", declined=("a2",), paged_at=AT, stands="other",
    )  # fmt: skip
    for each in (
        proposal,
        replace(proposal, issue=None, update=UpdateAlert(alert_id="a", sender="office", level="x")),
    ):
        made = events.ProposalMade(at=AT, proposal=each)
        assert codec.decode(*codec.encode(made)) == made
