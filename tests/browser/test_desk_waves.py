"""Waves, who controls a region, stations and an incident's evidence, at the desk in a browser."""

import importlib.util
from pathlib import Path
from types import SimpleNamespace

import pytest

from kit.console import BUCHA, PHONE, WIDE, console
from kit.deskworks import choose, officer, ready
from kit.feeds import observer, station
from kit.houses import KYIV, LVIV
from kit.ledgers import HOUR, Book, killed
from kit.officers import yes
from tocsin.core import infra_commands as ic
from tocsin.core import ledger_commands as lc
from tocsin.core import waves
from tocsin.core.claims import When, Where
from tocsin.core.control import Control, SetControl
from tocsin.core.facilities import Condition, Facility
from tocsin.service.facilities import describe

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

TOOL = Path(__file__).parents[2] / "tools" / "verify_evidence.py"
spec = importlib.util.spec_from_file_location("verify_evidence", TOOL)
verifier = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verifier)


async def raids(held, count=3):
    """So many top regions alarmed one after the other; the alerts' ids."""
    tops = held.service.world.tree.children("UA")[:count]
    found = []
    for each in tops:
        found.append(await held.issue(each))
        held.held.clock.step(minutes=1)
    return found


def only_wave(held):
    (wave,) = waves.waves(held.service.ledger)
    return wave


def handle(held, alert):
    return held.service.state.alert(alert).handle


async def is_narrow(page):
    """Whether the page scrolls only down."""
    return await page.evaluate(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    )


async def test_what_looks_like_a_wave_is_opened_in_one_press_and_later_alerts_join_in_one(
    tmp_path,
):
    async with console(tmp_path) as held:
        alerts = await raids(held)
        page = await officer(held, "/desk/waves")
        assert "3 alerts" in await page.locator("section.new").inner_text()
        await page.get_by_role("button", name="Open it as a wave").click()
        await page.wait_for_url("**/desk/waves/*")
        await ready(page)
        wave = only_wave(held)
        assert waves.alerts_of(held.service.ledger, wave.id) == tuple(alerts)
        rows = page.locator("section", has=page.locator("#al-h")).locator("tbody tr")
        assert await rows.count() == 3
        assert handle(held, alerts[0]) in await rows.first.inner_text()
        assert "goes on" not in await page.locator("main").inner_text()

        (fourth,) = (await raids(held, 4))[3:]
        await page.goto(f"{held.url}/desk/waves?lang=en")
        await ready(page)
        assert await page.get_by_role("button", name="Open it as a wave").count() == 0
        await page.get_by_role("button", name=f"Put them to Wave of attacks {wave.handle}").click()
        await page.wait_for_url(f"**/desk/waves/{wave.handle}*")
        assert fourth in waves.alerts_of(held.service.ledger, wave.id)
        await page.goto(f"{held.url}/desk/waves?lang=en")
        assert await page.locator("section.new").count() == 0


async def test_alerts_and_incidents_are_put_to_a_wave_and_taken_out_with_a_reason(tmp_path):
    async with console(tmp_path) as held:
        book = Book(held.service, held.held.clock)
        town = await book.open(title={"en": "Playground in Kyiv"}, geocode=KYIV)
        alert = await held.issue(KYIV)
        page = await officer(held, "/desk/waves")
        await page.keyboard.press("n")
        form = page.locator("#open")
        await form.get_by_role("button", name="Open the wave").click()
        await form.locator(".oops:visible").wait_for()
        await form.get_by_label("From").fill("2022-10-11T07:00")
        await form.get_by_label("Until, itself not included").fill("2022-10-11T09:00")
        await form.get_by_label("How exact").select_option("minute")
        await form.locator("[name=title-en]").fill("Raids of the morning")
        await form.locator("[name=title-uk]").fill("Ранкові удари")
        await form.get_by_role("button", name="Open the wave").click()
        await page.wait_for_url("**/desk/waves/*")
        await ready(page)
        wave = only_wave(held)
        assert "Raids of the morning" in await page.locator("h1").inner_text()

        await page.keyboard.press("n")
        join = page.locator("#join")
        await join.get_by_label("Alerts that join").fill(handle(held, alert).lower())
        await choose(join, "An incident that joins", "playground", "Playground in Kyiv")
        await join.get_by_role("button", name="Do it").click()
        await join.locator(".oops:visible").wait_for()
        assert waves.alerts_of(held.service.ledger, wave.id) == ()
        await join.get_by_label("Reason").fill("One attack.")
        async with page.expect_navigation():
            await join.get_by_role("button", name="Do it").click()
        await ready(page)
        assert waves.alerts_of(held.service.ledger, wave.id) == (alert,)
        assert waves.incidents_of(held.service.ledger, wave.id) == (town,)
        assert await page.get_by_role("link", name="Playground in Kyiv").is_visible()

        for section, left in (("#inc-h", 1), ("#al-h", 0)):
            part = page.locator("section", has=page.locator(section))
            await part.get_by_role("button", name="Take out").click()
            assert await join.get_by_label("Reason").evaluate("e => e === document.activeElement")
            await join.get_by_label("Reason").fill("Another attack.")
            async with page.expect_navigation():
                await join.get_by_role("button", name="Do it").click()
            await ready(page)
            assert waves.incidents_of(held.service.ledger, wave.id) == ()
            assert len(waves.alerts_of(held.service.ledger, wave.id)) == left
        held.forgive("422")


async def test_its_own_toll_stands_beside_that_of_its_places_and_is_never_added(tmp_path):
    async with console(tmp_path) as held:
        book = Book(held.service, held.held.clock)
        towns = [await book.open(geocode=each, title={"en": f"In {each}"}) for each in (KYIV, LVIV)]
        await raids(held)
        page = await officer(held, "/desk/waves")
        await page.get_by_role("button", name="Open it as a wave").click()
        await page.wait_for_url("**/desk/waves/*")
        await ready(page)
        wave = only_wave(held)
        await book.enter(wave.id, killed(19))
        for town, count in zip(towns, (5, 8), strict=True):
            await book.enter(town, killed(count))
            await page.keyboard.press("n")
            join = page.locator("#join")
            await choose(join, "An incident that joins", book.incident(town).handle, "In ")
            await join.get_by_label("Reason").fill("One attack.")
            async with page.expect_navigation():
                await join.get_by_role("button", name="Do it").click()
            await ready(page)
        tolls = page.locator("section", has=page.locator("#tolls-h"))
        said, counted = (await tolls.locator(".two > div").all_inner_texts())[:2]
        assert ("19" in said, "13" in said) == (True, False)
        assert ("13" in counted, "19" in counted) == (True, False)
        assert "never to be added" in await tolls.inner_text()
        for sum_ in ("32", "24", "27"):
            assert sum_ not in f"{said} {counted}"


async def test_a_lost_region_reads_no_information_and_held_again_it_may_be_warned_again(tmp_path):
    async with console(tmp_path) as held:
        keeper = await held.held.administrator()
        page = await held.at(keeper, "/desk/control?lang=en")
        assert "Nothing is recorded" in await page.locator("main").inner_text()
        reader = await held.held.visitor.open(f"/r/{KYIV}?lang=en")
        told = reader.locator("meta[name=description]")  # its headline; the page explains all words
        assert await told.get_attribute("content") == "No alert now: Kyiv City"

        form = page.locator("#record")

        async def record(control, source):
            await page.keyboard.press("n")
            await form.get_by_label("The authorities of this house").select_option(control)
            await choose(form, "Regions, each with all under it", "Kyiv City", "Kyiv City")
            await form.get_by_label("Who says so").fill(source)
            async with page.expect_navigation():
                await form.get_by_role("button", name="Record it").click()
            await ready(page)

        await page.keyboard.press("n")
        await form.get_by_role("button", name="Record it").click()
        await form.locator(".oops:visible").wait_for()
        await record("lost", "The <b>general</b> staff")
        text = await page.locator("main").inner_text()
        assert "Nobody may warn now in: Kyiv City" in text
        assert "The <b>general</b> staff" in text
        assert held.service.regions.rest(KYIV, held.held.clock.now()) == "no-information"
        await reader.reload()
        assert await told.get_attribute("content") == "No information: Kyiv City"
        assert "staff" not in await reader.content()

        held.held.clock.step(minutes=5)
        await record("held", "The city")
        assert held.service.regions.rest(KYIV, held.held.clock.now()) == "none"
        await reader.reload()
        assert await told.get_attribute("content") == "No alert now: Kyiv City"
        rows = page.locator("tbody tr")
        assert await rows.count() == 2
        assert "nowhere" in await rows.nth(1).inner_text()


async def test_the_evidence_of_an_incident_is_downloaded_and_fits(tmp_path, capsys):
    async with console(tmp_path / "house") as held:
        book = Book(held.service, held.held.clock)
        incident = await book.open(title={"en": "Strike on the grid"})
        await book.enter(incident, killed(5))
        page = await officer(held, f"/desk/incidents/{incident}")
        async with page.expect_download() as coming:
            await page.get_by_role("link", name="Evidence of it, signed").click()
        download = await coming.value
        assert download.suggested_filename == f"evidence-{book.incident(incident).handle}.zip"
        path = tmp_path / "evidence.zip"
        await download.save_as(path)
        key = tmp_path / "key.pem"
        head = await page.request.get(f"{held.url}/api/v1/head")
        key.write_text((await head.json())["public_key"])
        assert verifier.main([str(path), "--key", str(key)]) == 0
        assert verifier.main([str(path)]) == 4, "nobody has said whose key that is"
        broken = bytearray(path.read_bytes())
        broken[len(broken) // 2] ^= 1
        path.write_bytes(broken)
        assert verifier.main([str(path), "--key", str(key)]) == 5
        capsys.readouterr()


async def test_an_incident_leads_to_its_outage_whose_earlier_words_stay(tmp_path):
    async with console(tmp_path) as held:
        book = Book(held.service, held.held.clock)
        incident = await book.open(title={"en": "Strike on the grid"})
        said = {"service": "power", "regions": (KYIV,), "incident_id": incident}
        outage = await book.tell(ic.ReportOutage(source="Grid operator", **said))
        held.held.clock.step(minutes=20)
        page = await officer(held, f"/desk/incidents/{incident}")
        await page.locator("#hangs").get_by_role("link", name="Power: Kyiv City").click()
        await ready(page)
        part = page.locator("#part")
        await part.get_by_label("Percent that is back").fill("40")
        await part.get_by_label("Who says so").fill("The city")
        async with page.expect_navigation():
            await part.get_by_role("button", name="Back in part").click()
        await ready(page)
        words = page.locator("section", has=page.locator("#words-h")).locator("li")
        assert await words.count() == 2
        assert "The city" in await words.first.inner_text()
        assert "Grid operator" in await words.last.inner_text()
        assert held.service.state.infra.outages[outage].incident_id == incident
        await page.get_by_role("link", name="Strike on the grid").click()
        await page.wait_for_url("**/desk/incidents/*")


@pytest.mark.parametrize("size", [PHONE, WIDE], ids=["phone", "wide"])
async def test_these_pages_fit_their_screen(tmp_path, size):
    async with console(tmp_path) as held:
        paths = await a_full_house(held)
        page = await officer(held, "/desk/waves", viewport=size)
        for path in paths.values():
            await page.goto(f"{held.url}{path}?lang=en")
            assert await is_narrow(page), path
            assert await page.locator("h1").count() == 1, path


async def a_full_house(held):
    """A wave with all that may hang on it, and stations; the paths of the pages that show it."""
    book = Book(held.service, held.held.clock)
    town = await book.open(
        title={"en": "Strike on the substation of the northern districts and its workers’ housing"}
    )
    await book.enter(town, killed(5))
    node, now = held.held.node, held.held.clock.now()
    wave = await book.tell(
        lc.OpenWave(where=Where(geocode="UA"), incidents=(town,), alerts=tuple(await raids(held)),
                    when=When(start=now - HOUR, end=now, grain="minute"))
    )  # fmt: skip
    await book.enter(wave, killed(19))
    outage = await book.tell(
        ic.ReportOutage(service="power", source="Grid operator", regions=(KYIV, BUCHA),
                        incident_id=town)
    )  # fmt: skip
    facility = Facility(kind="substation", name="Podil 110", where=Where(geocode=KYIV))
    keys = held.held.house.shared["keys"]
    name = yes(await describe(held.service, keys, facility)).alert_id
    await book.tell(
        ic.ReportCondition(installation_id=str(name), condition=Condition.DOWN,
                           source="Grid operator", struck=True, incident_id=town)
    )  # fmt: skip
    await book.tell(SetControl(regions=(LVIV,), control=Control.UNCLEAR, source="General staff"))
    crew = SimpleNamespace(node=node, app=node.app, clock=held.held.clock,
                           fresh_source=lambda: "192.0.2.7")  # fmt: skip
    feed = await observer(crew)
    for each in ("calm", "high", "quiet"):
        await station(crew, each)
    for value in (1_400, 1_500, 1_700):
        held.held.clock.step(minutes=1)
        assert (await feed.reading("high", value)).status == 202
    assert (await feed.reading("calm", 110)).status == 202
    await raids(held, 5)
    return {
        "waves": "/desk/waves", "wave": f"/desk/waves/{book.incident(wave).handle}",
        "control": "/desk/control", "stations": "/desk/stations",
        "incident": f"/desk/incidents/{town}", "outage": f"/desk/outages/{outage}",
    }  # fmt: skip
