"""What is told at once, before a reader's eyes: it comes by itself, and goes grey with the page."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.async_api import expect

from kit.clocks import FakeClock
from kit.houses import KYIV
from kit.ledgers import Book
from kit.sites import Site, site, visiting
from kit.twins import accepted
from tocsin.core import infra_commands as ic
from tocsin.core import notice_commands as nc
from tocsin.core.area import Area
from tocsin.core.facilities import Condition
from tocsin.formats.api import stored_words

pytestmark = [pytest.mark.browser, pytest.mark.timeout(90)]

EVENING = datetime(2022, 3, 1, 17, 20, tzinfo=UTC)
SIZES = ({"width": 360, "height": 740}, {"width": 1440, "height": 900})
LIE = {"en": "A text telling you to leave is false.", "uk": "Заклик виїхати неправдивий."}


async def lose(house: Site, channel: str, condition: Condition = Condition.DOWN) -> None:
    """Say of a channel how it is in the city."""
    command = ic.SetChannel(channel=channel, regions=(KYIV,), condition=condition, source="desk")
    await accepted(house.home.service, command)


async def lie(house: Site) -> str:
    """Say that a warning is false."""
    content, body = stored_words(LIE)
    command = nc.TellCounterfeit(
        area=Area(regions=(KYIV,)), words=content, languages=tuple(LIE)
    )  # fmt: skip
    return await accepted(house.home.service, command, texts={content: body})


async def outage(house: Site, **more: object) -> str:
    """Say what is out."""
    asked = {"service": "power", "regions": (KYIV,), "source": "Ministry of Energy", **more}
    return await accepted(house.home.service, ic.ReportOutage(**asked))  # type: ignore[arg-type]


async def test_each_kind_of_notice_comes_to_an_open_page_by_itself(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING)) as house,
        visiting(house.url) as visitor,
    ):
        page = await visitor.open(f"/r/{KYIV}?lang=en", viewport=SIZES[0])
        await page.locator("#live.on").wait_for()
        title = await page.title()
        await lose(house, "tv")
        await expect(page.locator("[data-part=ways]")).to_contain_text("here: Television.")
        name = await lie(house)
        await expect(page.locator("[data-part=false]")).to_contain_text(LIE["en"])
        await expect(page.locator("#say")).to_contain_text(LIE["en"])  # spoken, once
        await outage(house)
        await expect(page.locator("[data-part=near]")).to_contain_text("out since")
        await Book(house.home.service, house.clock).guide(KYIV, en="Boil water.", uk="Вода.")
        await expect(page.locator("[data-part=guide]")).to_contain_text("Boil water.")
        await lose(house, "tv", Condition.WORKING)
        await expect(page.locator("[data-part=ways]")).to_be_empty()
        await accepted(house.home.service, nc.EndCounterfeit(notice_id=name))
        await expect(page.locator("[data-part=false]")).to_be_empty()
        assert await page.title() == title  # no notice is an alert


async def test_notices_fit_a_phone_and_a_desk_without_a_script(tmp_path: Path) -> None:
    async with (
        site(tmp_path, clock=FakeClock(EVENING)) as house,
        visiting(house.url) as visitor,
    ):
        for channel in ("tv", "radio", "mobile"):
            await lose(house, channel)
        await lie(house)
        await outage(house, settlements=("Averylongnameofasettlement" * 3,))
        public_id = next(iter(house.home.service.state.infra.outages.values())).public_id
        for path in ("/", f"/r/{KYIV}", "/situation", f"/situation/outages/{public_id}"):
            for size in SIZES:
                page = await visitor.open(f"{path}?lang=uk", viewport=size,
                                          java_script_enabled=False)  # fmt: skip
                width = await page.locator("html").evaluate("e => e.scrollWidth")
                assert width == size["width"], f"{path} scrolls sideways"
                await page.context.close()
