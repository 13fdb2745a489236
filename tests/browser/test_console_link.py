"""A console without a link is grey, inert and loud; nothing that is pressed then is ever sent."""

import json

import pytest
from playwright.async_api import expect

from kit.console import OBLAST, console
from kit.houses import KYIV

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

CUT = ("Failed to load resource", "net::ERR", "ERR_")


async def composed(page):
    """Write an alert as far as its review."""
    await page.keyboard.press("1")
    await page.keyboard.press("/")
    await page.locator("#where").fill("Kyiv City")
    await page.keyboard.press("Enter")
    await expect(page.locator("#reach")).to_contain_text("people")


async def cut(page):
    """Let nothing come from the server or go to it."""
    await page.context.set_offline(True)


async def never(_route):
    """Leave a question without an answer."""


async def test_a_lost_link_is_loud_and_inert_and_says_what_changed_when_it_is_back(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        gone = await house.issue(OBLAST)
        await expect(page.locator(f".rail [data-alert='{gone}']")).to_be_visible()
        await composed(page)
        await cut(page)
        bar = page.locator("#offbar")
        await expect(bar).to_contain_text("No link to the server since")
        await expect(bar).to_contain_text("Nothing you press here is sent.")
        await expect(page.locator(".m-off")).to_be_visible()
        for panel in (".compose", ".mid", ".rail"):
            await expect(page.locator(panel)).to_have_attribute("inert", "")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#d-review")).not_to_be_visible()
        alert = await house.issue(KYIV)
        await page.context.set_offline(False)
        await expect(page.locator(".m-live")).to_be_visible(timeout=15_000)
        await expect(page.locator("#toast")).to_contain_text("Began meanwhile: 1; ended: 0")
        await expect(page.locator(f".rail [data-alert='{alert}']")).to_be_visible()
        assert await page.locator(".compose[inert]").count() == 0
        assert await page.locator("#chips li").all_inner_texts() == ["Kyiv City\n×"]  # kept
        assert {each.id for each in house.in_force()} == {gone, alert}  # nothing was queued
        house.forgive(*CUT)


async def test_without_a_heartbeat_it_checks_and_then_is_offline(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris", clock=True)
        await expect(page.locator("#health")).to_have_text("Linked")
        await page.context.route("**/api/v1/session", never)
        await page.clock.run_for(21_000)
        await expect(page.locator("#health")).to_have_text("Checking the link…")
        await page.clock.run_for(26_000)
        await expect(page.locator("html")).to_have_attribute("data-view", "offline")
        house.forgive(*CUT)


async def test_an_answer_that_is_lost_is_asked_for_again_with_the_same_key(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await composed(page)
        keys = []

        async def lose(route):
            keys.append(route.request.headers["idempotency-key"])
            if len(keys) == 1:
                await route.fetch()  # the house hears it, the answer is lost
                await route.abort()
            else:
                await route.continue_()

        await page.context.route("**/api/v1/alerts", lose)
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#send")).to_be_enabled()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#rv-state")).to_contain_text("Not known yet, asking again")
        await expect(page.locator("#send-word")).to_have_text("Saving…")
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
        assert len(keys) == 2
        assert keys[0] == keys[1]
        assert len(house.in_force()) == 1
        house.forgive(*CUT)


async def test_a_refusal_by_the_disk_says_that_nothing_was_sent_and_the_text_stays(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await composed(page)
        problem = {"rule": "not-accepted", "field": "", "help": "The journal could not be written."}

        async def refuse(route):
            await route.fulfill(
                status=503, body=json.dumps(problem), content_type="application/problem+json"
            )

        await page.context.route("**/api/v1/alerts", refuse)
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#send")).to_be_enabled()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#rv-oops")).to_contain_text("Not saved. Nothing was sent.")
        await expect(page.locator("#d-review")).to_be_visible()
        assert house.in_force() == []
        house.forgive(*CUT)


async def test_keys_are_not_taken_while_somebody_types_and_can_be_turned_off(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await page.locator("#where").focus()
        await page.keyboard.type("2")
        assert await page.locator("[name=hazard]:checked").count() == 0
        await page.locator("#hc").click()
        await page.keyboard.press("?")
        await page.get_by_label("Single-letter keys work").uncheck()
        await page.get_by_role("button", name="Close").last.click()
        await page.keyboard.press("2")
        assert await page.locator("[name=hazard]:checked").count() == 0


async def test_an_open_dialog_says_itself_that_the_link_is_gone(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await composed(page)
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#send")).to_be_enabled()
        await cut(page)
        line = page.locator("#d-review .nolink")
        await expect(line).to_have_text("No link. Nothing you press is sent.", timeout=20_000)
        await expect(page.locator("#send")).to_be_disabled()
        await page.context.set_offline(False)
        await expect(line).to_have_count(0, timeout=20_000)
        await expect(page.locator("#send")).to_be_enabled()
        assert house.in_force() == []
        house.forgive(*CUT)
