"""What officers read of the journal: filtered, paged, exported so that anybody can check it."""

import hashlib
import json

from kit.desks import works
from kit.doors import refused
from kit.houses import KYIV, LVIV, issue
from tocsin.core.authority import Role
from tocsin.journal import chain
from tocsin.service.records import GENESIS


def test_the_hash_before_the_first_row_is_the_chains():
    assert GENESIS == chain.GENESIS


async def test_rows_come_the_latest_first_and_only_those_that_fit(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        service = at.side.home.service
        one = await service.submit(issue(KYIV))
        at.clock.step(minutes=1)
        since = at.clock.now()
        await service.submit(issue(LVIV))
        handle = service.view(one.alert_id).alert.handle

        async def rows(**query):
            answer = await boris.get("/api/v1/journal", params=query)
            assert answer.status_code == 200, answer.text
            return answer.json()["rows"]

        kinds = [row["kind"] for row in await rows()]
        assert kinds[:2] == ["alert-issued", "alert-issued"]
        assert {"account-changed", "signed-in", "credential-changed"} <= set(kinds)
        assert [row["handle"] for row in await rows(alert=handle)] == [handle]
        there = await rows(region=LVIV, kind="alert-issued")
        assert [row["facts"]["regions"] for row in there] == [[LVIV]]
        assert len(await rows(since=since.isoformat())) == 1
        who = (await rows(kind="signed-in"))[0]["by"]
        assert who["name"] == "Boris"
        mine = await rows(account=who["account"])
        assert mine
        assert all(who["account"] in json.dumps(row) for row in mine)
        for wrong in ({"alert": "ZZZZ"}, {"region": "XX"}, {"limit": 0}, {"cursor": -1}):
            assert (await boris.get("/api/v1/journal", params=wrong)).status_code in (404, 422)


async def test_pages_follow_each_other_to_the_first_row(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        seen, cursor = [], {}
        while True:
            page = (await boris.get("/api/v1/journal", params={"limit": 3, **cursor})).json()
            seen += [row["seq"] for row in page["rows"]]
            if page["next"] is None:
                break
            cursor = {"cursor": page["next"]}
        assert seen == list(range(page["head"], 0, -1))


async def test_an_export_is_a_supervisors_and_each_line_can_be_checked_by_itself(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        assert refused(await boris.get("/api/v1/journal/export")) == (403, "not-allowed")
        sofia = await at.officer("sofia", Role.SUPERVISOR)
        await at.side.home.service.submit(issue(KYIV))
        answer = await sofia.get("/api/v1/journal/export")
        assert answer.headers["content-type"].startswith("application/x-ndjson")
        lines = [json.loads(line) for line in answer.text.splitlines()]
        assert [line["seq"] for line in lines] == list(range(1, len(lines) + 1))
        before = chain.GENESIS
        for line in lines:
            assert line["before"] == before.hex()
            content = (
                line["seq"], line["kind"], line["version"], line["data"].encode(),
                line["alert_id"], line["audience"], line["audience_seq"], line["recorded_at_us"],
            )  # fmt: skip
            before = hashlib.sha256(before + chain.canonical(content)).digest()
            assert line["hash"] == before.hex()
        some = await sofia.get("/api/v1/journal/export", params={"kind": "alert-issued"})
        (only,) = [json.loads(line) for line in some.text.splitlines()]
        assert only == lines[-1]


async def test_notes_are_left_once_and_read_by_the_next_shift(tmp_path):
    async with works(tmp_path) as at:
        boris, viktor = await at.officer("boris"), await at.officer("viktor", Role.VIEWER)
        body = {"kind": "hand-over", "text": "The siren at the depot is silent.\nCall first."}
        headers = {"Idempotency-Key": "n1"}
        first = await boris.post("/api/v1/notes", json=body, headers=headers)
        again = await boris.post("/api/v1/notes", json=body, headers=headers)
        assert (first.status_code, first.json()) == (201, again.json())
        alert = await at.side.home.service.submit(issue(KYIV))
        remark = {"kind": "remark", "text": "Seen by both.", "alert": alert.alert_id}
        assert (await boris.post("/api/v1/notes", json=remark)).status_code == 201
        notes = (await viktor.get("/api/v1/notes")).json()["notes"]
        assert [note["text"] for note in notes] == ["Seen by both.", body["text"]]
        assert notes[1]["by"]["name"] == "Boris"
        about = (await viktor.get("/api/v1/notes", params={"alert": alert.alert_id})).json()
        assert len(about["notes"]) == 1
        report = (await viktor.get(f"/api/v1/alerts/{alert.alert_id}/report")).json()
        assert [each["text"] for each in report["time_line"]] == [None, "Seen by both."]
        assert refused(await viktor.post("/api/v1/notes", json=body)) == (403, "not-allowed")
        blank = await boris.post("/api/v1/notes", json={**body, "text": " \n"})
        assert refused(blank) == (422, "text-missing")
        row = at.side.home.journal.of(alert.alert_id)[-1]
        assert b"Seen by both" not in row.data  # the words stand beside the chain, not in it


async def test_groups_are_ones_own_authoritys_and_are_found_by_typing(tmp_path):
    async with works(tmp_path) as at:
        boris = await at.officer("boris")
        body = {"name": "Left bank", "regions": ["UA-30"]}
        saved = await boris.post("/api/v1/groups", json=body)
        assert (saved.status_code, saved.json()["regions"]) == (201, [KYIV])
        renamed = await boris.post("/api/v1/groups", json={**body, "name": "left bank"})
        assert renamed.json()["id"] == saved.json()["id"]
        found = (await boris.get("/api/v1/regions/search", params={"q": "left"})).json()
        assert [group["name"] for group in found["groups"]] == ["left bank"]
        anybody = await at.doors.script()
        public = (await anybody.get("/api/v1/regions/search", params={"q": "left"})).json()
        assert public["groups"] == []
        unknown = await boris.post("/api/v1/groups", json={"name": "x", "regions": ["Atlantis"]})
        assert refused(unknown) == (422, "unknown-region")
        foreign = await at.officer("nadia", Role.OPERATOR, LVIV, sender="someone.else.example")
        gone = await foreign.post(f"/api/v1/groups/{saved.json()['id']}/remove", json={})
        assert refused(gone)[1] == "bad-value"
        path = f"/api/v1/groups/{saved.json()['id']}/remove"
        assert (await boris.post(path, json={})).status_code == 200
        assert (await boris.get("/api/v1/groups")).json() == {"groups": []}


async def test_a_place_is_found_by_any_spelling_with_what_lies_above_it(tmp_path):
    async with works(tmp_path) as at:
        anybody = await at.doors.script()
        found = await anybody.get("/api/v1/regions/search", params={"q": "ky", "language": "en"})
        assert KYIV in [each["geocode"] for each in found.json()["regions"]]
        by_code = await anybody.get("/api/v1/regions/search", params={"q": "UA-30"})
        assert [each["geocode"] for each in by_code.json()["regions"]] == [KYIV]
        tree = at.side.home.world.tree
        district = tree.children(KYIV)[0]
        (one,) = (await anybody.get("/api/v1/regions/search", params={"q": district})).json()[
            "regions"
        ]
        assert one["path"]
        wrong = await anybody.get("/api/v1/regions/search", params={"language": "xx"})
        assert refused(wrong) == (422, "bad-value")
