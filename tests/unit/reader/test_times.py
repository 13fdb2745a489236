"""Phrases of time come to the days that a reader of the report would name."""

from __future__ import annotations

from datetime import date

from tocsin.reader import times
from tocsin.reader.document import Document, Sentence

TUESDAY = date(2022, 3, 1)


def report(text: str, published: date | None = TUESDAY, language: str = "en") -> Document:
    """Make a report of one sentence a line; an empty line begins a paragraph."""
    sentences, at, paragraph = [], 0, 0
    for line in text.split("\n"):
        if line:
            sentences.append(Sentence(len(sentences), paragraph, at, at + len(line), ()))
        else:
            paragraph += 1
        at += len(line) + 1
    return Document(
        name="report", text=text, language=language, published=published, sentences=tuple(sentences)
    )


def test_tuesday_in_a_tuesday_report_is_that_day() -> None:
    (found,) = times.find(report("Two were killed on Tuesday, officials said."))
    assert (found.span.text, found.start, found.grain) == ("on Tuesday", "2022-03-01", "day")
