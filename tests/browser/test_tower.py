"""The tower of 1 March 2022, from the register to the record, for an officer and a resident.

A substation falls and the tower that it powers is at risk; somebody says that the tower is down,
and television may not carry warnings, which residents read at once and without the cause. An alert
goes out by what is left. Half of the signal comes back, then all of it. Two reports tell of one
strike, and people read both accounts once they may.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect

from kit.console import Console, console
from kit.deskworks import choose, officer, ready, register, report
from kit.houses import KYIV
from kit.ledgers import Book
from tocsin.core import commands as co
from tocsin.core.facilities import Condition

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

POWER, MAST = "Zqpower 110", "Zqmast"
START = datetime(2022, 3, 1, 15, 13, tzinfo=UTC)
YNET, HAYOM = "kyiv-tv-tower-2022-03-01-ynet", "zelenskiy-ceasefire-2022-03-01"
WHEN = {"start": "2022-03-01T14:00:00Z", "end": "2022-03-01T15:10:00Z", "grain": "range"}
PLACE = {"geocode": "UA-30", "site": "television tower"}
CAUSES = ("tower", "substation", POWER, MAST, "strike")
"""Words of the cause: until the release no resident reads one of them."""


async def post(page: Page, path: str, body: object) -> Any:
    """Ask the API as the officer whose page it is."""
    origin = page.url.split("/desk")[0]
    seen = await page.request.post(f"{origin}/api/v1{path}", data=body, headers={"Origin": origin})
    assert seen.status < 300, await seen.text()
    return await seen.json()


async def taken(page: Page, shared_data: Path, name: str, outlet: str) -> Any:
    """Take a report in and return it with its drafts."""
    text = (shared_data / "reports" / "texts" / f"{name}.txt").read_text(encoding="utf-8")
    body = {"text": text, "outlet": outlet, "published": "2022-03-01", "language": "en"}
    return await post(page, "/reports", body)


def draft_of(found: Any, kind: str, words: str) -> Any:
    """The first draft of that kind whose quote has those words."""
    return next(
        each for each in found["drafts"]
        if each["kind"] == kind and words in each["quote"]["text"].casefold()
    )  # fmt: skip


async def confirm(page: Page, found: Any, draft: Any, **more: Any) -> Any:
    """Confirm a draft, as a person does."""
    path = f"/reports/{found['report']['id']}/drafts/{draft['name']}/confirm"
    return await post(page, path, more)


async def text_of(page: Page) -> str:
    return (await page.locator("main").inner_text()).replace("\u00a0", " ")


async def is_discreet(resident: Page) -> None:
    """Nothing of the cause stands in a resident's page, seen or unseen."""
    source = await resident.content()
    assert not [word for word in CAUSES if word.casefold() in source.casefold()], source


async def test_the_tower_of_1_march_from_the_register_to_the_record(
    tmp_path: Path, shared_data: Path
) -> None:
    async with console(tmp_path, START) as held:
        desk = await officer(held, "/desk/installations")
        resident = await held.held.visitor.open("/r/UA80000000000093317?lang=en")
        await _the_fall(held, desk, resident)
        alert = await _the_alert(held, resident)
        await _the_outage(held, desk, resident)
        await _the_record(held, desk, shared_data, alert)
        await is_discreet(resident)
        await _the_release(held, resident)


async def _the_fall(held: Console, desk: Page, resident: Page) -> None:
    """The register; a substation down, the tower at risk; the tower down, people told."""
    await register(desk, "substation", POWER)
    power = desk.url
    await register(desk, "tv-tower", MAST, needs="Zqpower", serves=("Television",))
    tower = desk.url

    # the substation falls: the tower is at risk, and down it is not
    await desk.goto(power)
    await ready(desk)
    await report(desk, "down", "Mayor, by Israel Hayom")
    await desk.goto(tower)
    await ready(desk)
    assert "At risk is not down." in await text_of(desk)
    assert not held.service.state.infra.may_not
    assert "ay not carry" not in await text_of(resident)
    await is_discreet(resident)

    # somebody says that it is down: coverage is lost, residents read it at once
    await report(desk, "down", "Its engineer")
    lost = resident.get_by_text("Television").first
    await expect(lost).to_be_visible()
    told = await text_of(resident)
    assert "May not carry warnings here: Television." in told
    assert "Sirens" in told
    assert "Radio" in told
    await is_discreet(resident)
    await desk.goto(f"{held.url}/desk/coverage?lang=en")
    row = desk.locator(".by-region tbody tr", has_text="Kyiv City")
    assert "may not carry" in await row.inner_text()
    assert held.service.state.infra.may_not == {"tv": (KYIV,)}


async def _the_alert(held: Console, resident: Page) -> str:
    """An alert goes out by the page, and by the channels that are left."""
    alert = await held.issue(KYIV)
    await expect(resident.locator("h1")).to_contain_text("Air raid alert")
    assert "May not carry warnings here: Television." in await text_of(resident)
    channels = await (await resident.request.get(f"{held.url}/api/v1/channels")).json()
    carry = {c["id"]: KYIV not in c["may_not"] for c in channels["channels"]}
    assert not carry.pop("tv")
    assert all(carry.values())
    return alert


async def _the_outage(held: Console, desk: Page, resident: Page) -> None:
    """What is out, half of it back, all of it back."""
    await desk.goto(f"{held.url}/desk/outages?lang=en")
    await ready(desk)
    await desk.keyboard.press("n")
    form = desk.locator("#enter")
    await form.get_by_label("What is out").select_option("broadcast")
    await form.get_by_label("Who says so").fill("Broadcaster")
    await choose(form, "Regions, each with all under it", "Kyiv City", "Kyiv City")
    await form.get_by_role("button", name="Enter the outage").click()
    await desk.wait_for_url("**/desk/outages/*")
    await ready(desk)
    await expect(resident.get_by_text("Broadcaster").first).to_be_visible()
    held.held.clock.step(hours=2)
    part = desk.locator("#part")
    await part.get_by_label("Percent that is back").fill("50")
    await part.get_by_label("Who says so").fill("Broadcaster")
    async with desk.expect_navigation():
        await part.get_by_role("button", name="Back in part").click()
    await ready(desk)
    await expect(resident.get_by_text("50").first).to_be_visible()
    await is_discreet(resident)
    held.held.clock.step(hours=2)
    whole = desk.locator("#back")
    await whole.get_by_label("Who says so").fill("Broadcaster")
    async with desk.expect_navigation():
        await whole.get_by_role("button", name="Wholly back").click()
    for each in held.service.state.infra.installations:
        await desk.goto(f"{held.url}/desk/installations/{each}?lang=en")
        await ready(desk)
        await report(desk, "working", "Its engineer")
    await expect(resident.get_by_text("May not carry warnings here")).to_have_count(0)
    assert held.service.state.infra.may_not == {"tv": ()}


async def _the_record(held: Console, desk: Page, shared_data: Path, alert: str) -> None:
    """Two reports, one incident, both accounts; the strike is in the tower's own history."""
    first = await taken(desk, shared_data, YNET, "ynet")
    opened = {"kind": "explosion", "site": "critical", "where": PLACE, "when": WHEN}
    one = await confirm(desk, first, draft_of(first, "explosion", "explosion"), open=opened)
    second = await taken(desk, shared_data, HAYOM, "Israel Hayom")
    opened = {**opened, "kind": "strike"}
    strike = draft_of(second, "strike", "television tower")
    two = await confirm(desk, second, strike, open=opened)
    toll = draft_of(second, "casualties", "killed five")
    await confirm(desk, second, toll, incident=two["incident"])
    link = {"kind": "same-as", "other": two["incident"], "reason": "One tower, one afternoon."}
    await post(desk, f"/incidents/{one['incident']}/links", link)
    for found in held.service.state.infra.installations.values():
        assert found.condition is Condition.WORKING
    (tower,) = [
        each.id for each in held.service.state.infra.installations.values()
        if each.facility is not None and each.facility.kind == "tv-tower"
    ]  # fmt: skip
    await post(desk, f"/installations/{tower}/condition", {
        "condition": "working", "source": "State Service for Emergency Situations",
        "struck": True, "incident": two["incident"],
    })  # fmt: skip
    await desk.goto(f"{held.url}/desk/installations/{tower}?lang=en")
    assert "hit 1 time" in await text_of(desk)
    await desk.goto(f"{held.url}/desk/incidents/{two['incident']}?lang=en")
    account = await text_of(desk)
    assert "ynet" in account
    assert "Israel Hayom" in account
    over = co.ClearAlert(sender=held.service.world.authority, alert_id=alert)
    await held.service.submit(over)


async def _the_release(held: Console, resident: Page) -> None:
    """After the embargo people read both accounts, and still no site and no substation."""
    book = Book(held.service, held.held.clock)
    await resident.goto(f"{held.url}/situation?lang=en")
    assert "5 killed" not in await text_of(resident)
    for _ in range(16):
        await book.later(hours=1)
    await book.later(minutes=21)
    await resident.goto(f"{held.url}/situation?lang=en")
    told = await text_of(resident)
    assert "5 killed" in told
    assert "Israel Hayom" in told
    assert "substation" not in told
    assert MAST not in told
