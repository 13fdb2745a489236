"""Pages of the past in a browser: there by a slider or by a plain form, and nothing to do there."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from kit.console import Console, console
from kit.houses import KYIV
from kit.ledgers import HOUR, Book, killed
from kit.officers import yes
from tocsin.core import commands as co
from tocsin.core.authority import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

NO_SCRIPT = {"java_script_enabled": False}
ZONE = ZoneInfo("Europe/Kyiv")
BAR = "This is not now."
GROUNDS = """(main) => [...main.querySelectorAll('*')]
    .map((each) => getComputedStyle(each).backgroundColor)"""


async def an_incident(held: Console) -> tuple[str, str]:
    """Two killed, and five an hour later; its id, and the local time in between."""
    book = Book(held.service, held.held.clock)
    incident = await book.open(kind="strike", geocode=KYIV)
    claim = await book.enter(incident, killed(2))
    between = (book.clock.now() + HOUR / 2).astimezone(ZONE)
    await book.later(hours=1)
    await book.correct(claim, killed(5))
    await book.later(minutes=10)
    return incident, between.strftime("%Y-%m-%dT%H:%M")


async def the_desk(held: Console, incident: str, **more: bool) -> Page:
    """The incident's page of now, read by a situation officer."""
    person = await held.officer("olena", "UA", role=Role.SITUATION_OFFICER)
    return await held.at(person, f"/desk/incidents/{incident}?lang=en", **more)


async def is_of_then(page: Page) -> None:
    """Assert that it shows the earlier state, says so, and offers nothing to do."""
    await expect(page.locator(".then")).to_contain_text(BAR)
    rows = page.locator("#claims tbody tr")
    await expect(rows).to_have_count(1)
    await expect(rows).to_contain_text("2 killed")
    await expect(page.locator("form[method=post], dialog, [data-why], [data-post]")).to_have_count(
        0
    )
    for button in await page.get_by_role("button").all():
        assert await button.inner_text() == "Show"


async def test_the_slider_takes_the_desk_to_what_it_knew_then(tmp_path: Path) -> None:
    async with console(tmp_path) as held:
        incident, between = await an_incident(held)
        page = await the_desk(held, incident)
        await expect(page.locator("#claims tbody tr")).to_have_count(2)
        await expect(page.get_by_role("button", name="Enter a claim by hand").first).to_be_visible()
        await page.get_by_text("As it was known at another time").click()
        slider = page.locator(".moments input[type=range]")
        hour, minute = (int(each) for each in between[-5:].split(":"))
        async with page.expect_navigation():
            await slider.fill(str((hour * 60 + minute) // 5 * 5))
        assert f"at={between[:10]}T" in page.url.replace("%3A", ":")
        await is_of_then(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await page.keyboard.press("n")
        await page.keyboard.press("e")
        await page.get_by_role("link", name="Incidents").first.click()
        await expect(page.locator(".then")).to_contain_text(BAR)
        assert not [url for url in asked if "/api/" in url]
        await page.get_by_role("link", name="Show what is known now").click()
        await expect(page.locator(".then")).to_have_count(0)


async def test_without_a_script_a_form_and_steps_do_the_same(tmp_path: Path) -> None:
    async with console(tmp_path) as held:
        incident, between = await an_incident(held)
        page = await the_desk(held, incident, **NO_SCRIPT)
        await page.locator(".moments summary").click()
        await expect(page.locator(".moments input[type=range]")).to_be_hidden()
        await page.locator(".moments [name=at]").fill(between)
        await page.locator(".moments button").click()
        await is_of_then(page)
        await page.locator(".steps-to a", has_text=re.compile("\u221210")).click()
        await is_of_then(page)
        await page.locator(".steps-to a", has_text=re.compile("\u22121 day")).click()
        await expect(page.get_by_role("heading", level=1)).to_have_text(
            re.compile("There is no such moment|This was not there")
        )
        held.forgive("404", "422", "400")


async def test_a_region_of_then_is_grey_has_no_stream_and_gives_no_all_clear_of_now(
    tmp_path: Path,
) -> None:
    async with console(tmp_path) as held:
        visitor, clock = held.held.visitor, held.held.clock
        alert = await held.issue(KYIV)
        clock.step(minutes=5)
        clear = co.ClearAlert(sender=held.service.world.authority, alert_id=alert)
        yes(await held.service.submit(clear))
        clock.step(minutes=1)
        cleared = clock.now()
        page = await visitor.open(f"/r/{KYIV}?lang=en")
        state = await page.locator("html").get_attribute("data-state")
        assert state == "clear", "now it is an all-clear"
        green = await page.locator("main").evaluate(GROUNDS)
        clock.step(minutes=5)
        await held.issue(KYIV)
        clock.step(minutes=5)
        asked: list[str] = []
        page = await visitor.open("/about?lang=en")
        page.on("request", lambda request: asked.append(request.url))
        await page.goto(f"{held.url}/r/{KYIV}?lang=en&at={cleared.isoformat()[:19]}Z")
        root = page.locator("html")
        await expect(root).to_have_attribute("data-state", "past")
        await expect(page.locator(".then")).to_contain_text(BAR)
        for name in ("data-stream", "data-hash", "data-turn"):
            assert await root.get_attribute(name) is None
        assert [each for each in asked if "/stream" in each] == []
        icon = await page.locator("link[rel=icon]").get_attribute("href")
        assert icon is not None
        assert "icon-stale" in icon
        then = await page.locator("main").evaluate(GROUNDS)
        bright = {each for each in green if each not in ("rgba(0, 0, 0, 0)", "rgb(255, 255, 255)")}
        assert bright, "an all-clear of now has a ground of its own"
        assert not bright & set(then), "it would be taken for now"
