"""The words of a sentence by what they can be in "who says what", one letter each.

``H`` is an office, ``O`` an organisation, ``N`` a name, ``V`` a saying and so on, so that the
grammar of ``attribution`` is a pattern over a short string. All words come from the lexicon
``speech`` of the document's language.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from tocsin.reader.document import Document, Sentence, Token
from tocsin.reader.lexicon import FALLBACK, lexicon

_MARKS = {",": ",", ";": ";", ":": ":", "-": "-", "\u2013": "-", "\u2014": "-", "--": "-"}
_PARENTHESIS = 12
_CODE = frozenset("=|!<>{}\\^")
_LONGEST_NAME = 4
_INSTALLED = re.compile(
    r"-(?:led|backed|based|born|installed|appointed|run|owned|controlled|held)$"
)
_OWNERS = {"according_he", "according_she", "according_they"}
_LETTERS = (
    ("T", ("that",)), ("w", ("relative",)), ("c", ("coordinator",)), ("k", ("contrast",)),
    ("R", ("pronoun_he", "pronoun_she", "pronoun_it", "pronoun_they", "pronoun_other")),
    ("X", ("auxiliary_have",)), ("B", ("auxiliary_be",)), ("L", ("modal",)),
    ("n", ("negation",)), ("D", ("determiner",)), ("o", ("of",)), ("b", ("conjunction",)),
    ("h", ("there",)), ("i", ("preposition",)), ("y", ("preposition_other",)),
    ("G", ("group", "private_group")), ("W", ("document",)),
    ("O", ("organisation",)), ("H", ("role", "private", "anonymous")), ("a", ("adverb",)),
    ("j", ("adjective",)), ("p", ("particle",)),
)  # fmt: skip


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
            *(self.verbs.get(each, ()) for each in ("count", "call", "open")),
        )
        self.inverts = bool(self.grammar.get("inverts"))
        self.singular = self.grammar["pronoun_he"] | self.grammar["pronoun_she"]
        self.owners = frozenset().union(
            *(value for name, value in self.grammar.items() if name in _OWNERS)
        )
        self.head_first = bool(self.grammar.get("head_first"))
        self.genitive: dict[str, list[list[str]]] = table.get("genitive", {})
        self.person_ends = tuple(self.grammar.get("person_ends", ()))
        self.persons_ends = tuple(self.grammar.get("persons_ends", ()))
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
        self.bodies = self.nouns.get("phrases", frozenset())
        self.media = self.nouns.get("media_phrases", frozenset())
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


@cache
def speech(language: str) -> Speech:
    """Return the words of that language, English where it has none."""
    return Speech(lexicon(language, "speech") or lexicon(FALLBACK, "speech"))


@dataclass(frozen=True, slots=True)
class Word:
    """A word with its letter; the words of one name or verb are one."""

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


def letters(run: Iterable[Word]) -> str:
    """Return the letters of a run of words."""
    return "".join(each.letter for each in run)


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
            word = _word(token, _letter(token, known, is_first=not found))
            found.append(replace(word, owns=True))
            size = 2
        elif _is_abbreviation(tokens, index, known):
            stop = tokens[index + 1]
            text = document.text[token.start : stop.end]
            letter = _letter(token, known, is_first=not found)
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
            letter = "." if _is_code(tokens, index) else _letter(token, known, is_first=not found)
            found.append(_word(token, letter))
        index += size
    return _settled(found, known)


def _settled(found: list[Word], known: Speech) -> list[Word]:
    """Put letters right by what stands beside them."""
    for at in range(len(found) - 1):
        word, after = found[at], found[at + 1].letter
        before = found[at - 1].letter if at else ""
        is_month = word.letter == "t" and word.text[0].isupper()
        if word.text == "&" and before and before in "NO" and after in "NO":
            found[at] = replace(word, letter="p")  # inside a name
        elif is_month and after == "N" and before not in set("i#t"):
            found[at] = replace(word, letter="N")  # a month that is a first name
        elif word.letter == "e" and word.low.endswith("ing") and before and before in "DmMNKjO":
            if after in "OHG":  # "peacekeeping force": no verb where a name goes on
                found[at] = replace(word, letter="j")
        elif word.letter == "j" and (after == "V" or (after in "aX" and _is_verb(found, at + 2))):
            # Whoever the lexicon forgot: "peacekeepers said", "the climber said".
            if word.low.endswith(known.person_ends):
                found[at] = replace(word, letter="G" if word.low.endswith("s") else "H")
            elif word.low.endswith(known.persons_ends):
                found[at] = replace(word, letter="G")
    return found


def _is_verb(found: list[Word], at: int) -> bool:
    return at < len(found) and found[at].letter == "V"


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


def _is_code(tokens: list[Token], index: int) -> bool:
    """Say whether a word touches a mark of formulas: "=A1", "sheet!A1"; nobody is called so."""
    before = tokens[index - 1] if index else None
    return (
        before is not None
        and before.text in _CODE
        and before.end == tokens[index].start
        and tokens[index].is_word
    )


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


def _letter(  # noqa: C901, PLR0911, PLR0912 - one table
    token: Token, known: Speech, *, is_first: bool
) -> str:
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
    is_body = low in known.nouns["organisation"] or low in known.grammar["proper_bodies"]
    if letter and letter in "WG" and inner and is_body:
        letter = "O"
    if letter and (not inner or letter in "HGOWDRjp" or token.text.islower()):
        return letter
    if low.isdigit() or low[:1].isdigit():
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
