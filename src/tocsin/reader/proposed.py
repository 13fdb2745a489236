"""What a language model pointed at: looked up in the text, and put beside the plain drafts.

Pure. A suggestion is a kind and words; ``checked`` keeps it only if every word of it stands in
the report, and widens its quote to the whole sentence: half of a sentence, word for word, can
say the opposite ("casualties were reported" of "no casualties were reported"). What stands
there our own finders read (``reread``). ``merge`` adds what they found to the plain drafts,
which win.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import msgspec

from tocsin.reader.claim import Claim, Kind, Span
from tocsin.reader.document import Document
from tocsin.reader.verbatim import MOST_CHARACTERS, Verbatim

MOST_WORDS = 24
"""Strings of one suggestion; more is not a claim but a flood."""

NOTE = "Proposed by a language model; what the words say was read by our own rules."
NOTE_UNSUPPORTED = (
    "Proposed by a language model as %(kind)s; our own rules do not find that in these words."
)


class Suggestion(msgspec.Struct, frozen=True):
    """What a model says, as far as it is listened to: other members are not decoded."""

    kind: Kind
    quote: str
    sentence: int | None = None
    """Only chooses between places where the very same words stand."""
    words: dict[str, str | list[str] | None] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A suggestion whose words all stand in the report."""

    kind: Kind
    quote: Span
    """The whole sentence."""
    pointed: Span
    """What the model quoted of it."""
    words: tuple[tuple[str, Span], ...] = ()
    """By field (``killed``, ``place`` ...), in the order given."""

    def named(self, field: str) -> tuple[Span, ...]:
        """Return the words that the model gave for a field."""
        return tuple(span for name, span in self.words if name == field)


def checked(document: Document, suggestions: Iterable[Suggestion]) -> tuple[Proposed, ...]:
    """Return the suggestions that stand in the report word for word, each once, in text order."""
    verbatim = Verbatim(document)
    found: dict[tuple[int, Kind, int, int], Proposed] = {}
    for suggestion in suggestions:
        proposed = _looked_up(verbatim, suggestion)
        if proposed is not None:
            pointed = proposed.pointed
            key = (proposed.quote.start, proposed.kind, pointed.start, pointed.end)
            found.setdefault(key, proposed)
    return tuple(found[key] for key in sorted(found))


def merge(drafts: Sequence[Claim], proposals: Iterable[Claim]) -> tuple[Claim, ...]:
    """Return the drafts as they are, and after them the proposals that say something else.

    A plain draft wins over a proposal of its kind in the same words, and of the proposals only
    one of a kind is added for one sentence.
    """
    kept: list[Claim] = []
    for claim in proposals:
        taken = any(
            other.kind is claim.kind and other.quote.overlaps(claim.quote)
            for other in (*drafts, *kept)
        )
        if not taken:
            kept.append(replace(claim, id=f"{claim.doc}#m{len(kept) + 1:02}"))
    return (*drafts, *kept)


def _looked_up(verbatim: Verbatim, suggestion: Suggestion) -> Proposed | None:
    document = verbatim.document
    near = None
    if suggestion.sentence is not None and 1 <= suggestion.sentence <= len(document.sentences):
        near = document.sentences[suggestion.sentence - 1].start
    pointed = verbatim.find(suggestion.quote, near)
    if pointed is None or len(pointed.text.split()) < 2:  # noqa: PLR2004 one word is no claim
        return None
    sentence = verbatim.sentence(pointed.start, pointed.end)
    if sentence is None or sentence.end - sentence.start > MOST_CHARACTERS:
        return None
    words: list[tuple[str, Span]] = []
    given = [
        (field, text)
        for field, texts in suggestion.words.items()
        for text in ([texts] if isinstance(texts, str) else texts or [])
        if text
    ]
    if len(given) > MOST_WORDS:
        return None
    for field, text in given:
        span = verbatim.find(text, pointed.start)
        if span is None:
            return None
        words.append((field, span))
    return Proposed(
        kind=suggestion.kind,
        quote=document.span(sentence.start, sentence.end),
        pointed=pointed,
        words=tuple(words),
    )
