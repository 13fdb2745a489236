"""Those who speak: the words of a sentence by what they can be in a name, and what a name says.

Each word gets one letter (``H`` an office, ``O`` an organisation, ``N`` a name, ``V`` a saying
...), so that the grammar of ``attribution`` is a pattern over a short string. All words come from
the lexicon ``speech`` of the document's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tocsin.reader.claim import Speaker
from tocsin.reader.document import Document, Sentence, Token
from tocsin.reader.lexicon import FALLBACK, lexicon

_MARKS = {",": ",", ";": ";", ":": ":", "-": "-", "\u2013": "-", "\u2014": "-", "--": "-"}
_PARENTHESIS = 12
_LONGEST_NAME = 4
_AGE = re.compile(r"\d{1,3}$")
_INSTALLED = re.compile(
    r"-(?:led|backed|based|born|installed|appointed|run|owned|controlled|held)$"
)


def _words(value: Any) -> frozenset[str]:
    """Return the words of an entry: a string of words, or a list of entries with endings."""
    if isinstance(value, str):
        return frozenset(value.split())
    return frozenset(each for entry in value for each in _forms(entry))


def _forms(entry: str) -> list[str]:
    """Return every spelling of an entry: "call//s/ed on" is call on, calls on, called on."""
    spelled = [""]
    for word in entry.split(" "):
        stem, *endings = word.split("/")
        spelled = [
            f"{before} {stem}{ending}".lstrip() for before in spelled for ending in endings or [""]
        ]
    return spelled


class Speech:
    """The lexicon ``speech`` of one language, ready to be asked."""

    def __init__(self, table: dict[str, Any]) -> None:
        """Expand the table once."""
        verbs, nouns, grammar = table["verbs"], table["nouns"], table["grammar"]
        names, hedges = table.get("names", {}), table.get("hedges", {})
        self.verbs = {group: _words(value) for group, value in verbs.items()}
        self.hedges = {group: _words(value) for group, value in hedges.items()}
        self.nouns = {group: _words(value) for group, value in nouns.items()}
        self.grammar = {group: _words(value) for group, value in grammar.items()}
        self.names = {group: _words(value) for group, value in names.items()}
        self.sayings = frozenset().union(
            *(self.verbs.get(each, ()) for each in ("clause", "person", "object", "thought")),
            *(self.verbs.get(each, ()) for each in ("quote", "shows", "with_particle", "plan")),
            *(self.verbs.get(each, ()) for each in ("count", "call")),
        )
        self.inverts = bool(self.grammar.get("inverts"))
        self.singular = self.grammar["pronoun_he"] | self.grammar["pronoun_she"]
        self.owners = frozenset().union(
            *(value for name, value in self.grammar.items() if name in _OWNERS)
        )
        self.head_first = bool(self.grammar.get("head_first"))
        self.genitive: dict[str, list[list[str]]] = table.get("genitive", {})
        self.place_ends = tuple(self.grammar.get("place_ends", ()))
        self.bases: dict[str, str] = {}
        if self.genitive:  # nouns have cases: the first form of an entry is what a thing is called
            for value in nouns.values():
                for entry in value if isinstance(value, list) else ():
                    first, *others = _forms(entry)
                    self.bases.update((each, first) for each in others)
        self.adjectives: dict[str, str] = {}
        self.countries: dict[str, str] = {}
        self.seats: dict[str, str] = {}
        for nation, others in table.get("nations", {}).items():
            self.countries[nation.casefold()] = nation
            self.adjectives.update((each.casefold(), nation) for each in others)
        for nation, others in table.get("seats", {}).items():
            self.seats.update((each.casefold(), nation) for each in others)
        self.folded = {
            tuple(name.split())
            for name in (*self.countries, *self.adjectives, *self.seats, *self.sayings)
            if " " in name
        }
        self.bodies = frozenset(nouns.get("phrases", ()))
        self.media = frozenset(nouns.get("media_phrases", ()))
        self.bodies |= self.media
        self.folded |= {tuple(each.split()) for each in self.bodies}
        self.heads = {first for first, *_ in self.folded}
        self.letters: dict[str, str] = {}
        for letter, groups in _LETTERS:
            for group in groups:
                for word in self.nouns.get(group) or self.grammar.get(group) or ():
                    self.letters.setdefault(word, letter)

    def nation(self, low: str) -> str | None:
        """Return the country that a word names, or whose government sits there."""
        return self.countries.get(low) or self.seats.get(low) or self.adjectives.get(low)


_OWNERS = {"according_he", "according_she", "according_they"}
_LETTERS = (
    ("T", ("that",)), ("w", ("relative",)), ("c", ("coordinator",)), ("k", ("contrast",)),
    ("R", ("pronoun_he", "pronoun_she", "pronoun_it", "pronoun_they", "pronoun_other")),
    ("X", ("auxiliary_have",)), ("B", ("auxiliary_be",)), ("L", ("modal",)),
    ("n", ("negation",)), ("D", ("determiner",)), ("o", ("of",)), ("b", ("conjunction",)),
    ("h", ("there",)), ("i", ("preposition",)), ("y", ("preposition_other",)), ("G", ("group", "private_group")), ("W", ("document",)),
    ("O", ("organisation",)), ("H", ("role", "private", "anonymous")), ("a", ("adverb",)),
    ("j", ("adjective",)), ("p", ("particle",)),
)  # fmt: skip


@cache
def speech(language: str) -> Speech:
    """Return the words of that language, English where it has none."""
    return Speech(lexicon(language, "speech") or lexicon(FALLBACK, "speech"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word, or several that are one ("New Zealand"), and its letter."""

    start: int
    end: int
    text: str
    low: str
    letter: str
    owns: bool = False
    """It ends in a possessive ``'s``."""

    @property
    def plain(self) -> str:
        """The word without its possessive ending."""
        return self.text[:-2] if self.owns and self.text[-2:-1] in "'\u2019\u02bc" else self.text


def words(document: Document, sentence: Sentence, known: Speech) -> list[Word]:
    """Return the words of a sentence with their letters; short asides in brackets left out."""
    tokens = _without_asides(sentence.tokens)
    quoted = iter(sentence.quoted)
    low, high = next(quoted, (-1, -1))
    found: list[Word] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        while low >= 0 and token.start >= high:
            low, high = next(quoted, (-1, -1))
        if 0 <= low <= token.start < high:
            if token.start == low:
                named = _quoted_name(tokens, index, high)
                if named:
                    found.extend(_word(each, "N") for each in named)
                    index += len(named) + 2
                    continue
            edge = not token.is_word and (token.start == low or token.end == high)
            found.append(_word(token, '"' if edge else "q"))
            index += 1
            continue
        size = _folded(tokens, index, known)
        if size > 1:
            last = tokens[index + size - 1]
            text = document.text[token.start : last.end]
            folded = " ".join(_owner(each)[0] for each in tokens[index : index + size])
            letter = "V" if folded in known.sayings else _nation_letter(folded, known) or "K"
            found.append(Word(token.start, last.end, text, folded, letter, _owner(last)[1]))
        elif _is_plural_owner(tokens, index):
            word = _word(token, _letter(token, known, not found))
            found.append(replace(word, owns=True))
            size = 2
        elif _is_abbreviation(tokens, index, known):
            stop = tokens[index + 1]
            text = document.text[token.start : stop.end]
            letter = _letter(token, known, not found)
            found.append(Word(token.start, stop.end, text, token.lower, letter))
            size = 2
        elif token.is_word and index + 2 < len(tokens) and _glued(tokens, index):
            last = tokens[index + 2]
            text = document.text[token.start : last.end]
            letter = "#" if tokens[index + 1].text == ":" else "N"
            found.append(Word(token.start, last.end, text, text.casefold(), letter))
            size = 3
        else:
            size = 1
            found.append(_word(token, _letter(token, known, not found)))
        index += size
    for at in range(1, len(found) - 1):  # "peacekeeping force": no verb where a name goes on
        word = found[at]
        attributive = found[at - 1].letter in "DmMNKjO" and found[at + 1].letter in "OHG"
        if word.letter == "e" and word.low.endswith("ing") and attributive:
            found[at] = replace(word, letter="j")
    return found


def _quoted_name(tokens: list[Token], index: int, end: int) -> list[Token]:
    """Return the words of a name in quotation marks: a company, a brigade; else nothing."""
    inside: list[Token] = []
    for token in tokens[index + 1 : index + 2 + _LONGEST_NAME]:
        if token.end >= end:
            return inside if not token.is_word else []
        if not token.is_word or not (token.is_capital or token.text.isdigit()):
            return []
        inside.append(token)
    return []


def _without_asides(tokens: tuple[Token, ...]) -> list[Token]:
    kept: list[Token] = []
    opened = -1
    for token in tokens:
        if token.text in "([":
            opened = len(kept)
        kept.append(token)
        if token.text in ")]" and opened >= 0:
            if len(kept) - opened <= _PARENTHESIS:
                del kept[opened:]
            opened = -1
    return kept


def _owner(token: Token) -> tuple[str, bool]:
    if token.lower.endswith("'s"):
        return token.lower[:-2], True
    return token.lower, False


def _word(token: Token, letter: str) -> Word:
    low, owns = _owner(token)
    return Word(token.start, token.end, token.text, low, letter, owns)


def _folded(tokens: list[Token], index: int, known: Speech) -> int:
    """Return how many tokens from here are one name or one verb."""
    if _owner(tokens[index])[0] not in known.heads:
        return 1
    for size in (4, 3, 2):
        run = tuple(_owner(each)[0] for each in tokens[index : index + size])
        if len(run) == size and run in known.folded:
            is_name = " ".join(run) not in known.sayings
            if not is_name or tokens[index].is_capital:
                return size
    return 1


def _is_plural_owner(tokens: list[Token], index: int) -> bool:
    """Say whether a word with a bare apostrophe stands here: "Adams' office"."""
    if index + 2 >= len(tokens) or tokens[index + 1].text not in {"'", "\u2019"}:
        return False
    token, mark, after = tokens[index : index + 3]
    return (
        token.is_word and token.lower.endswith("s") and token.end == mark.start
        and after.is_word and after.start > mark.end
    )  # fmt: skip


def _is_abbreviation(tokens: list[Token], index: int, known: Speech) -> bool:
    """Say whether a title's short form and its stop stand here, or an initial."""
    if index + 2 >= len(tokens) or tokens[index + 1].text != ".":
        return False
    token, stop = tokens[index], tokens[index + 1]
    if token.end != stop.start or not token.is_capital:
        return False
    return token.lower in known.grammar["abbreviation"] or len(token.text) == 1


def _glued(tokens: list[Token], index: int) -> bool:
    """Say whether a mark stands between two words without spaces, as in a channel's name."""
    first, mark, last = tokens[index : index + 3]
    is_clock = mark.text == ":" and first.text.isdigit() and last.text.isdigit()
    if (mark.text not in "+/&" and not is_clock) or not last.is_word:
        return False
    return first.end == mark.start and mark.end == last.start


def _nation_letter(low: str, known: Speech) -> str | None:
    if low in known.countries or low in known.seats:
        return "M"
    return "m" if low in known.adjectives else None


def _letter(token: Token, known: Speech, is_first: bool) -> str:  # noqa: PLR0911 - one table
    if not token.is_word:
        return _MARKS.get(token.text, ".")
    low, _ = _owner(token)
    capital = any(each.isupper() for each in token.text[:5])
    inner = capital and not is_first
    if inner or (capital and low not in known.letters):
        if low in known.grammar["time"]:
            return "t"
        nation = _nation_letter(low, known)
        if nation and (low != "us" or token.text.isupper()):
            return nation
    if capital and _is_known(token, low, known):
        return "K"
    if _INSTALLED.search(low) or low.startswith(("pro-", "anti-")):
        return "j"
    if low.endswith("n't"):
        return "n"
    if low in known.sayings and not inner:
        return "V"
    if not inner and (low in known.verbs["participle"] or low in known.grammar["starts_cue"]):
        return "g"
    if inner and low in known.nouns.get("firm", ()):
        return "O"
    letter = known.letters.get(low)
    if letter == "W" and inner and low in known.nouns["organisation"]:
        letter = "O"
    if letter and (not inner or letter in "HGOWDRjp" or token.text.islower()):
        return letter
    if _AGE.match(low) or low[:1].isdigit():
        return "#"
    if capital:
        return "N"
    if low in known.grammar["time"] and low != "may":
        return "t"
    if known.letters and low.endswith(("ed", "ing")) and len(low) > 4:  # noqa: PLR2004
        return "e"
    return "j"


def _is_known(token: Token, low: str, known: Speech) -> bool:
    if low not in known.nouns["known"] and low not in known.nouns["media"]:
        return False
    return token.text[:2].isupper() or low not in known.letters


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


def letters(run: Iterable[Word]) -> str:
    """Return the letters of a run of words."""
    return "".join(each.letter for each in run)


def party(document: Document, run: list[Word], known: Speech) -> Party | None:
    """Read a noun phrase as one who speaks; None where it cannot be one."""
    span = document.span(run[0].start, run[-1].end)
    if len(run) == 1 and (run[0].letter == "R" or run[0].low in known.owners):
        return _pronoun(run[0], known, span)
    determiner = run[0].low if run[0].letter == "D" else None
    body = run
    while body and body[0].letter in "D#":
        body = body[1:]
    if not body or body[0].letter in "oi":
        return None
    cut = next((at for at, each in enumerate(body) if each.letter in "oi"), len(body))
    phrase, rest = body[:cut], body[cut:]
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
        fields = _office(phrase, at, after, rest, known)
    else:
        fields = _body(phrase, at, after, rest, known)
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
        name = _join(own)
        if own[0] is head:
            name = " ".join([_base(head, known), *(each.text for each in own[1:])])
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
    org = _join(inner) or None
    if len(inner) == 1 and inner[0].letter in "Mm":
        org = known.nation(inner[0].low)
    role = _join([each for each in phrase[: at + 1] if each.letter != "D"])
    if at == 0:
        role = _base(head, known)
    return {"kind": kind, "name": _join(names) or None, "role": role, "org": org,
            "head": head.low, "media": False, "is_private": private}  # fmt: skip


def _base(word: Word, known: Speech) -> str:
    """Return a noun as it is called, with the capital it has in the text."""
    base = known.bases.get(word.low, word.text)
    return base[:1].upper() + base[1:] if word.text[:1].isupper() and word.low != base else base


def nominative(name: str, known: Speech) -> str:
    """Return a name that stands in the genitive as it is called; unknown endings stay."""
    first, *others = name.split(" ")
    is_female = any(first.endswith(each) for each, _ in known.genitive.get("feminine_first", ()))
    gender = "feminine" if is_female else "masculine"
    parts = [_ending(first, known.genitive.get(f"{gender}_first", ()))] if others else []
    for each in others or [first]:
        parts.append(_ending(each, known.genitive.get(f"{gender}_last", ())))
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


def _join(run: Iterable[Word]) -> str:
    """Return the words with single spaces, the last one without its possessive."""
    parts = list(run)
    return " ".join([each.text for each in parts[:-1]] + [parts[-1].plain]) if parts else ""


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
    named = [each for each in phrase if each.letter in "NKMp"]
    if not named or last.letter not in "NKM":
        return {}
    media = last.low in known.nouns["media"] or last.low in known.media
    is_short = any(len(each.plain) > 2 and each.plain.isupper() for each in named)  # noqa: PLR2004
    is_short = is_short or len(last.plain.replace(".", "")) > 1 and last.plain.isupper()
    if last.letter == "K" or determiner == "the" or is_short:
        name = _base(named[0], known) if len(named) == 1 and known.bases else _join(named)
        return {"kind": "organisation", "name": name, "role": None, "org": name, "head": last.low,
                "media": media}  # fmt: skip
    if any(each.letter == "o" for each in rest):
        named = [*named, *rest]
    return {"kind": "person", "name": _join(named), "role": None, "org": None, "head": last.low}


def _office(
    phrase: list[Word], at: int, after: list[Word], rest: list[Word], known: Speech
) -> dict[str, Any]:
    """Read an office or trade, with or without the name of its holder."""
    head = phrase[at]
    before = phrase[:at]
    name = _join(each for each in after if each.letter in "NMKpm") or None
    org, role = _split(before, known)
    role_words = _join([*role, head])
    if name is None and rest and head.letter == "H":
        name, rest = _named_last(rest)
    if org is None and rest:
        org = _of(rest, known)
    is_private = head.low in known.nouns["private"] or head.low in known.nouns["private_group"]
    is_public = head.low in known.nouns["role"] or head.low in known.nouns["group"]
    kind = "group" if head.letter == "G" and not name else "person"
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
        return _join(rest[len(rest) - size :]), before
    if not is_office and size > 2 and len(before) == 1:  # noqa: PLR2004 - a town, then two names
        return _join(rest[-2:]), rest[:-2]
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
        return _join(each for each in owner if each.letter != "D"), role
    if before and before[0].letter in "mM":
        return _nation_or_seat(before[0], known), before[1:]
    names = 0
    while names < len(before) and before[names].letter in "Np":
        if before[names].low in known.nouns["role_modifier"]:
            break
        names += 1
    return (_join(before[:names]) or None), before[names:]


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
    if any(each.letter in "OKHGW" for each in best):
        return _join(each for each in best if each.letter != "D")
    named = [each for each in best if each.letter in "NMKp"]
    if len(named) == 1:
        return known.countries.get(named[0].low) or named[0].plain
    return _join(named) or None


def _body(
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
        return {"kind": "organisation", "name": None, "role": _join([*role, head]),
                "org": org or _of(rest, known), "head": head.low, "media": media}  # fmt: skip
    if after and after[-1].letter in "NKM":
        name = _join(each for each in after if each.letter in "NKMp")
        role = [each for each in phrase[: at + 1] if each.letter != "D"]
        return {"kind": "organisation", "name": name, "role": _join(role), "org": name,
                "head": head.low, "media": media}  # fmt: skip
    own = [each for each in phrase[: at + 1] if each.letter != "D"]
    while len(own) > 1 and (own[0].letter == "m" or (own[0].letter == "M" and own[0].owns)):
        own = own[1:]
    if head.low in known.grammar["state_bodies"] and len(own) > 1 and own[0].letter == "M":
        own = own[1:]
    inner = [each for each in own[:-1] if each.letter in "NK"]
    if media and inner and not any(each.owns for each in own):
        name = _join(inner)
        role = [each for each in own if each not in inner and each.letter != "p"]
        return {"kind": "organisation", "name": name, "role": _join(role), "org": name,
                "head": head.low, "media": True}  # fmt: skip
    if rest and rest[0].letter == "o" and own[-1].letter in "ON":
        own = [*own, *_until_place(rest)]
    if nation is None:
        nation = next((known.nation(each.low) for each in rest if each.letter == "M"), None)
    name = _join(own)
    role_word = head.text if head.low in known.grammar.get("state_bodies", ()) else None
    org = nation if role_word and nation else name
    return {"kind": "organisation", "name": name, "role": role_word, "org": org,
            "head": head.low, "media": media}  # fmt: skip


def _until_place(rest: list[Word]) -> Iterable[Word]:
    for word in rest:
        if word.letter == "i":
            return
        yield word
