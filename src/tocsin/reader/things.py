"""Buildings, networks and services in a sentence, by type.

Which claim a thing belongs to, and what became of it, the clause decides (``draft``): here are
only the things, longest name first, and whether one is a service (lost, never hit).
"""

from __future__ import annotations

from dataclasses import dataclass

from tocsin.reader.claim import Span
from tocsin.reader.document import Document, Sentence
from tocsin.reader.words import words


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A thing named in a sentence."""

    type: str
    span: Span
    first: int
    """Its first token in the sentence."""
    is_service: bool


def find(document: Document, sentence: Sentence) -> tuple[Named, ...]:
    """Return the things of a sentence, in order, none inside another."""
    hits = words(document.language, "things").find(sentence.tokens)
    blocked: set[int] = set()
    services: dict[int, int] = {}
    typed: list[tuple[int, int, str]] = []
    for hit in hits:
        kind, _, name = hit.group.partition(".")
        if hit.group == "grammar.not_things":
            blocked.update(range(hit.first, hit.last))
        elif hit.group == "grammar.services":
            services[hit.first] = max(services.get(hit.first, 0), hit.last)
        elif kind == "type":
            typed.append((hit.first, hit.last, name))
    typed.sort(key=lambda each: (each[0] - each[1], each[0]))
    taken: set[int] = set()
    out: list[Named] = []
    for first, last, name in typed:
        run = range(first, last)
        if taken.intersection(run) or blocked.issuperset(run):
            continue
        taken.update(run)
        tokens = sentence.tokens
        out.append(
            Named(
                type=name,
                span=document.span(tokens[first].start, tokens[last - 1].end),
                first=first,
                is_service=services.get(first, 0) >= last,
            )
        )
    return tuple(sorted(out, key=lambda each: each.first))
