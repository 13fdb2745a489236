"""Old looks old: a page that cannot prove it is fresh says so everywhere, and never "all-clear"."""

import contextlib

import pytest
from playwright.async_api import expect

from kit.houses import KYIV
from kit.sites import site, visiting
from tocsin.errors import JournalUnavailable

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

CLEAR_WORDS = ("all-clear", "відбій", "відбою", "відбої", "safe", "безпеч")
CLEAR_COLOURS = ("rgb(10, 102, 83)", "rgb(15, 122, 100)")
ALL_COLOURS = """() => [...document.querySelectorAll('body *')].flatMap((e) => {
  const s = getComputedStyle(e);
  const seen = e.getClientRects().length && s.visibility === 'visible';
  return seen ? [s.backgroundColor, s.color] : [];
})"""


async def quiet(house):
    """Nothing has happened."""


async def alert(house):
    await house.issue(KYIV)


async def clear(house):
    issued = await house.issue(KYIV)
    house.clock.step(minutes=5)
    await house.post(f"/api/v1/alerts/{issued['id']}/clear")


async def unsure(house):
    issued = await house.issue(KYIV)
    house.clock.step(hours=2)
    await house.expire(issued["id"])


LAST = {
    quiet: ("no alert.", "тривоги не було."),
    alert: ("Last known: AIR RAID ALERT at 12:00.", "Останнє відоме: ПОВІТРЯНА ТРИВОГА о 12:00."),
    clear: ("no alert.", "тривоги не було."),
    unsure: ("the alert ran out and nobody ended it.", "строк тривоги минув"),
}
DOUBT = {
    quiet: "We cannot see if an alert has begun.",
    alert: "We cannot see if it has ended. Stay in shelter; listen to sirens and radio.",
    clear: "We cannot see if an alert has begun.",
    unsure: "We cannot see if it has ended. Stay in shelter; listen to sirens and radio.",
}


async def looks_lost(page, language):
    """Assert that nothing visible on the page has the all-clear's words or colour."""
    lost = {"en": "Connection lost", "uk": "Звʼязок втрачено"}[language]
    await expect(page.locator("html")).to_have_attribute("data-state", "stale")
    text = (await page.locator("body").inner_text()).casefold()
    assert lost.casefold() in text
    assert (await page.title()).startswith(lost)
    assert "icon-stale" in await page.locator("link[rel=icon]").get_attribute("href")
    spoken = await page.locator("#map").get_attribute("aria-label")
    for word in CLEAR_WORDS:
        assert word not in text
        assert word not in (await page.title()).casefold()
        assert word not in spoken.casefold()
    colours = await page.evaluate(ALL_COLOURS)
    assert not set(colours) & set(CLEAR_COLOURS)


@pytest.mark.parametrize("language", ["en", "uk"])
@pytest.mark.parametrize("happen", LAST, ids=lambda happen: happen.__name__)
async def test_a_cut_connection_shows_within_45_s_and_never_as_clear(tmp_path, happen, language):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await happen(house)
        region = await visitor.open(f"/r/{KYIV}?lang={language}", clock=True)
        country = await visitor.open(f"/?lang={language}", clock=True)
        for page in (region, country):
            await page.locator("#live.on").wait_for()
            before = await page.locator("h1").inner_text()
            await page.context.set_offline(True)
            await page.clock.run_for(30_000)
            assert await page.locator("h1").inner_text() == before
            await expect(page.locator("#live.on")).to_have_count(0)  # "Checking..."
            await page.clock.run_for(17_000)
            await looks_lost(page, language)
        said = await region.locator(".do").inner_text()
        assert LAST[happen][0 if language == "en" else 1] in said
        if language == "en":
            assert DOUBT[happen] in said
        visitor.complaints.clear()  # the browser reports what could not be fetched


async def test_the_page_returns_by_itself_when_the_connection_does(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en", clock=True)
        await page.locator("#live.on").wait_for()
        await page.context.set_offline(True)
        await page.clock.run_for(47_000)
        await looks_lost(page, "en")
        await house.issue(KYIV)
        await page.context.set_offline(False)
        await page.clock.run_for(16_000)
        await expect(page.locator("h1")).to_have_text("Air raid alert")
        await expect(page.locator("html")).to_have_attribute("data-state", "alert")
        visitor.complaints.clear()


async def test_a_house_that_lost_its_journal_shows_it_on_a_living_stream(tmp_path):
    async with site(tmp_path, heartbeat_s=0.2) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en")
        await page.locator("#live.on").wait_for()
        house.home.journal.refuse = True
        with contextlib.suppress(JournalUnavailable):
            await house.http.post(
                "/api/v1/alerts", json={"hazard": "air-raid", "area": {"regions": [KYIV]}}
            )
        assert house.home.service.freshness == "stale"
        await looks_lost(page, "en")
        without = await visitor.open(f"/r/{KYIV}?lang=en", java_script_enabled=False)
        assert await without.locator("h1").inner_text() == "Connection lost"
        text = await house.anybody.get(f"/r/{KYIV}.txt", params={"lang": "en"})
        assert text.text.startswith("Connection lost: Kyiv City\nLast known at 12:00: no alert.")


async def test_the_dead_mans_bar_appears_by_itself_without_a_script(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en", java_script_enabled=False)
        bar = page.locator("#deadman")
        assert (await bar.bounding_box())["height"] == 0
        tools = await page.context.new_cdp_session(page)
        await tools.send("Animation.enable")
        await tools.send("Animation.setPlaybackRate", {"playbackRate": 60})
        await expect(bar).to_contain_text("This page has had no news for over a minute.")
        await expect(bar).to_be_visible(timeout=10_000)
        assert (await bar.bounding_box())["height"] > 40


async def test_every_heartbeat_starts_the_dead_mans_bar_anew(tmp_path):
    async with site(tmp_path, heartbeat_s=0.3) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en")
        bar = page.locator("#deadman")
        ran = "e => e.getAnimations()[0].currentTime"
        await page.wait_for_timeout(2_000)
        assert await bar.evaluate(ran) < 1_500  # 2 s have passed, and none of them counts
        await house.hub.stop()
        await page.wait_for_timeout(1_000)
        counted = await bar.evaluate(ran)
        await page.wait_for_timeout(1_000)
        assert await bar.evaluate(ran) > counted + 800
        visitor.complaints.clear()
