"""A false warning is about: told from the duty screen at once, and ended there."""

import pytest
from playwright.async_api import expect

from kit.console import console
from kit.houses import KYIV
from tocsin.core.authority import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SAYS = {
    "uk": "Повідомлення «виїжджайте до 18:00» неправдиве. Ми його не надсилали.",
    "en": "The message “leave by 18:00” is false. We did not send it.",
}


async def test_a_false_warning_is_told_in_every_language_and_ended_by_who_may(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at(await house.officer("olena", role=Role.SUPERVISOR))
        about = page.locator("#s-false")
        await page.keyboard.press("f")  # no place is chosen yet
        await expect(page.locator("#oops")).to_contain_text("Choose a place.")
        assert await page.locator("#d-frame").is_hidden()
        await page.locator("#where").fill("Kyiv City")
        await page.keyboard.press("Enter")
        await expect(page.locator("#chips li")).to_have_count(1)
        await page.locator("#hc").click()
        await page.keyboard.press("f")
        box = page.locator("#d-frame")
        await expect(box.locator("#df-h")).to_contain_text("a warning is false: Kyiv City")
        await box.locator("#f-uk").fill(SAYS["uk"])
        await box.get_by_role("button", name="Tell people it is false").click()
        await expect(box.locator(".oops")).to_contain_text("Write it in every language.")
        assert house.service.state.notices.counterfeits == {}
        await box.locator("#f-en").fill(SAYS["en"])
        await box.get_by_role("button", name="Tell people it is false").click()
        await expect(page.locator("#toast")).to_contain_text("People were told")
        (notice,) = house.service.state.notices.counterfeits.values()
        assert notice.area.regions == (KYIV,)
        await expect(about).to_contain_text(SAYS["en"])
        await expect(about).to_contain_text(notice.handle)
        assert house.in_force() == []  # it is no alert
        await about.get_by_role("button", name="It is no longer about").click()
        await expect(about.locator("[data-false]")).to_have_count(0)
        (ended,) = house.service.state.notices.counterfeits.values()
        assert ended.ended_at is not None


async def test_who_may_not_tell_it_and_a_drill_have_no_such_key(tmp_path):
    async with console(tmp_path) as house:
        viewer = await house.officer("vira", role=Role.VIEWER)
        for who, path in ((viewer, "/console"), (await house.officer("boris"), "/drill")):
            page = await house.at(who, f"{path}?lang=en")
            await page.keyboard.press("f")
            await page.keyboard.press("?")
            keys = page.locator("#d-keys")
            await expect(keys).to_be_visible()
            await expect(keys).not_to_contain_text("A false warning is about")
            assert await page.locator("#s-false").count() == 0
            assert await page.locator("#d-frame").is_hidden()
        keeper = await house.officer("sofia", role=Role.SITUATION_OFFICER)
        page = await house.at(keeper)  # no place is chosen here: the desk's own page has the form
        link = page.locator("#s-false").get_by_role("link", name="A false warning is about")
        assert (await link.get_attribute("href")).startswith("/desk/counterfeits")
