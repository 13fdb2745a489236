"""An incident in a real browser: claims corrected and moved, embargo by two, people told."""

from dataclasses import replace
from types import SimpleNamespace

import pytest

from kit.console import PHONE, console
from kit.houses import KYIV, LVIV
from kit.ledgers import HOUR, LOCALS, MAYOR, MINISTRY, RESCUE, Book, killed, wounded
from tocsin.core import ledger_commands as lc
from tocsin.core.authority import Role
from tocsin.core.claims import ClaimKind, Measure, Qualifier, Standing, When, Where
from tocsin.core.incidents import LinkKind, Stage

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

SITE = "playground by the bridge"


async def officer(held, login, path, **more):
    """A page of a situation officer for the whole country, in English."""
    if login not in held.people:
        await held.officer(login, "UA", role=Role.SITUATION_OFFICER)
    return await held.at(held.people[login], f"{path}?lang=en", **more)


async def ready(page):
    """The page's script hears keys."""
    await page.locator("html.js").wait_for(state="attached")


async def a_strike(held, **more):
    """An incident with three voices, one of them quoted; its book and its id."""
    book = Book(held.service, held.held.clock)
    now = book.clock.now()
    place = Where(geocode=KYIV, name="Kyiv", site=SITE, position=(30.51, 50.44))
    spent = When(start=now - 2 * HOUR, end=now - HOUR, grain="minute")
    incident = await book.tell(
        lc.OpenIncident(kind="strike", site="civilian", where=place, when=spent, **more)
    )
    words = "At least 10 people died, the mayor said."
    quote, sealed = held.held.node.reports.sealed_quote(
        SimpleNamespace(text=words, start=0, end=len(words))
    )
    said, texts = book.saying(killed(10, Qualifier.AT_LEAST), voice=MAYOR, outlet="Times")
    await book.tell(
        lc.EnterClaim(saying=replace(said, quote=quote), incident_id=incident), {**texts, **sealed}
    )
    await book.enter(incident, killed(5), wounded(12), voice=RESCUE)
    await book.enter(incident, kind=ClaimKind.DAMAGE, things=(("tv-tower", "hit"),), voice=LOCALS)
    return book, incident


def row(page, text):
    """The row of the claims' table that says so."""
    return page.locator("#claims tbody tr", has_text=text).first


def claims(held):
    return held.service.ledger.claims


async def test_a_claim_is_corrected_by_another_row_and_nothing_is_struck_out(tmp_path):
    async with console(tmp_path) as held:
        _, incident = await a_strike(held)
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await page.keyboard.press("j")
        await page.keyboard.press("e")
        form = page.locator("#claim form")
        assert await page.locator("#claim-h").inner_text() == "Correct this claim"
        assert "the mayor said" in await form.locator("[data-quote]").inner_text()
        assert await form.locator("[name=voice-name]").input_value() == "Vitali Klitschko"
        value = form.locator("[data-rows=figures] [data-name=value]").first
        await value.fill("11")
        button = form.get_by_role("button", name="Correct it")
        await button.click()
        await form.locator(".oops", has_text="Say why").wait_for()
        assert await value.input_value() == "11"
        await form.get_by_label("Reason").fill("The second line says eleven.")
        await button.click()
        await row(page, "at least 11 killed").wait_for()
        old = row(page, "at least 10 killed")
        assert "Corrected by another entry" in await old.inner_text()
        assert "The second line says eleven." in await old.inner_text()
        assert await old.evaluate("each => getComputedStyle(each).textDecorationLine") == "none"
        new = next(each for each in claims(held).values() if each.replaces)
        assert new.saying.figures[0].qualifier is Qualifier.AT_LEAST
        assert new.saying.quote == claims(held)[new.replaces].saying.quote
        assert page.url.endswith(f"#claim-{new.id}")


async def test_a_claim_is_entered_by_hand_as_it_was_said(tmp_path):
    async with console(tmp_path) as held:
        _, incident = await a_strike(held)
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await page.keyboard.press("n")
        form = page.locator("#claim form")
        assert not await form.get_by_label("Reason").is_visible()
        await form.locator("[name=kind]").select_option("casualties")
        await form.locator("[name=voice-kind]").select_option("group")
        await form.locator("[name=voice-role]").fill("doctors")
        figures = form.locator("[data-rows=figures]")
        await figures.get_by_role("button", name="Add a figure").click()
        await figures.locator("[data-name=qualifier]").select_option("dozens")
        await figures.locator("[data-name=measure2]").select_option("injured")
        await form.get_by_role("button", name="Enter it").click()
        await form.locator(".oops:visible").wait_for()  # whose words are they?
        assert await form.locator("[name=outlet]").get_attribute("aria-invalid") == "true"
        await form.locator("[name=outlet]").fill("Hospital, by phone")
        await form.get_by_role("button", name="Enter it").click()
        await row(page, "dozens killed and wounded together").wait_for()
        claim = list(claims(held).values())[-1]
        assert claim.saying.figures[0].measures == (Measure.KILLED, Measure.INJURED)
        assert claim.saying.outlet == "Hospital, by phone"
        assert claim.incident_id == incident
        held.forgive("422")


async def test_a_claim_is_retracted_and_a_quote_erased_each_with_its_reason(tmp_path):
    async with console(tmp_path) as held:
        _, incident = await a_strike(held)
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await row(page, "at least 10 killed").get_by_role("button", name="Erase the quote").click()
        why = page.locator("#why")
        assert "It cannot be brought back." in await why.inner_text()
        await why.get_by_label("Reason").fill("It names a child.")
        await why.get_by_role("button", name="Erase the quote").click()
        await page.locator("#claims").get_by_text("The quote was erased.").wait_for()
        await ready(page)
        assert "the mayor said" not in await page.content()
        await row(page, "5 killed").focus()
        await page.keyboard.press("x")
        await why.get_by_label("Reason").fill("They took it back.")
        await why.get_by_role("button", name="Retract").click()
        await row(page, "They took it back.").wait_for()
        standing = {each.saying.voice.name or "": each.standing for each in claims(held).values()}
        assert standing == {
            MAYOR.name: Standing.STANDS, RESCUE.name: Standing.RETRACTED, "": Standing.STANDS,
        }  # fmt: skip
        rows = await page.locator("#claims tbody tr").all_inner_texts()
        assert "They took it back." in rows[1]  # it stays where it was
        tally = await page.locator("tbody tr", has_text="killed").first.inner_text()
        assert "10 or more" in tally


async def test_incidents_are_linked_with_a_reason_and_the_link_taken_back(tmp_path):
    async with console(tmp_path) as held:
        book, incident = await a_strike(held)
        wave = await book.open(title={"en": "A wave of strikes"})
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await page.get_by_text("Link it to another incident").click()
        form = page.locator("#link")
        await form.get_by_label("This incident").select_option("part-of")
        await form.get_by_role("combobox", name="The other incident").fill("wave")
        await form.get_by_role("option", name="A wave of strikes").wait_for()
        await form.get_by_role("combobox", name="The other incident").press("Enter")
        await form.get_by_label("Reason").fill("The same hour.")
        await form.get_by_role("button", name="Link them").click()
        link = page.locator("#links li", has_text="A wave of strikes")
        await link.wait_for()
        await ready(page)
        assert "is part of A wave of strikes The same hour." in " ".join(
            (await link.inner_text()).split()
        )
        (found,) = held.service.ledger.links
        assert (found.kind, found.one, found.other) == (LinkKind.PART_OF, incident, wave)
        await link.get_by_role("button", name="Take it back").click()
        await page.locator("#why").get_by_label("Reason").fill("Another day.")
        await page.locator("#why").get_by_role("button", name="Take it back").click()
        await page.locator("#links").get_by_text("None.").wait_for()
        assert held.service.ledger.links == ()


async def test_a_claim_is_moved_to_the_incident_it_belongs_to(tmp_path):
    async with console(tmp_path) as held:
        book, incident = await a_strike(held)
        other = await book.open(title={"en": "Another strike"}, hours=(-1, -0.5))
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await row(page, "5 killed").focus()
        await page.keyboard.press("l")
        form = page.locator("#move form")
        await page.keyboard.type("another")
        await form.get_by_role("option", name="Another strike").wait_for()
        await page.keyboard.press("Enter")
        await form.get_by_label("Reason").fill("Of the second one.")
        await form.get_by_role("button", name="Move it").click()
        await page.locator("#claims .cnt", has_text="2").wait_for()
        moved = next(each for each in claims(held).values() if each.saying.voice == RESCUE)
        assert moved.incident_id == other


async def test_an_embargo_is_lengthened_at_once_and_shortened_by_two(tmp_path):
    async with console(tmp_path) as held:
        _, incident = await a_strike(held)
        path = f"/desk/incidents/{incident}"

        def now():
            return held.service.ledger.incidents[incident]

        page = await officer(held, "olena", path)
        assert "this kind of place waits so long" in await page.locator("#embargo").inner_text()
        form = page.locator("#hold")
        await form.get_by_label("Time", exact=True).fill("2022-10-13T10:00")
        await form.get_by_label("Reason").fill("The families first.")
        await form.get_by_role("button", name="Set the embargo").click()
        await page.locator("#embargo", has_text="an officer holds it back").wait_for()
        await ready(page)
        assert now().embargo.until.isoformat() == "2022-10-13T07:00:00+00:00"
        await form.get_by_label("Time", exact=True).fill("2022-10-11T12:30")
        await form.get_by_label("Reason").fill("The city has told it.")
        await form.get_by_role("button", name="Set the embargo").click()
        await page.locator("#asked").wait_for()
        assert (
            "You asked for it. Another officer decides."
            in await page.locator("#asked").inner_text()
        )
        assert now().asked is not None
        second = await officer(held, "petro", path)
        asked = second.locator("#asked")
        assert "Olena asks that people see it from 12:30 today on." in await asked.inner_text()
        agree = asked.get_by_role("button", name="Agree, as the second person")
        await agree.click()
        await asked.locator(".oops", has_text="Tick first that you have read it.").wait_for()
        held.held.clock.step(minutes=5)  # the sign-in is no fresh proof any more
        await asked.get_by_label("I have read").check()
        await agree.click()
        proof = second.locator("#confirm")
        await proof.get_by_label("Code from your app").fill(held.held.code(held.people["petro"]))
        await proof.get_by_role("button", name="Confirm").click()
        await asked.wait_for(state="detached")
        assert now().embargo.approved_by == held.people["petro"].account.id
        assert "second person: Petro" in await second.locator("#embargo").inner_text()
        held.forgive("403")


async def test_what_people_see_is_shown_beside_what_they_will_and_never_the_site(tmp_path):
    async with console(tmp_path) as held:
        book, incident = await a_strike(held)
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        public = page.locator("#public")
        now, then = public.locator("article").first, public.locator("article").last
        assert "Nothing." in await now.inner_text()
        assert "killed: 5 or more" in await then.inner_text()
        assert SITE in await page.locator("main").inner_text()
        await page.get_by_role("button", name="Announce it").click()
        await page.locator(".lead", has_text="People see region and hour").wait_for()
        assert held.service.ledger.incidents[incident].stage is Stage.ANNOUNCED
        await book.next_slot()
        await page.reload()
        assert "5 killed and 12 wounded" in await now.inner_text()
        assert "TV tower" not in await now.inner_text()  # the authority did not say it
        assert "at least 10" not in await now.inner_text()
        assert SITE not in await public.inner_text()
        await book.release(incident)
        await page.reload()
        assert "at least 10 killed" in await now.inner_text()
        assert "people see this incident" in await page.locator("#embargo").inner_text()
        assert await page.locator("#hold").count() == 0


async def test_guidance_is_given_at_once_in_every_language_and_ended(tmp_path):
    async with console(tmp_path) as held:
        _, incident = await a_strike(held)
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await page.get_by_text("Give guidance").click()
        form = page.locator("#guide")
        assert "Kyiv City" in await form.locator(".chips").inner_text()
        await form.locator("[lang=en]").fill("Keep away from the park.")
        tell = form.get_by_role("button", name="Tell people now")
        await tell.click()
        await form.locator(".oops", has_text="Say it in every language.").wait_for()
        await form.locator("[lang=uk]").fill("Не підходьте до парку.")
        await tell.click()
        card = page.locator("#guidance .card")
        await card.get_by_text("Keep away from the park.").wait_for()
        await ready(page)
        (held_,) = held.service.ledger.guidance.values()
        assert held_.area.regions == (KYIV,)
        assert held_.incident_id == incident
        await card.get_by_role("button", name="It no longer holds").click()
        await card.get_by_text("ended").wait_for()
        held.forgive("422")


async def test_an_incident_is_opened_by_hand_and_said_better(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "olena", "/desk/incidents")
        await page.keyboard.press("n")
        form = page.locator("#open")
        button = form.get_by_role("button", name="Open the incident")
        await form.get_by_label("What happened").select_option("fire")
        await button.click()
        await form.locator(".oops:visible").wait_for()
        assert await form.get_by_label("Kind of place").get_attribute("aria-invalid") == "true"
        await form.get_by_label("Kind of place").select_option("critical")
        await form.get_by_role("combobox", name="Region").fill("Lviv")
        await form.locator("[role=option]").first.wait_for()
        await form.get_by_role("combobox", name="Region").press("Enter")
        await form.get_by_label("From").fill("2022-10-11T09:00")
        await form.get_by_label("Until").fill("2022-10-11T10:00")
        await form.locator("[name=title-en]").fill("Fire at a depot")
        await button.click()
        await page.wait_for_url("**/desk/incidents/*")
        await ready(page)
        (incident,) = held.service.ledger.incidents.values()
        assert incident.where.geocode.startswith("UA46")
        assert incident.when.start.isoformat() == "2022-10-11T06:00:00+00:00"
        await page.get_by_role("button", name="Correct it").click()
        change = page.locator("#change form")
        assert await change.locator("[name=title-en]").input_value() == "Fire at a depot"
        await change.locator("[name=title-en]").fill("Fire at a fuel depot")
        await change.get_by_label("Search and rescue goes on").uncheck()
        await change.get_by_label("Reason").fill("The brigade said so.")
        await change.get_by_role("button", name="Change the incident").click()
        await page.locator("h1", has_text="Fire at a fuel depot").wait_for()
        assert "search is over" in await page.locator(".lead").inner_text()
        (incident,) = held.service.ledger.incidents.values()
        assert incident.when.start.isoformat() == "2022-10-11T06:00:00+00:00"
        assert incident.site == "critical"


async def test_a_press_without_a_link_says_that_nothing_is_known(tmp_path):
    async with console(tmp_path) as held:
        _, incident = await a_strike(held)
        page = await officer(held, "olena", f"/desk/incidents/{incident}")
        await page.context.set_offline(True)
        await page.get_by_role("button", name="Announce it").click()
        await page.locator("#announce .oops", has_text="look before you try again").wait_for()
        await page.context.set_offline(False)
        assert held.service.ledger.incidents[incident].stage is Stage.HIDDEN
        held.forgive("ERR_INTERNET_DISCONNECTED", "net::")


async def test_a_viewer_reads_all_of_it_without_a_script_and_has_nothing_to_press(tmp_path):
    async with console(tmp_path) as held:
        book, incident = await a_strike(held)
        await book.enter(incident, kind=ClaimKind.EVACUATION, voice=MINISTRY)
        await held.officer("vera", LVIV, role=Role.VIEWER)
        path = f"/desk/incidents/{incident}?lang=en"
        page = await held.at(held.people["vera"], path, java_script_enabled=False, viewport=PHONE)
        main = page.locator("main")
        text = await main.inner_text()
        for said in ("at least 10 killed", "5 killed and 12 wounded", "TV tower: hit", SITE,
                     "An unverified statement. Not an alert.", "5 or more"):  # fmt: skip
            assert said in text
        assert await main.locator("form:visible, [data-why], [data-correct]").count() == 0
        assert await page.locator("svg[role=img]").get_attribute("aria-label") == (
            "Kyiv City marked on a map of Ukraine"
        )
