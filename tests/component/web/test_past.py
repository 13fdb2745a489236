"""``?at=``: any answer of the situation asked for a past moment, over a real house."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from kit.houses import KYIV
from kit.ledgers import Book, killed
from kit.newsdesk import Newsdesk, newsdesk

pytestmark = pytest.mark.timeout(120)


def moment(at: datetime) -> str:
    """A moment as it stands in an address."""
    return at.isoformat().replace("+00:00", "Z")


async def an_incident(desk: Newsdesk) -> tuple[Book, str]:
    """Open one with two killed, and say five an hour later."""
    crew = desk.crew
    book = Book(crew.node.service, crew.clock)
    incident = await book.open(kind="strike", geocode=KYIV)
    claim = await book.enter(incident, killed(2))
    await book.later(hours=1)
    await book.correct(claim, killed(5))
    return book, incident


async def test_the_desk_reads_what_it_knew_then(tmp_path: Path) -> None:
    async with newsdesk(tmp_path) as desk:
        start = desk.crew.clock.now()
        _, incident = await an_incident(desk)
        then = await desk.get(f"/incidents/{incident}", at=moment(start + timedelta(minutes=30)))
        now = await desk.get(f"/incidents/{incident}")
        (was,) = [each["low"] for each in then["tallies"] if each["measure"] == "killed"]
        (is_,) = [each["low"] for each in now["tallies"] if each["measure"] == "killed"]
        assert (was, is_) == (2, 5)
        assert len(then["claims"]) == 1


async def test_people_read_what_they_could_see_then_and_nothing_released_since(
    tmp_path: Path,
) -> None:
    async with newsdesk(tmp_path) as desk:
        start = desk.crew.clock.now()
        book, _ = await an_incident(desk)
        for _ in range(30):
            await book.later(hours=1)
        public = await desk.crew.ask("anybody", "GET", "/api/v1/situation")
        assert public.json()["incidents"], "it is told by now"
        early = moment(start + timedelta(hours=2))
        then = await desk.crew.ask("anybody", "GET", f"/api/v1/situation?at={early}")
        assert then.status == 200, then.text
        assert then.json()["incidents"] == []
        again = await desk.crew.ask("anybody", "GET", "/api/v1/situation")
        assert again.json()["incidents"] == public.json()["incidents"], "now is as it was"


@pytest.mark.parametrize(
    ("at", "rule"),
    [
        ("2100-01-01T00:00:00Z", "time-in-future"),
        ("1999-01-01T00:00:00Z", "before-the-record"),
        ("0001-01-01T00:00:00%2B01:00", "before-the-record"),
        ("2022-10-11T10:00:00", "time-without-zone"),
        ("yesterday", "bad-value"),
        ("", "bad-value"),
        ("99999999999", "bad-value"),
        ("2022-10-11T10:00:00Z&at=2022-10-11T10:00:00Z", "duplicate-member"),
    ],
)
async def test_a_moment_that_cannot_be_asked_for_is_refused_by_name(
    at: str, rule: str, tmp_path: Path
) -> None:
    async with newsdesk(tmp_path) as desk:
        for path in ("/api/v1/situation", "/api/v1/incidents"):
            seen = await desk.crew.ask("officer", "GET", f"{path}?at={at}")
            assert (seen.rule, seen.json()["field"]) == (rule, "/at"), seen.text


async def test_what_cannot_be_asked_for_the_past_says_so(tmp_path: Path) -> None:
    async with newsdesk(tmp_path) as desk:
        seen = await desk.crew.ask("officer", "GET", "/api/v1/reports?at=2022-10-11T10:00:00Z")
        assert seen.rule == "unknown-member"
