"""The desk's inbox and a report in a real browser: taken in, walked through by keys, entered."""

import re
from datetime import date

import pytest

from kit.console import PHONE, console
from kit.officers import yes
from tocsin.core.authority import Role
from tocsin.core.claims import Measure, Qualifier
from tocsin.core.incidents import LinkKind
from tocsin.service.reports import Incoming

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TEXT = (
    "KYIV, Oct. 10, 2022 - Russian missiles struck central Kyiv on Monday, killing at least 10 "
    "people and wounding about 60, Mayor Vitali Klitschko said. "
    "Electricity was restored in Kyiv by evening, the grid operator Ukrenergo said. "
    "Sirens wailed in Kyiv on Monday, officials said."
)
OTHER = (
    "LONDON, Oct. 10, 2022 - A missile strike on central Kyiv on Monday killed five people, "
    "the State Emergency Service said."
)


async def take(held, text=TEXT, outlet="Gazette", **more):
    """Take a report in by the house."""
    incoming = Incoming(
        body=text.encode(), outlet=outlet, published=date(2022, 10, 10), language="en", **more
    )
    return yes(await held.held.node.reports.take(incoming, warrant=None)).report_id


async def officer(held, path, **more):
    """A page of a situation officer for the whole country."""
    if "olena" not in held.people:
        await held.officer("olena", "UA", role=Role.SITUATION_OFFICER)
    sign = "&" if "?" in path else "?"
    return await held.at(held.people["olena"], f"{path}{sign}lang=en", **more)


async def ready(page):
    """The page's script hears keys."""
    await page.locator("html.js").wait_for(state="attached")


async def entered(page, count):
    """So many drafts of the report are entered, and the script is ready again."""
    await page.locator(f".draft.is-confirmed >> nth={count - 1}").wait_for()
    await ready(page)


def card(page, kind):
    """The first draft that waits of a kind, by its heading."""
    return page.locator(".draft.is-waiting", has=page.locator("h3", has_text=kind)).first


async def choose_site(page, **title):
    """Say what a new incident needs besides what its draft tells."""
    form = page.locator("#enter form")
    await form.get_by_label("Kind of place").select_option("civilian")
    for language, words in title.items():
        await form.locator(f"[name=open-title-{language}]").fill(words)
    return form


def ledger(held):
    return held.service.ledger


async def test_a_pasted_report_is_taken_in_read_and_shown(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk")
        await page.keyboard.press("n")
        assert await page.evaluate("document.activeElement.name") == "text"
        form = page.locator("#take")
        await form.get_by_label("Its text").fill(TEXT)
        await form.get_by_label("Outlet").fill("Gazette")
        await form.get_by_label("Day it was published").fill("2022-10-10")
        await form.get_by_role("button", name="Take it in").click()
        await page.wait_for_url("**/desk/reports/*")
        assert await page.locator(".draft").count() >= 4
        (report,) = ledger(held).reports.values()
        assert (report.outlet, report.published) == ("Gazette", "2022-10-10")
        assert held.held.node.reports.text(report) == TEXT


async def test_a_files_bytes_are_sent_as_they_are(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk")
        body = TEXT.replace("Gazette", "").replace("Mayor", "Bürgermeister").encode("utf-16")
        await page.locator("#tk-file").set_input_files(
            {"name": "report.txt", "mimeType": "text/plain", "buffer": body}
        )
        await page.get_by_label("Outlet").fill("Gazette")
        await page.get_by_role("button", name="Take it in").click()
        await page.wait_for_url("**/desk/reports/*")
        assert "Bürgermeister" in await page.locator("#text").inner_text()


async def test_what_cannot_be_read_is_refused_at_its_field_and_what_was_typed_stays(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk")
        button = page.get_by_role("button", name="Take it in")
        await button.click()
        await page.locator("#take .oops:visible").wait_for()
        assert await page.get_by_label("Its text").get_attribute("aria-invalid") == "true"
        await page.get_by_label("Its text").fill("Two people were hurt.")
        await button.click()
        await page.locator("#take .oops", has_text="Name the outlet.").wait_for()
        assert await page.get_by_label("Outlet").get_attribute("aria-invalid") == "true"
        assert await page.get_by_label("Its text").input_value() == "Two people were hurt."
        assert len(ledger(held).reports) == 0
        held.forgive("422")


async def test_drafts_are_walked_by_keys_and_their_words_are_lit(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}")
        lit = page.locator(".text .on")

        async def words():
            return "".join(await lit.all_inner_texts())

        first = page.locator("#draft-1")
        assert "now" in await first.get_attribute("class")
        quotes = [await each.inner_text() for each in await page.locator(".draft blockquote").all()]
        assert await words() == quotes[0]
        await page.keyboard.press("j")
        assert await page.evaluate("document.activeElement.id") == "draft-2"
        assert await words() == quotes[1]
        await page.keyboard.press("k")
        assert await words() == quotes[0]
        await page.locator(".draft").last.hover()
        assert await words() == quotes[-1]
        await page.mouse.move(0, 0)
        assert await words() == quotes[0]


async def test_a_draft_is_entered_by_two_keys_and_opens_its_incident(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}")
        one = card(page, "Killed and wounded")
        await one.focus()
        await page.keyboard.press("o")
        await page.keyboard.press("c")
        form = await choose_site(page, en="Strikes on the centre", uk="Удари по центру")
        quote = await page.locator("#enter [data-quote]").inner_text()
        assert "at least 10" in quote
        assert await form.locator("[name=official]").is_checked()
        await form.locator("[name=text-en]").fill("The mayor counts at least ten killed.")
        await form.get_by_role("button", name="Enter it").click()
        await entered(page, 1)
        (claim,) = ledger(held).claims.values()
        figures = {each.measures: (each.qualifier, each.value) for each in claim.saying.figures}
        assert figures[Measure.KILLED,] == (Qualifier.AT_LEAST, 10)
        assert claim.saying.voice.official
        assert claim.saying.quote is not None
        (incident,) = ledger(held).incidents.values()
        assert claim.incident_id == incident.id
        # the next draft of the same event: two keys, nothing more to say
        await card(page, "Strike").focus()
        await page.keyboard.press("c")
        first = page.locator("#enter [data-maybe] label").first
        assert "Strikes on the centre" in await first.inner_text()
        assert await first.locator("input").is_checked()
        await page.keyboard.press("Enter")
        await entered(page, 2)
        assert {each.incident_id for each in ledger(held).claims.values()} == {incident.id}
        assert len(ledger(held).incidents) == 1


async def test_every_field_can_be_edited_and_the_quote_stays(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}", timezone_id="Asia/Tokyo")
        await card(page, "Killed and wounded").focus()
        await page.keyboard.press("e")
        form = await choose_site(page)
        row = form.locator("[data-rows=figures] .rows > li").first
        assert await row.locator("[data-name=qualifier]").input_value() == "at_least"
        await row.locator("[data-name=value]").fill("11")
        await form.locator("[data-rows=figures]").get_by_role("button", name="Add a figure").click()
        last = form.locator("[data-rows=figures] .rows > li").last
        await last.locator("[data-name=qualifier]").select_option("dozens")
        assert await last.locator("[data-name=value]").is_disabled()
        await last.locator("[data-name=measure]").select_option("rescued")
        await form.locator("[name=voice-role]").fill("Head of the city")
        await form.locator("[name=happened-start]").fill("2022-10-10T08:15")
        await form.locator("[name=happened-end]").fill("2022-10-10T08:30")
        await form.locator("[name=happened-grain]").select_option("minute")
        await form.locator("[name=where-position]").fill("50.4433, 30.5108")
        await form.locator("[name=note]").fill("By phone.")
        await form.get_by_role("button", name="Enter it").click()
        await entered(page, 1)
        (claim,) = ledger(held).claims.values()
        said = claim.saying
        assert (said.figures[0].value, said.figures[-1].qualifier) == (11, Qualifier.DOZENS)
        assert said.figures[-1].measures == (Measure.RESCUED,)
        assert said.voice.role == "Head of the city"
        assert said.happened.start.isoformat() == "2022-10-10T05:15:00+00:00"  # in Kyiv's time
        assert said.where.position == (30.5108, 50.4433)
        assert said.note == "By phone."
        assert said.said_at.isoformat() == "2022-10-10T09:00:00+00:00"
        assert b"at least 10" in held.held.node.reports.unsealed(said.quote.content)


async def test_a_slip_in_a_row_is_said_at_that_row_and_nothing_is_entered(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}")
        await card(page, "Killed and wounded").focus()
        await page.keyboard.press("e")
        form = await choose_site(page)
        rows = form.locator("[data-rows=figures] .rows > li")
        await rows.last.locator("[data-name=value]").fill("")
        await form.get_by_role("button", name="Enter it").click()
        await form.locator(".oops:visible").wait_for()
        assert await rows.last.locator("[data-name=value]").get_attribute("aria-invalid") == "true"
        await rows.last.locator("[data-name=value]").fill("60")
        await form.locator("[name=open-when-start]").fill("2031-01-01T10:00")
        await form.locator("[name=open-when-end]").fill("2031-01-02T10:00")
        await form.get_by_role("button", name="Enter it").click()
        await form.locator(".oops", has_text="This time is still to come.").wait_for()
        assert len(ledger(held).incidents) == len(ledger(held).claims) == 0
        await page.keyboard.press("Escape")
        assert not await page.locator("#enter").is_visible()
        held.forgive("422")


async def test_a_draft_is_rejected_with_a_reason_and_can_still_be_entered(tmp_path):
    async with console(tmp_path) as held:
        report = await take(held)
        page = await officer(held, f"/desk/reports/{report}")
        one = card(page, "Restored")
        name = await one.get_attribute("data-name")
        await one.focus()
        await page.keyboard.press("x")
        await page.keyboard.type("Of another day")
        await page.locator("#reject").get_by_role("button", name="Reject it").click()
        rejected = page.locator(".draft.is-rejected")
        await rejected.wait_for()
        await ready(page)
        assert ledger(held).reports[report].rejected == (name,)
        await rejected.get_by_role("button", name="Enter it after all").click()
        await page.locator("#enter[open]").wait_for()
        assert await page.locator("#enter [value=none]").is_checked()  # an outage stands alone
        await page.keyboard.press("Enter")
        await entered(page, 1)
        (claim,) = ledger(held).claims.values()
        assert claim.incident_id is None


async def test_a_second_report_is_linked_to_the_incident_that_is_proposed_with_reasons(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}")
        await card(page, "Strike").focus()
        await page.keyboard.press("c")
        form = await choose_site(page, en="Strikes on the centre")
        await form.get_by_role("button", name="Enter it").click()
        await entered(page, 1)
        await page.goto(f"{held.url}/desk/reports/{await take(held, OTHER, 'Times')}?lang=en")
        await ready(page)
        one = card(page, "Killed and wounded")
        maybe = one.locator(".maybe li").first
        assert await maybe.locator("a").inner_text() == "Strikes on the centre"
        assert "same day" in await maybe.locator("small").inner_text()
        await one.focus()
        await page.keyboard.press("l")
        await page.keyboard.type("centre")
        await page.locator("#enter [role=option]").first.wait_for()
        await page.keyboard.press("Enter")
        assert await page.locator("#enter .chips li").last.inner_text() != ""
        await page.locator("#enter").get_by_role("button", name="Enter it").click()
        await entered(page, 1)
        assert len(ledger(held).incidents) == 1
        assert len(ledger(held).claims) == 2
        assert ledger(held).links == ()
        assert LinkKind.SAME_AS not in {each.kind for each in ledger(held).links}


async def test_a_warning_is_said_to_be_none_also_while_it_is_entered(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}")
        one = card(page, "Sirens")
        said = "An unverified statement. Not an alert."
        assert await one.get_by_text(said).is_visible()
        await one.focus()
        await page.keyboard.press("c")
        assert await page.locator("#enter").get_by_text(said).is_visible()
        await page.keyboard.press("Escape")
        await card(page, "Killed and wounded").focus()
        await page.keyboard.press("c")
        assert not await page.locator("#enter").get_by_text(said).is_visible()
        assert held.in_force() == []


async def test_single_letters_can_be_turned_off_and_stay_off(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, f"/desk/reports/{await take(held)}")
        await page.keyboard.press("?")
        await page.get_by_label("Single-letter keys work").uncheck()
        await page.keyboard.press("Escape")
        await page.keyboard.press("c")
        await page.keyboard.press("j")
        assert not await page.locator("#enter").is_visible()
        assert "now" in await page.locator("#draft-1").get_attribute("class")
        assert not await page.locator("kbd.key").first.is_visible()
        await page.reload()
        await ready(page)
        await page.keyboard.press("x")
        assert not await page.locator("#reject").is_visible()
        await page.locator("#draft-1").get_by_role("button", name="Reject").click()
        assert await page.locator("#reject").is_visible()


async def test_a_report_is_done_or_erased(tmp_path):
    async with console(tmp_path) as held:
        one, other = await take(held), await take(held, OTHER, "Times")
        page = await officer(held, f"/desk/reports/{one}")
        await page.get_by_role("button", name="Done with this report").click()
        await page.wait_for_url(re.compile(r".*/desk\?lang=en"))
        assert await page.locator("[data-cards] > .card").count() == 1
        await page.goto(f"{held.url}/desk/reports/{other}?lang=en")
        await ready(page)
        await page.get_by_role("button", name="Erase the text").click()
        erase = page.locator("#why")
        await erase.get_by_role("button", name="Erase the text").click()
        assert await erase.get_by_label("Reason").get_attribute("aria-invalid") == "true"
        assert not ledger(held).reports[other].erased
        await erase.get_by_label("Reason").fill("It names a child.")
        await erase.get_by_role("button", name="Erase the text").click()
        await page.get_by_text("The text was erased.").wait_for()
        assert ledger(held).reports[other].erased


async def test_all_of_it_is_read_without_a_script_and_on_a_phone(tmp_path):
    async with console(tmp_path) as held:
        report = await take(held)
        page = await officer(held, f"/desk/reports/{report}", viewport=PHONE)
        for path in ("/desk", f"/desk/reports/{report}", "/desk/incidents"):
            await page.goto(f"{held.url}{path}?lang=en")
            assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
        plain = await officer(held, f"/desk/reports/{report}", java_script_enabled=False)
        text = await plain.locator("main").inner_text()
        assert "at least 10 killed" in text
        assert "to change something here they must be on" in text
        assert await plain.locator(".text .m-figure").count() >= 2
        await plain.get_by_role("link", name="Draft 2", exact=True).click()
        assert plain.url.endswith("#draft-2")
        await plain.get_by_role("link", name="Situation").click()
        assert "Reports that wait" in await plain.locator("main").inner_text()
