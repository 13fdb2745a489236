"""Two officers at two consoles: they see each other, and two people decide what needs two."""

import pytest
from playwright.async_api import expect

from kit.console import console
from kit.houses import KYIV
from tocsin.core.authority import Role
from tocsin.core.proposal import ProposalState

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


async def compose(page, hazard, place="Kyiv City"):
    """Choose a danger and a place."""
    await page.locator(f"[name=hazard][value={hazard}]").check(force=True)
    await page.locator("#where").fill(place)
    await page.locator("#found [role=option]").first.wait_for()
    await page.locator("#where").press("Enter")
    await expect(page.locator("#reach")).to_contain_text("people")


async def propose(page):
    """Ask a second person, from the review."""
    await page.keyboard.press("Control+Enter")
    await expect(page.locator("#send")).to_be_enabled()
    await expect(page.locator("#rv-kind")).to_contain_text("A SECOND PERSON IS NEEDED")
    await expect(page.locator("#rv-two")).to_contain_text("this danger always needs two")
    await page.locator("#send").click()


async def test_two_operators_see_each_other_and_neither_sends_twice(tmp_path):
    async with console(tmp_path) as house:
        boris, olena = await house.at("boris"), await house.at("olena")
        await expect(boris.locator(".online")).to_contain_text("Olena")
        await compose(olena, "air-raid")
        await expect(boris.locator(".online .doing")).to_contain_text(
            "is composing: Air raid, Kyiv City"
        )
        await compose(boris, "air-raid")
        for page in (boris, olena):
            await page.keyboard.press("Control+Enter")
            await expect(page.locator("#send")).to_be_enabled()
        await olena.keyboard.press("Control+Enter")
        await expect(olena.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        await expect(boris.locator(f".rail [data-alert='{alert.id}']")).to_have_count(1)
        await boris.keyboard.press("Escape")
        await boris.locator("#chips button").click()
        await compose(boris, "air-raid")
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#rv-under")).to_contain_text(
            "Kyiv City: already under this alert; no second siren will sound there."
        )
        await expect(boris.locator("#rv-will")).to_contain_text("Nothing sounds")


async def test_what_needs_two_is_read_whole_in_another_browser_first(tmp_path):
    async with console(tmp_path) as house:
        olena_is = await house.officer("olena")
        boris, olena = await house.at("boris"), await house.at(olena_is)
        await compose(boris, "chemical")
        await propose(boris)
        await expect(boris.locator("#d-frame")).to_contain_text("SECOND PERSON NEEDED: CHEMICAL")
        await expect(boris.locator("#d-frame")).to_contain_text("On line now: Olena")
        assert house.in_force() == []
        assert await boris.locator("#d-frame [data-send]").count() == 0  # never his own

        card = olena.locator(".rail .card.two")
        await expect(card).to_contain_text("Boris asks for a second person.")
        await card.get_by_role("button", name="Read and decide").click()
        box = olena.locator("#d-frame")
        await expect(box.locator("#df-h")).to_contain_text("Boris wants to warn")
        await expect(box).to_contain_text("Chemical alert")
        await expect(box).to_contain_text("words complete in every language")
        await box.get_by_role("button", name="Approve and issue").click()
        await expect(box.locator(".oops")).to_contain_text("Tick that you have read the text.")
        assert house.in_force() == []


async def approved(house, olena, olena_is):
    """Approve what waits, proving oneself by a code."""
    card = olena.locator(".rail .card.two")
    await card.get_by_role("button", name="Read and decide").click()
    box = olena.locator("#d-frame")
    await box.locator("[name=read]").check()
    await box.locator("[data-send=approve]").click()
    ask = olena.locator("#confirm")
    await ask.locator("[name=code]").fill(house.held.code(olena_is))
    await ask.get_by_role("button", name="Confirm").click()


async def test_an_approval_issues_and_both_see_it(tmp_path):
    async with console(tmp_path) as house:
        olena_is = await house.officer("olena")
        boris = await house.at("boris")
        olena = await house.at(olena_is)
        house.held.clock.step(minutes=6)  # a sign-in is no fresh proof for long
        await compose(boris, "chemical")
        await propose(boris)
        await boris.locator("#d-frame [data-back]").click()
        await approved(house, olena, olena_is)
        await expect(olena.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        for page in (boris, olena):
            await expect(page.locator(f".rail [data-alert='{alert.id}']")).to_have_count(1)
        house.forgive("403")


async def test_a_proposal_is_sent_back_with_a_reason_that_its_author_reads(tmp_path):
    async with console(tmp_path) as house:
        boris, olena = await house.at("boris"), await house.at("olena")
        await compose(boris, "radiation")
        await propose(boris)
        await boris.locator("#d-frame [data-back]").click()
        card = olena.locator(".rail .card.two")
        await card.get_by_role("button", name="Read and decide").click()
        box = olena.locator("#d-frame")
        await box.get_by_role("button", name="Send back with a reason").click()
        await box.locator("[name=reason]").fill("Name the street.")
        await box.get_by_role("button", name="Send back with a reason").click()
        await expect(olena.locator("#toast")).to_contain_text("Sent back")
        await expect(boris.locator("#s-waiting")).to_contain_text("Olena sent it back:")
        await expect(boris.locator("#s-waiting")).to_contain_text("Name the street.")
        (proposal,) = house.service.state.proposals.values()
        assert proposal.state is ProposalState.SENT_BACK
        assert house.in_force() == []


async def test_an_override_needs_a_reason_and_is_told_to_supervisors(tmp_path):
    async with console(tmp_path) as house:
        await house.officer("sup", role=Role.SUPERVISOR)
        boris = await house.at("boris")
        await compose(boris, "chemical")
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#send")).to_be_enabled()
        await boris.get_by_text("It cannot wait for a second person").click()
        await expect(boris.locator("#rv-override")).to_contain_text(
            "an alarm go to every supervisor"
        )
        await boris.get_by_role("button", name="Issue this alone now").click()
        await expect(boris.locator("#rv-oops")).to_contain_text("Say why.")
        await boris.locator("#override").fill("The tank burns now.")
        await boris.get_by_role("button", name="Issue this alone now").click()
        await expect(boris.locator("#toast")).to_contain_text("Saved as alert")
        (alert,) = house.in_force()
        assert alert.hazard == "chemical"
        events = [event for _, event in house.service.history()]
        assert any(getattr(each, "override", None) == "The tank burns now." for each in events)


async def test_an_author_withdraws_what_nobody_has_answered(tmp_path):
    async with console(tmp_path) as house:
        boris = await house.at("boris")
        await compose(boris, "chemical")
        await propose(boris)
        await boris.locator("#d-frame").get_by_role("button", name="Withdraw").click()
        await expect(boris.locator("#toast")).to_contain_text("Proposal withdrawn")
        (proposal,) = house.service.state.proposals.values()
        assert proposal.state is ProposalState.WITHDRAWN


async def test_an_author_reads_of_the_approval_and_never_that_nothing_was_sent(tmp_path):
    async with console(tmp_path) as house:
        olena_is = await house.officer("olena")
        boris, olena = await house.at("boris"), await house.at(olena_is)
        house.held.clock.step(minutes=6)
        await compose(boris, "chemical")
        await propose(boris)
        await expect(boris.locator("#d-frame")).to_contain_text("Nothing was sent.")
        await approved(house, olena, olena_is)
        await expect(boris.locator("#d-frame")).not_to_be_visible()
        (alert,) = house.in_force()
        toast = boris.locator("#toast")
        await expect(toast).to_contain_text(f"Approved by Olena. Given as {alert.handle} at ")
        await expect(toast).not_to_contain_text("Nothing was sent")
        await toast.get_by_role("button", name="Correct it").click()
        await expect(boris.locator("#d-frame")).to_contain_text("ISSUED IN ERROR")
        house.forgive("403")


async def test_an_author_takes_back_the_text_that_was_sent_back(tmp_path):
    async with console(tmp_path) as house:
        boris, olena = await house.at("boris"), await house.at("olena")
        await compose(boris, "radiation")
        await boris.locator("#edit").click()
        await boris.locator("#t-en-instruction").fill("Close every window now.")
        await expect(boris.locator("#texts")).to_contain_text("Close every window now.")
        await propose(boris)
        await olena.get_by_role("button", name="Read and decide").click()
        box = olena.locator("#d-frame")
        languages = await box.locator(".msg p").evaluate_all("all => all.map((one) => one.lang)")
        assert languages == [each for each in house.service.world.languages if each in languages]
        await expect(box).to_contain_text("The alert ends")
        await box.get_by_role("button", name="Send back with a reason").click()
        await box.locator("[name=reason]").fill("Name the street.")
        await box.get_by_role("button", name="Send back with a reason").click()
        toast = boris.locator("#toast")
        await expect(toast).to_contain_text("Olena sent your proposal")
        await expect(toast).to_contain_text("Name the street.")
        await expect(boris.locator("#d-frame")).not_to_be_visible()
        await toast.get_by_role("button", name="Take the text back").click()
        await expect(boris.locator("#chips")).to_contain_text("Kyiv City")
        await expect(boris.locator("#texts")).to_contain_text("Close every window now.")
        assert await boris.locator("[name=hazard]:checked").get_attribute("value") == "radiation"


async def test_an_alert_by_one_person_calls_the_others_until_they_have_seen_it(tmp_path):
    async with console(tmp_path) as house:
        boris, olena = await house.at("boris"), await house.at("olena")
        await compose(boris, "air-raid")
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#send")).to_be_enabled()
        await boris.keyboard.press("Control+Enter")
        call = olena.locator(".calls .call")
        await expect(call).to_contain_text("Boris issued alone: Air raid, Kyiv City since")
        await expect(olena.locator("#speaker")).to_contain_text("Boris issued alone")
        await expect(boris.locator("#toast")).to_contain_text("Saved as alert")
        await expect(boris.locator(".calls .call")).to_have_count(0)
        assert await call.get_by_role("button", name="Issued in error").count() == 1
        await call.get_by_role("button", name="Seen").click()
        await expect(call).to_be_hidden()
        await olena.reload()
        await olena.locator("html.js").wait_for(state="attached")
        await expect(call).to_be_hidden()
        assert await olena.locator("#speaker").inner_text() == ""


async def test_an_override_calls_supervisors_marks_its_alert_and_ends_the_proposal(tmp_path):
    async with console(tmp_path) as house:
        sup = await house.at(await house.officer("sup", role=Role.SUPERVISOR))
        boris = await house.at("boris")
        await compose(boris, "chemical")
        await propose(boris)
        await boris.locator("#d-frame [data-back]").click()
        await compose(boris, "chemical")
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#send")).to_be_enabled()
        await boris.get_by_text("It cannot wait for a second person").click()
        await boris.keyboard.press("Control+Enter")
        await expect(boris.locator("#rv-oops")).to_contain_text("Say why.")
        await boris.locator("#override").fill("The tank burns now.")
        await boris.keyboard.press("Control+Enter")  # never a plain proposal
        toast = boris.locator("#toast")
        await expect(toast).to_contain_text("of the same was withdrawn")
        (alert,) = house.in_force()
        (proposal,) = house.service.state.proposals.values()
        assert proposal.state is ProposalState.WITHDRAWN
        call = sup.locator(".calls [data-why=override]")
        await expect(call).to_contain_text("Boris issued alone: Chemical")
        await expect(call).to_contain_text("The tank burns now.")
        row = sup.locator(f".rail [data-alert='{alert.id}']")
        await expect(row.locator(".alone")).to_have_text("alone")
        title = await row.locator("th a").get_attribute("title")
        assert title == "Issued alone, because: The tank burns now."


async def test_whoever_approves_is_told_what_is_in_force_already(tmp_path):
    async with console(tmp_path) as house:
        boris, olena = await house.at("boris"), await house.at("olena")
        await compose(boris, "chemical")
        await propose(boris)
        await olena.get_by_role("button", name="Read and decide").click()
        await house.issue(KYIV, hazard="chemical")
        (alert,) = house.in_force()
        await expect(olena.locator("#d-frame .covering")).to_contain_text(alert.handle)
