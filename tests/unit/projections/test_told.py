"""What people may know, by day, region, speaker and slot."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.world import WORLD
from tocsin.core import ledger_events as le
from tocsin.core.claims import (
    ClaimKind,
    Figure,
    Measure,
    Qualifier,
    Saying,
    SpeakerKind,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import Ledger, Stage, fold
from tocsin.core.publication import Publication, Visible
from tocsin.projections.told import Board, Sum, speaker_key

KYIV = ZoneInfo("Europe/Kyiv")
T = datetime(2022, 3, 1, 12, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MAYOR = Voice(kind=SpeakerKind.PERSON, name="A. Mayor", role="Mayor")
RESCUE = Voice(kind=SpeakerKind.ORGANISATION, name="Rescue", official=True)


def board(events: Iterable[le.LedgerEvent], zone: str = "Europe/Kyiv") -> Board:
    """What people know after these events."""
    ledger = Ledger()
    for event in events:
        ledger = fold(ledger, event)
    return Board(Visible(Publication(), WORLD.tree, ledger), ZoneInfo(zone))


def opened(
    name: str, geocode: str = "n1a", start: datetime = T, end: datetime | None = None
) -> le.IncidentOpened:
    """An incident that nobody may know of yet."""
    when = When(start=start, end=end or start + HOUR, grain="minute")
    return le.IncidentOpened(at=start + 2 * HOUR, incident_id=name, handle=name, kind="strike",
                             site="civilian", where=Where(geocode=geocode), when=when)  # fmt: skip


def released(name: str, at: datetime = T + 10 * HOUR) -> le.IncidentReleased:
    """From the next slot on, people know of it."""
    return le.IncidentReleased(at=at, incident_id=name, public_id=f"public-{name}")


def said(
    name: str, incident: str | None, number: int, voice: Voice = MAYOR, at: datetime = T + 3 * HOUR
) -> le.ClaimEntered:
    """So many killed, says somebody."""
    figure = Figure(measures=(Measure.KILLED,), qualifier=Qualifier.EXACT, value=number)
    kind = ClaimKind.CASUALTIES if incident else ClaimKind.STATEMENT
    saying = Saying(kind=kind, voice=voice, outlet="Gazette", figures=(figure,), said_at=at)
    return le.ClaimEntered(at=at, claim_id=name, incident_id=incident, saying=saying)


@pytest.mark.parametrize(
    ("hour", "day"), [(21, date(2022, 3, 1)), (22, date(2022, 3, 2)), (0, date(2022, 3, 1))]
)
def test_an_incident_belongs_to_the_local_day_of_its_end(hour: int, day: date) -> None:
    start = datetime(2022, 3, 1, hour, 20, tzinfo=UTC)
    seen = board([opened("i", start=start, end=start + 30 * MINUTE), released("i")])
    assert [each.last for each in seen.incidents] == [day]
    assert seen.days == (day,)


def test_a_zone_with_half_an_hour_does_not_move_a_whole_day() -> None:
    start = datetime(2022, 3, 1, 18, 30, tzinfo=UTC)  # midnight there
    seen = board(
        [opened("i", start=start, end=start + 24 * HOUR), released("i", T + 90 * HOUR)],
        "Asia/Kolkata",
    )
    assert (seen.incidents[0].first, seen.incidents[0].last) == (date(2022, 3, 2),) * 2


def test_what_lasted_over_several_days_belongs_to_the_last_and_is_around_the_others() -> None:
    seen = board([opened("i", start=T, end=T + 50 * HOUR), released("i", T + 90 * HOUR)])
    assert seen.chosen(day=date(2022, 3, 3))[0] == list(seen.incidents)
    assert seen.chosen(day=date(2022, 3, 1)) == ([], [])
    assert seen.around(date(2022, 3, 1)) == list(seen.incidents)
    assert seen.around(date(2022, 3, 3)) == []


@pytest.mark.parametrize(
    ("region", "found"),
    [
        (None, {"country", "north", "place"}), ("land", {"country", "north", "place"}),
        ("north", {"north", "place"}), ("n1a", {"north", "place"}), ("n1b", {"north"}),
        ("south", set()),
    ],
)  # fmt: skip
def test_a_region_takes_what_is_in_it_and_what_is_told_of_one_above(
    region: str | None, found: set[str]
) -> None:
    places = {"country": "land", "north": "north", "place": "n1a"}
    seen = board(
        event for name, code in places.items() for event in (opened(name, code), released(name))
    )
    assert {each.incident.id for each in seen.chosen(region=region)[0]} == found


def test_a_claim_appears_with_its_incident_and_not_when_the_desk_entered_it() -> None:
    seen = board([opened("i"), said("c", "i", 5), released("i", T + 10 * HOUR + MINUTE)])
    (told,) = seen.incidents
    assert told.since == T + 10 * HOUR + 10 * MINUTE
    assert seen.history(told)[0].at == told.since


def test_history_counts_as_people_counted_then() -> None:
    right = said("d", "i", 5).saying
    events = [
        opened("i"), said("c", "i", 50), released("i"), said("e", "i", 7, RESCUE, T + 11 * HOUR),
        le.ClaimCorrected(at=T + 12 * HOUR, claim_id="c", new_id="d", saying=right, reason="typo"),
        le.IncidentChanged(
            at=T + 13 * HOUR, incident_id="i", kind="strike", site="civilian",
            where=Where(geocode="n1a"), when=opened("i").when, title="", is_open=False,
        ),
    ]  # fmt: skip
    seen = board(events)
    (told,) = seen.incidents
    steps = seen.history(told)
    slot = 10 * MINUTE
    assert [each.at for each in steps] == [T + hours * HOUR + slot for hours in (13, 12, 11, 10)]
    assert [each.added for each in steps] == [(), ("d",), ("e",), ("c",)]
    assert [each.ended for each in steps] == [(), ("c",), (), ()]
    assert [each.is_over for each in steps] == [True, False, False, False]
    assert steps[-1].stage is Stage.RELEASED
    then = [{c.id for c in seen.claims_at(told, each.at) if c.stands} for each in reversed(steps)]
    assert then == [{"c"}, {"c", "e"}, {"d", "e"}, {"d", "e"}]


def test_a_part_is_not_added_to_its_whole() -> None:
    link = le.IncidentsLinked(at=T + 4 * HOUR, kind="part-of", one="p", other="w", reason="is")
    seen = board([
        opened("w", "land"), opened("p"), said("a", "w", 19), said("b", "p", 7), link,
        released("w"), released("p"),
    ])  # fmt: skip
    assert seen.sums(seen.incidents) == [Sum(measure=Measure.KILLED, low=19, high=19)]
    parts = {each.incident.id: (each.parts, each.part_of) for each in seen.incidents}
    assert parts == {"w": (("public-p",), ()), "p": ((), ("public-w",))}
    assert list(seen.by_region(seen.incidents)) == ["land", "north"]


def test_a_countrys_toll_is_not_added_to_that_of_a_town_that_nobody_linked() -> None:
    seen = board([
        opened("w", "land"), opened("p"), said("a", "w", 19), said("b", "p", 7),
        released("w"), released("p"),
    ])  # fmt: skip
    assert seen.sums(seen.incidents) == [Sum(measure=Measure.KILLED, low=19, high=19)]


def test_what_went_on_for_a_week_is_in_no_days_sum() -> None:
    week = opened("w", start=T - 7 * 24 * HOUR, end=T)
    seen = board([week, opened("p"), said("a", "w", 3), said("b", "p", 7), released("w"),
                  released("p")])  # fmt: skip
    assert seen.sums(seen.incidents) == [Sum(measure=Measure.KILLED, low=7, high=7)]


def test_a_speaker_is_one_by_what_people_know_of_him() -> None:
    seen = board([opened("i"), said("c", "i", 5), said("s", None, 6), released("i"),
                  said("r", "i", 9, RESCUE)])  # fmt: skip
    mine = seen.speakers[speaker_key(MAYOR, "anywhere")]
    assert [claim.id for claim, _ in mine.said] == ["s", "c"]
    assert [told.id if told else None for _, told in mine.said] == [None, "public-i"]
    other = Voice(kind=SpeakerKind.GROUP, role="local officials")
    assert speaker_key(other, "Gazette") != speaker_key(other, "Herald")


def test_what_is_hidden_is_not_on_the_board() -> None:
    seen = board([opened("i"), said("c", "i", 5)])
    assert seen.incidents == seen.loose == seen.days == ()
    assert seen.find("public-i") is None
    assert seen.find("i") is None
    assert not seen.speakers
