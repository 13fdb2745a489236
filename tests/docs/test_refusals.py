"""Every reason to say no has its heading, in the docs and at the address that refusals link to."""

from pathlib import Path

import httpx

from kit.servers import server
from tocsin.core.refusals import Rule
from tocsin.web.refusals import MEANINGS, markdown

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "refusals.md"


def test_the_page_is_made_from_the_catalogue():
    assert PAGE.read_text(encoding="utf-8") == markdown(), (
        "run: python -m tocsin.web.refusals > docs/reference/refusals.md"
    )


def test_every_rule_has_its_sentence_and_its_heading():
    assert set(MEANINGS) == set(Rule)
    headings = [line[3:] for line in markdown().splitlines() if line.startswith("## ")]
    assert headings == [rule.value for rule in Rule]


async def test_a_refusal_links_to_its_own_section(tmp_path):
    async with server(tmp_path) as running:
        said = (await running.http.post("/api/v1/alerts", json={})).json()
        link = httpx.URL(running.url).join(said["type"])
        page = await running.anybody.get(link)
        assert page.status_code == 200
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert f'<section id="{link.fragment}">' in page.text
        assert page.text.count("<code>") == page.text.count("</code>")
