"""The day that the text around a clause gives it, where the clause names none."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from tocsin.reader.claim import Moment
from tocsin.reader.document import Document
from tocsin.reader.timemention import DAY, TimeMention

NEAR = timedelta(days=14)
"""A report's own story; what lies further back is background."""
_WEEKS = frozenset({"week", "week-text", "window"})
"""Ranges that are no day, even where they are short: "this week" of a Tuesday."""
_SENTENCES = 12
"""So many sentences before are read for a day."""


def context(
    mentions: Sequence[TimeMention],
    document: Document,
    offset: int,
    story: Moment | None = None,
    *,
    is_happening: bool = False,
) -> Moment | None:
    """Return the day that the text around an offset gives, or None.

    With ``is_happening`` only days on which something is told to have happened are taken from the
    paragraph: a toll "as of Tuesday" is not of that day. Hand in ``happening_day`` then.

    That is: the sentence's own day before it, else that of the nearest sentence before in its
    paragraph, else the story's day (``story_day``; hand it in when asking often).
    """
    at = bisect_right(document.sentences, offset, key=lambda each: each.start) - 1
    if at < 0:
        return story
    sentence = document.sentences[at]
    last = bisect_right(mentions, offset, key=lambda each: each.span.start)
    found: list[TimeMention] = []
    for mention in reversed(mentions[:last]):
        if found and mention.sentence != found[0].sentence:
            break
        if document.sentences[at].number - mention.sentence > _SENTENCES:
            break
        if (
            _usable(mention)
            and (mention.happening or not is_happening)
            and _paragraph(document, mention.span.start) == sentence.paragraph
            and (_is_near(mention, document) or sentence.number - mention.sentence <= 1)
        ):
            found.append(mention)
    if found:
        return _main(found[::-1]).moment("context")
    if story is None:
        ask = happening_day if is_happening else story_day
        return ask(mentions, document)
    return story


def _paragraph(document: Document, offset: int) -> int:
    at = bisect_right(document.sentences, offset, key=lambda each: each.start) - 1
    return document.sentences[at].paragraph if at >= 0 else -1


def story_day(mentions: Sequence[TimeMention], document: Document) -> Moment | None:
    """Return the day of the report's main story: the first that it tells, without its clock."""
    near = [m for m in mentions if _usable(m) and _is_near(m, document)]
    return _as_day(_main(near).moment("context")) if near else None


def happening_day(mentions: Sequence[TimeMention], document: Document) -> Moment | None:
    """Return the day of what the report is about: the blast, not the search after it.

    That is the story's day where something happened on it, else the day that the most clauses
    tell of a happening; without any, the story's day.
    """
    near = [m for m in mentions if _is_near(m, document) and _is_told(m)]
    if not near:
        return story_day(mentions, document)
    usable = [m for m in mentions if _usable(m) and _is_near(m, document)]
    main = _main(usable) if usable else None
    if main is None or not main.happening:
        sums: dict[str, int] = {}
        for mention in near:
            day = (mention.start or "")[:DAY]
            sums[day] = sums.get(day, 0) + mention.happening
        best = max(sums, key=lambda day: sums[day])  # the first told of those told as often
        main = next(m for m in near if (m.start or "")[:DAY] == best)
    return _as_day(main.moment("context"))


def _is_told(mention: TimeMention) -> bool:
    return bool(
        mention.happening
        and not (mention.is_future or mention.is_saying or mention.is_background)
        and mention.kind in {"point", "after"}
    )


def _as_day(moment: Moment | None) -> Moment | None:
    if moment is None or moment.grain != "minute":
        return moment
    return replace(moment, start=moment.start[:DAY], end=moment.end[:DAY], grain="day")


def _main(mentions: Sequence[TimeMention]) -> TimeMention:
    """Return the first that tells of a happening; the day of words said, or of a noun, last."""
    told = [m for m in mentions if not (m.is_saying or m.is_background or m.is_possessive)]
    kept = told or mentions
    lead = [m for m in kept if m.sentence == kept[0].sentence]
    return next((m for m in lead if not m.is_subordinate), lead[0])


def _usable(mention: TimeMention) -> bool:
    return bool(
        mention.start
        and not mention.is_future
        and mention.kind in {"point", "after"}
        and mention.means != "count-event"
    )


def _is_near(mention: TimeMention, document: Document) -> bool:
    if mention.start is None or mention.end is None or mention.grain in {"month", "year"}:
        return False
    if mention.means in _WEEKS or _length(mention.start, mention.end) > 1:
        return False
    if document.published is None:
        return True
    return mention.start[:DAY] >= (document.published - NEAR).isoformat()


def _length(start: str, end: str) -> int:
    return (date.fromisoformat(end[:DAY]) - date.fromisoformat(start[:DAY])).days
