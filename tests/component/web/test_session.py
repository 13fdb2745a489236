"""Sign-in, confirming and sign-out over HTTP: what goes in, which cookies come out."""

import httpx

from kit.authenticator import Authenticator
from kit.doors import FIRST, doors, refused
from kit.officers import ORIGIN, PASSWORD
from tocsin.core.audit import SignedIn, SignedOut

HTTPS = "https://warn.example.org"


def cookies_of(answer):
    """Name -> (value, attributes) of each Set-Cookie of an answer."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        name, _, rest = line.partition("=")
        value, *attributes = rest.split("; ")
        assert name not in found, "a cookie set twice in one answer"
        found[name] = (value, set(attributes))
    return found


async def test_an_officer_signs_in_sees_what_he_may_and_signs_out(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.browser()
        assert refused(await browser.get("/api/v1/session")) == (401, "no-credential")
        entered = await door.try_in(browser, person)
        assert entered.status_code == 201
        assert entered.headers["cache-control"] == "no-store"
        said = (await browser.get("/api/v1/session")).json()
        assert said == entered.json()
        assert (said["account"], said["name"]) == (person.account.id, "Boris")
        assert (said["role"], said["realms"]) == ("operator", ["live", "drill"])
        assert said["permissions"] == ["approve", "issue", "self", "situation", "view"]
        assert said["shift_ends_at"] == "2022-10-11T21:01:30Z"
        left = await browser.delete("/api/v1/session")
        assert left.status_code == 200
        assert cookies_of(left)["tocsin-session"][0] == ""
        assert "tocsin-session" not in browser.cookies
        ended = door.side.events(SignedOut)
        assert [(each.account_id, each.reason) for each in ended] == [(person.account.id, "left")]


async def test_cookies_are_out_of_reach_of_scripts_and_other_sites(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        cookies = cookies_of(await door.try_in(await door.browser(), person))
        assert set(cookies) == {"tocsin-session", "tocsin-device"}
        for name, lasts in (("tocsin-session", 43_200), ("tocsin-device", 31_536_000)):
            value, attributes = cookies[name]
            assert len(value) >= 43  # 256 bits in base 64
            assert attributes == {
                "Path=/", f"Max-Age={lasts}", "HttpOnly", "SameSite=Strict",
            }, name  # fmt: skip


async def test_under_https_no_other_host_may_set_the_cookies(tmp_path):
    async with doors(tmp_path, origin=HTTPS) as door:
        person = await door.side.operator()
        browser = await door.browser()
        entered = await door.try_in(browser, person)
        cookies = cookies_of(entered)
        assert set(cookies) == {"__Host-tocsin-session", "__Host-tocsin-device"}
        assert all("Secure" in attributes for _, attributes in cookies.values())
        assert (await browser.get("/api/v1/session")).status_code == 200


async def test_signing_in_with_a_passkey_needs_nothing_else(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        opened = await door.side.sign_in(person)
        key = Authenticator()
        await door.side.with_passkey(opened, key)
        browser = await door.browser()
        options = (await browser.post("/api/v1/session/passkey/options", json={})).json()
        assert options["publicKey"]["userVerification"] == "required"
        assert not options["publicKey"].get("allowCredentials")  # nothing tells who is known here
        signed = {"credential": key.sign(options)}
        entered = await browser.post("/api/v1/session/passkey", json=signed)
        assert entered.status_code == 201, entered.text
        assert entered.json()["account"] == person.account.id
        again = await (await door.browser()).post("/api/v1/session/passkey", json=signed)
        assert refused(again) == (401, "code-used")
        assert len(door.side.events(SignedIn)) == 2


async def test_a_passkey_that_nobody_knows_or_of_nonsense_is_refused(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.browser()
        options = (await browser.post("/api/v1/session/passkey/options", json={})).json()
        unknown = Authenticator(user=b"somebody").sign(options)
        nonsense = [unknown, {}, {"id": "x"}, {"rawId": 7, "response": []}, {"response": None}]
        for credential in nonsense:
            answer = await browser.post("/api/v1/session/passkey", json={"credential": credential})
            assert refused(answer) == (401, "sign-in-refused")
            assert answer.json()["field"] == "/credential"
            assert "set-cookie" not in answer.headers


async def test_an_officer_confirms_by_code_and_by_passkey(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        key = Authenticator()
        await door.side.with_passkey(await door.side.sign_in(person), key)
        browser = await door.enter(person)
        door.side.clock.step(minutes=30)
        by_code = {"code": person.code(door.side.now)}
        said = await browser.post("/api/v1/session/confirm", json=by_code)
        assert said.json() == {"confirmed_at": "2022-10-11T09:32:30Z"}
        assert refused(await browser.post("/api/v1/session/confirm", json=by_code)) == (
            401, "code-used",
        )  # fmt: skip
        door.side.clock.step(minutes=1)
        way = "/api/v1/session/confirm/passkey"
        options = (await browser.post(f"{way}/options", json={})).json()
        said = await browser.post(way, json={"credential": key.sign(options)})
        assert said.json() == {"confirmed_at": "2022-10-11T09:33:30Z"}
        told = (await browser.get("/api/v1/session")).json()
        assert told["confirmed_at"] == "2022-10-11T09:33:30Z"


async def test_a_wrong_code_at_confirming_does_not_end_the_session(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        wrong = await browser.post("/api/v1/session/confirm", json={"code": "000000"})
        assert wrong.json()["rule"] == "sign-in-refused"
        assert (await browser.get("/api/v1/session")).status_code == 200


async def test_a_session_is_over_with_the_shift(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        door.side.clock.step(hours=12)
        assert refused(await browser.get("/api/v1/session")) == (401, "session-over")
        body = {"hazard": "air-raid", "area": {"regions": []}}
        assert refused(await browser.post("/api/v1/alerts", json=body)) == (401, "session-over")


async def test_an_expired_cookie_hides_nothing_that_everybody_may_read(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        door.side.clock.step(hours=13)
        assert (await browser.get("/api/v1/state")).status_code == 200


async def test_a_new_token_comes_every_quarter_of_an_hour(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        first = browser.cookies["tocsin-session"]
        door.side.clock.step(minutes=15)
        answer = await browser.get("/api/v1/session")
        value, attributes = cookies_of(answer)["tocsin-session"]
        assert value != first
        assert "Max-Age=42270" in attributes  # to the end of the shift, not a shift more
        assert browser.cookies["tocsin-session"] == value
        assert "set-cookie" not in (await browser.get("/api/v1/session")).headers


async def test_who_signs_in_again_keeps_the_new_session(tmp_path):
    """The old one's next token is due at that moment: it must not take the cookie's place."""
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        door.side.clock.step(minutes=20)
        entered = await door.try_in(browser, person)
        assert entered.status_code == 201
        assert len(cookies_of(entered)) == 2
        told = (await browser.get("/api/v1/session")).json()
        assert told["session"] == entered.json()["session"]


async def test_who_signs_out_when_a_new_token_is_due_gets_none(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        door.side.clock.step(minutes=20)
        left = await browser.delete("/api/v1/session")
        assert cookies_of(left)["tocsin-session"][0] == ""
        assert refused(await browser.get("/api/v1/session")) == (401, "no-credential")


async def test_a_replayed_old_token_ends_the_session_and_is_written_down(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        thief = await door.browser()
        for name in ("tocsin-session", "tocsin-device"):
            thief.cookies.set(name, browser.cookies[name])
        door.side.clock.step(minutes=16)
        await browser.get("/api/v1/session")  # takes the next token ...
        await browser.get("/api/v1/session")  # ... and uses it
        await door.side.officers.settle()
        door.side.clock.step(seconds=61)
        assert refused(await thief.get("/api/v1/session")) == (401, "session-over")
        await door.side.officers.settle()
        assert refused(await browser.get("/api/v1/session")) == (401, "session-over")
        assert [each.reason for each in door.side.events(SignedOut)] == ["replayed"]


async def test_a_session_works_from_its_own_device_only(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        thief = await door.browser()
        thief.cookies.set("tocsin-session", browser.cookies["tocsin-session"])
        assert refused(await thief.get("/api/v1/session")) == (401, "session-over")
        thief.cookies.set("tocsin-device", "made-up")
        assert refused(await thief.get("/api/v1/session")) == (401, "session-over")
        assert (await browser.get("/api/v1/session")).status_code == 200


async def test_the_first_token_and_machines_have_no_session(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        assert refused(await script.get("/api/v1/session")) == (403, "not-allowed")
        for path in ("/api/v1/session/confirm", "/api/v1/me/password"):
            body = {"code": "1"} if path.endswith("confirm") else {"password": PASSWORD}
            assert refused(await script.post(path, json=body)) == (403, "not-allowed")


async def test_sign_in_over_the_wire_is_what_the_application_says(tmp_path):
    """The one test through a socket: cookies, twice in one answer, survive a real server."""
    import asyncio
    import socket

    import uvicorn

    async with doors(tmp_path) as door:
        person = await door.side.operator()
        runner = uvicorn.Server(uvicorn.Config(door.app, log_level="error", lifespan="off"))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            task = asyncio.create_task(runner.serve(sockets=[listener]))
            while not runner.started:  # noqa: ASYNC110  # uvicorn has no event for it
                await asyncio.sleep(0)
            url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            try:
                async with httpx.AsyncClient(base_url=url, headers={"Origin": url}) as browser:
                    entered = await door.try_in(browser, person)
                    assert entered.status_code == 201
                    assert len(entered.headers.get_list("set-cookie")) == 2
                    assert (await browser.get("/api/v1/session")).status_code == 200
            finally:
                runner.should_exit = True
                await task
    assert url != ORIGIN
