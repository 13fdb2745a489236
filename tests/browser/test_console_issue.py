"""Issuing at the console, as an operator does it: by keys, read first, once, and undone at once."""

import asyncio

import pytest
from playwright.async_api import expect

from kit.console import BUCHA, OBLAST, console
from kit.houses import KYIV, LVIV
from tocsin.core.alert import AlertState, Realm
from tocsin.core.authority import Role

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

AIR_RAID = ("1", "/", "k", "y", "Enter", "Control+Enter", "Control+Enter")
"""UX section 6: the routine air raid."""


async def compose(page, place="Kyiv City", key="1"):
    """Choose a danger and a place, by keys."""
    await page.keyboard.press(key)
    await page.keyboard.press("/")
    await page.locator("#where").fill(place)
    await page.keyboard.press("Enter")
    await expect(page.locator("#reach")).to_contain_text("people")


async def review(page):
    """Open the review and wait until its button is awake."""
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#send")).to_be_enabled()


async def test_a_routine_air_raid_takes_the_key_presses_of_the_design(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        presses = 0
        for key in AIR_RAID:
            await page.keyboard.press(key)
            presses += 1
            if key == "Control+Enter":  # it is read in between
                await expect(page.locator("#send")).to_be_enabled()
                if presses < len(AIR_RAID):
                    said = await page.locator("#rv-h").inner_text()
                    assert said == "Warn 3 million people: air raid, Kyiv City."
                    kind = await page.locator("#rv-kind").inner_text()
                    assert kind == "ACTUAL ALERT. NOT A DRILL."
                    assert await page.locator("#send-word").inner_text() == "Issue now: air raid"
                    await expect(page.locator("#rv-back")).to_be_focused()
        assert presses == 7
        (alert,) = the_one(house)
        assert alert.area.regions == (KYIV,)
        toast = page.locator("#toast")
        await expect(toast).to_contain_text(f"Saved as alert {alert.handle}.")
        await expect(page.locator(f".rail [data-alert='{alert.id}']")).to_be_visible()
        await expect(page.locator(f"#m-{KYIV}")).to_have_class("r alert")
        assert await page.locator("#chips li").count() == 0  # not issued twice by a slip


def the_one(house):
    """The one alert in force; the answer has come, so it is recorded."""
    found = house.in_force()
    assert len(found) == 1
    return found


async def test_a_double_press_of_the_last_keys_issues_nothing(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await compose(page)
        await page.keyboard.press("Control+Enter")
        await page.locator("#d-review[open]").wait_for()
        await page.keyboard.press("Control+Enter")  # within 0.7 s: the button sleeps
        assert await page.locator("#send").is_disabled()
        await expect(page.locator("#send")).to_be_enabled()
        assert house.in_force() == []
        await page.keyboard.press("Escape")
        await expect(page.locator("#d-review")).not_to_be_visible()
        assert await page.locator("#chips li").all_inner_texts() == ["Kyiv City\n×"]
        await expect(page.locator("#review")).to_be_focused()


async def test_pressing_issue_many_times_issues_once(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await compose(page)
        await review(page)
        await asyncio.gather(*(page.keyboard.press("Control+Enter") for _ in range(5)))
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
        assert len(house.in_force()) == 1


async def test_a_place_over_the_border_is_refused_at_its_field_and_nothing_typed_is_lost(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await page.keyboard.press("1")
        await page.keyboard.press("/")
        await page.locator("#where").fill("Lviv Oblast")
        await page.keyboard.press("Enter")
        await expect(page.locator("#e-area")).to_contain_text("may not warn in")
        await page.keyboard.press("Control+Enter")
        summary = page.locator("#oops")
        await expect(summary).to_contain_text("outside-jurisdiction /area/regions/0")
        await expect(summary).to_be_focused()
        await expect(page.locator("#where")).to_have_attribute("aria-invalid", "true")
        await summary.get_by_role("link").click()
        await expect(page.locator("#where")).to_be_focused()
        assert await page.locator("#chips li").all_inner_texts() == ["Lviv Oblast\n×"]
        assert await page.locator("[name=hazard]:checked").get_attribute("value") == "air-raid"
        assert house.in_force() == []
        assert await page.locator("#d-review").is_hidden()


async def test_a_drawn_area_over_the_border_says_by_how_much(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at(await house.officer("boris", KYIV))
        await page.keyboard.press("1")
        await page.get_by_text("Type coordinates").click()
        await page.locator("#ring").fill("30.2 50.3\n30.9 50.3\n30.9 50.6\n30.2 50.6")
        await page.get_by_role("button", name="Add the polygon").click()
        await expect(page.locator("#e-area")).to_contain_text("% of the drawn area lies outside")
        await page.locator("#chips button").click()
        await page.locator("#c-lon").fill("30.52")
        await page.locator("#c-lat").fill("50.45")
        await page.locator("#c-km").fill("2")
        await page.get_by_role("button", name="Add the circle").click()
        await expect(page.locator("#reach")).to_contain_text("people")
        await expect(page.locator("#e-area")).to_be_hidden()
        await review(page)
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        assert alert.area.circles[0].radius_m == 2000


async def test_own_words_are_shown_as_they_will_be_read_and_kept_in_a_refusal(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await compose(page)
        await page.locator("#hc").click()
        await page.keyboard.press("e")
        field = page.locator("#t-en-instruction")
        await expect(field).to_have_value("Go to shelter now. Stay there until the all-clear.")
        await field.fill("Go down to the metro now.")
        await expect(page.locator("#texts")).to_contain_text("Go down to the metro now.")
        await review(page)
        await expect(page.locator("#rv-texts")).to_contain_text("Go down to the metro now.")
        await page.locator("#send").click()
        await expect(page.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        assert "metro" in str(house.service.words(alert))


async def test_issued_in_error_is_one_press_from_the_alert_with_its_text_ready(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        alert_id = await house.issue(KYIV)
        await page.get_by_role("button", name="Issued in error Kyiv City").click()
        box = page.locator("#d-frame")
        await expect(box).to_contain_text("ISSUED IN ERROR")
        await expect(box).to_contain_text("Оголошено помилково")
        await expect(box).to_contain_text("The air raid alert was issued in error: Kyiv City.")
        await expect(box.locator("[name=reason]")).to_have_value("Sent by mistake.")
        await box.get_by_role("button", name="Withdraw as issued in error").click()
        await expect(page.locator("#toast")).to_contain_text("Withdrawn as issued in error")
        view = house.service.view(alert_id)
        assert view.alert.state is AlertState.CANCELLED
        await expect(page.locator(f".rail [data-alert='{alert_id}']")).to_have_count(0)


async def test_what_was_just_issued_is_corrected_from_its_own_bar(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        await compose(page)
        await review(page)
        await page.keyboard.press("Control+Enter")
        await page.locator("#toast").get_by_role("button", name="Correct it").click()
        await expect(page.locator("#d-frame")).to_contain_text("ISSUED IN ERROR")


async def test_an_all_clear_for_a_part_names_what_stays_in_force(tmp_path):
    async with console(tmp_path) as house:
        page = await house.at("boris")
        wide = await house.issue(OBLAST)
        other = await house.issue(BUCHA, hazard="artillery")
        row = page.locator(f".rail [data-alert='{wide}']")
        await row.get_by_role("button", name="All-clear").click()
        box = page.locator("#d-frame")
        await expect(box.locator(".after")).to_contain_text("Artillery, Bucha district")
        await box.get_by_text("only some parts").click()
        await box.get_by_label("Bucha district").check()
        await expect(box.locator("#df-h")).to_contain_text("Tell Bucha district that the air raid")
        await expect(box.locator(".stay")).to_contain_text("stays under this alert")
        await expect(box.locator(f"[data-stays='{other}']")).to_be_visible()
        await expect(box.locator(".stay")).to_contain_text(
            "So Bucha district will go on reading of an alert."
        )
        # nobody there is told to leave the shelter: another alert goes on
        await expect(box).to_contain_text("alert has ended: Bucha district. Artillery")
        await expect(box).not_to_contain_text("You may leave the shelter")
        await box.get_by_role("button", name="Give the all-clear").click()
        await expect(page.locator("#toast")).to_contain_text("All-clear given")
        alert = house.service.view(wide).alert
        assert alert.state is AlertState.ACTIVE
        assert BUCHA in alert.area.excluded or BUCHA not in alert.area.regions
        assert house.service.view(other).alert.state is AlertState.ACTIVE


async def test_an_alert_is_kept_extended_and_given_a_reason(tmp_path):
    async with console(tmp_path) as house:
        alert_id = await house.issue(KYIV, hazard="artillery")
        house.held.clock.step(minutes=61)
        page = await house.at("boris")
        due = page.locator(".rail .card", has_text="In force for")
        await due.get_by_role("button", name="Keep").click()
        await expect(due).to_have_count(0)
        assert alert_id in house.service.state.kept
        before = house.service.view(alert_id).alert.expires
        await page.get_by_role("button", name="Change or extend Kyiv City").click()
        box = page.locator("#d-frame")
        await box.get_by_label("Ends at the latest").fill("5")
        await box.get_by_role("button", name="Change it").click()
        await expect(page.locator("#toast")).to_contain_text("Changed")
        assert house.service.view(alert_id).alert.expires > before
        await page.get_by_role("button", name="Change or extend Kyiv City").click()
        await box.get_by_label("Why it lasts").fill("Decision of the duty officer.")
        await box.get_by_role("button", name="Change it").click()
        await expect(page.locator("#d-frame")).not_to_be_visible()
        assert house.service.view(alert_id).alert.reason == "Decision of the duty officer."


async def test_a_viewer_sees_the_desk_and_has_nothing_to_press(tmp_path):
    async with console(tmp_path) as house:
        await house.issue(KYIV)
        viewer = await house.officer("vira", role=Role.VIEWER)
        page = await house.at(viewer)
        await expect(page.locator(".compose")).to_contain_text("may look here, not warn")
        assert await page.locator("#review").count() == 0
        assert await page.locator(".rail [data-dialog]").count() == 0
        await expect(page.locator(".rail [data-alert]")).to_have_count(1)


async def test_the_page_is_whole_without_a_script(tmp_path):
    async with console(tmp_path) as house:
        await house.issue(KYIV)
        page = await house.at("boris", java_script_enabled=False)
        text = await page.locator("body").inner_text()
        assert "Kyiv City" in text
        assert "tocsin issue" in text


async def test_a_drill_stands_beside_an_actual_and_never_becomes_one(tmp_path):
    async with console(tmp_path) as house:
        boris = await house.officer("boris")
        page = await house.at(boris, "/drill?lang=en")
        assert (await page.title()).startswith("DRILL: ")
        await compose(page)
        await review(page)
        assert await page.locator("#rv-kind").inner_text() == "DRILL. NO ONE IS IN DANGER."
        await expect(page.locator("#rv-texts")).to_contain_text("НАВЧАННЯ")
        await expect(page.locator("#rv-texts")).to_contain_text("DRILL: Air raid alert")
        await page.keyboard.press("Control+Enter")
        await expect(page.locator("#toast")).to_contain_text("Drill started")
        assert house.in_force() == []
        (drill,) = house.in_force(Realm.DRILL)
        assert drill.status.value == "Exercise"
        outside = page.locator(".real")
        await expect(outside).to_contain_text("0 alerts in force. 0 things wait for you.")
        await house.issue(LVIV)
        await expect(outside).to_contain_text("1 alert in force.")
        assert await page.locator(".realbar").count() == 0
        real = await house.issue(KYIV)
        bar = page.locator(".realbar")
        await expect(bar).to_contain_text("REAL ALERT: Air raid, Kyiv City since")
        await expect(bar).to_contain_text(f"Your drill {drill.handle} was ended.")
        await expect(page.locator("#toast")).to_be_hidden()  # "Drill started" is no longer true
        assert await page.locator(f".rail [data-alert='{real}']").count() == 0
        assert house.in_force(Realm.DRILL) == []  # its audience was told at once
        live = await house.at(boris, "/console?lang=en")
        await expect(live.locator(f".rail [data-alert='{real}']")).to_be_visible()
        assert await live.locator(f".rail [data-alert='{drill.id}']").count() == 0


async def test_changed_words_and_levels_are_read_before_they_go_out(tmp_path):
    async with console(tmp_path) as house:
        alert_id = await house.issue(KYIV)
        page = await house.at("boris")
        await page.get_by_role("button", name="Change or extend Kyiv City").click()
        box = page.locator("#d-frame")
        await box.get_by_text("Words", exact=True).click()
        await box.locator("#u-en-i").fill("Go down to the metro now.")
        await box.get_by_role("button", name="Change it").dblclick()
        await expect(box.locator("#df-h")).to_contain_text("Change what 3 million people read:")
        await expect(box.locator("#df-h")).to_contain_text("air raid, Kyiv City")
        await expect(box).to_contain_text("Nothing sounds")
        await expect(box.locator(".msg")).to_contain_text("Go down to the metro now.")
        await expect(box.locator(".msg [lang=uk]")).to_have_count(1)
        assert house.service.view(alert_id).alert.revision == 1  # a double press sends nothing
        await box.get_by_role("button", name="Go back").click()
        await expect(box.locator("#u-en-i")).to_have_value("Go down to the metro now.")
        await box.get_by_role("button", name="Change it").click()
        send = box.get_by_role("button", name="Change now: air raid")
        assert await send.is_disabled()
        await expect(send).to_be_enabled()
        await send.click()
        await expect(page.locator("#toast")).to_contain_text("Changed")
        alert = house.service.view(alert_id).alert
        assert alert.revision == 2
        assert "metro" in str(house.service.words(alert))
