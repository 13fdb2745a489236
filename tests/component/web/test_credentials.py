"""One-time links and one's own credentials over HTTP."""

import asyncio

import pyotp

from kit.authenticator import Authenticator
from kit.doors import doors, refused
from kit.officers import ELSEWHERE, PASSWORD, a_scope, yes
from tocsin.checks.identity import FIRST_TOKEN
from tocsin.core.audit import AccountChanged, CredentialChanged
from tocsin.core.authority import Role

OTHER_PASSWORD = "seven quiet birds over ice"


def code_of(secret, door, **later):
    door.side.clock.step(**later)
    return pyotp.TOTP(secret).at(int(door.side.now.timestamp()))


async def test_the_first_link_makes_the_administrator_and_works_once(tmp_path):
    async with doors(tmp_path) as door:
        token = door.side.officers.links.invite_first()
        browser = await door.browser()
        shown = (await browser.get(f"/api/v1/start/{token}")).json()
        assert (shown["kind"], shown["login"], shown["name"]) == ("first", None, None)
        totp = shown["totp"]
        assert totp["secret"] in totp["uri"]
        assert totp["svg"].startswith("<svg")
        assert "style" not in totp["svg"]
        body = {
            "login": " Anna ", "name": "Anna K.", "password": PASSWORD,
            "code": code_of(totp["secret"], door),
        }  # fmt: skip
        done = await browser.post(f"/api/v1/start/{token}", json=body)
        assert done.status_code == 201, done.text
        assert done.headers["cache-control"] == "no-store"
        assert done.json()["login"] == "anna"
        assert len(set(done.json()["recovery_codes"])) == 10
        assert refused(await browser.get(f"/api/v1/start/{token}")) == (409, "link-used")
        again = await browser.post(f"/api/v1/start/{token}", json=body)
        assert refused(again) == (409, "link-used")
        (opened,) = door.side.events(AccountChanged)
        assert (opened.role, opened.change) == (Role.ADMINISTRATOR, "opened")
        sign_in = {
            "login": "ANNA", "password": PASSWORD,
            "code": code_of(totp["secret"], door, seconds=90),
        }  # fmt: skip
        entered = await browser.post("/api/v1/session", json=sign_in)
        assert entered.json()["role"] == "administrator"


async def test_a_link_may_begin_with_a_passkey_alone(tmp_path):
    async with doors(tmp_path) as door:
        linked = await an_account(door)
        browser = await door.browser()
        key = Authenticator()
        shown = (await browser.get(f"/api/v1/start/{linked.token}")).json()
        made = {"credential": key.make(shown["passkey"]), "passkey_name": "Blue key"}
        done = await browser.post(f"/api/v1/start/{linked.token}", json=made)
        assert done.status_code == 201, done.text
        assert done.json()["recovery_codes"] == []
        options = (await browser.post("/api/v1/session/passkey/options", json={})).json()
        signed = {"credential": key.sign(options)}
        assert (await browser.post("/api/v1/session/passkey", json=signed)).status_code == 201
        me = (await browser.get("/api/v1/me")).json()
        assert (me["password"], me["totp"], me["recovery_codes_left"]) == (False, False, 0)
        (only,) = me["passkeys"]
        assert only["name"] == "Blue key"
        last = await browser.post(f"/api/v1/me/passkeys/{only['id']}/remove", json={})
        assert refused(last) == (422, "bad-value")  # it is the only way in


async def test_a_refused_start_uses_nothing_up(tmp_path):
    async with doors(tmp_path) as door:
        linked = await an_account(door)
        browser = await door.browser()
        way = f"/api/v1/start/{linked.token}"
        secret = (await browser.get(way)).json()["totp"]["secret"]
        code = code_of(secret, door)
        slips = (
            ({"password": "short", "code": code}, "weak-password", "/password"),
            ({"password": "kateryna kateryna", "code": code}, "weak-password", "/password"),
            ({"password": PASSWORD, "code": "000000"}, "sign-in-refused", "/code"),
            ({"password": PASSWORD}, "sign-in-refused", "/code"),
            ({"credential": {"id": "x"}}, "sign-in-refused", "/credential"),
            ({}, "missing-member", "/password"),
        )
        for body, rule, field in slips:
            answer = await browser.post(way, json=body)
            assert (answer.json()["rule"], answer.json()["field"]) == (rule, field)
        done = await browser.post(way, json={"password": PASSWORD, "code": code})
        assert done.status_code == 201


async def test_a_link_is_over_after_a_day_and_an_unknown_one_looks_the_same(tmp_path):
    async with doors(tmp_path) as door:
        linked = await an_account(door)
        browser = await door.browser()
        door.side.clock.step(hours=24)
        over = await browser.get(f"/api/v1/start/{linked.token}")
        unknown = await browser.get("/api/v1/start/nonsense")
        assert refused(over) == refused(unknown) == (409, "link-used")
        assert over.json() == unknown.json()


async def test_of_two_who_use_a_link_at_once_one_is_let_in(tmp_path):
    async with doors(tmp_path) as door:
        linked = await an_account(door)
        way = f"/api/v1/start/{linked.token}"
        one, two = await door.browser(), await door.browser(ELSEWHERE)
        secret = (await one.get(way)).json()["totp"]["secret"]
        body = {"password": PASSWORD, "code": code_of(secret, door)}
        answers = await asyncio.gather(one.post(way, json=body), two.post(way, json=body))
        assert sorted(each.status_code for each in answers) == [201, 409]


async def test_a_link_gives_no_more_than_the_account_has(tmp_path):
    async with doors(tmp_path) as door:
        linked = await an_account(door)
        browser = await door.browser()
        way = f"/api/v1/start/{linked.token}"
        secret = (await browser.get(way)).json()["totp"]["secret"]
        good = {"password": PASSWORD, "code": code_of(secret, door)}
        for extra in ("role", "scope", "account", "sender", "kind", "valid_until"):
            answer = await browser.post(way, json={**good, extra: "administrator"})
            assert answer.json()["rule"] == "unknown-member"
        done = await browser.post(way, json={**good, "login": "boss", "name": "The Boss"})
        assert done.json()["login"] == "kateryna"  # only the first administrator chooses
        account = door.side.registry.account(linked.account.id)
        assert (account.name, account.scope) == ("Kateryna", linked.account.scope)


async def test_an_officer_adds_and_removes_a_passkey(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        options = (await browser.post("/api/v1/me/passkeys/options", json={})).json()
        key = Authenticator()
        body = {"name": "Desk 4", "credential": key.make(options)}
        made = await browser.post("/api/v1/me/passkeys", json=body)
        assert made.status_code == 201, made.text
        again = await browser.post("/api/v1/me/passkeys", json=body)
        assert again.json()["rule"] == "code-used"
        me = (await browser.get("/api/v1/me")).json()
        assert me["passkeys"] == [made.json()]
        assert (me["login"], me["password"], me["totp"]) == ("boris", True, True)
        assert "secret" not in (await browser.get("/api/v1/me")).text
        gone = await browser.post(f"/api/v1/me/passkeys/{made.json()['id']}/remove", json={})
        assert gone.status_code == 200
        assert (await browser.get("/api/v1/me")).json()["passkeys"] == []
        told = [(e.kind, e.change) for e in door.side.events(CredentialChanged)][-2:]
        assert told == [("passkey", "made"), ("passkey", "revoked")]


async def test_a_new_password_ends_the_other_sessions(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        other = await door.enter(person, address=ELSEWHERE)
        browser = await door.enter(person)
        weak = await browser.post("/api/v1/me/password", json={"password": "boris boris boris"})
        assert refused(weak) == (422, "weak-password")
        changed = await browser.post("/api/v1/me/password", json={"password": OTHER_PASSWORD})
        assert changed.status_code == 200, changed.text
        assert refused(await other.get("/api/v1/session")) == (401, "session-over")
        assert (await browser.get("/api/v1/session")).status_code == 200
        fresh = await door.browser()
        assert refused(await door.try_in(fresh, person)) == (401, "sign-in-refused")
        entered = await door.try_in(fresh, person, password=OTHER_PASSWORD)
        assert entered.status_code == 201


async def test_fresh_recovery_codes_make_the_old_ones_void_and_each_works_once(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        made = await browser.post("/api/v1/me/recovery-codes", json={})
        assert made.status_code == 201
        code = made.json()["recovery_codes"][0]
        fresh = await door.browser()
        assert refused(await door.try_in(fresh, person, code=person.codes[0])) == (
            401, "sign-in-refused",
        )  # fmt: skip
        assert (await door.try_in(fresh, person, code=code)).status_code == 201
        assert refused(await door.try_in(fresh, person, code=code)) == (401, "sign-in-refused")
        assert (await browser.get("/api/v1/me")).json()["recovery_codes_left"] == 9


async def test_another_app_takes_the_place_of_the_old_one_once_it_was_proved(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        other = await door.enter(person, address=ELSEWHERE)
        browser = await door.enter(person)
        way = "/api/v1/me/totp"
        early = await browser.post(f"{way}/confirm", json={"code": person.code(door.side.now)})
        assert refused(early) == (409, "not-as-it-stands")
        shown = await browser.post(way, json={})
        assert shown.headers["cache-control"] == "no-store"
        totp = shown.json()
        assert totp["secret"] in totp["uri"]
        assert "/boris?" in totp["uri"] or ":boris?" in totp["uri"]
        assert "viewBox" in totp["svg"]
        assert "width" not in totp["svg"]
        old = person.code(door.side.now)
        wrong = await browser.post(f"{way}/confirm", json={"code": old})
        assert refused(wrong) == (401, "sign-in-refused")
        assert (await other.get("/api/v1/session")).status_code == 200  # nothing has changed yet
        before = door.side.registry.totp(person.account.id)
        code = code_of(totp["secret"], door)
        taken = await browser.post(f"{way}/confirm", json={"code": code})
        assert taken.status_code == 200, taken.text
        assert refused(await other.get("/api/v1/session")) == (401, "session-over")
        assert (await browser.get("/api/v1/session")).status_code == 200
        after = door.side.registry.totp(person.account.id)
        told = [(e.credential_id, e.kind, e.change, e.by)
                for e in door.side.events(CredentialChanged)][-2:]  # fmt: skip
        assert told == [
            (after.id, "totp", "made", person.account.id),
            (before.id, "totp", "revoked", person.account.id),
        ]
        fresh = await door.browser()
        assert refused(await door.try_in(fresh, person, code=code)) == (401, "code-used")
        later = code_of(totp["secret"], door, seconds=90)
        stale = await door.try_in(fresh, person, code=person.code(door.side.now))
        assert refused(stale) == (401, "sign-in-refused")
        assert (await door.try_in(fresh, person, code=later)).status_code == 201
        again = await browser.post(f"{way}/confirm", json={"code": later})
        assert refused(again) == (409, "not-as-it-stands")


async def test_a_new_generator_is_ones_sessions_and_over_after_a_quarter_of_an_hour(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser, other = await door.enter(person), await door.enter(person, address=ELSEWHERE)
        first = (await browser.post("/api/v1/me/totp", json={})).json()["secret"]
        second = (await browser.post("/api/v1/me/totp", json={})).json()["secret"]
        for asked, secret in ((browser, first), (other, second)):
            body = {"code": code_of(secret, door)}
            assert (await asked.post("/api/v1/me/totp/confirm", json=body)).status_code in (
                401,
                409,
            )
        door.side.clock.step(minutes=16)
        confirmed = {"code": person.code(door.side.now)}
        await browser.post("/api/v1/session/confirm", json=confirmed)
        late = await browser.post("/api/v1/me/totp/confirm", json={"code": code_of(second, door)})
        assert refused(late) == (409, "not-as-it-stands")
        assert door.side.registry.totp(person.account.id).secret == person.secret


async def test_a_generator_that_cannot_be_recorded_is_not_taken(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        secret = (await browser.post("/api/v1/me/totp", json={})).json()["secret"]
        door.side.home.journal.refuse = True
        body = {"code": code_of(secret, door)}
        failed = await browser.post("/api/v1/me/totp/confirm", json=body)
        assert failed.status_code == 503
        assert door.side.registry.totp(person.account.id).secret == person.secret
        door.side.home.journal.refuse = False


async def test_who_has_no_password_has_no_generator(tmp_path):
    async with doors(tmp_path) as door:
        linked = await an_account(door)
        browser = await door.browser()
        key = Authenticator()
        shown = (await browser.get(f"/api/v1/start/{linked.token}")).json()
        made = {"credential": key.make(shown["passkey"]), "passkey_name": "Blue key"}
        await browser.post(f"/api/v1/start/{linked.token}", json=made)
        options = (await browser.post("/api/v1/session/passkey/options", json={})).json()
        await browser.post("/api/v1/session/passkey", json={"credential": key.sign(options)})
        asked = await browser.post("/api/v1/me/totp", json={})
        assert refused(asked) == (409, "not-as-it-stands")


async def test_whatever_adds_a_credential_needs_a_fresh_proof(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        door.side.clock.step(minutes=16)
        asks = (
            ("passkeys/options", {}),
            ("passkeys", {"name": "x", "credential": {}}),
            ("password", {"password": OTHER_PASSWORD}),
            ("recovery-codes", {}),
            ("totp", {}),
            ("totp/confirm", {"code": "123456"}),
        )
        for path, body in asks:
            answer = await browser.post(f"/api/v1/me/{path}", json=body)
            assert refused(answer) == (403, "needs-confirmation"), path
        confirmed = {"code": person.code(door.side.now)}
        await browser.post("/api/v1/session/confirm", json=confirmed)
        answer = await browser.post("/api/v1/me/recovery-codes", json={})
        assert answer.status_code == 201


async def test_one_sees_and_ends_ones_own_sessions(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        other = await door.enter(person, address=ELSEWHERE)
        browser = await door.enter(person)
        first, second = (await browser.get("/api/v1/me/sessions")).json()["sessions"]
        assert (first["this"], second["this"]) == (False, True)
        assert "token" not in first
        ended = await browser.post(f"/api/v1/me/sessions/{first['id']}/end", json={})
        assert ended.status_code == 200
        assert refused(await other.get("/api/v1/session")) == (401, "session-over")
        again = await browser.post(f"/api/v1/me/sessions/{first['id']}/end", json={})
        assert refused(again) == (404, "unknown-path")


async def test_what_is_somebody_elses_looks_like_what_is_not_there(tmp_path):
    async with doors(tmp_path) as door:
        boris, olena = await door.side.operator(), await door.side.operator("olena")
        hers = await door.side.sign_in(olena)
        await door.side.with_passkey(hers, Authenticator())
        (passkey,) = door.side.registry.passkeys(olena.account.id)
        browser = await door.enter(boris)
        for kind, id_ in (("passkeys", passkey.id), ("sessions", hers.session.id)):
            verb = "remove" if kind == "passkeys" else "end"
            foreign = await browser.post(f"/api/v1/me/{kind}/{id_}/{verb}", json={})
            unknown = await browser.post(f"/api/v1/me/{kind}/0183-none/{verb}", json={})
            assert refused(foreign) == (404, "unknown-path"), kind
            assert foreign.json() == unknown.json(), kind
        assert door.side.registry.passkeys(olena.account.id) == [passkey]
        assert door.side.registry.sessions(olena.account.id) == [hers.session]


async def an_account(door):
    return yes(
        await door.side.officers.accounts.open(
            FIRST_TOKEN, login="kateryna", name="Kateryna", scope=a_scope()
        )
    )
