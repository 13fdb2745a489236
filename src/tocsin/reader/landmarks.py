"""Landmarks: buildings and other spots that a report names, found by their head word.

A landmark has a name of its own ("Old Mill bridge"), is the only one of its town ("the
city's television tower"), leads to a place ("the bridge to X"), or goes back to one of these ("the
tower"). "A hospital" alone is no place. A landmark lies in the town of its context.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tocsin.reader.placenames import Hit
    from tocsin.reader.placewords import Vocabulary, Word

NAME_MOST = 5
_OPENING = frozenset({" «", " “", ' "', " „"})
MODIFIERS_MOST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Landmark:
    """A landmark's words. ``name`` is None where the town's name is to be put before ``kind``."""

    first: int
    last: int
    start: int
    end: int
    name: str | None
    kind: str
    """The head as it is called: "TV tower", "station"."""
    head: str
    """The last word of it, for what goes back to it."""
    is_back: bool = False
    """It has no meaning without an earlier one ("the tower")."""
    is_of: bool = False
    """The name follows the head: "port of X"."""
    leads_to: int | None = None
    """Word at which the name begins that it leads to."""


def landmarks(row: list[Word], hits: list[Hit], language: Vocabulary) -> list[Landmark]:
    """Return the landmarks of a sentence, in order."""
    found: list[Landmark] = []
    taken = {at: hit for hit in hits for at in range(hit.first, hit.last)}
    at = 0
    while at < len(row):
        mark = None
        if language.has("landmarks", "numbered", row[at].key) and row[at].is_capital:
            mark = _numbered(row, at)
        key = row[at].key
        if (mark is None and language.has("landmarks", "heads", key)) or key in _firsts(language):
            mark = (
                _leading(row, at, taken, language)
                or _genitive(row, at, taken, language)
                or _named(row, at, taken, language)
                or _unique(row, at, language)
                or _back(row, at, language)
            )
        elif mark is None and language.has("levels", "narrow", key):
            mark = _back(row, at, language)
        if mark is None and (
            language.has("landmarks", "before_small", row[at].key)
            or (language.has("landmarks", "before", row[at].key) and row[at].is_capital)
        ):
            mark = _mount(row, at, taken)
        if mark is not None:
            found.append(mark)
        at = max(at + 1, mark.last if mark else 0)
    return found


def _firsts(language: Vocabulary) -> frozenset[str]:
    return frozenset(each[0] for each in language.unique)


def _leading(
    row: list[Word], at: int, taken: dict[int, Hit], language: Vocabulary
) -> Landmark | None:
    """Return "bridge to annexed X"."""
    has = language.has
    if not has("landmarks", "to", row[at].key) or at + 2 >= len(row):
        return None
    if not has("grammar", "to", row[at + 1].key) or not row[at + 1].joins:
        return None
    to = at + 2
    while (
        to < len(row)
        and row[to].joins
        and (has("levels", "directions", row[to].key) or has("grammar", "articles", row[to].key))
    ):
        to += 1
    hit = taken.get(to)
    if hit is None or hit.kind != "name" or not row[to].joins:
        return None
    return Landmark(
        first=at,
        last=hit.last,
        start=row[at].start,
        end=hit.end,
        name=f"{row[at].text} {row[at + 1].text} {hit.label or _text(row, hit.first, hit.last)}",
        kind=row[at].text,
        head=row[at].key,
        leads_to=to,
    )


def _name_before(row: list[Word], at: int, language: Vocabulary) -> tuple[int, int]:
    """Return where the name before a head begins, and where it ends."""
    start = at
    modifiers = 0
    while (
        start > 0
        and row[start].joins
        and modifiers < MODIFIERS_MOST
        and not row[start - 1].is_capital
        and language.has("landmarks", "modifiers", row[start - 1].key)
    ):
        start, modifiers = start - 1, modifiers + 1
    low = start
    while (
        low > 0
        and row[low].joins
        and start - low < NAME_MOST
        and not _ends_name(row, low, language)
    ):
        low -= 1
    while low < start and not row[low].is_capital:  # "of the" opens no name
        low += 1
    if low < start and low == 0 and _is_no_name(row[low], language):
        low += 1
    return low, start


def _genitive(
    row: list[Word], at: int, taken: dict[int, Hit], language: Vocabulary
) -> Landmark | None:
    """Return the station of a town where no "of" stands between them."""
    hit = taken.get(at + 1)
    if hit is None or language.of("grammar", "of") or not row[at + 1].joins:
        return None
    if hit.first != at + 1 or hit.kind != "name" or row[at].is_capital or _is_country(hit):
        return None
    if not language.has("landmarks", "single", row[at].key):
        return None
    return Landmark(
        first=at,
        last=hit.last,
        start=row[at].start,
        end=hit.end,
        name=_text(row, at, hit.last),
        kind=row[at].text,
        head=row[at].key,
        is_of=True,
    )


def _numbered(row: list[Word], at: int) -> Landmark | None:
    """Return a road with a number: "Interstate 35"."""
    if at + 1 >= len(row) or not row[at + 1].joins or not row[at + 1].text[:1].isdigit():
        return None
    return Landmark(
        first=at,
        last=at + 2,
        start=row[at].start,
        end=row[at + 1].end,
        name=_text(row, at, at + 2),
        kind=row[at].text,
        head=row[at].key,
    )


def _named(
    row: list[Word], at: int, taken: dict[int, Hit], language: Vocabulary
) -> Landmark | None:
    """Return what has a name: "Old Mill station", "Saint Mary children's hospital"."""
    has = language.has
    head = row[at]
    if not has("landmarks", "heads", head.key):
        return None
    then = row[at + 1] if at + 1 < len(row) else None
    if then is not None and then.joins and has("landmarks", "heads", then.key):
        return None  # "X University Hospital" is the hospital
    low, start = _name_before(row, at, language)
    names = row[low:start]
    if not names and _is_by_nation(row, at, start, language):
        low = start - 1
        names = row[low:start]
    if not names or not any(each.is_capital for each in names):
        return _of(row, at, taken, language)
    seas = [taken[i] for i in range(low, start) if i in taken]
    if len(seas) == start - low and all(_is_water(hit) for hit in seas):
        return None  # "the Red Sea port of X"
    scene = _stands_as_scene(row, low, language)
    if not _is_name(row, low, start, taken, language) and not (head.is_capital and scene):
        return None
    town_only = all(i in taken and taken[i].kind != "head" for i in range(low, start))
    is_built = start - low > 1 and has("landmarks", "built", head.key)
    is_built |= start - low == 1 and _is_by_nation(row, at, start, language)
    plain = town_only and not head.is_capital and not is_built
    if plain and not _is_unique(row, start, at, language):
        return None
    if has("landmarks", "bodies", head.key) and not scene:
        return None
    if then is not None and then.joins and has("grammar", "says", then.key):
        return None
    if has("landmarks", "surnames", head.key) and has("persons", "given", names[0].key):
        return None
    last = at + 1
    return Landmark(
        first=low,
        last=last,
        start=row[low].start,
        end=head.end,
        name=_text(row, low, last),
        kind=_text(row, start, last),
        head=head.key,
    )


def _is_by_nation(row: list[Word], at: int, start: int, language: Vocabulary) -> bool:
    """Say whether a nation names it: "the Indonesian hospital"."""
    return (
        start > 1
        and row[start].joins
        and row[start - 1].key in language.nations
        and language.has("landmarks", "by_nation", row[at].key)
        and language.has("grammar", "articles", row[start - 2].key)
    )


def _ends_name(row: list[Word], low: int, language: Vocabulary) -> bool:
    """Say whether the word before ``low`` is no part of the name."""
    word = row[low - 1]
    if word.is_possessive:
        return not (word.is_capital and low > 1 and row[low - 1].joins and row[low - 2].is_capital)
    if word.is_capital:
        return word.key in language.nations and not (low > 1 and row[low - 2].is_capital)
    return not (
        language.has("levels", "connectors", word.key)
        and low > 1
        and row[low - 1].joins
        and row[low - 2].is_capital
        and row[low].is_capital
        and not language.has("grammar", "on", word.key)
        and not language.has("grammar", "and", word.key)
    )


def _of(row: list[Word], at: int, taken: dict[int, Hit], language: Vocabulary) -> Landmark | None:
    """Return "Church of the Nativity", "the port of X"."""
    if at + 2 >= len(row) or not language.has("grammar", "of", row[at + 1].key):
        return None
    if not row[at].is_capital and not (
        language.has("landmarks", "single", row[at].key)
        and at
        and language.has("referring", "determiners", row[at - 1].key)
        and at + 2 in taken
        and not _is_country(taken[at + 2])
    ):
        return None
    end = at + 2
    if language.has("grammar", "articles", row[end].key):
        end += 1
    last = end
    while last < len(row) and row[last].joins and row[last].is_capital and last - end < NAME_MOST:
        last += 1
        if row[last - 1].is_possessive:
            break
    if last == end or language.has("roles", "words", row[end].key):
        return None
    if language.has("landmarks", "bodies", row[at].key) and not _stands_as_scene(row, at, language):
        return None
    return Landmark(
        first=at,
        last=last,
        start=row[at].start,
        end=row[last - 1].end,
        name=_text(row, at, last),
        kind=row[at].text,
        head=row[at].key,
        is_of=True,
    )


def _unique(row: list[Word], at: int, language: Vocabulary) -> Landmark | None:
    """Return what a town has one of: "the city's television tower", "a TV tower"."""
    for compound in language.unique:
        last = at + len(compound)
        if last > len(row) or tuple(each.key for each in row[at:last]) != compound:
            continue
        if not all(each.joins for each in row[at + 1 : last]):
            continue
        before = row[at - 1] if at and row[at].joins else None
        owned = before is not None and before.is_possessive
        definite = owned or (
            before is not None and language.has("referring", "determiners", before.key)
        )
        called = language.alike.get(" ".join(compound))
        if not definite and (len(compound) == 1 or called is None):
            return None  # "at a nuclear plant": which, nobody says
        if before is not None and before.is_capital and not owned and at > 1:
            return None  # it has a name
        if (
            last < len(row)
            and row[last].joins
            and language.has("landmarks", "heads", row[last].key)
        ):
            continue
        kind = called or _text(row, at, last)
        first = at - 1 if owned and before is not None and not before.is_capital else at
        return Landmark(
            first=first,
            last=last,
            start=row[first].start,
            end=row[last - 1].end,
            name=None,
            kind=kind,
            head=compound[-1],
        )
    return None


def _back(row: list[Word], at: int, language: Vocabulary) -> Landmark | None:
    """Return what goes back to one that was named before: "the tower"."""
    word = row[at]
    if word.is_capital or at == 0 or not word.joins:
        return None
    if not language.has("landmarks", "heads", word.key) and not language.has(
        "levels", "narrow", word.key
    ):
        return None
    if not language.has("referring", "determiners", row[at - 1].key):
        return None
    after = row[at + 1] if at + 1 < len(row) else None
    if (
        after is not None
        and after.joins
        and (
            language.has("landmarks", "heads", after.key)
            or language.has("grammar", "says", after.key)
        )
    ):
        return None
    return Landmark(
        first=at,
        last=at + 1,
        start=word.start,
        end=word.end,
        name=None,
        kind=word.text,
        head=word.key,
        is_back=True,
    )


def _mount(row: list[Word], at: int, taken: dict[int, Hit]) -> Landmark | None:
    """Return what has its kind before its name: "Mount Somewhere"."""
    last = at + 1
    while last < len(row) and row[last].is_capital and last - at < NAME_MOST:
        if not row[last].joins and not (last == at + 1 and row[last].gap in _OPENING):
            break
        last += 1
    if last == at + 1 or at in taken:
        return None
    if all(each in taken for each in range(at + 1, last)) and not row[at].is_capital:
        return None
    return Landmark(
        first=at,
        last=last,
        start=row[at].start,
        end=row[last - 1].end,
        name=_text(row, at, last),
        kind=row[at].text,
        head=row[at].key,
    )


def _is_name(
    row: list[Word], low: int, start: int, taken: dict[int, Hit], language: Vocabulary
) -> bool:
    """Say whether the capitalised words name a spot: not a nation, an office, a day."""
    has = language.has
    if start - low == 1 and _is_by_nation(row, start, start, language):
        return True
    telling = [
        each
        for at, each in enumerate(row[low:start], low)
        if each.is_capital
        and not has("roles", "words", each.key)
        and not has("levels", "directions", each.key)
        and not has("never", "calendar", each.key)
        and not has("grammar", "small", each.key)
        and each.key not in language.nations
        and not (at in taken and taken[at].entry is not None and _is_country(taken[at]))
    ]
    return bool(telling)


def _is_water(hit: Hit) -> bool:
    return (hit.entry.level if hit.entry else hit.level) == "water"


def _is_country(hit: Hit) -> bool:
    return hit.entry is not None and hit.entry.level == "country"


def _is_no_name(word: Word, language: Vocabulary) -> bool:
    """Say whether a sentence's first word has its capital from there alone."""
    has = language.has
    return (
        has("grammar", "small", word.key)
        or has("grammar", "where", word.key)
        or has("grammar", "articles", word.key)
        or has("referring", "determiners", word.key)
    )


def _is_unique(row: list[Word], start: int, at: int, language: Vocabulary) -> bool:
    return tuple(each.key for each in row[start : at + 1]) in language.unique or language.has(
        "landmarks", "single", row[at].key
    )


def _stands_as_scene(row: list[Word], low: int, language: Vocabulary) -> bool:
    """Say whether a preposition of place governs it: a university is else who speaks."""
    at = low - 1
    if at >= 0 and language.has("grammar", "articles", row[at].key):
        at -= 1
    if (
        at > 0
        and language.has("grammar", "of", row[at].key)
        and language.has("grammar", "parts", row[at - 1].key)
    ):
        return True
    return at >= 0 and (
        language.has("grammar", "strong_where", row[at].key)
        or language.has("grammar", "movement", row[at].key)
        or language.has("grammar", "objects", row[at].key)
        or language.has("grammar", "on", row[at].key)
    )


def _text(row: list[Word], first: int, last: int) -> str:
    out = row[first].text
    for before, word in zip(row[first : last - 1], row[first + 1 : last], strict=True):
        out += ("'s" if before.is_possessive else "") + (word.gap.strip() or " ") + word.text
    return out
