"""A page that is open stays true by itself."""

import pytest
from playwright.async_api import expect

from kit.houses import KYIV, LVIV
from kit.sites import site, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(60)]

STAYED = "window.stayed === true"


async def test_a_region_turns_and_clears_without_a_reload(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en")
        await page.evaluate("window.stayed = true")
        await expect(page.locator("h1")).to_have_text("No alert now")
        await expect(page.locator("#live")).to_contain_text("Live. Checked 12:00:00.")

        alert = await house.issue(KYIV)
        await expect(page.locator("h1")).to_have_text("Air raid alert")
        await expect(page.locator(".do")).to_have_text(
            "Go to shelter now. Stay there until the all-clear."
        )
        await expect(page).to_have_title("AIR RAID ALERT: Kyiv City – Tocsin")
        await expect(page.locator("html")).to_have_attribute("data-state", "alert")
        assert "icon-alert" in await page.locator("link[rel=icon]").get_attribute("href")
        await expect(page.locator("#shout")).to_contain_text("Air raid alert. Go to shelter now.")

        house.clock.step(minutes=47)
        await house.post(f"/api/v1/alerts/{alert['id']}/clear")
        await expect(page.locator("h1")).to_have_text("All-clear")
        await expect(page.locator(".since")).to_have_text("12:47 all-clear given, after 47 min")
        await expect(page.locator("#say")).to_contain_text("All-clear.")
        await expect(page.locator("#shout")).to_have_text("")
        assert await page.evaluate(STAYED)


async def test_the_map_turns_and_clears_without_a_reload(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open("/?lang=en")
        await page.evaluate("window.stayed = true")
        lviv = page.locator(f"#m-{LVIV}")
        await expect(lviv).to_have_class("r quiet")
        await expect(page.locator("#live")).to_contain_text("Live.")

        alert = await house.issue(LVIV)
        await expect(lviv).to_have_class("r alert")
        await expect(page.locator("h1")).to_have_text("1 region under alert")
        pressing = page.locator("[data-part=pressing] li")
        await expect(pressing).to_have_text(["Lviv Oblast Air raid under 1 min"])
        assert "alert: 1" in await page.locator("#map").get_attribute("aria-label")

        house.clock.step(minutes=5)
        await house.post(f"/api/v1/alerts/{alert['id']}/clear")
        await expect(lviv).to_have_class("r clear")
        await expect(page.locator("h1")).to_have_text("No region is under alert now")
        await expect(pressing).to_have_count(0)
        assert await page.evaluate(STAYED)


async def test_an_all_clear_fades_by_itself_after_half_an_hour(tmp_path):
    async with site(tmp_path, heartbeat_s=0.2) as house, visiting(house.url) as visitor:
        alert = await house.issue(KYIV)
        house.clock.step(minutes=5)
        await house.post(f"/api/v1/alerts/{alert['id']}/clear")
        page = await visitor.open(f"/r/{KYIV}?lang=en")
        await expect(page.locator("h1")).to_have_text("All-clear")
        house.clock.step(minutes=31)
        await expect(page.locator("h1")).to_have_text("No alert now")


async def test_how_long_it_lasts_counts_on_from_the_servers_clock(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await house.issue(KYIV)
        house.clock.step(minutes=59, seconds=50)
        page = await visitor.open(f"/r/{KYIV}?lang=en", clock=True)
        await page.locator("#live.on").wait_for()  # the script runs and has heard the server
        await expect(page.locator(".since b")).to_have_text("59 min")
        await page.clock.run_for(15_000)
        await expect(page.locator(".since b")).to_have_text("1 h 0 min")


async def test_a_drill_shows_as_a_banner_and_leaves_the_state_alone(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en")
        await expect(page.locator("#live")).to_contain_text("Live.")
        await house.issue(KYIV, realm="drill")
        banner = page.locator(".drill")
        await expect(banner).to_have_text(
            "DRILL: air raid. This is only an exercise. You need not do anything."
        )
        await expect(page.locator("h1")).to_have_text("No alert now")


async def test_a_change_keeps_focus_and_an_open_list(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open("/?lang=en")
        await page.locator("main summary").click()
        link = page.locator(f"[data-part=list] [data-region={KYIV}] a")
        await link.focus()
        await house.issue(LVIV)
        await expect(page.locator("h1")).to_have_text("1 region under alert")
        await expect(link).to_be_focused()
        await expect(page.locator("main details")).to_have_attribute("open", "")


async def test_the_stream_is_lost_but_asking_still_works(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open(f"/r/{KYIV}?lang=en", clock=True)
        await expect(page.locator("#live")).to_contain_text("Live.")
        await house.hub.stop()
        await page.context.route("**/api/v1/stream*", lambda route: route.abort())
        await house.issue(KYIV)
        await page.clock.run_for(21_000)
        await expect(page.locator("h1")).to_have_text("Air raid alert")
        await page.clock.run_for(60_000)
        await expect(page.locator("html")).to_have_attribute("data-state", "alert")
        visitor.complaints.clear()  # the browser reports the streams that were cut


async def test_a_click_on_the_map_leads_to_the_region(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open("/?lang=en", viewport={"width": 1440, "height": 900})
        await page.locator(f"#m-{LVIV}").click()
        await page.wait_for_url(f"**/r/{LVIV}?lang=en")


async def test_pages_of_one_browser_share_their_streams(tmp_path):
    async with site(tmp_path, heartbeat_s=0.3) as house, visiting(house.url) as visitor:
        first = await visitor.open(f"/r/{KYIV}?lang=en")
        await first.locator("#live.on").wait_for()
        second = await visitor.another(first, f"/r/{KYIV}?lang=en")
        await second.locator("#live.on").wait_for()
        assert house.hub.connections == 2  # the public stream and the drills'
        await house.issue(KYIV)
        for page in (first, second):
            await expect(page.locator("h1")).to_have_text("Air raid alert")
        await first.close()
        alert = await house.issue(KYIV, hazard="flood")
        await expect(second.locator("[data-part=also]")).to_contain_text("Flood")
        await house.post(f"/api/v1/alerts/{alert['id']}/cancel", reason="Wrong place.")
        await expect(second.locator("[data-part=also]")).to_contain_text("Issued in error")
        assert house.hub.connections == 2
