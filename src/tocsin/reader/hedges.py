"""How sure the text is of what a clause says: may, likely, will, denied, claimed.

The strongest applies: a denial before a claim before a plan before a guess. A word counts for
the clause it stands in; who only *says* something says it neutrally.
"""

from __future__ import annotations

from collections.abc import Iterable

from tocsin.reader.claim import Hedge
from tocsin.reader.document import Document, Sentence
from tocsin.reader.words import words

_STRENGTH = (
    Hedge.ASSERTED,
    Hedge.SAID,
    Hedge.CLAIMED,
    Hedge.LIKELY,
    Hedge.POSSIBLE,
    Hedge.PLANNED,
    Hedge.DENIED,
)


def strongest(hedges: Iterable[Hedge]) -> Hedge:
    """Return the strongest of them."""
    return max(hedges, key=_STRENGTH.index, default=Hedge.ASSERTED)


def marks(document: Document, sentence: Sentence) -> tuple[tuple[int, Hedge], ...]:
    """Return the hedging words of a sentence: first token, and what it says."""
    # The tables within the lexicon are of other readers (``untrue``).
    hits = [
        hit
        for hit in words(document.language, "hedges").find(sentence.tokens)
        if "." not in hit.group
    ]
    blocked: set[int] = set()
    for hit in hits:
        if hit.group == "not_possible":
            blocked.update(range(hit.first, hit.last))
    return tuple(
        (hit.first, Hedge(hit.group))
        for hit in hits
        if hit.group != "not_possible"
        and hit.first not in blocked
        and not _is_month(sentence, hit.first)
    )


def _is_month(sentence: Sentence, at: int) -> bool:
    """Say whether a word of doubt is a name: "on May 22", "May 22, 2011"."""
    tokens = sentence.tokens
    if not tokens[at].is_capital:
        return False
    return at > 0 or (len(tokens) > 1 and tokens[1].text[:1].isdigit())
