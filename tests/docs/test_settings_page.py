"""The settings' page is what ``tocsin config docs`` makes."""

from __future__ import annotations

from pathlib import Path

from tocsin import settings


def test_the_page_of_settings_is_as_the_settings_are(root: Path):
    page = root / "docs" / "reference" / "settings.md"

    assert page.read_text(encoding="utf-8") == settings.docs(), "tocsin config docs > " + page.name


def test_every_setting_is_read_by_somebody(root: Path):
    """A setting that nothing reads promises what does not happen."""
    files = [f for f in (root / "src").rglob("*.py") if f.name != "settings.py"]
    code = "\n".join(file.read_text(encoding="utf-8") for file in files)

    unread = [line.variable for line in settings.lines() if f".{line.name}" not in code]

    assert not unread
