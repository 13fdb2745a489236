"""Every face as people meet it: title, first line and action, without a script and with one."""

import pytest

from kit.houses import KYIV
from kit.sites import site, visiting

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

RAION = "UA32080000000084076"
OBLAST = "UA32000000000030281"
NO_SCRIPT = {"java_script_enabled": False}
SIZES = ({"width": 360, "height": 740}, {"width": 1440, "height": 900})


async def quiet(house):
    """Nothing has happened."""


async def alert(house):
    await house.issue(OBLAST)


async def part(house):
    await house.issue(RAION)


async def clear(house):
    issued = await house.issue(OBLAST)
    house.clock.step(minutes=47)
    await house.post(f"/api/v1/alerts/{issued['id']}/clear")


async def cancel(house):
    issued = await house.issue(OBLAST)
    house.clock.step(minutes=3)
    await house.post(f"/api/v1/alerts/{issued['id']}/cancel", reason="Sent by mistake.")


async def unsure(house):
    issued = await house.issue(OBLAST)
    house.clock.step(hours=2, minutes=5)
    await house.expire(issued["id"])


FACES = {
    quiet: (
        ("No alert now", "No warning is in force here.", "No alert now: Kyiv Oblast"),
        ("Тривоги немає", "Тут зараз немає жодного попередження.",
         "Тривоги немає: Київська область"),
    ),
    alert: (
        ("Air raid alert", "Go to shelter now. Stay there until the all-clear.",
         "AIR RAID ALERT: Kyiv Oblast"),
        ("Повітряна тривога", "Негайно пройдіть в укриття. Залишайтеся там до відбою.",
         "ПОВІТРЯНА ТРИВОГА: Київська область"),
    ),
    part: (
        ("Air raid alert in part of Kyiv Oblast: Bucha district",
         "Go to shelter now. Stay there until the all-clear.",
         "Air raid alert in part of Kyiv Oblast: Bucha district: Kyiv Oblast"),
        ("Повітряна тривога у частині регіону: Бучанський район",
         "Негайно пройдіть в укриття. Залишайтеся там до відбою.",
         "Повітряна тривога у частині регіону: Бучанський район: Київська область"),
    ),
    clear: (
        ("All-clear", ("The air raid alert has ended: Kyiv Oblast. You may leave the shelter. "
         "Watch for new alerts."), "All-clear: Kyiv Oblast"),
        ("Відбій тривоги", ("Відбій повітряної тривоги: Київська область. "
         "Ви можете вийти з укриття. "
         "Стежте за новими тривогами."), "Відбій тривоги: Київська область"),
    ),
    cancel: (
        ("Issued in error", ("The air raid alert was issued in error: Kyiv Oblast. "
         "You need not follow it. Other alerts stay in force."), "Issued in error: Kyiv Oblast"),
        ("Оголошено помилково", ("Повітряну тривогу оголошено помилково: Київська область. "
         "Не виконуйте її вказівок. Інші тривоги діють далі."),
         "Оголошено помилково: Київська область"),
    ),
    unsure: (
        ("End not confirmed", ("The alert ran out at 14:05 with no all-clear. "
         "Go to shelter now. Stay there until the all-clear."), "End not confirmed: Kyiv Oblast"),
        ("Відбій не підтверджено", ("Строк тривоги минув о 14:05, відбою не було. "
         "Негайно пройдіть в укриття. Залишайтеся там до відбою."),
         "Відбій не підтверджено: Київська область"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("happen", FACES, ids=lambda happen: happen.__name__)
async def test_a_face_reads_the_same_in_both_languages_without_a_script(tmp_path, happen):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await happen(house)
        for language, (first, action, title) in zip(("en", "uk"), FACES[happen], strict=True):
            for size in SIZES:
                page = await visitor.open(
                    f"/r/{OBLAST}?lang={language}", viewport=size, **NO_SCRIPT
                )
                assert await page.locator("h1").inner_text() == first
                assert await page.locator(".do").inner_text() == action
                assert await page.title() == f"{title} – Tocsin"
                assert await page.locator("html").get_attribute("data-state") == happen.__name__
                # what stands first in the page is the place, then the state, then what to do
                text = await page.locator("main").inner_text()
                assert text.index(first) < text.index(action)
                width = await page.locator("html").evaluate("e => e.scrollWidth")
                assert width == size["width"], f"{happen.__name__} scrolls sideways"


async def test_the_map_and_its_list_are_right_without_a_script(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await house.issue(OBLAST)
        await house.issue("UA46060000000042587")
        page = await visitor.open("/?lang=en", viewport=SIZES[0], **NO_SCRIPT)
        assert await page.locator("h1").inner_text() == "2 regions under alert"
        assert await page.locator(".do").inner_text() == (
            "1 of them in part. Choose your place to see what to do."
        )
        assert await page.locator(f"#m-{OBLAST}").get_attribute("class") == "r alert"
        assert await page.locator("#m-UA46000000000026241").get_attribute("class") == "r part"
        rows = page.locator("[data-part=list] li")
        assert await rows.count() == 27
        assert await rows.nth(0).text_content() == "Autonomous Republic of Crimea No alert"
        assert await page.locator("noscript meta[http-equiv=refresh]").count() == 1
        assert await page.locator("html").evaluate("e => e.scrollWidth") == 360


async def test_several_dangers_have_one_hero_and_the_rest_below_it(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await house.issue(KYIV, hazard="flood")
        house.clock.step(minutes=1)
        await house.issue(KYIV)
        page = await visitor.open(f"/r/{KYIV}?lang=en", **NO_SCRIPT)
        assert await page.locator("h1").inner_text() == "Air raid alert"
        also = await page.locator("[data-part=also]").inner_text()
        assert "Also here" in also
        assert "Flood" in also


async def test_an_alert_that_stands_for_days_and_its_level_are_named(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        await house.issue(KYIV, level="red", standing_by="I. Bondar")
        page = await visitor.open(f"/r/{KYIV}?lang=en", **NO_SCRIPT)
        said = await page.locator(".by").inner_text()
        assert "Red: take shelter" in said
        assert "Standing alert, renewed each day." in said
        assert "From: Duty desk" in said


async def test_a_place_without_a_mandate_is_not_called_calm(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        from tocsin.core import commands as co

        world = house.home.world
        await house.home.service.submit(
            co.WithdrawMandate(sender=world.authority, regions=(OBLAST,))
        )
        page = await visitor.open(f"/r/{OBLAST}?lang=en", **NO_SCRIPT)
        assert await page.locator("h1").inner_text() == "No information"
        assert await page.locator("html").get_attribute("data-state") == "nodata"
        page = await visitor.open("/?lang=en", **NO_SCRIPT)
        assert await page.locator(f"#m-{OBLAST}").get_attribute("class") == "r nodata"


async def test_a_replay_says_so_on_every_page(tmp_path):
    async with site(tmp_path, demo="A real day") as house, visiting(house.url) as visitor:
        for path in ("/", f"/r/{KYIV}", "/places", "/about"):
            page = await visitor.open(f"{path}?lang=en", **NO_SCRIPT)
            said = await page.locator(".demo").inner_text()
            assert said.startswith("Replay of 11 October 2022, 12:00:00"), path
            assert "Nothing here is in force now." in said


async def test_dark_paper_is_dark_and_light_paper_is_light(tmp_path):
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        for scheme, paper in (("light", "rgb(255, 255, 255)"), ("dark", "rgb(14, 18, 24)")):
            page = await visitor.open("/", color_scheme=scheme)
            colour = await page.evaluate(
                "getComputedStyle(document.documentElement).backgroundColor"
            )
            assert colour == paper
