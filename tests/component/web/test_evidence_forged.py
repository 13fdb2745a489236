"""Evidence forged in its account alone: each lie is seen against the rows, whoever signs it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from component.web.test_evidence import (
    OPEN,
    a_case,
    checked,
    edited,
    exported,
    key_of,
    opened,
    resigned,
    verifier,
)
from kit.newsdesk import Newsdesk, newsdesk
from tocsin.keys.kinds import Purpose, fresh
from tocsin.keys.kinds import key_of as made
from tocsin.keys.signed import signed


async def a_wave(desk: Newsdesk) -> dict[str, bytes]:
    """The file of a wave with three incidents, one of them the same, all that may be forged."""
    incident = await a_case(desk)
    same, other = [(await desk.post("/incidents", OPEN, 201))["id"] for _ in range(2)]
    body = {"kind": "same-as", "other": incident, "reason": "the same"}
    await desk.post(f"/incidents/{same}/links", body)
    await desk.post(f"/incidents/{other}/embargo", {"until": None, "reason": "a search goes on"})
    wave = await desk.post("/waves", {"when": OPEN["when"], "incidents": [incident, other]}, 201)
    await desk.post(f"/incidents/{other}", {"kind": "shelling", "reason": "seen"})
    return opened(await exported(desk, wave["handle"]))


LIES: dict[str, Any] = {
    "the title": lambda told: told["incidents"][1]["title"].update(en="Nothing"),
    "no title": lambda told: told["incidents"][1].update(title={}),
    "the time": lambda told: told["incidents"][1]["when"].update(start="2000-01-01T00:00:00Z"),
    "the place": lambda told: told["incidents"][1]["where"].update(geocode="UA46"),
    "the kind": lambda told: told["incidents"][-1].update(kind="accident"),
    "the stage": lambda told: told["incidents"][1].update(stage="released"),
    "who opened it": lambda told: told["incidents"][1].update(opened_by="nobody"),
    "whether it is over": lambda told: told["incidents"][1].update(is_open=False),
    "what it is the same as": lambda told: told["incidents"][2].update(same_as=None),
    "alerts": lambda told: told["incidents"][0].update(alerts=["one"]),
    "an incident left out": lambda told: told["incidents"].pop(),
    "an incident twice": lambda told: told["incidents"].append(told["incidents"][0]),
    "links left out": lambda told: told.update(links=[]),
    "a link turned": lambda told: told["links"][0].update(one=told["links"][0]["other"]),
    "why it is linked": lambda told: told["links"][0].update(reason="no reason"),
    "embargoes left out": lambda told: told.update(embargoes=[]),
    "who set one": lambda told: told["embargoes"][0].update(by="nobody"),
    "who did it": lambda told: told["history"][0].update(by="nobody"),
    "another was asked for": lambda told: told.update(asked=told["incidents"][1]["id"]),
    "where a claim is": lambda told: told["claims"][0].update(
        incident=told["incidents"][0]["id"]
    ),
    "who entered a claim": lambda told: told["claims"][0].update(entered_by="nobody"),
    "why a claim ended": lambda told: told["claims"][2].update(reason="so it is"),
    "what a claim replaces": lambda told: told["claims"][2].update(replaces=None),
    "what replaces it": lambda told: told["claims"][1].update(replaced_by=None),
    "a claim twice": lambda told: told["claims"].append(told["claims"][0]),
}  # fmt: skip


async def test_no_account_tells_other_than_its_rows(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        files, key = await a_wave(desk), key_of(desk)
        assert checked(tmp_path, resigned(files, key)) == 0
        for name, lie in LIES.items():
            told = edited(files["evidence.json"], lie)
            assert told != files["evidence.json"]
            assert checked(tmp_path, resigned(files, key, evidence__json=told)) == 5, name
        titled = [name for name in files if name.startswith("words/")]
        assert titled
        for name in titled:
            less = {each: body for each, body in files.items() if each != name}
            assert checked(tmp_path, resigned(less, key)) == 5


async def test_what_was_moved_released_and_unlinked_fits_its_rows(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        incident = await a_case(desk)
        other = (await desk.post("/incidents", OPEN, 201))["id"]
        link = {"kind": "same-as", "other": incident, "reason": "the same"}
        await desk.post(f"/incidents/{other}/links", link)
        told = json.loads(opened(await exported(desk, incident))["evidence.json"])
        claim = told["claims"][0]["id"]
        await desk.post(f"/claims/{claim}/move", {"incident": other})
        for asked in (incident, other):
            assert checked(tmp_path, await exported(desk, asked)) == 0


async def test_without_the_house_s_key_it_says_first_that_nobody_s_key_was_checked(
    tmp_path, capsys
):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        files = await a_wave(desk)
        house = tmp_path / "house.pem"
        house.write_bytes(key_of(desk).public.pem())
        assert checked(tmp_path, files, "--key", str(house)) == verifier.OK
        stranger = made(Purpose.HEAD, fresh(Purpose.HEAD)[0], None, "other")
        manifest = json.loads(files["manifest.json"])
        manifest["public_key"] = stranger.public.pem().decode()
        manifest["head"] = json.loads(_signed(manifest["head"], stranger))
        forged = resigned({**files, "manifest.json": json.dumps(manifest).encode()}, stranger)
        assert checked(tmp_path, forged, "--key", str(house)) == verifier.DOES_NOT_FIT
        capsys.readouterr()
        path = tmp_path / "evidence.zip"
        checked(tmp_path, forged)
        assert verifier.main([str(path)]) == verifier.UNPINNED
        said = capsys.readouterr().out.splitlines()
        assert said[0].startswith("WHOSE KEY SIGNED IT WAS NOT CHECKED")
        assert manifest["key"] not in "\n".join(
            said
        )  # what the file says of its key proves nothing


def _signed(body: dict[str, Any], key: Any) -> str:

    return json.dumps(signed({k: v for k, v in body.items() if k != "signature"}, key))


@pytest.mark.parametrize("asked", ["", "nobody"])
async def test_what_is_not_of_the_incident_that_was_asked_for_is_seen(tmp_path, asked):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        files, key = await a_wave(desk), key_of(desk)
        told = edited(files["evidence.json"], lambda told: told.update(asked=asked))
        assert checked(tmp_path, resigned(files, key, evidence__json=told)) == 5
