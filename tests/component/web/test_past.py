"""``?at=``: any answer of the situation asked for a past moment, over a real house."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest

from kit.asgi import Seen
from kit.houses import KYIV, LVIV, issue
from kit.ledgers import Book, killed
from kit.matrix import TABLE
from kit.newsdesk import OFFICER, Newsdesk, newsdesk
from kit.officers import yes
from kit.samples import sample_of
from kit.scenes import Scene
from kit.staff import staffed
from tocsin.core import commands as co
from tocsin.web.endpoint import Endpoint

pytestmark = pytest.mark.timeout(180)

LINES = {line.name: line for line in TABLE}
PAST = [line for line in TABLE if line.past]


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


# -- the lines of what a country runs on ----------------------------------------------------------


def sample_good(line: Endpoint) -> int:
    """What the line's own sample is answered now."""
    sample = sample_of(line)
    assert sample is not None, line.name
    return sample.always[0] if sample.always is not None else sample.good


async def test_every_line_of_the_past_answers_of_then_or_refuses_by_name(tmp_path: Path) -> None:
    """Before what is asked for was there: as if it were unknown; after: as now; ahead: refused."""
    async with staffed(tmp_path) as crew:
        member = crew["situation-officer"]
        asked: list[tuple[Endpoint, str]] = []
        before = moment(crew.clock.now())
        crew.clock.step(minutes=5)
        for line in PAST:
            sample = sample_of(line)
            assert sample is not None, line.name
            asked.append((line, (await sample.make(Scene(crew, member, line))).path))
        crew.clock.step(minutes=5)
        after = moment(crew.clock.now())
        crew.clock.step(minutes=5)
        faults = []
        for line, path in asked:
            mark = "&" if "?" in path else "?"
            now = await crew.ask(member.name, "GET", path)
            assert now.status == sample_good(line), (line.name, now.text[:400])
            for at, good in (
                (before, {200, 404}), (after, {now.status}), ("2100-01-01T00:00:00Z", None),
            ):  # fmt: skip
                seen = await crew.ask(member.name, "GET", f"{path}{mark}at={at}")
                if good is None:
                    is_fine = 400 <= seen.status < 500 and (
                        seen.rule == "time-in-future" if line.is_api
                        else not seen.header("content-type").startswith("application")
                    )  # fmt: skip
                else:
                    is_fine = seen.status in good and (
                        seen.status == 200 or not line.is_api or seen.rule.startswith("unknown-")
                    )
                if not is_fine:
                    faults.append(
                        f"{line.name} at {at}: {seen.status} {seen.rule} {seen.text[:300]}"
                    )
        assert not faults, "\n".join(faults)


def test_a_page_of_the_desk_can_be_asked_for_the_past_where_its_answers_can() -> None:
    desk = {line.path for line in TABLE if line.path.startswith("/desk") and not line.is_api}
    assert desk - {line.path for line in PAST} == {"/desk", "/desk/reports/{id}", "/desk/stations"}
    said = {"/api/v1/outages", "/api/v1/coverage", "/api/v1/installations", "/api/v1/watches"}
    assert said <= {line.path for line in PAST}


async def test_coverage_of_then_has_the_channel_that_was_lost_and_is_given_back(
    tmp_path: Path,
) -> None:
    async with newsdesk(tmp_path, "UA") as desk:
        clock = desk.crew.clock
        steps = []
        for condition in ("down", "working"):
            clock.step(minutes=10)
            said = {"regions": [KYIV], "condition": condition, "source": "The broadcaster",
                    "as_of": moment(clock.now())}  # fmt: skip
            await desk.post("/channels/tv", said)
            steps.append(clock.now() + timedelta(minutes=1))
        clock.step(minutes=10)

        async def lost(at: datetime | None) -> tuple[list[str], list[str]]:
            query = {} if at is None else {"at": moment(at)}
            (tv,) = [c for c in (await desk.get("/coverage", **query))["channels"]
                     if c["channel"] == "tv"]  # fmt: skip
            path = "/api/v1/channels" + ("" if at is None else f"?at={moment(at)}")
            seen = (await desk.crew.ask("anybody", "GET", path)).json()["channels"]
            (told,) = [each for each in seen if each["id"] == "tv"]
            return [each["region"] for each in tv["lost"]], told["may_not"]

        first = steps[0] - timedelta(minutes=5)
        assert [await lost(at) for at in (first, *steps, None)] == [
            ([], []), ([KYIV], [KYIV]), ([], []), ([], []),
        ]  # fmt: skip


async def test_an_installation_stands_as_it_was_reported_by_then(tmp_path: Path) -> None:
    async with staffed(tmp_path) as crew:
        member, line = crew["situation-officer"], LINES["get-installation"]
        path = (await sample_of(line).make(Scene(crew, member, line))).path  # type: ignore[union-attr]
        crew.clock.step(minutes=10)
        early = moment(crew.clock.now())
        crew.clock.step(minutes=10)
        said = {"condition": "down", "source": "Grid operator", "as_of": moment(crew.clock.now()),
                "struck": True}  # fmt: skip
        seen = await crew.ask(member.name, "POST", f"{path}/condition", said)
        assert seen.status == 200, seen.text
        crew.clock.step(minutes=10)
        then = (await crew.ask(member.name, "GET", f"{path}?at={early}")).json()
        now = (await crew.ask(member.name, "GET", path)).json()
        assert (then["condition"], now["condition"]) == ("unknown", "down")
        assert (then["name"], len(then["history"])) == (now["name"], 0)


async def test_people_do_not_read_of_an_outage_before_they_were_told(tmp_path: Path) -> None:
    out = {"service": "power", "scope": {"regions": [KYIV]}, "source": "The grid"}
    async with newsdesk(tmp_path, "UA") as desk:
        clock = desk.crew.clock
        clock.step(minutes=10)
        made = await desk.post("/outages", {**out, "tell": False}, 201)
        clock.step(minutes=10)
        untold = moment(clock.now())
        clock.step(minutes=10)
        public = (await desk.post(f"/outages/{made['id']}", {**out, "tell": True}))["public_id"]
        clock.step(minutes=10)
        told = moment(clock.now())

        async def read(path: str) -> Seen:
            return await desk.crew.ask("anybody", "GET", path)

        assert (await read(f"/api/v1/outages?at={untold}")).json()["outages"] == []
        assert (await read(f"/api/v1/outages/{public}?at={untold}")).rule == "unknown-outage"
        assert (await read(f"/situation/outages/{public}?at={untold}")).status == 404
        assert len((await read(f"/api/v1/outages?at={told}")).json()["outages"]) == 1
        assert (await read(f"/situation/outages/{public}?at={told}")).status == 200
        assert len((await desk.get("/desk/outages", at=untold))["outages"]) == 1, "the desk knew"


async def test_a_wave_is_not_there_before_it_was_opened_and_its_alerts_stand_as_then(
    tmp_path: Path,
) -> None:
    async with newsdesk(tmp_path, "UA") as desk:
        clock, service = desk.crew.clock, desk.crew.node.service
        alert = yes(await service.submit(issue(KYIV))).alert_id
        early = moment(clock.now() + timedelta(seconds=1))
        clock.step(minutes=10)
        start = moment(clock.now() - timedelta(minutes=5))
        span = {"start": start, "end": moment(clock.now()), "grain": "minute"}
        wave = await desk.post("/waves", {"when": span, "alerts": [alert]}, 201)
        clock.step(minutes=10)
        running = moment(clock.now())
        clock.step(minutes=10)
        clear = co.ClearAlert(sender=service.world.authority, alert_id=str(alert))
        yes(await service.submit(clear))
        clock.step(days=4)
        yes(await service.submit(issue(LVIV)))  # from now on it is known from the journal alone
        assert service.state.alert(str(alert)) is None
        (public,) = await Book(service, clock).release(wave["id"])
        desk.crew.members[OFFICER] = await desk.crew.sign_in(desk.crew[OFFICER])
        path = f"/waves/{wave['id']}"
        assert (await desk.ask("GET", f"{path}?at={early}")).rule == "unknown-wave"
        states = []
        for at in ("", f"?at={running}", ""):
            (one,) = (await desk.ask("GET", f"{path}{at}")).json()["alerts"]
            states.append(one["state"])
        assert states == ["cleared", "active", "cleared"]
        for who, page in ((OFFICER, f"/desk{path}"), ("anybody", f"/situation/waves/{public}")):
            for at, status in ((f"?at={early}", 404), ("", 200)):
                seen = await desk.crew.ask(who, "GET", f"{page}{at}")
                assert seen.status == status, (page, at)


async def test_a_watch_of_then_is_told_without_a_signature(tmp_path: Path) -> None:
    async with staffed(tmp_path) as crew:
        member, line = crew["situation-officer"], LINES["look-again"]
        sample = sample_of(line)
        assert sample is not None
        await sample.make(Scene(crew, member, line))
        crew.clock.step(minutes=1)
        at = moment(crew.clock.now())
        crew.clock.step(minutes=1)
        (now,) = (await crew.ask("anybody", "GET", "/api/v1/watches")).json()["watches"]
        (then,) = (await crew.ask("anybody", "GET", f"/api/v1/watches?at={at}")).json()["watches"]
        assert (then["id"], then["as_of"]) == (now["id"], now["as_of"])
        assert now["signature"]
        assert not then.get("signature")
        assert not then.get("key")


# -- the pages ------------------------------------------------------------------------------------


async def test_a_page_of_the_desk_says_that_it_is_of_then_and_has_nothing_to_press(
    tmp_path: Path,
) -> None:
    async with newsdesk(tmp_path, "UA") as desk:
        start = desk.crew.clock.now()
        _, incident = await an_incident(desk)
        at = moment(start + timedelta(minutes=30))
        page = f"/desk/incidents/{incident}"
        now = (await desk.crew.ask(OFFICER, "GET", f"{page}?lang=en")).text
        then = (await desk.crew.ask(OFFICER, "GET", f"{page}?lang=en&at={at}")).text
        assert 'data-why="/api/v1/claims' in now
        assert 'name="at"' in now, "the way to the past"
        assert "This is not now." not in now
        assert "This is not now." in then
        assert f'<a href="{page}?lang=en">Show what is known now</a>' in then
        for sign in ('method="post"', "data-why", "data-post", "<dialog", "desk/incident.js",
                     "shift.js"):  # fmt: skip
            assert sign not in then, sign
        assert f'href="/desk/incidents?lang=en&amp;at={quote(at)}"' in then, "links stay then"
        assert 'href="/console/journal?lang=en"' in then, "but to what is of now only"


@pytest.mark.parametrize(
    ("at", "says"),
    [
        ("2100-01-01T00:00", "it lies ahead, or too far back"),
        ("1999-01-01T00:00", "it lies ahead, or too far back"),
        ("0001-01-01", "it lies ahead, or too far back"),
        ("9999-12-31T23:59", "it lies ahead, or too far back"),
        ("yesterday", "names no moment"),
        ("2022-10-11T10:00&at=2022-10-11T10:00", "names no moment"),
    ],
)
async def test_a_page_says_in_its_own_words_that_there_is_no_such_moment(
    at: str, says: str, tmp_path: Path
) -> None:
    async with newsdesk(tmp_path, "UA") as desk:
        for who, path in (
            (OFFICER, "/desk/incidents"), (OFFICER, "/desk/coverage"), ("anybody", "/situation"),
            ("anybody", "/"), ("anybody", f"/r/{KYIV}"), ("anybody", f"/r/{KYIV}.txt"),
            ("anybody", "/situation/waves"), ("anybody", "/situation/organisations"),
        ):  # fmt: skip
            seen = await desk.crew.ask(who, "GET", f"{path}?lang=en&at={at}")
            assert 400 <= seen.status < 500, (path, seen.status)
            assert seen.header("content-type").startswith("text/"), path
            assert says in seen.text, path
            if not path.endswith(".txt"):
                assert "<h1>" in seen.text, path


async def test_a_form_sends_the_local_time_and_a_slider_seconds(tmp_path: Path) -> None:
    async with newsdesk(tmp_path, "UA") as desk:
        start = desk.crew.clock.now()
        _, incident = await an_incident(desk)
        when = start + timedelta(minutes=30)
        local = when.astimezone(ZoneInfo("Europe/Kyiv")).strftime("%Y-%m-%dT%H:%M")
        for at in (local, str(int(when.timestamp()))):
            seen = await desk.crew.ask(
                OFFICER, "GET", f"/desk/incidents/{incident}?lang=en&at={at}"
            )
            assert "This is not now." in seen.text
            assert seen.text.count("data-claim=") == 1
        again = await desk.crew.ask(OFFICER, "GET", f"/desk/incidents/{incident}?lang=en&at=")
        assert "This is not now." not in again.text, "nothing was chosen"


async def test_the_present_alone_is_changed(tmp_path: Path) -> None:
    async with newsdesk(tmp_path, "UA") as desk:
        start = desk.crew.clock.now()
        _, incident = await an_incident(desk)
        at = moment(start + timedelta(minutes=30))
        head = desk.crew.node.journal.head()
        body = {"reason": "no", "is_open": False}
        seen = await desk.ask("POST", f"/incidents/{incident}?at={at}", body)
        assert seen.rule == "unknown-member"
        assert desk.crew.node.journal.head() == head
