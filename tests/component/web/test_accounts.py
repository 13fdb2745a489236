"""Accounts over HTTP: who may keep them, what a scope must say, what ends with one."""

from kit.doors import FIRST, doors, refused
from kit.houses import KYIV, LVIV
from kit.officers import PASSWORD
from tocsin.core.audit import AccountChanged, OfficerRefused

SCOPE = {
    "role": "operator", "sender": "kmva.kyivcity.gov.ua", "regions": ["UA-30"],
    "hazards": ["air-raid", "missile"], "realms": ["live", "drill"],
}  # fmt: skip
NEW = {"login": "Olena", "name": "Olena P.", "scope": SCOPE}


async def an_administrator(door, login="anna"):
    """A browser in which an administrator has signed in."""
    return await door.enter(await door.side.administrator(login))


async def test_an_administrator_opens_an_account_and_the_link_is_shown_once(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        opened = await browser.post("/api/v1/accounts", json=NEW)
        assert opened.status_code == 201, opened.text
        assert opened.headers["cache-control"] == "no-store"
        said = opened.json()
        assert said["link"].startswith("http://localhost:8080/start/")
        assert said["link_ends_at"] == "2022-10-12T09:02:00Z"
        account = said["account"]
        assert (account["login"], account["holds"]) == ("olena", True)
        assert account["scope"]["regions"] == [KYIV]  # named by its alias
        assert account["scope"]["channels"] == ["*"]
        listed = (await browser.get("/api/v1/accounts")).json()["accounts"]
        assert [each["login"] for each in listed] == ["anna", "olena"]
        token = said["link"].rpartition("/")[2]
        card = await browser.get(f"/api/v1/accounts/{account['id']}")
        assert token not in card.text
        assert card.json()["password"] is None
        shown = await (await door.browser()).get(f"/api/v1/start/{token}")
        assert (shown.json()["kind"], shown.json()["login"]) == ("account", "olena")


async def test_slips_in_an_account_name_their_field_and_open_nothing(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        await door.side.operator("boris")
        slips = (
            ({"login": "Boris"}, "login-taken", "/login"),
            ({"login": ""}, "bad-value", "/login"),
            ({"login": "a b"}, "bad-value", "/login"),
            ({"login": "ole\u200bna"}, "control-character", "/login"),
            ({"login": "x" * 201}, "text-too-long", "/login"),
            ({"name": "Ole\u202ena"}, "control-character", "/name"),
            ({"name": "  "}, "missing-member", "/name"),
            ({"id": "0183"}, "unknown-member", "/id"),
            ({"password": PASSWORD}, "unknown-member", "/password"),
            ({"valid_until": "2022-10-11T09:00:00Z"}, "expires-past", "/valid_until"),
            ({"scope": {**SCOPE, "role": "king"}}, "bad-value", "/scope/role"),
            ({"scope": {**SCOPE, "permissions": []}}, "unknown-member", "/scope/permissions"),
            ({"scope": {**SCOPE, "regions": ["UA-30", "UA-99"]}}, "unknown-region",
             "/scope/regions/1"),
            ({"scope": {**SCOPE, "regions": []}}, "missing-member", "/scope/regions"),
            ({"scope": {**SCOPE, "realms": []}}, "missing-member", "/scope/realms"),
            ({"scope": {**SCOPE, "realms": ["prod"]}}, "bad-value", "/scope/realms/0"),
            ({"scope": {**SCOPE, "hazards": ["dragon"]}}, "unknown-hazard", "/scope/hazards/0"),
            ({"scope": {**SCOPE, "hazards": []}}, "missing-member", "/scope/hazards"),
            ({"scope": {**SCOPE, "sender": ""}}, "missing-member", "/scope/sender"),
            ({"scope": {**SCOPE, "sender": "a\u202eb"}}, "control-character", "/scope/sender"),
            ({"scope": {**SCOPE, "channels": ["a b"]}}, "bad-value", "/scope/channels/0"),
        )  # fmt: skip
        before = len(door.side.registry.accounts())
        for change, rule, field in slips:
            answer = await script.post("/api/v1/accounts", json={**NEW, **change})
            assert (answer.json()["rule"], answer.json()["field"]) == (rule, field), change
            assert 400 <= answer.status_code < 500, change
        assert len(door.side.registry.accounts()) == before


async def test_a_change_replaces_what_is_given_and_leaves_the_rest(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        account = (await browser.post("/api/v1/accounts", json=NEW)).json()["account"]
        way = f"/api/v1/accounts/{account['id']}/change"
        until = {"valid_until": "2022-12-31T00:00:00Z"}
        assert (await browser.post(way, json=until)).json()["valid_until"] == until["valid_until"]
        renamed = (await browser.post(way, json={"name": "Olena Petrenko"})).json()
        assert renamed == {**account, **until, "name": "Olena Petrenko"}
        wider = {**SCOPE, "role": "supervisor", "regions": [LVIV], "severity": "Severe"}
        changed = (await browser.post(way, json={"scope": wider, "valid_until": None})).json()
        assert changed["valid_until"] is None
        assert (changed["scope"]["role"], changed["scope"]["regions"]) == ("supervisor", [LVIV])
        assert (await browser.post(way, json={"login": "x"})).json()["rule"] == "unknown-member"


async def test_nobody_changes_or_closes_his_own(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        own = (await browser.get("/api/v1/session")).json()["account"]
        way = f"/api/v1/accounts/{own}"
        change = await browser.post(f"{way}/change", json={"scope": SCOPE})
        assert refused(change) == (403, "not-your-own")
        assert refused(await browser.post(f"{way}/close", json={})) == (403, "not-your-own")
        assert (await browser.get("/api/v1/session")).json()["role"] == "administrator"


async def test_a_closed_account_is_out_at_once_and_can_be_erased(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        person = await door_operator(door, browser)
        hers = await door.enter(person)
        way = f"/api/v1/accounts/{person.account.id}"
        assert (await browser.post(f"{way}/erase", json={})).is_error  # it is open
        closed = await browser.post(f"{way}/close", json={})
        assert closed.status_code == 200, closed.text
        assert closed.json()["account"]["holds"] is False
        assert refused(await hers.get("/api/v1/session")) == (401, "session-over")
        assert refused(await door.try_in(await door.browser(), person)) == (
            401, "sign-in-refused",
        )  # fmt: skip
        assert refused(await browser.post(f"{way}/close", json={})) == (404, "unknown-account")
        assert refused(await browser.post(f"{way}/reset", json={})) == (404, "unknown-account")
        erased = (await browser.post(f"{way}/erase", json={})).json()
        assert (erased["account"]["login"], erased["account"]["name"]) == ("", "")
        assert "olena" not in (await browser.get("/api/v1/accounts")).text.lower()
        told = [e.change for e in door.side.events(AccountChanged)
                if e.account_id == person.account.id]  # fmt: skip
        assert told == ["opened", "closed", "erased"]


async def test_a_reset_link_begins_anew_and_what_was_there_holds_until_then(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        person = await door_operator(door, browser)
        hers = await door.enter(person)
        link = (await browser.post(f"/api/v1/accounts/{person.account.id}/reset", json={})).json()
        assert (await hers.get("/api/v1/session")).status_code == 200
        anew = await door.side.enrol(link["link"].rpartition("/")[2])
        assert anew.secret != person.secret
        assert refused(await hers.get("/api/v1/session")) == (401, "session-over")
        assert refused(await door.try_in(await door.browser(), person)) == (
            401, "sign-in-refused",
        )  # fmt: skip
        assert (await door.try_in(await door.browser(), anew)).status_code == 201


async def test_an_administrator_takes_a_credential_away(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        person = await door_operator(door, browser)
        hers = await door.enter(person)
        way = f"/api/v1/accounts/{person.account.id}"
        totp = (await browser.get(way)).json()["totp"]
        after = (await browser.post(f"{way}/credentials/{totp}/revoke", json={})).json()
        assert after["totp"] is None
        assert refused(await hers.get("/api/v1/session")) == (401, "session-over")
        assert refused(await browser.post(f"{way}/credentials/{totp}/revoke", json={})) == (
            404, "unknown-path",
        )  # fmt: skip


async def test_unknown_accounts_are_not_there_in_any_line(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        way = "/api/v1/accounts/0183c645-0000"
        assert refused(await browser.get(way)) == (404, "unknown-account")
        for verb in ("change", "close", "reset", "erase", "credentials/x/revoke"):
            answer = await browser.post(f"{way}/{verb}", json={})
            assert refused(answer) == (404, "unknown-account"), verb


async def test_giving_needs_a_fresh_proof_and_taking_away_does_not(tmp_path):
    async with doors(tmp_path) as door:
        browser = await an_administrator(door)
        person = await door_operator(door, browser)
        door.side.clock.step(minutes=16)
        way = f"/api/v1/accounts/{person.account.id}"
        for path, body in (
            ("/api/v1/accounts", {**NEW, "login": "other"}), (f"{way}/reset", {}),
            (f"{way}/change", {"name": "x"}),
        ):  # fmt: skip
            assert refused(await browser.post(path, json=body)) == (403, "needs-confirmation"), path
        assert (await browser.post(f"{way}/close", json={})).status_code == 200


async def test_only_administrators_keep_accounts_and_each_try_of_others_is_written(tmp_path):
    async with doors(tmp_path) as door:
        person = await door.side.operator()
        browser = await door.enter(person)
        own = f"/api/v1/accounts/{person.account.id}"
        tries = [("/api/v1/accounts", NEW), (f"{own}/change", {"scope": {**SCOPE}})]
        tries += [(f"{own}/{verb}", {}) for verb in ("close", "reset", "erase")]
        for path, body in tries:
            assert refused(await browser.post(path, json=body)) == (403, "not-allowed"), path
        for path in ("/api/v1/accounts", own):
            assert refused(await browser.get(path)) == (403, "not-allowed"), path
        await door.side.officers.settle()
        told = door.side.events(OfficerRefused)
        assert [each.rule for each in told] == ["not-allowed"] * 7
        assert {each.account_id for each in told} == {person.account.id}
        assert "change-account" in {each.line for each in told}


async def door_operator(door, browser):
    """Olena, with credentials of her own."""
    opened = (await browser.post("/api/v1/accounts", json=NEW)).json()
    return await door.side.enrol(opened["link"].rpartition("/")[2])
