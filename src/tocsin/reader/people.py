"""Those who speak or are named: a noun phrase becomes a name, an office, an organisation.

Pronouns and "the ministry" are read here too, but whom they mean is found by ``introduced``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tocsin.reader.claim import Speaker
from tocsin.reader.document import Document
from tocsin.reader.speech import Speech, Word, letters
from tocsin.reader.titles import base, body, join, office


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One who speaks, or is named, as the words say it; pronouns are not yet resolved."""

    speaker: Speaker
    head: str
    """The word that says what it is: ``minister``, ``ministry``, ``he``, a surname."""
    is_definite: bool = False
    """"The minister", "the ministry", a surname alone: somebody named before."""
    is_media: bool = False
    female: bool | None = None
    pronoun: str | None = None
    owner: str | None = None
    """``it`` or ``he`` of "its spokesman", "his office": whose it is was said before."""


def party(document: Document, run: list[Word], known: Speech) -> Party | None:
    """Read a noun phrase as one who speaks; None where it cannot be one."""
    span = document.span(run[0].start, run[-1].end)
    if len(run) == 1 and (run[0].letter == "R" or run[0].low in known.owners):
        return _pronoun(run[0], known, span)
    determiner = run[0].low if run[0].letter == "D" else None
    core = run
    while core and core[0].letter in "D#":
        core = core[1:]
    if not core or core[0].letter in "oi":
        return None
    cut = next((at for at, each in enumerate(core) if each.letter in "oi"), len(core))
    phrase, rest = core[:cut], core[cut:]
    while phrase and phrase[-1].letter == "j":
        phrase = phrase[:-1]
    if not phrase or phrase[-1].low in known.nouns["never"]:
        return None
    at = max((n for n, each in enumerate(phrase) if each.letter in "HGOW"), default=-1)
    after = phrase[at + 1 :] if at >= 0 else []
    ranks = known.grammar["abbreviation"] | known.grammar["courtesy"] | known.grammar["rank"]
    while at > 0 and phrase[at].low.strip(".") in ranks and phrase[at - 1].letter == "H":
        at -= 1  # "police spokesman Lt. Col. X" is a spokesman
    fields: dict[str, Any]
    if at < 0:
        fields = _bare(phrase, rest, determiner, known)
    elif known.head_first:
        fields = _head_first(phrase, known)
    elif phrase[at].letter in "HG":
        fields = office(phrase, at, after, rest, known)
    else:
        fields = body(phrase, at, after, rest, known)
    if not fields:
        return None
    head, is_media = str(fields.pop("head")), bool(fields.pop("media", False))
    first = (fields.get("name") or "").casefold().split(" ")[0]
    simple = not rest and not after and at >= 0 and letters(phrase[:at]).strip("j") == ""
    if determiner in {"a", "an", "one", "another"} and not fields.get("name") and not fields["org"]:
        fields["kind"] = "anonymous" if fields["kind"] == "person" else fields["kind"]
    return Party(
        speaker=Speaker(span=span, **fields),
        head=head,
        is_media=is_media,
        is_definite=simple and determiner in known.grammar.get("definite", {"the", "this"}),
        female=_gender(head, first, known),
        owner=_owner_of(determiner, known),
    )


def _head_first(phrase: list[Word], known: Speech) -> dict[str, Any]:
    """Read a title before what it is of, as in "head of the council X Y" without an "of"."""
    at = next(n for n, each in enumerate(phrase) if each.letter in "HGOW")
    head, tail = phrase[at], phrase[at + 1 :]
    if head.letter in "OW":
        own = [each for each in phrase if each.letter != "D"]
        name = join(own)
        if own[0] is head:
            name = " ".join([base(head, known), *(each.text for each in own[1:])])
        media = any(each.low in known.nouns["media"] for each in phrase)
        media = media or head.low in known.nouns["media_heads"]
        return {"kind": "organisation", "name": name, "role": None, "org": name,
                "head": head.low, "media": media}  # fmt: skip
    size = 0
    while size < len(tail) and tail[-1 - size].letter in "Np":
        size += 1
    names, inner = tail[len(tail) - size :], tail[: len(tail) - size]
    if not any(each.letter in "OKM" for each in inner):
        if size > 2:  # noqa: PLR2004 - the town, then first and last name
            inner, names = [*inner, *names[:-2]], names[-2:]
        elif size == 1 and names[0].low.endswith(known.place_ends):
            inner, names = [*inner, *names], []
    private = head.low in known.nouns["private"] or head.low in known.nouns["private_group"]
    kind = "group" if head.letter == "G" and not names else "person"
    if head.low in known.nouns["anonymous"] and not names:
        kind = "anonymous"
    org = join(inner) or None
    if len(inner) == 1 and inner[0].letter in "Mm":
        org = known.nation(inner[0].low)
    role = join([each for each in phrase[: at + 1] if each.letter != "D"])
    if at == 0:
        role = base(head, known)
    return {"kind": kind, "name": join(names) or None, "role": role, "org": org,
            "head": head.low, "media": False, "is_private": private}  # fmt: skip


def nominative(name: str, known: Speech) -> str:
    """Return a name that stands in the genitive as it is called; unknown endings stay."""
    first, *others = name.split(" ")
    is_female = any(first.endswith(each) for each, _ in known.genitive.get("feminine_first", ()))
    gender = "feminine" if is_female else "masculine"
    parts = [_ending(first, known.genitive.get(f"{gender}_first", ()))] if others else []
    table = known.genitive.get(f"{gender}_last", ())
    parts.extend(_ending(each, table) for each in others or [first])
    return " ".join(parts)


def _ending(word: str, table: Iterable[Sequence[str]]) -> str:
    for old, new in table:
        if word.endswith(old):
            return word[: len(word) - len(old)] + new
    return word


def _owner_of(determiner: str | None, known: Speech) -> str | None:
    if determiner in known.grammar.get("owned_by_body", ()):
        return "it"
    return "he" if determiner in known.grammar.get("owned_by_person", ()) else None


def _pronoun(word: Word, known: Speech, span: Any) -> Party | None:
    for group, kind, female in (
        ("pronoun_he", "person", False),
        ("pronoun_she", "person", True),
        ("pronoun_it", "organisation", None),
        ("pronoun_they", "group", None),
    ):
        own = known.grammar.get(group.replace("pronoun", "according"), frozenset())
        if word.low in known.grammar[group] or word.low in own:
            speaker = Speaker(kind=kind, span=span)  # type: ignore[arg-type]
            return Party(speaker=speaker, head=word.low, female=female, pronoun=group[8:])
    return None


def _gender(head: str, first: str, known: Speech) -> bool | None:
    if head in known.names.get("female_words", ()):
        return True
    if head in known.names.get("male_words", ()):
        return False
    if first in known.names.get("female", ()):
        return True
    return False if first in known.names.get("male", ()) else None


def _bare(
    phrase: list[Word], rest: list[Word], determiner: str | None, known: Speech
) -> dict[str, Any]:
    """Read names without an office: a person, a nation's government, a known organisation."""
    last = phrase[-1]
    if last.letter == "M" and all(each.letter in "Mmj" for each in phrase):
        nation = known.nation(last.low)
        return {
            "kind": "organisation",
            "name": nation,
            "role": None,
            "org": nation,
            "head": last.low,
        }
    named = [each for each in phrase if each.letter in "NKMp" or each.text[:1].isupper()]
    if not named or last.letter not in "NKM":
        return {}
    media = last.low in known.nouns["media"] or last.low in known.media
    is_short = any(len(each.plain) > 2 and each.plain.isupper() for each in named)  # noqa: PLR2004
    is_short = is_short or (len(last.plain.replace(".", "")) > 1 and last.plain.isupper())
    firsts = known.names.get("female", frozenset()) | known.names.get("male", frozenset())
    if last.letter == "M" and len(named) > 1 and named[0].low not in firsts:
        is_short = True  # a company with a nation in its name
    if last.letter == "K" or determiner == "the" or is_short:
        name = base(named[0], known) if len(named) == 1 and known.bases else join(named)
        return {"kind": "organisation", "name": name, "role": None, "org": name, "head": last.low,
                "media": media}  # fmt: skip
    if any(each.letter == "o" for each in rest):
        named = [*named, *rest]
    return {"kind": "person", "name": join(named), "role": None, "org": None, "head": last.low}
