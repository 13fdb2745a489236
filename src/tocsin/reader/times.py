"""When things happened: every phrase of time of a report, resolved to local days.

Counted against the publication date and the text's own order, never by a general date library:
those put "Tuesday" of a Tuesday report a week back. What cannot be counted has no ``start``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from tocsin.reader import dates, tense
from tocsin.reader.claim import Moment, Span
from tocsin.reader.document import Document, Sentence
from tocsin.reader.moments import CLOCKS, MEANINGS, PARTS, Frame, Grain, Value
from tocsin.reader.timewords import Hit, TimeWords, time_words

KindOfTime = Literal["point", "since", "until", "ahead", "after"]

_NEAR = timedelta(days=14)
"""A report's own story; what lies further back is background."""
_BLANK = re.compile(r"\s*")
_GAP = 8
_DAY = 10
"""Length of a day as text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A phrase of time. ``start`` is None where there is nothing to count it from."""

    span: Span
    start: str | None
    end: str | None
    grain: Grain
    sentence: int
    part: str | None = None
    kind: KindOfTime = "point"
    """``since``, ``until``, ``ahead`` (before it) and ``after`` it: no time of the clause itself.
    An ``after`` day ("three days after the quake") belongs to what the next words tell of."""
    is_relative_to_text: bool = False
    """Counted from the day in the text before, not from publication."""
    is_future: bool = False
    is_possessive: bool = False
    """``Monday's attacks``: the day of that noun."""
    is_subordinate: bool = False
    """Stands behind a word that opens a clause: ``after``, ``that``, ``which`` ..."""
    in_quotes: bool = False
    before: str = ""
    """The word before, in lower case."""
    zone: str | None = None
    """``gmt`` or ``utc``: the clock is not the local one, so only the day is told."""
    candidates: tuple[date, ...] = ()
    """Days that numbers may stand for, where nothing decides (``start`` is None)."""
    means: str = ""
    """What the phrase was read as: the name of the lexicon's form."""

    def moment(self, basis: Literal["explicit", "context"] = "explicit") -> Moment | None:
        """Return it as the time of a claim; a clock of another zone keeps its day only."""
        if self.start is None or self.end is None:
            return None
        start, end, grain = self.start, self.end, self.grain
        if self.zone and grain == "minute":
            start, end, grain = start[:_DAY], end[:_DAY], "day"
        span = self.span if basis == "explicit" else None
        return Moment(start=start, end=end, grain=grain, basis=basis, part=self.part, span=span)


def find(document: Document) -> tuple[TimeMention, ...]:
    """Return every phrase of time of the report's sentences, in text order."""
    return _Finder(document).run()


@dataclass(frozen=True, slots=True)
class _Group:
    """Phrases that tell one time together: "at 8 a.m. on Tuesday"."""

    day: Hit | None
    clock: Hit | None
    part: Hit | None

    @property
    def hits(self) -> tuple[Hit, ...]:
        return tuple(hit for hit in (self.day, self.clock, self.part) if hit)

    @property
    def start(self) -> int:
        return min(hit.start for hit in self.hits)

    @property
    def end(self) -> int:
        return max(hit.end for hit in self.hits)


class _Finder:
    """One walk through a report; what earlier sentences said of the day is kept."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = time_words(document.language)
        self.frame = Frame(words=self.words, published=document.published)
        self.paragraph = -1
        self.near: date | None = None

    def run(self) -> tuple[TimeMention, ...]:
        found: list[TimeMention] = []
        self.frame.is_day_first = self._order_of_numbers()
        for sentence in self.document.sentences:
            found += self._sentence(sentence)
        return tuple(found)

    def _order_of_numbers(self) -> bool | None:
        """Say how dates in numbers are written here, where one of them leaves no choice."""
        for match in _NUMBERS.finditer(self.document.text):
            first, second = int(match.group(1)), int(match.group(2))
            if (first > dates.MONTHS) != (second > dates.MONTHS):
                return first > dates.MONTHS
        return None

    def _sentence(self, sentence: Sentence) -> list[TimeMention]:
        text = self.document.text[sentence.start : sentence.end]
        groups = _joined(self.words, text, self._proper(text))
        if not groups:
            return []
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.frame.before, self.frame.clock = (
                sentence.paragraph,
                self.near,
                None,
            )
        self.frame.year = None
        made: dict[int, TimeMention] = {}
        values: dict[int, Value] = {}
        # The days first, those outside quotation marks before those inside; then bare clocks.
        order = sorted(
            range(len(groups)),
            key=lambda i: (
                groups[i].day is None,
                sentence.in_quotes(sentence.start + groups[i].start),
            ),
        )
        for i in order:
            group = groups[i]
            value = self._resolve(group, text, sentence, values, groups)
            if value is None:
                continue
            values[i] = value
            made[i] = self._mention(group, value, text, sentence)
            self._remember(value, made[i])
        mentions = [made[i] for i in sorted(made)]
        fixed = _in_order(self.words, self.document.text, mentions, values, made)
        return _merged(fixed)

    def _proper(self, text: str) -> list[Hit]:
        """Return the phrases that are no names: not "Black Friday", not "The Sunday Times"."""
        kept = []
        for hit in self.words.find(text):
            if hit.means == "weekday":
                before = text[max(0, hit.start - 20) : hit.start].rstrip()
                last = None
                for last in self.words.matcher("name_before").finditer(before):
                    pass
                if last and last.end() == len(before):
                    continue
                after = text[hit.end : hit.end + 20].lstrip()
                name = self.words.matcher("name_after").match(after)
                if name and after[:1].isupper():
                    continue
            kept.append(hit)
        return kept

    def _resolve(
        self,
        group: _Group,
        text: str,
        sentence: Sentence,
        values: dict[int, Value],
        groups: Sequence[_Group],
    ) -> Value | None:
        words, frame = self.words, self.frame
        clock = MEANINGS[group.clock.means](group.clock, frame) if group.clock else None
        if group.clock and clock is None:
            return None
        part = MEANINGS[group.part.means](group.part, frame) if group.part else None
        if group.day is None:
            value = self._day_of(group, values, groups)
            if not group.clock and words.value("hours", text[group.start : group.end]) is None:
                pass
        else:
            day = group.day
            frame.is_future = tense.is_ahead(words, text, day.start, group.end) or (
                words.value("lead", day.get("lead")) in {"ahead", "until"}
                and tense.is_planned(words, text, day.end)
            )
            published = frame.published
            if day.means in _SPEECH and sentence.in_quotes(sentence.start + day.start):
                frame.published = _said_on(values, groups, sentence) or published
            found = MEANINGS[day.means](day, frame)
            frame.published = published
            if found is None:
                return None
            value = found
        if clock:
            value = replace(value, clock=clock.clock, until=clock.until, zone=clock.zone)
        if part and part.part and not value.part:
            value = replace(value, part=part.part)
        return value

    def _day_of(self, group: _Group, values: dict[int, Value], groups: Sequence[_Group]) -> Value:
        """Return the day of a bare clock: its sentence's, else that of the text before."""
        days = [i for i, value in values.items() if value.first and value.grain == "day"]
        ahead = [i for i in days if groups[i].start < group.start]
        near = max(ahead) if ahead else min(days, default=None)
        day = values[near].first if near is not None else self.frame.here
        return Value(first=day, last=day, from_text=True)

    def _mention(self, group: _Group, value: Value, text: str, sentence: Sentence) -> TimeMention:
        words, published = self.words, self.document.published
        lead = next((hit for hit in (group.day, group.clock) if hit), None)
        kind = words.value("lead", lead.get("lead")) if lead else None
        if lead and lead.means == "count-event":
            kind = "after" if words.value("way", lead.get("way")) == 1 else "ahead"
            kind = words.value("lead", lead.get("way")) if kind == "after" else kind
        elif lead and kind is None:
            kind = words.value("lead", text[lead.start : lead.end].split()[0])
        start, end, grain = _written(value)
        offset = sentence.start
        before = text[: group.start].split()[-1:] if group.start < _LONG else []
        ahead = bool(value.first and published and value.first > published)
        planned = self.frame.is_future and value.first == published and group.day is not None
        return TimeMention(
            span=self.document.span(offset + group.start, offset + group.end),
            start=start,
            end=end,
            grain=grain,
            sentence=sentence.number,
            part=value.part,
            kind=kind or "point",
            is_relative_to_text=value.from_text,
            is_future=ahead or (planned and value.first is not None),
            is_possessive=any("of" in hit.words for hit in group.hits),
            is_subordinate=tense.is_subordinate(words, text, group.start),
            in_quotes=sentence.in_quotes(offset + group.start),
            before=before[0].lower() if before else "",
            zone=value.zone,
            candidates=value.candidates,
            means=(group.day or group.clock or group.hits[0]).means,
        )

    def _remember(self, value: Value, mention: TimeMention) -> None:
        """Keep the day for what counts from it."""
        frame, first = self.frame, value.first
        if first is None:
            return
        if value.grain in {"year", "month"} or (
            frame.published and first < frame.published - _NEAR
        ):
            frame.year = first.year if value.grain != "range" else frame.year
        if mention.is_future or mention.kind not in {"point", "after"} or value.last is None:
            return
        if value.grain != "day" and (value.last - first).days > 1:
            return
        if mention.means == "count-event":
            return
        frame.before, frame.clock = value.last if value.grain == "range" else first, value.clock
        if frame.published is None or first >= frame.published - _NEAR:
            self.near = frame.before


_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?![\d./-])")
_SPEECH = frozenset({"deictic", "today-part", "last-night", "overnight"})
_LONG = 20_000


def _written(value: Value) -> tuple[str | None, str | None, Grain]:
    if value.first is None or value.last is None:
        return None, None, "minute" if value.clock else value.grain
    if value.clock and value.grain == "day":
        start = f"{value.first.isoformat()}T{value.clock[0]:02}:{value.clock[1]:02}"
        last = value.until or value.clock
        return start, f"{value.first.isoformat()}T{last[0]:02}:{last[1]:02}", "minute"
    return value.first.isoformat(), value.last.isoformat(), value.grain


def _said_on(values: dict[int, Value], groups: Sequence[_Group], sentence: Sentence) -> date | None:
    """Return the one day outside the quotation: when "yesterday" was said."""
    days = {
        value.first
        for i, value in values.items()
        if value.first
        and value.grain == "day"
        and not sentence.in_quotes(sentence.start + groups[i].start)
    }
    return days.pop() if len(days) == 1 else None


def _joined(words: TimeWords, text: str, hits: Sequence[Hit]) -> list[_Group]:
    """Join a day with the clock and part of the day that stand beside it."""
    groups: list[_Group] = []
    for hit in hits:
        new = _Group(
            day=None if hit.means in CLOCKS | PARTS else hit,
            clock=hit if hit.means in CLOCKS else None,
            part=hit if hit.means in PARTS else None,
        )
        if groups:
            old = groups[-1]
            gap = text[old.end : hit.start]
            clash = (old.day and new.day) or (old.clock and new.clock) or (old.part and new.part)
            if not clash and _is_gap(words, gap):
                groups[-1] = _Group(
                    day=old.day or new.day, clock=old.clock or new.clock, part=old.part or new.part
                )
                continue
        groups.append(new)
    needs = {each.lower() for each in words.listed("needs_day")}
    return [
        group
        for group in groups
        if group.day
        or group.clock
        or " ".join(text[group.start : group.end].lower().split()) not in needs
    ]


def _is_gap(words: TimeWords, gap: str) -> bool:
    if len(gap) > _GAP:
        return False
    bare = gap.strip(" \u00a0\n\t,(").lower()
    return bare == "" or bare in words.listed("join")


def _in_order(
    words: TimeWords,
    text: str,
    mentions: list[TimeMention],
    values: dict[int, Value],
    made: dict[int, TimeMention],
) -> list[TimeMention]:
    """Put a bare weekday a week back where the sentence says that it came first."""
    plain = {made[i].span.start for i in values if values[i].is_weekday and i in made}
    out = list(mentions)
    for j in range(1, len(out)):
        first, second = out[j - 1], out[j]
        if not (first.start and second.start and {first.grain, second.grain} <= {"day", "minute"}):
            continue
        between = text[first.span.end : second.span.end]
        if second.span.start in plain and not second.is_future and not first.is_future:
            if tense.follows(words, between) and second.start > first.start[:_DAY] + "T99":
                out[j] = _back(second)
                continue
        if first.kind == "after" and first.span.start in plain and first.start > second.start:
            out[j - 1] = _back(first)
    return out


def _back(mention: TimeMention) -> TimeMention:
    def week(moment: str) -> str:
        day = dates.shift(date.fromisoformat(moment[:_DAY]), -7)
        return (day.isoformat() if day else moment[:_DAY]) + moment[_DAY:]

    if mention.start is None or mention.end is None:
        return mention
    return replace(mention, start=week(mention.start), end=week(mention.end))


def _merged(mentions: list[TimeMention]) -> list[TimeMention]:
    """Read "overnight three times in the past week" as nights of that week."""
    windows = [m for m in mentions if m.means == "window" and m.start]
    nights = [m for m in mentions if m.means == "overnight"]
    if len(windows) == 1 and nights and len(windows) + len(nights) == len(mentions):
        return [replace(windows[0], part="night")]
    return mentions


def context(
    mentions: Sequence[TimeMention],
    document: Document,
    offset: int,
    story: Moment | None = None,
) -> Moment | None:
    """Return the day that the text around an offset gives, or None.

    That is: the sentence's own day before it, else that of the nearest sentence before in its
    paragraph, else the story's day (``story_day``; hand it in when asking often).
    """
    at = bisect_right(document.sentences, offset, key=lambda each: each.start) - 1
    if at < 0:
        return story or story_day(mentions, document)
    sentence = document.sentences[at]
    last = bisect_right(mentions, offset, key=lambda each: each.span.start)
    found: list[TimeMention] = []
    for mention in reversed(mentions[:last]):
        if found and mention.sentence != found[0].sentence:
            break
        if document.sentences[at].number - mention.sentence > _SENTENCES:
            break
        if _usable(mention) and _paragraph(document, mention.span.start) == sentence.paragraph:
            if _is_near(mention, document) or sentence.number - mention.sentence <= 1:
                found.append(mention)
    if found:
        found.reverse()
        main = next((m for m in found if not m.is_subordinate and not m.is_possessive), found[0])
        return main.moment("context")
    return story or story_day(mentions, document)


_SENTENCES = 12


def _paragraph(document: Document, offset: int) -> int:
    at = bisect_right(document.sentences, offset, key=lambda each: each.start) - 1
    return document.sentences[at].paragraph if at >= 0 else -1


def story_day(mentions: Sequence[TimeMention], document: Document) -> Moment | None:
    """Return the day of the report's main story: the first that it tells, without its clock."""
    near = [m for m in mentions if _usable(m) and _is_near(m, document)]
    main = next((m for m in near if not m.is_subordinate and not m.is_possessive), None)
    chosen = main or next(iter(near), None)
    moment = chosen.moment("context") if chosen else None
    if moment is None or moment.grain != "minute":
        return moment
    return replace(moment, start=moment.start[:_DAY], end=moment.end[:_DAY], grain="day")


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
    if document.published is None:
        return True
    return mention.start[:_DAY] >= (document.published - _NEAR).isoformat()
