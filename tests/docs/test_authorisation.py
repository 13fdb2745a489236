"""The page of who may do what is what the table and the roles say."""

from pathlib import Path

from tocsin.bootstrap import ALL_PAGES
from tocsin.core.authority import Permission, Role
from tocsin.web.api.table import API
from tocsin.web.authorisation import every_line, page
from tocsin.web.refusals import REFUSALS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "authorisation.md"


def test_the_page_is_made_from_the_table():
    assert PAGE.read_text(encoding="utf-8") == page(every_line()), (
        "run: python -m tocsin.web.authorisation > docs/reference/authorisation.md"
    )


def test_nothing_that_is_served_is_left_out():
    served = {(line.method, line.path) for line in (*API, REFUSALS, *ALL_PAGES)}
    assert {(line.method, line.path) for line in every_line()} == served


def test_every_permission_and_role_has_its_place():
    text = PAGE.read_text(encoding="utf-8")
    assert all(f"| {each.value} |" in text for each in (*Permission, *Role))
