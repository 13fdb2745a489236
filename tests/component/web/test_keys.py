"""Machine keys over HTTP: shown once, never wider than their owner, out at once."""

from kit.doors import FIRST, doors, refused
from kit.houses import KYIV, LVIV
from tocsin.core.audit import CredentialChanged

SCOPE = {
    "role": "operator", "sender": "kmva.kyivcity.gov.ua", "regions": [KYIV],
    "hazards": ["air-raid"], "realms": ["live"],
}  # fmt: skip
ALARM = {"hazard": "air-raid", "area": {"regions": [KYIV]}}


async def made(door, script, **change):
    owner = door.side.registry.account_by_login("boris") or (await door.side.operator()).account
    body = {"account": owner.id, "name": "Siren bridge", "scope": SCOPE, **change}
    return await script.post("/api/v1/keys", json=body)


async def test_a_key_is_shown_once_and_opens(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        answer = await made(door, script, direct=True)
        assert answer.status_code == 201, answer.text
        assert answer.headers["cache-control"] == "no-store"
        token, key = answer.json()["token"], answer.json()["key"]
        assert token.startswith(f"tk_{key['id']}_")
        assert (key["per_minute"], key["last_used_at"]) == (60, None)
        listed = await script.get("/api/v1/keys")
        assert [each["id"] for each in listed.json()["keys"]] == [key["id"]]
        assert token not in listed.text
        assert token.rpartition("_")[2] not in listed.text
        machine = await door.script(Authorization=f"Bearer {token}")
        assert (await machine.get("/api/v1/session")).json()["session"] is None
        await door.side.officers.settle()
        (used,) = (await script.get("/api/v1/keys")).json()["keys"]
        assert used["last_used_at"] is not None


async def test_a_revoked_key_opens_nothing_from_that_moment(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        answer = (await made(door, script)).json()
        machine = await door.script(Authorization=f"Bearer {answer['token']}")
        assert (await machine.get("/api/v1/session")).status_code == 200
        way = f"/api/v1/keys/{answer['key']['id']}/revoke"
        revoked = await script.post(way, json={})
        assert revoked.json()["revoked_at"] == "2022-10-11T09:01:30Z"
        assert refused(await machine.get("/api/v1/session")) == (401, "bad-credential")
        unknown = await script.post("/api/v1/keys/0183/revoke", json={})
        again = await script.post(way, json={})
        assert refused(unknown) == refused(again) == (404, "unknown-path")
        told = [(e.kind, e.change) for e in door.side.events(CredentialChanged)]
        assert told[-2:] == [("key", "made"), ("key", "revoked")]


async def test_a_key_is_never_wider_than_its_owner(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        wider = (
            ({"regions": [KYIV, LVIV]}, "/scope/regions/1"),
            ({"sender": "dsns.gov.ua"}, "/scope"),
            ({"role": "supervisor"}, "/scope"),
            ({"role": "administrator"}, "/scope"),
        )
        for change, field in wider:
            answer = await made(door, script, scope={**SCOPE, **change})
            assert refused(answer) == (403, "scope-too-wide"), change
            assert answer.json()["field"] == field, change
        for change, rule in (
            ({"per_minute": 0}, "bad-value"), ({"account": "0183"}, "unknown-account"),
            ({"token": "tk_x"}, "unknown-member"), ({"name": "a\u202eb"}, "control-character"),
            ({"valid_until": "2022-10-11T09:00:00Z"}, "expires-past"),
        ):  # fmt: skip
            assert (await made(door, script, **change)).json()["rule"] == rule, change
        assert (await script.get("/api/v1/keys")).json()["keys"] == []


async def test_a_change_of_the_owner_revokes_the_keys_that_became_too_wide(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        token = (await made(door, script)).json()["token"]
        owner = door.side.registry.account_by_login("boris")
        narrower = {"scope": {**SCOPE, "realms": ["drill"]}}
        await script.post(f"/api/v1/accounts/{owner.id}/change", json=narrower)
        machine = await door.script(Authorization=f"Bearer {token}")
        assert refused(await machine.get("/api/v1/session")) == (401, "bad-credential")


async def test_a_machine_changes_no_credentials_of_its_owner(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        token = (await made(door, script)).json()["token"]
        machine = await door.script(Authorization=f"Bearer {token}")
        asks = (
            ("POST", "me/passkeys/options", {}), ("POST", "me/password", {"password": "x" * 20}),
            ("POST", "me/recovery-codes", {}), ("POST", "session/confirm", {"code": "1"}),
            ("POST", "me/sessions/x/end", {}), ("GET", "me", None), ("DELETE", "session", None),
        )  # fmt: skip
        for method, path, body in asks:
            answer = await machine.request(method, f"/api/v1/{path}", json=body)
            assert refused(answer) == (403, "not-allowed"), path


async def test_a_key_for_drills_signs_for_nothing_real(tmp_path):
    async with doors(tmp_path) as door:
        script = await door.script(**FIRST)
        scope = {**SCOPE, "realms": ["drill"]}
        token = (await made(door, script, scope=scope, direct=True)).json()["token"]
        machine = await door.script(Authorization=f"Bearer {token}")
        assert refused(await machine.post("/api/v1/alerts", json=ALARM)) == (403, "wrong-room")
        assert not door.side.home.service.state.active
