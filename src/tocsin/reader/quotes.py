"""The words that a claim is quoted by: exact, whole clauses, with who says so."""

from __future__ import annotations

from collections.abc import Sequence

from tocsin.reader.claim import Span
from tocsin.reader.clusters import Cluster
from tocsin.reader.found import Found
from tocsin.reader.scope import Scope
from tocsin.reader.speakers import Attribution

EDGES = " ,;:\u2013\u2014-\n\u00a0"
"""Marks that neither begin nor end a quote."""


def quote(
    found: Found,
    cluster: Cluster,
    clusters: Sequence[Cluster],
    scope: Scope,
    said: Attribution | None,
) -> Span:
    """Return the sentence; of two happenings of a kind the clauses; of a part its own words."""
    sentence, text = found.sentence, found.document.text
    rivals = [each for each in clusters if each.kind is cluster.kind and each is not cluster]
    if not rivals:
        return _line(found, cluster, said)
    if cluster.counts:
        if not cluster.is_part and all(each.is_part for each in rivals):
            return _line(found, cluster, said)
        return _own_words(found, cluster, clusters)
    own = [part for part in found.parts if part.number in scope.shared]
    start, end = own[0].start, own[-1].end
    if said is not None and said.cue.within(sentence.start, sentence.end):
        start, end = min(start, said.cue.start), max(end, said.cue.end)
    while end > start and text[end - 1] in EDGES:
        end -= 1
    return found.document.span(start, end)


def _line(found: Found, cluster: Cluster, said: Attribution | None) -> Span:
    """Return the sentence without the dateline or headline that its line breaks join to it."""
    sentence, document = found.sentence, found.document
    low, high = cluster.at, cluster.end
    if said is not None and said.cue.within(sentence.start, sentence.end):
        low, high = min(low, said.cue.start), max(high, said.cue.end)
    start = max(sentence.start, document.text.rfind("\n", sentence.start, low) + 1)
    end = document.text.find("\n", high, sentence.end)
    end = sentence.end if end < 0 else end
    for each in document.dropped:
        if start <= each.start and each.end <= low:
            start = each.end
    while start < low and document.text[start] in EDGES:
        start += 1
    return document.span(start, end)


def _own_words(found: Found, cluster: Cluster, clusters: Sequence[Cluster]) -> Span:
    """Return the words from a figure to the next figure's, without the marks at its ends."""
    text, sentence = found.document.text, found.sentence
    others = sorted(
        each.at for each in clusters if each.kind is cluster.kind and each.at > cluster.end
    )
    start, end = cluster.at, others[0] if others else sentence.end
    earlier = [each for each in clusters if each.kind is cluster.kind and each.at < cluster.at]
    if not earlier and not cluster.is_part:
        start = sentence.start
    comma = text.find(",", cluster.end, end)
    if cluster.is_part and comma > 0:
        end = comma
    while end > start and text[end - 1] in EDGES + ".":
        end -= 1
    last = found.sentence.tokens[found.token_at(end - 1)]
    if found.any("grammar.coordinator", found.token_at(end - 1), found.token_at(end - 1) + 1):
        end = max(start + 1, last.start)
        while end > start and text[end - 1] in EDGES:
            end -= 1
    return found.document.span(start, end)
