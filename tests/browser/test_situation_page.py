"""The situation pages in a browser: without a script, kept true with one, stale, and on paper."""

from __future__ import annotations

import gzip
import itertools
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.async_api import expect

from kit.clocks import FakeClock
from kit.houses import KYIV, LVIV
from kit.ledgers import LOCALS, MAYOR, MINISTRY, OUTLET, Book, figure, killed, wounded
from kit.sites import Site, site, visiting
from tocsin.core.claims import ClaimKind, Hedge, Measure, Qualifier, Where

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

EVENING = datetime(2022, 3, 1, 17, 20, tzinfo=UTC)
NO_SCRIPT = {"java_script_enabled": False}
SIZES = ({"width": 360, "height": 740}, {"width": 1440, "height": 900})
GREY = "rgb(69, 77, 90)"


async def a_day(house: Site) -> tuple[Book, list[str]]:
    """A strike that two reports tell differently, an outage, a denial, a warning; all told."""
    book = Book(house.home.service, house.clock)
    strike = await book.open(name="Shevchenkivskyi district", title={"en": "Strike on the tower"})
    await book.enter(strike, killed(5), wounded(5), outlet="ynet")
    await book.enter(strike, killed(8, Qualifier.AT_LEAST), voice=LOCALS, outlet="Reuters")
    wrong = await book.enter(strike, killed(50), voice=MAYOR, outlet="Reuters")
    await book.correct(wrong, killed(5))
    both = figure(Measure.KILLED, Measure.INJURED, qualifier=Qualifier.DOZENS)
    await book.enter(strike, both, voice=OUTLET, outlet="The Long-Winded Provincial Gazette")
    await book.enter(None, voice=LOCALS, kind=ClaimKind.OUTAGE, where=Where(geocode=LVIV),
                     things=(("power", "disrupted"),),
                     said_at=book.clock.now() - timedelta(hours=4))  # fmt: skip
    await book.enter(None, voice=MINISTRY, kind=ClaimKind.EVACUATION, hedge=Hedge.CLAIMED,
                     words={"en": "Residents should leave.", "uk": "Слід виїхати."})  # fmt: skip
    ids = await book.release(strike)
    return book, list(ids)


async def test_every_page_is_whole_without_a_script(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING)) as house,
        visiting(house.url) as visitor,
    ):
        book, (strike,) = await a_day(house)
        await book.guide(KYIV, en="Boil water.", uk="Кип'ятіть воду.")
        people = (await house.anybody.get("/api/v1/situation/speakers")).json()["speakers"]
        paths = {
            "/situation": "What is out, what is known",
            f"/situation/{strike}": "Strike: Shevchenkivskyi district, Kyiv City",
            "/situation/day/2022-03-01": "Report of 1 March 2022",
            "/situation/speakers": "Who says what",
            f"/situation/speakers/{people[0]['key']}": None,
        }
        for path, head in paths.items():
            for language in ("en", "uk"):
                for size in SIZES:
                    page = await visitor.open(f"{path}?lang={language}", viewport=size, **NO_SCRIPT)
                    if head is not None and language == "en":
                        assert await page.locator("h1").inner_text() == head
                    width = await page.locator("html").evaluate("e => e.scrollWidth")
                    assert width == size["width"], f"{path} scrolls sideways"
                    levels = await page.locator("main :is(h1, h2, h3, h4, h5)").evaluate_all(
                        "all => all.map((e) => Number(e.tagName[1]))"
                    )
                    assert levels[0] == 1
                    for above, below in itertools.pairwise(levels):
                        assert below <= above + 1, f"{path}: {levels}"
                    await page.context.close()
        page = await visitor.open("/situation?lang=en", viewport=SIZES[0], **NO_SCRIPT)
        text = await page.locator("main").inner_text()
        assert text.index("Boil water.") < text.index("1 March 2022\n")
        assert "An unverified statement. Not an alert." in text
        assert await page.locator("#deadman").count() == 1


async def test_the_accounts_stand_side_by_side(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING)) as house,
        visiting(house.url) as visitor,
    ):
        _, (strike,) = await a_day(house)
        page = await visitor.open(f"/situation/{strike}?lang=en", viewport=SIZES[1])
        boxes = [
            await page.locator(".col", has_text=each).first.bounding_box()
            for each in ("ynet", "Reuters")
        ]
        assert boxes[0] is not None
        assert boxes[1] is not None
        assert boxes[0]["y"] == boxes[1]["y"]
        assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
        await expect(page.locator("#differ")).to_contain_text("Different figures: killed.")
        await expect(page.locator("main")).to_contain_text("Entered wrongly. Correct: 5 killed.")


async def test_the_page_turns_with_the_slot_and_guidance_comes_at_once(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING), heartbeat_s=0.2) as house,
        visiting(house.url) as visitor,
    ):
        book, _ = await a_day(house)
        page = await visitor.open("/situation?lang=en")
        await page.locator("#live.on").wait_for()
        await book.guide(KYIV, en="Boil water.", uk="Кип'ятіть воду.")
        await expect(page.locator(".guide")).to_contain_text("Boil water.")
        await book.enter(None, voice=MAYOR, kind=ClaimKind.STATEMENT, words={"en": "We rebuild."})
        await expect(page.locator("main")).not_to_contain_text("We rebuild.")
        await book.next_slot()
        await expect(page.locator("main")).to_contain_text("We rebuild.")


async def test_a_page_that_lost_its_news_says_so(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING), heartbeat_s=0.2) as house,
        visiting(house.url) as visitor,
    ):
        book, _ = await a_day(house)
        await book.guide(KYIV, en="Boil water.", uk="Кип'ятіть воду.")
        page = await visitor.open("/situation?lang=en")
        await page.locator("#live.on").wait_for()
        house.home.service.freshness = "stale"
        await page.locator("html[data-state=stale]").wait_for()
        assert await page.locator("h1").inner_text() == "Connection lost"
        assert "as known at" in await page.locator(".do").inner_text()
        assert "What to do, as known at" in await page.locator(".guide h2").inner_text()
        assert (await page.title()).startswith("Connection lost: ")
        assert await page.locator(".hero").evaluate(
            "e => getComputedStyle(e).backgroundColor"
        ) == GREY  # fmt: skip
        house.home.service.freshness = "fresh"


async def test_a_days_report_prints_black_on_white(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING)) as house,
        visiting(house.url) as visitor,
    ):
        await a_day(house)
        page = await visitor.open("/situation/day/2022-03-01?lang=en", color_scheme="dark")
        await page.emulate_media(media="print")
        seen = """() => [...document.querySelectorAll('main *, body')].flatMap((e) => {
          const s = getComputedStyle(e);
          return e.getClientRects().length && e.textContent.trim() ? [s.color] : [];
        })"""
        assert set(await page.evaluate(seen)) == {"rgb(0, 0, 0)"}
        ground = "() => getComputedStyle(document.body).backgroundColor"
        assert await page.evaluate(ground) == "rgb(255, 255, 255)"
        for hidden in (".bar nav", ".live", ".foot", ".no-print", ".hero .where"):
            for each in await page.locator(hidden).all():
                assert not await each.is_visible(), hidden
        assert await page.locator(".sources li").count() == 4
        paper = await page.pdf(prefer_css_page_size=True)
        boxes = re.findall(rb"MediaBox \[\s*0 0 (\d+)[\d.]* (\d+)", paper)
        assert {(int(a), int(b)) for a, b in boxes} == {(594, 841)}


async def test_a_full_page_is_light(tmp_path: Path) -> None:
    """UX section 3: the first view at most 50 KB, compressed, in all."""
    async with site(tmp_path, clock=FakeClock(EVENING)) as house:
        book = Book(house.home.service, house.clock)
        for number in range(40):
            incident = await book.open(name=f"Settlement {number}", title={"uk": "Удар по місту"})
            await book.enter(incident, killed(number + 1), wounded(3), voice=MAYOR, outlet="ynet")
            await book.enter(incident, killed(number + 2), voice=LOCALS, outlet="Reuters")
        await book.release(*house.home.service.ledger.incidents)
        for path in ("/situation", "/situation/day/2022-03-01", f"/r/{KYIV}"):
            async with house.anybody.stream("GET", path) as answer:
                html = b"".join([part async for part in answer.aiter_raw()])
            whole = len(html)
            for address in set(re.findall(r'(?:href|src)="(/static/[^"]+)"',
                                          gzip.decompress(html).decode())):  # fmt: skip
                async with house.anybody.stream("GET", address) as file:
                    whole += len(b"".join([part async for part in file.aiter_raw()]))
            assert whole <= 50 * 1024, f"{path}: {whole} bytes in all"
