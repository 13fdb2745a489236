"""Can we reach them? What the duty screen and the review of an alert say of channels."""

import json

import pytest
from playwright.async_api import expect

from kit.console import BUCHA, OBLAST, PHONE, console
from kit.houses import KYIV, LVIV
from kit.officers import yes
from tocsin.core import infra_commands as ic
from tocsin.core.authority import Role
from tocsin.core.facilities import Condition

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

WAKING = ("sirens", "tv", "radio", "mobile")
"""What wakes people by itself in the profile: the loudspeaker cars are what is left."""
SAY = """async ([channel, body]) => {
  const answer = await fetch(`/api/v1/channels/${channel}`, {
    method: 'POST', body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() },
  });
  return [answer.status, await answer.text()];
}"""

TABLE = """async ([region, etag]) => {
  const answer = await fetch(`/console?lang=en&fragment=cover&region=${region}`, {
    headers: { 'If-None-Match': etag }, cache: 'no-store',
  });
  return [answer.status, answer.headers.get('ETag')];
}"""
PAINTS = """(names) => names.map((name) => {
  const probe = document.body.appendChild(document.createElement('i'));
  probe.style.backgroundColor = `var(${name})`;
  const colour = getComputedStyle(probe).backgroundColor;
  probe.remove();
  return colour;
})"""


async def down(house, channel, *regions, condition=Condition.DOWN):
    """Say a channel's condition as the house itself."""
    yes(
        await house.service.submit(
            ic.SetChannel(channel=channel, regions=regions, condition=condition, source="Duty desk")
        )
    )


async def say(page, channel, *regions, condition="down"):
    """Say it as the officer before that page does: by the API."""
    body = {"regions": list(regions), "source": "Concern RRT", "condition": condition}
    status, text = await page.evaluate(SAY, [channel, body])
    assert status in (200, 201), text
    return json.loads(text)


def row(page, channel):
    return page.locator(f"#cover [data-way={channel}]")


async def test_a_bar_stands_across_the_page_when_the_last_channel_that_wakes_people_is_down(
    tmp_path,
):
    async with console(tmp_path) as house:
        page = await house.at(await house.officer("olena", role=Role.SUPERVISOR))
        bar = page.locator(".coverbar")
        for channel in WAKING[:-1]:
            await down(house, channel, BUCHA)
        await expect(row(page, "radio")).to_have_attribute("data-state", "part")
        assert await bar.count() == 0  # one is left
        await say(page, WAKING[-1], BUCHA)
        await expect(bar).to_contain_text("No channel wakes people by itself in Bucha district.")
        await expect(bar).to_contain_text("What is left: Loudspeaker cars. Send them now.")
        await expect(bar).to_contain_text("people live there")
        link = bar.get_by_role("link", name="Coverage and list for patrols")
        assert (await link.get_attribute("href")).startswith("/desk/coverage")
        assert await bar.get_attribute("role") == "alert"
        # amber, as a reminder: neither an alert's red nor an all-clear's teal
        painted = await bar.evaluate("(e) => getComputedStyle(e).backgroundColor")
        named = await page.evaluate(PAINTS, ["--unsure", "--alert", "--clear"])
        assert painted == named[0]
        assert painted not in named[1:]
        await say(page, "sirens", BUCHA, condition="working")
        await expect(bar).to_have_count(0)


async def test_a_region_elsewhere_that_is_left_without_a_channel_is_no_bar_of_mine(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        for channel in WAKING:
            await down(house, channel, LVIV)
        other = await house.at(await house.officer("lesia", LVIV))
        await expect(other.locator(".coverbar")).to_contain_text("Lviv Oblast")
        assert await page.locator(".coverbar").count() == 0
        drill = await house.at(house.people["lesia"], "/drill?lang=en")
        assert await drill.locator(".coverbar").count() == 0  # a drill is another world


async def test_the_table_is_of_the_chosen_place_and_the_review_names_what_fails(tmp_path):
    async with console(tmp_path) as house:
        await down(house, "tv", KYIV)
        await down(house, "radio", BUCHA, condition=Condition.DEGRADED)
        page = await house.at("boris")
        await expect(row(page, "tv")).to_have_attribute("data-state", "part")
        await expect(row(page, "tv")).to_contain_text("Kyiv City; said as of")
        await page.keyboard.press("1")
        await page.locator("#where").fill("Kyiv City")
        await page.keyboard.press("Enter")
        await expect(page.locator("#cover-where")).to_have_text("Can we reach Kyiv City?")
        await expect(row(page, "tv")).to_have_attribute("data-state", "lost")
        await expect(row(page, "tv")).to_contain_text("May not carry")
        await expect(row(page, "tv")).to_contain_text("0 of 3 million people")
        await expect(row(page, "sirens")).to_contain_text("Carries")
        await expect(row(page, "radio")).to_contain_text("Carries")  # degraded elsewhere
        await page.keyboard.press("Control+Enter")
        fails = page.locator("#rv-will .no")
        await expect(fails).to_have_text("Television may not carry it: 0 of 3 million people")
        bold, plain = await fails.evaluate(
            "(e) => [getComputedStyle(e.querySelector('b')).color, getComputedStyle(e).color]"
        )
        assert bold != plain  # in red
        await page.keyboard.press("Escape")
        await page.locator("#chips button").click()
        await page.locator("#where").fill("Bucha district")
        await page.keyboard.press("Enter")
        await expect(row(page, "radio")).to_have_attribute("data-state", "at-risk")
        await expect(row(page, "tv")).to_contain_text("Carries")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#rv-will")).to_contain_text("Radio is at risk there")
        await expect(page.locator("#rv-will .no")).to_have_count(0)


async def test_the_table_of_one_place_is_never_taken_for_that_of_another(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        first = await page.evaluate(TABLE, [KYIV, ""])
        assert first[0] == 200
        assert (await page.evaluate(TABLE, [KYIV, first[1]]))[0] == 304
        assert (await page.evaluate(TABLE, [BUCHA, first[1]]))[0] == 200
        await down(house, "tv", KYIV)
        assert (await page.evaluate(TABLE, [KYIV, first[1]]))[0] == 200


async def test_a_word_on_a_channel_reaches_an_open_page_and_an_old_table_says_that_it_is_old(
    tmp_path,
):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await expect(row(page, "mobile")).to_contain_text("Carries")
        await down(house, "mobile", KYIV, OBLAST)
        await expect(row(page, "mobile")).to_have_attribute("data-state", "lost")
        as_of = page.locator("#cover-as-of")
        await expect(as_of).to_contain_text("As reported to the desk by")
        await page.context.set_offline(True)
        await page.evaluate("() => dispatchEvent(new Event('offline'))")
        await expect(as_of).to_contain_text("Old: no link. This is how it was reported by")
        await page.context.set_offline(False)
        await expect(as_of).to_contain_text("As reported to the desk by")
        house.forgive("ERR_INTERNET_DISCONNECTED", "Failed to load resource")


async def test_the_table_stands_without_a_script_and_fits_a_phone(tmp_path):
    async with console(tmp_path) as house:
        for channel in WAKING:
            await down(house, channel, KYIV)
        boris = await house.officer("boris")
        bare = await house.at(boris, java_script_enabled=False)
        assert "May not carry" in await row(bare, "tv").inner_text()
        assert "Kyiv City" in await bare.locator(".coverbar").inner_text()
        phone = await house.at(boris, viewport=PHONE)
        width = await phone.evaluate("() => document.documentElement.scrollWidth")
        assert width <= PHONE["width"]
