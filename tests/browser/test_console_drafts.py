"""Drafts that machines made, at the console: taken over by few presses, dismissed, never lost."""

import itertools
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.async_api import expect

from kit.console import console
from kit.feeds import observer, station
from kit.houses import KYIV, LVIV
from tocsin.core.authority import Role
from tocsin.core.threats import Closing

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TAKEN_AND_ISSUED = ("w", "Tab", "Enter", "Control+Enter", "Control+Enter")
"""Fewer than six presses from a report to sirens, and everything read in between."""


@dataclass
class Feeding:
    """What an observer of ``kit.feeds`` needs of a house."""

    node: Any
    clock: Any
    sources: Any = field(default_factory=lambda: itertools.count(1))

    @property
    def app(self):
        return self.node.app

    def fresh_source(self):
        return f"198.51.100.{next(self.sources)}"


async def watcher(house, key="observers", **more):
    """Somebody who reports threats by a key of theirs."""
    return await observer(Feeding(house.held.node, house.held.clock), key, **more)


async def reported(seen, **members):
    """Report one, and see that it was taken."""
    answer = await seen.threat(**members)
    assert answer.status == 202, answer.text


def the_draft(house):
    """The one draft there is."""
    (draft,) = house.service.state.inbox.drafts.values()
    return draft


def card(page):
    return page.locator(".rail [data-draft]")


async def test_a_draft_is_taken_over_read_and_issued_in_five_presses(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        seen = await watcher(house)
        await reported(seen, kind="missile", confidence="likely", eta=240)
        await expect(card(page)).to_contain_text("Threat report: missile")
        await expect(card(page)).to_contain_text("Kyiv City")
        await expect(card(page)).to_contain_text("Likely. 1 source. Weak: one source alone.")
        await expect(card(page)).to_contain_text("runs out at")
        await expect(page.locator("#speaker")).to_contain_text("Threat report")
        draft = the_draft(house)
        for number, key in enumerate(TAKEN_AND_ISSUED):
            await page.keyboard.press(key)
            if key == "Enter":
                await expect(page.locator("#draft-said")).to_contain_text(draft.handle)
                await expect(page.locator("#reach")).to_contain_text("people")
                assert await page.locator("#chips li").all_inner_texts() == ["Kyiv City\n×"]
            if number == len(TAKEN_AND_ISSUED) - 2:
                await expect(page.locator("#rv-h")).to_contain_text("Kyiv City")
                await expect(page.locator("#send")).to_be_enabled()
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        assert (alert.hazard, alert.area.regions) == (draft.hazard, (KYIV,))
        closed = the_draft(house)
        assert (closed.how, closed.alert_id) == (Closing.ISSUED, alert.id)
        await expect(card(page)).to_have_count(0)
        assert await page.locator("#draft-box").is_hidden()  # the next alert answers nothing


async def test_a_draft_that_is_withdrawn_meanwhile_says_so_and_is_not_issued_by_a_slip(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        seen = await watcher(house)
        report = seen.message(kind="drone", regions=[KYIV], confidence="possible")
        assert (await seen.post("threats", report)).status == 202
        await card(page).get_by_role("button", name="Take it over").click()
        await expect(page.locator("#reach")).to_contain_text("people")
        gone = await seen.post("threats", seen.message(withdraws=report["id"]))
        assert gone.status == 202, gone.text
        beside = page.locator("#e-draft")
        await expect(beside).to_contain_text("is not open any more: its source took the report")
        await expect(card(page)).to_contain_text("Its source took the report back at")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#oops")).to_contain_text("alert-draft-closed /draft")
        assert await page.locator("#d-review").is_hidden()
        assert await page.locator("#chips li").all_inner_texts() == ["Kyiv City\n×"]
        await page.get_by_role("button", name="Go on without it").click()
        await expect(beside).to_be_hidden()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#send")).to_be_enabled()  # it is the officer's own alert now
        assert house.in_force() == []


async def test_a_draft_is_dismissed_with_a_reason_alone(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await reported(await watcher(house))
        await card(page).get_by_role("button", name="Dismiss with a reason").click()
        box = page.locator("#d-frame")
        await expect(box.locator("#df-h")).to_contain_text("Threat report")
        await box.get_by_role("button", name="Dismiss it").click()
        await expect(box.locator(".oops")).to_contain_text("Say why.")
        assert the_draft(house).waits
        await box.locator("[name=reason]").fill("Our own drone, by telephone.")
        await box.get_by_role("button", name="Dismiss it").click()
        await expect(page.locator("#toast")).to_contain_text("Draft dismissed.")
        await expect(card(page)).to_have_count(0)
        closed = the_draft(house)
        assert (closed.how, closed.reason) == (Closing.DISMISSED, "Our own drone, by telephone.")
        assert closed.by


async def test_a_draft_that_ran_out_is_told_of_for_an_hour(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await reported(await watcher(house))
        await expect(card(page)).to_have_count(1)
        lasts = the_draft(house).until - house.held.clock.now()
        house.held.clock.step(seconds=lasts.total_seconds() + 1)
        await house.held.node.scheduler.look()
        await expect(card(page)).to_contain_text("Nobody answered; it ran out at")
        assert the_draft(house).how is Closing.RAN_OUT
        await expect(card(page)).to_contain_text("That says nothing of the danger.")
        assert await card(page).get_by_role("button").count() == 0
        house.held.clock.step(minutes=61)
        later = await house.at(await house.officer("olena"))
        assert await card(later).count() == 0


async def test_drafts_elsewhere_and_for_who_may_not_warn_ask_nothing_of_me(tmp_path):
    async with console(tmp_path) as house:
        lesia = await house.at(await house.officer("lesia", LVIV))
        viewer = await house.at(await house.officer("vira", role=Role.VIEWER))
        drill = await house.at("boris", "/drill?lang=en")
        await reported(await watcher(house))
        await expect(card(viewer)).to_have_count(1)
        assert await card(viewer).get_by_role("button").count() == 0
        assert await card(lesia).count() == 0
        assert await card(drill).count() == 0


async def test_stations_that_agree_draft_what_two_people_decide(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        seen = await watcher(house)
        for number in range(5):
            await station(seen.crew, f"st-{number}")
        for _ in range(3):
            for number in range(5):
                answer = await seen.reading(f"st-{number}", 5_000)
                assert answer.status == 202, answer.text
            house.held.clock.step(minutes=1)
        await expect(card(page)).to_contain_text("Dose rates: ")
        await expect(card(page)).to_contain_text("5 sources.")
        await expect(card(page)).to_contain_text("nSv/h")
        await card(page).get_by_role("button", name="Take it over").click()
        await expect(page.locator("#reach")).to_contain_text("people")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#rv-kind")).to_contain_text("A SECOND PERSON IS NEEDED")
        await expect(page.locator("#send")).to_be_enabled()
        await page.locator("#send").click()
        await expect(page.locator("#d-frame")).to_contain_text("SECOND PERSON NEEDED")
        await page.locator("#d-frame [data-back]").click()
        await expect(card(page)).to_contain_text("An alert from it waits for a second person.")
        assert await card(page).get_by_role("button").count() == 0
        assert house.in_force() == []
        assert the_draft(house).waits
