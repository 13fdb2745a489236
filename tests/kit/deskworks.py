"""An officer of the situation at the desk's pages of what a country runs on, in a real browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from playwright.async_api import Locator, Page

from kit.console import Console
from tocsin.core.authority import Role


async def officer(held: Console, path: str, login: str = "olena", **more: Any) -> Page:
    """A page of a situation officer for the whole country, in English."""
    if login not in held.people:
        await held.officer(login, "UA", role=Role.SITUATION_OFFICER)
    return await held.at(held.people[login], f"{path}?lang=en", **more)


async def ready(page: Page) -> None:
    """Wait until the page's script hears keys."""
    await page.locator("html.js").wait_for(state="attached")


async def choose(scope: Page | Locator, label: str, text: str, option: str) -> None:
    """Find something by its name and take it with Enter."""
    box = scope.get_by_role("combobox", name=label, exact=True)
    await box.fill(text)
    await scope.get_by_role("option", name=option).first.wait_for()
    await box.press("Enter")


async def register(
    page: Page, kind: str, name: str, *, needs: str | None = None, serves: Sequence[str] = ()
) -> None:
    """Register an installation in the capital; come to its page."""
    await page.goto(page.url.split("/desk")[0] + "/desk/installations?lang=en")
    await ready(page)
    await page.keyboard.press("n")
    form = page.locator("#register-new")
    await form.get_by_label("Kind of installation").select_option(kind)
    await form.get_by_label("Name", exact=True).fill(name)
    await choose(form, "Region", "Kyiv City", "Kyiv City")
    if needs:
        await choose(form, "Powered by", needs, needs)
    for channel in serves:
        await choose(form, channel, "Kyiv City", "Kyiv City")
    await form.get_by_role("button", name="Register it").click()
    await page.locator("h1", has_text=name).wait_for()
    await ready(page)


async def report(page: Page, how: str, source: str) -> None:
    """Say how an installation is (``down``, ``working`` ...), in two presses and a source."""
    await page.locator(f".say-how [data-condition={how}]").click()
    dialog = page.locator("#condition")
    await dialog.get_by_label("Who says so").fill(source)
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await ready(page)
