"""The reference of the command line is what the verbs say of themselves."""

from pathlib import Path

from tocsin.cli.reference import page

DOCS = Path(__file__).parents[2] / "docs"


def test_the_page_is_what_the_verbs_say():
    assert (DOCS / "reference" / "cli.md").read_text(encoding="utf-8") == page(), (
        "run: python -m tocsin.cli.reference > docs/reference/cli.md"
    )


def test_every_verb_takes_json():
    for heading in page().split("\n### ")[1:]:
        assert "`--json`" in heading, heading.splitlines()[0]
