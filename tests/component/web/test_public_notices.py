"""What residents read at once: outages, channels, false warnings, watches, evacuations; no why."""

from __future__ import annotations

import contextlib
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from kit.asgi import Seen
from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV, issue
from kit.ledgers import MAYOR, Book, figure, killed
from kit.staff import Crew, house
from kit.twins import accepted
from tocsin.core import commands as co
from tocsin.core import infra_commands as ic
from tocsin.core import ledger_commands as lc
from tocsin.core import notice_commands as nc
from tocsin.core.alert import Realm, Status
from tocsin.core.area import Area
from tocsin.core.claims import ClaimKind, Hedge, Measure, Qualifier, SpeakerKind, Voice, When, Where
from tocsin.core.evacuation import Evacuation
from tocsin.core.facilities import Condition, Facility, Need, Serves, Tie
from tocsin.core.ledger_events import KeepAway
from tocsin.formats.api import stored_words
from tocsin.service.sealing import sealed_facility

EVENING = datetime(2022, 3, 1, 17, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)
AGENCY = Voice(kind=SpeakerKind.ORGANISATION, name="IAEA")
LIE = {"en": "A text telling you to leave Kyiv is false.", "uk": "Заклик виїхати неправдивий."}
CALM = {"en": "Observed, unchanged.", "uk": "Спостерігали, без змін."}
ZQ = "zqsecret"
WORDS = {"en": {"instruction": "Leave now."}, "uk": {"instruction": "Виїздіть."}}


@dataclass
class Town:
    """A running house, and a person at each of its desks."""

    crew: Crew
    book: Book

    @property
    def now(self) -> datetime:
        """The house's time."""
        return self.book.clock.now()

    async def get(self, path: str, **headers: str) -> Seen:
        """Ask as anybody."""
        return await self.crew.ask("anybody", "GET", path, None, **headers)

    async def page(self, path: str, language: str = "en") -> str:
        """Ask for a page and return what it says, without its asleep half and its tags."""
        seen = await self.get(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert seen.status == 200, seen.text
        return said(seen.text)

    async def whole(self) -> Any:
        """Return the situation as the API tells it."""
        seen = await self.get("/api/v1/situation")
        assert seen.status == 200, seen.text
        return seen.json()

    async def tell(self, command: Any, words: Mapping[str, str] | None = None) -> str:
        """Ask for what must be accepted; return the id of what it made."""
        texts = dict([stored_words(words)]) if words else None
        return await self.book.tell(command, texts)

    async def channel(self, channel: str, *regions: str, down: bool = True) -> None:
        """Say of a channel that it may not carry, or that it does."""
        condition = Condition.DOWN if down else Condition.WORKING
        await self.tell(ic.SetChannel(channel=channel, regions=regions, condition=condition,
                                      source=ZQ))  # fmt: skip

    async def outage(self, *regions: str, **more: Any) -> str:
        """Say what is out."""
        asked = {"service": "power", "source": "Ministry of Energy", **more}
        return await self.tell(ic.ReportOutage(regions=regions, **asked))

    async def watch(self, hours: float = 1, *, watch_id: str | None = None) -> str:
        """Say that somebody looked."""
        return await self.tell(
            nc.KeepWatch(
                hazard="radiation", regions=(KYIV,), voice=AGENCY, as_of=self.now,
                fresh_until=self.now + hours * HOUR, words=stored_words(CALM)[0],
                languages=tuple(CALM), sentences=tuple(CALM.values()), watch_id=watch_id,
            ),
            CALM,
        )  # fmt: skip

    async def lie(self, *regions: str) -> str:
        """Say that a warning is false."""
        return await self.tell(
            nc.TellCounterfeit(area=Area(regions=regions), words=stored_words(LIE)[0],
                               languages=tuple(LIE)),
            LIE,
        )  # fmt: skip

    async def evacuate(self, *, assembly_public: bool = False) -> str:
        """Tell people to leave."""
        both = {"en": "{}", "uk": "{} (uk)"}
        plan: dict[str, Any] = {
            name: {code: text.format(what) for code, text in both.items()}
            for name, what in {
                "destination": "Go to Bila Tserkva", "routes": "By the south road",
                "transport": "Buses from 20:00", "assembly": f"{ZQ} school yard",
                "help": "Call 112",
            }.items()
        }  # fmt: skip
        return await accepted(
            self.book.service,
            co.IssueAlert(
                realm=Realm.LIVE, status=Status.ACTUAL, hazard="evacuation",
                sender=self.book.service.world.authority, area=Area(regions=(KYIV,)),
                evacuation=Evacuation(
                    deadline=self.now + 3 * HOUR, assembly_public=assembly_public, **plan
                ),
            ),
            given=WORDS,
        )  # fmt: skip


def said(page: str) -> str:
    """Return what a page says: no tags, one space between words."""
    plain = re.sub(
        r"<template.*?</template>|<svg.*?</svg>|<head.*?</head>", "", page, flags=re.DOTALL
    )
    plain = re.sub(r"<[^>]+>", " ", plain).replace("\u00a0", " ")
    return " ".join(plain.split()).replace(" .", ".").replace(" ,", ",")


@contextlib.asynccontextmanager
async def town(folder: Path, start: datetime = EVENING) -> AsyncIterator[Town]:
    """A house whose clock stands until the test moves it; nothing acts by itself."""
    clock = FakeClock(start)
    async with house(folder / "data", clock) as crew:
        await crew.node.scheduler.stop()
        yield Town(crew, Book(crew.node.service, clock))


# -- channels ------------------------------------------------------------------------------------


async def test_a_lost_channel_is_told_with_those_that_carry_and_what_to_do(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        before = await t.page(f"/r/{KYIV}")
        assert "carry warnings" not in before  # "all channels work" is a false comfort
        await t.channel("tv", KYIV)
        await t.channel("radio", KYIV)
        text = await t.page(f"/r/{KYIV}")
        assert "May not carry warnings here: Television, Radio." in text
        assert "Sirens Listen for the sirens outside." in text
        assert "Loudspeaker cars Listen for loudspeaker cars in the street." in text
        assert "Keep a television on." not in text
        assert "carry warnings" not in await t.page(f"/r/{LVIV}")
        assert ZQ not in text
        assert "Television Kyiv City" in await t.page("/")
        assert "Television Kyiv City" in await t.page("/situation")
        asked = await t.page(f"/situation?region={KYIV}")
        assert "May not carry warnings here: Television" in asked
        await t.channel("tv", KYIV, down=False)
        await t.channel("radio", KYIV, down=False)
        assert await t.page(f"/r/{KYIV}") == before


async def test_a_channel_lost_in_a_part_is_told_of_that_part(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        raion = t.book.service.world.tree.children(LVIV)[0]
        name = t.book.service.world.tree[raion].name("en")
        await t.channel("tv", raion)
        text = await t.page(f"/r/{LVIV}")
        assert f"Television may not carry warnings in: {name}." in text
        assert "Television Keep a television on." in text
        assert "May not carry warnings here: Television." in await t.page(f"/r/{raion}")


async def test_nothing_is_said_of_why_nor_of_which_installation(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        keys = t.crew.node.keys

        async def register(kind: str, **more: Any) -> str:
            facility = Facility(kind=kind, name=f"{ZQ} {kind}", where=Where(geocode=KYIV), **more)
            content, sealed = sealed_facility(keys, facility)
            command = ic.RegisterInstallation(facility=facility, content=content)
            return await accepted(t.book.service, command, texts={content: sealed})

        station = await register("substation")
        tower = await register(
            "tv-tower", needs=(Need(tie=Tie.POWERED_BY, on=station),),
            serves=(Serves(channel="tv", regions=(KYIV,)),),
        )  # fmt: skip
        paths = ("/", f"/r/{KYIV}", f"/r/{KYIV}.txt", "/situation", "/api/v1/situation")
        before = [(await t.get(path)).text for path in paths]
        down = ic.ReportCondition(installation_id=station, condition=Condition.DOWN, source=ZQ)
        await t.tell(down)  # the tower is at risk; that is the desk's alone
        await t.tell(
            ic.ReportOutage(service="power", source=ZQ, regions=(KYIV,), tell=False)
        )  # fmt: skip
        assert [(await t.get(path)).text for path in paths] == before
        await t.tell(
            ic.ReportCondition(installation_id=tower, condition=Condition.DOWN, source=ZQ,
                               struck=True)
        )  # fmt: skip
        after = [(await t.get(path)).text for path in paths]
        assert all("Телебачення" in each for each in after)
        for each in after:
            assert ZQ not in each
            assert station not in each
            assert tower not in each


# -- outages -------------------------------------------------------------------------------------


async def test_an_outage_is_told_with_since_back_and_source(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        many = figure(Measure.OUT, qualifier=Qualifier.HUNDREDS, what="settlements")
        name = await t.outage(LVIV, began=t.now - 2 * HOUR, figure=many, settlements=("Zolochiv",),
                              expected_end=t.now + 4 * HOUR, restored_share=0.6)  # fmt: skip
        text = await t.page(f"/r/{LVIV}")
        assert "Power out since 17:00 today Partly back: 60 %" in text.replace("60%", "60 %")
        assert "Zolochiv · hundreds" in text
        assert "Expected back: " in text
        assert "In part of it out for 2 hours in the last 7 days." in text
        assert "Ministry of Energy" in text
        assert "Power" not in await t.page(f"/r/{KYIV}")
        listed = await t.page("/situation")
        assert "What is out Power: Lviv Oblast out since 17:00 today" in listed
        body = (await t.whole())["outages"]
        (public_id,) = [each["id"] for each in body]
        assert public_id != name
        own = await t.page(f"/situation/outages/{public_id}")
        assert "Power: Lviv Oblast" in own
        assert "60" in own
        await t.outage(LVIV, outage_id=name, began=t.now - 2 * HOUR, ended_at=t.now)
        assert "Back by" in await t.page(f"/situation/outages/{public_id}")
        assert "Power: Lviv Oblast back by" in await t.page(f"/r/{LVIV}")
        t.book.clock.step(days=8)
        assert "Power" not in await t.page("/situation")
        assert "Back by" in await t.page(f"/situation/outages/{public_id}")  # for ever


async def test_an_untold_outage_has_no_page_and_no_line(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        name = await t.outage(LVIV, tell=False)
        assert (await t.get(f"/situation/outages/{name}")).status == 404
        assert (await t.get("/situation/outages/")).status == 404
        assert (await t.whole())["outages"] == []
        assert "Power" not in await t.page(f"/r/{LVIV}")


async def test_a_name_that_is_markup_is_told_as_text(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.outage(LVIV, settlements=("<b>x</b>",), source="<script>alert(1)</script>")
        for path in (f"/r/{LVIV}", "/situation"):
            seen = (await t.get(path)).text
            assert "<b>x</b>" not in seen
            assert "<script>alert" not in seen
            assert "&lt;b&gt;x&lt;/b&gt;" in seen


# -- false warnings, what to keep away from --------------------------------------------------------


async def test_a_false_warning_stands_before_all_but_the_state(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        name = await t.lie(KYIV)
        await t.channel("tv", KYIV)
        text = await t.page(f"/r/{KYIV}")
        assert text.index("No alert now") < text.index("A false warning is about")
        assert text.index(LIE["en"]) < text.index("May not carry")
        assert LIE["uk"] in await t.page(f"/r/{KYIV}", "uk")
        assert LIE["en"] in await t.page("/")
        assert LIE["en"] in await t.page("/situation")
        assert LIE["en"] not in await t.page(f"/r/{LVIV}")
        assert (await t.whole())["counterfeits"][0]["text"] == LIE
        await t.tell(nc.EndCounterfeit(notice_id=name))
        assert LIE["en"] not in await t.page(f"/r/{KYIV}")
        assert (await t.whole())["counterfeits"] == []


async def test_what_to_keep_away_from_has_its_cause_and_its_end(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        words = {"en": "Go round by the park.", "uk": "Обходьте парком."}
        await t.tell(
            lc.GiveGuidance(area=Area(regions=(KYIV,)), words=stored_words(words)[0],
                            languages=tuple(words), about=KeepAway.UNEXPLODED,
                            until=t.now + 2 * HOUR),
            words,
        )  # fmt: skip
        text = await t.page(f"/r/{KYIV}")
        assert "Keep away: unexploded: Kyiv City Go round by the park." in text
        assert "until 21:20" in text
        turn = re.search(r'data-turn="([^"]+)"', (await t.get(f"/r/{KYIV}")).text)
        assert turn is not None
        assert turn[1] == (t.now + 2 * HOUR).isoformat()
        t.book.clock.step(hours=2)
        assert "Keep away" not in await t.page(f"/r/{KYIV}")


# -- watches -------------------------------------------------------------------------------------


async def test_a_watch_grows_stale_and_is_never_an_all_clear(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        name = await t.watch()
        text = await t.page(f"/r/{KYIV}")
        assert "Observed, unchanged. Seen at 19:20 today. Says: IAEA" in text
        assert "Nobody has looked since." not in text
        seen = (await t.get(f"/r/{KYIV}?lang=en")).text
        part = seen[seen.index('data-part="watch"') :].partition("</section>")[0]
        assert 'class="ok"' not in part
        assert "all-clear" not in part.lower()
        t.book.clock.step(hours=1)
        stale = await t.page(f"/r/{KYIV}")
        assert "This is from 19:20 today. Nobody has looked since." in stale
        assert "Observed, unchanged." not in stale
        await t.watch(watch_id=name)
        assert "Nobody has looked since." not in await t.page("/situation")
        await t.tell(nc.EndWatch(watch_id=name))
        assert "Observed, unchanged." not in await t.page(f"/r/{KYIV}")
        assert (await t.whole())["watches"] == []


async def test_a_page_asleep_calls_no_watch_fresh(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.watch()
        page = (await t.get(f"/r/{KYIV}?lang=en")).text
        asleep = page[page.index('<template id="stale"') :]
        assert "What was seen since is not shown here." in asleep


# -- evacuation ----------------------------------------------------------------------------------


async def test_an_evacuation_says_where_to_which_way_by_what_and_by_when(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        alert = await t.evacuate()
        text = await t.page(f"/r/{KYIV}")
        for each in ("By when 22:20", "Where to Go to Bila Tserkva", "Which way By the south road",
                     "By what Buses from 20:00", "If you cannot walk Call 112",
                     "Where and when to gather comes by the channels of your area."):  # fmt: skip
            assert each in text, each
        assert ZQ not in (await t.get(f"/r/{KYIV}")).text
        assert "Bila Tserkva (uk)" in await t.page(f"/r/{KYIV}", "uk")
        assert "Bila Tserkva" not in await t.page(f"/r/{LVIV}")
        began = t.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        t.book.clock.step(hours=3)
        assert "Where to Go to Bila Tserkva" in await t.page(f"/r/{KYIV}?at={began}")
        assert "This time has passed." in await t.page(f"/r/{KYIV}")
        clear = co.ClearAlert(sender=t.book.service.world.authority, alert_id=alert)
        await t.tell(clear)
        assert "Bila Tserkva" not in await t.page(f"/r/{KYIV}")


async def test_where_to_gather_is_told_only_where_the_authority_says_so(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.evacuate(assembly_public=True)
        text = await t.page(f"/r/{KYIV}")
        assert f"Where to gather {ZQ} school yard" in text
        assert "comes by the channels" not in text


# -- text twin, validators -------------------------------------------------------------------------


async def test_the_text_twin_has_a_line_for_each(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.evacuate()
        await t.channel("tv", KYIV)
        await t.lie(KYIV)
        text = (await t.get(f"/r/{KYIV}.txt?lang=en")).text
        lines = text.replace("\u00a0", " ").splitlines()
        assert lines[0] == "EVACUATION: Kyiv City"
        assert "Where to: Go to Bila Tserkva" in lines
        assert "By when: 22:20" in lines
        assert f"A false warning is about: {LIE['en']}" in lines
        assert any(
            each.startswith("May not carry warnings here: Television. These do: Sirens, ")
            for each in lines
        )
        assert lines[-1].startswith("Known at ")
        assert "" not in lines


async def test_who_holds_the_situation_is_told_of_each_change_by_either_validator(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        await t.book.next_slot()
        first = await t.get("/api/v1/situation")
        held = {"If-Modified-Since": first.header("last-modified")}
        same = {"If-None-Match": first.header("etag")}
        t.book.clock.step(seconds=1)
        assert (await t.get("/api/v1/situation", **held)).status == 304
        await t.channel("tv", KYIV)
        t.book.clock.step(seconds=2)
        assert (await t.get("/api/v1/situation", **held)).status == 200
        assert (await t.get("/api/v1/situation", **same)).status == 200
        body = (await t.whole())["channels"]
        (tv,) = [each for each in body if each["id"] == "tv"]
        assert tv["may_not"] == [KYIV]


@pytest.mark.parametrize("path", ["/", f"/r/{KYIV}", "/situation"])
async def test_a_page_that_says_something_new_has_another_validator(
    tmp_path: Path, path: str
) -> None:
    async with town(tmp_path) as t:
        held = {"If-None-Match": (await t.get(path)).header("etag")}
        assert (await t.get(path, **held)).status == 304
        await t.channel("tv", KYIV)
        seen = await t.get(path, **held)
        assert seen.status == 200
        held = {"If-None-Match": seen.header("etag")}
        await t.lie(KYIV)
        assert (await t.get(path, **held)).status == 200


# -- waves ---------------------------------------------------------------------------------------


async def test_a_wave_is_one_page_with_its_time_line_and_two_tolls_that_are_not_added(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        alert = await accepted(t.book.service, issue(KYIV))
        await accepted(
            t.book.service,
            co.ClearAlert(sender=t.book.service.world.authority, alert_id=alert),
        )
        here = await t.book.open(name="Podil")
        await t.book.enter(here, killed(5))
        wave = await t.tell(
            lc.OpenWave(
                where=Where(geocode="UA"), title="", alerts=(alert,), incidents=(here,),
                site="civilian",
                when=When(start=t.now - 2 * HOUR, end=t.now - HOUR, grain="minute"),
            )
        )  # fmt: skip
        await t.book.enter(wave, killed(19, Qualifier.AT_LEAST))
        assert (await t.whole())["waves"] == []
        assert "Waves of attacks" not in await t.page("/situation")
        public_id, _ = await t.book.release(wave, here)
        text = await t.page(f"/situation/waves/{public_id}")
        assert "Air raid: Kyiv City all-clear at 19:20" in text
        assert "Strike: Podil, Kyiv City" in text
        assert text.index("Of the whole wave, as said at least 19 killed") < text.index(
            "Counted place by place 5 killed"
        )
        assert "24" not in text.partition("How many")[2].partition("Time line")[0]
        assert "The two are not added: one may hold the other." in text
        listed = await t.page("/situation")
        assert "Waves of attacks" in listed
        assert "1 alert" in await t.page("/situation/waves")
        assert (await t.whole())["waves"][0]["id"] == public_id
        assert (await t.get("/situation/waves/nowhere")).status == 404
        assert (await t.get(f"/situation/waves/{wave}")).status == 404


# -- the past --------------------------------------------------------------------------------------


async def test_a_page_of_the_past_says_so_is_grey_and_has_no_stream(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        await t.channel("tv", KYIV)
        await accepted(t.book.service, issue(KYIV))
        t.book.clock.step(hours=1)
        then = t.now
        t.book.clock.step(hours=1)
        await t.channel("tv", KYIV, down=False)
        await t.lie(KYIV)
        moment = then.strftime("%Y-%m-%dT%H:%M:%SZ")
        for path in ("/", f"/r/{KYIV}", "/situation"):
            seen = await t.get(f"{path}?at={moment}&lang=en")
            assert seen.status == 200, seen.text
            text = said(seen.text)
            assert "As it was known at 20:20, 1 March 2022. This is not now." in text
            assert 'data-state="past"' in seen.text
            for live in ("live.js", "http-equiv", "deadman", "data-stream", "data-fresh"):
                assert live not in seen.text, live
            assert LIE["en"] not in text
            assert f"at={moment.replace(':', '%3A')}" in seen.text  # links stay in that moment
        text = await t.page(f"/r/{KYIV}?at={moment}")
        assert "May not carry warnings here: Television." in text
        assert "since 19:20 on 1 March 2022" in text  # "today" would be another day
        assert "May not carry" not in await t.page(f"/r/{KYIV}")


async def test_the_form_leads_to_a_moment_in_the_profiles_zone(tmp_path: Path) -> None:
    async with town(tmp_path) as t:
        t.book.clock.step(hours=2)
        moved = await t.get(f"/then?to=/r/{KYIV}%3Flang%3Den&day=2022-03-01&time=20:00")
        assert moved.status == 303
        assert moved.header("location") == f"/r/{KYIV}?lang=en&at=2022-03-01T18:00:00Z"
        for query in ("day=2031-01-01&time=10:00", "day=1999-01-01&time=10:00", "day=x&time=y"):
            refused = await t.get(f"/then?to=/&{query}&lang=en")
            assert refused.status == 400
            assert "Nothing is known of that moment" in refused.text
        away = await t.get("/then?to=//evil.example/&day=2022-03-01&time=20:00")
        assert away.header("location") == "/?at=2022-03-01T18:00:00Z"


# -- who says what ---------------------------------------------------------------------------------


async def test_an_organisation_has_its_plans_beside_its_deeds_and_denials_beside_claims(
    tmp_path: Path,
) -> None:
    async with town(tmp_path) as t:
        minister = Voice(kind=SpeakerKind.PERSON, name="A. Person", role="Head", org="IAEA")
        plan = {"en": "A draft resolution.", "uk": "Проєкт резолюції."}
        deed = {"en": "The board has met.", "uk": "Рада зібралася."}
        await t.book.enter(None, voice=minister, kind=ClaimKind.STATEMENT, hedge=Hedge.PLANNED,
                           words=plan, outlet="Reuters")  # fmt: skip
        await t.book.enter(None, voice=AGENCY, kind=ClaimKind.STATEMENT, words=deed)
        strike = await t.book.open(name="Podil")
        await t.book.enter(strike, voice=AGENCY, kind=ClaimKind.DAMAGE, hedge=Hedge.DENIED)
        await t.book.enter(strike, voice=MAYOR, kind=ClaimKind.DAMAGE, words=deed)
        await t.book.release(strike)
        listing = (await t.get("/situation/organisations?lang=en")).text
        found = re.search(r'/situation/organisations/(\w+)[^"]*">IAEA', listing)
        assert found is not None
        text = await t.page(f"/situation/organisations/{found[1]}")
        assert text.index("A plan or a draft is no decision.") < text.index("A draft resolution.")
        assert "planned, not decided" in text
        assert text.index("Said to be so") < text.index("The board has met.")
        assert "Where sources differ One source denies it." in text
        assert "Vitali Klitschko" in text
        assert "Reuters, 1 March 2022" in text
        assert (await t.get("/situation/organisations/nowhere")).status == 404
