"""Evidence: a signed file that holds all that is known, and in which no byte can be changed."""

from __future__ import annotations

import base64
import importlib.util
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from kit.houses import KYIV
from kit.newsdesk import Newsdesk, newsdesk
from kit.officers import yes
from tocsin.formats.evidence import hashes
from tocsin.keys.kinds import Purpose, fresh
from tocsin.keys.kinds import key_of as made
from tocsin.keys.signed import signed
from tocsin.service.reports import Incoming

TOOL = Path(__file__).parents[3] / "tools" / "verify_evidence.py"
spec = importlib.util.spec_from_file_location("verify_evidence", TOOL)
assert spec is not None
assert spec.loader is not None
verifier = importlib.util.module_from_spec(spec)
spec.loader.exec_module(verifier)

TEXT = "A blast killed two people in Kyiv on Tuesday, police said. Twelve people were injured."
OPEN = {
    "kind": "strike", "site": "civilian", "where": {"geocode": KYIV},
    "when": {"start": "2022-10-11T05:00:00Z", "end": "2022-10-11T06:00:00Z", "grain": "minute"},
    "title": {"en": "Strike in Kyiv", "uk": "Удар по Києву"},
}  # fmt: skip
SAYING = {
    "kind": "casualties", "voice": {"kind": "organisation", "name": "Police"}, "outlet": "Gazette",
    "figures": [{"measures": ["killed"], "qualifier": "exact", "value": 2}],
    "text": {"en": "Two were killed.", "uk": "Двоє загинули."},
}  # fmt: skip


async def a_case(desk: Newsdesk) -> str:
    """An incident with a report's claim, one corrected and one retracted; return its id."""
    reports = desk.crew.node.reports
    incoming = Incoming(body=TEXT.encode(), outlet="Gazette", language="en")
    report = yes(await reports.take(incoming, warrant=None))
    kept = desk.crew.node.service.ledger.reports[report.report_id]
    draft = next(iter((await reports.drafts(kept)).drafts))
    incident = (await desk.post("/incidents", OPEN, 201))["id"]
    body = {"incident": incident, "saying": SAYING}
    await desk.post(f"/reports/{report.report_id}/drafts/{draft}/confirm", body, 201)
    first = await desk.post("/claims", {"incident": incident, "saying": SAYING}, 201)
    more = {**SAYING, "figures": [{"measures": ["killed"], "qualifier": "at_least", "value": 3}]}
    right = await desk.post(f"/claims/{first['claim']['id']}/correct",
                            {"saying": more, "reason": "misread"}, 201)  # fmt: skip
    await desk.post(f"/claims/{right['claim']['id']}/retract", {"reason": "not so"})
    other = (await desk.post("/incidents", OPEN, 201))["id"]
    await desk.post("/claims", {"incident": other, "saying": SAYING}, 201)
    return str(incident)


async def exported(desk: Newsdesk, incident: str, query: str = "") -> bytes:
    seen = await desk.ask("GET", f"/incidents/{incident}/evidence{query}")
    assert seen.status == 200, seen.text
    assert seen.header("content-type") == "application/zip"
    assert seen.header("cache-control") == "no-store"
    return seen.body


def opened(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def checked(folder: Path, files: dict[str, bytes] | bytes, *arguments: str) -> int:
    """What the checker says; 0: all fits, by its own key where none is given (it says 4 then)."""
    path = folder / "evidence.zip"
    if isinstance(files, bytes):
        path.write_bytes(files)
    else:
        with zipfile.ZipFile(path, "w") as archive:
            for name, body in files.items():
                archive.writestr(name, body)
    code = int(verifier.main([str(path), *arguments]))
    assert (code == verifier.UNPINNED) <= ("--key" not in arguments)
    assert code != verifier.OK or "--key" in arguments
    return 0 if code == verifier.UNPINNED else code


@pytest.fixture(params=["", "?texts=1"], ids=["quotes", "texts"])
def query(request) -> str:
    return str(request.param)


async def test_all_that_is_known_of_an_incident_is_in_it_and_nothing_of_another(tmp_path, query):
    async with newsdesk(tmp_path / "data") as desk:
        incident = await a_case(desk)
        data = await exported(desk, incident, query)
        files = opened(data)
        told = json.loads(files["evidence.json"])
        assert [each["standing"] for each in told["claims"]] == ["stands", "corrected", "retracted"]
        assert [each["id"] for each in told["incidents"]] == [incident]
        assert told["incidents"][0]["title"] == OPEN["title"]
        assert told["claims"][0]["quote"]["text"] in TEXT
        assert told["claims"][2]["reason"] == "not so"
        (report,) = told["reports"]
        assert (report["outlet"], report["text"]) == ("Gazette", TEXT if query else None)
        kinds = [each["kind"] for each in told["history"]]
        assert kinds == ["report-taken", "incident-opened", "claim-entered", "claim-entered",
                         "claim-corrected", "claim-retracted"]  # fmt: skip
        assert checked(tmp_path, data) == 0
        pem = tmp_path / "house.pem"
        pem.write_bytes(key_of(desk).public.pem())
        assert checked(tmp_path, data, "--key", str(pem)) == 0


def key_of(desk: Newsdesk) -> Any:
    """The key that signs the house's heads."""
    return desk.crew.node.reports._keys.key(Purpose.HEAD)  # noqa: SLF001


async def test_a_bit_turned_anywhere_is_seen(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        files = opened(await exported(desk, await a_case(desk), "?texts=1"))
        assert checked(tmp_path, files) == 0
        for name, body in files.items():
            for at in {0, len(body) // 3, len(body) // 2, len(body) - 2}:
                turned = bytearray(body)
                turned[at] ^= 1
                assert checked(tmp_path, {**files, name: bytes(turned)}) == 5, (name, at)
            assert checked(tmp_path, {k: v for k, v in files.items() if k != name}) == 5, name
        assert checked(tmp_path, {**files, "words/more": b"{}"}) == 5


def resigned(files: dict[str, bytes], key: Any, **changed: bytes) -> dict[str, bytes]:
    """What a house could make that signs anew what it has changed."""
    found = {**files, **{name.replace("__", "."): body for name, body in changed.items()}}
    manifest = json.loads(found.pop("manifest.json"))
    manifest = {**manifest, "files": hashes(found)}
    manifest["rows"] = len(found["rows.ndjson"].splitlines())
    return {**found, "manifest.json": json.dumps(signed(manifest, key)).encode()}


def edited(body: bytes, change: Any) -> bytes:
    told = json.loads(body)
    change(told)
    return json.dumps(told).encode()


def _figure(told: Any) -> None:
    told["claims"][0]["saying"]["figures"][0]["value"] = 1


def _quote(told: Any) -> None:
    told["claims"][0]["quote"]["text"] = "Nobody was killed."


def _standing(told: Any) -> None:
    told["claims"][2]["standing"] = "stands"


def _left_out(told: Any) -> None:
    del told["claims"][1]


def _made_up(told: Any) -> None:
    told["claims"].append({**told["claims"][0], "id": "another"})


def _outlet(told: Any) -> None:
    told["reports"][0]["outlet"] = "Herald"


def _words(told: Any) -> None:
    told["claims"][0]["words"]["en"] = "Nobody was killed."


def _incident(told: Any) -> None:
    told["incidents"][0]["id"] = "another"


def _history(told: Any) -> None:
    told["history"].pop()


def _erased(told: Any) -> None:
    told["claims"][0]["quote"] |= {"erased": True, "text": None}


@pytest.mark.parametrize(
    "change",
    [
        _figure,
        _quote,
        _standing,
        _left_out,
        _made_up,
        _outlet,
        _words,
        _incident,
        _history,
        _erased,
    ],
)
async def test_even_the_house_cannot_tell_what_its_rows_do_not_say(tmp_path, change):
    async with newsdesk(tmp_path / "data") as desk:
        files = opened(await exported(desk, await a_case(desk), "?texts=1"))
        key = key_of(desk)
        assert checked(tmp_path, resigned(files, key)) == 0
        told = edited(files["evidence.json"], change)
        assert checked(tmp_path, resigned(files, key, evidence__json=told)) == 5


async def test_a_row_changed_cut_or_moved_is_seen_though_it_was_signed_anew(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        files = opened(await exported(desk, await a_case(desk)))
        key = key_of(desk)
        rows = files["rows.ndjson"].splitlines(keepends=True)
        changed = files["rows.ndjson"].replace(b"not so", b"so it is")
        assert changed != files["rows.ndjson"]
        for other in (changed, b"".join(rows[:-1]), b"".join([rows[1], rows[0], *rows[2:]])):
            assert checked(tmp_path, resigned(files, key, rows__ndjson=other)) == 5
        for cut in (files["chain.bin"][:-32], files["chain.bin"][32:], files["chain.bin"] + b"x"):
            assert checked(tmp_path, resigned(files, key, chain__bin=cut)) == 5


async def test_a_head_that_was_kept_shows_a_chain_written_anew(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        files = opened(await exported(desk, await a_case(desk)))
        key, heads = key_of(desk), tmp_path / "kept.jsonl"
        head = json.loads(files["manifest.json"])["head"]
        heads.write_text(json.dumps(head) + "\ntorn\n", encoding="utf-8")
        assert checked(tmp_path, files, "--heads", str(heads)) == 0
        other = signed({**head, "hash": "00" * 32}, key)
        heads.write_text(json.dumps(other), encoding="utf-8")
        assert checked(tmp_path, files, "--heads", str(heads)) == 5
        forged = {**head, "signature": base64.b64encode(bytes(64)).decode()}
        heads.write_text(json.dumps(forged), encoding="utf-8")
        assert checked(tmp_path, files, "--heads", str(heads)) == 5


async def test_another_key_is_told_from_the_house_s_own(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        data = await exported(desk, await a_case(desk))
        stranger = made(Purpose.HEAD, fresh(Purpose.HEAD)[0], None, "other")
        pem = tmp_path / "other.pem"
        pem.write_bytes(stranger.public.pem())
        assert checked(tmp_path, data, "--key", str(pem)) == 5
        pem.write_text("no key")
        assert checked(tmp_path, data, "--key", str(pem)) == 2
        assert verifier.main([str(tmp_path / "nowhere.zip")]) == 2
        assert checked(tmp_path, b"no zip") == 5


async def test_what_was_erased_stays_erased_and_the_file_says_so(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        incident = await a_case(desk)
        before = opened(await exported(desk, incident, "?texts=1"))
        quoted = json.loads(before["evidence.json"])["claims"][0]
        secret = quoted["quote"]["text"]
        await desk.post(f"/claims/{quoted['id']}/erase", {"reason": "It names a child."})
        data = await exported(desk, incident)
        files = opened(data)
        (claim, *_) = json.loads(files["evidence.json"])["claims"]
        assert (claim["quote"]["text"], claim["quote"]["erased"]) == (None, True)
        assert f"sealed/{claim['quote']['content']}" not in files
        assert not any(secret.encode() in body for body in files.values())
        assert b"words-erased" in files["rows.ndjson"]
        assert checked(tmp_path, data) == 0
        report = json.loads(files["evidence.json"])["reports"][0]["id"]
        await desk.post(f"/reports/{report}/erase", {"reason": "All of it."})
        data = await exported(desk, incident, "?texts=1")
        assert json.loads(opened(data)["evidence.json"])["reports"][0]["text"] is None
        assert checked(tmp_path, data) == 0


async def test_a_wave_brings_its_incidents_and_what_turned_out_to_be_them(tmp_path):
    async with newsdesk(tmp_path / "data", "UA") as desk:
        incident, same = await a_case(desk), (await desk.post("/incidents", OPEN, 201))["id"]
        body = {"kind": "same-as", "other": incident, "reason": "the same"}
        await desk.post(f"/incidents/{same}/links", body)
        wave = await desk.post("/waves", {"when": OPEN["when"], "incidents": [incident]}, 201)
        data = await exported(desk, wave["handle"])
        told = json.loads(opened(data)["evidence.json"])
        assert [each["id"] for each in told["incidents"]] == [wave["id"], incident, same]
        assert len(told["claims"]) == 3
        assert checked(tmp_path, data) == 0


async def test_an_unknown_incident_and_a_foreign_query_are_refused(tmp_path):
    async with newsdesk(tmp_path / "data") as desk:
        assert await desk.refused("/incidents/NOPE/evidence", None, "GET") == (
            404, "unknown-incident", "/id",
        )  # fmt: skip
        assert (await desk.refused("/incidents/NOPE/evidence?all=1", None, "GET"))[1] == (
            "unknown-member"
        )
