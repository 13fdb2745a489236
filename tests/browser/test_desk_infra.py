"""What a country runs on, in a real browser: a substation falls, a tower after it, and power."""

import pytest

from kit.console import PHONE, WIDE, console
from kit.deskworks import choose, officer, ready, register, report
from kit.houses import KYIV
from kit.ledgers import Book
from tocsin.core.authority import Role
from tocsin.core.facilities import Condition, PostureLevel

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PATHS = (
    "/desk/outages", "/desk/installations", "/desk/coverage", "/desk/coverage/patrol",
    "/desk/postures", "/desk/watches", "/desk/counterfeits",
)  # fmt: skip


async def is_narrow(page):
    """Whether the page scrolls only down."""
    return await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


def infra(held):
    return held.service.state.infra


def one(held, name):
    """The installation of that name."""
    return next(x for x in infra(held).installations.values() if x.facility.name == name)


async def test_a_tower_is_at_risk_when_its_substation_falls_and_lost_when_somebody_says_so(
    tmp_path,
):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/installations")
        await register(page, "substation", "Podil 110")
        await register(page, "tv-tower", "Dorohozhychi", needs="Podil", serves=("Television",))
        tower = page.url
        assert "Podil 110" in await page.locator("section", has_text="What it needs").inner_text()
        fall = await page.locator("#if-down").inner_text()
        assert "Television" in fall
        assert "Kyiv City" in fall
        assert "about 3 million people" in fall.replace("\u00a0", " ")

        await page.get_by_role("link", name="Podil 110").click()
        await ready(page)
        needed = page.locator("section", has=page.get_by_role("heading", name="What needs it"))
        assert "powers Dorohozhychi" in " ".join((await needed.inner_text()).split())
        await page.keyboard.press("d")
        dialog = page.locator("#condition")
        assert await dialog.get_by_role("heading").inner_text() == "Report it down"
        await dialog.get_by_role("button", name="Report it").click()
        await dialog.locator(".oops", has_text="Say who says so.").wait_for()
        await dialog.get_by_label("Who says so").fill("Grid operator")
        async with page.expect_navigation():
            await dialog.get_by_role("button", name="Report it").click()
        await ready(page)
        assert one(held, "Podil 110").condition is Condition.DOWN

        await page.goto(tower)
        await ready(page)
        assert "At risk is not down." in await page.locator("main").inner_text()
        assert "Podil 110 is down" in await page.locator("main").inner_text()
        assert one(held, "Dorohozhychi").condition is Condition.UNKNOWN
        assert infra(held).may_not == {}
        await page.goto(f"{held.url}/desk/coverage?lang=en")
        cell = page.locator(".by-region tbody tr", has_text="Kyiv City").locator("td").nth(1)
        assert "at risk" in await cell.inner_text()

        await page.goto(tower)
        await ready(page)
        await page.locator(".say-how").get_by_role("button", name="Down").click()
        assert "People there are told at once" in await page.locator("#condition").inner_text()
        await page.keyboard.press("Escape")
        await report(page, "down", "Its engineer")
        assert infra(held).may_not == {"tv": (KYIV,)}
        await page.goto(f"{held.url}/desk/coverage?lang=en")
        assert "may not carry" in await cell.inner_text()
        assert "about 3 million people" in (await cell.inner_text()).replace("\u00a0", " ")
        assert await page.locator(".loud").count() == 0  # the sirens are left
        held.forgive("422")


async def test_a_hit_is_counted_and_a_loop_is_refused_beside_its_field(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/installations")
        await register(page, "substation", "Podil 110")
        await register(page, "control-room", "Dispatch", needs="Podil")
        await page.get_by_role("link", name="Podil 110").click()
        await ready(page)
        await page.keyboard.press("h")
        dialog = page.locator("#condition")
        await dialog.get_by_label("How is it now?").select_option("degraded")
        await dialog.get_by_label("Who says so").fill("Its <b>staff</b>")
        async with page.expect_navigation():
            await dialog.get_by_role("button", name="Report it").click()
        await ready(page)
        text = await page.locator("main").inner_text()
        assert "hit 1 time" in text
        assert "Its <b>staff</b>" in text
        assert one(held, "Podil 110").condition is Condition.DEGRADED
        await page.get_by_role("button", name="Describe it anew").click()
        form = page.locator("#register-change")
        await choose(form, "Controlled by", "Dispatch", "Dispatch")
        await form.get_by_role("button", name="Describe it so").click()
        await form.locator(".oops", has_text="It would depend on itself").wait_for()
        field = form.get_by_role("combobox", name="Controlled by")
        assert (
            "Dispatch"
            in await form.locator(
                "[data-installation-find=needs-controlled-by] .chips"
            ).inner_text()
        )
        assert await field.is_visible()
        held.forgive("422", "409")


async def test_a_region_without_a_channel_is_loud_and_leads_to_a_list_to_print(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/coverage")
        form = page.locator("#set")
        for channel in ("sirens", "tv", "radio", "mobile"):
            await form.get_by_label("Channel", exact=True).select_option(channel)
            await form.get_by_label("How it is").select_option("down")
            await choose(form, "Regions, each with all under it", "Kyiv City", "Kyiv City")
            await form.get_by_label("Who says so").fill("Duty engineer")
            async with page.expect_navigation():
                await form.get_by_role("button", name="Say so").click()
            await ready(page)
        loud = page.get_by_role("alert").filter(has_text="No channel wakes people here any more")
        assert "Kyiv City" in await loud.inner_text()
        assert "Loudspeaker cars" in await loud.inner_text()
        await page.get_by_role("button", name="Change").first.click()
        assert await form.get_by_label("Channel", exact=True).input_value() == "sirens"
        assert "Kyiv City" in await form.locator(".chips").inner_text()
        await loud.get_by_role("link", name="List for patrol cars, to print").click()
        rows = page.locator(".patrol tbody tr")
        assert await rows.count() > 0
        assert "Loudspeaker cars" in await rows.first.inner_text()
        await page.emulate_media(media="print")
        assert not await page.locator("header.top").is_visible()
        assert not await page.locator("nav.parts").is_visible()
        assert await rows.first.is_visible()


async def test_an_outage_is_entered_then_back_in_part_then_wholly(tmp_path):
    async with console(tmp_path) as held:
        book = Book(held.service, held.held.clock)
        incident = await book.open(title={"en": "Strike on the grid"})
        page = await officer(held, "/desk/outages")
        await page.keyboard.press("n")
        form = page.locator("#enter")
        await form.get_by_label("What is out").select_option("power")
        await form.get_by_label("Who says so").fill("Grid operator")
        enter = form.get_by_role("button", name="Enter the outage")
        await enter.click()
        await form.locator(".oops", has_text="Name at least one region.").wait_for()
        await choose(form, "Regions, each with all under it", "Kyiv City", "Kyiv City")
        await form.get_by_label("Settlements").fill("Podil\nObolon")
        await form.get_by_label("How many", exact=True).select_option("hundreds")
        await form.get_by_label("Out since").fill("2022-10-11T09:00")
        await choose(form, "Caused by the incident", "grid", "Strike on the grid")
        await enter.click()
        await page.wait_for_url("**/desk/outages/*")
        await ready(page)
        (outage,) = infra(held).outages.values()
        assert (outage.service, outage.regions, outage.told) == ("power", (KYIV,), True)
        assert outage.settlements == ("Podil", "Obolon")
        assert outage.figure.qualifier.value == "hundreds"
        assert outage.incident_id == incident
        assert await page.get_by_role("link", name="Strike on the grid").is_visible()

        part = page.locator("#part")
        await part.get_by_label("Percent that is back").fill("140")
        await part.get_by_label("Who says so").fill("Grid operator")
        await part.get_by_role("button", name="Back in part").click()
        await part.locator(".oops", has_text="between 0 and 100 percent").wait_for()
        await part.get_by_label("Percent that is back").fill("40")
        async with page.expect_navigation():
            await part.get_by_role("button", name="Back in part").click()
        await ready(page)
        assert "40\u00a0% back" in (await page.locator(".lead").inner_text()).replace(
            "40 %", "40\u00a0%"
        )
        (outage,) = infra(held).outages.values()
        assert outage.restored_share == 0.4
        assert outage.settlements == ("Podil", "Obolon")  # whole values: nothing was lost
        assert outage.incident_id == incident

        whole = page.locator("#back")
        await whole.get_by_label("Who says so").fill("Grid operator")
        async with page.expect_navigation():
            await whole.get_by_role("button", name="Wholly back").click()
        await ready(page)
        (outage,) = infra(held).outages.values()
        assert outage.ended_at is not None
        assert outage.restored_share == 1.0
        assert "Restored" in await page.locator(".lead").inner_text()
        assert await page.locator("#part").count() == 0
        held.forgive("422")


async def test_a_posture_is_ordered_with_a_reason_and_the_next_one_takes_its_place(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/postures")
        assert "Everything is at normal." in await page.locator("main").inner_text()
        await page.keyboard.press("n")
        form = page.locator("#order")
        await form.get_by_label("Level").select_option("high")
        await form.get_by_label("Of one kind").check()
        await form.get_by_label("Kind of installation").select_option("substation")
        await form.get_by_role("button", name="Order it").click()
        await form.locator(".oops:visible").wait_for()
        assert await form.get_by_label("Reason").get_attribute("aria-invalid") == "true"
        await form.get_by_label("Reason").fill("Three substations were hit tonight.")
        await form.get_by_label("By order of").fill("Ministry of energy")
        await form.get_by_label("For whom").fill("Guards of the grid")
        async with page.expect_navigation():
            await form.get_by_role("button", name="Order it").click()
        card = page.locator(".cards .card")
        assert "High: every installation of this kind: Substation" in await card.inner_text()
        assert infra(held).postures[-1].level is PostureLevel.HIGH
        held.forgive("422")


async def test_a_watch_goes_stale_by_itself_and_the_next_look_is_one_form(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/watches")
        await page.keyboard.press("n")
        form = page.locator("#keep")
        await form.get_by_label("Of which danger").select_option("radiation")
        await choose(form, "Regions, each with all under it", "Kyiv City", "Kyiv City")
        await form.get_by_label("Organisation").fill("Nuclear inspectorate")
        await form.get_by_label("Says something until").fill("2022-10-11T13:00")
        await form.locator("[name=text-en]").fill("You are safe.")
        await form.locator("[name=text-uk]").fill("Рівень звичайний.")
        tell = form.get_by_role("button", name="Tell people")
        await tell.click()
        await form.locator(".oops", has_text="as an all-clear, or as a promise").wait_for()
        await form.locator("[name=text-en]").fill("Dose rates are at their usual level.")
        async with page.expect_navigation():
            await tell.click()
        card = page.locator(".watch")
        await card.get_by_text("Fresh").wait_for()
        held.held.clock.step(hours=2)
        await page.reload()
        await ready(page)
        assert "Nobody has looked since." in await card.inner_text()
        await card.get_by_role("button", name="Next look").click()
        look = page.locator("#look")
        assert (
            await look.locator("[name=text-en]").input_value()
            == "Dose rates are at their usual level."
        )
        await look.get_by_label("Says something until").fill("2022-10-11T18:00")
        async with page.expect_navigation():
            await look.get_by_role("button", name="Tell people").click()
        await card.get_by_text("Fresh").wait_for()
        (watch,) = held.service.state.notices.watches.values()
        assert watch.looks == 2
        assert watch.voice.org == "Nuclear inspectorate"
        held.forgive("422")


async def test_people_are_told_in_every_language_that_a_warning_is_false(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/counterfeits")
        await page.keyboard.press("n")
        form = page.locator("#tell")
        await choose(
            form, "Regions in which it is about, each with all under it", "Kyiv City", "Kyiv City"
        )
        await form.locator("[name=says-en]").fill("leave at once for the station")
        await form.locator("[name=true-en]").fill("Nobody ordered it. Stay where you are.")
        said = (
            "A warning that says “leave at once for the station” is false. "
            "Nobody ordered it. Stay where you are."
        )
        assert said in await form.inner_text()
        tell = form.get_by_role("button", name="Tell people that it is false")
        await tell.click()
        await form.locator(".oops", has_text="Say it in every language.").wait_for()
        await form.locator("[name=says-uk]").fill("негайно на вокзал")
        await form.locator("[name=true-uk]").fill("Ніхто цього не наказував.")
        async with page.expect_navigation():
            await tell.click()
        await ready(page)
        card = page.locator(".cards .card")
        assert said in await card.inner_text()
        (notice,) = held.service.state.notices.counterfeits.values()
        assert notice.area.regions == (KYIV,)
        async with page.expect_navigation():
            await card.get_by_role("button", name="It is no longer about").click()
        await card.get_by_text("no longer about").first.wait_for()


async def test_every_page_fits_a_phone_and_a_desk_and_its_fields_have_names(tmp_path):
    async with console(tmp_path) as held:
        page = await officer(held, "/desk/installations")
        await register(page, "substation", "Podil 110")
        await register(
            page,
            "tv-tower",
            "Dorohozhychi with a name that is rather long",
            needs="Podil",
            serves=("Television", "Radio"),
        )
        installation = "/" + page.url.split("/", 3)[3].partition("?")[0]
        await report(page, "down", "Its engineer")
        for size in (WIDE, PHONE):
            await page.set_viewport_size(size)
            for path in (*PATHS, installation):
                await page.goto(f"{held.url}{path}?lang=en")
                await ready(page)
                for details in await page.locator("main details").all():
                    await details.evaluate("each => { each.open = true }")
                assert await is_narrow(page), (path, size)
                nameless = await page.evaluate(
                    "[...document.querySelectorAll("
                    "'main :is(input:not([type=hidden]), select, textarea)')]"
                    ".filter(e => !e.labels?.length && !e.ariaLabel).map(e => e.name)"
                )
                assert nameless == [], path
                ids = await page.evaluate("[...document.querySelectorAll('[id]')].map(e => e.id)")
                assert len(ids) == len(set(ids)), path
                assert await page.locator("h1").count() == 1, path


async def test_without_a_script_a_page_is_whole_and_sections_are_those_one_may_see(tmp_path):
    async with console(tmp_path) as held:
        await held.officer("vera", "UA", role=Role.VIEWER)
        page = await held.at(
            held.people["vera"], "/desk/coverage?lang=en", java_script_enabled=False
        )
        nav = page.locator("nav.parts")
        names = await nav.get_by_role("link").all_inner_texts()
        assert "Coverage" in names
        assert "Installations" not in names
        assert "Outages" not in names
        assert "Television" in await page.locator(".by-region").inner_text()
        assert await page.locator("main form:visible").count() == 0
