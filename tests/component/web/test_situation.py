"""The situation as people read it: JSON, CSV and pages, with what they never tell."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from kit.asgi import Seen
from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV
from kit.ledgers import (
    LOCALS,
    MAYOR,
    MINISTRY,
    OUTLET,
    RESCUE,
    Book,
    figure,
    killed,
    wounded,
)
from kit.staff import Crew, house
from tocsin.core import ledger_commands as lc
from tocsin.core.claims import (
    ClaimKind,
    Hedge,
    Measure,
    Qualifier,
    SpeakerKind,
    Voice,
    When,
    Where,
)
from tocsin.core.incidents import LinkKind
from tocsin.web.api.situation_csv import COLUMNS, harmless

EVENING = datetime(2022, 3, 1, 17, 20, tzinfo=UTC)
TITLE = {"en": "Strike on the television tower", "uk": "Удар по телевежі"}


@dataclass
class Told:
    """A house in which something happened."""

    crew: Crew
    book: Book

    async def get(self, path: str, **headers: str) -> Seen:
        """Ask as anybody."""
        return await self.crew.ask("anybody", "GET", path, None, **headers)

    async def json(self, path: str = "") -> Any:
        """Ask the API and return what it says."""
        seen = await self.get(f"/api/v1/situation{path}")
        assert seen.status == 200, seen.text
        return seen.json()

    async def page(self, path: str, language: str = "en") -> str:
        """Ask for a page and return it."""
        mark = "&" if "?" in path else "?"
        seen = await self.get(f"{path}{mark}lang={language}")
        assert seen.status == 200, seen.text
        return seen.text

    async def tower(self) -> str:
        """Two reports of one strike, with different facts; return its id on the desk."""
        book = self.book
        strike = await book.open(
            name="Shevchenkivskyi district", site="critical", hours=(-2, -1), title=TITLE
        )
        await book.enter(strike, killed(5), wounded(5), outlet="ynet", quote="zqquote")
        await book.enter(
            strike, killed(8, Qualifier.AT_LEAST), voice=LOCALS, outlet="Reuters",
            where=Where(geocode=KYIV, site="zqsite", position=(30.45, 50.47)), note="zqnote",
        )  # fmt: skip
        await book.enter(
            strike, voice=MAYOR, kind=ClaimKind.DAMAGE, outlet="Reuters",
            things=(("tv-tower", "hit"), ("substation", "damaged")), words={"en": "It is hit."},
        )  # fmt: skip
        await book.enter(
            strike, voice=MINISTRY, kind=ClaimKind.DAMAGE, outlet="Reuters", hedge=Hedge.DENIED
        )
        return strike


@contextlib.asynccontextmanager
async def told(folder: Path, start: datetime = EVENING) -> AsyncIterator[Told]:
    """A running house whose clock stands until the test moves it; nothing acts by itself."""
    clock = FakeClock(start)
    async with house(folder / "data", clock) as crew:
        await crew.node.scheduler.stop()
        yield Told(crew, Book(crew.node.service, clock))


# -- JSON ----------------------------------------------------------------------------------------


async def test_both_accounts_stand_in_one_incident_with_their_figures(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        (public_id,) = await t.book.release(await t.tower())
        body = await t.json(f"/{public_id}")
        assert {each["outlet"] for each in body["claims"]} == {"ynet", "Reuters"}
        dead = next(each for each in body["tallies"] if each["measure"] == "killed")
        assert (dead["low"], dead["high"], dead["agrees"]) == (5, None, False)
        assert (dead["official"]["value"], dead["highest"]["qualifier"]) == (5, "at_least")
        assert body["title"] == TITLE
        assert body["where"]["name"] == "Shevchenkivskyi district"


async def test_what_only_the_desk_may_know_is_nowhere(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.tower()
        (public_id,) = await t.book.release(strike)
        pages = [
            (await t.get(path)).text
            for path in (
                "/api/v1/situation", f"/api/v1/situation/{public_id}", "/api/v1/situation.csv",
                "/api/v1/situation/days", "/api/v1/situation/speakers", "/situation",
                f"/situation/{public_id}", "/situation/day/2022-03-01", "/situation/speakers",
            )
        ]  # fmt: skip
        claims = [each.id for each in t.crew.node.service.ledger.claims.values()]
        for each in ("zqquote", "zqsite", "zqnote", "30.45", "substation", strike, *claims,
                     t.book.incident(strike).handle):  # fmt: skip
            assert not [page for page in pages if each in page], each
        whole = "".join(pages)
        assert "17:20" not in whole, "the minute is told"
        assert "T16:20" not in whole


async def test_a_hidden_incident_is_answered_as_one_that_never_was(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.tower()
        for path in ("/api/v1/situation/", "/situation/"):
            hidden, never = await t.get(path + strike), await t.get(path + "no-such-thing")
            assert hidden.status == never.status == 404
            assert hidden.body.replace(strike.encode(), b"") == never.body.replace(
                b"no-such-thing", b""
            )
        assert (await t.json())["incidents"] == []


async def test_a_claim_is_dated_by_the_slot_at_which_people_saw_it(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        (public_id,) = await t.book.release(await t.tower())
        body = await t.json(f"/{public_id}")
        assert {each["known_since"] for each in body["claims"]} == {body["known_since"]}
        since = datetime.fromisoformat(body["known_since"])
        assert since >= EVENING - timedelta(hours=1) + timedelta(hours=12)
        assert since.minute % 10 == since.second == 0


async def test_no_history_line_has_a_bare_kind_for_what_somebody_says(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        (public_id,) = await t.book.release(await t.tower())
        steps = (await t.page(f"/situation/{public_id}")).partition('<ol class="steps">')[2]
        lines = re.findall(r"<li>(New: [^<]*)</li>", steps)
        assert len(lines) == 4
        assert [each for each in lines if each.startswith("New: Damage (")]  # a denial of it all
        assert not [each for each in lines if each.endswith(": Damage")]


async def test_history_says_what_was_known_when(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.book.open(hours=(-2, -1))
        claim = await t.book.enter(strike, killed(50), voice=MAYOR)
        (public_id,) = await t.book.release(strike)
        await t.book.correct(claim, killed(5))
        await t.book.tell(
            lc.ChangeIncident(incident_id=strike, is_open=False, reason="search is over")
        )
        second = await t.book.next_slot()
        history = (await t.json(f"/{public_id}"))["history"]
        assert [each["tallies"][0]["high"] for each in history] == [5, 50]
        assert [len(each["added"]) for each in history] == [1, 1]
        assert history[0]["at"] == second.isoformat().replace("+00:00", "Z")
        assert history[0]["ended"] == [
            {"claim": history[1]["added"][0], "standing": "corrected",
             "replaced_by": history[0]["added"][0]}
        ]  # fmt: skip
        assert history[0]["is_over"]
        assert history[1]["stage"] == "released"
        page = await t.page(f"/situation/{public_id}")
        assert "Entered wrongly. Correct: 5 killed." in page
        assert "Search and rescue are over." in page


async def test_an_announced_incident_tells_region_hour_and_official_figures(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.tower()
        await t.book.tell(lc.AnnounceIncident(incident_id=strike))
        await t.book.next_slot()
        (body,) = (await t.json())["incidents"]
        assert (body["stage"], body["title"], body["where"]["name"]) == ("announced", {}, "")
        assert [each["voice"]["name"] for each in body["claims"]] == [RESCUE.name]
        page = await t.page("/situation")
        assert "So far only what the authority itself has told." in page


async def test_filters_take_what_they_say(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.tower()
        blast = await t.book.open("explosion", LVIV, hours=(-40, -39))
        await t.book.enter(blast, wounded(2), voice=LOCALS, outlet="Gazette")
        await t.book.enter(None, voice=MINISTRY, kind=ClaimKind.STATEMENT, words={"en": "Not us."})
        tower, lviv = await t.book.release(strike, blast)

        async def ids(query: str) -> tuple[list[str], int]:
            body = await t.json(f"?{query}")
            return [each["id"] for each in body["incidents"]], len(body["claims"])

        assert await ids("region=UA-46") == ([lviv], 0)
        assert await ids("region=UA") == ([tower, lviv], 1)
        assert await ids("day=2022-02-28") == ([lviv], 0)
        assert await ids("day=2022-03-01") == ([tower], 1)
        assert await ids("kind=explosion") == ([lviv], 0)
        assert await ids("kind=statement") == ([], 1)
        people = {each["voice"]["name"]: each for each in (await t.json("/speakers"))["speakers"]}
        key = people[MINISTRY.name]["key"]
        assert people[MINISTRY.name]["claims"] == 2
        assert await ids(f"speaker={key}") == ([tower], 1)


@pytest.mark.parametrize(
    ("query", "field", "rule"),
    [
        ("day=2022-02-30", "/day", "bad-value"), ("day=yesterday", "/day", "bad-value"),
        ("region=atlantis", "/region", "unknown-region"), ("kind=murder", "/kind", "bad-value"),
        ("speaker=me", "/speaker", "bad-value"), ("sort=up", "/sort", "unknown-member"),
    ],
)  # fmt: skip
async def test_what_cannot_be_asked_is_refused_by_field_and_rule(
    query: str, field: str, rule: str, tmp_path: Path
) -> None:
    async with told(tmp_path) as t:
        for path in ("/api/v1/situation", "/api/v1/situation.csv"):
            seen = await t.get(f"{path}?{query}")
            assert (seen.status // 100, seen.json()["field"], seen.rule) == (4, field, rule)


async def test_a_day_and_its_regions_have_sums_that_count_nobody_twice(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        wave = await t.book.open(geocode="UA", hours=(-4, -1))
        await t.book.enter(wave, killed(19), wounded(100, Qualifier.MORE_THAN))
        part = await t.book.open(geocode=KYIV, hours=(-3, -2))
        await t.book.enter(part, killed(7), voice=MAYOR)
        await t.book.link(LinkKind.PART_OF, part, wave)
        apart = await t.book.open("accident", LVIV, hours=(-3, -2))
        await t.book.enter(apart, killed(1, Qualifier.AT_LEAST), voice=LOCALS)
        await t.book.release(wave, part, apart)
        (day,) = (await t.json("/days"))["days"]
        assert day["day"] == "2022-03-01"
        assert day["sums"][0] == {"measure": "killed", "low": 20, "high": None}
        assert day["regions"][0]["region"] == "UA"
        kyiv = next(each for each in day["regions"] if each["region"] == KYIV)
        assert kyiv["sums"] == [{"measure": "killed", "low": 7, "high": 7}]


async def test_an_incident_that_turned_out_to_be_another_leads_to_it(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        one, other = await t.book.open(), await t.book.open("explosion")
        await t.book.enter(one, killed(2), voice=MAYOR)
        first, second = await t.book.release(one, other)
        await t.book.link(LinkKind.SAME_AS, one, other)
        await t.book.next_slot()
        moved = await t.get(f"/situation/{first}")
        assert (moved.status, moved.header("location")) == (302, f"/situation/{second}")
        body = await t.json(f"/{first}")
        assert (body["id"], len(body["claims"])) == (second, 1)


# -- validators ----------------------------------------------------------------------------------


async def test_what_has_not_changed_is_not_sent_again(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        await t.book.release(await t.tower())
        first = await t.get("/api/v1/situation")
        slot = first.json()["as_of"]
        dated = parsedate_to_datetime(first.header("last-modified"))
        assert dated == datetime.fromisoformat(slot)
        await t.book.later(minutes=5)
        for held in (
            {"If-None-Match": first.header("etag")},
            {"If-Modified-Since": first.header("last-modified")},
        ):
            again = await t.get("/api/v1/situation", **held)
            assert (again.status, again.body) == (304, b"")
        await t.book.next_slot()
        assert (await t.get("/api/v1/situation", **held)).status == 200


async def test_guidance_is_told_at_once_and_no_validator_hides_it(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        await t.book.next_slot()
        first = await t.get("/api/v1/situation")
        guidance = await t.book.guide(KYIV, en="Boil water.", uk="Кип'ятіть воду.")
        held = {"If-Modified-Since": first.header("last-modified")}
        seen = await t.get("/api/v1/situation", **held)
        assert seen.status == 200
        assert [each["id"] for each in seen.json()["guidance"]] == [guidance]
        page = await t.page("/situation")
        assert page.index("Boil water.") < page.index("Nothing is told yet.")
        assert (await t.json(f"?region={LVIV}"))["guidance"] == []
        await t.book.tell(lc.EndGuidance(guidance_id=guidance))
        assert (await t.json())["guidance"] == []


# -- CSV -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49", "-3", "@x", "\tx", "\rx", "\n=x", " =1", "＝1", "\u00a0=1"]
)
def test_a_cell_that_would_run_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "5", "Kyiv", "2022-03-01", "a=b", "'quoted"])
def test_a_plain_cell_stays_as_it_is(cell: str) -> None:
    assert harmless(cell) == cell


async def test_claims_come_as_rows_that_no_spreadsheet_runs(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.tower()
        evil = Voice(
            kind=SpeakerKind.PERSON, name='=HYPERLINK("http://x","y")', role="+1", org="@a"
        )
        await t.book.enter(strike, killed(1), voice=evil, outlet="-2+3", words={"en": '=2, "q"\n'})
        await t.book.enter(None, voice=OUTLET, kind=ClaimKind.STATEMENT, outlet="Gazette")
        await t.book.release(strike)
        seen = await t.get("/api/v1/situation.csv")
        assert seen.header("content-type").startswith("text/csv")
        assert seen.body.startswith(b"\xef\xbb\xbf")
        rows = list(csv.reader(io.StringIO(seen.body.decode("utf-8-sig"), newline="")))
        assert tuple(rows[0][: len(COLUMNS)]) == COLUMNS
        assert {len(each) for each in rows} == {len(COLUMNS) + 2}
        assert not [
            c for row in rows for c in row if c.startswith(("=", "+", "-", "@", "\t", "\r"))
        ]
        table = [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
        five = [each for each in table if each["outlet"] == "ynet"]
        assert [(each["measures"], each["value"]) for each in five] == [
            ("killed", "5"), ("injured", "5"),
        ]  # fmt: skip
        assert [each["qualifier"] for each in table if each["low"] == "8"] == ["at_least"]
        assert table[-1]["incident"] == ""


# -- pages ---------------------------------------------------------------------------------------


async def test_the_page_says_who_says_which_figure_and_who_denies(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        (public_id,) = await t.book.release(await t.tower())
        text = plain(await t.page("/situation"))
        assert "Seen as of" in text
        assert "5 or more killed, 5 wounded" in text
        assert "State Emergency Service, Ukraine official says: 5 killed and 5 wounded" in text
        assert "local officials says: at least 8 killed" in text or "at least 8 killed" in text
        assert "Defence Ministry, Russia denies: Damage" in text
        page = plain(await t.page(f"/situation/{public_id}"))
        assert "Where sources differ" in page
        assert "Different figures: killed." in page
        assert "One source denies it." in page


async def test_a_warning_in_a_report_is_called_no_alert(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        await t.book.enter(None, voice=MINISTRY, kind=ClaimKind.EVACUATION, hedge=Hedge.CLAIMED,
                           words={"en": "Residents should leave."})  # fmt: skip
        await t.book.next_slot()
        text = plain(await t.page("/situation"))
        assert "Residents should leave." in text
        assert "An unverified statement. Not an alert." in text


async def test_an_outage_tells_since_when_and_whether_in_part(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        day = When(start=datetime(2022, 2, 28, 22, tzinfo=UTC),
                   end=datetime(2022, 3, 1, 22, tzinfo=UTC))  # fmt: skip
        t.crew.clock.step(hours=12)
        await t.book.enter(
            None, figure(Measure.OUT, qualifier=Qualifier.HUNDREDS, what="settlements"),
            voice=LOCALS, kind=ClaimKind.OUTAGE, where=Where(geocode=LVIV), happened=day,
            things=(("power", "disrupted"),),
        )  # fmt: skip
        await t.book.later(hours=1)
        await t.book.next_slot()
        text = plain(await t.page("/situation"))
        assert "hundreds without service (settlements) and power: partly out 1 March 2022" in text
        assert "Outage: hundreds without service" in plain(await t.page(f"/r/{LVIV}"))


async def test_the_part_of_the_day_stands_for_the_hour(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        morning = datetime(2022, 3, 1, 6, 12, tzinfo=UTC)
        strike = await t.book.open(
            when=When(start=morning, end=morning + timedelta(minutes=20), grain="minute")
        )
        await t.book.enter(strike, killed(1))
        (public_id,) = await t.book.release(strike)
        text = plain(await t.page(f"/situation/{public_id}"))
        assert "1 March 2022, in the morning" in text
        assert "08:12" not in text
        assert "1 березня 2022" in plain(await t.page(f"/situation/{public_id}", "uk"))


async def test_one_number_for_killed_and_wounded_stays_one(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        strike = await t.book.open()
        both = figure(Measure.KILLED, Measure.INJURED, qualifier=Qualifier.DOZENS)
        await t.book.enter(strike, both, voice=OUTLET)
        await t.book.release(strike)
        text = plain(await t.page("/situation"))
        assert text.count("dozens killed and wounded together") == 2  # the range, and who says it
        assert "99" not in text


async def test_words_of_a_report_never_become_markup(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        evil = Voice(kind=SpeakerKind.PERSON, name="<script>alert(1)</script>", org="\u202eevil")
        strike = await t.book.open(name="<b>x</b>", title={"en": "<img src=x onerror=y>"})
        await t.book.enter(strike, killed(1), voice=evil, outlet="<u>", words={"en": "</ul><h1>"})
        (public_id,) = await t.book.release(strike)
        key = (await t.json("/speakers"))["speakers"][0]["key"]
        for path in (
            "/situation",
            f"/situation/{public_id}",
            "/situation/speakers",
            f"/situation/speakers/{key}",
            "/situation/day/2022-03-01",
            f"/r/{KYIV}",
        ):
            page = await t.page(path)
            assert not re.search(r"<script>|<b>x|<img|<u>|</ul><h1>|\u202e", page), path


async def test_the_days_report_numbers_its_sources(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        await t.book.release(await t.tower())
        page = await t.page("/situation/day/2022-03-01")
        assert "Report of 1 March 2022" in page
        assert re.findall(r'<li id="src-(\d)">([^<]*)</li>', page) == [
            ("1", "ynet, 1 March 2022"), ("2", "Reuters, 1 March 2022"),
        ]  # fmt: skip
        assert 'href="#src-2">[2]</a>' in page
        for day in ("2022-3-1", "2022-02-30", "today"):
            assert (await t.get(f"/situation/day/{day}")).status == 404
        empty = await t.page("/situation/day/2021-01-01")
        assert "That does not mean that nothing has happened." in empty


async def test_one_page_holds_all_that_one_speaker_says(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        await t.book.enter(None, voice=MINISTRY, kind=ClaimKind.STATEMENT, hedge=Hedge.CLAIMED,
                           words={"en": "It was not us."})  # fmt: skip
        await t.book.release(await t.tower())
        people = {each["voice"]["name"]: each for each in (await t.json("/speakers"))["speakers"]}
        text = plain(await t.page(f"/situation/speakers/{people[MINISTRY.name]['key']}"))
        assert "It was not us." in text
        assert "denies: Damage" in text
        assert "2 statements are known." in text
        assert MINISTRY.name in await t.page("/situation/speakers")


async def test_old_days_are_a_link_away(tmp_path: Path) -> None:
    async with told(tmp_path, EVENING) as t:
        found = [
            await t.book.open("accident", LVIV, site="service", hours=(-day - 3, -day - 2))
            for day in range(0, 96, 24) for _ in range(15)
        ]  # fmt: skip
        await t.book.release(*found)
        page = await t.page("/situation")
        assert re.findall(r'<h2 id="d-([^"]+)"', page) == ["2022-03-01", "2022-02-28", "2022-02-27"]
        assert 'href="/situation/day/2022-02-26?lang=en"' in page
        older = await t.page("/situation?before=2022-02-27")
        assert re.findall(r'<h2 id="d-([^"]+)"', older) == ["2022-02-26"]


async def test_a_region_page_tells_what_is_known_there_and_stays_light(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        for number in range(8):
            incident = await t.book.open(name=f"Settlement {number}", hours=(-2, -1), title=TITLE)
            await t.book.enter(incident, killed(number + 1), wounded(3), voice=MAYOR)
        await t.book.release(*t.crew.node.service.ledger.incidents)
        page = await t.get(f"/r/{KYIV}?lang=en", **{"Accept-Encoding": "gzip"})
        assert len(page.body) <= 14 * 1024
        whole = await t.page(f"/r/{KYIV}")
        assert len(re.findall(r'href="/situation/[0-9a-f-]{36}', whole)) == 5
        assert f'href="/situation?region={KYIV}&amp;lang=en"' in whole
        assert "/situation/0" not in await t.page(f"/r/{LVIV}")


async def test_the_page_asks_again_when_the_next_slot_has_come(tmp_path: Path) -> None:
    async with told(tmp_path) as t:
        page = await t.page("/situation")
        assert 'data-turn="2022-03-01T17:30:00+00:00"' in page
        assert 'id="deadman"' in page
        fragment = await t.get("/situation?fragment=1&lang=en")
        held = {"If-None-Match": fragment.header("etag")}
        t.crew.clock.step(minutes=5)
        assert (await t.get("/situation?fragment=1&lang=en", **held)).status == 304
        t.crew.clock.step(minutes=5)
        assert (await t.get("/situation?fragment=1&lang=en", **held)).status == 200


def plain(page: str) -> str:
    """Return what a page says, without its markup and what sleeps in it."""
    body = page.partition("<main")[2].partition("<template")[0]
    text = re.sub(r"<[^>]+>", " ", body)
    text = re.sub(r"&#39;", "'", text)
    return re.sub(r"\s+", " ", text).replace(" :", ":").replace(" .", ".").replace(" ,", ",")
