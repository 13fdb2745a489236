"""The desk's incident with what hangs on it, an outage's earlier words, stations: to whom what."""

import re
from datetime import timedelta

from component.web.test_desk_infra import MARKUP, desk, down, installation, page, tell, words
from kit.feeds import observer, station
from kit.houses import KYIV, LVIV
from kit.ledgers import Book
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.core import infra_commands as ic
from tocsin.core import ledger_commands as lc
from tocsin.core.claims import When, Where


async def a_night(crew):
    """A strike in a wave, the outage it caused and the substation it hit; their ids."""
    book = Book(crew.node.service, crew.clock)
    strike = await book.open(title={"en": "Strike on the grid"})
    now = crew.clock.now()
    wave = await tell(crew, lc.OpenWave(
        where=Where(geocode="UA"), incidents=(strike,),
        when=When(start=now - timedelta(hours=1), end=now, grain="minute"),
    ))  # fmt: skip
    grid = await installation(crew, name=MARKUP)
    room = await installation(crew, "control-room", "Dispatch")
    await installation(crew, "tv-tower", "Dorohozhychi")
    await tell(crew, down(grid, incident_id=strike))
    outage = await tell(crew, ic.ReportOutage(
        service="power", source="Grid operator", regions=(KYIV,), installations=(room,),
        incident_id=strike, began=now - timedelta(minutes=30),
    ))  # fmt: skip
    await tell(crew, ic.ReportOutage(service="water", source="Works", regions=(LVIV,)))
    return strike, wave, outage


async def test_an_incident_shows_its_outage_its_installations_and_its_wave(tmp_path):
    async with desk(tmp_path) as crew:
        strike, wave, outage = await a_night(crew)
        html = await page(crew, f"/desk/incidents/{strike}")
        text = words(html)
        assert MARKUP not in html
        assert "&lt;img src=x onerror=alert(1)&gt;" in html
        assert "Power: Kyiv City" in text
        assert "Dispatch" in text
        assert "Dorohozhychi" not in text
        assert "Water: " not in text
        ledger = crew.node.service.ledger
        assert f"/desk/waves/{ledger.incidents[wave].handle}?" in html
        handle = crew.node.service.state.infra.outages[outage].handle
        assert f"/desk/outages/{handle}?" in html
        assert f'download href="/api/v1/incidents/{strike}/evidence"' in html
        html = await page(crew, f"/desk/incidents/{wave}")
        assert f"/desk/waves/{ledger.incidents[wave].handle}?" in html
        assert "No outage was entered as caused by it." in words(html)


async def test_who_may_not_read_the_register_reads_that_an_installation_is_there(tmp_path):
    async with desk(tmp_path) as crew:
        strike, _, _ = await a_night(crew)
        html = await page(crew, f"/desk/incidents/{strike}", "operator")
        text = words(html)
        assert "Power: Kyiv City" in text
        assert "an installation" in text
        for name in ("Dispatch", "&lt;img", "/desk/installations/", "Dorohozhychi"):
            assert name not in html
        html = await page(crew, f"/desk/incidents/{strike}", "viewer")
        text = words(html)
        assert "Outages are shown to those who enter them." in text
        assert "Power: Kyiv City" not in text
        for name in ("an installation", "Dispatch", "/evidence", "/desk/outages/"):
            assert name not in html


async def test_an_incident_that_turned_out_to_be_another_shows_what_hangs_on_both(tmp_path):
    async with desk(tmp_path) as crew:
        strike, wave, _ = await a_night(crew)
        book = Book(crew.node.service, crew.clock)
        other = await book.open(title={"en": "Blast at the grid"})
        await tell(crew, lc.LinkIncidents(
            one=other, other=strike, kind=lc.LinkKind.SAME_AS, reason="One."))  # fmt: skip
        html = await page(crew, f"/desk/incidents/{other}")
        assert "Power: Kyiv City" in words(html)
        assert f"/desk/waves/{crew.node.service.ledger.incidents[wave].handle}?" in html


async def test_an_outage_shows_what_was_said_of_it_before(tmp_path):
    async with desk(tmp_path) as crew:
        *_, outage = await a_night(crew)
        crew.clock.step(minutes=10)
        await tell(crew, ic.ReportOutage(
            outage_id=outage, service="power", source=f"Town {MARKUP}", regions=(KYIV, LVIV),
            restored_share=0.4,
        ))  # fmt: skip
        html = await page(crew, f"/desk/outages/{outage}")
        said = html.split('id="words-h"')[1].split("</section>")[0]
        last, first = said.split("<li")[1:]
        assert MARKUP not in html
        assert ("Town &lt;img" in last, "Grid operator" in first) == (True, True)
        assert "40" in last
        assert ("Lviv" in last, "Lviv" in first) == (True, False)


async def test_stations_show_those_that_need_a_person_first_and_what_counts(tmp_path):
    async with desk(tmp_path) as crew:
        assert "No station is entered." in words(await page(crew, "/desk/stations", "viewer"))
        feed = await observer(crew)
        lost = await observer(crew, "lost")
        now = crew.clock.now()
        for name in ("calm", "high", "jumpy", "broken", "quiet", "absurd"):
            await station(crew, name)
        await station(crew, MARKUP, id="stale", calibrated_until=now + timedelta(minutes=1))
        await station(crew, "taken", "lost")
        assert (await lost.reading("taken", 9_000)).status == 202
        for minute in range(6):
            crew.clock.step(minutes=1)
            assert (await feed.reading("jumpy", 9_000 if minute % 2 else 90)).status == 202
            assert (await feed.reading("high", 1_500)).status == 202
        await feed.reading("calm", 110)
        await feed.reading("absurd", 9e9)
        await feed.reading("stale", 9_000)
        await feed.reading("broken", 9_000, quality="fault")
        assert await crew.node.intake.keys.withdraw(FIRST_TOKEN, "lost")
        html = await page(crew, "/desk/stations", "viewer")
        assert MARKUP not in html.casefold()
        rows = {
            re.search(r'class="mono">(\w+)<', row)[1]: " ".join(
                re.sub(r"<[^>]+>", " ", row).split()
            )
            for row in html.split("<tbody>")[1].split("</tbody>")[0].split("<tr>")[1:]
        }
        assert list(rows) == [
            "high",
            "jumpy",
            "absurd",
            "broken",
            "quiet",
            "taken",
            "stale",
            "calm",
        ]
        for name, said in (
            ("high", "Above its threshold"), ("high", "1,500 nSv/h"),
            ("high", "15 times its background"), ("jumpy", "Flaps"),
            ("jumpy", "it counts for nothing until it is steady"),
            ("absurd", "Sends what cannot be"), ("absurd", "counts for nothing"),
            ("broken", "Says that it is faulty"), ("broken", "does not count"),
            ("quiet", "Silent"), ("quiet", "Nothing came for 72 hours."),
            ("taken", "Its key was withdrawn"), ("stale", "Its calibration ran out"),
            ("stale", "does not count"), ("calm", "Usual"),
        ):  # fmt: skip
            assert said in rows[name], name
        assert "does not count" not in rows["calm"]
        crew.clock.step(minutes=31)
        text = words(await page(crew, "/desk/stations", "viewer"))
        assert "Its last reading is too old to count." in text
        assert "Above its threshold" not in text
