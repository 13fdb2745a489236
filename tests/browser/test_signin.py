"""The officers' doors in a real browser: sign-in, first start, one's own credentials."""

import pyotp
import pytest

from kit.houses import KYIV
from kit.watch_house import PASSWORD, passkeys_in, watch_house
from tocsin.core import events as ev
from tocsin.web.console.doors import safe_way


async def recorded(held, *kinds):
    """What stands in the chain, of these kinds."""
    await held.node.officers.settle()
    return [event for _, event in held.node.service.history() if isinstance(event, kinds)]


async def said(page):
    """What the form's summary says stands in the way."""
    await page.locator(".oops:visible").wait_for()
    return await page.locator(".oops:visible").inner_text()


async def test_an_officer_signs_in_with_password_and_code_and_signs_out(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        page = await held.sign_in(anna)
        assert await page.locator("h1").inner_text() == "Anna"
        [session] = [c for c in await page.context.cookies() if c["name"] == "tocsin-session"]
        assert (session["httpOnly"], session["sameSite"]) == (True, "Strict")
        await page.get_by_role("button", name="Sign out").click()
        await page.wait_for_url(f"{held.url}/sign-in")
        await page.goto(f"{held.url}/me")
        assert page.url.endswith("/sign-in?to=/me")
        assert [event.reason for event in await recorded(held, ev.SignedOut)] == ["left"]


async def test_a_wrong_code_is_refused_without_telling_what_was_wrong_and_nothing_is_lost(tmp_path):
    async with watch_house(tmp_path) as held:
        await held.administrator()
        answers = []
        for login in ("anna", "nobody"):
            page = await held.visitor.open("/sign-in")
            await page.get_by_label("Login").fill(login)
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_label("Code", exact=True).fill("000000")
            await page.get_by_role("button", name="Sign in", exact=True).click()
            answers.append(await said(page))
            assert await page.get_by_label("Login").input_value() == login
            assert await page.get_by_label("Password").input_value() == PASSWORD
            assert await page.get_by_label("Code", exact=True).input_value() == ""
            assert page.url.endswith("/sign-in")
        assert answers[0] == answers[1]
        assert "Nothing says which." in answers[0]
        held.visitor.complaints.clear()  # the browser notes the two refusals (401)


async def test_a_recovery_code_stands_in_for_the_app_once(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        for worked in (True, False):
            page = await held.visitor.open("/sign-in?to=/me")
            await page.get_by_label("Login").fill("anna")
            await page.get_by_label("Password").fill(PASSWORD)
            await page.get_by_label("Code", exact=True).fill(anna.codes[0])
            await page.get_by_role("button", name="Sign in", exact=True).click()
            if worked:
                await page.wait_for_url(f"{held.url}/me")
            else:
                assert "Not done" in await said(page)
        held.visitor.complaints.clear()  # the second is refused (401)


async def test_the_first_start_makes_an_administrator_by_the_one_time_link(tmp_path):
    async with watch_house(tmp_path) as held:
        token = held.node.officers.links.invite_first()
        page = await held.visitor.open(f"/start/{token}")
        assert await page.locator("h1").inner_text() == "Begin as the first administrator"
        assert (await page.locator(".qr path").bounding_box())["width"] > 150  # can be scanned
        await page.get_by_label("Your name").fill("Olena K.")
        await page.get_by_label("Login").fill("olena")
        await page.get_by_label("Password").fill("short")
        secret = await page.locator("#secret").input_value()
        await page.get_by_label("Six digits").fill(held_code(held, secret))
        await page.get_by_role("button", name="Begin").click()
        assert "12 characters" in await said(page)
        assert await page.get_by_label("Password").get_attribute("aria-invalid") == "true"
        assert await page.get_by_label("Login").input_value() == "olena"
        await page.get_by_label("Password").fill(PASSWORD)
        await page.get_by_role("button", name="Begin").click()
        codes = page.locator("#codes li")
        await codes.first.wait_for()
        assert await codes.count() == 10
        onward = page.get_by_role("button", name="Go on to the sign-in")
        assert await onward.is_disabled()
        await page.get_by_label("I have written them down.").check()
        await onward.click()
        await page.wait_for_url(f"{held.url}/sign-in")
        again = await held.visitor.open(f"/start/{token}")
        assert await again.locator("h1").inner_text() == "This link cannot be used"
        [made] = await recorded(held, ev.AccountChanged)
        assert (made.change, made.role.value) == ("opened", "administrator")
        held.visitor.complaints.clear()  # a weak password (422) and a used link (404)


def held_code(held, secret):
    return pyotp.TOTP(secret).at(int(held.clock.now().timestamp()))


async def test_a_passkey_is_made_at_the_first_start_and_opens_the_door_alone(tmp_path):
    async with watch_house(tmp_path) as held:
        token = held.node.officers.links.invite_first()
        page = await held.visitor.open(f"/start/{token}")
        await passkeys_in(page)
        await page.get_by_label("Your name").fill("Olena K.")
        await page.get_by_label("Login").fill("olena")
        await page.get_by_label("Password").fill(PASSWORD)
        secret = await page.locator("#secret").input_value()
        await page.get_by_label("Six digits").fill(held_code(held, secret))
        await page.get_by_role("button", name="Make a passkey").click()
        await page.get_by_text("It is kept when you press Begin.").wait_for()
        await page.get_by_role("button", name="Begin").click()
        await page.get_by_label("I have written them down.").check()
        await page.get_by_role("button", name="Go on to the sign-in").click()
        await page.wait_for_url(f"{held.url}/sign-in")
        await page.goto(f"{held.url}/sign-in?to=/me")
        await page.get_by_role("button", name="Sign in with a passkey").click()
        await page.wait_for_url(f"{held.url}/me")
        assert await page.locator("h1").inner_text() == "Olena K."
        assert await page.get_by_role("rowheader", name="This device").count() == 1


async def test_a_passkey_is_added_and_removed_after_a_fresh_proof(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        page = await held.sign_in(anna)
        await passkeys_in(page)
        held.clock.step(minutes=20)  # the sign-in is no fresh proof any more
        await page.get_by_label("Name of this device").fill("Laptop at the desk")
        await page.get_by_role("button", name="Make a passkey").click()
        box = page.locator("#confirm")
        await box.get_by_label("Code from your app").fill("000000")
        await box.get_by_role("button", name="Confirm").click()
        assert "Not done" in await said(page)
        await box.get_by_label("Code from your app").fill(held.code(anna))
        await box.get_by_role("button", name="Confirm").click()
        await page.get_by_role("rowheader", name="Laptop at the desk").wait_for()
        await page.get_by_role("button", name="Remove Laptop at the desk").click()
        await page.get_by_role("rowheader", name="Laptop at the desk").wait_for(state="detached")
        changes = [(e.kind, e.change) for e in await recorded(held, ev.CredentialChanged)]
        assert changes[-2:] == [("passkey", "made"), ("passkey", "revoked")]
        held.visitor.complaints.clear()  # the refusals that asked for the proof (403, 401)


async def test_the_shift_says_that_it_ends_ten_minutes_before(tmp_path):
    async with watch_house(tmp_path) as held:
        page = await held.sign_in(await held.administrator())
        assert not await page.locator("#shift").is_visible()
        held.clock.step(hours=11, minutes=53)
        await page.reload()
        await page.locator("#shift:visible").wait_for()
        assert "Your session ends in 7 min" in await page.locator("#shift").inner_text()


async def test_a_session_that_was_ended_elsewhere_is_said_within_a_minute(tmp_path):
    async with watch_house(tmp_path) as held:
        anna = await held.administrator()
        page = await held.sign_in(anna)
        (session,) = held.node.registry.sessions(anna.account.id)
        await page.clock.install()
        await page.reload()
        assert not await page.locator("#shift").is_visible()
        await held.node.officers.signing.end_for(anna.account.id, session.id, "ended")
        await page.clock.run_for(61_000)
        await page.locator("#shift:visible").wait_for()
        bar = await page.locator("#shift").inner_text()
        assert "Your session was ended from another place." in bar
        held.visitor.complaints.clear()  # the browser notes the refusal (401)
        await page.clock.run_for(300_000)
        assert held.visitor.complaints == []  # asked once: more would be a stranger's tries


async def test_another_app_takes_over_once_it_shows_its_code(tmp_path):
    async with watch_house(tmp_path) as held:
        boris = await held.officer("boris")
        page = await held.sign_in(boris)
        held.clock.step(minutes=20)
        await page.get_by_role("button", name="Take another app").click()
        box = page.locator("#confirm")
        assert "within the last 15 min" in await box.inner_text()
        await box.get_by_label("Code from your app").fill(held.code(boris))
        await box.get_by_role("button", name="Confirm").click()
        form = page.locator("#take-app:visible")
        await form.wait_for()
        view = await form.locator("svg").bounding_box()
        assert view["width"] > 150
        dark = await form.locator("svg path").get_attribute("d")
        assert len(dark) > 1_000
        secret = await page.locator("#app-secret").input_value()
        await form.get_by_label("Six digits that the new app").fill("000000")
        await form.get_by_role("button", name="Use this app from now on").click()
        await form.locator(".oops:visible").wait_for()
        boris.secret, old = secret, boris.secret
        await form.get_by_label("Six digits that the new app").fill(held.code(boris))
        await form.get_by_role("button", name="Use this app from now on").click()
        await page.get_by_text("Codes come from the new app from now on.").wait_for()
        assert await page.locator("#app-secret").input_value() == ""
        assert held.node.registry.totp(boris.account.id).secret == secret != old
        held.visitor.complaints.clear()  # the refusals on the way (403, 401)
        assert await (await held.sign_in(boris)).locator("h1").inner_text() == "Boris"


async def test_the_door_can_be_read_without_a_script(tmp_path):
    async with watch_house(tmp_path) as held:
        page = await held.visitor.open("/sign-in", java_script_enabled=False)
        assert await page.get_by_label("Login").get_attribute("autocomplete") == "username webauthn"
        assert await page.get_by_label("Code", exact=True).get_attribute("autocomplete") == (
            "one-time-code"
        )
        assert "tocsin issue" in await page.locator("main").inner_text()


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/console/watch", "/console/watch"),
        (f"/console/regions/{KYIV}", f"/console/regions/{KYIV}"),
        ("//evil.example/x", "/console"),
        ("/\\evil.example", "/console"),
        ("https://evil.example", "/console"),
        ("javascript:alert(1)", "/console"),
        ("/\t/evil.example", "/console"),
        ("/api/v1/journal/export", "/console"),
        ("", "/console"),
    ],
)
def test_the_door_leads_to_pages_of_this_house_only(asked, led):
    assert safe_way(asked) == led
