"""When things happened: every phrase of time of a report, resolved to local days.

Counted against the publication date and the text's own order, never by a general date library:
those put "Tuesday" of a Tuesday report a week back. What cannot be counted has no ``start``.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tocsin.reader import dates, tense, timeorder
from tocsin.reader.dateline import is_agency
from tocsin.reader.document import Document, Sentence
from tocsin.reader.moments import MEANINGS
from tocsin.reader.storyday import NEAR, context, happening_day, story_day
from tocsin.reader.timegroups import Group, groups
from tocsin.reader.timemention import KindOfTime, TimeMention
from tocsin.reader.timevalue import Frame, Grain, Value
from tocsin.reader.timewords import TimeWords, time_words

__all__ = ["KindOfTime", "TimeMention", "context", "find", "happening_day", "story_day"]

_SPEECH = frozenset({"deictic", "today-part", "last-night", "overnight"})
"""Phrases that a speaker counts from the day of speaking."""
_NUMBERS = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-](?:\d{4}|\d{2})(?![\d/-]|\.\d)")
_ALWAYS = frozenset({"hours", "overnight", "night-to", "night-of"})
"""Phrases that tell the time of their clause, whatever their first word: "before dawn"."""
_KINDS: dict[str, KindOfTime] = {
    "point": "point",
    "since": "since",
    "until": "until",
    "ahead": "ahead",
    "after": "after",
}
_HEAD = 3
"""Sentences that may open with an agency's dateline."""
_BEFORE = 40
"""Characters that are read for the word before."""


def find(document: Document) -> tuple[TimeMention, ...]:
    """Return every phrase of time of the report's sentences, in text order."""
    finder = _Finder(document)
    found = [mention for each in document.sentences for mention in finder.sentence(each)]
    return timeorder.in_story(finder.words, document, found)


class _Finder:
    """One walk through a report; what earlier sentences said of the day is kept."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.words = time_words(document.language)
        self.frame = Frame(
            words=self.words,
            published=document.published,
            is_day_first=_order_of_numbers(document.text),
        )
        self.paragraph = -1
        self.near: date | None = None
        """The last day of the story itself, for the next paragraph."""
        self.settled: date | None = None
        """The last day that the paragraph stays with: not a look back ("a day earlier")."""
        self.loose = False
        """The last day was only the night through which something went on: any other one wins."""
        self.far: tuple[int, date] | None = None
        """A day long before the story, and its sentence: only the next one counts from it."""
        self.days: list[tuple[int, date]] = []
        """The sentence's days, by where they stand."""
        self.said: set[date] = set()
        """Its days outside quotation marks: when the rest was said."""

    def sentence(self, sentence: Sentence) -> list[TimeMention]:
        """Return the mentions of the next sentence."""
        text = self.document.text[sentence.start : sentence.end]
        found = groups(self.words, text)
        if sentence.number < _HEAD:
            found = tuple(one for one in found if not _is_dateline(self.words, text, one))
        if not found:
            return []
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.settled, self.far = sentence.paragraph, self.near, None
            self.frame.clock = self.frame.month = None
        far = self.far[1] if self.far and sentence.number == self.far[0] + 1 else None
        self.frame.before = far or self.settled
        self.frame.own = None
        self.frame.year = None
        self.days.clear()
        self.said.clear()
        hangs = tense.hangs_from(self.words, text)
        quoted = {one.start: _in_quotes(sentence, sentence.start + one.start) for one in found}
        marks = [0, *(one.end for one in found)], [*(one.start for one in found), len(text)]
        edges = {
            one.start: (low, high)
            for one, low, high in zip(found, marks[0], marks[1][1:], strict=False)
        }
        made = []
        # The days first, those outside quotation marks before those inside; then bare clocks.
        for group in sorted(found, key=lambda one: (one.day is None, quoted[one.start])):
            value = self._resolve(group, text, in_quotes=quoted[group.start])
            if value is None:
                continue
            mention = replace(
                self._mention(group, value, text, sentence),
                in_quotes=quoted[group.start],
                is_subordinate=hangs < group.start,
                happening=tense.happening(self.words, text, group, *edges[group.start]),
            )
            made.append(mention)
            self._remember(value, mention)
            if value.first and value.grain == "day" and group.day:
                self.frame.own = value.first
                self.days.insert(
                    bisect_left(self.days, (group.start, value.first)), (group.start, value.first)
                )
                if not quoted[group.start]:
                    self.said.add(value.first)
        made.sort(key=lambda mention: mention.span.start)
        ordered = timeorder.in_sentence(self.words, self.document.text, made)
        if ordered != made and (last := ordered[-1]).start and last.grain == "day":
            self.settled = self.near = date.fromisoformat(last.start)
        return _nights_of(ordered)

    def _resolve(self, group: Group, text: str, *, in_quotes: bool) -> Value | None:
        words, frame = self.words, self.frame
        frame.is_future = False
        if self._is_no_time(group, text):
            return None
        clock = MEANINGS[group.clock.means](group.clock, frame) if group.clock else None
        if group.clock and clock is None:
            return None
        part = MEANINGS[group.part.means](group.part, frame) if group.part else None
        if (
            group.day is None
            and clock
            and clock.zone
            and text[group.start - 1 : group.start] == "("
        ):
            return None  # "(1024 GMT)": the same time again
        if group.day is None:
            value: Value | None = self._day_of(group, text)
        else:
            day = group.day
            frame.is_future = tense.is_future(
                words, text, day, end=group.end, kind=words.value("lead", day.get("lead"))
            )
            published = frame.published
            if in_quotes and day.means in _SPEECH and len(self.said) == 1:
                frame.published = next(iter(self.said))
            value = MEANINGS[day.means](day, frame)
            frame.published = published
        if value and clock:
            value = replace(value, clock=clock.clock, until=clock.until, zone=clock.zone)
        if value and part and part.part and not value.part:
            value = replace(value, part=part.part)
        is_late = value and value.first and frame.published and value.first > frame.published
        if value and value.from_text and is_late and not frame.is_future:
            return None  # counted from a day that the text does not tell
        return value

    def _is_no_time(self, group: Group, text: str) -> bool:
        """Say whether it is a year of birth, or a week that only counts the times in it."""
        words, main = self.words, group.main
        before = text[max(0, group.start - _BEFORE) : group.start].rstrip().lower()
        if main.means in {"year", "year-name"}:
            after = text[group.end : group.end + _BEFORE].lstrip().lower()
            return after.startswith(words.listed("of_birth")) or before.endswith(
                words.listed("born")
            )
        return main.means == "week" and before.endswith(words.listed("nth_time"))

    def _day_of(self, group: Group, text: str) -> Value:
        """Return the day of a bare clock: its sentence's, else that of the text before."""
        at = bisect_right(self.days, group.start, key=lambda each: each[0])
        settled = self.settled or self.frame.published
        near = self.days[max(0, at - 1)][1] if self.days else settled
        if at == 0 and self.days and self.settled:
            # "Made landfall at 9 p.m. ... before it went out to sea on Thursday"
            between = text[group.end : self.days[0][0]]
            if self.words.last("clause", between) or self.words.last("joined", between):
                near = self.settled
        return Value(first=near, last=near, from_text=True)

    def _mention(
        self,
        group: Group,
        value: Value,
        text: str,
        sentence: Sentence,
    ) -> TimeMention:
        published, offset = self.document.published, sentence.start
        kind, leads = self._kind(group, text)
        if (
            kind == "since"
            and value.grain == "day"
            and value.clock is None
            and published
            and value.first
            and value.first < published
            and tense.goes_on(self.words, text, group.start)
        ):
            value = replace(value, last=published, grain="range")
        start, end, grain = _written(value)
        before = text[max(0, group.start - _BEFORE) : group.start].split()[-1:]
        ahead = bool(value.first and published and value.first > published)
        planned = self.frame.is_future and value.first is not None and value.first == published
        return TimeMention(
            span=self.document.span(offset + group.start, offset + group.end),
            start=start,
            end=end,
            grain=grain,
            sentence=sentence.number,
            part=value.part,
            kind=kind,
            is_relative_to_text=value.from_text,
            is_future=ahead or planned,
            is_possessive=any("of" in hit.words for hit in group.hits),
            is_background=tense.is_background(self.words, text, group.start),
            is_saying=tense.is_saying(self.words, text, group.start, group.end),
            is_bare=value.is_weekday,
            leads=leads,
            before=before[0].lower() if before else "",
            zone=value.zone,
            candidates=value.candidates,
            means=group.main.means,
        )

    def _kind(self, group: Group, text: str) -> tuple[KindOfTime, str]:
        """Return what the phrase's first word makes of the time, and that word."""
        words, main = self.words, group.main
        if main.means in _ALWAYS or main.means.endswith("-range") or "hour_b" in main.words:
            return "point", ""
        way = main.get("way")
        if main.means == "count-event":
            usual = "after" if words.value("way", way) == 1 else "ahead"
            return _KINDS[words.value("lead", way) or usual], way or ""
        lead = main.get("lead") or text[main.start : main.end].split(maxsplit=1)[0]
        kind = _KINDS[words.value("lead", lead) or "point"]
        return kind, "" if kind == "point" else lead

    def _is_aside(self, mention: TimeMention) -> bool:
        """Say whether the text goes on from another day than this one."""
        counted = mention.span.text.lower().startswith(self.words.listed("counted_at") or ("\0",))
        return counted or mention.is_saying or mention.is_background or mention.is_subordinate

    def _remember(self, value: Value, mention: TimeMention) -> None:
        """Keep the day for what counts from it."""
        frame, first, last = self.frame, value.first, value.last
        if first is None or last is None:
            return
        if value.grain == "month":
            frame.month = first
        if value.part == "night" and (last - first).days == 1:
            frame.night = first, last
        is_past = frame.published is not None and first < frame.published - NEAR
        if is_past and value.grain != "range":
            frame.year = first.year
        is_point = mention.kind in {"point", "after"} and mention.means != "count-event"
        if mention.is_future or not is_point:
            return
        if value.grain != "day" and (value.grain != "range" or (last - first).days > 1):
            return
        looks_back = value.from_text and frame.before is not None and last < frame.before
        frame.before, frame.clock = last, value.clock
        if is_past:
            self.far = (mention.sentence, last)
        elif not looks_back and not (self.settled and self._is_aside(mention) and not self.loose):
            self.settled = self.near = last
            self.loose = mention.means == "overnight"


def _is_dateline(words: TimeWords, text: str, group: Group) -> bool:
    """Say whether it is the day of publication, not of anything told."""
    if group.day is None:
        return False
    cue = words.last("published", text[: group.start])
    is_told = cue is None or text[cue.end() : group.start].strip(" :,\u2013-") != ""
    return not is_told or is_agency(text, group.day)


def _in_quotes(sentence: Sentence, offset: int) -> bool:
    at = bisect_right(sentence.quoted, offset, key=lambda run: run[0]) - 1
    return at >= 0 and offset < sentence.quoted[at][1]


def _order_of_numbers(text: str) -> bool | None:
    """Say whether the day leads in dates of numbers, where one of them leaves no choice."""
    for match in _NUMBERS.finditer(text):
        first, second = int(match.group(1)), int(match.group(2))
        if (first > dates.MONTHS) != (second > dates.MONTHS):
            return first > dates.MONTHS
    return None


def _written(value: Value) -> tuple[str | None, str | None, Grain]:
    if value.first is None or value.last is None:
        return None, None, "minute" if value.clock else value.grain
    start, end = value.first.isoformat(), value.last.isoformat()
    if value.clock is None or value.grain not in {"day", "minute"}:
        return start, end, value.grain
    until = value.until or value.clock
    return (
        f"{start}T{value.clock[0]:02}:{value.clock[1]:02}",
        f"{end}T{until[0]:02}:{until[1]:02}",
        "minute",
    )


def _nights_of(mentions: Sequence[TimeMention]) -> list[TimeMention]:
    """Read "overnight three times in the past week" as nights of that week."""
    windows = [each for each in mentions if each.means == "window" and each.start]
    nights = [each for each in mentions if each.means == "overnight"]
    if len(windows) == 1 and nights and len(windows) + len(nights) == len(mentions):
        return [replace(windows[0], part="night")]
    return list(mentions)
