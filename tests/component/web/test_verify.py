"""A message is known by its code, and a page by its key: by anybody, with tools of his own."""

import base64
import html
import json
import re
import subprocess
import sys

from kit.clocks import NOON
from kit.doors import refused
from kit.houses import KYIV, LVIV, issue
from kit.servers import server
from kit.sites import site
from tocsin.core import notice_commands as nc
from tocsin.core.area import Area
from tocsin.formats.api import stored_words
from tocsin.keys.kinds import Purpose
from tocsin.keys.store import open_keys
from tocsin.service.verify import CodeBook, code_of, message, read_code
from tocsin.settings import Keys


def keys_of(tmp_path):
    return open_keys(tmp_path, Keys())


async def test_a_code_finds_its_message_and_how_it_stands_now(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        keys = keys_of(tmp_path)
        code = code_of(keys, alert["handle"], 1)
        found = await running.get("/api/v1/verify", code=code)
        assert (found["ours"], found["messages"][0]["alert"]["id"]) == (True, alert["id"])
        await running.post(f"/api/v1/alerts/{alert['id']}/clear")
        lower = f"{code[:4].lower()} {code[4:]}"
        after = (await running.get("/api/v1/verify", code=lower))["messages"][0]
        assert (after["revision"], after["alert"]["state"]) == (1, "cleared")
        assert after["said"]["en"]["headline"] == alert["text"]["en"]["headline"]
        second = code_of(keys, alert["handle"], 2)
        assert (await running.get("/api/v1/verify", code=second))["messages"][0]["revision"] == 2
        named = await running.get("/api/v1/verify", code=code, handle=alert["handle"].lower())
        assert named["ours"]
        assert not (await running.get("/api/v1/verify", code=code, handle="ZZZZ"))["ours"]


async def test_a_code_nobody_made_is_not_ours_and_never_reads_as_safety(tmp_path):
    async with site(tmp_path) as running:
        await running.issue(KYIV)
        found = await running.anybody.get("/api/v1/verify?code=ABCDEFGH")
        assert found.json() == {"code": "ABCDEFGH", "ours": False, "messages": []}
        page = (await running.anybody.get("/verify?code=ABCDEFGH&lang=en")).text
        assert "We sent no message with this code." in page
        assert "That does not say that there is no danger." in page
        assert "safe" not in page.lower()
        for typed in ("ABC", "ABCDEFG!", "ABCDEFGHI", "<script>"):
            bad = await running.anybody.get("/api/v1/verify", params={"code": typed})
            assert refused(bad) == (422, "bad-value")
            shown = await running.anybody.get("/verify", params={"code": typed})
            assert shown.status_code == 422
            assert "<script>" not in shown.text.replace('<script type="module"', "")


async def test_codes_hold_for_three_days_after_the_end_and_not_for_history(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        await running.home.service.submit(issue(LVIV, imported=True, identifier="old"))
        old = next(a for a in running.home.service.state.active.values() if a.imported)
        keys = keys_of(tmp_path)
        assert not (await running.get("/api/v1/verify", code=code_of(keys, old.handle, 1)))["ours"]
        code = code_of(keys, alert["handle"], 1)
        await running.post(f"/api/v1/alerts/{alert['id']}/cancel", reason="typed wrong")
        running.clock.step(hours=71)
        assert (await running.get("/api/v1/verify", code=code))["ours"]
        running.clock.step(hours=2)
        assert not (await running.get("/api/v1/verify", code=code))["ours"]


async def test_a_code_of_an_older_key_is_good_while_that_key_is_there(tmp_path):
    async with server(tmp_path) as running:
        alert = await running.issue(KYIV)
        keys = keys_of(tmp_path)
        before = code_of(keys, alert["handle"], 1)
        keys.rotate(Purpose.HEAD, running.clock.now())
        after = code_of(keys, alert["handle"], 1)
        assert before != after
        book = CodeBook(keys, running.home.service.history)
        for code in (before, after):
            assert [each.alert_id for each in book.find(code, running.clock.now())] == [alert["id"]]


async def test_a_source_may_not_guess_on_and_on(tmp_path):
    async with site(tmp_path) as running:
        for _ in range(60):
            assert (await running.anybody.get("/api/v1/verify?code=ABCDEFGH")).status_code == 200
        stopped = await running.anybody.get("/api/v1/verify?code=ABCDEFGH")
        assert refused(stopped) == (429, "too-many-requests")
        assert (await running.anybody.get("/verify?code=ABCDEFGH")).status_code == 429
        running.clock.step(seconds=61)
        assert (await running.anybody.get("/api/v1/verify?code=ABCDEFGH")).status_code == 200


def test_the_code_is_what_the_documentation_says(tmp_path):
    keys = keys_of(tmp_path)

    keys.prepare(NOON)
    assert message("K7Q4", 2) == b"tocsin verify 1\nK7Q4\n2\n"
    key = keys.key(Purpose.HEAD)
    plain = base64.b32encode(key.sign(b"tocsin verify 1\nK7Q4\n2\n")).decode()
    assert code_of(keys, "K7Q4", 2) == plain[:8]
    assert read_code(" ab0d-e1g8 ") == "ABODEIGB"
    assert read_code("ABCDEFG9") is None


async def test_the_page_shows_key_head_and_lies_and_its_steps_check_the_head(tmp_path):
    async with site(tmp_path) as running:
        lie = {"uk": "Міст цілий.", "en": "The bridge stands."}
        name, words = stored_words(lie)
        await running.home.service.submit(
            nc.TellCounterfeit(area=Area(regions=(KYIV,)), words=name, languages=tuple(lie)),
            texts={name: words},
        )
        answer = await running.anybody.get("/real?lang=en")
        page = answer.text
        assert "set-cookie" not in answer.headers
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "The bridge stands." in page
        public = keys_of(tmp_path).key(Purpose.HEAD).public
        assert public.fingerprint in re.sub(r"(?<=[0-9a-f]{4}) (?=[0-9a-f]{4})", "", page)
        assert public.public.hex() in page
        (tmp_path / "key.pem").write_text(html.unescape(page.split("<pre>")[1].split("</pre>")[0]))
        head = (await running.anybody.get("/api/v1/head")).text
        (tmp_path / "head.json").write_text(head)
        steps = [html.unescape(each.split("</pre>")[0]) for each in page.split("<pre>")[2:]]
        assert steps[0].endswith("/api/v1/head > head.json")
        for step in steps[1:3]:
            done = subprocess.run(  # noqa: ASYNC221  # what the page tells people to type
                step, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, (step, done.stderr)
        assert "Verified Successfully" in done.stdout
        by_python = [sys.executable, "-c", steps[3]]
        subprocess.run(by_python, cwd=tmp_path, check=True)  # noqa: ASYNC221
        forged = {**json.loads(head), "sequence": 999}
        (tmp_path / "head.json").write_text(json.dumps(forged))
        subprocess.run(steps[1], shell=True, cwd=tmp_path, check=True)  # noqa: ASYNC221
        bad = subprocess.run(steps[2], shell=True, cwd=tmp_path, capture_output=True, check=False)  # noqa: ASYNC221
        assert bad.returncode != 0
