"""Real days, minute by minute: what is shown is what the data set's own intervals say.

The days go the way of a replay: a command for each begin and end, decided, evolved and folded
into region states. Beside it stands an independent computation, straight from the file's rows
and the plain parents of the regions; it knows nothing of alerts, events or masks.
"""

from __future__ import annotations

import csv
import functools
import gzip
import io
import tomllib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

import pytest

from kit.houses import profile
from tocsin import phrases
from tocsin.core import commands as co
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.decide import decide
from tocsin.core.refusals import Refusal
from tocsin.core.state import State, evolve
from tocsin.projections.regions import RegionStates

MINUTE, HALF_AN_HOUR = timedelta(minutes=1), timedelta(minutes=30)
FOLDER = resources.files("tocsin") / "data" / "profiles" / "ua"
DAYS = {
    "1 March": ((date(2022, 3, 1),), ("volunteer", "volunteer-naive")),
    "10 and 11 October": ((date(2022, 10, 10), date(2022, 10, 11)), ("official",)),
}


@dataclass(frozen=True)
class Row:
    """One row of the file."""

    region: str
    begins: datetime
    ends: datetime
    source: str


@functools.cache
def rows() -> list[Row]:
    text = gzip.decompress((FOLDER / "alerts" / "ua_alerts.csv.gz").read_bytes()).decode()
    return [
        Row(
            line["region_id"],
            datetime.fromisoformat(line["started_at_utc"]),
            datetime.fromisoformat(line["ended_at_utc"]),
            line["source"],
        )
        for line in csv.DictReader(io.StringIO(text))
    ]


def of_days(days: tuple[date, ...], sources: tuple[str, ...]) -> list[Row]:
    """The rows of those sources that begin on those days in Kyiv, with their ends even if later."""
    zone = ZoneInfo("Europe/Kyiv")
    return [
        row for row in rows()
        if row.source in sources and row.begins.astimezone(zone).date() in days
    ]  # fmt: skip


# -- the independent computation -----------------------------------------------------------------


@functools.cache
def leaves_under() -> dict[str, frozenset[str]]:
    """For each region the regions under it that have none under them."""
    parents = {region.geocode: region.parent for region in profile().world.tree.regions}
    under: dict[str, set[str]] = defaultdict(set)
    for leaf in set(parents) - set(parents.values()):
        above: str | None = leaf
        while above is not None:
            under[above].add(leaf)
            above = parents[above]
    return {code: frozenset(leaves) for code, leaves in under.items()}


@functools.cache
def spoken_for(source: str) -> list[tuple[datetime, datetime, frozenset[str]]]:
    """From and until when a source speaks for which leaves, by the profile's own file."""
    tables = tomllib.loads((FOLDER / "sources.toml").read_text("utf-8"))
    return [
        (each["from"], each["until"], union(each["regions"]) - union(each.get("except", ())))
        for each in tables[source]["mandates"]
    ]


def may_warn(sources: tuple[str, ...], at: datetime) -> frozenset[str]:
    """The leaves for which one of the sources speaks."""
    mandates = [each for source in sources for each in spoken_for(source)]
    return frozenset().union(*(leaves for begin, end, leaves in mandates if begin <= at < end))


def union(codes) -> frozenset[str]:
    return frozenset().union(*(leaves_under()[code] for code in codes))


@functools.cache
def scene(on: frozenset, over: frozenset, cleared: frozenset, speaks: frozenset) -> dict[str, str]:
    """What every region is shown as, by the regions warned of, run out and just cleared."""
    under_alert, ran_out, lately = union(on), union(over), union(cleared)
    return {
        code: "active" if leaves <= under_alert
        else "partial" if leaves & under_alert
        else "unconfirmed" if leaves & ran_out
        else "cleared" if leaves & lately
        else "none" if leaves & speaks
        else "no-information"
        for code, leaves in leaves_under().items()
    }  # fmt: skip


def expected(played: list[Row], sources: tuple[str, ...], at: datetime) -> dict[str, str]:
    ended = [row for row in played if row.ends <= at]
    return scene(
        frozenset(row.region for row in played if row.begins <= at < row.ends),
        frozenset(row.region for row in ended if row.source == "volunteer-naive"),
        frozenset(
            row.region for row in ended
            if row.source != "volunteer-naive" and at < row.ends + HALF_AN_HOUR
        ),
        may_warn(sources, at),
    )  # fmt: skip


# -- the way of a replay -------------------------------------------------------------------------


class Replay:
    """Commands of the rows, decided one after the other, folded into region states."""

    def __init__(self, played: list[Row], sources: tuple[str, ...]) -> None:
        self.world = profile().world
        self.state = State()
        self.states = RegionStates(self.world)
        steps = [(row.begins, 0, number) for number, row in enumerate(played)]
        steps += [(row.ends, 1, number) for number, row in enumerate(played)]
        self.steps = sorted(steps)
        self.rows = played
        self.count = 0
        for source in sources:
            for mandate in profile().sources[source].mandates:
                give = co.GiveMandate(
                    sender=source, regions=mandate.regions, valid_from=mandate.valid_from,
                    valid_until=mandate.valid_until,
                )  # fmt: skip
                self.tell(give, mandate.valid_from)

    def tell(self, command: co.Command, at: datetime) -> None:
        self.count += 1
        new_id = f"01900000-0000-7000-8000-{self.count:012x}"
        decision = decide(self.world, self.state, command, at, (new_id,))
        assert not isinstance(decision, Refusal), decision
        assert decision
        for event in decision:
            self.state = evolve(self.state, event)
            self.states.apply(event)

    def go_on(self, until: datetime) -> None:
        """Tell what happens up to a moment."""
        while self.steps and self.steps[0][0] <= until:
            at, is_end, number = self.steps.pop(0)
            row, name = self.rows[number], f"row-{number}"
            if not is_end:
                self.tell(self.warn(row, name), at)
            elif row.source == "volunteer-naive":
                alert = self.state.named(row.source, name)
                self.tell(co.ExpireAlert(alert_id=alert.id, replayed=True), at)
            else:
                self.tell(co.ClearAlert(sender=row.source, identifier=name), at)

    def warn(self, row: Row, name: str) -> co.IssueAlert:
        hazard, area = self.world.hazards["air-raid"], Area(regions=(row.region,))
        return co.IssueAlert(
            realm=Realm.LIVE, status=Status.ACTUAL, sender=row.source, hazard=hazard.id,
            area=area, identifier=name, expires=row.begins + hazard.longest, content=name,
            words=phrases.words_for(self.world, hazard, None, area, realm=Realm.LIVE),
        )  # fmt: skip

    def shown(self, at: datetime) -> dict[str, str]:
        found = {line.region: str(line.state) for line in self.states.lines(at)}
        nobody = union(self.states.no_information(at))
        for code, leaves in leaves_under().items():
            if code not in found:
                found[code] = "no-information" if leaves <= nobody else "none"
        return found


def test_the_real_days_are_as_long_as_the_page_says():
    played = [row for days, sources in DAYS.values() for row in of_days(days, sources)]
    invented = [row for row in played if row.source == "volunteer-naive"]
    assert (len(played), len(invented)) == (193, 21)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", DAYS)
def test_every_region_is_shown_every_minute_as_the_data_says(name):
    days, sources = DAYS[name]
    played = of_days(days, sources)
    replay = Replay(played, sources)
    minute = min(row.begins for row in played).replace(second=0) - MINUTE
    end = max(row.ends for row in played) + HALF_AN_HOUR + MINUTE
    minutes = []
    while minute <= end:
        replay.go_on(minute)
        differs = replay.shown(minute).items() ^ expected(played, sources, minute).items()
        assert not differs, minute
        minutes.append(minute)
        minute += MINUTE
    assert not replay.steps
    assert len(minutes) > len(days) * 20 * 60
    for past in minutes[::97]:
        differs = replay.shown(past).items() ^ expected(played, sources, past).items()
        assert not differs, f"looked back at {past}"


def test_the_computation_is_not_blind():
    """One row that ends a minute later is seen."""
    days, sources = DAYS["10 and 11 October"]
    played = of_days(days, sources)
    at = max(row.ends for row in played)
    longer = [Row(r.region, r.begins, r.ends + MINUTE, r.source) for r in played]
    assert expected(played, sources, at) != expected(longer, sources, at)
    assert at.tzinfo is UTC or at.utcoffset() == timedelta(0)
