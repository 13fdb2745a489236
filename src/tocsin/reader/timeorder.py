"""The text's own order of its days: what another happening follows cannot lie behind it.

A bare weekday is the latest one up to publication. "Rescuers stopped on Thursday after the blast
on Saturday" puts that Saturday before that Thursday, whatever day the report came out; so do two
sentences, one on the search after a blast and one on the day of that blast.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tocsin.reader import dates
from tocsin.reader.document import Document
from tocsin.reader.timemention import DAY, TimeMention
from tocsin.reader.timewords import TimeWords

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_SENTENCE = 1000
"""Characters of a sentence that are read for what it tells of."""


def in_sentence(words: TimeWords, text: str, mentions: Sequence[TimeMention]) -> list[TimeMention]:
    """Return the mentions of a sentence, a bare weekday put back where another day follows it."""
    out = list(mentions)
    for at in range(1, len(out)):
        first, second = out[at - 1], out[at]
        if not (_is_day(first) and _is_day(second)) or first.is_future or second.is_future:
            continue
        between = text[first.span.end : second.span.start] + second.leads
        if second.is_bare and _later(second, first) and words.matcher("later").search(between):
            out[at] = back_a_week(second)
        elif first.is_bare and first.kind == "after" and _later(first, second):
            out[at - 1] = back_a_week(first)
    return out


def in_story(
    words: TimeWords, document: Document, mentions: Sequence[TimeMention]
) -> tuple[TimeMention, ...]:
    """Put the day of a happening before that of its aftermath, told in another sentence."""
    days: dict[int, TimeMention] = {}
    for mention in mentions:
        if _is_day(mention) and not mention.is_future and mention.kind == "point":
            days.setdefault(mention.sentence, mention)
    told = {
        sentence.number: document.text[
            sentence.start : min(sentence.end, sentence.start + _SENTENCE)
        ]
        for sentence in document.sentences
        if sentence.number in days
    }
    aftermath = {at for at, text in told.items() if words.matcher("aftermath").search(text)}
    if not aftermath:
        return tuple(mentions)
    happenings = {at: _happenings(words, text) for at, text in told.items()}
    every = frozenset[str]().union(*happenings.values())
    ends: dict[str, TimeMention] = {}
    """The first day of the aftermath of each happening."""
    for at in sorted(aftermath):
        for name in happenings[at] or (every if len(every) == 1 else ()):
            if name not in ends or _later(ends[name], days[at]):
                ends[name] = days[at]
    out = []
    for mention in mentions:
        text = told.get(mention.sentence, "")
        names = happenings.get(mention.sentence, frozenset()) & ends.keys()
        moves = (
            mention.is_bare
            and not mention.is_future
            and mention.kind == "point"
            and mention.sentence not in aftermath
            and not words.matcher("another").search(text)
            and not words.matcher("finish").search(text)
            and (document.published is None or mention.start != document.published.isoformat())
            and any(_later(mention, ends[name]) for name in names)
        )
        out.append(back_a_week(mention) if moves else mention)
    return tuple(out)


def back_a_week(mention: TimeMention) -> TimeMention:
    """Return the same mention seven days earlier."""
    if mention.start is None or mention.end is None:
        return mention
    return replace(mention, start=_week_before(mention.start), end=_week_before(mention.end))


def _week_before(moment: str) -> str:
    day = dates.shift(date.fromisoformat(moment[:DAY]), -7)
    return (day.isoformat() if day else moment[:DAY]) + moment[DAY:]


def _is_day(mention: TimeMention) -> bool:
    return mention.start is not None and mention.grain in {"day", "minute"}


def _later(one: TimeMention, other: TimeMention) -> bool:
    return (one.start or "")[:DAY] > (other.start or "")[:DAY]


def _happenings(words: TimeWords, text: str) -> frozenset[str]:
    """Return what the sentence says has happened: "blast", of the lexicon's words."""
    known = words.listed("onset")
    found = (word.removesuffix("s") for word in _WORD.findall(text.lower()))
    return frozenset(word for word in found if word in known)
