"""Where a quotation begins and ends, over sentences and paragraphs.

A mark left open at the end of a paragraph goes on in the next one where that begins with an
opening mark again (as books print it) or has the closing mark first; else it ends there, so that
one lost mark does not make a whole report a quotation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

Run = tuple[int, int]

_MARK = re.compile("[\"\u201c\u201d\u201e\u201f\u00ab\u00bb]|''|``")
_SINGLE = re.compile("['\u2018\u2019]")
_FAMILY = {"\u201c": "\u201d", "\u201e": "\u201d\u201c", "\u00ab": "\u00bb", '"': '"', "``": "''"}
_LONGEST_SINGLE = 400


def quotations(text: str, parts: Sequence[Run]) -> list[Run]:
    """Return the runs inside quotation marks (marks included), in order, none overlapping."""
    found: list[Run] = []
    carried = False
    kind = ""
    for number, (start, end) in enumerate(parts):
        opened = start if carried else -1
        for match in _MARK.finditer(text, start, end):
            mark, at = match.group(), match.start()
            if opened < 0:
                if _opens(text, mark, at, start, end):
                    opened, kind = at, mark
            elif _closes(text, mark, kind, at, start, end):
                found.append((opened, match.end()))
                opened = -1
        carried = False
        if opened >= 0:
            found.append((opened, end))
            carried = number + 1 < len(parts) and _closes_first(text, kind, parts[number + 1])
    return sorted([*found, *_singles(text, parts, found)])


def _opens(text: str, mark: str, at: int, start: int, end: int) -> bool:
    if mark in "\u201c\u201e\u201f\u00ab" or mark == "``":
        return True
    if mark != '"':
        return False
    after = text[at + 1] if at + 1 < end else " "
    before = text[at - 1] if at > start else " "
    return not after.isspace() and (
        not before.isalnum() or (not after.isalnum() and after not in ".,;:!?)")
    )


def _closes(text: str, mark: str, kind: str, at: int, start: int, end: int) -> bool:
    if mark not in _FAMILY.get(kind, kind):
        return False
    if mark != '"':
        return True
    after = text[at + 1] if at + 1 < end else " "
    before = text[at - 1] if at > start else " "
    return not (before.isspace() and after.isalnum())


def _closes_first(text: str, kind: str, part: Run) -> bool:
    for match in _MARK.finditer(text, *part):
        if _closes(text, match.group(), kind, match.start(), *part):
            return match.start() > part[0]
        if _opens(text, match.group(), match.start(), *part):
            return False
    return False


def _singles(text: str, parts: Sequence[Run], taken: Sequence[Run]) -> list[Run]:
    """Return quotations in single marks that stand outside the double ones."""
    found: list[Run] = []
    at = 0
    for start, end in parts:
        opened = -1
        for match in _SINGLE.finditer(text, start, end):
            place = match.start()
            while at < len(taken) and taken[at][1] <= place:
                at += 1
            if at < len(taken) and taken[at][0] <= place:
                opened = -1
                continue
            before = text[place - 1] if place > start else " "
            after = text[place + 1] if place + 1 < end else " "
            if after.isalnum() and not before.isalnum() and match.group() != "\u2019":
                if opened < 0 or place - opened > _LONGEST_SINGLE:
                    opened = place
            elif opened >= 0 and not before.isspace() and not after.isalnum():
                if place - opened <= _LONGEST_SINGLE:
                    found.append((opened, place + 1))
                opened = -1
    return found
