"""The door under attack: guessing, other sites' pages, planted cookies, forged addresses."""

import asyncio
import itertools
import json

import pytest

from kit.doors import LINES, doors, refused
from kit.houses import KYIV
from kit.officers import ELSEWHERE, HERE, ORIGIN, PASSWORD
from tocsin.checks.identity import Permission
from tocsin.core.audit import OfficerRefused, SignedIn, StrangersRefused

GUESS = {"login": "boris", "password": "a wrong guess", "code": "123456"}
FOREIGN = (
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
    {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
    {"Origin": f"{ORIGIN}.evil.example", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "https://localhost:8080", "Sec-Fetch-Site": "same-origin"},
)


async def knock(app, address, body, headers=()):
    """One POST to the sign-in line, straight at the application: status and rule."""
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST",
        "scheme": "http", "path": "/api/v1/session", "raw_path": b"/api/v1/session",
        "query_string": b"", "root_path": "", "client": (address, 4000),
        "server": ("localhost", 8080),
        "headers": [(b"host", b"localhost:8080"), (b"content-type", b"application/json"),
                    (b"content-length", str(len(body)).encode()), *headers],
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": body, "more_body": False}]
    sent = []

    async def receive():
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], json.loads(sent[1]["body"])["rule"]


@pytest.mark.parametrize(
    "tries",
    [2_000, pytest.param(100_000, marks=[pytest.mark.proof, pytest.mark.timeout(900)])],
)
async def test_guessing_costs_nothing_is_summed_up_and_keeps_no_officer_out(tmp_path, tries):
    """50 sources guess at one login for ten minutes; he signs in from his own browser meanwhile."""
    async with doors(tmp_path) as door:
        side = door.side
        person = await side.operator()
        browser = await door.enter(person)
        head, hashed = side.home.journal.head().seq, side.passwords.verified
        sources = [f"198.51.100.{number}" for number in range(50)]
        body = json.dumps(GUESS).encode()
        said = {}
        for number, source in zip(range(tries), itertools.cycle(sources), strict=False):
            answer = await knock(door.app, source, body)
            said[answer] = said.get(answer, 0) + 1
            if number % (tries // 600) == 0:
                side.clock.step(seconds=1)
        assert set(said) == {(401, "sign-in-refused"), (429, "too-many-requests")}
        minutes = 12  # 600 s or a little more
        assert side.passwords.verified - hashed <= 20 * minutes  # what one login allows
        entered = await door.try_in(browser, person)  # at once, from the device that is known
        assert entered.status_code == 201
        await side.officers.flush(everything=True)
        events = side.events(StrangersRefused)
        assert sum(each.count for each in events) == tries
        assert len(events) <= len(sources) * minutes
        assert side.home.journal.head().seq - head == len(events) + 1  # and one sign-in
        assert all(source not in repr(events) for source in sources)


async def test_an_officer_who_is_guessed_at_signs_in_from_a_new_device_after_a_minute(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        for number in range(60):
            await knock(door.app, f"198.51.100.{number}", json.dumps(GUESS).encode())
        fresh = await door.browser()
        assert refused(await door.try_in(fresh, person)) == (429, "too-many-requests")
        door.side.clock.step(seconds=61)
        assert (await door.try_in(fresh, person)).status_code == 201


async def test_a_login_that_is_guessed_at_keeps_nobody_else_out(tmp_path):
    async with doors(tmp_path) as door:
        await door.side.operator()
        olena = await door.side.operator("olena")
        for number in range(30):
            await knock(door.app, f"198.51.100.{number}", json.dumps(GUESS).encode())
        assert (await door.try_in(await door.browser(), olena)).status_code == 201


async def test_an_unknown_login_gets_the_same_answer_for_the_same_work(tmp_path):
    async with doors(tmp_path) as door:
        await door.side.operator()
        browser = await door.browser()
        bodies, work = [], []
        for login in ("boris", "nobody", ""):
            before = door.side.passwords.verified
            answer = await browser.post("/api/v1/session", json={**GUESS, "login": login})
            assert refused(answer) == (401, "sign-in-refused")
            bodies.append(answer.json())
            work.append(door.side.passwords.verified - before)
        assert bodies[0] == bodies[1] == bodies[2]
        assert work == [1, 1, 1]


async def test_a_code_works_once_and_of_two_at_once_for_one(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        code = person.code(door.side.now)
        browsers = [await door.browser() for _ in range(4)]
        tries = [door.try_in(each, person, code=code) for each in browsers]
        answers = await asyncio.gather(*tries)
        assert sorted(each.status_code for each in answers) == [201, 401, 401, 401]
        later = await door.try_in(await door.browser(ELSEWHERE), person, code=code)
        assert refused(later) == (401, "code-used")
        assert len(door.side.events(SignedIn)) == 1
        assert "code-used" in {each.rule for each in door.side.events(OfficerRefused)}


async def test_clocks_may_differ_by_a_minute_and_no_more(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        for skew, status in ((-180, 401), (180, 401), (-60, 201), (60, 201)):
            at = door.side.now.timestamp() + skew
            code = person.code(type(door.side.now).fromtimestamp(at, door.side.now.tzinfo))
            answer = await door.try_in(await door.browser(), person, code=code)
            assert answer.status_code == status, skew


# -- other sites ---------------------------------------------------------------------------------


async def test_a_change_by_another_sites_page_is_refused_in_every_line(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        own = dict(browser.cookies)
        changes = [line for line in LINES if line.method != "GET"
                   and line.permission is Permission.SELF]  # fmt: skip
        assert len(changes) >= 9
        for line in changes:
            path = line.path.replace("{id}", "x")
            for headers in (*FOREIGN, {}):
                page = await door.script(**headers)
                page.cookies.update(own)
                answer = await page.request(line.method, path, json={})
                assert refused(answer) == (403, "cross-site"), (line.name, headers)
        alarm = {"hazard": "air-raid", "area": {"regions": [KYIV]}}
        page = await door.script(**FOREIGN[0])
        page.cookies.update(own)
        assert refused(await page.post("/api/v1/alerts", json=alarm)) == (403, "cross-site")
        assert (await browser.get("/api/v1/session")).status_code == 200
        await door.side.officers.flush(everything=True)
        (counted,) = door.side.events(StrangersRefused)
        assert counted.rules == {"cross-site": len(changes) * 8 + 1}


async def test_another_sites_page_cannot_sign_a_browser_in_as_somebody_else(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        link = door.side.officers.links.invite_first()
        for headers in FOREIGN:
            page = await door.script(**headers)
            assert refused(await door.try_in(page, person)) == (403, "cross-site")
            for path in ("session/passkey/options", "session/passkey", f"start/{link}"):
                body = {"credential": {}} if path == "session/passkey" else {}
                answer = await page.post(f"/api/v1/{path}", json=body)
                assert refused(answer) == (403, "cross-site"), path
        script = await door.script()  # a program names no page, and holds nobody's cookies
        assert (await door.try_in(script, person)).status_code == 201


async def test_a_form_of_another_site_cannot_even_send_a_body(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.browser()
        for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
            answer = await browser.post(
                "/api/v1/session", content=json.dumps(GUESS), headers={"Content-Type": kind}
            )
            assert refused(answer) == (415, "wrong-content-type")


# -- planted cookies -----------------------------------------------------------------------------


async def test_a_cookie_that_was_planted_before_is_not_the_one_after(tmp_path):
    async with doors(tmp_path) as door:
        victim, thief = await door.side.operator(), await door.side.operator("taras")
        his = await door.enter(thief, address=ELSEWHERE)
        planted = dict(his.cookies)
        browser = await door.browser()
        browser.cookies.update(planted)
        entered = await door.try_in(browser, victim)
        assert entered.status_code == 201
        assert entered.json()["name"] == "Boris"
        fresh = {line.partition("=")[0]: line.partition("=")[2].partition(";")[0]
                 for line in entered.headers.get_list("set-cookie")}  # fmt: skip
        assert fresh["tocsin-session"] != planted["tocsin-session"]
        assert (await his.get("/api/v1/session")).json()["name"] == "Taras"


async def test_a_made_up_session_or_device_is_not_taken_over(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.browser()
        browser.cookies.update({"tocsin-session": "x" * 43, "tocsin-device": "y" * 43})
        entered = await door.try_in(browser, person)
        assert entered.status_code == 201
        said = " ".join(entered.headers.get_list("set-cookie"))
        assert "x" * 43 not in said
        assert "y" * 43 not in said
        thief = await door.browser(ELSEWHERE)
        thief.cookies.update({"tocsin-session": "x" * 43, "tocsin-device": "y" * 43})
        assert refused(await thief.get("/api/v1/session")) == (401, "session-over")


# -- what is sent --------------------------------------------------------------------------------


async def test_a_body_gives_itself_nothing_and_slips_name_their_field(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.browser()
        right = {"login": "boris", "password": PASSWORD, "code": person.code(door.side.now)}
        head = door.side.home.journal.head()
        slips = [({extra: "administrator"}, "unknown-member", f"/{extra}") for extra in (
            "role", "scope", "permissions", "account", "session", "device", "source", "shift_h",
        )]  # fmt: skip
        slips += [
            ({"login": None}, "wrong-type", "/login"),
            ({"login": ["boris"]}, "wrong-type", "/login"),
            ({"password": {"$ne": ""}}, "wrong-type", "/password"),
            ({"code": 123456}, "wrong-type", "/code"),
            ({"login": "b" * 201}, "text-too-long", "/login"),
            ({"password": "p" * 1025}, "text-too-long", "/password"),
            ({"code": "1" * 65}, "text-too-long", "/code"),
        ]
        for change, rule, field in slips:
            answer = await browser.post("/api/v1/session", json={**right, **change})
            assert (answer.json()["rule"], answer.json()["field"]) == (rule, field), change
            assert "set-cookie" not in answer.headers
        for content, rule in (
            (b'{"login":"boris","login":"anna","password":"x","code":"1"}', "duplicate-member"),
            (b'{"login":"boris"', "bad-json"), (b"[]", "wrong-type"), (b"", "bad-json"),
            (b'{"credential":' + b'{"a":' * 200 + b"1" + b"}" * 201, "too-deep"),
        ):  # fmt: skip
            answer = await browser.post(
                "/api/v1/session", content=content, headers={"Content-Type": "application/json"}
            )
            assert answer.json()["rule"] == rule, content[:30]
        assert door.side.home.journal.head() == head
        assert (await browser.post("/api/v1/session", json=right)).status_code == 201


async def test_hostile_logins_and_passwords_are_simply_wrong(tmp_path):
    async with doors(tmp_path) as door:
        await door.side.operator()
        for number, text in enumerate(
            ("' OR 1=1 --", "\u0000", "bor\u0131s", "../../etc/passwd", "BORIS\u200b", "\U0001f600")
        ):
            browser = await door.browser(f"192.0.2.{number}")
            for member in ("login", "password", "code"):
                answer = await browser.post("/api/v1/session", json={**GUESS, member: text})
                assert refused(answer) == (401, "sign-in-refused"), (member, text)
        half = await door.browser("192.0.2.99")
        answer = await half.post(
            "/api/v1/session", headers={"Content-Type": "application/json"},
            content=b'{"login":"\\ud800","password":"\\udfff","code":"1"}',
        )  # fmt: skip
        assert 400 <= answer.status_code < 500


# -- addresses -----------------------------------------------------------------------------------


async def test_a_forged_address_is_ignored(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.browser()
        rules = []
        for number in range(15):
            forged = {"X-Forwarded-For": f"192.0.2.{number}", "Forwarded": f"for=192.0.2.{number}",
                      "X-Real-IP": f"192.0.2.{number}"}  # fmt: skip
            body = {**GUESS, "login": f"somebody{number}"}
            rules.append(refused(await browser.post("/api/v1/session", json=body, headers=forged)))
        assert rules == [(401, "sign-in-refused")] * 10 + [(429, "too-many-requests")] * 5
        await door.side.officers.flush(everything=True)
        assert [each.count for each in door.side.events(StrangersRefused)] == [15]


async def test_a_listed_proxys_word_counts_and_what_stands_before_it_does_not(tmp_path):
    async with doors(tmp_path, proxies=frozenset({"10.0.0.1", "10.0.0.2"})) as door:
        behind = await door.browser("10.0.0.1")

        async def tried(number, forwarded):
            body = {**GUESS, "login": f"somebody{number}"}
            headers = {"X-Forwarded-For": forwarded}
            return refused(await behind.post("/api/v1/session", json=body, headers=headers))[0]

        apart = [await tried(n, f"203.0.113.{n}, 10.0.0.2") for n in range(15)]
        assert apart == [401] * 15  # fifteen people behind two proxies
        same = [await tried(50 + n, f"192.0.2.{n}, 198.51.100.7, 10.0.0.2") for n in range(15)]
        assert same == [401] * 10 + [429] * 5  # one who writes another address before his own


async def test_a_walk_through_ones_own_64_is_one_source(tmp_path):
    async with doors(tmp_path) as door:
        rules = []
        for number in range(15):
            body = json.dumps({**GUESS, "login": f"somebody{number}"}).encode()
            rules.append((await knock(door.app, f"2001:db8:0:7::{number:x}", body))[0])
        assert rules == [401] * 10 + [429] * 5
        other = json.dumps({**GUESS, "login": "somebody"}).encode()
        assert (await knock(door.app, "2001:db8:0:8::1", other))[0] == 401


# -- what is left behind -------------------------------------------------------------------------


async def test_no_name_no_address_and_no_secret_is_left_in_journal_or_log(tmp_path, capfd):
    async with doors(tmp_path) as door:
        person = await door.side.operator("kateryna")
        browser = await door.browser(HERE)
        await browser.post("/api/v1/session", json={**GUESS, "login": "kateryna"})
        await door.try_in(browser, person)
        session = browser.cookies["tocsin-session"]
        code = person.code(door.side.now)
        await browser.post("/api/v1/me/recovery-codes", json={})
        await browser.delete("/api/v1/session")
        await door.side.officers.flush(everything=True)
        rows = b"".join(row.data for row in door.side.home.journal.read()).decode()
        said = "".join(capfd.readouterr())
        for secret in ("kateryna", "Kateryna", HERE, PASSWORD, GUESS["password"], session,
                       person.secret, *person.codes):  # fmt: skip
            assert secret not in rows, secret
            assert secret not in said, secret
        assert f'"{code}"' not in rows
        assert person.account.id in rows


async def test_every_answer_about_officers_is_kept_by_nobody_on_the_way(tmp_path):
    async with doors(tmp_path) as door:
        browser = await door.enter(await door.side.operator())
        link = door.side.officers.links.invite_first()
        for path in ("session", "me", "me/sessions", f"start/{link}"):
            answer = await browser.get(f"/api/v1/{path}")
            assert answer.status_code == 200, path
            assert answer.headers["cache-control"] == "no-store", path
            foreign = answer.headers.get("access-control-allow-origin")
            assert foreign is None, path
