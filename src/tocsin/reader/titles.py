"""Offices and organisations read from their words: who, what for, of what.

"Interior Ministry adviser X" is an adviser of that ministry named X, "(town) Mayor X" a
mayor of that town, "state news agency X" an agency of that name.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tocsin.reader.speech import Speech, Word


def join(run: Iterable[Word]) -> str:
    """Return the words with single spaces, the last one without its possessive."""
    parts = list(run)
    return " ".join([each.text for each in parts[:-1]] + [parts[-1].plain]) if parts else ""


def base(word: Word, known: Speech) -> str:
    """Return a noun as it is called, with the capital it has in the text."""
    base = known.bases.get(word.low, word.text)
    return base[:1].upper() + base[1:] if word.text[:1].isupper() and word.low != base else base


def office(
    phrase: list[Word], at: int, after: list[Word], rest: list[Word], known: Speech
) -> dict[str, Any]:
    """Read an office or trade, with or without the name of its holder."""
    head = phrase[at]
    before = phrase[:at]
    name = join(each for each in after if each.letter in "NMKpm") or None
    org, role = _split(before, known)
    role_words = join([*role, head])
    if name is None and rest and head.letter == "H":
        name, rest = _named_last(rest)
    if org is None and rest:
        org = _of(rest, known)
    is_private = head.low in known.nouns["private"] or head.low in known.nouns["private_group"]
    is_public = head.low in known.nouns["role"] or head.low in known.nouns["group"]
    kind = "group" if head.letter == "G" and not name else "person"
    if name and head.low in known.nouns["media_heads"]:
        kind = "organisation"  # "state media X"
    if is_private and not is_public:
        org = None  # "X's brother": no name of a private person is kept
    if head.low in known.nouns["anonymous"]:
        kind = "person" if name else "anonymous"
    marks = known.nouns["media_heads"] | known.nouns.get("media_marks", frozenset())
    media = kind == "group" and any(each.low in marks for each in phrase)
    if head.low in known.grammar.get("courtesy", ()) and name:
        role_words = ""
    return {"kind": kind, "name": name, "role": role_words or None, "org": org, "head": head.low,
            "media": media, "is_private": is_private and not (is_public and name)}  # fmt: skip


def _named_last(rest: list[Word]) -> tuple[str | None, list[Word]]:
    """Return the name at the end of "(secretary) of state X Y", and what stands before it."""
    size = 0
    while size < len(rest) and rest[-1 - size].letter in "Np":
        size += 1
    before = rest[: len(rest) - size]
    is_office = len(before) > 1 and before[-1].letter in "OWHGj"
    if is_office and size > 1:
        return join(rest[len(rest) - size :]), before
    if not is_office and size > 2 and len(before) == 1:  # noqa: PLR2004 - a town, then two names
        return join(rest[-2:]), rest[:-2]
    return None, rest


def _split(before: list[Word], known: Speech) -> tuple[str | None, list[Word]]:
    """Return the organisation and the rest of a title from the words before its head."""
    cut = max(
        (n + 1 for n, each in enumerate(before)
         if (each.letter in "OKW" and each.low not in known.grammar["title_only"]) or each.owns),
        default=0,
    )  # fmt: skip
    if cut:
        owner = before[:cut]
        role = before[cut:]
        if len(owner) == 1 and owner[0].letter in "Mm":
            return _nation_or_seat(owner[0], known), role
        return join(each for each in owner if each.letter != "D"), role
    at = next((n for n, each in enumerate(before) if each.letter != "j"), len(before))
    if at < len(before) and before[at].letter in "mM":  # "senior (nation) official"
        return _nation_or_seat(before[at], known), [*before[:at], *before[at + 1 :]]
    names = 0
    while names < len(before) and before[names].letter in "Np":
        if before[names].low in known.nouns["role_modifier"]:
            break
        names += 1
    return (join(before[:names]) or None), before[names:]


def _nation_or_seat(word: Word, known: Speech) -> str:
    """A seat before an office is the town (its mayor); a nation or adjective is the country."""
    return known.countries.get(word.low) or known.adjectives.get(word.low) or word.plain


def _of(rest: list[Word], known: Speech) -> str | None:
    """Return the organisation or place that an office is of, from the words after it."""
    best: list[Word] = []
    run: list[Word] = []
    for word in [*rest, None]:
        if (
            word is not None
            and word.letter in "NMKOHGmjp#Wo"
            and not (word.letter == "o" and not run)
        ):
            run.append(word)
            continue
        if any(each.letter in "NMKOHGW" for each in run) and not best:
            best = run
        run = []
    places = known.grammar["place_heads"]
    cut = next((n for n, each in enumerate(best) if each.letter == "o"), len(best))
    if cut < len(best) - 1 and any(each.low in places for each in best[:cut]):
        best = best[cut + 1 :]  # "the southern town of X" is X
    if any(each.letter in "OKHGW" for each in best):
        return join(each for each in best if each.letter != "D")
    named = [each for each in best if each.letter in "NMKp"]
    if len(named) == 1:
        return known.countries.get(named[0].low) or named[0].plain
    return join(named) or None


def body(
    phrase: list[Word], at: int, after: list[Word], rest: list[Word], known: Speech
) -> dict[str, Any]:
    """Read an organisation, or the paper in which it speaks."""
    head = phrase[at]
    marks = known.nouns["media"] | known.nouns.get("media_marks", frozenset())
    media = head.low in known.nouns["media_heads"] or any(
        each.low in marks for each in phrase if each is not head or each.letter == "K"
    )
    nation = next((known.nation(each.low) for each in phrase[:at] if each.letter in "mM"), None)
    if head.letter == "W":
        org, role = _split(phrase[:at], known)
        return {"kind": "organisation", "name": None, "role": join([*role, head]),
                "org": org or _of(rest, known), "head": head.low, "media": media}  # fmt: skip
    if after and after[-1].letter in "NKM":
        name = join(each for each in after if each.letter in "NKMp")
        role = [each for each in phrase[: at + 1] if each.letter != "D"]
        return {"kind": "organisation", "name": name, "role": join(role), "org": name,
                "head": head.low, "media": media}  # fmt: skip
    own = [each for each in phrase[: at + 1] if each.letter != "D"]
    while len(own) > 1 and (own[0].letter == "m" or (own[0].letter == "M" and own[0].owns)):
        own = own[1:]
    if head.low in known.grammar["state_bodies"] and len(own) > 1 and own[0].letter == "M":
        own = own[1:]
    inner = [each for each in own[:-1] if each.letter in "NK"]
    if media and inner and not any(each.owns for each in own):
        name = join(inner)
        role = [each for each in own if each not in inner and each.letter != "p"]
        return {"kind": "organisation", "name": name, "role": join(role), "org": name,
                "head": head.low, "media": True}  # fmt: skip
    if rest and rest[0].letter == "o" and own[-1].letter in "ON":
        own = [*own, *_until_place(rest)]
    if nation is None:
        nation = next((known.nation(each.low) for each in rest if each.letter == "M"), None)
    name = join(own)
    role_word = head.text if head.low in known.grammar.get("state_bodies", ()) else None
    org = nation if role_word and nation else name
    return {"kind": "organisation", "name": name, "role": role_word, "org": org,
            "head": head.low, "media": media}  # fmt: skip


def _until_place(rest: list[Word]) -> Iterable[Word]:
    for word in rest:
        if word.letter == "i":
            return
        yield word
