"""What the text itself says of its days' order: what is still to come, and what came first.

A weekday alone is the latest one up to publication. Two things put it elsewhere: a clause about
what is planned ("would meet on Thursday") looks ahead, and a happening that another one follows
("rescuers stopped on Thursday after the blast on Saturday") cannot lie behind it.
"""

from __future__ import annotations

import re

from tocsin.reader.timegroups import Group
from tocsin.reader.timewords import Hit, TimeWords

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc-][^\W\d_]+)*")
_SHORT = 40
_REACH = 160
_WORDS = 4
"""Characters on each side of a phrase that are read for tense."""


def is_future(words: TimeWords, text: str, day: Hit, *, end: int, kind: str | None) -> bool:
    """Say whether the sentence puts that day in the future (``kind``: its first word's)."""
    lead = (day.get("lead") or "").lower()
    if (kind == "since" and lead not in words.listed("onward")) or (
        kind == "after" and "of" in day.words
    ):
        return False
    if "of" in day.words and _names(words, "onset", text, day.end):
        return False  # "will look into Monday's deadly attack"
    if kind in {"ahead", "until"} and _names(words, "planned", text, day.end):
        return True
    clause = _clause_before(words, text, day.start)
    if kind == "until" and words.last("held_until", clause):
        return True
    if kind == "since" and words.last("present", clause) and not _has_past(words, clause):
        return True
    if _last_word(words, "planned", clause) and words.last("towards", clause):
        return True
    return _is_ahead(words, text, clause, day.start, end)


def is_background(words: TimeWords, text: str, start: int) -> bool:
    """Say whether the clause tells of the time before the story: "the plane had left on Monday"."""
    return words.last("background", _clause_before(words, text, start)) is not None


def is_saying(words: TimeWords, text: str, start: int, end: int) -> bool:
    """Say whether the day is that of words said: "he told reporters on Tuesday"."""
    before = text[max(0, start - _SHORT) : start]
    last = words.last("saying", before)
    if last:
        between = before[last.end() :].split()
        if not between or (len(between) == 1 and between[0][0].isupper()):  # "told CNN on Monday"
            return True
        # "said in a statement on Tuesday"
        if len(between) <= _WORDS and between[0].lower() in words.listed("said_in"):
            return not any(mark in before[last.end() :] for mark in ",;:")
    if _WORD.search(text[:start]):
        return False
    after = text[end : end + _SHORT].lstrip(" ,")  # "On Tuesday he told reporters"
    found = words.matcher("saying").search(after)
    who = after[: found.start()] if found else ","
    return "," not in who and len(who.split()) < _WORDS


def goes_on(words: TimeWords, text: str, start: int) -> bool:
    """Say whether the clause tells of what has gone on: "21 have died since Sunday"."""
    return words.last("perfect", _clause_before(words, text, start)) is not None


def happening(words: TimeWords, text: str, group: Group, low: int, high: int) -> int:
    """Return how surely the clause of a phrase tells of a happening there and then; 0: not at all.

    ``low`` and ``high`` part it from the phrases beside it.
    """
    main, before = group.main, text[max(low, group.start - _REACH) : group.start]
    if main.means == "count-event" and words.value("way", main.get("way")) == 1:
        return 3  # "two days after a blast": the day of the blast
    if "of" in main.words:
        return 3 if _names(words, "onset", text, group.end) else 0
    clause = (
        before if len(before.split()) >= _WORDS else text[group.end : min(high, group.end + _REACH)]
    )
    if words.matcher("status").search(clause):
        return 0
    if not any(words.matcher(name).search(clause) for name in ("happening", "onset")):
        return 0
    return 3 if group.clock else 2


def _clause_before(words: TimeWords, text: str, start: int) -> str:
    before = text[max(0, start - _REACH) : start]
    last = words.last("clause", before)
    return before[last.end() :] if last else before


def _is_ahead(words: TimeWords, text: str, clause: str, start: int, end: int) -> bool:
    """Say whether the clause around a phrase of the sentence puts it in the future."""
    coming = _coming(words, clause)
    if coming is not None and not _has_past(words, clause[coming:]):
        return True
    if _last_word(words, "onset", text[max(0, start - _SHORT) : start]):
        return False  # "the blast on Monday will be investigated"
    after = text[end : end + _REACH]
    stop = words.matcher("clause").search(after)
    after = after[: stop.start()] if stop else after
    coming = _coming(words, after, is_first=True)
    return coming is not None and not _has_past(
        words, "- " + clause[-_REACH // 3 :] + " " + after[:coming]
    )


def _coming(words: TimeWords, text: str, *, is_first: bool = False) -> int | None:
    """Return where the last (or first) words that look ahead end."""
    found = None
    for name, unreal in (("future", "unreal"), ("maybe", "unreal_maybe")):
        for each in words.matcher(name).finditer(text):
            rest = text[each.end() :].lstrip()
            undone = words.last("undone", text[: each.start()])
            if undone and not text[undone.end() : each.start()].strip():
                continue
            if each.group()[:1].isupper() or words.matcher(unreal).match(rest):
                continue
            if found is None or (each.end() < found if is_first else each.end() > found):
                found = each.end()
    return found


def _names(words: TimeWords, name: str, text: str, end: int) -> bool:
    """Say whether the next words name such a thing: "Wednesday's emergency meeting"."""
    following = _WORD.findall(text[end : end + _REACH // 2].lower())[:4]
    return any(_is_one(words, name, word) for word in following)


def hangs_from(words: TimeWords, text: str) -> int:
    """Return where the first clause that hangs on another begins; the end if there is none."""
    found = words.matcher("subordinate").search(text)
    return found.start() if found else len(text)


def _last_word(words: TimeWords, name: str, text: str) -> bool:
    word = _WORD.findall(text[-_SHORT:].lower())[-1:]
    return bool(word) and _is_one(words, name, word[0])


def _is_one(words: TimeWords, name: str, word: str) -> bool:
    held = words.listed(name)
    return word in held or word.removesuffix("s") in held


def _has_past(words: TimeWords, text: str) -> bool:
    """Say whether a verb of the past stands there; a bare form behind "to" or "be" is none."""
    past, endings = frozenset(words.listed("past")), words.listed("past_ending")
    before, bare = "", words.listed("passive")
    for word in _WORD.findall(text.lower()):
        told = word in past or (bool(endings) and word.endswith(endings))
        if told and before and before not in bare:
            return True
        before = word
    return False
