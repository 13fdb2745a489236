"""The officers' other screens in a real browser: accounts, keys, watch, journal, records, notes."""

import asyncio
import hashlib
import itertools
import json
from pathlib import Path

from kit.houses import KYIV, LVIV
from kit.watch_house import watch_house
from tocsin.core.authority import Role
from tocsin.journal import chain
from tocsin.service.chainwatch import ChainWatch

POST = """async ([path, body]) => {
  const answer = await fetch(path, {
    method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body)});
  return [answer.status, await answer.text()];
}"""


async def post(page, path, expected, **body):
    """Ask the API from a page, as its own scripts do."""
    status, said = await page.evaluate(POST, [path, body])
    assert status == expected, said
    return json.loads(said)


async def warn(page, *regions, hazard="air-raid"):
    """Preview and issue, as the console does."""
    asked = {"hazard": hazard, "area": {"regions": list(regions)}}
    seen = await post(page, "/api/v1/alerts/preview", 200, **asked)
    return await post(page, "/api/v1/alerts", 201, **asked, token=seen["token"])


async def test_an_administrator_opens_an_account_and_its_scope_is_said_in_a_sentence(tmp_path):
    async with watch_house(tmp_path) as held:
        page = await held.sign_in(await held.administrator(), "/console/accounts")
        await page.get_by_text("Open an account").click()
        form = page.locator("#open")
        await form.get_by_label("Name, as others").fill("O. Kovalenko")
        await form.get_by_label("Login").fill("kovalenko")
        said = form.locator("[data-said]")
        assert "May warn of nothing yet" in await said.inner_text()
        await form.get_by_role("combobox", name="Regions, each").fill("Kyiv City")
        await form.locator("[role=option]").first.wait_for()
        await form.get_by_role("combobox", name="Regions, each").press("Enter")
        await form.get_by_label("Air raid", exact=True).check()
        await form.get_by_label("For real").check()
        sentence = "May warn of air raid in Kyiv City, for real and in drills."
        assert await said.inner_text() == sentence
        await form.get_by_role("button", name="Open the account").click()
        await page.locator("#shown:visible").wait_for()
        link = await page.locator("#link").input_value()
        token = link.rpartition("/")[2]
        person = await held.enrol(token, "kovalenko")
        await page.reload()
        card = page.locator(f"#account-{person.account.id}")
        assert sentence in await card.inner_text()
        assert token not in await page.content()
        other = await held.sign_in(person)
        assert await other.locator("h1").inner_text() == "O. Kovalenko"


async def test_a_taken_login_is_said_at_its_field_and_what_was_typed_stays(tmp_path):
    async with watch_house(tmp_path) as held:
        page = await held.sign_in(await held.administrator(), "/console/accounts")
        await page.get_by_text("Open an account").click()
        form = page.locator("#open")
        await form.get_by_label("Name, as others").fill("Another Anna")
        await form.get_by_label("Login").fill("ANNA")
        await form.get_by_label("Role").select_option("viewer")
        assert await form.locator("[data-said]").inner_text() == "Sees the desk. Warns nobody."
        await form.get_by_role("button", name="Open the account").click()
        await form.locator(".oops:visible").wait_for()
        assert "has this login already" in await form.locator(".oops").inner_text()
        assert await form.get_by_label("Login").get_attribute("aria-invalid") == "true"
        assert await form.get_by_label("Name, as others").input_value() == "Another Anna"
        held.visitor.complaints.clear()  # the browser notes the refusal (409)


async def test_an_account_is_changed_and_closed_and_its_name_erased(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        boris = await held.officer("boris")
        page = await held.sign_in(anna, "/console/accounts")
        card = page.locator(f"#account-{boris.account.id}")
        await card.get_by_role("button", name="Change Boris").click()
        box = page.locator("#change")
        assert await box.locator(".chips li").count() == 1
        await box.get_by_label("For real").uncheck()
        async with page.expect_navigation():
            await box.get_by_role("button", name="Change the account").click()
        await card.get_by_text("in drills.").wait_for()
        await card.get_by_role("button", name="Close Boris").click()
        sure = page.locator("#sure")
        assert "It cannot be opened again" in await sure.inner_text()
        async with page.expect_navigation():  # a button before its script is there does nothing
            await sure.get_by_role("button", name="Close").click()
        await card.get_by_role("button", name="Erase the name Boris").click()
        await sure.get_by_role("button", name="Erase the name").click()
        await card.get_by_text("erased").wait_for()
        assert "Boris" not in await page.locator("main").inner_text()


async def test_a_key_is_shown_once_and_revoked(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        boris = await held.officer("boris")
        page = await held.sign_in(anna, "/console/keys")
        await page.get_by_text("Make a key").click()
        form = page.locator("#open")
        await form.get_by_label("What it is for").fill("Sensor feed")
        await form.get_by_label("Owner").select_option(boris.account.id)
        await form.get_by_role("combobox", name="Regions, each").fill("Kyiv City")
        await form.locator("[role=option]").first.wait_for()
        await form.get_by_role("combobox", name="Regions, each").press("Enter")
        await form.get_by_label("Air raid", exact=True).check()
        await form.get_by_role("button", name="Make the key").click()
        await page.locator("#shown:visible").wait_for()
        key = await page.locator("#link").input_value()
        assert key.startswith("tk_")
        await page.reload()
        assert key not in await page.content()
        text = await page.locator("main").inner_text()
        assert "May warn of air raid in Kyiv City, in drills." in text
        assert "Last used: never" in text
        await page.get_by_role("button", name="Revoke Sensor feed").click()
        await page.locator("#sure").get_by_role("button", name="Revoke").click()
        await page.get_by_text("Revoked at").wait_for()


async def test_a_viewer_sees_what_happens_and_nothing_to_press(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        vera = await held.officer("vera", Role.VIEWER)
        boris = await held.officer("boris")
        desk = await held.sign_in(boris, "/console/watch")
        alert = await warn(desk, KYIV)
        page = await held.sign_in(vera, f"/console/alerts/{alert['id']}")
        main = page.locator("main")
        assert "Issued at" in await main.inner_text()
        assert await main.get_by_role("link", name="All-clear", exact=True).count() == 0
        assert await main.get_by_role("link", name="Correct it").count() == 0
        await page.goto(f"{held.url}/console/watch")
        assert await page.get_by_role("button", name="Test the ways out now").count() == 0
        answer = await page.goto(f"{held.url}/console/accounts")
        assert answer.status == 403
        assert await page.locator("h1").inner_text() == "Not for this account"
        held.visitor.complaints.clear()  # the browser notes the refusal (403)


async def test_an_alert_tells_its_life_its_words_and_who_decided(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        alert = await warn(page, KYIV)
        held.clock.step(minutes=12)
        await post(page, f"/api/v1/alerts/{alert['id']}/clear", 200)
        await page.goto(f"{held.url}/console/alerts/{alert['handle']}")
        life = page.locator("#life li")
        assert await life.first.locator("b").inner_text() == "Alert issued"
        assert "All-clear" in await life.last.inner_text()
        assert "Boris" in await page.locator("#life").inner_text()
        assert "after 12 min" in (await page.locator("main").inner_text()).replace("\u00a0", " ")
        assert await page.locator("#words-read [lang=uk]").count() == 1
        await page.get_by_label("A remark for the record").fill("Siren 44 was silent.")
        await page.get_by_role("button", name="Put it on record").click()
        await page.locator(".note-card").get_by_text("Siren 44 was silent.").wait_for()


async def test_the_journal_is_filtered_and_leads_to_its_alerts(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        alert = await warn(page, KYIV)
        await page.goto(f"{held.url}/console/journal")
        assert await page.get_by_role("rowheader", name="Signed in").count() == 1
        await page.get_by_label("What").select_option("alert-issued")
        await page.get_by_role("button", name="Show").click()
        await page.wait_for_url("**kind=alert-issued**")
        rows = page.locator("tbody tr")
        assert await rows.count() == 1
        await rows.get_by_role("link", name=alert["handle"]).click()
        await page.locator("#life").wait_for()
        await page.goto(f"{held.url}/console/journal?region=nowhere")
        assert await page.locator(".oops").get_attribute("data-rule") == "unknown-region"


async def test_a_supervisor_takes_the_journal_away_and_anybody_can_check_it(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        await held.officer("boris")
        desk = await held.sign_in(await held.officer("sofia", Role.SUPERVISOR), "/console/watch")
        await warn(desk, KYIV)
        await desk.goto(f"{held.url}/console/journal")
        lines = await exported(desk)
        assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
        assert lines[0]["before"] == chain.GENESIS.hex()
        for line, after in itertools.pairwise(lines):
            assert after["before"] == line["hash"]
        assert lines[-1]["hash"] == held.node.journal.head().hash.hex()
        await desk.get_by_label("What").select_option("alert-issued")
        await desk.get_by_label("From").fill("2020-01-01T00:00")
        await desk.get_by_role("button", name="Show").click()
        await desk.wait_for_url("**kind=alert-issued**")
        (one,) = await exported(desk)
        assert one["kind"] == "alert-issued"
        assert one in lines


async def exported(page):
    """Export what the page shows; each line's hash follows from it and the one before."""
    async with page.expect_download() as caught:
        await page.get_by_role("link", name="Export these lines").click()
    download = await caught.value
    assert download.suggested_filename == "journal.ndjson"
    text = await asyncio.to_thread(Path(await download.path()).read_text, encoding="utf-8")
    lines = [json.loads(line) for line in text.splitlines()]
    for line in lines:
        content = (
            line["seq"], line["kind"], line["version"], line["data"].encode(), line["alert_id"],
            line["audience"], line["audience_seq"], line["recorded_at_us"],
        )  # fmt: skip
        hashed = hashlib.sha256(bytes.fromhex(line["before"]) + chain.canonical(content))
        assert line["hash"] == hashed.hexdigest()
    return lines


async def test_the_journal_says_how_far_its_chain_fits_and_what_does_not(tmp_path):
    async with watch_house(tmp_path) as held:
        page = await held.sign_in(await held.administrator(), "/console/journal")
        head = held.node.journal.head().seq
        watch = held.house.shared["chain"] = ChainWatch(lambda _: (head, None))
        await watch.step()
        await page.reload()
        assert f"Chain verified to {head}." in await page.locator(".lead").inner_text()
        assert await page.locator("#misfit").count() == 0
        watch.verified, watch.misfit = 3, "row 4: its hash does not follow"
        await page.reload()
        told = page.locator("#misfit")
        assert "It fits up to number 3." in await told.inner_text()
        assert "row 4: its hash does not follow" in await told.inner_text()
        assert "verified" not in await page.locator(".lead").inner_text()


async def test_facts_are_told_in_words(tmp_path):
    async with watch_house(tmp_path) as held:
        page = await held.sign_in(await held.administrator(), "/console/journal")
        facts = await page.locator("tr", has_text="Credential changed").first.inner_text()
        assert "credential_id" not in facts
        signed_in = page.locator("tr", has_text="Account changed").first
        assert "role Administrator" in (await signed_in.inner_text()).replace("\u00a0", " ")


async def test_the_report_after_an_alert_tells_who_decided_how_fast_and_who_was_not_reached(
    tmp_path,
):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        resident = await held.visitor.open(f"/r/{KYIV}?lang=en")
        async with asyncio.timeout(20):
            while held.node.hub.connections == 0:  # noqa: ASYNC110  # the hub has no event for it
                await asyncio.sleep(0.01)
        alert = await warn(page, KYIV)
        await resident.get_by_text("Air raid").first.wait_for()
        held.clock.step(minutes=12)
        await post(page, f"/api/v1/alerts/{alert['id']}/clear", 200)
        await page.goto(f"{held.url}/console/alerts/{alert['handle']}")
        assert "Decided by Boris." in await page.locator("#life").inner_text()
        delivery = page.locator("#delivery")
        heads = [await each.inner_text() for each in await delivery.locator("th[scope=col]").all()]
        rows = delivery.locator("tbody tr")
        first = [await each.inner_text() for each in await rows.first.locator("th, td").all()]
        told = dict(zip(heads, first, strict=True))
        assert int(told["Selected"]) >= 1
        assert told["Unreached"] == "0"
        assert told["p50"].replace("\u00a0", " ").endswith((" ms", " s"))


async def test_a_note_for_the_next_shift_begins_with_the_facts(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        alert = await warn(page, KYIV)
        await page.goto(f"{held.url}/console/hand-over")
        note = page.get_by_label("Note to the next shift")
        draft = await note.input_value()
        assert "In force: 1" in draft
        assert f"({alert['handle']})" in draft
        await note.fill(f"{draft}Siren 44 is in repair.")
        await page.get_by_role("button", name="Leave this note").click()
        await page.locator(".note-card").get_by_text("Siren 44 is in repair.").wait_for()


async def test_a_region_tells_what_held_there_and_when(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        alert = await warn(page, KYIV)
        held.clock.step(minutes=20)
        await post(page, f"/api/v1/alerts/{alert['id']}/clear", 200)
        await page.goto(f"{held.url}/console/regions/{KYIV}")
        states = [await each.inner_text() for each in await page.locator("section").first.locator(
            "tbody td:last-child").all()]  # fmt: skip
        assert states == ["All-clear given", "Under alert"]
        assert await page.get_by_role("link", name=alert["handle"]).count() == 1
        await page.goto(f"{held.url}/console/regions/{LVIV}")
        assert "No alert was here." in await page.locator("main").inner_text()


async def test_the_watch_floor_names_who_may_warn_and_a_test_reaches_the_desk_only(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        assert "Boris" in await page.locator("section").first.inner_text()
        await page.get_by_role("button", name="Test the ways out now").click()
        await page.get_by_text("The test is on its way.").wait_for()
        await page.reload()
        assert "by Boris" in await page.locator("main").inner_text()
        public = await held.visitor.open("/api/v1/alerts")
        assert json.loads(await public.locator("body").inner_text())["alerts"] == []


async def test_the_pages_can_be_read_without_a_script(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        page = await held.sign_in(anna, "/console/accounts")
        cookies = await page.context.cookies()
        plain = await held.visitor.open("/sign-in", java_script_enabled=False)
        await plain.context.add_cookies(cookies)
        for path in ("/me", "/console/accounts", "/console/keys", "/console/watch",
                     "/console/journal", "/console/hand-over", "/console/proposals"):  # fmt: skip
            answer = await plain.goto(f"{held.url}{path}")
            assert answer.status == 200, path
            assert len(await plain.locator("main").inner_text()) > 30


async def test_a_page_of_the_record_turns_grey_when_the_server_is_away(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/hand-over")
        await page.clock.install()
        for path in ("watch", "hand-over"):
            await page.goto(f"{held.url}/console/{path}")
            root, bar, as_of = (
                page.locator("html"),
                page.locator("#offbar"),
                page.locator("#health"),
            )
            shown = await as_of.inner_text()
            await page.context.set_offline(True)
            await page.clock.run_for(30_000)
            assert await root.get_attribute("data-view") == "live"
            await page.clock.run_for(20_000)
            assert await root.get_attribute("data-view") == "offline"
            assert (await bar.inner_text()).startswith(f"Connection lost. {shown}.")
            assert await page.locator(".mode").inner_text() == "OFFLINE"
            assert "grayscale" in await page.locator("main").evaluate(
                "each => getComputedStyle(each).filter"
            )
            note = page.get_by_label("Note to the next shift")
            if path == "hand-over":
                await note.fill("Typed while the link was away.")
            await page.context.set_offline(False)
            await page.locator("html[data-view=live]").wait_for()
        assert await note.input_value() == "Typed while the link was away."
        assert await as_of.inner_text() == shown
        assert await bar.inner_text() == ""
        held.visitor.complaints.clear()  # the browser notes each question without an answer


async def test_on_a_phone_sections_name_and_link_are_in_reach(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        page = await held.sign_in(await held.officer("boris"), "/console/watch")
        await page.set_viewport_size({"width": 360, "height": 740})
        for path in ("watch", "journal", "hand-over", "proposals", f"regions/{KYIV}"):
            await page.goto(f"{held.url}/console/{path}")
            for name in ("Watch", "Journal", "Hand-over", "Boris"):
                assert await page.locator(".top").get_by_role("link", name=name).is_visible(), path
            assert "As of" in await page.locator("#health:visible").inner_text()
            assert await page.evaluate("document.documentElement.scrollWidth") <= 360, path
