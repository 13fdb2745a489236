"""A report's text with its sentences, words and quotations; offsets are code points.

The text is never changed: no-break spaces and curly quotes stay, so that a quote can be found
again in what the outlet wrote. Lines that are not the article (``dropped``) hold no sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from tocsin.reader.claim import Span


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number ("1,000", "35"), or a mark. ``lower`` is case-folded, quotes made plain."""

    start: int
    end: int
    text: str
    lower: str
    is_word: bool
    """Letters (with inner apostrophes and hyphens), or a number: not a mark."""

    @property
    def is_capital(self) -> bool:
        """Say whether it begins with a capital letter."""
        return self.text[:1].isupper()


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence. ``quoted`` are the runs inside quotation marks, the marks included."""

    number: int
    paragraph: int
    start: int
    end: int
    tokens: tuple[Token, ...]
    quoted: tuple[tuple[int, int], ...] = ()
    """Runs (start, end) of the document that lie in this sentence and in a quotation."""

    def in_quotes(self, start: int) -> bool:
        """Say whether that offset stands inside quotation marks."""
        return any(low <= start < high for low, high in self.quoted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report, ready for the finders. ``published`` is the local day of its outlet."""

    name: str
    text: str
    language: str
    published: date | None
    outlet: str | None = None
    sentences: tuple[Sentence, ...] = ()
    dropped: tuple[Span, ...] = ()
    """Boilerplate: datelines, newsletter lines, comment forms. Nothing is drafted from it."""

    def span(self, start: int, end: int) -> Span:
        """Return the exact text of that run."""
        return Span(start, end, self.text[start:end])

    def sentence_at(self, offset: int) -> Sentence | None:
        """Return the sentence that holds the offset."""
        return next((s for s in self.sentences if s.start <= offset < s.end), None)
