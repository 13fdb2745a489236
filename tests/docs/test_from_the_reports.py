"""The page of what the reports show: each test that it names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "from-the-reports.md"


def test_every_test_that_it_names_is_there():
    named = re.findall(r"`(tests/[\w/.]+)(?:::(\w+))?`", PAGE.read_text())
    assert len(named) > 20
    for path, test in named:
        text = (ROOT / path).read_text()
        assert not test or f"def {test}(" in text, f"{path}::{test}"


def test_every_row_that_this_house_has_a_part_of_is_on_it():
    headings = re.findall(r"^## (R[\d, R]+):", PAGE.read_text(), re.MULTILINE)
    assert {f"R{n}" for n in range(1, 15)} == {row for each in headings for row in each.split(", ")}
