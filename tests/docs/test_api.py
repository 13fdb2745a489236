"""The API's reference page is what the table of endpoints says."""

from pathlib import Path

from tocsin.core.refusals import Rule
from tocsin.formats.api import TITLES
from tocsin.web.api.table import API
from tocsin.web.reference import page

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"


def test_the_page_is_made_from_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(API), (
        "run: python -m tocsin.web.reference > docs/reference/api.md"
    )


def test_every_call_has_its_heading_and_every_link_its_target():
    text = PAGE.read_text(encoding="utf-8")
    headings = {line[4:].lower() for line in text.splitlines() if line.startswith("### ")}
    assert {line.name for line in API} <= headings
    links = {part.split(")")[0] for part in text.split("](#")[1:]}
    assert links <= headings


def test_every_rule_has_its_title():
    assert set(TITLES) == set(Rule)
