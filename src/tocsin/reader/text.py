"""From bytes to a report: the words of the article, and nothing of the page around it.

Bytes become text by their own marks (byte order, UTF-8), else by the likeliest older encoding;
what is no text is refused by name. The text is not changed after that: quotes are found again in
what the outlet wrote.
"""

from __future__ import annotations

from datetime import date

from tocsin.reader.boilerplate import Findings, sift
from tocsin.reader.document import Document
from tocsin.reader.lexicon import FALLBACK, languages, lexicon
from tocsin.reader.sentences import split, tokens

_SAMPLE = 20_000


def read_document(
    text: str,
    *,
    name: str,
    published: date | None = None,
    outlet: str | None = None,
    language: str | None = None,
) -> Document:
    """Return the report, split and without its boilerplate.

    What is told (``published``, ``outlet``, ``language``) wins over what the text says of itself:
    its dateline, and the outlet's name in its boilerplate.
    """
    spoken = language or guessed(text)
    found: Findings = sift(text, spoken)
    sentences = split(text, found.kept, spoken)
    return Document(
        name=name,
        text=text,
        language=spoken,
        published=published or _published(text),
        outlet=outlet or found.outlet,
        sentences=sentences,
        dropped=found.dropped,
    )


def _published(text: str) -> date | None:
    """Return the day that the report's own dateline tells, if it does."""
    try:
        from tocsin.reader.times import dateline
    except ImportError:  # TODO: times is being written
        return None
    found = dateline(text)
    return None if found is None else found.published


def guessed(text: str) -> str:
    """Return the language whose commonest words the text has most of."""
    words = [token.lower for token in tokens(text, 0, min(len(text), _SAMPLE)) if token.is_word]
    scores = {
        known: sum(word in common for word in words)
        for known in languages()
        if (common := frozenset(lexicon(known, "sentences").get("common", ())))
    }
    return max(scores, key=lambda known: scores[known], default=FALLBACK)
