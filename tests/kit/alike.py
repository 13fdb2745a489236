"""When an annotated claim and a draft say the same: the guide's rules for spans, figures, names.

Source: the annotation guide of the gold reports; the shared ``score.py`` counts by the same.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from typing import Any

Json = dict[str, Any]
"""A line of ``claims.jsonl`` or ``docs.jsonl``, or a part of it."""

SMALL_WORDS = {"the", "of", "a", "an", "and", "in", "for", "s"}
GOVERNMENTS = {"moscow": "russia", "kyiv": "ukraine", "minsk": "belarus"}
ALIKE = 0.85


def overlap(one: Json, other: Json) -> float:
    """Return the shared part of two spans as a share of the shorter; negative when apart."""
    shared = min(one["end"], other["end"]) - max(one["start"], other["start"])
    shorter = min(one["end"] - one["start"], other["end"] - other["start"])
    return float(shared / max(1, shorter))


def same_number(one: Json, other: Json) -> bool:
    """Say whether two figures are one; without a value the qualifier is the figure."""
    if one.get("value") is None and other.get("value") is None:
        return bool(one["qualifier"] == other["qualifier"])
    return one.get("value") is not None and one.get("value") == other.get("value")


def same_place(one: Json, other: Json) -> bool:
    """Say whether two places are one: by their ids where both have them, else by their names."""
    if one.get("geonames") and other.get("geonames"):
        return int(one["geonames"]) == int(other["geonames"])
    return any(
        left == right or SequenceMatcher(None, left, right).ratio() >= ALIKE
        for left in _names(one)
        for right in _names(other)
    )


def same_speaker(claimed: Json | None, drafted: Json | None) -> bool:
    """Say whether the draft names who the annotation names; the last word of the name decides."""
    if is_outlet(claimed) or is_outlet(drafted):
        return is_outlet(claimed) and is_outlet(drafted)
    assert claimed is not None
    assert drafted is not None
    words = {
        word
        for part in (*(drafted.get(key) for key in ("name", "role", "org")), _text(drafted))
        for word in plain(part).split()
    } - SMALL_WORDS
    told = plain(claimed.get("name")) or plain(claimed.get("role")) or plain(_text(claimed))
    head = told.split()[-1]
    return head in words or GOVERNMENTS.get(head, head) in {
        GOVERNMENTS.get(word, word) for word in words
    }


def is_outlet(speaker: Json | None) -> bool:
    """Say whether the report speaks for itself."""
    return not speaker or speaker.get("kind") == "outlet"


def plain(words: str | None) -> str:
    """Return words in lower case, with everything that is no letter or digit as one space."""
    return re.sub(r"[^\w]+", " ", (words or "").lower().replace("\u2019", "'")).strip()


def _names(place: Json) -> set[str]:
    return {plain(place.get("name")), plain(_text(place))} - {""}


def _text(holder: Json) -> str | None:
    return (holder.get("span") or {}).get("text")
