"""What the text itself says of its days' order: what is still to come, and what came first.

A weekday alone is the latest one up to publication. Two things put it elsewhere: a clause about
what is planned ("would meet on Thursday") looks ahead, and a happening that another one follows
("rescuers stopped on Thursday after the blast on Saturday") cannot lie behind it.
"""

from __future__ import annotations

import re

from tocsin.reader.timewords import Hit, TimeWords

_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\u02bc-][^\W\d_]+)*")
_SHORT = 30
_REACH = 160
"""Characters on each side of a phrase that are read for tense."""


def is_future(words: TimeWords, text: str, day: Hit, *, end: int, kind: str | None) -> bool:
    """Say whether the sentence puts that day in the future (``kind``: its first word's)."""
    if kind == "since" or (kind == "after" and "of" in day.words):
        return False
    if "of" in day.words and _names(words, "onset", text, day.end):
        return False  # "will look into Monday's deadly attack"
    if kind in {"ahead", "until"} and _names(words, "planned", text, day.end):
        return True
    return _is_ahead(words, text, day.start, end)


def _is_ahead(words: TimeWords, text: str, start: int, end: int) -> bool:
    """Say whether the clause around a phrase of the sentence puts it in the future."""
    before = text[max(0, start - _REACH) : start]
    last = words.last("clause", before)
    clause = before[last.end() :] if last else before
    future = None
    for each in words.matcher("future").finditer(clause):
        if not _starts(words, "unreal", clause[each.end() :]):
            future = each
    if future and not _has_past(words, clause[future.end() :]):
        return True
    if _ends(words, "onset", before):
        return False  # "the blast on Monday will be investigated"
    after = text[end : end + _REACH]
    stop = words.matcher("clause").search(after)
    after = after[: stop.start()] if stop else after
    future = words.matcher("future").search(after)
    return bool(
        future
        and not future.group()[:1].isspace()
        and not _starts(words, "unreal", after[future.end() :])
        and not _has_past(words, "- " + clause[-_REACH // 3 :] + " " + after[: future.start()])
    )


def _names(words: TimeWords, name: str, text: str, end: int) -> bool:
    """Say whether the next words name such a thing: "Wednesday's emergency meeting"."""
    following = " ".join(_WORD.findall(text[end : end + _REACH // 2])[:4])
    return words.matcher(name).search(following) is not None


def hangs_from(words: TimeWords, text: str) -> int:
    """Return where the first clause that hangs on another begins; the end if there is none."""
    found = words.matcher("subordinate").search(text)
    return found.start() if found else len(text)


def _ends(words: TimeWords, name: str, text: str) -> bool:
    word = _WORD.findall(text[-_SHORT:].lower())[-1:]
    return bool(word) and words.matcher(name).match(word[0]) is not None


def _starts(words: TimeWords, name: str, text: str) -> bool:
    return words.matcher(name).match(text.lstrip()) is not None


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
