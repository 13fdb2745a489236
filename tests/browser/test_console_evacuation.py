"""An evacuation at the console: whole or not at all, and read whole by the second person."""

import pytest
from playwright.async_api import expect

from kit.console import console

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PLAN = {
    "uk": {
        "destination": "Вінниця, вокзал.",
        "routes": "Трасою М-12 на захід.",
        "transport": "Потяги з 14:00, безкоштовно.",
        "assembly": "Школа № 7, 15:00.",
        "help": "Телефонуйте 112, приїдуть.",
    },
    "en": {
        "destination": "Vinnytsia, main station.",
        "routes": "West by the M-12.",
        "transport": "Trains from 14:00, free.",
        "assembly": "School 7, 15:00.",
        "help": "Call 112, they will come.",
    },
}
SAYS = {"uk": "Виїжджайте зараз.", "en": "Leave now."}
DEADLINE = "2022-10-11T18:30"


async def choose(page, place="Kyiv City"):
    """Choose the evacuation and its place; give what an evacuation says in its own words."""
    radio = page.locator("[name=hazard][value=evacuation]")
    if await radio.count():
        await radio.check(force=True)
    else:
        await page.locator("#others").check(force=True)
        await page.locator("#other").select_option("evacuation")
    await page.locator("#where").fill(place)
    await page.locator("#found [role=option]").first.wait_for()
    await page.locator("#where").press("Enter")
    await expect(page.locator("#reach")).to_contain_text("people")
    await page.locator("#edit").click()
    for language, said in SAYS.items():
        await page.locator(f"#t-{language}-instruction").fill(said)


async def fill(page, *, without=()):
    """Fill the plan, all but some fields."""
    await page.locator("#ev-deadline").fill(DEADLINE)
    for language, fields in PLAN.items():
        for name, said in fields.items():
            if (language, name) not in without:
                await page.locator(f"#ev-{language}-{name}").fill(said)


async def read_whole(box):
    """See every sentence of the plan there, in every language."""
    for fields in PLAN.values():
        for said in fields.values():
            await expect(box).to_contain_text(said)


async def test_an_evacuation_with_a_gap_is_refused_at_its_field_and_given_when_two_agree(tmp_path):
    async with console(tmp_path) as house:
        olena_is = await house.officer("olena")
        boris, olena = await house.at("boris"), await house.at(olena_is)
        assert await boris.locator("#plan").is_hidden()
        await choose(boris)
        await expect(boris.locator("#plan")).to_be_visible()
        assert not await boris.locator("#ev-public").is_checked()
        gaps = (("en", "help"), ("uk", "routes"))
        await fill(boris, without=gaps)
        await boris.keyboard.press("Control+Enter")
        summary = boris.locator("#oops")
        await expect(summary).to_be_focused()
        await expect(summary.locator("li")).to_have_count(len(gaps))
        await expect(summary).to_contain_text(
            "Help for those who cannot walk (English) is empty. An evacuation needs one in every "
            "language."
        )
        await expect(summary).to_contain_text("evacuation-incomplete /evacuation/help/en")
        await expect(boris.locator("#e-ev-en-help")).to_contain_text("is empty")
        await expect(boris.locator("#e-ev-uk-routes")).to_contain_text("is empty")
        await expect(boris.locator("#ev-en-help")).to_have_attribute("aria-invalid", "true")
        assert await boris.locator("#d-review").is_hidden()
        await expect(boris.locator("#ev-uk-assembly")).to_have_value("Школа № 7, 15:00.")
        assert house.service.state.proposals == {}

        await summary.get_by_role("link").last.click()
        for language, name in gaps:
            await boris.locator(f"#ev-{language}-{name}").fill(PLAN[language][name])
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#rv-kind")).to_contain_text("A SECOND PERSON IS NEEDED")
        await expect(boris.locator("#rv-kind")).to_be_in_viewport()  # it is read from the top
        read = boris.locator("#rv-plan")
        await read_whole(read)
        await expect(read).to_contain_text("2022-10-11 18:30")
        await expect(read).to_contain_text(
            "No channel carries the assembly places yet: tell people there yourself."
        )
        await expect(boris.locator("#send")).to_be_enabled()
        await boris.locator("#send").click()
        await expect(boris.locator("#d-frame")).to_contain_text("SECOND PERSON NEEDED: EVACUATION")
        assert house.in_force() == []

        await olena.locator(".rail .card.two [data-dialog=proposal]").click()
        box = olena.locator("#d-frame")
        await expect(box.locator(".kind")).to_be_in_viewport()
        await read_whole(box)
        await expect(box).to_contain_text("18:30")
        await expect(box).to_contain_text(
            "No channel carries the assembly places yet: tell people there yourself."
        )
        await box.locator("[name=read]").check()
        await box.locator("[data-send=approve]").click()
        await expect(olena.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        assert alert.hazard == "evacuation"
        assert alert.plan.deadline.isoformat() == "2022-10-11T15:30:00+00:00"
        assert not alert.plan.assembly_public
        assert house.service.plan(alert.plan).routes == {
            language: fields["routes"] for language, fields in PLAN.items()
        }
        await boris.goto(f"{house.url}/console/alerts/{alert.id}?lang=en")
        await expect(boris.locator(".plan")).to_contain_text("School 7, 15:00.")


async def test_a_deadline_past_is_refused_beside_it_and_a_plan_sent_back_comes_back_whole(
    tmp_path,
):
    async with console(tmp_path) as house:
        olena_is = await house.officer("olena")
        boris, olena = await house.at("boris"), await house.at(olena_is)
        await choose(boris)
        await fill(boris)
        await boris.locator("#ev-deadline").fill("2022-10-11T09:00")
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#e-ev-deadline")).to_be_visible()
        await expect(boris.locator("#oops")).to_contain_text("deadline-past /evacuation/deadline")
        await boris.locator("#ev-deadline").fill(DEADLINE)
        await boris.locator("#ev-public").check()
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#rv-plan")).to_contain_text("The assembly places are public.")
        await expect(boris.locator("#send")).to_be_enabled()
        await boris.locator("#send").click()
        await boris.locator("#d-frame [data-back]").click()

        await olena.locator(".rail .card.two [data-dialog=proposal]").click()
        box = olena.locator("#d-frame")
        await expect(box).to_contain_text("The assembly places are public.")
        await box.get_by_role("button", name="Send back with a reason").click()
        await box.locator("[name=reason]").fill("Name the second train.")
        await box.get_by_role("button", name="Send back with a reason").click()
        await boris.locator("#toast [data-again]").click()
        await expect(boris.locator("#ev-en-transport")).to_have_value("Trains from 14:00, free.")
        await expect(boris.locator("#ev-uk-assembly")).to_have_value("Школа № 7, 15:00.")
        await expect(boris.locator("#ev-deadline")).to_have_value(DEADLINE)
        assert await boris.locator("#ev-public").is_checked()
        assert house.in_force() == []


async def test_a_danger_without_a_plan_sends_none(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await choose(page)
        await fill(page)
        await page.keyboard.press("Escape")
        await page.locator("[name=hazard][value=air-raid]").check(force=True)
        assert await page.locator("#plan").is_hidden()
        await expect(page.locator("#texts")).to_contain_text("Air raid alert")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#send")).to_be_enabled()
        assert await page.locator("#rv-plan").is_hidden()
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        assert alert.plan is None
