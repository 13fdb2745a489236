"""The console's map: regions and districts picked by a press, shapes drawn, groups found."""

import pytest
from playwright.async_api import expect

from kit.console import BUCHA, OBLAST, PHONE, console
from kit.houses import KYIV

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def test_a_region_is_picked_and_dropped_by_a_press(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        region = page.locator(f"#m-{OBLAST}")
        await region.click(position={"x": 12, "y": 60})
        await expect(region).to_have_class("r quiet pick")
        assert await page.locator("#chips li").all_inner_texts() == ["Kyiv Oblast\n×"]
        await region.click(position={"x": 12, "y": 60})
        assert await page.locator("#chips li").count() == 0
        await page.locator("#where").fill("Kyiv City")
        await page.locator("#where").press("Enter")
        await expect(page.locator("#chips li")).to_have_count(1)
        await page.locator("#where").press("Backspace")
        await expect(page.locator("#chips li")).to_have_count(0)


async def test_a_district_is_picked_on_the_map_of_districts(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await page.get_by_role("button", name="Districts").click()
        district = page.locator(f"#m-{BUCHA}")
        await district.wait_for(timeout=30_000)
        await district.dispatch_event("click")
        assert await page.locator("#chips li").all_inner_texts() == ["Bucha district\n×"]
        await expect(page.locator(f"[data-outline='{OBLAST}']")).to_have_class("outline pick-part")
        await page.get_by_role("button", name="Districts").click()
        await expect(page.locator(f"#m-{KYIV}")).to_be_visible()


async def test_the_drawing_tool_comes_only_when_it_is_asked_for(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        asked = []
        page.on("request", lambda request: asked.append(request.url))
        await page.locator("#hc").click()
        assert not any("/vendor/" in each for each in asked)
        await page.keyboard.press("d")
        await expect(page.locator(".draw-map canvas").first).to_be_visible(timeout=30_000)
        assert any("/vendor/" in each for each in asked)
        await page.get_by_role("button", name="Pick regions").click()
        await expect(page.locator("#map")).to_be_visible()
        house.forgive("GL Driver", "WebGL")


async def test_a_saved_group_is_found_by_its_name(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        for place in ("Kyiv City", "Bucha"):
            await page.locator("#where").fill(place)
            await page.locator("#found [role=option]").first.wait_for()
            await page.locator("#where").press("Enter")
        await expect(page.locator("#chips li")).to_have_count(2)
        await page.locator("#extras summary").click()
        page.on("dialog", lambda dialog: dialog.accept("Left bank"))
        await page.locator("#group-save").click()
        await expect(page.locator("#toast")).to_contain_text("Group saved. Left bank")
        await page.reload()
        await page.locator("html.js").wait_for(state="attached")
        await page.locator("#where").fill("left")
        await expect(page.locator("#found")).to_contain_text("Left bank")
        await page.locator("#where").press("Enter")
        await expect(page.locator("#chips li")).to_have_count(2)


async def test_on_a_phone_what_waits_comes_first_and_nothing_is_cut_off(tmp_path):
    async with console(tmp_path) as house:
        await house.issue(BUCHA)
        page = await house.at("boris", viewport=PHONE)
        rail = await page.locator(".rail").bounding_box()
        form = await page.locator(".compose").bounding_box()
        assert rail["y"] < form["y"]
        assert await page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        await page.locator("[name=hazard]").first.check(force=True)
        await page.locator("#where").fill("Kyiv City")
        await page.locator("#found [role=option]").first.wait_for()
        await page.locator("#where").press("Enter")
        await page.locator("#review").click()
        await expect(page.locator("#send")).to_be_enabled()
        await page.locator("#send").click()
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
