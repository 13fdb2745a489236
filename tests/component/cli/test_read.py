"""``tocsin read``: a report in, drafts out, and a plain word for whatever is none."""

import http.server
import io
import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kit.commands import Ran, environment, tocsin
from tocsin.cli.app import built

pytestmark = pytest.mark.timeout(180)

REPORT = """\
Storm kills three in a harbour town

PORTO ALEGRE (Reuters) - A storm killed at least three people in the Brazilian city of Porto
Alegre on Tuesday and left about 40,000 homes without power, the civil defence agency said.

Mayor Ana Lima said five people had died and 12 were injured. "We are still searching," she said.

Follow The Daily Wire on Facebook, Twitter, and Instagram
"""
PAGE = f"""<!doctype html><html><head><title>x</title></head><body><nav><a href="/">Home</a></nav>
<article><h1>Storm kills 77</h1>{"".join(f"<p>{p}</p>" for p in REPORT.split(chr(10) * 2)[1:])}
</article><aside><h3>Most read</h3><ul><li><a href="/a">66 killed</a></li></ul></aside>
<div class="comments"><p>Reader X: at least 500 people died, I heard.</p></div></body></html>"""


def drafts(ran: Ran) -> list[dict]:
    return [json.loads(line) for line in ran.out.splitlines()]


def fed(data: bytes, *words: object) -> Ran:
    """Read from standard input, as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tocsin", "read", "-", *map(str, words)],
        env=environment(),
        input=data,
        capture_output=True,
        timeout=50,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture
def read(monkeypatch, capfd):
    """The verb in this process, which is quicker; ``data`` is its standard input."""
    for name in [name for name in os.environ if name.startswith("TOCSIN")]:
        monkeypatch.delenv(name)

    def run(*words: object, data: bytes = b"") -> Ran:
        monkeypatch.setattr(sys, "argv", ["tocsin", "read", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with pytest.raises(SystemExit) as ended:
            built("read")(prog_name="tocsin")
        out, err = capfd.readouterr()
        return Ran(int(ended.value.code or 0), out, err)

    return run


@pytest.fixture
def report(tmp_path: Path) -> Path:
    file = tmp_path / "storm.v2.txt"
    file.write_text(REPORT, encoding="utf-8")
    return file


def test_drafts_are_lines_of_json_whose_spans_are_the_text(report):
    done = tocsin("read", report, "--published", "2024-03-05", "--json")
    assert done.code == 0, done.err
    found = drafts(done)
    assert found
    for draft in found:
        assert draft["doc"] == "storm.v2"
        assert None not in draft.values()
        quote = draft["quote"]
        assert REPORT[quote["start"] : quote["end"]] == quote["text"]
        assert "Follow The Daily Wire" not in quote["text"]
    tolls = [(d["killed"]["value"], d["killed"]["qualifier"]) for d in found if "killed" in d]
    assert (3, "at_least") in tolls
    assert (5, "exact") in tolls


def test_a_person_reads_place_measure_speaker_and_quote(report):
    done = tocsin("read", report, "--published", "2024-03-05")
    assert done.code == 0, done.err
    assert "\x1b" not in done.out
    [line] = [x for x in done.out.splitlines() if "at least 3" in x]
    for part in ("Porto Alegre", "2024-03-05", "killed", "civil defence agency", "killed at least"):
        assert part in line
    assert "Events (proposed)" in done.out
    assert "nothing saved, nothing published" in done.out


def test_contradictions_are_told_with_both_sides(read, report):
    text = REPORT.replace("killed at least three", "killed three")
    report.write_text(text, encoding="utf-8")
    done = read(report, "--published", "2024-03-05")
    told = done.out.partition("Contradictions")[2].partition("Events")[0]
    assert "killed 3" in told
    assert "killed 5" in told
    assert "against" in told


def test_of_a_page_only_the_article_is_read_and_its_text_is_written(read, tmp_path):
    page, out = tmp_path / "storm.html", tmp_path / "storm.txt"
    page.write_text(PAGE, encoding="utf-8")
    done = read(page, "--published", "2024-03-05", "--json", "--text-out", out)
    assert done.code == 0, done.err
    text = out.read_bytes().decode("utf-8")
    found = drafts(done)
    assert found
    for draft in found:
        quote = draft["quote"]
        assert text[quote["start"] : quote["end"]] == quote["text"]
    quotes = " ".join(draft["quote"]["text"] for draft in found)
    for number in ("77", "66", "500"):
        assert number not in text
        assert number not in quotes


def test_standard_input_is_read_and_called_so():
    done = fed(REPORT.encode(), "--published", "2024-03-05", "--json")
    assert done.code == 0, done.err
    assert {draft["doc"] for draft in drafts(done)} == {"stdin"}
    assert fed(REPORT.encode("utf-16"), "--published", "2024-03-05", "--json").out == done.out


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"Subscribe to our newsletter\n",
        b"<html><body><nav><a href=/>Home</a></nav></body></html>",
        b"The flowers are blooming in the park again.",
    ],
    ids=["empty", "boilerplate", "navigation", "flowers"],
)
def test_a_report_without_a_claim_gives_an_empty_draft(read, data):
    done = read("-", data=data)
    assert done.code == 0, done.err
    assert "No claims found." in done.out
    machine = read("-", "--json", data=data)
    assert (machine.code, machine.out) == (0, "")


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"%PDF-1.7", "wrong-content-type"),
        (b"abc\x00def ghi jkl", "wrong-content-type"),
        ("Пожежа. Загинули двоє.".encode().decode("latin-1").encode(), "bad-value"),
        (b"a" * (2 * 1024 * 1024 + 1), "too-large"),
    ],
    ids=["pdf", "binary", "mojibake", "large"],
)
def test_what_is_no_report_is_refused_by_field_and_rule(read, data, rule):
    done = read("-", data=data)
    assert done.code == 1
    assert f"FILE: {rule}: " in done.err
    assert done.out == ""
    machine = read("-", "--json", data=data)
    assert json.loads(machine.out)["rule"] == rule


def test_fifty_megabytes_are_refused_without_being_read(read, tmp_path):
    large = tmp_path / "large.txt"
    with large.open("wb") as file:
        file.truncate(50 * 1024 * 1024)
    done = read(large)
    assert (done.code, done.out) == (1, "")
    assert "FILE: too-large: " in done.err


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("no-such-report.txt",), "FILE: no-such-file"),
        (("/",), "FILE: no-such-file"),
        (("-", "--published", "yesterday"), "--published: bad-value"),
        (("-", "--language", "tlh"), "--language: bad-value"),
    ],
)
def test_a_slip_of_the_command_is_told(read, words, field):
    done = read(*words)
    assert done.code == 2
    assert field in done.err


def test_a_text_that_cannot_be_written_is_told(read, report, tmp_path):
    done = read(report, "--text-out", tmp_path / "none" / "out.txt")
    assert done.code == 2
    assert "--text-out: not-writable" in done.err


def test_a_report_without_a_date_says_what_would_help(read, report):
    done = read(report)
    assert done.code == 0
    assert "--published DATE" in done.err


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/", "http://[::ffff:10.0.0.1]/", "ftp://news.example/report"]
)
def test_an_inner_address_is_refused(read, address):
    done = read(address)
    assert done.code == 1
    assert "/address: bad-value: " in done.err


@pytest.fixture
def site():
    """A news site on this machine."""

    class Site(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = PAGE.encode("cp1251", "xmlcharrefreplace")
            self.send_response(200 if self.path.startswith("/news") else 404)
            self.send_header("content-type", "text/html; charset=windows-1251")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_address_is_read_where_the_house_allows_it(read, site, tmp_path):
    file = tmp_path / "tocsin.toml"
    file.write_text(f'[reports]\ninside = ["{site}"]\n', encoding="utf-8")
    words = ("--published", "2024-03-05", "--json", "--config", file)
    done = read(f"http://{site}/news/storm-1.html?id=7", *words)
    assert done.code == 0, done.err
    assert {draft["doc"] for draft in drafts(done)} == {"storm-1"}
    missing = read(f"http://{site}/gone", *words)
    assert missing.code == 3
    assert "/address: not-reached: " in missing.err


@pytest.mark.parametrize(
    "name",
    [
        "kyiv-tv-tower-2022-03-01-ynet",
        "nato-key-installations-2022-10-11",
        "zelenskiy-ceasefire-2022-03-01",
    ],
)
def test_of_the_shared_pages_nothing_is_read_that_is_not_in_their_text(
    read, name, tmp_path, shared_data
):
    out = tmp_path / "out.txt"
    page = shared_data / "reports" / "html" / f"{name}.html"
    done = read(page, "--json", "--text-out", out)
    assert done.code == 0, done.err
    source = " ".join(
        (shared_data / "reports" / "texts" / f"{name}.txt").read_text(encoding="utf-8").split()
    )
    for line in out.read_text(encoding="utf-8").splitlines():
        assert " ".join(line.split()) in source
    for draft in drafts(done):
        assert " ".join(draft["quote"]["text"].split()) in source
    if name.startswith("kyiv"):
        days = {draft["time"]["start"][:10] for draft in drafts(done) if "time" in draft}
        assert "2022-03-01" in days
        assert not any(day.startswith("2022-01") for day in days)
