"""The page "Is this page real?" in a browser: whole without a script, checked with one."""

from pathlib import Path

import pytest
from playwright.async_api import expect

from kit.houses import KYIV
from kit.sites import site, visiting
from tocsin.keys.store import open_keys
from tocsin.service.verify import code_of
from tocsin.settings import Keys

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

FITS = "The statement was signed by the key shown above."
DIFFERS = "The signature does not fit."
CANNOT = "This browser cannot check signatures of this kind."
OLD = """() => {
  crypto.subtle.importKey = () => Promise.reject(new DOMException('', 'NotSupportedError'));
}"""


async def test_the_page_is_whole_without_a_script(tmp_path: Path) -> None:
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open("/real?lang=en", java_script_enabled=False)
        await expect(page.locator("h1")).to_have_text("Is this page real?")
        await expect(page.locator("#check")).to_be_hidden()
        await expect(page.locator("noscript")).to_be_visible()
        await expect(page.locator("[data-fingerprint]")).to_be_visible()
        await expect(page.locator("ol pre")).to_have_count(4)
        assert await page.context.cookies() == []


async def test_a_browser_checks_the_latest_head_and_a_forged_one_does_not_fit(
    tmp_path: Path,
) -> None:
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open("/real?lang=en")
        await house.issue(KYIV)
        await page.click("#check-now")
        said = page.locator("[data-said]:visible")
        await expect(said).to_contain_text(FITS)
        await expect(page.locator("#statement")).to_contain_text('"sequence":2')

        async def forge(route):
            answer = await route.fetch()
            text = await answer.text()
            await route.fulfill(response=answer, body=text.replace('"sequence":2', '"sequence":1'))

        await page.route("**/api/v1/head", forge)
        await page.click("#check-now")
        await expect(said).to_contain_text(DIFFERS)


async def test_a_browser_that_cannot_check_says_so(tmp_path: Path) -> None:
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        page = await visitor.open("/real?lang=en")
        await page.evaluate(OLD)
        await page.click("#check-now")
        await expect(page.locator("[data-said]:visible")).to_contain_text(CANNOT)


async def test_a_code_is_typed_and_answered_without_a_script(tmp_path: Path) -> None:
    async with site(tmp_path) as house, visiting(house.url) as visitor:
        alert = await house.issue(KYIV)
        code = code_of(open_keys(tmp_path, Keys()), alert["handle"], 1)
        page = await visitor.open("/verify?lang=en", java_script_enabled=False)
        await page.fill("#code", code.lower())
        await page.click("button")
        answer = page.locator("[data-answer]")
        await expect(answer).to_contain_text("This message is ours: Air raid alert")
        await expect(answer).to_contain_text("In force. Do what it says.")
        await page.fill("#code", "ABCDEFGH")
        await page.click("button")
        await expect(answer).to_contain_text("We sent no message with this code.")
